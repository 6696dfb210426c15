"""Attention near a place: a window around a position that is given, or that the query predicts."""

import math
from numbers import Real
from typing import Any

from array_api_compat import array_namespace, device
from jaxtyping import Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core.alignment import softmax
from attnbook.core.scoring import dot

__all__ = ["local_attend", "local_m", "local_p", "predicted_place"]


def predicted_place(
    query: Float[Array, "*b q d"], W_p: Float[Array, "h d"], v_p: Float[Array, "h"], *, length: int
) -> Float[Array, "*b q"]:
    r"""Let the query say where to look, as a real number between 0 and the length.

    .. math:: p = S \cdot \operatorname{sigmoid}\bigl(v_p^\top \tanh(W_p q)\bigr)

    >>> import numpy as np
    >>> predicted_place(np.array([[1.0, 2.0]]), np.zeros((3, 2)), np.ones(3), length=24)
    array([12.])
    """
    xp = check.namespace(query=query, W_p=W_p, v_p=v_p)
    check.rows(query=query)
    check.parameter("W_p", W_p, (None, query.shape[-1]), "(hidden units, query width)")
    check.parameter("v_p", v_p, (W_p.shape[0],), "one number for each hidden unit")
    return length * (1 + xp.tanh(xp.tanh(query @ W_p.mT) @ v_p / 2)) / 2  # sigmoid(x) = (1 + tanh(x / 2)) / 2


def local_m(
    scores: Float[Array, "*b q k"], place: Float[Array, "*b q"], *, reach: float | int
) -> Float[Array, "*b q k"]:
    r"""Share the weight among the keys near a place that is given (Luong's *local-m*: monotonic).

    .. math:: \alpha_i = \operatorname{softmax}_{|j - p| \le D} (s_j)_i \text{ if } |i - p| \le D, \text{ else } 0

    Args:
        scores: Of all keys, at places 0, 1, …; those outside the window are never read.
        place: The :math:`p` above, for each query the middle of its window.
        reach: The :math:`D` above, how far the window reaches to either side. A window without a key gives zeros.

    >>> import numpy as np
    >>> local_m(np.array([[9.0, 0.0, 0.0, 0.0, 9.0]]), np.array([2.0]), reach=1).round(2)
    array([[0.  , 0.33, 0.33, 0.33, 0.  ]])
    """
    _, inside = _window(scores, place, reach)
    return softmax(scores, mask=inside)


def local_p(
    scores: Float[Array, "*b q k"], place: Float[Array, "*b q"], *, reach: float | int
) -> Float[Array, "*b q k"]:
    r"""Favour the keys near a place that is predicted, and can be learned (Luong's *local-p*).

    .. math:: \alpha_i = \operatorname{softmax}_{|j - p| \le D} (s_j)_i \; e^{-(i - p)^2 / 2 \sigma^2}
        \qquad \sigma = D / 2

    The Gaussian is what gives :math:`p` a gradient. As published, the weights are not scaled up again: they sum to
    less than one. Arguments as in :func:`local_m`.

    >>> import numpy as np
    >>> local_p(np.zeros((1, 5)), np.array([2.0]), reach=2).round(2)
    array([[0.03, 0.12, 0.2 , 0.12, 0.03]])
    """
    positions, inside = _window(scores, place, reach)
    return softmax(scores, mask=inside) * _nearness(positions, place, reach)


def local_attend(
    query: Float[Array, "*b q d"],
    keys: Float[Array, "*b k d"],
    values: Float[Array, "*b k v"],
    place: Float[Array, "*b q"],
    *,
    reach: float | int,
) -> Float[Array, "*b q v"]:
    """Read out ``local_p(dot(query, keys), place) @ values`` at a cost that does not grow with the number of keys.

    Only the keys and values inside a window are fetched; a masked score is computed and then thrown away.

    >>> import numpy as np
    >>> values = np.arange(100.0)[:, None]
    >>> local_attend(np.zeros((1, 1)), np.zeros((100, 1)), values, np.array([60.0]), reach=2).round(2)
    array([[29.8]])
    """
    xp = check.namespace(query=query, keys=keys, values=values, place=place)
    check.rows(query=query, keys=keys, values=values)
    check.some_keys(keys)
    check.same_width(query, keys, "the dot product")
    if keys.shape[:-1] != values.shape[:-1] or query.shape[:-2] != keys.shape[:-2]:
        raise ValueError(
            f"query, keys and values have shapes {tuple(query.shape)}, {tuple(keys.shape)} and {tuple(values.shape)}: "
            "batch axes must be the same, and each key needs exactly one value"
        )
    _place(place, query.shape[:-1], reach, xp)
    count = keys.shape[-2]
    first = xp.astype(xp.ceil(place - reach), xp.int64)[..., None]  # (q, 1)
    positions = first + xp.arange(math.floor(2 * reach) + 1, device=device(keys))  # (q, w)
    inside = (positions >= 0) & (positions < count) & (xp.abs(positions - place[..., None]) <= reach)
    fetched = _take(keys, xp.clip(positions, 0, count - 1), xp), _take(values, xp.clip(positions, 0, count - 1), xp)
    scores = dot(query[..., None, :], fetched[0])  # (q, 1, d) against (q, w, d) → (q, 1, w)
    weights = softmax(scores, mask=inside[..., None, :]) * _nearness(positions, place, reach)[..., None, :]
    return (weights @ fetched[1])[..., 0, :]  # (q, 1, w) @ (q, w, v) → (q, v)


def _place(place: Array, shape: tuple[int, ...], reach: float | int, xp: Any) -> None:
    """Ask for a window: a finite place for each query, and a reach above 0."""
    if isinstance(reach, bool) or not isinstance(reach, Real):
        raise TypeError(f"reach is {reach!r}; it must be one number above 0")
    if not (math.isfinite(reach) and reach > 0):
        raise ValueError(f"reach is {reach}; it must be a finite number above 0, how far the window reaches")
    if place.shape != shape:
        raise ValueError(f"place has shape {tuple(place.shape)} but must have shape {tuple(shape)}: one for each query")
    check.finite("place", place, xp, advice="a place is a number between 0 and the number of keys")


def _window(scores: Array, place: Array, reach: float | int) -> tuple[Any, Any]:
    """Return the places of all keys, and whether each lies in the window of each query."""
    xp = check.namespace(scores=scores, place=place)
    check.rows(scores=scores)
    _place(place, scores.shape[:-1], reach, xp)
    positions = xp.arange(scores.shape[-1], dtype=scores.dtype, device=device(scores))  # (k,)
    return positions, xp.abs(positions - place[..., None]) <= reach  # (q, k)


def _nearness(positions: Array, place: Array, reach: float | int) -> Array:
    xp = array_namespace(place)
    return xp.exp(-((xp.astype(positions, place.dtype) - place[..., None]) ** 2) / (2 * (reach / 2) ** 2))


def _take(rows: Array, positions: Array, xp: Any) -> Array:
    """Fetch rows, ``(…, k, d)``, at positions, ``(…, q, w)``, of the same batch: ``(…, q, w, d)``."""
    batch, count = math.prod(rows.shape[:-2]), rows.shape[-2]
    starts = count * xp.reshape(xp.arange(batch, device=device(rows)), (*rows.shape[:-2], 1, 1))
    taken = xp.take(xp.reshape(rows, (-1, rows.shape[-1])), xp.reshape(positions + starts, (-1,)), axis=0)
    return xp.reshape(taken, (*positions.shape, rows.shape[-1]))
