"""What a student is told of a fault: no more than the public arguments of `check` bring to light as well.

A function can stop in the line, or return as many wrong numbers, as it chooses, and so spell out a secret argument to
whoever hands in again. So words that hold a choice are not those of the secret call. The property is tried once more,
on arguments that everybody may know, in a worker that has seen no others, and what is found there is told.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from nbjudge.judging.spec import Ask, Call, Property, Task, TroubleError, generator_of
from nbjudge.sandbox.session import Session

__all__ = ["SOMETIMES", "Telling"]

SOMETIMES = "your function fails with some arguments, but not with those of `check`: try others there, as with seed=1"
COUNTED = re.compile(r"\b(\d+ of your \d+|your) numbers are wrong")
FORM = re.compile(r"(?<=has shape )\(\d+(?:, \d+)*,?\)|(?<=returned a tuple of )\d+")
SEED = 0  # the one that `check` takes


class Telling:
    """Finds the words that may be told, for the functions of one notebook."""

    def __init__(self, secret: Session, public: Session, guard: Callable[[Task, Call], Call]) -> None:
        """Take the notebook twice, and what keeps properties from values that are too large for them.

        Args:
            secret: Where it is judged; the time that telling takes is not taken from it.
            public: Where it is only asked what everybody may know.
            guard: Returns the call of a task's function that a property may make.
        """
        self._secret = secret
        self._public = public
        self._guard = guard

    def trouble(self, item: Property, task: Task) -> str:
        """Return what may be told of a call that brought no value."""
        return self._found(item, task) or SOMETIMES

    def words(self, item: Property, task: Task, found: str) -> str:
        """Return what may be told of a value that is wrong; an author's own words may."""
        if not re.search(rf"\d|{COUNTED.pattern}", found):
            return found
        return self._found(item, task) or FORM.sub("…", COUNTED.sub("some of your numbers are wrong", found))

    def _found(self, item: Property, task: Task) -> str:
        """Return what is found on public arguments, "" if nothing is."""
        start = time.monotonic()
        ask = Ask(self._guard(task, self._public.function(task.name)))
        try:
            return item.fault(ask, generator_of(SEED, task, item))
        except TroubleError as trouble:
            return "" if trouble.lost else f"your function {trouble}"
        finally:
            self._secret.extend(time.monotonic() - start)
