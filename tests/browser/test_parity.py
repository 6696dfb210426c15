"""The shipped JavaScript says the same as core: every scorer, softmax, attend, gaussian, saturation, in a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from attnbook import core
from attnbook.core import SCORERS
from attnbook.data import gaussian
from attnbook.theme import DIVERGING, DIVERGING_DARK, SEQUENTIAL, SEQUENTIAL_DARK
from attnbook.widgets import ScoringExplorer
from attnbook.widgets.link import classic_script

CASES = 520
CAMEL = {
    "scaled_dot": "scaledDot",
    "negative_distance": "negativeDistance",
    "summed_distance": "summedDistance",
}


def run(browser: Browser, script: str, math: str) -> Any:
    page = browser.new_page()
    try:
        page.add_script_tag(content=math)
        return page.evaluate(script)
    finally:
        page.close()


@pytest.fixture(scope="module")
def shipped(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.add_script_tag(content=classic_script("kit"))
    page.add_script_tag(content=classic_script("math"))
    yield page
    page.close()


def cases(name: str) -> list[dict[str, Any]]:
    """Random cases of any width and number of keys, with the awkward ones among them."""
    rng = np.random.default_rng(sorted(SCORERS).index(name))
    found = []
    for n in range(CASES):
        width, keys, hidden = (int(rng.integers(1, high)) for high in (9, 13, 6))
        other = int(rng.integers(1, 9)) if SCORERS[name].widths_may_differ else width
        size = [1.0, 1e-8, 30.0, 1e4, 1e-150][n % 5]
        case = {"query": size * rng.standard_normal(width), "keys": size * rng.standard_normal((keys, other))}
        if n % 7 == 0:
            case["query"][:] = 0
        if n % 11 == 0:
            case["keys"][0] = 0
        if n % 13 == 0:
            case["keys"][:] = case["keys"][0]
        if n % 17 == 0 and width == other:
            case["keys"][-1] = case["query"]
        shapes = {
            "bilinear": {"W": (width, other)},
            "location": {"W": (keys + int(rng.integers(3)), width)},
            "additive": {
                "W_q": (hidden, width),
                "W_k": (hidden, other),
                "v": (hidden,),
                **({"bias": (hidden,)} if n % 3 else {}),
            },
        }
        case["parameters"] = {key: rng.standard_normal(shape) for key, shape in shapes.get(name, {}).items()}
        found.append(case)
    return found


def plain(value: Any) -> Any:
    """Arrays as lists, for JSON."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return value.tolist() if isinstance(value, np.ndarray) else value


def call(function: str, arguments: list[list[Any]]) -> str:
    return f"{json.dumps(arguments)}.map((given) => attnbook.math.{function}(...given))"


def agree(ours: Any, theirs: Any) -> None:
    """To 1e-6 of the largest number, and nothing that is not a number."""
    ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    assert ours.shape == theirs.shape
    assert np.isfinite(theirs).all()
    assert np.abs(ours - theirs).max(initial=0) <= 1e-6 * max(1.0, np.abs(ours).max(initial=0))


def scorer_script(name: str, given: list[dict[str, Any]]) -> str:
    arguments = [[plain(case["query"]), plain(case["keys"]), *plain(case["parameters"]).values()] for case in given]
    return call(CAMEL.get(name, name), arguments)


def check_scorer(name: str, given: list[dict[str, Any]], answers: list[list[float]]) -> None:
    for case, answer in zip(given, answers, strict=True):
        expected = SCORERS[name].function(case["query"][None], case["keys"], **case["parameters"])[0]
        agree(expected, answer)


@pytest.mark.parametrize("name", SCORERS)
def test_scorers(shipped: Page, name: str) -> None:
    given = cases(name)
    assert len(given) >= 500
    check_scorer(name, given, shipped.evaluate(scorer_script(name, given)))


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
        found.append({"scores": scores, "values": values, "mask": mask, "temperature": temperature})
    return found


def softmax_script() -> str:
    arguments = [
        [plain(case["scores"]), plain(case["values"]), plain({k: case[k] for k in ("mask", "temperature")})]
        for case in softmax_cases()
    ]
    return call("attend", arguments)


def check_softmax(answers: list[dict[str, Any]]) -> None:
    for case, answer in zip(softmax_cases(), answers, strict=True):
        options = {"mask": case["mask"], "temperature": case["temperature"]}
        output, weights = core.attend(case["scores"][None], case["values"], **options)
        agree(weights[0], answer["weights"])
        agree(output[0], answer["output"])
        agree(core.softmax(case["scores"], **options), answer["weights"])


def test_softmax_and_attend(shipped: Page) -> None:
    check_softmax(shipped.evaluate(softmax_script()))


SEEDS = [0, 1, 2, 7, 12345, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1]


