"""The tasks of Chapter 3: a lamp over the source words, weights under it, how many are read, what covering them does.

References and mistakes are built on `attnbook.core`, which has the chapter's formulas, well tested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from attnbook import core
from attnbook.core.alignment import alignment_error_rate
from nbjudge.judging.compare import Cases, right_values
from nbjudge.judging.difference import difference
from nbjudge.judging.draw import changed, each
from nbjudge.judging.rows import arguments, task, values
from nbjudge.judging.spec import Ask, Case, Mistake, Property, Task, mistakes

__all__ = ["TASKS", "UNREAD", "desks", "exact", "judged", "link_rates", "some_mask", "telling"]

Array = Any  # of NumPy
Draw = np.random.Generator
Function = Callable[..., Any]
exact = partial(values, tolerance=1e-6)  # no property of its own asks for the digits


def floats(numbers: Array) -> Array:
    """Return decimal numbers, as core wants them: whole ones become float64."""
    return numbers if numbers.dtype.kind == "f" else numbers.astype(float)


def some_mask(draw: Draw, rows: int, columns: int, least: int = 2) -> Array:
    """Draw a mask in which each row may attend to some places but not to all, and each place is allowed to some row."""
    while True:
        mask = draw.random((rows, columns)) < 0.65
        allowed = mask.sum(axis=1)
        if allowed.min() >= least and allowed.max() < columns and mask.any(axis=0).all():
            return mask


def infinite(case: Case, got: Array) -> bool:
    """Look for NaN and ∞."""
    return not np.isfinite(got).all()


# --- Task 1: which source words the lamp lights for each target word ---


def _away(lengths: Array, centres: Array) -> Array:
    """Return how far each place is from each lamp: (b, t, s), to the left as well as to the right."""
    return -core.negative_distance(floats(centres)[..., None], np.arange(lengths.max(), dtype=float)[:, None])


def _words(lengths: Array, more: int = 0) -> Array:
    """Return where there is a word and not padding: (b, 1, s)."""
    return np.arange(lengths.max()) < lengths[:, None, None] + more


def _right_of(lengths: Array, centres: Array) -> Array:
    """Return how far each place is to the right of each lamp; to the left it is negative."""
    return np.arange(lengths.max()) - centres[..., None]


def lamp_mask(lengths: Array, centres: Array, reach: float) -> Array:
    """A window is a threshold on the distance of Chapter 2."""
    return (_away(lengths, centres) <= reach) & _words(lengths)


def _near(near: Callable[[Array, Array, float], Array]) -> Function:
    """Other places are near, given the distance, how far a place is to the right, and the reach."""
    return lambda n, c, reach: near(_away(n, c), _right_of(n, c), reach) & _words(n)


def _moved(centres: Callable[[Array, Array], Array]) -> Function:
    """The lamps are elsewhere, given their places and the lengths."""
    return lambda n, c, reach: lamp_mask(n, centres(c, n[:, None]), reach)


def _lamps(draw: Draw, lengths: Sequence[int], rows: int, reach: float) -> tuple[Array, Array, float]:
    """Draw lamps that stand over words of their own sentences, the first at the beginning, some at the end."""
    sizes = np.array(lengths)
    centres = draw.integers(0, sizes[:, None], (len(sizes), rows))
    centres[:, 0], centres[:, -1] = 0, sizes - 1
    return sizes, centres, reach


def _between(draw: Draw, sizes: Array, centres: Array, reach: float) -> tuple[Array, Array, float]:
    return sizes, np.abs(centres - draw.choice([0.25, 0.5, 0.75], centres.shape)), reach


def _beyond(draw: Draw, sizes: Array, centres: Array, reach: float) -> tuple[Array, Array, float]:
    centres[[0, 2], 1:3] = sizes[[0, 2], None] + draw.integers(3, 6, (2, 2))
    return sizes, centres, reach


# Sentences of different length; the first is never the longest.
LAMPS = each(_lamps, ((13, 17, 14), 5, 6), ((6, 9), 4, 1), ((9, 11, 8, 12), 6, 2))
BETWEEN = changed(each(_lamps, ((7, 10, 8), 5, 1.5), ((6, 9), 4, 2)), _between)
BEYOND = changed(each(_lamps, ((5, 14, 6), 4, 2)), _beyond)
LIT = (
    "you light some of the padding behind the end of a shorter sentence",
    lambda case, got: bool((got & ~_words(case.arguments[0])).any()),
    "you light some words that are farther away than `reach`",
    lambda case, got: bool((got & (_away(*case.arguments[:2]) > case.arguments[2])).any()),
    "you leave some words within reach in the dark",
    lambda case, got: bool((~got).any()),
)
LAMP = task(
    "alignment",
    lamp_mask,
    "Light, for each target word, the source words within reach of its lamp.",
    exact(
        ("lit", 1, "lights what is within reach, and no padding"),
        LAMPS,
        "you light places behind the end of the shorter sentences: these are padding, so a place must also be smaller "
        "than the length of its own sentence",
        lambda n, c, reach: _away(n, c) <= reach,
        lambda n, c, reach: (_away(n, c) <= reach) & _words(n, +1),
        "your window is too narrow: a word whose distance is exactly `reach` is lit too, on both sides (≤, not <)",
        _near(lambda away, right, reach: away < reach),
        _near(lambda away, right, reach: (away <= reach) & (right > -reach)),
        "your window ends one word too early on the right: a range or slice leaves out its end",
        _near(lambda away, right, reach: (away <= reach) & (right < reach)),
        "your window has the wrong width: `reach` is how far the light falls to each side, this place included",
        *map(_near, (lambda away, _, reach: away <= reach + 1, lambda away, _, reach: away <= reach / 2)),
        "you compare the square of the distance with `reach`: take its absolute value instead",
        _near(lambda away, right, reach: away**2 <= reach),
        "near the beginning of a sentence your window vanishes: it starts at a negative place, and Python counts those "
        "from the end; let it start at 0 there",
        lambda n, c, reach: lamp_mask(n, c, reach) & ((c >= reach) | (c + reach >= n.max()))[..., None],
        "you light everything to one side of the lamp: the distance needs its absolute value",
        _near(lambda away, right, reach: right <= reach),
        _near(lambda away, right, reach: right >= -reach),
        "your mask is inverted: True means that a word is lit",
        lambda *given: ~lamp_mask(*given),
        "you never light the last word of a sentence: a sentence of n words has the places 0 to n − 1",
        lambda n, c, reach: (_away(n, c) <= reach) & _words(n, -1),
        "your rows are as long as the first sentence: they must be as long as the longest",
        lambda n, c, reach: lamp_mask(n, c, reach)[..., : n[0]],
        "you count the places from 1: the first word stands at place 0",
        _moved(lambda c, n: c - 1),
        seen=LIT,
        shapes="give places, lamps and lengths the axes (b, t, s), with None where one has none",
    ),
    exact(
        ("between", 0.5, "takes lamps that stand between two words"),
        BETWEEN,
        "you cut or round the centre to a whole number: the distance may be one like 1.25",
        *map(_moved, (lambda c, n: np.floor(c), lambda c, n: np.rint(c))),
        seen=LIT,
    ),
    exact(
        ("dark", 0.5, "lights nothing where the lamp stands far behind the end of a short sentence"),
        BEYOND,
        "you move a lamp that stands behind the end back into the sentence: it lights nothing there",
        _moved(lambda c, n: np.minimum(c, n - 1)),
        seen=LIT,
    ),
    arguments(0.5, BEYOND, "leaves lengths and centres as they were"),
)

# --- Task 2: weights from scores, under a mask ---


def masked_weights(scores: Array, mask: Array, temperature: float = 1.0) -> Array:
    """What the chapter calls softmax."""
    return core.softmax(floats(scores), mask=mask, temperature=temperature)


def _of(wrong: Callable[[Array, Array], Array]) -> Function:
    """Other weights, of scores divided by the temperature as they should be."""
    return lambda scores, mask, temperature=1.0: wrong(scores / temperature, mask)


def _warmed(wrong: Callable[[float], float]) -> Function:
    """Another temperature."""
    return lambda scores, mask, temperature=1.0: masked_weights(scores, mask, wrong(temperature))


def _filled(scores: Array, mask: Array, fill: float = -1e9) -> Array:
    return core.softmax(np.where(mask, scores, fill))


def _sunk(scores: Array, mask: Array) -> Array:
    """Where a row lies too far below the highest score of the table, nothing is left of it."""
    share = np.where(mask, np.exp(scores - scores[mask].max()), 0)
    return share / share.sum(axis=-1, keepdims=True)


def _unlike_one(case: Case, got: Array) -> bool:
    return not np.isfinite(got).all() or not np.allclose(got.sum(axis=-1), 1)


def _empty(case: Case) -> Array:
    return ~case.arguments[1].any(axis=-1)


def _table(draw: Draw, rows: int, columns: int) -> tuple[Array, Array]:
    return draw.normal(0.5, 1.3, (rows, columns)), some_mask(draw, rows, columns, 2 if columns < 6 else 3)


def _huge(draw: Draw, scores: Array, mask: Array) -> tuple[Array, Array]:
    """Scores around 1000 and −1000, one row with both; what is forbidden is lower than the rest of its row."""
    scores = scores + draw.permutation([1000, -1000, 990, -900][: len(scores)])[:, None]
    scores[-1, np.flatnonzero(mask[-1])[0]] *= -1
    return np.where(mask, scores, np.where(mask, scores, np.inf).min(axis=-1, keepdims=True) - 1), mask


def _low(draw: Draw) -> Iterator[Case]:
    """The same, and scores lower than what people like to write for −∞."""
    yield from changed(each(_table, (3, 7), (4, 6)), _huge)(draw)
    yield Case((-2e9 + draw.integers(-2, 3, (3, 5)) / 2, some_mask(draw, 3, 5)))


def _unlit(draw: Draw, scores: Array, mask: Array) -> tuple[Array, Array]:
    mask[draw.integers(1, len(mask))] = False
    return scores, mask


def _warm(draw: Draw, temperature: float, *shape: int) -> Case:
    return Case(_table(draw, *shape), {"temperature": temperature})


def _kept(draw: Draw) -> Iterator[Case]:
    """At a temperature of 1, what divides the caller's own scores by it would not be seen."""
    yield from changed(each(_table, (4, 6), (5, 3)), _unlit)(draw)
    yield from WARM(draw)


