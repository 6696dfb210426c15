"""Attention before attention: the weighted average of Nadaraya and Watson, and each point predicted from the others."""

import array_api_compat
from jaxtyping import Bool, Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core.alignment import attend
from attnbook.core.kernels import KERNELS
from attnbook.core.scoring import negative_distance

__all__ = ["gaussian_scores", "leave_one_out", "leave_one_out_error", "nadaraya_watson"]


def gaussian_scores(
    query: Float[Array, "*#b q d"],
    keys: Float[Array, "*#b k d"],
    w: float | int | Float[Array, ""] = 1.0,
) -> Float[Array, "*#b q k"]:
    r"""Score closeness by the square of the distance, so that softmax makes a Gaussian kernel of it.

    .. math:: s_i = -\tfrac12 \bigl(w \lVert q - k_i \rVert\bigr)^2

    Args:
        query: Where an answer is wanted.
        keys: Where values are known.
        w: One over the bandwidth: a number, or an array without axes, such as a learned one.

    >>> import numpy as np
    >>> gaussian_scores(np.array([[1.0]]), np.array([[1.0], [2.0], [4.0]]), w=2.0)
    array([[ -0.,  -2., -18.]])
    """
    learned = {"w": w} if array_api_compat.is_array_api_obj(w) else {}
    xp = check.namespace(query=query, keys=keys, **learned)
    check.rows(query=query, keys=keys)
    check.some_keys(keys)
    check.batches(query=query, keys=keys)
    check.same_width(query, keys, "the distance")
    if learned:
        check.parameter("w", w, (), "one number for all queries and keys")
    else:
        check.above_zero("w", w)
    apart = w * (query[..., :, None, :] - keys[..., None, :, :])  # (q, 1, d) − (1, k, d) → (q, k, d)
    return -xp.sum(apart**2, axis=-1) / 2


def nadaraya_watson(
    query: Float[Array, "*#b q d"],
    keys: Float[Array, "*#b k d"],
    values: Float[Array, "*#b k v"],
    *,
    kernel: str = "gaussian",
    bandwidth: float | int = 1.0,
    mask: Bool[Array, "..."] | None = None,
) -> tuple[Float[Array, "*#b q v"], Float[Array, "*#b q k"]]:
    r"""Average the values around each query, weighted by a kernel; return ``(output, weights)``.

    .. math::
        o = \sum_i \alpha_i v_i \qquad
        \alpha_i = \frac{K(w \lVert q - k_i \rVert)}{\sum_j K(w \lVert q - k_j \rVert)}

    Args:
        query: Where an answer is wanted.
        keys: Where values are known, as wide as the query.
        values: What is known there.
        kernel: A name in :data:`~attnbook.core.kernels.KERNELS`.
        bandwidth: The :math:`1/w` above, how far a kernel looks. A query that has no key within reach of its kernel
            gets weights of 0 and with them the output 0: nothing was read.
        mask: True where attending is allowed, as in :func:`~attnbook.core.attend`.

    >>> import numpy as np
    >>> keys, values = np.array([[0.0], [1.0], [3.0]]), np.array([[0.0], [10.0], [50.0]])
    >>> output, weights = nadaraya_watson(np.array([[0.5], [9.0]]), keys, values, kernel="boxcar")
    >>> weights  # the third key is out of reach, and so are all of them for the second query
    array([[0.5, 0.5, 0. ],
           [0. , 0. , 0. ]])
    >>> output
    array([[5.],
           [0.]])
    """
    _known(kernel)
    check.pairs(keys, values)
    check.above_zero("bandwidth", bandwidth)
    if kernel == "gaussian":  # its logarithm is known, also where the kernel itself is too small for a number
        return attend(gaussian_scores(query, keys, 1 / bandwidth), values, mask=mask)
    apart = -negative_distance(query, keys) / float(bandwidth)  # (q, k)
    xp = array_api_compat.array_namespace(apart)
    heights = KERNELS[kernel].function(apart)
    near = heights > 0
    if mask is not None:
        check.mask(mask, apart)
        near = near & mask
    return attend(xp.log(xp.where(near, heights, 1.0)), values, mask=near)


def leave_one_out(
    keys: Float[Array, "*b k d"],
    values: Float[Array, "*b k v"],
    *,
    kernel: str = "gaussian",
    bandwidth: float | int = 1.0,
) -> tuple[Float[Array, "*b k v"], Float[Array, "*b k k"]]:
    """Predict the value of each key from all the other keys; return ``(output, weights)``.

    This is :func:`nadaraya_watson` at the keys, with a mask that hides from each its own value.

    >>> import numpy as np
    >>> keys, values = np.array([[0.0], [1.0], [3.0]]), np.array([[0.0], [10.0], [50.0]])
    >>> output, weights = leave_one_out(keys, values, kernel="boxcar", bandwidth=2.0)
    >>> weights
    array([[0. , 1. , 0. ],
           [0.5, 0. , 0.5],
           [0. , 1. , 0. ]])
    >>> output[:, 0]
    array([10., 25., 10.])
    """
    check.pairs(keys, values)
    count = keys.shape[-2]
    if count < 2:
        raise ValueError("there is 1 key: to leave one out and predict it from the others takes at least 2")
    xp = array_api_compat.array_namespace(keys)
    others = ~xp.eye(count, dtype=xp.bool, device=array_api_compat.device(keys))  # (k, k)
    return nadaraya_watson(keys, keys, values, kernel=kernel, bandwidth=bandwidth, mask=others)


def leave_one_out_error(
    keys: Float[Array, "*b k d"],
    values: Float[Array, "*b k v"],
    *,
    kernel: str = "gaussian",
    bandwidth: float | int = 1.0,
) -> Float[Array, "*b"]:
    r"""Return the mean squared error of predicting each value from all the others.

    .. math:: \frac1n \sum_i \lVert o_{-i} - v_i \rVert^2

    A key that has no other within reach is predicted as 0, as :func:`nadaraya_watson` says.

    >>> import numpy as np
    >>> keys, values = np.array([[0.0], [1.0], [3.0]]), np.array([[0.0], [10.0], [50.0]])
    >>> round(float(leave_one_out_error(keys, values, kernel="boxcar", bandwidth=2.0)))  # (10² + 15² + 40²) / 3
    642
    """
    output, _ = leave_one_out(keys, values, kernel=kernel, bandwidth=bandwidth)
    xp = array_api_compat.array_namespace(values)
    return xp.mean(xp.sum((output - values) ** 2, axis=-1), axis=-1)


def _known(kernel: str) -> None:
    if not isinstance(kernel, str):
        raise TypeError(f"kernel is {kernel!r}; it must be a name: {', '.join(KERNELS)}")
    if kernel not in KERNELS:
        raise ValueError(f"kernel is {kernel!r}; it must be one of {', '.join(KERNELS)}")
