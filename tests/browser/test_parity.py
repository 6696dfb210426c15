"""The shipped JavaScript says the same as core: every scorer, softmax, attend, gaussian, saturation, in a browser."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from attnbook import core
from attnbook.core import SCORERS
from attnbook.data import COLOURS, SHAPES, Thing, draw, gaussian, uniform
from attnbook.theme import DIVERGING, DIVERGING_DARK, SEQUENTIAL, SEQUENTIAL_DARK
from attnbook.widgets import ScoringExplorer
from attnbook.widgets.alignment import convex_hull
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


def entropy_script() -> str:
    arguments = [
        [plain(case["scores"]), plain({k: case[k] for k in ("mask", "temperature")})] for case in softmax_cases()
    ]
    return f"{json.dumps(arguments)}.map((given) => attnbook.math.entropy(attnbook.math.softmax(...given)))"


def check_entropy(answers: list[float]) -> None:
    for case, answer in zip(softmax_cases(), answers, strict=True):
        weights = core.softmax(case["scores"], mask=case["mask"], temperature=case["temperature"])
        agree(core.entropy(weights), answer)


def test_entropy(shipped: Page) -> None:
    check_entropy(shipped.evaluate(entropy_script()))


def hull_cases() -> list[np.ndarray]:
    """Random points, with repeated ones and points in a row among them."""
    rng = np.random.default_rng(9)
    found = []
    for n in range(CASES):
        points = rng.standard_normal((n % 17, 2))
        if n % 3 == 0:
            points = points.round()
        if n % 5 == 0:
            points[:, 1] = 2 * points[:, 0]
        if n % 7 == 0:
            points[:] = points[:1]
        found.append(points)
    return found


def hull_script() -> str:
    return call("convexHull", [[points.tolist()] for points in hull_cases()])


def check_hull(answers: list[list[list[float]]]) -> None:
    for points, answer in zip(hull_cases(), answers, strict=True):
        assert convex_hull(points).tolist() == answer


def test_convex_hull(shipped: Page) -> None:
    check_hull(shipped.evaluate(hull_script()))


SEEDS = [0, 1, 2, 7, 12345, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1]


def check_gaussian(answers: list[list[float]]) -> None:
    for seed, answer in zip(SEEDS, answers, strict=True):
        np.testing.assert_allclose(answer, gaussian(seed, 700), rtol=0, atol=1e-12)


def test_gaussian(shipped: Page) -> None:
    check_gaussian(shipped.evaluate(call("gaussian", [[seed, 700] for seed in SEEDS])))


def test_uniform(shipped: Page) -> None:
    answers = shipped.evaluate(call("uniform", [[seed, 700] for seed in SEEDS]))
    assert answers == [uniform(seed, 700).tolist() for seed in SEEDS]


# --- the scene and where one would look -----------------------------------------------------------------------------

SCENES, FEW = 120, 24
MAPS = ("red", "green", "blue", "saliency", *(f"how {name}" for name in (*COLOURS, *SHAPES)), "search", "priority")
RADIUS = 10.0
SHARE = 5  # every fifth pixel of a map is compared, other ones in each scene


@cache
def scenes(count: int) -> list[dict[str, Any]]:
    """Random scenes, with crowded, cut, empty and cluttered ones among them, and what is asked of each."""
    rng = np.random.default_rng(5)
    found = []
    for n in range(count):
        some = 0 if n % 20 == 7 else int(rng.integers(1, 13))
        size, low, high = rng.uniform(4, 24 if n % 4 == 0 else 11), 0, 127
        kinds = [(str(rng.choice(SHAPES)), str(rng.choice(list(COLOURS)))) for _ in range(some)]
        places = rng.uniform(low, high, size=(some, 2)).round(int(rng.integers(2)))
        things = [Thing(*kind, *place, float(size)) for kind, place in zip(kinds, places.tolist(), strict=True)]
        found.append({
            "things": [thing._asdict() for thing in things],
            "clutter": [0, 0, 3, 40, 200][n % 5],
            "seed": int(rng.integers(2**32)),
            "query": [np.zeros(7), rng.integers(2, size=7).astype(float), rng.standard_normal(7)][n % 3].tolist(),
            "mix": [0.0, 1.0, float(rng.random())][n // 3 % 3],
            "count": n % 7 + 1,
        })  # fmt: skip
    return found


def scene_script(count: int) -> str:
    return f"""{json.dumps(scenes(count))}.map((given, n) => {{
      const math = attnbook.math;
      const picture = math.draw(given.things, math.specks(given));
      const maps = [...math.colourMaps(picture.image), ...math.shapeMaps(picture.image)];
      const [up, down] = [math.saliency(picture.image), math.search(maps, given.query)];
      const mixed = math.priority(up, down, given);
      const some = (map) => [...map.filter((_, i) => (i + n) % {SHARE} === 0)];
      const all = [...picture.image, up, ...maps, down, mixed].flatMap(some);
      const bytes = new Uint8Array(Float32Array.from(all).buffer);
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      const path = math.fixations(mixed, given.count, {{ radius: {RADIUS} }});
      return {{ maps: btoa(text), labels: picture.labels.join(), path }};
    }})"""


@cache
def scene_in_core(count: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """All maps of a scene, (f, y, x), in the order of MAPS, and the labels."""
    given = scenes(count)[n]
    drawn = draw([Thing(**thing) for thing in given["things"]], clutter=given["clutter"], seed=given["seed"])
    maps = np.concatenate([core.colour_maps(drawn.image), core.shape_maps(drawn.image)])
    up, down = core.saliency(drawn.image), core.search(maps, np.array(given["query"]))
    mixed = core.priority(up, down, mix=given["mix"])
    return np.stack([*np.moveaxis(drawn.image, -1, 0), up, *maps, down, mixed]), drawn.labels


def check_path(priority: np.ndarray, count: int, path: list[list[int]]) -> None:
    """Each look is core's; where two places are as good as each other to the last bits, either may come first."""
    left, told = priority, []
    for place in path:
        (best,) = core.fixations(left, 1, radius=RADIUS)
        assert left[tuple(place)] >= left[tuple(best)] * (1 - 1e-6), (place, best)
        squared = (np.indices(left.shape) - np.array(place)[:, None, None]) ** 2
        left = left * (1 - np.exp(-squared.sum(axis=0) / (2 * RADIUS**2)))
        told.append(place)
    assert len(told) == count if priority.max() > 0 else not told


