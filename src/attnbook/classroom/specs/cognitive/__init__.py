"""The tasks of Chapter 1: four functions of a drone that looks for one parasol on a crowded beach.

If you are a student: you are welcome here. Each task lists what a right function does (its properties, with points) and
the mistakes that people make (each with the words that you would read). Maps are arrays `(y, x)`, rows from the top
down; several maps are `(f, y, x)`. The tests draw their inputs anew each time. Your function is compared with the
book's own, which is built on `attnbook.core`; that is not at hand where it is graded, so write yours from the formula.
"""

from __future__ import annotations

from attnbook.classroom.specs.cognitive.contrast import CONTRAST
from attnbook.classroom.specs.cognitive.glimpse import GLIMPSE
from attnbook.classroom.specs.cognitive.rarity import RARITY
from attnbook.classroom.specs.cognitive.scan import SCAN
from nbjudge.judging.spec import Task

__all__ = ["TASKS"]

TASKS: tuple[Task, ...] = (CONTRAST, RARITY, GLIMPSE, SCAN)
