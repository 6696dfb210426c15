"""Checks of the counts of bytes, and faults they must notice: see machinery.py."""

import math
from typing import Any

from tests.core.machinery import Function

MODEL = {"layers": 3, "heads": 4, "width": 5}


def check_cache_bytes(function: Function) -> None:
    # By hand: 3 layers; 4 keys and 4 values of 5 numbers each are 40 numbers, of 2 bytes each: 240 bytes a token.
    assert function(0, **MODEL) == 0
    assert function(7, **MODEL) == 1680
    assert function(7, **MODEL, number_bytes=4) == 3360
    assert function(1, **MODEL, number_bytes=0.5) == 60
    assert function(7, **MODEL, groups=2) == 840
    assert function(7, **MODEL, groups=1) == 420
    assert function(7, **MODEL, latent=9) == 378  # 9 numbers in each of 3 layers: 54 bytes a token
    assert function(7, **MODEL, window=5) == 1200
    assert function(4, **MODEL, window=5) == 960
    # The published shape: 512 and 64 numbers in place of keys and values are 4.5 times the width of a head, 128.
    assert function(1, layers=60, heads=128, width=128, latent=576, number_bytes=1) == 9 * 128 * 60 // 2


def check_longest_text(function: Function) -> None:
    assert function(2_000, parameters=100, **MODEL) == 7  # 1,800 bytes are left, 240 for each
    assert function(2_000, parameters=100, number_bytes=1, **MODEL) == 15
    assert function(2_000, parameters=100, groups=1, **MODEL) == 30
    assert function(2_000, parameters=100, window=7, **MODEL) == math.inf
    assert function(2_000, parameters=100, window=8, **MODEL) == 7
    assert function(200, parameters=100, **MODEL) == 0


# Right in plain Python, with one fault at a time to choose.


def cache_bytes(
    tokens: int,
    *,
    layers: int,
    heads: int,
    width: int,
    groups: int | None = None,
    latent: int | None = None,
    window: int | None = None,
    number_bytes: float = 2,
    fault: str = "",
) -> int:
    sides = 1 if fault == "keys without values" else 2
    each = sides * (heads if groups is None or fault == "no groups" else groups) * width
    if latent is not None:
        each = latent * (2 if fault == "latent twice" else 1)
    kept = tokens if window is None or fault == "no window" else min(tokens, window)
    return math.ceil(each * kept * layers * (2 if fault == "always two bytes" else number_bytes))


def longest_text(memory: float, *, parameters: float, number_bytes: float = 2, fault: str = "", **model: Any) -> float:
    weights = 0 if fault == "weights take nothing" else parameters * (1 if fault == "a byte each" else number_bytes)
    fit = (memory - weights) // cache_bytes(1, number_bytes=number_bytes, **model)
    if fault != "a window has an end" and model.get("window") is not None and fit >= model["window"]:
        return math.inf
    return fit


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "cache_bytes": (cache_bytes, ("keys without values", "no groups", "latent twice", "no window", "always two bytes")),
    "longest_text": (longest_text, ("weights take nothing", "a byte each", "a window has an end")),
}
