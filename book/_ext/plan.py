"""The `{chapters}` directive: all chapters of the plan, those that are written as links.

The role `{chapter}` names one of them by its slug, `` {chapter}`scoring` ``, or a section of it by slug and label,
`` {chapter}`scoring#sec-sqrt-d` ``: a link as soon as there is something behind it.
`book/plan.yml` is the plan; `_toc.yml` says what is written.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

logger = logging.getLogger(__name__)

PLAN = Path(__file__).parents[1] / "plan.yml"


class Chapter(TypedDict):
    """One chapter of the plan; a page that only goes with a part has no number."""

    number: NotRequired[int]
    slug: str
    title: str
    question: str
    place: str
    part: str


def read_plan(path: Path = PLAN) -> list[Chapter]:
    """All chapters in their order, each with the part it stands in."""
    parts = _parts(path.read_text(encoding="utf-8"))
    return [chapter | {"part": part["caption"]} for part in parts for chapter in part["chapters"]]


@lru_cache(maxsize=1)  # each link to a chapter asks
def _parts(plan: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load(plan)["parts"])


def page_of(chapter: Chapter) -> str:
    """The chapter's page, written or not: `book/02_scoring`, or `book/efficient` without a number."""
    return f"book/{chapter['number']:02d}_{chapter['slug']}" if "number" in chapter else f"book/{chapter['slug']}"


def is_written(env: BuildEnvironment, chapter: Chapter) -> bool:
    """Whether the table of contents has the chapter."""
    return page_of(chapter) in {str(name).removesuffix(".md") for name in env.app.config.external_site_map}


def link_to(env: BuildEnvironment, chapter: Chapter, words: str, label: str = "") -> nodes.Node:
    """Words about a chapter, or about what has a label in it: a link when there is something behind it."""
    shown = nodes.inline(words, words, classes=["chapter-title"])
    if not is_written(env, chapter):
        return shown
    kind, target = ("ref", label) if label else ("doc", f"/{page_of(chapter)}")
    link: Any = addnodes.pending_xref(
        "", refdomain="std", reftype=kind, reftarget=target, refexplicit=True, refwarn=True
    )
    link += shown
    return link


class ChapterRole(SphinxRole):
    """Chapter 2, linked, or Chapter 7 (Self-attention), which is still to come."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Look it up in the plan."""
        self.env.note_dependency(str(PLAN))
        slug, _, label = self.text.partition("#")
        chapter = next((one for one in read_plan() if one["slug"] == slug), None)
        if chapter is None:
            logger.warning("plan.yml has no chapter %r", self.text, location=self.get_location())
            return [nodes.Text(self.text)], []
        numbered = "number" in chapter
        words = f"Chapter\N{NO-BREAK SPACE}{chapter['number']}" if numbered else chapter["title"]
        if is_written(self.env, chapter):
            return [link_to(self.env, chapter, words, label)], []
        return [nodes.Text(f"{words} ({chapter['title']})" if numbered else words)], []


class Chapters(SphinxDirective):
    """A list of all chapters with their questions, part by part."""

    def run(self) -> list[nodes.Node]:
        """A heading and a list for each part."""
        self.env.note_dependency(str(PLAN))
        shown: list[nodes.Node] = []
        for part, chapters in groupby(read_plan(), key=lambda chapter: chapter["part"]):
            shown.append(nodes.paragraph(part, part, classes=["part"]))
            for numbered, some in groupby(chapters, key=lambda chapter: "number" in chapter):
                entries = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
                entries = entries if numbered else nodes.bullet_list()
                entries["classes"].append("chapters")
                for chapter in some:
                    if numbered:
                        entries.setdefault("start", chapter["number"])
                    entries += self.entry(chapter)
                shown.append(entries)
        return [nodes.container("", *shown, classes=["plan"])]

    def entry(self, chapter: Chapter) -> nodes.list_item:
        """Title and question; a link when there is something behind it."""
        title, question = link_to(self.env, chapter, chapter["title"]), nodes.emphasis("", chapter["question"])
        line = nodes.paragraph("", "", title, nodes.Text(" "), question)
        return nodes.list_item("", line, classes=["written" if is_written(self.env, chapter) else "to-come"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive and the role."""
    app.add_directive("chapters", Chapters)
    app.add_role("chapter", ChapterRole())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
