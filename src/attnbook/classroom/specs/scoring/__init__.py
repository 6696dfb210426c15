"""The tasks of Chapter 2: five functions of a librarian's machine that says how well a book answers a question.

If you are a student: you are welcome here. Each task lists what a right function does (its properties, with points) and
the mistakes that people make (each with the words that you would read). Shapes are those of the chapter: queries in
rows, keys in rows, one row of scores for each query. Leading axes `…` stand for several tables at once. The tests draw
their inputs anew each time. Your function is compared with the book's own, which is not at hand where it is graded, so
write your own from the formula.
"""

from __future__ import annotations

from attnbook.classroom.specs.scoring.additive import ADDITIVE
from attnbook.classroom.specs.scoring.cosine import COSINE
from attnbook.classroom.specs.scoring.projected import PROJECTED
from attnbook.classroom.specs.scoring.scaled_dot import SCALED_DOT
from attnbook.classroom.specs.scoring.softmax_slope import SOFTMAX_SLOPE
from nbjudge.judging.spec import Task

__all__ = ["TASKS"]

TASKS: tuple[Task, ...] = (SCALED_DOT, SOFTMAX_SLOPE, COSINE, PROJECTED, ADDITIVE)
