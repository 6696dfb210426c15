"""The map of attention: a table of all mechanisms, four choices to change, and six fruits that show what they do."""

from collections.abc import Callable
from textwrap import wrap
from typing import Any, ClassVar

import numpy as np
import traitlets

from attnbook import core
from attnbook.core import landscape, simam
from attnbook.core.channel import channel_scores
from attnbook.core.external import double_normalise
from attnbook.core.fast_weights import feature
from attnbook.core.kernels import epanechnikov
from attnbook.core.mechanisms import FITS, MECHANISMS, Mechanism
from attnbook.core.nadaraya_watson import gaussian_scores
from attnbook.data.six_vectors import six_vectors
from attnbook.theme import LIGHT
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import OneOf, Ranged, Task, computed
from attnbook.widgets.svg import decimal

__all__ = ["LandscapeExplorer"]

FRUITS = ("peach", "kiwi", "cherry", "banana", "olive", "tomato")
QUERY, KEYS, VALUES, _ = six_vectors()
FIXED: dict[str, Any] = {  # what would be learned, chosen by hand
    "turn": [[0.0, 1.0], [-1.0, 0.0]],
    "hidden": [[1.0, 0.0], [0.0, 1.0]],
    "judge": [1.0, 1.0],
    "places": [[0.0, 1.0], [0.5, 0.5], [1.0, 0.0], [0.0, -1.0], [-0.5, -0.5], [-1.0, 0.0]],
    "given": [0.5, -0.5, 1.5, 0.0, -1.0, 1.0],
    "squeeze": [[1.0, 0.0, 1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, -1.0, 0.0, 1.0]],
    "excite": [[1.0, 0.0], [0.0, 1.0], [1.0, -1.0], [0.5, 0.5], [-1.0, 0.0], [0.0, -1.0]],
    "neighbours": [0.5, 1.0, 0.5],
    "season": [True, False, True, True, True, True],
    "reach": 3.0,
    "place": 2,
    "near": 1,
    "spread": 0.75,
    "half_life": float(np.log(2)),
    "rate": 0.5,
}
_AWAY = np.arange(6.0) - FIXED["place"]
_PART = {name: np.array(FIXED[name]) for name in ("turn", "hidden", "judge", "places", "given", "squeeze", "excite")}
_SWEET = KEYS[:, 0]

CHAPTERS = {
    "cognitive": "Chapter 1",
    "scoring": "Chapter 2",
    "soft_hard": "Chapter 4",
    "key_value": "Chapter 5",
    "structures": "Chapter 6",
    "self_attention": "Chapter 7",
    "efficient": "The same answer for less",
    "channel": "Chapter 9",
    "simam": "Chapter 10",
    "external": "Chapter 11",
    "nadaraya_watson": "Chapter 12",
}
Choice = Callable[..., Any]
SCORES: dict[str, Choice] = {
    "nothing": lambda q, k: np.zeros((1, 6)),
    "dot product": core.dot,
    "scaled dot product": core.scaled_dot,
    "cosine": core.cosine,
    "bilinear form": lambda q, k: core.bilinear(q, k, _PART["turn"]),
    "small network": lambda q, k: core.additive(q, k, _PART["hidden"], _PART["hidden"], _PART["judge"]),
    "place": lambda q, k: core.location(q, k, _PART["places"]),
    "closeness": gaussian_scores,
    "kernel": lambda q, k: epanechnikov(-core.negative_distance(q, k) / FIXED["reach"]),
    "positive features": lambda q, k: core.dot(feature(q), feature(k)),
    "given": lambda q, k: _PART["given"][None],
    "its own value": lambda q, k: VALUES[None, :, 0],
    "age": lambda q, k: (np.arange(6.0)[None] - 5) * FIXED["half_life"],
    "distance from the mean": lambda q, k: simam.importance(simam.shared_energy(_SWEET[None])),
    "all channels": lambda q, k: channel_scores(_SWEET[None], _PART["squeeze"], _PART["excite"]),
    "neighbouring channels": lambda q, k: np.convolve(_SWEET, FIXED["neighbours"], mode="same")[None],
}


