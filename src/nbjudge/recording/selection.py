"""Who of a download is to be graded: those whose work, or what decides about its points, is not what it was."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from nbjudge.course.assignment import Assignment
from nbjudge.grading.job import Job, Options
from nbjudge.intake.submission import Download
from nbjudge.recording.records import Record, key_of, not_graded, specs_version

__all__ = ["Selection", "select"]


@dataclass(frozen=True)
class Selection:
    """What is to be done with a download.

    Attributes:
        jobs: Submissions to grade.
        records: What is written down without grading: who handed in nothing that could be graded, and who is graded
            already but is late now, or goes by another name.
        unchanged: How many were graded before, from the same bytes.
        kept: Students who keep the result that they have, with why: what the download has of them is older, or no
            notebook at all.
    """

    jobs: tuple[Job, ...]
    records: tuple[Record, ...]
    unchanged: int
    kept: tuple[tuple[str, str], ...]


def select(
    download: Download,
    assignment: Assignment,
    options: Options,
    earlier: Mapping[str, Record],
    complete: Collection[str],
    *,
    again: bool = False,
) -> Selection:
    """Return who is to be graded.

    Args:
        download: What was taken in.
        assignment: The assignment.
        options: What a grading depends on besides the submission.
        earlier: The records of earlier gradings, by student.
        complete: The students whose repaired notebook is in the course folder.
        again: Whether to grade also what was graded before.
    """
    jobs: list[Job] = []
    records: list[Record] = []
    kept: list[tuple[str, str]] = []
    unchanged = 0
    for one in download.submissions:
        before = earlier.get(one.student)
        if before is not None and before.lms and not one.lms.get("system"):  # a folder knows less than a platform did
            one = replace(one, name=before.name, late=one.late or before.late, lms=before.lms)
        about: dict[str, Any] = {"name": one.name, "late": one.late, "lms": dict(one.lms), "notes": one.notes}
        if one.notebook is None:
            if before is not None and before.graded:
                kept.append((one.name, one.trouble))
            else:
                nothing = not_graded(one.student, assignment, one.trouble)
                records.append(Record(student=one.student, key="", result=nothing, **about))
            continue
        if before is not None and before.graded and not again and _older(one.lms, before.lms):
            kept.append((one.name, "there is an older file than the one that is graded"))
            continue
        key = key_of(one.notebook, assignment, options.seed, options.limits, sandbox=options.sandbox)
        known = before is not None and before.graded and before.key == key and one.student in complete
        if before is None or not known or again:
            jobs.append(Job(one, assignment, options, key, specs_version(assignment.subject)))
            continue
        unchanged += 1
        if replace(before, **about) != before:
            records.append(replace(before, **about, booked=False))
    # Names must not decide who is graded when the disk gets full or the evening ends.
    jobs.sort(key=lambda job: sha256(job.key.encode() + job.submission.student.encode()).digest())
    return Selection(tuple(jobs), tuple(records), unchanged, tuple(kept))


def _older(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Return whether a platform that numbers its files gave this one a smaller number."""
    new_turn, old_turn = new.get("turn") or [0], old.get("turn") or [0]
    return bool(0 < new_turn[0] < old_turn[0])
