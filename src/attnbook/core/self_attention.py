"""A sequence that asks itself: self-attention, masks over places, and positions.

Every mask is True where attending is allowed, and two of them are joined with ``&``. Queries and keys stand at places
0, 1, 2, …; ``start`` is the place of the first query, where it is not 0.
"""

from collections.abc import Sequence
from typing import Any

import array_api_compat
from array_api_compat import numpy as default
from jaxtyping import Bool, Float, Real

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core.alignment import attend
from attnbook.core.scoring import scaled_dot

__all__ = ["causal_mask", "padding_mask", "rotate", "self_attention", "sinusoidal", "window_mask"]

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
    _whole("width", width, least=1)
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
    _whole("keys", keys, least=1)
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


def sinusoidal(
    positions: Real[Array, "*n"], width: int, *, pairs: str = "neighbours", base: float = 10_000.0
) -> Float[Array, "*n d"]:
    r"""Write each position as sines and cosines of d/2 speeds, from one radian a place to hardly any.

    .. math::
        (\sin p\,\omega_j,\ \cos p\,\omega_j) \qquad \omega_j = \mathrm{base}^{-2j/d} \qquad j = 0, \dots, d/2 - 1

    Args:
        positions: One number for each place.
        width: The d above.
        pairs: Where sine and cosine of one speed stand: "neighbours" (columns 2j and 2j + 1), as in the paper, or
            "halves" (columns j and j + d/2), as in its authors' code.
        base: The larger, the slower the last speed.

    >>> import numpy as np
    >>> sinusoidal(np.arange(3), 4).round(2)
    array([[ 0.  ,  1.  ,  0.  ,  1.  ],
           [ 0.84,  0.54,  0.01,  1.  ],
           [ 0.91, -0.42,  0.02,  1.  ]])
    >>> sinusoidal(np.arange(2), 4, pairs="halves").round(2)
    array([[0.  , 0.  , 1.  , 1.  ],
           [0.84, 0.01, 0.54, 1.  ]])
    """
    xp = _namespace(positions)
    _even("width", width)
    angles = _angles(positions, width, base, xp)  # (*n, d/2)
    dtype = positions.dtype if xp.isdtype(positions.dtype, "real floating") else xp.zeros(1).dtype
    return xp.astype(_join(xp.sin(angles), xp.cos(angles), pairs, xp), dtype)


def rotate(
    vectors: Float[Array, "*b n d"], positions: Real[Array, "n"], *, pairs: str = "halves", base: float = 10_000.0
) -> Float[Array, "*b n d"]:
    r"""Turn each pair of numbers of a vector by an angle that grows with its position (rotary positions).

    .. math::
        \begin{pmatrix} x' \\ y' \end{pmatrix} =
        \begin{pmatrix} \cos p\,\omega_j & -\sin p\,\omega_j \\ \sin p\,\omega_j & \cos p\,\omega_j \end{pmatrix}
        \begin{pmatrix} x \\ y \end{pmatrix}
        \qquad \omega_j = \mathrm{base}^{-2j/d}

    The dot product of a query and a key turned like this depends on the difference of their positions only.

    Args:
        vectors: Queries or keys; each head by itself.
        positions: One number for each row.
        pairs: Which numbers are turned together: "halves" (j and j + d/2) or "neighbours" (2j and 2j + 1).
        base: The larger, the slower the last pair turns.

    >>> import numpy as np
    >>> rows = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    >>> rotate(rows, np.arange(3)).round(2)  # by 0, 1 and 2 radians
    array([[ 1.  ,  0.  ],
           [ 0.54,  0.84],
           [-0.42,  0.91]])
    """
    xp = check.namespace(vectors=vectors)
    check.rows(vectors=vectors)
    _even("vectors have width", vectors.shape[-1])
    _namespace(positions)
    if tuple(positions.shape) != (vectors.shape[-2],):
        raise ValueError(
            f"positions have shape {tuple(positions.shape)} but there are {vectors.shape[-2]} vectors: "
            f"each row needs one position, shape ({vectors.shape[-2]},)"
        )
    angles = _angles(positions, vectors.shape[-1], base, xp)  # (n, d/2)
    cosine, sine = (xp.astype(turn(angles), vectors.dtype) for turn in (xp.cos, xp.sin))
    first, second = _split(vectors, pairs)  # (*b, n, d/2) each
    return _join(cosine * first - sine * second, sine * first + cosine * second, pairs, xp)


def _angles(positions: Array, width: int, base: float, xp: Any) -> Array:
    """The angle of each pair at each position, in double precision: far out, single precision loses the turn."""
    check.above_zero("base", base)
    wide = xp.astype(positions, xp.float64)
    powers = xp.arange(width // 2, dtype=xp.float64, device=array_api_compat.device(positions))
    return wide[..., None] * base ** (-2 * powers / width)  # (*n, d/2)


def _split(x: Array, pairs: str) -> tuple[Array, Array]:
    """The first and the second number of each pair."""
    half = x.shape[-1] // 2
    if pairs == "halves":
        return x[..., :half], x[..., half:]
    if pairs == "neighbours":
        return x[..., 0::2], x[..., 1::2]
    raise ValueError(f"pairs is {pairs!r}; it must be 'halves' or 'neighbours'")


def _join(first: Array, second: Array, pairs: str, xp: Any) -> Array:
    """Put the numbers of each pair where they belong; undoes _split."""
    if pairs == "halves":
        return xp.concat([first, second], axis=-1)
    if pairs == "neighbours":
        together = xp.stack([first, second], axis=-1)  # (…, d/2, 2)
        return xp.reshape(together, (*first.shape[:-1], 2 * first.shape[-1]))
    raise ValueError(f"pairs is {pairs!r}; it must be 'halves' or 'neighbours'")


def _places(queries: int, keys: int, start: int, like: Array | None) -> tuple[Array, Array, Any]:
    """The places of the queries, in a column, those of the keys, in a row, and the functions of their library."""
    _whole("queries", queries, least=1)
    _whole("keys", keys, least=1)
    _whole("start", start)
    xp = array_api_compat.array_namespace(_numpy.zeros(0) if like is None else like)
    device = None if like is None else array_api_compat.device(like)
    asked, known = xp.arange(queries, device=device) + start, xp.arange(keys, device=device)
    return asked[:, None], known[None, :], xp  # (q, 1), (1, k)


def _namespace(positions: Array) -> Any:
    if not array_api_compat.is_array_api_obj(positions):
        raise TypeError(f"positions is a {type(positions).__name__}, not an array: write np.array(positions)")
    xp = array_api_compat.array_namespace(positions)
    if not xp.isdtype(positions.dtype, ("integral", "real floating")):
        raise TypeError(f"positions hold {str(positions.dtype).removeprefix('torch.')}; they must be numbers")
    return xp


def _whole(name: str, number: Any, *, least: int | None = None) -> None:
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"{name} is {number!r}; it must be a whole number")
    if least is not None and number < least:
        raise ValueError(f"{name} is {number}; it must be at least {least}")


def _even(name: str, width: Any) -> None:
    _whole(name, width, least=2)
    if width % 2:
        raise ValueError(f"{name} {'' if ' ' in name else 'is '}{width}, which is odd: positions turn pairs of numbers")
