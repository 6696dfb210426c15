"""Task 3: a mask over all places for a wish, and the colour that is read out through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from attnbook import core
from attnbook.core import cognitive
from nbjudge.judging.compare import GATE, keeps_arguments, right_values, symptoms, takes_kinds
from nbjudge.judging.spec import Case, Property, Task, TroubleError, mistakes

__all__ = ["GLIMPSE", "glimpse", "pair", "view_of"]

Array = Any  # of NumPy
Glimpse = Callable[[Array, Array, Array, float], tuple[Array, Array]]
AXES = (
    "give a wish (f,) two more axes before it meets maps (f, y, x), wish[:, None, None], and a mask (y, x) one more "
    "before it meets an image (y, x, v), mask[:, :, None]"
)


def _read(scores: Array, image: Array, temperature: float) -> tuple[Array, Array]:
    """Write the places in one row, attend, and give the mask the form of a map again."""
    colour, mask = core.attend(scores.reshape(1, -1), image.reshape(-1, image.shape[-1]), temperature=temperature)
    return mask.reshape(image.shape[:2]), colour[0]


def glimpse(maps: Array, wish: Array, image: Array, temperature: float) -> tuple[Array, Array]:
    """Search, then read."""
    return _read(cognitive.search(maps, wish), image, temperature)


def pair(value: Any) -> tuple[Any, Any]:
    """Take a tuple or a list of two."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        what = f"{len(value)} values" if isinstance(value, tuple | list) else "one value"
        what = "None (is there a return?)" if value is None else what
        raise TroubleError(f"returned {what}, but a mask and a colour were expected: return mask, colour")
    return value[0], value[1]


def _scored(scores: Callable[[Array, Array], Array]) -> Glimpse:
    """Other scores."""
    return lambda maps, wish, image, t: _read(scores(maps, wish), image, t)


def _masked(mask: Callable[[Array, float], Array]) -> Glimpse:
    """Another mask of the same scores."""
    return lambda maps, wish, image, t: (mask(cognitive.search(maps, wish), t), glimpse(maps, wish, image, t)[1])


def _coloured(colour: Callable[[Array, Array], Any]) -> Glimpse:
    """Another colour through the same mask."""
    return lambda *given: ((mask := glimpse(*given)[0]), colour(mask, given[2]))


def _averaged(mask: Array, image: Array) -> Array:
    return np.tensordot(mask, image, axes=2)


MASKS = mistakes(
    "your mask sums to 1 in each row: all places of the map compete, so divide by the sum over both axes",
    _masked(lambda scores, t: core.softmax(scores, temperature=t)),
    "your mask sums to 1 in each column: all places of the map compete, so divide by the sum over both axes",
    _masked(lambda scores, t: core.softmax(scores.T, temperature=t).T),
    "you do not use the temperature: divide the scores by it before the exponential",
    lambda maps, wish, image, t: glimpse(maps, wish, image, 1.0),
    "you multiply the scores by the temperature: divide by it, so that a low one makes the mask choosy",
    lambda maps, wish, image, t: glimpse(maps, wish, image, 1 / t),
    "you divide by the temperature after the exponential: there it cancels out; divide the scores by it",
    _masked(lambda scores, t: np.exp(scores) / np.exp(scores).sum() / t),
    "you take the exponential, but you do not divide by the sum over all places",
    _masked(lambda scores, t: np.exp(scores / t)),
    "you divide by the greatest power and not by their sum: a coloured veil looks right this way, but it is no "
    "distribution",
    _masked(lambda scores, t: np.exp((scores - scores.max()) / t)),
    "you divide the scores by their sum: the softmax takes their exponentials first",
    _masked(lambda scores, t: np.maximum(0, scores) / np.maximum(0, scores).sum()),
    "you give everything to the highest place: the softmax lets the others keep a share",
    _masked(lambda scores, t: (scores == scores.max()).astype(float)),
    "you return the scores: the mask is their softmax",
    _masked(lambda scores, t: scores),
    "your mask is inverted: the best place gets the least, so there is a minus sign too many",
    _scored(lambda maps, wish: -cognitive.search(maps, wish)),
    "you make negative scores 0 before the softmax: a place that is not wanted may score below 0",
    _scored(lambda maps, wish: np.maximum(0, cognitive.search(maps, wish))),
    "you take away the sign of the wish, or its negative numbers, which say that a feature is not wanted",
    _scored(lambda maps, wish: cognitive.search(maps, np.abs(wish))),
    _scored(lambda maps, wish: cognitive.search(maps, np.maximum(0, wish))),
    "you make what is below 0 in a map into 0, as in Task 2: here the maps are taken as they are",
    _scored(lambda maps, wish: cognitive.search(np.maximum(0, maps), wish)),
    "mask and colour stand in each other's place: return mask, colour",
    lambda *given: glimpse(*given)[::-1],
    "your mask is one long row: give it back the form of a map with .reshape(rows, columns)",
    _masked(lambda scores, t: core.softmax(scores.ravel(), temperature=t)),
    "you do not use the wish: all your maps count the same",
    _scored(lambda maps, wish: maps.sum(axis=0)),
    "you take the mean over the features: the score is the sum of wish times map",
    _scored(lambda maps, wish: cognitive.search(maps, wish) / len(wish)),
    "your places are shuffled: reshape does not turn axes; use maps.reshape(f, -1).T, or sum over the first axis",
    _scored(lambda maps, wish: (maps.reshape(-1, len(maps)) @ wish).reshape(maps.shape[1:])),
    "you subtract another number in each row before the exponential: it must be the same for all places, or the rows "
    "no longer compete fairly",
    _scored(lambda maps, wish: (s := cognitive.search(maps, wish)) - s.max(axis=1, keepdims=True)),
)
NO_MASK = symptoms(
    "your mask has negative numbers in it: divide exponentials, not scores",
    lambda case, got: bool((got < 0).any()),
    "your mask does not sum to 1 over all places: divide by the sum over both axes",
    lambda case, got: not np.isclose(got.sum(), 1, atol=1e-4),
)
COLOURS = mistakes(
    "your colour is the plain average of the image: weigh each place by the mask",
    _coloured(lambda mask, image: image.mean(axis=(0, 1))),
    "you divide the weighted sum by the number of places: the mask sums to 1 already, so a sum is the average",
    _coloured(lambda mask, image: _averaged(mask, image) / mask.size),
    "you read out the colour of one place, the highest of the mask: average over all places, weighed by the mask",
    _coloured(lambda mask, image: image.reshape(mask.size, -1)[mask.argmax()]),
    "you weigh by the scores: weigh by the mask, which sums to 1",
    lambda *given: (glimpse(*given)[0], _averaged(cognitive.search(*given[:2]), given[2])),
    "you add everything up into one number: sum over rows and columns only, and keep the axis of the colours",
    _coloured(lambda mask, image: float(_averaged(mask, image).sum())),
    "your colour is read from shuffled places: the mask and the image must be unrolled in the same order",
    _coloured(lambda mask, image: _averaged(mask.T.reshape(mask.shape), image)),
    "you multiply the image by the mask but return all places: add them up over rows and columns",
    _coloured(lambda mask, image: mask[..., None] * image),
)
WITH = "with high scores or a low temperature"
LOUD = symptoms(
    f"{WITH} your exponentials are more than a computer can hold, and ∞/∞ is NaN: subtract the highest score of "
    "all places from all scores first, which changes nothing else",
    lambda case, got: not np.isfinite(got).all(),
    f"{WITH} a part of your mask is lost: subtract the highest score of all places, not of a row or a fixed number",
    lambda case, got: not np.isclose(got.sum(), 1, atol=1e-4),
    f"{WITH} your mask is wrong: do not cut the scores off, subtract the highest of all",
)


