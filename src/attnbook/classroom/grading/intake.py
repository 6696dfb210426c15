"""From a download to students: one notebook for each, or words for why there is none.

Whatever is left out is told, either to the student whose it was or in the notes on the whole download.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from attnbook.classroom.grading import archives, students
from attnbook.classroom.grading.archives import DownloadError
from attnbook.classroom.grading.entries import Contents, Entry, TooLargeError, shown
from attnbook.classroom.grading.reading import size
from attnbook.classroom.grading.students import Who, plain_name

__all__ = ["Collected", "DownloadError", "HandedIn", "collect", "misplaced"]

NOTEBOOK = re.compile(r"(?is).+\.ipynb(\.(txt|json))?( ?\(\d+\))?|.+\.json")
SAYS = re.compile(rb'"assignment"\s*:\s*"([^"\\]{1,100})"')
MOST_KEPT = 2_000_000_000  # bytes of all the notebooks of a download
MOST_LOOKED_AT = 20  # notebooks of one student
FEW = 10  # one of so many may have another assignment's notebook in the right download, or the right one in another's
COURSE = {"source", "release", "autograded", "feedback", "gradebook.db", "nbgrader_config.py"}


@dataclass(frozen=True)
class HandedIn:
    """What one student handed in.

    Attributes:
        student: An id that is safe as the name of a file.
        name: As shown.
        notebook: The file as it came, or None.
        trouble: Why there is none, as the end of "not graded, because …"; "" if there is one.
        notes: What a teacher should know about it, in sentences.
        late: Whether the platform says that it came late.
        lms: What the platform knows the student by: "system", "id", "name", and "path", where the file was.
    """

    student: str
    name: str
    notebook: bytes | None
    trouble: str = ""
    notes: list[str] = field(default_factory=list)
    late: bool = False
    lms: dict[str, Any] = field(default_factory=dict)


class Collected(list[HandedIn]):
    """Everybody in a download, by id; `notes` tells in sentences what belongs to nobody."""

    def __init__(self, students: Sequence[HandedIn] = (), notes: Sequence[str] = ()) -> None:
        super().__init__(students)
        self.notes = list(notes)


@dataclass
class Person:
    """What was found of one student, before one notebook is chosen."""

    who: Who
    files: list[tuple[Entry, Who]] = field(default_factory=list)
    aside: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    doubled: list[tuple[str, ...]] = field(default_factory=list)


@dataclass(order=True)
class Candidate:
    """A notebook of a student: the larger, the better."""

    likeness: int
    turn: tuple[int, int]
    when: tuple[int, ...]
    path: str
    data: bytes = field(compare=False, repr=False)
    notes: list[str] = field(compare=False, default_factory=list)


def collect(
    path: Path, assignments: str | Sequence[str], scratch: Path, known: Mapping[str, str] | None = None
) -> Collected:
    """Return what each student of a download handed in.

    Args:
        path: A folder or a zip, as Canvas, Moodle, nbgrader or a person made it.
        assignments: The name of the assignment that is graded, then those of the course's others.
        scratch: An empty folder, in which zips within zips are kept while they are looked at.
        known: The ids that students have from earlier downloads, as `results.ids_of` finds them.

    Raises:
        DownloadError: If the download as a whole cannot be opened; the message says why.
    """
    names = [assignments] if isinstance(assignments, str) else list(assignments)
    wanted = names[0] if names else ""
    found = archives.contents(path, scratch)
    notes = [f"The download itself: {words}." for parts, words in found.aside if not parts]
    top = {parts[0] for parts in archives.walk_names(found) if parts}
    if "submitted" in top and top & COURSE:
        _only_submitted(found)
        notes.append("This is a whole course folder: only what is in submitted/ was looked at.")
    paths = [parts for parts in archives.walk_names(found) if parts]
    depth = students.unwrapped(paths, names)
    system = _system([parts[depth:] for parts in paths])
    if not system and (several := _downloads([parts[depth:] for parts in paths])):
        raise DownloadError(f"in {path} are whole downloads of a class: give one of these: {_listed(several)}")
    people: dict[str, Person] = {}

    def person(parts: tuple[str, ...]) -> tuple[Person, Who]:
        one = students.who(parts[depth:], system, names)
        return people.setdefault(one.key, Person(one)), one

    for entry in found.files:
        alone = depth + 1 == len(entry.parts) and ".ipynb" not in entry.parts[-1].lower()
        if alone and not students.who(entry.parts[depth:], system, names).lms:
            notes.append(f"“{_where(entry.parts)}” is no notebook, and whose it is cannot be told; it was left.")
            continue
        owner, one = person(entry.parts)
        owner.files.append((entry, one))
    for parts in found.folders:
        if len(parts) > depth:
            person((*parts, ""))
    for parts, words in found.aside:
        if len(parts) > depth:
            person(parts)[0].aside.append((parts[depth:], words))
        elif parts:
            notes.append(f"“{_where(parts)}” was left: {words}.")
    for parts in found.doubled:
        person(parts)[0].doubled.append(parts[depth:])
    identities = students.identities((one.who for one in people.values()), known)
    chosen = [_chosen(one, identities[key], wanted, names, depth, scratch) for key, one in people.items()]
    return Collected(_that_fit(sorted(chosen, key=lambda one: one.student)), notes)


def misplaced(everybody: Sequence[HandedIn], wanted: str) -> str:
    """Say what a download of several students has in place of the wanted assignment; "" if somebody has that."""
    notebooks = [one.notebook for one in everybody if one.notebook is not None]
    if len(everybody) < 2:
        return ""
    if not notebooks:
        return f"nobody of {len(everybody)} has a notebook (.ipynb)"
    says = [{name.decode("utf-8", "replace") for name in SAYS.findall(data)} for data in notebooks]
    other = [names for names in says if names and wanted not in names]
    rest = len(says) - len(other)
    if rest * FEW <= len(other):  # who is wrong in the right download is told so in person
        others = ", ".join(shown(name) for name in sorted(set().union(*other))[:3])
        if not rest:
            return f"all notebooks are those of {others}, and none is that of {wanted}"
        return f"{len(other)} of {len(says)} notebooks are those of {others}, and not of {wanted}"
    return ""


def _that_fit(everybody: Sequence[HandedIn]) -> list[HandedIn]:
    """Let go of what the memory has no room for, so that it is told and not the whole command killed."""
    kept, total = [], 0
    for one in everybody:
        total += len(one.notebook or b"")
        if one.notebook and total > MOST_KEPT:
            words = f"the notebooks before it have {size(MOST_KEPT)} together: grade the download in parts"
            one = replace(one, notebook=None, trouble=words)
        kept.append(one)
    return kept


def _only_submitted(found: Contents) -> None:
    found.files = [entry for entry in found.files if entry.parts[0] == "submitted"]
    found.folders = [parts for parts in found.folders if parts[0] == "submitted" and len(parts) > 1]
    found.aside = [(parts, words) for parts, words in found.aside if parts[:1] == ("submitted",)]


def _system(paths: Sequence[tuple[str, ...]]) -> str:
    """Return which platform named the files, as far as at least every second one shows it."""
    moodle = sum(bool(students.MOODLE.fullmatch(parts[0])) for parts in paths)
    canvas = sum(bool(students.CANVAS.fullmatch(parts[0]) or students.HIDDEN.fullmatch(parts[0])) for parts in paths)
    if moodle * 2 >= len(paths) > 0:
        return "moodle"
    return "canvas" if canvas * 2 >= len(paths) > 0 else ""


def _downloads(paths: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the folders and zips in which most files are several students', as a platform names them.

    Unless every second one is such, they are students who named their files so, and keep nobody else from being graded.
    """
    within: dict[str, list[tuple[str, ...]]] = {}
    for parts in paths:
        if len(parts) > 1:
            within.setdefault(parts[0], []).append(parts[1:])
    found = [name for name, inner in within.items() if (one := _system(inner)) and len(_users(inner, one)) > 1]
    work = sum(any(NOTEBOOK.fullmatch(parts[-1]) for parts in inner) for inner in within.values())
    return sorted(found) if 2 * len(found) >= work else []


