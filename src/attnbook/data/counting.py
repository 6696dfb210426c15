"""Two tasks of counting: in one it matters which colour counts, in the other which place."""

import numpy as np
from jaxtyping import Float32, Int64

from attnbook.data._checks import whole_number
from attnbook.data.scene import COLOURS, GROUND

__all__ = ["bar", "near"]

Counting = tuple[Float32[np.ndarray, "n y x 3"], Int64[np.ndarray, "n"]]
"""Pictures, and what there is to count in each."""

# Pictures are laid out in cells of 4 × 4 pixels, each of which holds a ball of one of four colours, a ring or nothing.
RING = len(COLOURS)
EMPTY = RING + 1
PALETTE = np.array([*COLOURS.values(), (0.95, 0.95, 0.95), (GROUND, GROUND, GROUND)])  # by these numbers
EDGE = np.array([True, False, False, True])
BALL = ~np.outer(EDGE, EDGE)  # a square without its corners
HOLLOW = ~np.outer(~EDGE, ~EDGE)  # one without its middle


def bar(count: int, *, seed: int) -> Counting:
    """Draw pictures with a bar at the top, and count the balls below it that have its colour.

    The bar is red or green. Of red and of green balls there are 0 to 3, of blue and of yellow ones two each.

    Args:
        count: How many pictures.
        seed: Everything follows from it.

    >>> pictures, counts = bar(5, seed=0)
    >>> pictures.shape, counts.tolist()
    ((5, 16, 16, 3), [0, 0, 2, 3, 2])
    """
    whole_number("count", count, least=1)
    whole_number("seed", seed, least=0)
    rng = np.random.default_rng(seed)
    colours, numbers = rng.integers(2, size=count), rng.integers(4, size=(count, 2))
    cells = np.full((count, 12), EMPTY)  # three rows of four
    for row, how_many in zip(cells, numbers, strict=True):
        balls = np.repeat([0, 1, 2, 3], [*how_many, 2, 2])
        row[rng.permutation(12)[: len(balls)]] = balls
    below = _drawn(cells.reshape(count, 3, 4))
    above = np.broadcast_to(PALETTE[colours][:, None, None], (count, 4, 16, 3))
    return np.concatenate([above, below], axis=1).astype("float32"), numbers[np.arange(count), colours]


def near(count: int, *, seed: int) -> Counting:
    """Draw pictures of balls and rings, and count the red balls with a ring directly to their left: 0 to 3.

    There are four red balls, four rings and three other balls in each picture, so their numbers say nothing.

    Args:
        count: How many pictures.
        seed: Everything follows from it.

    >>> pictures, counts = near(5, seed=0)
    >>> pictures.shape, counts.tolist()
    ((5, 16, 16, 3), [3, 2, 2, 1, 1])
    """
    whole_number("count", count, least=1)
    whole_number("seed", seed, least=0)
    rng = np.random.default_rng(seed)
    counts, cells = rng.integers(4, size=count), np.full((count, 4, 4), EMPTY)
    for table, wanted in zip(cells, counts, strict=True):
        left = rng.permutation(8)[:wanted] * 2  # each row has room for two pairs
        rest = [0] * (4 - wanted) + [RING] * (4 - wanted) + [*rng.integers(1, RING, size=3)]
        while (table == EMPTY).all() or _pairs(table) != wanted:
            table[:] = EMPTY
            table.flat[left], table.flat[left + 1] = RING, 0
            table.flat[rng.permutation(np.flatnonzero(table == EMPTY))[: len(rest)]] = rest
    return _drawn(cells).astype("float32"), counts


def _pairs(cells: Int64[np.ndarray, "y x"]) -> int:
    """Count the red balls directly to the right of a ring."""
    return int(((cells[:, :-1] == RING) & (cells[:, 1:] == 0)).sum())


def _drawn(cells: Int64[np.ndarray, "n y x"]) -> np.ndarray:
    """Draw each cell: a ball, a ring, or ground."""
    inside = np.where((cells == RING)[..., None, None], HOLLOW, BALL)[..., None]  # (n, y, x, 4, 4, 1)
    pixels = np.where(inside, PALETTE[cells][:, :, :, None, None], GROUND)  # (n, y, x, 4, 4, 3)
    n, rows, columns = cells.shape
    return pixels.swapaxes(2, 3).reshape(n, 4 * rows, 4 * columns, 3)
