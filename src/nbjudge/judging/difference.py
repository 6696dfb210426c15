"""How a value differs from the right one, in words that give away neither of them."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["NUMBERS", "ROUNDED", "as_tuple", "difference"]

NUMBERS = "iuf"  # the kinds of dtypes that hold numbers
ROUNDED = "your numbers are rounded to"


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
        got = as_tuple(got, expected)
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
    if expected.dtype.kind == "f" and np.any(got) and np.array_equal(got, np.floor(expected)):
        return f"{ROUNDED} whole ones: // drops what stands after the decimal point, and / keeps it"
    if expected.dtype.kind == "f" and (digits := _rounded(got, expected)):
        return f"{ROUNDED} {digits} decimal place{'s' * (digits > 1)}: return them with all digits"
    if wrong.shape == ():
        return "your number is wrong"
    return "your numbers are wrong" if wrong.all() else f"{int(wrong.sum())} of your {wrong.size} numbers are wrong"


def as_tuple(got: Any, expected: tuple[Any, ...]) -> Any:
    """Return a one-dimensional array as a tuple where a tuple of numbers is expected; else what was given."""
    numbers = all(isinstance(value, bool | int | float) for value in expected)
    return tuple(got.tolist()) if numbers and isinstance(got, np.ndarray) and got.ndim == 1 else got


def _rounded(got: Any, expected: Any) -> int:
    """Return to how many decimal places a result is the right one, rounded; 0 if it is not."""
    farthest = np.max(np.abs(got - expected), initial=0)  # so that ones and zeros for what is nearly so do not count
    places = (1, 2, 3, 4) if np.any(got) else ()
    rounded = (n for n in places if farthest > 0.1**n / 5 and np.allclose(got, np.round(expected, n), 0, 1e-9))
    return next(rounded, 0)
