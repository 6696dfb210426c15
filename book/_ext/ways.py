"""The `{ways}` directive: which chapter builds on which, as a picture.

What a chapter needs is said once, in the line *You need* at its top: the chapters that this line links. The picture
has a row for each step away from what needs nothing, and leaves out an arrow where a longer way leads as well.
"""

from __future__ import annotations

import re
from pathlib import Path
from statistics import fmean

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from plan import PLAN, Chapter, is_written, page_of, read_plan
from recipe import paint

NEED = re.compile(r"^\* \*\*You need\*\* (.*)$", re.MULTILINE)
LINK = re.compile(r"\{(?:doc|ref)\}`(?:[^`<]*<)?([\w-]+)>?`")
LABEL = re.compile(r"^\(([\w-]+)\)=$", re.MULTILINE)
WIDTH, ROW, RADIUS = 340, 62, 16

Needs = dict[str, set[str]]


def needs_of(pages: dict[str, str]) -> Needs:
    """Return for each page, by name, the pages that its line *You need* links; `pages` holds their texts."""
    homes = {label: name for name, text in pages.items() for label in LABEL.findall(text)}
    homes |= {name: name for name in pages}
    found = {name: [homes[target] for target in LINK.findall(" ".join(NEED.findall(pages[name])))] for name in pages}
    return {name: set(others) - {name} for name, others in found.items()}


def depths(needs: Needs) -> dict[str, int]:
    """Return how many steps each page is away from one that needs nothing; a loop is a ValueError."""
    found: dict[str, int] = {}
    while len(found) < len(needs):
        ready = [name for name in needs if name not in found and needs[name] <= found.keys()]
        if not ready:
            raise ValueError(f"these pages need one another: {', '.join(sorted(needs.keys() - found.keys()))}")
        for name in ready:
            found[name] = 1 + max((found[other] for other in needs[name]), default=-1)
    return found


def all_needs(needs: Needs, name: str) -> set[str]:
    """Return what a page needs directly or through others."""
    return needs[name].union(*(all_needs(needs, other) for other in needs[name]))


def shortest(needs: Needs) -> Needs:
    """Return the same without what a page needs through another one anyway."""
    return {
        name: others - set().union(*(all_needs(needs, other) for other in others)) for name, others in needs.items()
    }


def drawing(needs: Needs, names: dict[str, str], told: str) -> str:
    """Return the picture: a disc for each page, rows from top to bottom, and arrows to what builds on it."""
    depth = depths(needs)
    rows = [[name for name in needs if depth[name] == row] for row in range(1 + max(depth.values()))]
    at: dict[str, tuple[float, float]] = {}
    for down, row in enumerate(rows):
        # Below what it needs, so that few arrows cross; a row is in the order of the book where that says nothing.
        middle = {name: fmean([at[other][0] for other in shortest(needs)[name]] or [0]) for name in row}
        for place, name in enumerate(sorted(row, key=middle.__getitem__)):
            at[name] = ((2 * place + 1) * WIDTH / (2 * len(row)), RADIUS + 2 + ROW * down)
    drawn = []
    for name, others in shortest(needs).items():
        for other in sorted(others):
            (x, y), (to_x, to_y) = at[other], at[name]
            top, end = y + RADIUS, to_y - RADIUS - 5
            half = (top + end) / 2
            bend = f"M{x:.1f} {top:.1f}C{x:.1f} {half:.1f} {to_x:.1f} {half:.1f} {to_x:.1f} {end:.1f}"
            drawn.append(f'<path d="{bend}" fill="none" stroke-width="1.5" {paint("muted", "stroke")}/>')
            drawn.append(f'<path d="M{to_x - 4:.1f} {end:.1f}h8l-4 5z" {paint("ink")}/>')
    for name, (x, y) in at.items():
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}" {paint("accent")}/>')
        drawn.append(f'<text x="{x:.1f}" y="{y + 5:.1f}" {paint("paper")}>{names[name]}</text>')
    return (
        f'<svg role="img" aria-label="{told}" viewBox="0 0 {WIDTH} {ROW * (len(rows) - 1) + 2 * RADIUS + 4}" '
        f'width="{WIDTH}" font-size="14" text-anchor="middle">{"".join(drawn)}</svg>'
    )


class Ways(SphinxDirective):
    """The map of what builds on what, of the chapters that are written."""

    def run(self) -> list[nodes.Node]:
        """Read all pages and draw them."""
        self.env.note_dependency(str(PLAN))
        chapters = {Path(page_of(one)).name: one for one in read_plan() if is_written(self.env, one)}
        texts = {}
        for name in chapters:
            page = Path(self.env.srcdir, "book", f"{name}.md")
            self.env.note_dependency(str(page))
            texts[name] = page.read_text(encoding="utf-8")
        needs = needs_of(texts)
        names = {name: str(chapter.get("number", "+")) for name, chapter in chapters.items()}
        svg = drawing(needs, names, told(needs, chapters))
        return [nodes.container("", nodes.raw("", svg, format="html"), classes=["ways"])]


def told(needs: Needs, chapters: dict[str, Chapter]) -> str:
    """Say the picture in words."""
    order = list(needs)

    def name(page: str) -> str:
        return str(chapters[page].get("number", chapters[page]["title"]))

    free = [name(page) for page in order if not needs[page]]
    lines = [f"Chapters that need no other: {', '.join(free)}."]
    for page, others in shortest(needs).items():
        if others:
            lines.append(
                f"{name(page)} builds on {', '.join(name(other) for other in sorted(others, key=order.index))}."
            )
    return " ".join(lines)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("ways", Ways)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
