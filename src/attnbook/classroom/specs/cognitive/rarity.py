"""Task 2: what is asked of a map of what stands out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from attnbook.classroom.specs.cognitive.rarity_ways import (
    GATE,
    NOT_HALF,
    NOTHING,
    OF_ALL_SYMPTOM,
    WRONG_SUM,
    WRONG_WEIGHTS,
    Array,
    rarity_map,
)
from nbjudge.judging.compare import keeps_arguments, right_values, takes_kinds
from nbjudge.judging.spec import Case, Property, Task

__all__ = ["NOTHING", "RARITY", "rarity_map"]

ALIKE = (
    "one number for each map, (f,), does not fit to (f, y, x): keep the axes with keepdims=True, or take one map after "
    "the other"
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


def _plain(draw: np.random.Generator) -> Iterator[Case]:
    for shape in ((3, 7, 9), (4, 11, 6), (2, 5, 13)):
        yield Case((_heavy(draw, *shape),))


def _steps(draw: np.random.Generator) -> Iterator[Case]:
    """Maps of few different numbers, of which many places have exactly half of the greatest, which may be odd."""
    for shape, tops in (((3, 6, 8), (2.0, 5.0, 4.0)), ((2, 9, 5), (6.0, 3.0))):
        maps = draw.integers(-2, 2, shape).astype(float)
        for one, top in zip(maps, tops, strict=True):
            chosen = draw.permutation(one.size)
            one.flat[chosen[:3]], one.flat[chosen[3:9]] = top, top / 2
            one.flat[chosen[9:12]] = np.floor(top / 2)
        yield Case((maps,))


def _thirds(draw: np.random.Generator) -> Iterator[Case]:
    """Three times these numbers is whole, and half of the greatest is not, so that no place has exactly half."""
    for shape in ((3, 7, 9), (2, 8, 5)):
        maps = draw.integers(-10, 11, shape) * draw.choice([0.2, 0.5, 1.0], shape) // 1
        maps[:, 2, 3] = 11
        yield Case((maps / 3,))


def _silent(draw: np.random.Generator) -> Iterator[Case]:
    """A map that is nowhere above 0, and one of nothing but 0, among others."""
    for shape in ((4, 6, 9), (3, 8, 5)):
        maps = _heavy(draw, *shape)
        maps[1], maps[2] = -np.abs(maps[1]) - 0.1, 0
        yield Case((maps,))


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
            right_values(
                rarity_map,
                _plain,
                (*WRONG_WEIGHTS, *WRONG_SUM),
                symptoms=[OF_ALL_SYMPTOM],
                shapes=ALIKE,
                tolerance=GATE,
            ),
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
