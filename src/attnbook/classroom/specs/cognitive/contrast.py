"""Task 1: how much each place differs from what is around it, with square windows in place of the chapter's blurs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from attnbook.core import pictures
from nbjudge.judging.common_mistakes import negated
from nbjudge.judging.compare import GATE, keeps_arguments, right_values, symptoms, takes_kinds
from nbjudge.judging.spec import Case, Property, Task, mistakes

__all__ = ["AT_THE_BORDER", "CONTRAST", "EMPTY", "local_contrast"]

Array = Any  # of NumPy
INSIDE = (slice(5, -5),) * 2  # no window reaches as far as from there to the border
BORDER = "near the border"


def _shares(places: int, before: int, after: int, last: int) -> Array:
    """Return how much each place (column) counts in the window of each (row)."""
    i = np.arange(places)
    steps = i - i[:, None]
    inside = (-before <= steps) & (steps <= after) & (i < places - last)
    return inside / inside.sum(axis=1, keepdims=True)


def _mean(values: Array, before: int, after: int | None = None, last: int = 0) -> Array:
    """Return the mean of each place's window, over the places that exist, without the `last` rows and columns."""
    after = before if after is None else after
    rows, columns = (_shares(places, before, after, last) for places in values.shape)
    return rows @ values @ columns.T


def _count(values: Array, reach: int) -> Array:
    """Return how many places each window has."""
    return np.outer(*(1 / _shares(size, reach, reach, 0).max(axis=1) for size in values.shape))


def _sum(values: Array, reach: int) -> Array:
    return _mean(values, reach) * _count(values, reach)


def local_contrast(values: Array, near: int, far: int) -> Array:
    """The mean near by minus the mean farther around."""
    return _mean(values, near) - _mean(values, far)


def framed(value: Any) -> Any:
    """Cover the border of a map, as far as windows may reach: what is wrong there is another property's business."""
    if not isinstance(value, np.ndarray) or value.ndim != 2 or value.dtype.kind not in "iuf":
        return value
    covered = np.zeros_like(value)
    covered[INSIDE] = value[INSIDE]
    return covered


def _written_over(values: Array, near: int, far: int) -> Array:
    """What is read at one place was written at the places before it."""
    for place in np.ndindex(values.shape):
        values[place] = local_contrast(values, near, far)[place]
    return values


def _beyond(**how: str) -> Callable[..., Array]:
    """Go on beyond the border with numbers that do not exist."""
    return lambda v, near, far: local_contrast(np.pad(v, far, **how), near, far)[far:-far, far:-far]  # type: ignore


