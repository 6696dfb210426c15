"""Where would somebody look? What stands out in a picture, what is searched for, and where the eye goes."""

from typing import Any

from jaxtyping import Float, Int64

from attnbook.core import _checks as check
from attnbook.core import _picture_checks as check_picture
from attnbook.core._checks import Array
from attnbook.core._length import length
from attnbook.core.alignment import softmax
from attnbook.core.pictures import blur, colour_maps, positive_part
from attnbook.core.scoring import dot

__all__ = ["fading_memory", "fixations", "gate", "max_pool", "priority", "saliency", "search"]

COMMON = 0.05  # of a contrast that no map has: keeps an almost empty map from shouting
FLAT = 1e-5  # the contrast of a picture of one colour, in which only rounding differs


def saliency(image: Float[Array, "*b y x 3"], *, centre: float = 2.0, surround: float = 16.0) -> Float[Array, "*b y x"]:
    r"""Tell how much each place stands out of what surrounds it, from 0 to 1, whatever one may be looking for.

    .. math::
        d_f = \langle m_f \rangle_\text{centre} - \langle m_f \rangle_\text{surround} \qquad
        s = \sqrt{\sum_f \left( \frac{d_f}{\epsilon + \operatorname{rms}(d_f)} \right)^2}

    The maps :math:`m_f` are the lightness and the four :func:`~attnbook.core.pictures.colour_maps`; a place
    differs from its surround by :math:`d_f`. The root of the mean of the squares of :math:`d_f` over the picture says
    how common such a difference is: dividing by it makes what is everywhere count little, and what is there once count
    much. The result is divided by its greatest number. In a picture of one colour nothing stands out: 0 everywhere.

    Args:
        image: A picture.
        centre: The width of the centre's blur, in pixels.
        surround: The width of the surround's blur, in pixels.

    >>> import numpy as np
    >>> image = np.full((64, 64, 3), 0.5)
    >>> image[10:20, 10:20] = image[40:50, 10:20] = image[10:20, 40:50] = [0.1, 0.9, 0.1]
    >>> image[40:50, 40:50] = [0.9, 0.1, 0.1]  # one red among three green ones
    >>> saliency(image)[[15, 45, 15, 45], [15, 15, 45, 45]].round(1)
    array([0.7, 0.7, 0.7, 1. ])
    """
    xp = check_picture.picture(image)
    check_picture.pixels("centre", centre)
    check_picture.pixels("surround", surround)
    if centre >= surround:
        raise ValueError(f"centre is {centre} and surround is {surround}: the surround must be the wider one")
    lightness = xp.mean(image, axis=-1)[..., None, :, :]  # (1, y, x)
    maps = xp.concat([lightness, colour_maps(image)], axis=-3)  # (f, y, x)
    contrast = blur(maps, centre) - blur(maps, surround)
    common = length(_flat(contrast, xp))[..., None] / (image.shape[-3] * image.shape[-2]) ** 0.5  # (f, 1, 1)
    stands_out = length(xp.moveaxis(contrast / (COMMON + common), -3, -1))[..., 0]  # (y, x)
    return _scaled(stands_out, xp, least=FLAT / COMMON)


def search(maps: Float[Array, "*#b f y x"], query: Float[Array, "*#b f"]) -> Float[Array, "*#b y x"]:
    r"""Score each place by how well its features answer the query: their dot product.

    .. math:: s_{ij} = q^\top m_{ij} = \sum_f q_f \, m_{fij}

    The places are keys: their scores are those of :func:`~attnbook.core.dot`.

    >>> import numpy as np
    >>> red, round_ = np.array([[0.7, 0.7, 0.0]]), np.array([[0.0, 0.8, 0.8]])  # three places
    >>> search(np.stack([red, round_]), query=np.array([1.0, 1.0]))  # "red and round"
    array([[0.7, 1.5, 0.8]])
    """
    xp = check_picture.maps(maps=maps)
    check.namespace(maps=maps, query=query)
    if maps.ndim < 3:
        raise ValueError(f"maps has shape {tuple(maps.shape)} but must have shape (…, f, y, x): a map for each feature")
    if query.ndim == 0 or query.shape[-1] != maps.shape[-3]:
        features = maps.shape[-3]
        raise ValueError(
            f"query has shape {tuple(query.shape)} but there are {features} maps: "
            f"it must have shape (…, {features}), one number for each map"
        )
    check.finite("query", query, xp, advice="a feature that does not matter gets 0")
    keys = xp.moveaxis(_flat(maps, xp), -2, -1)  # (y · x, f)
    scores = dot(query[..., None, :], keys)  # (1, y · x)
    return xp.reshape(scores, (*scores.shape[:-2], *maps.shape[-2:]))


