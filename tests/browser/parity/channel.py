"""A picture as a text and in channels; gates on channels and a mask on places; and the whole mixer."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault, agree

from attnbook.core import channel, spatial
from attnbook.widgets.channel import ChannelExplorer
from attnbook.widgets.mosaic import DIGITS, SIDE, image_of, split, written

CASES = 24
PICTURES, KINDS = ("scene", "china", "flower", "own"), ("sigmoid", "softmax", "sink")
SOME = slice(3, None, 29)  # of the places of a map


def texts(seed: int) -> list[str]:
    """Pictures of noise, of one colour, and some that are too short or hold strange letters."""
    rng = np.random.default_rng(seed)
    noise = ["".join(rng.choice(list(DIGITS), size=3 * SIDE**2)) for _ in range(3)]
    return [*noise, "", DIGITS[63] * 3 * SIDE**2, "look (at) ['this']!", noise[0][:1000]]


def picture_cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(1)
    pixels = rng.integers(256, size=(len(texts(2)), SIDE, SIDE, 4))
    return [{"text": text, "pixels": each.ravel()} for text, each in zip(texts(2), pixels, strict=True)]


def compare_picture(case: dict[str, Any], answer: dict[str, Any]) -> None:
    image = image_of(case["text"])
    agree(image.reshape(-1, 3).T, answer["image"])
    agree(split(image).reshape(8, -1), answer["maps"])
    assert written(case["pixels"].reshape(SIDE, SIDE, 4)[..., :3] / 255) == answer["written"]


def gate_cases() -> list[dict[str, Any]]:
    """Blocks of all sizes, with kernels of 1, 3 and 5 places."""
    rng = np.random.default_rng(3)
    found = []
    for n in range(CASES):
        c, h, side, k = 1 + n % 5, 1 + n % 4, 3 + n % 4, (1, 3, 5)[n % 3]
        shapes = {"maps": (c, side, side), "w_1": (h, c), "w_2": (c, h), "b_1": (h,), "b_2": (c,), "kernel": (2, k, k)}
        numbers = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        found.append({**numbers, "flat": numbers["maps"].reshape(c, -1), "bias": rng.normal(), "sink": rng.normal()})
    return found


def compare_gates(case: dict[str, Any], answer: dict[str, Any]) -> None:
    maps = case["maps"]
    means = channel.squeeze(maps)
    scores = channel.channel_scores(means, *(case[name] for name in ("w_1", "w_2", "b_1", "b_2")))
    agree(means, answer["means"])
    agree(scores, answer["scores"])
    agree(channel.softmax_gates(scores), answer["softmax"])
    agree(channel.softmax_gates(scores, sink=case["sink"]), answer["sink"])
    mask = spatial.spatial_mask(maps, case["kernel"], np.array(case["bias"]))
    agree(mask.ravel(), answer["mask"])
    agree((mask * channel.scale(maps, scores)).reshape(len(maps), -1), answer["output"])


def mixer_cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(4)
    own = texts(5)
    return [
        {
            "picture": PICTURES[n % 4],
            "own": own[n // 4 % len(own)] * (n % 4 == 3),
            "shuffle": int(rng.integers(2**32)) * (n % 2),
            "turn": int(rng.integers(6)),
            "push": (rng.normal(size=8) * (n % 3)).tolist(),
            "kind": KINDS[n // 2 % 3],
            "reduction": 1 + n % 8,
            "rule": ("opposite", "shut", "open")[n // 3 % 3],
            "mask": ("none", *spatial.ORDERS)[n // 5 % 4],
        }
        for n in range(CASES)
    ]


def compare_mixer(case: dict[str, Any], answer: dict[str, Any]) -> None:
    explorer = ChannelExplorer(**case)
    for name in ("means", "scores", "gates"):
        agree(getattr(explorer, name), answer[name])
    agree(explorer.places.ravel()[SOME], answer["places"])
    for name in ("maps", "output"):
        agree(getattr(explorer, name).reshape(8, -1)[:, SOME], answer[name])


CHECKS = {
    "picture": Check(
        ("math/mosaic",),
        """({ text, pixels }) => {
          const image = exports.imageOf(text, pixels.length / 4);
          const lists = (maps) => maps.map((map) => [...map]);
          return { image: lists(image), maps: lists(exports.split(image)), written: exports.written(pixels) };
        }""",
        picture_cases,
        compare_picture,
    ),
    "gates": Check(
        ("math/gates",),
        """(given) => {
          const { squeeze, channelScores, softmaxGates, spatialMask, scale } = exports;
          const maps = given.flat.map((map) => Float64Array.from(map));
          const [means, mask] = [squeeze(maps), spatialMask(maps, given.kernel, given.bias)];
          const scores = channelScores(means, { w1: given.w_1, w2: given.w_2, b1: given.b_1, b2: given.b_2 });
          return { means, scores, softmax: softmaxGates(scores), sink: softmaxGates(scores, given.sink),
            mask: [...mask], output: scale(maps, scores, mask).map((map) => [...map]) };
        }""",
        gate_cases,
        compare_gates,
    ),
    "mixer": Check(
        ("channel",),
        f"""(state) => {{
          const {{ maps, means, scores, gates, places }} = exports.compute(state);
          const output = attnbook['math/gates'].scale(maps, gates, places);
          const some = (map) => [...map].filter((_, i) => i % {SOME.step} === {SOME.start});
          const shown = some(places ?? maps[0].map(() => 1));
          return {{ maps: maps.map(some), means, scores, gates, places: shown, output: output.map(some) }};
        }}""",
        mixer_cases,
        compare_mixer,
    ),
}

MOSAIC, GATES, MIXER = "math/mosaic", "math/gates", "channel"
FAULTS = {
    "cover counts as a light": Fault("picture", MOSAIC, "if (i % 4 < 3)", "if (i % 4 < 4)"),
    "a strange letter is lighter than white": Fault("picture", MOSAIC, "Math.max(0, DIGITS", "Math.abs(DIGITS"),
    "yellow is what green has more than blue": Fault("picture", MOSAIC, "Math.min(r, g) - b", "g - b"),
    "white is white and grey": Fault("picture", MOSAIC, "low - 0.5", "low"),
    "the first layer bends nothing": Fault("gates", GATES, "(unit) => Math.max(0, unit)", "(unit) => unit"),
    "the sink is one of the gates": Fault("gates", GATES, ".slice(0, -1)", ".slice(1)"),
    "the maximum begins at zero": Fault("gates", GATES, ".fill(-Infinity)", ""),
    "the window is turned round": Fault("gates", GATES, "[i - reach, j - reach]", "[reach - i, reach - j]"),
    "the mask forgets its bias": Fault("gates", GATES, ".fill(bias)", ""),
    "a place takes no part": Fault("gates", GATES, "gates[c] * places[i] * value", "gates[c] * value"),
    "the places are sorted from the other end": Fault(
        "mixer", MOSAIC, "numbers[i] - numbers[j]", "numbers[j] - numbers[i]"
    ),
    "the colours turn the other way": Fault("mixer", MIXER, "(c - turn + hues) % hues", "(c + turn) % hues"),
    "the last units are missing": Fault("mixer", MIXER, "Math.ceil(NAMES", "Math.floor(NAMES"),
    "a gate hears itself": Fault("mixer", MIXER, "opposite[c] : c", "c : c"),
    "a hand pulls what is shut the other way": Fault("mixer", MIXER, "each - sign * open", "sign * (each - open)"),
    "spatial first squeezes the picture itself": Fault(
        "mixer", MIXER, 'meansOf(maps, s.mask === "spatial first" ? places : null)', "meansOf(maps, null)"
    ),
    "channel first masks the picture itself": Fault(
        "mixer", MIXER, "spatialMask(scale(maps, gates)", "spatialMask(maps"
    ),
}
