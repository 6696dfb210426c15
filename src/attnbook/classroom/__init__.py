"""Assignments: `check` tells students what their function keeps and breaks; the specifications say what is asked."""

from attnbook.classroom.subject import SUBJECT
from attnbook.display import show

__all__ = ["check"]

check = SUBJECT.checker(show)
