"""The pointer network and the readers, compared with torch; the walk, the true hull, what is said of an outline."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from tests.browser.parity.machinery import Check, Fault, agree

from attnbook.core.pointing import follow
from attnbook.data.reviews import GRADES, THINGS, WORDS
from attnbook.nn.pointing import PointerNetwork
from attnbook.nn.structures import Reader
from attnbook.widgets.packed import unpack
from attnbook.widgets.structures import PointerExplorer, true_round, verdict
from attnbook.widgets.structures_document import DocumentExplorer

SIZES = ((8, 2, 1), (8, 4, 2), (12, 3, 3), (32, 4, 2))  # width, heads, layers


def network(seed: int) -> tuple[PointerNetwork, dict[str, Any]]:
    """A network with parameters so large that its scores differ, and the same packed; both have the same numbers."""
    torch.manual_seed(seed)
    width, heads, layers = SIZES[seed % len(SIZES)]
    made = PointerNetwork(2, width=width, heads=heads, layers=layers).double()
    with torch.no_grad():
        for each in made.parameters():
            each.copy_(2 * torch.randn_like(each) / each.shape[-1] ** 0.5)
    packed = PointerExplorer(model=made).model
    made.load_state_dict({name: torch.tensor(each) for name, each in unpack(packed).items() if name != "heads"})
    return made, packed


def network_cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(1)
    found = []
    for n in range(60):
        made, packed = network(n)
        points = rng.uniform(-1, 1, (3 + n % 24, 2)).round(2)
        with torch.no_grad():
            wanted = made(torch.tensor(points)[None] / 2 + 0.5)[0].numpy()
        found.append({"packed": packed, "points": points, "wanted": wanted})
    return found


def compare_scores(case: dict[str, Any], answer: list[list[float]]) -> None:
    agree(case["wanted"], answer)


def walk_cases() -> list[dict[str, Any]]:
    """Scores, some of them equal, so that the first of the best is taken."""
    rng = np.random.default_rng(2)
    return [{"scores": rng.integers(0, 9, (3 + n % 12,) * 2), "start": n % 3} for n in range(150)]


def compare_walk(case: dict[str, Any], answer: dict[str, Any]) -> None:
    scores, start = case["scores"].astype(float), case["start"]
    path = follow(scores, start)
    assert answer["path"] == path
    for t, weights in enumerate(answer["weights"]):
        free = [j for j in range(len(scores)) if j not in path[: t + 1] or (j == start and t > 1)]
        powers = np.where(np.isin(np.arange(len(scores)), free), np.exp(scores[path[t]]), 0)
        agree(powers / powers.sum(), weights)


def round_cases() -> list[dict[str, Any]]:
    """Points, with many in a row and all in a row among them, and an outline of some of them."""
    rng = np.random.default_rng(3)
    found = []
    for n in range(200):
        points = np.unique(rng.uniform(-1, 1, (4 + n % 20, 2)).round(2 if n % 3 else 1), axis=0)
        if n % 5 == 0:
            points = np.unique(np.stack([points[:, 0], 0.3 * points[:, 0] + 0.1], axis=1), axis=0)
        if len(points) < 3:
            continue
        points = rng.permutation(points)
        corners, along = true_round(points)
        path = [along, corners, along[:1] + along[:0:-1], rng.permutation(len(points)).tolist()][n % 4]
        found.append({"points": points, "path": path if n % 7 else path[:-1]})
    return found


def compare_round(case: dict[str, Any], answer: dict[str, Any]) -> None:
    corners, along = true_round(case["points"])
    right, what = verdict(case["path"], corners, along)
    assert answer == {"corners": corners, "along": along, "right": right, "what": what}


def reader_cases() -> list[dict[str, Any]]:
    """Readers with large parameters, questions, and words at random."""
    rng, found = np.random.default_rng(5), []
    for n in range(40):
        torch.manual_seed(n)
        levels, width = ("two", "one")[n % 2], (4, 16, 32)[n % 3]
        made = Reader(len(WORDS), len(THINGS), len(GRADES), width=width, read={"two": "levels", "one": "flat"}[levels])
        with torch.no_grad():
            for each in made.parameters():
                each.copy_(2 * torch.randn_like(each) / each.shape[-1] ** 0.5)
        packed = DocumentExplorer(flat=made).flat
        made.load_state_dict({name: torch.tensor(each) for name, each in unpack(packed).items()})
        words, question = rng.integers(len(WORDS), size=(6, 8)), int(rng.integers(len(THINGS)))
        with torch.no_grad():
            logits, looked = made.double()(torch.tensor(words)[None], torch.tensor([question]))
        wanted = (logits.softmax(dim=-1), looked.words, looked.sentences)
        parts = dict(zip(("chances", "words", "sentences"), (each[0].numpy() for each in wanted), strict=True))
        found.append({"packed": packed, "document": words, "question": question, "levels": levels, "wanted": parts})
    return found


def compare_reader(case: dict[str, Any], answer: dict[str, Any]) -> None:
    for name, wanted in case["wanted"].items():
        agree(wanted, answer[name])


CHECKS = {
    "reader": Check(
        ("math/packed", "math/reading"),
        """({ packed, document, question, levels }) =>
          exports.readDocument(exports.unpack(packed), document, question, levels)""",
        reader_cases,
        compare_reader,
        few=8,
    ),
    "network": Check(
        ("math/packed", "math/pointing"),
        "({ packed, points }) => exports.pointScores(exports.unpack(packed), points)",
        network_cases,
        compare_scores,
        few=8,
    ),
    "walk": Check(("math/pointing",), "({ scores, start }) => exports.walk(scores, start)", walk_cases, compare_walk),
    "round": Check(
        ("structures", "math/pointing"),
        """({ points, path }) => {
          const round = exports.trueRound(points);
          return { ...round, ...exports.verdict(path, round) };
        }""",
        round_cases,
        compare_round,
    ),
}

FAULTS = {
    "the question weighs the words": Fault("reader", "math/reading", '"within", row), p.asks', '"within", row), q'),
    "the question is forgotten": Fault("reader", "math/reading", "value + q[i]", "value"),
    "the sentences count alike": Fault("reader", "math/reading", "attend(relevance(read)", "attend(read.map(() => 0)"),
    "each head reads the whole": Fault("network", "math/pointing", "from += d", "from += read.length"),
    "one head only": Fault("network", "math/pointing", "Math.round(p.heads[0])", "1"),
    "scores are divided by the root of the whole width": Fault(
        "network", "math/pointing", "Math.sqrt(d)", "Math.sqrt(queries[0].length)"
    ),
    "one layer only": Fault("network", "math/pointing", "n++) {\n    const [q", "n += 9) {\n    const [q"),
    "a layer forgets what it was given": Fault(
        "network", "math/pointing", "x = add(x, map(`attention.", "x = add(add(x, x), map(`attention."
    ),
    "what is below zero stays": Fault("network", "math/pointing", "Math.max(value, 0)", "value"),
    "query and key are exchanged": Fault("network", "math/pointing", 'p["score.W_q"]', 'p["score.W_k"]'),
    "the score has no bias": Fault("network", "math/pointing", " + bias[i]", ""),
    "used places are pointed at again": Fault("walk", "math/pointing", "!path.includes(j)", "true"),
    "it may go back at once": Fault("walk", "math/pointing", "path.length > 2", "path.length > 1"),
    "the last of the best is taken": Fault("walk", "math/pointing", "score > row[best]", "score >= row[best]"),
    "points on an edge are forgotten": Fault("round", "math/pointing", "far < 1 ?", "far < 0 ?"),
    "an edge has its points in any order": Fault(
        "round", "math/pointing", "on.sort(([a], [b]) => a - b)", "on.sort(([a], [b]) => b - a)"
    ),
    "lines are not quite lines": Fault("round", "math/pointing", "Math.floor(value * 1e6 + 0.5)", "value"),
    "any order is right": Fault("round", "structures", "place > places[t - 1]", "true"),
    "what lies inside is not told": Fault("round", "structures", "!along.includes(i)", "false"),
}
