"""Digits lie where they are said to lie, and nothing else is in the picture."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from attnbook.data.placed_digits import placed_digits


@pytest.mark.parametrize(("test", "some"), [(False, slice(1400)), (True, slice(1400, None))])
def test_a_digit_is_at_its_place_in_an_empty_picture(test: bool, some: slice) -> None:
    digits, (pixels, target) = placed_digits(test=test), load_digits(return_X_y=True)
    np.testing.assert_array_equal(digits.target, target[some])
    assert {tuple(place) for place in digits.place.tolist()} == {(y, x) for y in range(3) for x in range(3)}
    for image, (y, x), digit in zip(digits.images, 4 * digits.place, pixels[some], strict=True):
        np.testing.assert_allclose(image[y : y + 8, x : x + 8].ravel(), digit / 16)
        assert image.sum() == image[y : y + 8, x : x + 8].sum()


def test_places_follow_from_the_seed() -> None:
    first, again, other = (placed_digits(test=True, seed=seed).place for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    with pytest.raises(ValueError, match="seed is -1"):
        placed_digits(seed=-1)
