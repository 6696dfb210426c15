"""The alignment explorer: scores become weights, and weights the mean of some values."""

import math
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import traitlets
from jaxtyping import Bool, Float64

from attnbook import core
from attnbook.data.draws import gaussian
from attnbook.data.six_vectors import six_vectors
from attnbook.theme import LIGHT
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Flags, Numbers, Ranged, Task, computed
from attnbook.widgets.svg import decimal, percent, winner

__all__ = ["MOST_KEYS", "MOST_SCORE", "REACH", "AlignmentExplorer"]

REACH = 2.0
"""The plane of the values goes from −2 to 2 both ways."""
MOST_KEYS = 16
MOST_SCORE = 1e6

SIX = six_vectors()
SCORES = core.dot(SIX.query, SIX.keys)[0].round(2)  # where the chapter on scoring ends
VALUES = np.concatenate([SIX.values, gaussian(3, (MOST_KEYS - len(SIX.values), 2)).clip(-1.8, 1.8).round(1)])
LETTERS = [chr(ord("a") + i) for i in range(MOST_KEYS)]

SAME = "The naive formula, without subtracting the largest score first, gives the same."
REMEDY = "The stable one subtracts the largest score first, and its largest power is e⁰ = 1."
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class AlignmentExplorer(Explorer):
    """Drag scores, forbid keys, warm and cool the softmax, and see the weights, their entropy and the context.

    The values are points of the plane, the context is their mean by weight. Every trait below can be set in the
    constructor or at any time; what is dragged in the picture arrives here. Of ``values`` and ``mask``, as many are
    used as there are ``scores``; to set longer lists, set them together in the constructor or under
    ``hold_trait_notifications()``.

    >>> explorer = AlignmentExplorer(scores=[1.0, 1.0, 0.0], mask=[True, True, False])
    >>> explorer.weights.tolist()
    [0.5, 0.5, 0.0]
    >>> explorer.entropy, explorer.context.tolist()
    (1.0, [0.75, 0.75])
    """

    _module: ClassVar[str] = "alignment"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "pull the bar of b to the left until it is as low as f. You touch one score: which weights move?",
            "All of them: b fell from {was} to {now}, and every other key has more than before, c {other}.",
        ),
        Task(
            "move the temperature all the way to the left, then to the right. Where does the diamond go?",
            "Cold, it went to the value with the highest score; hot, to the middle of all. It never left the dashed "
            "region.",
        ),
        Task(
            "find a temperature at which the entropy is 1.00 bits.",
            "At {temperature}, the weights are as undecided as a choice between two equal keys.",
        ),
    )

    scores = Numbers(
        SCORES,
        shape=((2, MOST_KEYS),),
        most=MOST_SCORE,
        meaning=f"2 to {MOST_KEYS} numbers, one for each key, like [0.7, 1.7, −1.3]",
    )
    values = Numbers(
        VALUES,
        shape=((2, MOST_KEYS), 2),
        most=REACH,
        meaning=f"2 to {MOST_KEYS} rows of two numbers, like [[1, 0], [0.5, 1.5]]",
    )
    mask = Flags([True] * MOST_KEYS, length=(2, MOST_KEYS), help="True where attending is allowed.")
    temperature = Ranged(
        1e-6, 1e6, 1, slider=(0.01, 10), step=0.005, log=10, label="Temperature", help="Of the softmax."
    )

    weights = computed("One weight for each key.")
    entropy = traitlets.Float(read_only=True, help="Of the weights, in bits.")
    context = computed("The weighted mean of the values.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @property
    def allowed(self) -> Bool[np.ndarray, "k"]:
        """The mask of the keys that are there."""
        return np.array(self.mask[: len(self.scores)])

    @property
    def naive(self) -> str:
        """What the formula as it is written, e^(s/T) / Σ e^(s/T), would give here, in words."""
        return naive_in_words(np.array(self.scores)[self.allowed] / self.temperature)

    @traitlets.observe("scores", "values", "mask", "temperature")
    def _compute(self, change: object = None) -> None:
        scores, values = np.array(self.scores), np.array(self.values[: len(self.scores)])  # (k,), (k, 2)
        context, weights = core.attend(scores[None], values, mask=self.allowed, temperature=self.temperature)
        self._tell({"weights": weights[0], "entropy": float(core.entropy(weights[0])), "context": context[0]})

    def hull(self) -> Float64[np.ndarray, "n 2"]:
        """Return the corners of the convex hull of the values that may be attended to, counterclockwise."""
        return convex_hull(np.array(self.values[: len(self.scores)])[self.allowed])

    def rows(self) -> list[list[str]]:
        """Return for each key whether it may be attended to, its score, its weight and its value."""
        rows = zip(LETTERS, self.allowed.tolist(), self.scores, self.weights.tolist(), self.values, strict=False)
        return [
            [name, "yes" if may else "no", short(score), percent(weight), *map(decimal, value)]
            for name, may, score, weight, value in rows
        ]

    def static_svg(self) -> str:
        """Return the values and the bars as they stand now, as an SVG picture."""
        parts = [
            *('<g transform="translate(16 16)">', *self._plane_parts(), "</g>"),
            *('<g transform="translate(368 16)">', *self._bars(), "</g>"),
        ]
        return svg.picture(680, 352, title="Scores, weights and context", alt=self.alt, parts=parts)

    def _plane_parts(self) -> Iterator[str]:
        """Yield the hull, the values with a line to the context as thick as the weight, and the context."""
        yield svg.plane(REACH)[1]
        yield svg.polygon(self.hull().tolist(), REACH, colour=LIGHT["value"])
        context = self.context.tolist()
        for value, weight in zip(self.values, self.weights.tolist(), strict=False):
            if weight >= 0.005:
                yield svg.line(value, context, REACH, colour=LIGHT["value"], thickness=1 + 6 * weight)
        for value, name, allowed in zip(self.values, LETTERS, self.allowed.tolist(), strict=False):
            yield svg.disc(value, REACH, name=name, colour=LIGHT["value"] if allowed else LIGHT["muted"])
        yield svg.diamond(context, REACH)

    def _bars(self) -> Iterator[str]:
        """Yield a row for each key: its score as a bar around zero, its weight as a bar from zero, both as numbers."""
        limit = max(map(abs, self.scores)) or 1.0
        step = min(34.0, 250 / len(self.scores))
        best = winner(self.weights)
        yield svg.text(0, 12, "From scores to weights", bold=True)
        yield svg.note(0, 32, f"temperature {self.temperature:g}, entropy {decimal(self.entropy)} bits")
        yield svg.note(86, 60, "score")
        yield svg.note(200, 60, "weight")
        rows = zip(LETTERS, self.scores, self.weights.tolist(), self.allowed.tolist(), strict=False)
        for i, (name, score, weight, allowed) in enumerate(rows):
            y = round(80 + i * step, 1)
            yield svg.text(0, y, name, bold=i == best) if allowed else svg.note(0, y, f"({name})")
            yield svg.signed_bar(86, y - 10, score / limit, width=60)
            yield svg.text(194, y, short(score), end=True)
            yield svg.weight_bar(200, y - 10, weight, width=50)
            yield svg.text(284, y, percent(weight), bold=i == best, end=True)
            yield svg.text(288, y, "◂") if i == best else ""

    @property
    def alt(self) -> str:
        """The explorer as it stands now, in words."""
        allowed = self.allowed.tolist()
        shares = [f"{name} {percent(weight)}" for name, weight in zip(LETTERS, self.weights.tolist(), strict=False)]
        forbidden = [name for name, may in zip(LETTERS, allowed, strict=False) if not may]
        told = [f"{len(allowed)} scores become weights at temperature {self.temperature:g}: {', '.join(shares)}."]
        if not any(allowed):
            return f"{told[0]} Nothing may be attended to, so every weight is zero."
        told += [
            f"Their entropy is {decimal(self.entropy)} bits of at most {decimal(math.log2(sum(allowed)))}, "
            f"as if looking at {decimal(2**self.entropy, 1)} keys."
        ]
        told += [f"Not to be attended to: {', '.join(forbidden)}."] * bool(forbidden)
        x, y = (decimal(value) for value in self.context.tolist())
        told += [f"The context is at ({x}, {y}), inside the convex hull of the allowed values."]
        told += [self.naive] * (self.naive != SAME)
        return " ".join(told)

    @traitlets.validate("scores", "values", "mask")
    def _check_lengths(self, proposal: dict[str, Any]) -> list[Any]:
        name, given = proposal["trait"].name, proposal["value"]
        sizes = {each: len(getattr(self, each)) for each in ("scores", "values", "mask")} | {name: len(given)}
        short_of = [each for each, size in sizes.items() if size < sizes["scores"]]
        if short_of:
            each = name if name in short_of else short_of[0]
            raise traitlets.TraitError(
                f"{each} has {sizes[each]} entries but there are {sizes['scores']} scores; it needs one for every score"
            )
        return list(given)


def naive_in_words(powers: Float64[np.ndarray, "k"]) -> str:
    """Say what the softmax as it is written would make of e to these powers."""
    if len(powers) == 0:
        return "The naive formula would divide 0 by 0. The stable one sees that nothing may be attended to, and says 0."
    with np.errstate(over="ignore", under="ignore"):
        each = np.exp(powers)
        total = float(each.sum())
    largest = power_of_e(float(powers.max()))
    if np.isinf(each).any():
        fate = f"{largest} is too large for the computer, so it would divide infinity by infinity"
    elif math.isinf(total):
        fate = "the sum of all powers is too large for the computer, so every weight would be 0"
    elif total == 0:
        fate = f"even {largest} is too small for the computer, so it would divide 0 by 0"
    else:
        return SAME
    return f"The naive formula fails: {fate}. {REMEDY}"


def power_of_e(power: float) -> str:
    """Write e to a whole number in one line.

    >>> power_of_e(1000), power_of_e(-800.4)
    ('e¹⁰⁰⁰', 'e⁻⁸⁰⁰')
    """
    return "e" + str(math.floor(power + 0.5)).translate(SUPERSCRIPTS)


def short(score: float) -> str:
    """Write a score in at most eight characters.

    >>> short(-1.5), short(1000), short(-123456)
    ('−1.50', '1000', '−123456')
    """
    return decimal(score, 2 if abs(score) < 1000 else 0)


def convex_hull(points: Float64[np.ndarray, "n 2"]) -> Float64[np.ndarray, "m 2"]:
    """Return the corners of the smallest convex region that holds all points, counterclockwise.

    >>> convex_hull(np.array([[0.0, 0.0], [1.0, 0.0], [0.4, 0.2], [0.0, 1.0]])).tolist()
    [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    """
    ordered = sorted(set(map(tuple, points.tolist())))
    if len(ordered) < 3:
        return np.array(ordered).reshape(-1, 2)

    def chain(candidates: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
        """Walk along the points and keep only left turns."""
        corners: list[tuple[float, ...]] = []
        for x, y in candidates:
            while len(corners) > 1:
                (a, b), (c, d) = corners[-2:]
                if (c - a) * (y - b) - (d - b) * (x - a) > 0:
                    break
                corners.pop()
            corners.append((x, y))
        return corners[:-1]

    return np.array(chain(ordered) + chain(ordered[::-1]))
