"""The plan of the whole book and the table of contents of what is written agree."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from bs4 import BeautifulSoup

from attnbook.data.six_vectors import six_vectors

ROOT = Path(__file__).resolve().parents[2]
PLAN = yaml.safe_load((ROOT / "book" / "plan.yml").read_text(encoding="utf-8"))
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
CONFIG = (ROOT / "_config.yml").read_text(encoding="utf-8")


def page_of(chapter: dict[str, Any]) -> str:
    return f"book/{chapter['number']:02d}_{chapter['slug']}" if "number" in chapter else f"book/{chapter['slug']}"


PLANNED = {page_of(chapter): part["caption"] for part in PLAN["parts"] for chapter in part["chapters"]}
AROUND = {f"book/{name}" for name in PLAN["around"]}
WRITTEN = [(entry["file"], part["caption"]) for part in TOC["parts"] for entry in part["chapters"]]


def test_the_plan_holds_thirteen_chapters_each_with_one_question() -> None:
    chapters = [chapter for part in PLAN["parts"] for chapter in part["chapters"]]
    assert [chapter["number"] for chapter in chapters if "number" in chapter] == list(range(1, 14))
    assert [chapter["slug"] for chapter in chapters if "number" not in chapter] == ["efficient"]
    assert len({chapter["slug"] for chapter in chapters}) == 14
    assert all(chapter["question"].endswith("?") for chapter in chapters)
    assert len(PLAN["parts"]) == 5


def test_what_is_written_is_in_the_plan_and_in_its_order() -> None:
    assert TOC["root"] in AROUND
    chapters = [(name, caption) for name, caption in WRITTEN if name not in AROUND]
    assert chapters
    assert all(PLANNED.get(name) == caption for name, caption in chapters)
    order = list(PLANNED)
    places = [order.index(name) for name, _ in chapters]
    assert places == sorted(places)


def test_the_contents_hold_every_page_that_exists() -> None:
    pages = {f"book/{path.stem}" for path in (ROOT / "book").glob("*.md")}
    assert pages == {TOC["root"], *(name for name, _ in WRITTEN)}


def test_the_address_of_the_project_is_one_line_with_its_mark() -> None:
    address = yaml.safe_load(CONFIG)["repository"]["url"]
    before, line = CONFIG.split(address)[0].rstrip().rsplit("\n", 2)[-2:], CONFIG.count(address)
    assert line == 1
    assert any("THE ONE LINE TO CHANGE" in text for text in [CONFIG.split("repository:")[0].splitlines()[-1], *before])
    machinery = [path for folder in ("_ext", "_site") for path in (ROOT / "book" / folder).rglob("*") if path.is_file()]
    texts = [path for path in machinery if path.suffix in {".py", ".html", ".js", ".css", ".toml"}]
    assert not [path for path in texts if address in path.read_text(encoding="utf-8")]


def test_the_front_page_lists_the_plan_with_its_numbers(site: Path) -> None:
    plan = BeautifulSoup((site / "book" / "index.html").read_text(encoding="utf-8"), "html.parser").select_one(".plan")
    listed = [
        (
            int(chapters.get("start", 1)) + i if chapters.name == "ol" else None,
            entry.select_one("a, .chapter-title").get_text(),
            entry.a and entry.a["href"],
        )
        for chapters in plan.select("ol, ul")
        for i, entry in enumerate(chapters.select("li"))
    ]
    written = {name for name, _ in WRITTEN}
    assert listed == [
        (chapter.get("number"), chapter["title"], f"{name.removeprefix('book/')}.html" if name in written else None)
        for name, chapter in zip(
            PLANNED, (chapter for part in PLAN["parts"] for chapter in part["chapters"]), strict=True
        )
    ]


def test_every_chapter_has_its_place_in_the_picture_of_the_whole() -> None:
    places = [step["place"] for step in PLAN["recipe"]]
    assert len(set(places)) == len(places)
    assert {chapter["place"] for part in PLAN["parts"] for chapter in part["chapters"]} == set(places)


def test_the_picture_of_the_whole_hangs_each_chapter_on_its_step(site: Path) -> None:
    front = BeautifulSoup((site / "book" / "index.html").read_text(encoding="utf-8"), "html.parser")
    (recipe,) = front.select("ul.recipe")
    steps = recipe.find_all("li", recursive=False)
    written = {name for name, _ in WRITTEN}
    shown = [
        (step.select_one(".recipe-name").get_text(), [(entry.get_text(" ", strip=True), entry.a and entry.a["href"])])
        for step in steps
        for entry in step.select(".recipe-chapters > li")
    ]
    chapters = [chapter for part in PLAN["parts"] for chapter in part["chapters"]]
    assert shown == [
        (
            step["name"],
            [
                (
                    f"{chapter.get('number', '')} {chapter['title']}".strip(),
                    f"{page[5:]}.html" if page in written else None,
                )
            ],
        )
        for step in PLAN["recipe"]
        for chapter in chapters
        if chapter["place"] == step["place"]
        for page in [page_of(chapter)]
    ]
    assert len(shown) == len(chapters)


def test_the_small_pictures_show_one_example_in_its_true_numbers(site: Path) -> None:
    front = BeautifulSoup((site / "book" / "index.html").read_text(encoding="utf-8"), "html.parser")
    pictures = {svg.parent["class"][-1]: svg for svg in front.select(".recipe svg")}
    assert list(pictures) == ["recipe-meeting", "recipe-scores", "recipe-weights", "recipe-average"]
    query, keys, values, names = six_vectors()
    scores = [float(query[0] @ key) / math.sqrt(2) for key in keys]
    powers = [math.exp(score) for score in scores]
    weights = [power / sum(powers) for power in powers]
    for place, numbers in [("recipe-scores", scores), ("recipe-weights", weights)]:
        told = dict(re.findall(r"([a-f]) (−?[\d.]+\d)", pictures[place]["aria-label"]))
        assert {name: float(told[name].replace("−", "-")) for name in told} == pytest.approx(
            dict(zip(names, numbers, strict=True)), abs=0.005
        )
        bars = [float(bar) for bar in re.findall(r"h14v(-?[\d.]+)h-14", str(pictures[place]))]
        assert len(bars) == 6
        assert bars[1] < 0, "the bar of a positive number goes up"
        assert [-bar / bars[1] for bar in bars] == pytest.approx([-number / numbers[1] for number in numbers], abs=0.01)
    discs = [float(disc["r"]) for disc in pictures["recipe-average"].select("circle")]
    assert [disc**2 / discs[1] ** 2 for disc in discs] == pytest.approx([one / weights[1] for one in weights], abs=0.02)
    for place, points in [("recipe-meeting", [*keys, *query]), ("recipe-average", values)]:
        for axis, name, way in [(0, "cx", 1), (1, "cy", -1)]:  # x points right and y up, as in the chapters
            ends = [way * float(dot[name]) for dot in pictures[place].select("circle")]
            assert np.corrcoef(ends, [point[axis] for point in points])[0, 1] > 0.999, place
    x, y = (float(part) for part in re.search(r'd="M([\d.]+) ([\d.]+)l6', str(pictures["recipe-average"])).groups())
    output = [sum(weight * value[axis] for weight, value in zip(weights, values, strict=True)) for axis in (0, 1)]
    centres = [(float(disc["cx"]), float(disc["cy"])) for disc in pictures["recipe-average"].select("circle")]
    (left, low), (right, high) = (values[4], values[2])  # two values that differ along both axes
    across = (output[0] - left) / (right - left)
    up = (output[1] - low) / (high - low)
    assert x + 6 == pytest.approx(centres[4][0] + across * (centres[2][0] - centres[4][0]), abs=0.2)
    assert y == pytest.approx(centres[4][1] + up * (centres[2][1] - centres[4][1]), abs=0.2)


def test_each_page_says_in_which_part_it_stands(site: Path) -> None:
    for name, caption in WRITTEN:
        page = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        assert page.select_one(".page-head .part").get_text() == caption
