"""Reviews of an inn: six sentences, each with an opinion about one thing, and a question about one of the things."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Int64

from attnbook.data._checks import whole_number

__all__ = ["GRADES", "SENTENCES", "THINGS", "WORDS", "Reviews", "reviews", "spell"]

THINGS = ("room", "bed", "breakfast", "garden", "view", "staff", "price", "music", "pool", "parking")
"""What a sentence may be about, and a question too; a thing's number is its place here."""
GRADES = ("bad", "dull", "good", "great")
"""The answers; a grade's number is its place here."""
OPINIONS = (
    ("awful", "dreadful", "nasty"),
    ("plain", "tired", "forgettable"),
    ("pleasant", "decent", "solid"),
    ("superb", "perfect", "splendid"),
)
NO_OPINION = ("mentioned", "there", "open")
SHAPES = (  # T is the thing, O the opinion: eight words each
    "we all thought that the T was O",
    "O is the word for the T here",
    "on the last day the T seemed O",
    "my friends also called the T quite O",
    "the T on both days was rather O",
    "in short a O T all week long",
)
SENTENCES, LENGTH = 6, 8

_FILLERS = sorted({word for shape in SHAPES for word in shape.split()} - {"T", "O"})
WORDS = (*THINGS, *(word for words in (*OPINIONS, NO_OPINION) for word in words), *_FILLERS)
"""All words, the things first; a word's number is its place here."""
_NUMBER = {word: number for number, word in enumerate(WORDS)}


class Reviews(NamedTuple):
    """Reviews as numbers, with the question, the answer, and where it stands."""

    words: Int64[np.ndarray, "n s w"]
    question: Int64[np.ndarray, "n"]
    """The thing that is asked about."""
    answer: Int64[np.ndarray, "n"]
    """The grade of that thing."""
    sentence: Int64[np.ndarray, "n"]
    """The sentence about that thing."""
    opinion: Int64[np.ndarray, "n"]
    """The place, in that sentence, of the word that holds the answer."""
    grades: Int64[np.ndarray, "n s"]
    """The grade that each sentence gives its thing; −1 where it gives none."""


def reviews(count: int, *, judged: int = SENTENCES, seed: int) -> Reviews:
    """Write reviews at random, each of six sentences about six different things, and ask about one of them.

    Args:
        count: How many.
        judged: How many of the six sentences hold an opinion; the question is about one of those.
        seed: Everything follows from it.

    >>> some = reviews(100, seed=0)
    >>> some.words.shape, THINGS[some.question[0]], GRADES[some.answer[0]]
    ((100, 6, 8), 'garden', 'great')
    >>> spell(some.words[0, some.sentence[0]])
    'we all thought that the garden was splendid'
    """
    whole_number("count", count, least=1)
    whole_number("judged", judged, least=1, most=SENTENCES)
    rng = np.random.default_rng(seed)
    opinion_words = np.array(
        [[_NUMBER[word] for word in words] for words in (*OPINIONS, NO_OPINION)]
    )  # (grades + 1, 3)
    shapes = np.array([[_NUMBER.get(word, -1 if word == "T" else -2) for word in shape.split()] for shape in SHAPES])
    things = rng.permuted(np.tile(np.arange(len(THINGS)), (count, 1)), axis=1)[:, :SENTENCES]  # (n, s)
    grades = rng.integers(len(GRADES), size=(count, SENTENCES))
    order = rng.permuted(np.tile(np.arange(SENTENCES), (count, 1)), axis=1)  # (n, s); the first ones are judged
    np.put_along_axis(grades, order[:, judged:], -1, axis=1)
    words = shapes[rng.permuted(np.tile(np.arange(len(SHAPES)), (count, 1)), axis=1)]  # (n, s, w)
    said = opinion_words[grades, rng.integers(3, size=(count, SENTENCES))]  # (n, s); −1 is the row without an opinion
    opinion = (words == -2).argmax(axis=-1)  # (n, s)
    words = np.where(words == -1, things[..., None], np.where(words == -2, said[..., None], words))
    asked = order[:, 0]  # (n,)
    row = np.arange(count)
    return Reviews(words, things[row, asked], grades[row, asked], asked, opinion[row, asked], grades)


def spell(words: Sequence[int] | Int64[np.ndarray, "w"]) -> str:
    """Write a sentence out.

    >>> spell([0, 1])
    'room bed'
    """
    return " ".join(WORDS[number] for number in words)
