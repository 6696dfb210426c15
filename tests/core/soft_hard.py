"""Checks of the ways to choose one key, and faults that they must notice: see machinery.py."""

import itertools
import math

import numpy as np
import scipy.special
import torch
from tests.core.alignment import softmax
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


def check_gumbel(function: Function) -> None:
    uniform = np.random.default_rng(43).random((3, 4))
    close(quietly(function, uniform), [[-math.log(math.log(1 / u)) for u in row] for row in uniform.tolist()])
    assert np.isfinite(quietly(function, np.array([0.0, np.nextafter(1, 0)]))).all()


def check_gumbel_softmax(function: Function) -> None:
    rng = np.random.default_rng(44)
    for shape, rows in [((4,), (4,)), ((4,), (6, 4)), ((3, 4), (3, 4)), ((3, 4), (2, 3, 4)), ((4, 4), (4, 4))]:
        scores, noise = 2 * rng.normal(size=shape), rng.gumbel(size=rows)
        for temperature in (0.1, 1.0, 4.0):
            expected = scipy.special.softmax((scores + noise) / temperature, axis=-1)
            close(quietly(function, scores, noise, temperature=temperature), expected)


def check_straight_through(function: Function) -> None:
    rng = np.random.default_rng(45)
    for shape in [(4,), (3, 5)]:
        soft = scipy.special.softmax(rng.normal(size=shape), axis=-1)
        hard = (soft == soft.max(axis=-1, keepdims=True)).astype(float)
        assert (quietly(function, hard, soft) == hard).all(), "forwards the weights are hard, exactly"
        h, s = (torch.tensor(weights, requires_grad=True) for weights in (hard, soft))
        slope = torch.from_numpy(rng.normal(size=shape))
        result = function(h, s)
        assert (result.detach().numpy() == hard).all(), "forwards the weights are hard, exactly"
        assert result.requires_grad, "no gradient passes"
        got = torch.autograd.grad((slope * result).sum(), [s, h], allow_unused=True)
        assert got[1] is None or not got[1].any(), "the hard weights have no gradient"
        assert got[0] is not None, "no gradient passes"
        close(got[0], slope, what="the gradient of the soft weights")


def check_reinforce(function: Function) -> None:
    rng = np.random.default_rng(46)
    for count, draws in [(4, ()), (4, (5,)), (3, (3,)), (5, (2, 3))]:
        weights = scipy.special.softmax(rng.normal(size=count))
        z, losses = rng.integers(count, size=draws), rng.normal(size=draws)
        for baseline in (0.0, 2.5):
            got = quietly(function, weights, np.eye(count)[z], losses, baseline=baseline)
            assert got.shape == (*draws, count)
            for draw in np.ndindex(*draws):
                for i in range(count):
                    slope = (1.0 if i == z[draw] else 0.0) - weights[i]  # of ln α_z
                    close(got[(*draw, i)], (losses[draw] - baseline) * slope)


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


def gumbel(uniform: np.ndarray, *, fault: str = "") -> np.ndarray:
    uniform = uniform if fault == "infinite" else np.maximum(uniform, 1e-300)
    if fault == "exponential":
        return -np.log(uniform)
    if fault == "binary":
        return -np.log2(-np.log2(uniform))
    return np.log(-np.log(uniform)) if fault == "sign" else -np.log(-np.log(uniform))


def gumbel_softmax(scores: np.ndarray, noise: np.ndarray, *, temperature: float, fault: str = "") -> np.ndarray:
    if fault == "noise not divided":
        return softmax(scores / temperature + noise)
    if fault == "scores not divided":
        return softmax(scores + noise / temperature)
    if fault == "noise subtracted":
        noise = -noise
    if fault == "noise alone":
        scores = np.zeros_like(scores)
    return softmax(scores + noise, temperature=1.0 if fault == "temperature dropped" else temperature)


def straight_through(hard, soft, *, fault=""):  # type: ignore[no-untyped-def]
    stop = (lambda a: a.detach()) if isinstance(hard, torch.Tensor) else (lambda a: a)
    if fault == "soft forwards":
        return soft + stop(hard) * 0
    if fault == "no gradient":
        return stop(hard)
    if fault == "hard gradient too":
        return hard + (soft - stop(soft))
    if fault == "half of it":
        return stop(hard) + (soft - stop(soft)) / 2
    return stop(hard) + (soft - stop(soft))


def reinforce(
    weights: np.ndarray, chosen: np.ndarray, losses: np.ndarray, *, baseline: float = 0.0, fault: str = ""
) -> np.ndarray:
    if fault == "baseline ignored":
        baseline = 0.0
    if fault == "baseline added":
        baseline = -baseline
    if fault == "baseline outside":
        return losses[..., None] * (chosen - weights) - baseline
    sign = -1 if fault == "uphill" else 1
    slope = chosen if fault == "weights not subtracted" else chosen / weights - 1 if fault == "by weight" else None
    return sign * (losses - baseline)[..., None] * (chosen - weights if slope is None else slope)


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "hardmax": (hardmax, ("all of the best", "last of the best", "by size", "axis")),
    "sample": (sample, ("the best", "backwards", "one number for all", "weights not summed", "a key without weight",
        "past the end")),
    "gumbel": (gumbel, ("infinite", "exponential", "binary", "sign")),
    "gumbel_softmax": (gumbel_softmax, ("noise not divided", "scores not divided", "noise subtracted", "noise alone",
        "temperature dropped")),
    "straight_through": (straight_through, ("soft forwards", "no gradient", "hard gradient too", "half of it")),
    "reinforce": (reinforce, ("baseline ignored", "baseline added", "baseline outside", "uphill",
        "weights not subtracted", "by weight")),
}  # fmt: skip
