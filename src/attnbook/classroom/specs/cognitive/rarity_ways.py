"""Task 2, the right way and the wrong ones: a map counts the more, the rarer its high places are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from attnbook.core import cognitive
from nbjudge.judging.compare import Symptom
from nbjudge.judging.spec import Mistake

__all__ = ["GATE", "NOTHING", "NOT_HALF", "OF_ALL_SYMPTOM", "WRONG_SUM", "WRONG_WEIGHTS", "Array", "rarity_map"]

Array = Any  # of NumPy
GATE = 1e-5
EACH = "for each map by itself, over its rows and columns, axis=(1, 2)"
OF_ALL = f"you divide all maps by the greatest number of all, so that one in large units takes it all: do it {EACH}"


def scaled(contrasts: Array) -> Array:
    """Make of each map one whose greatest number is 1, with nothing below 0: the chapter's priority does so."""
    return cognitive.priority(contrasts, np.zeros_like(contrasts), mix=0)


def _places(contrasts: Array) -> int:
    return int(contrasts.shape[1] * contrasts.shape[2])


def crowds(maps: Array, share: float = 0.5) -> Array:
    """Return how many places of each map stand out, and 1 where none does, as its scaled map is 0 anyway: (f,)."""
    return np.maximum(1, (maps >= share * maps.max(axis=(1, 2), keepdims=True)).sum(axis=(1, 2)))


def rarity(contrasts: Array) -> Array:
    """Return what each map counts: (f,)."""
    return np.log(_places(contrasts) / crowds(contrasts))


def rarity_map(contrasts: Array) -> Array:
    """A search whose query is not a wish, but how rare each feature is."""
    contrasts = np.asarray(contrasts, dtype=float)
    return cognitive.search(scaled(contrasts), rarity(contrasts))