def _kinds(ask: Ask, draw: Draw) -> str:
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


WARM = each(_warm, (0.4, 3, 6), (3.0, 5, 4))
NARROW = "e to the power of 1000 is more than a computer can hold, and e to the power of −1000 is 0: subtract"
UNLIKE = (
    "your result has NaN in it: do you multiply ∞ by 0, or add it? np.where(mask, …, −np.inf) puts it in its place",
    lambda case, got: bool(np.isnan(got).any()),
    "some of your weights are negative: divide exponentials, not scores",
    lambda _, got: bool((got < 0).any()),
    "your forbidden words get weight",
    lambda case, got: bool((got[~case.arguments[1]] != 0).any()),
    "your rows do not sum to 1: divide the exponentials of a row by their sum, which runs over the last axis",
    _unlike_one,
)
WEIGHTS = task(
    "alignment",
    masked_weights,
    "Turn scores into weights under a mask.",
    exact(
        ("shares", 1, "gives each row weights that sum to 1 and nothing to what is forbidden"),
        each(_table, (3, 5), (6, 4), (4, 9)),
        "your weights sum to 1 over the wrong axis, or over the whole table: each row, that is each target word, "
        "shares out its own attention, so the sum runs over the last axis, with keepdims=True",
        _of(lambda scores, mask: core.softmax(scores.T, mask=mask.T).T),
        _of(lambda scores, mask: core.softmax(scores.ravel(), mask=mask.ravel()).reshape(scores.shape)),
        "you set weights to 0 after the softmax: your rows no longer sum to 1, because forbidden scores are still in "
        "the sum below the line; forbid them before the exponential",
        _of(lambda scores, mask: np.where(mask, core.softmax(scores), 0)),
        "your mask is inverted: True means that a word may be read, so −∞ belongs where the mask is False",
        _of(lambda scores, mask: core.softmax(scores, mask=~mask)),
        "you set forbidden scores to 0: zero is a score like any other, and its exponential is 1; it takes −∞",
        _of(lambda scores, mask: _filled(scores, mask, 0.0)),
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
        seen=UNLIKE,
        shapes="where you take the highest or the sum of each row, keep its axis with keepdims=True",
    ),
    exact(
        ("temperature", 0.5, "divides the scores by the temperature"),
        WARM,
        "you multiply by the temperature: divide the scores by it, so that cold decides",
        _warmed(lambda t: 1 / t),
        "you do not use the temperature, or it cancels out: divide the scores by it first",
        _warmed(lambda t: 1.0),
        "you divide the weights by the temperature: divide the scores, before the exponential",
        lambda scores, mask, temperature=1.0: masked_weights(scores, mask) / temperature,
        "you divide by the root of the temperature, or by it twice: the scores are divided by T itself, once",
        *map(_warmed, (lambda t: t**0.5, lambda t: t**2)),
        seen=UNLIKE,
    ),
    exact(
        ("stable", 0.5, "keeps its head with very high and very low scores"),
        _low,
        "you forbid with a finite number such as −1e9, and scores may be lower; only −∞ (−np.inf) is lower than all",
        _of(_filled),
        _of(lambda scores, mask: np.where(mask, _filled(scores, mask), 0)),
        f"{NARROW} from each row its own highest score, not one number from the whole table",
        _of(_sunk),
        seen=(
            f"{NARROW} each row's highest score first, which changes no difference",
            _unlike_one,
            "your weights of very high or very low scores are wrong: do you cut scores off? Subtract each row's "
            "highest score instead, which changes no difference",
        ),
    ),
    exact(
        ("silent", 0.5, "never reads a forbidden score, however high it is above the others"),
        changed(
            each(_table, (4, 6), (3, 5)),
            lambda draw, scores, mask: (np.where(mask, scores, draw.uniform(2e4, 9e4, scores.shape)), mask),
        ),
        seen=(
            "a forbidden score is still read: when it is very high, nothing is left for the others; set it to −∞ "
            "before you look for the highest score and before the exponential",
        ),
    ),
    exact(
        ("empty", 1, "gives zeros to a row that may attend to nothing"),
        changed(each(_table, (4, 6), (5, 3)), _unlit),
        seen=(
            "one row that may attend to nothing spoils the other rows of your result",
            lambda case, got: not np.isfinite(got[~_empty(case)]).all(),
            "a row that may attend to nothing comes out as NaN (−∞ − (−∞), or 0/0): such a row has weights of 0",
            lambda case, got: bool(np.isnan(got).any()),
            "a row that may attend to nothing gets weights all the same, which deals out what must not be read: such a "
            "row has weights of 0",
            lambda case, got: bool((got[_empty(case)] != 0).any()),
            "a row that may attend to nothing changes the other rows: each row is on its own",
        ),
    ),
    arguments(0.5, _kept, "leaves scores and mask as they were"),
    lambda asked: Property("kinds", "takes whole numbers, and gives float32 for float32", 0.5, _kinds),
)

