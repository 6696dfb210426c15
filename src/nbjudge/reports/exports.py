"""Lists of points, as Canvas and Moodle take them, and one for people that says of everybody why.

Who is not graded, or waits for a person, gets no number, for a platform would count a 0; and no line with an empty cell
either, for Canvas takes that as "delete what is there". What the platform's own list has of them comes back as it was.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from nbjudge.reports.enrolment import FINAL, NOT_GRADED, WAITS, Row, canvas_column, decimal, join, match_rows, name_of
from nbjudge.reports.roster import Roster, read_roster

__all__ = ["canvas", "feedback_zip", "moodle", "status"]

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade", "Grade can be changed"),
    *("Last modified (submission)", "Last modified (grade)", "Feedback comments"),
)


def _grade(row: Row, waiting: bool) -> str:
    """Return what a platform is told: nothing, unless it is final, or asked for before."""
    told = row.state == FINAL or (waiting and row.state == WAITS)
    return decimal(row.points) if told else ""


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, also where a semicolon begins a new cell."""
    text = re.sub(r"[\x00-\x1f\x7f]+", " ", text)
    text = re.sub(r"(;[\s\"]*)(?=[=+\-@|%＝＋－＠])", r"\1'", text)
    return f"'{text}" if re.match(r"\s*[=+\-@|%＝＋－＠]", text) else text


def _written(lines: Sequence[Sequence[str]]) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerows(lines)
    return target.getvalue()


def _most(rows: Sequence[Row]) -> str:
    return decimal(max((row.of for row in rows), default=0.0))


def canvas(rows: Sequence[Row], assignment: Any, roster: str | None, *, waiting: bool = False) -> str:
    """Return the text of a file for Canvas's "Import Grades".

    Args:
        rows: Everybody's points.
        assignment: The assignment, or its name.
        roster: The text of the file that Canvas's "Export" gives: all of it comes back, with this assignment's column
            filled in, at the end if there was none. Without it, or with another list, Canvas finds students by name.
        waiting: Whether to tell also the points of those whose answers a person has yet to read.
    """
    name = name_of(assignment)
    read = read_roster(roster) if roster else Roster()
    if read.kind != "canvas" or not read.students:
        joined = join(rows, roster).rows
        lines = [[*CANVAS, name], ["    Points Possible", "", "", "", "", _most(rows)]]
        for row in joined:
            if not (grade := _grade(row, waiting)):
                continue
            number = str(row.lms.get("id", "")) if row.lms.get("system") == "canvas" else ""
            login = "" if number else _harmless(row.student)
            lines.append([_harmless(row.name), number, "", login, "", grade])
        return _written(lines)
    place = canvas_column(read, name)
    for line in read.lines[1:]:
        if line[0].strip().startswith("Points Possible"):
            line[place] = line[place].strip() or _most(rows)
    _fill(read, rows, place, waiting)
    return read.text()


def moodle(rows: Sequence[Row], assignment: Any, roster: str | None, *, waiting: bool = False) -> str:
    """Return the text of a file for Moodle's "Upload grading worksheet".

    Args:
        rows: Everybody's points.
        assignment: The assignment, or its name.
        roster: The text of the file that Moodle's "Download grading worksheet" gives: all of it comes back, with the
            grades filled in. Moodle takes nothing else; without it, this list is for reading.
        waiting: Whether to tell also the points of those whose answers a person has yet to read.
    """
    read = read_roster(roster) if roster else Roster()
    if read.kind == "moodle" and read.students:
        _fill(read, rows, read.columns["grade"], waiting)
        return read.text()
    lines: list[Sequence[str]] = [MOODLE]
    for row in join(rows, roster).rows:
        number = str(row.lms.get("id", "")) if row.lms.get("system") == "moodle" else ""
        who = f"Participant {number}" if number else _harmless(row.student)
        lines.append([who, _harmless(row.name), "", "", _grade(row, waiting), _most(rows), "Yes", "", "", ""])
    return _written(lines)


def feedback_zip(pages: Mapping[str, str], known: Mapping[str, Mapping[str, Any]], assignment: Any) -> bytes:
    """Return all feedback pages in one zip, for Moodle's "Upload multiple feedback files" or Canvas's "Re-Upload".

    Args:
        pages: The feedback page of each student.
        known: What the platform knows a student by; only these are in the zip, under the names of its own download.
        assignment: The assignment, or its name.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, lms in known.items():
            name = str(lms["name"]).replace("_", " ")  # both look for the number after the first underscore
            if lms["system"] == "moodle":
                path = f"{name}_{lms['id']}_assignsubmission_file/{name_of(assignment)}.html"
            else:
                path = f"{name}_{lms['id']}_{lms['turn'][0]}_{name_of(assignment)}.html"
            archive.writestr(zipfile.ZipInfo(path), pages[student], zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _fill(read: Roster, rows: Sequence[Row], place: int, waiting: bool) -> None:
    """Write grades into a column of a roster; who has none, or is excused by Canvas, keeps what stands there.

    Names are made harmless: students may choose theirs, and the platform goes by the number.
    """
    names = [read.columns[key] for key in ("name", "first", "last") if key in read.columns]
    comma = "most" in read.columns and any("," in line[read.columns["most"]] for line in read.lines[1:])
    grades = {listed.line: _grade(row, waiting) for row, listed in match_rows(rows, read)}
    for listed in read.students:
        line = read.lines[listed.line]
        for name in names:
            line[name] = _harmless(line[name])
        if (grade := grades.get(listed.line, "")) and line[place].strip() != "EX":
            line[place] = grade.replace(".", ",") if comma else grade


def status(rows: Sequence[Row]) -> str:
    """Return the text of a list for people: everybody's state, and why. It opens in Excel in any language's letters."""
    lines = [["Student", "Name", "State", "Points", "Of", "Points so far", "Late", "Why"]]
    for row in rows:
        so_far = decimal(row.points) if row.state == WAITS else ""
        why = row.because if row.state == NOT_GRADED else "answers in words are to be marked" if so_far else ""
        cells = (row.student, row.name, row.state)
        late = "late" if row.late else ""
        lines.append([*map(_harmless, cells), _grade(row, False), decimal(row.of), so_far, late, _harmless(why)])
    return "\ufeff" + _written(lines)
