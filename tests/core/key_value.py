"""Checks of the soft dictionary and of hops, and faults they must notice: see machinery.py."""

import numpy as np
import scipy.special
from tests.core.alignment import softmax
from tests.core.machinery import SHAPES, Function, close, inner, norm, quietly


def check_look_up(function: Function) -> None:
    rng = np.random.default_rng(51)
    for batch, m, n, width, _ in SHAPES:
        for value_width in (width, 1, n):  # (k, k) values: transposing them fits, and must be noticed all the same
            query, keys = rng.normal(size=(*batch, m, width)), rng.normal(size=(*batch, n, width))
            values = rng.normal(size=(*batch, n, value_width))
            for options in ({}, {"sharpness": 0.4}, {"sharpness": 7.0}):
                output, weights = quietly(function, query, keys, values, **options)
                assert output.shape == (*batch, m, value_width)
                assert weights.shape == (*batch, m, n)
                for at in np.ndindex(*batch, m):
                    b = at[:-1]
                    far = [norm(query[at] - key) for key in keys[b]]
                    expected = scipy.special.softmax([-options.get("sharpness", 1.0) * one for one in far])
                    close(weights[at], expected, what="weights")
                    for j in range(value_width):
                        close(output[at][j], inner(expected, values[(*b, slice(None), j)]), what="output")
    keys = np.array([[0.5, 0.2], [0.6, 2.0], [-0.8, -1.5]])  # the longest is not the nearest to the shortest
    output, _ = quietly(function, keys, keys, np.arange(6.0).reshape(3, 2), sharpness=1e4)
    close(output, [[0, 1], [2, 3], [4, 5]], what="a stored key, asked sharply, gives its value")


def check_hop(function: Function) -> None:
    rng = np.random.default_rng(52)
    for batch, m, n, width, _ in SHAPES:
        for size in {n, width}:
            query, keys, values = (rng.normal(size=(*batch, rows, size)) for rows in (m, n, n))
            mask = rng.random((*batch, m, n)) < 0.7
            mask[..., 0, :] = False
            for allowed in (None, mask):
                asked, weights = quietly(function, query, keys, values, mask=allowed)
                assert asked.shape == query.shape
                for at in np.ndindex(*batch, m):
                    b = at[:-1]
                    kept = np.ones(n, bool) if allowed is None else allowed[at]
                    expected = np.zeros(n)
                    if kept.any():
                        scores = np.array([inner(query[at], key) for key in keys[b]])
                        expected[kept] = scipy.special.softmax(scores[kept])
                    close(weights[at], expected, what="weights")
                    for j in range(size):
                        close(asked[at][j], query[at][j] + inner(expected, values[(*b, slice(None), j)]))


# Right in plain NumPy, with one fault at a time to choose.


def look_up(
    query: np.ndarray, keys: np.ndarray, values: np.ndarray, *, sharpness: float = 1.0, fault: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    apart = query[..., :, None, :] - keys[..., None, :, :]  # (q, k, d)
    scores = -np.sqrt((apart**2).sum(axis=-1))
    if fault == "dot product":
        scores = query @ keys.swapaxes(-1, -2)
    if fault == "squared":
        scores = -(scores**2)
    if fault == "far first":
        scores = -scores
    sharpness = {"temperature": 1 / sharpness, "sharpness dropped": 1.0}.get(fault, sharpness)
    weights = softmax(sharpness * scores)
    if fault == "weights sharpened":
        weights = softmax(scores) ** sharpness
    if fault == "nearest only":
        weights = (scores == scores.max(axis=-1, keepdims=True)).astype(float)
    read = {"keys read": keys, "values reversed": values[..., ::-1, :]}.get(fault, values)
    if fault == "values transposed" and values.shape[-1] == values.shape[-2]:
        read = values.swapaxes(-1, -2)
    return weights @ read, weights


def hop(
    query: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    *,
    mask: np.ndarray | None = None,
    fault: str = "",
) -> tuple[np.ndarray, np.ndarray]:
    scores = query @ keys.swapaxes(-1, -2)
    if fault == "scaled":
        scores = scores / np.sqrt(query.shape[-1])
    if fault == "keys and values swapped":
        scores, values = query @ values.swapaxes(-1, -2), keys
    weights = softmax(scores, mask=None if fault == "mask dropped" else mask)
    read = (scores if fault == "no softmax" else weights) @ values
    if fault == "query in place":
        query += read
        return query, weights
    return {"query forgotten": read, "subtracted": query - read}.get(fault, query + read), weights


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "look_up": (look_up, ("dot product", "squared", "far first", "temperature", "sharpness dropped",
        "weights sharpened", "nearest only", "keys read", "values reversed", "values transposed")),
    "hop": (hop, ("scaled", "keys and values swapped", "mask dropped", "no softmax", "query in place",
        "query forgotten", "subtracted")),
}  # fmt: skip
