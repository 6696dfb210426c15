"""Checks of external attention, and faults they must notice: see machinery.py."""

import functools
import math
from typing import Any

import numpy as np
import scipy.special
from tests.core.machinery import Function, close, inner, quietly

# Batch axes, positions, slots, width, width of what is read.
SIZES = [((), 5, 3, 4, 2), ((2,), 3, 4, 2, 5), ((2, 3), 1, 2, 3, 4), ((), 4, 1, 2, 3)]
# Batch axes, positions, slots, heads, width of a head, width of what a head reads.
HEADS = [((), 5, 3, 2, 3, 4), ((2,), 4, 2, 3, 1, 2), ((2, 3), 3, 4, 1, 2, 3)]


def shares(scores: np.ndarray, kind: str) -> np.ndarray:
    """The weights of one table, number by number."""
    n, k = scores.shape
    e = [[math.exp(scores[i][j]) for j in range(k)] for i in range(n)]
    if kind == "slots":
        return np.array([[e[i][j] / math.fsum(e[i]) for j in range(k)] for i in range(n)])
    columns = [math.fsum(e[i][j] for i in range(n)) for j in range(k)]
    share = [[e[i][j] / columns[j] for j in range(k)] for i in range(n)]
    if kind == "positions":
        return np.array(share)
    return np.array([[share[i][j] / math.fsum(share[i]) for j in range(k)] for i in range(n)])


def check_shares(function: Function, *, kind: str) -> None:
    rng = np.random.default_rng(111)
    for batch, n, k, *_ in SIZES:
        scores = 2 * rng.normal(size=(*batch, n, k))
        weights = quietly(function, scores)
        for b in np.ndindex(*batch):
            close(weights[b], shares(scores[b], kind), what=f"{kind} of {n} positions and {k} slots")
    far = np.array([[0.0, 1.0], [2000.0, 1000.0], [-3.0, -1.0]])  # positions 0 and 2 have next to nothing of any slot
    weights = quietly(function, far)
    assert np.isfinite(weights).all(), "scores far apart give no NaN"
    if kind == "double":
        close(weights[0], scipy.special.softmax([-2000.0, 1.0 - 1000.0]), what="rows sum to one even so")


check_over_slots = functools.partial(check_shares, kind="slots")
check_over_positions = functools.partial(check_shares, kind="positions")
check_double_normalise = functools.partial(check_shares, kind="double")


def check_external_attention(function: Function) -> None:
    rng = np.random.default_rng(112)
    for batch, n, k, width, read in SIZES:
        features = rng.normal(size=(*batch, n, width))
        slots, answers = rng.normal(size=(k, width)), rng.normal(size=(k, read))
        kinds: list[tuple[str, dict[str, Any]]] = [("double", {})]
        kinds += [(kind, {"normalise": lambda s, kind=kind: _each(s, kind)}) for kind in ("slots", "positions")]
        kinds += [("double", {"score": lambda f, m: -np.abs(f @ m.swapaxes(-1, -2))})]
        for kind, options in kinds:
            output, weights = quietly(function, features, slots, answers, **options)
            for b in np.ndindex(*batch):
                scores = np.array([[inner(features[b][i], slots[j]) for j in range(k)] for i in range(n)])
                expected = shares(-np.abs(scores) if "score" in options else scores, kind)
                close(weights[b], expected, what=f"weights, {kind}")
                close(output[b], [[inner(expected[i], answers[:, c]) for c in range(read)] for i in range(n)])


def check_multi_head_external(function: Function) -> None:
    rng = np.random.default_rng(113)
    for batch, n, k, heads, width, read in HEADS:
        features = rng.normal(size=(*batch, n, heads * width))
        for own in ((), (heads,)):
            slots, answers = rng.normal(size=(*own, k, width)), rng.normal(size=(*own, k, read))
            output, weights = quietly(function, features, slots, answers, heads=heads)
            assert output.shape == (*batch, n, heads * read)
            for b in np.ndindex(*batch):
                for h in range(heads):
                    f = features[b][:, h * width : (h + 1) * width]
                    m, v = (slots[h], answers[h]) if own else (slots, answers)
                    scores = np.array([[inner(f[i], m[j]) for j in range(k)] for i in range(n)])
                    expected = shares(scores, "double")
                    close(weights[b][h], expected, what=f"weights of head {h}")
                    made = [[inner(expected[i], v[:, c]) for c in range(read)] for i in range(n)]
                    close(output[b][:, h * read : (h + 1) * read], made, what=f"output of head {h}")


def check_external_cost(function: Function) -> None:
    for n, d, s, heads in [(3, 4, 2, 1), (5, 6, 7, 3)]:
        for made in (False, True):
            products = sum(1 for _ in np.ndindex(n, s, d))  # one for each number of each pair: the scores
            products += sum(1 for _ in np.ndindex(n, s, d))  # the answers
            products += sum(1 for _ in np.ndindex(n, d, d)) if made else 0
            cost = function(n, d, s, heads=heads, projections=made, number_bytes=2)
            assert cost == (products, heads * n * s * 2)
    assert function(3, 4, 2)[1] == 3 * 2 * 4


