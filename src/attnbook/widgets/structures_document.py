"""A review read in one level and in two, by the readers that the chapter has trained."""

from typing import Any, ClassVar

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook import core
from attnbook.core.structures import Levels, two_levels
from attnbook.data.draws import gaussian
from attnbook.data.reviews import GRADES, LENGTH, OPINIONS, SENTENCES, THINGS, WORDS, reviews, spell
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import OneOf, Ranged, Task, Tokens, Words, computed
from attnbook.widgets.packed import Network, Parameters, linear, pack, unpack, width_of
from attnbook.widgets.svg import percent

__all__ = ["DocumentExplorer", "read"]

WIDEST, UNTRAINED = 64, 4


def shapes(width: int) -> dict[str, tuple[int, ...]]:
    """Return the shape of each parameter of a reader."""
    maps = {"within": width, "between": width, "answer": len(GRADES)}
    tables = {"word.weight": (len(WORDS), width), "question.weight": (len(THINGS), width), "asks": (width,)}
    weights = {f"{name}.weight": (size, width) for name, size in maps.items()}
    return tables | weights | {f"{name}.bias": (size,) for name, size in maps.items()}


def untrained(levels: str) -> Network:
    """Declare the parameters of a reader; to begin with, of one that has learned nothing."""
    seeds = enumerate(shapes(UNTRAINED).items())
    return Network(
        pack({name: gaussian(seed, size) for seed, (name, size) in seeds}),
        wanted="a Reader of these reviews",
        shapes=lambda given: shapes(width_of(given, "asks", WIDEST)),
        help=f"A Reader with {levels}.",
    )


def read(
    parameters: Parameters, document: str, question: str, *, levels: str, temperature: float = 1.0
) -> tuple[Float64[np.ndarray, "answers"], Levels]:
    """Return how sure a reader is of each answer, and what it looks at, as `nn.structures.Reader` says."""
    p = parameters
    places = np.array([WORDS.index(word) for word in document.split()]).reshape(SENTENCES, LENGTH)
    x, q = p["word.weight"][places], p["question.weight"][THINGS.index(question)]  # (s, w, d), (d,)

    def relevance(rows: Float64[np.ndarray, "n d"]) -> Float64[np.ndarray, "n"]:
        return np.asarray(np.tanh(linear(p, "between", rows)) @ q / temperature)

    if levels == "two":
        found = two_levels(np.tanh(linear(p, "within", x)) @ p["asks"] / temperature, x, relevance)
    else:
        flat = x.reshape(-1, x.shape[-1])  # (s·w, d)
        output, weights = core.attend(relevance(flat)[None], flat)  # (1, d), (1, s·w)
        each = weights.reshape(places.shape)
        found = Levels(output[0], each, each.sum(axis=-1))
    return core.softmax(linear(p, "answer", np.tanh(found.output + q))), found


