"""The scene: coloured shapes on a grey ground, drawn from numbers so that the browser can draw the same."""

import difflib
import math
from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from attnbook.data._checks import whole_number
from attnbook.data.draws import uniform

__all__ = ["COLOURS", "GROUND", "SHAPES", "Scene", "Thing", "draw", "scene"]

# No two are equally light, so that they can be told apart without seeing colour; all are equally much of their colour.
COLOURS: Final[dict[str, tuple[float, float, float]]] = {
    "red": (0.80, 0.12, 0.12),
    "green": (0.22, 0.90, 0.22),
    "blue": (0.10, 0.10, 0.78),
    "yellow": (0.98, 0.98, 0.30),
}
SHAPES: Final[tuple[str, ...]] = ("ball", "square", "triangle")
GROUND: Final[float] = 0.6
"""The lightness of what is behind the things."""

GAP = 6  # pixels that stay free between two things, so that their edges do not blend
TRIES = 400  # for one thing, and then for the whole scene
ROOT3 = math.sqrt(3)


class Thing(NamedTuple):
    """One coloured shape: its centre and half its width, in pixels, x to the right and y downwards."""

    shape: str
    colour: str
    x: float
    y: float
    size: float


class Scene(NamedTuple):
    """A picture, the number of the thing that each pixel belongs to (0: none), and the things, from number 1."""

    image: Float64[np.ndarray, "y x 3"]
    labels: Int64[np.ndarray, "y x"]
    things: tuple[Thing, ...]


def draw(things: Sequence[Thing], *, side: int = 128, clutter: int = 0, seed: int = 0) -> Scene:
    r"""Draw these things, each over those before it, on a grey ground with grey specks.

    A pixel is covered as far as the signed distance :math:`\delta` from its centre to the outline says, which
    is negative inside:

    .. math::
        \text{image} \leftarrow (1 - a)\,\text{image} + a\,\text{colour} \qquad
        a = \min(1, \max(0, \tfrac12 - \delta))

    With :math:`u = x - x_0`, :math:`v = y - y_0` from the centre, and size :math:`s`, the distance is

    .. math::
        \text{ball: } \sqrt{u^2 + v^2} - s \qquad \text{square: } \max(|u|, |v|) - s

    .. math::
        \text{triangle: }
        \max\bigl(v - \tfrac{\sqrt3}{2} s, \, \tfrac{\sqrt3}{2} |u| - \tfrac12 v - \tfrac{\sqrt3}{4} s\bigr)

    so that the triangle has three equal sides of 2s, one of them below.

    Args:
        things: What to draw, in this order.
        side: The picture is a square of so many pixels.
        clutter: How many specks lie on the ground, under the things. They belong to no thing.
        seed: Where the specks lie, and how light they are.

    >>> picture = draw([Thing("ball", "red", x=4, y=4, size=2)], side=8)
    >>> picture.image[4, 4].tolist()
    [0.8, 0.12, 0.12]
    >>> picture.labels[4].tolist()
    [0, 0, 1, 1, 1, 1, 1, 0]
    """
    whole_number("side", side, least=8)
    whole_number("clutter", clutter, least=0)
    things = tuple(_thing(i, thing, side) for i, thing in enumerate(things))
    x, y = np.arange(side, dtype=float), np.arange(side, dtype=float)[:, None]
    image = np.full((side, side, 3), GROUND)
    labels = np.zeros((side, side), dtype=np.int64)
    for left, above, radius, light in uniform(seed, (clutter, 4)):
        distance = np.hypot(x - (side * left - 0.5), y - (side * above - 0.5)) - (1 + radius)
        _paint(image, distance, GROUND + 0.3 * (2 * light - 1))
    for i, thing in enumerate(things):
        distance = _signed_distance(thing.shape, x - thing.x, y - thing.y, thing.size)
        _paint(image, distance, COLOURS[thing.colour])
        labels[distance <= 0] = i + 1
    return Scene(image, labels, things)


def scene(
    count: int = 9,
    *,
    target: tuple[str, str] | None = ("red", "ball"),
    others: Sequence[tuple[str, str]] = (("green", "square"),),
    size: tuple[float, float] = (7, 10),
    clutter: int = 0,
    side: int = 128,
    seed: int,
) -> Scene:
    """Scatter things over a picture: one target, and others around it that it has to be found among.

    Args:
        count: How many things, with the target.
        target: Its colour and its shape; it is ``things[0]``. With None there are only the others.
        others: Colours and shapes that the others have, in turns.
        size: The least and the greatest size of a thing.
        clutter: How many grey specks lie on the ground.
        side: The picture is a square of so many pixels.
        seed: Everything follows from it: sizes, places, specks.

    >>> image, labels, things = scene(4, others=[("green", "ball"), ("red", "square")], seed=0)
    >>> [(thing.colour, thing.shape) for thing in things]
    [('red', 'ball'), ('green', 'ball'), ('red', 'square'), ('green', 'ball')]
    >>> image.shape, int(labels.max())
    ((128, 128, 3), 4)
    """
    whole_number("count", count, least=1)
    whole_number("side", side, least=8)
    whole_number("clutter", clutter, least=0)
    whole_number("seed", seed, least=0, most=2**32 - 1)
    least, most = _range(size, side)
    kinds = [] if target is None else [_kind("target", target)]
    more = count - len(kinds)
    if more and not others:
        raise ValueError(f"others is empty but there are to be {more} of them: name a colour and a shape at least")
    kinds += [_kind(f"others[{i % len(others)}]", others[i % len(others)]) for i in range(more)]
    rng = np.random.default_rng(seed)
    for _ in range(TRIES):
        sizes = rng.uniform(least, most, size=count).round(1)
        places = _scatter(sizes, side, rng)
        if len(places) == count:
            break
    else:
        raise ValueError(
            f"{count} things of sizes {least} to {most} do not fit into {side} × {side} pixels with {GAP} between "
            "them: ask for fewer, for smaller ones, or for a larger side"
        )
    things = [
        Thing(shape, colour, float(x), float(y), float(s))
        for (colour, shape), (x, y), s in zip(kinds, places, sizes, strict=True)
    ]
    return draw(things, side=side, clutter=clutter, seed=seed)


