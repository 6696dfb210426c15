"""Numbers that a chapter's sentences repeat are those that its cells printed when the book was built."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup

from attnbook.core import softmax

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
        r"\\approx ([\d.]+)\$, divided by the sum of six such powers, ([\d.]+): its weight is (0\.14)\.",
        r"power of a: ([\d.]+), all six together: ([\d.]+) \{'a': (0\.14),",
    ),
    ("03_alignment", r"e\^\{0\.71\} \\approx ([\d.]+)\$ times", r"c gets ([\d.]+) times as much as a"),
    (
        "03_alignment",
        r"Our weights have ([\d.]+) bits\. .*? \\approx ([\d.]+)\$ keys alike",
        r"T = 1\.0 +([\d.]+) bits +as much as ([\d.]+) keys",
    ),
    ("03_alignment", r"\\log_2 6 \\approx ([\d.]+)\$ bits", r"T = 100\.0 +([\d.]+) bits"),
    ("03_alignment", r"In half precision, a score of 12 is enough", r"float16: .*? above a score of 11\."),
    ("03_alignment", r"All three are NaN, so", r"loss nan, gradient \[nan, nan, nan\]"),
    ("03_alignment", r"But the others have ([\d.]+) between them", r"weight set to 0 +b gets 0\.00 .*? sum ([\d.]+)"),
    ("03_alignment", r"about ten times nearer", r"1,000 rolls: .*? 0\.029\d .*? 100,000 rolls: .*? 0\.00[23]\d"),
    ("03_alignment", r"The one it doubts most is \*(\w+)\*, the (bird)", r"(plira) 0\.[5-9]\d on (bird)"),
    (
        "03_alignment",
        r"the model gets three of four words wrong at length 12",
        r"blindfolded afterwards +\d+% +2[2-8]% ",
    ),
    ("03_alignment", r"Only \*b\* and \*c\* get weight", r"sparsemax \[0\. +0\.\d+ 0\.\d+ 0\. +0\. +0\. +\]"),
]
WORDS = {"four": 4, "five": 5}
LENGTHS = [4, 6, 8, 10, 12, 14, 16, 18, 20, 24]


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


def near(percent: int) -> Any:
    """Return what a text may call this share: a training carries far in what processors differ."""
    return pytest.approx(percent, abs=4)


def right_by_length(site: Path, model: str, what: str) -> dict[int, int]:
    """How many of a hundred words, or sentences, came out right at each length."""
    found = re.search(rf"{model} +{what} +((?:\d+% ?)+)", outputs(site, "03_alignment"))
    assert found, f"no cell prints a row for {model}, {what}"
    return dict(zip(LENGTHS, map(int, re.findall(r"\d+", found[1])), strict=True))


def test_what_is_told_of_the_two_translators_was_printed(site: Path) -> None:
    text = sentences("03_alignment")
    fixed, attention = (right_by_length(site, model, "words") for model in ("one fixed vector", "attention"))
    fixed_whole, whole = (right_by_length(site, model, "sentences") for model in ("one fixed vector", "attention"))
    assert fixed[4] == attention[4] == fixed_whole[4] == whole[4] == 100
    assert fixed[6] > fixed[8] < 98, "from eight words on, the fixed vector loses words"
    assert abs(fixed[20] - 50) <= 5, "of twenty about half are wrong"
    (said,) = re.findall(r"at fourteen words, about (\d) in a hundred come out right, at sixteen next to none", text)
    assert int(said) == pytest.approx(fixed_whole[14], abs=1)
    assert fixed_whole[16] <= 1
    (said,) = re.findall(
        r"With attention, about (\d+) of a hundred words are right even at twenty\. .*? only about (\d+) of a hundred "
        r"are right as a whole\. At 24 words, a length that it has never seen, it is about half\.",
        text,
    )
    assert [int(number) for number in said] == [near(attention[20]), near(whole[20])]
    assert near(whole[24]) == 50
    (said,) = re.findall(r"ours loses about (\d) points up to the longest trained", text)
    assert int(said) == pytest.approx(100 - attention[20], abs=1)


def test_the_curves_are_told_as_they_are_drawn(site: Path) -> None:
    fixed, attention = (right_by_length(site, model, "words") for model in ("one fixed vector", "attention"))
    (alt,) = re.findall(r"Two curves of right words .*? than the lines\.", sentences("03_alignment"))
    for length, number in ((88, 10), (74, 14), (53, 20), (44, 24)):
        assert near(fixed[number]) == length
        assert re.search(rf"\b{length} (percent )?at {number}\b|\b{length} at {number} words", alt), (length, number)
    assert min(attention[length] for length in LENGTHS[:8]) >= 98
    (said,) = re.findall(r"has about (\d+) at 20 and (\d+) at 24", alt)
    assert [int(number) for number in said] == [near(attention[20]), near(attention[24])]


def test_the_weights_of_the_picture_are_told(site: Path) -> None:
    """What is said to those who cannot see the alignment, against the explorer's scores of the same sentence."""
    (alt,) = re.findall(r"A table with a row for each word of the translation.*?nouns\.", sentences("03_alignment"))
    page = BeautifulSoup((site / "book" / "03_alignment.html").read_text(encoding="utf-8"), "html.parser")
    (stored,) = page.select('script[id="03_alignment-explorer-2"]')
    sentence = json.loads(stored.get_text())["sentences"][0]
    told = re.findall(r"(\w+) (?:looks )?at (\w+)(?=,|\.)", alt)
    assert [word for word, _ in told] == sentence["target"]
    assert "the framed one, with more than half of the weight" in alt
    assert "mirla looks at cat, and at next to nothing else" in alt
    for (_, source), scores in zip(told, sentence["scores"], strict=True):
        weights = softmax(np.array(scores))
        assert source == sentence["source"][weights.argmax()]
        assert weights.max() > (0.95 if source == "cat" else 0.5)
