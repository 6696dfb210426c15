"""Checks of the energy, its minimum and the gate of SimAM, and faults that they must notice: see machinery.py."""

import math
from collections.abc import Callable

import numpy as np
from tests.core.machinery import Function, close, quietly

PENALTIES = (0.0, 1e-4, 0.3, 2)


def samples() -> list[np.ndarray]:
    """Maps of several shapes: noise, far from 0, with one neuron that stands out, of which two are alike, of two."""
    rng = np.random.default_rng(70)
    noise = rng.normal(size=(2, 3, 4, 5))
    noise[1] *= 40
    far, hot = 1e4 + rng.normal(size=(3, 3)), np.full((4, 3), 0.7)
    hot[1, 2] = 30.7
    return [noise, far, hot, np.array([[4.0, 1.0, 0.0, 1.0]]), np.array([[1.0], [-2.0]])]


def neurons(maps: np.ndarray) -> list[tuple[tuple[int, ...], float, list[float]]]:
    """Each neuron: where it is, its number, and those of all the others of its map."""
    found = []
    for place in np.ndindex(*maps.shape):
        one = maps[place[:-2]]
        others = [float(one[at]) for at in np.ndindex(*one.shape) if at != place[-2:]]
        found.append((place, float(maps[place]), others))
    return found


def mean_and_variance(numbers: list[float], over: int) -> tuple[float, float]:
    mean = math.fsum(numbers) / len(numbers)
    return mean, math.fsum((x - mean) ** 2 for x in numbers) / over


def energy_by_loop(t: float, others: list[float], w: float, b: float, penalty: float) -> float:
    return math.fsum((-1 - (w * x + b)) ** 2 for x in others) / len(others) + (1 - (w * t + b)) ** 2 + penalty * w**2


def close_to(actual: np.ndarray, expected: Callable[[float, list[float]], float], maps: np.ndarray, what: str) -> None:
    """Compare a number for each neuron with one that is made of it and all the others."""
    assert actual.shape == maps.shape
    for place, t, others in neurons(maps):
        np.testing.assert_allclose(actual[place], expected(t, others), rtol=1e-7, atol=1e-10, err_msg=what)


def check_energy(function: Function) -> None:
    rng = np.random.default_rng(71)
    for maps in samples():
        weight, bias = rng.normal(size=maps.shape), 3 * rng.normal(size=maps.shape)
        for penalty in PENALTIES:
            energies = quietly(function, maps, weight, bias, penalty=penalty)
            for place, t, others in neurons(maps):
                expected = energy_by_loop(t, others, weight[place], bias[place], penalty)
                close(energies[place], expected, what=f"penalty {penalty}")


def check_separating_line(function: Function) -> None:
    rng = np.random.default_rng(72)
    for maps in samples():
        for penalty in PENALTIES:
            weight, bias = quietly(function, maps, penalty=penalty)
            assert weight.shape == bias.shape == maps.shape
            for place, t, others in neurons(maps):
                w, b = float(weight[place]), float(bias[place])
                least = energy_by_loop(t, others, w, b, penalty)
                centre = math.fsum([t, *others]) / (len(others) + 1)
                for turn, lift in rng.normal(size=(6, 2)) * (abs(w) + 1e-3, 1.0) * 0.1:
                    other = energy_by_loop(t, others, w + turn, b + lift - turn * centre, penalty)
                    assert other > least - 1e-9, f"penalty {penalty}: another line has less energy"
    flat = quietly(function, np.full((2, 2), 0.5), penalty=0.0)
    close(np.stack(flat), np.zeros((2, 2, 2)), what="equal numbers, no penalty: no line is better than the flat one")


