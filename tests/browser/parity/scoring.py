"""The eight scorers, softmax and attend, the random numbers, and what width does to softmax."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault, agree
from tests.core.scoring import LEARNED

from attnbook import core
from attnbook.core import SCORERS
from attnbook.data.draws import gaussian, uniform
from attnbook.widgets.scoring_width import WidthExplorer

CASES = 520


def scorer_cases(name: str) -> list[dict[str, Any]]:
    """Random cases of any width and number of keys, with the awkward ones among them."""
    rng = np.random.default_rng(sorted(SCORERS).index(name))
    found = []
    for n in range(CASES):
        width, keys = int(rng.integers(1, 9)), int(rng.integers(1, 13))
        other = int(rng.integers(1, 9)) if SCORERS[name].widths_may_differ else width
        size = [1.0, 1e-8, 30.0, 1e4, 1e-150][n % 5]
        case: dict[str, Any] = {
            "query": size * rng.standard_normal(width),
            "keys": size * rng.standard_normal((keys, other)),
        }
        if n % 7 == 0:
            case["query"][:] = 0
        if n % 11 == 0:
            case["keys"][0] = 0
        if n % 13 == 0:
            case["keys"][:] = case["keys"][0]
        if n % 17 == 0 and width == other:
            case["keys"][-1] = case["query"]
        shapes = LEARNED[name](width, other, keys) if name in LEARNED else {}
        if n % 3 == 0:
            shapes.pop("bias", None)
        case["parameters"] = {key: rng.standard_normal(shape) for key, shape in shapes.items()}
        found.append(case)
    return found


def scorer_check(name: str) -> Check:
    def compare(case: dict[str, Any], answer: list[float]) -> None:
        agree(SCORERS[name].function(case["query"][None], case["keys"], **case["parameters"])[0], answer)

    camel = re.sub(r"_(\w)", lambda found: found[1].upper(), name)
    script = f"({{ query, keys, parameters }}) => exports.{camel}(query, keys, ...Object.values(parameters))"
    return Check(("math/scorers",), script, lambda: scorer_cases(name), compare)


def softmax_cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(8)
    found = []
    for n in range(CASES):
        scores = rng.standard_normal(int(rng.integers(1, 13))) * [1.0, 1e3, 1e-9, 1e15, 0.0][n % 5]
        mask = None if n % 3 else rng.random(len(scores)) < 0.6
        if n % 12 == 0:
            mask = np.zeros(len(scores), dtype=bool)
        temperature = float([1.0, 0.3, 1e-6, 1e6, 7.0][n % 4 if n % 5 else 4])
        values = rng.standard_normal((len(scores), 3))
        found.append({"scores": scores, "values": values, "options": {"mask": mask, "temperature": temperature}})
    return found


def compare_attend(case: dict[str, Any], answer: dict[str, Any]) -> None:
    output, weights = core.attend(case["scores"][None], case["values"], **case["options"])
    agree(weights[0], answer["weights"])
    agree(output[0], answer["output"])
    agree(core.softmax(case["scores"], **case["options"]), answer["weights"])


SEEDS = [0, 1, 2, 7, 12345, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1]


def compare_gaussian(case: dict[str, Any], answer: list[float]) -> None:
    np.testing.assert_allclose(answer, gaussian(case["seed"], 700), rtol=0, atol=1e-12)


def compare_uniform(case: dict[str, Any], answer: list[float]) -> None:
    assert answer == uniform(case["seed"], 700).tolist()


def compare_saturation(case: dict[str, Any], answer: dict[str, Any]) -> None:
    ours = WidthExplorer(**case).saturation()
    for row in ("plain", "scaled"):
        for what, value in getattr(ours, row)._asdict().items():
            agree(value, answer[row][what])


CHECKS = {
    **{name: scorer_check(name) for name in SCORERS},
    "attend": Check(
        ("math/softmax",),
        "({ scores, values, options }) => exports.attend(scores, values, options)",
        softmax_cases,
        compare_attend,
    ),
    "gaussian": Check(
        ("math/random",),
        "({ seed }) => exports.gaussian(seed, 700)",
        lambda: [{"seed": seed} for seed in SEEDS],
        compare_gaussian,
    ),
    "uniform": Check(
        ("math/random",),
        "({ seed }) => exports.uniform(seed, 700)",
        lambda: [{"seed": seed} for seed in SEEDS],
        compare_uniform,
    ),
    "saturation": Check(
        ("math/saturation",),
        "({ width, seed }) => exports.saturation(width, exports.saturationDraws(seed))",
        lambda: [{"width": width, "seed": seed} for seed in SEEDS for width in (1, 2, 3, 64, 511, 512)],
        compare_saturation,
        few=6,
    ),
}

SCORERS_JS, SOFTMAX_JS, RANDOM_JS, VECTORS_JS = "math/scorers", "math/softmax", "math/random", "math/vectors"
FAULTS = {
    "the √d is missing": Fault("scaled_dot", SCORERS_JS, "inner(query, key) / root", "inner(query, key)"),
    "W is transposed": Fault("bilinear", SCORERS_JS, "transposedTimes(W, query)", "times(W, query)"),
    "the tanh is dropped": Fault("additive", SCORERS_JS, "Math.tanh(asked[i] + ", "(asked[i] + "),
    "the bias is lost": Fault("additive", SCORERS_JS, "bias ? bias[i] : 0", "0"),
    "the cosine forgets the query's length": Fault("cosine", SCORERS_JS, "= unit(query)", "= query"),
    "the cosine forgets the key's length": Fault("cosine", SCORERS_JS, "direction, unit(key)", "direction, key"),
    "the inner product forgets a number": Fault("dot", VECTORS_JS, "i = 0; i < a.length", "i = 1; i < a.length"),
    "the distance has no minus": Fault("negative_distance", SCORERS_JS, "-length(minus", "length(minus"),
    "the location reads another row": Fault("location", SCORERS_JS, "inner(W[i], ", "inner(W[W.length - 1 - i], "),
    "a sum of distances leaves one out": Fault("summed_distance", SCORERS_JS, "-among.", "-among.slice(1)."),
    "the temperature is ignored": Fault("attend", SOFTMAX_JS, "(score - largest) / temperature", "(score - largest)"),
    "the temperature multiplies": Fault("attend", SOFTMAX_JS, "largest) / temperature", "largest) * temperature"),
    "the mask's sign is wrong": Fault("attend", SOFTMAX_JS, "!mask || mask[i]", "!mask || !mask[i]"),
    "the mask comes after the softmax": Fault("attend", SOFTMAX_JS, "=> (allowed(i) ? Math.exp", "=> (true ? Math.exp"),
    "the softmax is not stable": Fault(
        "attend", SOFTMAX_JS, "if (allowed(i) && score > largest) largest = score;", "largest = 0;"
    ),
    "the values are transposed": Fault("attend", SOFTMAX_JS, "transposedTimes(values, weights)", "values[0]"),
    "the generator has another stride": Fault("gaussian", RANDOM_JS, "0x6d2b79f5", "0x6d2b79f7"),
    "uniform starts at the second word": Fault("uniform", RANDOM_JS, "word(seed, n) /", "word(seed, n + 1) /"),
    "the gradient leaves out the diagonal": Fault(
        "saturation", "math/saturation", "i === j ? a * (1 - a) : a * b", "a * b"
    ),
    "the entropy is in nats": Fault("saturation", "math/entropy", "Math.log2", "Math.log"),
}  # fmt: skip
