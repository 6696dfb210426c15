"""Every budget of the book in one place: what a page may weigh, and what one more chapter or graded function may cost.

`tests/test_budgets.py` holds most of them, `tests/browser/test_page.py` those of bytes that a browser fetches, and
`tests/worker_seconds.py` the time that a chapter's tests take. A chapter that breaks one is named, with the number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]


def pages() -> dict[str, Path]:
    """The page of each chapter of the plan that is written, by its slug; one of them has no number."""
    parts = yaml.safe_load((ROOT / "book" / "plan.yml").read_text(encoding="utf-8"))["parts"]
    chapters = [chapter for part in parts for chapter in part["chapters"]]
    numbers = {one["slug"]: f"{one['number']:02d}_" if "number" in one else "" for one in chapters}
    paths = {slug: ROOT / "book" / f"{number}{slug}.md" for slug, number in numbers.items()}
    return {slug: path for slug, path in paths.items() if path.is_file()}


CHAPTERS = pages()


@dataclass(frozen=True)
class Budget:
    """How much of something there may be, and what was there before the limit was: that may only shrink."""

    what: str
    most: int
    before: Mapping[str, int] = field(default_factory=dict)
    least: int = 0


# Bytes are counted as a host serves them, compressed.
PAGE_BYTES = Budget("bytes on a page read to its end", 400_000)
SCRIPT_BYTES = Budget("bytes of JavaScript on a page", 60_000)
TEXT_BYTES = Budget("bytes of a page without what it loads", 200_000)
STYLE_BYTES = Budget("bytes of style sheet", 15_000)
PAGE_REQUESTS = Budget("requests of a page", 42)

WORDS = Budget(
    "words to read on a page", 4_000, {"cognitive": 4_720, "scoring": 4_300, "alignment": 4_870}, least=2_500
)
CELLS = Budget("cells on a page", 45)
CODE = Budget("lines of code on a page", 400)

CHAPTER_LINES = Budget(
    "lines of source of a chapter, besides its page",
    900,
    {"cognitive": 1_058, "scoring": 1_384, "alignment": 1_830, "structures": 1_190},
)  # chapter 6 has two explorers
EXPLORER_LINES = Budget("lines of an explorer, its script and its style", 650)
TEST_LINES = Budget(
    "lines of tests of a chapter", 900, {"cognitive": 2_159, "scoring": 2_150, "alignment": 2_420, "structures": 1_010}
)
SPECIFICATION_LINES = Budget("lines of specification for one graded function", 110)
PLANTED_LINES = Budget("lines of planted functions for one graded function", 80)
PACKAGE_LINES = Budget(
    "lines of Python, JavaScript and CSS in the package", 20_000, {"attnbook": 26_885}
)  # about 16,000 of them are of one of fourteen chapters, which may have 900 each and what several of them share

# Processor seconds: see tests/worker_seconds.py. Those of chapters that are named are an upper limit.
WORKER_SECONDS = Budget(
    "seconds of a worker for the tests of a chapter",
    100,
    {"cognitive": 165, "scoring": 150, "alignment": 145, "self_attention": 130, "transformer": 135, "efficient": 115}
    | {"channel": 115, "external": 115, "nadaraya_watson": 115},
)


def trouble(budget: Budget, name: str, found: float) -> str:
    """Say in what way a chapter, or whatever has this name, is not within its budget; nothing if it is."""
    there = f"{name}: {found:,.0f} {budget.what}"
    slug = re.findall(r"[a-z][a-z_]*", name.rpartition("/")[2])[0]
    allowed = budget.before.get(slug, budget.most)
    if found > allowed:
        return f"{there}, {allowed:,} are allowed"
    if found < budget.least:
        return f"{there}, {budget.least:,} are the least"
    if slug in budget.before and found <= budget.most:
        return f"{there}, which is within the budget of all: take {slug!r} out of `before` in tests/budgets.py"
    if slug in budget.before and found < 0.8 * allowed:
        return f"{there}, less than it was: lower the {allowed:,} of {slug!r} in tests/budgets.py"
    return ""


def within(budget: Budget, name: str, found: float) -> None:
    """Fail if `name` is not within its budget."""
    told = trouble(budget, name, found)
    assert not told, told
