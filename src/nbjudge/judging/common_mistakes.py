"""What goes wrong in functions of arrays, whatever they compute: wrong functions, made from a right one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = [
    "EVERYWHERE",
    "divided",
    "first_table_only",
    "mean_for_sum",
    "negated",
    "stacks_crossed",
    "turned_if_square",
]

Function = Callable[..., Any]


def negated(right: Function) -> Function:
    """The sign is lost on the way, or one too many."""
    return lambda *arguments, **options: -right(*arguments, **options)


def mean_for_sum(right: Function, axis: int = -1, argument: int = 0) -> Function:
    """Divided by the length of an axis of an argument, over which there is a sum."""
    return lambda *arguments, **options: right(*arguments, **options) / arguments[argument].shape[axis]


def divided(right: Function, by: Callable[..., float]) -> Function:
    """Divided by a number that comes from the arguments."""
    return lambda *arguments, **options: right(*arguments, **options) / by(*arguments, **options)


def first_table_only(right: Function, *which: int) -> Function:
    """Of several tables in the arguments at these places, only the first is used."""

    def wrong(*arguments: Any, **options: Any) -> Any:
        one = (x.reshape(-1, *x.shape[-2:])[0] if i in which else x for i, x in enumerate(arguments))
        return right(*one, **options)

    return wrong


def stacks_crossed(right: Function) -> Function:
    """Each table of the first argument meets each table of the second, as with np.dot and np.inner."""

    def wrong(first: Any, second: Any, *rest: Any) -> Any:
        apart = first.reshape(*first.shape[:-2], *(1,) * (second.ndim - 2), *first.shape[-2:])
        return np.moveaxis(right(apart, second, *rest), -2, first.ndim - 2)

    return wrong


def turned_if_square(right: Function, *which: int) -> Function:
    """Whether to turn the tables at these places is decided by what fits: where one is square, it is left as it is."""

    def wrong(*arguments: Any, **options: Any) -> Any:
        square = {i for i in which if arguments[i].ndim == 2 and len(set(arguments[i].shape)) == 1}
        return right(*(x.T if i in square else x for i, x in enumerate(arguments)), **options)

    return wrong


def _changed(change: Function) -> Callable[[Function], Function]:
    """Change each array and number of the result."""

    def every(value: Any) -> Any:
        return tuple(map(every, value)) if isinstance(value, tuple) else change(value)

    return lambda right: lambda *arguments, **options: every(right(*arguments, **options))


def _left_to(change: Function) -> Callable[[Function], Function]:
    """Do something with the whole result."""
    return lambda right: lambda *arguments, **options: change(right(*arguments, **options))


def _in_place(right: Function) -> Function:
    """The first argument is worked on, when the result is known already."""

    def wrong(*arguments: Any, **options: Any) -> Any:
        value = right(*arguments, **options)
        arguments[0][...] = 0
        return value

    return wrong


# By name: how it is made from a right function, and what is said of it without any mistake being named.
EVERYWHERE: Mapping[str, tuple[Callable[[Function], Function], str]] = {
    "nothing is returned": (_left_to(lambda value: None), "None (is there a return?)"),
    "the result is printed": (_left_to(print), "prints its result but returns nothing"),
    "the result is text": (_changed(str), "text"),
    "the first argument is worked on in place": (_in_place, "changes its argument number 1"),
    "an axis is missing": (_changed(lambda value: np.asarray(value)[..., None]), "was expected"),
    "digits are lost": (_changed(lambda value: np.asarray(value, "float32")), "digits are lost"),
    "the result is rounded": (_changed(lambda value: np.round(value, 2)), "rounded to 2 decimal places"),
    "the result is cut to whole numbers": (_changed(lambda value: np.asarray(value).astype(int)), "decimal point"),
}
