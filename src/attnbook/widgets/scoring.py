"""The scoring explorer: one query, a few keys, eight ways to score them."""

import math
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook import core
from attnbook.core import SCORERS
from attnbook.data.draws import gaussian
from attnbook.data.six_vectors import six_vectors
from attnbook.theme import LIGHT
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Numbers, OneOf, Option, Parts, Ranged, Task, computed
from attnbook.widgets.svg import decimal, percent, winner

__all__ = ["MOST_KEYS", "REACH", "ScoringExplorer"]

REACH = 3.0
"""The plane goes from −3 to 3 both ways."""
MOST_KEYS = 12
NOTHING = "none"

SIX = six_vectors()
UNITS = (1, 16)  # how few and how many hidden units the additive scorer may have
ROWS = Numbers([[0, 0]], shape=(UNITS, 2), most=100, meaning="a row of two numbers for each of 1 to 16 units")
NUMBERS = Numbers([0], shape=(UNITS,), most=100, meaning="one number for each of 1 to 16 units")
HIDDEN = {"W_q": ROWS, "W_k": ROWS, "w": NUMBERS, "bias": NUMBERS}


def _hidden(numbers: Float64[np.ndarray, "h 6"]) -> dict[str, Any]:
    """Return the parameters of the additive scorer, six numbers for each hidden unit."""
    return {"W_q": numbers[:, 0:2], "W_k": numbers[:, 2:4], "w": numbers[:, 4], "bias": numbers[:, 5]}


class Look(NamedTuple):
    """What a scorer looks like to a reader: its formula, what to try with it, and what its field is like."""

    formula: str
    hint: str
    field: str = "The score field rises evenly in the direction of the query."


LOOKS = {
    "additive": Look(
        "vᵀ tanh(W_q q + W_k k_i + b)",
        "A small network with random parameters: each of its hidden units draws one soft step across the plane.",
        "The score field is what a small network with random parameters makes of each place.",
    ),
    "bilinear": Look(
        "qᵀ W k_i",
        "Turn W, under More: the whole field turns with the dashed arrow, while the query stays where it is.",
        "The score field rises in the direction of the query turned and stretched by W.",
    ),
    "dot": Look("qᵀ k_i", "A long key scores high even when it points elsewhere."),
    "scaled_dot": Look("qᵀ k_i / √d, here d = 2", "The dot product, made smaller by √2. That matters when d is large."),
    "cosine": Look(
        "qᵀ k_i / (‖q‖ ‖k_i‖)",
        "Only directions count: pull a key outward along its arrow and its score stays.",
        "The score field depends on direction only, and is highest along the query.",
    ),
    "location": Look(
        "(W q)_i",
        "No field: it does not matter where a key stands. Each key has its own row of W, drawn dashed.",
        "There is no score field, for it does not matter where a key stands.",
    ),
    "negative_distance": Look(
        "−‖q − k_i‖",
        "The nearest key wins, and no score is above 0.",
        "The score field is highest at the query and falls in circles around it.",
    ),
    "summed_distance": Look(
        "−Σ_j ‖k_i − k_j‖",
        "The query does not enter: the key in the middle of the others wins. Move a key, and the field moves.",
        "The score field is highest in the middle of the keys, wherever the query is.",
    ),
}
DIRECTIONS = ("right", "up and right", "up", "up and left", "left", "down and left", "down", "down and right")
ADDITIVE_SEED, PLACES_SEED = 13, 124  # with these the first pictures are easy to read
QUARTER_TURN = ((0.0, 1.0), (-1.0, 0.0))  # Wᵀq is q turned by 90° to the left


