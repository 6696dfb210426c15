"""Lists of points, as Canvas and Moodle take them, and one for people that says of everybody why.

Who is not graded, or waits for a person, has an empty cell: a platform would count a 0.
"""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nbjudge.intake.students import Who, identities, plain_name
from nbjudge.reports.roster import Listed, Roster, foreign, match, read_roster

__all__ = ["Joined", "Row", "canvas", "join", "moodle", "moodle_feedback", "status"]

FINAL, WAITS, NOT_GRADED = "final", "waits for a person", "not graded"
NOTHING = "nothing was handed in"
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade", "Grade can be changed"),
    *("Last modified (submission)", "Last modified (grade)", "Feedback comments"),
)


@dataclass(frozen=True)
class Row:
    """One student in a list.

    Attributes:
        student: The id.
        name: As shown.
        state: "final", "waits for a person" or "not graded".
        because: Why not, if not graded.
        points: What was earned; while a person is waited for, so far.
        of: What could be earned.
        lms: What the platform knows the student by.
        late: Whether the platform said that it came late.
    """

    student: str
    name: str
    state: str
    because: str = ""
    points: float | None = None
    of: float = 0.0
    lms: Mapping[str, Any] = field(default_factory=dict)
    late: bool = False


@dataclass(frozen=True)
class Joined:
    """Who handed in and who is on the roster.

    Attributes:
        rows: Everybody, those on the roster in its order and first.
        notes: In sentences: who handed in and is not on it, and what is odd about it.
        kind: Whose the roster is: "canvas", "moodle", or "" for another one and for none.
    """

    rows: list[Row]
    notes: list[str]
    kind: str = ""


def join(rows: Sequence[Row], roster: str | None, assignment: Any = None) -> Joined:
    """Return everybody, those too who handed in nothing, and what a teacher should know about the roster.

    Args:
        rows: Who handed in.
        roster: The text of the platform's list, or None.
        assignment: The assignment, or its name, to look whether the platform expects as many points.
    """
    if not roster:
        return Joined(list(rows), [])
    read = read_roster(roster)
    own = _matched(rows, read)
    found = {listed.line: row for row, listed in own}
    strangers = [row for row in rows if row.student not in {row.student for row, _ in own}]
    of = max((row.of for row in rows), default=0.0)
    everybody = [
        _listed(found[one.line], one) if one.line in found else _absent(one, read, of) for one in read.students
    ]
    words = foreign(read, [row.lms for row in rows])
    notes = [*read.trouble, *([f"{words}."] if words else []), *_expected(read, assignment, of)]
    if read.students:
        words = "handed in, but is not on the roster, or cannot be told from another"
        notes += [f"{_called(row)} {words}." for row in strangers]
    wishes = [Who(f"{place}", row.name, row.student) for place, row in enumerate(everybody + strangers)]
    if len({row.student.casefold() for row in everybody + strangers}) < len(wishes):
        made = identities(wishes)
        everybody = [
            row if one.line in found else replace(row, student=made[str(place)])
            for place, (row, one) in enumerate(zip(everybody, read.students, strict=True))
        ]
    return Joined(everybody + strangers, notes, read.kind)


def _listed(row: Row, listed: Listed) -> Row:
    """Call a student as the roster does: Canvas's files only say "smithjohn"."""
    return replace(row, name=listed.name or row.name)


def _expected(read: Roster, assignment: Any, of: float) -> list[str]:
    """Say if a platform expects other numbers, or takes none."""
    notes = []
    lines, columns = read.lines[1:], read.columns
    if read.kind == "moodle" and "changeable" in columns:
        fixed = sum(line[columns["changeable"]].strip().casefold() in {"no", "nein", "non"} for line in lines)
        notes += [f"The platform lets nobody change the grade of {fixed} on the roster."] if fixed else []
    most = {line[columns["most"]] for line in lines} if read.kind == "moodle" and "most" in columns else set()
    if read.kind == "canvas" and assignment is not None:
        name, width = _name(assignment), len(read.lines[0])
        place = _canvas_column(read, name)
        if place == width:
            notes.append(
                f"The roster has no column {name}, and Canvas makes a new assignment of it. If there is one already, "
                f"call it {name} in Canvas and export again."
            )
        most = {line[place] for line in lines if line[0].strip().startswith("Points Possible")}
    for one in sorted(most):
        if of and re.fullmatch(r"\d+([.,]\d+)?", one.strip()) and float(one.replace(",", ".")) != of:
            there = _number(of)
            notes.append(f"The platform expects {one.strip()} points, but there are {there}: set it to {there}.")
    return notes


def _matched(rows: Sequence[Row], roster: Roster) -> list[tuple[Row, Listed]]:
    found = match({row.student: (row.name, row.lms) for row in rows}, roster)
    return [(row, found[row.student]) for row in rows if row.student in found]


def _absent(listed: Listed, roster: Roster, of: float) -> Row:
    key = min((key for key in listed.keys if "@" not in key), default=plain_name(listed.name)).lstrip("#")
    who = Who(key, listed.name, key, lms={"name": listed.name, "id": key} if key.isdecimal() else {})
    lms = {"system": roster.kind, "id": key, "name": listed.name} if key.isdecimal() else {}
    return Row(identities([who])[key], listed.name, NOT_GRADED, NOTHING, None, of, lms)


