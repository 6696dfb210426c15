"""One file per student and assignment: what the grading found, under a key that says of what.

A result counts as done only while its key is the one that a new grading would have: of the handed-in bytes, both
notebooks, the hidden properties, the specifications, the seed and the limits. Whatever of these changes, the student is
graded anew.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nbjudge.course.assignment import Assignment
from nbjudge.course.folder import Course, plain, write
from nbjudge.subject import Subject, SubjectError

__all__ = [
    "NEWER",
    "Record",
    "key_of",
    "known_ids",
    "load",
    "load_all",
    "not_graded",
    "notebooks",
    "save",
    "specs_version",
]

SOURCE = Path(__file__).resolve().parents[2]
# What of the grader decides about points; a change in how pages look must not grade sixty students again.
DECIDES = (
    *("nbjudge/subject.py", "nbjudge/course/assignment.py", "nbjudge/wording.py", "nbjudge/repairing/*.py"),
    *("nbjudge/judging/*.py", "nbjudge/sandbox/*.py", "nbjudge/grading/grade.py"),
    *("nbjudge/grading/job.py", "nbjudge/grading/telling.py", "nbjudge/intake/submission.py"),
)
NEWER = "A newer notebook was handed in"  # so begins a note on one that could not be graded
ENTRIES = {"student", "assignment", "state", "because", "repairs", "notes", "tasks", "words"}


@dataclass(frozen=True)
class Record:
    """What is kept of a student.

    Attributes:
        student: The id, which names all of the student's files.
        name: The name as the download shows it.
        key: Of what this is the result; "" if nothing was handed in that could be graded.
        result: What `grade_submission` found.
        late: Whether it came late, as the download says.
        lms: What the learning platform calls the student.
        notes: What was seen while collecting.
        booked: Whether the gradebook has it.
    """

    student: str
    name: str
    key: str
    result: dict[str, Any]
    late: bool = False
    lms: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    booked: bool = False

    @property
    def graded(self) -> bool:
        """Whether there are points."""
        return bool(self.result["state"] == "graded")


def specs_version(subject: Subject) -> str:
    """Return a digest of the code that decides about points, so that machines can see whether they have the same."""
    return _digest(subject.decides)


@cache
def _digest(modules: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for name, path in [*_files_of_grader(), *(file for module in modules for file in _files_of(module))]:
        digest.update(f"{name}\n".encode() + path.read_bytes() + b"\n")
    return digest.hexdigest()[:16]


def _files_of_grader() -> Iterator[tuple[str, Path]]:
    for pattern in DECIDES:
        for path in sorted(SOURCE.glob(pattern)):
            yield path.relative_to(SOURCE).as_posix(), path


def _files_of(module: str) -> Iterator[tuple[str, Path]]:
    """Return the name and the path of each file of a module, or of a package and all that is in it."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise SubjectError(f"{module}, which decides about points, is not there")
    home = Path(spec.origin)
    if spec.submodule_search_locations is None:
        yield module, home
    else:
        for path in sorted(home.parent.rglob("*.py")):
            yield f"{module}/{path.relative_to(home.parent).as_posix()}", path


def key_of(notebook: bytes, assignment: Assignment, seed: str, limits: Any, *, sandbox: bool) -> str:
    """Return the key of what a grading of these bytes would find."""
    parts = (
        *(hashlib.sha256(notebook).hexdigest(), assignment.name),
        *(hashlib.sha256(text.encode()).hexdigest() for text in (assignment.release, assignment.source)),
        *(hashlib.sha256(assignment.hidden.encode()).hexdigest(), specs_version(assignment.subject), seed),
        *(json.dumps(asdict(limits), sort_keys=True), str(sandbox)),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def not_graded(student: str, assignment: Assignment, because: str) -> dict[str, Any]:
    """Return the result of who was not graded; it has no points, not even zero."""
    return {
        **{"student": student, "assignment": assignment.name, "state": "not graded", "because": because},
        **{"repairs": [], "notes": [], "tasks": [], "words": [], "seconds": 0.0},
    }


def save(course: Course, assignment: str, record: Record) -> None:
    """Write a student's file, whole or not at all."""
    text = json.dumps(asdict(record), ensure_ascii=False, indent=1, sort_keys=True)
    write(course.results(assignment) / f"{plain(record.student)}.json", text + "\n", mode=0o600)


def load(course: Course, assignment: str, student: str) -> Record | None:
    """Return what is kept of a student, or None; a file that cannot be read counts as none."""
    try:
        text = (course.results(assignment) / f"{plain(student)}.json").read_text(encoding="utf-8")
        content = json.loads(text)
        record = Record(**{**content, "notes": tuple(content["notes"])})
        return record if record.student == student and record.result.keys() >= ENTRIES else None
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None


def load_all(course: Course, assignment: Assignment) -> dict[str, Record]:
    """Return what is kept of every student of an assignment; who has a damaged file is there, as not graded."""
    everyone = {}
    for path in sorted(course.results(assignment.name).glob("[!.]*.json")):
        damaged = not_graded(path.stem, assignment, f"{path} is damaged: grade the download again")
        record = load(course, assignment.name, path.stem) or Record(path.stem, path.stem, "", damaged)
        everyone[path.stem] = record
    return everyone


def notebooks(course: Course, assignment: Assignment, records: Mapping[str, Record]) -> dict[str, dict[str, Any]]:
    """Return the repaired notebooks of those who are graded."""
    paths = {student: course.submitted(assignment.name, student) for student, one in records.items() if one.graded}
    return {student: json.loads(path.read_text(encoding="utf-8")) for student, path in paths.items() if path.exists()}


def known_ids(course: Course, assignment: str) -> dict[str, str]:
    """Return the ids that students have by now, by what tells them apart in a download: a number, else the name."""
    found: dict[str, str] = {}
    for name in (assignment, *course.assignments):
        for path in sorted(course.results(name).glob("[!.]*.json")):
            if record := load(course, name, path.stem):
                lms = record.lms
                key = f"{lms['system']} {lms['id']}" if {"system", "id"} <= lms.keys() else f"name {record.name}"
                found.setdefault(key, record.student)
    return found
