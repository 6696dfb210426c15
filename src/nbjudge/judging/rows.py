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
    takes_kinds,
)
from nbjudge.judging.draw import telling
from nbjudge.judging.spec import Property, Task, mistakes
from nbjudge.judging.symptoms import symptoms

__all__ = ["Head", "Row", "arguments", "hidden", "kinds", "sizes", "task", "together", "told_apart", "values"]

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
        seen: Rows of symptoms, as `nbjudge.judging.symptoms.symptoms` takes them.
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


def told_apart(head: Head, make: Callable[..., Any], rows: Sequence[Any], *known: Any, **how: Any) -> Row:
    """Ask for right values as `values` does, of cases in which no mistake is right by chance, or like another one.

    Args:
        head: Name, points and promise of the property.
        make: `make(draw, *row)` returns the arguments, or a case; it is drawn from again until all answers differ.
        rows: One case for each.
        known: Rows of mistakes.
        how: What else `values` takes.
    """

    def row(asked: Task) -> Property:
        functions = [asked.reference, *(mistake.does for mistake in mistakes(*known))]
        return values(head, telling(make, functions, *rows), *known, **how)(asked)

    return row


def task(reference: Callable[..., Any], asks: str, *rows: Row) -> Task:
    """Make a task of a row for each property; the first one is the gate.

    It has the name of its reference, and belongs to the chapter whose module the reference is in.
    """
    asked = Task(reference.__name__, reference.__module__.rpartition(".")[2], asks, reference, ())
    return replace(asked, properties=tuple(row(asked) for row in rows))


def hidden(*asked: Task | Row) -> dict[str, tuple[Property, ...]]:
    """Make the `HIDDEN` of a chapter: tasks, each followed by rows of what only the teacher asks of it."""
    made: dict[str, tuple[Property, ...]] = {}
    for one in asked:
        if isinstance(one, Task):
            of = one
        else:
            made[of.name] = (*made.get(of.name, ()), replace(one(of), hidden=True))
    return made
