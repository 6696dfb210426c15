"""The `{corrections}` directive: the boxes *Corrections* of all chapters, on one page.

A box is written once, in its chapter. Its text is read again here, so that its links and its citations work on this
page as well.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from plan import PLAN, is_written, link_to, page_of, read_plan

BOX = re.compile(r"^(`{3,})\{admonition\} Corrections\n(?::[^\n]*\n)*(?P<text>.*?)^\1$", re.MULTILINE | re.DOTALL)


class Corrections(SphinxDirective):
    """A section for each chapter that is written, with what is in its box."""

    def run(self) -> list[nodes.Node]:
        """Read the boxes in the order of the book."""
        self.env.note_dependency(str(PLAN))
        sections: list[nodes.Node] = []
        for chapter in read_plan():
            if not is_written(self.env, chapter):
                continue
            page = Path(self.env.srcdir, page_of(chapter) + ".md")
            self.env.note_dependency(str(page))
            box = BOX.search(page.read_text(encoding="utf-8"))
            if box is None:
                raise self.error(f"{page.name} has no box Corrections")
            name = f"Chapter {chapter['number']}: {chapter['title']}" if "number" in chapter else chapter["title"]
            section = nodes.section("", nodes.title("", "", link_to(self.env, chapter, name)))
            section["ids"].append(f"corrections-{chapter['slug'].replace('_', '-')}")
            lines = box["text"].splitlines()
            self.state.nested_parse(StringList(lines, source=str(page)), 0, section)
            sections.append(section)
        return sections


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("corrections", Corrections)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
