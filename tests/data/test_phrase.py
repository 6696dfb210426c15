"""The parallel corpus: right by the dictionary, exact in length, reordered, and never the same sentence twice."""

from collections import Counter
from functools import cache

import numpy as np
import pytest

from attnbook.data import phrase
from attnbook.data.phrase import (
    END,
    PAD,
    SOURCE_WORDS,
    START,
    TARGET_WORDS,
    Phrases,
    batches,
    decode,
    encode,
    phrases,
    translate,
)

MIXED = phrases(600, words=(3, 30), seed=11)


def rows(corpus: Phrases) -> list[tuple[list[str], list[str], np.ndarray]]:
    """Each sentence, its translation and its links, in words and without padding."""
    sentences = []
    for source, target, links in zip(*corpus, strict=True):
        s, t = decode(source, SOURCE_WORDS), decode(target, TARGET_WORDS)
        sentences.append((s, t, links[: len(t), : len(s)]))
    return sentences


def test_shapes_and_kinds() -> None:
    corpus = phrases(50, words=(4, 9), seed=0)
    assert corpus.source.shape == (50, 9)
    assert corpus.links.shape == (50, corpus.target.shape[1], 9)
    assert [str(table.dtype) for table in corpus] == ["int64", "int64", "bool"]
    assert (PAD, START, END) == (0, 1, 2)


@pytest.mark.parametrize("length", range(3, 31))
def test_sentences_have_exactly_the_length_that_was_asked_for(length: int) -> None:
    corpus = phrases(30, words=(length, length), seed=length)
    assert corpus.source.shape[1] == length
    assert (corpus.source != PAD).all()


def test_all_lengths_occur_about_equally_often() -> None:
    counts = Counter((phrases(1600, words=(4, 19), seed=0).source != PAD).sum(axis=1).tolist())
    assert sorted(counts) == list(range(4, 20))
    assert min(counts.values()) > 60  # 100 expected
    assert max(counts.values()) < 140


def test_every_link_is_right_by_the_dictionary() -> None:
    for source, target, links in rows(MIXED):
        assert (links.sum(axis=1) == 1).all(), "each target word has one origin"
        linked = links.sum(axis=0)
        for s, t in zip(*np.nonzero(links.T), strict=True):
            assert phrase.DICTIONARY[source[s]] == target[t]
        for word, count in zip(source, linked, strict=True):
            assert count == (0 if word in phrase.ARTICLES else 1), f"{word} has {count} counterparts"


def test_nothing_is_linked_to_the_end_or_to_padding() -> None:
    assert not MIXED.links[(MIXED.target == PAD) | (MIXED.target == END)].any()
    assert not MIXED.links.swapaxes(1, 2)[MIXED.source == PAD].any()


def test_word_order_of_adjectives_prepositions_and_verbs() -> None:
    """The rules once more, as relations between neighbours, not as the reader computes them."""
    kinds = {word: kind for kind, words in phrase.KINDS.items() for word in words}
    for source, target, links in rows(MIXED):
        came_from = links.argmax(axis=1).tolist()
        kind = [kinds[source[s]] for s in came_from]
        for t in range(len(target)):
            if kind[t] == "an adjective":  # the word just before, in English, comes just after it or is its article
                assert kind[t - 1] in ("a noun", "an adjective")
                assert came_from[t - 1] == came_from[t] + 1
            if kind[t] == "a verb":
                assert t + 1 == len(target) or kind[t + 1] == "a conjunction"
            if kind[t] == "a preposition":  # all that it governs stands before it here and behind it in English
                assert came_from[t - 1] > came_from[t]
                assert kind[t - 1] in ("a noun", "an adjective", "a preposition")
            if kind[t] == "a conjunction":  # nothing crosses it
                assert max(came_from[:t]) < came_from[t] < min(came_from[t + 1 :])


def test_the_worked_example() -> None:
    source, target, links = translate("the small red cat near a tall tree sees the dog and a bird sings")
    assert " ".join(target) == "mirla karmi pimi salva valti pele dova vidon ka plira kanton"
    assert [source[s] for s in links.argmax(axis=1)] == [
        *("cat", "red", "small", "tree", "tall", "near", "dog", "sees", "and", "bird", "sings"),
    ]
    assert translate(source) == (source, target, pytest.approx(links)), "a list of words is as good as a text"


def test_much_is_reordered() -> None:
    orders = [links.argmax(axis=1) for _, _, links in rows(MIXED)]
    backwards = np.mean(np.concatenate([np.diff(order) < 0 for order in orders]))
    assert 0.2 < backwards < 0.6
    waited = max((order[:t] > s).sum() for order in orders for t, s in enumerate(order))
    assert waited >= 5, "a verb waits for a long object"


