"""The map of attention: scores, who may count, weights, what is read, and what the choices are called."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault, agree

from attnbook.widgets.landscape import NORMALISE, READ, SCORES, LandscapeExplorer

SELECT = ("all", "mask", "window", "best", "drawn")


def choice_cases() -> list[dict[str, Any]]:
    """Every score with every way to normalise, select and read in turn, for wishes at random."""
    rng = np.random.default_rng(13)
    found = []
    for n, score in enumerate(SCORES):
        for m, normalise in enumerate(NORMALISE):
            found.append({"score": score, "normalise": normalise, "select": SELECT[(n + m) % 5]})
            found[-1] |= {"read": list(READ)[(n + 2 * m) % 4], "mechanism": "SimAM", "uniform": float(rng.random())}
            found[-1] |= {"sweet": float(rng.uniform(-3, 3)), "sour": float(rng.uniform(-3, 3))}
    return [found[n] for n in rng.permutation(len(found))]  # so that the first ones are of every kind


def compare_choices(case: dict[str, Any], answer: dict[str, Any]) -> None:
    explorer = LandscapeExplorer(**case)
    agree(explorer.scores, answer["scores"])
    assert answer["chosen"] == explorer.chosen.tolist()
    agree(explorer.weights, answer["weights"])
    agree(explorer.output, answer["output"])
    assert answer["refused"] == bool(explorer.refused)
    assert (answer["names"], answer["near"]) == (explorer.names, explorer.near)
    assert answer["told"] == explorer.readout()


CHECKS = {
    "choices": Check(
        ("landscape",),
        "(s) => { const r = exports.compute(s); return { ...r, told: exports.readout(r) }; }",
        choice_cases,
        compare_choices,
        few=90,
    ),
}

_MATH = "math/choices"
FAULTS = {
    "closeness without its square": Fault("choices", _MATH, "-(distance ** 2) / 2", "distance / 2"),
    "a kernel of another height": Fault("choices", _MATH, "0.75 * Math.max", "Math.max"),
    "features that may be negative": Fault("choices", _MATH, ": Math.exp(value))", ": value)"),
    "age counts from the next": Fault("choices", _MATH, "i + 1 - keys.length", "i - keys.length"),
    "a variance over all": Fault("choices", _MATH, "(keys.length - 1)", "keys.length"),
    "a network without a threshold": Fault("choices", _MATH, "Math.max(0, unit)", "unit"),
    "neighbours to one side": Fault("choices", _MATH, "keys[i + j - 1]", "keys[i + j]"),
    "a window too narrow": Fault("choices", _MATH, "<= f.near", "< f.near"),
    "the worst, not the best": Fault("choices", _MATH, "Math.max(...scores)", "Math.min(...scores)"),
    "a sink that is never there": Fault("choices", _MATH, "[...chosen, true]", "[...chosen, false]"),
    "gates for all": Fault("choices", _MATH, "keep(scores.map(sigmoid), chosen)", "scores.map(sigmoid)"),
    "negative scores are divided": Fault("choices", _MATH, "return null", "void 0"),
    "keys are corrected forwards": Fault("choices", _MATH, "inner(keys[i], keys[j])", "inner(keys[j], keys[j])"),
    "a Gaussian somewhere else": Fault("choices", _MATH, "((i - f.place) ** 2)", "((i - f.near) ** 2)"),
    "nothing is added to the query": Fault("choices", _MATH, "number + q[i]", "number"),
    "one away is two away": Fault("choices", "landscape", "choices).length === 1", "choices).length === 2"),
    "what was pressed comes last": Fault(
        "choices", "landscape", "name === s.mechanism), ...", "name > s.mechanism), ..."
    ),
}