class ScoringExplorer(Explorer):
    """Drag a query and keys in the plane, and see how each scorer would share the attention out.

    The keys are their own values, so the output is their weighted mean, a point of the plane. Every trait below can be
    set in the constructor or at any time; the picture follows, and what is dragged in the picture arrives here.

    >>> explorer = ScoringExplorer(scorer="dot", temperature=0.5)
    >>> explorer.weights.round(2).tolist()
    [0.07, 0.56, 0.3, 0.07, 0.0, 0.0]
    """

    _module: ClassVar[str] = "scoring"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "which of the keys, a to f, gets most of q’s attention? Decide, then press it.",
            "{verdict} Key {best} has the largest weight, {share}.",
        ),
        Task(
            "choose the dot product, then pull key a straight outwards, away from the centre. What does its score do?",
            "a’s score rose from {from} to {score}: with the dot product, the longer of two keys scores higher.",
        ),
        Task(
            "choose the cosine, and pull a outwards or inwards again.",
            "Its score stayed at {score}: the cosine reads directions, not lengths.",
        ),
    )

    query = Numbers(SIX.query[0], shape=(2,), most=REACH, meaning="two numbers, a point of the plane, like [1.2, 0.5]")
    key_vectors = Numbers(  # not `keys`: every ipywidget has a trait of that name, the list of its own traits
        SIX.keys,
        shape=((1, MOST_KEYS), 2),
        most=REACH,
        meaning=f"1 to {MOST_KEYS} rows of two numbers, like [[0.5, 0.2], [0.6, 2.0]]",
    )
    scorer = OneOf(
        {name: Option(each.label, *LOOKS[name][:2]) for name, each in SCORERS.items()},
        "scaled_dot",
        label="Scorer",
        help="A name in core.SCORERS.",
    )
    compare = OneOf(
        {NOTHING: "nothing", **{name: each.label for name, each in SCORERS.items()}},
        NOTHING,
        label="Compare with",
        help="Another scorer, whose weights are shown beside the first one's; 'none' for none.",
    )
    temperature = Ranged(1e-6, 1e6, 1, slider=(0.01, 10), log=10, label="Temperature", help="Of the softmax.")
    W = Numbers(QUARTER_TURN, shape=(2, 2), most=10, label="W", meaning="2 rows of 2 numbers, the W of core.bilinear")
    additive = Parts(HIDDEN, _hidden(gaussian(ADDITIVE_SEED, (4, 6)).round(3)), help="Parameters of core.additive.")
    gain = Ranged(
        0, 10, 1, slider=(0, 4), step=0.1, label="Gain", help="Multiplies what stands inside the tanh of core.additive."
    )
    places = Numbers(
        gaussian(PLACES_SEED, (MOST_KEYS, 2)).round(3),
        shape=((1, MOST_KEYS), 2),
        most=100,
        meaning=f"1 to {MOST_KEYS} rows of two numbers, the W of core.location",
    )

    scores = computed("One score for each key.")
    weights = computed("One weight for each key.")
    output = computed("The weighted mean of the keys.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @traitlets.observe("query", "key_vectors", "scorer", "temperature", "W", "additive", "gain", "places")
    def _compute(self, change: object = None) -> None:
        keys = np.array(self.key_vectors)
        scores = self._scores_at(keys, self.scorer)
        output, weights = core.attend(scores[None], keys, temperature=self.temperature)  # (1, 2), (1, k)
        self._tell({"scores": scores, "weights": weights[0], "output": output[0]})

    def _scores_at(self, points: Float64[np.ndarray, "n 2"], scorer: str) -> Float64[np.ndarray, "n"]:
        """Return what keys standing at these points would score, given the query and the parameters."""
        score = SCORERS[scorer].function
        return np.array(score(np.array([self.query]), points, **self._parameters(scorer))[0])

    def other_weights(self) -> Float64[np.ndarray, "k"] | None:
        """Return the weights by the scorer that is compared, or None if there is none."""
        if self.compare == NOTHING:
            return None
        scores = self._scores_at(np.array(self.key_vectors), self.compare)
        return np.asarray(core.softmax(scores, temperature=self.temperature))

    def _parameters(self, scorer: str) -> dict[str, Float64[np.ndarray, "..."]]:
        """Return what the scorer has learned, by the names of its arguments."""
        match scorer:
            case "bilinear":
                return {"W": np.array(self.W)}
            case "location":
                return {"W": np.array(self.places)}
            case "additive":
                learned = {name: np.array(value) for name, value in self.additive.items()}
                return {name: value if name == "w" else self.gain * value for name, value in learned.items()}
        return {}

    def field(self, points: Float64[np.ndarray, "n 2"]) -> Float64[np.ndarray, "n"] | None:
        """Return the score of a further key at each point, or None if it does not depend on where a key stands."""
        if not SCORERS[self.scorer].uses_keys:
            return None
        if self.scorer == "summed_distance":  # a further key looks at those that are there, not at its like
            return np.asarray(core.negative_distance(points, np.array(self.key_vectors)).sum(axis=-1))
        return self._scores_at(points, self.scorer)

    def rows(self) -> list[list[str]]:
        """Return where each key is, its score and its weight."""
        keys = zip(self.key_vectors, self.scores.tolist(), self.weights.tolist(), strict=True)
        return [
            [_letter(i), *map(decimal, key), decimal(score), percent(weight)]
            for i, (key, score, weight) in enumerate(keys)
        ]

    def static_svg(self) -> str:
        """Return the plane and the bars as they stand now, as an SVG picture."""
        label = SCORERS[self.scorer].label
        points, axes = svg.plane(REACH)
        field = self.field(points)
        parts = [
            '<g transform="translate(16 16)">',
            "" if field is None else svg.field(field),
            axes,
            *(
                svg.shaft(key, REACH, colour=LIGHT["key"], thickness=1 + 4 * weight)
                for key, weight in zip(self.key_vectors, self.weights.tolist(), strict=True)
            ),
            svg.shaft(self.query, REACH, colour=LIGHT["query"], thickness=2.5),
            *(svg.disc(key, REACH, name=_letter(i), colour=LIGHT["key"]) for i, key in enumerate(self.key_vectors)),
            svg.disc(self.query, REACH, name="q", colour=LIGHT["query"]),
            svg.diamond(self.output.tolist(), REACH),
            '</g><g transform="translate(368 16)">',
            svg.text(0, 12, f"Scorer: {label}", bold=True),
            svg.note(0, 32, f"temperature {self.temperature:g}{self._compared()}"),
            svg.note(16, 60, "score"),
            svg.note(166, 60, "weight"),
            *self._bars(),
            "</g>",
        ]
        return svg.picture(680, 352, title=f"Attention by the {label} scorer", alt=self.alt, parts=parts)

    def _bars(self) -> Iterator[str]:
        """Yield a row for each key: its score as a bar around zero, its weight as a bar from zero, both as numbers."""
        limit = float(np.abs(self.scores).max()) or 1.0
        others = self.other_weights()
        step = min(36.0, 250 / len(self.key_vectors))
        best = winner(self.weights)
        for i, (score, weight) in enumerate(zip(self.scores.tolist(), self.weights.tolist(), strict=True)):
            y = round(80 + i * step, 1)
            yield svg.text(0, y, _letter(i), bold=i == best)
            yield svg.signed_bar(16, y - 10, score / limit, width=80)
            yield svg.text(144, y, decimal(score), end=True)
            yield svg.weight_bar(166, y - 10, weight, width=70)
            if others is not None:
                yield svg.line_bar(166, y + 3, float(others[i]), width=70)
            yield svg.text(282, y, percent(weight), bold=i == best, end=True)
            yield svg.text(288, y, "◂") if i == best else ""

    @property
    def alt(self) -> str:
        """The plane and the bars as they stand now, in words."""
        names = [_letter(i) for i in range(len(self.key_vectors))]
        best = winner(self.weights)
        first = "Several keys share the largest weight"
        if best is not None:
            best_at = ", ".join(decimal(value) for value in self.key_vectors[best])
            first = f"Key {names[best]} at ({best_at}) has the largest weight"
        weights = [f"{name} {percent(weight)}" for name, weight in zip(names, self.weights.tolist(), strict=True)]
        x, y = self.query
        where = DIRECTIONS[round(math.atan2(y, x) / (math.pi / 4)) % 8]
        sentences = [
            f"A plane with a query and {len(names)} key{'s' * (len(names) > 1)}, "
            f"scored by the {SCORERS[self.scorer].label} scorer at temperature {self.temperature:g}.",
            f"The query points {where}, to ({decimal(x)}, {decimal(y)})." if x or y else "The query is zero.",
            f"{first}; all weights: {', '.join(weights)}.",
            LOOKS[self.scorer].field,
        ]
        others = self.other_weights()
        if others is not None:
            shares = [f"{name} {percent(weight)}" for name, weight in zip(names, others.tolist(), strict=True)]
            sentences.append(f"The weights by the {SCORERS[self.compare].label} scorer: {', '.join(shares)}.")
        return " ".join(sentences)

    def _compared(self) -> str:
        return "" if self.compare == NOTHING else f"; thin: {SCORERS[self.compare].label}"

    @traitlets.validate("additive")
    def _check_additive(self, proposal: dict[str, Any]) -> dict[str, list[Any]]:
        checked: dict[str, list[Any]] = proposal["value"]
        units = {name: len(value) for name, value in checked.items()}
        if len(set(units.values())) > 1:
            told = ", ".join(f"{name} has {count}" for name, count in units.items())
            raise traitlets.TraitError(f"additive must have one number of hidden units; {told}")
        return checked

    @traitlets.validate("key_vectors", "places")
    def _check_places(self, proposal: dict[str, Any]) -> list[Any]:
        name, rows = proposal["trait"].name, proposal["value"]
        given = {"key_vectors": self.key_vectors, "places": self.places, name: rows}
        if len(given["places"]) < len(given["key_vectors"]):
            raise traitlets.TraitError(
                f"places has {len(given['places'])} rows but there are {len(given['key_vectors'])} keys; "
                "it needs a row for every key"
            )
        return list(rows)


def _letter(i: int) -> str:
    return chr(ord("a") + i)
