"""Checks of memories of fixed size, and faults they must notice: see machinery.py."""

import math

import numpy as np
from tests.core.machinery import Function, close, inner, quietly

SIZES = [((), 1, 2, 3), ((), 5, 3, 2), ((2,), 4, 2, 3), ((2, 3), 3, 4, 1)]  # batch, steps, width, width of a value


def draws(seed: int) -> list[tuple[tuple[int, ...], int, np.ndarray, np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(seed)
    return [
        (batch, n, *(2 * rng.normal(size=(*batch, n, size)) for size in (width, width, value_width)))  # type: ignore[misc]
        for batch, n, width, value_width in SIZES
    ]


def positive(number: float) -> float:
    return number + 1 if number > 0 else math.exp(number)


def check_feature(function: Function) -> None:
    x = np.array([[-800.0, -1.0, 0.0], [0.5, 3.0, 900.0]])
    close(quietly(function, x), [[positive(number) for number in row] for row in x])


def check_linear_attend(function: Function) -> None:
    for batch, n, q, k, v in draws(91):
        output, memory = quietly(function, q, k, v)
        for b in np.ndindex(*batch):
            asked, kept = ([[positive(number) for number in row] for row in x[b]] for x in (q, k))
            for t in range(n):
                weights = [inner(asked[t], kept[i]) for i in range(t + 1)]  # type: ignore[arg-type]
                told = sum(w * row for w, row in zip(weights, v[b], strict=False)) / math.fsum(weights)
                close(output[b][t], told, what="weights over their sum")
            close(memory[b], sum(np.outer(row, value) for row, value in zip(kept, v[b], strict=True)), what="memory")


def check_delta_rule(function: Function) -> None:
    rng = np.random.default_rng(92)
    for batch, n, q, k, v in draws(93):
        k = k / np.linalg.norm(k, axis=-1, keepdims=True)
        rates, keep = rng.random((*batch, n)), rng.random((*batch, n))
        for gates in (None, keep):
            output, memory = quietly(function, q, k, v, rates, keep=gates)
            for b in np.ndindex(*batch):
                M = np.zeros((k.shape[-1], v.shape[-1]))
                for t in range(n):
                    M = M * (1 if gates is None else gates[b][t])
                    told = [inner(k[b][t], column) for column in M.T]
                    for i in range(M.shape[0]):
                        for j in range(M.shape[1]):
                            M[i, j] += rates[b][t] * k[b][t][i] * (v[b][t][j] - told[j])
                    close(output[b][t], [inner(q[b][t], column) for column in M.T], what="what is read")
                close(memory[b], M, what="memory")


# Right in plain NumPy, with one fault at a time to choose.


def feature(x: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "relu":
        return np.maximum(x, 0)
    if fault == "exp everywhere":
        return np.exp(x)
    return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1) + (0 if fault == "elu without the one" else 1)


def linear_attend(
    query: np.ndarray, keys: np.ndarray, values: np.ndarray, *, fault: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    q, k = (query, keys) if fault == "no features" else (feature(query), feature(keys))
    scores = q @ k.swapaxes(-1, -2)
    scores = scores if fault == "not causal" else np.tril(scores, -1 if fault == "itself not seen" else 0)
    total = scores.sum(axis=-1, keepdims=True)
    output = scores @ values if fault == "not divided" else scores @ values / total
    return output, k.swapaxes(-1, -2) @ values


def delta_rule(
    query: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    rates: np.ndarray,
    *,
    keep: np.ndarray | None = None,
    fault: str = "",
) -> tuple[np.ndarray, np.ndarray]:
    memory = np.zeros((*keys.shape[:-2], keys.shape[-1], values.shape[-1]))
    read = []
    for t in range(keys.shape[-2]):
        k, v, q = keys[..., t, :, None], values[..., t, None, :], query[..., t, None, :]
        gate = 1 if keep is None or fault == "nothing forgotten" else keep[..., t, None, None]
        if fault == "reads before it writes":
            read.append(q @ memory)
        told = k.swapaxes(-1, -2) @ (memory if fault == "told by the old memory" else gate * memory)
        missing = v if fault == "adds up" else v - told
        rate = 1 if fault == "no rate" else rates[..., t, None, None]
        memory = gate * memory + rate * k * missing
        if fault != "reads before it writes":
            read.append(q @ memory)
    return np.concatenate(read, axis=-2), memory


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "feature": (feature, ("relu", "exp everywhere", "elu without the one")),
    "linear_attend": (linear_attend, ("no features", "not causal", "itself not seen", "not divided")),
    "delta_rule": (delta_rule, ("nothing forgotten", "reads before it writes", "told by the old memory", "adds up",
        "no rate")),
}  # fmt: skip
