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
from nbjudge.judging.draw import changed, each, partial_mask
from nbjudge.judging.rows import arguments, kinds, task, told_apart, values
from nbjudge.judging.spec import Case, Task
from nbjudge.judging.symptoms import infinite, nan, negative, not_one

__all__ = ["ADDED", "DESKS", "NO_LINK", "TASKS", "exact", "judged", "link_rates"]

Array = Any  # of NumPy
Draw = np.random.Generator
Function = Callable[..., Any]
exact = partial(values, tolerance=1e-6)  # no property of its own asks for the digits

# --- Task 1: which source words the lamp lights for each target word ---


def _away(lengths: Array, centres: Array) -> Array:
    """Return how far each place is from each lamp: (b, t, s), to the left as well as to the right."""
    return -core.negative_distance(centres[..., None].astype(float), np.arange(lengths.max(), dtype=float)[:, None])


def _words(lengths: Array, more: int = 0) -> Array:
    """Return where there is a word and not padding: (b, 1, s)."""
    return np.arange(lengths.max()) < lengths[:, None, None] + more


def lamp_mask(lengths: Array, centres: Array, reach: float, **wrong: Function) -> Array:
    """A window is a threshold on the distance of Chapter 2; wrong may be what is near, to the right, or at all."""
    away, right = _away(lengths, centres), np.arange(lengths.max()) - centres[..., None]
    near = wrong.get("near") or (lambda away, right, reach: away <= reach)
    return near(away, right, reach) & _words(lengths)


def _lamps(draw: Draw, lengths: Sequence[int], rows: int, reach: float) -> tuple[Array, Array, float]:
    """Draw lamps that stand over words of their own sentences, the first at the beginning, some at the end."""
    sizes = np.array(lengths)
    centres = draw.integers(0, sizes[:, None], (len(sizes), rows))
    centres[:, 0], centres[:, -1] = 0, sizes - 1
    return sizes, centres, reach


def _beyond(draw: Draw, sizes: Array, centres: Array, reach: float) -> tuple[Array, Array, float]:
    centres[[0, 2], 1:3] = sizes[[0, 2], None] + draw.integers(3, 6, (2, 2))
    return sizes, centres, reach


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
    lamp_mask,
    "Light, for each target word, the source words within reach of its lamp.",
    exact(
        ("lit", 1, "lights what is within reach, and no padding"),
        each(_lamps, ((13, 17, 14), 5, 6), ((6, 9), 4, 1), ((9, 11, 8, 12), 6, 2)),  # the first is never the longest
        "you light padding behind the end of shorter sentences: a place must be smaller than its sentence's length",
        lambda n, c, reach: _away(n, c) <= reach,
        lambda n, c, reach: (_away(n, c) <= reach) & _words(n, +1),
        "your window is too narrow: a word whose distance is exactly `reach` is lit too, on both sides (≤, not <)",
        partial(lamp_mask, near=lambda away, right, reach: away < reach),
        "your window ends one word too early on the right: a range or slice leaves out its end",
        partial(lamp_mask, near=lambda away, right, reach: (away <= reach) & (right < reach)),
        "your window has the wrong width: `reach` is how far the light falls to each side, this place included",
        partial(lamp_mask, near=lambda away, right, reach: away <= reach / 2),
        "near the beginning of a sentence your window vanishes: it starts at a negative place; let it start at 0 there",
        lambda n, c, reach: lamp_mask(n, c, reach) & ((c >= reach) | (c + reach >= n.max()))[..., None],
        "you light everything to one side of the lamp: the distance needs its absolute value",
        partial(lamp_mask, near=lambda away, right, reach: right <= reach),
        "your mask is inverted: True means that a word is lit",
        lambda *given: ~lamp_mask(*given),
        seen=LIT,
        shapes="give places, lamps and lengths the axes (b, t, s), with None where one has none",
    ),
    exact(
        ("between", 0.5, "takes lamps that stand between two words"),
        changed(
            each(_lamps, ((7, 10, 8), 5, 1.5), ((6, 9), 4, 2)),
            lambda draw, n, c, reach: (n, np.abs(c - draw.choice([0.25, 0.5, 0.75], c.shape)), reach),
        ),
        "you cut or round the centre to a whole number: the distance may be one like 1.25",
        *(lambda n, c, reach, cut=cut: lamp_mask(n, cut(c), reach) for cut in (np.floor, np.rint)),
        seen=LIT,
    ),
    exact(
        ("dark", 0.5, "lights nothing where the lamp stands far behind the end of a short sentence"),
        BEYOND,
        "you move a lamp that stands behind the end back into the sentence: it lights nothing there",
        lambda n, c, reach: lamp_mask(n, np.minimum(c, n[:, None] - 1), reach),
        seen=LIT,
    ),
    arguments(0.5, BEYOND, "leaves lengths and centres as they were"),
)

