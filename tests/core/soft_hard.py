"""Checks of the choices of one key, and faults that they must notice: see machinery.py."""

import itertools

import numpy as np
import scipy.special
from tests.core.machinery import Function, close, quietly


def check_hardmax(function: Function) -> None:
    rng = np.random.default_rng(41)
    for shape in [(5,), (3, 4), (4, 4), (2, 3, 5), (3, 1)]:
        scores = rng.integers(-3, 2, size=shape).astype(float)  # with ties, and negative ones
        weights = quietly(function, scores)
        for row in np.ndindex(*shape[:-1]):
            best = next(i for i in range(shape[-1]) if scores[row][i] == max(scores[row]))
            close(weights[row], [float(i == best) for i in range(shape[-1])], what="the first of the best")


def check_sample(function: Function) -> None:
    rng = np.random.default_rng(42)
    for shape, draws in [
        ((4,), (3,)),
        ((4,), (2, 5)),
        ((3, 4), (3,)),
        ((3, 4), (6, 3)),
        ((1, 2), (3,)),
        ((3, 3), (3,)),
    ]:
        weights, uniform = scipy.special.softmax(2 * rng.normal(size=shape), axis=-1), rng.random(draws)
        chosen = quietly(function, weights, uniform)
        assert chosen.shape == (*draws, shape[-1])
        rows = np.broadcast_to(weights, chosen.shape)
        for draw in np.ndindex(*draws):
            running = itertools.accumulate(rows[draw].tolist())
            z = next(i for i, total in enumerate(running) if total > uniform[draw])
            close(chosen[draw], [float(i == z) for i in range(shape[-1])])
    edges = quietly(function, np.array([0.0, 0.5, 0.0, 0.5, 0.0]), np.array([0.0, 0.5, np.nextafter(1, 0)]))
    close(edges.argmax(-1), [1, 3, 3], what="a key without weight is never drawn")
    close(edges.sum(-1), [1, 1, 1], what="one key is drawn, always")
    long = quietly(function, np.array([0.32, 0.32, 0.32, 0.0]), np.array([np.nextafter(1, 0)]))
    close(long, [[0, 0, 1, 0]], what="rounded weights")


# Right in plain NumPy, with one fault at a time to choose.


def hardmax(scores: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "all of the best":
        return (scores == scores.max(axis=-1, keepdims=True)).astype(float)
    if fault == "last of the best":
        return hardmax(scores[..., ::-1])[..., ::-1]
    if fault == "by size":
        scores = np.abs(scores)
    axis = 0 if fault == "axis" else -1
    best = np.expand_dims(scores.argmax(axis=axis), axis)
    return (
        np.expand_dims(np.arange(scores.shape[axis]), tuple(range(1, scores.ndim)) if axis == 0 else ()) == best
    ) * 1.0


def sample(weights: np.ndarray, uniform: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "the best":
        return hardmax(np.broadcast_to(weights, (*uniform.shape, weights.shape[-1])))
    if fault == "backwards":
        return sample(weights[..., ::-1], uniform)[..., ::-1]
    if fault == "one number for all":
        uniform = np.full_like(uniform, uniform.flat[0])
    running, u = np.cumsum(weights, axis=-1), uniform[..., None]
    if fault == "weights not summed":
        running = weights
    below = running < u if fault == "a key without weight" else running <= u
    if fault != "past the end":
        below = below & (running < running[..., -1:])
    return (np.arange(weights.shape[-1]) == below.sum(axis=-1, keepdims=True)) * 1.0


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "hardmax": (hardmax, ("all of the best", "last of the best", "by size", "axis")),
    "sample": (sample, ("the best", "backwards", "one number for all", "weights not summed", "a key without weight",
        "past the end")),
}  # fmt: skip