# --- Task 3: how many words each row reads at once ---
_bits = core.entropy


def words_read(weights: Array) -> Array:
    """Two to the power of the chapter's entropy; nothing read is no word."""
    return np.where(weights.sum(axis=-1) > 0, 2.0 ** _bits(weights), 0.0)[()]


def _sparse(draw: Draw, *shape: int) -> tuple[Array]:
    """Some weights are 0, and one row reads one word alone."""
    mask = some_mask(draw, *shape)
    mask[1] = np.arange(shape[1]) == draw.integers(shape[1])
    return (core.softmax(draw.normal(0, 1.2, shape), mask=mask),)


def _nothing(draw: Draw, weights: Array) -> tuple[Array]:
    weights[draw.integers(2, len(weights))] = 0
    return (weights,)


SPARSE = each(_sparse, (4, 6), (5, 3))
COUNT = task(
    "alignment",
    words_read,
    "Say how many words each row reads at once.",
    exact(
        ("count", 1, "gives 2 to the power of the entropy for each row"),
        each(lambda draw, *shape: (core.softmax(draw.normal(0, 1.2, shape)),), (3, 5), (6, 4), (2, 9)),
        "you return the entropy: H questions tell 2 to the power of H words apart",
        _bits,
        lambda w: _bits(w) * np.log(2),
        "your logarithm has another base than your power: bits need log2, and 2 to the power of H (np.log goes with "
        "np.exp)",
        lambda w: 2.0 ** (_bits(w) * np.log(2)),
        lambda w: np.exp(_bits(w)),
        "you forgot the minus sign: logarithms of weights are negative, entropy is not",
        lambda w: 2.0 ** -_bits(w),
        "you sum over the columns, or over the whole table: each target word (row) has a count, so the sum runs over "
        "the last axis",
        lambda w: 2.0 ** -(w * np.log2(w)).sum(axis=0),
        lambda w: float(2.0 ** _bits(w).sum()),
        "you take the mean over the words: entropy is a sum, Σ α log₂ α",
        lambda w: 2.0 ** (_bits(w) / w.shape[-1]),
        "you sum the logarithms without their weights: each one counts as much as its weight says",
        lambda w: 2.0 ** -np.log2(w).sum(axis=-1),
        "you count in another way, as 1/Σα² or by what is not 0: asked for is 2 to the power of the entropy",
        lambda w: 1 / (w**2).sum(axis=-1),
        lambda w: (w > 0).sum(axis=-1).astype(float),
    ),
    exact(
        ("zeros", 0.5, "lets a weight of 0 count for nothing, and one word alone for 1"),
        SPARSE,
        seen=(
            "a weight of 0 gives NaN, because log 0 is −∞ and 0 · (−∞) is no number: 0 · log 0 counts as 0",
            lambda case, got: bool(np.isnan(got).any()),
            "a weight of 0 changes your count: 0 · log 0 counts as 0 (what do you put in its place?)",
        ),
    ),
    exact(
        ("nothing", 0.5, "gives 0 for a row that reads nothing"),
        changed(SPARSE, _nothing),
        "a row of zeros comes out as 1, for its entropy is 0 and 2⁰ = 1; but it reads no word at all",
        lambda w: 2.0 ** _bits(w),
        seen=(
            "a row of zeros gives NaN, or does not count as 0: it reads nothing, so its count is 0",
            lambda case, got: bool((got[~case.arguments[0].any(axis=-1)] != 0).any()),
        ),
    ),
    arguments(0.5, changed(SPARSE, _nothing), "leaves the weights as they were"),
)

