"""Task 2: a map of what stands out, in which a feature counts the more, the rarer its high places are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from attnbook.core import cognitive
from nbjudge.judging.common_mistakes import mean_for_sum
from nbjudge.judging.compare import GATE, keeps_arguments, right_values, symptoms, takes_kinds
from nbjudge.judging.spec import Case, Property, Task, mistakes

__all__ = ["NOTHING", "RARITY", "rarity_map"]

Array = Any  # of NumPy
Function = Callable[[Array], Array]
EACH = "for each map by itself, over its rows and columns, axis=(1, 2)"
ALIKE = (
    "one number for each map, (f,), does not fit to (f, y, x): keep the axes with keepdims=True, or take one map after "
    "the other"
)


def _top(c: Array) -> Array:
    return c.max(axis=(1, 2), keepdims=True)


def _scaled(c: Array) -> Array:
    """Make of each map one whose greatest number is 1, with nothing below 0: the chapter's priority does so."""
    return cognitive.priority(c, np.zeros_like(c), mix=0)


def _news(n: float | Array, high: Array) -> Array:
    """The logarithm of how rare it is that a place is high; where none is, the scaled map is 0 anyway. (f,)."""
    return np.log(n / np.maximum(1, high.sum(axis=(1, 2))))


def _rarity(c: Array) -> Array:
    return _news(c[0].size, c >= 0.5 * _top(c))


def rarity_map(contrasts: Array) -> Array:
    """A search whose query is not a wish, but how rare each feature is."""
    contrasts = np.asarray(contrasts, dtype=float)
    return cognitive.search(_scaled(contrasts), _rarity(contrasts))


def _weighed(weights: Function) -> Function:
    return lambda c: cognitive.search(_scaled(c), weights(c))


def _counted(high: Function) -> Function:
    return _weighed(lambda c: _news(c[0].size, high(c)))


def _of(maps: Function, *, counted: bool = False) -> Function:
    """Other maps; counted are the places that reach half of the greatest number, or ½ in these."""
    return lambda c: cognitive.search(maps(c), _news(c[0].size, maps(c) >= 0.5) if counted else _rarity(c))


def _together(c: Array) -> Array:
    return np.maximum(0, c) / c.max()


def _parts(c: Array) -> Array:
    return _scaled(c) * _rarity(c)[:, None, None]