def priority(
    bottom_up: Float[Array, "*#b y x"], top_down: Float[Array, "*#b y x"], *, mix: float
) -> Float[Array, "*#b y x"]:
    r"""Mix what stands out with what is searched for, each measured by its own greatest number.

    .. math:: p = (1 - \lambda) \, \frac{[b]_+}{\max b} + \lambda \, \frac{[t]_+}{\max t}

    A map in which nothing is above 0 adds nothing.

    Args:
        bottom_up: What stands out, such as :func:`saliency`.
        top_down: What is searched for, such as :func:`search`.
        mix: The :math:`\lambda` above: 0 looks at what stands out, 1 at what is searched for.

    >>> import numpy as np
    >>> priority(np.array([[0.5, 0.2]]), np.array([[0.0, 3.0]]), mix=0.75)
    array([[0.25, 0.85]])
    """
    xp = check_picture.maps(bottom_up=bottom_up, top_down=top_down)
    check_picture.share("mix", mix, "0 is all bottom-up, 1 all top-down")
    if bottom_up.shape[-2:] != top_down.shape[-2:]:
        raise ValueError(
            f"bottom_up has {_places(bottom_up)} places but top_down has {_places(top_down)}: "
            "both must be maps of the same picture"
        )
    check.batches(bottom_up=bottom_up, top_down=top_down)
    return (1 - mix) * _scaled(positive_part(bottom_up, xp), xp) + mix * _scaled(positive_part(top_down, xp), xp)


def fixations(priority: Float[Array, "y x"], count: int, *, radius: float) -> Int64[Array, "n 2"]:
    r"""Look at the best place, suppress it and its neighbourhood, look at the best that is left, and so on.

    .. math::
        (y_n, x_n) = \arg\max p \qquad p \leftarrow p \cdot \bigl( 1 - e^{-\rho^2 / 2 r^2} \bigr) \qquad
        \rho^2 = (y - y_n)^2 + (x - x_n)^2

    The suppression is known as inhibition of return. Of equally good places the first in reading order is taken.
    If nothing above 0 is left, there are fewer fixations than asked for.

    Args:
        priority: How much each place calls for a look, from 0 up.
        count: How many fixations.
        radius: The :math:`r` above, in pixels.

    >>> import numpy as np
    >>> fixations(np.array([[0.0, 0.9, 0.8, 0.0, 0.3]]), 2, radius=1.0)  # 0.8 is too near to 0.9
    array([[0, 1],
           [0, 2]])
    >>> fixations(np.array([[0.0, 0.9, 0.8, 0.0, 0.5]]), 2, radius=2.0)
    array([[0, 1],
           [0, 4]])
    """
    xp = check_picture.maps(priority=priority)
    if priority.ndim != 2:
        raise ValueError(f"priority has shape {tuple(priority.shape)} but must have shape (y, x): one map at a time")
    if bool(xp.any(priority < 0)):
        raise ValueError("priority has numbers below 0: priority(…, mix=1) brings any map into the range from 0 to 1")
    check_picture.whole("count", count, "how many places to look at")
    check_picture.pixels("radius", radius)
    rows, columns = priority.shape
    y = xp.arange(rows, dtype=priority.dtype, device=priority.device)[:, None]
    x = xp.arange(columns, dtype=priority.dtype, device=priority.device)[None, :]
    seen: list[tuple[int, int]] = []
    while len(seen) < count and bool(xp.any(priority > 0)):
        row, column = divmod(int(xp.argmax(xp.reshape(priority, (-1,)))), columns)
        seen.append((row, column))
        squared = (y - row) ** 2 + (x - column) ** 2  # (y, x)
        priority = priority * (1 - xp.exp(-squared / (2 * radius**2)))
    return xp.reshape(xp.asarray(seen, dtype=xp.int64, device=priority.device), (-1, 2))


