"""The first task: which source words the lamp lights for each target word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attnbook import core
from attnbook.classroom.specs.alignment.drawing import Array, Cases, Generator, floats
from nbjudge.judging.compare import Symptom, keeps_arguments, right_values
from nbjudge.judging.spec import Case, Mistake, Property, Task

__all__ = ["LAMP", "lamp_mask"]


def away(lengths: Array, centres: Array) -> Array:
    """Return how far each place is from each lamp: (b, t, s), to the left as well as to the right."""
    places = np.arange(lengths.max(), dtype=float)
    return -core.negative_distance(floats(centres)[..., None], places[:, None])


def words(lengths: Array, *, more: int = 0) -> Array:
    """Return where there is a word and not padding: (b, 1, s)."""
    return np.arange(lengths.max()) < lengths[:, None, None] + more


def lamp_mask(lengths: Array, centres: Array, reach: float) -> Array:
    """A window is a threshold on the distance of Chapter 2."""
    return (away(lengths, centres) <= reach) & words(lengths)


def _signed(lengths: Array, centres: Array) -> Array:
    """To the left of the lamp it is negative."""
    return np.arange(lengths.max()) - centres[..., None]


def _wrapped(lengths: Array, centres: Array, reach: float) -> Array:
    lit = lamp_mask(lengths, centres, reach)
    lit[(centres - reach < 0) & (centres + reach < lengths.max())] = False  # row[-1:3] is empty
    return lit


LAMP_MISTAKES = (
    Mistake(
        "you light places behind the end of the shorter sentences: these are padding, so a place must also be smaller "
        "than the length of its own sentence",
        lambda lengths, centres, reach: away(lengths, centres) <= reach,
    ),
    Mistake(
        "your window is too narrow at both ends: a word whose distance is exactly `reach` is lit too (≤, not <)",
        lambda lengths, centres, reach: (away(lengths, centres) < reach) & words(lengths),
    ),
    Mistake(
        "your window ends one word too early on the right: a range or slice leaves out its end",
        lambda lengths, centres, reach: lamp_mask(lengths, centres, reach) & (_signed(lengths, centres) < reach),
    ),
    Mistake(
        "your window begins one word too late on the left",
        lambda lengths, centres, reach: lamp_mask(lengths, centres, reach) & (_signed(lengths, centres) > -reach),
    ),
    Mistake(
        "your window is one word too wide on each side: a word at the distance `reach` + 1 is dark",
        lambda lengths, centres, reach: lamp_mask(lengths, centres, reach + 1),
    ),
    Mistake(
        "you compare the square of the distance with `reach`: take its absolute value instead",
        lambda lengths, centres, reach: lamp_mask(lengths, centres, np.sqrt(reach)),
    ),
    Mistake(
        "you take `reach` for the width of the whole window: it is how far the light falls to each side",
        lambda lengths, centres, reach: lamp_mask(lengths, centres, reach / 2),
    ),
    Mistake(
        "near the beginning of a sentence your window vanishes: it starts at a negative place, and Python counts those "
        "from the end; let it start at 0 there",
        _wrapped,
    ),
    Mistake(
        "you light everything to the left of the lamp: the distance needs its absolute value",
        lambda lengths, centres, reach: (_signed(lengths, centres) <= reach) & words(lengths),
    ),
    Mistake(
        "you light everything to the right of the lamp: the distance needs its absolute value",
        lambda lengths, centres, reach: (_signed(lengths, centres) >= -reach) & words(lengths),
    ),
    Mistake(
        "your mask is inverted: True means that a word is lit",
        lambda lengths, centres, reach: ~lamp_mask(lengths, centres, reach),
    ),
    Mistake(
        "you light one place behind the end: a sentence of n words has the places 0 to n − 1",
        lambda lengths, centres, reach: (away(lengths, centres) <= reach) & words(lengths, more=1),
    ),
    Mistake(
        "you never light the last word of a sentence: a sentence of n words has the places 0 to n − 1",
        lambda lengths, centres, reach: (away(lengths, centres) <= reach) & words(lengths, more=-1),
    ),
    Mistake(
        "your rows are as long as the first sentence: they must be as long as the longest",
        lambda lengths, centres, reach: lamp_mask(lengths, centres, reach)[..., : lengths[0]],
    ),
    Mistake(
        "you count the places from 1: the first word stands at place 0",
        lambda lengths, centres, reach: (away(lengths, centres - 1) <= reach) & words(lengths),
    ),
)

LAMP_SYMPTOMS = (
    Symptom(
        "you light some of the padding behind the end of a shorter sentence",
        lambda case, got: bool((got & ~words(case.arguments[0])).any()),
    ),
    Symptom(
        "you light some words that are farther away than `reach`",
        lambda case, got: bool((got & (away(*case.arguments[:2]) > case.arguments[2])).any()),
    ),
    Symptom("you leave some words within reach in the dark", lambda case, got: bool((~got).any())),
)


def _desk(generator: Generator, lengths: Sequence[int], rows: int, step: float) -> tuple[Array, Array]:
    """Draw lamps that stand within their own sentences, the first at the beginning, some at the end."""
    sizes = np.array(lengths)
    centres = np.floor(generator.random((len(sizes), rows)) * (sizes[:, None] - 1) / step) * step
    centres[:, 0], centres[:, -1] = 0, sizes - 1
    return sizes, centres


def lamps(generator: Generator) -> Cases:
    """Lamps over whole places, in sentences of different length; the first is never the longest."""
    for lengths, rows, reach in (((13, 17, 14), 5, 6), ((6, 9), 4, 1), ((9, 11, 8, 12), 6, 2)):
        sizes, centres = _desk(generator, lengths, rows, 1.0)
        yield Case((sizes, centres.astype(int), reach))


def _between(generator: Generator) -> Cases:
    for lengths, rows, reach in (((7, 10, 8), 5, 1.5), ((6, 9), 4, 2)):
        sizes, centres = _desk(generator, lengths, rows, 1.0)
        yield Case((sizes, np.abs(centres - generator.choice([0.25, 0.5, 0.75], centres.shape)), reach))


def _beyond(generator: Generator) -> Cases:
    sizes, centres = _desk(generator, (5, 14, 6), 4, 1.0)
    centres[[0, 2], 1:3] = sizes[[0, 2], None] + generator.integers(3, 6, (2, 2))
    yield Case((sizes, centres.astype(int), 2))


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
            right_values(
                lamp_mask,
                lamps,
                LAMP_MISTAKES,
                symptoms=LAMP_SYMPTOMS,
                shapes="give places, lamps and lengths the axes (b, t, s), with None where one has none",
            ),
        ),
        Property(
            "between",
            "takes lamps that stand between two words",
            0.5,
            right_values(
                lamp_mask,
                _between,
                [
                    Mistake(
                        "you cut the centre down to a whole number: the distance may be one like 1.25",
                        lambda lengths, centres, reach: lamp_mask(lengths, np.floor(centres), reach),
                    ),
                    Mistake(
                        "you round the centre to a whole number: the distance may be one like 1.25",
                        lambda lengths, centres, reach: lamp_mask(lengths, np.rint(centres), reach),
                    ),
                    Mistake(
                        "you cut centre and reach down to whole numbers: the distance may be one like 1.25",
                        lambda lengths, centres, reach: lamp_mask(lengths, np.floor(centres), int(reach)),
                    ),
                ],
                symptoms=LAMP_SYMPTOMS,
            ),
        ),
        Property(
            "dark",
            "lights nothing where the lamp stands far behind the end of a short sentence",
            0.5,
            right_values(
                lamp_mask,
                _beyond,
                [
                    Mistake(
                        "you move a lamp that stands behind the end back into the sentence: it lights nothing there",
                        lambda lengths, centres, reach: lamp_mask(
                            lengths, np.minimum(centres, lengths[:, None] - 1), reach
                        ),
                    )
                ],
                symptoms=LAMP_SYMPTOMS,
            ),
        ),
        Property("keeps", "leaves lengths and centres as they were", 0.5, keeps_arguments(_beyond)),
    ),
)