def _users(paths: Sequence[tuple[str, ...]], system: str) -> set[str]:
    pattern = students.MOODLE if system == "moodle" else students.CANVAS
    notebooks = [parts[0] for parts in paths if NOTEBOOK.fullmatch(parts[-1])]
    return {found["user"] for name in notebooks if (found := pattern.fullmatch(name))}


def _where(parts: Sequence[str]) -> str:
    return shown("/".join(part for part in parts if part))


def _chosen(person: Person, identity: str, wanted: str, names: Sequence[str], depth: int, scratch: Path) -> HandedIn:
    """Choose a student's notebook, and say what was left."""
    about = person.who
    notes: list[str] = []
    files = list(person.files)
    aside = list(person.aside)
    late = any(one.late for _, one in files)
    candidates: list[Candidate] = []
    others: list[str] = []
    looked = 0
    while files:
        entry, one = files.pop(0)
        path = _where(one.rest or entry.parts[-1:])
        if not NOTEBOOK.fullmatch(entry.parts[-1]):
            others.append(path)
            continue
        looked += 1
        if looked > MOST_LOOKED_AT:
            notes.append(f"There are more than {MOST_LOOKED_AT} notebooks; the first {MOST_LOOKED_AT} were looked at.")
            break
        try:
            data = entry.read()
        except TooLargeError as error:
            aside.append((one.rest, str(error)))
            continue
        except Exception as error:  # a damaged zip raises many kinds
            aside.append((one.rest, archives.damage(error)))
            continue
        if data.startswith(b"PK\x03\x04"):
            inside = Contents()
            if words := archives.open_zip(entry, inside, scratch):
                aside.append((one.rest, words))
            else:
                notes.append(f"“{path}” is a zip, whatever its name says; it was opened.")
                files += [(more, _inside(one, more, entry)) for more in inside.files]
                aside += [(parts[depth:], words) for parts, words in inside.aside]
            continue
        candidates.append(Candidate(_likeness(data, path, wanted, names), one.turn, entry.when, path, data))
        for worse in sorted(candidates)[:-1]:
            worse.data = b""
    notes += [f"“{_where(parts)}” was left: {words}." for parts, words in aside]
    notes += [f"“{_where(parts)}” is there more than once; each of them was looked at." for parts in person.doubled]
    lms = dict(about.lms)
    if about.unnamed:
        notes.append("The name of the file does not say whose it is.")
    elif identity not in {about.name, about.wish} and not lms:  # else the platform's number says whose it is
        notes.append(f"Handed in under the name “{about.name}”; the id {identity} stands for it.")
    if not candidates:
        trouble = _trouble(person, others, aside, notes)
        return HandedIn(identity, about.name, None, trouble, notes, late, lms)
    best = sorted(candidates)[-1]  # of equals the last one, as above
    if len(candidates) > 1:
        notes.append(_why(best, candidates))
    if not best.path.lower().endswith(".ipynb"):
        notes.append(f"“{best.path}” was read as a notebook, whatever its name says.")
    return HandedIn(identity, about.name, best.data, "", notes, late, lms | {"path": best.path})


