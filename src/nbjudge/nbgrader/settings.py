"""The settings of nbgrader for a course: what its commands and its pages use instead of their own parts, and why.

They hold in the course folder. What they cannot change: nbgrader's page of all students adds up points as if whatever
is not graded were 0, and `nbgrader export` run from elsewhere, or with another exporter, says 0.0 for it.
"""

from __future__ import annotations

import csv
import re
from html import unescape
from typing import Any

import bleach
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import CsvExportPlugin

from nbjudge.nbgrader.authoring import ANSWER, STUB

__all__ = ["PlainCsv", "config_text", "configure", "markdown2html"]

HERE = "nbjudge.nbgrader"
NBGRADER = "nbgrader.preprocessors"
TEXT = """\

# Student code runs in a sandbox; what students write is shown, never run, on nbgrader's pages; and `nbgrader export`
# leaves empty what is not final. (With another --exporter it would say 0.0 of whoever was not graded.)
from nbjudge.nbgrader.settings import configure

configure(c)  # noqa: F821
"""
TAGS = {
    *bleach.ALLOWED_TAGS,
    *(
        "br",
        "caption",
        "del",
        "details",
        "dd",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "p",
        "pre",
        "s",
    ),
    *("section", "span", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u"),
}
PROTOCOLS = {"http", "https", "mailto", "data"}  # data: pictures, but no links


def _link(tag: str, name: str, value: str) -> bool:
    return name == "title" or (name == "href" and value.startswith(("http://", "https://", "mailto:", "#")))


def _picture(tag: str, name: str, value: str) -> bool:
    # One from elsewhere would tell its owner when a teacher reads, and from where.
    return name in {"alt", "title"} or (name == "src" and INSIDE.match(value) is not None)


def _class(tag: str, name: str, value: str) -> bool:
    # Those of coloured code; nbgrader's page has others, which cover it whole.
    return name == "class" and (
        value == "highlight" if tag == "div" else re.fullmatch("[a-z][a-z0-9]?", value) is not None
    )


INSIDE = re.compile("data:image/(?:png|jpeg|gif|webp);")
ATTRIBUTES: dict[str, Any] = {"a": _link, "img": _picture, "div": _class, "span": _class}
ELSEWHERE = re.compile("<img(?![^>]* src=)[^>]*>")
IN_FORMULA = re.compile(r"\\(?:href|mmlToken|class|cssId|style|require)(?![a-zA-Z])")
LETTER = re.compile(r"&#?\w+;?")


def config_text() -> str:
    """Return the lines that a course's nbgrader_config.py needs besides the name of the course."""
    return TEXT


def configure(c: Any) -> None:
    """Put our parts in the place of nbgrader's.

    Args:
        c: The configuration, as `get_config()` returns it in nbgrader_config.py.
    """
    # `nbgrader autograde`: nbgrader's own list with Execute replaced.
    c.Autograde.exporter_class = f"{HERE}.preprocessor.RepairingExporter"
    c.Autograde.autograde_preprocessors = [
        f"{HERE}.preprocessor.SandboxedTests",
        *(f"{NBGRADER}.{name}" for name in ("LimitOutput", "SaveAutoGrades", "AssignLatePenalties")),
        f"{NBGRADER}.CheckCellMetadata",
    ]
    # `nbgrader generate_assignment`: nbgrader's own list, but mark schemes are cleared before the cells are saved, for
    # else an answer that is still what was handed out would not be seen to be none.
    c.GenerateAssignment.preprocessors = [
        f"{NBGRADER}.LockCells",
        f"{HERE}.authoring.ClearSolutions",
        *(f"{NBGRADER}.{name}" for name in ("ClearOutput", "CheckCellMetadata", "ClearHiddenTests", "ClearMarkScheme")),
        *(f"{NBGRADER}.{name}" for name in ("ComputeChecksums", "SaveCells", "CheckCellMetadata")),
    ]
    c.ClearSolutions.code_stub = {"python": STUB}
    c.ClearSolutions.text_stub = ANSWER
    c.ClearMarkScheme.enforce_metadata = False
    # `nbgrader export`.
    c.ExportApp.plugin_class = f"{HERE}.settings.PlainCsv"
    # The pages for marking, and `nbgrader generate_feedback`.
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.filters = {"markdown2html": f"{HERE}.settings.markdown2html"}


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """Return Markdown as HTML in which nothing can act.

    Nbgrader's page for marking puts an answer's HTML into the teacher's browser as it is: a script in it could give
    its author marks, or run a program on the server. Here it is shown as text.
    """
    cell = context.get("cell", {})
    try:
        html = _rendered(source, cell.get("attachments", {}))
    except InvalidNotebook:  # a picture that is not there must not hide the answer
        html = _rendered(source.replace("attachment:", ""), {})
    safe = bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS)
    safe = ELSEWHERE.sub("<em>[a picture from elsewhere, which is not shown]</em>", safe)
    # MathJax would make a link of it, to whatever it says, or dress it as a part of the page.
    return IN_FORMULA.sub(r"\\text", LETTER.sub(_spelled, safe))


def _spelled(found: re.Match[str]) -> str:
    """Return letters and backslashes as such, however they are written; what has a meaning in HTML stays as it is."""
    letter = unescape(found[0])
    return letter if letter == "\\" or (letter.isascii() and letter.isalpha()) else found[0]


def _rendered(source: str, attachments: dict[str, Any]) -> str:
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(source))


class PlainCsv(CsvExportPlugin):  # type: ignore[misc]
    """Nbgrader's table with one column more, in which who was not graded has no points instead of 0.0."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the table."""
        columns = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"]
        columns += ["raw_score", "late_submission_penalty", "score", "max_score", "state"]
        chosen = {str(name) for name in self.student}
        with open(self.to or "grades.csv", "w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, columns)
            table.writeheader()
            for assignment in gradebook.assignments:
                if self.assignment and assignment.name not in map(str, self.assignment):
                    continue
                for student in gradebook.students:
                    if not chosen or student.id in chosen:
                        table.writerow(self._row(gradebook, assignment, student))

    def _row(self, gradebook: Gradebook, assignment: Any, student: Any) -> dict[str, Any]:
        row = {"assignment": assignment.name, "duedate": assignment.duedate, "max_score": assignment.max_score}
        row |= {"student_id": student.id, "last_name": student.last_name, "first_name": student.first_name}
        row |= {"email": student.email}
        try:
            entry = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            return row | {"state": "not graded"}
        row |= {"timestamp": entry.timestamp}
        if entry.needs_manual_grade:
            return row | {"state": "waits for a person"}
        penalty = entry.late_submission_penalty
        points = {
            "raw_score": entry.score,
            "late_submission_penalty": penalty,
            "score": max(0.0, entry.score - penalty),
        }
        return row | points | {"state": "final"}
