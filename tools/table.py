"""The table of all mechanisms in chapter 13: its page holds it between two marks, and `make facts` writes it."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from attnbook.core.mechanisms import FITS, MECHANISMS, Mechanism

PAGE = "book/13_landscape.md"
PLACE = re.compile(r"(?<=<!-- mechanisms -->\n).*?(?=<!-- end -->)", re.DOTALL)
HEAD = "\n```{table}\n:class: cards\n\n| mechanism | score · select · normalise · read | formula |\n|---|---|---|\n"


PLAN = Path(__file__).resolve().parent.parent / "book" / "plan.yml"


def pages() -> dict[str, str]:
    """Return the link to each chapter of the plan, by its slug."""
    parts = yaml.safe_load(PLAN.read_text(encoding="utf-8"))["parts"]
    chapters = [chapter for part in parts for chapter in part["chapters"]]
    return {
        one["slug"]: f"{{doc}}`Chapter {one['number']} <{one['number']:02d}_{one['slug']}>`"
        if "number" in one
        else f"{{doc}}`{one['title']} <{one['slug']}>`"
        for one in chapters
    }


def row(mechanism: Mechanism, page: str) -> str:
    """Return one line of the table."""
    source = f", {{cite:t}}`{mechanism.paper}`" if mechanism.paper else ""
    if mechanism.fits == "none":
        choices, formula = FITS["none"], "–"
    else:
        several = " *(several)*" if mechanism.fits == "several" else ""
        choices, formula = " · ".join(mechanism.choices) + several, f"${mechanism.formula}$"
    return f"| **{mechanism.name}**, {page}{source} | {choices} | {formula} |\n"


def fill(page: str) -> str:
    """Return a page with the table in its place."""
    links = pages()
    table = HEAD + "".join(row(each, links[each.chapter]) for each in MECHANISMS.values()) + "```\n\n"
    return PLACE.sub(lambda _: table, page)
