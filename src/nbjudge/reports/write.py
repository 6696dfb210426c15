"""Everything that is written for people: the lists for the learning platforms, feedback pages, overview, likeness."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from nbjudge.course.assignment import Assignment
from nbjudge.course.folder import Course, write
from nbjudge.nbgrader.gradebook import Books, Marks
from nbjudge.recording.records import Stored, load_all
from nbjudge.reports import exports, pages, similarity
from nbjudge.reports.exports import Row
from nbjudge.reports.roster import roster_text

__all__ = ["rows_of", "summary", "write_reports"]

NOT_ENTERED = "the gradebook does not have the marks: grade the download again"


def rows_of(assignment: Assignment, stored: Mapping[str, Stored], marks: Mapping[str, Marks]) -> list[Row]:
    """Return one row for everybody who handed in, by name."""
    of = sum(float(cell["metadata"].get("nbgrader", {}).get("points", 0)) for cell in assignment.cells())
    rows = []
    for student, one in stored.items():
        mark = marks.get(student)
        if not one.graded or mark is None:
            because = one.result["because"] or NOT_ENTERED
            rows.append(Row(student, one.name, exports.NOT_GRADED, because, None, of, one.lms, one.late))
        else:
            rows.append(Row(student, one.name, mark.state, "", mark.points, mark.of, one.lms, one.late))
    return sorted(rows, key=lambda row: (row.name.casefold(), row.student))


def write_reports(course: Course, assignment: Assignment, books: Books) -> exports.Joined:
    """Write everything anew, from what is kept and from the gradebook; returns everybody, with what is odd."""
    stored = load_all(course, assignment)
    marks = books.marks(assignment)
    listed = course.roster(assignment.name)
    roster = roster_text(listed.read_bytes()) if listed.exists() else None
    own = rows_of(assignment, stored, marks)
    joined = exports.join(own, roster, assignment)
    folder = course.reports(assignment.name)
    write(folder / "status.csv", exports.status(joined.rows), mode=0o600)
    write(folder / "canvas.csv", exports.canvas(own, assignment, roster), mode=0o600)
    write(folder / "moodle.csv", exports.moodle(own, assignment, roster), mode=0o600)
    names = {row.student: row.name for row in joined.rows}
    sheets = {}
    for student, one in stored.items():
        sheets[student] = pages.feedback(one.result, assignment, marks.get(student), name=names[student])
        write(course.feedback(assignment.name, student), sheets[student])
    if known := {one: stored[one].lms for one in sheets if stored[one].lms.get("system") == "moodle"}:
        write(folder / "feedback.zip", exports.moodle_feedback(sheets, known, assignment), mode=0o600)
    results = [{**one.result, "notes": _remarks(one)} for one in stored.values()]
    write(folder / "overview.html", pages.overview(results, marks, joined.rows, assignment), mode=0o600)
    pairs = similarity.compare(_notebooks(course, assignment, stored), assignment.release)
    write(folder / "similarity.html", pages.alike(pairs, names, assignment), mode=0o600)
    return joined


def _remarks(one: Stored) -> list[str]:
    return [*one.notes, *one.result["notes"]]


def _notebooks(course: Course, assignment: Assignment, stored: Mapping[str, Stored]) -> dict[str, dict[str, Any]]:
    paths = {one: course.submitted(assignment.name, one) for one in stored if stored[one].graded}
    return {one: json.loads(path.read_text(encoding="utf-8")) for one, path in paths.items() if path.exists()}


def summary(course: Course, assignment: Assignment, joined: exports.Joined) -> list[str]:
    """Return in lines how many are in which state, who is not graded and why, and where everything lies."""
    counts = Counter(row.state for row in joined.rows)
    missing = [row for row in joined.rows if row.state == exports.NOT_GRADED]
    waits = counts[exports.WAITS]
    lines = [f"{assignment.name}: {len(joined.rows)} students"]
    nothing = [row.name for row in joined.rows if row.state == exports.FINAL and not row.points]
    lines += [f"  {counts[exports.FINAL]:>4} final" + (f"; 0 points for {'; '.join(nothing)}" if nothing else "")]
    lines += [f"  {waits:>4} waits for a person" + (", who marks the answers in words" if waits else "")]
    lines += [f"  {len(missing):>4} not graded" + (", because" if missing else "")]
    lines += [f"         {row.name}: {row.because}" for row in missing]
    lines += joined.notes
    if waits:
        lines += [
            "Mark by hand in nbgrader's pages: run `jupyter lab` in the course folder, open Formgrader "
            f"in the menu nbgrader, and afterwards run `{assignment.subject.command} report {assignment.name}`.",
        ]
    if not course.roster(assignment.name).exists():
        lines.append("Who handed in nothing is not known: grade with --roster and the list that the platform exports.")
    reports = course.reports(assignment.name)
    lists = f"{joined.kind}.csv" if joined.kind else "canvas.csv, moodle.csv"
    return [
        *lines,
        f"For the learning platform: {reports / lists}",
        f"For you:                   {reports / 'overview.html'}, similarity.html, status.csv",
        f"For each student:          {course.folder / 'feedback' / 'STUDENT' / f'{assignment.name}.html'}",
        *([f"All of them, for Moodle:   {reports / 'feedback.zip'}"] if (reports / "feedback.zip").exists() else []),
    ]
