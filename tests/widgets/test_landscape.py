"""The map of attention in Python: choices and their names, what does not go together, the words, the picture."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import yaml

from attnbook.core import attend, scaled_dot
from attnbook.core.mechanisms import MECHANISMS
from attnbook.data.six_vectors import six_vectors
from attnbook.widgets.landscape import CHAPTERS, KINDS, LandscapeExplorer

ROOT = Path(__file__).resolve().parents[2]


def test_it_opens_with_the_books_attend() -> None:
    query, keys, values, _ = six_vectors()
    output, weights = attend(scaled_dot(query, keys), values)
    explorer = LandscapeExplorer()
    np.testing.assert_allclose(explorer.weights, weights[0])
    np.testing.assert_allclose(explorer.output, output)
    assert explorer.names[0] == "scaled dot product"


def test_two_symbols_differ_by_more_than_case() -> None:
    assert len({one.symbol.lower() for one in MECHANISMS.values()}) == len(MECHANISMS)


def test_every_mechanism_can_be_set_and_is_found_again() -> None:
    for one in MECHANISMS.values():
        if one.fits != "none":
            explorer = LandscapeExplorer(mechanism=one.name, **dict(zip(KINDS, one.choices, strict=True)))
            assert explorer.names[0] == one.name
            assert not explorer.refused
            assert np.abs(explorer.weights).max() > 0


def test_one_changed_choice_is_one_away() -> None:
    explorer = LandscapeExplorer(read="the weights", score="dot product")
    assert explorer.names == ["guided search"]
    explorer.select = "mask"
    assert explorer.names == []
    assert {"guided search", "pointer"} <= set(explorer.near)
    assert explorer.readout() == "no name in this book"


def test_choices_that_do_not_go_together_are_told() -> None:
    explorer = LandscapeExplorer(normalise="divide")
    assert explorer.readout() == "these choices do not go together: some scores are negative"
    assert not explorer.weights.any()
    explorer.score = "kernel"
    assert explorer.names == ["kernel regression"]


def test_chapters_are_those_of_the_plan() -> None:
    plan = yaml.safe_load((ROOT / "book" / "plan.yml").read_text(encoding="utf-8"))["parts"]
    names = {
        one["slug"]: f"Chapter {one['number']}" if "number" in one else one["title"]
        for part in plan
        for one in part["chapters"]
    }
    assert {slug: names[slug] for slug in CHAPTERS} == CHAPTERS
    assert {one.chapter for one in MECHANISMS.values()} == set(CHAPTERS)


def test_the_picture_has_every_symbol_and_says_what_it_shows() -> None:
    explorer = LandscapeExplorer()
    picture = ET.fromstring(explorer.static_svg())
    words = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert [word for word in words if re.fullmatch("[A-Z][A-Za-z]", word or "")] == [
        m.symbol for m in MECHANISMS.values()
    ]
    assert not [word for word in words if len(word or "") > 72]  # the picture would cut it off
    assert "scaled dot product, self-attention, several heads" in " ".join(map(str, words))
    explorer = LandscapeExplorer(select="best", score="given")
    assert "They are called: hard attention." in explorer.alt
    assert "cherry 1.00" in explorer.alt
