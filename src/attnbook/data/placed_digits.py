"""Handwritten digits at one of nine places, so that most of a picture is empty and one has to look for the digit."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Int64

from attnbook.data._checks import whole_number

__all__ = ["PlacedDigits", "placed_digits"]

SIDE, STEP = 16, 4


class PlacedDigits(NamedTuple):
    """Pictures from 0 to 1, what digit each shows, and in which row and column of patches the digit begins."""

    images: Float32[np.ndarray, "n 16 16"]
    target: Int64[np.ndarray, "n"]
    place: Int64[np.ndarray, "n 2"]


def placed_digits(*, test: bool = False, seed: int = 0) -> PlacedDigits:
    """Put each of scikit-learn's 8 × 8 digits into an empty picture of 16 × 16, at rows and columns 0, 4 or 8.

    Args:
        test: The last 397 digits instead of the first 1,400.
        seed: The places follow from it.

    >>> digits = placed_digits(test=True)
    >>> digits.images.shape
    (397, 16, 16)
    >>> row, column = 4 * digits.place[0]
    >>> bool(digits.images[0, row : row + 8, column : column + 8].sum() == digits.images[0].sum() > 0)
    True
    """
    whole_number("seed", seed, least=0)
    from sklearn.datasets import load_digits  # here, because it takes a second to load

    digits, target = load_digits(return_X_y=True)
    some = slice(1400, None) if test else slice(1400)
    digits, target = digits[some].reshape(-1, 8, 8) / 16, target[some]
    place = np.random.default_rng([seed, test]).integers(3, size=(len(digits), 2))  # (n, 2)
    rows, columns = (STEP * place[:, axis, None] + np.arange(8) for axis in (0, 1))  # (n, 8)
    images = np.zeros((len(digits), SIDE, SIDE), dtype="float32")
    images[np.arange(len(digits))[:, None, None], rows[:, :, None], columns[:, None, :]] = digits
    return PlacedDigits(images, target.astype("int64"), place)
