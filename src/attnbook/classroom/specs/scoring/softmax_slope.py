"""Task 2: how softmax answers a nudge."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from attnbook import core
from attnbook.classroom.specs.scoring.inputs import (
    GATE,
    Array,
    Cases,
    Draw,
    sizes_of,
)
from nbjudge.judging.compare import keeps_arguments, right_values
from nbjudge.judging.spec import Case, Mistake, Property, Task

__all__ = ["SOFTMAX_SLOPE"]


def _outer(weights: Array) -> Array:
    return core.dot(weights[..., :, None], weights[..., :, None])


def _softmax_slope(weights: Array) -> Array:
    """Another road to αᵢ(δᵢⱼ − αⱼ): the covariance of a die that falls on key i with probability αᵢ."""
    falls = np.eye(weights.shape[-1])  # row i: what is seen when i comes
    return core.dot(falls, falls * weights[..., None, :]) - _outer(weights)


def _rows(*axes: str) -> Cases:
    """Rows of weights, none of them near 0 or 1."""

    def cases(draw: Draw) -> Iterator[Case]:
        for letters in axes:
            sizes = sizes_of(draw, "abk")
            yield Case((core.softmax(draw.normal(size=tuple(sizes[letter] for letter in letters))),))

    return cases


def _diagonal(weights: Array) -> Array:
    """The weights on the diagonal, and 0 beside it."""
    return _softmax_slope(weights) + _outer(weights)


def _only_diagonal(weights: Array) -> Array:
    return np.einsum("...ii->...i", _softmax_slope(weights)).copy()


def _decided(draw: Draw) -> Iterator[Case]:
    """Rows in which one key has everything, and rows that may attend to nothing."""
    k = int(draw.integers(3, 8))
    decided = np.eye(k)[draw.integers(k, size=k + 2)]  # more rows than keys
    yield Case((decided,))
    yield Case((np.concatenate([decided, np.zeros((1, k)), core.softmax(draw.normal(size=(2, k)))]),))


SOFTMAX_SLOPE = Task(
    name="softmax_slope",
    chapter="scoring",
    asks="Say for each row of weights how weight i answers when score j is nudged: αᵢ(δᵢⱼ − αⱼ).",
    reference=_softmax_slope,
    properties=(
        Property(
            "values",
            "is αᵢ(1 − αᵢ) on the diagonal and −αᵢαⱼ beside it",
            2,
            right_values(
                _softmax_slope,
                _rows("bk", "bk", "bk"),
                (
                    Mistake(
                        "you forgot −αᵢαⱼ: a raised score takes weight from the other keys, so the slopes beside the "
                        "diagonal are not 0",
                        _diagonal,
                    ),
                    Mistake(
                        "you forgot −αᵢαⱼ beside the diagonal: a raised score takes weight from all other keys",
                        lambda w: np.eye(w.shape[-1]) * _softmax_slope(w),
                    ),
                    Mistake(
                        "you forgot δᵢⱼ: on the diagonal there is an αᵢ to add",
                        lambda w: -_outer(w),
                    ),
                    Mistake(
                        "your table is that of the products αᵢαⱼ: each is to be subtracted from αᵢδᵢⱼ",
                        _outer,
                    ),
                    Mistake(
                        "you add αᵢαⱼ where you should subtract it: who gains weight takes it from the others",
                        lambda w: _softmax_slope(w) + 2 * _outer(w),
                    ),
                    Mistake(
                        "all your signs are the wrong way round: a key whose own score is raised gains weight",
                        lambda w: -_softmax_slope(w),
                    ),
                    Mistake(
                        "you take δᵢⱼ as 1 everywhere: it is 1 on the diagonal, where i = j, and 0 elsewhere",
                        lambda w: w[..., :, None] - _outer(w),
                    ),
                    Mistake(
                        "you subtract αᵢ times αᵢ: it is αᵢ times αⱼ, i along the rows and j along the columns",
                        lambda w: _diagonal(w) - w[..., :, None] ** 2,
                    ),
                    Mistake(
                        "you subtract αⱼ times αⱼ: it is αᵢ times αⱼ, i along the rows and j along the columns",
                        lambda w: _diagonal(w) - w[..., None, :] ** 2,
                    ),
                    Mistake(
                        "you put softmax to the weights once more: they are weights already",
                        lambda w: _softmax_slope(core.softmax(w)),
                    ),
                    Mistake(
                        "your result is the diagonal only: each row of k weights has a table of k × k slopes",
                        _only_diagonal,
                    ),
                    Mistake(
                        "you add up the tables of all rows: each row of weights has a table of its own",
                        lambda w: _softmax_slope(w).sum(axis=0),
                    ),
                    Mistake(
                        "you average the tables of all rows: each row of weights has a table of its own",
                        lambda w: _softmax_slope(w).mean(axis=0),
                    ),
                    Mistake(
                        "you answer for the first row only: each row of weights has a table of its own",
                        lambda w: _softmax_slope(w[0]),
                    ),
                    Mistake(
                        "you return the size of each table: the table itself was asked for",
                        lambda w: np.linalg.norm(_softmax_slope(w), axis=(-2, -1)),
                    ),
                ),
                shapes="write weights[..., :, None] for i and weights[..., None, :] for j, and take k from "
                "weights.shape[-1]",
                tolerance=GATE,
            ),
        ),
        Property(
            "tables",
            "takes one row (k,), rows (n, k) or more axes, and gives (…, k, k)",
            1,
            right_values(
                _softmax_slope,
                _rows("k", "abk", "kkk"),
                (
                    Mistake(
                        "you answer for the first table only: with leading axes there are slopes for each of them",
                        lambda w: _softmax_slope(w.reshape(-1, *w.shape[-2:])[0]) if w.ndim > 2 else _softmax_slope(w),
                    ),
                ),
                shapes="count the axes from the end (weights[..., None], axis=-1), then one row and many are the same",
            ),
        ),
        Property(
            "decided",
            "is 0 where one key has everything, and where nothing has any weight",
            1,
            right_values(
                _softmax_slope,
                _decided,
                (
                    Mistake(
                        "you divide by a weight, and a weight may be 0: αᵢ(δᵢⱼ − αⱼ) does without",
                        lambda w: _outer(w) * (np.eye(w.shape[-1]) / w[..., None] - 1),
                    ),
                ),
            ),
        ),
        Property("arguments", "leaves its argument as it was", 0.5, keeps_arguments(_rows("bk"))),
    ),
)