def check_scene(count: int, answers: list[dict[str, Any]]) -> None:
    assert len(answers) == count
    for n, answer in enumerate(answers):
        maps, labels = scene_in_core(count, n)
        ours = maps.reshape(len(MAPS), -1)[:, (np.arange(labels.size) + n) % SHARE == 0]
        theirs = np.frombuffer(base64.b64decode(answer["maps"]), dtype=np.float32).reshape(ours.shape)
        assert np.isfinite(theirs).all()
        for name, one, other in zip(MAPS, ours, theirs, strict=True):
            assert np.abs(one - other).max() <= 1e-4, (n, name)
        assert np.mean(np.array(answer["labels"].split(","), dtype=int) != labels.ravel()) < 1e-4
        check_path(maps[-1], scenes(count)[n]["count"], answer["path"])


def test_scenes(shipped: Page) -> None:
    check_scene(SCENES, shipped.evaluate(scene_script(SCENES)))


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
    "the entropy of weights is in nats": ("entropy", "Math.log2", "Math.log"),
    "a weight of zero has an entropy": ("entropy", "(weight > 0 ? sum", "(weight >= 0 ? sum"),
    "the hull turns right": ("hull", "- (d - b) * (x - a) > 0", "- (d - b) * (x - a) < 0"),
    "the hull keeps what lies on its edges": ("hull", "- (d - b) * (x - a) > 0", "- (d - b) * (x - a) >= 0"),
    "the hull keeps points that are there twice": ("hull", "x !== all[i - 1][0] || y", "true || y"),
    "the ball is a size too large": ("scene", "Math.sqrt(u * u + v * v) - size", "Math.sqrt(u * u + v * v) - size - 1"),
    "the triangle stands on its head": ("scene", "Math.max(v - (ROOT3 / 2)", "Math.max(-v - (ROOT3 / 2)"),
    "edges are not soft": ("scene", "Math.min(1, 0.5 - away)", "1"),
    "the specks stand half a pixel aside": ("scene", "side * left - 0.5", "side * left"),
    "the blur darkens the border": ("scene", "i * side + j] / total[i]", "i * side + j] / total[side / 2]"),
    "the wide blur is a little weaker": ("scene", "Math.sqrt(2 / Math.PI) * step", "Math.sqrt(1.999 / Math.PI) * step"),
    "the wide blur steps too far": ("scene", "const step = 0.5 * sigma;", "const step = sigma;"),
    "yellow is half red": ("scene", "r - Math.max(g, b)", "r - (g + b) / 2"),
    "the slope at the border is whole": ("scene", "- map[at - above]) / 2", "- map[at - above])"),
    "the triangle's sign is lost": ("scene", "six[i] = -edge[i]", "six[i] = edge[i]"),
    "a common contrast counts like a rare one": ("scene", "(COMMON + common)", "(COMMON + 0 * common)"),
    "what is below zero enters the mix": ("scene", "share[i] = Math.max(0, map[i]) / most", "share[i] = map[i] / most"),
    "the mix is turned round": ("scene", "(1 - mix) * up[i] + mix * down[i]", "mix * up[i] + (1 - mix) * down[i]"),
    "the eye never leaves": ("scene", "left[at] *= 1 - down[i] * across[j]", "left[at] *= 1"),
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
        "entropy": (entropy_script(), check_entropy),
        "hull": (hull_script(), check_hull),
        "scene": (scene_script(FEW), lambda answers: check_scene(FEW, answers)),
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


@pytest.mark.parametrize("name", ["kit", "math", "scoring", "cognitive"])
def test_the_site_ships_these_very_files(site: Path, name: str) -> None:
    found = sorted(site.glob(f"**/{name}.js"))
    assert [path.read_text(encoding="utf-8") for path in found] == [classic_script(name)]
