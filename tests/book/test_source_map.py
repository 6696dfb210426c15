"""Every heading of the five sets of notes has a section of the book, which exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
SETS = (ROOT / "book" / "source_map.md").read_text(encoding="utf-8").split("\n## ")[1:]
ROW = re.compile(r"^\| (?P<heading>[^|]+) \| (?P<english>[^|]+) \| (?P<where>[^|]+) \|$", re.MULTILINE)
HEADINGS = [16, 7, 23, 4, 7]  # of each set of notes


@pytest.mark.parametrize("number", range(5))
def test_every_heading_has_a_section(number: int) -> None:
    rows = [row for row in ROW.finditer(SETS[number]) if row["heading"] not in ("heading", "---")]
    assert len(rows) == HEADINGS[number]
    for row in rows:
        assert re.search(r"[\u3400-\u9fffA-Za-z]", row["heading"])
        assert re.fullmatch(r"(\{(ref|doc)\}`[^`]+`(, )?)+", row["where"]), row["heading"]


def test_every_section_of_the_map_exists(site: Path) -> None:
    def read(name: str) -> BeautifulSoup:
        return BeautifulSoup((site / "book" / name).read_text(encoding="utf-8"), "html.parser")

    page = read("source_map.html")
    links = [link["href"] for link in page.select("article td a")]
    assert len(links) > sum(HEADINGS)
    targets = [str(link).partition("#")[::2] for link in links]
    ids = {
        name: {each["id"] for each in read(name or "source_map.html").select("[id]")}
        for name in {name for name, _ in targets}
    }
    for name, label in targets:
        assert not label or label in ids[name], (name, label)