# --- Task 2: weights from scores, under a mask ---


def _softmax(scores: Array, mask: Array) -> Array:
    return core.softmax(scores, mask=mask)


def masked_weights(scores: Array, mask: Array, temperature: float = 1.0, *, share: Function = _softmax) -> Array:
    """What the chapter calls softmax; wrong may be how scores, divided by the temperature, become a `share`."""
    return share(scores / temperature, mask)


def _sunk(scores: Array, mask: Array) -> Array:
    """Where a row lies too far below the highest score of the table, nothing is left of it."""
    share = np.where(mask, np.exp(scores - scores[mask].max()), 0)
    return share / share.sum(axis=-1, keepdims=True)


def _empty(case: Case) -> Array:
    return ~case.arguments[1].any(axis=-1)


def _table(draw: Draw, rows: int, columns: int) -> tuple[Array, Array]:
    return draw.normal(0.5, 1.3, (rows, columns)), partial_mask(draw, rows, columns, 2 if columns < 6 else 3)


def _low(draw: Draw) -> Iterator[Case]:
    """Scores around 1000 and −1000, one row with both; and scores lower than what people like to write for −∞."""
    for scores, mask in (_table(draw, 3, 7), _table(draw, 4, 6)):
        scores += draw.permutation([1000, -1000, 990, -900][: len(scores)])[:, None]
        scores[-1, np.flatnonzero(mask[-1])[0]] *= -1
        scores[~mask] = -1100  # so that what is forbidden is not the highest of its row
        yield Case((scores, mask))
    yield Case((-2e9 + draw.integers(-2, 3, (3, 5)) / 2, partial_mask(draw, 3, 5)))
    mask = partial_mask(draw, 3, 5)
    yield Case((np.where(mask, -1e305 * (1 + draw.permutation(15).reshape(3, 5)), -5e307), mask))


