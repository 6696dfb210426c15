"""Task 1: how much each place differs from what is around it, with square windows in place of the chapter's blurs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from attnbook.classroom.specs.cognitive.contrast_ways import (
    AT_THE_BORDER,
    ELSE,
    EMPTY,
    GATE,
    NOT_SO,
    STOPPED,
    WRONG_DIFFERENCE,
    WRONG_WINDOW,
    Array,
    local_contrast,
)
from nbjudge.judging.compare import keeps_arguments, on_part, right_values, takes_kinds
from nbjudge.judging.spec import Case, Mistake, Property, Task

__all__ = ["CONTRAST"]

FARTHEST = 5  # farther than any window reaches in maps of which only the inside is looked at


def framed(value: Any) -> Any:
    """Cover the border of a map, as far as windows may reach: what is wrong there is another property's business."""
    if not isinstance(value, np.ndarray) or value.ndim != 2 or value.dtype.kind not in "iuf":
        return value
    inside = (slice(FARTHEST, -FARTHEST),) * 2
    covered = np.zeros_like(value)
    covered[inside] = value[inside]
    return covered


def _inside(does: Callable[..., Array]) -> Callable[..., Array]:
    return lambda *arguments: framed(does(*arguments))


def _wide(draw: np.random.Generator) -> Iterator[Case]:
    for near, far, rows, columns in ((1, 3, 14, 17), (2, 4, 16, 14), (1, 4, 13, 15)):
        yield Case((draw.normal(0.8, 1.0, (rows, columns)), near, far))


def _plain(draw: np.random.Generator) -> Iterator[Case]:
    for near, far, rows, columns in ((1, 3, 9, 12), (2, 4, 14, 11)):
        yield Case((draw.normal(2.0, 1.0, (rows, columns)), near, far))


def _reaches(draw: np.random.Generator) -> Iterator[Case]:
    """A centre of one place; a surround wider than the map."""
    for near, far, rows, columns in ((0, 2, 7, 10), (0, 1, 6, 4), (1, 8, 5, 12), (2, 30, 8, 6)):
        yield Case((draw.normal(1.5, 1.0, (rows, columns)), near, far))


CONTRAST = Task(
    "local_contrast",
    "cognitive",
    "Subtract from the mean near each place the mean farther around it.",
    local_contrast,
    (
        Property(
            "inside",
            "gives the mean near by minus the mean farther around, well inside the map",
            1,
            on_part(
                framed,
                right_values(
                    _inside(local_contrast),
                    _wide,
                    [Mistake(mistake.says, _inside(mistake.does)) for mistake in (*WRONG_WINDOW, *WRONG_DIFFERENCE)],
                    symptoms=[STOPPED, NOT_SO],
                    tolerance=GATE,
                ),
            ),
        ),
        Property(
            "border",
            "averages, at the border, over the places that exist",
            1,
            right_values(local_contrast, _plain, AT_THE_BORDER, symptoms=[EMPTY, ELSE], tolerance=GATE),
        ),
        Property(
            "reaches",
            "takes a centre of one place, and a surround that is wider than the map",
            0.5,
            right_values(local_contrast, _reaches, AT_THE_BORDER, symptoms=[EMPTY], tolerance=GATE),
        ),
        Property(
            "kinds",
            "takes whole numbers and float32, and keeps the digits of float64",
            0.5,
            on_part(framed, takes_kinds(_inside(local_contrast), _wide)),
        ),
        Property("arguments", "leaves its arguments as they were", 0.5, keeps_arguments(_plain)),
    ),
)
