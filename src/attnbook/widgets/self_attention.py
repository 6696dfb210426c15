"""The self-attention bench: a sentence whose words ask each other, with heads, masks and positions to choose from."""

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import traitlets
from jaxtyping import Bool, Float64

from attnbook import core
from attnbook.core.self_attention import causal_mask, padding_mask, window_mask
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import OneOf, Ranged, Task, Tokens, computed
from attnbook.widgets.handmade import HEADS, KINDS, TABLE, head_weights, maps
from attnbook.widgets.svg import decimal, percent

__all__ = ["EXAMPLES", "MOST_WORDS", "SelfAttentionExplorer"]

MOST_WORDS = 12
EXAMPLES = (
    "the animal did not cross the street because it was too tired",
    "the woman saw the man and he saw her near the river",
    "the girl likes the bird and the bird likes the girl",
    "the old dog sleeps near the house because it was hungry",
)


class SelfAttentionExplorer(Explorer):
    """Type a sentence, move its words, and see how each of them looks at all, through a mask and with positions.

    Queries and keys are made by hand, from a table of words. Every trait below can be set in the constructor or at any
    time.

    >>> explorer = SelfAttentionExplorer(sentence="the dog saw it", mask="causal", row=3)
    >>> explorer.matrix[0].round(2)  # the first word may read itself only
    array([1., 0., 0., 0.])
    >>> explorer.readout()
    'it looks mostly at dog (96 %), then it (3 %), the (1 %)'
    """

    _module: ClassVar[str] = "self_attention"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "each word asks all words who or what is meant. At which one does “it” look most? Decide, then press "
            "that word.",
            "{verdict} {looks}. It only compares kinds of words. Press another word to see what that one looks at.",
        ),
        Task(
            "with no mask and no positions, move a word: drag it, or press Shift and an arrow key. Which weights "
            "between two words will change? Decide first.",
            "The order is another one, and the largest change of a weight between two words is {change}: rows and "
            "columns went along with their words. Now choose positions, and move a word again.",
        ),
        Task(
            "a word that is there twice, such as “the”, asks the same both times: two equal rows. Five masks and "
            "positions can be chosen. Which of them make the two rows differ, and which one cannot? Try.",
            "With {choice}, the rows of the first and the second “{word}” differ by up to {change}. Padding alone "
            "never does that: it forbids all words the same places.",
        ),
    )

    sentence = Tokens(
        EXAMPLES[0],
        words=tuple(TABLE),
        length=(1, MOST_WORDS),
        label="Sentence",
        help="Words of the table, each of which asks all.",
    )
    row = Ranged(
        0, MOST_WORDS - 1, 8, whole=True, help="Which word is shown asking; behind the end, the last. It counts from 0."
    )
    head = OneOf({"meant": "who is meant", "before": "the word before"}, "meant", label="Head", help="Which is shown.")
    mask = OneOf(["none", "causal", "window", "padding"], "none", label="Mask", help="Who may look where.")
    positions = OneOf(["none", "sinusoidal", "rotary"], "none", label="Positions", help="How a place is told.")
    temperature = Ranged(1e-6, 1e6, 1, slider=(0.1, 10), log=10, label="Temperature", help="Of the softmax.")
    window = Ranged(
        1, MOST_WORDS, 2, step=1, whole=True, label="Window", help="Words fewer places away may be looked at."
    )
    padding = Ranged(
        0, MOST_WORDS, 3, step=1, whole=True, label="Padding", help="So many words at the end only fill up."
    )

    matrix = computed("All weights of the chosen head, (asks, is looked at).")
    heads = computed("All weights of both heads, (head, asks, is looked at).")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """What the front end needs to know, the table of words and the maps too."""
        query, keys = (each.round(12).tolist() for each in maps())
        kinds = [{**kind._asdict(), "words": kind.words.split()} for kind in KINDS]
        return {**super().facts(), "kinds": kinds, "examples": EXAMPLES, "maps": {"query": query, "keys": keys}}

    @property
    def words(self) -> list[str]:
        """The words of the sentence."""
        return str(self.sentence).split()

    @property
    def chosen(self) -> int:
        """The place of the word that asks."""
        return int(min(self.row, len(self.words) - 1))

    @property
    def allowed(self) -> Bool[np.ndarray, "n n"]:
        """True where a word, in its row, may look at another."""
        n = len(self.words)
        masks = {
            "none": np.ones((n, n), dtype=bool),
            "causal": causal_mask(n, n),
            "window": window_mask(n, n, width=self.window),
            "padding": padding_mask([max(0, n - self.padding)], n)[0],
        }
        return np.broadcast_to(masks[self.mask], (n, n))

    @traitlets.observe("sentence", "head", "mask", "positions", "temperature", "window", "padding")
    def _compute(self, change: object = None) -> None:
        given = {"positions": self.positions, "mask": self.allowed, "temperature": self.temperature}
        heads = head_weights(self.words, **given)
        self._tell({"matrix": heads[HEADS.index(self.head)].copy(), "heads": heads})

    def rows(self) -> list[list[str]]:
        """Return for each word at which one it looks most, how much, at how many it may look, and the entropy."""
        found = []
        for word, row, allowed in zip(self.words, self.matrix, self.allowed, strict=True):
            best = _order(row)[0]
            most = self.words[best] if row[best] > 0 else "–"
            found.append([word, most, percent(row[best]), str(allowed.sum()), decimal(core.entropy(row))])
        return found

    def readout(self) -> str:
        """Return what the chosen word looks at, in words."""
        row, words = self.matrix[self.chosen], self.words
        some = row[self.allowed[self.chosen]]
        if not len(some):
            return f"{words[self.chosen]} may look at nothing"
        if len(some) > 1 and np.ptp(some) < 1e-9:
            return f"{words[self.chosen]} looks at {len(some)} words alike ({percent(some[0])} each)"
        looked = [f"{words[i]} ({percent(row[i])})" for i in _order(row)[:3] if row[i] >= 0.01]
        rest = f", then {', '.join(looked[1:])}" * (len(looked) > 1)
        return f"{words[self.chosen]} looks mostly at {looked[0]}{rest}"

    def static_svg(self) -> str:
        """Return the matrix of weights, and the row of the word that asks, as they stand now, as an SVG picture."""
        table = svg.matrix(self.matrix, rows=self.words, columns=self.words, outlined=None, bold=self.chosen)
        title = f"What “{self.words[self.chosen]}” looks at"
        parts = [
            *('<g transform="translate(16 16)">', table, "</g>"),
            *('<g transform="translate(400 16)">', svg.text(0, 12, title, bold=True), *self._bars(), "</g>"),
        ]
        return svg.picture(680, 352, title="Words that ask each other", alt=self.alt, parts=parts)

    def _bars(self) -> Iterator[str]:
        """Yield a row for each word: the weight that it gets, as a bar and as a number."""
        yield svg.note(0, 32, self._setting())
        step = min(30.0, 280 / len(self.words))
        for i, (word, weight) in enumerate(zip(self.words, self.matrix[self.chosen].tolist(), strict=True)):
            y = round(58 + i * step, 1)
            yield svg.text(0, y, word) + svg.weight_bar(80, y - 10, weight, width=110)
            yield svg.text(240, y, percent(weight), end=True)

    def _setting(self) -> str:
        return f"mask: {self.mask}, positions: {self.positions}"

    @property
    def alt(self) -> str:
        """The bench as it stands now, in words."""
        head = type(self).head.options[self.head].label
        return (
            f"The sentence “{self.sentence}”, whose words look at each other. {self._setting().capitalize()}. At "
            f"temperature {self.temperature:g}, in the head “{head}”, {self.readout()}. A table of colours shows the "
            "weights of all words over all words."
        )


def _order(row: Float64[np.ndarray, "n"]) -> list[int]:
    """The places by their weight, the first of equal ones first."""
    return [int(i) for i in np.argsort(-row.round(9), kind="stable")]