# --- Task 4: how far the context moves when a word is covered ---


def _others(scores: Array) -> Array:
    """Each row leaves out one word."""
    return ~np.eye(scores.shape[-1], dtype=bool)


def _without(scores: Array, values: Array, left: Array) -> Array:
    """The contexts (t, s, d) when, for each source word, only what is left (t, s, s) may be read."""
    scores = np.broadcast_to(scores if scores.ndim > 2 else scores[:, None, :], left.shape)
    return core.attend(floats(scores), floats(values), mask=left)[0]


def _context(scores: Array, values: Array, mask: Array) -> Array:
    return core.attend(floats(scores), floats(values), mask=mask)[0][:, None]


def _moves(scores: Array, values: Array, mask: Array, left: Array | None = None) -> Array:
    """How the contexts move when, for each source word, only what is left may be read: (t, s, d)."""
    left = mask[:, None] & _others(scores) if left is None else left
    return _without(scores, values, left) - _context(scores, values, mask)


def cover_each(scores: Array, values: Array, mask: Array) -> Array:
    """Look again without each word, and measure."""
    return np.linalg.norm(_moves(scores, values, mask), axis=-1)


def _leaving(left: Function) -> Function:
    """Something else is left of the words, given mask (t, 1, s), the others (s, s) and those before (s, s)."""

    def wrong(scores: Array, values: Array, mask: Array) -> Array:
        kept = left(mask[:, None], _others(scores), np.tri(len(values), k=-1, dtype=bool))
        return np.linalg.norm(_moves(scores, values, mask, kept), axis=-1)

    return wrong


