"""The two properties that nearly every task has: the right values, and arguments left as they were."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from attnbook.classroom.spec import Ask, Case, Mistake, TroubleError

__all__ = ["Symptom", "difference", "keeps_arguments", "right_values", "takes_kinds", "viewed"]

Cases = Callable[[np.random.Generator], Iterable[Case]]
NUMBERS = "iuf"
LONGEST = 280  # characters of a diagnosis
# What NumPy says in its own terms, and the same in the student's.
PLAINER = (
    (re.compile(r"matmul: Input operand .*? gufunc signature \S+"), "the shapes do not fit"),
    (
        re.compile(r"Cannot cast ufunc .* casting rule 'same_kind'"),
        "whole numbers cannot be changed to decimal ones in place",
    ),
    (
        re.compile("cannot convert float infinity to integer"),
        "an array of whole numbers has no room for ∞ (np.where makes a new one of decimal numbers)",
    ),
    (re.compile(r"ufunc 'bitwise_xor' not supported .*?''safe''"), "^ is no power in Python: write ** for it"),
)
# Where this is the fault, no advice on shapes is needed, and it would be wrong.
ELSEWHERE = (
    (
        re.compile(r"(too many|not enough) values to unpack \(.*?\)"),
        "you give names to another number of values than there are (a shape has one for each axis, and the last of "
        "them are shape[-2] and shape[-1])",
    ),
    (
        re.compile(r"The truth value of an array with more than one element is ambiguous\. Use .*?a\.all\(\)"),
        "one number, or one True or False, is wanted where you give a whole array (between arrays, write & for and, "
        "| for or, ~ for not, and np.where for if)",
    ),
    (
        re.compile(r"(einstein sum subscripts string|operand has more dimensions than subscripts) .*?(?= in line|$)"),
        "your einsum has not one letter for each axis (three dots, as in '...d', stand for any number of axes)",
    ),
)
ROUNDED = "your numbers are rounded to"
ALREADY = (
    "your values are wrong with float64 already, so the kind of numbers is not the trouble: mend the lines above first"
)
CODE = re.compile(r": `.*`")
REFUSALS = ("ValueError", "AxisError", "IndexError")  # what NumPy raises where shapes do not fit


@dataclass(frozen=True)
class Symptom:
    """What can be seen in a wrong result of the right shape, whatever the mistake behind it was.

    Attributes:
        says: The diagnosis.
        shows: Looks for it, given the case and the result.
    """

    says: str
    shows: Callable[[Case, Any], bool]


def _form(shape: tuple[int, ...]) -> str:
    # Of many axes, or long ones, a function could make a message that spells out its arguments.
    return f"shape {shape}" if len(shape) <= 5 and max(shape, default=0) < 1000 else "an enormous shape"


def _kind(value: Any) -> str:
    if value is None:
        return "None (is there a return?)"
    if isinstance(value, np.ndarray):
        return f"an array of {_form(value.shape)}"
    if isinstance(value, tuple):
        return f"a tuple of {len(value)}"
    names = {
        bool: "True or False",
        int: "a number",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "a dictionary",
    }
    return names.get(type(value), f"a {type(value).__name__}")


def _shape(got: tuple[int, ...], expected: tuple[int, ...]) -> str:
    words = f"your result has {_form(got)}, but {expected} was expected for these arguments"
    if len(got) == len(expected) > 1 and got == (*expected[:-2], expected[-1], expected[-2]):
        return f"{words}: the last two axes are swapped"
    return words


def difference(got: Any, expected: Any, *, tolerance: float = 1e-6) -> str:
    """Return in words how a value differs from the expected one in kind, shape, type or numbers; "" if it does not.

    No number of either stands in the words: they may be shown where the arguments are a secret.

    >>> difference(np.ones((3, 2)), np.ones((2, 3)))
    'your result has shape (3, 2), but (2, 3) was expected for these arguments: the last two axes are swapped'
    >>> difference(np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    ''
    """
    if isinstance(expected, tuple):
        got = _several(got, expected)
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            hint = f"return {', '.join('abcde'[: len(expected)])}"
            return f"your function returned {_kind(got)}, but {_kind(expected)} was expected, as in {hint}"
        parts = [difference(one, other, tolerance=tolerance) for one, other in zip(got, expected, strict=True)]
        places = ("first", "second", "third", "fourth", "fifth")
        return next((f"in the {places[i]} part: {words}" for i, words in enumerate(parts) if words), "")
    if not isinstance(expected, np.ndarray):
        expected = np.asarray(expected)
        if isinstance(got, np.ndarray) and got.shape == expected.shape == ():
            got = got[()]
        if isinstance(got, np.ndarray) or not isinstance(got, bool | int | float | np.generic):
            return f"your function returned {_kind(got)}, but a number was expected"
        got = np.asarray(got)
    if not isinstance(got, np.ndarray):
        hint = ": make one of it with np.array(…)" if isinstance(got, list) else ""
        return f"your function returned {_kind(got)}, but an array was expected{hint}"
    if got.shape != expected.shape:
        return _shape(got.shape, expected.shape)
    if expected.dtype.kind in NUMBERS and got.dtype.kind not in NUMBERS:
        return f"your result holds {got.dtype}, but numbers were expected"
    if expected.dtype.kind == "f" and got.dtype.kind != "f" and not np.array_equal(got, expected):
        return "your result holds whole numbers: what stands after the decimal point is lost"
    if expected.dtype.kind == "b" and got.dtype.kind != "b":
        return (
            f"your result holds {got.dtype}, but True and False were expected: what a comparison gives, or a table "
            "made with dtype=bool"
        )
    if expected.dtype.kind == "f":
        if np.isnan(got).any() and not np.isnan(expected).any():
            return "your result has NaN in it (0/0, ∞ − ∞, or the logarithm of a negative number)"
        if np.isinf(got).any() and not np.isinf(expected).any():
            return "your result has an infinite number in it (a division by 0, or the exponential of a large number)"
    # Where whole numbers are expected, 3.9 is not cut down to 3.
    kind = got.dtype if got.dtype.kind == "f" and expected.dtype.kind in "iu" else expected.dtype
    wrong = ~np.isclose(got.astype(kind), expected, rtol=tolerance, atol=tolerance, equal_nan=True)
    if not wrong.any():
        return ""
    if expected.dtype.kind == "f" and tolerance < 1e-5 and np.allclose(got, expected, 1e-4, 1e-5, equal_nan=True):
        if got.dtype.itemsize < expected.dtype.itemsize:
            return f"your result holds {got.dtype}, not {expected.dtype}: half of the digits are lost"
        return "your numbers are nearly right: does something round them, hold them as float32, or add a small number?"
    if expected.dtype.kind == "f" and (digits := _rounded(got, expected)):
        return f"{ROUNDED} {digits} decimal place{'s' * (digits > 1)}: return them with all digits"
    if wrong.shape == ():
        return "your number is wrong"
    return "your numbers are wrong" if wrong.all() else f"{int(wrong.sum())} of your {wrong.size} numbers are wrong"


def _several(got: Any, expected: tuple[Any, ...]) -> Any:
    """Take an array of several numbers for what it holds, where several numbers are expected."""
    numbers = all(isinstance(value, bool | int | float) for value in expected)
    return tuple(got.tolist()) if numbers and isinstance(got, np.ndarray) and got.ndim == 1 else got


def _rounded(got: Any, expected: Any) -> int:
    """Return to how many decimal places a result is the right one, rounded; 0 if it is not."""
    farthest = np.max(np.abs(got - expected), initial=0)  # so that ones and zeros for what is nearly so do not count
    places = (1, 2, 3, 4) if np.any(got) else ()
    rounded = (n for n in places if farthest > 0.1**n / 5 and np.allclose(got, np.round(expected, n), 0, 1e-9))
    return next(rounded, 0)


def right_values(
    reference: Callable[..., Any],
    cases: Cases,
    mistakes: Sequence[Mistake] = (),
    *,
    symptoms: Sequence[Symptom] = (),
    shapes: str = "",
    tolerance: float = 1e-6,
) -> Callable[[Ask, np.random.Generator], str]:
    """Return a finder of faults that compares with the reference on random cases and knows the named mistakes.

    If no mistake explains all results up to the first wrong one, the first symptom that any wrong result shows is
    named: what one draw happens to hide, the next one tells.
    `shapes` is what to add where NumPy refused to combine arrays of the shapes that the function made.
    """

    def fault(ask: Ask, generator: np.random.Generator) -> str:
        suspects = list(mistakes)
        first = ""
        wrong: list[tuple[Case, Any, Any]] = []
        for case in cases(generator):
            expected = reference(*case.arguments, **case.options)
            try:
                got = ask(*case.arguments, **case.options)
            except TroubleError as trouble:
                if wrong and not trouble.lost:
                    break
                advice = shapes if any(kind in str(trouble) for kind in REFUSALS) else ""
                raise TroubleError(_told(str(trouble), advice), lost=trouble.lost) from None
            # Who was right where a mistake goes wrong does not make it: what is left explains every case so far.
            suspects = [mistake for mistake in suspects if _agrees(mistake, case, got, tolerance)]
            if words := difference(got, expected, tolerance=tolerance):
                if not wrong and suspects:
                    says = suspects[0].says
                    return says if isinstance(says, str) else says(case)
                first = first or words
                wrong.append((case, got, expected))
        return first if ROUNDED in first else _seen(symptoms, wrong) or first

    return fault


def _told(trouble: str, advice: str) -> str:
    """Put advice behind what NumPy said, in plain words; if both are long, the line's number says enough."""
    for pattern, words in PLAINER:
        trouble = pattern.sub(words, trouble)
    for pattern, words in ELSEWHERE:
        trouble, found = pattern.subn(words, trouble)
        advice = "" if found else advice
    advice = f" – {advice}" if advice else ""
    return trouble + advice if len(trouble) + len(advice) <= LONGEST else CODE.sub("", trouble) + advice


def _seen(symptoms: Sequence[Symptom], wrong: Sequence[tuple[Case, Any, Any]]) -> str:
    """Return what the first symptom says that any wrong result of the right form shows; "" if none does."""
    formed = [(case, got) for case, got, expected in wrong if _formed(got, expected)]
    with np.errstate(all="ignore"):
        return next((one.says for one in symptoms if any(one.shows(case, got) for case, got in formed)), "")


def _formed(got: Any, expected: Any) -> bool:
    if not isinstance(expected, tuple):
        return _fits(got, expected)
    got = _several(got, expected)
    return isinstance(got, tuple | list) and len(got) == len(expected) and all(map(_fits, got, expected))


def _fits(got: Any, expected: Any) -> bool:
    wanted = np.asarray(expected)
    return isinstance(got, np.ndarray) and got.shape == wanted.shape and got.dtype.kind == wanted.dtype.kind


def _agrees(mistake: Mistake, case: Case, got: Any, tolerance: float) -> bool:
    copies = tuple(value.copy() if isinstance(value, np.ndarray) else value for value in case.arguments)
    try:
        with np.errstate(all="ignore"):
            wrong = mistake.does(*copies, **case.options)
    except Exception:
        return False
    if isinstance(wrong, np.ndarray) and isinstance(got, np.ndarray) and wrong.dtype != got.dtype:
        return False
    return difference(got, wrong, tolerance=tolerance) == ""


def keeps_arguments(cases: Cases) -> Callable[[Ask, np.random.Generator], str]:
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

    return fault


def takes_kinds(
    reference: Callable[..., Any], cases: Cases, kinds: Sequence[str] = ("float64", "float32", "int64")
) -> Callable[[Ask, np.random.Generator], str]:
    """Return a finder of faults that looks whether each kind of numbers is taken, and whether float64 keeps its digits.

    The cases hold float64. Whole numbers are made of them by rounding their threefold, so that they are not all 0.
    """
    tolerances = {"float64": 1e-10}

    def fault(ask: Ask, generator: np.random.Generator) -> str:
        for case in cases(generator):
            for kind in kinds:
                given = tuple(_cast(value, kind) for value in case.arguments)
                expected = reference(*(_cast(value, "float64") for value in given), **case.options)
                name = "whole numbers" if np.dtype(kind).kind == "i" else kind
                try:
                    got = ask(*given, **case.options)
                except TroubleError as trouble:
                    words = f"{_told(str(trouble), '')}, when its arguments hold {name}"
                    raise TroubleError(words, lost=trouble.lost) from None
                if kind == "float64" and difference(got, expected, tolerance=1e-3):
                    return ALREADY
                if words := difference(got, expected, tolerance=tolerances.get(kind, 1e-4)):
                    return f"when the arguments hold {name}, {words}"
        return ""

    return fault


def _cast(value: Any, kind: str) -> Any:
    if not isinstance(value, np.ndarray) or value.dtype.kind not in NUMBERS:
        return value
    return (np.rint(3 * value) if np.dtype(kind).kind == "i" and value.dtype.kind == "f" else value).astype(kind)


class _Viewed(Ask):
    def __init__(self, ask: Ask, view: Callable[[Any], Any]) -> None:
        self._ask, self._view = ask, view

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        value = self._ask(*arguments, **options)
        self.after = self._ask.after
        return self._view(value)


def viewed(
    view: Callable[[Any], Any], fault: Callable[[Ask, np.random.Generator], str], *, name: str = "result"
) -> Callable[[Ask, np.random.Generator], str]:
    """Return a finder of faults that sees of each result what `view` makes of it, such as one part of a tuple.

    Where a result is not what `view` can take, it may raise :class:`TroubleError` with the end of a sentence.
    `name` is what a diagnosis calls what is seen.
    """
    return lambda ask, generator: fault(_Viewed(ask, view), generator).replace("your result", f"your {name}")