def _called(row: Row) -> str:
    return row.name if plain_name(row.name) == plain_name(row.student) else f"{row.name} ({row.student})"


def _number(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _grade(row: Row, waiting: bool) -> str:
    """Return what a platform is told: nothing, unless it is final, or asked for before."""
    told = row.state == FINAL or (waiting and row.state == WAITS)
    return _number(row.points) if told else ""


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, also where a semicolon begins a new cell."""
    text = re.sub(r"[\x00-\x1f\x7f]+", " ", text)
    text = re.sub(r"(;[\s\"]*)(?=[=+\-@|%＝＋－＠])", r"\1'", text)
    return f"'{text}" if re.match(r"\s*[=+\-@|%＝＋－＠]", text) else text


def _name(assignment: Any) -> str:
    return str(getattr(assignment, "name", assignment))


def _written(lines: Sequence[Sequence[str]]) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerows(lines)
    return target.getvalue()


def _most(rows: Sequence[Row]) -> str:
    return _number(max((row.of for row in rows), default=0.0))


def canvas(rows: Sequence[Row], assignment: Any, roster: str | None, *, waiting: bool = False) -> str:
    """Return the text of a file for Canvas's "Import Grades".

    Args:
        rows: Everybody's points.
        assignment: The assignment, or its name.
        roster: The text of the file that Canvas's "Export" gives: all of it comes back, with this assignment's column
            filled in, at the end if there was none. Without it, or with another list, Canvas finds students by name.
        waiting: Whether to tell also the points of those whose answers a person has yet to read.
    """
    name = _name(assignment)
    read = read_roster(roster) if roster else Roster()
    if read.kind != "canvas" or not read.students:
        joined = join(rows, roster).rows
        lines = [[*CANVAS, name], ["    Points Possible", "", "", "", "", _most(rows)]]
        for row in joined:
            number = str(row.lms.get("id", "")) if row.lms.get("system") == "canvas" else ""
            login = "" if number else _harmless(row.student)
            lines.append([_harmless(row.name), number, "", login, "", _grade(row, waiting)])
        return _written(lines)
    place = _canvas_column(read, name)
    for line in read.lines[1:]:
        if line[0].strip().startswith("Points Possible"):
            line[place] = line[place].strip() or _most(rows)
    _fill(read, rows, place, waiting)
    return read.text()


def _canvas_column(read: Roster, name: str) -> int:
    """Return the column of an assignment, "02 Scoring (5512)" for 02_scoring, adding it if there is none."""
    titles = [plain_name(re.sub(r"\s*\(\d+\)\s*$", "", head)) for head in read.lines[0]]
    if plain_name(name) in titles:
        return titles.index(plain_name(name))
    for line in read.lines:
        line += [""] * (len(titles) + 1 - len(line))
    read.lines[0][len(titles)] = name
    return len(titles)


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


def moodle_feedback(pages: Mapping[str, str], known: Mapping[str, Mapping[str, Any]], assignment: Any) -> bytes:
    """Return a zip for Moodle's "Upload multiple feedback files in a zip".

    Args:
        pages: The feedback page of each student.
        known: What Moodle knows a student by; only these are in the zip, each in a folder named as in its download.
        assignment: The assignment, or its name.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, lms in known.items():
            name = str(lms["name"]).replace("_", " ")  # Moodle looks for the number after the first underscore
            path = f"{name}_{lms['id']}_assignsubmission_file/{_name(assignment)}.html"
            archive.writestr(zipfile.ZipInfo(path), pages[student], zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _fill(read: Roster, rows: Sequence[Row], place: int, waiting: bool) -> None:
    """Write grades into a column of a roster; whoever has none gets an empty cell, or stays excused as Canvas says.

    Names are made harmless: students may choose theirs, and the platform goes by the number.
    """
    names = [read.columns[key] for key in ("name", "first", "last") if key in read.columns]
    comma = "most" in read.columns and any("," in line[read.columns["most"]] for line in read.lines[1:])
    grades = {listed.line: _grade(row, waiting) for row, listed in _matched(rows, read)}
    for listed in read.students:
        line = read.lines[listed.line]
        grade = grades.get(listed.line, "") or ("EX" if line[place].strip() == "EX" else "")
        for name in names:
            line[name] = _harmless(line[name])
        line[place] = grade.replace(".", ",") if comma else grade


def status(rows: Sequence[Row]) -> str:
    """Return the text of a list for people: everybody's state, and why. It opens in Excel in any language's letters."""
    lines = [["Student", "Name", "State", "Points", "Of", "Points so far", "Late", "Why"]]
    for row in rows:
        so_far = _number(row.points) if row.state == WAITS else ""
        why = row.because if row.state == NOT_GRADED else "answers in words are to be marked" if so_far else ""
        cells = (row.student, row.name, row.state)
        late = "late" if row.late else ""
        lines.append([*map(_harmless, cells), _grade(row, False), _number(row.of), so_far, late, _harmless(why)])
    return "\ufeff" + _written(lines)
