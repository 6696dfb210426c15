"""Checks of a mask on places, alone and with gates on channels, and faults they must notice: see machinery.py."""

import math
from typing import Any

import numpy as np
from tests.core.channel import channel_scores, layers, maps_of, scores_by_loops, sigmoid
from tests.core.machinery import Function, close, quietly


def gates_by_loops(maps: np.ndarray, options: dict[str, np.ndarray]) -> np.ndarray:
    """CBAM's gates of one picture."""
    mean = [math.fsum(one.ravel()) / one.size for one in maps]
    most = [max(one.ravel()) for one in maps]
    both = zip(scores_by_loops(mean, **options), scores_by_loops(most, **options), strict=True)
    return np.array([sigmoid(a + b) for a, b in both])


def mask_by_loops(maps: np.ndarray, kernel: np.ndarray, bias: float) -> np.ndarray:
    """The mask of one picture."""
    c, rows, columns = maps.shape
    half, mask = kernel.shape[1] // 2, np.empty((rows, columns))
    for y, x in np.ndindex(rows, columns):
        score = bias
        for i, j in np.ndindex(kernel.shape[1:]):
            at = (y + i - half, x + j - half)
            if 0 <= at[0] < rows and 0 <= at[1] < columns:
                there = maps[:, at[0], at[1]]
                score += kernel[0, i, j] * math.fsum(there) / c + kernel[1, i, j] * max(there)
        mask[y, x] = sigmoid(score)
    return mask


def check_spatial_mask(function: Function) -> None:
    rng = np.random.default_rng(96)
    for maps, size in zip(maps_of(97), (3, 5, 1), strict=True):
        kernel = rng.normal(size=(2, size, size))
        for bias in (None, np.array(0.7)):
            found = quietly(function, maps, kernel, bias)
            assert found.shape == (*maps.shape[:-3], *maps.shape[-2:])
            for at in np.ndindex(maps.shape[:-3]):
                close(found[at], mask_by_loops(maps[at], kernel, 0.0 if bias is None else float(bias)))


def check_channel_gates(function: Function) -> None:
    for maps in maps_of(98):
        options = layers(maps.shape[-3], 1)
        for given in (options, {name: options[name] for name in ("w_1", "w_2")}):
            found = quietly(function, maps, **given)
            assert found.shape == maps.shape[:-2]
            for at in np.ndindex(maps.shape[:-3]):
                close(found[at], gates_by_loops(maps[at], given))


def check_cbam(function: Function) -> None:
    rng = np.random.default_rng(99)
    for maps in maps_of(89):
        options, kernel, bias = layers(maps.shape[-3], 2), rng.normal(size=(2, 3, 3)), np.array(-0.4)
        for order in ("channel first", "spatial first", "parallel"):
            output, gates, mask = quietly(function, maps, kernel=kernel, bias=bias, **options, order=order)
            for at in np.ndindex(maps.shape[:-3]):
                one, g, a = maps[at], np.ones(maps.shape[-3]), np.ones(maps.shape[-2:])
                if order == "spatial first":
                    a = mask_by_loops(one, kernel, -0.4)
                g = gates_by_loops(a * one, options)
                if order != "spatial first":
                    a = mask_by_loops(g[:, None, None] * one if order == "channel first" else one, kernel, -0.4)
                close(gates[at], g, what=order)
                close(mask[at], a, what=order)
                close(output[at], a * g[:, None, None] * one, what=order)
    plain = quietly(function, maps, options["w_1"], options["w_2"], kernel)
    named = quietly(function, maps, options["w_1"], options["w_2"], kernel, order="channel first")
    close(plain[0], named[0], what="the published order unless another is asked for")


# Right in plain NumPy, with one fault at a time to choose.


def spatial_mask(maps: np.ndarray, kernel: np.ndarray, bias: Any = None, *, fault: str = "") -> Any:
    seen = [maps.mean(axis=-3), maps.max(axis=-3)]
    if fault == "largest in size":
        seen[1] = abs(maps).max(axis=-3)
    seen = seen[::-1] if fault == "mean and maximum swapped" else seen
    half, w = kernel.shape[-1] // 2, kernel[:, ::-1, ::-1] if fault == "flipped" else kernel
    w = w.swapaxes(-1, -2) if fault == "x and y swapped" else w
    score: Any = 0.0 if bias is None or fault == "bias dropped" else bias
    for one, of in zip(seen, w, strict=True):
        edges: Any = {"border repeated": "edge"}.get(fault, "constant")
        around = np.pad(one, [(0, 0)] * (one.ndim - 2) + [(half, half)] * 2, mode=edges)
        for i, j in np.ndindex(of.shape):
            score = score + of[i, j] * around[..., i : i + maps.shape[-2], j : j + maps.shape[-1]]
    return 1 / (1 + np.exp(-score))


def channel_gates(maps: np.ndarray, *args: Any, fault: str = "", **kwargs: Any) -> Any:
    mean, most = maps.mean(axis=(-2, -1)), maps.max(axis=(-2, -1))
    if fault == "added before the layers":
        return 1 / (1 + np.exp(-channel_scores(mean + most, *args, **kwargs)))
    scores = [channel_scores(z, *args, **kwargs) for z in (mean, most)]
    if fault == "gates added":
        return sum(1 / (1 + np.exp(-s)) for s in scores) / 2
    total = {"mean only": scores[0], "maximum only": scores[1]}.get(fault, scores[0] + scores[1])
    return 1 / (1 + np.exp(-total))


def cbam(
    maps: np.ndarray, w_1: Any, w_2: Any, kernel: Any, *, b_1: Any = None, b_2: Any = None, bias: Any = None,
    order: str = "channel first", fault: str = "",
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    if fault == "orders exchanged":
        order = {"channel first": "spatial first", "spatial first": "channel first"}.get(order, order)
    if fault == "always parallel":
        order = "parallel"
    x, gates, mask = maps, np.ones(0), np.ones(0)
    for part in ("mask", "gates") if order == "spatial first" else ("gates", "mask"):
        seen = maps if order == "parallel" else x
        if part == "mask":
            mask = spatial_mask(seen, kernel, None if fault == "bias dropped" else bias)
            x = x * mask[..., None, :, :]
        else:
            gates = channel_gates(seen, w_1, w_2, b_1, b_2)
            x = x * gates[..., None, None]
    return x + maps if fault == "maps added" else x, gates, mask


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "spatial_mask": (spatial_mask, ("largest in size", "mean and maximum swapped", "flipped", "x and y swapped",
        "bias dropped", "border repeated")),
    "channel_gates": (channel_gates, ("added before the layers", "gates added", "mean only", "maximum only")),
    "cbam": (cbam, ("orders exchanged", "always parallel", "bias dropped", "maps added")),
}  # fmt: skip
