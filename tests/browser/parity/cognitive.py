"""The picture, its maps, and where the eye goes, compared in whole scenes."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault

from attnbook.core import cognitive, pictures
from attnbook.data.scene import COLOURS, SHAPES, Thing, draw
from attnbook.widgets.cognitive import CognitiveExplorer

SCENES = 30
MAPS = ("red", "green", "blue", "saliency", *(f"how {name}" for name in (*COLOURS, *SHAPES)), "search", "priority")
RADIUS = 10.0
SHARE = 5  # every fifth pixel of a map is compared, other ones in each scene


@cache
def scenes() -> list[dict[str, Any]]:
    """Random scenes, with crowded, cut, empty and cluttered ones among them, and what is asked of each."""
    rng = np.random.default_rng(5)
    found = []
    for n in range(SCENES):
        some = 0 if n % 20 == 7 else int(rng.integers(1, 13))
        size, low, high = rng.uniform(4, 24 if n % 4 == 0 else 11), 0, 127
        kinds = [(str(rng.choice(SHAPES)), str(rng.choice(list(COLOURS)))) for _ in range(some)]
        places = rng.uniform(low, high, size=(some, 2)).round(int(rng.integers(2)))
        things = [Thing(*kind, *place, float(size)) for kind, place in zip(kinds, places.tolist(), strict=True)]
        found.append({
            "n": n,
            "things": [thing._asdict() for thing in things],
            "clutter": [0, 0, 3, 40, 200][n % 5],
            "seed": int(rng.integers(2**32)),
            "query": [np.zeros(7), rng.integers(2, size=7).astype(float), rng.standard_normal(7)][n % 3].tolist(),
            "mix": [0.0, 1.0, float(rng.random())][n // 3 % 3],
            "count": n % 7 + 1,
        })  # fmt: skip
    return found


SCRIPT = f"""(given, n) => {{
  const {{ colourMaps, draw, fixations, follower, priority, saliency, search, shapeMaps, strewn }} = exports;
  const [ground, smooth] = [strewn(given), n % 2 ? follower() : undefined];
  let [picture, up, shapes] = [null, null, null];
  for (const some of n % 2 ? [[], given.things.slice(1), given.things] : [given.things]) {{ // a follower has to follow
    picture = draw(some, ground);
    [up, shapes] = [saliency(picture.image, {{ smooth }}), shapeMaps(picture.image, {{ smooth }})];
  }}
  const maps = [...colourMaps(picture.image), ...shapes];
  const down = search(maps, given.query);
  const mixed = priority(up, down, given);
  const some = (map) => [...map.filter((_, i) => (i + n) % {SHARE} === 0)];
  const all = [...picture.image, up, ...maps, down, mixed].flatMap(some);
  const bytes = new Uint8Array(Float32Array.from(all).buffer);
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  const path = fixations(mixed, given.count, {{ radius: {RADIUS} }});
  return {{ maps: btoa(text), labels: picture.labels.join(), path }};
}}"""


@cache
def in_core(n: int) -> tuple[np.ndarray, np.ndarray]:
    """All maps of a scene, (f, y, x), in the order of MAPS, and the labels."""
    case = scenes()[n]
    drawn = draw([Thing(**thing) for thing in case["things"]], clutter=case["clutter"], seed=case["seed"])
    maps = np.concatenate([pictures.colour_maps(drawn.image), pictures.shape_maps(drawn.image)])
    up, down = cognitive.saliency(drawn.image), cognitive.search(maps, np.array(case["query"]))
    mixed = cognitive.priority(up, down, mix=case["mix"])
    return np.stack([*np.moveaxis(drawn.image, -1, 0), up, *maps, down, mixed]), drawn.labels


def compare_path(priority: np.ndarray, count: int, path: list[list[int]]) -> None:
    """Each look is core's; where two places are as good as each other to the last bits, either may come first."""
    left, told = priority, []
    for place in path:
        (best,) = cognitive.fixations(left, 1, radius=RADIUS)
        assert left[tuple(place)] >= left[tuple(best)] * (1 - 1e-6), (place, best)
        squared = (np.indices(left.shape) - np.array(place)[:, None, None]) ** 2
        left = left * (1 - np.exp(-squared.sum(axis=0) / (2 * RADIUS**2)))
        told.append(place)
    assert len(told) == count if priority.max() > 0 else not told


def compare_scene(case: dict[str, Any], answer: dict[str, Any]) -> None:
    n = case["n"]
    maps, labels = in_core(n)
    ours = maps.reshape(len(MAPS), -1)[:, (np.arange(labels.size) + n) % SHARE == 0]
    theirs = np.frombuffer(base64.b64decode(answer["maps"]), dtype=np.float32).reshape(ours.shape)
    assert np.isfinite(theirs).all()
    for name, one, other in zip(MAPS, ours, theirs, strict=True):
        assert np.abs(one - other).max() <= 1e-4, (n, name)
    assert np.mean(np.array(answer["labels"].split(","), dtype=int) != labels.ravel()) < 1e-4
    compare_path(maps[-1], case["count"], answer["path"])


