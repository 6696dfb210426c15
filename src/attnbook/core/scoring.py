"""How relevant is each key to each query? Nine answers, all ``f(query, keys, …) → scores``."""

import math
from typing import Any

from array_api_compat import array_namespace
from jaxtyping import Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core._length import length

__all__ = [
    "additive",
    "bilinear",
    "cosine",
    "dot",
    "location",
    "low_rank_bilinear",
    "negative_distance",
    "scaled_dot",
    "summed_distance",
]


def dot(query: Float[Array, "*#b q d"], keys: Float[Array, "*#b k d"]) -> Float[Array, "*#b q k"]:
    r"""Multiply number by number and add up: large when both point the same way and are long.

    .. math:: s_i = q^\top k_i

    >>> import numpy as np
    >>> dot(np.array([[1.0, 2.0]]), np.array([[3.0, 0.0], [0.0, 3.0]]))
    array([[3., 6.]])
    """
    _comparable(query, keys, "the dot product")
    return query @ keys.mT  # (q, d) @ (d, k) → (q, k)


def scaled_dot(query: Float[Array, "*#b q d"], keys: Float[Array, "*#b k d"]) -> Float[Array, "*#b q k"]:
    r"""Divide the dot product by √d, so that its spread does not grow with the width.

    .. math:: s_i = \frac{q^\top k_i}{\sqrt d}

    >>> import numpy as np
    >>> scaled_dot(np.ones((1, 4)), np.array([[1.0, 1.0, 1.0, 1.0], [3.0, 0.0, 0.0, 0.0]]))
    array([[2. , 1.5]])
    """
    return dot(query, keys) / math.sqrt(query.shape[-1])


def cosine(query: Float[Array, "*#b q d"], keys: Float[Array, "*#b k d"]) -> Float[Array, "*#b q k"]:
    r"""Compare directions only, from −1 (opposite) to 1 (the same).

    .. math:: s_i = \frac{q^\top k_i}{\lVert q \rVert \, \lVert k_i \rVert}

    A zero vector has no direction; its score is 0.

    >>> import numpy as np
    >>> cosine(np.array([[2.0, 0.0]]), np.array([[9.0, 0.0], [0.0, 1.0], [-3.0, 0.0], [0.0, 0.0]]))
    array([[ 1.,  0., -1.,  0.]])
    """
    _comparable(query, keys, "the cosine")
    return _unit(query) @ _unit(keys).mT  # (q, d) @ (d, k) → (q, k)


def negative_distance(query: Float[Array, "*#b q d"], keys: Float[Array, "*#b k d"]) -> Float[Array, "*#b q k"]:
    r"""Score closeness: 0 on the spot, lower with every step away.

    .. math:: s_i = -\lVert q - k_i \rVert

    Where query and key coincide, the gradient is defined to be 0. The differences take memory for q·k·d
    numbers. Expanding the square into three products would need less, but subtracts nearly equal numbers when
    query and key are close, and can then ask for the root of a negative one.

    >>> import numpy as np
    >>> negative_distance(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 0.5]]))
    array([[-5. , -0.5]])
    """
    _comparable(query, keys, "the distance")
    return -_distances(query, keys)


def summed_distance(query: Float[Array, "*#b q _"], keys: Float[Array, "*#b k d"]) -> Float[Array, "*#b q k"]:
    r"""Score how central a key is among the keys, whatever the query asks.

    .. math:: s_i = -\sum_j \lVert k_i - k_j \rVert

    The minus sign makes far keys score low. The query is not in the formula: it only says how many rows to
    return, all alike.

    >>> import numpy as np
    >>> summed_distance(np.ones((2, 1)), np.array([[0.0], [1.0], [5.0]]))
    array([[-6., -5., -9.],
           [-6., -5., -9.]])
    """
    xp = _readable(query, keys)
    scores = -xp.sum(_distances(keys, keys), axis=-1)  # (k,)
    return xp.ones_like(query[..., :1]) * scores[..., None, :]  # (q, 1) · (1, k) → (q, k)


def location(
    query: Float[Array, "*#b q d"], keys: Float[Array, "*#b k _"], W: Float[Array, "m d"]
) -> Float[Array, "*#b q k"]:
    r"""Let the query name places, without looking at what stands there.

    .. math:: s_i = (W q)_i

    Row i of ``W`` belongs to place i. Only the number of keys is used, never their content; a ``W`` with more
    rows than keys serves shorter sequences too.

    >>> import numpy as np
    >>> W = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> location(np.array([[1.0, 2.0]]), np.zeros((2, 7)), W)
    array([[1., 2.]])
    """
    xp = _readable(query, keys, W=W)
    places = keys.shape[-2]
    check.parameter("W", W, (None, query.shape[-1]), "one row for each place, as wide as the query")
    if W.shape[0] < places:
        raise ValueError(
            f"W has {W.shape[0]} rows but there are {places} keys: location-based scoring needs a row for every place"
        )
    scores = query @ W[:places, :].mT  # (q, d) @ (d, k) → (q, k)
    return scores * xp.ones_like(keys[..., :1, :1])  # the keys give their batch axes, nothing else


