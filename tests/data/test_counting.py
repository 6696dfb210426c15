"""What there is to count in a picture is what is said to be there."""

import numpy as np

from attnbook.data.counting import bar, near
from attnbook.data.scene import COLOURS


def holds(pictures: np.ndarray, colour: str, y: int, x: int) -> np.ndarray:
    """Where the middle of a cell has this colour, for cells from row and column y, x on."""
    return np.isclose(pictures[:, y::4, x::4], COLOURS[colour], atol=1e-5).all(axis=-1)  # (n, y, x)


def test_balls_of_the_bars_colour_are_counted() -> None:
    pictures, counts = bar(200, seed=3)
    for colour in ("red", "green"):
        some = np.isclose(pictures[:, 0, 0], COLOURS[colour], atol=1e-5).all(axis=-1)
        assert some.any()
        found = holds(pictures[some], colour, 1, 1)[:, 1:].sum(axis=(1, 2))
        np.testing.assert_array_equal(found, counts[some])
    assert set(counts.tolist()) == {0, 1, 2, 3}


def test_red_balls_to_the_right_of_a_ring_are_counted() -> None:
    pictures, counts = near(200, seed=3)
    red = holds(pictures, "red", 1, 1)
    ring = np.isclose(pictures[:, ::4, ::4], 0.95, atol=1e-5).all(axis=-1)  # only rings have corners
    np.testing.assert_array_equal((ring[:, :, :-1] & red[:, :, 1:]).sum(axis=(1, 2)), counts)
    assert (red.sum(axis=(1, 2)) == 4).all()
    assert (ring.sum(axis=(1, 2)) == 4).all()
    assert set(counts.tolist()) == {0, 1, 2, 3}
