"""Checks of heads that keep less, and faults they must notice: see machinery.py."""

import math

import numpy as np
import scipy.special
from tests.core.efficient import read
from tests.core.machinery import Function, close, inner, quietly

# Batch, queries, keys, heads, groups, width of a head, width of a value.
GROUPS = [((), 3, 4, 4, 2, 2, 3), ((2,), 2, 5, 6, 3, 1, 2), ((), 2, 3, 3, 1, 2, 2), ((2, 3), 1, 2, 2, 2, 3, 1)]


def check_grouped(function: Function) -> None:
    rng = np.random.default_rng(83)
    for batch, m, n, heads, groups, d, w in GROUPS:
        sizes = ((m, heads * d), (n, groups * d), (n, groups * w))
        q, k, v = (rng.normal(size=(*batch, *size)) for size in sizes)
        mask = rng.random((*batch, m, n)) < 0.7
        mask[..., 0] = True
        for allowed in (None, mask, mask[(0,) * len(batch)]):
            output, weights = quietly(function, q, k, v, heads=heads, groups=groups, mask=allowed)
            assert output.shape == (*batch, m, heads * w)
            assert weights.shape == (*batch, heads, m, n)
            for *b, i in np.ndindex(*batch, m):
                at = tuple(b)
                row = np.ones(n) if allowed is None else np.broadcast_to(allowed, (*batch, m, n))[(*at, i)]
                seen = [int(j) for j in np.flatnonzero(row)]
                for h in range(heads):
                    g = h // (heads // groups)
                    own = q[at][i][h * d : (h + 1) * d]
                    shared = k[at][:, g * d : (g + 1) * d]
                    scores = np.full(n, -np.inf)
                    scores[seen] = [inner(own, shared[j]) / math.sqrt(d) for j in seen]
                    close(weights[at][h][i], scipy.special.softmax(scores), what="weights of a head")
                    told = read(own, shared, v[at][:, g * w : (g + 1) * w], seen)
                    close(output[at][i][h * w : (h + 1) * w], told, what="a head reads its group")


def check_latent(function: Function) -> None:
    rng = np.random.default_rng(84)
    for batch, m, n, heads, _, d, w in GROUPS:
        r = 5
        q, cache = rng.normal(size=(*batch, m, heads * d)), rng.normal(size=(*batch, n, r))
        up_keys, up_values = rng.normal(size=(r, heads * d)), rng.normal(size=(r, heads * w))
        mask = rng.random((*batch, m, n)) < 0.7
        mask[..., 0] = True
        for allowed in (None, mask):
            output, weights = quietly(function, q, cache, up_keys, up_values, heads=heads, mask=allowed)
            assert output.shape == (*batch, m, heads * w)
            for *b, i in np.ndindex(*batch, m):
                at = tuple(b)
                row = np.ones(n) if allowed is None else allowed[(*at, i)]
                seen = [int(j) for j in np.flatnonzero(row)]
                k = np.array([[inner(c, column) for column in up_keys.T] for c in cache[at]])  # all keys are made
                v = np.array([[inner(c, column) for column in up_values.T] for c in cache[at]])
                for h in range(heads):
                    own, told = slice(h * d, (h + 1) * d), slice(h * w, (h + 1) * w)
                    close(output[at][i][told], read(q[at][i][own], k[:, own], v[:, told], seen))
                    scores = np.full(n, -np.inf)
                    scores[seen] = [inner(q[at][i][own], k[j][own]) / math.sqrt(d) for j in seen]
                    close(weights[at][h][i], scipy.special.softmax(scores), what="weights of a head")


# Right in plain NumPy, with one fault at a time to choose.


def grouped(
    query: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    *,
    heads: int,
    groups: int,
    mask: np.ndarray | None = None,
    fault: str = "",
) -> tuple[np.ndarray, np.ndarray]:
    def split(x: np.ndarray, parts: int) -> np.ndarray:
        return np.moveaxis(x.reshape(*x.shape[:-1], parts, -1), -2, -3)

    q, k, v = split(query, heads), split(keys, groups), split(values, groups)
    order = np.arange(heads) % groups if fault == "groups in turn" else np.arange(heads) // (heads // groups)
    order = np.zeros(heads, dtype=int) if fault == "one group for all" else order
    k, v = k[..., order, :, :], v[..., order, :, :]
    width = keys.shape[-1] if fault == "scaled by the width of all groups" else q.shape[-1]
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(width)
    if mask is not None and fault != "mask ignored":
        scores = np.where(mask if mask.ndim < 3 else mask[..., None, :, :], scores, -np.inf)
    weights = scipy.special.softmax(scores, axis=-1)
    return np.moveaxis(weights @ v, -3, -2).reshape(*query.shape[:-1], -1), weights


def latent(
    query: np.ndarray,
    cache: np.ndarray,
    up_keys: np.ndarray,
    up_values: np.ndarray,
    *,
    heads: int,
    mask: np.ndarray | None = None,
    fault: str = "",
) -> tuple[np.ndarray, np.ndarray]:
    keys, values = cache @ up_keys, cache @ up_values
    if fault == "scaled by the width of the cache":
        keys = keys * math.sqrt(query.shape[-1] / heads / cache.shape[-1])
    if fault == "keys for values":
        up_values = up_keys[:, : up_values.shape[-1]]
        values = np.resize(cache @ up_keys, values.shape)
    mask = None if fault == "mask ignored" else mask
    return grouped(query, keys, values, heads=heads, groups=heads, mask=mask)


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "grouped": (grouped, ("groups in turn", "one group for all", "scaled by the width of all groups", "mask ignored")),
    "latent": (latent, ("scaled by the width of the cache", "keys for values", "mask ignored")),
}  # fmt: skip