def _measured(length: Callable[[Array], Array]) -> Function:
    return lambda scores, values, mask: length(_moves(scores, values, mask))


def _far(scores: Array, values: Array, mask: Array) -> Array:
    """How far each value is from each context."""
    return np.linalg.norm(values - _context(scores, values, mask), axis=-1)


def _zeroed(scores: Array, values: Array, mask: Array) -> Array:
    """A covered word has a score of 0."""
    changed = np.where(_others(scores), scores[:, None, :], 0.0)
    after = _without(changed, values, np.broadcast_to(mask[:, None, :], changed.shape))
    return np.linalg.norm(after - _context(scores, values, mask), axis=-1)


def _desk(draw: Draw, t: int, s: int, d: int) -> tuple[Array, Array, Array]:
    return draw.normal(0.4, 1.2, (t, s)), draw.normal(0.5, 1, (s, d)), some_mask(draw, t, s, 3)


def _alone(draw: Draw, scores: Array, values: Array, mask: Array) -> tuple[Array, Array, Array]:
    """Let one row read one word, and another one none."""
    first, second = draw.permutation(len(mask))[:2]
    mask[first], mask[second] = np.arange(mask.shape[1]) == draw.integers(mask.shape[1]), False
    return scores, values, mask


def _sure(draw: Draw, scores: Array, values: Array, mask: Array) -> tuple[Array, Array, Array]:
    """Give one word of each row all the weight that a computer can see."""
    best = np.where(mask, scores, -np.inf).argmax(axis=1)
    scores[np.arange(len(scores)), best] += draw.uniform(800, 2000, len(scores))
    return scores, values, mask


