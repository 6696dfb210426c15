"""The sentence explorer: a trained translator at work, and what it looks at while it writes."""

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import traitlets
from jaxtyping import Bool

from attnbook import core
from attnbook.data.phrase import (
    ADJECTIVES,
    ARTICLES,
    CONJUNCTIONS,
    END,
    NOUNS,
    PREPOSITIONS,
    SOURCE_WORDS,
    TARGET_WORDS,
    VERBS,
    VERBS_ALONE,
    Translation,
    decode,
    encode,
    translate,
)
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Flags, Ranged, Task, Tokens, Words, computed
from attnbook.widgets.packed import Network, unpack, width_of
from attnbook.widgets.svg import decimal, percent, winner
from attnbook.widgets.translator import WIDEST, shapes, untrained, write

__all__ = ["MOST_SOURCE", "MOST_TARGET", "SentenceExplorer"]

MOST_SOURCE, MOST_TARGET = 20, 20

EXAMPLES = (
    "a king under the tree waits while the girl draws a bird",
    "the small red cat near a tree sees the dog",
    "the tall young sailor knows a quiet boy with a black horse",
    "a white bird sings and the brave fox follows a big dog",
    "the girl beside the cold river hears a song until the horse sleeps",
    "a boy walks but the cat waits because a dog sleeps and the fox dances",
)


