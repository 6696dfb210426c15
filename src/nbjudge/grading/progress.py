"""One line that says how far the work is, how fast it goes and how long it will take."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from typing import TextIO

__all__ = ["Progress"]

BAR = 24
LINES = 20  # at most so many lines where there is no terminal to redraw


def in_words(seconds: float) -> str:
    """Return a duration as one would say it.

    >>> in_words(42), in_words(100), in_words(4000)
    ('42 s', '2 min', '1 h 7 min')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


class Progress:
    """The line: redrawn in a terminal, else a plain line now and then."""

    def __init__(self, total: int, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.total, self.done = total, 0
        self.stream = stream if stream is not None else sys.stdout
        self.live = self.stream.isatty()
        self.clock = clock
        self.began = clock()
        self.every = max(1, total // LINES)

    def line(self) -> str:
        """Return what there is to say."""
        words = f"{self.done} of {self.total}"
        elapsed = self.clock() - self.began
        if not self.done or elapsed <= 0:
            return words
        rate = self.done / elapsed
        words += f", {60 * rate:.0f} a minute"
        left = self.total - self.done
        return f"{words}, {in_words(left / rate)} to go" if left else f"{words}, done in {in_words(elapsed)}"

    def show(self) -> None:
        """Draw it."""
        if self.live:
            full = BAR * self.done // max(1, self.total)
            text = f"[{'█' * full}{'·' * (BAR - full)}] {self.line()}"
            print(f"\r\x1b[K{text[: shutil.get_terminal_size().columns - 1]}", end="", file=self.stream, flush=True)
        elif self.done % self.every == 0 or self.done == self.total:
            print(f"  {self.line()}", file=self.stream, flush=True)

    def step(self) -> None:
        """One more is done."""
        self.done += 1
        self.show()

    def __enter__(self) -> Progress:
        if self.total:
            self.show()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the line as it is and go on beneath it."""
        if self.live and self.total:
            print(file=self.stream, flush=True)
