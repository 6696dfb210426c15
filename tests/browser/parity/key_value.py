"""The soft dictionary."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault, agree

from attnbook.core.key_value import look_up

CASES = 520


def look_up_cases() -> list[dict[str, Any]]:
    """Random keys and values, of widths that differ, with a query that is a key and with repeated keys among them."""
    rng = np.random.default_rng(5)
    found = []
    for n in range(CASES):
        width, count = 1 + n % 4, 1 + n % 9
        keys = rng.uniform(0, 24, (count, width))
        if n % 7 == 0:
            keys[:] = keys[:1]
        found.append(
            {
                "query": keys[-1].copy() if n % 5 == 0 else rng.uniform(0, 24, width),
                "keys": keys,
                "values": rng.uniform(0, 24, (count, 1 + n % 3)),
                "sharpness": float([0.7, 1e-6, 1e6, 0.05, 10.0][n % 5 if n % 3 else 0]),
            }
        )
    return found


def compare(case: dict[str, Any], answer: dict[str, Any]) -> None:
    output, weights = look_up(case["query"][None], case["keys"], case["values"], sharpness=case["sharpness"])
    agree(weights[0], answer["weights"])
    agree(output[0], answer["output"])


CHECKS = {
    "look_up": Check(
        ("math/lookup",),
        "({ query, keys, values, sharpness }) => exports.lookUp(query, keys, values, sharpness)",
        look_up_cases,
        compare,
    )
}

FAULTS = {
    "sharpness is a temperature": Fault("look_up", "math/lookup", "score * sharpness", "score / sharpness"),
    "the keys are read out": Fault("look_up", "math/lookup", "), values);", "), keys);"),
    "the distance is squared": Fault("look_up", "math/lookup", "score * sharpness", "-score * score * sharpness"),
    "far keys are read": Fault("look_up", "math/lookup", "score * sharpness", "-score * sharpness"),
}