class DocumentExplorer(Explorer):
    """Ask about a review of an inn, change its words, and see what a reader with one level and one with two look at.

    Without models, there are two that have learned nothing.

    >>> explorer = DocumentExplorer(question="pool", levels="two")
    >>> explorer.sentences.shape, explorer.words.shape, explorer.answer in GRADES
    ((6,), (6, 8), True)
    """

    _module: ClassVar[str] = "structures_document"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "a reader with one level has found the opinions, but not whose they are. Choose two levels. Which "
            "sentence will have the long bar?",
            "Sentence {best} has {share} of the weight now, and the answer is “{answer}”. With one level it had {was}.",
        ),
        Task(
            "ask about another thing in this review. Will the bars under the words change, or those of the sentences?",
            "Only those of the sentences: number {best} has {share}. The words were weighed before anybody asked.",
        ),
        Task(
            "press opinions of sentences that were not asked about, until one level changes its answer and two do not.",
            "One level now says “{now}” in place of “{was}”. Two levels still say “{answer}”.",
        ),
    )

    document = Tokens(
        " ".join(spell(row) for row in reviews(1, seed=2).words[0]),
        words=WORDS,
        length=(SENTENCES * LENGTH, SENTENCES * LENGTH),
        label="Review",
        help="Six sentences of eight words each, one after the other.",
    )
    question = OneOf(THINGS, "music", label="How was the …", help="What is asked about.")
    levels = OneOf({"one": "one level", "two": "two levels"}, "one", label="Reader")
    temperature = Ranged(
        1e-6, 1e6, 1, slider=(0.1, 10), log=10, label="Temperature", help="Of the softmax of each level."
    )
    flat = untrained("one level")
    hierarchy = untrained("two levels")
    trained = Words("not trained at all", most=80, help="How the readers were trained, in a few words.")

    chances = computed("How sure the reader is of each answer.")
    words = computed("The weights of the words: within their sentence with two levels, else in the whole review.")
    sentences = computed("The weights of the sentences; with one level, those of their words together.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """What the front end needs to know, with the words that a press changes into each other, and the answers."""
        opinions = [words[0] for words in OPINIONS]
        same = {word: words[0] for words in OPINIONS for word in words}
        return {**super().facts(), "things": THINGS, "opinions": opinions, "same": same, "grades": GRADES}

    @traitlets.observe("document", "question", "levels", "temperature", "flat", "hierarchy")
    def _compute(self, change: object = None) -> None:
        model = self.hierarchy if self.levels == "two" else self.flat
        asked = {"levels": self.levels, "temperature": self.temperature}
        chances, found = read(unpack(model), self.document, self.question, **asked)
        self._tell({"chances": chances, "words": found.words, "sentences": found.sentences})

    @property
    def answer(self) -> str:
        """The likeliest answer."""
        return GRADES[int(self.chances.argmax())]

    @property
    def lines(self) -> list[list[str]]:
        """The words of each sentence."""
        every = self.document.split()
        return [every[start : start + LENGTH] for start in range(0, len(every), LENGTH)]

    def rows(self) -> list[list[str]]:
        """Return for each sentence its weight, the word in it with the largest weight, and that weight."""
        return [
            [str(i + 1), percent(self.sentences[i]), line[int(row.argmax())], percent(row.max())]
            for i, (line, row) in enumerate(zip(self.lines, self.words, strict=True))
        ]

    def told(self) -> str:
        """Return the question, the answer, and how sure it is."""
        return f"How was the {self.question}? {self.answer}, {percent(self.chances.max())}"

    def static_svg(self) -> str:
        """Return the review with the weights of words and sentences as they stand now, as an SVG picture."""
        parts = [svg.text(16, 26, f"{self.told()} ({type(self).levels.options[self.levels].label})", bold=True)]
        for i, (line, row) in enumerate(zip(self.lines, self.words.tolist(), strict=True)):
            x, y = 16.0, 62 + 40 * i
            for word, weight in zip(line, row, strict=True):
                wide = 7.6 * len(word)
                parts += [svg.text(x, y, word), svg.weight_bar(x, y + 5, weight, width=wide)]
                x += wide + 8
            parts += [svg.weight_bar(500, y - 10, self.sentences[i], width=100)]
            parts += [svg.text(660, y, percent(self.sentences[i]), end=True)]
        return svg.picture(680, 296, title="A review, read", alt=self.alt, parts=parts)

    @property
    def alt(self) -> str:
        """The review and what is looked at, in words."""
        weights = "; ".join(
            f"sentence {number}, {' '.join(line)}: {share}, most of it on {word}"
            for line, (number, share, word, _) in zip(self.lines, self.rows(), strict=True)
        )
        kind = type(self).levels.options[self.levels].label
        return (
            f"A review of six sentences, read with {kind} at temperature "
            f"{self.temperature:g}, by a reader {self.trained}. {self.told()}. "
            f"Weights: {weights}."
        )
