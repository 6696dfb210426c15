"""The scoring explorer: one query, a few keys, eight ways to score them."""

import difflib
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
from attnbook.widgets.base import Explorer, Numbers
from attnbook.widgets.svg import decimal, percent

__all__ = ["MOST_KEYS", "MOST_WIDTH", "REACH", "Saturated", "Saturation", "ScoringExplorer"]

REACH = 3.0
"""The plane goes from −3 to 3 both ways."""
MOST_KEYS = 12
MOST_WIDTH = 512
RANDOM_KEYS = 10

SIX = six_vectors()
UNITS = (1, 16)  # how few and how many hidden units the additive scorer may have
HIDDEN = {
    **{
        name: Numbers([[0, 0]], shape=(UNITS, 2), most=100, meaning="a row of two numbers for each of 1 to 16 units")
        for name in ("W_q", "W_k")
    },
    **{
        name: Numbers([0], shape=(UNITS,), most=100, meaning="one number for each of 1 to 16 units")
        for name in ("v", "bias")
    },
}
FIELDS = {
    "additive": "The score field is what a small network with random parameters makes of each place.",
    "bilinear": "The score field rises in the direction of the query turned and stretched by W.",
    "dot": "The score field rises evenly in the direction of the query.",
    "scaled_dot": "The score field rises evenly in the direction of the query.",
    "cosine": "The score field depends on direction only, and is highest along the query.",
    "location": "There is no score field, for it does not matter where a key stands.",
    "negative_distance": "The score field is highest at the query and falls in circles around it.",
    "summed_distance": "The score field is highest in the middle of the keys, wherever the query is.",
}
DIRECTIONS = ("right", "up and right", "up", "up and left", "left", "down and left", "down", "down and right")
RANGES = {"temperature": (1e-6, 10**6), "gain": (0, 10), "width": (1, MOST_WIDTH), "seed": (0, 2**32 - 1)}
ADDITIVE_SEED, PLACES_SEED = 13, 124  # with these the first pictures are easy to read
QUARTER_TURN = ((0.0, 1.0), (-1.0, 0.0))  # Wᵀq is q turned by 90° to the left


class Saturated(NamedTuple):
    """What softmax makes of one query and ten random keys."""

    scores: Float64[np.ndarray, "k"]
    weights: Float64[np.ndarray, "k"]
    largest: float
    """The largest weight."""
    entropy: float
    """The entropy of the weights in bits."""
    gradient: float
    """‖diag(w) − w wᵀ‖: how much the weights still move when the scores do."""


class Saturation(NamedTuple):
    """The same query and keys, scored without and with √d."""

    plain: Saturated
    scaled: Saturated


