"""Checks of the scorers, and faults that they must notice: see machinery.py."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from tests.core.machinery import SHAPES, Function, close, inner, norm, quietly

from attnbook import core


class Sample(NamedTuple):
    """A scorer and what to call it with."""

    name: str
    function: Callable[..., Any]
    query: np.ndarray
    keys: np.ndarray
    parameters: dict[str, np.ndarray]

    def __str__(self) -> str:
        return self.name


LEARNED: dict[str, Callable[[int, int, int], dict[str, tuple[int, ...]]]] = {
    "additive": lambda dq, dk, k: {"W_q": (7, dq), "W_k": (7, dk), "w": (7,), "bias": (7,)},
    "bilinear": lambda dq, dk, k: {"W": (dq, dk)},
    "low_rank_bilinear": lambda dq, dk, k: {"W_q": (2, dq), "W_k": (2, dk)},
    "location": lambda dq, dk, k: {"W": (k + 1, dq)},
}
"""The shapes of what is learned, for a query width, a key width and a number of keys."""


NAMES = [*core.SCORERS, "low_rank_bilinear"]


def sample(
    name: str,
    *,
    queries: tuple[int, ...] = (3,),
    keys: tuple[int, ...] = (5,),
    widths: tuple[int, int] = (4, 4),
    dtype: str = "float64",
    seed: int = 0,
) -> Sample:
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(dtype)

    shapes = LEARNED[name](*widths, keys[-1]) if name in LEARNED else {}
    learned = {parameter: draw(*shape) for parameter, shape in shapes.items()}
    return Sample(name, getattr(core.scoring, name), draw(*queries, widths[0]), draw(*keys, widths[1]), learned)


def score_by_loops(one: Function, query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """`one(q, K, i)` scores key i of the rows K for the vector q; everything else is loops."""
    batch = query.shape[:-2]
    scores = np.empty((*batch, query.shape[-2], keys.shape[-2]))
    for b in np.ndindex(*batch):
        for m in range(query.shape[-2]):
            for i in range(keys.shape[-2]):
                scores[(*b, m, i)] = one(query[b][m], keys[b], i)
    return scores


def times(W: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.array([inner(row, x) for row in W])


def check_scorer(function: Function, one: Function, *, same_width: bool, parameters: Function | None = None) -> None:
    """Compare `function` with its formula on every shape; `parameters(rng, dq, dk, k)` draws what is learned."""
    rng = np.random.default_rng(20)
    for batch, m, n, query_width, key_width in SHAPES:
        key_width = query_width if same_width else key_width
        query, keys = rng.normal(size=(*batch, m, query_width)), rng.normal(size=(*batch, n, key_width))
        learned = parameters(rng, query_width, key_width, n) if parameters else {}
        scores = quietly(function, query, keys, **learned)
        assert scores.shape == (*batch, m, n), f"scores have shape {scores.shape}, expected {(*batch, m, n)}"
        close(scores, score_by_loops(lambda q, K, i: one(q, K, i, **learned), query, keys))  # noqa: B023


def check_dot(function: Function) -> None:
    check_scorer(function, lambda q, K, i: inner(q, K[i]), same_width=True)


def check_scaled_dot(function: Function) -> None:
    check_scorer(function, lambda q, K, i: inner(q, K[i]) / math.sqrt(len(q)), same_width=True)
    close(function(np.ones((1, 64)), np.ones((1, 64))), [[8.0]], what="64 ones: 64 / √64")


def check_cosine(function: Function) -> None:
    check_scorer(function, lambda q, K, i: inner(q, K[i]) / (norm(q) * norm(K[i])), same_width=True)
    some, none = np.array([[3.0, -4.0]]), np.zeros((1, 2))
    close(quietly(function, some, none), [[0.0]], what="a zero key")
    close(quietly(function, none, some), [[0.0]], what="a zero query")
    close(quietly(function, none, none), [[0.0]], what="both zero")
    for size in (1e-200, 1e200):
        close(quietly(function, size * some, some), [[1.0]], what=f"a query of length {5 * size}")
        close(quietly(function, some, -size * some), [[-1.0]], what=f"a key of length {5 * size}")


def check_negative_distance(function: Function) -> None:
    check_scorer(function, lambda q, K, i: -norm(q - K[i]), same_width=True)
    here = np.array([[0.3, -1.1, 7.0]])
    close(quietly(function, here, here), [[0.0]], what="no distance")
    near = here + np.array([[1e-9, 0.0, 0.0]])  # the expanded square loses this in rounding
    np.testing.assert_allclose(quietly(function, here, near), [[-1e-9]], rtol=1e-6)
    for size in (1e-200, 1e200):
        triangle = np.array([[3.0, 4.0]]) * size
        np.testing.assert_allclose(quietly(function, triangle, 0 * triangle), [[-5.0 * size]], rtol=1e-12)


def check_summed_distance(function: Function) -> None:
    check_scorer(function, lambda q, K, i: -math.fsum(norm(K[i] - other) for other in K), same_width=False)
    keys = np.array([[0.0], [1.0], [5.0]])
    close(quietly(function, np.ones((2, 4)), keys), [[-6.0, -5.0, -9.0]] * 2, what="three keys on a line")


def check_location(function: Function) -> None:
    def one(q: np.ndarray, K: np.ndarray, i: int, W: np.ndarray) -> float:
        return inner(W[i], q)

    for spare in (0, 3):
        check_scorer(
            function,
            one,
            same_width=False,
            parameters=lambda rng, dq, dk, n, spare=spare: {"W": rng.normal(size=(n + spare, dq))},
        )


def check_bilinear(function: Function) -> None:
    def one(q: np.ndarray, K: np.ndarray, i: int, W: np.ndarray) -> float:
        return inner(q, times(W, K[i]))

    for same_width in (True, False):  # with equal widths a transposed W fits, and must be noticed all the same
        check_scorer(
            function,
            one,
            same_width=same_width,
            parameters=lambda rng, dq, dk, n: {"W": rng.normal(size=(dq, dk))},
        )


def check_low_rank_bilinear(function: Function) -> None:
    def one(q: np.ndarray, K: np.ndarray, i: int, W_q: np.ndarray, W_k: np.ndarray) -> float:
        return inner(times(W_q, q), times(W_k, K[i]))

    def draw(rng: np.random.Generator, dq: int, dk: int, n: int) -> dict[str, np.ndarray]:
        return {"W_q": rng.normal(size=(dq, dq)), "W_k": rng.normal(size=(dq, dk))}

    for same_width in (True, False):
        check_scorer(function, one, same_width=same_width, parameters=draw)


def check_additive(function: Function) -> None:
    def one(
        q: np.ndarray,
        K: np.ndarray,
        i: int,
        W_q: np.ndarray,
        W_k: np.ndarray,
        w: np.ndarray,
        bias: np.ndarray | None = None,
    ) -> float:
        hidden = times(W_q, q) + times(W_k, K[i]) + (0 if bias is None else bias)
        return inner(w, np.array([math.tanh(unit) for unit in hidden]))

    def draw(rng: np.random.Generator, dq: int, dk: int, n: int) -> dict[str, np.ndarray]:
        return {"W_q": rng.normal(size=(dq, dq)), "W_k": rng.normal(size=(dq, dk)), "w": rng.normal(size=dq)}

    def draw_with_bias(rng: np.random.Generator, dq: int, dk: int, n: int) -> dict[str, np.ndarray]:
        return {**draw(rng, dq, dk, n), "bias": rng.normal(size=dq)}

    for same_width in (True, False):
        check_scorer(function, one, same_width=same_width, parameters=draw)
        check_scorer(function, one, same_width=same_width, parameters=draw_with_bias)


# Right in plain NumPy, with one fault at a time to choose.


def lengths(x: np.ndarray) -> np.ndarray:
    size = np.where((largest := np.abs(x).max(axis=-1, keepdims=True)) == 0, 1, largest)
    return size * np.sqrt(np.square(x / size).sum(axis=-1, keepdims=True))


def turned(x: np.ndarray) -> np.ndarray:
    return np.swapaxes(x, -1, -2)


def additive(
    query: np.ndarray,
    keys: np.ndarray,
    W_q: np.ndarray,
    W_k: np.ndarray,
    w: np.ndarray,
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
    return hidden.sum(axis=-1) if fault == "w dropped" else np.einsum("...h,h->...", hidden, w)


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
    return np.abs(scores) if fault == "absolute" else scores * {"times √d": math.sqrt(d), "over d": 1 / d}.get(fault, 1)


def scaled(query: np.ndarray, keys: np.ndarray, *, fault: str = "") -> np.ndarray:
    d = query.shape[-1]
    scales = {"√d missing": 1, "times √d": math.sqrt(d), "over d": 1 / d, "over √k": 1 / math.sqrt(keys.shape[-2])}
    return dot(query, keys) * scales.get(fault, 1 / math.sqrt(d))


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


def scaled_by_einsum(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    return np.einsum("...qd,...kd->...qk", query, keys) * query.shape[-1] ** -0.5


def scaled_in_two_halves(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    fourth_root = query.shape[-1] ** 0.25
    return (query / fourth_root) @ np.swapaxes(keys / fourth_root, -1, -2)


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "additive": (additive, ("bias lost", "bias outside", "tanh dropped", "sigmoid", "w dropped", "maps swapped")),
    "bilinear": (bilinear, ("W transposed", "W made symmetric")),
    "low_rank_bilinear": (low_rank, ("maps swapped", "maps transposed")),
    "dot": (dot, ("times √d", "over d", "absolute")),
    "scaled_dot": (scaled, ("√d missing", "times √d", "over d", "over √k")),
    "cosine": (cosine, ("no norm of the query", "no norm of the keys", "no norm", "squared norms", "0 / 0",
        "an epsilon in the norm", "naive norm")),
    "negative_distance": (distance, ("squared", "sign", "halved", "sum of sizes", "query ignored",
        "expanded square")),
    "summed_distance": (summed, ("sign", "mean")),
    "location": (location, ("keys read", "last rows")),
}  # fmt: skip

# Written in other ways, and right.
RIGHT: list[tuple[str, Function]] = [
    ("scaled_dot", scaled_by_einsum),
    ("scaled_dot", scaled_in_two_halves),
]
