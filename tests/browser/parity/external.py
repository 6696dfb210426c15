"""Both maps of the patches and what moves in them, what an outlier does in each way, and what a layer costs."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault, agree

from attnbook.core.external import double_normalise, external_cost, over_positions, over_slots, self_attention_cost
from attnbook.widgets.external import MOST_PATCHES, PICTURES, SLOTS, WAYS, WIDTH, ExternalExplorer

COLOURS = list(PICTURES.values())


def score_cases() -> list[dict[str, Any]]:
    """Tables of all sizes, some with scores so large that no power of e holds them."""
    rng = np.random.default_rng(1)
    shapes = [rng.integers(1, 9, 2) for _ in range(80)]
    return [{"scores": rng.normal(size=shape) * [1, 30, 900][n % 3]} for n, shape in enumerate(shapes)]


def compare_scores(case: dict[str, Any], answer: dict[str, Any]) -> None:
    for normalise, name in ((over_slots, "slots"), (over_positions, "positions"), (double_normalise, "double")):
        agree(normalise(case["scores"]), answer[name])


def map_cases() -> list[dict[str, Any]]:
    """States in each way, with patches moved since before; some are nowhere, some far away."""
    rng = np.random.default_rng(2)
    found = []
    for n in range(72):
        before = rng.normal(size=(MOST_PATCHES, 2)).round(2) if n % 4 else np.array(COLOURS[n % 3])
        vectors = before.copy()
        vectors[rng.integers(MOST_PATCHES, size=1 + n % 2)] *= [0, -0.5, 10][n % 3]
        found.append(
            {
                **{"vectors": vectors.clip(-30, 30).tolist(), "before": before.tolist(), "way": list(WAYS)[n % 4]},
                **{"positions": int(rng.integers(1, MOST_PATCHES + 1)), "slots": int(rng.integers(1, 1 + len(SLOTS)))},
                **{"chosen": int(rng.integers(MOST_PATCHES)), "projections": ("without", "with")[n // 4 % 2]},
                **{"model_positions": int(rng.integers(1, 65537)), "model_slots": int(rng.integers(1, 2049))},
            }
        )
    return found


def compare_maps(case: dict[str, Any], answer: dict[str, Any]) -> None:
    explorer = ExternalExplorer(**case)
    features, stored = np.array(case["vectors"])[: case["positions"]], np.array(SLOTS)[: case["slots"]]
    for weights, moved, values, theirs in (
        (explorer.weights, explorer.moved, stored, answer["stored"]),
        (explorer.self_weights, explorer.self_moved, features, answer["own"]),
    ):
        agree(weights, theirs["weights"])
        agree(moved, theirs["moved"])
        agree(weights @ values, theirs["read"])
    assert answer["said"] == explorer.readout()
    N, S, counted = case["model_positions"], case["model_slots"], case["projections"] == "with"
    assert answer["external"] == external_cost(N, WIDTH, S, projections=counted).multiply_adds
    assert answer["self"] == self_attention_cost(N, WIDTH, projections=counted).multiply_adds
    if (cross := answer["cross"]) >= 1:
        costs = (
            external_cost(cross, WIDTH, S, projections=counted),
            self_attention_cost(cross, WIDTH, projections=counted),
        )
        assert costs[0].multiply_adds == costs[1].multiply_adds
    else:
        assert external_cost(1, WIDTH, S, projections=True) < self_attention_cost(1, WIDTH, projections=True)
    changed = (features != np.array(case["before"])[: case["positions"]]).any(axis=1)
    assert answer["only"] == (int(np.argmax(changed)) if changed.sum() == 1 else -1)


def compare_outlier(case: dict[str, Any], answer: dict[str, Any]) -> None:
    """The chosen patch had length 0.5 before, in its direction, and all others were as they are."""
    explorer = ExternalExplorer(**case)
    before, row = np.array(case["vectors"]), explorer.patch
    long = np.hypot(*before[row])
    before[row] = (before[row] * 0.5 / long).round(3) if long else [0.5, 0]
    explorer.before = before
    for way in WAYS:
        explorer.way = way
        agree(np.delete(explorer.moved, row).max(initial=0), answer[way])
    agree(explorer.moved[row], answer["own"])


CHECKS = {
    "scores": Check(
        ("math/external",),
        """({ scores }) => ({
          slots: exports.overSlots(scores), positions: exports.overPositions(scores),
          double: exports.doubleNormalise(scores),
        })""",
        score_cases,
        compare_scores,
    ),
    "maps": Check(
        ("external",),
        """(s) => {
          const r = exports.compute(s);
          return { ...r, only: exports.onlyMoved(s), said: exports.say(s, r) };
        }""",
        map_cases,
        compare_maps,
    ),
    "outlier": Check(
        ("external",),
        "(s) => exports.outlier(s, Math.min(s.chosen, s.positions - 1), 0.5)",
        map_cases,
        compare_outlier,
    ),
}

FAULTS = {
    "positions share out, not slots": Fault(
        "scores", "math/external", "turned(turned(scores).map((column) => softmax(column)))", "overSlots(scores)"
    ),
    "double stops after the positions": Fault("scores", "math/external", "minus(row, totals)", "row"),
    "double adds the sums": Fault("scores", "math/external", "minus(row, totals)", "row.map((x, j) => x + totals[j])"),
    "powers of e overflow": Fault(
        "scores", "math/external", "const highest = Math.max(...column)", "const highest = 0"
    ),
    "cosine forgets to divide": Fault("maps", "external", "cosine: [overSlots, cosine]", "cosine: [overSlots, dot]"),
    "double is over positions": Fault("maps", "external", "double: [doubleNormalise", "double: [overPositions"),
    "self-attention without the root": Fault("maps", "external", "softmax(scaledDot(each", "softmax(dot(each"),
    "the least change counts": Fault("maps", "external", "Math.max(...a.map", "Math.min(...a.map"),
    "what moves is compared with itself": Fault("maps", "external", "mapsOf(s, s.before)", "mapsOf(s, s.vectors)"),
    "external is quadratic too": Fault("maps", "math/external", "2 * N * S * d", "2 * N * N * d"),
    "two projections instead of three": Fault("maps", "math/external", "3 * N * d", "2 * N * d"),
    "the curves cross at d": Fault("maps", "math/external", "S - (projections ? d : 0)", "projections ? d : S"),
    "patches that are not there count": Fault("maps", "external", ".slice(0, s.positions).flatMap", ".flatMap"),
    "the outlier counts among the others": Fault(
        "outlier", "external", "filter((_, i) => i !== row)", "filter(() => true)"
    ),
    "the outlier had no other length": Fault("outlier", "external", "toLength(vector, was)", "vector"),
}
