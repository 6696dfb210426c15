"""Little stories of who goes where and who has what, and a question that takes two of their facts to answer."""

from collections.abc import Iterable
from typing import NamedTuple, SupportsInt

import numpy as np
from jaxtyping import Int64

from attnbook.data._checks import whole_number

__all__ = ["PEOPLE", "PLACES", "THINGS", "WORDS", "Stories", "encode", "stories", "tell"]

PEOPLE = ("anna", "ben", "carla", "dan")
PLACES = ("attic", "cellar", "garden", "kitchen")
THINGS = ("ball", "book", "lamp", "pear")
WORDS = (*PEOPLE, *PLACES, *THINGS)
"""All words that a fact is made of; a word's number is its place here."""


class Stories(NamedTuple):
    """Stories as numbers of words, one in each row, with the oldest fact first."""

    facts: Int64[np.ndarray, "n f 2"]
    """Who, and the place that this person goes to or the thing that this person has."""
    question: Int64[np.ndarray, "n"]
    """The thing that is asked for: where is it?"""
    answer: Int64[np.ndarray, "n"]
    """The place where it is."""
    support: Int64[np.ndarray, "n 2"]
    """Which facts it takes: who has the thing, and where that person has gone last."""


def stories(count: int, *, people: int = 3, moves: int = 2, seed: int) -> Stories:
    """Make stories at random in which everybody has one thing and goes from place to place with it.

    The facts come in any order, except that each person's places follow one another. In the end all are in different
    places, so who knows these places and not who has the thing is right one time in ``people``.

    Args:
        count: How many stories.
        people: How many people are in each, from 1 to 4, drawn from ``PEOPLE``.
        moves: How many places each of them goes to, the last of which counts.
        seed: Everything follows from it.

    >>> some = stories(2, seed=0)
    >>> some.facts.shape
    (2, 9, 2)
    >>> [tell(fact) for fact in some.facts[0][some.support[0]]]
    ['Dan has the book', 'Dan goes to the kitchen']
    >>> WORDS[some.question[0]], WORDS[some.answer[0]]
    ('book', 'kitchen')
    """
    whole_number("count", count, least=1)
    whole_number("people", people, least=1, most=len(PEOPLE))
    whole_number("moves", moves, least=1)
    whole_number("seed", seed, least=0)
    rng = np.random.default_rng(seed)
    who = np.argsort(rng.random((count, len(PEOPLE))), axis=1)[:, :people]  # (n, people)

    # Each person's places, the last first: the last ones differ between people, and each differs from the next.
    places = np.empty((count, people, moves), dtype=np.int64)
    places[..., 0] = np.argsort(rng.random((count, len(PLACES))), axis=1)[:, :people]
    for move in range(1, moves):
        step = rng.integers(1, len(PLACES), size=(count, people))
        places[..., move] = (places[..., move - 1] + step) % len(PLACES)
    things = np.argsort(rng.random((count, len(THINGS))), axis=1)[:, :people]

    # When each fact is told: moves in their order, what somebody has at any time.
    times = np.argsort(rng.random((count, people * (moves + 1))), axis=1).reshape(count, people, moves + 1)
    times[..., :moves] = -np.sort(-times[..., :moves], axis=-1)  # the last first, like the places
    facts = np.empty((count, people * (moves + 1), 2), dtype=np.int64)
    rows = np.arange(count)[:, None]
    for move in range(moves):
        facts[rows, times[..., move]] = np.stack([who, len(PEOPLE) + places[..., move]], axis=-1)  # (n, people, 2)
    offset = len(PEOPLE) + len(PLACES)
    facts[rows, times[..., moves]] = np.stack([who, offset + things], axis=-1)

    asked = np.arange(count), rng.integers(people, size=count)  # whose thing
    support = np.stack([times[*asked, moves], times[*asked, 0]], axis=-1)
    return Stories(facts, offset + things[asked], len(PEOPLE) + places[*asked, 0], support)


def encode(story: Iterable[str]) -> Int64[np.ndarray, "f 2"]:
    """Turn sentences into facts: only who and what is kept of each.

    >>> encode(["Anna goes to the garden", "Anna has the ball"])
    array([[0, 6],
           [0, 8]])
    """
    rows = []
    for sentence in story:
        who, verb, what = (
            sentence.lower().strip(". ").replace(" to the ", " ").replace(" the ", " ").split() + [""] * 3
        )[:3]
        if who not in PEOPLE or what not in {"goes": PLACES, "has": THINGS}.get(verb, ()):
            raise ValueError(
                f"{sentence!r} is no fact of these stories: write 'Anna goes to the garden' or 'Anna has the ball', "
                f"with people, places and things out of {', '.join(WORDS)}"
            )
        rows.append([WORDS.index(who), WORDS.index(what)])
    if not rows:
        raise ValueError("the story has no facts: write at least one sentence")
    return np.array(rows)


def tell(fact: Iterable[SupportsInt]) -> str:
    """Write a fact as a sentence.

    >>> tell([0, 6]), tell([0, 8])
    ('Anna goes to the garden', 'Anna has the ball')
    """
    who, what = (WORDS[int(number)] for number in fact)
    return f"{who.capitalize()} {'goes to' if what in PLACES else 'has'} the {what}"
