"""What the tasks of this chapter draw at random: masks, tables of scores, desks with all that lies on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nbjudge.judging.spec import Case

__all__ = ["Array", "Cases", "Draw", "alone", "desks", "floats", "some_mask", "sure", "tables"]

Array = Any  # of NumPy
Draw = np.random.Generator
Cases = Iterator[Case]


def floats(numbers: Array) -> Array:
    """Return decimal numbers, as core wants them: whole ones become float64."""
    return numbers if numbers.dtype.kind == "f" else numbers.astype(float)


def some_mask(draw: Draw, rows: int, columns: int, *, least: int = 2) -> Array:
    """Draw a mask in which each row may attend to some places but not to all, and each place is allowed to some row."""
    while True:
        mask = draw.random((rows, columns)) < 0.65
        allowed = mask.sum(axis=1)
        if allowed.min() >= least and allowed.max() < columns and mask.any(axis=0).all():
            return mask


def tables(*shapes: tuple[int, int], change: Callable[[Draw, Array, Array], Array] | None = None) -> Any:
    """Draw scores with masks, never as many rows as columns; `change` makes other scores, or changes the mask."""

    def cases(draw: Draw) -> Cases:
        for shape in shapes:
            scores, mask = draw.normal(0.5, 1.3, shape), some_mask(draw, *shape, least=2 if shape[1] < 6 else 3)
            yield Case((scores if change is None else change(draw, scores, mask), mask))

    return cases


def desks(draw: Draw, change: Callable[[Draw, Array, Array], None] | None = None) -> Cases:
    """Scores, values and masks of which no two sizes are equal; at least three words may be read in each row."""
    for t, s, d in ((3, 6, 4), (4, 7, 2), (5, 8, 3)):
        scores, values, mask = (
            draw.normal(0.4, 1.2, (t, s)),
            draw.normal(0.5, 1, (s, d)),
            some_mask(draw, t, s, least=3),
        )
        if change is not None:
            change(draw, scores, mask)
        yield Case((scores, values, mask))


def alone(draw: Draw, scores: Array, mask: Array) -> None:
    """Let one row read one word, and another one none."""
    first, second = draw.permutation(len(mask))[:2]
    mask[first] = np.arange(mask.shape[1]) == draw.integers(mask.shape[1])
    mask[second] = False


def sure(draw: Draw, scores: Array, mask: Array) -> None:
    """Give one word of each row all the weight that a computer can see."""
    best = np.where(mask, scores, -np.inf).argmax(axis=1)
    scores[np.arange(len(scores)), best] += draw.uniform(800, 2000, len(scores))
