"""Patches of a picture that ask stored colours, beside patches that ask each other: both maps, and what they cost."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook.core import attend
from attnbook.core.external import double_normalise, external_attention, over_positions, over_slots
from attnbook.core.scoring import cosine, dot, scaled_dot
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Numbers, OneOf, Option, Ranged, Task, computed
from attnbook.widgets.svg import decimal, percent

__all__ = ["MOST_PATCHES", "PICTURES", "SLOTS", "WIDTH", "ExternalExplorer"]

MOST_PATCHES, WIDTH = 10, 512
LETTERS = "ABCDEF"
NUMBERS = [str(i + 1) for i in range(MOST_PATCHES)]


def _colours(hues: Sequence[float], strengths: Sequence[float]) -> list[list[float]]:
    """Return colours as points in the plane: the hue in degrees is the direction, the strength the length."""
    angles = np.radians(hues)
    points: list[list[float]] = (np.array(strengths) * [np.cos(angles), np.sin(angles)]).T.round(2).tolist()
    return points


SLOTS = _colours([0, 120, 240, 60, 180, 300], [1.5] * 6)  # red, green, blue, yellow, cyan, magenta
HUES = {
    "apples": [112, 145, 16, 92, 340, 135, 25, 330, 175, 22],
    "beach": [212, 228, 52, 250, 66, 192, 45, 222, 75, 35],
    "flowers": [308, 118, 52, 290, 132, 348, 102, 320, 70, 240],
}
PICTURES = {name: _colours(hues, [1.1, 1.4, 1.2, 1.5, 1.3, 0.8, 0.5, 0.8, 0.9, 1.7]) for name, hues in HUES.items()}
COLOURS: dict[str, Any] = {"shape": (MOST_PATCHES, 2), "most": 30, "meaning": f"{MOST_PATCHES} rows of 2 numbers"}
BOTH = "The stored colours are keys and values."
WAYS = {
    "slots": (over_slots, dot),
    "positions": (over_positions, dot),
    "double": (double_normalise, dot),
    "cosine": (over_slots, cosine),
}


class ExternalExplorer(Explorer):
    """Move a patch's colour and see which rows of two maps move: over stored colours, and over the patches.

    A patch is a point in the plane of colours: its direction is the hue, its length how strong it is. The stored
    colours are the same for every picture. How far a row has moved is the largest change of a weight since ``before``.

    >>> explorer = ExternalExplorer(positions=3)
    >>> explorer.vectors = np.array(explorer.vectors) * [[1], [10], *[[1]] * 8]
    >>> explorer.moved.round(2), explorer.self_moved.round(2)  # over slots only the row of the outlier moves
    (array([0.  , 0.25, 0.  ]), array([0.57, 0.42, 0.11]))
    """

    _module: ClassVar[str] = "external"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "each row is a patch: it reads stored colours (external attention) or all patches (self-attention). If "
            "patch 3 changes its colour, which other rows will move? Decide, then drag 3.",
            "With external attention no row but {row} moved, by up to {own}: over slots, a patch meets stored colours "
            "and no other patch. With self-attention {others} other rows moved, for there patch {row} is a key.",
        ),
        Task(
            "make patch 3 an outlier: pull its Length to 15. Then choose double, then cosine. With which of them do "
            "other rows of external attention move, and with which not even its own?",
            "It moves other rows by up to {slots} over slots, {positions} over positions and {double} with double. "
            "With cosine it moves them by {cosine}, and its own by {own}: only its direction counts.",
        ),
        Task(
            "the cells are the scores to be computed. With which N and S has self-attention four times as many?",
            "N · N = {all} scores against N · S = {few}: a ratio of N / S. At N = 128 · 128 and S = 64 it is 256; see "
            "the curves under More. And press Another picture: the stored colours stay.",
        ),
    )

    vectors = Numbers(PICTURES["apples"], **COLOURS, help="The colours of the patches, of which the first N are there.")
    before = Numbers(PICTURES["apples"], **COLOURS, help="Those before the last gesture; from them changes count.")
    chosen = Ranged(0, MOST_PATCHES - 1, 2, whole=True, help="Which patch is shown reading. It counts from 0.")
    positions = Ranged(1, MOST_PATCHES, 8, step=1, whole=True, label="Patches N", help="How many there are.")
    slots = Ranged(1, len(SLOTS), 4, step=1, whole=True, label="Slots S", help="How many colours are stored.")
    way = OneOf(
        {
            "slots": Option("over slots", "A = softmax(F M_kᵀ) by rows", f"Rows sum to one. {BOTH}"),
            "positions": Option("over positions", "A = softmax(F M_kᵀ) by columns", f"Columns sum to one. {BOTH}"),
            "double": Option("double", "by columns, then each row / its sum", f"Rows sum to one again. {BOTH}"),
            "cosine": Option("cosine", "A = softmax(cos(F, M_k)) by rows", f"Lengths do not count. {BOTH}"),
        },
        "slots",
        label="Normalisation",
        help="What makes weights of the scores of external attention.",
    )
    model_positions = Ranged(1, 65536, 4096, step=1, log=2, whole=True, label="N in a model", help="For the curves.")
    model_slots = Ranged(1, 2048, 64, step=1, log=2, whole=True, label="S in a model", help="The same.")
    projections = OneOf(["without", "with"], "without", label="Projections", help="Whether their cost is counted.")

    weights = computed("What each patch reads of each stored colour.")
    self_weights = computed("What each patch reads of each patch, in self-attention.")
    moved = computed("For each patch, the largest change of one of its weights since ``before``.")
    self_moved = computed("The same in self-attention.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """What the front end needs to know, the stored colours and the pictures too."""
        return {**super().facts(), "slots": SLOTS, "pictures": PICTURES, "width": WIDTH}

    @property
    def patch(self) -> int:
        """The patch that is shown reading."""
        return int(min(self.chosen, self.positions - 1))

    def _maps(self, vectors: list[list[float]]) -> tuple[Float64[np.ndarray, "n k"], Float64[np.ndarray, "n n"]]:
        """Return both maps of these patches."""
        features, stored = np.array(vectors)[: self.positions], np.array(SLOTS)[: self.slots]
        normalise, score = WAYS[self.way]
        return (
            external_attention(features, stored, stored, normalise=normalise, score=score)[1],
            attend(scaled_dot(features, features), features)[1],
        )

    @traitlets.observe("vectors", "before", "positions", "slots", "way")
    def _compute(self, change: object = None) -> None:
        now, was = self._maps(self.vectors), self._maps(self.before)
        left, right = (np.abs(a - b).max(axis=-1) for a, b in zip(now, was, strict=True))
        self._tell({"weights": now[0], "self_weights": now[1], "moved": left, "self_moved": right})

    def rows(self) -> list[list[str]]:
        """Return for each patch its colour, what it reads most in both maps, and how far its row has moved."""
        found = [[NUMBERS[i], f"{decimal(x)}, {decimal(y)}"] for i, (x, y) in enumerate(self.vectors[: self.positions])]
        maps = (LETTERS, self.weights, self.moved), (NUMBERS, self.self_weights, self.self_moved)
        for names, weights, moved in maps:
            for cells, row, by in zip(found, weights, moved, strict=True):
                best = np.argmax(row.round(9))
                cells += [names[best], percent(row[best]), decimal(by)]
        return found

    def readout(self) -> str:
        """Return what the chosen patch reads in both maps, in words."""
        slots, patches = _mostly(LETTERS, self.weights[self.patch]), _mostly(NUMBERS, self.self_weights[self.patch])
        return f"patch {self.patch + 1} reads slots {slots} and patches {patches}"

    def static_svg(self) -> str:
        """Return both maps as they stand now as an SVG picture."""
        patches, parts = NUMBERS[: self.positions], []
        left = (0, "patches read stored colours", self.weights, list(LETTERS[: self.slots]))
        for x, title, weights, columns in (left, (330, "patches read patches", self.self_weights, patches)):
            table = svg.matrix(weights, rows=patches, columns=columns, outlined=None, bold=self.patch)
            parts.append(f'<g transform="translate({x} 0)">{svg.text(90, 40, title, bold=True)}{table}</g>')
        way = type(self).way.options[self.way].label
        parts.append(svg.note(90, 336, f"left: {way}, {self.weights.size} scores; right: {self.self_weights.size}"))
        return svg.picture(680, 352, title="Two maps of attention", alt=self.alt, parts=parts)

    @property
    def alt(self) -> str:
        """Both maps as they stand now, in words."""
        way = type(self).way.options[self.way].label
        return (
            f"Two maps of weights with a row for each of {self.positions} patches: left a column for each of "
            f"{self.slots} stored colours ({way}), right a column for each patch; {self.readout()}."
        )


def _mostly(names: Sequence[str], row: Float64[np.ndarray, "n"]) -> str:
    """Return the three that have most of the weight, as far as it is seen."""
    order = np.argsort(-row.round(9), kind="stable")  # the first of equal ones first
    return ", ".join(f"{names[j]} ({percent(row[j])})" for j in order[:3] if row[j] >= 0.005)
