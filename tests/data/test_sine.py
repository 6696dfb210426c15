"""The walk's data are those of the textbook's editions: curve, noise, number, order; and words for wrong input."""

import math

import numpy as np
import pytest

from attnbook.data.sine import EDITIONS, grid, sine

CURVES = {
    "first": lambda x: 2 * math.sin(x) + x**0.8,
    "later": lambda x: 2 * math.sin(x) + x,
}


@pytest.mark.parametrize(("edition", "count", "noise"), [("first", 50, 0.5), ("later", 40, 1.0)])
def test_an_edition_is_as_it_is_printed(edition: str, count: int, noise: float) -> None:
    keys, values = sine(seed=1, edition=edition)
    assert keys.shape == values.shape == (count, 1)
    many, heights = sine(40_000, seed=2, edition=edition)
    rest = heights[:, 0] - [CURVES[edition](x) for x in many[:, 0].tolist()]
    assert abs(rest.mean()) < 0.02
    assert abs(rest.std() - noise) < 0.02
    assert abs(np.corrcoef(rest, many[:, 0])[0, 1]) < 0.02
    assert EDITIONS[edition][1:] == (noise, count)


def test_keys_are_sorted_and_evenly_likely() -> None:
    keys, _ = sine(40_000, seed=3)
    assert (np.diff(keys[:, 0]) >= 0).all()
    assert 0 <= keys.min() < 0.01 < 4.99 < keys.max() < 5
    shares = np.histogram(keys, bins=10, range=(0, 5))[0] / 40_000
    np.testing.assert_allclose(shares, 0.1, atol=0.01)


def test_a_seed_gives_the_same_points() -> None:
    np.testing.assert_array_equal(sine(seed=4).values, sine(seed=4).values)
    assert (sine(seed=4).values != sine(seed=5).values).any()


def test_the_grid_is_that_of_the_notes() -> None:
    keys, values = grid()
    np.testing.assert_allclose(keys[:, 0], [i / 10 for i in range(50)])
    np.testing.assert_allclose(values[:, 0], [CURVES["first"](i / 10) for i in range(50)])
    np.testing.assert_allclose(grid(edition="later").values[:, 0], [CURVES["later"](i / 10) for i in range(50)])


def test_sizes_seeds_and_editions_that_must_fit() -> None:
    with pytest.raises(ValueError, match="count is 0; it must be at least 1"):
        sine(0, seed=0)
    with pytest.raises(TypeError, match=r"seed is 0\.5; it must be a whole number"):
        sine(seed=0.5)  # type: ignore[arg-type]
    for call in (lambda: sine(seed=0, edition="third"), lambda: grid(edition="third")):
        with pytest.raises(ValueError, match="edition is 'third'; it must be one of first, later"):
            call()
