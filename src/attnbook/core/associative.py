"""An associative memory without softmax, and how many pairs fit into one with it."""

import math

from jaxtyping import Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array

__all__ = ["capacity", "recall", "store"]


def store(keys: Float[Array, "*#b k d"], values: Float[Array, "*#b k v"]) -> Float[Array, "*#b d v"]:
    r"""Add up all pairs in one matrix, which does not grow with their number: a linear associative memory.

    .. math:: M = \sum_i k_i v_i^\top

    >>> import numpy as np
    >>> store(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[5.0, 6.0, 7.0], [1.0, 2.0, 3.0]]))
    array([[5., 6., 7.],
           [1., 2., 3.]])
    """
    check.pairs(keys, values)
    check.namespace(keys=keys, values=values)
    check.batches(keys=keys, values=values)
    return keys.mT @ values  # (d, k) @ (k, v) → (d, v)


def recall(query: Float[Array, "*#b q d"], memory: Float[Array, "*#b d v"]) -> Float[Array, "*#b q v"]:
    r"""Read from a linear associative memory: exact if the keys are orthogonal and of length one.

    .. math:: o = M^\top q = \sum_i (q^\top k_i) \, v_i

    With other keys, every pair adds its value as often as its key resembles the query, and nothing suppresses it.

    >>> import numpy as np
    >>> keys, values = np.array([[1.0, 0.0], [0.6, 0.8]]), np.array([[10.0], [20.0]])
    >>> recall(keys, store(keys, values))  # 10 and 20 were stored
    array([[22.],
           [26.]])
    """
    check.namespace(query=query, memory=memory)
    check.rows(query=query, memory=memory)
    if query.shape[-1] != memory.shape[-2]:
        raise ValueError(
            f"query has width {query.shape[-1]} but memory has {memory.shape[-2]} rows: "
            "a memory has one row for each number of a key, and a query is as wide as the keys"
        )
    check.batches(query=query, memory=memory)
    return query @ memory  # (q, d) @ (d, v) → (q, v)


def capacity(width: int, *, sharpness: float | None = None) -> float:
    r"""Say how many pairs a memory with softmax may hold until a stored key gets half of the weight of its own query.

    .. math:: n = 1 + e^{\beta - \beta^2 / (2d)}

    The keys have length one and random directions, the scores are :math:`\beta` times the dot products. The right
    score is :math:`\beta`. A wrong one is nearly normal around 0 with variance :math:`\beta^2 / d`, so that its power
    is :math:`e^{\beta^2 / (2d)}` on average. That is an approximation for wide keys and moderate sharpness.

    Args:
        width: The :math:`d` above.
        sharpness: The :math:`\beta` above; :math:`\sqrt d` if not given, which is the scaled dot product of
            keys of length :math:`\sqrt d`.

    >>> [round(capacity(width)) for width in (16, 36, 64)]
    [34, 246, 1809]
    """
    if isinstance(width, bool) or not isinstance(width, int):
        raise TypeError(f"width is {width!r}; it must be a whole number")
    if width < 1:
        raise ValueError(f"width is {width}; it must be at least 1")
    sharp = math.sqrt(width) if sharpness is None else sharpness
    check.above_zero("sharpness", sharp)
    return 1 + math.exp(sharp - sharp**2 / (2 * width))
