"""Checks of attention near a place, and faults that they must notice: see machinery.py."""

import math

import numpy as np
from tests.core.machinery import Function, close, inner, quietly


def window(scores: np.ndarray, p: float, reach: float, gaussian: bool) -> list[float]:
    """The weights of one row, by the formula, key by key."""
    near = [i for i in range(len(scores)) if abs(i - p) <= reach]
    total = math.fsum(math.exp(scores[i]) for i in near)
    shares = [math.exp(scores[i]) / total if i in near else 0.0 for i in range(len(scores))]
    sigma = reach / 2
    return [a * math.exp(-((i - p) ** 2) / (2 * sigma**2)) if gaussian else a for i, a in enumerate(shares)]


def check_rows(function: Function, gaussian: bool) -> None:
    rng = np.random.default_rng(47)
    for batch, queries, keys in [((), 1, 7), ((), 5, 5), ((2,), 3, 9), ((2, 2), 2, 6)]:
        scores = rng.normal(size=(*batch, queries, keys))
        whole = rng.integers(0, keys, size=(*batch, queries)).astype(float)
        for place in (whole, whole + rng.uniform(-0.9, 0.9, size=whole.shape)):
            for reach in (1, 2, 2.5, 20):
                weights = quietly(function, scores, place, reach=reach)
                for row in np.ndindex(*batch, queries):
                    close(weights[row], window(scores[row], place[row], reach, gaussian), what=f"reach {reach}")
    close(quietly(function, np.ones((1, 3)), np.array([-9.0]), reach=2), np.zeros((1, 3)), what="no key in the window")


def check_local_m(function: Function) -> None:
    check_rows(function, gaussian=False)


def check_local_p(function: Function) -> None:
    check_rows(function, gaussian=True)


def check_local_attend(function: Function) -> None:
    rng = np.random.default_rng(48)
    for batch, queries, keys, width, value_width in [
        ((), 1, 7, 2, 3),
        ((), 4, 4, 4, 4),
        ((2,), 3, 9, 4, 2),
        ((2, 3), 2, 5, 3, 3),
    ]:
        q, k = rng.normal(size=(*batch, queries, width)), rng.normal(size=(*batch, keys, width))
        v, place = rng.normal(size=(*batch, keys, value_width)), rng.uniform(-0.5, keys, size=(*batch, queries))
        place[..., 0] = 2.0
        for reach in (1, 2.5, 3):
            output = quietly(function, q, k, v, place, reach=reach)
            assert output.shape == (*batch, queries, value_width)
            for row in np.ndindex(*batch, queries):
                b = row[:-1]
                weights = window(np.array([inner(q[row], key) for key in k[b]]), place[row], reach, gaussian=True)
                close(output[row], sum(a * value for a, value in zip(weights, v[b], strict=True)))


def check_predicted_place(function: Function) -> None:
    rng = np.random.default_rng(49)
    for batch, queries, width, hidden in [((), 1, 3, 2), ((), 4, 4, 4), ((2,), 3, 2, 5)]:
        q, W_p, v_p = (
            rng.normal(size=(*batch, queries, width)),
            rng.normal(size=(hidden, width)),
            rng.normal(size=hidden),
        )
        for length in (1, 24):
            place = quietly(function, q, W_p, v_p, length=length)
            for row in np.ndindex(*batch, queries):
                inside = [math.tanh(inner(weights, q[row])) for weights in W_p]
                close(place[row], length / (1 + math.exp(-inner(v_p, np.array(inside)))))
    far = quietly(function, np.ones((1, 1)), np.ones((1, 1)), np.array([-5e3]), length=9)
    close(far, [0.0], what="far to the left")


# Right in plain NumPy, with one fault at a time to choose.


def local(scores: np.ndarray, place: np.ndarray, *, reach: float, gaussian: bool, fault: str = "") -> np.ndarray:
    apart = np.arange(scores.shape[-1]) - (np.round(place) if fault == "place rounded" else place)[..., None]
    inside = apart < reach if fault == "one side" else np.abs(apart) <= reach
    if fault == "edge left out":
        inside = np.abs(apart) < reach
    powers = np.exp(scores)
    if fault != "shares of all":
        powers = powers * inside
    total = powers.sum(axis=-1, keepdims=True)
    weights = powers / np.where(total > 0, total, 1) * inside
    sigma = reach if fault == "sigma is the reach" else reach / 2
    if gaussian and fault != "no Gaussian":
        weights = weights * np.exp(-(apart**2) / ((1 if fault == "two left out" else 2) * sigma**2))
    if fault == "scaled up again":
        weights = weights / np.maximum(weights.sum(axis=-1, keepdims=True), 1e-300)
    return weights


def local_m(scores: np.ndarray, place: np.ndarray, *, reach: float, fault: str = "") -> np.ndarray:
    return local(scores, place, reach=reach, gaussian=fault == "Gaussian", fault=fault)


def local_p(scores: np.ndarray, place: np.ndarray, *, reach: float, fault: str = "") -> np.ndarray:
    return local(scores, place, reach=reach, gaussian=True, fault=fault)


def local_attend(
    query: np.ndarray, keys: np.ndarray, values: np.ndarray, place: np.ndarray, *, reach: float, fault: str = ""
) -> np.ndarray:
    scores = query @ keys.swapaxes(-1, -2)
    if fault == "scaled":
        scores = scores / math.sqrt(query.shape[-1])
    if fault == "keys read out" and keys.shape == values.shape:
        values = keys
    if fault == "end counted twice":  # what a fetch beyond the end does if it is only clipped
        place = np.clip(place, 0, keys.shape[-2] - 1)
    if fault == "first of the batch":
        values = np.broadcast_to(values[(0,) * (values.ndim - 2)], values.shape)
    return local_p(scores, place, reach=reach, fault=fault) @ values


def predicted_place(
    query: np.ndarray,
    W_p: np.ndarray,
    v_p: np.ndarray,
    *,
    length: int,
    fault: str = "",
) -> np.ndarray:
    inside = query @ (W_p if fault == "transposed" and len(W_p) == len(W_p.T) else W_p.T)
    scores = (inside if fault == "no tanh" else np.tanh(inside)) @ v_p
    shares = 1 / (1 + np.exp(-scores))
    return (length - 1 if fault == "last place" else length) * (scores if fault == "no sigmoid" else shares)


WINDOW = ("place rounded", "one side", "edge left out", "shares of all", "scaled up again")
FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "local_m": (local_m, ("place rounded", "one side", "edge left out", "shares of all", "Gaussian")),
    "local_p": (local_p, (*WINDOW, "sigma is the reach", "no Gaussian", "two left out")),
    "local_attend": (local_attend, (*WINDOW, "scaled", "keys read out", "end counted twice", "first of the batch")),
    "predicted_place": (predicted_place, ("transposed", "no tanh", "last place", "no sigmoid")),
}
