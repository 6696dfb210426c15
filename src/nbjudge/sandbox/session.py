"""One notebook at work: its cells run in a worker, its functions are called, and a worker that is lost is started anew.

A cell or call that never comes back, or takes Python down with it, costs what it was worth and no more: the next task
gets a fresh worker, which runs the same cells but the one that did the harm. All of it together has an end.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbjudge.judging.spec import Call, Outcome
from nbjudge.sandbox import messages
from nbjudge.sandbox.box import Limits, NoSandboxError
from nbjudge.sandbox.process import LostError, Process
from nbjudge.wording import capital, cell_name

__all__ = ["CodeCell", "KilledError", "Session"]

STARTS = 20  # workers for one submission
PAUSE = 0.5  # seconds before a second try, where the first worker could not be started, or was killed
KILLED = "the process in which it ran was killed from outside twice (is memory short? grade with fewer --workers)"
AGAIN = "The process in which the notebook ran was killed from outside, and was started again."


class KilledError(NoSandboxError):
    """Not the notebook ended its worker, but somebody else, and more than once: that must not cost a point."""


@dataclass(frozen=True)
class CodeCell:
    """A cell that is run."""

    number: int
    source: str

    @property
    def name(self) -> str:
        """What to call it."""
        return cell_name(self.source)


class Session:
    """The cells of one submission, and the workers that run them.

    Attributes:
        notes: What happened while the cells ran, in sentences.
    """

    def __init__(self, cells: Sequence[CodeCell], limits: Limits, *, check_from: str, sandbox: bool) -> None:
        self.notes: list[str] = []
        self._cells = list(cells)
        self._sources = {cell.number: cell.source for cell in cells}
        self._limits = limits
        self._worker_options: dict[str, Any] = {"check_from": check_from, "sandbox": sandbox}
        self._deadline = time.monotonic() + limits.seconds
        self._worker: Process | None = None
        self._starts = 0
        self._began = self._deadline
        self._told: set[int] = set()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def function(self, name: str) -> Call:
        """Return the `Call` to a function of the notebook."""
        return lambda arguments, options: self.call(name, arguments, options)

    def call(self, name: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Outcome:
        """Call a function of the notebook once.

        Raises:
            NoSandboxError: If no worker could be started.
        """
        worker = self._ready()
        if isinstance(worker, str):
            return Outcome(trouble=worker, lost=True)
        seconds = min(self._limits.seconds_per_call, max(self._left(), 0.01))
        try:
            answer = worker.ask("call", name, arguments, dict(options), seconds=seconds)
            known = messages.sizes((*arguments, *options.values()))
            return messages.outcome(answer, name, len(arguments), self._sources, known)
        except LostError as lost:
            self._close()
            if lost.why == "killed":
                self._forgive()
                return self.call(name, arguments, options)
            why, number = lost.why, lost.signal
        except messages.ForgedError:
            self._close()
            why, number = "garbage", 0
        if why == "slow" and seconds < self._limits.seconds_per_call:
            return Outcome(trouble=self._late(), lost=True)
        words = messages.why_lost(why, number, seconds)
        if why in ("garbage", "crowd", "litter"):
            self._note(f"While {name} was called, the notebook {words}.")
        return Outcome(trouble=words, lost=True)

    def extend(self, seconds: float) -> None:
        """Give back time that was spent on something else."""
        self._deadline += seconds

    def _left(self) -> float:
        return self._deadline - time.monotonic()

    def _late(self) -> str:
        return f"was not called any more: the notebook had used its {self._limits.seconds:g} seconds"

    def _note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def _close(self) -> None:
        if self._worker is not None:
            if self._worker.printed > self._limits.output:
                kilobytes = self._limits.output // 1024
                self._note(f"The notebook printed more than {kilobytes} kB when it was run; the rest was dropped.")
            self._worker.close()
            self._worker = None

    def _forgive(self) -> None:
        """Let a worker that was killed have cost nothing, for once."""
        if AGAIN in self.notes:
            raise KilledError(KILLED)
        self._note(AGAIN)
        self._deadline += time.monotonic() - self._began + PAUSE
        time.sleep(PAUSE)

    def _start(self) -> Process:
        self._starts += 1
        self._began = time.monotonic()
        try:
            return Process(self._limits, **self._worker_options)
        except (NoSandboxError, OSError):
            time.sleep(PAUSE)  # a machine that is short of something for a moment
        try:
            return Process(self._limits, **self._worker_options)
        except OSError as error:
            raise NoSandboxError(f"no worker could be started: {error}") from error

    def _ready(self) -> Process | str:
        """Return a worker in which the cells have run, or in words why there is none."""
        while self._worker is None:
            if self._left() <= 0:
                self._note(f"The notebook had used its {self._limits.seconds:g} seconds; the rest was not run.")
                return self._late()
            if self._starts >= STARTS:
                self._note(f"The notebook ended Python {STARTS} times; the rest was not run.")
                return f"was not called any more: the notebook had ended Python {STARTS} times"
            self._worker = self._start()
            for cell in list(self._cells):
                if not self._run(cell):
                    self._close()
                    break
        return self._worker

    def _run(self, cell: CodeCell) -> bool:
        """Run one cell and note what went wrong in it; returns False if the worker is lost."""
        assert self._worker is not None
        seconds = min(self._limits.seconds_per_cell, max(self._left(), 0.01))
        try:
            source = np.frombuffer(cell.source.encode(), np.uint8)  # as text it could be longer than a frame allows
            answer = self._worker.ask("cell", cell.number, source, seconds=seconds)
            if isinstance(answer.get("raised"), dict):  # the worker's own functions were rewritten
                answer = {"notes": [answer["raised"]]}
            notes = answer.get("notes")
            if not isinstance(notes, list):
                raise messages.ForgedError
            told = [messages.note(what, self._sources) for what in notes[:10]]
        except (LostError, messages.ForgedError) as error:
            lost = error if isinstance(error, LostError) else LostError("garbage")
            if lost.why == "killed":
                self._forgive()
                return False
            self._cells.remove(cell)
            if lost.why == "slow" and seconds < self._limits.seconds_per_cell:
                return False  # the whole notebook's time is over, which is told once
            words = messages.why_lost(lost.why, lost.signal, seconds)
            self._note(f"{capital(cell.name)} {words}{'' if words.endswith('?') else '.'} It is left out.")
            return False
        if told and cell.number not in self._told:
            more = answer.get("more")
            rest = f"; and {more} more" if type(more) is int and 0 < more < 10_000 else ""
            self._note(f"In {cell.name}: {'; '.join(told)}{rest}.")
        self._told.add(cell.number)
        return True
