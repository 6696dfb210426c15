"""The entropy of weights, and the convex hull of the values; softmax and attend are those of the chapter before."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault, agree
from tests.browser.parity.scoring import CASES, softmax_cases

from attnbook import core
from attnbook.widgets.alignment import convex_hull


def entropy_cases() -> list[dict[str, Any]]:
    return [{"weights": core.softmax(case["scores"], **case["options"])} for case in softmax_cases()]


def compare_entropy(case: dict[str, Any], answer: float) -> None:
    agree(core.entropy(case["weights"]), answer)


def hull_cases() -> list[dict[str, Any]]:
    """Random points, with repeated ones and points in a row among them."""
    rng = np.random.default_rng(9)
    found = []
    for n in range(CASES):
        points = rng.standard_normal((n % 17, 2))
        if n % 3 == 0:
            points = points.round()
        if n % 5 == 0:
            points[:, 1] = 2 * points[:, 0]
        if n % 7 == 0:
            points[:] = points[:1]
        found.append({"points": points})
    return found


def compare_hull(case: dict[str, Any], answer: list[list[float]]) -> None:
    assert convex_hull(case["points"]).tolist() == answer


CHECKS = {
    "entropy": Check(("math/entropy",), "({ weights }) => exports.entropy(weights)", entropy_cases, compare_entropy),
    "hull": Check(("math/hull",), "({ points }) => exports.convexHull(points)", hull_cases, compare_hull),
}

FAULTS = {
    "the entropy is in nats": Fault("entropy", "math/entropy", "Math.log2", "Math.log"),
    "a weight of zero has an entropy": Fault("entropy", "math/entropy", "(weight > 0 ? sum", "(weight >= 0 ? sum"),
    "the hull turns right": Fault("hull", "math/hull", "(d - b) * (x - a) > 0", "(d - b) * (x - a) < 0"),
    "the hull keeps what lies on its edges": Fault("hull", "math/hull", "(x - a) > 0", "(x - a) >= 0"),
    "the hull keeps repeated points": Fault("hull", "math/hull", "x !== all[i - 1][0] || y", "true || y"),
}
