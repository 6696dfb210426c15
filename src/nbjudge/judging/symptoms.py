"""What can be seen in a wrong result, whatever the mistake was, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbjudge.judging.spec import Case

__all__ = ["Symptom", "infinite", "multiple_of", "nan", "negative", "not_one", "symptoms"]


@dataclass(frozen=True)
class Symptom:
    """What can be seen in a wrong result of the right shape, whatever the mistake behind it was.

    Attributes:
        says: The diagnosis.
        shows: Looks for it, given the case and the result.
    """

    says: str
    shows: Callable[[Case, Any], bool]


def symptoms(*rows: str | Callable[[Case, Any], bool]) -> tuple[Symptom, ...]:
    """Make symptoms of words, each followed by what looks for it; words with nothing behind them fit any wrong result.

    >>> [one.says for one in symptoms("you return NaN", lambda case, got: bool(np.isnan(got).any()), "try it by hand")]
    ['you return NaN', 'try it by hand']
    """
    made: list[Symptom] = []
    for row in rows:
        if isinstance(row, str):
            made.append(Symptom(row, lambda case, got: True))
        else:
            made[-1] = Symptom(made[-1].says, row)
    return tuple(made)


def nan(case: Case, got: Any) -> bool:
    """Is something in it no number?"""
    return bool(np.isnan(got).any())


def infinite(case: Case, got: Any) -> bool:
    """Is something in it no number, or infinite?"""
    return not np.isfinite(got).all()


def negative(case: Case, got: Any) -> bool:
    """Is something in it below 0?"""
    return bool((got < 0).any())


def not_one(axis: int | None = None) -> Callable[[Case, Any], bool]:
    """Look whether the numbers along an axis, or all of them, sum to something else than 1."""
    return lambda case, got: not np.allclose(got.sum(axis=axis), 1, atol=1e-5)


def multiple_of(right: Callable[..., Any]) -> Callable[[Case, Any], bool]:
    """Look whether a result is a multiple of another function's, whatever the factor."""

    def shows(case: Case, got: Any) -> bool:
        of = right(*case.arguments)
        factor = float((got * of).sum() / (of * of).sum())
        close = np.allclose(got, factor * of, rtol=1e-4, atol=1e-4 * float(np.abs(got).max()))
        return bool(np.isfinite(got).all() and got.any() and close)

    return shows
