"""Checks of positions, and faults they must notice: see machinery.py."""

import math
from typing import Any

import numpy as np
from tests.core.machinery import Function, close, quietly


def _columns(width: int, pairs: str) -> list[tuple[int, int]]:
    half = width // 2
    return [(2 * j, 2 * j + 1) if pairs == "neighbours" else (j, j + half) for j in range(half)]


def check_sinusoidal(function: Function) -> None:
    for pairs in ("neighbours", "halves"):
        for width, base in ((2, 10_000.0), (6, 10_000.0), (4, 100.0)):
            positions = np.array([0.0, 1.0, 7.0, 250.0])
            rows = quietly(function, positions, width, pairs=pairs, base=base)
            assert rows.shape == (4, width)
            for p, row in zip(positions, rows, strict=True):
                for j, (sine, cosine) in enumerate(_columns(width, pairs)):
                    close([row[sine], row[cosine]], [math.sin(a := p / base ** (2 * j / width)), math.cos(a)])


def check_rotate(function: Function) -> None:
    rng = np.random.default_rng(72)
    for pairs in ("neighbours", "halves"):
        for batch, width, base in (((), 2, 10_000.0), ((2,), 6, 10_000.0), ((2, 3), 4, 100.0)):
            vectors, positions = rng.normal(size=(*batch, 3, width)), np.array([0.0, 2.0, 31.0])
            turned = quietly(function, vectors, positions, pairs=pairs, base=base)
            assert turned.shape == vectors.shape
            for b in np.ndindex(*batch):
                for i, p in enumerate(positions):
                    for j, (x, y) in enumerate(_columns(width, pairs)):
                        turn = complex(vectors[b][i][x], vectors[b][i][y]) * np.exp(1j * p * base ** (-2 * j / width))
                        close([turned[b][i][x], turned[b][i][y]], [turn.real, turn.imag])


# Right in plain NumPy, with one fault at a time to choose.


def sinusoidal(
    positions: np.ndarray, width: int, *, pairs: str = "neighbours", base: float = 10_000.0, fault: str = ""
) -> np.ndarray:
    speeds = base ** (-np.arange(width // 2) / width * (1 if fault == "half the exponent" else 2))
    angles = positions[:, None] * speeds
    parts = [np.cos(angles), np.sin(angles)] if fault == "cosine first" else [np.sin(angles), np.cos(angles)]
    halves = (pairs == "halves") != (fault == "the other pairs")
    return np.concatenate(parts, axis=1) if halves else np.stack(parts, axis=-1).reshape(len(positions), width)


def rotate(
    vectors: np.ndarray, positions: np.ndarray, *, pairs: str = "halves", base: float = 10_000.0, fault: str = ""
) -> np.ndarray:
    width = vectors.shape[-1]
    order: Any = np.array(_columns(width, pairs)).T
    if fault == "the other pairs":
        order = np.array(_columns(width, "halves" if pairs == "neighbours" else "neighbours")).T
    x, y = vectors[..., order[0]], vectors[..., order[1]]
    angles = positions[:, None] * base ** (-2 * np.arange(width // 2) / width)
    if fault == "one speed":
        angles = positions[:, None] * np.ones(width // 2)
    cosine, sine = np.cos(angles), np.sin(angles) * (-1 if fault == "the other way round" else 1)
    turned = np.empty_like(vectors)
    turned[..., order[0]] = cosine * x - sine * y
    turned[..., order[1]] = sine * x + cosine * y * (-1 if fault == "a mirror" else 1)
    return turned


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "sinusoidal": (sinusoidal, ("half the exponent", "cosine first", "the other pairs")),
    "rotate": (rotate, ("the other pairs", "one speed", "the other way round", "a mirror")),
}  # fmt: skip
