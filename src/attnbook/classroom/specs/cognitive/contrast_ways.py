"""Task 1, the right way and the wrong ones: means over square windows, near by and farther around."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from attnbook import core
from attnbook.core import pictures
from nbjudge.judging.compare import Symptom
from nbjudge.judging.spec import Mistake

__all__ = [
    "AT_THE_BORDER",
    "ELSE",
    "EMPTY",
    "GATE",
    "NOT_SO",
    "STOPPED",
    "WRONG_DIFFERENCE",
    "WRONG_WINDOW",
    "Array",
    "local_contrast",
]

Array = Any  # of NumPy
GATE = 1e-5  # results that hold float32 pass here; another property asks about their digits
BORDER = "near the border"


def _shares(places: int, before: int, after: int) -> Array:
    """Return who counts how much in whose window: equal scores under a mask give equal weights. (n, n)."""
    steps = np.arange(places) - np.arange(places)[:, None]
    return core.softmax(np.zeros((places, places)), mask=(-before <= steps) & (steps <= after))


def window_means(values: Array, before: int, after: int | None = None) -> Array:
    """Return the mean of each place's window, over the places that exist."""
    after = before if after is None else after
    rows, columns = (_shares(places, before, after) for places in values.shape)
    return np.asarray(rows @ values @ columns.T)


def local_contrast(values: Array, near: int, far: int) -> Array:
    """The mean near by minus the mean farther around."""
    return window_means(values, near) - window_means(values, far)


def _beyond(**how: str) -> Callable[..., Array]:
    """A wrong way: go on beyond the border with numbers that do not exist."""

    def wrong(values: Array, near: int, far: int) -> Array:
        inside = tuple(slice(far, far + size) for size in values.shape)
        return local_contrast(np.pad(values, far, **how), near, far)[inside]  # type: ignore[call-overload]

    return wrong


def _ring(values: Array, near: int, far: int) -> Array:
    ones = np.ones_like(values)
    totals = [window_means(values, reach) * window_counts(ones, reach) for reach in (near, far)]
    counts = [window_counts(ones, reach) for reach in (near, far)]
    return window_means(values, near) - (totals[1] - totals[0]) / (counts[1] - counts[0])


def window_counts(values: Array, reach: int) -> Array:
    """Return how many places each window has."""
    across = [1 / _shares(size, reach, reach).max(axis=1) for size in values.shape]
    return np.outer(*across)


def _disc(values: Array, near: int, far: int) -> Array:
    places = np.indices(values.shape).reshape(2, -1).T.astype(float)
    away = core.negative_distance(places, places)
    means = [core.softmax(0 * away, mask=-away <= reach) @ values.ravel() for reach in (near, far)]
    return (means[0] - means[1]).reshape(values.shape)


def _one_axis(values: Array, near: int, far: int) -> Array:
    """A wrong way: windows that reach up and down only."""
    return np.asarray(_shares(len(values), near, near) @ values - _shares(len(values), far, far) @ values)


def _written_over(values: Array, near: int, far: int) -> Array:
    """A wrong way: what is read at one place was written at the places before it."""
    rows, columns = ([_shares(size, reach, reach) for reach in (near, far)] for size in values.shape)
    for y, x in np.ndindex(values.shape):
        values[y, x] = rows[0][y] @ values @ columns[0][x] - rows[1][y] @ values @ columns[1][x]
    return values


def _cut_short(values: Array, near: int, far: int) -> Array:
    """A wrong way: a slice that ends at the last place leaves it out."""

    def mean(reach: int) -> Array:
        known = (_shares(size, reach, reach) * (np.arange(size) < size - 1) for size in values.shape)
        rows, columns = (shares / shares.sum(axis=1, keepdims=True) for shares in known)
        return rows @ values @ columns.T

    return np.asarray(mean(near) - mean(far))


def _left_out(values: Array, near: int, far: int) -> Array:
    contrast, inside = np.zeros(values.shape), tuple(slice(far, size - far) for size in values.shape)
    contrast[inside] = local_contrast(values, near, far)[inside]
    return contrast


