"""Grading one download: what is to be done, doing it, and keeping each result at once.

Each student's result goes to the disk before it goes to the gradebook, and the gradebook's is checked off after that.
So whenever the command is killed, the next run finds out what is missing, and does that only.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

from nbjudge.course.assignment import Assignment
from nbjudge.course.folder import Course, write
from nbjudge.grading.executors import Answer, Job, Pool, each
from nbjudge.grading.grade import Limits
from nbjudge.grading.progress import Progress
from nbjudge.intake.collect import Collected, collect
from nbjudge.intake.select_notebook import HandedIn
from nbjudge.nbgrader.gradebook import Books, Marks
from nbjudge.recording.records import Stored, ids_of, key_of, load, load_all, not_graded, save, specs_version

__all__ = ["Plan", "Terms", "carry_out", "catch_up", "gathered", "planned"]


@dataclass(frozen=True)
class Terms:
    """What a grading depends on besides the submission."""

    seed: str
    limits: Limits
    sandbox: bool


@dataclass(frozen=True)
class Plan:
    """What is to be done with a download.

    Attributes:
        jobs: Submissions to grade.
        done: How many were graded before, from the same bytes.
        kept: Students whose newest hand-in is no notebook at all, and who keep the result of an earlier one, with why.
    """

    jobs: tuple[tuple[HandedIn, Job, str], ...]
    done: int
    kept: tuple[tuple[str, str], ...]


def planned(
    course: Course, assignment: Assignment, handed_in: Sequence[HandedIn], terms: Terms, *, again: bool = False
) -> Plan:
    """Return what is to be done; who handed in nothing that could be graded is written down at once."""
    jobs: list[tuple[HandedIn, Job, str]] = []
    kept: list[tuple[str, str]] = []
    done = 0
    for one in handed_in:
        before = load(course, assignment.name, one.student)
        if before is not None and before.lms and not one.lms.get("system"):  # a folder knows less than a platform did
            one = replace(one, name=before.name, late=one.late or before.late, lms=before.lms)
        known: dict[str, Any] = {"name": one.name, "late": one.late, "lms": dict(one.lms), "notes": tuple(one.notes)}
        if one.notebook is None:
            if before is not None and before.graded:
                kept.append((one.name, one.trouble))
            else:
                nothing = not_graded(one.student, assignment, one.trouble)
                save(course, assignment.name, Stored(student=one.student, key="", result=nothing, **known))
            continue
        key = key_of(one.notebook, assignment, terms.seed, terms.limits, sandbox=terms.sandbox)
        there = course.submitted(assignment.name, one.student).exists()
        if before is not None and before.graded and before.key == key and there and not again:
            done += 1
            if replace(before, **known) != before:  # the same work, but now it is late, or under another name
                save(course, assignment.name, replace(before, **known, booked=False))
            continue
        version = specs_version(assignment.subject)
        job = Job(one.student, one.notebook, assignment, terms.seed, terms.limits, terms.sandbox, version)
        jobs.append((one, job, key))
    # Names must not decide who is graded when the disk gets full or the evening ends.
    jobs.sort(key=lambda item: sha256(item[2].encode() + item[0].student.encode()).digest())
    return Plan(tuple(jobs), done, tuple(kept))


def carry_out(course: Course, assignment: Assignment, plan: Plan, pool: Pool, books: Books, out: TextIO) -> None:
    """Grade what is planned and keep each result as it comes."""
    books.add_assignment(assignment)
    catch_up(course, assignment, books)
    if not plan.jobs:
        return
    whose = {job.student: (one, key) for one, job, key in plan.jobs}
    progress = Progress(len(plan.jobs), out)
    progress.show()
    try:
        with closing(each(pool, [job for _, job, _ in plan.jobs])) as answers:
            for answer in answers:
                _keep(course, assignment, answer, *whose[answer.student], books)
                progress.step()
    finally:
        progress.end()


def _keep(course: Course, assignment: Assignment, answer: Answer, one: HandedIn, key: str, books: Books) -> None:
    """Write one student's files, the result last of all, then the gradebook, then the check mark."""
    assert one.notebook is not None
    _set_aside(course.handed_in(assignment.name, one.student), one.notebook)
    write(course.handed_in(assignment.name, one.student), one.notebook, mode=0o600)
    if answer.notebook is not None:
        text = json.dumps(answer.notebook, ensure_ascii=False, indent=1, sort_keys=True)
        write(course.submitted(assignment.name, one.student), text + "\n")
    known: dict[str, Any] = {"late": one.late, "lms": dict(one.lms), "notes": tuple(one.notes)}
    stored = Stored(one.student, one.name, key, answer.result, **known)
    save(course, assignment.name, stored)
    _book(course, assignment, stored, books)


def _set_aside(path: Path, new: bytes) -> None:
    """Keep an earlier version that a student handed in, next to the newer one."""
    if path.exists() and (old := path.read_bytes()) != new:
        write(path.parent / "earlier" / f"{path.stem}-{sha256(old).hexdigest()[:8]}.ipynb", old, mode=0o600)


def _book(course: Course, assignment: Assignment, stored: Stored, books: Books) -> None:
    path = course.submitted(assignment.name, stored.student)
    notebook = None
    try:
        if stored.graded:
            notebook = json.loads(path.read_text(encoding="utf-8"))
        books.record(assignment, stored.result, notebook, name=stored.name, late=stored.late)
    except FileNotFoundError:
        because = f"{path} is not there any more: grade the download again"
        stored = replace(stored, result=not_graded(stored.student, assignment, because))
    except ValueError as error:  # one that does not fit must not keep the others from being graded
        stored = replace(stored, result=not_graded(stored.student, assignment, f"it does not fit: {error}"))
    save(course, assignment.name, replace(stored, booked=True))


def catch_up(course: Course, assignment: Assignment, books: Books) -> None:
    """Bring into the gradebook what an earlier command graded but could not enter any more."""
    marks = books.marks(assignment)
    for student, stored in load_all(course, assignment).items():
        if not stored.booked or (stored.graded and not _agree(stored, marks.get(student))):
            _book(course, assignment, stored, books)


def _agree(stored: Stored, marks: Marks | None) -> bool:
    """Whether the gradebook has what was found, also after somebody brought back an old copy of it."""
    found = {task["task"]: task["points"] for task in stored.result["tasks"]}
    return marks is not None and all(marks.auto.get(task) == points for task, points in found.items())


def gathered(course: Course, download: Path, assignment: str) -> Collected:
    """Return what is in a download: unpacked beside the course, where there is room, and taken away again."""
    for left in course.private.glob("download-*"):  # by a command that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"download-{os.getpid()}-", dir=course.private) as scratch:
        others = [name for name in course.assignments if name != assignment]
        return collect(download, [assignment, *others], Path(scratch), ids_of(course, assignment))
