"""The self-attention bench in Python: who may look where, what is said of a row, refusals, the picture."""

import xml.etree.ElementTree as ET

import pytest
import traitlets

from attnbook.widgets.self_attention import EXAMPLES, SelfAttentionExplorer


def test_who_may_look_where() -> None:
    explorer = SelfAttentionExplorer(sentence="the dog saw it", window=2, padding=1)
    found = {}
    for mask in ("none", "causal", "window", "padding"):
        explorer.mask = mask
        found[mask] = ["".join("01"[int(may)] for may in row) for row in explorer.allowed]
    assert found == {
        "none": ["1111"] * 4,
        "causal": ["1000", "1100", "1110", "1111"],
        "window": ["1100", "1110", "0111", "0011"],
        "padding": ["1110"] * 4,
    }


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


def test_the_picture_shows_words_and_weights() -> None:
    root = ET.fromstring(SelfAttentionExplorer(sentence="the dog saw it", mask="causal", row=3).static_svg())
    texts = [node.text for node in root.findall(".//{*}text")]
    assert texts[:8] == ["the", "dog", "saw", "it"] * 2
    assert texts[-2:] == ["it", "3 %"]
    assert "mask: causal" in " ".join(texts)