def test_no_word_but_the_articles_stands_twice_in_a_sentence() -> None:
    for source, _, _ in rows(MIXED):
        words = [word for word in source if word not in phrase.ARTICLES]
        assert len(words) == len(set(words))


def most_of_a_kind(kind: int, longest: int) -> int:
    """How many words of a deck the longest sentence can need, over all ways to build it."""

    @cache
    def noun_phrase(n: int) -> int:
        if n <= 4:
            return (kind == 0) + (kind == 1) * (n - 2)
        heads = range(2, min(4, n - 3) + 1)
        return max((kind == 0) + (kind == 1) * (h - 2) + (kind == 4) + noun_phrase(n - h - 1) for h in heads)

    @cache
    def clause(n: int) -> int:
        alone = noun_phrase(n - 1) + (kind == 3)
        return max([alone, *(noun_phrase(i) + noun_phrase(n - 1 - i) + (kind == 2) for i in range(2, n - 2))])

    @cache
    def sentence(n: int) -> int:
        longest_first = min(phrase.LONGEST_CLAUSE, n - 1 - phrase.SHORTEST_CLAUSE)
        several = [
            clause(i) + (kind == 5) + sentence(n - i - 1) for i in range(phrase.SHORTEST_CLAUSE, longest_first + 1)
        ]
        return max([clause(n)] * (n <= phrase.LONGEST_CLAUSE) + several)

    return max(sentence(n) for n in range(phrase.SHORTEST_CLAUSE, longest + 1))


@pytest.mark.parametrize("kind", range(6))
def test_no_deck_runs_out_in_the_longest_sentence(kind: int) -> None:
    assert most_of_a_kind(kind, phrase.MOST) <= len(phrase.DECKS[kind])


def test_every_word_occurs() -> None:
    corpus = phrases(3000, words=(4, 20), seed=0)
    assert set(range(3, len(SOURCE_WORDS))) == set(np.unique(corpus.source).tolist()) - {PAD}
    assert set(range(3, len(TARGET_WORDS))) == set(np.unique(corpus.target).tolist()) - {PAD, END}


def test_the_dictionary_is_one_to_one() -> None:
    assert len(set(SOURCE_WORDS)) == len(SOURCE_WORDS)
    assert len(set(TARGET_WORDS)) == len(TARGET_WORDS)
    assert len(phrase.DICTIONARY) == sum(map(len, phrase.DECKS)), "no word is of two kinds"


def test_end_follows_each_translation_then_padding() -> None:
    for row in MIXED.target.tolist():
        end = row.index(END)
        assert PAD not in row[:end]
        assert set(row[end + 1 :]) <= {PAD}


def test_target_in_is_the_start_and_then_the_words_before() -> None:
    corpus = phrases(40, words=(4, 9), seed=3)
    assert (corpus.target_in[:, 0] == START).all()
    np.testing.assert_array_equal(corpus.target_in[:, 1:], corpus.target[:, :-1])
    assert corpus.target_in.shape == corpus.target.shape


def test_the_same_seed_gives_the_same_sentences() -> None:
    for one, again in zip(phrases(20, seed=5), phrases(20, seed=5), strict=True):
        np.testing.assert_array_equal(one, again)
    assert (phrases(20, seed=5).source != phrases(20, seed=6).source).any()


def test_a_larger_corpus_begins_with_a_smaller_one() -> None:
    few, many = rows(phrases(20, seed=5)), rows(phrases(60, seed=5))
    assert [source for source, _, _ in few] == [source for source, _, _ in many[:20]]


def test_sentences_are_unique_and_test_ones_are_new() -> None:
    train = phrases(500, words=(4, 4), seed=0)
    test = phrases(500, words=(4, 6), seed=0, without=train)  # the same seed: without `without` they would meet
    seen = [tuple(source) for source, _, _ in rows(train)]
    fresh = [tuple(source) for source, _, _ in rows(test)]
    assert len(set(seen)) == len(seen) == 500
    assert len(set(fresh)) == len(fresh) == 500
    assert not set(seen) & set(fresh)
    careless = phrases(500, words=(4, 6), seed=0)
    assert set(seen) & {tuple(source) for source, _, _ in rows(careless)}


def test_words_become_numbers_and_words_again() -> None:
    text = "the small red cat sleeps"
    numbers = encode(text, SOURCE_WORDS)
    assert [SOURCE_WORDS[number] for number in numbers] == text.split()
    assert decode(numbers, SOURCE_WORDS) == text.split()
    assert decode([START, *encode(["mirla", "dormon"], TARGET_WORDS), END, 7, PAD], TARGET_WORDS) == ["mirla", "dormon"]


