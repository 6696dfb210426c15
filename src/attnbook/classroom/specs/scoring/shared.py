"""What fits every scorer: leading axes taken wrongly, softmax where nobody asked for it, and what a scorer keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from attnbook import core
from nbjudge.judging.common_mistakes import first_table_only, stacks_crossed
from nbjudge.judging.compare import GATE, Finder, keeps_arguments, right_values, takes_kinds
from nbjudge.judging.draw import arrays, stacks
from nbjudge.judging.spec import Mistake, Property, mistakes

__all__ = ["TURNED", "Array", "keeps", "leading_axes", "multiple", "softmaxed"]

Array = Any  # of NumPy
Function = Callable[..., Any]
TURNED = "swap the last two axes only, with np.swapaxes(x, -1, -2): where there are more, .T turns all of them round"


def leading_axes(right: Function, tables: str, advice: str, *more: Any) -> Finder:
    """Find what goes wrong with leading axes."""
    known = mistakes(
        "you answer for the first table only: with leading axes there is one table of scores for each of them",
        first_table_only(right, 0, 1),
        "you use the first table of keys for all tables of queries: each has its own",
        first_table_only(right, 1),
        "you score every table of queries against every table of keys, as np.dot and np.inner do: the leading axes "
        "belong together, as with @ and with the … of einsum",
        stacks_crossed(right),
        *more,
    )
    return right_values(right, stacks(tables), known, shapes=f"with leading axes, {advice}", tolerance=GATE)


def keeps(right: Function, tables: str, promise: str, *more: Any) -> tuple[Property, ...]:
    """Leading axes, each kind of numbers, and the arguments: what a scorer keeps once its values are right."""
    kinds = "takes whole numbers and float32, and keeps the digits of float64"
    return (
        Property("tables", promise, 1, leading_axes(right, tables, TURNED, *more)),
        Property("kinds", kinds, 0.5, takes_kinds(right, arrays(tables))),
        Property("arguments", "leaves its arguments as they were", 0.5, keeps_arguments(arrays(tables))),
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
