"""The plan of the whole book and the table of contents of what is written agree."""

from __future__ import annotations

from pathlib import Path

import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
PLAN = yaml.safe_load((ROOT / "book" / "plan.yml").read_text(encoding="utf-8"))
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
CONFIG = (ROOT / "_config.yml").read_text(encoding="utf-8")
PLANNED = {
    f"book/{chapter['number']:02d}_{chapter['slug']}": part["caption"]
    for part in PLAN["parts"]
    for chapter in part["chapters"]
}
AROUND = {f"book/{name}" for name in PLAN["around"]}
WRITTEN = [(entry["file"], part["caption"]) for part in TOC["parts"] for entry in part["chapters"]]


def test_the_plan_holds_thirteen_chapters_each_with_one_question() -> None:
    chapters = [chapter for part in PLAN["parts"] for chapter in part["chapters"]]
    assert [chapter["number"] for chapter in chapters] == list(range(1, 14))
    assert len({chapter["slug"] for chapter in chapters}) == 13
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
            int(chapters.get("start", 1)) + i,
            entry.select_one("a, .chapter-title").get_text(),
            entry.a and entry.a["href"],
        )
        for chapters in plan.select("ol")
        for i, entry in enumerate(chapters.select("li"))
    ]
    written = {name for name, _ in WRITTEN}
    assert listed == [
        (chapter["number"], chapter["title"], f"{name.removeprefix('book/')}.html" if name in written else None)
        for name, chapter in zip(
            PLANNED, (chapter for part in PLAN["parts"] for chapter in part["chapters"]), strict=True
        )
    ]


def test_each_page_says_in_which_part_it_stands(site: Path) -> None:
    for name, caption in WRITTEN:
        page = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        assert page.select_one(".page-head .part").get_text() == caption
