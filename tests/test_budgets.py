"""No chapter costs more than tests/budgets.py allows: words, bytes and lines."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from tests.budgets import (
    CELLS,
    CHAPTER_LINES,
    CHAPTERS,
    CODE,
    EXPLORER_LINES,
    PACKAGE_LINES,
    PLANTED_LINES,
    SCRIPT_BYTES,
    SPECIFICATION_LINES,
    STYLE_BYTES,
    TEST_LINES,
    TEXT_BYTES,
    WORDS,
    Budget,
    trouble,
    within,
)

from attnbook.classroom import specs

ROOT = Path(__file__).resolve().parents[1]
PACKAGE, TESTS = ROOT / "src" / "attnbook", ROOT / "tests"
SPECS, PLANTED = PACKAGE / "classroom" / "specs", TESTS / "classroom" / "mutants"
HIDDEN = ROOT / "notebooks" / "assignments" / "hidden"
# What nobody reads who reads the page: formulas, figures in words, addresses of links, and the list of cited works.
UNREAD = re.compile(
    r"\$\$.*?\$\$|<a id=\S*></a>|<details><summary>The figure in words.*?</details>|\]\(\S*?\)|(\n\* [^\n]*)+\s*\Z",
    re.DOTALL,
)
each_chapter = pytest.mark.parametrize("slug", CHAPTERS)


def served(paths: Iterable[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in paths)


def sources(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.suffix in {".py", ".js", ".css"}]


def lines(paths: Iterable[Path]) -> int:
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def own(folder: Path, slug: str, without: Path) -> list[Path]:
    """The files of a chapter: those that bear its name, begin with it, or lie in a folder of that name."""
    name = re.compile(rf"(test_)?{slug}(_\w+)?")
    files = [path for path in sources(folder) if not path.is_relative_to(without)]
    return [path for path in files if any(name.fullmatch(Path(part).stem) for part in path.relative_to(folder).parts)]


@each_chapter
def test_a_page_is_as_long_as_a_reader_can_take(slug: str) -> None:
    notebook = ROOT / "notebooks" / f"{CHAPTERS[slug].stem}.ipynb"
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"][1:]  # without the guard
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    prose = UNREAD.sub("", text)
    within(WORDS, slug, len(re.findall(r"\b[A-Za-z][\w’'-]*", prose)))
    within(CELLS, slug, len(code))
    within(CODE, slug, sum(bool(line.strip()) for cell in code for line in cell.splitlines()))


@each_chapter
def test_a_page_and_its_scripts_are_light(site: Path, slug: str) -> None:
    page = site / "book" / f"{CHAPTERS[slug].stem}.html"
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    within(TEXT_BYTES, slug, served([page]))
    within(SCRIPT_BYTES, slug, served(page.parent / urlsplit(tag["src"]).path for tag in soup.select("script[src]")))


def test_the_style_sheet_of_the_book_is_light(site: Path) -> None:
    within(STYLE_BYTES, "folio.css", served([site / "_static" / "folio.css"]))


@each_chapter
def test_a_chapter_takes_few_lines(slug: str) -> None:
    source = [
        path
        for path in own(PACKAGE, slug, without=PACKAGE / "classroom")
        if path.parent.name != "facts"  # which a tool writes
    ]
    explorer = [path for path in source if path.is_relative_to(PACKAGE / "widgets")]
    assert source
    assert explorer
    for name in {path.stem for path in explorer}:  # a chapter may have two explorers
        within(EXPLORER_LINES, name, lines(path for path in explorer if path.stem == name))
    within(CHAPTER_LINES, slug, lines(source))
    within(TEST_LINES, slug, lines(own(TESTS, slug, without=PLANTED)))


@pytest.mark.parametrize(
    ("budget", "folders"),
    [(SPECIFICATION_LINES, (SPECS, HIDDEN)), (PLANTED_LINES, (PLANTED,))],
    ids=["specs", "mutants"],
)
def test_a_graded_function_takes_few_lines(budget: Budget, folders: tuple[Path, ...]) -> None:
    tasks = {slug: len(specs.tasks_of(slug)) for slug in CHAPTERS if (SPECS / f"{slug}.py").is_file()}
    each = {
        slug: lines(path for folder in folders for path in own(folder, slug, without=ROOT / "none")) // tasks[slug]
        for slug in tasks
    }
    assert all(each.values())
    there = lines(path for folder in folders for path in sources(folder))
    within(budget, f"{folders[0].name} (by chapter: {each})", there / sum(tasks.values()))


def test_the_package_is_small() -> None:
    within(PACKAGE_LINES, "attnbook", lines(sources(PACKAGE)))


def test_a_broken_budget_is_named() -> None:
    budget = Budget("words", 100, {"old": 300}, least=50)
    assert trouble(budget, "book/02_new.html", 101) == "book/02_new.html: 101 words, 100 are allowed"
    assert trouble(budget, "new", 49) == "new: 49 words, 50 are the least"
    assert trouble(budget, "new", 100) == trouble(budget, "old", 300) == ""
    assert "300 are allowed" in trouble(budget, "old", 301)
    assert "lower the 300" in trouble(budget, "old", 200)
    assert "take 'old' out" in trouble(budget, "book/01_old.html", 90)
