"""A sequence that asks itself: self-attention, and masks over places.

Every mask is True where attending is allowed, and two of them are joined with ``&``. Queries and keys stand at places
0, 1, 2, …; ``start`` is the place of the first query, where it is not 0.
"""

from collections.abc import Sequence
from typing import Any

import array_api_compat
from array_api_compat import numpy as default
from jaxtyping import Bool, Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core._whole import whole
from attnbook.core.alignment import attend
from attnbook.core.scoring import scaled_dot

__all__ = ["causal_mask", "padding_mask", "self_attention", "window_mask"]

_numpy: Any = default  # the library of masks that are made of no array


def self_attention(
    inputs: Float[Array, "*b n e"],
    w_query: Float[Array, "e d"],
    w_key: Float[Array, "e d"],
    w_value: Float[Array, "e v"],
    *,
    mask: Bool[Array, "..."] | None = None,
) -> tuple[Float[Array, "*b n v"], Float[Array, "*b n n"]]:
    r"""Let every input ask all inputs; return ``(output, weights)``.

    .. math::
        Q = X W_q \qquad K = X W_k \qquad V = X W_v \qquad
        O = \operatorname{softmax}\Bigl( \frac{Q K^\top}{\sqrt d} \Bigr) V

    Args:
        inputs: The sequence, one vector for each place.
        w_query: Makes the queries; d is their width.
        w_key: Makes the keys.
        w_value: Makes the values.
        mask: True where attending is allowed, with shape (…, n, n) or one that broadcasts to it. A place that may
            attend to nothing gets weights and an output of zeros.

    >>> import numpy as np
    >>> inputs = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> ask, read = 9 * np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[1.0], [10.0]])
    >>> output, weights = self_attention(inputs, ask, np.eye(2), read)
    >>> weights.round(2)  # the first looks for the second number, the second for the first
    array([[0. , 0.5, 0.5],
           [0.5, 0. , 0.5],
           [0. , 0. , 1. ]])
    >>> output.round(1)
    array([[10.5],
           [ 6. ],
           [11. ]])
    """
    check.namespace(inputs=inputs, w_query=w_query, w_key=w_key, w_value=w_value)
    check.rows(inputs=inputs)
    if inputs.shape[-2] == 0:
        raise ValueError(f"inputs has shape {tuple(inputs.shape)}: the text is empty, so there is nobody to ask")
    width = inputs.shape[-1]
    check.parameter("w_query", w_query, (width, None), "it makes a query of each input")
    check.parameter("w_key", w_key, (width, w_query.shape[1]), "it makes keys as wide as the queries")
    check.parameter("w_value", w_value, (width, None), "it makes a value of each input")
    query, keys, values = inputs @ w_query, inputs @ w_key, inputs @ w_value  # (*b, n, d), (*b, n, d), (*b, n, v)
    return attend(scaled_dot(query, keys), values, mask=mask)  # (*b, n, v), (*b, n, n)


def causal_mask(queries: int, keys: int, *, start: int = 0, like: Array | None = None) -> Bool[Array, "q k"]:
    r"""Allow each query the keys up to its own place: query t, at place start + t, may attend to i ≤ start + t.

    Where there are as many queries as keys there is one such mask. Where there are fewer, two are in use: the first
    query stands at the first key (``start=0``, *top-left*), or the last query at the last key
    (``start=keys - queries``, *bottom-right*), as when a model with a cache reads one more word.

    Args:
        queries: How many.
        keys: How many.
        start: The place of the first query.
        like: An array whose library and device the mask is to have; NumPy if not given.

    >>> causal_mask(2, 4).astype(int)
    array([[1, 0, 0, 0],
           [1, 1, 0, 0]])
    >>> causal_mask(2, 4, start=4 - 2).astype(int)
    array([[1, 1, 1, 0],
           [1, 1, 1, 1]])
    """
    asked, known, _ = _places(queries, keys, start, like)
    allowed: Array = known <= asked
    return allowed


def window_mask(
    queries: int, keys: int, *, width: int, start: int = 0, like: Array | None = None
) -> Bool[Array, "q k"]:
    r"""Allow each query the keys that are fewer than ``width`` places away: :math:`|start + t - i| < width`.

    So together with :func:`causal_mask` a query sees ``width`` keys, itself among them; alone, ``width - 1`` on either
    side and itself.

    Args:
        queries: How many.
        keys: How many.
        width: At 1, a query sees the key at its own place and no other.
        start: The place of the first query.
        like: An array whose library and device the mask is to have; NumPy if not given.

    >>> (window_mask(4, 4, width=2) & causal_mask(4, 4)).astype(int)
    array([[1, 0, 0, 0],
           [1, 1, 0, 0],
           [0, 1, 1, 0],
           [0, 0, 1, 1]])
    """
    whole("width", width, least=1)
    asked, known, xp = _places(queries, keys, start, like)
    allowed: Array = xp.abs(asked - known) < width
    return allowed


def padding_mask(lengths: Sequence[int] | Array, keys: int) -> Bool[Array, "*b 1 k"]:
    r"""Allow all queries the first keys of each sequence, and not those that only fill it up: :math:`i < length`.

    Args:
        lengths: How many keys of each sequence are real: a list, or an array of whole numbers.
        keys: How many keys a sequence has once it is filled up.

    >>> padding_mask([2, 3], 3).astype(int)
    array([[[1, 1, 0]],
    <BLANKLINE>
           [[1, 1, 1]]])
    """
    whole("keys", keys, least=1)
    real: Array = lengths if array_api_compat.is_array_api_obj(lengths) else _numpy.asarray(lengths)
    xp = array_api_compat.array_namespace(real)
    if not xp.isdtype(real.dtype, "integral"):
        raise TypeError(f"lengths hold {str(real.dtype).removeprefix('torch.')}; they must be whole numbers")
    wrong = real[(real < 0) | (real > keys)]
    if wrong.shape[0]:
        raise ValueError(f"lengths contain {int(wrong[0])}, but there are {keys} keys: each must be from 0 to {keys}")
    places = xp.arange(keys, device=array_api_compat.device(real))
    allowed: Array = places < real[..., None, None]  # (*b, 1, k)
    return allowed


def _places(queries: int, keys: int, start: int, like: Array | None) -> tuple[Array, Array, Any]:
    """The places of the queries, in a column, those of the keys, in a row, and the functions of their library."""
    whole("queries", queries, least=1)
    whole("keys", keys, least=1)
    whole("start", start)
    xp = array_api_compat.array_namespace(_numpy.zeros(0) if like is None else like)
    device = None if like is None else array_api_compat.device(like)
    asked, known = xp.arange(queries, device=device) + start, xp.arange(keys, device=device)
    return asked[:, None], known[None, :], xp  # (q, 1), (1, k)
