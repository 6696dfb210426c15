"""Masks and the weights of both heads; what has become of weights since words were moved."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault, agree

from attnbook.widgets.handmade import HEADS, TABLE, embed
from attnbook.widgets.self_attention import MOST_WORDS, SelfAttentionExplorer

WORDS = list(TABLE)
MASKS, POSITIONS = ("none", "causal", "window", "padding"), ("none", "sinusoidal", "rotary")


def bench_cases() -> list[dict[str, Any]]:
    """Sentences of all lengths, under each mask with each kind of positions."""
    rng = np.random.default_rng(1)
    found = []
    for n, (mask, positions, head) in enumerate(list(itertools.product(MASKS, POSITIONS, HEADS)) * 20):
        words = rng.choice(WORDS, 1 + (7 * n) % MOST_WORDS)
        found.append(
            {
                "sentence": " ".join(words if n % 5 else rng.choice(words, len(words))),
                "row": int(rng.integers(MOST_WORDS)),
                "temperature": float([1.0, 0.1, 10.0, 1e-6, 1e6, 0.7][n % 6 if n > 40 else 0]),
                "window": int(rng.integers(1, 5)),
                "padding": int(rng.integers(0, 6 if n % 9 else MOST_WORDS + 1)),
                **{"mask": mask, "positions": positions, "head": head},
            }
        )
    return found


def compare_bench(case: dict[str, Any], answer: dict[str, Any]) -> None:
    explorer = SelfAttentionExplorer(**case)
    assert answer["words"] == explorer.words
    assert answer["mask"] == explorer.allowed.tolist()
    assert answer["chosen"] == explorer.chosen
    agree(embed(explorer.words, positions=case["positions"]), answer["inputs"])
    agree(explorer.matrix, answer["matrix"])


def moved_cases() -> list[dict[str, Any]]:
    """Tables of weights between words, some of them twice, and the same words in another order."""
    rng = np.random.default_rng(2)
    found = []
    for n in range(120):
        words, order = rng.choice(WORDS[: 2 + n % 30], 2 + n % 9), rng.permutation(2 + n % 9)
        found.append({"words": words, "matrix": rng.random((len(words),) * 2), "order": order})
    return found


def compare_moved(case: dict[str, Any], answer: dict[str, Any]) -> None:
    """With no word twice, moving alone changes nothing; a weight that is raised is the change; other words are seen."""
    words, matrix = case["words"].tolist(), case["matrix"]
    if len(set(words)) == len(words):
        agree(0, answer["still"])
        agree(0.25, answer["raised"])
    assert answer["others"] is None
    pairs = [(i, j) for i, j in itertools.combinations(range(len(words)), 2) if words[i] == words[j]]
    first = [np.abs(matrix[i] - matrix[j]).max() for i, j in pairs if words.index(words[i]) == i]
    agree(max(first, default=-1), answer["twins"])


CHECKS = {
    "bench": Check(
        ("self_attention",),
        """(s) => {
          const r = exports.compute(s);
          return { ...r, inputs: exports.embed(r.words, s.positions) };
        }""",
        bench_cases,
        compare_bench,
    ),
    "moved": Check(
        ("self_attention",),
        """({ words, matrix, order }) => {
          const was = { words, matrix };
          const now = { words: order.map((i) => words[i]), matrix: order.map((i) => order.map((j) => matrix[i][j])) };
          const raised = structuredClone(now);
          raised.matrix[1][0] += 0.25;
          return {
            still: exports.sinceMoved(was, now), raised: exports.sinceMoved(was, raised),
            others: exports.sinceMoved(was, { ...now, words: [...now.words.slice(1), "nobody"] }),
            twins: exports.unlikeTwins(was)?.by ?? -1,
          };
        }""",
        moved_cases,
        compare_moved,
    ),
}

FAULTS = {
    "a word may not read itself": Fault("bench", "math/places", "j <= i", "j < i"),
    "a causal mask the wrong way round": Fault("bench", "math/places", "j <= i", "j >= i"),
    "a window one word too wide": Fault("bench", "math/places", "Math.abs(i - j) <", "Math.abs(i - j) <="),
    "a window looks back only": Fault("bench", "math/places", "Math.abs(i - j)", "i - j"),
    "the filling is in front": Fault("bench", "math/places", "j < length", "j >= length"),
    "each head reads the whole": Fault("bench", "math/places", "slice(head * d, (head + 1) * d)", "slice(0)"),
    "only queries are turned": Fault(
        "bench",
        "math/places",
        "[query, keys].map((rows) =>",
        "[query, keys].map((rows, n) => n ? rows.map((row) => row.slice(head * d, (head + 1) * d)) :",
    ),
    "the mask is forgotten": Fault("bench", "math/places", "mask: mask[i]", "mask: null"),
    "the temperature is forgotten": Fault("bench", "math/places", "{ temperature, mask:", "{ mask:"),
    "sinusoidal places are not told": Fault("bench", "self_attention", '"sinusoidal" ? i : 0', '"sinusoidal" ? 0 : 0'),
    "the first head is always shown": Fault("bench", "self_attention", "all[HEADS.indexOf(s.head)]", "all[0]"),
    "rows alone are put in order": Fault(
        "moved", "self_attention", "to.map((j) => now.matrix", "from.map((j) => now.matrix"
    ),
    "the least change counts": Fault("moved", "self_attention", "return Math.max(...from", "return Math.min(...from"),
    "a word is its own twin": Fault("moved", "self_attention", "words.indexOf(word) < i", "words.indexOf(word) <= i"),
}
