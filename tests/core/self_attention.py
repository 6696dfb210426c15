"""Checks of self-attention, masks and positions, and faults they must notice: see machinery.py."""

import math
from typing import Any

import numpy as np
import scipy.special
from tests.core.machinery import SHAPES, Function, close, inner, quietly

PLACES = [(3, 3), (2, 5), (5, 2), (1, 4), (4, 4)]  # queries, keys


def check_self_attention(function: Function) -> None:
    rng = np.random.default_rng(71)
    for batch, n, e, width, value_width in SHAPES:
        x = rng.normal(size=(*batch, n, e))
        maps = [2 * rng.normal(size=(e, width)), rng.normal(size=(e, width)), rng.normal(size=(e, value_width))]
        mask = rng.random((*batch, n, n)) < 0.6
        mask[..., 0] = True
        for allowed in (None, mask):
            output, weights = quietly(function, x, *maps, mask=allowed)
            for b in np.ndindex(*batch):
                q, k, v = ([[inner(row, column) for column in w.T] for row in x[b]] for w in maps)
                for i in range(n):
                    scores = np.array([inner(np.array(q[i]), np.array(key)) / math.sqrt(width) for key in k])
                    if allowed is not None:
                        scores[~allowed[b][i]] = -np.inf
                    row = scipy.special.softmax(scores)
                    close(weights[b][i], row, what="row i: what input i asks of all")
                    close(output[b][i], sum(w * np.array(value) for w, value in zip(row, v, strict=True)))


def check_causal_mask(function: Function) -> None:
    for queries, keys in PLACES:
        for start in (0, keys - queries, 2):
            mask = function(queries, keys, start=start)
            assert mask.dtype == bool
            assert mask.tolist() == [[i <= start + t for i in range(keys)] for t in range(queries)]


def check_window_mask(function: Function) -> None:
    for queries, keys in PLACES:
        for width in (1, 2, 3):
            for start in (0, keys - queries):
                mask = function(queries, keys, width=width, start=start)
                assert mask.dtype == bool
                assert mask.tolist() == [[abs(start + t - i) < width for i in range(keys)] for t in range(queries)]


def check_padding_mask(function: Function) -> None:
    for lengths in ([2, 4, 1], [[3, 0], [4, 4]], [1]):
        mask = quietly(function, np.array(lengths), 4)
        assert mask.dtype == bool
        assert mask.shape == (*np.shape(lengths), 1, 4)
        for b in np.ndindex(*np.shape(lengths)):
            assert mask[b][0].tolist() == [i < np.array(lengths)[b] for i in range(4)]


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


def self_attention(
    inputs: np.ndarray, *maps: np.ndarray, mask: np.ndarray | None = None, fault: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    q, k, v = (inputs @ w for w in maps)
    if fault == "query and keys exchanged":
        q, k = k, q
    if fault == "values are the inputs":
        v = np.concatenate([inputs] * (1 + maps[2].shape[1]), axis=-1)[..., : maps[2].shape[1]]
    scores = q @ k.swapaxes(-1, -2)
    if fault != "not scaled":
        scores = scores / math.sqrt(inputs.shape[-1] if fault == "scaled by the inputs' width" else q.shape[-1])
    if mask is not None and fault != "mask ignored":
        scores = np.where(~mask if fault == "mask the other way round" else mask, scores, -np.inf)
    weights = scipy.special.softmax(scores, axis=-2 if fault == "over the queries" else -1)
    return weights @ v, weights


def causal_mask(queries: int, keys: int, *, start: int = 0, fault: str = "") -> np.ndarray:
    if fault == "always bottom-right":
        start = keys - queries
    if fault == "always top-left":
        start = 0
    mask = np.tril(np.ones((queries, keys), bool), k=start - (fault == "not itself"))
    return ~mask if fault == "True where forbidden" else mask


def window_mask(queries: int, keys: int, *, width: int, start: int = 0, fault: str = "") -> np.ndarray:
    apart = (start * (fault != "start ignored") + np.arange(queries))[:, None] - np.arange(keys)
    if fault == "the past only":
        return (apart >= 0) & (apart < width)
    return np.abs(apart) <= width if fault == "one more" else np.abs(apart) < width


def padding_mask(lengths: np.ndarray, keys: int, *, fault: str = "") -> np.ndarray:
    mask = np.arange(keys) < np.asarray(lengths)[..., None]
    if fault == "filled up in front":
        mask = mask[..., ::-1]
    return (
        mask if fault == "no axis for the queries" else (~mask if fault == "True where filled" else mask)[..., None, :]
    )


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
    "self_attention": (self_attention, ("query and keys exchanged", "values are the inputs", "not scaled",
        "scaled by the inputs' width", "mask ignored", "mask the other way round", "over the queries")),
    "causal_mask": (causal_mask, ("always bottom-right", "always top-left", "not itself", "True where forbidden")),
    "window_mask": (window_mask, ("one more", "the past only", "start ignored")),
    "padding_mask": (padding_mask, ("filled up in front", "no axis for the queries", "True where filled")),
    "sinusoidal": (sinusoidal, ("half the exponent", "cosine first", "the other pairs")),
    "rotate": (rotate, ("the other pairs", "one speed", "the other way round", "a mirror")),
}  # fmt: skip
