"""A task in rows, a call for each property: the right function and what all rows have in common are said once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from nbjudge.judging.compare import (
    GATE,
    Cases,
    Finder,
    every_size,
    first_fault,
    keeps_arguments,
    right_values,
    symptoms,
    takes_kinds,
)
from nbjudge.judging.spec import Property, Task, mistakes

__all__ = ["Head", "Row", "arguments", "hidden", "kinds", "sizes", "task", "together", "values"]

Row = Callable[[Task], Property]
Head = tuple[str, float, str]
LEFT = "leaves its arguments as they were"
KINDS = "takes whole numbers and float32, and keeps the digits of float64"


def values(head: Head, cases: Cases, *known: Any, seen: Sequence[Any] = (), **how: Any) -> Row:
    """Ask for the right values.

    Args:
        head: Name, points and promise of the property.
        cases: Draws the arguments.
        known: Rows of mistakes, as `nbjudge.judging.spec.mistakes` takes them.
        seen: Rows of symptoms, as `nbjudge.judging.compare.symptoms` takes them.
        how: What else `right_values` takes; without a tolerance, `kinds` is to ask for the digits of float64.
    """
    name, points, promise = head
    made: dict[str, Any] = {"tolerance": GATE, "symptoms": symptoms(*seen)} | how
    return lambda asked: Property(name, promise, points, right_values(asked.reference, cases, mistakes(*known), **made))


def sizes(points: float, promise: str, cases: Cases, *known: Any, **how: Any) -> Row:
    """Ask for the right values where a size is 1, or where two of them are equal."""
    return lambda asked: Property("sizes", promise, points, every_size(asked.reference, cases, mistakes(*known), **how))


def kinds(points: float, cases: Cases, promise: str = KINDS, **how: Any) -> Row:
    """Ask for the same values from each kind of numbers; `how` is what else `takes_kinds` takes."""
    return lambda asked: Property("kinds", promise, points, takes_kinds(asked.reference, cases, **how))


def arguments(points: float, cases: Cases, promise: str = LEFT) -> Row:
    """Ask that the arguments are left alone."""
    return lambda asked: Property("arguments", promise, points, keeps_arguments(cases))


def together(head: Head, *rows: Row) -> Row:
    """Make one property of several: the first fault that one of them finds is its fault."""
    name, points, promise = head

    def row(asked: Task) -> Property:
        finders = (Finder(one.fault, one.mistakes) for one in (row(asked) for row in rows))
        return Property(name, promise, points, first_fault(*finders))

    return row


def task(chapter: str, reference: Callable[..., Any], asks: str, *rows: Row) -> Task:
    """Make a task, which has the name of its reference, of a row for each property; the first one is the gate."""
    asked = Task(reference.__name__, chapter, asks, reference, ())
    return replace(asked, properties=tuple(row(asked) for row in rows))


def hidden(*asked: tuple[Task, *tuple[Row, ...]]) -> dict[str, tuple[Property, ...]]:
    """Make the `HIDDEN` of a chapter: of each task what only the teacher asks."""
    return {one.name: tuple(replace(row(one), hidden=True) for row in rows) for one, *rows in asked}
