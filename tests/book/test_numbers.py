"""Numbers that a chapter's sentences repeat are those that its cells printed when the book was built."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]

# (chapter, what a sentence says, where a cell prints it): the groups of the two must be the same text.
SAID = [
    ("01_cognitive", r"16,384 places, call each", r"16,384 places hold"),
    ("01_cognitive", r"takes (134) million looks", r"(134),\d{3},\d{3} pairs of places"),
    (
        "01_cognitive",
        r"right in (\d+) % of the scenes, where guessing",
        r"things: 12 +right in +(\d+) % of scenes from all",
    ),
    (
        "01_cognitive",
        r"from ([\d.]+) to ([\d.]+), and that",
        r"among no +squares: ([\d.]+) red ball among red +squares: ([\d.]+)",
    ),
    (
        "01_cognitive",
        r"target gives ([\d.]+) or more, no target ([\d.]+) or",
        r"gap +8: .*? target ([\d.]+), highest without ([\d.]+)",
    ),
    ("01_cognitive", r"a peak of ([\d.]+) is reached with nothing", r"gap +0: .*? highest without ([\d.]+)"),
    ("01_cognitive", r"real target may give only ([\d.]+)\.", r"gap +0: .*? with a target ([\d.]+)"),
    ("01_cognitive", r"T = (0\.1)\$, ([\d.]+) of the weight", r"T = (0\.1) +sum 1\.00, on the ball ([\d.]+)0,"),
    ("01_cognitive", r"read out is its colour to two digits", r"T = 0\.1 .*? read out \[0\.8 +0\.12 0\.12\]"),
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
WORDS = {"four": 4, "five": 5}


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


def test_the_odd_shapes_add_up(site: Path) -> None:
    found = [int(count) for count in re.findall(r"s: found in +(\d+) of 12 ", outputs(site, "01_cognitive") + " ")]
    (said,) = re.findall(
        r"That is (\d+) of (\d+), where guessing one thing of nine would get (\d+)", sentences("01_cognitive")
    )
    assert said == (str(sum(found[:6])), str(12 * 6), str(12 * 6 // 9))


def test_the_crowd_is_found_as_often_as_told(site: Path) -> None:
    rows = dict(re.findall(r"gap +(-?\d+): found in +(\d+) of 12;", outputs(site, "01_cognitive")))
    (said,) = re.findall(r"it is found (\w+) times in twelve, then (\w+) times", sentences("01_cognitive"))
    assert [WORDS[word] for word in said] == [int(rows["-2"]), int(rows["-4"])]
    assert {rows[gap] for gap in ("8", "4", "0")} == {"12"}
