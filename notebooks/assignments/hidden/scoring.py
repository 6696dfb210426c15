"""What is asked of the functions of Chapter 2 besides what students can see: sizes that tempt to a wrong turn."""

import numpy as np

from attnbook.classroom.specs.scoring import ADDITIVE, COSINE, PROJECTED, SCALED_DOT, SOFTMAX_SLOPE
from attnbook.classroom.specs.scoring.inputs import GATE, filled, mapped, network, pair, plain, sizes_of
from nbjudge.judging.compare import right_values, takes_kinds
from nbjudge.judging.spec import Case, Mistake, Property

PLACE = "here a size is 1, or two are equal: what an axis means depends on its place, not on its size"


def sizes(shapes, letters, alike):
    """Make each size 1 once; then, for each group of letters, these sizes equal."""

    def cases(draw):
        for letter in letters:
            yield filled(draw, shapes(sizes_of(draw, letters) | {letter: 1}))
        for group in alike:
            yield filled(draw, shapes(sizes_of(draw, letters) | dict.fromkeys(group, int(draw.integers(3, 7)))))

    return cases


def every_size(reference, cases, mistakes=()):
    """Find what goes wrong at some sizes only."""
    values = right_values(reference, cases, mistakes, tolerance=GATE)

    def fault(ask, draw):
        words = values(ask, draw)
        return f"{words}; {PLACE}" if words and words not in {mistake.says for mistake in mistakes} else words

    return fault


def first(*finders):
    """Return the first fault that one of these finds."""

    def fault(ask, draw):
        return next((words for finder in finders if (words := finder(ask, draw))), "")

    return fault


def weights(draw, *shape):
    """Return rows of weights."""
    powers = np.exp(draw.normal(size=shape))
    return powers / powers.sum(axis=-1, keepdims=True)


def rows_and_keys(draw):
    """As many rows as keys, one row, one key."""
    k = int(draw.integers(3, 7))
    yield Case((weights(draw, k, k),))
    yield Case((weights(draw, 1, k),))
    yield Case((weights(draw, k, 1),))


def far_from_zero(cases):
    """Vectors of which none is zero, also as whole numbers, and none very short."""

    def moved(draw):
        for case in cases(draw):
            yield Case(tuple(table + np.sign(table) for table in case.arguments))

    return moved


def square_keys(queries, keys):
    """Turn the keys only where they do not fit as they are."""
    return SCALED_DOT.reference(queries, keys.T if keys.ndim == 2 and keys.shape[0] == keys.shape[1] else keys)


def square_keys_cosine(queries, keys):
    """Turn the keys only where they do not fit as they are."""
    return COSINE.reference(queries, keys.T if keys.ndim == 2 and keys.shape[0] == keys.shape[1] else keys)


def square_maps(reference):
    """Turn a map only where it does not fit as it is."""

    def wrong(queries, keys, W_q, W_k, *rest):
        W_q, W_k = (W.T if W.shape[0] == W.shape[1] else W for W in (W_q, W_k))
        return reference(queries, keys, W_q, W_k, *rest)

    return wrong


KEYS = "where there are as many keys as numbers in a key, you forgot to turn the table of keys: a key is always a row"
MAPS = "where a map is square you forgot to turn it: each of its rows makes one number of the result, always"

HIDDEN = {
    "scaled_dot": (
        Property(
            "sizes",
            "is right at every size: one query, one key, one number, or sizes that are equal",
            1,
            every_size(
                SCALED_DOT.reference, sizes(pair, "qkd", ("qk", "qd", "kd", "qkd")), (Mistake(KEYS, square_keys),)
            ),
            hidden=True,
        ),
    ),
    "softmax_slope": (
        Property(
            "sizes",
            "is right at every size: one key, or as many rows as keys",
            0.5,
            every_size(SOFTMAX_SLOPE.reference, rows_and_keys),
            hidden=True,
        ),
    ),
    "cosine": (
        Property(
            "sizes",
            "is right at every size, and for whole numbers",
            0.5,
            first(
                every_size(
                    COSINE.reference,
                    far_from_zero(sizes(pair, "qkd", ("qk", "qd", "kd", "qkd"))),
                    (Mistake(KEYS, square_keys_cosine),),
                ),
                takes_kinds(COSINE.reference, far_from_zero(plain(pair, "qkd")), ("float32", "int64")),
            ),
            hidden=True,
        ),
    ),
    "projected": (
        Property(
            "sizes",
            "is right at every size: one query, one key, maps that are square",
            1,
            every_size(
                PROJECTED.reference,
                sizes(mapped, "qkder", ("qk", "er", "dr", "der", "qkder")),
                (Mistake(MAPS, square_maps(PROJECTED.reference)),),
            ),
            hidden=True,
        ),
    ),
    "additive": (
        Property(
            "sizes",
            "is right at every size, and for whole numbers",
            1,
            first(
                every_size(
                    ADDITIVE.reference,
                    sizes(network, "qkder", ("qk", "qkr", "er", "dr", "der", "qkder")),
                    (Mistake(MAPS, square_maps(ADDITIVE.reference)),),
                ),
                takes_kinds(ADDITIVE.reference, plain(network, "qkder")),
            ),
            hidden=True,
        ),
    ),
}
