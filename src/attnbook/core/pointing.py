"""Attention whose answer is a place: a pointer, a way from place to place, and hulls of points to go round."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from array_api_compat import device
from jaxtyping import Bool, Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core.alignment import softmax

__all__ = ["covered", "follow", "hull_edges", "point"]


def point(scores: Float[Array, "*b k"], *, used: Bool[Array, "..."] | None = None) -> Float[Array, "*b k"]:
    r"""Stop after the first step of attention: the weights are the answer, a probability for each place.

    .. math:: p_i = \frac{e^{s_i}}{\sum_{j \text{ not used}} e^{s_j}}

    Unlike those of ``softmax``, the weights of a pointer must go somewhere: that nothing is left is an error.

    Args:
        scores: One number for each place that can be pointed at, however many places there are.
        used: True where one has been already and may not point again.

    >>> import numpy as np
    >>> scores = np.log(np.array([1.0, 3.0, 6.0]))
    >>> point(scores)
    array([0.1, 0.3, 0.6])
    >>> point(scores, used=np.array([False, False, True]))
    array([0.25, 0.75, 0.  ])
    """
    xp = check.namespace(scores=scores)
    if scores.ndim == 0 or scores.shape[-1] == 0:
        raise ValueError(
            f"scores has shape {tuple(scores.shape)}: there are no places, so there is nothing to point at"
        )
    if used is None:
        return softmax(scores)
    check.mask(used, scores, name="used", true="one has been already")
    if bool(xp.any(xp.all(used, axis=-1))):
        raise ValueError("used is True everywhere in a row: nothing is left to point at, so stop before")
    return softmax(scores, mask=~used)


def follow(scores: Float[Array, "k k"], start: int) -> list[int]:
    r"""Go from place to place, always to the highest score of those not yet used, until back at the start.

    .. math:: z_{t+1} = \operatorname{argmax}_{j \notin \{z_1, \dots, z_t\}} s_{z_t j}

    Args:
        scores: Row i says where to go from place i.
        start: Where to begin. It may be pointed at from the third place on, and that ends the tour.

    >>> import numpy as np
    >>> scores = np.array([[0.0, 5.0, 1.0, 0.0], [0.0, 0.0, 5.0, 0.0], [5.0, 8.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    >>> follow(scores, 0)  # from 2 it would go to 1, which has been used, so it goes back to 0
    [0, 1, 2]
    """
    xp = check.namespace(scores=scores)
    if scores.ndim != 2 or scores.shape[0] != scores.shape[1]:
        raise ValueError(f"scores have shape {tuple(scores.shape)}; they must be (k, k), a row for each place")
    places = int(scores.shape[0])
    if isinstance(start, bool) or not isinstance(start, int):
        raise TypeError(f"start is {start!r}; it must be a whole number")
    if not 0 <= start < places:
        raise ValueError(f"start is {start}; it must be a place from 0 to {places - 1}")
    path, free = [start], [j != start for j in range(places)]
    while any(free):
        may = [j for j in range(places) if free[j] or (j == start and len(path) > 2)]
        row = scores[path[-1], :]
        best = may[int(xp.argmax(xp.stack([row[j] for j in may])))]
        if best == start:
            break
        free[best] = False
        path.append(best)
    return path


def hull_edges(points: Float[Array, "*b k 2"]) -> Bool[Array, "*b k k"]:
    r"""Say from which point to which the convex hull goes, anticlockwise: all others lie to the left of an edge.

    .. math:: e_{ij} = \big[\, (p_j - p_i) \times (p_m - p_i) > 0 \;\text{ for all other } m \,\big]

    No three points may lie on a line.

    >>> import numpy as np
    >>> square = np.array([[0.0, 0.0], [2.0, 0.0], [1.0, 0.5], [2.0, 2.0], [0.0, 2.0]])
    >>> follow(hull_edges(square).astype(float), 0)
    [0, 1, 3, 4]
    """
    xp = check.namespace(points=points)
    check.rows(points=points)
    k = int(points.shape[-2])
    if points.shape[-1] != 2 or k < 3:
        raise ValueError(f"points has shape {tuple(points.shape)}; it must be (…, k, 2) with at least 3 points")
    to = points[..., None, :, :] - points[..., :, None, :]  # (*b, k, k, 2): from point i to point j
    x, y = to[..., 0], to[..., 1]  # (*b, k, k)
    turn = x[..., :, None] * y[..., None, :] - y[..., :, None] * x[..., None, :]  # (*b, i, j, m)
    same = xp.eye(k, device=device(points)) > 0  # (k, k)
    return xp.all((turn > 0) | same[:, None, :] | same[None, :, :], axis=-1) & ~same


def covered(points: Float[Array, "k 2"], path: Sequence[int]) -> float:
    r"""Return how much of the hull's area an outline encloses: 1 is all of it; 0 if it is none, or crosses itself.

    .. math:: A = \tfrac12 \Big| \sum_t p_{z_t} \times p_{z_{t+1}} \Big|

    >>> import numpy as np
    >>> square = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
    >>> covered(square, [0, 1, 2, 3]), covered(square, [0, 1, 2]), covered(square, [0, 2, 1, 3])
    (1.0, 0.5, 0.0)
    """
    xp = check.namespace(points=points)
    hull = follow(xp.astype(hull_edges(points), points.dtype), int(xp.argmin(points[:, 0])))
    if len(path) < 3 or len(set(path)) < len(path) or not set(path) <= set(range(len(points))):
        raise ValueError(f"path is {list(path)}; it must name three or more of the {len(points)} points, each once")
    places = points.tolist()
    outline = [places[i] for i in path]
    sides = list(zip(outline, outline[1:] + outline[:1], strict=True))
    for i, (a, b) in enumerate(sides):
        for c, d in sides[i + 1 :]:
            if _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0:
                return 0.0
    return _area(outline) / _area([places[i] for i in hull])


def _turn(a: Any, b: Any, c: Any) -> float:
    """Above 0 if c lies to the left of the way from a to b."""
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _area(outline: Any) -> float:
    return abs(sum(_turn(outline[0], a, b) for a, b in pairwise(outline[1:]))) / 2
