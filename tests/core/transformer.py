"""Checks of the norm, the small network and the count of passes, and faults they must notice: see machinery.py."""

import math

import numpy as np
from tests.core.machinery import Function, close, inner, quietly


def check_layer_norm(function: Function) -> None:
    rng = np.random.default_rng(80)
    for shape in [(1, 2), (3, 5), (2, 3, 4), (2, 2, 4, 3)]:
        d = shape[-1]
        x = 3 * rng.normal(size=shape) + 7
        scale, shift = rng.normal(size=(2, d))
        for epsilon in (1e-5, 0.5):
            found = quietly(function, x, scale, shift, epsilon=epsilon)
            for row in np.ndindex(*shape[:-1]):
                mean = math.fsum(x[row]) / d
                variance = math.fsum((number - mean) ** 2 for number in x[row]) / d
                expected = [(x[row][i] - mean) / math.sqrt(variance + epsilon) * scale[i] + shift[i] for i in range(d)]
                close(found[row], expected, what="each vector by itself")


def check_feed_forward(function: Function) -> None:
    rng = np.random.default_rng(81)
    for batch, n, d, h, out in [((), 1, 2, 3, 4), ((2,), 3, 4, 6, 4), ((2, 3), 2, 3, 5, 1)]:
        x, w_1, b_1 = rng.normal(size=(*batch, n, d)), rng.normal(size=(h, d)), rng.normal(size=h)
        w_2, b_2 = rng.normal(size=(out, h)), rng.normal(size=out)
        found = quietly(function, x, w_1, b_1, w_2, b_2)
        for row in np.ndindex(*batch, n):
            units = [max(0.0, inner(w_1[j], x[row]) + b_1[j]) for j in range(h)]
            close(found[row], [inner(w_2[i], np.array(units)) + b_2[i] for i in range(out)])


def check_token_passes(function: Function) -> None:
    for read in (1, 2, 5):
        for written in (1, 2, 7):
            for cached in (False, True):
                passes, there, known = 0, read, 0
                for _ in range(written):
                    passes += there - known
                    known = there if cached else 0
                    there += 1
                assert function(read, written, cached=cached) == passes


# Right in plain NumPy, with one fault at a time to choose.


def layer_norm(
    x: np.ndarray, scale: np.ndarray, shift: np.ndarray, *, epsilon: float = 1e-5, fault: str = ""
) -> np.ndarray:
    axis = -2 if fault == "over the tokens" else -1
    mean, spread = x.mean(axis=axis, keepdims=True), x.std(axis=axis, keepdims=True)
    if fault == "variance of n − 1":
        spread = np.sqrt(((x - mean) ** 2).sum(axis=-1, keepdims=True) / (x.shape[-1] - 1))
    below = spread + epsilon if fault == "epsilon outside the root" else np.sqrt(spread**2 + epsilon)
    if fault == "mean kept":
        mean = 0 * mean
    return (x - mean) / below * (1 if fault == "no scale" else scale) + shift


def feed_forward(
    x: np.ndarray, w_1: np.ndarray, b_1: np.ndarray, w_2: np.ndarray, b_2: np.ndarray, *, fault: str = ""
) -> np.ndarray:
    units = np.einsum("...d,hd->...h", x, w_1) + b_1
    if fault != "no bend":
        units = units.clip(min=-0.1 if fault == "bend below zero" else 0)
    result = np.einsum("...h,oh->...o", units, w_2) + b_2
    return result.clip(min=0) if fault == "a second bend" else result


def token_passes(read: int, written: int, *, cached: bool, fault: str = "") -> int:
    last = 1 if fault == "the last is read, too" else 0
    if cached:
        return (0 if fault == "what was there is not read" else read) + written - 1 + last
    return sum(read + i + last for i in range(written))


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "layer_norm": (layer_norm, ("over the tokens", "variance of n − 1", "epsilon outside the root", "mean kept",
        "no scale")),
    "feed_forward": (feed_forward, ("no bend", "bend below zero", "a second bend")),
    "token_passes": (token_passes, ("the last is read, too", "what was there is not read")),
}  # fmt: skip
