"""Sliders and menus on a page without Python: a still picture, its words, and where it moves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from attnbook.widgets.bundle import JS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def stills(site: Path) -> list[Tag]:
    page = BeautifulSoup((site / "book" / "your_own.html").read_text(encoding="utf-8"), "html.parser")
    return page.select(".still")


def words(element: Tag) -> str:
    return " ".join(element.get_text(" ").split())


def test_controls_are_shown_as_they_stand(stills: list[Tag]) -> None:
    assert [words(control) for control in stills[0].select(".controls li")] == ["sweet 1.20", "sour 0.50"]
    assert [track["style"] for track in stills[0].select(".track")] == ["--at: 70%", "--at: 58%"]
    (boxes,) = [still for still in stills if "sharpness" in words(still)]
    assert [words(control) for control in boxes.select(".controls li")] == ["rule dot product", "sharpness 1.00"]
    (temperature,) = [still for still in stills if words(still).startswith("temperature")]
    assert temperature.select_one(".track")["style"] == "--at: 67%"  # halfway between 0.1 and 10, and on to 0.01


def test_pictures_beneath_controls_have_words_and_their_place(stills: list[Tag]) -> None:
    pictures = [image for still in stills for image in still.select("img")]
    assert len(pictures) == 3
    assert "cherry, 0.36" in pictures[0]["alt"]
    assert all(image["alt"] and int(image["width"]) > 100 for image in pictures)


def test_each_says_where_it_moves(stills: list[Tag]) -> None:
    assert len(stills) > 4
    for still in stills:
        links = [link["href"] for link in still.select("p:last-child a")]
        assert links[0] == "../notebooks/your_own.ipynb"
        assert len(links) == 3
        assert "A still picture" in words(still)


def test_the_javascript_on_the_page_is_that_of_the_explorers() -> None:
    page = (ROOT / "book" / "your_own.md").read_text(encoding="utf-8")
    (listing,) = re.findall(r"```javascript\n(.*?)```", page, re.DOTALL)
    assert listing in (JS / "math" / "softmax.js").read_text(encoding="utf-8")