VALUES = mistakes(
    "all your maps count the same: multiply each one by how rare it is, ln(n / n_f), before you add them up",
    _weighed(lambda c: np.ones(len(c))),
    "your weights are upside down: the weight is ln(n / n_f), so that what is rare counts most",
    _weighed(lambda c: -_rarity(c)),
    _weighed(lambda c: np.exp(-_rarity(c))),
    "you forgot the logarithm: the weight is ln(n / n_f)",
    _weighed(lambda c: np.exp(_rarity(c))),
    _weighed(lambda c: np.exp(_rarity(c)) / c[0].size),
    "your logarithm has base 2 or 10: here it is the natural one, np.log",
    _weighed(lambda c: _rarity(c) / np.log(2)),
    _weighed(lambda c: _rarity(c) / np.log(10)),
    "your n is not how many places one map has, rows times columns, be they above 0 or not",
    _weighed(lambda c: _news(len(c), c >= 0.5 * _top(c))),
    _weighed(lambda c: _news(c.shape[1], c >= 0.5 * _top(c))),
    _weighed(lambda c: _news(c.size, c >= 0.5 * _top(c))),
    _weighed(lambda c: _news((c > 0).sum(axis=(1, 2)), c >= 0.5 * _top(c))),
    f"you measure all maps by the greatest number of all, so that one in large units takes it all: do it {EACH}",
    _of(_together),
    _of(_together, counted=True),
    _counted(lambda c: _together(c) >= 0.5),
    lambda c: _together(c).sum(axis=0) * np.log(c.size / (_together(c) >= 0.5).sum()),
    "your n_f counts something else than True: .sum() counts it, len(…) is the number of rows (or of axes), and .size "
    "is the same for True and False",
    _weighed(lambda c: np.log(np.full(len(c), c.shape[2]))),
    _weighed(lambda c: np.log(np.full(len(c), c[0].size / 2))),
    _weighed(lambda c: np.zeros(len(c))),
    "your n_f is not how many places of a map reach half of its own greatest number",
    _counted(lambda c: c > 0),
    _counted(lambda c: c >= 0.5),
    _counted(lambda c: _scaled(c) * (_scaled(c) >= 0.5)),
    "you cut half of the greatest number down to a whole number: divide with /, not with //",
    _counted(lambda c: c >= _top(c) // 2),
    "you add 1 somewhere: the weight is ln(n / n_f)",
    _weighed(lambda c: np.log1p(np.exp(_rarity(c)))),
    _weighed(lambda c: -np.log(np.exp(-_rarity(c)) + 1 / c[0].size)),
    f"you do not divide each map by its greatest number, so that one in large units drowns the rest: do it {EACH}",
    _of(lambda c: np.maximum(0, c)),
    _of(lambda c: np.maximum(0, c) / c.max(axis=2, keepdims=True)),
    _of(lambda c: np.maximum(0, c) / _top(np.abs(c)), counted=True),
    "you keep what is below 0, or its size: a place that is less than its surround adds nothing, so make it 0",
    _of(lambda c: c / _top(c)),
    _of(lambda c: (c + _top(-c)) / (_top(c) + _top(-c))),
    lambda c: rarity_map(np.abs(c)),
    "you add the news itself wherever a map reaches half: it is multiplied by the scaled map, so that a higher place "
    "counts for more",
    _of(lambda c: (_scaled(c) >= 0.5).astype(float)),
    "you use the first map only: is there a return inside the loop?",
    lambda c: rarity_map(c[:1]),
    "you use the last map only: in a loop, add to what you have (+=)",
    lambda c: rarity_map(c[-1:]),
    "you take the mean, the largest, or the root of the squares of the maps: they are simply added up",
    mean_for_sum(rarity_map, axis=0),
    lambda c: _parts(c).max(axis=0),
    lambda c: np.sqrt((_parts(c) ** 2).sum(axis=0)),
    "you divide the sum by its greatest number in the end: leave it as it is",
    lambda c: rarity_map(c) / rarity_map(c).max(),
    "you return one map for each feature: add them up, over the first axis",
    _parts,
)
UNREACHED = symptoms(
    "in some map you find no place that reaches half, and divide by 0: compare each map with its own greatest number",
    lambda case, got: not np.isfinite(got).all(),
)
NOT_HALF = mistakes(
    "you do not count a place that has exactly half of the greatest number: it reaches half, so it counts (≥); if that "
    "is what you say, then a small number that you add somewhere makes it fall short",
    _weighed(lambda c: _news(c[0].size, c > _top(c) / 2)),
)
NOTHING = symptoms(
    "in a map without anything above 0 you divide by 0, which makes NaN or ∞: such a map adds nothing; leave it out",
    lambda case, got: not np.isfinite(got).all(),
    "a map without anything above 0 changes what comes of the others: leave it out, and go on with the next one",
)


def _heavy(draw: np.random.Generator, *shape: int) -> Array:
    """Maps of both signs in different units, of which some have few high places and some have many."""
    maps = draw.normal(0.1, 1.0, shape)
    for place, power in enumerate(draw.permutation(len(maps))):
        maps[place] = np.sign(maps[place]) * np.abs(maps[place]) ** (0.5 + power) * draw.uniform(0.4, 4.0)
        highest, lowest = draw.permutation(maps[place].size)[:2]
        maps[place].flat[highest] = 1.1 * np.abs(maps[place]).max()
        maps[place].flat[lowest] = -1.5 * maps[place].max()  # farther from 0 than the highest
    return maps


def _plain(draw: np.random.Generator, shapes: Any = ((3, 7, 9), (4, 11, 6), (2, 5, 13))) -> Iterator[Case]:
    return (Case((_heavy(draw, *shape),)) for shape in shapes)


def _silent(draw: np.random.Generator) -> Iterator[Case]:
    """A map that is nowhere above 0, and one of nothing but 0, among others."""
    for case in _plain(draw, ((4, 6, 9), (3, 8, 5))):
        maps = case.arguments[0]
        maps[1], maps[2] = -np.abs(maps[1]) - 0.1, 0
        yield case


def _steps(draw: np.random.Generator) -> Iterator[Case]:
    """Maps of few different numbers, of which many places have exactly half of the greatest."""
    for shape, tops in (((3, 6, 8), (2.0, 5.0, 4.0)), ((2, 9, 5), (6.0, 3.0))):
        maps = draw.integers(-2, 2, shape).astype(float)
        for one, top in zip(maps, tops, strict=True):
            chosen = draw.permutation(one.size)
            one.flat[chosen[:3]], one.flat[chosen[3:9]] = top, top / 2
        yield Case((maps,))


def _thirds(draw: np.random.Generator) -> Iterator[Case]:
    """Three times these numbers is whole, and half of the greatest is not, so that no place has exactly half."""
    for shape in ((3, 7, 9), (2, 8, 5)):
        maps = draw.integers(-10, 11, shape) * draw.choice([0.2, 0.5, 1.0], shape) // 1
        maps[:, 2, 3] = 11
        yield Case((maps / 3,))


RARITY = Task(
    "rarity_map",
    "cognitive",
    "Add up maps of contrast, each weighed by how rare its high places are.",
    rarity_map,
    (
        Property(
            "rare",
            "scales each map, weighs it by how rare its high places are, and adds",
            1.5,
            right_values(rarity_map, _plain, VALUES, symptoms=UNREACHED, shapes=ALIKE, tolerance=GATE),
        ),
        Property(
            "half",
            "counts a place that has exactly half of the greatest number",
            0.5,
            right_values(rarity_map, _steps, NOT_HALF, tolerance=GATE),
        ),
        Property(
            "silent",
            "adds nothing for a map in which nothing is above 0",
            0.5,
            right_values(rarity_map, _silent, symptoms=NOTHING, tolerance=GATE),
        ),
        Property(
            "kinds",
            "takes whole numbers and float32, and keeps the digits of float64",
            0.5,
            takes_kinds(rarity_map, _thirds),
        ),
        Property("arguments", "leaves its arguments as they were", 0.5, keeps_arguments(_plain)),
    ),
)
