"""Checks of the ways to learn through a choice, and faults that they must notice: see machinery.py."""

import math

import numpy as np
import scipy.special
import torch
from tests.core.alignment import softmax
from tests.core.machinery import Function, close, quietly


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
    "gumbel": (gumbel, ("infinite", "exponential", "binary", "sign")),
    "gumbel_softmax": (gumbel_softmax, ("noise not divided", "scores not divided", "noise subtracted", "noise alone",
        "temperature dropped")),
    "straight_through": (straight_through, ("soft forwards", "no gradient", "hard gradient too", "half of it")),
    "reinforce": (reinforce, ("baseline ignored", "baseline added", "baseline outside", "uphill",
        "weights not subtracted", "by weight")),
}  # fmt: skip