TABLES = each(_table, (3, 5), (6, 4), (4, 9))
UNLIT = changed(
    each(_table, (4, 6), (5, 3)),
    lambda draw, scores, mask: (scores, mask & (np.arange(len(mask)) != draw.integers(1, len(mask)))[:, None]),
)
WARM = each(lambda draw, t, *size: Case(_table(draw, *size), {"temperature": t}), (0.4, 3, 6), (3.0, 5, 4))
NARROW = "e to the power of 1000 is more than a computer can hold, and e to the power of −1000 is 0: subtract"
UNLIKE = (
    "your result has NaN in it: do you multiply ∞ by 0, or add it? np.where(mask, …, −np.inf) puts it in its place",
    nan,
    "some of your weights are negative: divide exponentials, not scores",
    negative,
    "your forbidden words get weight",
    lambda case, got: bool((got[~case.arguments[1]] != 0).any()),
    "your rows do not sum to 1: divide the exponentials of a row by their sum, which runs over the last axis",
    not_one(-1),
    "your weights are wrong: divide the scores by the temperature, once, and each exponential by the sum of its row",
)
WEIGHTS = task(
    masked_weights,
    "Turn scores into weights under a mask.",
    exact(
        ("shares", 1, "gives each row weights that sum to 1 and nothing to what is forbidden"),
        TABLES,
        "your weights sum to 1 over the wrong axis, or over the whole table: each row sums to 1, with keepdims=True",
        partial(masked_weights, share=lambda scores, mask: core.softmax(scores.T, mask=mask.T).T),
        partial(masked_weights, share=lambda s, mask: core.softmax(s.ravel(), mask=mask.ravel()).reshape(s.shape)),
        "you set weights to 0 after the softmax, so your rows no longer sum to 1: forbid scores before the exponential",
        partial(masked_weights, share=lambda scores, mask: np.where(mask, core.softmax(scores), 0)),
        "your mask is inverted: True means that a word may be read, so −∞ belongs where the mask is False",
        partial(masked_weights, share=lambda scores, mask: core.softmax(scores, mask=~mask)),
        "you set forbidden scores to 0: zero is a score like any other, and its exponential is 1; it takes −∞",
        partial(masked_weights, share=lambda scores, mask: core.softmax(np.where(mask, scores, 0.0))),
        "you do not use the mask: forbidden words get weight",
        partial(masked_weights, share=lambda scores, mask: core.softmax(scores)),
        "you take the exponential, but you do not divide each row by its sum",
        partial(masked_weights, share=lambda scores, mask: np.where(mask, np.exp(scores), 0)),
        seen=UNLIKE,
        shapes="where you take the highest or the sum of each row, keep its axis with keepdims=True",
    ),
    exact(
        ("temperature", 0.5, "divides the scores by the temperature"),
        WARM,
        "you multiply by the temperature: divide the scores by it, so that cold decides",
        lambda scores, mask, temperature=1.0: masked_weights(scores, mask, 1 / temperature),
        "you do not use the temperature, or it cancels out: divide the scores by it first",
        lambda scores, mask, temperature=1.0: masked_weights(scores, mask),
        "you divide by the temperature twice: once is enough",
        lambda scores, mask, temperature=1.0: masked_weights(scores, mask, temperature**2),
        "you divide the weights by the temperature: divide the scores, before the exponential",
        lambda scores, mask, temperature=1.0: masked_weights(scores, mask) / temperature,
        seen=UNLIKE,
    ),
    exact(
        ("stable", 0.5, "keeps its head with very high and very low scores"),
        _low,
        "you forbid with a finite number such as −1e9, and scores may be lower; only −∞ (−np.inf) is lower than all",
        *(partial(masked_weights, share=lambda s, m, x=x: core.softmax(np.where(m, s, x))) for x in (-1e9, -1e300)),
        f"{NARROW} from each row its own highest score, not one number from the whole table",
        partial(masked_weights, share=_sunk),
        seen=(
            f"{NARROW} each row's highest score first, which changes no difference",
            not_one(-1),
            "your weights of very high or low scores are wrong: do not cut them off, subtract each row's highest score",
        ),
    ),
    exact(
        ("silent", 0.5, "never reads a forbidden score, however high it is above the others"),
        changed(TABLES, lambda draw, scores, mask: (np.where(mask, scores, draw.uniform(2e4, 9e4)), mask)),
        seen=(
            "a forbidden score is still read: set it to −∞ before you look for the highest and before the exponential",
        ),
    ),
    exact(
        ("empty", 1, "gives zeros to a row that may attend to nothing"),
        UNLIT,
        seen=(
            "one row that may attend to nothing spoils the other rows of your result",
            lambda case, got: not np.isfinite(got[~_empty(case)]).all(),
            "a row that may attend to nothing comes out as NaN (−∞ − (−∞), or 0/0): such a row has weights of 0",
            nan,
            "a row that may attend to nothing deals out what must not be read: such a row has weights of 0",
            lambda case, got: bool((got[_empty(case)] != 0).any()),
            "a row that may attend to nothing changes the other rows: each row is on its own",
        ),
    ),
    # At a temperature of 1, what divides the caller's own scores by it would not be seen.
    arguments(0.5, lambda draw: [*UNLIT(draw), *WARM(draw)], "leaves scores and mask as they were"),
    kinds(0.5, TABLES, "takes whole numbers, and gives float32 for float32", stays="float32"),
)

# --- Task 3: how many words each row reads at once ---
_bits = core.entropy


def words_read(weights: Array) -> Array:
    """Two to the power of the chapter's entropy; nothing read is no word."""
    return np.where(weights.sum(axis=-1) > 0, 2.0 ** _bits(weights), 0.0)[()]


def _sparse(draw: Draw, *shape: int) -> tuple[Array]:
    """Some weights are 0, and one row reads one word alone."""
    mask = partial_mask(draw, *shape)
    mask[1] = np.arange(shape[1]) == draw.integers(shape[1])
    return (core.softmax(draw.normal(0, 1.2, shape), mask=mask),)


