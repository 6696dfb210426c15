"""What the tasks of this chapter draw at random: masks, tables of scores, desks with all that lies on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nbjudge.judging.spec import Case

__all__ = [
    "Array",
    "Cases",
    "Generator",
    "certain_desks",
    "desks",
    "floats",
    "huge_tables",
    "lonely_desks",
    "loud_tables",
    "low_tables",
    "some_mask",
    "tables",
    "unlit_tables",
    "warm_tables",
]

Array = Any  # of NumPy
Generator = np.random.Generator
Cases = Iterator[Case]


def floats(numbers: Array) -> Array:
    """Return decimal numbers, as core wants them: whole ones become float64."""
    return numbers if numbers.dtype.kind == "f" else numbers.astype(float)


def some_mask(generator: Generator, rows: int, columns: int, *, least: int = 2) -> Array:
    """Draw a mask in which each row may attend to some places but not to all, and each place is allowed to some row."""
    while True:
        mask = generator.random((rows, columns)) < 0.65
        allowed = mask.sum(axis=1)
        if allowed.min() >= least and allowed.max() < columns and mask.any(axis=0).all():
            return mask


def tables(generator: Generator) -> Cases:
    """Plain scores with masks; never as many rows as columns, never an empty row."""
    for rows, columns in ((3, 5), (6, 4), (4, 9)):
        scores = generator.normal(0.5, 1.3, (rows, columns))
        yield Case((scores, some_mask(generator, rows, columns)))


def warm_tables(generator: Generator) -> Cases:
    """Temperatures below and above 1."""
    for (rows, columns), temperature in (((3, 6), 0.4), ((5, 4), 3.0)):
        scores = generator.normal(0.3, 1.0, (rows, columns))
        yield Case((scores, some_mask(generator, rows, columns)), {"temperature": temperature})


def huge_tables(generator: Generator) -> Cases:
    """Scores around 1000 and −1000, one row with both; what is forbidden is lower than the rest of its row."""
    for rows, columns in ((3, 7), (4, 6)):
        mask = some_mask(generator, rows, columns, least=3)
        levels = generator.permutation([1000, -1000, 990, -900][:rows])[:, None]
        scores = generator.normal(levels, 1, (rows, columns))
        scores[-1, np.flatnonzero(mask[-1])[0]] *= -1
        lowest = np.where(mask, scores, np.inf).min(axis=-1, keepdims=True)
        yield Case((np.where(mask, scores, lowest - 1), mask))


def low_tables(generator: Generator) -> Cases:
    """The same, and scores lower than what people like to write for −∞."""
    yield from huge_tables(generator)
    scores = -2e9 + generator.integers(-2, 3, (3, 5)) / 2
    yield Case((scores, some_mask(generator, 3, 5)))


def loud_tables(generator: Generator) -> Cases:
    """Forbidden scores far above the others."""
    for rows, columns in ((4, 6), (3, 5)):
        mask = some_mask(generator, rows, columns)
        scores = generator.normal(0, 1.2, (rows, columns))
        yield Case((np.where(mask, scores, generator.uniform(2e4, 9e4, scores.shape)), mask))


def unlit_tables(generator: Generator) -> Cases:
    """One row that may attend to nothing."""
    for rows, columns in ((4, 6), (5, 3)):
        mask = some_mask(generator, rows, columns)
        mask[generator.integers(1, rows)] = False
        yield Case((generator.normal(0.4, 1.2, (rows, columns)), mask))


def desks(generator: Generator) -> Cases:
    """Scores, values and masks of which no two sizes are equal; at least three words may be read in each row."""
    for t, s, d in ((3, 6, 4), (4, 7, 2), (5, 8, 3)):
        scores, values = generator.normal(0.4, 1.2, (t, s)), generator.normal(0.5, 1, (s, d))
        yield Case((scores, values, some_mask(generator, t, s, least=3)))


def lonely_desks(generator: Generator) -> Cases:
    """A row that may read one word, and one that may read none."""
    for case in desks(generator):
        scores, values, mask = case.arguments
        first, second = generator.permutation(len(mask))[:2]
        mask[first] = np.arange(mask.shape[1]) == generator.integers(mask.shape[1])
        mask[second] = False
        yield Case((scores, values, mask))


def certain_desks(generator: Generator) -> Cases:
    """In each row, one word that has all the weight a computer can see."""
    for case in desks(generator):
        scores, values, mask = case.arguments
        best = np.where(mask, scores, -np.inf).argmax(axis=1)
        scores[np.arange(len(scores)), best] += generator.uniform(800, 2000, len(scores))
        yield Case((scores, values, mask))
