"""The heads that are made by hand: weights against plain loops, what each head finds, and what moving words does."""

import itertools
import math

import numpy as np
import pytest

from attnbook.widgets.handmade import HEADS, KINDS, embed, maps
from attnbook.widgets.self_attention import SelfAttentionExplorer

MASKS, POSITIONS = ("none", "causal", "window", "padding"), ("none", "sinusoidal", "rotary")


def plain_weights(explorer: SelfAttentionExplorer) -> list[list[float]]:
    """The weights word by word and number by number, pairs turned as complex numbers."""
    head, rows = HEADS.index(explorer.head), []
    inputs = embed(explorer.words, positions=explorer.positions).tolist()
    query, keys = (each[:, 8 * head : 8 * head + 8].tolist() for each in maps())

    def turned(x: list[float], w: list[list[float]], place: int) -> list[complex]:
        numbers = [sum(a * row[column] for a, row in zip(x, w, strict=True)) for column in range(8)]
        angles = [place * 10_000 ** (-pair / 4) * (explorer.positions == "rotary") for pair in range(4)]
        return [complex(*numbers[2 * p : 2 * p + 2]) * complex(math.cos(a), math.sin(a)) for p, a in enumerate(angles)]

    for i, asks in enumerate(inputs):
        q, powers = turned(asks, query, i), []
        for j, asked in enumerate(inputs):
            score = sum((a * b.conjugate()).real for a, b in zip(q, turned(asked, keys, j), strict=True)) / 8**0.5
            powers.append(math.exp(score / explorer.temperature) * bool(explorer.allowed[i, j]))
        rows.append([power / (sum(powers) or 1) for power in powers])
    return rows


@pytest.mark.parametrize("head", HEADS)
def test_the_weights_are_those_of_plain_loops(head: str) -> None:
    for mask, positions, temperature in itertools.product(MASKS, POSITIONS, (1.0, 3.0)):
        explorer = SelfAttentionExplorer(mask=mask, positions=positions, head=head, temperature=temperature)
        np.testing.assert_allclose(explorer.matrix, plain_weights(explorer), atol=1e-12)
        np.testing.assert_array_equal(explorer.heads[HEADS.index(head)], explorer.matrix)


def test_each_head_does_what_its_name_says() -> None:
    explorer = SelfAttentionExplorer(sentence="the woman saw the man and he saw her because she was", head="meant")
    places = {word: i for i, word in enumerate(explorer.words)}
    for pronoun, meant in (("he", "man"), ("her", "woman"), ("she", "woman")):
        assert explorer.matrix[places[pronoun]].argmax() == places[meant]
    explorer.head = "before"
    np.testing.assert_allclose(explorer.matrix, 1 / 12, err_msg="without positions there is no word before")
    found = []
    for positions in POSITIONS[1:]:
        explorer.positions = positions
        assert explorer.matrix[1:].argmax(axis=1).tolist() == list(range(11))
        found.append(explorer.matrix)
    np.testing.assert_allclose(*found, atol=1e-12, err_msg="both turn the same pairs by the same angles")


def test_it_looks_at_the_nearer_noun_once_there_are_positions() -> None:
    explorer = SelfAttentionExplorer()
    looks = {}
    for positions in POSITIONS:
        explorer.positions = positions
        looks[positions] = explorer.words[int(explorer.matrix[8].argmax())]
    assert looks == {"none": "animal", "sinusoidal": "street", "rotary": "street"}


@pytest.mark.parametrize("head", HEADS)
def test_without_positions_rows_and_columns_follow_their_words(head: str) -> None:
    order = np.random.default_rng(0).permutation(12)
    words = " ".join(SelfAttentionExplorer().words[i] for i in order)
    for mask, positions in (("none", "none"), ("none", "sinusoidal"), ("none", "rotary"), ("causal", "none")):
        one = SelfAttentionExplorer(head=head, mask=mask, positions=positions)
        other = SelfAttentionExplorer(head=head, mask=mask, positions=positions, sentence=words)
        assert np.allclose(one.matrix[np.ix_(order, order)], other.matrix) == (mask == positions == "none")


@pytest.mark.parametrize("head", HEADS)
def test_only_padding_leaves_two_equal_words_alike(head: str) -> None:
    for mask, positions in itertools.product(MASKS, POSITIONS):
        rows = SelfAttentionExplorer(head=head, mask=mask, positions=positions).matrix[[0, 5]]
        assert np.allclose(*rows) == (mask in ("none", "padding") and positions == "none")


def test_no_word_is_in_the_table_twice() -> None:
    words = [word for kind in KINDS for word in kind.words.split()]
    assert len(set(words)) == len(words)
