"""The alignment explorer: scores become weights, weights an answer; and the weights of a translation, word by word."""

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
from attnbook.widgets.declare import Numbers
from attnbook.widgets.svg import decimal, percent

__all__ = ["MOST_KEYS", "MOST_SCORE", "MOST_TARGET", "REACH", "AlignmentExplorer"]

REACH = 3.0
"""The plane of the values goes from −3 to 3 both ways."""
MOST_KEYS = 16
MOST_TARGET = 24
MOST_SCORE = 1e6
MOST_LETTERS = 20
MOST_SENTENCES = 50
TEMPERATURES = (1e-6, 1e6)

SIX = six_vectors()
SCORES = core.dot(SIX.query, SIX.keys)[0].round(2)  # where the chapter on scoring ends
VALUES = np.concatenate([SIX.values, gaussian(3, (MOST_KEYS - len(SIX.values), 2)).clip(-2.5, 2.5).round(1)])
LETTERS = [chr(ord("a") + i) for i in range(MOST_KEYS)]

SAME = "The naive formula, without subtracting the largest score first, gives the same."
REMEDY = "The stable one subtracts the largest score first, and its largest power is e⁰ = 1."
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Words(traitlets.TraitType[list[str], Any]):
    """A list of words."""

    def validate(self, obj: Any, value: Any) -> list[str]:
        """Return the value as a list, or say what is wrong with it."""
        return words(self.name or "value", value, most=MOST_KEYS)


class Flags(traitlets.TraitType[list[bool], Any]):
    """A list of True and False; it can be set from an array or a tensor as well."""

    def validate(self, obj: Any, value: Any) -> list[bool]:
        """Return the value as a list, or say what is wrong with it."""
        flags = value.tolist() if hasattr(value, "tolist") else value
        wanted = f"2 to {MOST_KEYS} times True or False, True where attending is allowed"
        if not isinstance(flags, list | tuple) or not all(isinstance(flag, bool | np.bool_) for flag in flags):
            raise traitlets.TraitError(f"{self.name} is {flags!r}; it must be {wanted}")
        if not 2 <= len(flags) <= MOST_KEYS:
            raise traitlets.TraitError(f"{self.name} has {len(flags)} entries; it must be {wanted}")
        return [bool(flag) for flag in flags]


class Sentences(traitlets.TraitType[list[dict[str, Any]], Any]):
    """Sentences in two languages with the scores, and perhaps the gold alignment, of their words."""

    def validate(self, obj: Any, value: Any) -> list[dict[str, Any]]:
        """Return the sentences in plain lists, or say what is wrong with which."""
        wanted = f"a list of up to {MOST_SENTENCES} dicts with source, target, scores and perhaps gold"
        if not isinstance(value, list | tuple):
            raise traitlets.TraitError(f"{self.name} is {type(value).__name__}; it must be {wanted}")
        if len(value) > MOST_SENTENCES:
            raise traitlets.TraitError(f"{self.name} holds {len(value)} sentences; it must be {wanted}")
        return [sentence(f"{self.name}[{i}]", each) for i, each in enumerate(value)]


def words(name: str, value: Any, *, most: int, least: int = 2) -> list[str]:
    """Return a list of words that can stand beside a bar, or say what is wrong with it."""
    wanted = f"a list of {least} to {most} words"
    if isinstance(value, str) or not isinstance(value, list | tuple):
        raise traitlets.TraitError(f"{name} is {value!r}; it must be {wanted}")
    if not least <= len(value) <= most:
        raise traitlets.TraitError(f"{name} has {len(value)} words; it must be {wanted}")
    for word in value:
        if not isinstance(word, str) or not 1 <= len(word.strip()) <= MOST_LETTERS:
            raise traitlets.TraitError(f"{name} has {word!r}; each word must be a text of 1 to {MOST_LETTERS} letters")
    return [word.strip() for word in value]


