"""The self-attention bench in Python: weights against plain loops, what moving words does, what is said of them."""

import itertools
import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import traitlets

from attnbook.widgets.self_attention import EXAMPLES, HEADS, KINDS, SelfAttentionExplorer, embed, maps

TWICE = "the girl likes the bird and the bird likes the girl"


def plain_weights(explorer: SelfAttentionExplorer) -> list[list[float]]:
    """The weights word by word and number by number, pairs turned as complex numbers."""
    head, rows = HEADS.index(explorer.head), []
    inputs = embed(explorer.words, positions=explorer.positions).tolist()
    query, keys = (each[:, 8 * head : 8 * head + 8].tolist() for each in maps())

    def turned(x: list[float], w: list[list[float]], place: int) -> list[complex]:
        numbers = [sum(a * row[column] for a, row in zip(x, w, strict=True)) for column in range(8)]
        speeds = [10_000 ** (-2 * pair / 8) * (explorer.positions == "rotary") for pair in range(4)]
        return [
            complex(*numbers[2 * p : 2 * p + 2]) * complex(math.cos(place * v), math.sin(place * v))
            for p, v in enumerate(speeds)
        ]

    for i, asks in enumerate(inputs):
        q, powers = turned(asks, query, i), []
        for j, asked in enumerate(inputs):
            score = sum((a * b.conjugate()).real for a, b in zip(q, turned(asked, keys, j), strict=True)) / 8**0.5
            powers.append(math.exp(score / explorer.temperature) * bool(explorer.allowed[i, j]))
        rows.append([power / (sum(powers) or 1) for power in powers])
    return rows


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("positions", ["none", "sinusoidal", "rotary"])
def test_the_weights_are_those_of_plain_loops(head: str, positions: str) -> None:
    for mask, temperature in itertools.product(("none", "causal", "window", "padding"), (1.0, 3.0)):
        explorer = SelfAttentionExplorer(mask=mask, positions=positions, head=head, temperature=temperature)
        np.testing.assert_allclose(explorer.matrix, plain_weights(explorer), atol=1e-12)
        assert explorer.matrix.base is None
        np.testing.assert_array_equal(explorer.heads[HEADS.index(head)], explorer.matrix)


def test_who_may_look_where() -> None:
    explorer = SelfAttentionExplorer(sentence="the dog saw it", window=2, padding=1)
    found = {}
    for mask in ("none", "causal", "window", "padding"):
        explorer.mask = mask
        found[mask] = ["".join("10"[not may] for may in row) for row in explorer.allowed]
    assert found == {
        "none": ["1111"] * 4,
        "causal": ["1000", "1100", "1110", "1111"],
        "window": ["1100", "1110", "0111", "0011"],
        "padding": ["1110"] * 4,
    }


def test_each_head_does_what_its_name_says() -> None:
    explorer = SelfAttentionExplorer(sentence="the woman saw the man and he saw her because she was", head="meant")
    places = {word: i for i, word in enumerate(explorer.words)}
    for pronoun, meant in (("he", "man"), ("her", "woman"), ("she", "woman")):
        assert explorer.matrix[places[pronoun]].argmax() == places[meant]
    explorer.head = "before"
    np.testing.assert_allclose(explorer.matrix, 1 / 12, err_msg="without positions there is no word before")
    found = []
    for positions in ("sinusoidal", "rotary"):
        explorer.positions = positions
        assert explorer.matrix[1:].argmax(axis=1).tolist() == list(range(11))
        found.append(explorer.matrix)
    np.testing.assert_allclose(*found, atol=1e-12, err_msg="both turn the same pairs by the same angles")


def test_it_looks_at_the_nearer_noun_once_there_are_positions() -> None:
    explorer = SelfAttentionExplorer()
    looks = {}
    for positions in ("none", "sinusoidal", "rotary"):
        explorer.positions = positions
        looks[positions] = explorer.words[int(explorer.matrix[8].argmax())]
    assert looks == {"none": "animal", "sinusoidal": "street", "rotary": "street"}


@pytest.mark.parametrize("head", HEADS)
def test_without_positions_rows_and_columns_go_along_with_their_words(head: str) -> None:
    explorer = SelfAttentionExplorer(head=head)
    order = np.random.default_rng(0).permutation(12)
    words = " ".join(explorer.words[i] for i in order)
    for mask, positions, same in (
        ("none", "none", True),
        ("none", "sinusoidal", False),
        ("none", "rotary", False),
        ("causal", "none", False),
    ):
        one = SelfAttentionExplorer(head=head, mask=mask, positions=positions)
        other = SelfAttentionExplorer(head=head, mask=mask, positions=positions, sentence=words)
        assert np.allclose(one.matrix[np.ix_(order, order)], other.matrix) == same


@pytest.mark.parametrize("head", HEADS)
def test_only_padding_leaves_two_equal_words_alike(head: str) -> None:
    for mask, positions in itertools.product(("none", "causal", "window", "padding"), ("none", "sinusoidal", "rotary")):
        rows = SelfAttentionExplorer(sentence=TWICE, head=head, mask=mask, positions=positions).matrix[[0, 3]]
        assert np.allclose(*rows) == (mask in ("none", "padding") and positions == "none")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"row": 3}, "it looks mostly at dog (96 %), then it (3 %), the (1 %)"),
        ({"row": 11}, "it looks mostly at dog (96 %), then it (3 %), the (1 %)"),
        ({"row": 0, "mask": "causal"}, "the looks mostly at the (100 %)"),
        ({"row": 0, "mask": "padding", "padding": 12}, "the may look at nothing"),
        ({"row": 2, "head": "before"}, "saw looks at 4 words alike (25 % each)"),
        ({"row": 2, "head": "before", "mask": "causal"}, "saw looks at 3 words alike (33 % each)"),
    ],
)
def test_what_is_said_of_a_row(options: dict[str, object], said: str) -> None:
    explorer = SelfAttentionExplorer(sentence="the dog saw it", **options)
    assert explorer.readout() == said
    assert said in explorer.alt
    assert "nan" not in explorer.static_svg().lower()


def test_words_that_are_not_in_the_table_are_refused() -> None:
    explorer = SelfAttentionExplorer()
    before = explorer.matrix
    with pytest.raises(traitlets.TraitError, match=r"sentence has 'dragon', which is not one of the \d+ words"):
        explorer.sentence = "the dragon sleeps"
    with pytest.raises(traitlets.TraitError, match="sentence has 13 words; it must have 1 to 12"):
        explorer.sentence = " ".join(["the"] * 13)
    assert explorer.matrix is before
    for each in EXAMPLES:
        explorer.sentence = each
    words = [word for kind in KINDS for word in kind.words.split()]
    assert len(set(words)) == len(words)


def test_the_picture_shows_words_and_weights() -> None:
    root = ET.fromstring(SelfAttentionExplorer(sentence="the dog saw it", mask="causal", row=3).static_svg())
    texts = [node.text for node in root.findall(".//{*}text")]
    assert texts[:8] == ["the", "dog", "saw", "it"] * 2
    assert texts[-2:] == ["it", "3 %"]
    assert "mask: causal" in " ".join(texts)
