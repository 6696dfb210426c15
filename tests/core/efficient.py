"""Checks of attention for less, and faults they must notice: see machinery.py."""

import math

import numpy as np
import scipy.special
from tests.core.machinery import SHAPES, Function, close, inner, quietly


def read(query: np.ndarray, keys: np.ndarray, values: np.ndarray, seen: list[int]) -> np.ndarray:
    """What one query reads of the keys that it may see: zeros if there are none."""
    if not seen:
        return np.zeros(values.shape[-1])
    scores = np.array([inner(query, keys[i]) for i in seen]) / math.sqrt(len(query))
    return np.sum([w * values[i] for w, i in zip(scipy.special.softmax(scores), seen, strict=True)], axis=0)


def check_blockwise(function: Function) -> None:
    rng = np.random.default_rng(81)
    for batch, m, n, width, value_width in SHAPES:
        q, k = rng.normal(size=(*batch, m, width)), 3 * rng.normal(size=(*batch, n, width))
        q = 300 * q  # scores of thousands: powers overflow without the highest score
        v = rng.normal(size=(*batch, n, value_width))
        mask = rng.random((*batch, m, n)) < 0.6
        mask[..., 0, :] = False
        for block in (1, 2, 3, 64):
            for allowed in (None, mask, mask[..., -1:, :]):
                output = quietly(function, q, k, v, block=block, mask=allowed)
                assert output.shape == (*batch, m, value_width)
                for place in np.ndindex(*batch, m):
                    b = place[:-1]
                    row = np.ones(n) if allowed is None else np.broadcast_to(allowed, (*batch, m, n))[place]
                    seen = [int(j) for j in np.flatnonzero(row)]
                    close(output[place], read(q[place], k[b], v[b], seen), what=f"blocks of {block}")


def check_windowed(function: Function) -> None:
    rng = np.random.default_rng(82)
    for batch, n, width, value_width in [((), 7, 2, 3), ((2,), 5, 3, 4), ((2, 3), 1, 4, 2), ((), 12, 1, 1)]:
        q, k, v = (rng.normal(size=(*batch, n, size)) for size in (width, width, value_width))
        for window in (1, 2, 3, 5, 20):
            for sinks in (0, 1, 2, 4, 20):
                output = quietly(function, q, k, v, width=window, sinks=sinks)
                assert output.shape == (*batch, n, value_width)
                for place in np.ndindex(*batch, n):
                    *b, t = place
                    seen = [i for i in range(t + 1) if i > t - window or i < sinks]
                    close(output[place], read(q[place], k[tuple(b)], v[tuple(b)], seen), what=f"{window} and {sinks}")


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


def blockwise(
    query: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    *,
    block: int = 256,
    mask: np.ndarray | None = None,
    fault: str = "",
) -> np.ndarray:
    scores = query @ keys.swapaxes(-1, -2) / math.sqrt(query.shape[-1])
    scores = scores if mask is None else np.where(mask, scores, -np.inf)
    highest, total = np.full((*scores.shape[:-1], 1), -np.inf), np.zeros((*scores.shape[:-1], 1))
    output = np.zeros((*scores.shape[:-1], values.shape[-1]))
    for at in range(0, scores.shape[-1], block):
        some = scores[..., at : at + block]
        if fault == "last block left out" and at + block >= scores.shape[-1]:
            break
        new = np.maximum(highest, some.max(axis=-1, keepdims=True))
        new = np.zeros_like(new) if fault == "no highest score" else new
        known = np.where(np.isfinite(new), new, 0)
        powers, shrink = np.exp(some - known), np.exp(highest - known) if at else 0.0
        if fault == "output not rescaled":
            total, output = shrink * total, output
        elif fault == "nothing rescaled":
            pass
        else:
            total, output = shrink * total, shrink * output
        total, output = total + powers.sum(axis=-1, keepdims=True), output + powers @ values[..., at : at + block, :]
        if fault == "each block by itself":
            total = powers.sum(axis=-1, keepdims=True)
        highest = new
    return output / (total if fault == "zero by zero" else np.where(total > 0, total, 1))


def windowed(
    query: np.ndarray, keys: np.ndarray, values: np.ndarray, *, width: int, sinks: int = 0, fault: str = ""
) -> np.ndarray:
    n = keys.shape[-2]
    t, i = np.arange(n)[:, None], np.arange(n)[None, :]
    reach = width + (fault == "one wider") - (fault == "one narrower" and width > 1)
    mask = (i > t - reach) & (i <= t)
    if fault == "to both sides":
        mask = abs(t - i) < width
    if fault != "sinks forgotten":
        mask = mask | ((i < sinks) if fault == "sinks of the future" else (i < sinks) & (i <= t))
    return blockwise(query, keys, values, mask=np.broadcast_to(mask, (*query.shape[:-2], n, n)))


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
    "blockwise": (blockwise, ("last block left out", "no highest score", "output not rescaled", "nothing rescaled",
        "each block by itself", "zero by zero")),
    "windowed": (windowed, ("one wider", "one narrower", "to both sides", "sinks forgotten", "sinks of the future")),
    "grouped": (grouped, ("groups in turn", "one group for all", "scaled by the width of all groups", "mask ignored")),
    "latent": (latent, ("scaled by the width of the cache", "keys for values", "mask ignored")),
}  # fmt: skip
