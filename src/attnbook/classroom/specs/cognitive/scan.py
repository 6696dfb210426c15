"""Task 4: what is asked of a scan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from attnbook.classroom.specs.cognitive.scan_ways import (
    END_MISTAKES,
    FORGETTING,
    LOOK_MISTAKES,
    LOOK_SYMPTOMS,
    MEMORY_MISTAKES,
    OVERLAP,
    TIE_MISTAKES,
    Array,
    as_places,
    freed,
    scan,
)
from nbjudge.judging.compare import keeps_arguments, on_part, right_values
from nbjudge.judging.spec import Case, Property, Task

__all__ = ["SCAN", "as_places", "landscape", "scan"]


def landscape(draw: np.random.Generator, rows: int, columns: int, reach: int) -> Array:
    """Draw a map with a summit around which stands, at telling distances, what a wrong window would take or leave.

    From a reach of 6 on, half of it, its root, and one less than it are windows that differ.
    """
    low = draw.uniform(0.05, 0.6, (rows, columns))
    y, x = int(draw.integers(reach + 1, rows - reach - 1)), int(draw.integers(reach + 1, columns - reach - 1))
    up, left = draw.choice([-1, 1], 2)
    turned = bool(draw.integers(2))
    inside = ((0, 1), (2, 2), (4, 0), (reach, 0), (-4, 4))
    outside = ((reach, reach), (0, -reach - 1))
    for number, step in enumerate(inside + outside):
        down, across = step[::-1] if turned else step
        low[y + up * down, x + left * across] = 0.98 - 0.02 * number + draw.uniform(0, 0.01)
    low[y, x] = 1.0
    return low


def _plain(draw: np.random.Generator) -> Iterator[Case]:
    """As many looks as the eye remembers, so that it need not forget."""
    for rows, columns, reach, looks in ((17, 25, 6, 5), (21, 18, 6, 4), (19, 27, 7, 6)):
        yield Case((landscape(draw, rows, columns, reach), looks, reach, looks))


def _forgetting(draw: np.random.Generator) -> Iterator[Case]:
    for rows, columns, reach, looks, memory in ((9, 14, 2, 9, 2), (12, 8, 2, 11, 3), (10, 13, 3, 12, 4)):
        yield Case((draw.uniform(0.05, 1, (rows, columns)), looks, reach, memory))
    while True:
        case = Case((draw.uniform(0.05, 1, (6, 8)), 14, 3, 3))
        if not np.array_equal(scan(*case.arguments), freed(*case.arguments)):
            break
    yield case


def _islands(draw: np.random.Generator) -> Iterator[Case]:
    """A few high places in a sea of 0, fewer than there are looks."""
    for rows, columns, reach, looks, memory in ((8, 13, 2, 9, 9), (11, 7, 1, 12, 12), (6, 10, 20, 5, 2)):
        priority = np.zeros((rows, columns))
        priority.flat[draw.permutation(priority.size)[:5]] = draw.uniform(0.2, 1, 5)
        priority[0, 0] = 0
        yield Case((priority, looks, reach, memory))
    yield Case((np.zeros((4, 6)), 3, 1, 2))


def _plateaus(draw: np.random.Generator) -> Iterator[Case]:
    """Whole numbers, of which many are equal."""
    for rows, columns, reach, looks in ((8, 13, 2, 6), (12, 7, 1, 8)):
        yield Case((draw.integers(1, 4, (rows, columns)), looks, reach, looks))


SCAN = Task(
    "scan",
    "cognitive",
    "Go from one best place to the next, and keep away from where the last looks were.",
    lambda priority, *rest: scan(np.asarray(priority, dtype=float), *rest),
    (
        Property(
            "looks",
            "goes to the highest place, and then to the highest that is farther than `reach` from all looks",
            1.5,
            on_part(as_places, right_values(scan, _plain, LOOK_MISTAKES, symptoms=LOOK_SYMPTOMS)),
        ),
        Property(
            "memory",
            "is free to go back to what it saw more than `memory` looks ago",
            1,
            on_part(as_places, right_values(scan, _forgetting, (*MEMORY_MISTAKES, OVERLAP), symptoms=[FORGETTING])),
        ),
        Property(
            "ends",
            "ends the scan when nothing above 0 is free",
            0.5,
            on_part(as_places, right_values(scan, _islands, END_MISTAKES)),
        ),
        Property(
            "ties",
            "takes the first in reading order of places that are equally high",
            0.5,
            on_part(
                as_places,
                right_values(lambda priority, *rest: scan(priority.astype(float), *rest), _plateaus, TIE_MISTAKES),
            ),
        ),
        Property("arguments", "leaves the priority map as it was", 0.5, keeps_arguments(_plain)),
    ),
)
