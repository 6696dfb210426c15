"""Which place counts: a mask on the places of a picture, and the mask together with gates on channels."""

from jaxtyping import Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core._gates import channels, padded, sigmoid
from attnbook.core.channel import channel_scores, scale, squeeze

__all__ = ["ORDERS", "cbam", "channel_gates", "spatial_mask"]

ORDERS = ("channel first", "spatial first", "parallel")
"""The orders in which :func:`cbam` can apply its two parts."""


def spatial_mask(
    maps: Float[Array, "*b c y x"], kernel: Float[Array, "2 k k"], bias: Float[Array, ""] | None = None
) -> Float[Array, "*b y x"]:
    r"""Open a gate for each place by the mean and the maximum over the channels there and around it.

    .. math::
        a_{yx} = \sigma\Bigl( b + \sum_{i, j} \bigl( w^1_{ij} \, \overline{m}_{y+i, x+j}
        + w^2_{ij} \, \hat m_{y+i, x+j} \bigr) \Bigr) \qquad
        \overline{m}_{yx} = \frac1C \sum_c m_{cyx} \quad \hat m_{yx} = \max_c m_{cyx}

    Beyond the border there are zeros.

    Args:
        maps: A map for each channel.
        kernel: The weights of the mean, and those of the maximum: two squares with an odd side.
        bias: The b above, one number; 0 if not given.

    >>> import numpy as np
    >>> maps = np.array([[[6.0, 0.0, 0.0]], [[-6.0, 0.0, 0.0]]])  # (c, y, x): the mean is 0 everywhere
    >>> kernel = np.zeros((2, 3, 3))
    >>> kernel[1, 1, 0] = 1.0  # look at the maximum directly to the left
    >>> spatial_mask(maps, kernel).round(2)
    array([[0.5, 1. , 0.5]])
    """
    xp = channels(maps)
    check.namespace(maps=maps, kernel=kernel)
    shape = tuple(kernel.shape)
    if len(shape) != 3 or shape[0] != 2 or shape[1] != shape[2]:
        raise ValueError(
            f"kernel has shape {shape} but must have shape (2, k, k): a square for the mean, one for the maximum"
        )
    if shape[1] % 2 == 0:
        raise ValueError(f"kernel has a side of {shape[1]}; it must be odd: a square of {shape[1]} has no middle")
    reach, (rows, columns) = shape[1] // 2, maps.shape[-2:]
    seen = xp.stack([xp.mean(maps, axis=-3), xp.max(maps, axis=-3)], axis=-1)  # (*b, y, x, 2)
    around = padded(padded(seen, reach, -2, xp), reach, -3, xp)
    across = xp.concat([around[..., j : j + columns, :] for j in range(shape[1])], axis=-1)  # (*b, y + k − 1, x, k · 2)
    windows = xp.concat([across[..., i : i + rows, :, :] for i in range(shape[1])], axis=-1)  # (*b, y, x, k · k · 2)
    score = windows @ xp.reshape(xp.moveaxis(kernel, 0, -1), (-1,))  # (*b, y, x)
    return sigmoid(score if bias is None else score + bias)


def channel_gates(
    maps: Float[Array, "*b c y x"],
    w_1: Float[Array, "h c"],
    w_2: Float[Array, "c h"],
    b_1: Float[Array, "h"] | None = None,
    b_2: Float[Array, "c"] | None = None,
) -> Float[Array, "*b c"]:
    r"""Open a gate for each channel by its mean and its maximum, which go through the same two layers (CBAM).

    .. math:: g = \sigma\bigl( s(\operatorname{mean}_{y,x} m) + s(\max_{y,x} m) \bigr)

    The arguments besides the maps are those of :func:`~attnbook.core.channel.channel_scores`, which is :math:`s`.

    >>> import numpy as np
    >>> maps = np.array([[[4.0, -4.0]], [[1.0, -1.0]]])  # both means are 0
    >>> channel_gates(maps, np.eye(2), np.eye(2)).round(2)
    array([0.98, 0.73])
    """
    xp = channels(maps)
    seen = xp.stack([squeeze(maps), xp.max(maps, axis=(-2, -1))], axis=-2)  # (*b, 2, c)
    return sigmoid(xp.sum(channel_scores(seen, w_1, w_2, b_1, b_2), axis=-2))


def cbam(
    maps: Float[Array, "*b c y x"],
    w_1: Float[Array, "h c"],
    w_2: Float[Array, "c h"],
    kernel: Float[Array, "2 k k"],
    *,
    b_1: Float[Array, "h"] | None = None,
    b_2: Float[Array, "c"] | None = None,
    bias: Float[Array, ""] | None = None,
    order: str = "channel first",
) -> tuple[Float[Array, "*b c y x"], Float[Array, "*b c"], Float[Array, "*b y x"]]:
    r"""Multiply maps by gates on channels and by a mask on places; return ``(output, gates, mask)``.

    .. math:: m' = g(m) \odot m \qquad o = a(m') \odot m'

    The gates g are :func:`channel_gates`, the mask a is :func:`spatial_mask`. Spatial first exchanges the two; in
    parallel both are made from the maps themselves, :math:`o = a(m) \odot g(m) \odot m`.

    Args:
        maps: A map for each channel.
        w_1: As in :func:`~attnbook.core.channel.channel_scores`.
        w_2: As there.
        kernel: As in :func:`spatial_mask`.
        b_1: As in :func:`~attnbook.core.channel.channel_scores`.
        b_2: As there.
        bias: As in :func:`spatial_mask`.
        order: One of :data:`ORDERS`.

    >>> import numpy as np
    >>> maps = np.array([[[4.0, 0.0]], [[0.0, 2.0]]])
    >>> kernel = np.zeros((2, 1, 1))
    >>> kernel[1] = 1.0  # the mask is open where some channel is large
    >>> for order in ORDERS:
    ...     output, gates, mask = cbam(maps, np.eye(2), -np.eye(2), kernel, order=order)
    ...     print(order, gates.round(3), mask.round(2))
    channel first [0.002 0.047] [[0.5  0.52]]
    spatial first [0.003 0.066] [[0.98 0.88]]
    parallel [0.002 0.047] [[0.98 0.88]]
    """
    if order not in ORDERS:
        raise ValueError(f"order is {order!r}; it must be one of {', '.join(map(repr, ORDERS))}")
    if order == "spatial first":
        mask = spatial_mask(maps, kernel, bias)
        masked = maps * mask[..., None, :, :]
        gates = channel_gates(masked, w_1, w_2, b_1, b_2)
        return scale(masked, gates), gates, mask
    gates = channel_gates(maps, w_1, w_2, b_1, b_2)
    gated = scale(maps, gates)
    mask = spatial_mask(gated if order == "channel first" else maps, kernel, bias)
    return gated * mask[..., None, :, :], gates, mask