class ScoringExplorer(Explorer):
    """Drag a query and keys in the plane, and see how each scorer would share the attention out.

    The keys are their own values, so the output is their weighted mean, a point of the plane. Every trait below can be
    set in the constructor or at any time; the picture follows, and what is dragged in the picture arrives here.

    >>> explorer = ScoringExplorer(scorer="dot", temperature=0.5)
    >>> explorer.weights.round(2).tolist()
    [0.07, 0.56, 0.3, 0.07, 0.0, 0.0]
    """

    _module: ClassVar[str] = "scoring"

    query = Numbers(
        SIX.query[0], shape=(2,), most=REACH, meaning="two numbers, a point of the plane, like [1.2, 0.5]"
    ).tag(sync=True)
    key_vectors = Numbers(  # not `keys`: every ipywidget has a trait of that name, the list of its own traits
        SIX.keys,
        shape=((1, MOST_KEYS), 2),
        most=REACH,
        meaning=f"1 to {MOST_KEYS} rows of two numbers, like [[0.5, 0.2], [0.6, 2.0]]",
    ).tag(sync=True)
    scorer = traitlets.Unicode("scaled_dot", help="A name in core.SCORERS.").tag(sync=True)
    temperature = traitlets.Float(1.0, help="Of the softmax.").tag(sync=True)
    W = Numbers(QUARTER_TURN, shape=(2, 2), most=10, meaning="2 rows of 2 numbers, the W of core.bilinear").tag(
        sync=True
    )
    additive = traitlets.Dict(help="W_q, W_k, v and bias of core.additive.").tag(sync=True)
    gain = traitlets.Float(1.0, help="Multiplies what stands inside the tanh of core.additive.").tag(sync=True)
    places = Numbers(
        gaussian(PLACES_SEED, (MOST_KEYS, 2)).round(3),
        shape=((1, MOST_KEYS), 2),
        most=100,
        meaning=f"1 to {MOST_KEYS} rows of two numbers, the W of core.location",
    ).tag(sync=True)
    width = traitlets.Int(64, help="How many dimensions the random query and keys below the plane have.").tag(sync=True)
    seed = traitlets.Int(0, help="Of these random vectors.").tag(sync=True)

    scores = traitlets.Instance(np.ndarray, read_only=True, help="One score for each key.")
    weights = traitlets.Instance(np.ndarray, read_only=True, help="One weight for each key.")
    output = traitlets.Instance(np.ndarray, read_only=True, help="The weighted mean of the keys.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @traitlets.observe("query", "key_vectors", "scorer", "temperature", "W", "additive", "gain", "places")
    def _compute(self, change: object = None) -> None:
        keys = np.array(self.key_vectors)
        scores = self._scores_at(keys)[None, :]  # (1, k)
        output, weights = core.attend(scores, keys, temperature=self.temperature)  # (1, 2), (1, k)
        with self.hold_trait_notifications():  # who observes one finds all three new
            for name, row in (("scores", scores), ("weights", weights), ("output", output)):
                row.setflags(write=False)
                self.set_trait(name, row[0])

    def _scores_at(self, points: Float64[np.ndarray, "n 2"]) -> Float64[np.ndarray, "n"]:
        """Return what keys standing at these points would score, given the query and the parameters."""
        score = SCORERS[self.scorer].function
        return np.asarray(score(np.array([self.query]), points, **self._parameters())[0])

    def _parameters(self) -> dict[str, Float64[np.ndarray, "..."]]:
        """Return what the scorer has learned, by the names of its arguments."""
        match self.scorer:
            case "bilinear":
                return {"W": np.array(self.W)}
            case "location":
                return {"W": np.array(self.places)}
            case "additive":
                learned = {name: np.array(value) for name, value in self.additive.items()}
                return {name: value if name == "v" else self.gain * value for name, value in learned.items()}
        return {}

    def field(self, points: Float64[np.ndarray, "n 2"]) -> Float64[np.ndarray, "n"] | None:
        """Return the score of a further key at each point, or None if it does not depend on where a key stands."""
        if not SCORERS[self.scorer].uses_keys:
            return None
        if self.scorer == "summed_distance":  # a further key looks at those that are there, not at its like
            return np.asarray(core.negative_distance(points, np.array(self.key_vectors)).sum(axis=-1))
        return self._scores_at(points)

    def saturation(self) -> Saturation:
        """Return what ten random keys of ``width`` numbers get from a random query, without and with √d.

        All numbers are drawn from N(0, 1), ``seed`` says which; a larger width adds numbers and keeps the others.
        """
        draws = gaussian(self.seed, (MOST_WIDTH, 1 + RANDOM_KEYS))[: self.width]  # (d, 1 + k)
        query, keys = draws[:, :1].T, draws[:, 1:].T  # (1, d), (k, d)
        return Saturation(_saturated(core.dot(query, keys)), _saturated(core.scaled_dot(query, keys)))

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
            svg.note(0, 32, f"temperature {self.temperature:g}"),
            svg.note(16, 60, "score"),
            svg.note(166, 60, "weight"),
            *self._bars(),
            "</g>",
        ]
        return svg.picture(680, 352, title=f"Attention by the {label} scorer", alt=self.alt, parts=parts)

    def _bars(self) -> Iterator[str]:
        """Yield a row for each key: its score as a bar around zero, its weight as a bar from zero, both as numbers."""
        limit = float(np.abs(self.scores).max()) or 1.0
        step = min(36.0, 250 / len(self.key_vectors))
        best = int(np.argmax(self.weights))
        for i, (score, weight) in enumerate(zip(self.scores.tolist(), self.weights.tolist(), strict=True)):
            y = round(80 + i * step, 1)
            yield svg.text(0, y, _letter(i), bold=i == best)
            yield svg.signed_bar(16, y - 10, score / limit, width=80)
            yield svg.text(144, y, decimal(score), end=True)
            yield svg.weight_bar(166, y - 10, weight, width=70)
            yield svg.text(282, y, percent(weight), bold=i == best, end=True)
            yield svg.text(288, y, "◂") if i == best else ""

    @property
    def alt(self) -> str:
        """The plane and the bars as they stand now, in words."""
        names = [_letter(i) for i in range(len(self.key_vectors))]
        best = int(np.argmax(self.weights))
        best_at = ", ".join(decimal(value) for value in self.key_vectors[best])
        weights = [f"{name} {percent(weight)}" for name, weight in zip(names, self.weights.tolist(), strict=True)]
        x, y = self.query
        where = DIRECTIONS[round(math.atan2(y, x) / (math.pi / 4)) % 8]
        sentences = [
            f"A plane with a query and {len(names)} key{'s' * (len(names) > 1)}, "
            f"scored by the {SCORERS[self.scorer].label} scorer at temperature {self.temperature:g}.",
            f"The query points {where}, to ({decimal(x)}, {decimal(y)})." if x or y else "The query is zero.",
            f"Key {names[best]} at ({best_at}) has the largest weight; all weights: {', '.join(weights)}.",
            FIELDS[self.scorer],
        ]
        return " ".join(sentences)

    @traitlets.default("additive")
    def _default_additive(self) -> dict[str, list[Any]]:
        numbers = gaussian(ADDITIVE_SEED, (4, 6)).round(3)  # of four hidden units, each a row
        return {
            "W_q": numbers[:, 0:2].tolist(),
            "W_k": numbers[:, 2:4].tolist(),
            "v": numbers[:, 4].tolist(),
            "bias": numbers[:, 5].tolist(),
        }

    @traitlets.validate("scorer")
    def _check_scorer(self, proposal: dict[str, Any]) -> str:
        name: str = proposal["value"]
        if name not in SCORERS:
            close = difflib.get_close_matches(name, SCORERS, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"the scorers are {', '.join(SCORERS)}"
            raise traitlets.TraitError(f"scorer is {name!r}: {hint}")
        return name

    @traitlets.validate("temperature", "gain", "width", "seed")
    def _check_range(self, proposal: dict[str, Any]) -> float:
        value: float = proposal["value"]
        name = proposal["trait"].name
        least, most = RANGES[name]
        if not least <= value <= most:
            raise traitlets.TraitError(f"{name} is {value}; it must be from {least:g} to {most}")
        return value

    @traitlets.validate("additive")
    def _check_additive(self, proposal: dict[str, Any]) -> dict[str, list[Any]]:
        given: dict[str, Any] = proposal["value"]
        if set(given) != set(HIDDEN):
            has = ", ".join(map(str, given)) or "nothing"
            raise traitlets.TraitError(f"additive has {has}; it must have {', '.join(HIDDEN)}")
        checked = {name: part.checked(f"additive[{name!r}]", given[name]) for name, part in HIDDEN.items()}
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


def _saturated(scores: Float64[np.ndarray, "1 k"]) -> Saturated:
    weights = core.softmax(scores)[0]  # (k,)
    jacobian = np.diag(weights) - np.outer(weights, weights)  # (k, k)
    return Saturated(
        scores=scores[0],
        weights=weights,
        largest=float(weights.max()),
        entropy=float(core.entropy(weights)),
        gradient=float(np.linalg.norm(jacobian)),
    )
