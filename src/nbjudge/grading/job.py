"""What goes into grading and what comes out: plain data that may travel to another machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbjudge.course.assignment import Assignment
from nbjudge.intake.submission import Submission
from nbjudge.sandbox.box import Limits

__all__ = ["Graded", "Job", "Options"]


@dataclass(frozen=True)
class Options:
    """What a grading depends on besides the submission and the assignment."""

    seed: str
    limits: Limits
    sandbox: bool


@dataclass(frozen=True)
class Job:
    """One submission to grade.

    Attributes:
        submission: What was handed in; it has a notebook.
        assignment: The assignment.
        options: What the grading depends on besides.
        key: What tells this grading from any other (see `records`).
        version: Of the code that was asked to grade it: a machine with another version must not.
    """

    submission: Submission
    assignment: Assignment
    options: Options
    key: str
    version: str


@dataclass(frozen=True)
class Graded:
    """What came of a job: the result, and the repaired notebook, if there is one."""

    result: dict[str, Any]
    notebook: dict[str, Any] | None = None
