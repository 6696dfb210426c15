"""What the gradebook says of each student, read in three queries for the whole class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbgrader.api import Assignment, BaseCell, Comment, Grade, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy.orm import Session

from nbjudge.nbgrader.autograded import solution_of

__all__ = ["Marks", "read"]


@dataclass(frozen=True)
class Marks:
    """What the gradebook says of one student.

    Attributes:
        state: "final" or "waits for a person".
        points: The points so far, extra credit included.
        of: What the assignment is worth.
        auto: The points that were given without a person.
        manual: The points that a person gave; None for an answer that still waits for its first mark.
        comments: What was said to each task.
        extra: Extra credit.
    """

    state: str
    points: float
    of: float
    auto: dict[str, float] = field(default_factory=dict)
    manual: dict[str, float | None] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    extra: dict[str, float] = field(default_factory=dict)


def read(session: Session, name: str, graded: Mapping[str, tuple[str, float]]) -> dict[str, Marks]:
    """Return the marks of every student who has an entry.

    Args:
        session: The gradebook's.
        name: The name of the assignment, which its notebook has, too.
        graded: The name and the points of each cell that is graded, by its key in the database.
    """
    total = sum(points for _, points in graded.values())
    this = (Notebook.name == name, Assignment.name == name)
    sheets = (
        session.query(SubmittedNotebook.id, SubmittedNotebook.late_submission_penalty, SubmittedAssignment.student_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(*this)
        .order_by(SubmittedAssignment.student_id)
    )
    grades: dict[str, list[Any]] = defaultdict(list)
    for row in (
        session.query(
            *(Grade.notebook_id, Grade.cell_id, Grade.auto_score, Grade.manual_score, Grade.extra_credit),
            *(Grade.needs_manual_grade, Grade.score),
        )
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Assignment, Assignment.id == Notebook.assignment_id)
        .filter(*this)
    ):
        grades[row.notebook_id].append(row)
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for sheet, cell, words in (
        session.query(Comment.notebook_id, BaseCell.name, Comment.comment)
        .join(BaseCell, BaseCell.id == Comment.cell_id)
        .join(Notebook, Notebook.id == BaseCell.notebook_id)
        .join(Assignment, Assignment.id == Notebook.assignment_id)
        .filter(*this, Comment.comment.is_not(None))
    ):
        said[sheet][cell.removesuffix(solution_of(""))] = words
    return {
        student: _marks(grades[sheet], graded, said[sheet], total, penalty or 0.0) for sheet, penalty, student in sheets
    }


def _marks(
    grades: list[Any], graded: Mapping[str, tuple[str, float]], comments: dict[str, str], total: float, penalty: float
) -> Marks:
    task = {grade.cell_id: graded[grade.cell_id][0] for grade in grades}
    waits = any(grade.needs_manual_grade for grade in grades)
    return Marks(
        state="waits for a person" if waits else "final",
        points=max(0.0, sum(float(grade.score) for grade in grades) - penalty),
        of=total,
        auto={task[grade.cell_id]: float(grade.auto_score) for grade in grades if grade.auto_score is not None},
        manual={
            task[grade.cell_id]: None if grade.manual_score is None else float(grade.manual_score)
            for grade in grades
            if grade.manual_score is not None or grade.auto_score is None
        },
        comments=comments,
        extra={task[grade.cell_id]: float(grade.extra_credit) for grade in grades if grade.extra_credit},
    )
