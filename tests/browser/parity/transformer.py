"""The model that writes, compared with torch, also where it goes on from what it has read; and what is told of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from tests.browser.parity.machinery import Check, Fault, agree

from attnbook.data.book_text import ALPHABET
from attnbook.nn.writing import TextModel
from attnbook.widgets.packed import unpack
from attnbook.widgets.transformer import TransformerExplorer
from attnbook.widgets.writer import chosen

SIZES = ((8, 2, 2), (8, 4, 1), (12, 3, 2), (64, 4, 2))  # width, heads, layers


def model(seed: int) -> tuple[TextModel, dict[str, Any]]:
    """A model with parameters so large that its weights differ, and the same packed; both have the same numbers."""
    torch.manual_seed(seed)
    width, heads, layers = SIZES[seed % len(SIZES)]
    made = TextModel(len(ALPHABET), width=width, heads=heads, layers=layers).double()
    with torch.no_grad():
        for each in made.parameters():
            each.copy_(1.5 * torch.randn_like(each) / each.shape[-1] ** 0.5 + (each.ndim == 1))
    packed = TransformerExplorer(model=made).model
    made.load_state_dict({name: torch.tensor(each) for name, each in unpack(packed).items() if name != "heads"})
    return made, packed


def read_cases() -> list[dict[str, Any]]:
    """Texts of 1 to 128 characters, and what was read before each: another text that begins like it."""
    rng = np.random.default_rng(1)
    found = []
    for n in range(24):
        made, packed = model(n)
        tokens = rng.integers(len(ALPHABET), size=128 if n == 3 else 1 + int(rng.integers(60)))
        earlier = (
            tokens[: int(rng.integers(len(tokens) + 1))].tolist() + rng.integers(len(ALPHABET), size=n % 5).tolist()
        )
        with torch.no_grad():
            scores, maps = made(torch.tensor(tokens)[None])
        wanted = torch.cat(maps, dim=1)[0].numpy(), scores[0].numpy()
        found.append({"packed": packed, "tokens": tokens, "earlier": earlier, "wanted": wanted})
    return found


def compare_read(case: dict[str, Any], answer: dict[str, Any]) -> None:
    maps, scores = case["wanted"]
    agree(maps.reshape(len(maps), -1), answer["maps"])
    agree(scores, answer["scores"])
    if len(scores) > 1:
        agree(np.diagonal(maps, offset=-1, axis1=1, axis2=2).mean(axis=1), answer["before"])


def draw_cases() -> list[dict[str, Any]]:
    """Chances in eighths, so that a draw falls on their edges too."""
    rng = np.random.default_rng(2)
    return [{"chances": rng.multinomial(8, [0.2] * 5) / 8, "at": n % 8 / 8} for n in range(150)]


def compare_draw(case: dict[str, Any], answer: int) -> None:
    assert answer == chosen(case["chances"], case["at"])


def moved_cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(3)
    found = []
    for n in range(40):
        now = rng.random((1 + n % 6, 2, 4)).round(2)  # (rows, heads, keys)
        found.append({"now": now, "was": now + 0.02 * (rng.random(now.shape) < 0.15) + 0.001, "head": n % 2})
    return found


def compare_moved(case: dict[str, Any], answer: list[int]) -> None:
    change = np.abs(case["now"] - case["was"])[:, case["head"]].max(axis=1)
    assert answer == np.flatnonzero(change >= 0.01).tolist()


CHECKS = {
    "read": Check(
        ("math/packed", "math/writer"),
        """({ packed, tokens, earlier }) => {
          const p = exports.unpack(packed);
          const run = exports.readText(p, tokens, exports.readText(p, earlier));
          const maps = exports.mapsOf(run).map((map) => [...map]);
          return { maps, scores: run.rows.map(({ scores }) => [...scores]), before: exports.justBefore(run) };
        }""",
        read_cases,
        compare_read,
        few=8,
    ),
    "draw": Check(("math/writer",), "({ chances, at }) => exports.chosen(chances, at)", draw_cases, compare_draw),
    "moved": Check(
        ("math/writer",),
        """({ now, was, head }) => {
          const [a, b] = [now, was].map((all) => ({ rows: all.map((weights) => ({ weights })) }));
          return exports.moved(a, b, head);
        }""",
        moved_cases,
        compare_moved,
        few=40,
    ),
}

FAULTS = {
    "a bias is forgotten": Fault("read", "math/packed", "b[i] + inner(W[i], x)", "inner(W[i], x)"),
    "nothing is subtracted before it is divided": Fault(
        "read", "math/writer", "((value - mean) / spread)", "(value / spread)"
    ),
    "the spread is the variance": Fault("read", "math/writer", "const spread = Math.sqrt(", "const spread = ("),
    "neighbours are turned together": Fault("read", "math/writer", "x[from + j + half]];", "x[from + j + 1]];"),
    "it turns the other way": Fault("read", "math/writer", "sin * a + cos * b", "cos * b - sin * a"),
    "all pairs turn alike": Fault("read", "math/writer", "(-j / half)", "(-1 / half)"),
    "the key is not turned": Fault("read", "math/writer", "turned(key, place, heads)", "key"),
    "scores are divided by the root of the whole width": Fault(
        "read", "math/writer", "Math.sqrt(x.length / heads)", "Math.sqrt(x.length)"
    ),
    "all heads are turned as one": Fault("read", "math/writer", "x.length / heads / 2", "x.length / 2"),
    "it does not see itself": Fault("read", "math/writer", "[...before, here]", "before.length ? before : [here]"),
    "a block forgets what it was given": Fault(
        "read",
        "math/writer",
        "x = add(x, linear(p, `${block}.narrow`",
        "x = add(x.fill(0), linear(p, `${block}.narrow`",
    ),
    "what is below zero stays": Fault("read", "math/writer", "Math.max(value, 0)", "value"),
    "the second norm is the first": Fault("read", "math/writer", ".norms.1", ".norms.0"),
    "nothing is normalised at the end": Fault("read", "math/writer", 'norm(p, "norm", x)', "x"),
    "an earlier reading is kept where it differs": Fault(
        "read", "math/writer", "&& tokens[same] === earlier.tokens[same]", "&& same < earlier.rows.length"
    ),
    "the character itself is the one before": Fault(
        "read", "math/writer", "rows: [first, ...rows] }", "rows, rows: [first] }"
    ),
    "a draw on an edge belongs to the one before": Fault("draw", "math/writer", "sum <= at", "sum < at"),
    "any change moves a row": Fault("moved", "math/writer", ">= 0.01", ">= 0.0005"),
    "the first head counts": Fault("moved", "math/writer", "was.rows[i].weights[head]", "was.rows[i].weights[0]"),
}