ANEW = (
    "compute the weights anew without the word, from the scores; if you do that, your masked_weights still reads the "
    "forbidden score, so mend it first"
)
desks = each(_desk, (3, 6, 4), (4, 7, 2), (5, 8, 3))
COVER = task(
    "alignment",
    cover_each,
    "Say how far each context moves when each source word is covered.",
    exact(
        ("moves", 1.5, "measures how far each context moves when one word is covered"),
        desks,
        "you take a word out of the sum and leave its share unused: when a word is covered, the others are dealt its "
        "share, so compute the weights anew with the word forbidden",
        lambda scores, values, mask: core.softmax(scores, mask=mask) * np.linalg.norm(values, axis=-1),
        "you measure how far the value is from the context, or that times α: when a word is covered the others also "
        "grow; compute the weights anew with the word forbidden, and compare the two contexts",
        _far,
        lambda scores, values, mask: core.softmax(scores, mask=mask) * _far(scores, values, mask),
        "you cover a word by setting its score to 0, and e⁰ = 1 is a good share: put False into the mask for it",
        _zeroed,
        "you do not uncover a word before you cover the next: each round starts from a fresh copy of the mask",
        _leaving(lambda mask, others, before: mask & others & ~before),
        "you uncover a word for all rows, also for those that must not read it: each round starts from a fresh copy of "
        "the mask",
        _leaving(lambda mask, others, before: (mask | before) & others),
        "you do not use the mask, or not in the second look: forbidden words are read",
        lambda scores, values, mask: cover_each(scores, values, np.ones_like(mask)),
        _leaving(lambda mask, others, before: np.ones_like(mask) & others),
        "your mask is inverted, or the covering is: True means that a word may be read, and False belongs at the "
        "covered word alone",
        lambda scores, values, mask: cover_each(scores, values, ~mask),
        _leaving(lambda mask, others, before: mask & ~others),
        "you measure how far the weights move: the question is how far the context moves, Σ α v",
        lambda scores, values, mask: cover_each(scores, np.eye(len(values)), mask),
        "you measure no lengths: a length is the root of the sum of squares of a row of the difference",
        _measured(lambda steps: (steps**2).sum(axis=-1)),
        _measured(lambda steps: np.abs(steps).sum(axis=-1)),
        _measured(lambda steps: np.sqrt((steps**2).mean(axis=-1))),
        _measured(lambda steps: np.abs(steps).max(axis=-1)),
        _measured(lambda steps: np.ones((len(steps), 1)) * np.sqrt((steps**2).sum(axis=(0, 2)))),
        "you return how long the new context is: subtract the context before it, and take the length of the difference",
        lambda scores, values, mask: np.linalg.norm(_without(scores, values, mask[:, None] & _others(scores)), axis=-1),
        "you cover as many words as there are rows: the source words are the columns, so count to scores.shape[1]",
        lambda scores, values, mask: cover_each(scores, values, mask) * (np.arange(scores.shape[1]) < len(scores)),
        seen=(
            "some of your distances are negative: a length is the root of the sum of squares",
            lambda case, got: bool((got < 0).any()),
            "covering a word that was not read anyway moves your context: is the mask of the second look the first "
            "one, and one word less?",
            lambda case, got: not np.allclose(got[~case.arguments[2]], 0),
            "your distances are wrong: work one out by hand; and does masked_weights pass its check?",
        ),
        shapes="a context is a row of d numbers for each target word, (t, d): measured is the difference of two "
        "contexts, so both have this shape",
    ),
    exact(
        ("alone", 1, "covers the only word that may be read, and then reads zeros"),
        changed(desks, _alone),
        "where only one word may be read, you let nothing move: without it the context is all zeros, so it moves by "
        "the length of that word's value",
        lambda scores, values, mask: cover_each(scores, values, mask) * (mask.sum(axis=1, keepdims=True) > 1),
        seen=(
            "where only one word may be read, or none, you get NaN or ∞: who may read nothing reads zeros",
            infinite,
            "where nothing is left to be read, your context is not zero: such a row has weights of 0",
        ),
    ),
    exact(
        ("certain", 1, "covers a favourite that has all the weight, and finds who comes next"),
        changed(desks, _sure),
        seen=(
            "where one word has nearly all the weight, you get NaN or ∞: if you divide by 1 − α, which the computer "
            f"rounds to 0, {ANEW}",
            infinite,
            f"where one word has nearly all the weight, what the others share is lost to rounding: {ANEW}",
        ),
    ),
    arguments(0.5, desks, "leaves scores, values and mask as they were"),
)

