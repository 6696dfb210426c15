"""Time and memory of attention for less beside PyTorch's own on the same inputs: python benchmarks/attention.py."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from array_api_compat import array_namespace

from attnbook.core import attend, scaled_dot
from attnbook.core.efficient import blockwise, windowed

TOKENS = (1_024, 2_048, 4_096, 8_192)
WIDTH = 64
RUNS = 3


def direct(query: Any, keys: Any, values: Any) -> Any:
    return attend(scaled_dot(query, keys), values)[0]


def pieces(query: Any, keys: Any, values: Any, size: int = 256) -> Any:
    """Cut only the queries, and give each piece its whole rows of scores."""
    xp = array_namespace(query)
    return xp.concat([direct(query[at : at + size], keys, values) for at in range(0, len(query), size)])


def fused(query: Any, keys: Any, values: Any) -> Any:
    return torch.nn.functional.scaled_dot_product_attention(*(x[None, None] for x in (query, keys, values)))


RULES: dict[str, Callable[..., Any]] = {
    "direct": direct,
    "pieces of 256": pieces,
    "blocks of 64": lambda *x: blockwise(*x, block=64),
    "blocks of 256": blockwise,
    "window of 256, 4 sinks": lambda *x: windowed(*x, width=252, sinks=4),
}


def seconds(rule: Callable[..., Any], inputs: Any) -> float:
    """Processor time, the best of some."""

    def once() -> float:
        start = time.process_time()
        rule(*inputs)
        return time.process_time() - start

    return min(once() for _ in range(RUNS))


def peak(rule: Callable[..., Any], inputs: Any) -> int:
    """The most bytes that arrays took while the rule ran, as NumPy reports them."""
    tracemalloc.start()
    rule(*inputs)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def compare() -> None:
    """Print a table: how often PyTorch's time, and how many MB, each way takes."""
    torch.set_num_threads(1)
    print("Attention, one head of width 64, one core: times of PyTorch's own, and peak in MB")
    print(f"  {'tokens':<24}" + "".join(f"{n:>16,}" for n in TOKENS), flush=True)
    inputs = {n: np.random.default_rng(n).normal(size=(3, n, WIDTH)).astype("float32") for n in TOKENS}
    theirs = {n: seconds(fused, torch.from_numpy(x)) for n, x in inputs.items()}
    for name, rule in RULES.items():
        cells = [
            f"× {seconds(rule, torch.from_numpy(x)) / theirs[n]:.1f}, {peak(rule, x) / 1e6:.0f}"
            for n, x in inputs.items()
        ]
        print(f"  {name:<24}" + "".join(f"{cell:>16}" for cell in cells), flush=True)


if __name__ == "__main__":
    compare()
