"""Checks of the linear memory and of the capacity with softmax, and faults they must notice: see machinery.py."""

import math

import numpy as np
import scipy.special
from tests.core.alignment import softmax
from tests.core.machinery import SHAPES, Function, close, inner, quietly


def check_store(function: Function) -> None:
    rng = np.random.default_rng(53)
    for batch, _, n, width, value_width in SHAPES:
        keys, values = rng.normal(size=(*batch, n, width)), rng.normal(size=(*batch, n, value_width))
        memory = quietly(function, keys, values)
        assert memory.shape == (*batch, width, value_width)
        for b in np.ndindex(*batch):
            for i in range(width):
                for j in range(value_width):
                    close(memory[b][i, j], inner(keys[b][:, i], values[b][:, j]))


def check_recall(function: Function) -> None:
    rng = np.random.default_rng(54)
    for batch, m, _, width, value_width in [*SHAPES, ((), 2, 0, 3, 3)]:
        query, memory = rng.normal(size=(*batch, m, width)), rng.normal(size=(*batch, width, value_width))
        output = quietly(function, query, memory)
        assert output.shape == (*batch, m, value_width)
        for at in np.ndindex(*batch, m):
            for j in range(value_width):
                close(output[at][j], inner(query[at], memory[(*at[:-1], slice(None), j)]))


def check_capacity(function: Function) -> None:
    for width, sharpness in ((16, None), (36, None), (64, None), (64, 4.0), (400, 10.0), (1, 1.0)):
        sharp = width**0.5 if sharpness is None else sharpness
        got = function(width) if sharpness is None else function(width, sharpness=sharpness)
        # One pair, and as many others as share out the power of the right one.
        close(got, 1 + math.exp(sharp) / math.exp(sharp**2 / width / 2))
    # The mean of exp(β cos) over all directions is a Bessel function, which the formula approximates.
    for width, sharpness in ((36, 6.0), (64, 8.0), (256, 16.0), (64, 2.0)):
        order = width / 2 - 1
        power = scipy.special.ive(order, sharpness) * math.exp(sharpness) * (2 / sharpness) ** order
        mean = power * math.gamma(width / 2)
        np.testing.assert_allclose(function(width, sharpness=sharpness), 1 + math.exp(sharpness) / mean, rtol=0.05)


# Right in plain NumPy, with one fault at a time to choose.


def store(keys: np.ndarray, values: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "transposed":
        return values.swapaxes(-1, -2) @ keys
    memory = keys.swapaxes(-1, -2) @ values
    return {"mean": memory / keys.shape[-2], "the last alone": keys[..., -1, :, None] * values[..., -1, None, :]}.get(
        fault, memory
    )


def recall(query: np.ndarray, memory: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "transposed" and memory.shape[-1] == memory.shape[-2]:
        memory = memory.swapaxes(-1, -2)
    output = query @ memory
    return {"scaled": output / np.sqrt(query.shape[-1]), "softmax": softmax(output)}.get(fault, output)


def capacity(width: int, *, sharpness: float | None = None, fault: str = "") -> float:
    sharp = (width if fault == "width for its root" else width**0.5) if sharpness is None else sharpness
    if fault == "sharpness ignored":
        sharp = width**0.5
    lost = {"square forgotten": sharp / (2 * width), "half forgotten": sharp**2 / width, "always a half": 0.5}
    exponent = sharp - lost.get(fault, sharp**2 / (2 * width))
    return (0 if fault == "others alone" else 1) + (2.0 if fault == "base 2" else math.e) ** exponent


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "store": (store, ("transposed", "mean", "the last alone")),
    "recall": (recall, ("transposed", "scaled", "softmax")),
    "capacity": (capacity, ("width for its root", "sharpness ignored", "square forgotten", "half forgotten",
        "always a half", "others alone", "base 2")),
}  # fmt: skip
