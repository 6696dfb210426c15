"""The page of corrections has what the chapters' boxes have, in the order of the book."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup
from tests import budgets


def points(box: BeautifulSoup) -> list[str]:
    """The items of a box, without what depends on the page they stand on."""
    for passing in box.select(".headerlink"):
        passing.decompose()
    return [" ".join(item.get_text(" ").split()) for item in box.select("li")]


def test_every_box_is_on_the_page_of_corrections(site: Path) -> None:
    gathered = BeautifulSoup((site / "book" / "corrections.html").read_text(encoding="utf-8"), "html.parser")
    sections = gathered.select('section[id^="corrections-"]')
    assert [section["id"].removeprefix("corrections-").replace("-", "_") for section in sections] == [*budgets.CHAPTERS]
    for section, path in zip(sections, budgets.CHAPTERS.values(), strict=True):
        page = BeautifulSoup((site / "book" / f"{path.stem}.html").read_text(encoding="utf-8"), "html.parser")
        (box,) = page.select(".admonition.corrections")
        assert points(section) == points(box) != []
        assert section.select_one("h2 a")["href"] == f"{path.stem}.html"
