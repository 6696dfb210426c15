"""Task 3, the right way and the wrong ones: a mask over all places for a wish, and what is read out through it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from attnbook import core
from attnbook.core import cognitive
from nbjudge.judging.compare import Symptom
from nbjudge.judging.spec import Mistake, TroubleError

__all__ = [
    "COLOUR_MISTAKES",
    "CUT",
    "GATE",
    "LOUD",
    "MASK_MISTAKES",
    "MASK_SYMPTOMS",
    "ROWS",
    "VANISHED",
    "Array",
    "glimpse",
    "mask_of",
    "only_mask",
    "pair",
]

Array = Any  # of NumPy
GATE = 1e-5
Recipe = Callable[[Array, Array, Array, float], tuple[Array, Array]]


def read(scores: Array, image: Array, temperature: float) -> tuple[Array, Array]:
    """Write the places in one row, attend, and give the mask the form of a map again."""
    colour, mask = core.attend(scores.reshape(1, -1), image.reshape(-1, image.shape[-1]), temperature=temperature)
    return mask.reshape(image.shape[:2]), colour[0]


def glimpse(maps: Array, wish: Array, image: Array, temperature: float) -> tuple[Array, Array]:
    """Search, then read."""
    return read(cognitive.search(maps, wish), image, temperature)


def pair(value: Any) -> tuple[Any, Any]:
    """Take a tuple or a list of two."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        what = f"{len(value)} values" if isinstance(value, tuple | list) else "one value"
        what = "None (is there a return?)" if value is None else what
        raise TroubleError(f"returned {what}, but a mask and a colour were expected: return mask, colour")
    return value[0], value[1]


def only_mask(value: Any) -> Any:
    """Take the first of the two."""
    return pair(value)[0]


def mask_of(how: Recipe = glimpse) -> Callable[..., Array]:
    """Return a function that gives the mask only."""
    return lambda maps, wish, image, temperature: how(maps, wish, image, temperature)[0]


def _scores(maps: Array, wish: Array) -> Array:
    return cognitive.search(maps, wish)


