"""From a download to students: one notebook for each, or words for why there is none.

Whatever is left out is told, either to the student whose it was or in the notes on the whole download.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nbjudge.intake import archives, students
from nbjudge.intake.archives import DownloadError
from nbjudge.intake.entries import Contents
from nbjudge.intake.select_notebook import NOTEBOOK, SAYS, Person, select_notebook
from nbjudge.intake.students import Owner
from nbjudge.intake.submission import Download, Submission
from nbjudge.wording import byte_size, path_text, printable, quoted

__all__ = ["DownloadError", "collect", "wrong_assignment"]

MOST_KEPT = 2_000_000_000  # bytes of all the notebooks of a download
FEW = 10  # one of so many may have another assignment's notebook in the right download, or the right one in another's
COURSE = {("gradebook.db",), ("nbgrader_config.py",)}  # a student may be called as one of the folders is


def collect(
    path: Path, assignments: str | Sequence[str], scratch: Path, known: Mapping[str, str] | None = None
) -> Download:
    """Return what each student of a download handed in.

    Args:
        path: A folder or a zip, as Canvas, Moodle, nbgrader or a person made it.
        assignments: The name of the assignment that is graded, then those of the course's others.
        scratch: An empty folder, in which zips within zips are kept while they are looked at.
        known: The ids that students have from earlier downloads, as `records.known_ids` finds them.

    Raises:
        DownloadError: If the download as a whole cannot be opened; the message says why.
    """
    names = [assignments] if isinstance(assignments, str) else list(assignments)
    wanted = names[0] if names else ""
    found = archives.contents(path, scratch)
    notes = [f"The download itself: {words}." for parts, words in found.aside if not parts]
    top = {parts[0] for parts in archives.walk_names(found) if parts}
    if "submitted" in top and COURSE & {entry.parts for entry in found.files}:
        _only_submitted(found)
        notes.append("This is a whole course folder: only what is in submitted/ was looked at.")
    paths = [parts for parts in archives.walk_names(found) if parts]
    depth = students.unwrapped(paths, names)
    system = _system([parts[depth:] for parts in paths])
    if not system and (several := _downloads([parts[depth:] for parts in paths])):
        raise DownloadError(f"in {path} are whole downloads of a class: give one of these: {quoted(several)}")
    people: dict[str, Person] = {}

    def person(parts: tuple[str, ...]) -> tuple[Person, Owner]:
        one = students.owner_of(parts[depth:], system, names)
        return people.setdefault(one.key, Person(one)), one

    for entry in found.files:
        alone = depth + 1 == len(entry.parts) and ".ipynb" not in entry.parts[-1].lower()
        if alone and not students.owner_of(entry.parts[depth:], system, names).lms:
            notes.append(f"“{path_text(entry.parts)}” is no notebook, and whose it is cannot be told; it was left.")
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
            notes.append(f"“{path_text(parts)}” was left: {words}.")
    for parts in found.doubled:
        person(parts)[0].doubled.append(parts[depth:])
    identities = students.identities((one.owner for one in people.values()), known)
    chosen = [select_notebook(one, identities[key], wanted, names, depth, scratch) for key, one in people.items()]
    return Download(tuple(_within_memory(sorted(chosen, key=lambda one: one.student))), tuple(notes))


def wrong_assignment(download: Download, wanted: str) -> str:
    """Say what a download of several students has in place of the wanted assignment; "" if somebody has that."""
    everybody = download.submissions
    notebooks = [one.notebook for one in everybody if one.notebook is not None]
    if len(everybody) < 2:
        return ""
    if not notebooks:
        return f"nobody of {len(everybody)} has a notebook (.ipynb)"
    says = [{name.decode("utf-8", "replace") for name in SAYS.findall(data)} for data in notebooks]
    other = [names for names in says if names and wanted not in names]
    rest = len(says) - len(other)
    if rest * FEW <= len(other):  # who is wrong in the right download is told so in person
        others = ", ".join(printable(name) for name in sorted(set().union(*other))[:3])
        if not rest:
            return f"all notebooks are those of {others}, and none is that of {wanted}"
        return f"{len(other)} of {len(says)} notebooks are those of {others}, and not of {wanted}"
    return ""


def _within_memory(everybody: Sequence[Submission]) -> list[Submission]:
    """Let go of what the memory has no room for, so that it is told and not the whole command killed."""
    kept, total = [], 0
    for one in everybody:
        total += len(one.notebook or b"")
        if one.notebook and total > MOST_KEPT:
            words = f"the notebooks before it have {byte_size(MOST_KEPT)} together: grade the download in parts"
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
    if moodle * 2 >= len(paths) > 0:
        return "moodle"
    hidden = [bool(students.HIDDEN.fullmatch(parts[0])) for parts in paths]
    named = [bool(students.CANVAS.fullmatch(parts[0]) or students.TYPED.fullmatch(parts[0])) for parts in paths]
    if 2 * sum(map(any, zip(hidden, named, strict=True))) < len(paths) or not paths:
        return ""
    # Canvas hides everybody's name or nobody's: a student whose name is anon keeps it.
    return "hidden" if all(one or not other for one, other in zip(hidden, named, strict=True)) else "canvas"


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
    pattern = {"moodle": students.MOODLE, "hidden": students.HIDDEN}.get(system, students.CANVAS)
    notebooks = [parts[0] for parts in paths if NOTEBOOK.fullmatch(parts[-1])]
    return {found["user"] for name in notebooks if (found := pattern.fullmatch(name))}
