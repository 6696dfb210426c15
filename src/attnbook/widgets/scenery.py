"""A picture with things in it, as explorers have it: what may be set of a thing, its drawing in SVG, its words."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Float64, Int64

from attnbook.data.draws import uniform
from attnbook.data.scene import COLOURS, GROUND, SHAPES, Thing
from attnbook.theme import LIGHT
from attnbook.widgets import svg
from attnbook.widgets.declare import OneOf, Ranged

__all__ = ["PARTS", "PIXELS", "at_things", "called", "counted", "letter", "names", "sketch", "thing_at"]

PIXELS = 128
"""The picture is a square of so many pixels."""
PARTS = {
    "shape": OneOf(SHAPES, SHAPES[0], label="Its shape"),
    "colour": OneOf(list(COLOURS), "red", label="Its colour"),
    "x": Ranged(0, PIXELS - 1, 64),
    "y": Ranged(0, PIXELS - 1, 64),
    "size": Ranged(4, 24, 8, step=1, label="Its size"),
}
"""What may be set of a thing."""
NEAR = 4  # a look that misses a thing by fewer pixels is a look at the thing


def thing_at(things: Sequence[Thing], labels: Int64[np.ndarray, "y x"], y: float, x: float) -> int | None:
    """Return which of the things a look at a place is a look at, counted from 0, or None if it is the ground."""
    label = int(labels[round(y), round(x)])
    if label:
        return label - 1
    gaps = [math.hypot(x - thing.x, y - thing.y) - thing.size for thing in things]
    nearest = min(range(len(gaps)), key=gaps.__getitem__, default=None)
    return None if nearest is None or gaps[nearest] >= NEAR else nearest


def at_things(
    values: Float64[np.ndarray, "y x"], labels: Int64[np.ndarray, "y x"], count: int
) -> Float64[np.ndarray, "n"]:
    """Return the highest number of a map on each thing, as far as it is to be seen; 0 where it is hidden."""
    return np.array([values[labels == i + 1].max(initial=0.0) for i in range(count)])


# --- in words -------------------------------------------------------------------------------------------------------


def letter(i: int) -> str:
    """Return the name of a thing, counted from 0.

    >>> letter(2)
    'c'
    """
    return chr(ord("a") + i)


def called(things: Sequence[Thing], i: int) -> str:
    """Name a thing, and say whether there are more of its kind.

    >>> called([Thing("ball", "red", 9, 9, 4), *2 * [Thing("square", "green", 9, 9, 4)]], 1)
    'b, a green square'
    """
    kinds = [(thing.colour, thing.shape) for thing in things]
    return f"{letter(i)}, {'the' if kinds.count(kinds[i]) == 1 else 'a'} {' '.join(kinds[i])}"


def counted(things: Sequence[Thing]) -> str:
    """Say how many things of each kind there are.

    >>> counted([Thing("ball", "red", 9, 9, 4), *2 * [Thing("square", "green", 9, 9, 4)]])
    'one red ball, two green squares'
    """
    kinds = Counter(f"{thing.colour} {thing.shape}" for thing in things)
    numbers = ("", "one", "two", "three", "four", "five", "six")
    each = (f"{numbers[n] if n < len(numbers) else n} {kind}{'s' * (n > 1)}" for kind, n in kinds.items())
    return ", ".join(each) or "nothing"


# --- as a drawing ---------------------------------------------------------------------------------------------------


def sketch(things: Sequence[Thing], *, clutter: int, seed: int) -> str:
    """Return the picture that `data.draw` makes of these things and specks, in SVG."""
    ground = f'<path fill="{_hex((GROUND,) * 3)}" d="M-.5-.5h{PIXELS}v{PIXELS}h-{PIXELS}z"/>'
    parts = "".join([ground, *_specks(clutter, seed), *map(_outline, things)])
    return f'<svg width="{svg.SIDE}" height="{svg.SIDE}" viewBox="-.5-.5 {PIXELS} {PIXELS}">{parts}</svg>'


def names(things: Sequence[Thing]) -> Iterator[str]:
    """Yield the letter of each thing, at its lower right."""
    scale = svg.SIDE / PIXELS
    for i, thing in enumerate(things):
        x, y = (scale * (at + thing.size + 0.5) for at in (thing.x, thing.y))
        yield f'<path fill="{LIGHT["paper"]}" d="M{x - 6:g} {y - 8:g}h14v15h-14z"/>'
        yield svg.text(x - 3, y + 4, letter(i), bold=True)


def _specks(clutter: int, seed: int) -> Iterator[str]:
    for left, above, radius, light in uniform(seed, (clutter, 4)).tolist():
        grey = _hex((GROUND + 0.3 * (2 * light - 1),) * 3)
        x, y = PIXELS * left - 0.5, PIXELS * above - 0.5
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{1 + radius:.1f}" fill="{grey}"/>'


def _outline(thing: Thing) -> str:
    fill = f'fill="{_hex(COLOURS[thing.colour])}"'
    x, y, s = thing.x, thing.y, thing.size
    if thing.shape == "ball":
        return f'<circle {fill} cx="{x:g}" cy="{y:g}" r="{s:g}"/>'
    if thing.shape == "square":
        return f'<path {fill} d="M{x - s:g} {y - s:g}h{2 * s:g}v{2 * s:g}h-{2 * s:g}z"/>'
    high = math.sqrt(3) / 2 * s
    return f'<path {fill} d="M{x:g} {y - high:.2f}L{x + s:g} {y + high:.2f}H{x - s:g}z"/>'


def _hex(rgb: Sequence[float]) -> str:
    return "#" + "".join(f"{round(255 * value):02x}" for value in rgb)