def _scored(scores: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    """A wrong way: other scores."""
    return lambda maps, wish, image, temperature: read(scores(maps, wish), image, temperature)[0]


def _cooled(cool: Callable[[float], float]) -> Callable[..., Array]:
    """A wrong way: another temperature."""
    return lambda maps, wish, image, temperature: glimpse(maps, wish, image, cool(temperature))[0]


def _powers(maps: Array, wish: Array, temperature: float) -> Array:
    return np.exp(_scores(maps, wish) / temperature)


def _veil(maps: Array, wish: Array, image: Array, temperature: float) -> Array:
    mask = glimpse(maps, wish, image, temperature)[0]
    return mask / mask.max()


def _scrambled(maps: Array, wish: Array) -> Array:
    """A wrong way: maps.reshape(y · x, f) does not turn axes, it cuts the same row of numbers elsewhere."""
    return np.asarray(maps.reshape(-1, len(maps)) @ wish).reshape(maps.shape[1:])


def _linear(maps: Array, wish: Array, image: Array, temperature: float) -> Array:
    scores = np.maximum(0, _scores(maps, wish))
    return scores / scores.sum()


def _hard(maps: Array, wish: Array, image: Array, temperature: float) -> Array:
    scores = _scores(maps, wish)
    return (scores == scores.max()).astype(float)


MASK_MISTAKES = (
    Mistake(
        "your mask sums to 1 in each row: all places of the map compete, so divide by the sum over both axes",
        lambda maps, wish, image, t: core.softmax(_scores(maps, wish), temperature=t),
    ),
    Mistake(
        "your mask sums to 1 in each column: all places of the map compete, so divide by the sum over both axes",
        lambda maps, wish, image, t: core.softmax(_scores(maps, wish).T, temperature=t).T,
    ),
    Mistake("you do not use the temperature: divide the scores by it before the exponential", _cooled(lambda t: 1.0)),
    Mistake(
        "you multiply the scores by the temperature: divide by it, so that a low one makes the mask choosy",
        _cooled(lambda t: 1 / t),
    ),
    Mistake(
        "you divide by the temperature after the exponential: there it cancels out; divide the scores by it",
        lambda maps, wish, image, t: core.softmax(_scores(maps, wish).ravel()).reshape(image.shape[:2]) / t,
    ),
    Mistake(
        "you take the exponential, but you do not divide by the sum over all places",
        lambda maps, wish, image, t: _powers(maps, wish, t),
    ),
    Mistake(
        "you divide by the greatest power and not by their sum: a coloured veil looks right this way, but it is no "
        "distribution",
        _veil,
    ),
    Mistake("you divide the scores by their sum: the softmax takes their exponentials first", _linear),
    Mistake(
        "you give everything to the highest place: the softmax lets the others keep a share",
        _hard,
    ),
    Mistake("you return the scores: the mask is their softmax", lambda maps, wish, image, t: _scores(maps, wish)),
    Mistake(
        "your mask is inverted: the best place gets the least, so there is a minus sign too many",
        _scored(lambda maps, wish: -_scores(maps, wish)),
    ),
    Mistake(
        "you make negative scores 0 before the softmax: a place that is not wanted may score below 0",
        _scored(lambda maps, wish: np.maximum(0, _scores(maps, wish))),
    ),
    Mistake(
        "you take away the sign of the wish: a negative number says that a feature is not wanted",
        _scored(lambda maps, wish: _scores(maps, np.abs(wish))),
    ),
    Mistake(
        "you make negative wishes 0: a negative number says that a feature is not wanted",
        _scored(lambda maps, wish: _scores(maps, np.maximum(0, wish))),
    ),
    Mistake(
        "you make what is below 0 in a map into 0, as in Task 2: here the maps are taken as they are",
        _scored(lambda maps, wish: _scores(np.maximum(0, maps), wish)),
    ),
    Mistake(
        "mask and colour stand in each other's place: return mask, colour",
        lambda maps, wish, image, t: glimpse(maps, wish, image, t)[1],
    ),
    Mistake(
        "your mask is one long row: give it back the form of a map with .reshape(rows, columns)",
        lambda maps, wish, image, t: glimpse(maps, wish, image, t)[0].ravel(),
    ),
    Mistake("you do not use the wish: all your maps count the same", _scored(lambda maps, wish: maps.sum(axis=0))),
    Mistake(
        "you take the mean over the features: the score is the sum of wish times map",
        _scored(lambda maps, wish: _scores(maps, wish) / len(wish)),
    ),
    Mistake(
        "you give the wish length 1: the score is the plain sum of wish times map",
        _scored(lambda maps, wish: _scores(maps, wish / np.linalg.norm(wish))),
    ),
    Mistake(
        "you put the wish through a softmax first: only the scores of the places are put through one",
        _scored(lambda maps, wish: _scores(maps, core.softmax(wish))),
    ),
    Mistake(
        "your places are shuffled: reshape does not turn axes; use maps.reshape(f, -1).T, or sum over the first axis",
        _scored(_scrambled),
    ),
    Mistake(
        "you use the features in reverse order: wish[0] belongs to maps[0]",
        _scored(lambda maps, wish: _scores(maps, wish[::-1])),
    ),
)
ROWS = Mistake(
    "you subtract another number in each row before the exponential: it must be the same for all places, or the rows "
    "no longer compete fairly",
    lambda maps, wish, image, t: read(_scores(maps, wish) - _scores(maps, wish).max(axis=1, keepdims=True), image, t)[
        0
    ],
)
MASK_SYMPTOMS = (
    Symptom(
        "your mask has negative numbers in it: divide exponentials, not scores",
        lambda case, got: bool((got < 0).any()),
    ),
    Symptom(
        "your mask does not sum to 1 over all places: divide by the sum over both axes",
        lambda case, got: not np.isclose(got.sum(), 1, atol=1e-4),
    ),
)
CUT = Symptom(
    "with high scores or a low temperature your mask is wrong: do not cut the scores off, subtract the highest of all",
    lambda case, got: True,
)
COLOUR_MISTAKES = (
    Mistake(
        "your colour is the plain average of the image: weigh each place by the mask",
        lambda maps, wish, image, t: (glimpse(maps, wish, image, t)[0], image.mean(axis=(0, 1))),
    ),
    Mistake(
        "you divide the weighted sum by the number of places: the mask sums to 1 already, so a sum is the average",
        lambda maps, wish, image, t: (
            (both := glimpse(maps, wish, image, t))[0],
            both[1] / (image.shape[0] * image.shape[1]),
        ),
    ),
    Mistake(
        "you read out the colour of one place, the highest of the mask: average over all places, weighed by the mask",
        lambda maps, wish, image, t: (
            (mask := glimpse(maps, wish, image, t)[0]),
            image.reshape(-1, image.shape[-1])[mask.argmax()],
        ),
    ),
    Mistake(
        "you weigh by the scores: weigh by the mask, which sums to 1",
        lambda maps, wish, image, t: (
            glimpse(maps, wish, image, t)[0],
            np.tensordot(_scores(maps, wish), image, axes=2),
        ),
    ),
    Mistake(
        "you weigh by what the mask leaves out, 1 − mask: weigh by the mask",
        lambda maps, wish, image, t: (
            (mask := glimpse(maps, wish, image, t)[0]),
            np.tensordot(1 - mask, image, axes=2),
        ),
    ),
    Mistake(
        "your colours run from blue to red: keep the order that the image has",
        lambda maps, wish, image, t: (
            (both := glimpse(maps, wish, image, t))[0],
            both[1][::-1],
        ),
    ),
    Mistake(
        "you add everything up into one number: sum over rows and columns only, and keep the axis of the colours",
        lambda maps, wish, image, t: ((both := glimpse(maps, wish, image, t))[0], float(both[1].sum())),
    ),
    Mistake(
        "your colour is read from shuffled places: the mask and the image must be unrolled in the same order",
        lambda maps, wish, image, t: (
            (mask := glimpse(maps, wish, image, t)[0]),
            np.tensordot(mask.T.reshape(mask.shape), image, axes=2),
        ),
    ),
    Mistake(
        "you multiply the image by the mask but return all places: add them up over rows and columns",
        lambda maps, wish, image, t: (
            (mask := glimpse(maps, wish, image, t)[0]),
            mask[..., None] * image,
        ),
    ),
)
LOUD = Symptom(
    "with high scores or a low temperature your exponentials are more than a computer can hold, and ∞/∞ is NaN: "
    "subtract the highest score of all places from all scores first, which changes nothing else",
    lambda case, got: not np.isfinite(got).all(),
)
VANISHED = Symptom(
    "with high scores or a low temperature a part of your mask is lost: subtract the highest score of all places, "
    "not of a row or a fixed number",
    lambda case, got: not np.isclose(got.sum(), 1, atol=1e-4),
)
