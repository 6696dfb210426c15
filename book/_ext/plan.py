"""The `{chapters}` directive: all chapters of the plan, those that are written as links.

`book/plan.yml` is the plan; `_toc.yml` says what is written.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any, TypedDict

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PLAN = Path(__file__).parents[1] / "plan.yml"


class Chapter(TypedDict):
    """One chapter of the plan."""

    number: int
    slug: str
    title: str
    question: str
    part: str


def read_plan(path: Path = PLAN) -> list[Chapter]:
    """All chapters in their order, each with the part it stands in."""
    parts = yaml.safe_load(path.read_text(encoding="utf-8"))["parts"]
    return [chapter | {"part": part["caption"]} for part in parts for chapter in part["chapters"]]


def page_of(chapter: Chapter) -> str:
    """The chapter's page, written or not: `book/02_scoring`."""
    return f"book/{chapter['number']:02d}_{chapter['slug']}"


class Chapters(SphinxDirective):
    """A list of all chapters with their questions, part by part."""

    def run(self) -> list[nodes.Node]:
        """A heading and a list for each part."""
        self.env.note_dependency(str(PLAN))
        written = {str(name).removesuffix(".md") for name in self.env.app.config.external_site_map}
        shown: list[nodes.Node] = []
        for part, chapters in groupby(read_plan(), key=lambda chapter: chapter["part"]):
            entries = nodes.enumerated_list(classes=["chapters"], enumtype="arabic", prefix="", suffix=".")
            for chapter in chapters:
                entries.setdefault("start", chapter["number"])
                entries += self.entry(chapter, page_of(chapter) in written)
            shown += [nodes.paragraph(part, part, classes=["part"]), entries]
        return [nodes.container("", *shown, classes=["plan"])]

    def entry(self, chapter: Chapter, is_written: bool) -> nodes.list_item:
        """Title and question; a link when there is something behind it."""
        title = nodes.inline(chapter["title"], chapter["title"], classes=["chapter-title"])
        if is_written:
            link: Any = addnodes.pending_xref(
                "", refdomain="std", reftype="doc", reftarget=f"/{page_of(chapter)}", refexplicit=True, refwarn=True
            )
            link += title
        else:
            link = title
        line = nodes.paragraph("", "", link, nodes.Text(" "), nodes.emphasis("", chapter["question"]))
        return nodes.list_item("", line, classes=["written" if is_written else "to-come"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("chapters", Chapters)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
