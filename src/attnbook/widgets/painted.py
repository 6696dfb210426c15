"""A square of numbers to paint, as an option of an explorer: a letter for each place, so that a link to it is short."""

import math
from string import ascii_letters
from typing import Any

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook.widgets.declare import Declared

__all__ = ["SIGNS", "Painted", "read", "written"]

SIGNS = ascii_letters[:51]
"""a for 0, b for 0.02, up to Y for 1."""


def written(values: Float64[np.ndarray, "y x"]) -> str:
    """Write numbers from 0 to 1 as signs, row by row; each becomes the nearest that has one.

    >>> written(np.array([[0.0, 0.021], [0.5, 1.0]]))
    'abzY'
    """
    return "".join(SIGNS[level] for level in np.rint(values * (len(SIGNS) - 1)).astype(int).flat)


def read(signs: str) -> Float64[np.ndarray, "y x"]:
    """Read the square of numbers that these signs stand for.

    >>> read("abzY").tolist()
    [[0.0, 0.02], [0.5, 1.0]]
    """
    side = math.isqrt(len(signs))
    return np.array([SIGNS.index(sign) for sign in signs]).reshape(side, side) / (len(SIGNS) - 1)


class Painted(Declared):
    """A square of numbers from 0 to 1, in steps of 0.02; it can be set from an array, or from the signs of a link."""

    kind = "painted"

    def __init__(self, default: str, **kwargs: Any) -> None:
        self.side = math.isqrt(len(default))
        super().__init__(default, **kwargs)

    def checked(self, name: str, value: Any) -> str:
        """Return the numbers as signs."""
        if isinstance(value, str) and len(value) == self.side**2 and set(value) <= set(SIGNS):
            return value
        try:
            array = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            array = np.empty(0)
        wrong = f"has shape {array.shape}" if array.size else f"is {value!r:.60}"
        if array.shape == (self.side, self.side):
            if ((array >= 0) & (array <= 1)).all():  # a NaN is neither
                return written(array)
            wrong = f"goes from {array.min():g} to {array.max():g}"
        raise traitlets.TraitError(f"{name} {wrong}; it must be {self.side} × {self.side} numbers from 0 to 1")

    def limits(self) -> dict[str, Any]:
        """Return the signs, and how many there must be."""
        return {"signs": SIGNS, "length": self.side**2}
