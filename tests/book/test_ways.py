"""Which chapter builds on which: read from the chapters' own words, free of loops, drawn on the front page."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from tests import budgets

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "book" / "_ext"))

from ways import depths, needs_of, shortest

PAGES = {path.stem: path.read_text(encoding="utf-8") for path in budgets.CHAPTERS.values()}


def test_needs_are_the_links_of_the_line_you_need() -> None:
    pages = {
        "01_a": "(sec-a)=\n## A\n* **You need** nothing.\n{doc}`01_c`",
        "02_b": "* **You need** {doc}`Chapter 1 <01_a>` and {ref}`that <sec-c>`.\n",
        "03_c": "(sec-c)=\n## C\n* **You need** {ref}`this <sec-a>`.",
    }
    assert needs_of(pages) == {"01_a": set(), "02_b": {"01_a", "03_c"}, "03_c": {"01_a"}}
    assert depths(needs_of(pages)) == {"01_a": 0, "02_b": 2, "03_c": 1}
    assert shortest(needs_of(pages)) == {"01_a": set(), "02_b": {"03_c"}, "03_c": {"01_a"}}


def test_a_loop_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="these pages need one another: a, b"):
        depths({"a": {"b"}, "b": {"a"}, "c": set()})


def test_no_chapter_needs_a_later_one() -> None:
    order = list(PAGES)
    needs = needs_of(PAGES)
    assert not [(page, other) for page in order for other in needs[page] if order.index(other) > order.index(page)]
    assert depths(needs)


def test_the_front_page_draws_every_chapter(site: Path) -> None:
    soup = BeautifulSoup((site / "book" / "index.html").read_text(encoding="utf-8"), "html.parser")
    (picture,) = soup.select(".ways svg")
    assert len(picture.select("circle")) == len(PAGES)
    arrows = len(picture.select("path[fill=none]"))
    assert arrows == sum(len(others) for others in shortest(needs_of(PAGES)).values())
    assert "3 builds on 2." in picture["aria-label"]
