"""Checks of gates on channels, and faults they must notice: see machinery.py."""

import math
from typing import Any

import numpy as np
from tests.core.machinery import Function, close, inner, quietly

# (batch axes, channels, rows, columns): all different, so that no axis can be taken for another.
MAPS = [((), 4, 3, 5), ((2,), 5, 4, 6), ((3, 2), 3, 2, 4)]


def sigmoid(score: float) -> float:
    return 1 / (1 + math.exp(-score))


def maps_of(seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(*batch, c, y, x)) for batch, c, y, x in MAPS]


def layers(channels: int, seed: int) -> dict[str, np.ndarray]:
    """Two layers with biases, with two hidden units more than channels."""
    rng = np.random.default_rng(seed)
    h = channels + 2
    shapes = {"w_1": (h, channels), "w_2": (channels, h), "b_1": (h,), "b_2": (channels,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def scores_by_loops(z: Any, w_1: Any, w_2: Any, b_1: Any = None, b_2: Any = None) -> list[float]:
    """For one vector z."""
    b_1, b_2 = np.zeros(len(w_1)) if b_1 is None else b_1, np.zeros(len(w_2)) if b_2 is None else b_2
    units = [max(0.0, inner(row, z) + float(b)) for row, b in zip(w_1, b_1, strict=True)]
    return [inner(row, np.array(units)) + float(b) for row, b in zip(w_2, b_2, strict=True)]


def check_squeeze(function: Function) -> None:
    for maps in maps_of(90):
        found = quietly(function, maps)
        assert found.shape == maps.shape[:-2]
        for at in np.ndindex(found.shape):
            close(found[at], math.fsum(maps[at].ravel()) / maps[at].size)


def check_layers(function: Function, last: Function) -> None:
    """What goes through the two layers, and `last` after them."""
    rng = np.random.default_rng(91)
    for batch, channels in [((), 4), ((3,), 5), ((2, 3), 2)]:
        z, options = rng.normal(size=(*batch, channels)), layers(channels, channels)
        for given in (options, {name: options[name] for name in ("w_1", "w_2")}, {**options, "b_1": None}):
            found = quietly(function, z, **given)
            assert found.shape == z.shape
            for at in np.ndindex(*batch):
                close(found[at], [last(score) for score in scores_by_loops(z[at], **given)])


def check_channel_scores(function: Function) -> None:
    check_layers(function, lambda score: score)


def check_excite(function: Function) -> None:
    check_layers(function, sigmoid)
    close(quietly(function, np.array([1e4, -1e4]), np.eye(2), -np.eye(2)), [0, 0.5], what="no overflow")


def check_scale(function: Function) -> None:
    for maps in [*maps_of(92), np.arange(27.0).reshape(3, 3, 3)]:  # as many channels as rows and columns
        gates = np.random.default_rng(93).random(maps.shape[:-2])
        found = quietly(function, maps, gates)
        for at in np.ndindex(maps.shape):
            close(found[at], maps[at] * gates[at[:-2]])


def check_softmax_gates(function: Function) -> None:
    rng = np.random.default_rng(94)
    for shape in [(3,), (2, 4), (2, 3, 5)]:
        scores = 3 * rng.normal(size=shape)
        for sink in (None, 0.0, 2.5, -40.0):
            found = quietly(function, scores, sink=sink)
            for at in np.ndindex(*shape[:-1]):
                powers = [math.exp(score) for score in scores[at]]
                total = math.fsum(powers) + (0 if sink is None else math.exp(sink))
                close(found[at], [power / total for power in powers])


def check_eca_kernel_size(function: Function) -> None:
    assert [function(c) for c in (1, 16, 64, 128, 256, 512, 1024, 2048)] == [1, 3, 3, 5, 5, 5, 5, 7]
    assert [function(64, gamma=1), function(64, b=3), function(64, gamma=1.0, b=2)] == [7, 5, 9]


def check_eca(function: Function) -> None:
    rng = np.random.default_rng(95)
    for shape, size in [((5,), 3), ((2, 4), 5), ((2, 3, 6), 1), ((3,), 7)]:
        z, kernel = rng.normal(size=shape), rng.normal(size=size)
        found = quietly(function, z, kernel)
        assert found.shape == shape
        for *at, c in np.ndindex(*shape):
            near = range(c - size // 2, c + size // 2 + 1)
            score = math.fsum(kernel[j] * z[(*at, n)] for j, n in enumerate(near) if 0 <= n < shape[-1])
            close(found[(*at, c)], sigmoid(score))


# Right in plain NumPy, with one fault at a time to choose.


def squeeze(maps: np.ndarray, *, fault: str = "") -> Any:
    if fault == "maximum":
        return maps.max(axis=(-2, -1))
    axis: Any = {"over the channels": (-3, -1), "rows only": -1}.get(fault, (-2, -1))
    return maps.sum(axis=axis) if fault == "sum" else maps.mean(axis=axis)


def channel_scores(
    squeezed: np.ndarray, w_1: np.ndarray, w_2: np.ndarray, b_1: Any = None, b_2: Any = None, *, fault: str = ""
) -> Any:
    b_1, b_2 = 0.0 if b_1 is None else b_1, 0.0 if b_2 is None else b_2
    units = squeezed @ w_1.T + (0.0 if fault == "first bias dropped" else b_1)
    if fault != "no bend":
        units = abs(units) if fault == "absolute value" else np.maximum(units, 0)
    scores = units @ w_2.T + (0.0 if fault == "second bias dropped" else b_2)
    return np.maximum(scores, 0) if fault == "bent twice" else scores


def excite(*args: Any, fault: str = "", **kwargs: Any) -> Any:
    scores = channel_scores(*args, **kwargs, fault=fault)
    if fault == "softmax":
        return softmax_gates(scores)
    if fault == "hard":
        return np.clip(scores / 6 + 0.5, 0, 1)
    if fault == "overflow":
        return np.exp(scores) / (1 + np.exp(scores)) if (scores > -800).all() else scores * np.nan
    return 1 / (1 + np.exp(-scores))


def scale(maps: np.ndarray, gates: np.ndarray, *, fault: str = "") -> Any:
    if fault == "along the columns":
        return maps * gates if maps.shape[-1] == gates.shape[-1] else maps * gates[..., None, None]
    if fault == "in place":
        maps *= gates[..., None, None]
    return maps + gates[..., None, None] if fault == "added" else maps * gates[..., None, None]


def softmax_gates(scores: np.ndarray, *, sink: float | None = None, fault: str = "") -> Any:
    powers = np.exp(scores)
    drain = 0.0 if sink is None else {"sink of score 0": 1.0, "score not raised": sink}.get(fault, np.exp(sink))
    total = powers.sum(axis=-1, keepdims=True) + drain
    return powers / total * (scores.shape[-1] if fault == "times the channels" else 1)


def eca_kernel_size(channels: int, *, gamma: float = 2, b: float = 1, fault: str = "") -> int:
    log = math.log(channels) if fault == "natural logarithm" else math.log2(channels)
    t = int((log + b) / gamma) if fault != "b outside" else int(log / gamma + b)
    if fault == "even kept":
        return t
    return t if t % 2 else t - 1 if fault == "rounded down" else t + 1


def eca(squeezed: np.ndarray, kernel: np.ndarray, *, fault: str = "") -> Any:
    half = len(kernel) // 2
    mode: Any = {"wraps around": "wrap", "ends repeated": "edge"}.get(fault, "constant")
    row = np.pad(squeezed, [(0, 0)] * (squeezed.ndim - 1) + [(half, half)], mode=mode)
    w = kernel[::-1] if fault == "flipped" else kernel
    score = np.sum([w[j] * row[..., j : j + squeezed.shape[-1]] for j in range(len(kernel))], axis=0)
    return score if fault == "no sigmoid" else 1 / (1 + np.exp(-score))


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "squeeze": (squeeze, ("maximum", "over the channels", "rows only", "sum")),
    "channel_scores": (channel_scores, ("first bias dropped", "second bias dropped", "no bend", "absolute value",
        "bent twice")),
    "excite": (excite, ("softmax", "hard", "overflow", "no bend")),
    "scale": (scale, ("along the columns", "in place", "added")),
    "softmax_gates": (softmax_gates, ("sink of score 0", "score not raised", "times the channels")),
    "eca_kernel_size": (eca_kernel_size, ("natural logarithm", "b outside", "even kept", "rounded down")),
    "eca": (eca, ("wraps around", "ends repeated", "flipped", "no sigmoid")),
}  # fmt: skip
