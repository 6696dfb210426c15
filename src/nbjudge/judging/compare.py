"""The two properties that nearly every task has: the right values, and arguments left as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbjudge.judging.difference import NUMBERS, ROUNDED, as_tuple, difference
from nbjudge.judging.plain_words import advice_on, in_plain_words
from nbjudge.judging.spec import Ask, Case, Mistake, TroubleError
from nbjudge.judging.symptoms import Symptom

__all__ = ["GATE", "Cases", "Finder", "every_size", "first_fault", "keeps_arguments", "right_values", "takes_kinds"]

Cases = Callable[[np.random.Generator], Iterable[Case]]
GATE = 1e-5  # a tolerance at which results that hold float32 pass: another property asks about their digits
ALREADY = (
    "your values are wrong with float64 already, so the kind of numbers is not the trouble: mend the lines above first"
)
PLACE = "here a size is 1, or two are equal: what an axis means depends on its place, not on its size"


@dataclass(frozen=True)
class Finder:
    """Finds a fault, as a property wants it, and knows some mistakes by name."""

    find: Callable[[Ask, np.random.Generator], str]
    mistakes: tuple[Mistake, ...] = ()

    def __call__(self, ask: Ask, generator: np.random.Generator) -> str:
        """Return one line of diagnosis, or "" if there is no fault."""
        return self.find(ask, generator)


def first_fault(*finders: Finder) -> Finder:
    """Return what finds the first fault that one of these finds."""

    def fault(ask: Ask, generator: np.random.Generator) -> str:
        return next((words for finder in finders if (words := finder(ask, generator))), "")

    return Finder(fault, tuple(mistake for finder in finders for mistake in finder.mistakes))


def _whole(value: Any) -> Any:
    return value


def right_values(
    reference: Callable[..., Any],
    cases: Cases,
    mistakes: Sequence[Mistake] = (),
    *,
    symptoms: Sequence[Symptom] = (),
    shapes: str | Mapping[str, str] = "",
    tolerance: float = 1e-6,
    part: Callable[[Any], Any] = _whole,
    called: str = "result",
) -> Finder:
    """Return a finder of faults that compares with the reference on random cases and knows the named mistakes.

    If no mistake explains all results up to the first wrong one, the first symptom that any wrong result shows is
    named: what one draw happens to hide, the next one tells.

    Args:
        reference: A right function.
        cases: Draws the arguments.
        mistakes: The likeliest first. Each returns all that the function should return, as a student's would.
        symptoms: The most telling first.
        shapes: What to add where NumPy refused to combine arrays of the shapes that the function made; there may be
            several, each under a pattern, of which the first that NumPy's words show counts.
        tolerance: Relative and absolute.
        part: Takes from a result what is looked at, and raises :class:`TroubleError` where it cannot.
        called: What a diagnosis calls it.
    """

    def fault(ask: Ask, generator: np.random.Generator) -> str:
        suspects = list(mistakes)
        first = ""
        wrong: list[tuple[Case, Any, Any]] = []
        for case in cases(generator):
            expected = part(reference(*case.arguments, **case.options))
            try:
                got = part(ask(*case.arguments, **case.options))
            except TroubleError as trouble:
                if wrong and not trouble.lost:
                    break
                advice = advice_on(str(trouble), {"": shapes} if isinstance(shapes, str) else shapes)
                raise TroubleError(in_plain_words(str(trouble), advice), lost=trouble.lost) from None
            # Who was right where a mistake goes wrong does not make it: what is left explains every case so far.
            suspects = [mistake for mistake in suspects if _agrees(mistake, case, got, tolerance, part)]
            if words := difference(got, expected, tolerance=tolerance):
                if not wrong and suspects:
                    says = suspects[0].says
                    return says if isinstance(says, str) else says(case)
                first = first or words
                wrong.append((case, got, expected))
        words = first if ROUNDED in first else _symptom(symptoms, wrong) or first
        return words.replace("your result", f"your {called}")

    return Finder(fault, tuple(mistakes))


def every_size(
    reference: Callable[..., Any], cases: Cases, mistakes: Sequence[Mistake] = (), *, tolerance: float = 1e-6
) -> Finder:
    """Return a finder of what goes wrong only where a size is 1, or where two of them are equal."""
    finder = right_values(reference, cases, mistakes, tolerance=tolerance)

    def fault(ask: Ask, generator: np.random.Generator) -> str:
        words = finder(ask, generator)
        return f"{words}; {PLACE}" if words and words not in {mistake.says for mistake in mistakes} else words

    return Finder(fault, tuple(mistakes))


def _symptom(symptoms: Sequence[Symptom], wrong: Sequence[tuple[Case, Any, Any]]) -> str:
    """Return the words of the first symptom that any wrong result of the right form shows; "" if none does."""
    formed = [(case, got) for case, got, expected in wrong if _formed(got, expected)]
    with np.errstate(all="ignore"):
        return next((one.says for one in symptoms if any(one.shows(case, got) for case, got in formed)), "")


def _formed(got: Any, expected: Any) -> bool:
    if not isinstance(expected, tuple):
        return _fits(got, expected)
    got = as_tuple(got, expected)
    return isinstance(got, tuple | list) and len(got) == len(expected) and all(map(_fits, got, expected))


def _fits(got: Any, expected: Any) -> bool:
    wanted = np.asarray(expected)
    return isinstance(got, np.ndarray) and got.shape == wanted.shape and got.dtype.kind == wanted.dtype.kind


def _agrees(mistake: Mistake, case: Case, got: Any, tolerance: float, part: Callable[[Any], Any]) -> bool:
    copies = tuple(value.copy() if isinstance(value, np.ndarray) else value for value in case.arguments)
    try:
        with np.errstate(all="ignore"):
            wrong = part(mistake.does(*copies, **case.options))
    except Exception:
        return False
    if isinstance(wrong, np.ndarray) and isinstance(got, np.ndarray) and wrong.dtype != got.dtype:
        return False
    return difference(got, wrong, tolerance=tolerance) == ""


def keeps_arguments(cases: Cases) -> Finder:
    """Return a finder of faults that looks whether the arguments are after the call what they were before it."""

    def fault(ask: Ask, generator: np.random.Generator) -> str:
        for case in cases(generator):
            ask(*case.arguments, **case.options)
            for place, (before, after) in enumerate(zip(case.arguments, ask.after, strict=True), start=1):
                if isinstance(before, np.ndarray) and difference(after, before, tolerance=0.0):
                    return (
                        f"your function changes its argument number {place}, which belongs to the caller: "
                        "work on a copy, or write x = x / 2 instead of x /= 2"
                    )
        return ""

    return Finder(fault)


def takes_kinds(
    reference: Callable[..., Any],
    cases: Cases,
    kinds: Sequence[str] = ("float64", "float32", "int64"),
    part: Callable[[Any], Any] = _whole,
    stays: str = "",
) -> Finder:
    """Return a finder of faults that looks whether each kind of numbers is taken, and whether float64 keeps its digits.

    The cases hold float64. Whole numbers are made of them by rounding their threefold, so that they are not all 0.
    Results for arguments of the kind that `stays` must be of this kind.
    """
    tolerances = {"float64": 1e-10}

    def fault(ask: Ask, generator: np.random.Generator) -> str:
        for case in cases(generator):
            for kind in kinds:
                given = tuple(_cast(value, kind) for value in case.arguments)
                expected = part(reference(*(_cast(value, "float64") for value in given), **case.options))
                name = "whole numbers" if np.dtype(kind).kind == "i" else kind
                try:
                    got = part(ask(*given, **case.options))
                except TroubleError as trouble:
                    words = f"{in_plain_words(str(trouble), '')}, when its arguments hold {name}"
                    raise TroubleError(words, lost=trouble.lost) from None
                if kind == "float64" and difference(got, expected, tolerance=1e-3):
                    return ALREADY
                if words := difference(got, expected, tolerance=tolerances.get(kind, 1e-4)):
                    return f"when the arguments hold {name}, {words}"
                if kind == stays and got.dtype != kind:
                    return f"{name} comes back as {got.dtype}: an array of that kind joins in, as from astype or zeros"
        return ""

    return Finder(fault)


def _cast(value: Any, kind: str) -> Any:
    if not isinstance(value, np.ndarray) or value.dtype.kind not in NUMBERS:
        return value
    return (np.rint(3 * value) if np.dtype(kind).kind == "i" and value.dtype.kind == "f" else value).astype(kind)
