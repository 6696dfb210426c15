"""Six keys in the plane that the reader gets to know."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

__all__ = ["SixVectors", "six_vectors"]


class SixVectors(NamedTuple):
    """One query, six keys with a name and a value each."""

    query: Float64[np.ndarray, "1 2"]
    keys: Float64[np.ndarray, "6 2"]
    values: Float64[np.ndarray, "6 2"]
    names: tuple[str, ...]


def six_vectors() -> SixVectors:
    """Return the book's running example: scorers disagree on which of its keys is the best.

    Key ``a`` points almost exactly where the query points but is short: the cosine chooses it. Key ``b`` is
    long and 51° off: the dot product chooses it. Key ``c`` is the nearest: the distance chooses it. The other
    three lie to one side (``d``) and behind (``e`` and ``f``).

    >>> query, keys, values, names = six_vectors()
    >>> dict(zip(names, keys.tolist()))["b"]
    [0.6, 2.0]
    """
    return SixVectors(
        query=np.array([[1.2, 0.5]]),
        keys=np.array([[0.5, 0.2], [0.6, 2.0], [0.8, 0.9], [1.0, -1.1], [-0.8, -1.5], [-1.4, 0.7]]),
        values=np.array([[1.0, 0.0], [0.5, 1.5], [1.5, 1.0], [-0.5, -1.0], [-1.5, -0.5], [-1.0, 1.2]]),
        names=("a", "b", "c", "d", "e", "f"),
    )