def check_self_attention_cost(function: Function) -> None:
    for n, d, heads in [(3, 4, 1), (5, 6, 3)]:
        for made in (False, True):
            products = 2 * sum(1 for _ in np.ndindex(n, n, d))
            products += 3 * sum(1 for _ in np.ndindex(n, d, d)) if made else 0
            cost = function(n, d, heads=heads, projections=made, number_bytes=2)
            assert cost == (products, heads * n * n * 2)
    assert function(3, 4)[1] == 3 * 3 * 4


def _each(scores: np.ndarray, kind: str) -> np.ndarray:
    made = np.empty(scores.shape)
    for b in np.ndindex(*scores.shape[:-2]):
        made[b] = shares(scores[b], kind)
    return made


# Right in plain NumPy, with one fault at a time to choose.


def over_slots(scores: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "not stable":
        return np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    return scipy.special.softmax(scores, axis=-2 if fault == "over the positions" else -1)


def over_positions(scores: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "over all axes before the slots":
        return scipy.special.softmax(scores, axis=tuple(range(scores.ndim - 1)))
    return scipy.special.softmax(scores, axis=-1 if fault == "over the slots" else -2)


def double_normalise(scores: np.ndarray, *, fault: str = "") -> np.ndarray:
    first, second = (-1, -2) if fault == "slots first" else (-2, -1)
    if fault in ("as published", "nothing added"):
        share = scipy.special.softmax(scores, axis=first)
        return share / ((1e-9 if fault == "as published" else 0) + share.sum(axis=second, keepdims=True))
    if fault == "two softmaxes":
        return scipy.special.softmax(scipy.special.softmax(scores, axis=first), axis=second)
    if fault == "once":
        return scipy.special.softmax(scores, axis=first)
    logs = scipy.special.log_softmax(scores, axis=first)
    return np.exp(logs - scipy.special.logsumexp(logs, axis=second, keepdims=True))


def external_attention(
    features: np.ndarray,
    memory_keys: np.ndarray,
    memory_values: np.ndarray,
    *,
    normalise: Function = double_normalise,
    score: Function | None = None,
    fault: str = "",
) -> tuple[np.ndarray, np.ndarray]:
    scores = features @ memory_keys.swapaxes(-1, -2) if score is None else score(features, memory_keys)
    if fault == "score ignored":
        scores = features @ memory_keys.swapaxes(-1, -2)
    if fault == "scaled":
        scores = scores / math.sqrt(features.shape[-1])
    weights = (double_normalise if fault == "normalise ignored" else normalise)(scores)
    if fault == "keys are read":
        memory_values = np.resize(memory_keys, memory_values.shape)
    if fault == "one map for all inputs" and weights.ndim > 2:
        weights = np.broadcast_to(weights.mean(axis=0), weights.shape)
    return weights @ memory_values, weights


def multi_head_external(
    features: np.ndarray, memory_keys: np.ndarray, memory_values: np.ndarray, *, heads: int, fault: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    cut = features.reshape(*features.shape[:-1], heads, -1)
    if fault == "neighbours into different heads":
        cut = features.reshape(*features.shape[:-1], -1, heads).swapaxes(-1, -2)
    parts = np.moveaxis(cut, -2, -3)
    if fault == "a view alone":
        parts = features.reshape(*features.shape[:-2], heads, features.shape[-2], -1)
    if fault == "first slots for all" and memory_keys.ndim > 2:
        memory_keys, memory_values = memory_keys[0], memory_values[0]
    output, weights = external_attention(parts, memory_keys, memory_values)
    joined = output if fault == "merged without exchange" else np.moveaxis(output, -3, -2)
    return joined.reshape(*features.shape[:-1], -1), weights


def external_cost(
    n: int, d: int, s: int, *, heads: int = 1, projections: bool = False, number_bytes: int = 4, fault: str = ""
) -> tuple[int, int]:
    maps = {"three maps": 3, "no map": 0}.get(fault, 1) * projections
    each = 1 if fault == "one head" else heads
    products = 2 * n * s * d * (heads if fault == "heads cost products" else 1)
    return n * d * d * maps + products, each * n * s * number_bytes


def self_attention_cost(
    n: int, d: int, *, heads: int = 1, projections: bool = False, number_bytes: int = 4, fault: str = ""
) -> tuple[int, int]:
    maps = 1 if fault == "one map" else 3
    each = 1 if fault == "one head" else heads
    products = n * n * d * (1 if fault == "scores only" else 2)
    return projections * maps * n * d * d + products, each * n * n * number_bytes


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "over_slots": (over_slots, ("over the positions", "not stable")),
    "over_positions": (over_positions, ("over the slots", "over all axes before the slots")),
    "double_normalise": (double_normalise, ("slots first", "two softmaxes", "once", "as published", "nothing added")),
    "external_attention": (external_attention, ("score ignored", "scaled", "normalise ignored", "keys are read",
        "one map for all inputs")),
    "multi_head_external": (multi_head_external, ("neighbours into different heads", "a view alone",
        "first slots for all", "merged without exchange")),
    "external_cost": (external_cost, ("three maps", "no map", "one head", "heads cost products")),
    "self_attention_cost": (self_attention_cost, ("one map", "one head", "scores only")),
}  # fmt: skip
