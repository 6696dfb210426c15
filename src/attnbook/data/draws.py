"""Random numbers that the browser draws too, so that an explorer and a notebook show the same picture."""

import math

import numpy as np
from jaxtyping import Float64, UInt32

from attnbook.data._checks import whole_number

__all__ = ["gaussian", "uniform"]

STRIDE = 0x6D2B79F5


def gaussian(seed: int, shape: int | tuple[int, ...]) -> Float64[np.ndarray, "..."]:
    r"""Draw standard normal numbers from a generator small enough to write again in JavaScript.

    Number n of the array, counted from 0 row by row, is made of the words :math:`w_{2n}` and
    :math:`w_{2n+1}` of mulberry32 (Box and Muller's method):

    .. math::
        z_n = \sqrt{-2 \ln u} \, \cos(2 \pi t) \qquad
        u = \frac{w_{2n} + 1}{2^{32}} \qquad t = \frac{w_{2n+1}}{2^{32}}

    Word i of mulberry32, in arithmetic modulo :math:`2^{32}`, where ``>>>`` shifts zeros in::

        a = seed + (i + 1) * 0x6D2B79F5
        a = (a ^ a >>> 15) * (a | 1)
        a = a ^ (a + (a ^ a >>> 7) * (a | 61))
        w = a ^ a >>> 14

    In JavaScript the products are ``Math.imul`` and the last line ends in ``>>> 0``. A word depends on its
    index alone, so a longer array begins with the numbers of a shorter one. The words are the same to
    the last bit everywhere; logarithm and cosine may differ in it from one machine to the next.

    >>> gaussian(7, (2, 2)).round(3)
    array([[ 2.759, -0.068],
           [-0.946,  0.078]])
    """
    sizes = _sizes(seed, shape)
    words = _mulberry32(seed, 2 * math.prod(sizes)).reshape(-1, 2)  # (n, 2)
    u, t = (words[:, 0] + 1.0) / 2**32, words[:, 1] / 2**32  # u in (0, 1], so that its logarithm is finite
    return np.asarray(np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * t)).reshape(sizes)


def uniform(seed: int, shape: int | tuple[int, ...]) -> Float64[np.ndarray, "..."]:
    r"""Draw numbers from 0 up to, but never quite, 1, each as likely as any other.

    .. math:: u_n = \frac{w_n}{2^{32}}

    The words :math:`w_n` are those of :func:`gaussian`, one for each number, so JavaScript draws the same to
    the last bit.

    >>> uniform(7, (2, 2)).round(3)
    array([[0.012, 0.062],
           [0.977, 0.699]])
    """
    sizes = _sizes(seed, shape)
    return np.asarray(_mulberry32(seed, math.prod(sizes)) / 2**32).reshape(sizes)


def _sizes(seed: int, shape: int | tuple[int, ...]) -> tuple[int, ...]:
    """Check what a generator is asked for, and return the shape as a tuple."""
    whole_number("seed", seed, least=0, most=2**32 - 1)
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    for size in sizes:
        whole_number("each size in shape", size, least=0)
    return sizes


def _mulberry32(seed: int, count: int) -> UInt32[np.ndarray, "n"]:
    a = np.uint32(seed) + np.arange(1, count + 1, dtype=np.uint32) * np.uint32(STRIDE)
    a = (a ^ a >> 15) * (a | 1)
    a = a ^ (a + (a ^ a >> 7) * (a | 61))
    return np.asarray(a ^ a >> 14)
