"""Stories: what is asked follows from two of the facts, and no fact less gives it away."""

from itertools import pairwise

import numpy as np
import pytest

from attnbook.data.facts import PEOPLE, PLACES, THINGS, WORDS, encode, stories, tell


@pytest.mark.parametrize(("people", "moves"), [(3, 2), (4, 1), (1, 3), (2, 4)])
def test_the_answer_follows_from_the_facts(people: int, moves: int) -> None:
    some = stories(200, people=people, moves=moves, seed=3)
    assert some.facts.shape == (200, people * (moves + 1), 2)
    for facts, question, answer, support in zip(*some, strict=True):
        told = [tell(fact).lower().split() for fact in facts]
        place: dict[str, list[str]] = {}
        has: dict[str, str] = {}
        for who, verb, *_, what in told:
            if verb == "goes":
                place.setdefault(who, []).append(what)
            else:
                has[what] = who
        assert len(place) == len(has) == len(set(has.values())) == people
        assert all(len(path) == moves for path in place.values())
        assert all(one != after for path in place.values() for one, after in pairwise(path))
        last = [path[-1] for path in place.values()]
        assert len(set(last)) == people, "the last places differ"
        owner = has[WORDS[question]]
        assert WORDS[answer] == place[owner][-1]
        assert told[support[0]][-1] == WORDS[question]
        assert (told[support[1]][0], told[support[1]][-1]) == (owner, WORDS[answer])
        assert owner not in [words[0] for words in told[support[1] + 1 :] if words[1] == "goes"]


def test_everything_is_equally_likely() -> None:
    some = stories(4_000, seed=4)
    for numbers, kinds in ((some.answer - 4, 4), (some.question - 8, 4), (some.support[:, 0], 9)):
        shares = np.bincount(numbers, minlength=kinds) / 4_000
        np.testing.assert_allclose(shares, 1 / kinds, atol=0.03)


def test_the_same_seed_gives_the_same_stories() -> None:
    for one, again, other in zip(stories(9, seed=5), stories(9, seed=5), stories(9, seed=6), strict=True):
        np.testing.assert_array_equal(one, again)
        assert (one != other).any()


def test_facts_are_told_as_they_were_written() -> None:
    story = ["Dan goes to the attic", "Ben has the pear"]
    assert [tell(fact) for fact in encode(story)] == story
    np.testing.assert_array_equal(encode(["dan goes attic."]), [[PEOPLE.index("dan"), WORDS.index("attic")]])
    assert WORDS == PEOPLE + PLACES + THINGS


@pytest.mark.parametrize("wrong", ["Eva has the ball", "Anna has the attic", "Anna goes to the ball", "Anna", ""])
def test_what_is_no_fact_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"is no fact of these stories: write 'Anna goes to the garden'"):
        encode([wrong])


def test_wrong_requests_are_refused() -> None:
    with pytest.raises(ValueError, match="the story has no facts"):
        encode([])
    with pytest.raises(ValueError, match="people is 5; it must be at most 4"):
        stories(1, people=5, seed=0)
    with pytest.raises(ValueError, match="moves is 0; it must be at least 1"):
        stories(1, moves=0, seed=0)
    with pytest.raises(TypeError, match="seed is None"):
        stories(1, seed=None)  # type: ignore[arg-type]
