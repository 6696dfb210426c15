"""The tasks of Chapter 3: a lamp over the source words, weights under it, how many are read, what covering them does.

References and mistakes are built on `attnbook.core`, which has the chapter's formulas, well tested.
"""

from attnbook.classroom.specs.alignment.count import COUNT
from attnbook.classroom.specs.alignment.cover import COVER
from attnbook.classroom.specs.alignment.lamp import LAMP
from attnbook.classroom.specs.alignment.rates import RATES
from attnbook.classroom.specs.alignment.weights import WEIGHTS

__all__ = ["TASKS"]

TASKS = (LAMP, WEIGHTS, COUNT, COVER, RATES)