def test_batches_hold_similar_lengths_and_little_padding() -> None:
    corpus = phrases(400, words=(4, 20), seed=0)
    all_rows = {(tuple(s), tuple(t), links.tobytes()) for s, t, links in rows(corpus)}
    longest = []
    for batch in batches(corpus, size=16, steps=60, seed=1):
        assert len(batch.source) == len(batch.target) == len(batch.links) == 16
        assert batch.links.shape == (16, batch.target.shape[1], batch.source.shape[1])
        counts = (batch.source != PAD).sum(axis=1)
        assert counts.max() == batch.source.shape[1]
        assert (batch.target != PAD).sum(axis=1).max() == batch.target.shape[1]
        assert counts.max() - counts.min() <= 2
        assert {(tuple(s), tuple(t), links.tobytes()) for s, t, links in rows(batch)} <= all_rows
        longest.append(int(counts.max()))
    assert min(longest) <= 6
    assert max(longest) >= 18


def test_batches_follow_from_their_seed_and_reach_every_sentence() -> None:
    corpus = phrases(40, seed=0)

    def deal(seed: int) -> list[bytes]:
        return [batch.source.tobytes() for batch in batches(corpus, size=8, steps=50, seed=seed)]

    assert deal(0) == deal(0)
    assert deal(0) != deal(1)
    seen = {tuple(s) for batch in batches(corpus, size=8, steps=400, seed=2) for s, _, _ in rows(batch)}
    assert seen == {tuple(s) for s, _, _ in rows(corpus)}
    (whole,) = batches(corpus, size=40, steps=1, seed=0)
    assert len(whole.source) == 40


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"count": 0}, ValueError, "count is 0; it must be at least 1"),
        ({"count": 2.0}, TypeError, "count is 2.0; it must be a whole number"),
        ({"seed": -1}, ValueError, "seed is -1"),
        ({"words": 8}, TypeError, r"words is 8; it must be a pair \(shortest, longest\), such as \(4, 12\)"),
        ({"words": (2, 8)}, ValueError, "the shortest of words is 2; it must be at least 3"),
        ({"words": (4, 31)}, ValueError, "the longest of words is 31; it must be at most 30"),
        ({"words": (8, 4)}, ValueError, "the longest of words is 4; it must be at least 8"),
        ({"words": (4, 8.5)}, TypeError, "the longest of words is 8.5; it must be a whole number"),
        ({"without": MIXED.source}, TypeError, "without is a ndarray; it must be what phrases"),
        (
            {"count": 300, "words": (3, 3)},
            ValueError,
            r"after \d+ of 300 sentences, no new one of 3 words .* ask for fewer sentences or for longer ones",
        ),
    ],
)
def test_wrong_requests_are_refused(changed: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        phrases(**{"count": 5, "seed": 0, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("", "the sentence is empty: give at least one word"),
        ([], "the sentence is empty"),
        ("the cta sleeps", "'cta' is not one of the 60 words; the nearest is 'cat'"),
        ("The cat sleeps", "'The' is not one of the 60 words; the nearest is 'the'"),
        ("the cat sleeps.", "'sleeps.' is not one of the 60 words; the nearest is 'sleeps'"),
        ("the <pad> sleeps", "'<pad>' is not one of the 60 words"),
        ("cat sleeps", "at the beginning there must be an article, such as 'a', but there stands 'cat'"),
        (
            "the red sees",
            "after 'the red' there must be an adjective or a noun, such as 'bird', but there stands 'sees'",
        ),
        ("the cat sees", "after 'the cat sees' there must be an article, such as 'a', but there the sentence ends"),
        ("the cat", "after 'the cat' there must be a verb, such as 'calls', but there the sentence ends"),
        ("the cat sleeps the dog", "after 'the cat sleeps' there must be a conjunction, such as 'and'"),
        ("the cat sleeps and", "after 'the cat sleeps and' there must be an article"),
    ],
)
def test_what_cannot_be_translated_is_refused_in_words(sentence: str | list[str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        translate(sentence)


def test_what_is_no_sentence_is_refused() -> None:
    with pytest.raises(TypeError, match="the sentence is None; it must be a text or a list of words"):
        translate(None)  # type: ignore[arg-type]


def test_unknown_words_and_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="'mirle' is not one of the 58 words; the nearest is 'mirla'"):
        encode("mirle dormon", TARGET_WORDS)
    with pytest.raises(ValueError, match="the sentence is empty"):
        encode("  ", SOURCE_WORDS)
    for number in (-1, len(SOURCE_WORDS)):
        with pytest.raises(ValueError, match=f"{number} is the number of no word: they go from 0 to 62"):
            decode([5, number], SOURCE_WORDS)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"size": 6}, "size is 6; it must be at most 5"),
        ({"size": 0}, "size is 0; it must be at least 1"),
        ({"steps": 0}, "steps is 0"),
        ({"seed": -2}, "seed is -2"),
    ],
)
def test_wrong_batches_are_refused(changed: dict[str, int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        next(batches(phrases(5, seed=0), **{"size": 5, "steps": 1, "seed": 0, **changed}))
