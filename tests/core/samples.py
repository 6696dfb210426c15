"""Every scorer with inputs that fit it, for tests that ask the same of all of them."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from attnbook import core


class Sample(NamedTuple):
    """A scorer and what to call it with."""

    name: str
    function: Callable[..., Any]
    query: np.ndarray
    keys: np.ndarray
    parameters: dict[str, np.ndarray]

    def __str__(self) -> str:
        return self.name


LEARNED: dict[str, Callable[[int, int, int], dict[str, tuple[int, ...]]]] = {
    "additive": lambda dq, dk, k: {"W_q": (7, dq), "W_k": (7, dk), "v": (7,), "bias": (7,)},
    "bilinear": lambda dq, dk, k: {"W": (dq, dk)},
    "low_rank_bilinear": lambda dq, dk, k: {"W_q": (2, dq), "W_k": (2, dk)},
    "location": lambda dq, dk, k: {"W": (k + 1, dq)},
}
"""The shapes of what is learned, for a query width, a key width and a number of keys."""

NAMES = [*core.SCORERS, "low_rank_bilinear"]


def sample(
    name: str,
    *,
    queries: tuple[int, ...] = (3,),
    keys: tuple[int, ...] = (5,),
    widths: tuple[int, int] = (4, 4),
    dtype: str = "float64",
    seed: int = 0,
) -> Sample:
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(dtype)

    shapes = LEARNED[name](*widths, keys[-1]) if name in LEARNED else {}
    learned = {parameter: draw(*shape) for parameter, shape in shapes.items()}
    return Sample(name, getattr(core, name), draw(*queries, widths[0]), draw(*keys, widths[1]), learned)
