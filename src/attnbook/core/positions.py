"""Where in a sequence a vector stands, told by waves that are added or by turning pairs of numbers."""

from typing import Any

import array_api_compat
from jaxtyping import Float, Real

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core._whole import whole

__all__ = ["rotate", "sinusoidal"]


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


def _namespace(positions: Array) -> Any:
    if not array_api_compat.is_array_api_obj(positions):
        raise TypeError(f"positions is a {type(positions).__name__}, not an array: write np.array(positions)")
    xp = array_api_compat.array_namespace(positions)
    if not xp.isdtype(positions.dtype, ("integral", "real floating")):
        raise TypeError(f"positions hold {str(positions.dtype).removeprefix('torch.')}; they must be numbers")
    return xp


def _even(name: str, width: Any) -> None:
    whole(name, width, least=2)
    if width % 2:
        raise ValueError(f"{name} {'' if ' ' in name else 'is '}{width}, which is odd: positions turn pairs of numbers")
