"""Assignments: each chapter links its own just before the exercises, and `{assignments}` lists them all.

The site carries the notebook that is handed out, `notebooks/assignments/release/NAME/NAME.ipynb`, and nothing else of
an assignment: neither the teacher's text nor the hidden tests. A chapter without such a notebook gets no link.
"""

from __future__ import annotations

import json
import posixpath
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from chapter_numbers import chapter_number
from launch import launch_links, repository_of

logger = logging.getLogger(__name__)

FOLDER = "notebooks/assignments/release"
EXERCISES = "Exercises"
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Assignment:
    """What a page says of an assignment, read from its notebook."""

    path: str
    title: str
    minutes: int
    tasks: int
    points: float


def read(root: Path, docname: str) -> Assignment | None:
    """Return the assignment of a chapter, if it has one."""
    name = PurePosixPath(docname).name
    path = f"{FOLDER}/{name}/{name}.ipynb"
    if not chapter_number(docname) or not (root / path).is_file():
        return None
    notebook = json.loads((root / path).read_text(encoding="utf-8"))
    first = "".join(notebook["cells"][0]["source"]).strip().splitlines()[0]
    points = [cell["metadata"]["nbgrader"].get("points", 0.0) for cell in notebook["cells"]]
    tasks = sum(cell["metadata"]["attnbook"]["role"] == "check" for cell in notebook["cells"])
    return Assignment(path, first.lstrip("# "), notebook["metadata"]["attnbook"]["minutes"], tasks, sum(points))


def links(app: Sphinx, docname: str, path: str) -> list[nodes.Node]:
    """Where the notebook is, as seen from a page: as a file, on Binder and on Colab."""
    hosts = launch_links(*repository_of(app), path)
    own = posixpath.relpath(path, posixpath.dirname(docname))
    download = nodes.reference("", "the notebook", refuri=own)
    binder = nodes.reference("", "on Binder", refuri=hosts["binder"])
    colab = nodes.reference("", "on Colab", refuri=hosts["colab"])
    return [download, nodes.Text(", "), binder, nodes.Text(", "), colab]


def count(number: int) -> str:
    """Write a small number as a word."""
    return COUNTS[number] if number < len(COUNTS) else str(number)


def link_assignment(app: Sphinx, document: nodes.document) -> None:
    """Put the link at the top of a chapter's exercises."""
    docname = app.env.docname
    found = read(Path(app.srcdir), docname)
    if found is None:
        return
    app.env.note_dependency(found.path)
    places = [section for section in document.findall(nodes.section) if section[0].astext() == EXERCISES]
    if not places:
        logger.warning("a chapter with an assignment needs a section %r", EXERCISES, location=docname)
        return
    asks = f", the assignment of this chapter, asks for {count(found.tasks)} functions, an answer in words and an "
    asks += (
        f"experiment, in about {found.minutes} minutes. It tells you what your functions get right while you write: "
    )
    words: list[nodes.Node] = [nodes.emphasis("", found.title), nodes.Text(asks)]
    words += [*links(app, docname, found.path), nodes.Text(".")]
    places[0].insert(1, nodes.paragraph("", "", *words, classes=["assignment"]))


class Assignments(SphinxDirective):
    """A table of all assignments that are handed out."""

    def run(self) -> list[nodes.Node]:
        """Give each chapter with an assignment a row."""
        rows = []
        for docname in sorted(self.env.found_docs):
            if found := read(Path(self.env.srcdir), docname):
                self.env.note_dependency(found.path)
                size = f"{found.tasks} functions, {found.minutes} minutes, {found.points:g} points"
                title = nodes.paragraph("", "", nodes.emphasis("", found.title))
                open_it = nodes.paragraph("", "", *links(self.env.app, self.env.docname, found.path))
                chapter = nodes.paragraph("", str(chapter_number(docname)))
                rows.append([chapter, title, nodes.paragraph("", size), open_it])
        if not rows:
            logger.warning("no assignment is handed out: `make assignments` writes them", location=self.get_location())
            return []
        return [table(("chapter", "assignment", "what it takes", "open"), rows)]


def table(heads: Sequence[str], rows: Iterable[Sequence[nodes.Node]]) -> nodes.table:
    """Return a table of these cells."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in heads), cols=len(heads))
    head = nodes.row("", *(nodes.entry("", nodes.paragraph("", words)) for words in heads))
    body = [nodes.row("", *(nodes.entry("", cell) for cell in row)) for row in rows]
    group += [nodes.thead("", head), nodes.tbody("", *body)]
    return nodes.table("", group, classes=["assignments"])


def copy_assignments(app: Sphinx, exception: Exception | None) -> None:
    """Put what is handed out, and only that, where the links find it."""
    if exception is not None or app.builder.name != "html":
        return
    for docname in sorted(app.env.all_docs):
        if found := read(Path(app.srcdir), docname):
            target = Path(app.outdir) / found.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(app.srcdir) / found.path, target)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive, the link and the copy."""
    app.add_directive("assignments", Assignments)
    app.connect("doctree-read", link_assignment)
    app.connect("build-finished", copy_assignments)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