def max_pool(maps: Float[Array, "*b y x"], window: int) -> Float[Array, "*b _ _"]:
    r"""Keep the largest number of each window, and forget the others and where it stood.

    .. math:: b_{ij} = \max_{0 \le m, n < w} a_{wi + m, \, wj + n}

    >>> import numpy as np
    >>> max_pool(np.array([[1.0, 9.0, 2.0, 3.0], [4.0, 5.0, 7.0, 6.0]]), window=2)
    array([[9., 7.]])
    """
    xp = check_picture.maps(maps=maps)
    check_picture.whole("window", window, "how many places a side of the window has")
    *batch, rows, columns = maps.shape
    if rows % window or columns % window:
        fit = ", ".join(str(w) for w in range(1, min(rows, columns) + 1) if rows % w == 0 and columns % w == 0)
        raise ValueError(f"windows of {window} do not divide {_places(maps)} places: the sizes that do are {fit}")
    windows = xp.reshape(maps, (*batch, rows // window, window, columns // window, window))
    return xp.max(windows, axis=(-3, -1))


def gate(values: Float[Array, "*b"], scores: Float[Array, "*#b"]) -> Float[Array, "*b"]:
    r"""Let each value through as far as its score opens the gate: half at 0, nearly all at 5, hardly any at −5.

    .. math:: o = \sigma(s) \, v \qquad \sigma(s) = \frac{1}{1 + e^{-s}} = \frac{e^s}{e^s + e^0}

    The last form is the softmax of two keys, "through" with score s and "not through" with score 0. Each gate
    decides for itself: what one lets through, no other loses.

    >>> import numpy as np
    >>> gate(np.array([8.0, 8.0, 8.0]), np.array([-50.0, 0.0, 50.0])).round(6)
    array([0., 4., 8.])
    """
    xp = check.namespace(values=values, scores=scores)
    given, wanted = tuple(scores.shape), tuple(values.shape)
    each = zip(reversed(given), reversed(wanted), strict=False)
    if len(given) > len(wanted) or any(s not in (1, v) for s, v in each):
        raise ValueError(
            f"scores have shape {given} but values have shape {wanted}: counted from the right, "
            "each axis of the scores must be 1 or the same as the values'"
        )
    check.finite("values", values, xp, advice="even a shut gate would let them through as NaN")
    check.finite("scores", scores, xp, advice="to shut a gate give it a score far below 0")
    open_ = softmax(xp.stack([scores, xp.zeros_like(scores)], axis=-1))[..., 0]
    return open_ * values


def fading_memory(items: Float[Array, "*b n d"], decay: float) -> Float[Array, "*b n d"]:
    r"""Read items one by one into a memory of one vector, in which everything fades with each step.

    .. math:: h_t = \gamma \, h_{t-1} + x_t = \sum_{k \ge 0} \gamma^k x_{t-k} \qquad h_0 = x_0

    Args:
        items: One item for each step.
        decay: The :math:`\gamma` above, the share that is left after one step: 0 forgets at once, 1 never.

    >>> import numpy as np
    >>> fading_memory(np.array([[8.0, 0.0], [0.0, 8.0], [0.0, 0.0]]), decay=0.5)
    array([[8., 0.],
           [4., 8.],
           [2., 4.]])
    """
    xp = check.namespace(items=items)
    check.rows(items=items)
    check_picture.share("decay", decay, "the share of the memory that is left after a step")
    if items.shape[-2] == 0:
        raise ValueError(f"items has shape {tuple(items.shape)}: there is nothing to remember")
    check.finite("items", items, xp, advice="they would stay in the memory for ever")
    states = [items[..., 0, :]]  # (d,)
    for step in range(1, items.shape[-2]):
        states.append(decay * states[-1] + items[..., step, :])
    return xp.stack(states, axis=-2)  # (n, d)


def _scaled(maps: Float[Array, "*b y x"], xp: Any, least: float = 0.0) -> Float[Array, "*b y x"]:
    """Divide each map by its greatest number; one that never rises above ``least`` is 0 everywhere."""
    greatest = xp.max(maps, axis=(-2, -1), keepdims=True)  # (1, 1)
    rises = greatest > least
    return xp.where(rises, maps / xp.where(rises, greatest, 1.0), 0.0)


def _flat(maps: Float[Array, "*b y x"], xp: Any) -> Float[Array, "*b n"]:
    """Write the places of each map in one row."""
    return xp.reshape(maps, (*maps.shape[:-2], maps.shape[-2] * maps.shape[-1]))


def _places(maps: Array) -> str:
    return f"{maps.shape[-2]} × {maps.shape[-1]}"
