"""Keeping what was graded: each result goes to the disk, then to the gradebook, and is checked off after that.

So whenever the command is killed, the next one finds out what is missing, and does that only.
"""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from nbjudge.course.assignment import Assignment
from nbjudge.course.folder import Course, write
from nbjudge.grading.job import Graded, Job
from nbjudge.nbgrader.gradebook import Books, Marks
from nbjudge.recording.records import NEWER, Record, load, load_all, not_graded, save

__all__ = ["catch_up", "record"]


def record(course: Course, job: Job, graded: Graded, books: Books) -> None:
    """Write one student's files, the result last of all, then the gradebook, then the check mark.

    Who is graded keeps that when a newer notebook cannot be graded: it is put beside, and a note says so.
    """
    one, name = job.submission, job.assignment.name
    assert one.notebook is not None
    before = load(course, name, one.student)
    if before is not None and before.graded and graded.result["state"] != "graded" and _is_new(course, job):
        _write_beside(course.handed_in(name, one.student), "not-graded", one.notebook)
        words = f"{NEWER}, and it is not graded, because {graded.result['because']}. The points are for the one before."
        notes = (*(note for note in before.notes if not note.startswith(NEWER)), words)
        _enter(course, job.assignment, replace(before, late=one.late, notes=notes, booked=False), books)
        return
    _set_aside(course.handed_in(name, one.student), one.notebook)
    write(course.handed_in(name, one.student), one.notebook, mode=0o600)
    if graded.notebook is not None:
        text = json.dumps(graded.notebook, ensure_ascii=False, indent=1, sort_keys=True)
        write(course.submitted(name, one.student), text + "\n")
    kept = Record(one.student, one.name, job.key, graded.result, one.late, dict(one.lms), one.notes)
    save(course, name, kept)
    _enter(course, job.assignment, kept, books)


def _is_new(course: Course, job: Job) -> bool:
    """Return whether a notebook is another one than that which the student's points are for."""
    path = course.handed_in(job.assignment.name, job.submission.student)
    return path.exists() and path.read_bytes() != job.submission.notebook


def _set_aside(path: Path, new: bytes) -> None:
    """Keep an earlier version that a student handed in, next to the newer one."""
    if path.exists() and (old := path.read_bytes()) != new:
        _write_beside(path, "earlier", old)


def _write_beside(path: Path, folder: str, data: bytes) -> None:
    write(path.parent / folder / f"{path.stem}-{sha256(data).hexdigest()[:8]}.ipynb", data, mode=0o600)


def _enter(course: Course, assignment: Assignment, kept: Record, books: Books) -> None:
    """Enter a record in the gradebook, and check it off."""
    path = course.submitted(assignment.name, kept.student)
    notebook = None
    try:
        if kept.graded:
            notebook = json.loads(path.read_text(encoding="utf-8"))
        books.record(assignment, kept.result, notebook, name=kept.name, late=kept.late)
    except FileNotFoundError:
        because = f"{path} is not there any more: grade the download again"
        kept = replace(kept, result=not_graded(kept.student, assignment, because))
    except ValueError as error:  # one that does not fit must not keep the others from being graded
        kept = replace(kept, result=not_graded(kept.student, assignment, f"it does not fit: {error}"))
    save(course, assignment.name, replace(kept, booked=True))


def catch_up(course: Course, assignment: Assignment, books: Books) -> None:
    """Bring into the gradebook what an earlier command graded but could not enter any more."""
    marks = books.marks(assignment)
    for student, kept in load_all(course, assignment).items():
        if not kept.booked or (kept.graded and not _agree(kept, marks.get(student))):
            _enter(course, assignment, kept, books)


def _agree(kept: Record, marks: Marks | None) -> bool:
    """Whether the gradebook has what was found, also after somebody brought back an old copy of it."""
    found = {task["task"]: task["points"] for task in kept.result["tasks"]}
    return marks is not None and all(marks.auto.get(task) == points for task, points in found.items())