def view_of(draw: np.random.Generator, f: int, rows: int, columns: int, depth: int = 3) -> tuple[Array, Array, Array]:
    """Draw maps and a wish with both signs, and an image."""
    wish = draw.normal(0.0, 1.0, f)
    wish[draw.permutation(f)[:2]] = draw.uniform(0.5, 1.5), -draw.uniform(0.5, 1.5)
    return draw.uniform(-0.3, 1.2, (f, rows, columns)), wish, draw.uniform(0, 1, (rows, columns, depth))


def _plain(draw: np.random.Generator) -> Iterator[Case]:
    for f, rows, columns, temperature in ((4, 5, 7, 0.6), (7, 6, 4, 1.7), (5, 3, 8, 0.4)):
        yield Case((*view_of(draw, f, rows, columns), temperature))


def _loud(draw: np.random.Generator) -> Iterator[Case]:
    """Scores far above 0, far below, and far from each other; always two places are the best, and alike."""
    for level, temperature in ((900.0, 1.0), (-900.0, 1.0), (0.0, 0.001)):
        maps, wish, image = view_of(draw, 4, 5, 7)
        if level:
            maps[0], wish[0] = 1 + maps[0] / 900, level
        best = int(cognitive.search(maps, wish).argmax())
        flat = maps.reshape(4, -1)
        flat[:, (best + draw.integers(8, 27)) % 35] = flat[:, best]
        yield Case((maps, wish, image, temperature))


def _mask(value: Any) -> Any:
    return pair(value)[0]


GLIMPSE = Task(
    "glimpse",
    "cognitive",
    "Find what is wished for and read its colour: a mask over all places, and a weighted average.",
    glimpse,
    (
        Property(
            "mask",
            "returns first a mask: the softmax, over all places, of the scores for the wish",
            1.5,
            right_values(
                glimpse, _plain, MASKS, symptoms=NO_MASK, shapes=AXES, tolerance=GATE, part=_mask, called="mask"
            ),
        ),
        Property(
            "colour",
            "returns then the average colour of the image, weighed by the mask",
            1,
            right_values(glimpse, _plain, COLOURS, tolerance=GATE, part=pair),
        ),
        Property(
            "loud",
            "stands scores of ±900 and very low temperatures",
            0.5,
            right_values(glimpse, _loud, symptoms=LOUD, tolerance=GATE, part=_mask, called="mask"),
        ),
        Property(
            "kinds",
            "takes whole numbers and float32, and keeps the digits of float64",
            0.5,
            takes_kinds(glimpse, _plain, part=pair),
        ),
        Property("arguments", "leaves its arguments as they were", 0.5, keeps_arguments(_plain)),
    ),
)
