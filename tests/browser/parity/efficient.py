"""The triangle of scores: in each way what is computed, kept and left out, and how far the answer moves."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault, agree

from attnbook.core.efficient import blockwise
from attnbook.core.heads import split_heads
from attnbook.core.scoring import scaled_dot
from attnbook.widgets.efficient import HEADS, TOKENS, EfficientExplorer, sequence

WAYS = ("blocks", "window", "groups", "linear", "all")


def triangle_cases() -> list[dict[str, Any]]:
    """States at random, each way in turn; now and then at an end of what can be set."""
    rng = np.random.default_rng(1)
    found = []
    for n in range(150):
        ends = [0, TOKENS - 1] if n % 7 == 0 else rng.integers(0, TOKENS, 2).tolist()
        found.append(
            {
                **{"way": WAYS[n % len(WAYS)], "query": ends[n % 2], "width": int(rng.integers(1, 12))},
                **{"sinks": int(rng.integers(5)), "block": int(rng.integers(1, 9)), "steps": int(rng.integers(1, 6))},
                **{"share": ("2", "4", "1")[n % 3], "rest": float(rng.uniform(0, 4)), "seed": int(rng.integers(9999))},
            }
        )
    return found


def compare_triangle(case: dict[str, Any], answer: dict[str, Any]) -> None:
    explorer = EfficientExplorer(**case)
    assert answer["seen"] == explorer.seen.tolist()
    assert answer["kept"] == explorer.in_memory.tolist()
    assert answer["told"][:3] == explorer.told()[:3]
    agree(explorer.weights, answer["weights"])
    agree(explorer.direct[explorer.query], answer["direct"])
    agree([explorer.left_out, explorer.moved], [answer["left"], answer["moved"]])


def online_cases() -> list[dict[str, Any]]:
    """Scores of one head, some large, that are read up to a place, block by block; the sink comes last."""
    rng = np.random.default_rng(2)
    found = []
    for n in range(80):
        query, keys, values = (split_heads(each, HEADS)[n % HEADS][::-1].copy() for each in sequence(n, 2.0))
        query = query[:1] * (1 + 20 * (n % 5))
        found.append({"query": query, "keys": keys, "values": values, "scores": scaled_dot(query, keys)[0]})
        found[-1] |= {"block": 1 + n % 7, "end": int(rng.integers(8, TOKENS + 1))}
    return found


def compare_online(case: dict[str, Any], answer: dict[str, Any]) -> None:
    scores, end = case["scores"][: case["end"]], case["end"]
    agree([scores.max(), np.exp(scores - scores.max()).sum()], [answer["highest"], answer["total"]])
    output = blockwise(case["query"], case["keys"][:end], case["values"][:end], block=case["block"])
    agree(output[0], answer["output"])


CHECKS = {
    "triangle": Check(
        ("efficient",),
        "(s) => { const r = exports.compute(s); return { ...r, told: exports.told(s, r) }; }",
        triangle_cases,
        compare_triangle,
        few=40,
    ),
    "online": Check(
        ("math/saving",),
        "({ scores, values, block, end }) => exports.online(scores, values, block, end)",
        online_cases,
        compare_online,
    ),
}

FAULTS = {
    "the first value is not small": Fault("triangle", "math/saving", "quiet * value", "value"),
    "a sink at every token": Fault("triangle", "math/saving", "i === 0 ? 1 : 0", "1"),
    "a key is another head's": Fault("triangle", "math/saving", "* heads + head) * width", "* heads) * width"),
    "all heads are of the first group": Fault("triangle", "math/saving", "= m - (m % size)", "= 0"),
    "a feature of negative numbers is zero": Fault("triangle", "math/saving", ": Math.exp(value))", ": 0)"),
    "a linear query looks ahead": Fault("triangle", "math/saving", "i <= t ?", "i <= t + 1 ?"),
    "a window one token too wide": Fault("triangle", "efficient", "i > t - s.width", "i >= t - s.width"),
    "one sink too many": Fault("triangle", "efficient", "i < s.sinks", "i <= s.sinks"),
    "rows below are read already": Fault("triangle", "efficient", "late < 0 ||", "late !== 0 ||"),
    "a window's memory grows": Fault("triangle", "efficient", "Math.min(tokens, s.width + s.sinks)", "tokens"),
    "groups keep all heads": Fault("triangle", "efficient", '(way === "groups" ? s.share : 1)', "1"),
    "groups share keys only": Fault("triangle", "efficient", "shared(given.values, ", "((x) => x)(given.values, "),
    "the answer is compared with nothing": Fault("triangle", "efficient", "/ length(full)", ""),
    "what was summed is not rescaled": Fault("online", "math/saving", "total = shrink * total", "total = total"),
    "the output is not rescaled": Fault("online", "math/saving", "shrink * value + read[c]", "value + read[c]"),
    "the highest is the block's": Fault("online", "math/saving", "Math.max(before, ...here)", "Math.max(...here)"),
    "the block goes beyond the end": Fault("online", "math/saving", "Math.min(at + block, end)", "at + block"),
}
