"""Checks of self-attention and masks, and faults they must notice: see machinery.py."""

import math

import numpy as np
import scipy.special
from tests.core.machinery import SHAPES, Function, close, inner, quietly

PLACES = [(3, 3), (2, 5), (5, 2), (1, 4), (4, 4)]  # queries, keys


def check_self_attention(function: Function) -> None:
    rng = np.random.default_rng(71)
    for batch, n, e, width, value_width in SHAPES:
        x = rng.normal(size=(*batch, n, e))
        maps = [2 * rng.normal(size=(e, width)), rng.normal(size=(e, width)), rng.normal(size=(e, value_width))]
        mask = rng.random((*batch, n, n)) < 0.6
        mask[..., 0] = True
        for allowed in (None, mask):
            output, weights = quietly(function, x, *maps, mask=allowed)
            for b in np.ndindex(*batch):
                q, k, v = ([[inner(row, column) for column in w.T] for row in x[b]] for w in maps)
                for i in range(n):
                    scores = np.array([inner(np.array(q[i]), np.array(key)) / math.sqrt(width) for key in k])
                    if allowed is not None:
                        scores[~allowed[b][i]] = -np.inf
                    row = scipy.special.softmax(scores)
                    close(weights[b][i], row, what="row i: what input i asks of all")
                    close(output[b][i], sum(w * np.array(value) for w, value in zip(row, v, strict=True)))


def check_causal_mask(function: Function) -> None:
    for queries, keys in PLACES:
        for start in (0, keys - queries, 2):
            mask = function(queries, keys, start=start)
            assert mask.dtype == bool
            assert mask.tolist() == [[i <= start + t for i in range(keys)] for t in range(queries)]


def check_window_mask(function: Function) -> None:
    for queries, keys in PLACES:
        for width in (1, 2, 3):
            for start in (0, keys - queries):
                mask = function(queries, keys, width=width, start=start)
                assert mask.dtype == bool
                assert mask.tolist() == [[abs(start + t - i) < width for i in range(keys)] for t in range(queries)]


def check_padding_mask(function: Function) -> None:
    for lengths in ([2, 4, 1], [[3, 0], [4, 4]], [1]):
        mask = quietly(function, np.array(lengths), 4)
        assert mask.dtype == bool
        assert mask.shape == (*np.shape(lengths), 1, 4)
        for b in np.ndindex(*np.shape(lengths)):
            assert mask[b][0].tolist() == [i < np.array(lengths)[b] for i in range(4)]


# Right in plain NumPy, with one fault at a time to choose.


def self_attention(
    inputs: np.ndarray, *maps: np.ndarray, mask: np.ndarray | None = None, fault: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    q, k, v = (inputs @ w for w in maps)
    if fault == "query and keys exchanged":
        q, k = k, q
    if fault == "values are the inputs":
        v = np.concatenate([inputs] * (1 + maps[2].shape[1]), axis=-1)[..., : maps[2].shape[1]]
    scores = q @ k.swapaxes(-1, -2)
    if fault != "not scaled":
        scores = scores / math.sqrt(inputs.shape[-1] if fault == "scaled by the inputs' width" else q.shape[-1])
    if mask is not None and fault != "mask ignored":
        scores = np.where(~mask if fault == "mask the other way round" else mask, scores, -np.inf)
    weights = scipy.special.softmax(scores, axis=-2 if fault == "over the queries" else -1)
    return weights @ v, weights


def causal_mask(queries: int, keys: int, *, start: int = 0, fault: str = "") -> np.ndarray:
    if fault == "always bottom-right":
        start = keys - queries
    if fault == "always top-left":
        start = 0
    mask = np.tril(np.ones((queries, keys), bool), k=start - (fault == "not itself"))
    return ~mask if fault == "True where forbidden" else mask


def window_mask(queries: int, keys: int, *, width: int, start: int = 0, fault: str = "") -> np.ndarray:
    apart = (start * (fault != "start ignored") + np.arange(queries))[:, None] - np.arange(keys)
    if fault == "the past only":
        return (apart >= 0) & (apart < width)
    return np.abs(apart) <= width if fault == "one more" else np.abs(apart) < width


def padding_mask(lengths: np.ndarray, keys: int, *, fault: str = "") -> np.ndarray:
    mask = np.arange(keys) < np.asarray(lengths)[..., None]
    if fault == "filled up in front":
        mask = mask[..., ::-1]
    return (
        mask if fault == "no axis for the queries" else (~mask if fault == "True where filled" else mask)[..., None, :]
    )


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "self_attention": (self_attention, ("query and keys exchanged", "values are the inputs", "not scaled",
        "scaled by the inputs' width", "mask ignored", "mask the other way round", "over the queries")),
    "causal_mask": (causal_mask, ("always bottom-right", "always top-left", "not itself", "True where forbidden")),
    "window_mask": (window_mask, ("one more", "the past only", "start ignored")),
    "padding_mask": (padding_mask, ("filled up in front", "no axis for the queries", "True where filled")),
}  # fmt: skip
