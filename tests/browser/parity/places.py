"""Places as sines and cosines, and vectors that are turned by them."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault, agree

from attnbook.core.positions import rotate, sinusoidal


def position_cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    found = []
    for n in range(200):
        width = 2 * (1 + n % 8)
        found.append(
            {"vector": rng.normal(size=width), "place": int(rng.integers(-50, 500)), "base": [1e4, 100.0][n % 2]}
        )
    return found


def compare_positions(case: dict[str, Any], answer: dict[str, Any]) -> None:
    vector, place, base = case["vector"], np.array([case["place"]]), case["base"]
    agree(sinusoidal(place, len(vector), base=base)[0], answer["sinusoidal"])
    agree(rotate(vector[None], place, pairs="neighbours", base=base)[0], answer["rotated"])


CHECKS = {
    "positions": Check(
        ("math/places",),
        """({ vector, place, base }) => ({
          sinusoidal: exports.sinusoidal(place, vector.length, base), rotated: exports.rotate(vector, place, base),
        })""",
        position_cases,
        compare_positions,
    ),
}

FAULTS = {
    "all pairs have one speed": Fault("positions", "math/places", "(-2 * pair) / width", "0 * pair"),
    "sine and cosine are exchanged": Fault(
        "positions", "math/places", "[Math.sin(angle), Math.cos(angle)]", "[Math.cos(angle), Math.sin(angle)]"
    ),
    "it turns the other way": Fault("positions", "math/places", "* x - Math.sin", "* x + Math.sin"),
}