def sentence(name: str, value: Any) -> dict[str, Any]:
    """Return one sentence in plain lists, or say what is wrong with it."""
    has = ", ".join(map(str, value)) if isinstance(value, dict) else type(value).__name__
    if not isinstance(value, dict) or not {"source", "target", "scores"} <= set(value) <= {
        *("source", "target", "scores", "gold")
    }:
        raise traitlets.TraitError(f"{name} has {has or 'nothing'}; it must have source, target, scores, perhaps gold")
    source = words(f"{name}['source']", value["source"], most=MOST_KEYS)
    target = words(f"{name}['target']", value["target"], least=1, most=MOST_TARGET)
    size = (len(target), len(source))
    rows = f"{size[0]} row{'s' * (size[0] > 1)} of {size[1]} numbers"
    meaning = f"{rows}: a row for each target word, in it a number for each source word"
    scores = Numbers(np.zeros(size), shape=size, most=MOST_SCORE, meaning=meaning)
    checked = {"source": source, "target": target, "scores": scores.checked(f"{name}['scores']", value["scores"])}
    if value.get("gold") is not None:
        links = Numbers(np.zeros(size), shape=size, most=math.inf, meaning=meaning)
        gold = links.checked(f"{name}['gold']", value["gold"])
        if any(link not in (0, 1) for row in gold for link in row):
            raise traitlets.TraitError(f"{name}['gold'] must hold 1 where two words belong together and 0 elsewhere")
        checked["gold"] = [[int(link) for link in row] for row in gold]
    return checked


