"""What the five tasks share: random tables of many sizes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from nbjudge.judging.spec import Case

__all__ = [
    "GATE",
    "TURNED",
    "Array",
    "Cases",
    "Draw",
    "Function",
    "Shapes",
    "filled",
    "leading",
    "mapped",
    "network",
    "pair",
    "plain",
    "sizes_of",
]

Array = Any  # of NumPy
Draw = np.random.Generator
Function = Callable[..., Any]
Cases = Callable[[Draw], Iterable[Case]]
Shapes = Callable[[dict[str, int]], tuple[tuple[int, ...], ...]]

GATE = 1e-5  # results that hold float32 pass here; another property asks about their digits
WIDE = 64  # √64 = 8 makes a forgotten root easy to tell
TURNED = "swap the last two axes only, with np.swapaxes(x, -1, -2): where there are more, .T turns all of them round"


def sizes_of(draw: Draw, letters: str) -> dict[str, int]:
    """Draw a size for each letter, all different, so that no two axes can be taken for each other unnoticed.

    None is a square: the root of 4 keys would be the 2 that somebody wrote for every width.
    """
    usual = [size for size in range(3, 20) if math.isqrt(size) ** 2 != size]
    chosen = draw.permutation(usual[: len(letters) + 3])
    return dict(zip(letters, chosen.tolist(), strict=False))


def filled(draw: Draw, shapes: Iterable[tuple[int, ...]]) -> Case:
    """Fill arrays of these shapes with random numbers."""
    return Case(tuple(draw.normal(size=shape) for shape in shapes))


def pair(s: dict[str, int]) -> tuple[tuple[int, ...], ...]:
    """Queries and keys of one width."""
    return (s["q"], s["d"]), (s["k"], s["d"])


def mapped(s: dict[str, int]) -> tuple[tuple[int, ...], ...]:
    """Queries and keys of two widths, and a map for each."""
    return (s["q"], s["e"]), (s["k"], s["d"]), (s["r"], s["e"]), (s["r"], s["d"])


def network(s: dict[str, int]) -> tuple[tuple[int, ...], ...]:
    """The same, and v and the bias."""
    return *mapped(s), (s["r"],), (s["r"],)


def plain(shapes: Shapes, letters: str, wide: str = "") -> Cases:
    """Three random cases of different sizes; in the first one, the axis `wide` has 64 numbers."""

    def cases(draw: Draw) -> Iterator[Case]:
        for first in (True, False, False):
            sizes = sizes_of(draw, letters)
            yield filled(draw, shapes(sizes | ({wide: WIDE} if first and wide else {})))

    return cases


def leading(shapes: Shapes, letters: str) -> Cases:
    """Several tables at once: one leading axis, two, one table of keys for many; and as many tables as rows."""

    def cases(draw: Draw) -> Iterator[Case]:
        for ahead, behind in (("b", "b"), ("ab", "ab"), ("b", "")):
            sizes = sizes_of(draw, f"{letters}ab")
            queries, keys, *rest = shapes(sizes)
            before, after = (tuple(sizes[letter] for letter in axes) for axes in (ahead, behind))
            yield filled(draw, ((*before, *queries), (*after, *keys), *rest))
        for letter in "qk":
            sizes = sizes_of(draw, letters)
            queries, keys, *rest = shapes(sizes)
            yield filled(draw, ((sizes[letter], *queries), (sizes[letter], *keys), *rest))

    return cases
