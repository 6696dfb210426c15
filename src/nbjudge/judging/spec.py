"""What a task asks for: properties of a right function, tried on random inputs, with words for each known mistake.

A specification never touches the function itself. It asks through a `Call`, which may run the function here
(`nbjudge.judging.check`) or in a sandbox (`nbjudge.sandbox`), and which brings back plain values only.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

__all__ = [
    "Ask",
    "Call",
    "Case",
    "Finding",
    "Mistake",
    "Outcome",
    "Property",
    "Sized",
    "Task",
    "TroubleError",
    "generator_of",
    "judge",
    "mistakes",
]


@dataclass(frozen=True)
class Outcome:
    """What came back from one call: a plain value, or in words why there is none.

    Attributes:
        value: None, a bool, number, string or NumPy array, or a tuple, list or dict of these, as `local_call.plain`
            makes it: NumPy's scalars and arrays without axes become Python's numbers, subclasses become arrays.
        trouble: Why there is no value, as the end of a sentence that begins with "your function"; "" if there is one.
        lost: True when calling again makes no sense, because the function did not come back.
        after: The positional arguments as they were after the call.
    """

    value: Any = None
    trouble: str = ""
    lost: bool = False
    after: tuple[Any, ...] = ()


class Call(Protocol):
    """Calls the function that is judged."""

    def __call__(self, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Outcome:
        """Call it once, with copies of the arguments."""
        ...


class TroubleError(Exception):
    """A call brought no value."""

    def __init__(self, words: str, *, lost: bool = False) -> None:
        super().__init__(words)
        self.lost = lost


class Ask:
    """The function that is judged, as a property sees it: `ask(query, keys)` returns its value or raises."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self.after: tuple[Any, ...] = ()  # the arguments of the last call, as they were after it

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Return the value of one call, or raise what kept it from coming."""
        outcome = self._call(arguments, options)
        self.after = outcome.after
        if outcome.trouble:
            raise TroubleError(outcome.trouble, lost=outcome.lost)
        return outcome.value


@dataclass(frozen=True)
class Case:
    """The arguments of one call."""

    arguments: tuple[Any, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Mistake:
    """A known wrong way: who returns what it returns is told what was wrong.

    Attributes:
        says: The diagnosis, or a function that makes it from the case, to put its sizes into words.
        does: The wrong function; where it cannot answer a case it may raise.
    """

    says: str | Callable[[Case], str]
    does: Callable[..., Any]


@dataclass(frozen=True)
class Sized:
    """Words of a mistake in which stand the {width} of an argument, which is its size along an axis, and its {root}."""

    words: str
    argument: int
    axis: int

    def __call__(self, case: Case) -> str:
        """Put the numbers of this case into the words."""
        width = int(case.arguments[self.argument].shape[self.axis])
        return self.words.format(width=width, root=f"{math.sqrt(width):.3g}")


def mistakes(*rows: str | Sized | Callable[..., Any] | Mistake) -> tuple[Mistake, ...]:
    """Make mistakes of words, each followed by the wrong functions of which they are said; ready-made ones may join.

    >>> [mistake.says for mistake in mistakes("you return the root", np.sqrt, "you lose the sign", np.abs, np.square)]
    ['you return the root', 'you lose the sign', 'you lose the sign']
    """
    made: list[Mistake] = []
    says: str | Sized = ""
    for row in rows:
        if isinstance(row, Mistake):
            made.append(row)
        elif isinstance(row, str | Sized):
            says = row
        else:
            made.append(Mistake(says, row))
    return tuple(made)


@dataclass(frozen=True)
class Property:
    """One thing that a right function does, and what it is worth.

    Attributes:
        name: Its name within the task.
        promise: What a right function does, in words that begin with a verb: "gives each row weights that sum to 1".
        points: What it earns.
        fault: Finds the fault: given `ask` and a random generator, returns "" if the promise is kept, else one line of
            diagnosis in which neither inputs nor expected values appear. May let `TroubleError` pass.
        hidden: True for what only the teacher's copy asks.
    """

    name: str
    promise: str
    points: float
    fault: Callable[[Ask, np.random.Generator], str]
    hidden: bool = False

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes that it knows by name."""
        return tuple(getattr(self.fault, "mistakes", ()))


@dataclass(frozen=True)
class Task:
    """A function that an assignment asks for.

    Attributes:
        name: The name of the function, and of the task, unique in the whole book.
        chapter: The slug of its chapter.
        asks: What it computes, in one sentence.
        reference: A right function; the properties compare with it.
        properties: The first one is the gate: while it fails, the others earn nothing, so that no function earns
            points for what a wrong one does as well.
    """

    name: str
    chapter: str
    asks: str
    reference: Callable[..., Any]
    properties: tuple[Property, ...]

    @property
    def points(self) -> float:
        """What a right function earns."""
        return sum(item.points for item in self.properties)


@dataclass(frozen=True)
class Finding:
    """What came of one property."""

    property: str
    promise: str
    kept: bool
    points: float
    of: float
    diagnosis: str = ""
    tried: bool = True
    hidden: bool = False


def generator_of(seed: str | int, task: Task, item: Property) -> np.random.Generator:
    """Return what draws the arguments of a property."""
    digest = hashlib.sha256(f"{seed}\n{task.name}\n{item.name}".encode()).digest()
    return np.random.default_rng(list(digest))


def judge(task: Task, call: Call, *, seed: str | int = 0, hidden: Sequence[Property] = ()) -> list[Finding]:
    """Try each property, the public ones first, and return what was found."""
    findings: list[Finding] = []
    ask = Ask(call)
    gate = task.properties[0]
    closed = ""
    for item in (*task.properties, *hidden):
        if closed:
            findings.append(Finding(item.name, item.promise, False, 0.0, item.points, closed, False, item.hidden))
            continue
        lost = False
        try:
            diagnosis = item.fault(ask, generator_of(seed, task, item))
        except TroubleError as trouble:
            diagnosis, lost = f"your function {trouble}", trouble.lost
        earned = 0.0 if diagnosis else item.points
        findings.append(
            Finding(item.name, item.promise, not diagnosis, earned, item.points, diagnosis, True, item.hidden)
        )
        if diagnosis and lost:
            closed = "not tried, because calling your function again would bring nothing"
        elif diagnosis and item is gate:
            closed = f"not tried, because it needs the first line: {gate.promise}"
    return findings