def _weighed(weights: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """A wrong way: other weights."""
    return lambda contrasts: cognitive.search(scaled(contrasts), weights(contrasts))


def _as_they_are(contrasts: Array) -> Array:
    return cognitive.search(np.maximum(0, contrasts), rarity(contrasts))


def _negative_kept(contrasts: Array) -> Array:
    return cognitive.search(contrasts / contrasts.max(axis=(1, 2), keepdims=True), rarity(contrasts))


def _together(contrasts: Array) -> Array:
    return cognitive.search(np.maximum(0, contrasts) / contrasts.max(), rarity(contrasts))


def _common(contrasts: Array) -> Array:
    counts = (contrasts >= contrasts.max() / 2).sum(axis=(1, 2))
    return np.log(_places(contrasts) / np.maximum(counts, 1))


def _together_throughout(contrasts: Array) -> Array:
    return cognitive.search(np.maximum(0, contrasts) / contrasts.max(), _common(contrasts))


def _one_count(contrasts: Array) -> Array:
    maps = np.maximum(0, contrasts) / contrasts.max()
    return maps.sum(axis=0) * np.log(contrasts.size / (maps >= 0.5).sum())


def _in_rows(contrasts: Array) -> Array:
    positive = np.maximum(0, contrasts)
    greatest = positive.max(axis=2, keepdims=True)
    return cognitive.search(positive / np.where(greatest > 0, greatest, 1), rarity(contrasts))


def _unlike(contrasts: Array) -> Array:
    size = np.abs(contrasts)
    return cognitive.search(scaled(size), rarity(size))


def _spread(contrasts: Array) -> Array:
    lowest, greatest = (end(contrasts, axis=(1, 2), keepdims=True) for end in (np.min, np.max))
    return cognitive.search((contrasts - lowest) / (greatest - lowest), rarity(contrasts))


def _summed(contrasts: Array) -> Array:
    positive = np.maximum(0, contrasts)
    return cognitive.search(positive / positive.sum(axis=(1, 2), keepdims=True), rarity(contrasts))


def _signs_aside(contrasts: Array) -> Array:
    relative = np.maximum(0, contrasts) / np.abs(contrasts).max(axis=(1, 2), keepdims=True)
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    return cognitive.search(relative, np.log(_places(contrasts) / counts))


def _parts(contrasts: Array) -> Array:
    return scaled(contrasts) * rarity(contrasts)[:, None, None]


def _by_the_chapter(contrasts: Array) -> Array:
    return 1 / (0.05 + np.sqrt((contrasts**2).mean(axis=(1, 2))))


WRONG_WEIGHTS = (
    Mistake(
        "all your maps count the same: multiply each one by how rare it is, ln(n / n_f), before you add them up",
        _weighed(lambda c: np.ones(len(c))),
    ),
    Mistake(
        "your weights are upside down: ln(n_f / n) is negative, so that what is rare counts most against a place",
        _weighed(lambda c: -rarity(c)),
    ),
    Mistake(
        "in your map common things count most: you weigh by the share n_f / n; it should be ln(n / n_f)",
        _weighed(lambda c: crowds(c) / _places(c)),
    ),
    Mistake("you forgot the logarithm: the weight is ln(n / n_f)", _weighed(lambda c: _places(c) / crowds(c))),
    Mistake(
        "you divide by how many places stand out: the weight is the logarithm ln(n / n_f)",
        _weighed(lambda c: 1 / crowds(c)),
    ),
    Mistake("your logarithm has base 2: here it is the natural one, np.log", _weighed(lambda c: rarity(c) / np.log(2))),
    Mistake(
        "your logarithm has base 10: here it is the natural one, np.log", _weighed(lambda c: rarity(c) / np.log(10))
    ),
    Mistake(
        "your n is the number of rows: it is the number of places, rows times columns",
        _weighed(lambda c: np.log(c.shape[1] / crowds(c))),
    ),
    Mistake(
        "your n is the number of maps: it is the number of places of one map, rows times columns",
        _weighed(lambda c: np.log(len(c) / crowds(c))),
    ),
    Mistake(
        "your n counts the places of all maps together: it is how many places one map has",
        _weighed(lambda c: np.log(c.size / crowds(c))),
    ),
    Mistake(
        "your weights are made to sum to 1, or to have a mean of 1: leave them as they are",
        _weighed(lambda c: rarity(c) / rarity(c).sum()),
    ),
    Mistake(
        "you count the places above 0: n_f counts only those that reach half of the map's greatest number",
        _weighed(lambda c: np.log(_places(c) / (c > 0).sum(axis=(1, 2)))),
    ),
    Mistake(f"you measure all maps by the greatest number of them all when you count: do it {EACH}", _weighed(_common)),
    Mistake(
        "you count the places below half: n_f counts those that reach it",
        _weighed(lambda c: np.log(_places(c) / (_places(c) - crowds(c)))),
    ),
    Mistake(
        "you count only the highest place of each map: n_f counts all that reach half of it",
        _weighed(lambda c: np.log(_places(c) / crowds(c, 1.0))),
    ),
    Mistake(
        "you count rows where n_f is wanted: len(…) of a map is the number of its rows; .sum() counts what is True",
        _weighed(lambda c: np.log(_places(c) / np.full(len(c), c.shape[1]))),
    ),
    Mistake(
        "you count axes where n_f is wanted: len(np.where(…)) is 2 for every map; .sum() counts what is True",
        _weighed(lambda c: np.log(_places(c) / np.full(len(c), 2))),
    ),
    Mistake(
        "your n_f counts all places, so that nothing is news: .size is the same for True and False; .sum() counts "
        "what is True",
        _weighed(lambda c: np.zeros(len(c))),
    ),
    Mistake(
        "you add up the numbers that reach half: n_f says how many there are",
        _weighed(lambda c: np.log(_places(c) / (scaled(c) * (scaled(c) >= 0.5)).sum(axis=(1, 2)))),
    ),
    Mistake(
        "your n counts the places above 0: it is the number of all places of one map",
        _weighed(lambda c: np.log((c > 0).sum(axis=(1, 2)) / crowds(c))),
    ),
    Mistake(
        "you add 1 before you take the logarithm: the weight is ln(n / n_f)",
        _weighed(lambda c: np.log1p(_places(c) / crowds(c))),
    ),
    Mistake("you add 1 to n_f: the weight is ln(n / n_f)", _weighed(lambda c: np.log(_places(c) / (crowds(c) + 1)))),
    Mistake(
        "you compare with ½ before you divide by the map's greatest number: n_f counts what reaches half of it",
        _weighed(lambda c: np.log(_places(c) / np.maximum(1, (c >= 0.5).sum(axis=(1, 2))))),
    ),
    Mistake(
        "you take away the sign when you count: a place below 0 does not stand out",
        _weighed(lambda c: rarity(np.abs(c))),
    ),
    Mistake(
        "you weigh by the root mean square, as the chapter does: here the weight is ln(n / n_f)",
        lambda c: cognitive.search(np.maximum(0, c), _by_the_chapter(c)),
    ),
    Mistake(
        "you weigh by the root mean square, as the chapter does: here the weight is ln(n / n_f)",
        _weighed(_by_the_chapter),
    ),
)
WRONG_SUM = (
    Mistake(
        f"you do not divide each map by its greatest number, so that one in large units drowns the rest: do it {EACH}",
        _as_they_are,
    ),
    Mistake(OF_ALL, _together),
    Mistake(OF_ALL, _together_throughout),
    Mistake(f"you scale and count all maps as if they were one: do it {EACH}", _one_count),
    Mistake(f"you divide each row by its own greatest number: do it {EACH}", _in_rows),
    Mistake("you divide each map by its sum: divide it by its greatest number", _summed),
    Mistake("you keep what is below 0: a place that is less than its surround adds nothing", _negative_kept),
    Mistake(
        "you shift each map so that its lowest number is 0: negative contrasts are made 0, and the others stay", _spread
    ),
    Mistake(
        "you take away the sign: a place that is less than its surround adds nothing, so make what is below 0 into 0",
        _unlike,
    ),
    Mistake(
        "you divide each map by what is farthest from 0, be it negative: divide it by its greatest number", _signs_aside
    ),
    Mistake(
        "you add the news itself wherever a map reaches half: it is multiplied by the scaled map, so that a higher "
        "place counts for more",
        lambda c: cognitive.search((scaled(c) >= 0.5).astype(float), rarity(c)),
    ),
    Mistake("you use the first map only: is there a return inside the loop?", lambda c: rarity_map(c[:1])),
    Mistake("you use the last map only: in a loop, add to what you have (+=)", lambda c: rarity_map(c[-1:])),
    Mistake("you take the mean over the maps: they are added up", lambda c: rarity_map(c) / len(c)),
    Mistake("you keep the largest of the maps at each place: they are added up", lambda c: _parts(c).max(axis=0)),
    Mistake(
        "you multiply the maps with each other: they are added up, since one feature is enough to stand out",
        lambda c: _parts(c).prod(axis=0),
    ),
    Mistake(
        "you take the root of the sum of squares, as the chapter does: here the maps are simply added up",
        lambda c: np.sqrt((_parts(c) ** 2).sum(axis=0)),
    ),
    Mistake(
        "you divide the sum by its greatest number in the end: leave it as it is",
        lambda c: rarity_map(c) / rarity_map(c).max(),
    ),
    Mistake("you return one map for each feature: add them up, over the first axis", _parts),
)
OF_ALL_SYMPTOM = Symptom(
    "in some map you find no place that reaches half, and divide by 0: compare each map with its own greatest number",
    lambda case, got: not np.isfinite(got).all(),
)
NOT_HALF = (
    Mistake(
        "you do not count a place that has exactly half of the greatest number: it reaches half, so it counts "
        "(≥); if that is what you say, then a small number that you add somewhere makes it fall short",
        _weighed(lambda c: np.log(_places(c) / (c > c.max(axis=(1, 2), keepdims=True) / 2).sum(axis=(1, 2)))),
    ),
    Mistake(
        "you cut half of the greatest number down to a whole number: divide with /, not with //",
        _weighed(lambda c: np.log(_places(c) / (c >= c.max(axis=(1, 2), keepdims=True) // 2).sum(axis=(1, 2)))),
    ),
)
NOTHING = (
    Symptom(
        "in a map without anything above 0 you divide 0 by 0, which is NaN: such a map adds nothing; leave it out",
        lambda case, got: bool(np.isnan(got).any()),
    ),
    Symptom(
        "you divide by 0 in a map without anything above 0: such a map adds nothing; leave it out",
        lambda case, got: bool(np.isinf(got).any()),
    ),
    Symptom(
        "a map without anything above 0 changes what comes of the others: leave it out, and go on with the next one",
        lambda case, got: True,
    ),
)
