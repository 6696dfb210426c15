"""What fits every scorer: leading axes taken wrongly, softmax where nobody asked for it, and what a scorer keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from attnbook import core
from attnbook.classroom.specs.scoring.inputs import GATE, TURNED, Array, Function, Shapes, leading, plain
from nbjudge.judging.compare import keeps_arguments, right_values, takes_kinds
from nbjudge.judging.spec import Mistake, Property

__all__ = ["keeps", "multiple", "softmaxed", "table_mistakes"]


def _first_table(right: Function) -> Function:
    def wrong(queries: Array, keys: Array, *rest: Array) -> Any:
        first = (table.reshape(-1, *table.shape[-2:])[0] for table in (queries, keys))
        return right(*first, *rest)

    return wrong


def _every_table(right: Function) -> Function:
    def wrong(queries: Array, keys: Array, *rest: Array) -> Any:
        apart = queries.reshape(*queries.shape[:-2], *(1,) * (keys.ndim - 2), *queries.shape[-2:])
        scores = right(apart, keys, *rest)  # (queries' tables …, keys' tables …, q, k)
        return np.moveaxis(scores, -2, queries.ndim - 2)  # as np.dot and np.inner have it

    return wrong


def _one_table_of_keys(right: Function) -> Function:
    return lambda queries, keys, *rest: right(queries, keys.reshape(-1, *keys.shape[-2:])[0], *rest)


def table_mistakes(right: Function) -> tuple[Mistake, ...]:
    """What goes wrong with leading axes."""
    return (
        Mistake(
            "you answer for the first table only: with leading axes there is one table of scores for each of them",
            _first_table(right),
        ),
        Mistake(
            "you use the first table of keys for all tables of queries: each has its own",
            _one_table_of_keys(right),
        ),
        Mistake(
            "you score every table of queries against every table of keys, as np.dot and np.inner do: the leading axes "
            "belong together, as with @ and with the … of einsum",
            _every_table(right),
        ),
    )


def keeps(
    right: Function, shapes: Shapes, letters: str, *, tables: str, mistakes: Sequence[Mistake] = ()
) -> tuple[Property, ...]:
    """Leading axes, each kind of numbers, and the arguments: what a scorer keeps once its values are right.

    Args:
        right: The reference.
        shapes: The shapes of its arguments, in the letters that follow.
        letters: One for each size.
        tables: The promise about leading axes.
        mistakes: What goes wrong with them in this task only.
    """
    finder = right_values(
        right,
        leading(shapes, letters),
        (*table_mistakes(right), *mistakes),
        shapes=f"with leading axes, {TURNED}",
        tolerance=GATE,
    )
    kinds = "takes whole numbers and float32, and keeps the digits of float64"
    return (
        Property("tables", tables, 1, finder),
        Property("kinds", kinds, 0.5, takes_kinds(right, plain(shapes, letters))),
        Property("arguments", "leaves its arguments as they were", 0.5, keeps_arguments(plain(shapes, letters))),
    )


def softmaxed(right: Function) -> Mistake:
    """Weights where scores were asked for."""
    return Mistake(
        "you return weights, but scores were asked for: leave softmax to whoever uses them",
        lambda *arguments: core.softmax(right(*arguments)),
    )


def multiple(got: Array, of: Array) -> bool:
    """Is one table a multiple of the other, whatever the factor?"""
    if not np.isfinite(got).all() or not got.any():
        return False
    factor = float((got * of).sum() / (of * of).sum())
    return bool(np.allclose(got, factor * of, rtol=1e-4, atol=1e-4 * float(np.abs(got).max())))
