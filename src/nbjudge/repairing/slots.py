"""The two sides that are matched: pieces, the cells of a submission, and slots, the cells of the released notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nbjudge.repairing.cells import Cell
from nbjudge.repairing.outputs import text_of
from nbjudge.repairing.python_text import defined, unfenced
from nbjudge.subject import Subject

__all__ = ["Piece", "Slot", "plain", "slots_of"]


@dataclass(eq=False)
class Piece:
    """A cell of the submission, and the released cell that it was found to be."""

    cell: Cell
    slot: Slot | None = None
    before: Slot | None = None  # an older version of this cell's code, which must not come after it
    seen: tuple[str, str, frozenset[str]] | None = field(default=None, repr=False)

    @property
    def code(self) -> str:
        """Its code, also if it stands in a Markdown cell."""
        return self.cell.source if self.cell.kind == "code" else unfenced(self.cell.source)

    def _look(self) -> tuple[str, str, frozenset[str]]:
        """Look at a source once, however often it is asked for."""
        if self.seen is None or self.seen[0] is not self.cell.source:
            self.seen = (self.cell.source, plain(self.cell.source), defined(self.code))
        return self.seen

    @property
    def plain(self) -> str:
        """Its text, without what editors change."""
        return self._look()[1]

    @property
    def names(self) -> frozenset[str]:
        """The functions that it defines."""
        return self._look()[2]


@dataclass(eq=False)
class Slot:
    """A cell of the released notebook.

    Attributes:
        place: Its number.
        cell: The cell itself.
        source: Its text: for a cell in which the student writes, the stub.
        open: Whether the student writes in it.
        role: What the source of the assignment calls it, "" if that is not known.
        task: The task that it belongs to, or what nbgrader knows it by.
        names: The functions that it asks for.
        pieces: What was found for it, in the order of the submission.
        chosen: The one that counts.
        sure: Whether what was found can only be this cell, and not one of another notebook.
        gathered: Whether its answer was found in cells after it.
    """

    place: int
    cell: Mapping[str, Any]
    source: str
    open: bool
    role: str
    task: str
    names: frozenset[str]
    pieces: list[Piece] = field(default_factory=list)
    chosen: Piece | None = None
    sure: bool = False
    gathered: bool = False

    @cached_property
    def plain(self) -> str:
        """What was handed out, without what editors change."""
        return plain(self.source)

    @property
    def kind(self) -> str:
        """Its type: "code" or "markdown"."""
        return str(self.cell.get("cell_type"))

    @property
    def grade_id(self) -> str:
        """What nbgrader knows it by."""
        return str(self.cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))

    def fills(self, piece: Piece) -> bool:
        """Whether a piece holds something that was not handed out."""
        return piece.plain not in {self.plain, ""}

    def defines(self, piece: Piece) -> bool:
        """Whether a piece defines a function that is asked for here."""
        return bool(self.names & piece.names)


def plain(text: str) -> str:
    """Return a text without what editors change on their own: blanks at the end of lines and of the text."""
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def slots_of(release: Mapping[str, Any], subject: Subject) -> list[Slot]:
    """Return the cells of the released notebook."""
    slots = []
    for place, cell in enumerate(release["cells"]):
        metadata = cell.get("metadata", {})
        mine, about = subject.about(metadata), metadata.get("nbgrader", {})
        source = text_of(cell.get("source"))
        mine_to_fill = bool(about.get("solution"))
        task = str(mine.get("task") or str(about.get("grade_id", "")).removesuffix("-solution"))
        names = defined(source) if mine_to_fill and cell.get("cell_type") == "code" else frozenset()
        names = frozenset({task}) if task in names else names
        slots.append(Slot(place, cell, source, mine_to_fill, str(mine.get("role", "")), task, names))
    return slots
