"""Checks of heads, and faults they must notice: see machinery.py."""

import math

import numpy as np
import scipy.special
from tests.core.machinery import SHAPES, Function, close, inner, quietly

SIZES = [((), 3, 2, 5), ((2,), 4, 3, 4), ((2, 3), 1, 4, 2), ((), 2, 1, 3), ((), 4, 2, 2)]  # batch, rows, heads, width


def check_split_heads(function: Function) -> None:
    rng = np.random.default_rng(61)
    for batch, n, heads, width in SIZES:
        x = rng.normal(size=(*batch, n, heads * width))
        parts = quietly(function, x, heads)
        assert parts.shape == (*batch, heads, n, width)
        for b in np.ndindex(*batch):
            for h in range(heads):
                for i in range(n):
                    close(parts[b][h][i], x[b][i][h * width : (h + 1) * width], what="a head has its own columns")


def check_merge_heads(function: Function) -> None:
    rng = np.random.default_rng(62)
    for batch, n, heads, width in SIZES:
        x = rng.normal(size=(*batch, heads, n, width))
        merged = quietly(function, x)
        assert merged.shape == (*batch, n, heads * width)
        for b in np.ndindex(*batch):
            for i in range(n):
                close(merged[b][i], [number for h in range(heads) for number in x[b][h][i]])


def check_multi_head(function: Function) -> None:
    rng = np.random.default_rng(63)
    for batch, m, n, width, value_width in SHAPES:
        for heads in (1, 2, 3):
            q, k = rng.normal(size=(*batch, m, heads * width)), 2 * rng.normal(size=(*batch, n, heads * width))
            v = rng.normal(size=(*batch, n, heads * value_width))
            mask = rng.random((*batch, m, n)) < 0.7
            mask[..., 0] = True
            for allowed in (None, mask):
                output, weights = quietly(function, q, k, v, heads=heads, mask=allowed)
                assert weights.shape == (*batch, heads, m, n)
                assert output.shape == (*batch, m, heads * value_width)
                for b in np.ndindex(*batch):
                    for h in range(heads):
                        own, read = (slice(h * size, (h + 1) * size) for size in (width, value_width))
                        for i in range(m):
                            scores = np.array([inner(q[b][i][own], row[own]) / math.sqrt(width) for row in k[b]])
                            if allowed is not None:
                                scores[~allowed[b][i]] = -np.inf
                            row = scipy.special.softmax(scores)
                            close(weights[b][h][i], row, what="weights of a head")
                            close(output[b][i][read], sum(w * r[read] for w, r in zip(row, v[b], strict=True)))


# Right in plain NumPy, with one fault at a time to choose.


def split_heads(x: np.ndarray, heads: int, *, fault: str = "") -> np.ndarray:
    *batch, n, width = x.shape
    if fault == "view alone":
        return x.reshape(*batch, heads, n, width // heads)
    if fault == "every h-th number":
        return np.moveaxis(x.reshape(*batch, n, width // heads, heads), -1, -3)
    parts = x.reshape(*batch, n, heads, width // heads)
    return parts if fault == "no transpose" else parts.swapaxes(-2, -3)


def merge_heads(x: np.ndarray, *, fault: str = "") -> np.ndarray:
    *batch, heads, n, width = x.shape
    if fault == "view alone":
        return x.reshape(*batch, n, heads * width)
    if fault == "interleaved":
        return np.moveaxis(x, -3, -1).reshape(*batch, n, heads * width)
    if fault == "mean":
        return x.mean(axis=-3).repeat(heads, axis=-1)
    return x.swapaxes(-2, -3).reshape(*batch, n, heads * width)


def multi_head(
    query: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    *,
    heads: int,
    mask: np.ndarray | None = None,
    fault: str = "",
) -> tuple[np.ndarray, np.ndarray]:
    how = "view alone" if fault == "split by a view" else ""
    q, k, v = (split_heads(x, heads, fault=how) for x in (query, keys, values))
    wide = query.shape[-1] if fault == "scaled by the whole width" else q.shape[-1]
    scores = q @ k.swapaxes(-1, -2) / (1 if fault == "not scaled" else math.sqrt(wide))
    if mask is not None and fault != "mask ignored":
        scores = np.where(mask if mask.ndim < 3 else mask[..., None, :, :], scores, -np.inf)
    if fault == "one softmax for all heads":
        scores = np.broadcast_to(scores.mean(axis=-3, keepdims=True), scores.shape)
    axis = -3 if fault == "over the heads" else -1
    weights = scipy.special.softmax(scores, axis=axis)
    return merge_heads(weights @ v, fault="view alone" if fault == "merged by a view" else ""), weights


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "split_heads": (split_heads, ("view alone", "no transpose", "every h-th number")),
    "merge_heads": (merge_heads, ("view alone", "interleaved", "mean")),
    "multi_head": (multi_head, ("split by a view", "merged by a view", "scaled by the whole width", "not scaled",
        "mask ignored", "one softmax for all heads", "over the heads")),
}  # fmt: skip
