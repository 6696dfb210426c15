"""Entropy, the convex hull, the rules of the small language, and the translator; softmax is that of chapter 2."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.browser.parity.machinery import Check, Fault, agree
from tests.browser.parity.scoring import CASES, softmax_cases

from attnbook import core
from attnbook.data.phrase import SOURCE_WORDS, TARGET_WORDS, phrases, translate
from attnbook.widgets.alignment import convex_hull
from attnbook.widgets.alignment_sentence import SentenceExplorer
from attnbook.widgets.packed import pack, unpack
from attnbook.widgets.translator import shapes, write


def entropy_cases() -> list[dict[str, Any]]:
    return [{"weights": core.softmax(case["scores"], **case["options"])} for case in softmax_cases()]


def compare_entropy(case: dict[str, Any], answer: float) -> None:
    agree(core.entropy(case["weights"]), answer)


def hull_cases() -> list[dict[str, Any]]:
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
        found.append({"points": points})
    return found


def compare_hull(case: dict[str, Any], answer: list[list[float]]) -> None:
    assert convex_hull(case["points"]).tolist() == answer


def phrase_cases() -> list[dict[str, Any]]:
    """Sentences by the rules, and the same with words taken out, exchanged or put in."""
    rng = np.random.default_rng(3)
    kinds = SentenceExplorer.facts()["words"]
    found = []
    for row in phrases(CASES // 2, words=(3, 20), seed=4).source:
        words = [SOURCE_WORDS[number] for number in row if number]
        found.append({"words": words, "kinds": kinds})
        spoilt = [word for word in words if rng.random() < 0.9]
        spoilt.insert(int(rng.integers(len(spoilt) + 1)), SOURCE_WORDS[int(rng.integers(3, len(SOURCE_WORDS)))])
        found.append({"words": spoilt, "kinds": kinds})
    return found


def compare_phrase(case: dict[str, Any], answer: dict[str, Any]) -> None:
    try:
        order, why = translate(case["words"]).links.argmax(axis=1).tolist(), ""
    except ValueError as error:
        order, why = None, str(error)
    assert answer == {"order": order, "why": why}


def translator_cases() -> list[dict[str, Any]]:
    """Models with random parameters, large enough that each word depends on those before it."""
    rng = np.random.default_rng(6)
    found = []
    for n in range(80):
        sizes = shapes(2 + 2 * (n % 4), source=len(SOURCE_WORDS), target=len(TARGET_WORDS))
        source = rng.integers(3, len(SOURCE_WORDS), size=1 + n % 20)
        mask = None if n % 2 else rng.random(len(source)) < 0.6
        found.append(
            {
                "packed": pack({name: 2 * rng.standard_normal(size) for name, size in sizes.items()}),
                "source": source,
                "options": {"mask": mask, "temperature": [1.0, 0.2, 5.0][n % 3], "most": 12},
            }
        )
    return found


def compare_translation(case: dict[str, Any], answer: dict[str, Any]) -> None:
    parameters = unpack(case["packed"])
    words, weights = write(parameters, case["source"], **case["options"])
    assert answer["words"] == words
    agree(weights, answer["weights"])


CHECKS = {
    "entropy": Check(("math/entropy",), "({ weights }) => exports.entropy(weights)", entropy_cases, compare_entropy),
    "hull": Check(("math/hull",), "({ points }) => exports.convexHull(points)", hull_cases, compare_hull),
    "rules": Check(
        ("math/phrase",), "({ words, kinds }) => exports.reorder(words, kinds)", phrase_cases, compare_phrase, few=200
    ),
    "translator": Check(
        ("math/packed", "math/translator"),
        """({ packed, source, options }) => {
          const parameters = exports.unpack(packed);
          return exports.write(parameters, exports.read(parameters, source), options);
        }""",
        translator_cases,
        compare_translation,
    ),
}

FAULTS = {
    "the entropy is in nats": Fault("entropy", "math/entropy", "Math.log2", "Math.log"),
    "a weight of zero has an entropy": Fault("entropy", "math/entropy", "(weight > 0 ? sum", "(weight >= 0 ? sum"),
    "the hull turns right": Fault("hull", "math/hull", "(d - b) * (x - a) > 0", "(d - b) * (x - a) < 0"),
    "the hull keeps what lies on its edges": Fault("hull", "math/hull", "(x - a) > 0", "(x - a) >= 0"),
    "the hull keeps repeated points": Fault("hull", "math/hull", "x !== all[i - 1][0] || y", "true || y"),
    "adjectives keep their order": Fault("rules", "math/phrase", "adjectives.unshift(take", "adjectives.push(take"),
    "a preposition goes before its noun": Fault(
        "rules", "math/phrase", "[...order, ...nounPhrase(), preposition]", "[...order, preposition, ...nounPhrase()]"
    ),
    "every verb has an object": Fault(
        "rules", "math/phrase", "...(Object.hasOwn(kinds.verb, words[verb]) ? nounPhrase() : [])", "...nounPhrase()"
    ),
    "what stands there is not told": Fault("rules", "math/phrase", "`stands '${words[place]}'`", '"stands another"'),
    "update and reset are exchanged": Fault("translator", "math/translator", "[reset, update]", "[update, reset]"),
    "the reset gate acts on the state": Fault(
        "translator", "math/translator", "reset * kept[2 * size + i]", "kept[2 * size + i]"
    ),
    "backwards is read forwards": Fault("translator", "math/translator", "[...source].reverse()", "[...source]"),
    "the ends are exchanged": Fault(
        "translator", "math/translator", "[...ahead.at(-1), ...back[0]]", "[...ahead[0], ...back.at(-1)]"
    ),
    "the first word may be the end": Fault("translator", "math/translator", "words.length ? END : END + 1", "END"),
    "the mask is forgotten": Fault("translator", "math/translator", "{ mask, temperature });", "{ temperature });"),
    "the temperature is forgotten": Fault("translator", "math/translator", "{ mask, temperature });", "{ mask });"),
}