# --- Task 5: how good the links are that the weights draw ---


def _links(weights: Array) -> Array:
    """The cold limit: each row that reads anything links its target word to one source word."""
    return core.softmax(weights, temperature=1e-7, mask=weights > 0) > 0.5


def _rates(links: Array, sure: Array, possible: Array) -> tuple[float, float, float]:
    possible = sure | possible
    precision, recall = (links & possible).sum() / links.sum(), (links & sure).sum() / sure.sum()
    return float(precision), float(recall), alignment_error_rate(links, sure, possible)


def link_rates(weights: Array, sure: Array, possible: Array) -> tuple[float, float, float]:
    """What the chapter measures, with precision and recall."""
    return _rates(_links(weights), sure, possible)


def _linked(links: Callable[[Array], Array]) -> Function:
    """Other links."""
    return lambda weights, sure, possible: _rates(links(weights), sure, possible)


def _counted(rates: Callable[..., tuple[Any, ...]], *, apart: bool = False) -> Function:
    """Other rates, made of four counts: of links drawn, sure ones, links that are sure, links that are possible.

    After them come how many are possible, and the number of rows. A rate that is None is right. Apart: only what the
    table of possible links holds is possible.
    """

    def wrong(weights: Array, sure: Array, possible: Array) -> tuple[float, ...]:
        a, may = _links(weights), possible if apart else sure | possible
        counts = (a.sum(), sure.sum(), (a & sure).sum(), (a & may).sum(), may.sum(), weights[..., 0].size)
        right = link_rates(weights, sure, possible)
        return tuple(float(x if y is None else y) for x, y in zip(right, rates(*counts), strict=True))

    return wrong


def _whole_rows(weights: Array) -> Array:
    """What links[weights.argmax(axis=-1)] = True marks in one table."""
    rows = np.isin(np.arange(weights.shape[-2]), weights.argmax(axis=-1))
    return np.broadcast_to(rows[:, None], weights.shape)


def judged(draw: Draw, *sizes: int, empty: int = 0, apart: bool = False) -> Case:
    """Draw weights, sure links and possible ones, which are right often enough to count; or the additional ones."""
    weights = core.softmax(draw.normal(0, 1.6, sizes))
    weights[..., draw.permutation(sizes[-2])[:empty] if empty else [], :] = 0
    rows, links = (*sizes[:-1], 1), _links(weights)
    sure = np.where(draw.random(rows) < 0.5, links, draw.random(sizes) < 1.3 / sizes[-1])
    more = np.where(draw.random(rows) < 0.5, links, draw.random(sizes) < 0.15)
    return Case((weights, sure, more & ~sure if apart else more | sure))


def telling(known: Sequence[Mistake], draw_case: Callable[..., Case], *each_sizes: Sequence[int], **how: Any) -> Cases:
    """Draw until all ways differ: where so little is counted, a wrong one may be right by chance, or like another."""

    def case(draw: Draw, *sizes: int) -> Case:
        while True:
            drawn = draw_case(draw, *sizes, **how)
            with np.errstate(all="ignore"):
                ways = np.array([way(*drawn.arguments) for way in (link_rates, *(one.does for one in known))])
            if (np.abs(ways[:, None] - ways).max(axis=-1) + np.eye(len(ways)) > 0.003).all():
                return drawn

    return each(case, *each_sizes)