def _nothing(draw: Draw, weights: Array) -> tuple[Array]:
    weights[draw.integers(2, len(weights))] = 0
    return (weights,)


SPARSE = each(_sparse, (4, 6), (5, 3))
COUNT = task(
    words_read,
    "Say how many words each row reads at once.",
    exact(
        ("count", 1, "gives 2 to the power of the entropy for each row"),
        each(lambda draw, *shape: (core.softmax(draw.normal(0, 1.2, shape)),), (3, 5), (6, 4), (2, 9)),
        "you return the entropy: H questions tell 2 to the power of H words apart",
        _bits,
        "your logarithm has another base than your power: log2 goes with 2 to the power of H, np.log with np.exp",
        lambda w: 2.0 ** (_bits(w) * np.log(2)),
        "you forgot the minus sign: logarithms of weights are negative, entropy is not",
        lambda w: 2.0 ** -_bits(w),
        "you sum over the columns, or over the whole table: each target word (row) has a count, with axis=-1",
        *(lambda w: 2.0 ** -(w * np.log2(w)).sum(axis=0), lambda w: float(2.0 ** _bits(w).sum())),
        "you take the mean over the words: entropy is a sum, Σ α log₂ α",
        lambda w: 2.0 ** (_bits(w) / w.shape[-1]),
        "you sum the logarithms without their weights: each one counts as much as its weight says",
        lambda w: 2.0 ** -np.log2(w).sum(axis=-1),
        "you count in another way, as by what is not 0: asked for is 2 to the power of the entropy",
        lambda w: (w > 0).sum(axis=-1).astype(float),
        seen=("your counts are wrong: work one out by hand, −Σ α log₂ α first, and then 2 to the power of it",),
    ),
    exact(
        ("zeros", 0.5, "lets a weight of 0 count for nothing, and one word alone for 1"),
        SPARSE,
        seen=(
            "a weight of 0 gives NaN, because log 0 is −∞ and 0 · (−∞) is no number: 0 · log 0 counts as 0",
            nan,
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


def _context(scores: Array, values: Array, mask: Array) -> Array:
    return core.attend(scores, values, mask=mask)[0][:, None]


def _length(steps: Array) -> Array:
    return np.linalg.norm(steps, axis=-1)


def cover_each(scores: Array, values: Array, mask: Array, **wrong: Function) -> Array:
    """Look again without each word, and measure how far the context moves.

    Wrong may be what is left of the words for each one that is covered, given the mask (t, 1, s), the others (s, s)
    and those before (s, s); what the scores are again, without a word; and what is the length of a step.
    """
    others, before = ~np.eye(scores.shape[-1], dtype=bool), np.tri(len(values), k=-1, dtype=bool)
    left = (wrong.get("left") or (lambda mask, others, _: mask & others))(mask[:, None], others, before)  # (t, s, s)
    again = (wrong.get("again") or (lambda scores, others: scores + 0 * others))(scores[:, None], others)
    return wrong.get("length", _length)(core.attend(again, values, mask=left)[0] - _context(scores, values, mask))


def _desk(draw: Draw, t: int, s: int, d: int) -> tuple[Array, Array, Array]:
    return draw.normal(0.4, 1.2, (t, s)), draw.normal(0.5, 1, (s, d)), partial_mask(draw, t, s, 3)


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


ANEW = "compute them anew without the word, from the scores; and does masked_weights never read a forbidden score?"
DESKS = each(_desk, (3, 6, 4), (4, 7, 2), (5, 8, 3))
COVER = task(
    cover_each,
    "Say how far each context moves when each source word is covered.",
    exact(
        ("moves", 1.5, "measures how far each context moves when one word is covered"),
        DESKS,
        "you leave the share of a covered word unused: the others are dealt it, so compute the weights anew without it",
        lambda scores, values, mask: _softmax(scores, mask) * _length(values),
        "you measure how far the value is from the context: compute the context anew without the word, and compare",
        lambda scores, values, mask: _length(values - _context(scores, values, mask)),
        "you cover a word by setting its score to 0, and e⁰ = 1 is a good share: put False into the mask for it",
        partial(cover_each, left=lambda m, others, _: m | (others & False), again=lambda s, o: np.where(o, s, 0.0)),
        "you do not uncover a word before you cover the next: each round starts from a fresh copy of the mask",
        partial(cover_each, left=lambda mask, others, before: mask & others & ~before),
        "you uncover a word for all rows, also where it is forbidden: each round starts from a fresh copy of the mask",
        partial(cover_each, left=lambda mask, others, before: (mask | before) & others),
        "you do not use the mask, or not in the second look: forbidden words are read",
        lambda scores, values, mask: cover_each(scores, values, np.ones_like(mask)),
        partial(cover_each, left=lambda mask, others, before: np.ones_like(mask) & others),
        "your mask is inverted, or the covering is: True means readable, and False belongs at the covered word alone",
        lambda scores, values, mask: cover_each(scores, values, ~mask),
        partial(cover_each, left=lambda mask, others, before: mask & ~others),
        "you measure no lengths: a length is the root of the sum of squares of a row of the difference",
        partial(cover_each, length=lambda steps: (steps**2).sum(axis=-1)),
        partial(cover_each, length=lambda steps: np.abs(steps).sum(axis=-1)),
        "you return how long the new context is: subtract the context before it, and take the length of the difference",
        lambda *given: cover_each(*given, length=lambda steps: _length(steps + _context(*given))),
        seen=(
            "some of your distances are negative: a length is the root of the sum of squares",
            negative,
            "covering a word that was not read anyway moves your context: the mask of the second look lacks one word",
            lambda case, got: not np.allclose(got[~case.arguments[2]], 0),
            "your distances are wrong: work one out by hand; and does masked_weights pass its check?",
        ),
        shapes="a context is a row of d numbers for each target word: subtract two that both have this shape, (t, d)",
    ),
    exact(
        ("alone", 1, "covers the only word that may be read, and then reads zeros"),
        changed(DESKS, _alone),
        "where only one word may be read, you let nothing move: without it the context is all zeros",
        lambda scores, values, mask: cover_each(scores, values, mask) * (mask.sum(axis=1, keepdims=True) > 1),
        seen=(
            "where only one word may be read, or none, you get NaN or ∞: who may read nothing reads zeros",
            infinite,
            "where nothing is left to be read, your context is not zero: such a row has weights of 0",
        ),
    ),
    exact(
        ("certain", 1, "covers a favourite that has all the weight, and finds who comes next"),
        changed(DESKS, _sure),
        seen=(
            f"where one word has nearly all the weight you get NaN or ∞, as 1 − α is rounded to 0: {ANEW}",
            infinite,
            f"where one word has nearly all the weight, the others' weights are lost to rounding: {ANEW}",
        ),
    ),
    arguments(0.5, DESKS, "leaves scores, values and mask as they were"),
)

# --- Task 5: how good the links are that the weights draw ---


def _links(weights: Array) -> Array:
    """The cold limit: each row that reads anything links its target word to one source word."""
    return core.softmax(weights, temperature=1e-7, mask=weights > 0) > 0.5


def link_rates(weights: Array, sure: Array, possible: Array, **wrong: Function) -> tuple[float, ...]:
    """What the chapter measures, with precision and recall; wrong may be the links, or the rates p, r and e.

    These are made of counts: links drawn, sure ones, links that are sure, that are possible, rows, and links that stand
    in the table of possible ones.
    """
    a, may = wrong.get("links", _links)(weights), sure | possible
    n = (a.sum(), sure.sum(), (a & sure).sum(), (a & may).sum(), weights[..., 0].size, (a & possible).sum())
    right = {"p": n[3] / n[0], "r": n[2] / n[1], "e": alignment_error_rate(a, sure, may)}
    return tuple(float(wrong[name](*n) if name in wrong else rate) for name, rate in right.items())


def judged(draw: Draw, *sizes: int, empty: int = 0, apart: bool = False) -> Case:
    """Draw weights, sure links and possible ones, which are right often enough to count; or the additional ones."""
    weights = core.softmax(draw.normal(0, 1.6, sizes))
    weights[..., draw.permutation(sizes[-2])[:empty] if empty else [], :] = 0
    rows, links = (*sizes[:-1], 1), _links(weights)
    sure = np.where(draw.random(rows) < 0.5, links, draw.random(sizes) < 1.3 / sizes[-1])
    more = np.where(draw.random(rows) < 0.5, links, draw.random(sizes) < 0.15)
    return Case((weights, sure, more & ~sure if apart else more | sure))


NO_LINK = (
    "a row without any weight draws a link to the first word, because argmax must choose one: it draws none",
    partial(link_rates, links=lambda weights: np.arange(weights.shape[-1]) == weights.argmax(axis=-1)[..., None]),
    "you divide by the number of rows: |A| counts the links that are drawn, and a row without any weight draws none",
    partial(link_rates, p=lambda a, s, c, d, n, _: d / n, e=lambda a, s, c, d, n, _: 1 - (c + d) / (n + s)),
)
ADDED = (
    "you forget that a sure link is possible too: the table of possible links may hold only the additional ones",
    partial(link_rates, p=lambda a, *n: n[-1] / a, e=lambda a, s, a_s, *n: 1 - (a_s + n[-1]) / (a + s)),
)
RATES = task(
    link_rates,
    "Judge the links that the weights draw: precision, recall, alignment error rate.",
    told_apart(
        ("rates", 1.5, "counts precision, recall and the alignment error rate"),
        judged,  # sure links stand among the possible ones, and every row reads
        ((6, 9), (9, 7)),
        "you link each source word to its favourite target word: each row picks the place of its largest weight",
        partial(link_rates, links=lambda weights: _links(weights.T).T),
        "you mark whole rows of the table: compare all places, np.arange(s), with the favourite of each row",
        partial(link_rates, links=lambda w: (w > 2) | np.isin(np.arange(len(w)), w.argmax(1))[:, None]),
        "you link each word with a weight above some number: a row picks its largest weight only, however small it is",
        partial(link_rates, links=lambda weights: weights > 0.5),
        "your precision is not the share of your links that are possible, |A ∩ P| / |A|, be they sure or not",
        partial(link_rates, p=lambda a, s, a_s, *_: a_s / a),
        "your recall is not the share of the sure links that you draw, |A ∩ S| / |S|",
        partial(link_rates, r=lambda a, s, a_s, *_: a_s / a),
        "precision and recall are mixed up: precision comes first and is |A ∩ P| / |A|, recall is |A ∩ S| / |S|",
        partial(link_rates, p=lambda a, s, a_s, *_: a_s / s, r=lambda a, s, a_s, a_p, *_: a_p / a),
        "you leave the sure links out of the possible ones: every sure link is possible too, S ⊆ P",
        partial(link_rates, p=lambda a, s, c, d, *_: (d - c) / a, e=lambda a, s, c, d, *_: 1 - d / (a + s)),
        "your error rate counts what is right: subtract it from 1",
        partial(link_rates, e=lambda a, s, a_s, a_p, *_: (a_s + a_p) / (a + s)),
        "your error rate counts |A ∩ S| twice: |A ∩ S| and |A ∩ P| are counted once each",
        partial(link_rates, e=lambda a, s, a_s, *_: 1 - 2 * a_s / (a + s)),
        "with possible links the error rate is not 1 − 2pr/(p + r): divide |A ∩ S| + |A ∩ P| by |A| + |S|",
        partial(link_rates, e=lambda a, s, a_s, a_p, *_: 1 - 2 * a_p * a_s / (a_p * s + a_s * a)),
        shapes="compare all places, np.arange(s), with the favourite of each row, which needs an axis more for that",
        tolerance=1e-6,
    ),
    told_apart(
        ("unread", 1, "draws no link for a row without any weight"),
        partial(judged, empty=2),
        [(8, 6)],
        *NO_LINK,
        "a row without any weight draws a link to every word, because 0 is its largest weight: it draws none",
        partial(link_rates, links=lambda weights: weights == weights.max(axis=-1, keepdims=True)),
    ),
    told_apart(
        ("added", 0.5, "counts sure links as possible ones, whichever table they stand in"),
        partial(judged, apart=True),
        [(7, 9)],
        *ADDED,
    ),
    arguments(0.5, each(partial(judged, apart=True), (7, 9)), "leaves weights and tables as they were"),
)

TASKS: tuple[Task, ...] = (LAMP, WEIGHTS, COUNT, COVER, RATES)
