"""Who handed in and who is on the roster: every student of the class in one list, and whose line is whose."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nbjudge.intake.students import Owner, identities, plain_name
from nbjudge.reports.roster import Listed, Roster, read_roster, spellings

__all__ = [
    "FINAL",
    "NOT_GRADED",
    "WAITS",
    "Joined",
    "Row",
    "canvas_column",
    "decimal",
    "join",
    "match",
    "match_rows",
    "name_of",
    "wrong_roster",
]

FINAL, WAITS, NOT_GRADED = "final", "waits for a person", "not graded"
NOTHING = "nothing was handed in"


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
    own = match_rows(rows, read)
    found = {listed.line: row for row, listed in own}
    strangers = [row for row in rows if row.student not in {row.student for row, _ in own}]
    of = max((row.of for row in rows), default=0.0)
    everybody = [
        _listed(found[one.line], one) if one.line in found else _absent(one, read, of) for one in read.students
    ]
    words = _other_platform(read, [row.lms for row in rows])
    notes = [*read.trouble, *([f"{words}."] if words else []), *_expected(read, assignment, of)]
    if read.students:
        words = "handed in, but is not on the roster, or cannot be told from another"
        notes += [f"{_called(row)} {words}." for row in strangers]
    wishes = [Owner(f"{place}", row.name, row.student) for place, row in enumerate(everybody + strangers)]
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
        name, width = name_of(assignment), len(read.lines[0])
        place = canvas_column(read, name)
        if place == width:
            notes.append(
                f"The roster has no column {name}, and Canvas makes a new assignment of it. If there is one already, "
                f"call it {name} in Canvas and export again."
            )
        most = {line[place] for line in lines if line[0].strip().startswith("Points Possible")}
    for one in sorted(most):
        if of and re.fullmatch(r"\d+([.,]\d+)?", one.strip()) and float(one.replace(",", ".")) != of:
            there = decimal(of)
            notes.append(f"The platform expects {one.strip()} points, but there are {there}: set it to {there}.")
    return notes


def match_rows(rows: Sequence[Row], roster: Roster) -> list[tuple[Row, Listed]]:
    """Return the rows that have a line of the roster, each with that."""
    found = match({row.student: (row.name, row.lms) for row in rows}, roster)
    return [(row, found[row.student]) for row in rows if row.student in found]


def _absent(listed: Listed, roster: Roster, of: float) -> Row:
    key = min((key for key in listed.keys if "@" not in key), default=plain_name(listed.name)).lstrip("#")
    who = Owner(key, listed.name, key, lms={"name": listed.name, "id": key} if key.isdecimal() else {})
    lms = {"system": roster.kind, "id": key, "name": listed.name} if key.isdecimal() else {}
    return Row(identities([who])[key], listed.name, NOT_GRADED, NOTHING, None, of, lms)


def _called(row: Row) -> str:
    return row.name if plain_name(row.name) == plain_name(row.student) else f"{row.name} ({row.student})"


def decimal(value: float | None) -> str:
    """Return points as a list holds them; "" if there are none."""
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def name_of(assignment: Any) -> str:
    """Return the name of an assignment, which may also be given as such."""
    return str(getattr(assignment, "name", assignment))


def canvas_column(read: Roster, name: str) -> int:
    """Return the column of an assignment, "02 Scoring (5512)" for 02_scoring, adding it if there is none."""
    titles = [plain_name(re.sub(r"\s*\(\d+\)\s*$", "", head)) for head in read.lines[0]]
    if plain_name(name) in titles:
        return titles.index(plain_name(name))
    for line in read.lines:
        line += [""] * (len(titles) + 1 - len(line))
    read.lines[0][len(titles)] = name
    return len(titles)


def _other_platform(roster: Roster, known: Iterable[Mapping[str, Any]]) -> str:
    """Say if a list is another platform's than the download; `known` is what the platform knows each student by."""
    from_ = {str(lms.get("system", "")) for lms in known} - {""}
    if not roster.kind or not from_ or roster.kind in from_:
        return ""
    here, there = roster.kind.capitalize(), " and ".join(sorted(from_)).capitalize()
    return f"The roster is {here}'s, but the download is {there}'s: give the list that {there} exports with --roster"


def wrong_roster(students: Mapping[str, tuple[str, Mapping[str, Any]]], text: str) -> str:
    """Say why a list cannot be that of the class that these students are in; "" if it can.

    Args:
        students: As in `match`.
        text: The list.
    """
    roster = read_roster(text)
    if roster.trouble:
        return roster.trouble[0].rstrip(".")
    if words := _other_platform(roster, [lms for _, lms in students.values()]):
        return words
    if len(students) > 1 and not match(students, roster):
        return f"none of the {len(students)} students in the download is on this roster, so it is another class's"
    return ""


def match(students: Mapping[str, tuple[str, Mapping[str, Any]]], roster: Roster) -> dict[str, Listed]:
    """Return for each student the line of the roster that is theirs, where there is exactly one.

    Args:
        students: The name as shown, and what the platform knows of them, for each id.
        roster: The list of the class.
    """
    by_key: dict[str, list[Listed]] = defaultdict(list)
    by_name: dict[str, list[Listed]] = defaultdict(list)
    for listed in roster.students:
        for key in listed.keys:
            by_key[key].append(listed)
        for name in listed.names:
            by_name[name].append(listed)
    found: dict[str, Listed] = {}
    taken: set[int] = set()
    # What the platform itself counts by comes first; a name is only believed if nobody else has it.
    for way in ("number", "key", "name"):
        claims: dict[int, list[tuple[str, Listed]]] = defaultdict(list)
        for student, (name, lms) in students.items():
            if student in found:
                continue
            if way == "number":
                number = str(lms.get("id", ""))
                same = lms.get("system", "") == roster.kind or not roster.kind
                hits = by_key.get(f"#{int(number)}", []) if number.isdecimal() and same else []
            elif way == "key":
                hits = by_key.get(student.casefold(), []) or by_key.get(name.casefold(), [])
            else:
                hits = [one for spelled in spellings(name) for one in by_name.get(spelled, ())]
            lines = {one.line: one for one in hits if one.line not in taken}
            if len(lines) == 1:
                claims[next(iter(lines))].append((student, next(iter(lines.values()))))
        for line, claimed in claims.items():
            if len(claimed) == 1:
                student, listed = claimed[0]
                found[student] = listed
                taken.add(line)
    return found