@cache
def states() -> list[dict[str, Any]]:
    """States of the explorer of chapter 1, made of the scenes."""
    rng = np.random.default_rng(7)
    return [
        {
            "objects": case["things"],
            "clutter": case["clutter"],
            "seed": case["seed"],
            "colour": str(rng.choice(["any", *COLOURS])),
            "shape": str(rng.choice(["any", *SHAPES])),
            "mix": case["mix"],
            "fixations": case["count"] - 1,
        }
        for case in scenes()[:24]
    ]


LOOKING_SCRIPT = """(given) => {
  const { looker } = exports;
  const eye = looker(128, 1);
  eye({ ...given, objects: given.objects.slice(1), mix: 0.4, colour: 'blue', fixations: 6 }); // nothing of it may stay
  const { at, light, path, things, odd } = eye(given);
  return { at: Object.values(at), light: [...light.filter((_, i) => i % 97 === 0)], path, things, odd };
}"""


@cache
def in_python(n: int) -> CognitiveExplorer:
    return CognitiveExplorer(**states()[n])


def compare_state(case: dict[str, Any], answer: dict[str, Any]) -> None:
    explorer = in_python(states().index(case))
    maps = (explorer.bottom_up, explorer.top_down, explorer.priority)
    for values, theirs in zip(maps, answer["at"], strict=True):
        assert len(theirs) == len(case["objects"])
        assert np.abs(explorer.at_thing(values) - theirs).max(initial=0) <= 1e-4
    compare_path(explorer.priority, max(1, case["fixations"]), answer["path"])
    shown = answer["path"][: case["fixations"]]
    if shown == explorer.path.tolist():
        assert answer["things"][: len(shown)] == explorer.looked_at()
        assert np.abs(explorer._light().ravel()[::97] - answer["light"]).max() <= 1e-4
    up = explorer.at_thing(explorer.bottom_up)
    assert answer["odd"] is None if not up.any() else up[answer["odd"]] >= up.max() - 1e-4


CHECKS = {
    "scene": Check(("math/scene", "math/pictures", "math/saliency"), SCRIPT, scenes, compare_scene, few=12),
    "looking": Check(("math/looking",), LOOKING_SCRIPT, states, compare_state, few=24),
}

SCENE, PICTURES, SALIENCY = "math/scene", "math/pictures", "math/saliency"
LOOKING, MEMOIZE = "math/looking", "math/memoize"
FAULTS = {
    "the ball is a size too large": Fault("scene", SCENE, "u + v * v) - size", "u + v * v) - size - 1"),
    "the triangle stands on its head": Fault("scene", SCENE, "Math.max(v - (ROOT3 / 2)", "Math.max(-v - (ROOT3 / 2)"),
    "edges are not soft": Fault("scene", SCENE, "Math.min(1, 0.5 - away)", "1"),
    "the specks stand half a pixel aside": Fault("scene", SCENE, "side * left - 0.5", "side * left"),
    "the blur darkens the border": Fault(
        "scene", PICTURES, "i * side + j] / total[i]", "i * side + j] / total[side / 2]"
    ),
    "the wide blur is a little weaker": Fault(
        "scene", PICTURES, "Math.sqrt(2 / Math.PI)", "Math.sqrt(1.999 / Math.PI)"
    ),
    "the wide blur steps too far": Fault("scene", PICTURES, "const step = 0.6 * sigma;", "const step = sigma;"),
    "the follower does not keep up": Fault("scene", PICTURES, "was.map.set(map);", ""),
    "what is in the last row of a block is left out": Fault(
        "scene", PICTURES, "at < end ? 1 : 0", "at < end - wide ? 1 : 0"
    ),
    "yellow is half red": Fault("scene", PICTURES, "r - Math.max(g, b)", "r - (g + b) / 2"),
    "the slope at the border is whole": Fault("scene", PICTURES, "- map[at - above]) / 2", "- map[at - above])"),
    "the triangle's sign is lost": Fault("scene", PICTURES, "six[i] = -edge[i]", "six[i] = edge[i]"),
    "a common contrast counts like a rare one": Fault("scene", SALIENCY, "(COMMON + Math", "(COMMON + 0 * Math"),
    "what is below zero enters the mix": Fault("scene", SALIENCY, "Math.max(0, map[i]) / most", "map[i] / most"),
    "the mix is turned round": Fault("scene", SALIENCY, "(1 - mix) * up[i] + mix *", "mix * up[i] + (1 - mix) *"),
    "the eye never leaves": Fault("scene", SALIENCY, "left[at] *= 1 - down[i] * across[j]", "left[at] *= 1"),
    "a look that just misses a thing is one at the ground": Fault("looking", LOOKING, ">= NEAR", ">= 0"),
    "a thing has its last number": Fault("looking", LOOKING, "Math.max(highest[labels[i]], map[i])", "map[i]"),
    "the light reaches half as far": Fault("looking", LOOKING, "const BEAM = 15", "const BEAM = 7.5"),
    "without a task the mix counts": Fault("looking", LOOKING, "hasTask(s) ? s.mix : 0;", "s.mix;"),
    "the last answer is kept too long": Fault("looking", MEMOIZE, "now.some(", "now.every("),
}
