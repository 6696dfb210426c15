"""The oracles can fail: each planted fault is rejected by one, and other ways of writing it right are accepted.

That they accept the shipped functions is tested in `test_scoring.py` and `test_alignment.py`.
"""

import functools
import math
from typing import Any

import numpy as np
import pytest
from tests.core import oracles


def oracle(name: str) -> oracles.Function:
    return getattr(oracles, f"check_{name}")


# A softmax and an attend written in plain NumPy, with one fault at a time to choose.


def softmax(
    scores: np.ndarray,
    *,
    temperature: float = 1.0,
    mask: np.ndarray | None = None,
    fault: str = "",
) -> np.ndarray:
    scores = scores.copy() if fault != "in place" else scores
    axis = -2 if fault == "axis" and scores.ndim > 1 else -1
    if fault == "temperature multiplied":
        temperature = 1 / temperature
    if mask is None:
        mask = np.array(True)
    if fault == "mask sign" and mask.ndim:
        mask = ~mask
    mask = np.broadcast_to(mask, scores.shape)
    if fault not in ("mask after softmax", "mask ignored"):
        scores[~mask] = -1e9 if fault == "mask by a large number" else -np.inf
    if fault != "no maximum":
        over = None if fault == "maximum of the whole array" else axis
        highest = scores.max(axis=over, keepdims=True)
        scores = scores - np.where(np.isfinite(highest), highest, 0)
    powers = np.exp(scores / temperature)
    total = powers.sum(axis=axis, keepdims=True)
    if fault == "an epsilon below":
        total = total + 1e-6
    weights = powers / (total if fault == "0 / 0" else np.where(total == 0, 1, total))
    return weights * mask if fault == "mask after softmax" else weights


def attend(
    scores: np.ndarray,
    values: np.ndarray,
    *,
    mask: np.ndarray | None = None,
    temperature: float = 1.0,
    fault: str = "",
) -> tuple[np.ndarray, np.ndarray]:
    weights = softmax(scores, mask=mask, temperature=1.0 if fault == "temperature dropped" else temperature)
    if fault == "weights not applied":
        return np.broadcast_to(values.mean(axis=-2, keepdims=True), (*weights.shape[:-1], values.shape[-1])), weights
    if fault == "scores applied":
        return scores @ values, weights
    if fault == "values transposed" and values.shape[-1] == values.shape[-2]:
        return weights @ values.swapaxes(-1, -2), weights
    if fault == "mask on the weights alone":
        return softmax(scores, temperature=temperature) @ values, weights
    if fault == "values in place":
        values *= weights.mean(axis=-2)[..., None]
    return weights @ values, weights


def additive(
    query: np.ndarray,
    keys: np.ndarray,
    W_q: np.ndarray,
    W_k: np.ndarray,
    v: np.ndarray,
    bias: np.ndarray | None = None,
    *,
    fault: str = "",
) -> np.ndarray:
    if fault == "maps swapped" and W_q.shape == W_k.shape:
        W_q, W_k = W_k, W_q
    inside = np.einsum("...qd,hd->...qh", query, W_q)[..., :, None, :]
    inside = inside + np.einsum("...kd,hd->...kh", keys, W_k)[..., None, :, :]
    if bias is not None and fault not in ("bias lost", "bias outside"):
        inside = inside + bias
    hidden = inside if fault == "tanh dropped" else 1 / (1 + np.exp(-inside)) if fault == "sigmoid" else np.tanh(inside)
    if fault == "bias outside" and bias is not None:
        hidden = hidden + bias
    return hidden.sum(axis=-1) if fault == "v dropped" else np.einsum("...h,h->...", hidden, v)


def lengths(x: np.ndarray) -> np.ndarray:
    size = np.where((largest := np.abs(x).max(axis=-1, keepdims=True)) == 0, 1, largest)
    return size * np.sqrt(np.square(x / size).sum(axis=-1, keepdims=True))


