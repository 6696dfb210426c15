"""The second task: weights from scores, under a mask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from attnbook import core
from attnbook.classroom.specs.alignment.shared import Array, Cases, Draw, floats, some_mask, tables
from nbjudge.judging.compare import keeps_arguments, right_values, symptoms
from nbjudge.judging.difference import difference
from nbjudge.judging.spec import Ask, Case, Property, Task, mistakes

__all__ = ["WEIGHTS", "masked_weights"]


def masked_weights(scores: Array, mask: Array, temperature: float = 1.0) -> Array:
    """What the chapter calls softmax."""
    return core.softmax(floats(scores), mask=mask, temperature=temperature)


def _of(wrong: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    """Other weights, of scores divided by the temperature as they should be."""
    return lambda scores, mask, temperature=1.0: wrong(scores / temperature, mask)


def _filled(fill: float) -> Callable[..., Array]:
    return _of(lambda scores, mask: core.softmax(np.where(mask, scores, fill)))


def _sunk(scores: Array, mask: Array) -> Array:
    """Where a row lies too far below the highest score of the table, nothing is left of it."""
    share = np.where(mask, np.exp(scores - scores[mask].max()), 0)
    return share / share.sum(axis=-1, keepdims=True)


SHARES = mistakes(
    "your weights sum to 1 over the wrong axis: each row, that is each target word, shares out its own attention, so "
    "the sum runs over the last axis, with keepdims=True",
    _of(lambda scores, mask: core.softmax(scores.T, mask=mask.T).T),
    "your weights sum to 1 over the whole table: each row shares out its own attention, so the sum runs over the last "
    "axis, with keepdims=True",
    _of(lambda scores, mask: core.softmax(scores.ravel(), mask=mask.ravel()).reshape(scores.shape)),
    "you set weights to 0 after the softmax: your rows no longer sum to 1, because forbidden scores are still in the "
    "sum below the line; forbid them before the exponential",
    _of(lambda scores, mask: np.where(mask, core.softmax(scores), 0)),
    "your mask is inverted: True means that a word may be read, so −∞ belongs where the mask is False",
    _of(lambda scores, mask: core.softmax(scores, mask=~mask)),
    "you set forbidden scores to 0: zero is a score like any other, and its exponential is 1; it takes −∞",
    _filled(0.0),
    "you do not use the mask: forbidden words get weight",
    _of(lambda scores, mask: core.softmax(scores)),
    "you take the exponential, but you do not divide each row by its sum",
    _of(lambda scores, mask: np.where(mask, np.exp(scores), 0)),
    "your highest scores get the smallest weights: there is a minus sign too many",
    _of(lambda scores, mask: core.softmax(-scores, mask=mask)),
    "you raise 2 to the power of the scores: softmax takes the exponential, np.exp",
    _of(lambda scores, mask: core.softmax(scores * np.log(2), mask=mask)),
    "you give everything to the highest score of a row: softmax leaves the others a share",
    _of(lambda scores, mask: core.softmax(scores, mask=mask, temperature=1e-7)),
    "you apply the softmax twice: what comes out of it are weights already",
    _of(lambda scores, mask: core.softmax(core.softmax(scores, mask=mask), mask=mask)),
)
WARM = mistakes(
    "you multiply by the temperature: divide the scores by it, so that cold decides",
    lambda scores, mask, temperature=1.0: masked_weights(scores, mask, 1 / temperature),
    "you do not use the temperature, or it cancels out: divide the scores by it first",
    lambda scores, mask, temperature=1.0: masked_weights(scores, mask),
    "you divide the weights by the temperature: divide the scores, before the exponential",
    lambda scores, mask, temperature=1.0: masked_weights(scores, mask) / temperature,
    "you divide by the root of the temperature, or by it twice: the scores are divided by T itself, once",
    lambda scores, mask, temperature=1.0: masked_weights(scores, mask, temperature**0.5),
    lambda scores, mask, temperature=1.0: masked_weights(scores, mask, temperature**2),
)
NARROW = "e to the power of 1000 is more than a computer can hold, and e to the power of −1000 is 0: subtract"
STABLE = mistakes(
    "you forbid with a finite number such as −1e9, and scores may be lower; only −∞ (−np.inf) is lower than all",
    _filled(-1e9),
    lambda scores, mask, temperature=1.0: np.where(mask, _filled(-1e9)(scores, mask, temperature), 0),
    f"{NARROW} from each row its own highest score, not one number from the whole table",
    _of(_sunk),
)


def _unlike_one(case: Case, got: Array) -> bool:
    return not np.isfinite(got).all() or not np.allclose(got.sum(axis=-1), 1)


def _empty(case: Case) -> Array:
    return ~case.arguments[1].any(axis=-1)


SEEN = symptoms(
    "your result has NaN in it: do you multiply ∞ by 0, or add it? np.where(mask, …, −np.inf) puts it in its place",
    lambda case, got: bool(np.isnan(got).any()),
    "some of your weights are negative: divide exponentials, not scores",
    lambda _, got: bool((got < 0).any()),
    "your forbidden words get weight",
    lambda case, got: bool((got[~case.arguments[1]] != 0).any()),
    "your rows do not sum to 1: divide the exponentials of a row by their sum, which runs over the last axis",
    _unlike_one,
)
UNSTABLE = symptoms(
    f"{NARROW} each row's highest score first, which changes no difference",
    _unlike_one,
    "your weights of very high or very low scores are wrong: do you cut scores off? Subtract each row's highest "
    "score instead, which changes no difference",
)
LEAK = symptoms(
    "a forbidden score is still read: when it is very high, nothing is left for the others; set it to −∞ before you "
    "look for the highest score and before the exponential",
)
NOTHING = symptoms(
    "one row that may attend to nothing spoils the other rows of your result",
    lambda case, got: not np.isfinite(got[~_empty(case)]).all(),
    "a row that may attend to nothing comes out as NaN (−∞ − (−∞), or 0/0): such a row has weights of 0",
    lambda case, got: bool(np.isnan(got).any()),
    "a row that may attend to nothing gets weights all the same, which deals out what must not be read: such a row "
    "has weights of 0",
    lambda case, got: bool((got[_empty(case)] != 0).any()),
    "a row that may attend to nothing changes the other rows: each row is on its own",
)


def _huge(draw: Draw, scores: Array, mask: Array) -> Array:
    """Scores around 1000 and −1000, one row with both; what is forbidden is lower than the rest of its row."""
    scores = scores + draw.permutation([1000, -1000, 990, -900][: len(scores)])[:, None]
    scores[-1, np.flatnonzero(mask[-1])[0]] *= -1
    return np.where(mask, scores, np.where(mask, scores, np.inf).min(axis=-1, keepdims=True) - 1)


def _low(draw: Draw) -> Cases:
    """The same, and scores lower than what people like to write for −∞."""
    yield from tables((3, 7), (4, 6), change=_huge)(draw)
    yield Case((-2e9 + draw.integers(-2, 3, (3, 5)) / 2, some_mask(draw, 3, 5)))


def _loud(draw: Draw, scores: Array, mask: Array) -> Array:
    return np.where(mask, scores, draw.uniform(2e4, 9e4, scores.shape))


def _unlit(draw: Draw, scores: Array, mask: Array) -> Array:
    mask[draw.integers(1, len(mask))] = False
    return scores


def _warm(draw: Draw) -> Cases:
    for case, temperature in zip(tables((3, 6), (5, 4))(draw), (0.4, 3.0), strict=True):
        yield Case(case.arguments, {"temperature": temperature})


def _kept(draw: Draw) -> Cases:
    """At a temperature of 1, what divides the caller's own scores by it would not be seen."""
    yield from tables((4, 6), (5, 3), change=_unlit)(draw)
    yield from _warm(draw)