def check_minimal_energy(function: Function) -> None:
    for maps in samples():
        for penalty in PENALTIES:

            def expected(t: float, others: list[float], penalty: float = penalty) -> float:
                mean, variance = mean_and_variance(others, len(others))
                bottom = (t - mean) ** 2 + 2 * variance + 2 * penalty
                return 4 * (variance + penalty) / bottom

            close_to(quietly(function, maps, penalty=penalty), expected, maps, f"penalty {penalty}")
    close(quietly(function, np.full((2, 3), 0.5), penalty=0), np.full((2, 3), 2.0), what="equal numbers, no penalty")


def expected_shared(penalty: float) -> Callable[[float, list[float]], float]:
    def expected(t: float, others: list[float]) -> float:
        mean, variance = mean_and_variance([t, *others], len(others))
        return 4 * (variance + penalty) / ((t - mean) ** 2 + 2 * variance + 2 * penalty)

    return expected


def check_shared_energy(function: Function) -> None:
    for maps in samples():
        for penalty in PENALTIES:
            close_to(quietly(function, maps, penalty=penalty), expected_shared(penalty), maps, f"penalty {penalty}")
    for penalty in (0.0, 0.1):
        for alike in (np.full((2, 3), 0.1), np.array([[[5.0]], [[-3.0]]])):
            close(quietly(function, alike, penalty=penalty), np.full(alike.shape, 2.0), what="nothing differs")


def check_importance(function: Function) -> None:
    energies = np.array([[2.0, 1.9, 1e-8], [0.5, 1.0, 1e-3]])
    close(quietly(function, energies), [[0.5, 10 / 19, 1e8], [2.0, 1.0, 1000.0]])
    assert quietly(function, np.array([0.0])).tolist() == [math.inf]


def check_simam(function: Function) -> None:
    for maps in samples():
        for penalty in PENALTIES:
            output, gates = quietly(function, maps, penalty=penalty)
            energies = expected_shared(penalty)
            what = f"penalty {penalty}"
            close_to(gates, lambda t, others: 1 / (1 + math.exp(-1 / energies(t, others))), maps, what)  # noqa: B023
            close(output, gates * maps)
    for penalty in (0.0, 1e-4):
        for alike in (np.full((2, 3), 0.1), np.array([[[5.0]], [[-3.0]]])):
            gates = np.full(alike.shape, 1 / (1 + math.exp(-0.5)))
            close(np.stack(quietly(function, alike, penalty=penalty)), np.stack([gates * alike, gates]))
    wide = 6000 * np.random.default_rng(73).normal(size=(2, 40, 40))  # the sum of the squares is 10¹¹
    for dtype, tolerance in (("float32", 1e-5), ("float16", 1e-3)):
        gates = quietly(function, wide.astype(dtype))[1]
        assert gates.dtype == dtype
        np.testing.assert_allclose(gates.astype(float), quietly(function, wide)[1], rtol=tolerance, err_msg=dtype)


# Right in plain NumPy, with one fault at a time to choose.


