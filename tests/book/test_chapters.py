"""What every chapter's page has, and what none may carry."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from tests import budgets

CHAPTERS = [path.stem for path in budgets.CHAPTERS.values()]
UNWANTED = "thebe|require(?:js)?\\.|html-manager|mathjax|fontawesome|bootstrap|jquery|togglebutton|sphinx-design|pydata"


@cache
def page_of(path: Path) -> BeautifulSoup:
    """A page, read once; who changes it reads it anew."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_carries_nothing_of_the_stock_theme(site: Path, chapter: str) -> None:
    soup = page_of(site / "book" / f"{chapter}.html")
    names = [element.get("src") or element.get("href") or "" for element in soup.select("script, link")]
    assert not [name for name in names if re.search(UNWANTED, name, re.IGNORECASE)]
    assert not [element for element in soup.select("script[src]") if not element.has_attr("defer")]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_has_what_every_chapter_has(site: Path, chapter: str) -> None:
    soup = page_of(site / "book" / f"{chapter}.html")
    assert soup.select(".explorer[data-explorer]")
    assert soup.select(".claim")
    assert soup.select("table.claims")
    assert soup.select(".admonition.corrections")
    exercises = soup.select("div.exercise")
    assert len(exercises) >= 5
    assert len(soup.select("details.solution")) == len(exercises) == len(soup.select("details.hint"))
    assert soup.select("details.solution .still .controls li"), "in one exercise the reader builds a small widget"
    assert soup.select("ul.references > li")
    assert all(image["alt"].strip() for image in soup.select("article img"))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_outline_has_one_title_and_skips_no_level(site: Path, chapter: str) -> None:
    soup = page_of(site / "book" / f"{chapter}.html")
    levels = [int(heading.name[1]) for heading in soup.select("h1, h2, h3, h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_percentage_of_the_text_was_measured_on_the_page(site: Path, chapter: str) -> None:
    soup = BeautifulSoup((site / "book" / f"{chapter}.html").read_text(encoding="utf-8"), "html.parser")
    share = re.compile(r"(?<![\d.])[\d.]+\s%")
    measured = {found for output in soup.select(".cell_output") for found in share.findall(output.get_text(" "))}
    for part in soup.select(".cell, .explorer, .references, script"):
        part.decompose()
    told = {
        found for text in soup.select("article p, article li, article td") for found in share.findall(text.get_text())
    }
    assert told - measured == set()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_pictures_keep_the_place_that_they_will_fill(site: Path, chapter: str) -> None:
    page = site / "book" / f"{chapter}.html"
    images = page_of(page).select('article img[src$=".svg"]')
    assert images
    for image in images:
        svg = (page.parent / image["src"]).read_text(encoding="utf-8")
        tag = re.search(r"<svg[^>]*>", svg)[0]
        points = [float(re.search(rf' {side}="([\d.]+)pt"', tag)[1]) for side in ("width", "height")]
        assert [int(image["width"]), int(image["height"])] == [round(point * 4 / 3) for point in points]
