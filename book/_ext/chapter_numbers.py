"""A chapter's number is the NN in its file name, and everything numbered in the chapter follows it.

Sphinx counts chapters by their place in the table of contents, so leaving one out would renumber all that follow.
Here `02_scoring.md` is chapter 2 wherever it stands: its sections are 2.1, 2.2, … and figures, equations and exercises,
which Sphinx derives from the section numbers, become Figure 2.1, (2.1) and Exercise 2.1. A page without a number in its
name has no numbered sections, and its figures are Figure 1, Figure 2, … on each such page.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from docutils import nodes
from sphinx.addnodes import compact_paragraph
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

CHAPTER = re.compile(r"(\d\d)_\w+")
sphinx_numbers = TocTreeCollectorWithStyles.assign_figure_numbers
DEEPEST = 2  # 2.1 is numbered, what stands below it is not


def chapter_number(docname: str) -> int | None:
    """The number in the page's file name: 2 for `book/02_scoring`, nothing for `book/index`."""
    found = CHAPTER.fullmatch(PurePosixPath(docname).name)
    return int(found[1]) if found else None


def numbered_title(env: BuildEnvironment, docname: str) -> str:
    """The page's title as plain text, its number before it."""
    number = chapter_number(docname)
    title = env.titles[docname].astext()
    return f"{number} {title}" if number is not None else title


def assign_section_numbers(self: TocTreeCollectorWithStyles, env: BuildEnvironment) -> list[str]:
    """Number every section of every chapter; returns the pages to write again because their numbers changed."""
    before = env.toc_secnumbers
    env.toc_secnumbers = {}
    for docname in sorted(env.tocs):
        number = chapter_number(docname)
        if number is not None:
            numbers: dict[str, tuple[int, ...]] = {}
            env.toc_secnumbers[docname] = numbers
            _number_entries(env.tocs[docname], (), number, numbers)
            env.titles[docname]["secnumber"] = (number,)
    return [docname for docname, numbers in env.toc_secnumbers.items() if numbers != before.get(docname)]


def assign_figure_numbers(self: TocTreeCollectorWithStyles, env: BuildEnvironment) -> list[str]:
    """Number figures and the like, which Sphinx counts through all pages without a number: each begins with 1."""
    before = env.toc_fignumbers
    sphinx_numbers(self, env)
    for docname, kinds in env.toc_fignumbers.items():
        if chapter_number(docname) is None:
            for kind, numbers in kinds.items():
                kinds[kind] = {identity: (place,) for place, identity in enumerate(numbers, start=1)}
    return [docname for docname, kinds in env.toc_fignumbers.items() if kinds != before.get(docname)]


def _number_entries(
    entries: nodes.Element, parent: tuple[int, ...], first: int, numbers: dict[str, tuple[int, ...]]
) -> None:
    for place, entry in enumerate(_items(entries), start=first):
        number = (*parent, place) if len(parent) < DEEPEST else ()
        for child in entry.children:
            if isinstance(child, compact_paragraph):
                link: Any = child[0]
                link["secnumber"] = number or None
                numbers[link["anchorname"]] = number
            elif isinstance(child, nodes.bullet_list) and number:
                _number_entries(child, number, 1, numbers)


def _items(entries: nodes.Element) -> list[nodes.list_item]:
    return [item for item in entries.children if isinstance(item, nodes.list_item)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Put our way of numbering in the place of the one that sphinx-external-toc installs; Sphinx does the rest."""
    app.setup_extension("sphinx_external_toc")
    TocTreeCollectorWithStyles.assign_section_numbers = assign_section_numbers  # type: ignore[method-assign]
    TocTreeCollectorWithStyles.assign_figure_numbers = assign_figure_numbers  # type: ignore[assignment,method-assign]
    return {"parallel_read_safe": True, "parallel_write_safe": True}
