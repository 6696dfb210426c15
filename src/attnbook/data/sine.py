"""Noisy points on a curve: the data of Nadaraya–Watson regression in two editions of a widely used textbook."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from attnbook.data._checks import whole_number

__all__ = ["EDITIONS", "Edition", "Sine", "grid", "sine"]


class Edition(NamedTuple):
    """How one edition makes its points."""

    curve: Callable[[np.ndarray], np.ndarray]
    """The curve behind the points."""
    noise: float
    """The standard deviation of what is added to it."""
    points: int
    """How many there are."""


EDITIONS: Mapping[str, Edition] = MappingProxyType(
    {
        "first": Edition(lambda x: 2 * np.sin(x) + x**0.8, 0.5, 50),
        "later": Edition(lambda x: 2 * np.sin(x) + x, 1.0, 40),
    }
)
"""The first edition's data are this book's; the later edition has a straighter curve, more noise and fewer points."""


class Sine(NamedTuple):
    """Points of which both numbers are known, in order from left to right."""

    keys: Float64[np.ndarray, "k 1"]
    values: Float64[np.ndarray, "k 1"]


def sine(count: int | None = None, *, seed: int, edition: str = "first") -> Sine:
    r"""Draw points around a curve, evenly likely between 0 and 5.

    .. math:: y = 2 \sin x + x^{0.8} + \varepsilon \qquad \varepsilon \sim \mathcal N(0, 0.5^2)

    Args:
        count: How many points; if not given, as many as the edition has, 50 or 40.
        seed: Everything follows from it.
        edition: Another name in :data:`EDITIONS` has another curve and another noise.

    >>> keys, values = sine(seed=0)
    >>> keys.shape, values.shape
    ((50, 1), (50, 1))
    >>> bool((np.diff(keys[:, 0]) > 0).all())
    True
    """
    curve, noise, usual = _edition(edition)
    count = usual if count is None else count
    whole_number("count", count, least=1)
    whole_number("seed", seed, least=0)
    rng = np.random.default_rng(seed)
    keys = np.sort(rng.uniform(0, 5, count))[:, None]  # (k, 1)
    return Sine(keys, curve(keys) + noise * rng.standard_normal((count, 1)))


def grid(*, edition: str = "first") -> Sine:
    """Return where the notes test: 0, 0.1, … 4.9, and the curve there, without noise.

    >>> keys, values = grid()
    >>> keys[[0, 1, -1], 0]
    array([0. , 0.1, 4.9])
    """
    keys = (np.arange(50) / 10)[:, None]  # (k, 1)
    return Sine(keys, _edition(edition).curve(keys))


def _edition(name: str) -> Edition:
    if name not in EDITIONS:
        raise ValueError(f"edition is {name!r}; it must be one of {', '.join(EDITIONS)}")
    return EDITIONS[name]
