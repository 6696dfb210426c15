"""Heads made by hand: a table of words, with what they ask for and what they offer, and maps to queries and keys."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float64

from attnbook import core
from attnbook.core.heads import split_heads
from attnbook.core.positions import rotate, sinusoidal

__all__ = ["HEADS", "KINDS", "TABLE", "Kind", "embed", "head_weights", "maps"]

PLACE_WIDTH = 8
HEADS = ("meant", "before")


class Kind(NamedTuple):
    """Words that a head cannot tell apart: what they ask for and what they offer, each as noun, person, female."""

    name: str
    asks: tuple[float, float, float]
    offers: tuple[float, float, float]
    words: str


KINDS = (
    Kind("women", (-0.7, 0.0, 0.0), (1.2, 1.0, 1.0), "woman girl queen mother"),
    Kind("men", (-0.7, 0.0, 0.0), (1.2, 1.0, -1.0), "man boy king father"),
    Kind("animals", (-0.7, 0.0, 0.0), (1.2, -0.8, 0.0), "animal cat dog bird horse fish"),
    Kind("things", (-0.7, 0.0, 0.0), (1.0, -0.8, 0.0), "street house river ball tree book stone"),
    Kind("she", (1.0, 1.0, 1.0), (0.3, 0.0, 0.0), "she her"),
    Kind("he", (1.0, 1.0, -1.0), (0.3, 0.0, 0.0), "he him"),
    Kind("it", (1.0, -1.0, 0.0), (0.3, 0.0, 0.0), "it"),
    Kind("verbs", (0.7, 0.2, 0.0), (-0.9, 0.0, 0.0), "cross saw sees likes sleeps was did chased ran fell"),
    Kind("adjectives", (0.7, 0.0, 0.0), (-0.6, 0.0, 0.0), "tired wide old small red hungry"),
    Kind("articles", (0.8, 0.0, 0.0), (0.0, 0.0, 0.0), "the a"),
    Kind("others", (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), "not too because and but when near"),
)
TABLE = {word: (*kind.asks, *kind.offers) for kind in KINDS for word in kind.words.split()}


def embed(words: list[str], *, positions: str = "none") -> Float64[np.ndarray, "n e"]:
    """Return what each word asks for and offers, then its place: with sinusoidal positions its own, else that of 0.

    >>> embed(["it"]).tolist()
    [[1.0, -1.0, 0.0, 0.3, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0]]
    """
    places = np.arange(len(words)) * (positions == "sinusoidal")
    return np.concatenate([np.array([TABLE[word] for word in words]), sinusoidal(places, PLACE_WIDTH)], axis=1)


def maps() -> tuple[Float64[np.ndarray, "e hd"], Float64[np.ndarray, "e hd"]]:
    """Return the maps that make queries and keys for both heads. They are made by hand, not trained.

    Head 0 compares what is asked with what is offered, in numbers that rotary positions turn slowly; and places, at
    0.1 radians a word. Head 1 compares places alone: its query has the place turned back by one word.
    """
    width, start = PLACE_WIDTH, 6
    query, keys = np.zeros((start + width, 2 * width)), np.zeros((start + width, 2 * width))
    root = width**0.5
    for number, (column, strength) in enumerate(((2, 2.6), (4, 1.5), (5, 2.0))):
        query[number, column] = strength * root
        keys[3 + number, column] = 1
    for column in (6, 7):
        query[start + column - 4, column] = 4 * root
        keys[start + column - 4, column] = 1
    for pair, (speed, strength) in enumerate(((1, 8), (0.1, 24))):
        sine, cosine, first = start + 2 * pair, start + 2 * pair + 1, width + 2 * pair
        keys[[cosine, sine], [first, first + 1]] = 1
        query[[cosine, sine], first] = strength * root * np.array([np.cos(speed), np.sin(speed)])
        query[[cosine, sine], first + 1] = strength * root * np.array([-np.sin(speed), np.cos(speed)])
    return query, keys


def head_weights(
    words: list[str], *, positions: str, mask: Bool[np.ndarray, "..."], temperature: float
) -> Float64[np.ndarray, "h n n"]:
    """Return the weights with which each word looks at each, in both heads."""
    inputs = embed(words, positions=positions)  # (n, e)
    query, keys = (split_heads(inputs @ each, len(HEADS)) for each in maps())  # (h, n, d)
    if positions == "rotary":
        query, keys = (rotate(each, np.arange(len(words)), pairs="neighbours") for each in (query, keys))
    weights = core.attend(core.scaled_dot(query, keys), inputs, mask=mask, temperature=temperature)[1]
    return np.asarray(weights)
