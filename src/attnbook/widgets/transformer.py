"""The model that writes: what each of its heads looks at in a text, and which character it expects next."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook.core.alignment import attend, softmax
from attnbook.core.heads import merge_heads, split_heads
from attnbook.core.scoring import scaled_dot
from attnbook.core.self_attention import causal_mask, rotate
from attnbook.data.book_text import ALPHABET
from attnbook.data.draws import gaussian, uniform
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Declared, Ranged, Task, Words, computed
from attnbook.widgets.svg import decimal, percent
from attnbook.widgets.translator import pack, unpack

__all__ = ["CONTEXT", "MOST_HEADS", "TransformerExplorer", "WritingModel", "chosen", "read"]

CONTEXT, MOST_HEADS, MOST_TEXT, MOST_WIDTH, BARS = 128, 8, 400, 64, 5
MARKS = {" ": "␣", "\n": "¶"}

Parameters = Mapping[str, Float64[np.ndarray, "..."]]


def shapes(width: int, layers: int) -> dict[str, tuple[int, ...]]:
    """Return the shape of each parameter of a `TextModel` of characters, and of the number of its heads."""
    square, vector, tokens = (width, width), (width,), len(ALPHABET)
    maps: dict[str, tuple[int, int]] = {}
    norms = ["norm"]
    for n in range(layers):
        maps |= {f"blocks.{n}.attention.{name}": square for name in ("query", "key", "value", "output")}
        maps |= {f"blocks.{n}.widen": (4 * width, width), f"blocks.{n}.narrow": (width, 4 * width)}
        norms += [f"blocks.{n}.norms.0", f"blocks.{n}.norms.1"]
    maps["next_token"] = (tokens, width)
    sizes: dict[str, tuple[int, ...]] = {"token.weight": (tokens, width), "heads": (1,)}
    sizes |= {f"{name}.{part}": size[:end] for name, size in maps.items() for part, end in (("weight", 2), ("bias", 1))}
    return sizes | {f"{name}.{part}": vector for name in norms for part in ("weight", "bias")}


def untrained() -> dict[str, Any]:
    """Return the parameters of a small model that has learned nothing."""
    numbers = {name: 0.6 * gaussian(seed, size) for seed, (name, size) in enumerate(shapes(8, 2).items())}
    return pack(numbers | {"heads": [2]})


class WritingModel(Declared):
    """The parameters of a causal `TextModel` of characters, packed: too many for a page, and for a link."""

    kind = "model"
    linked = False
    fetched = True

    def checked(self, name: str, value: Any) -> dict[str, Any]:
        """Return the parameters as they are packed; a module is packed here."""
        wanted = f"a causal TextModel of the {len(ALPHABET)} characters of ALPHABET, with rotary positions"
        try:
            module = hasattr(value, "state_dict")
            if module and (not value.causal or value.context != CONTEXT):
                raise ValueError
            heads = [value.blocks[0].attention.heads] if module else []
            given = pack({**value.state_dict(), "heads": heads}) if module else value
            arrays = {each: unpack(packed) for each, packed in given.items()}
            width, heads = len(arrays["norm.bias"]), round(arrays["heads"].item())
            layers = sum(each.endswith("widen.bias") for each in arrays)
            finite = all(np.isfinite(array).all() for array in arrays.values())
            expected = shapes(width, layers)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            raise traitlets.TraitError(f"{name} is no such model; it must be {wanted}") from None
        if not finite or expected != {each: array.shape for each, array in arrays.items()}:
            raise traitlets.TraitError(f"{name} has parameters of other names or shapes; it must be {wanted}")
        if width > MOST_WIDTH or heads < 1 or width % (2 * heads) or layers * heads > MOST_HEADS:
            raise traitlets.TraitError(
                f"{name} has width {width} and {layers} × {heads} heads; width {MOST_WIDTH} and {MOST_HEADS} heads are "
                "the most that a page can hold"
            )
        return {each: dict(given[each]) for each in expected}


def read(parameters: Parameters, tokens: Sequence[int]) -> tuple[Float64[np.ndarray, "h n n"], Float64[np.ndarray, "n t"]]:
    """Return the weights of all heads, layer by layer, and the scores of what follows each place, as `TextModel` does."""
    p, n, heads = parameters, len(tokens), round(parameters["heads"][0])

    def linear(name: str, x: Float64[np.ndarray, "n d"]) -> Float64[np.ndarray, "n e"]:
        return np.asarray(x @ p[f"{name}.weight"].T + p[f"{name}.bias"])

    def norm(name: str, x: Float64[np.ndarray, "n d"]) -> Float64[np.ndarray, "n d"]:
        spread = np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
        return np.asarray((x - x.mean(axis=-1, keepdims=True)) / spread * p[f"{name}.weight"] + p[f"{name}.bias"])

    x, maps, b = p["token.weight"][list(tokens)], [], 0  # (n, d)
    while f"blocks.{b}.widen.weight" in p:
        y = norm(f"blocks.{b}.norms.0", x)
        q, k, v = (split_heads(linear(f"blocks.{b}.attention.{part}", y), heads) for part in ("query", "key", "value"))
        q, k = (rotate(each, np.arange(n)) for each in (q, k))  # (h, n, d)
        seen, weights = attend(scaled_dot(q, k), v, mask=causal_mask(n, n))
        x = x + linear(f"blocks.{b}.attention.output", merge_heads(seen))
        inner = np.maximum(linear(f"blocks.{b}.widen", norm(f"blocks.{b}.norms.1", x)), 0)
        x = x + linear(f"blocks.{b}.narrow", inner)
        maps.append(weights)
        b += 1
    return np.concatenate(maps), linear("next_token", norm("norm", x))


def chosen(chances: Float64[np.ndarray, "t"], at: float) -> int:
    """Return the character that a number from 0 to 1 falls on, when the chances lie one after the other.

    >>> [chosen(np.array([0.5, 0.25, 0.25]), at) for at in (0.0, 0.49, 0.5, 0.99)]
    [0, 0, 1, 2]
    """
    return int(min(np.searchsorted(np.cumsum(chances), at, side="right"), len(chances) - 1))


class TransformerExplorer(Explorer):
    """Type a text, and see what each head of a small Transformer looks at in it, and what it expects to come next.

    The model reads the last 128 of the characters that it knows; capitals are read as small letters. Without a
    ``model``, there is one that has learned nothing.

    >>> explorer = TransformerExplorer(text="What is attention?", head=1)
    >>> explorer.known, explorer.maps.shape
    ('what is attention?', (4, 18, 18))
    >>> explorer.write(5) == TransformerExplorer(text="What is attention?").write(5)  # the same seed, the same text
    True
    """

    _module: ClassVar[str] = "transformer"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "the model has read the text in the field. Which character will it write next? Decide, then type it at the "
            "end, or press One step.",
            "{verdict}It gave {typed} {share}; its first choice was {best}, with {most}.",
        ),
        Task(
            "each small map is a head. Press the one that looks most at the character just before: a line beside the "
            "diagonal.",
            "Head {head} gives the character just before {share} of its weight on average, more than any other head.",
        ),
        Task(
            "change one letter in the middle of the text. Which rows of the maps stay as they were?",
            "The {same} rows above place {place} are the same, in all heads and to the last bit: no row sees what comes "
            "after it. Of the others, {changed} moved in this head.",
        ),
    )

    text = Words("a softmax turns the scores into we", most=MOST_TEXT, label="Text", help="What the model reads.")
    head = Ranged(
        0, MOST_HEADS - 1, 0, whole=True, label="Head", help="Whose map is shown, layer by layer; behind the end, the last."
    )
    place = Ranged(
        0, CONTEXT - 1, CONTEXT - 1, whole=True, label="Place", help="Whose row is read out; behind the end, the last."
    )
    temperature = Ranged(
        1e-6, 1e6, 1, slider=(0.1, 10), log=10, label="Temperature", help="Of the softmax over the next characters."
    )
    seed = Ranged(0, 2**32 - 1, 0, slider=(0, 99), step=1, whole=True, label="Seed", help="Of the characters that it writes.")
    model = WritingModel(untrained(), help="A causal TextModel of characters.")
    trained = Words("not trained at all", most=160, help="On what the model was trained and for how long, in a few words.")

    maps = computed("The weights of each head, layer by layer, (heads, places, places).")
    scores = computed("The scores of all characters after each place.")
    chances = computed("How likely each character is to come next, at this temperature.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """What the front end needs to know, the characters too."""
        return {**super().facts(), "alphabet": ALPHABET, "bars": BARS}

    @property
    def known(self) -> str:
        """The characters that the model reads: the last ones of those that it knows."""
        return "".join(each for each in str(self.text).lower() if each in ALPHABET)[-CONTEXT:]

    @property
    def chosen_head(self) -> int:
        """The number of the head whose map is shown."""
        return min(int(self.head), len(self.maps) - 1)

    @property
    def chosen_place(self) -> int:
        """The place whose row is read out; −1 without a text."""
        return min(int(self.place), len(self.known) - 1)

    @traitlets.observe("text", "model", "temperature")
    def _compute(self, change: object = None) -> None:
        if not self.known:
            heads = round(unpack(self.model["heads"])[0]) * sum(each.endswith("widen.bias") for each in self.model)
            empty = np.zeros((0, len(ALPHABET)))
            self._tell({"maps": np.zeros((heads, 0, 0)), "scores": empty, "chances": np.zeros(len(ALPHABET))})
            return
        parameters = {name: unpack(each) for name, each in self.model.items()}
        maps, scores = read(parameters, [ALPHABET.index(each) for each in self.known])
        self._tell({"maps": maps, "scores": scores, "chances": softmax(scores[-1], temperature=self.temperature)})

    def write(self, count: int) -> str:
        """Let the model write: each next character is drawn with its chance; return the whole text."""
        for _ in range(count):
            if not self.known or len(self.text) == MOST_TEXT:
                break
            at = uniform(self.seed, len(self.text) + 1)[-1]  # a draw for each place, whatever was drawn before
            self.text += ALPHABET[chosen(self.chances, at)]
        return str(self.text)

    def before(self) -> Float64[np.ndarray, "h"]:
        """Return how much weight each head gives the character just before, on average over the text."""
        if len(self.known) < 2:
            return np.zeros(len(self.maps))
        return np.asarray(np.diagonal(self.maps, offset=-1, axis1=1, axis2=2).mean(axis=1))

    def likely(self) -> dict[str, float]:
        """Return the likeliest next characters, with their chances."""
        order = np.argsort(-self.chances, kind="stable")[: BARS if self.known else 0]
        return {_mark(ALPHABET[i]): float(self.chances[i]) for i in order}

    def readout(self) -> str:
        """Return what the chosen place looks at, like ``In head 1·2, “e” (17) looks at “h” (16) 62 %``."""
        if not self.known:
            return "There is nothing to look at."
        row = self.maps[self.chosen_head, self.chosen_place]
        seen = [f"{self._at(j)} {percent(row[j])}" for j in np.argsort(-row, kind="stable")[:3] if row[j] >= 0.01]
        return f"In head {self._named(self.chosen_head)}, {self._at(self.chosen_place)} looks at {', '.join(seen)}"

    def _at(self, place: int) -> str:
        return f"{_mark(self.known[place])} ({place + 1})"

    def _named(self, head: int) -> str:
        heads = round(unpack(self.model["heads"])[0])
        return f"{head // heads + 1}·{head % heads + 1}"

    def rows(self) -> list[list[str]]:
        """Return for each place what the head looks at most, what was expected there, and how likely what came was."""
        chances = softmax(self.scores, temperature=self.temperature) if self.known else self.scores
        weights = self.maps[self.chosen_head]
        return [
            [
                *(str(i + 1), _mark(letter), self._at(int(row.argmax())), percent(row.max())),
                _mark(ALPHABET[chances[i - 1].argmax()]) if i else "–",
                percent(chances[i - 1, ALPHABET.index(letter)]) if i else "–",
            ]
            for i, (letter, row) in enumerate(zip(self.known, weights, strict=True))
        ]

    def static_svg(self) -> str:
        """Return all maps, one of them large, and what is likely to come next, as an SVG picture."""
        told = self.known.replace("\n", "¶")
        parts = [svg.text(16, 26, told if len(told) < 60 else f"… {told[-58:]}", bold=True)]
        parts += ['<g transform="translate(16 44)">', svg.weights(self.maps[self.chosen_head], 288), "</g>"]
        parts += [svg.note(16, 348, f"head {self._named(self.chosen_head)}: a row for each character that looks")]
        for n, weights in enumerate(self.maps):
            x, y = 328 + 84 * (n % 4), 44 + 96 * (n // 4)
            parts += [f'<g transform="translate({x} {y})">', svg.weights(weights, 72), "</g>"]
            parts += [svg.note(x, y + 86, self._named(n))]
        parts += ['<g data-answer="">', svg.note(328, 248, f"next, at temperature {self.temperature:g}")]
        for n, (name, chance) in enumerate(list(self.likely().items())[:4]):
            y = 272 + 22 * n
            parts += [svg.text(328, y, name), svg.weight_bar(360, y - 10, chance, width=220), svg.text(656, y, percent(chance), end=True)]
        return svg.picture(680, 360, title="What each head looks at", alt=self.alt, parts=[*parts, "</g>"])

    @property
    def alt(self) -> str:
        """The explorer as it stands now, in words."""
        likely = ", ".join(f"{name} {percent(chance)}" for name, chance in self.likely().items())
        return (
            f"A Transformer, {self.trained}, has read “{self.known.replace(chr(10), '¶')}”. Small maps of colours show what "
            f"each of its {len(self.maps)} heads looks at, one of them large: a row for each character, a column for each "
            f"that it may look at, nothing above the diagonal. {self.readout()}. "
            f"Likely to come next at temperature {self.temperature:g}: {likely or 'nothing'}."
        )


def _mark(letter: str) -> str:
    """A character as it can be seen."""
    return f"“{MARKS.get(letter, letter)}”"
