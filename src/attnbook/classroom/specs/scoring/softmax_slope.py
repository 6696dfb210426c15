"""Task 2: how softmax answers a nudge."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from attnbook import core
from attnbook.classroom.specs.scoring.shared import Array
from nbjudge.judging.common_mistakes import negated
from nbjudge.judging.compare import GATE, Cases, keeps_arguments, right_values
from nbjudge.judging.draw import filled, sizes_of
from nbjudge.judging.spec import Case, Property, Task, mistakes

__all__ = ["SOFTMAX_SLOPE"]


def _outer(w: Array) -> Array:
    return core.dot(w[..., :, None], w[..., :, None])


def _slope(weights: Array) -> Array:
    """Another road to αᵢ(δᵢⱼ − αⱼ): the covariance of a die that falls on key i with probability αᵢ."""
    falls = np.eye(weights.shape[-1])  # row i: what is seen when i comes
    return core.dot(falls, falls * weights[..., None, :]) - _outer(weights)


def _diagonal(w: Array) -> Array:
    """The weights on the diagonal, and 0 beside it."""
    return _slope(w) + _outer(w)


def _rows(*shapes: str) -> Cases:
    """Rows of weights, none of them near 0 or 1."""

    def cases(draw: np.random.Generator) -> Iterator[Case]:
        for shape in shapes:
            yield Case((core.softmax(*filled(draw, shape, sizes_of(draw, "abk")).arguments),))

    return cases


def _decided(draw: np.random.Generator) -> Iterator[Case]:
    """Rows in which one key has everything, and rows that may attend to nothing."""
    k = int(draw.integers(3, 8))
    decided = np.eye(k)[draw.integers(k, size=k + 2)]  # more rows than keys
    yield Case((decided,))
    yield Case((np.concatenate([decided, np.zeros((1, k)), core.softmax(draw.normal(size=(2, k)))]),))


VALUES = mistakes(
    "you forgot −αᵢαⱼ: a raised score takes weight from the other keys, so the slopes beside the diagonal are not 0",
    _diagonal,
    lambda w: np.eye(w.shape[-1]) * _slope(w),
    "you forgot δᵢⱼ: on the diagonal there is an αᵢ to add",
    lambda w: -_outer(w),
    "your table is that of the products αᵢαⱼ: each is to be subtracted from αᵢδᵢⱼ",
    _outer,
    "you add αᵢαⱼ where you should subtract it: who gains weight takes it from the others",
    lambda w: _diagonal(w) + _outer(w),
    "all your signs are the wrong way round: a key whose own score is raised gains weight",
    negated(_slope),
    "you take δᵢⱼ as 1 everywhere: it is 1 on the diagonal, where i = j, and 0 elsewhere",
    lambda w: w[..., :, None] - _outer(w),
    "you subtract a square: it is αᵢ times αⱼ, i along the rows and j along the columns",
    lambda w: _diagonal(w) - w[..., :, None] ** 2,
    lambda w: _diagonal(w) - w[..., None, :] ** 2,
    "you put softmax to the weights once more: they are weights already",
    lambda w: _slope(core.softmax(w)),
    "your result is the diagonal only: each row of k weights has a table of k × k slopes",
    lambda w: w * (1 - w),
    "you add up or average the tables of all rows: each row of weights has a table of its own",
    lambda w: _slope(w).sum(axis=0),
    lambda w: _slope(w).mean(axis=0),
    "you answer for the first row only: each row of weights has a table of its own",
    lambda w: _slope(w[0]),
)
TABLES = mistakes(
    "you answer for the first table only: with leading axes there are slopes for each of them",
    lambda w: _slope(w if w.ndim < 3 else w.reshape(-1, *w.shape[-2:])[0]),
)
DECIDED = mistakes(
    "you divide by a weight, and a weight may be 0: αᵢ(δᵢⱼ − αⱼ) does without",
    lambda w: _outer(w) * (np.eye(w.shape[-1]) / w[..., None] - 1),
)
SHAPES = "write weights[..., :, None] for i and weights[..., None, :] for j, and take k from weights.shape[-1]"
COUNTED = "count the axes from the end (weights[..., None], axis=-1), then one row and many are the same"

SOFTMAX_SLOPE = Task(
    name="softmax_slope",
    chapter="scoring",
    asks="Say for each row of weights how weight i answers when score j is nudged: αᵢ(δᵢⱼ − αⱼ).",
    reference=_slope,
    properties=(
        Property(
            "values",
            "is αᵢ(1 − αᵢ) on the diagonal and −αᵢαⱼ beside it",
            2,
            right_values(_slope, _rows("bk", "bk", "bk"), VALUES, shapes=SHAPES, tolerance=GATE),
        ),
        Property(
            "tables",
            "takes one row (k,), rows (n, k) or more axes, and gives (…, k, k)",
            1,
            right_values(_slope, _rows("k", "abk", "kkk"), TABLES, shapes=COUNTED),
        ),
        Property(
            "decided",
            "is 0 where one key has everything, and where nothing has any weight",
            1,
            right_values(_slope, _decided, DECIDED),
        ),
        Property("arguments", "leaves its argument as it was", 0.5, keeps_arguments(_rows("bk"))),
    ),
)
