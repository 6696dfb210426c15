"""The third task: how many words each row reads at once."""

from __future__ import annotations

import numpy as np

from attnbook import core
from attnbook.classroom.specs.alignment.shared import Array, Cases, Draw, some_mask
from nbjudge.judging.compare import keeps_arguments, right_values, symptoms
from nbjudge.judging.spec import Case, Property, Task, mistakes

__all__ = ["COUNT", "words_read"]

bits = core.entropy


def words_read(weights: Array) -> Array:
    """Two to the power of the chapter's entropy; nothing read is no word."""
    return np.where(weights.sum(axis=-1) > 0, 2.0 ** bits(weights), 0.0)[()]


COUNTS = mistakes(
    "you return the entropy in bits: H questions tell 2 to the power of H words apart",
    bits,
    "you return the entropy in natural units: take the logarithm to the base 2, and 2 to the power of the result",
    lambda weights: bits(weights) * np.log(2),
    "your logarithm is the natural one, but your power is that of 2: bits need log2 (np.log goes with np.exp)",
    lambda weights: 2.0 ** (bits(weights) * np.log(2)),
    "your logarithm has the base 2, but your power is that of e: bits need 2 to the power of H",
    lambda weights: np.exp(bits(weights)),
    "you forgot the minus sign: logarithms of weights are negative, entropy is not",
    lambda weights: 2.0 ** -bits(weights),
    "you count for each source word (column): each target word (row) has a count, so sum over the last axis",
    lambda weights: 2.0 ** -(weights * np.log2(weights)).sum(axis=0),
    "you add up the whole table: each target word (row) has a count, so the sum runs over the last axis",
    lambda weights: float(2.0 ** bits(weights).sum()),
    "you take the mean over the words: entropy is a sum, Σ α log₂ α",
    lambda weights: 2.0 ** (bits(weights) / weights.shape[-1]),
    "you sum the logarithms without their weights: each one counts as much as its weight says",
    lambda weights: 2.0 ** -np.log2(weights).sum(axis=-1),
    "you compute 1/Σα², which is another way to count; the one asked for is 2 to the power of the entropy",
    lambda weights: 1 / (weights**2).sum(axis=-1),
    "you count the words whose weight is not 0: how much weight they have matters too",
    lambda weights: (weights > 0).sum(axis=-1).astype(float),
)
ONE_FOR_NOTHING = mistakes(
    "a row of zeros comes out as 1, for its entropy is 0 and 2⁰ = 1; but it reads no word at all",
    lambda weights: 2.0 ** bits(weights),
)
ZEROS = symptoms(
    "a weight of 0 gives NaN, because log 0 is −∞ and 0 · (−∞) is no number: 0 · log 0 counts as 0",
    lambda case, got: bool(np.isnan(got).any()),
    "a weight of 0 changes your count: 0 · log 0 counts as 0 (what do you put in its place?)",
)
NOTHING = symptoms(
    "a row of zeros gives NaN: it reads nothing, so its count is 0",
    lambda case, got: bool(np.isnan(got).any()),
    "a row of zeros does not count as 0, but it reads nothing",
    lambda case, got: bool((got[~case.arguments[0].any(axis=-1)] != 0).any()),
)


def _spread(draw: Draw) -> Cases:
    """Weights of which none is 0."""
    return (Case((core.softmax(draw.normal(0, 1.2, shape)),)) for shape in ((3, 5), (6, 4), (2, 9)))


def _sparse(draw: Draw) -> Cases:
    for shape in ((4, 6), (5, 3)):
        mask = some_mask(draw, *shape)
        mask[1] = np.arange(shape[1]) == draw.integers(shape[1])  # one word alone
        yield Case((core.softmax(draw.normal(0, 1.2, shape), mask=mask),))


def _nothing(draw: Draw) -> Cases:
    for case in _sparse(draw):
        case.arguments[0][draw.integers(2, len(case.arguments[0]))] = 0
        yield case


COUNT = Task(
    "words_read",
    "alignment",
    "Say how many words each row reads at once.",
    words_read,
    (
        Property(
            "count", "gives 2 to the power of the entropy for each row", 1, right_values(words_read, _spread, COUNTS)
        ),
        Property(
            "zeros",
            "lets a weight of 0 count for nothing, and one word alone for 1",
            0.5,
            right_values(words_read, _sparse, symptoms=ZEROS),
        ),
        Property(
            "nothing",
            "gives 0 for a row that reads nothing",
            0.5,
            right_values(words_read, _nothing, ONE_FOR_NOTHING, symptoms=NOTHING),
        ),
        Property("keeps", "leaves the weights as they were", 0.5, keeps_arguments(_nothing)),
    ),
)