def turned(x: np.ndarray) -> np.ndarray:
    return np.swapaxes(x, -1, -2)


def cosine(query: np.ndarray, keys: np.ndarray, *, fault: str = "") -> np.ndarray:
    def unit(x: np.ndarray) -> np.ndarray:
        return x / (size if (size := lengths(x)).all() or fault == "0 / 0" else np.where(size == 0, 1, size))

    if fault == "no norm of the query":
        return query @ turned(unit(keys))
    if fault == "no norm of the keys":
        return unit(query) @ turned(keys)
    if fault == "no norm":
        return query @ turned(keys)
    if fault == "squared norms":
        return (unit(query) / lengths(query)) @ turned(unit(keys) / lengths(keys))
    if fault == "an epsilon in the norm":
        return (query / (lengths(query) + 1e-8)) @ turned(keys / (lengths(keys) + 1e-8))
    if fault == "naive norm":
        norms = [np.sqrt(np.square(x).sum(axis=-1, keepdims=True)) for x in (query, keys)]
        safe = [np.where(norm == 0, 1, norm) for norm in norms]
        return (query / safe[0]) @ turned(keys / safe[1])
    return unit(query) @ turned(unit(keys))


def distance(query: np.ndarray, keys: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "query ignored":
        query = np.zeros_like(query)
    if fault == "expanded square":
        squares = np.square(query).sum(-1)[..., :, None] + np.square(keys).sum(-1)[..., None, :]
        return -np.sqrt(squares - 2 * query @ turned(keys))
    differences = query[..., :, None, :] - keys[..., None, :, :]
    far = np.abs(differences).sum(axis=-1) if fault == "sum of sizes" else lengths(differences)[..., 0]
    return {"sign": far, "squared": -(far**2), "halved": -far / 2}.get(fault, -far)


def summed(query: np.ndarray, keys: np.ndarray, *, fault: str = "") -> np.ndarray:
    rows = np.ones((*query.shape[:-1], 1))
    far = lengths(keys[..., :, None, :] - keys[..., None, :, :])[..., 0]
    total = far.mean(axis=-1) if fault == "mean" else far.sum(axis=-1)
    return rows * (total if fault == "sign" else -total)[..., None, :]


def location(query: np.ndarray, keys: np.ndarray, W: np.ndarray, *, fault: str = "") -> np.ndarray:
    count = keys.shape[-2]
    rows = W[-count:] if fault == "last rows" else W[:count]
    scores = query @ rows.T
    return scores + keys.sum(axis=-1)[..., None, :] if fault == "keys read" else scores


def dot(query: np.ndarray, keys: np.ndarray, *, fault: str = "") -> np.ndarray:
    scores = query @ turned(keys)
    d = query.shape[-1]
    if fault == "absolute":
        return np.abs(scores)
    return scores * {"times √d": math.sqrt(d), "over d": 1 / d, "over √k": 1 / math.sqrt(keys.shape[-2])}.get(fault, 1)


def dot_in_place(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    query /= math.sqrt(query.shape[-1])
    return query @ turned(keys)


def bilinear(query: np.ndarray, keys: np.ndarray, W: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "W transposed" and W.shape[0] == W.shape[1]:
        W = W.T
    if fault == "W made symmetric" and W.shape[0] == W.shape[1]:
        W = (W + W.T) / 2
    return query @ W @ turned(keys)


def low_rank(query: np.ndarray, keys: np.ndarray, W_q: np.ndarray, W_k: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "maps swapped" and W_q.shape == W_k.shape:
        W_q, W_k = W_k, W_q
    if fault == "maps transposed" and W_q.shape == W_k.shape:
        W_q, W_k = W_q.T, W_k.T
    return (query @ W_q.T) @ turned(keys @ W_k.T)


FAULTS: list[tuple[str, oracles.Function, str]] = [
    *(("softmax", softmax, fault) for fault in (
        "axis", "mask sign", "mask after softmax", "mask ignored", "mask by a large number", "temperature multiplied",
        "no maximum", "maximum of the whole array", "0 / 0", "an epsilon below", "in place",
    )),
    *(("attend", attend, fault) for fault in (
        "weights not applied", "scores applied", "values transposed", "mask on the weights alone",
        "temperature dropped", "values in place",
    )),
    *(("additive", additive, fault) for fault in (
        "bias lost", "bias outside", "tanh dropped", "sigmoid", "v dropped", "maps swapped",
    )),
    *(("bilinear", bilinear, fault) for fault in ("W transposed", "W made symmetric")),
    *(("low_rank_bilinear", low_rank, fault) for fault in ("maps swapped", "maps transposed")),
    *(("dot", dot, fault) for fault in ("times √d", "over d", "absolute")),
    *(("scaled_dot", dot, fault) for fault in ("√d missing", "times √d", "over d", "over √k")),
    *(("cosine", cosine, fault) for fault in (
        "no norm of the query", "no norm of the keys", "no norm", "squared norms", "0 / 0", "an epsilon in the norm",
        "naive norm",
    )),
    *(("negative_distance", distance, fault) for fault in (
        "squared", "sign", "halved", "sum of sizes", "query ignored", "expanded square",
    )),
    *(("summed_distance", summed, fault) for fault in ("sign", "mean")),
    *(("location", location, fault) for fault in ("keys read", "last rows")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "implementation", "fault"), FAULTS, ids=[f"{name}: {fault}" for name, _, fault in FAULTS]
)
def test_planted_fault_is_rejected(name: str, implementation: oracles.Function, fault: str) -> None:
    with pytest.raises(AssertionError):
        oracle(name)(functools.partial(implementation, fault=fault))


def test_fault_that_changes_its_input_is_rejected_for_that() -> None:
    with pytest.raises(AssertionError, match="changed in place"):
        oracles.check_scaled_dot(dot_in_place)


def scaled_by_einsum(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    return np.einsum("...qd,...kd->...qk", query, keys) * query.shape[-1] ** -0.5


def scaled_in_two_halves(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    fourth_root = query.shape[-1] ** 0.25
    return (query / fourth_root) @ np.swapaxes(keys / fourth_root, -1, -2)


def softmax_by_logarithm(scores: np.ndarray, *, temperature: float = 1.0, mask: np.ndarray | None = None) -> np.ndarray:
    allowed = np.broadcast_to(True if mask is None else mask, scores.shape)
    logits = np.where(allowed, scores, -np.inf) / temperature
    weights = np.exp(logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True))
    return np.where(allowed, weights, 0.0)


def softmax_row_by_row(scores: np.ndarray, *, temperature: float = 1.0, mask: np.ndarray | None = None) -> np.ndarray:
    weights = np.zeros_like(scores)
    allowed = np.broadcast_to(True if mask is None else mask, scores.shape)
    for row in np.ndindex(*scores.shape[:-1]):
        kept = np.flatnonzero(allowed[row])
        if kept.size:
            odds = [
                sum(math.exp(min((scores[row][j] - scores[row][i]) / temperature, 700)) for j in kept) for i in kept
            ]
            weights[row][kept] = 1 / np.array(odds)
    return weights


RIGHT: list[tuple[str, Any]] = [
    ("scaled_dot", scaled_by_einsum),
    ("scaled_dot", scaled_in_two_halves),
    ("softmax", softmax_by_logarithm),
    ("softmax", softmax_row_by_row),
    ("softmax", softmax),
    ("attend", attend),
    ("additive", additive),
    ("bilinear", bilinear),
    ("low_rank_bilinear", low_rank),
    ("dot", dot),
    ("cosine", cosine),
    ("negative_distance", distance),
    ("summed_distance", summed),
    ("location", location),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "implementation"),
    RIGHT,
    ids=[f"{name}: {function.__module__}.{function.__name__}" for name, function in RIGHT],
)
def test_right_implementation_is_accepted(name: str, implementation: oracles.Function) -> None:
    oracle(name)(implementation)
