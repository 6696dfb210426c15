"""The third task: how many words each row reads at once."""

from __future__ import annotations

import numpy as np

from attnbook import core
from attnbook.classroom.specs.alignment.drawing import Array, Cases, Generator, some_mask
from nbjudge.judging.compare import Symptom, keeps_arguments, right_values
from nbjudge.judging.spec import Case, Mistake, Property, Task

__all__ = ["COUNT", "words_read"]


def words_read(weights: Array) -> Array:
    """Two to the power of the chapter's entropy; nothing read is no word."""
    return np.where(weights.sum(axis=-1) > 0, 2.0 ** core.entropy(weights), 0.0)[()]


def bits(weights: Array) -> Array:
    """The entropy itself."""
    return core.entropy(weights)


COUNT_MISTAKES = (
    Mistake("you return the entropy in bits: H questions tell 2 to the power of H words apart", bits),
    Mistake(
        "you return the entropy in natural units: take the logarithm to the base 2, and 2 to the power of the result",
        lambda weights: bits(weights) * np.log(2),
    ),
    Mistake(
        "your logarithm is the natural one, but your power is that of 2: bits need log2 (np.log goes with np.exp)",
        lambda weights: 2.0 ** (bits(weights) * np.log(2)),
    ),
    Mistake(
        "your logarithm has the base 2, but your power is that of e: bits need 2 to the power of H",
        lambda weights: np.exp(bits(weights)),
    ),
    Mistake(
        "your logarithm has the base 10: bits need log2",
        lambda weights: 2.0 ** (bits(weights) * np.log10(2)),
    ),
    Mistake(
        "you forgot the minus sign: logarithms of weights are negative, entropy is not",
        lambda weights: 2.0 ** -bits(weights),
    ),
    Mistake(
        "you count for each source word (column): each target word (row) has a count, so sum over the last axis",
        lambda weights: 2.0 ** -(weights * np.log2(weights)).sum(axis=0),
    ),
    Mistake(
        "you add up the whole table: each target word (row) has a count, so the sum runs over the last axis",
        lambda weights: float(2.0 ** bits(weights).sum()),
    ),
    Mistake(
        "you take the mean over the words: entropy is a sum, Σ α log₂ α",
        lambda weights: 2.0 ** (bits(weights) / weights.shape[-1]),
    ),
    Mistake(
        "you sum the logarithms without their weights: each one counts as much as its weight says",
        lambda weights: 2.0 ** -np.log2(weights).sum(axis=-1),
    ),
    Mistake(
        "you compute 1/Σα², which is another way to count; the one asked for is 2 to the power of the entropy",
        lambda weights: 1 / (weights**2).sum(axis=-1),
    ),
    Mistake(
        "you count the words whose weight is not 0: how much weight they have matters too",
        lambda weights: (weights > 0).sum(axis=-1).astype(float),
    ),
)


def spread(generator: Generator) -> Cases:
    """Weights of which none is 0."""
    for rows, columns in ((3, 5), (6, 4), (2, 9)):
        yield Case((core.softmax(generator.normal(0, 1.2, (rows, columns))),))


def _sparse(generator: Generator) -> Cases:
    for rows, columns in ((4, 6), (5, 3)):
        mask = some_mask(generator, rows, columns)
        mask[1] = np.arange(columns) == generator.integers(columns)  # one word alone
        yield Case((core.softmax(generator.normal(0, 1.2, mask.shape), mask=mask),))


def _nothing(generator: Generator) -> Cases:
    for case in _sparse(generator):
        case.arguments[0][generator.integers(2, len(case.arguments[0]))] = 0
        yield case


COUNT = Task(
    "words_read",
    "alignment",
    "Say how many words each row reads at once.",
    words_read,
    (
        Property(
            "count",
            "gives 2 to the power of the entropy for each row",
            1,
            right_values(words_read, spread, COUNT_MISTAKES),
        ),
        Property(
            "zeros",
            "lets a weight of 0 count for nothing, and one word alone for 1",
            0.5,
            right_values(
                words_read,
                _sparse,
                symptoms=[
                    Symptom(
                        "a weight of 0 gives NaN, because log 0 is −∞ and 0 · (−∞) is no number: 0 · log 0 counts as 0",
                        lambda _, got: bool(np.isnan(got).any()),
                    ),
                    Symptom(
                        "a weight of 0 changes your count: 0 · log 0 counts as 0 (what do you put in its place?)",
                        lambda _, got: True,
                    ),
                ],
            ),
        ),
        Property(
            "nothing",
            "gives 0 for a row that reads nothing",
            0.5,
            right_values(
                words_read,
                _nothing,
                [
                    Mistake(
                        "a row of zeros comes out as 1, for its entropy is 0 and 2⁰ = 1; but it reads no word at all",
                        lambda weights: 2.0 ** bits(weights),
                    )
                ],
                symptoms=[
                    Symptom(
                        "a row of zeros gives NaN: it reads nothing, so its count is 0",
                        lambda _, got: bool(np.isnan(got).any()),
                    ),
                    Symptom(
                        "a row of zeros does not count as 0, but it reads nothing",
                        lambda case, got: bool((got[~case.arguments[0].any(axis=-1)] != 0).any()),
                    ),
                ],
            ),
        ),
        Property("keeps", "leaves the weights as they were", 0.5, keeps_arguments(_nothing)),
    ),
)
