"""Averages weighted by each kernel, with and without the point itself; gaps; what moves; the best bandwidth."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault, agree

from attnbook.core.kernels import KERNELS
from attnbook.core.nadaraya_watson import leave_one_out_error, nadaraya_watson
from attnbook.widgets.nadaraya_watson import NadarayaWatsonExplorer

NAMES = list(KERNELS)
WIDTHS = [1.0, 0.3, 0.05, 2.5, 20.0]


def bench_cases() -> list[dict[str, Any]]:
    """Points of many numbers, some of them at one x, with each kernel; queries among them and far away."""
    rng = np.random.default_rng(1)
    found = []
    for n in range(120):
        x, y = rng.uniform(-3, 3, (2, 2 + n % 30)).round(n % 3)
        query = float([x[0], 0.7, rng.uniform(-4, 4), 300.0][n % 4 if n > 3 else 2])
        options = {"kernel": NAMES[n % 4], "bandwidth": WIDTHS[n // 4 % 5], "query": query}
        found.append({"points": np.column_stack([x, y]).tolist(), **options})
    return found


def compare_bench(case: dict[str, Any], answer: dict[str, Any]) -> None:
    explorer = NadarayaWatsonExplorer(**case)
    x, y = np.array(case["points"]).T
    agree(explorer.weights, answer["weights"])
    agree(explorer.answer, answer["answer"])
    assert answer["read"] == (explorer.weights > 0).sum()
    agree(explorer.curve, answer["there"])
    agree(explorer.left_out, [each["answer"] for each in answer["others"]])
    agree(explorer.errors, answer["errors"])
    order = np.argsort(x, kind="stable")
    queries = np.array(answer["queries"])  # to the last digit, which a boxcar may turn on
    agree(np.linspace(x.min(), x.max(), len(queries)), queries)
    given = {"kernel": case["kernel"], "bandwidth": case["bandwidth"]}
    agree(nadaraya_watson(queries[:, None], x[order, None], y[order, None], **given)[1], answer["matrix"])
    heights = KERNELS[case["kernel"]].function(np.linspace(-3, 3, 25)) / KERNELS[case["kernel"]].function(np.zeros(1))
    agree(heights, answer["heights"])
    between = np.linspace(-4.99, 4.99, 401)
    reached = (np.abs(between[:, None] - x) <= KERNELS[case["kernel"]].reach * case["bandwidth"]).any(axis=1)
    told = np.array([any(start < each < end for start, end in answer["gaps"]) for each in between])
    inside = np.abs(between[:, None] - np.ravel([answer["gaps"] or [[9, 9]]])).min(axis=1) > 1e-6  # not at an end
    assert (told == ~reached)[inside].all()


def moved_cases() -> list[dict[str, Any]]:
    """Points of which one is lifted, by itself or to the side as well."""
    rng = np.random.default_rng(2)
    found = []
    for n in range(60):
        was = rng.uniform(-3, 3, (5 + n % 20, 2)).round(2)
        now = was.copy()
        now[n % 5] += [0.3 * (n % 3), 1.0 + n % 4]
        found.append({"was": was, "now": now, "kernel": NAMES[n % 4], "bandwidth": WIDTHS[n // 4 % 5]})
    return found


def compare_moved(case: dict[str, Any], answer: dict[str, Any]) -> None:
    given = {"kernel": case["kernel"], "bandwidth": case["bandwidth"]}
    now = case["now"]
    places = np.linspace(now[:, 0].min(), now[:, 0].max(), 241)[:, None]
    pairs = [nadaraya_watson(places, each[:, :1], each[:, 1:], **given) for each in (case["was"], now)]
    both = np.logical_and(*(weights.any(axis=1) for _, weights in pairs))
    by = np.where(both, np.abs(pairs[0][0] - pairs[1][0])[:, 0], 0)
    some = places[by >= by.max() / 10, 0]
    agree([by.max(), some[0], some[-1]], [answer[name] for name in ("most", "start", "end")])
    agree(by.max(), by[np.abs(places[:, 0] - answer["where"]).argmin()])  # there may be several such places
    tried = np.geomspace(0.05, 5, 9)
    errors = [
        float(leave_one_out_error(now[:, :1], now[:, 1:], kernel=case["kernel"], bandwidth=float(each)))
        for each in tried
    ]
    agree([tried[np.argmin(errors)], min(errors)], answer["best"])


CHECKS = {
    "bench": Check(
        ("nadaraya_watson", "math/kernels"),
        """(s) => {
          const keys = s.points.map(([x]) => x);
          const us = Array.from({ length: 25 }, (_, i) => i / 4 - 3);
          const heights = us.map((u) => exports.height(s.kernel, u));
          return { ...exports.compute(s), gaps: exports.gaps(keys, s, [-5, 5]), heights };
        }""",
        bench_cases,
        compare_bench,
    ),
    "moved": Check(
        ("math/kernels",),
        """({ was, now, ...options }) => {
          const [keys, values] = [0, 1].map((n) => now.map((point) => point[n]));
          const best = exports.bestBandwidth(keys, values, options, [0.05, 5], 9);
          return { ...exports.moved(was, now, options), best };
        }""",
        moved_cases,
        compare_moved,
    ),
}

KERNELS_JS = "math/kernels"
FAULTS = {
    "a Gaussian without its half": Fault("bench", KERNELS_JS, "-(u * u) / 2", "-(u * u)"),
    "a boxcar that stops short": Fault("bench", KERNELS_JS, "Math.abs(u) <= 1", "Math.abs(u) <= 0.9"),
    "Epanechnikov’s is taken for the triangle": Fault("bench", KERNELS_JS, "1 - u * u", "1 - Math.abs(u)"),
    "the triangle is taken for Epanechnikov’s": Fault("bench", KERNELS_JS, "1 - Math.abs(u)", "1 - u * u"),
    "a bandwidth is taken for its inverse": Fault(
        "bench", KERNELS_JS, "(query - key) / bandwidth", "(query - key) * bandwidth"
    ),
    "nothing is left out": Fault("bench", KERNELS_JS, "&& i !== without", ""),
    "the error is not squared": Fault("bench", KERNELS_JS, "(each - values[i]) ** 2", "Math.abs(each - values[i])"),
    "a gap begins too late": Fault(
        "bench", KERNELS_JS, "[key + far, all[i + 1] - far]", "[key + 2 * far, all[i + 1] - far]"
    ),
    "columns stay as they were typed": Fault("bench", "nadaraya_watson", "order.map((i) => weights[i])", "weights"),
    "half of the change counts": Fault("moved", KERNELS_JS, "by[i] >= most / 10", "by[i] >= most / 2"),
    "the worst bandwidth is the best": Fault(
        "moved", KERNELS_JS, "errors.indexOf(Math.min(...errors))", "errors.indexOf(Math.max(...errors))"
    ),
}
