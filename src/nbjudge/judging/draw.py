"""Random arguments for functions of arrays, whose shapes are written as in `np.einsum`: "qd,kd" is two tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from nbjudge.judging.compare import Cases
from nbjudge.judging.spec import Case

__all__ = ["any_size", "arrays", "changed", "each", "filled", "partial_mask", "sizes_of", "stacks", "telling"]

WIDE = 64  # √64 = 8 makes a forgotten root easy to tell


def _letters(shapes: str) -> str:
    return "".join(sorted(set(shapes) - {","}))


def sizes_of(draw: np.random.Generator, letters: str) -> dict[str, int]:
    """Draw a size for each letter, all different, so that no two axes can be taken for each other unnoticed.

    None is a square: the root of 4 would be the 2 that somebody wrote for every width.
    """
    usual = [size for size in range(3, 20) if math.isqrt(size) ** 2 != size]
    return dict(zip(letters, draw.permutation(usual[: len(letters) + 3]).tolist(), strict=False))


def filled(draw: np.random.Generator, shapes: str, sizes: dict[str, int]) -> Case:
    """Fill arrays of these shapes with random numbers."""
    return Case(tuple(draw.normal(size=tuple(sizes[letter] for letter in axes)) for axes in shapes.split(",")))


def arrays(shapes: str, *, wide: str = "") -> Cases:
    """Three cases of different sizes; in the first one, the axis `wide` has 64 numbers."""

    def cases(draw: np.random.Generator) -> Iterator[Case]:
        for first in (True, False, False):
            sizes = sizes_of(draw, _letters(shapes))
            yield filled(draw, shapes, sizes | ({wide: WIDE} if first and wide else {}))

    return cases


def stacks(shapes: str) -> Cases:
    """Several tables at once in the first two arguments: one axis ahead, two, none in the second; as many as rows."""
    one, two, *rest = shapes.split(",")

    def cases(draw: np.random.Generator) -> Iterator[Case]:
        for before, after in (("Y", "Y"), ("XY", "XY"), ("Y", "")):
            stacked = ",".join([before + one, after + two, *rest])
            yield filled(draw, stacked, sizes_of(draw, _letters(shapes) + "XY"))
        for letter in (one[0], two[0]):
            yield filled(draw, ",".join([letter + one, letter + two, *rest]), sizes_of(draw, _letters(shapes)))

    return cases


def any_size(shapes: str) -> Cases:
    """Make each size 1 once, then each two of them equal, then all."""
    letters = _letters(shapes)

    def cases(draw: np.random.Generator) -> Iterator[Case]:
        for letter in letters:
            yield filled(draw, shapes, sizes_of(draw, letters) | {letter: 1})
        for group in (*combinations(letters, 2), letters):
            same = int(draw.integers(3, 7))
            yield filled(draw, shapes, sizes_of(draw, letters) | dict.fromkeys(group, same))

    return cases


def each(make: Callable[..., Any], *rows: Any) -> Cases:
    """One case for each row: `make(draw, *row)` returns the arguments, or a case."""

    def cases(draw: np.random.Generator) -> Iterator[Case]:
        for row in rows:
            made = make(draw, *(row if isinstance(row, tuple) else (row,)))
            yield made if isinstance(made, Case) else Case(made)

    return cases


def changed(cases: Cases, change: Callable[..., Any]) -> Cases:
    """Other arguments for each case: `change(draw, *arguments)` returns them."""
    return lambda draw: (Case(tuple(change(draw, *case.arguments)), case.options) for case in cases(draw))


def telling(make: Callable[..., Any], functions: Sequence[Callable[..., Any]], *rows: Any) -> Cases:
    """As `each`, but drawn until no two functions answer alike: where little is counted, a wrong one may be right."""

    def drawn(draw: np.random.Generator, *row: Any) -> Any:
        while True:
            made = make(draw, *row)
            case = made if isinstance(made, Case) else Case(made)
            with np.errstate(all="ignore"):
                answers = [np.asarray(function(*case.arguments, **case.options)) for function in functions]
            pairs = combinations(answers, 2)
            if all(one.shape != other.shape or np.any(abs(one - other) > 3e-3) for one, other in pairs):
                return case

    return each(drawn, *rows)


def partial_mask(draw: np.random.Generator, rows: int, columns: int, least: int = 2) -> Any:
    """Draw a mask in which each row allows some places but not all, and each place is allowed in some row."""
    while True:
        mask = draw.random((rows, columns)) < 0.65
        allowed = mask.sum(axis=1)
        if allowed.min() >= least and allowed.max() < columns and mask.any(axis=0).all():
            return mask
