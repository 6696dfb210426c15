"""A text to learn to write: the prose of this book's chapters 1 to 6, as it was when chapter 8 was written.

`book_text.txt` holds the paragraphs, captions and picture descriptions of those chapters without code, formulas and
markup, in small letters. Sentences with a formula or a reference in them were left out. It is frozen: the chapters may
change, it does not, so that a model trained on it stays the same.
"""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from jaxtyping import Int64

__all__ = ["ALPHABET", "BookText", "book_text", "decode", "encode"]

ALPHABET = "\n '(),-.0123456789:;?abcdefghijklmnopqrstuvwxyz"
"""The characters that a text may have; a character's number is its place here."""

HELD_BACK = 10  # one paragraph in so many is kept for testing


class BookText(NamedTuple):
    """The text in two parts: one to learn from, and one to be tested on."""

    train: str
    test: str


@cache
def book_text() -> BookText:
    r"""Return the text: one paragraph in ten is kept for testing; all lines of a paragraph are joined.

    >>> text = book_text()
    >>> text.train[:42]
    'why would a machine need to attend at all?'
    >>> len(text.train) > 9 * len(text.test) * 0.8, set(text.train) <= set(ALPHABET)
    (True, True)
    """
    whole = files("attnbook.data").joinpath("book_text.txt").read_text(encoding="utf-8")
    paragraphs = [" ".join(paragraph.split()) + "\n" for paragraph in whole.split("\n\n")]
    test = paragraphs[HELD_BACK - 1 :: HELD_BACK]
    train = [paragraph for place, paragraph in enumerate(paragraphs, start=1) if place % HELD_BACK]
    return BookText("".join(train), "".join(test))


def encode(text: str) -> Int64[np.ndarray, "n"]:
    """Return the number of each character; capitals are read as small letters.

    >>> encode("Is it?").tolist()
    [29, 39, 1, 29, 40, 20]
    """
    if not isinstance(text, str):
        raise TypeError(f"text is a {type(text).__name__}; it must be a string")
    if not text:
        raise ValueError("text is empty: give at least one character to go on from, such as a space")
    small = text.lower()
    unknown = sorted(set(small) - set(ALPHABET))
    if unknown:
        raise ValueError(
            f"text has {', '.join(map(repr, unknown))}, which the book's text never has: "
            "use letters a to z, digits, spaces, line ends and '(),-.:;?"
        )
    return np.array([ALPHABET.index(character) for character in small], dtype=np.int64)


def decode(numbers: Int64[np.ndarray, "n"]) -> str:
    """Return the characters that have these numbers.

    >>> decode(encode("Is it?"))
    'is it?'
    """
    given = np.asarray(numbers)
    if given.size and not (given.min() >= 0 and given.max() < len(ALPHABET)):
        raise ValueError(f"numbers run from {given.min()} to {given.max()}; they must be 0 to {len(ALPHABET) - 1}")
    return "".join(ALPHABET[int(number)] for number in given.ravel())