def _kinds(ask: Ask, draw: np.random.Generator) -> str:
    whole = Case((draw.integers(-3, 4, (3, 5)), some_mask(draw, 3, 5)))
    if fault := right_values(masked_weights, lambda _: [whole])(ask, draw):
        return f"with whole numbers as scores: {fault}"
    scores, mask = draw.normal(0, 1, (4, 6)).astype("float32"), some_mask(draw, 4, 6)
    got = ask(scores, mask)
    if fault := difference(got, masked_weights(scores.astype(float), mask), tolerance=1e-4):
        return f"with float32 scores: {fault}"
    if getattr(got, "dtype", None) == np.float32:
        return ""
    return "float32 scores come back as another kind of number: a float64 array joins in, perhaps from astype or zeros"


KEEPDIMS = "where you take the highest or the sum of each row, keep its axis with keepdims=True"
plain: Any = tables((3, 5), (6, 4), (4, 9))
WEIGHTS = Task(
    "masked_weights",
    "alignment",
    "Turn scores into weights under a mask.",
    masked_weights,
    (
        Property(
            "shares",
            "gives each row weights that sum to 1 and nothing to what is forbidden",
            1,
            right_values(masked_weights, plain, SHARES, symptoms=SEEN, shapes=KEEPDIMS),
        ),
        Property(
            "temperature",
            "divides the scores by the temperature",
            0.5,
            right_values(masked_weights, _warm, WARM, symptoms=SEEN),
        ),
        Property(
            "stable",
            "keeps its head with very high and very low scores",
            0.5,
            right_values(masked_weights, _low, STABLE, symptoms=UNSTABLE),
        ),
        Property(
            "silent",
            "never reads a forbidden score, however high it is above the others",
            0.5,
            right_values(masked_weights, tables((4, 6), (3, 5), change=_loud), symptoms=LEAK),
        ),
        Property(
            "empty",
            "gives zeros to a row that may attend to nothing",
            1,
            right_values(masked_weights, tables((4, 6), (5, 3), change=_unlit), symptoms=NOTHING),
        ),
        Property("keeps", "leaves scores and mask as they were", 0.5, keeps_arguments(_kept)),
        Property("kinds", "takes whole numbers, and gives float32 for float32", 0.5, _kinds),
    ),
)