def _scatter(sizes: Float64[np.ndarray, "n"], side: int, rng: np.random.Generator) -> Float64[np.ndarray, "m 2"]:
    """Find a place for one thing after the other; fewer places than things if one finds none."""
    places = np.empty((0, 2))
    for i, size in enumerate(sizes):
        tried = rng.uniform(size, side - 1 - size, size=(TRIES, 2)).round(1)  # (t, 2)
        apart = np.abs(tried[:, None] - places).max(axis=-1) - sizes[:i]  # (t, i): from each centre to each outline
        free = (apart >= size + GAP).all(axis=-1)
        if not free.any():
            break
        places = np.concatenate([places, tried[free][:1]])
    return places


def _signed_distance(
    shape: str, u: Float64[np.ndarray, "x"], v: Float64[np.ndarray, "y 1"], size: float
) -> Float64[np.ndarray, "y x"]:
    """Return how far each pixel is from the outline of a shape around (0, 0), negative inside."""
    if shape == "ball":
        return np.asarray(np.hypot(u, v) - size)
    if shape == "square":
        return np.asarray(np.maximum(np.abs(u), np.abs(v)) - size)
    return np.asarray(np.maximum(v - ROOT3 / 2 * size, ROOT3 / 2 * np.abs(u) - v / 2 - ROOT3 / 4 * size))


def _paint(
    image: Float64[np.ndarray, "y x 3"],
    distance: Float64[np.ndarray, "y x"],
    colour: float | tuple[float, float, float],
) -> None:
    """Lay a colour over the picture where the distance to an outline says that something is."""
    cover = np.clip(0.5 - distance, 0, 1)[..., None]  # (y, x, 1)
    image *= 1 - cover
    image += cover * np.asarray(colour)


def _thing(i: int, thing: Thing, side: int) -> Thing:
    """Check a thing to be drawn, given as a Thing or as its five fields in order."""
    if len(thing) != len(Thing._fields):
        raise ValueError(f"things[{i}] is {thing!r}; it must be a Thing: {', '.join(Thing._fields)}")
    thing = Thing(*thing)
    _known(f"things[{i}].colour", thing.colour, COLOURS)
    _known(f"things[{i}].shape", thing.shape, SHAPES)
    for name in ("x", "y", "size"):
        _number(f"things[{i}].{name}", getattr(thing, name))
    if thing.size <= 0:
        raise ValueError(f"things[{i}].size is {thing.size}; it must be above 0, half the width in pixels")
    for name, centre in (("x", thing.x), ("y", thing.y)):
        if not 0 <= centre <= side - 1:
            raise ValueError(f"things[{i}].{name} is {centre}; it must lie in the picture, from 0 to {side - 1}")
    return thing


def _kind(name: str, kind: tuple[str, str]) -> tuple[str, str]:
    """Check a colour and a shape."""
    if isinstance(kind, str) or len(kind) != 2:
        raise ValueError(f'{name} is {kind!r}; it must be a colour and a shape, such as ("red", "ball")')
    colour, shape = kind
    if colour in SHAPES and shape in COLOURS:
        raise ValueError(f"{name} is {kind!r}; the colour comes first: {(shape, colour)!r}")
    _known(f"the colour of {name}", colour, COLOURS)
    _known(f"the shape of {name}", shape, SHAPES)
    return colour, shape


def _known(name: str, word: str, known: Iterable[str]) -> None:
    """Ask for one of the known words, and guess which one was meant."""
    known = list(known)
    if word not in known:
        close = difflib.get_close_matches(str(word), known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
        raise ValueError(f"{name} is {word!r}: {hint}")


def _range(size: tuple[float, float], side: int) -> tuple[float, float]:
    """Check the least and the greatest size."""
    if isinstance(size, Real) or len(size) != 2:
        raise ValueError(f"size is {size!r}; it must be two numbers, the least and the greatest size")
    least, most = size
    for end in size:
        _number("size", end)
    if not 0 < least <= most:
        raise ValueError(f"size is {size!r}; it must rise from a least size above 0 to a greatest one")
    if 2 * most > side - 1:
        raise ValueError(f"size is {size!r}, but nothing wider than {side} pixels fits: it must end below {side / 2:g}")
    return least, most


def _number(name: str, value: float) -> None:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} is {value!r}; it must be a number of pixels")
    if not math.isfinite(value):
        raise ValueError(f"{name} is {value}; it must be a finite number of pixels")