WINDOWS = mistakes(
    "your windows end one place too early, to the right and below: a slice leaves out its end, so it has to end at "
    "reach + 1",
    lambda v, near, far: _mean(v, near, near - 1) - _mean(v, far, far - 1),
    "your windows are one place too narrow, or too wide, on each side: they end `near` and `far` places away, these "
    "included",
    lambda v, near, far: local_contrast(v, near - 1, far - 1),
    lambda v, near, far: local_contrast(v, near + 1, far + 1),
    "you take `near` and `far` for the width of the whole window: they are how far it reaches to each side",
    lambda v, near, far: local_contrast(v, near // 2, far // 2),
    "your windows reach along one axis only, up and down or left and right: they are squares",
    lambda v, near, far: np.hstack([local_contrast(v[:, [x]], near, far) for x in range(v.shape[1])]),
    lambda v, near, far: np.vstack([local_contrast(v[[y]], near, far) for y in range(v.shape[0])]),
    "you blur with the chapter's bell, in which near places weigh more: here all places of a window count the same",
    lambda v, near, far: pictures.blur(v, near) - pictures.blur(v, far),
    "you return the mean of one window: the contrast is the mean near by minus the mean of the wide window",
    lambda v, near, far: _mean(v, near),
    lambda v, near, far: _mean(v, far),
    "your difference is the wrong way round: a bright spot on dark ground has a positive contrast, so it is near minus "
    "far",
    negated(local_contrast),
    "you take away the sign, or make negative contrasts 0: a dark spot on bright ground has a negative contrast",
    lambda v, near, far: np.abs(local_contrast(v, near, far)),
    lambda v, near, far: np.maximum(0, local_contrast(v, near, far)),
    "you subtract the surround from the place itself: the centre is a mean too, over the window of `near`",
    lambda v, near, far: v - _mean(v, far),
    "you leave the centre out of the surround: the window of `far` is a whole square, its middle included",
    lambda v, near, far: _mean(v, near) - (_sum(v, far) - _sum(v, near)) / (_count(v, far) - _count(v, near)),
    "you add up the numbers of each window, but you do not divide by how many there are, the square of 2 · reach + 1",
    lambda v, near, far: _sum(v, near) - _sum(v, far),
    lambda v, near, far: _mean(v, near) * (2 * near + 1) - _mean(v, far) * (2 * far + 1),
    "you write the contrasts into the map from which you still read: write them into a new array",
    _written_over,
)
WRONG_INSIDE = symptoms(
    "well inside, your map is 0 everywhere: does the return stand in a loop, so that it ends too early?",
    lambda case, got: not got.any(),
    "well inside the map your numbers are wrong: try a small map by hand, such as the one of the text, and look "
    "whether both windows hold what they should, and whether each mean is their sum divided by how many there are",
)
AT_THE_BORDER = mistakes(
    f"{BORDER} you count places that do not exist as zeros, which makes its means too small: divide by how many places "
    "there are in what is left of the window",
    _beyond(mode="constant"),
    f"{BORDER} you go on beyond the edge, with the last number or in a mirror: only places that exist count",
    *(_beyond(mode=mode) for mode in ("edge", "reflect", "symmetric")),
    f"{BORDER} your windows come in again on the other side, as with np.roll or negative indices: cut them off",
    _beyond(mode="wrap"),
    f"{BORDER} you leave 0 wherever the wide window does not fit: average over the part of it that exists",
    lambda v, near, far: np.pad(local_contrast(v, near, far)[far:-far, far:-far], far),
    f"{BORDER}, below and to the right, your windows leave out the last row or column: a slice leaves out its end, so "
    "it may end at the number of rows or columns, and even behind it",
    lambda v, near, far: _mean(v, near, last=1) - _mean(v, far, last=1),
)
EMPTY = symptoms(
    f"{BORDER} some of your windows are empty, and the mean of nothing is NaN: a slice that starts at a negative place "
    "counts from the end, so let it start at 0 there",
    lambda case, got: bool(np.isnan(got).any()),
)
ELSE = symptoms(
    f"{BORDER} some of your numbers are wrong: work one out by hand in a corner, where the window of reach 1 holds "
    "four places",
)


def _maps(*rows: tuple[int, int, int, int]) -> Callable[[np.random.Generator], Iterator[Case]]:
    """Draw maps for windows that reach so far, of so many rows and columns."""
    return lambda draw: (Case((draw.normal(1.5, 1.0, shape), near, far)) for near, far, *shape in rows)


WIDE = _maps((1, 3, 14, 17), (2, 4, 16, 14), (1, 4, 13, 15))
PLAIN = _maps((1, 3, 9, 12), (2, 4, 14, 11))
REACHES = _maps((0, 2, 7, 10), (0, 1, 6, 4), (1, 8, 5, 12), (2, 30, 8, 6))  # one place; wider than the map

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
            right_values(local_contrast, WIDE, WINDOWS, symptoms=WRONG_INSIDE, tolerance=GATE, part=framed),
        ),
        Property(
            "border",
            "averages, at the border, over the places that exist",
            1,
            right_values(local_contrast, PLAIN, AT_THE_BORDER, symptoms=EMPTY + ELSE, tolerance=GATE),
        ),
        Property(
            "reaches",
            "takes a centre of one place, and a surround that is wider than the map",
            0.5,
            right_values(local_contrast, REACHES, AT_THE_BORDER, symptoms=EMPTY, tolerance=GATE),
        ),
        Property(
            "kinds",
            "takes whole numbers and float32, and keeps the digits of float64",
            0.5,
            takes_kinds(local_contrast, WIDE, part=framed),
        ),
        Property("arguments", "leaves its arguments as they were", 0.5, keeps_arguments(PLAIN)),
    ),
)
