"""The first task: which source words the lamp lights for each target word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attnbook import core
from attnbook.classroom.specs.alignment.shared import Array, Cases, Draw, floats
from nbjudge.judging.compare import keeps_arguments, right_values, symptoms
from nbjudge.judging.spec import Case, Property, Task, mistakes

__all__ = ["LAMP", "lamp_mask"]


def away(lengths: Array, centres: Array) -> Array:
    """Return how far each place is from each lamp: (b, t, s), to the left as well as to the right."""
    return -core.negative_distance(floats(centres)[..., None], np.arange(lengths.max(), dtype=float)[:, None])


def words(lengths: Array, more: int = 0) -> Array:
    """Return where there is a word and not padding: (b, 1, s)."""
    return np.arange(lengths.max()) < lengths[:, None, None] + more


def right_of(lengths: Array, centres: Array) -> Array:
    """Return how far each place is to the right of each lamp; to the left it is negative."""
    return np.arange(lengths.max()) - centres[..., None]


def lamp_mask(lengths: Array, centres: Array, reach: float) -> Array:
    """A window is a threshold on the distance of Chapter 2."""
    return (away(lengths, centres) <= reach) & words(lengths)


def _wrapped(lengths: Array, centres: Array, reach: float) -> Array:
    lit = lamp_mask(lengths, centres, reach)
    lit[(centres - reach < 0) & (centres + reach < lengths.max())] = False  # row[-1:3] is empty
    return lit


LIT = mistakes(
    "you light places behind the end of the shorter sentences: these are padding, so a place must also be smaller than "
    "the length of its own sentence",
    lambda lengths, centres, reach: away(lengths, centres) <= reach,
    "your window is too narrow at both ends: a word whose distance is exactly `reach` is lit too (≤, not <)",
    lambda lengths, centres, reach: (away(lengths, centres) < reach) & words(lengths),
    "your window ends one word too early on the right: a range or slice leaves out its end",
    lambda lengths, centres, reach: lamp_mask(lengths, centres, reach) & (right_of(lengths, centres) < reach),
    "your window begins one word too late on the left",
    lambda lengths, centres, reach: lamp_mask(lengths, centres, reach) & (right_of(lengths, centres) > -reach),
    "your window is one word too wide on each side: a word at the distance `reach` + 1 is dark",
    lambda lengths, centres, reach: lamp_mask(lengths, centres, reach + 1),
    "you compare the square of the distance with `reach`: take its absolute value instead",
    lambda lengths, centres, reach: lamp_mask(lengths, centres, reach**0.5),
    "you take `reach` for the width of the whole window: it is how far the light falls to each side",
    lambda lengths, centres, reach: lamp_mask(lengths, centres, reach / 2),
    "near the beginning of a sentence your window vanishes: it starts at a negative place, and Python counts those "
    "from the end; let it start at 0 there",
    _wrapped,
    "you light everything to one side of the lamp: the distance needs its absolute value",
    lambda lengths, centres, reach: (right_of(lengths, centres) <= reach) & words(lengths),
    lambda lengths, centres, reach: (right_of(lengths, centres) >= -reach) & words(lengths),
    "your mask is inverted: True means that a word is lit",
    lambda lengths, centres, reach: ~lamp_mask(lengths, centres, reach),
    "you light one place behind the end: a sentence of n words has the places 0 to n − 1",
    lambda lengths, centres, reach: (away(lengths, centres) <= reach) & words(lengths, +1),
    "you never light the last word of a sentence: a sentence of n words has the places 0 to n − 1",
    lambda lengths, centres, reach: (away(lengths, centres) <= reach) & words(lengths, -1),
    "your rows are as long as the first sentence: they must be as long as the longest",
    lambda lengths, centres, reach: lamp_mask(lengths, centres, reach)[..., : lengths[0]],
    "you count the places from 1: the first word stands at place 0",
    lambda lengths, centres, reach: (away(lengths, centres - 1) <= reach) & words(lengths),
)
BETWEEN = mistakes(
    "you cut or round the centre to a whole number: the distance may be one like 1.25",
    lambda lengths, centres, reach: lamp_mask(lengths, np.floor(centres), reach),
    lambda lengths, centres, reach: lamp_mask(lengths, np.rint(centres), reach),
)
DARK = mistakes(
    "you move a lamp that stands behind the end back into the sentence: it lights nothing there",
    lambda lengths, centres, reach: lamp_mask(lengths, np.minimum(centres, lengths[:, None] - 1), reach),
)
SEEN = symptoms(
    "you light some of the padding behind the end of a shorter sentence",
    lambda case, got: bool((got & ~words(case.arguments[0])).any()),
    "you light some words that are farther away than `reach`",
    lambda case, got: bool((got & (away(*case.arguments[:2]) > case.arguments[2])).any()),
    "you leave some words within reach in the dark",
    lambda case, got: bool((~got).any()),
)
AXES = "give places, lamps and lengths the axes (b, t, s), with None where one has none"


def _lamps(draw: Draw, lengths: Sequence[int], rows: int) -> tuple[Array, Array]:
    """Draw lamps that stand over words of their own sentences, the first at the beginning, some at the end."""
    sizes = np.array(lengths)
    centres = draw.integers(0, sizes[:, None], (len(sizes), rows))
    centres[:, 0], centres[:, -1] = 0, sizes - 1
    return sizes, centres


def _whole(draw: Draw) -> Cases:
    """Sentences of different length; the first is never the longest."""
    for lengths, rows, reach in (((13, 17, 14), 5, 6), ((6, 9), 4, 1), ((9, 11, 8, 12), 6, 2)):
        yield Case((*_lamps(draw, lengths, rows), reach))


def _between(draw: Draw) -> Cases:
    for lengths, rows, reach in (((7, 10, 8), 5, 1.5), ((6, 9), 4, 2)):
        sizes, centres = _lamps(draw, lengths, rows)
        yield Case((sizes, np.abs(centres - draw.choice([0.25, 0.5, 0.75], centres.shape)), reach))


def _beyond(draw: Draw) -> Cases:
    sizes, centres = _lamps(draw, (5, 14, 6), 4)
    centres[[0, 2], 1:3] = sizes[[0, 2], None] + draw.integers(3, 6, (2, 2))
    yield Case((sizes, centres, 2))


LAMP = Task(
    "lamp_mask",
    "alignment",
    "Light, for each target word, the source words within reach of its lamp.",
    lamp_mask,
    (
        Property(
            "lit",
            "lights what is within reach, and no padding",
            1,
            right_values(lamp_mask, _whole, LIT, symptoms=SEEN, shapes=AXES),
        ),
        Property(
            "between",
            "takes lamps that stand between two words",
            0.5,
            right_values(lamp_mask, _between, BETWEEN, symptoms=SEEN),
        ),
        Property(
            "dark",
            "lights nothing where the lamp stands far behind the end of a short sentence",
            0.5,
            right_values(lamp_mask, _beyond, DARK, symptoms=SEEN),
        ),
        Property("keeps", "leaves lengths and centres as they were", 0.5, keeps_arguments(_beyond)),
    ),
)