def check_gaussian(answers: list[list[float]]) -> None:
    for seed, answer in zip(SEEDS, answers, strict=True):
        np.testing.assert_allclose(answer, gaussian(seed, 700), rtol=0, atol=1e-12)


def test_gaussian(shipped: Page) -> None:
    check_gaussian(shipped.evaluate(call("gaussian", [[seed, 700] for seed in SEEDS])))


def saturation_script() -> str:
    arguments = json.dumps([[width, seed] for seed in SEEDS for width in (1, 2, 3, 64, 511, 512)])
    return f"{arguments}.map(([width, seed]) => attnbook.math.saturation(width, attnbook.math.saturationDraws(seed)))"


def check_saturation(answers: list[dict[str, Any]]) -> None:
    asked = [(width, seed) for seed in SEEDS for width in (1, 2, 3, 64, 511, 512)]
    for (width, seed), answer in zip(asked, answers, strict=True):
        ours = ScoringExplorer(width=width, seed=seed).saturation()
        for row in ("plain", "scaled"):
            for what, value in getattr(ours, row)._asdict().items():
                agree(value, answer[row][what])


def test_saturation(shipped: Page) -> None:
    check_saturation(shipped.evaluate(saturation_script()))


def test_the_colours_are_those_of_the_theme(shipped: Page) -> None:
    assert shipped.evaluate("attnbook.kit.SEQUENTIAL") == {
        "light": list(SEQUENTIAL),
        "dark": list(SEQUENTIAL_DARK),
    }
    assert shipped.evaluate("attnbook.kit.DIVERGING") == {
        "light": list(DIVERGING),
        "dark": list(DIVERGING_DARK),
    }


FAULTS = {
    "the √d is missing": ("scaled_dot", "inner(query, key) / root", "inner(query, key)"),
    "W is transposed": ("bilinear", "transposedTimes(W, query)", "times(W, query)"),
    "the tanh is dropped": ("additive", "Math.tanh(asked[i] + inner(W_k[i], key))", "(asked[i] + inner(W_k[i], key))"),
    "the bias is lost": ("additive", "bias ? bias[i] : 0", "0"),
    "the cosine forgets the query's length": ("cosine", "const direction = unit(query)", "const direction = query"),
    "the cosine forgets the key's length": ("cosine", "inner(direction, unit(key))", "inner(direction, key)"),
    "the dot product forgets its first number": ("dot", "let i = 0; i < a.length", "let i = 1; i < a.length"),
    "the distance has no minus": ("negative_distance", "-length(minus", "length(minus"),
    "the location reads another row": ("location", "inner(W[i], query)", "inner(W[W.length - 1 - i], query)"),
    "the sum of distances leaves one out": ("summed_distance", "-among.reduce", "-among.slice(1).reduce"),
    "the temperature is ignored": ("softmax", "(score - largest) / temperature", "(score - largest)"),
    "the temperature multiplies": ("softmax", "(score - largest) / temperature", "(score - largest) * temperature"),
    "the mask's sign is wrong": ("softmax", "!mask || mask[i]", "!mask || !mask[i]"),
    "the mask comes after the softmax": ("softmax", "=> (allowed(i) ? Math.exp", "=> (true ? Math.exp"),
    "the softmax is not stable": ("softmax", "if (allowed(i) && score > largest) largest = score;", "largest = 0;"),
    "the generator has another stride": ("gaussian", "0x6d2b79f5", "0x6d2b79f7"),
    "the gradient leaves out the diagonal": ("saturation", "i === j ? a * (1 - a) : a * b", "a * b"),
    "the entropy is in nats": ("saturation", "Math.log2", "Math.log"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(browser: Browser, fault: str) -> None:
    where, right, wrong = FAULTS[fault]
    script = classic_script("math")
    assert script.count(right) == 1, "the fault is planted in exactly one place"
    broken = script.replace(right, wrong)
    checks = {
        "softmax": (softmax_script(), check_softmax),
        "gaussian": (call("gaussian", [[seed, 700] for seed in SEEDS]), check_gaussian),
        "saturation": (saturation_script(), check_saturation),
    }
    if where in SCORERS:
        given = cases(where)
        answers = run(browser, scorer_script(where, given), broken)
        with pytest.raises(AssertionError):
            check_scorer(where, given, answers)
    else:
        asked, check = checks[where]
        answers = run(browser, asked, broken)
        with pytest.raises(AssertionError):
            check(answers)


@pytest.mark.parametrize("name", ["kit", "math", "scoring"])
def test_the_site_ships_these_very_files(site: Path, name: str) -> None:
    found = sorted(site.glob(f"**/{name}.js"))
    assert [path.read_text(encoding="utf-8") for path in found] == [classic_script(name)]
