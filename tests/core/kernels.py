"""Checks of kernels, and faults they must notice: see machinery.py."""

import math

import numpy as np
from tests.core.machinery import Function, close, quietly

FORMULAS = {
    "gaussian": lambda u: math.exp(-u * u / 2) / math.sqrt(2 * math.pi),
    "boxcar": lambda u: 0.5 if abs(u) <= 1 else 0.0,
    "triangular": lambda u: max(0.0, 1 - abs(u)),
    "epanechnikov": lambda u: 0.75 * max(0.0, 1 - u * u),
}


def check_kernel(function: Function, name: str) -> None:
    u = np.array([-7.0, -1.5, -1.0, -0.75, -0.25, 0.0, 0.1, 0.5, 0.9, 1.0, 1.1, 3.0, 40.0])
    for shape in ((13,), (13, 1), (1, 13)):
        heights = quietly(function, u.reshape(shape))
        assert heights.shape == shape
        close(heights.ravel(), [FORMULAS[name](one) for one in u.tolist()], what=name)
    assert quietly(function, np.array(0.5)).shape == ()


def check_gaussian(function: Function) -> None:
    check_kernel(function, "gaussian")


def check_boxcar(function: Function) -> None:
    check_kernel(function, "boxcar")


def check_triangular(function: Function) -> None:
    check_kernel(function, "triangular")


def check_epanechnikov(function: Function) -> None:
    check_kernel(function, "epanechnikov")


# Right in plain NumPy, with one fault at a time to choose.


def gaussian(u: np.ndarray, *, fault: str = "") -> np.ndarray:
    area = {"area not one": 1.0, "sigma in the area": 2 * math.pi}.get(fault, math.sqrt(2 * math.pi))
    return np.exp(-(u**2) / (1 if fault == "half forgotten" else 2)) / area


def boxcar(u: np.ndarray, *, fault: str = "") -> np.ndarray:
    inside = {"edge left out": np.abs(u) < 1, "one side": u <= 1}.get(fault, np.abs(u) <= 1)
    return (1.0 if fault == "area two" else 0.5) * inside


def triangular(u: np.ndarray, *, fault: str = "") -> np.ndarray:
    below = 1 - (u if fault == "one side" else np.abs(u))
    return {"below zero": below, "parabola": np.maximum(0, 1 - u**2)}.get(fault, np.maximum(0, below))


def epanechnikov(u: np.ndarray, *, fault: str = "") -> np.ndarray:
    below = 0.75 * (1 - u**2)
    faulty = {"triangle": np.maximum(0, 1 - np.abs(u)), "below zero": below, "area not one": np.maximum(0, 1 - u**2)}
    return faulty.get(fault, np.maximum(0, below))


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "gaussian": (gaussian, ("area not one", "sigma in the area", "half forgotten")),
    "boxcar": (boxcar, ("edge left out", "one side", "area two")),
    "triangular": (triangular, ("one side", "below zero", "parabola")),
    "epanechnikov": (epanechnikov, ("triangle", "below zero", "area not one")),
}
