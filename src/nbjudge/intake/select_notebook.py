"""Which of a student's files counts, and what there is to say of the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbjudge.intake import archives
from nbjudge.intake.entries import Contents, Entry, TooLargeError
from nbjudge.intake.students import Owner, plain_name
from nbjudge.intake.submission import Submission
from nbjudge.wording import path_text, quoted

__all__ = ["NOTEBOOK", "SAYS", "Person", "select_notebook"]

NOTEBOOK = re.compile(r"(?is).+\.ipynb(\.(txt|json))?( ?\(\d+\))?|.+\.json")
SAYS = re.compile(rb'"assignment"\s*:\s*"([^"\\]{1,100})"')
DOUBT = "its name holds more numbers, and can be read as another student's too"
MOST_LOOKED_AT = 20  # notebooks of one student


@dataclass
class Person:
    """What was found of one student, before one notebook is chosen."""

    owner: Owner
    files: list[tuple[Entry, Owner]] = field(default_factory=list)
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


def select_notebook(
    person: Person, identity: str, wanted: str, names: Sequence[str], depth: int, scratch: Path
) -> Submission:
    """Choose a student's notebook, and say what was left.

    Args:
        person: What was found of the student.
        identity: The student's id.
        wanted: The assignment that is graded.
        names: All assignments of the course.
        depth: How many folders of the download's own come before the student's.
        scratch: Where zips within zips are kept while they are looked at.
    """
    about = person.owner
    notes: list[str] = []
    aside = list(person.aside)
    late = any(one.late for _, one in person.files)
    if trouble := _whose(person):
        return Submission(identity, about.name, None, trouble, tuple(notes), late, dict(about.lms))
    files = [(entry, one) for entry, one in person.files if not one.doubtful]
    if not files:
        files = list(person.files)
        notes += [f"“{path_text(entry.parts)}”: {DOUBT}." for entry, _ in files]
    elif len(files) < len(person.files):
        aside += [((entry.parts[depth],), DOUBT) for entry, one in person.files if one.doubtful]
    candidates: list[Candidate] = []
    others: list[str] = []
    looked = 0
    while files:
        entry, one = files.pop(0)
        path = path_text(one.rest or entry.parts[-1:])
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
    notes += [f"“{path_text(parts)}” was left: {words}." for parts, words in aside]
    notes += [f"“{path_text(parts)}” is there more than once; each of them was looked at." for parts in person.doubled]
    lms = dict(about.lms)
    if about.unnamed:
        notes.append("The name of the file does not say whose it is.")
    elif identity not in {about.name, about.wish} and not lms:  # else the platform's number says whose it is
        notes.append(f"Handed in under the name “{about.name}”; the id {identity} stands for it.")
    if not candidates:
        trouble = _trouble(person, others, aside, notes)
        return Submission(identity, about.name, None, trouble, tuple(notes), late, lms)
    best = sorted(candidates)[-1]  # of equals the last one, as above
    if len(candidates) > 1:
        notes.append(_why(best, candidates))
    if not best.path.lower().endswith(".ipynb"):
        notes.append(f"“{best.path}” was read as a notebook, whatever its name says.")
    lms |= {"path": best.path} | ({"turn": list(best.turn)} if best.turn[0] else {})
    return Submission(identity, about.name, best.data, "", tuple(notes), late, lms)


def _whose(person: Person) -> str:
    """Say why a platform's number does not tell whose files these are; "" if it does."""
    sure = [one for _, one in person.files if not one.doubtful]
    if len(person.files) > 1 and not sure:
        return f"of each file it holds that {DOUBT}: look whose they are"
    names = sorted({one.name for one in sure})
    if len(names) > 1 and person.owner.lms:
        return f"the same number comes with the names {quoted(names)}: look whose work this is"
    return ""


def _inside(one: Owner, more: Entry, outer: Entry) -> Owner:
    rest = (*one.rest, *more.parts[len(outer.parts) :])
    return Owner(one.key, one.name, one.wish, one.late, one.turn, rest, one.lms)


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
    return f"{len(candidates)} notebooks were handed in: “{best.path}” was taken, because {why}; left: {quoted(left)}."


def _trouble(
    person: Person, others: Sequence[str], aside: Sequence[tuple[tuple[str, ...], str]], notes: list[str]
) -> str:
    if person.files and all(one.online for _, one in person.files):
        return "only text typed into the browser was handed in, and no notebook"
    if aside:
        parts, words = aside[0]
        notes[:] = [note for note in notes if note != f"“{path_text(parts)}” was left: {words}."]
        return f"“{path_text(parts)}” could not be used: {words}"
    if others:
        return f"no notebook (.ipynb) was handed in, only {quoted(others)}"
    return "the folder is empty: nothing was handed in"
