"""The book's own text: a small alphabet, two parts that share nothing, words for what it cannot read."""

import numpy as np
import pytest

from attnbook.data.book_text import ALPHABET, book_text, decode, encode


def test_training_has_each_character_of_the_alphabet() -> None:
    text = book_text()
    assert set(text.train) == set(ALPHABET)
    assert set(text.test) <= set(ALPHABET)
    assert len(ALPHABET) == len(set(ALPHABET)) == 47


def test_a_tenth_is_kept_for_testing_and_not_in_training() -> None:
    text = book_text()
    assert 0.07 < len(text.test) / len(text.train + text.test) < 0.14
    long = [paragraph for paragraph in text.test.splitlines() if len(paragraph) > 80]
    assert len(long) > 20
    assert not any(paragraph in text.train for paragraph in long)


def test_numbers_and_characters_undo_each_other() -> None:
    assert decode(encode("So it is: 12, or (3)?")) == "so it is: 12, or (3)?"
    assert encode(ALPHABET).tolist() == list(range(47))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: encode(""), ValueError, "text is empty: give at least one character"),
        (lambda: encode("50 % é"), ValueError, "text has '%', 'é', which the book's text never has: use letters"),
        (lambda: encode(3), TypeError, "text is a int; it must be a string"),
        (lambda: decode(np.array([0, 47])), ValueError, "numbers run from 0 to 47; they must be 0 to 46"),
    ],
)
def test_what_it_cannot_read_is_refused_in_words(call, error, words) -> None:
    with pytest.raises(error, match=words):
        call()
