"""The model that writes: what each of its heads looks at in a text, and which character it expects next."""

from typing import Any, ClassVar

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook.core import softmax
from attnbook.data.book_text import ALPHABET
from attnbook.data.draws import uniform
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Ranged, Task, Words, computed
from attnbook.widgets.packed import unpack
from attnbook.widgets.svg import percent
from attnbook.widgets.writer import CONTEXT, MOST_HEADS, chosen, read, writing_model

__all__ = ["TransformerExplorer"]

MOST_TEXT, BARS = 400, 5
MARKS = {" ": "␣", "\n": "¶"}


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
            "each small map is a head. Press one that looks mostly at the character just before: a line beside the "
            "diagonal.",
            "Head {head} gives the character just before {share} of its weight, on average over this text.",
        ),
        Task(
            "change one letter in the middle of the text. Which rows of the maps stay as they were?",
            "The {same} rows above place {place} are the same, in all heads: no row sees what comes after it. Of the "
            "others, {changed} moved in this head.",
        ),
    )

    text = Words("a softmax turns the scores into we", most=MOST_TEXT, label="Text", help="What the model reads.")
    head = Ranged(
        0,
        MOST_HEADS - 1,
        0,
        whole=True,
        label="Head",
        help="Whose map is shown; behind the end, the last.",
    )
    place = Ranged(
        0, CONTEXT - 1, CONTEXT - 1, whole=True, label="Place", help="Whose row is read out; behind the end, the last."
    )
    temperature = Ranged(
        1e-6, 1e6, 1, slider=(0.1, 10), log=10, label="Temperature", help="Of the softmax over the next characters."
    )
    seed = Ranged(
        0, 2**32 - 1, 0, slider=(0, 99), step=1, whole=True, label="Seed", help="Of the characters that it writes."
    )
    model = writing_model()
    trained = Words("not trained at all", most=160, help="On what and how long the model was trained, in a few words.")

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
    def _heads(self) -> int:
        heads: float = unpack({"heads": self.model["heads"]})["heads"][0]
        return round(heads)

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
            heads = self._heads * sum(each.endswith("widen.bias") for each in self.model)
            empty = np.zeros((0, len(ALPHABET)))
            self._tell({"maps": np.zeros((heads, 0, 0)), "scores": empty, "chances": np.zeros(len(ALPHABET))})
            return
        maps, scores = read(unpack(self.model), [ALPHABET.index(each) for each in self.known])
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
        heads = self._heads
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
            parts += [
                svg.text(328, y, name),
                svg.weight_bar(360, y - 10, chance, width=220),
                svg.text(656, y, percent(chance), end=True),
            ]
        return svg.picture(680, 360, title="What each head looks at", alt=self.alt, parts=[*parts, "</g>"])

    @property
    def alt(self) -> str:
        """The explorer as it stands now, in words."""
        likely = ", ".join(f"{name} {percent(chance)}" for name, chance in self.likely().items())
        return (
            f"A Transformer, {self.trained}, has read “{self.known.replace(chr(10), '¶')}”. Small maps of colours show "
            f"what each of its {len(self.maps)} heads looks at, one of them large: a row for each character, a column "
            f"for each that it may look at, nothing above the diagonal. {self.readout()}. "
            f"Likely to come next at temperature {self.temperature:g}: {likely or 'nothing'}."
        )


def _mark(letter: str) -> str:
    """A character as it can be seen."""
    return f"“{MARKS.get(letter, letter)}”"