def _corrected(scores: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Weights after each key has been written over what the keys before it had left."""
    earlier = FIXED["rate"] * np.tril(KEYS @ KEYS.T, -1)
    return np.asarray(landscape.as_it_is(scores, chosen) @ np.linalg.inv(np.eye(6) + earlier) * FIXED["rate"])


def _double(scores: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    weights = np.zeros_like(scores)
    weights[:, chosen[0]] = double_normalise(scores[:, chosen[0]])
    return weights


NORMALISE: dict[str, Choice] = {
    "softmax": landscape.share,
    "softmax with a sink": landscape.with_sink(0.0),
    "gates": landscape.gates,
    "divide": landscape.divide,
    "as it is": landscape.as_it_is,
    "powers": landscape.powers,
    "double": _double,
    "corrected": _corrected,
    "softmax, then a Gaussian": lambda s, c: landscape.share(s, c) * np.exp(-(_AWAY**2) / (2 * FIXED["spread"] ** 2)),
}
READ: dict[str, Choice] = {
    "average": landscape.average,
    "each by itself": landscape.each_by_itself,
    "the weights": landscape.the_weights,
    "average, added to the query": landscape.average,
}
KINDS = ("score", "select", "normalise", "read")


class LandscapeExplorer(Explorer):
    """Press a mechanism and see the four choices that make it; change one, and see what it becomes.

    The choices work on the six fruits of chapter 2; what would be learned is fixed by hand.

    >>> explorer = LandscapeExplorer(select="best")
    >>> explorer.names, explorer.weights.round(2)
    ([], array([0., 1., 0., 0., 0., 0.]))
    >>> explorer.score = "given"
    >>> explorer.names
    ['hard attention']
    """

    _module: ClassVar[str] = "landscape"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "press hard attention (Ha). In how many of the four choices will causal self-attention (Ca) differ from "
            "it? Decide, then press it.",
            "From {first} to {second}: {count} of the four, {what}.",
        ),
        Task(
            "change a single choice of any mechanism, so that it becomes another one with a name.",
            "{first} is {second} now, by one choice: {what}.",
        ),
        Task(
            "find four choices for which this book has no name.",
            "No name for this: {choices}. One choice away: {near}.",
        ),
    )

    mechanism = OneOf(list(MECHANISMS), "scaled dot product", label="Mechanism", help="The one that was pressed.")
    score = OneOf(list(SCORES), "scaled dot product", label="Score", help="What is compared.")
    select = OneOf(["all", "mask", "window", "best", "drawn"], "all", label="Select", help="Who may count.")
    normalise = OneOf(list(NORMALISE), "softmax", label="Normalise", help="How scores become weights.")
    read = OneOf(list(READ), "average", label="Read", help="What is done with the weights.")
    sweet = Ranged(-3, 3, 1.2, step=0.1, label="Sweet", help="How sweet the wish is.")
    sour = Ranged(-3, 3, 0.5, step=0.1, label="Sour", help="How sour the wish is.")
    uniform = Ranged(0, 0.999, 0.6, step=0.01, label="Drawn number", help="Which key is drawn, where one is.")

    scores = computed("The score of each fruit.")
    chosen = computed("Whether each fruit may count.")
    weights = computed("The weight of each fruit; all zero if the choices do not go together.")
    output = computed("What is read: one value, one for each fruit, or the weights.")

    def __init__(self, **options: Any) -> None:
        self.refused = ""
        super().__init__(**options)
        self._compute()

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """What the front end needs to know, the table of mechanisms and the fruits too."""
        given = {"fruits": FRUITS, "keys": KEYS.tolist(), "values": VALUES.tolist(), "fixed": FIXED, "fits": FITS}
        given["chapters"] = CHAPTERS
        return {**super().facts(), **given, "mechanisms": [_fact(each) for each in MECHANISMS.values()]}

    @property
    def choices(self) -> tuple[str, ...]:
        """The four choices."""
        return tuple(str(getattr(self, kind)) for kind in KINDS)

    @property
    def names(self) -> list[str]:
        """The mechanisms that make these four choices, the one that was pressed first."""
        same = [each.name for each in MECHANISMS.values() if each.choices == self.choices]
        return sorted(same, key=lambda name: name != self.mechanism)

    @property
    def near(self) -> list[str]:
        """The mechanisms that are one choice away."""
        return [each.name for each in MECHANISMS.values() if _differ(each.choices, self.choices) == 1]

    @traitlets.observe(*KINDS, "sweet", "sour", "uniform")
    def _compute(self, change: object = None) -> None:
        query = np.array([[self.sweet, self.sour]], dtype=float)
        select = {
            "all": landscape.everything,
            "mask": landscape.allowed(np.array(FIXED["season"])),
            "window": landscape.allowed(np.abs(_AWAY) <= FIXED["near"]),
            "best": landscape.best,
            "drawn": landscape.drawn(np.array([float(self.uniform)])),
        }[self.select]
        scores = np.asarray(SCORES[self.score](query, KEYS), dtype=float)
        chosen = select(scores)
        try:
            weights, self.refused = NORMALISE[self.normalise](scores, chosen), ""
        except ValueError as error:
            weights, self.refused = np.zeros((1, 6)), str(error).partition(":")[0]
        output = READ[self.read](weights, VALUES) + (query if "added" in self.read else 0.0)
        self._tell({"scores": scores[0], "chosen": chosen[0], "weights": weights[0], "output": np.atleast_2d(output)})

    def rows(self) -> list[list[str]]:
        """Return for each fruit its score, whether it may count, and its weight."""
        numbers = zip(FRUITS, self.scores, self.chosen, self.weights, strict=True)
        return [
            [fruit, decimal(score), "yes" if may else "no", decimal(weight)] for fruit, score, may, weight in numbers
        ]

    def readout(self) -> str:
        """Return what these choices are called, or that they have no name."""
        if self.refused:
            return f"these choices do not go together: {self.refused}"
        return ", ".join(self.names) if self.names else "no name in this book"

    def static_svg(self) -> str:
        """Return the table of mechanisms, the four choices and the weights of the fruits, as an SVG picture."""
        parts = []
        for place, each in enumerate(MECHANISMS.values()):
            x, y = 16 + 46 * (place % 14), 16 + 40 * (place // 14)
            frame = "query" if each.name in self.names else "muted"
            parts.append(f'<path d="M{x} {y}h42v36h-42z" fill="none" stroke="{LIGHT[frame]}"/>')
            parts.append(svg.text(x + 12, y + 23, each.symbol, bold=each.name in self.names))
        parts += [svg.text(16, 156 + 20 * n, words, bold=True) for n, words in enumerate(wrap(self.readout(), 72))]
        parts += [
            svg.text(16, 208 + 26 * n, f"{kind}: {choice}")
            for n, (kind, choice) in enumerate(zip(KINDS, self.choices, strict=True))
        ]
        for i, (fruit, weight) in enumerate(zip(FRUITS, self.weights.tolist(), strict=True)):
            y = 208 + 22 * i
            parts += [svg.text(360, y, fruit), svg.weight_bar(430, y - 10, min(1.0, abs(weight)), width=130)]
            parts.append(svg.text(640, y, decimal(weight), end=True))
        return svg.picture(680, 342, title="A table of mechanisms", alt=self.alt, parts=parts)

    @property
    def alt(self) -> str:
        """The table and the four choices as they stand now, in words."""
        weights = ", ".join(f"{fruit} {decimal(weight)}" for fruit, weight in zip(FRUITS, self.weights, strict=True))
        choices = ", ".join(f"{kind} {choice}" for kind, choice in zip(KINDS, self.choices, strict=True))
        return (
            f"A table of {len(MECHANISMS)} mechanisms of attention, each with two letters. Four choices are made: "
            f"{choices}. They are called: {self.readout()}. The weights of six fruits: {weights}."
        )


def _fact(mechanism: Mechanism) -> dict[str, Any]:
    """What a page shows of a mechanism."""
    names = ("name", "symbol", "chapter", "fits", "note", "line")
    return {name: getattr(mechanism, name) for name in names} | {"choices": mechanism.choices, "year": mechanism.year}


def _differ(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
