"""Kernels: how much a point counts that is so far away."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from jaxtyping import Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array

__all__ = ["KERNELS", "Kernel", "boxcar", "epanechnikov", "gaussian", "triangular"]


def gaussian(u: Float[Array, "..."]) -> Float[Array, "..."]:
    r"""Let what is near count most, and nothing count nothing.

    .. math:: K(u) = \frac{1}{\sqrt{2\pi}} \, e^{-u^2 / 2}

    >>> import numpy as np
    >>> gaussian(np.array([0.0, 1.0, 2.0])).round(3)
    array([0.399, 0.242, 0.054])
    """
    xp = check.namespace(u=u)
    return xp.exp(-(u**2) / 2) / math.sqrt(2 * math.pi)


def boxcar(u: Float[Array, "..."]) -> Float[Array, "..."]:
    r"""Let everything within reach count alike.

    .. math:: K(u) = \tfrac12 \text{ if } |u| \le 1, \text{ else } 0

    >>> import numpy as np
    >>> boxcar(np.array([0.0, 0.5, 1.0, 2.0]))
    array([0.5, 0.5, 0.5, 0. ])
    """
    xp = check.namespace(u=u)
    return xp.where(xp.abs(u) <= 1, xp.full_like(u, 0.5), 0.0)


def triangular(u: Float[Array, "..."]) -> Float[Array, "..."]:
    r"""Let what is within reach count less, step by step, the further it is away.

    .. math:: K(u) = \max(0, 1 - |u|)

    Some textbooks call this one Epanechnikov's. It is not: see :func:`epanechnikov`.

    >>> import numpy as np
    >>> triangular(np.array([0.0, 0.5, 1.0, 2.0]))
    array([1. , 0.5, 0. , 0. ])
    """
    xp = check.namespace(u=u)
    below = 1 - xp.abs(u)
    return xp.where(below > 0, below, 0.0)


def epanechnikov(u: Float[Array, "..."]) -> Float[Array, "..."]:
    r"""Let what is within reach count by a parabola.

    .. math:: K(u) = \tfrac34 \max(0, 1 - u^2)

    >>> import numpy as np
    >>> epanechnikov(np.array([0.0, 0.5, 1.0, 2.0]))
    array([0.75  , 0.5625, 0.    , 0.    ])
    """
    xp = check.namespace(u=u)
    below = 1 - u**2
    return xp.where(below > 0, 0.75 * below, 0.0)


class Kernel(NamedTuple):
    """One way to let what is near count more."""

    label: str
    """Its name in a sentence or on an axis."""
    formula: str
    """Its height, as LaTeX."""
    function: Callable[[Array], Array]
    """The function itself, with an area of one."""
    reach: float
    """From which distance on it is zero, at a bandwidth of 1."""
    spread: float
    """Its standard deviation, at a bandwidth of 1: kernels of one spread look equally far."""


KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {
        "gaussian": Kernel("Gaussian", r"\tfrac{1}{\sqrt{2\pi}} e^{-u^2/2}", gaussian, math.inf, 1.0),
        "boxcar": Kernel("boxcar", r"\tfrac12 \text{ if } |u| \le 1", boxcar, 1.0, 1 / math.sqrt(3)),
        "triangular": Kernel("triangular", r"\max(0, 1 - |u|)", triangular, 1.0, 1 / math.sqrt(6)),
        "epanechnikov": Kernel("Epanechnikov", r"\tfrac34 \max(0, 1 - u^2)", epanechnikov, 1.0, 1 / math.sqrt(5)),
    }
)
"""The kernels by name."""
