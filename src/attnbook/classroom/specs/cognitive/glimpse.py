"""Task 3: what is asked of a glimpse."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from attnbook.classroom.specs.cognitive.glimpse_ways import (
    COLOUR_MISTAKES,
    CUT,
    GATE,
    LOUD,
    MASK_MISTAKES,
    MASK_SYMPTOMS,
    ROWS,
    VANISHED,
    Array,
    glimpse,
    mask_of,
    only_mask,
    pair,
)
from attnbook.core import cognitive
from nbjudge.judging.compare import keeps_arguments, on_part, right_values, takes_kinds
from nbjudge.judging.spec import Case, Property, Task

__all__ = ["GLIMPSE", "glimpse", "pair", "view_of"]

AXES = (
    "give a wish (f,) two more axes before it meets maps (f, y, x), wish[:, None, None], and a mask (y, x) one more "
    "before it meets an image (y, x, v), mask[:, :, None]"
)


def view_of(draw: np.random.Generator, f: int, rows: int, columns: int, depth: int = 3) -> tuple[Array, Array, Array]:
    """Draw maps and a wish with both signs, and an image."""
    wish = draw.normal(0.0, 1.0, f)
    wish[draw.permutation(f)[:2]] = draw.uniform(0.5, 1.5), -draw.uniform(0.5, 1.5)
    return draw.uniform(-0.3, 1.2, (f, rows, columns)), wish, draw.uniform(0, 1, (rows, columns, depth))


def _plain(draw: np.random.Generator) -> Iterator[Case]:
    for f, rows, columns, temperature in ((4, 5, 7, 0.6), (7, 6, 4, 1.7), (5, 3, 8, 0.4)):
        yield Case((*view_of(draw, f, rows, columns), temperature))


def _loud(draw: np.random.Generator) -> Iterator[Case]:
    """Scores far above 0, far below, and far from each other; always two places are the best, and alike."""
    for level, temperature in ((900.0, 1.0), (-900.0, 1.0), (0.0, 0.001)):
        maps, wish, image = view_of(draw, 4, 5, 7)
        if level:
            maps[0], wish[0] = 1 + maps[0] / 900, level
        best = int(cognitive.search(maps, wish).argmax())
        flat = maps.reshape(4, -1)
        flat[:, (best + draw.integers(8, 27)) % 35] = flat[:, best]
        yield Case((maps, wish, image, temperature))


GLIMPSE = Task(
    "glimpse",
    "cognitive",
    "Find what is wished for and read its colour: a mask over all places, and a weighted average.",
    glimpse,
    (
        Property(
            "mask",
            "returns first a mask: the softmax, over all places, of the scores for the wish",
            1.5,
            on_part(
                only_mask,
                right_values(
                    mask_of(), _plain, (*MASK_MISTAKES, ROWS), symptoms=MASK_SYMPTOMS, shapes=AXES, tolerance=GATE
                ),
                name="mask",
            ),
        ),
        Property(
            "colour",
            "returns then the average colour of the image, weighed by the mask",
            1,
            on_part(pair, right_values(glimpse, _plain, COLOUR_MISTAKES, tolerance=GATE)),
        ),
        Property(
            "loud",
            "stands scores of ±900 and very low temperatures",
            0.5,
            on_part(
                only_mask, right_values(mask_of(), _loud, symptoms=[LOUD, VANISHED, CUT], tolerance=GATE), name="mask"
            ),
        ),
        Property(
            "kinds",
            "takes whole numbers and float32, and keeps the digits of float64",
            0.5,
            on_part(pair, takes_kinds(glimpse, _plain)),
        ),
        Property("arguments", "leaves its arguments as they were", 0.5, keeps_arguments(_plain)),
    ),
)
