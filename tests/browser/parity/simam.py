"""The gates and lines of a channel, strokes of the brush, and what shuffling changes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault, agree

from attnbook.core.simam import separating_line
from attnbook.widgets.painted import SIGNS, read
from attnbook.widgets.simam import PICTURES, SIDE, SimamExplorer


def painter_cases() -> list[dict[str, Any]]:
    """Channels of one to all levels, from one that is nearly flat to noise, under weak and strong penalties."""
    rng = np.random.default_rng(1)
    found = [{"channel": PICTURES["stripes"], "penalty": 1e-4, "place": 469, "mean": "others"}]
    for n in range(120):
        levels = rng.choice(list(SIGNS), 1 + n % 7 if n % 3 else 51)
        channel = rng.choice(levels, SIDE**2)
        if n % 5 == 0:
            channel[:] = levels[0]
            channel[rng.integers(SIDE**2)] = levels[-1]
        penalty, place = 10 ** rng.uniform(-5, 1), int(rng.integers(SIDE**2))
        mean = ("others", "all")[n % 2]
        found.append({"channel": "".join(channel), "penalty": penalty, "place": place, "mean": mean})
    return found


def compare_painter(case: dict[str, Any], answer: dict[str, Any]) -> None:
    explorer = SimamExplorer(**case)
    agree(explorer.values.ravel(), answer["values"])
    agree(np.ones(SIDE**2), answer["importances"] / explorer.importances.ravel())  # they may be large
    agree(explorer.gates.ravel(), answer["gates"])
    weight, bias = separating_line(explorer.values, penalty=case["penalty"])
    others = np.delete(explorer.values, case["place"])
    agree(explorer.gates.ravel() > explorer.gates.max() - 1e-12, answer["largest"])
    agree([weight.flat[case["place"]], bias.flat[case["place"]], others.mean()], answer["line"])


def brush_cases() -> list[dict[str, Any]]:
    """Strokes of any brush from any place to any other, also over the edge."""
    rng = np.random.default_rng(2)
    found = []
    for n in range(100):
        ends, channel = rng.integers(SIDE, size=(2, 2)), "".join(rng.choice(list(SIGNS), SIDE**2))
        ends[1] = ends[0] if n % 4 == 0 else ends[1]
        found.append({"channel": channel, "ends": ends, "brush": round(0.1 * (n % 11), 1), "size": 1 + 3 * n % 5})
    return found


def compare_brush(case: dict[str, Any], answer: str) -> None:
    """Every place that the square brush has been over on its way has its number, the others what they had."""
    wanted = read(case["channel"])
    (x, y), (u, v) = case["ends"].tolist()
    steps, back = max(1, abs(u - x), abs(v - y)), (case["size"] - 1) // 2
    for step in range(steps + 1):
        left, top = (math.floor(a + step / steps * (b - a) + 0.5) - back for a, b in ((x, u), (y, v)))
        wanted[max(0, top) : top + case["size"], max(0, left) : left + case["size"]] = case["brush"]
    agree(wanted, read(answer))


def moved_cases() -> list[dict[str, Any]]:
    """Gates, and the same in another order, one of them raised."""
    rng = np.random.default_rng(3)
    found = []
    for n in range(2, 62):
        was, order, by = rng.uniform(0.622, 1, n), rng.permutation(n), rng.uniform(-0.2, 0.2)
        now = was[order]
        now[rng.integers(n)] += by
        found.append({"was": was, "now": now, "order": order, "by": abs(by)})
    return found


CHECKS = {
    "painter": Check(
        ("simam",),
        """(s) => {
          const { values, importances, gates, largest, line } = exports.compute(s);
          const { weight, bias, mean } = line(s.place);
          const [all, first] = [{ values, importances, gates, largest }, [weight, bias, mean]];
          return { line: first, ...Object.fromEntries(Object.entries(all).map(([name, each]) => [name, [...each]])) };
        }""",
        painter_cases,
        compare_painter,
    ),
    "brush": Check(("simam",), "(s) => exports.painted(s.channel, ...s.ends, s)", brush_cases, compare_brush),
    "moved": Check(
        ("simam",),
        "({ was, now, order }) => exports.moved({ gates: was }, { gates: now }, order)",
        moved_cases,
        lambda case, answer: agree(case["by"], answer),
    ),
}

FAULTS = {
    "the mean counts the number": Fault(
        "painter", "math/simam", "map((value) => (n / (n - 1)) *", "map((value) => 1 *"
    ),
    "its variance counts it": Fault("painter", "math/simam", "total - (n / (n - 1)) * square", "total"),
    "a sum of n squares is a variance": Fault("painter", "math/simam", "? each / (n - 1)", "? each / n"),
    "one variance leaves it out": Fault("painter", "math/simam", "each + distance[i] ** 2 / n", "each"),
    "the other mean is taken": Fault("painter", "simam", 's.mean === "all" ? tog', 's.mean !== "all" ? tog'),
    "nothing is as large as the largest": Fault(
        "painter", "simam", "Number(each >= least", "Number(each > 1.1 * least"
    ),
    "the penalty counts once": Fault("painter", "math/simam", "(d * d + 2 * (variance", "(d * d + 1 * (variance"),
    "the line falls for what is larger": Fault("painter", "math/simam", "(2 * distance[i])", "(-2 * distance[i])"),
    "the line is zero at the mean": Fault("painter", "math/simam", "- distance[i] / 2", "- distance[i]"),
    "the gate opens with the energy": Fault("painter", "simam", "importances.map(sigmoid)", "energy.map(sigmoid)"),
    "one level too many": Fault("painter", "simam", "(sign) / (SIGNS.length - 1)", "(sign) / SIGNS.length"),
    "the brush goes round the edge": Fault("brush", "simam", "SIDE * row + Math.max(0, left)", "SIDE * row + left"),
    "the brush leaves gaps": Fault("brush", "simam", "...to.map((at, n) => Math.abs(at - from[n]))", "1"),
    "the brush is not in the middle": Fault("brush", "simam", "Math.floor((size - 1) / 2)", "0"),
    "rows and columns change places": Fault("brush", "simam", "[left, top] = from.map", "[top, left] = from.map"),
    "a number does not take its place along": Fault("moved", "simam", "was.gates[from]", "was.gates[to]"),
}