class AlignmentExplorer(Explorer):
    """Drag scores, forbid keys, warm and cool the softmax, and see the weights, their entropy and the context.

    The values are points of the plane, the context is their mean by weight. Every trait below can be set in the
    constructor or at any time; what is dragged in the picture arrives here. Of ``names``, ``values`` and ``mask``, as
    many are used as there are ``scores``; to set lists of another length, set them together in the constructor or under
    ``hold_trait_notifications()``.

    With ``sentences``, the keys are the source words of one of them, and the scores are the row of one target word.
    Choosing another ``sentence`` or ``word`` loads its row.

    >>> explorer = AlignmentExplorer(scores=[1.0, 1.0, 0.0], mask=[True, True, False])
    >>> explorer.weights.tolist()
    [0.5, 0.5, 0.0]
    >>> explorer.entropy, explorer.context.tolist()
    (1.0, [0.75, 0.75])
    """

    _module: ClassVar[str] = "alignment"

    scores = Numbers(
        SCORES,
        shape=((2, MOST_KEYS),),
        most=MOST_SCORE,
        meaning=f"2 to {MOST_KEYS} numbers, one for each key, like [0.7, 1.7, −1.3]",
    ).tag(sync=True)
    names = Words(LETTERS, help="What the keys are called.").tag(sync=True)
    values = Numbers(
        VALUES,
        shape=((2, MOST_KEYS), 2),
        most=REACH,
        meaning=f"2 to {MOST_KEYS} rows of two numbers, like [[1, 0], [0.5, 1.5]]",
    ).tag(sync=True)
    mask = Flags([True] * MOST_KEYS, help="True where attending is allowed.").tag(sync=True)
    temperature = traitlets.Float(1.0, help="Of the softmax.").tag(sync=True)
    sentences = Sentences(
        [],
        help="Dicts of source, target (words), scores (target, source) and perhaps gold (0 and 1 in that shape).",
    ).tag(sync=True)
    sentence = traitlets.Int(0, help="Which of the sentences is shown.").tag(sync=True)
    word = traitlets.Int(0, help="Which of its target words is looked at.").tag(sync=True)

    weights = traitlets.Instance(np.ndarray, read_only=True, help="One weight for each key.")
    entropy = traitlets.Float(read_only=True, help="Of the weights, in bits.")
    context = traitlets.Instance(
        np.ndarray, read_only=True, allow_none=True, help="The weighted mean of the values; None for a sentence."
    )
    matrix = traitlets.Instance(
        np.ndarray, read_only=True, allow_none=True, help="All weights of the sentence, (target, source), or None."
    )

    _following = False

    def __init__(self, **options: Any) -> None:
        self._seen = self._state()
        super().__init__(**options)
        self._follow()

    @property
    def keys_shown(self) -> list[str]:
        """What the keys are called: the source words, or else the names."""
        return self._shown["source"] if self._shown else self.names[: len(self.scores)]

    @property
    def allowed(self) -> Bool[np.ndarray, "k"]:
        """The mask of the keys that are there."""
        return np.array(self.mask[: len(self.scores)])

    @property
    def naive(self) -> str:
        """What the formula as it is written, e^(s/T) / Σ e^(s/T), would give here, in words."""
        return naive_in_words(np.array(self.scores)[self.allowed] / self.temperature)

    @property
    def _shown(self) -> dict[str, Any] | None:
        if not self.sentences:
            return None
        return self.sentences[self.sentence if self.sentence < len(self.sentences) else 0]

    def _state(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("sentences", "sentence", "word", "scores", "mask")}

    @traitlets.observe("scores", "names", "values", "mask", "temperature", "sentences", "sentence", "word")
    def _follow(self, change: object = None) -> None:
        """Load the scores of the word that was chosen, except those that were given with it, and compute."""
        if self._following:
            return
        self._following = True
        try:
            fresh = {name for name, value in self._state().items() if value != self._seen[name]}
            if not self._shown:  # without sentences each score wants a name and a value again
                self.scores = self.scores[: min(len(self.names), len(self.values))]
            if "sentences" in fresh and "sentence" not in fresh:
                self.sentence = 0
            if fresh & {"sentences", "sentence"}:
                if "word" not in fresh:
                    self.word = 0
                if "mask" not in fresh:
                    self.mask = [True] * MOST_KEYS
            if self._shown and fresh & {"sentences", "sentence", "word"} and "scores" not in fresh:
                self.scores = self._shown["scores"][self.word]
            self._seen = self._state()
        finally:
            self._following = False
        self._compute()

    def _compute(self) -> None:
        scores, mask = np.array(self.scores), self.allowed  # (k,), (k,)
        weights = core.softmax(scores, mask=mask, temperature=self.temperature)  # (k,)
        computed = {"weights": weights, "entropy": float(core.entropy(weights)), "context": None, "matrix": None}
        if self._shown:
            rows = np.array(self._shown["scores"])  # (t, s)
            rows[self.word] = scores  # what was dragged counts
            computed["matrix"] = core.softmax(rows, mask=mask, temperature=self.temperature)
        else:
            values = np.array(self.values[: len(scores)])  # (k, 2)
            computed["context"] = core.attend(scores[None, :], values, mask=mask, temperature=self.temperature)[0][0]
        with self.hold_trait_notifications():  # who observes one finds all four new
            for name, value in computed.items():
                if isinstance(value, np.ndarray):
                    value.setflags(write=False)
                self.set_trait(name, value)

    def hull(self) -> Float64[np.ndarray, "n 2"]:
        """Return the corners of the convex hull of the values that may be attended to, counterclockwise."""
        return convex_hull(np.array(self.values[: len(self.scores)])[self.allowed])

    # --- where nothing moves ------------------------------------------------------------------------------------------

    def static_svg(self) -> str:
        """Return the values or the matrix, and the bars, as they stand now, as an SVG picture."""
        title = "Scores, weights and context"
        if self._shown:
            title = f"What “{self._shown['target'][self.word]}” looks at"
        left = self._matrix_parts() if self._shown else self._plane_parts()
        parts = [
            *('<g transform="translate(16 16)">', *left, "</g>"),
            *('<g transform="translate(368 16)">', *self._bars(), "</g>"),
        ]
        kind = "sentences" if self._shown else "bench"
        return svg.picture(680, 352, title=title, alt=self.alt, parts=parts, kind=kind)

    def _plane_parts(self) -> Iterator[str]:
        """Yield the hull, the values with a line to the context as thick as the weight, and the context."""
        assert self.context is not None
        yield svg.plane(REACH)[1]
        yield svg.polygon(self.hull().tolist(), REACH, colour=LIGHT["value"])
        context = self.context.tolist()
        for value, weight in zip(self.values, self.weights.tolist(), strict=False):
            if weight >= 0.005:
                yield svg.line(value, context, REACH, colour=LIGHT["value"], thickness=1 + 6 * weight)
        for value, name, allowed in zip(self.values, self.keys_shown, self.allowed.tolist(), strict=False):
            yield svg.disc(value, REACH, name=name[:2], colour=LIGHT["value"] if allowed else LIGHT["muted"])
        yield svg.diamond(context, REACH)

    def _matrix_parts(self) -> Iterator[str]:
        """Yield the weights of the sentence as a table of colours, the gold alignment outlined."""
        assert self._shown is not None
        assert self.matrix is not None
        yield svg.matrix(
            self.matrix,
            rows=self._shown["target"],
            columns=self._shown["source"],
            outlined=self._shown.get("gold"),
            bold=self.word,
        )

    def _bars(self) -> Iterator[str]:
        """Yield a row for each key: its score as a bar around zero, its weight as a bar from zero, both as numbers."""
        limit = max(map(abs, self.scores)) or 1.0
        names = self.keys_shown
        step = min(34.0, 250 / len(names))
        best = int(np.argmax(self.weights)) if self.allowed.any() else None
        heading = f"What “{self._shown['target'][self.word]}” looks at" if self._shown else "From scores to weights"
        yield svg.text(0, 12, heading, bold=True)
        yield svg.note(0, 32, f"temperature {self.temperature:g}, {self._entropy_in_words()}")
        yield svg.note(86, 60, "score")
        yield svg.note(200, 60, "weight")
        rows = zip(names, self.scores, self.weights.tolist(), self.allowed.tolist(), strict=True)
        for i, (name, score, weight, allowed) in enumerate(rows):
            y = round(80 + i * step, 1)
            yield svg.text(0, y, name, bold=i == best) if allowed else svg.note(0, y, f"({name})")
            yield svg.signed_bar(86, y - 10, score / limit, width=60)
            yield svg.text(194, y, short(score), end=True)
            yield svg.weight_bar(200, y - 10, weight, width=50)
            yield svg.text(284, y, percent(weight), bold=i == best, end=True)
            yield svg.text(288, y, "◂") if i == best else ""

    def _entropy_in_words(self) -> str:
        return f"entropy {decimal(self.entropy)} bits"

    @property
    def alt(self) -> str:
        """The explorer as it stands now, in words."""
        names, allowed = self.keys_shown, self.allowed
        shares = [f"{name} {percent(weight)}" for name, weight in zip(names, self.weights.tolist(), strict=True)]
        forbidden = [name for name, may in zip(names, allowed.tolist(), strict=True) if not may]
        told = [f"{len(names)} scores become weights at temperature {self.temperature:g}: {', '.join(shares)}."]
        if self._shown:
            source, target = (" ".join(self._shown[side]) for side in ("source", "target"))
            told = [
                f"The sentence “{source}” and its translation “{target}”.",
                f"{self.readout()}, at temperature {self.temperature:g}.",
            ]
        if allowed.any():
            most = math.log2(allowed.sum())
            told += [
                f"Their entropy is {decimal(self.entropy)} bits of at most {decimal(most)}, "
                f"as if looking at {decimal(2**self.entropy, 1)} keys."
            ]
            told += [f"Not to be attended to: {', '.join(forbidden)}."] * bool(forbidden)
        else:
            told += ["Nothing may be attended to, so every weight is zero."]
        if self.context is not None and allowed.any():
            x, y = (decimal(value) for value in self.context.tolist())
            told += [f"The context is at ({x}, {y}), inside the convex hull of the allowed values."]
        if self._shown:
            told += ["A table of colours shows the weights of all target words over all source words."]
            told += ["The gold alignment is outlined in it."] * ("gold" in self._shown)
        told += [self.naive] * bool(allowed.any() and self.naive != SAME)
        return " ".join(told)

    def readout(self) -> str:
        """Return what the chosen target word looks at, like ``ruvi ← red 93 %, small 4 %``."""
        if not self._shown:
            raise ValueError("readout is about a word of a sentence, and there are no sentences: set sentences first")
        target = self._shown["target"][self.word]
        order = np.argsort(-self.weights, kind="stable")
        looked = [f"{self.keys_shown[i]} {percent(self.weights[i])}" for i in order if self.weights[i] >= 0.01][:3]
        return f"{target} ← {', '.join(looked) or 'nothing'}"

    # --- what may be set ----------------------------------------------------------------------------------------------

    @traitlets.validate("scores", "names", "values", "mask")
    def _check_lengths(self, proposal: dict[str, Any]) -> list[Any]:
        name, given = proposal["trait"].name, proposal["value"]
        if self._shown:
            count = len(self._shown["source"])
            if (name == "scores" and len(given) != count) or (name == "mask" and len(given) < count):
                raise traitlets.TraitError(
                    f"{name} has {len(given)} entries but the sentence has {count} source words; "
                    "it needs one for every word"
                )
            return list(given)
        sizes = {each: len(getattr(self, each)) for each in ("scores", "names", "values", "mask")} | {name: len(given)}
        short_of = [each for each, size in sizes.items() if size < sizes["scores"]]
        if short_of:
            each = name if name in short_of else short_of[0]
            raise traitlets.TraitError(
                f"{each} has {sizes[each]} entries but there are {sizes['scores']} scores; it needs one for every score"
            )
        return list(given)

    @traitlets.validate("temperature")
    def _check_temperature(self, proposal: dict[str, Any]) -> float:
        value: float = proposal["value"]
        least, most = TEMPERATURES
        if not least <= value <= most:
            raise traitlets.TraitError(f"temperature is {value}; it must be from {least:g} to {most:.0f}")
        return value

    @traitlets.validate("sentence", "word")
    def _check_index(self, proposal: dict[str, Any]) -> int:
        value: int = proposal["value"]
        name = proposal["trait"].name
        count, what = len(self.sentences), "sentences"
        if name == "word" and self.sentence < count:
            count, what = len(self.sentences[self.sentence]["target"]), "target words"
        if not 0 <= value < max(count, 1):
            allowed = f"it must be from 0 to {count - 1}" if count else "it must be 0"
            raise traitlets.TraitError(f"{name} is {value}; there are {count} {what}, so {allowed}")
        return value


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
