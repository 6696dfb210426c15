"""Everything that is written for people: the lists for the learning platforms, feedback pages, overview, likeness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbjudge.course.assignment import Assignment
from nbjudge.course.folder import Course, write
from nbjudge.nbgrader.marks import Marks
from nbjudge.recording.records import NEWER, Record
from nbjudge.reports import exports, pages, similarity
from nbjudge.reports.enrolment import FINAL, NOT_GRADED, WAITS, Row, join

__all__ = ["Report", "make_report", "rows_of", "summary", "write_report"]

NOT_ENTERED = "the gradebook does not have the marks: grade the download again"


def rows_of(assignment: Assignment, records: Mapping[str, Record], marks: Mapping[str, Marks]) -> list[Row]:
    """Return one row for everybody who handed in, by name."""
    of = sum(float(cell["metadata"].get("nbgrader", {}).get("points", 0)) for cell in assignment.cells())
    rows = []
    for student, one in records.items():
        mark = marks.get(student)
        if not one.graded or mark is None:
            because = one.result["because"] or NOT_ENTERED
            rows.append(Row(student, one.name, NOT_GRADED, because, None, of, one.lms, one.late))
        else:
            rows.append(Row(student, one.name, mark.state, "", mark.points, mark.of, one.lms, one.late))
    return sorted(rows, key=lambda row: (row.name.casefold(), row.student))


@dataclass(frozen=True)
class Report:
    """What is written for people.

    Attributes:
        rows: Everybody, those on the roster in its order and first.
        notes: What is odd about the roster, and who handed in something newer that cannot be graded, in sentences.
        kind: Whose the roster is: "canvas", "moodle" or "".
        lists: The files of the reports folder, by name.
        feedback: The page of each student.
    """

    rows: list[Row]
    notes: list[str]
    kind: str
    lists: dict[str, str | bytes]
    feedback: dict[str, str]


def make_report(
    assignment: Assignment,
    records: Mapping[str, Record],
    notebooks: Mapping[str, Mapping[str, Any]],
    marks: Mapping[str, Marks],
    roster: str | None,
    *,
    waiting: bool = False,
) -> Report:
    """Return everything that is written for people.

    Args:
        assignment: The assignment.
        records: What is kept of each student.
        notebooks: The repaired notebooks of those who are graded.
        marks: What the gradebook says of each student.
        roster: The text of the platform's list, or None.
        waiting: Whether the platform's lists tell also the points of those whose answers a person has yet to read.
    """
    own = rows_of(assignment, records, marks)
    joined = join(own, roster, assignment)
    names = {row.student: row.name for row in joined.rows}
    feedback = {
        student: pages.feedback(one.result, assignment, marks.get(student), name=names[student])
        for student, one in records.items()
    }
    results = [{**one.result, "notes": [*one.notes, *one.result["notes"]]} for one in records.values()]
    pairs = similarity.compare(notebooks, assignment.release)
    lists: dict[str, str | bytes] = {
        "status.csv": exports.status(joined.rows),
        "canvas.csv": exports.canvas(own, assignment, roster, waiting=waiting),
        "moodle.csv": exports.moodle(own, assignment, roster, waiting=waiting),
        "overview.html": pages.overview(results, marks, joined.rows, assignment),
        "marking.html": pages.marking(assignment),
        "similarity.html": pages.alike(pairs, names, assignment),
    }
    if known := _known(records):
        lists["feedback.zip"] = exports.feedback_zip(feedback, known, assignment)
    newer = [
        f"{names[one.student]}: {note}" for one in records.values() for note in one.notes if note.startswith(NEWER)
    ]
    return Report(joined.rows, [*joined.notes, *newer], joined.kind, lists, feedback)


def _known(records: Mapping[str, Record]) -> dict[str, Mapping[str, Any]]:
    """Return what the platform knows those students by whose pages it takes in one zip; Canvas goes by their files."""
    return {
        student: one.lms
        for student, one in records.items()
        if one.lms.get("system") == "moodle" or (one.lms.get("turn") and not one.lms.get("anonymous"))
    }


def write_report(course: Course, assignment: Assignment, report: Report) -> None:
    """Write the files of a report into the course folder."""
    for name, content in report.lists.items():
        write(course.reports(assignment.name) / name, content, mode=0o600)
    for student, page in report.feedback.items():
        write(course.feedback(assignment.name, student), page)


def summary(course: Course, assignment: Assignment, report: Report) -> list[str]:
    """Return in lines how many are in which state, who is not graded and why, and where everything lies."""
    counts = Counter(row.state for row in report.rows)
    missing = [row for row in report.rows if row.state == NOT_GRADED]
    waits = counts[WAITS]
    lines = [f"{assignment.name}: {len(report.rows)} students"]
    nothing = [row.name for row in report.rows if row.state == FINAL and not row.points]
    lines += [f"  {counts[FINAL]:>4} final" + (f"; 0 points for {'; '.join(nothing)}" if nothing else "")]
    lines += [f"  {waits:>4} waits for a person" + (", who marks the answers in words" if waits else "")]
    lines += [f"  {len(missing):>4} not graded" + (", because" if missing else "")]
    lines += [f"         {row.name}: {row.because}" for row in missing]
    lines += report.notes
    if waits:
        lines += [
            "Mark by hand in nbgrader's pages: run `jupyter lab` in the course folder, open Formgrader "
            f"in the menu nbgrader, and afterwards run `{assignment.subject.command} report {assignment.name}`.",
        ]
    if not course.roster(assignment.name).exists():
        lines.append("Who handed in nothing is not known: grade with --roster and the list that the platform exports.")
    reports = course.reports(assignment.name)
    lists = f"{report.kind}.csv" if report.kind else "canvas.csv, moodle.csv"
    return [
        *lines,
        f"For the learning platform: {reports / lists}",
        f"For you:                   {reports / 'overview.html'}, marking.html, similarity.html, status.csv",
        f"For each student:          {course.folder / 'feedback' / 'STUDENT' / f'{assignment.name}.html'}",
        *([f"All, for the platform:     {reports / 'feedback.zip'}"] if (reports / "feedback.zip").exists() else []),
    ]