def _inside(one: Who, more: Entry, outer: Entry) -> Who:
    rest = (*one.rest, *more.parts[len(outer.parts) :])
    return Who(one.key, one.name, one.wish, one.late, one.turn, rest, one.lms)


def _likeness(data: bytes, path: str, wanted: str, names: Sequence[str]) -> int:
    """Return how much a file looks like the wanted assignment's notebook."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        data = data.replace(b"\0", b"")
    says = {name.decode("utf-8", "replace") for name in SAYS.findall(data)}
    plain = plain_name(path)
    others = [name for name in names if name != wanted and plain_name(name) in plain]
    likeness = 4 if wanted in says else -4 if says & set(names) else 0
    likeness += 2 if plain_name(wanted) in plain else -2 if others else 0
    return likeness + (1 if b'"cells"' in data else 0) - (1 if "checkpoint" in plain else 0)


def _why(best: Candidate, candidates: Sequence[Candidate]) -> str:
    second = sorted(candidates)[-2]
    why = "it looks most like this assignment" if best.likeness > second.likeness else "it is the newest"
    left = [one.path for one in sorted(candidates) if one is not best]
    return f"{len(candidates)} notebooks were handed in: “{best.path}” was taken, because {why}; left: {_listed(left)}."


def _listed(names: Sequence[str]) -> str:
    quoted = ", ".join(f"“{name}”" for name in names[:5])
    return f"{quoted} and {len(names) - 5} more" if len(names) > 5 else quoted


def _trouble(
    person: Person, others: Sequence[str], aside: Sequence[tuple[tuple[str, ...], str]], notes: list[str]
) -> str:
    if person.files and all(one.online for _, one in person.files):
        return "only text typed into the browser was handed in, and no notebook"
    if aside:
        parts, words = aside[0]
        notes[:] = [note for note in notes if note != f"“{_where(parts)}” was left: {words}."]
        return f"“{_where(parts)}” could not be used: {words}"
    if others:
        return f"no notebook (.ipynb) was handed in, only {_listed(others)}"
    return "the folder is empty: nothing was handed in"