MARKED = (
    "to mark one place in each row, compare all places, np.arange(s), with the favourite of the row, which needs an "
    "axis more for that"
)
WRONG = mistakes(
    "you link each source word to its favourite target word: the other way round, each target word (row) picks the "
    "source word of its largest weight, so the argmax runs over the last axis",
    _linked(lambda weights: _links(weights.T).T),
    f"you mark whole rows of the table: {MARKED}",
    _linked(_whole_rows),
    "you link each word with a weight above one half, or any weight: a target word picks the source word of its "
    "largest weight only, however small that is",
    _linked(lambda weights: weights > 0.5),
    _linked(lambda weights: weights > 0),
    "your precision is not the share of your links that are possible, |A ∩ P| / |A|, be they sure or not",
    _counted(lambda a, s, a_s, a_p, p, rows: (a_s / a, None, None)),
    _counted(lambda a, s, a_s, a_p, p, rows: (a_p / p, None, None)),
    "your recall is not the share of the sure links that you draw, |A ∩ S| / |S|",
    _counted(lambda a, s, a_s, a_p, p, rows: (None, a_p / p, None)),
    _counted(lambda a, s, a_s, a_p, p, rows: (None, a_s / a, None)),
    "precision and recall are mixed up: precision comes first and is |A ∩ P| / |A|, recall is |A ∩ S| / |S|",
    _counted(lambda a, s, a_s, a_p, p, rows: (a_s / s, a_p / a, None)),
    _counted(lambda a, s, a_s, a_p, p, rows: (a_p / s, a_s / a, None)),
    "you leave the sure links out of the possible ones: every sure link is possible too, S ⊆ P",
    _counted(lambda a, s, a_s, a_p, p, rows: ((a_p - a_s) / a, None, 1 - a_p / (a + s))),
    "your error rate is divided by another number than |A| + |S|, the links drawn and the sure ones; who is in both "
    "counts twice",
    _counted(lambda a, s, a_s, a_p, p, rows: (None, None, 1 - (a_s + a_p) / (a + s - a_s))),
    _counted(lambda a, s, a_s, a_p, p, rows: (None, None, 1 - (a_s + a_p) / (a + p))),
    "your error rate counts what is right: subtract it from 1",
    _counted(lambda a, s, a_s, a_p, p, rows: (None, None, (a_s + a_p) / (a + s))),
    "your error rate counts |A ∩ S| or |A ∩ P| twice: each of the two is counted once",
    _counted(lambda a, s, a_s, a_p, p, rows: (None, None, 1 - 2 * a_s / (a + s))),
    _counted(lambda a, s, a_s, a_p, p, rows: (None, None, 1 - 2 * a_p / (a + s))),
    "you make the error rate of precision and recall: with possible links it is not 1 − 2pr/(p + r); count |A ∩ S| + "
    "|A ∩ P| and divide by |A| + |S|",
    _counted(lambda a, s, a_s, a_p, p, rows: (None, None, 1 - 2 * a_p * a_s / (a_p * s + a_s * a))),
)
UNREAD = mistakes(
    "a row without any weight draws a link to the first word, because argmax must choose one: it reads nothing and "
    "draws none",
    _linked(lambda weights: np.arange(weights.shape[-1]) == weights.argmax(axis=-1)[..., None]),
    "you divide by the number of rows: |A| counts the links that are drawn, and a row without any weight draws none",
    _counted(lambda a, s, a_s, a_p, p, rows: (a_p / rows, None, 1 - (a_s + a_p) / (rows + s))),
    "you forget that a sure link is possible too: the table of possible links may hold only the additional ones",
    _counted(lambda a, s, a_s, a_p, p, rows: (a_p / a, None, 1 - (a_s + a_p) / (a + s)), apart=True),
)
TO_ALL = mistakes(
    "a row without any weight draws a link to every word, because 0 is its largest weight: it reads nothing and draws "
    "none",
    _linked(lambda weights: weights == weights.max(axis=-1, keepdims=True)),
)
ADDITIONAL = telling(UNREAD[2:], judged, (7, 9), apart=True)
RATES = task(
    "alignment",
    link_rates,
    "Judge the links that the weights draw: precision, recall, alignment error rate.",
    exact(
        ("rates", 1.5, "counts precision, recall and the alignment error rate"),
        telling(WRONG, judged, (6, 9), (9, 7)),  # sure links stand among the possible ones and every row reads
        *WRONG,
        shapes=MARKED,
    ),
    exact(
        ("unread", 1, "draws no link for a row without any weight"),
        telling((*UNREAD[:2], *TO_ALL), judged, (8, 6), empty=2),
        *UNREAD[:2],
        *TO_ALL,
    ),
    exact(
        ("added", 0.5, "counts sure links as possible ones, whichever table they stand in"),
        ADDITIONAL,
        UNREAD[2],
    ),
    arguments(0.5, ADDITIONAL, "leaves weights and tables as they were"),
)

TASKS: tuple[Task, ...] = (LAMP, WEIGHTS, COUNT, COVER, RATES)
