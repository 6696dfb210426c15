"""Hard, drawn and local weights; and the whole bench, from its state to its four answers."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault, agree

from attnbook import core
from attnbook.core.local import local_p
from attnbook.core.soft_hard import hardmax, sample
from attnbook.data.draws import uniform
from attnbook.widgets.soft_hard import MOST_DRAWS, MOST_WORDS, SelectionExplorer

CASES = 300


def score_cases() -> list[dict[str, Any]]:
    """Random scores, with equal ones among them."""
    rng = np.random.default_rng(11)
    scores = [3 * rng.standard_normal(1 + n % MOST_WORDS) for n in range(CASES)]
    return [{"scores": each.round(n % 2)} for n, each in enumerate(scores)]


def compare_hardmax(case: dict[str, Any], answer: list[float]) -> None:
    assert hardmax(case["scores"]).tolist() == answer


def draw_cases() -> list[dict[str, Any]]:
    """Weights, zeros among them, and numbers to draw with: seeded ones, and those on the very border of a key."""
    found = []
    for n, case in enumerate(score_cases()):
        weights = core.softmax(case["scores"], temperature=[1.0, 0.01, 50.0][n % 3])
        numbers = uniform(n, 40)
        if n % 4 == 0:
            weights = np.repeat(1 / 4, 4)
            numbers = np.arange(8) / 8
        found.append({"weights": weights, "numbers": numbers, "seed": n})
    return found


def compare_draws(case: dict[str, Any], answer: dict[str, Any]) -> None:
    assert uniform(case["seed"], 5).tolist() == answer["numbers"]
    assert sample(case["weights"], case["numbers"]).argmax(axis=-1).tolist() == answer["picks"]


def local_cases() -> list[dict[str, Any]]:
    """Windows that hold all keys, some, one, or none; and some whose ends lie on a key."""
    rng = np.random.default_rng(12)
    found = []
    for n, case in enumerate(score_cases()):
        place, reach = float(rng.uniform(0, MOST_WORDS - 1)), float(rng.choice([0.1, 0.5, 1.3, 3.0, 20.0]))
        found.append({**case, "place": round(place) if n % 3 == 0 else place, "reach": 2.0 if n % 3 == 0 else reach})
    return found


def compare_local(case: dict[str, Any], answer: list[float]) -> None:
    agree(local_p(case["scores"][None], np.array([float(case["place"])]), reach=case["reach"])[0], answer)


def bench_cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(13)
    found = []
    for n in range(CASES):
        count = 1 + n % MOST_WORDS
        found.append(
            {
                "sentence": " ".join(["word"] * int(rng.integers(12))),
                "scores": rng.uniform(-3, 3, count).round(1),
                "values": rng.uniform(-1, 1, int(rng.integers(1, MOST_WORDS + 1))).round(1),
                "temperature": float(10 ** rng.uniform(-2, 2)),
                "place": float(rng.uniform(0, MOST_WORDS - 1)),
                "reach": float(rng.uniform(0.1, 8)),
                "draws": int(rng.choice([0, 1, 7, 100, MOST_DRAWS])),
                "seed": int(rng.integers(2**32)),
            }
        )
    return found


def compare_bench(case: dict[str, Any], answer: dict[str, Any]) -> None:
    explorer = SelectionExplorer(**case)
    assert explorer.names == answer["names"]
    agree(explorer.weights, answer["weights"])
    agree(explorer.answers, answer["answers"])


CHECKS = {
    "hardmax": Check(("math/selection",), "({ scores }) => exports.hardmax(scores)", score_cases, compare_hardmax),
    "draws": Check(
        ("math/selection", "math/random"),
        "({ weights, numbers: u, seed }) => ({ picks: exports.sample(weights, u), numbers: exports.uniform(seed, 5) })",
        draw_cases,
        compare_draws,
    ),
    "local": Check(
        ("math/selection",),
        "({ scores, place, reach }) => exports.localP(scores, place, reach)",
        local_cases,
        compare_local,
    ),
    "bench": Check(
        ("soft_hard",),
        """(state) => {
          const { names, weights, answers } = exports.compute(state);
          return { names, weights: Object.values(weights), answers: Object.values(answers) };
        }""",
        bench_cases,
        compare_bench,
    ),
}

SELECTION, BENCH = "math/selection", "soft_hard"
FAULTS = {
    "of equal scores the last is best": Fault("hardmax", SELECTION, "scores.indexOf(", "scores.lastIndexOf("),
    "a draw on the border goes to the key before": Fault("draws", SELECTION, "sum > u * total", "sum >= u * total"),
    "weights are not added up": Fault("draws", SELECTION, "(total += weight)", "(total = weight)"),
    "the window ends before its end": Fault(
        "local", SELECTION, "Math.abs(i - place) <= reach", "Math.abs(i - place) < reach"
    ),
    "sigma is the reach": Fault("local", SELECTION, "(reach / 2) ** 2", "reach ** 2"),
    "the bell is forgotten": Fault("local", SELECTION, "weight * nearness(i, place, reach)", "weight"),
    "the softmax sees all keys": Fault(
        "local", SELECTION, "{ mask: scores.map((_, i) => inWindow(i, place, reach)) }", "{}"
    ),
    "the window is not cooled": Fault("bench", BENCH, "score / s.temperature)", "score)"),
    "another seed draws the same": Fault("bench", BENCH, "numbersOf(s.seed)", "numbersOf(0)"),
    "what has no value says one": Fault("bench", BENCH, "s.values[i] ?? 0)", "s.values[i] ?? 1)"),
}
