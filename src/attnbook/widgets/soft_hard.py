"""The selection bench: one score for each word of a sentence, and four ways to choose among the words."""

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook import core
from attnbook.core.local import local_p
from attnbook.core.soft_hard import hardmax, sample
from attnbook.data.draws import uniform
from attnbook.theme import LIGHT
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Numbers, Ranged, Task, Words, computed
from attnbook.widgets.svg import decimal, percent, signed

__all__ = ["MOST_DRAWS", "MOST_WORDS", "SelectionExplorer"]

MOST_WORDS = 10
WORDS = (1, MOST_WORDS)
MOST_SCORE = 3.0
MOST_DRAWS = 1000

SENTENCE = "the tea was cold, the cake was lovely"
SCORES = [-0.5, 0.3, -0.5, 1.8, -0.5, 0.3, -0.5, 2.2]  # how well each word answers "How was it?"
VALUES = [0.0, 0.1, 0.0, -0.8, 0.0, 0.2, 0.0, 0.9]  # from bad to good; chosen by hand
WAYS = ("soft", "sampled", "hard", "local")


class SelectionExplorer(Explorer):
    """Drag the scores of some words, and see what four ways of choosing make of them.

    Soft attention takes the mean of all values, by weight; a sample is one word, drawn by weight; hard attention takes
    the word with the highest score; local attention looks through a window around ``place``, as in Luong's *local-p*.
    There are as many words as ``scores``; a word without a value has the value 0. The draws follow from ``seed``.

    >>> explorer = SelectionExplorer(sentence="yes no", scores=[1, 0], values=[1, -1], draws=100)
    >>> dict(zip(("soft", "sampled", "hard", "local"), explorer.answers.round(2).tolist()))
    {'soft': 0.46, 'sampled': 0.56, 'hard': 1.0, 'local': 0.0}
    """

    _module: ClassVar[str] = "soft_hard"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "draw words by weight. Will the mean of their values end near cold, near lovely, or between? Guess, then "
            "draw 100.",
            "{where}: the mean of {draws} draws is {mean}. Soft attention says {soft} without a single draw; that is "
            "where the mean is going.",
        ),
        Task(
            "find a temperature at which soft attention says what hard attention says, to within 0.05.",
            "At {temperature}, “{word}” has {share} of the weight, so there is hardly anything else to draw or to "
            "average. Hard attention is where soft attention ends in the cold.",
        ),
        Task(
            "was the tea good? Move the window, at the bottom, until local attention gives a bad mark.",
            "It reads {count} and says {answer}. Its weights sum to {sum}: the bell lowers them, and nothing scales "
            "them up again.",
        ),
    )

    sentence = Words(SENTENCE, most=80, label="Words of your own", help="The words, with spaces between them.")
    scores = Numbers(SCORES, shape=(WORDS,), most=MOST_SCORE, meaning="1 to 10 numbers, one for each word")
    values = Numbers(VALUES, shape=(WORDS,), most=1.0, meaning="1 to 10 numbers, from −1, bad, to 1, good")
    temperature = Ranged(1e-3, 1e3, 1, slider=(0.05, 10), step=0.005, log=10, label="Temperature", help="Of softmax.")
    place = Ranged(0, MOST_WORDS - 1, 6, step=0.1, label="Place p", help="The window’s middle; the first word is 0.")
    reach = Ranged(0.1, 20, 2, slider=(0.5, 8), step=0.5, label="Reach D", help="Of the window, both ways; σ = D/2.")
    draws = Ranged(0, MOST_DRAWS, 0, whole=True, label="Draws", help="How many words have been drawn.")
    seed = Ranged(0, 2**32 - 1, 0, whole=True, help="Of these draws.")

    weights = computed("Four rows of weights, one number for each word: soft, sampled, hard, local.")
    answers = computed("The mean of the values by each row of weights; 0 for samples if nothing has been drawn.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @property
    def names(self) -> list[str]:
        """The words, or their numbers where there are not enough."""
        words = self.sentence.split()
        return [*words[: len(self.scores)], *(str(i + 1) for i in range(len(words), len(self.scores)))]

    @traitlets.observe("scores", "values", "temperature", "place", "reach", "draws", "seed")
    def _compute(self, change: object = None) -> None:
        scores = np.array(self.scores)  # (k,)
        soft = core.softmax(scores, temperature=self.temperature)
        drawn = sample(soft, uniform(self.seed, self.draws)).sum(axis=0) / max(self.draws, 1)
        local = local_p(scores[None] / self.temperature, np.array([self.place]), reach=self.reach)[0]
        weights = np.stack([soft, drawn, hardmax(scores), local])  # (4, k)
        self._tell({"weights": weights, "answers": weights @ self._values()})

    def _values(self) -> Float64[np.ndarray, "k"]:
        missing = max(0, len(self.scores) - len(self.values))
        return np.array([*self.values[: len(self.scores)], *[0.0] * missing])

    def told(self) -> list[str]:
        """Return the four answers as they are shown: there is none to samples before the first draw."""
        return [signed(each) if self.draws or i != 1 else "–" for i, each in enumerate(self.answers.tolist())]

    def rows(self) -> list[list[str]]:
        """Return each word with its score, its value and its four weights, and the four answers."""
        rows = zip(self.names, self.scores, self._values().tolist(), self.weights.T.tolist(), strict=True)
        return [
            *([name, decimal(score), signed(value), *map(percent, each)] for name, score, value, each in rows),
            ["answer", "", "", *self.told()],
        ]

    def static_svg(self) -> str:
        """Return scores, values, weights and answers as they stand now, as an SVG picture."""
        return svg.picture(680, 400, title="Four ways to choose", alt=self.alt, parts=list(self._parts()))

    def _parts(self) -> Iterator[str]:
        """Yield a column for each word, and a row for each way to choose, with its answer on a scale."""
        wide = 400 / len(self.scores)
        yield svg.text(16, 60, "score", bold=True) + svg.text(16, 140, "value", bold=True)
        for i, (name, score, value) in enumerate(zip(self.names, self.scores, self._values().tolist(), strict=True)):
            x, high = 120 + i * wide, 40 * (score / MOST_SCORE + 1)
            most = max(2, int(wide / 8))
            yield f'<path fill="{LIGHT["key"]}" d="M{x:.1f} 100v-{high + 1:.1f}h20v{high + 1:.1f}z"/>'
            yield svg.text(x, 120, name if len(name) <= most else name[: most - 1] + "…", bold=True)
            yield svg.note(x, 140, signed(value))
        for row, (way, told) in enumerate(zip(WAYS, self.told(), strict=True)):
            y = 200 + 56 * row
            yield svg.text(16, y - 12, way, bold=True) + svg.text(664, y - 12, told, bold=True, end=True)
            yield f'<path stroke="{LIGHT["grid"]}" d="M120 {y}h400M532 {y - 18}h80M572 {y - 40}v40"/>'
            yield from (svg.column(120 + i * wide, y, w, height=40) for i, w in enumerate(self.weights[row]) if w > 0)
            if told != "–":
                at = 572 + 40 * self.answers[row]
                yield f'<path fill="{LIGHT["ink"]}" d="M{at:.1f} {y - 24}l6 6-6 6-6-6z"/>'
        yield svg.note(524, 140, "bad") + svg.note(592, 140, "good")

    @property
    def alt(self) -> str:
        """The explorer as it stands now, in words."""
        soft, sampled, hard, local = self.told()
        reads = int((np.abs(np.arange(len(self.scores)) - self.place) <= self.reach).sum())
        drawn = f"{self.draws} draws have the mean {sampled}" if self.draws else "nothing has been drawn yet"
        best = self.names[int(self.weights[2].argmax())]
        return (
            f"Four ways to choose among {len(self.scores)} words, “{' '.join(self.names)}”, at temperature "
            f"{self.temperature:g}; values go from −1, bad, to 1, good. Soft attention reads all and says {soft}; "
            f"{drawn}; hard attention takes “{best}” and says {hard}; local attention reads {reads} around "
            f"place {self.place:g}, counted from 0, and says {local}."
        )