class SentenceExplorer(Explorer):
    """Type a sentence, see it translated by a model, and what the model looks at for each word that it writes.

    A source word that is forbidden cannot be looked at, and the translation changes. Every trait below can be set in
    the constructor or at any time. Without a ``model``, there is one that has learned nothing.

    >>> explorer = SentenceExplorer(sentence="the cat sees a dog", word=1)
    >>> explorer.matrix.shape == (len(explorer.target), 5)
    True
    """

    _module: ClassVar[str] = "alignment_sentence"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "the model wrote each word of the translation while looking back at the English ones. At which did it look "
            "when it wrote the last? Decide, then press that English word.",
            "{verdict} For {target}, the weight of {best} is {share}. Now point at the others.",
        ),
        Task(
            "press an English word to forbid it, one that the model looks at. Does the translation change?",
            "Without {word}, the attention goes to {best} ({share}), and {change}.",
        ),
        Task(
            "type a sentence of your own, with the words under More, that the model gets wrong. Try short clauses.",
            "It wrote “{wrote}”; by the rules it is “{right}”.",
        ),
    )

    sentence = Tokens(
        EXAMPLES[0],
        words=SOURCE_WORDS[END + 1 :],
        length=(1, MOST_SOURCE),
        label="Sentence",
        help="What is translated, in the chapter's words.",
    )
    word = Ranged(
        0, MOST_TARGET - 1, MOST_TARGET - 1, whole=True, help="Which word of the translation; behind the end, the last."
    )
    mask = Flags([True] * MOST_SOURCE, length=(MOST_SOURCE, MOST_SOURCE), help="True where the model may look.")
    temperature = Ranged(
        1e-6, 1e6, 1, slider=(0.1, 10), log=10, label="Temperature", help="Of the softmax of its attention."
    )
    model = Network(
        untrained(),
        wanted="a Translator with attention, or its state_dict()",
        shapes=lambda given: shapes(
            width_of(given, "start.bias", WIDEST), source=len(SOURCE_WORDS), target=len(TARGET_WORDS)
        ),
        help="A Translator with attention, or its state_dict().",
    )
    trained = Words("not trained at all", most=80, help="How the model was trained, in a few words.")

    matrix = computed("All weights, (target, source).")
    weights = computed("The weights with which the chosen word was written.")
    entropy = traitlets.Float(read_only=True, help="Of these weights, in bits.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """What the front end needs to know, the words by their kinds and examples too."""
        pairs = [NOUNS, ADJECTIVES, VERBS, VERBS_ALONE, PREPOSITIONS, CONJUNCTIONS]
        names = ["noun", "adjective", "verb", "verb_alone", "preposition", "conjunction"]
        words = {"article": dict.fromkeys(ARTICLES, ""), **dict(zip(names, pairs, strict=True))}
        return {**super().facts(), "words": words, "examples": EXAMPLES}

    @property
    def source(self) -> list[str]:
        """The words of the sentence."""
        return str(self.sentence).split()

    @property
    def allowed(self) -> Bool[np.ndarray, "s"]:
        """The mask of the words that are there."""
        return np.array(self.mask[: len(self.source)])

    @property
    def chosen(self) -> int:
        """The place of the chosen word in the translation."""
        return int(min(self.word, len(self.target) - 1))

    @property
    def rules(self) -> Translation | None:
        """The translation by the rules, and which word comes from which; None if the sentence does not follow them."""
        try:
            return translate(self.sentence)
        except ValueError:
            return None

    @property
    def right(self) -> bool:
        """Whether the translation is that of the rules."""
        return self.rules is not None and list(self.rules.target) == self.target

    @traitlets.observe("sentence", "word", "mask", "temperature", "model")
    def _compute(self, change: object = None) -> None:
        written = write(
            unpack(self.model),
            encode(self.sentence, SOURCE_WORDS).tolist(),
            mask=self.allowed,
            temperature=self.temperature,
            most=MOST_TARGET,
        )
        self.target = decode(written.words, TARGET_WORDS)
        """The words of the translation."""
        weights = written.weights[self.chosen].copy()
        self._tell({"matrix": written.weights, "weights": weights, "entropy": float(core.entropy(weights))})

    def rows(self) -> list[list[str]]:
        """Return for each word of the translation what it looks at most, and where it comes from by the rules."""
        origins = self.rules.links.argmax(axis=1) if self.right and self.rules else None
        return [
            [
                self.target[i],
                self.source[int(row.argmax())],
                "–" if origins is None else self.source[origins[i]],
                percent(row.max()),
                decimal(core.entropy(row)),
            ]
            for i, row in enumerate(self.matrix)
        ]

    def readout(self) -> str:
        """Return what the chosen word looks at, like ``karmi ← red 93 %, small 4 %``."""
        order = np.argsort(-self.weights, kind="stable")
        looked = [f"{self.source[i]} {percent(self.weights[i])}" for i in order if self.weights[i] >= 0.01][:3]
        return f"{self.target[self.chosen]} ← {', '.join(looked) or 'nothing'}"

    def static_svg(self) -> str:
        """Return the matrix of weights, and the row of the chosen word, as they stand now, as an SVG picture."""
        title = f"What “{self.target[self.chosen]}” looks at"
        table = svg.matrix(
            self.matrix,
            rows=self.target,
            columns=self.source,
            outlined=self.rules.links.astype(int).tolist() if self.right and self.rules else None,
            bold=self.chosen,
        )
        parts = [
            *('<g transform="translate(16 16)">', table, "</g>"),
            *('<g transform="translate(400 16)">', *self._bars(title), "</g>"),
        ]
        return svg.picture(680, 352, title=title, alt=self.alt, parts=parts)

    def _bars(self, title: str) -> Iterator[str]:
        """Yield a row for each source word: its weight as a bar from zero and as a number."""
        step = min(34.0, 270 / len(self.source))
        best = winner(self.weights)
        yield svg.text(0, 12, title, bold=True)
        yield svg.note(0, 32, f"temperature {self.temperature:g}, entropy {decimal(self.entropy)} bits")
        rows = zip(self.source, self.weights.tolist(), self.allowed.tolist(), strict=True)
        for i, (name, weight, allowed) in enumerate(rows):
            y = round(60 + i * step, 1)
            yield svg.text(0, y, name, bold=i == best) if allowed else svg.note(0, y, f"({name})")
            yield svg.weight_bar(80, y - 10, weight, width=110)
            yield svg.text(240, y, percent(weight), bold=i == best, end=True)

    @property
    def alt(self) -> str:
        """The explorer as it stands now, in words."""
        forbidden = [name for name, may in zip(self.source, self.allowed.tolist(), strict=True) if not may]
        told = [
            f"The sentence “{self.sentence}” and its translation “{' '.join(self.target)}” by a model, {self.trained}.",
            f"{self.readout()}, at temperature {self.temperature:g}, an entropy of {decimal(self.entropy)} bits.",
        ]
        told += [f"Not to be looked at: {', '.join(forbidden)}."] * bool(forbidden)
        told += ["A table of colours shows the weights of all words of the translation over all English words."]
        if self.right:
            told += ["The word that each one comes from is outlined in it."]
        elif self.rules is not None:
            told += [f"By the rules the translation is “{' '.join(self.rules.target)}”."]
        return " ".join(told)
