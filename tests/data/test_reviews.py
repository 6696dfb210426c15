"""The reviews: what is written agrees with what is asked and answered."""

import numpy as np
import pytest

from attnbook.data.reviews import GRADES, NO_OPINION, OPINIONS, SENTENCES, THINGS, WORDS, reviews, spell


@pytest.mark.parametrize("judged", [1, 3, SENTENCES])
def test_answer_stands_where_it_is_said_to_stand(judged: int) -> None:
    made = reviews(200, judged=judged, seed=0)
    for i in range(200):
        said = [spell(row).split() for row in made.words[i]]
        about = [[word for word in sentence if word in THINGS] for sentence in said]
        assert len({thing for things in about for thing in things}) == SENTENCES, "six different things, one a sentence"
        assert about[made.sentence[i]] == [THINGS[made.question[i]]]
        assert said[made.sentence[i]][made.opinion[i]] in OPINIONS[made.answer[i]]
        for sentence, grade in zip(said, made.grades[i], strict=True):
            assert [word for word in sentence if word in sum((*OPINIONS, NO_OPINION), ())] != []
            assert {word in OPINIONS[grade] for word in sentence if word in sum(OPINIONS, ())} == (
                {True} if grade >= 0 else set()
            )
        assert (made.grades[i] >= 0).sum() == judged


def test_reviews_come_from_the_seed_and_answers_are_balanced() -> None:
    one, same, other = reviews(2_000, seed=3), reviews(2_000, seed=3), reviews(2_000, seed=4)
    assert (one.words == same.words).all()
    assert not (one.words == other.words).all()
    assert np.bincount(one.answer, minlength=len(GRADES)).min() > 430
    assert np.bincount(one.question, minlength=len(THINGS)).min() > 150
    assert len(set(WORDS)) == len(WORDS)
    with pytest.raises(ValueError, match="judged is 7; it must be at most 6"):
        reviews(3, judged=7, seed=0)