WRONG_WINDOW = (
    Mistake(
        "your windows end one place too early, to the right and below: a slice leaves out its end, so it has to end at "
        "reach + 1",
        lambda values, near, far: window_means(values, near, near - 1) - window_means(values, far, far - 1),
    ),
    Mistake(
        "your windows begin one place too late, to the left and above",
        lambda values, near, far: window_means(values, near - 1, near) - window_means(values, far - 1, far),
    ),
    Mistake(
        "your windows are one place too narrow on each side: a place exactly `near` or `far` away is in it",
        lambda values, near, far: local_contrast(values, near - 1, far - 1),
    ),
    Mistake(
        "your windows are one place too wide on each side: they end `near` and `far` places away, these included",
        lambda values, near, far: local_contrast(values, near + 1, far + 1),
    ),
    Mistake(
        "you take `near` and `far` for the width of the whole window: they are how far it reaches to each side",
        lambda values, near, far: local_contrast(values, near // 2, far // 2),
    ),
    Mistake("your windows reach up and down only: they are squares", _one_axis),
    Mistake(
        "your windows reach left and right only: they are squares",
        lambda values, near, far: _one_axis(values.T, near, far).T,
    ),
    Mistake("your windows are round: here they are squares, corners included", _disc),
    Mistake(
        "you blur with the chapter's bell, in which near places weigh more: here all places of a window count the same",
        lambda values, near, far: pictures.blur(values, near) - pictures.blur(values, far),
    ),
)
WRONG_DIFFERENCE = (
    Mistake("you return the mean near by, and subtract nothing from it", lambda v, near, far: window_means(v, near)),
    Mistake("you return the mean of the wide window only", lambda v, near, far: window_means(v, far)),
    Mistake(
        "your difference is the wrong way round: a bright spot on dark ground has a positive contrast, so it is near "
        "minus far",
        lambda values, near, far: local_contrast(values, far, near),
    ),
    Mistake(
        "you take away the sign: a dark spot on bright ground has a negative contrast",
        lambda values, near, far: np.abs(local_contrast(values, near, far)),
    ),
    Mistake(
        "you make negative contrasts 0: that is the next task's business",
        lambda values, near, far: np.maximum(0, local_contrast(values, near, far)),
    ),
    Mistake(
        "you subtract the surround from the place itself: the centre is a mean too, over the window of `near`",
        lambda values, near, far: values - window_means(values, far),
    ),
    Mistake(
        "you leave the centre out of the surround: the window of `far` is a whole square, its middle included",
        _ring,
    ),
    Mistake(
        "you add up the numbers of each window, but you do not divide by how many there are",
        lambda v, near, far: (
            window_means(v, near) * window_counts(v, near) - window_means(v, far) * window_counts(v, far)
        ),
    ),
    Mistake(
        "you divide the sums by 2 · reach + 1: a window is so many places wide and as many high, so it holds "
        "the square of that",
        lambda v, near, far: window_means(v, near) * (2 * near + 1) - window_means(v, far) * (2 * far + 1),
    ),
    Mistake(
        "you subtract the mean of the whole map: what counts is the mean of the window of `far`",
        lambda v, near, far: window_means(v, near) - v.mean(),
    ),
    Mistake(
        "you divide near by far: the contrast is their difference",
        lambda values, near, far: window_means(values, near) / window_means(values, far),
    ),
    Mistake(
        "you write the contrasts into the map from which you still read: write them into a new array",
        _written_over,
    ),
    Mistake(
        "your map lies on its side: rows and columns are swapped",
        lambda values, near, far: local_contrast(values, near, far).T,
    ),
)
NOT_SO = Symptom(
    "well inside the map your numbers are wrong: try a small map by hand, such as the one of the text, and look "
    "whether both windows hold what they should, and whether each mean is their sum divided by how many there are",
    lambda case, got: True,
)
STOPPED = Symptom(
    "well inside, your map is 0 everywhere: does the return stand in a loop, so that it ends too early?",
    lambda case, got: not got.any(),
)
AT_THE_BORDER = (
    Mistake(
        f"{BORDER} you count places that do not exist as zeros, which makes its means too small: divide by how many "
        "places there are in what is left of the window",
        _beyond(mode="constant"),
    ),
    Mistake(
        f"{BORDER} you go on with the last number beyond the edge: only places that exist count",
        _beyond(mode="edge"),
    ),
    Mistake(f"{BORDER} you mirror the map: only places that exist count", _beyond(mode="reflect")),
    Mistake(f"{BORDER} you mirror the map, edge included: only places that exist count", _beyond(mode="symmetric")),
    Mistake(
        f"{BORDER} your windows come in again on the other side, as with np.roll or negative indices: cut them off",
        _beyond(mode="wrap"),
    ),
    Mistake(
        f"{BORDER} you leave 0 wherever the wide window does not fit: average over the part of it that exists",
        _left_out,
    ),
    Mistake(
        f"{BORDER}, below and to the right, your windows leave out the last row or column: a slice leaves out its end, "
        "so it may end at the number of rows or columns, and even behind it",
        _cut_short,
    ),
)
EMPTY = Symptom(
    f"{BORDER} some of your windows are empty, and the mean of nothing is NaN: a slice that starts at a negative place "
    "counts from the end, so let it start at 0 there",
    lambda case, got: bool(np.isnan(got).any()),
)
ELSE = Symptom(
    f"{BORDER} some of your numbers are wrong: work one out by hand in a corner, where the window of reach 1 holds "
    "four places",
    lambda case, got: True,
)
