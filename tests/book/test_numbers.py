"""Numbers that a chapter's sentences repeat are those that its cells printed when the book was built."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]

# (chapter, what a sentence says, where a cell prints it): the groups of the two must be the same text.
SAID = [
    (
        "03_alignment",
        r"\\approx ([\d.]+)\$ and the denominator, the sum of six such powers, is ([\d.]+): its weight is (0\.14)\.",
        r"power of a: ([\d.]+), all six together: ([\d.]+) \{'a': (0\.14),",
    ),
    ("03_alignment", r"e\^\{0\.71\} \\approx ([\d.]+)\$ times", r"c gets ([\d.]+) times as much as a"),
    (
        "03_alignment",
        r"Ours have ([\d.]+) bits, and the best questions need ([\d.]+)\. .*? \\approx ([\d.]+)\$ keys",
        r"([\d.]+) bits, ([\d.]+) questions, like ([\d.]+) equal keys",
    ),
    ("03_alignment", r"and that is a share of ([\d.]+)\.", r"score set to 0 +b gets ([\d.]+) "),
    ("03_alignment", r"have only ([\d.]+) between them", r"weight set to 0 +b gets 0\.00 .*? sum ([\d.]+)"),
]


def outputs(site: Path, chapter: str) -> str:
    page = BeautifulSoup((site / "book" / f"{chapter}.html").read_text(encoding="utf-8"), "html.parser")
    return " ".join(" ".join(part.get_text(" ") for part in page.select(".cell_output")).split())


def sentences(chapter: str) -> str:
    return " ".join((ROOT / "book" / f"{chapter}.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(("chapter", "said", "printed"), SAID)
def test_a_number_in_a_sentence_was_printed(site: Path, chapter: str, said: str, printed: str) -> None:
    told = re.findall(said, sentences(chapter))
    assert len(told) == 1, f"book/{chapter}.md says {said!r} {len(told)} times"
    found = re.search(printed, outputs(site, chapter))
    assert found, f"no cell of {chapter} prints {printed!r}"
    if found.groups():
        assert (told[0] if isinstance(told[0], tuple) else (told[0],)) == found.groups()