def bilinear(
    query: Float[Array, "*#b q dq"], keys: Float[Array, "*#b k dk"], W: Float[Array, "dq dk"]
) -> Float[Array, "*#b q k"]:
    r"""Weigh every pairing of a query number with a key number; the two widths may differ.

    .. math:: s_i = q^\top W k_i

    >>> import numpy as np
    >>> W = np.array([[0.0, 1.0], [-1.0, 0.0]])  # looks for keys a quarter turn ahead of the query
    >>> bilinear(np.array([[1.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]), W)
    array([[0., 1.]])
    """
    _readable(query, keys, W=W)
    check.parameter("W", W, (query.shape[-1], keys.shape[-1]), "(query width, key width)")
    return query @ W @ keys.mT  # (q, dq) @ (dq, dk) @ (dk, k) → (q, k)


def low_rank_bilinear(
    query: Float[Array, "*#b q dq"],
    keys: Float[Array, "*#b k dk"],
    W_q: Float[Array, "r dq"],
    W_k: Float[Array, "r dk"],
) -> Float[Array, "*#b q k"]:
    r"""Map query and key to one narrow space and take the dot product there.

    .. math:: s_i = (W_q q)^\top (W_k k_i) = q^\top W_q^\top W_k \, k_i

    This is :func:`bilinear` with :math:`W = W_q^\top W_k`, a matrix of rank r at most.

    >>> import numpy as np
    >>> query, keys = np.array([[1.0, 2.0]]), np.array([[3.0, 1.0, 4.0]])
    >>> low_rank_bilinear(query, keys, np.array([[1.0, 1.0]]), np.array([[0.0, 0.0, 1.0]]))
    array([[12.]])
    """
    _readable(query, keys, W_q=W_q, W_k=W_k)
    check.parameter("W_q", W_q, (None, query.shape[-1]), "(rank, query width)")
    check.parameter("W_k", W_k, (W_q.shape[0], keys.shape[-1]), "(the same rank as W_q, key width)")
    return (query @ W_q.mT) @ (keys @ W_k.mT).mT  # (q, r) @ (r, k) → (q, k)


def additive(
    query: Float[Array, "*#b q dq"],
    keys: Float[Array, "*#b k dk"],
    W_q: Float[Array, "h dq"],
    W_k: Float[Array, "h dk"],
    w: Float[Array, "h"],
    bias: Float[Array, "h"] | None = None,
) -> Float[Array, "*#b q k"]:
    r"""Ask a small network with one hidden layer whether query and key belong together.

    .. math:: s_i = w^\top \tanh(W_q q + W_k k_i + b)

    >>> import numpy as np
    >>> one = np.ones((1, 1))
    >>> additive(np.array([[1.0]]), np.array([[-1.0], [40.0]]), one, one, w=np.array([2.0]))
    array([[0., 2.]])
    """
    extra = {} if bias is None else {"bias": bias}
    _readable(query, keys, W_q=W_q, W_k=W_k, w=w, **extra)
    check.parameter("W_q", W_q, (None, query.shape[-1]), "(hidden units, query width)")
    hidden_units = W_q.shape[0]
    check.parameter("W_k", W_k, (hidden_units, keys.shape[-1]), "(the same hidden units as W_q, key width)")
    check.parameter("w", w, (hidden_units,), "one number for each hidden unit")
    from_query = (query @ W_q.mT)[..., :, None, :]  # (q, 1, h)
    from_keys = (keys @ W_k.mT)[..., None, :, :]  # (1, k, h)
    inside = from_query + from_keys  # (q, k, h)
    if bias is not None:
        check.parameter("bias", bias, (hidden_units,), "one number for each hidden unit")
        inside = inside + bias
    xp = array_namespace(inside)
    return xp.tanh(inside) @ w  # (q, k, h) @ (h,) → (q, k)


def _readable(query: Array, keys: Array, **parameters: Array) -> Any:
    """Check what every scorer needs, and return the arrays' namespace."""
    xp = check.namespace(query=query, keys=keys, **parameters)
    check.rows(query=query, keys=keys)
    check.some_keys(keys)
    check.batches(query=query, keys=keys)
    return xp


def _comparable(query: Array, keys: Array, what: str) -> None:
    """Check what a scorer needs that compares query and key number by number."""
    _readable(query, keys)
    check.same_width(query, keys, what)


def _unit(vectors: Float[Array, "*n d"]) -> Float[Array, "*n d"]:
    """Shorten or stretch each vector to length one; a zero vector stays zero."""
    xp = array_namespace(vectors)
    lengths = length(vectors)  # (…, 1)
    return vectors / xp.where(lengths > 0, lengths, 1.0)


def _distances(points: Float[Array, "*#b m d"], others: Float[Array, "*#b n d"]) -> Float[Array, "*#b m n"]:
    """Return how far each point is from each of the others."""
    differences = points[..., :, None, :] - others[..., None, :, :]  # (m, 1, d) − (1, n, d) → (m, n, d)
    return length(differences)[..., 0]  # (m, n)
