"""Assignments: `check` tells students what their function keeps and breaks; `grading` is for teachers."""

from attnbook.classroom.checking import check

__all__ = ["check"]