def others(maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean and the variance of all the others, from a table of all pairs without its diagonal."""
    flat = maps.reshape(*maps.shape[:-2], 1, -1)
    flat = np.broadcast_to(flat, (*flat.shape[:-2], flat.shape[-1], flat.shape[-1]))
    keep = np.broadcast_to(~np.eye(flat.shape[-1], dtype=bool), flat.shape)
    return flat.mean(-1, where=keep).reshape(maps.shape), flat.var(-1, where=keep).reshape(maps.shape)


def energy(
    maps: np.ndarray, weight: np.ndarray, bias: np.ndarray, *, penalty: float = 1e-4, fault: str = ""
) -> np.ndarray:
    mean, variance = others(maps)
    if fault == "all for the others":
        mean, variance = (f(maps, axis=(-2, -1), keepdims=True) for f in (np.mean, np.var))
    low = 1 if fault == "y_0" else -1  # the listing's y₀ for yₒ, read as if both labels were one
    rest = (low - (weight * mean + bias)) ** 2 + weight**2 * variance
    if fault == "sum for mean":
        rest = rest * (maps.shape[-1] * maps.shape[-2] - 1)
    cost = bias**2 if fault == "penalty on the bias" else weight**2
    return rest + (1 - (weight * maps + bias)) ** 2 + penalty * cost


def separating_line(maps: np.ndarray, *, penalty: float = 1e-4, fault: str = "") -> tuple[np.ndarray, np.ndarray]:
    mean, variance = others(maps)
    bottom = (maps - mean) ** 2 + (1 if fault == "one variance" else 2) * variance + 2 * penalty
    weight = 2 * (maps - mean) / (bottom if fault == "0 / 0" else np.where(bottom > 0, bottom, 1))
    if fault == "minus":
        weight = -weight
    middle = maps - mean if fault == "t − μ" else maps + mean
    return weight, -middle * weight / 2


def minimal_energy(maps: np.ndarray, *, penalty: float = 1e-4, fault: str = "") -> np.ndarray:
    mean, variance = others(maps)
    if fault == "shared":
        mean, variance = maps.mean((-2, -1), keepdims=True), maps.var((-2, -1), ddof=1, keepdims=True)
    if fault == "one over n":
        mean = maps.mean((-2, -1), keepdims=True)
    noise = (mean**2 if fault == "μ² for σ²" else variance) + penalty
    bottom = (maps - mean) ** 2 + 2 * variance + 2 * penalty
    return np.where(bottom > 0, 4 * noise / bottom, np.nan if fault == "0 / 0" else 2.0)


def shared_energy(maps: np.ndarray, *, penalty: float = 1e-4, fault: str = "") -> np.ndarray:
    axes = None if fault == "all maps together" else (-3 % maps.ndim, -2, -1) if fault == "channels" else (-2, -1)
    shifted = maps - maps[..., :1, :1]  # equal numbers have a mean that is exactly theirs
    squared = (shifted - shifted.mean(axes, keepdims=True)) ** 2
    places = maps.shape[-1] * maps.shape[-2]
    over = places if fault == "over n" else max(places - 1, 1)
    noise = squared.sum(axes, keepdims=True) / over + (0 if fault == "no penalty" else penalty)
    bottom = squared + 2 * noise
    return np.where(bottom > 0, 4 * noise / np.where(bottom > 0, bottom, 1), 0.0 if fault == "0 if alike" else 2.0)


def importance(energies: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "the energy itself":
        return energies
    return 1 / (energies + 1e-6) if fault == "never infinite" else 1 / energies


def simam(maps: np.ndarray, *, penalty: float = 1e-4, fault: str = "") -> tuple[np.ndarray, np.ndarray]:
    wide = maps if fault == "overflow" else maps.astype(float)
    shifted = wide - wide[..., :1, :1]
    squared = (shifted - shifted.mean((-2, -1), keepdims=True)) ** 2
    places = maps.shape[-1] * maps.shape[-2]
    noise = squared.sum((-2, -1), keepdims=True) / max(places - 1, 1) + penalty
    ratio = squared / (noise if fault == "0 / 0" else np.where(noise > 0, noise, 1))
    half = 0.0 if fault == "no half" else 0.5
    gates = 1 / (1 + np.exp(-(ratio / (1 if fault == "no quarter" else 4) + half)))
    gates = gates.astype(maps.dtype)
    return (maps + gates * maps if fault == "added" else gates * maps), gates


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "energy": (energy, ("all for the others", "y_0", "sum for mean", "penalty on the bias")),
    "separating_line": (separating_line, ("one variance", "0 / 0", "minus", "t − μ")),
    "minimal_energy": (minimal_energy, ("shared", "one over n", "μ² for σ²", "0 / 0")),
    "shared_energy": (shared_energy, ("all maps together", "channels", "over n", "no penalty", "0 if alike")),
    "importance": (importance, ("the energy itself", "never infinite")),
    "simam": (simam, ("overflow", "0 / 0", "no half", "no quarter", "added")),
}
