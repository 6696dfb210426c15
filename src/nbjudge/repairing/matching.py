"""Which cell of a submission is which of the released notebook: by mark, id, text, function, likeness and place.

Students copy, split, merge, move and delete cells, and editors forget what nbgrader wrote into them. So each cell is
looked for in several ways, the surest first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from nbjudge.repairing.notebook_file import Cell, text_of
from nbjudge.repairing.python_text import compiles, defined, unfenced
from nbjudge.subject import Subject

__all__ = ["Piece", "Slot", "choose", "join_halves", "match", "slots_of"]

LONGEST = 200_000  # the letters of a cell that is looked at for functions
ALIKE = 0.6  # from this share of common words on, a text is an edited copy of another


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
        """Look at a source once, however often it is asked for; for functions not at all if it is endless."""
        if self.seen is None or self.seen[0] is not self.cell.source:
            long = len(self.cell.source) > LONGEST
            names = frozenset() if long else defined(self.code)
            self.seen = (self.cell.source, plain(self.cell.source), names)
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


def join_halves(pieces: list[Piece]) -> bool:
    """Put together what was split in the middle of a function, and return whether there was such a thing."""
    joined = False
    for one, two in reversed(list(pairwise(pieces))):
        if one.cell.kind == two.cell.kind == "code" and re.match(r"\n*[ \t]+\S", two.cell.source):
            whole = f"{one.cell.source.rstrip()}\n{two.cell.source.strip(chr(10))}"
            if not compiles(two.cell.source) and compiles(whole):
                one.cell.source = whole
                pieces.remove(two)
                joined = True
    return joined


def match(slots: Sequence[Slot], pieces: Sequence[Piece]) -> None:
    """Find for each released cell the pieces that are it."""
    _by_mark(slots, pieces)
    for slot in slots:
        slot.sure = bool(slot.pieces)
    for slot in slots:
        if slot.names and not slot.pieces:
            _claim(slot, [piece for piece in _free(pieces) if slot.defines(piece)])
    _by_text(slots, pieces)
    for slot in slots:
        slot.sure |= bool(slot.pieces) and (bool(slot.names) or slot.role == "check")
    _by_likeness(slots, pieces)
    _by_place(slots, pieces)


def _free(pieces: Iterable[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.slot is None]


def _claim(slot: Slot, pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        piece.slot = slot
        slot.pieces.append(piece)


def _by_mark(slots: Sequence[Slot], pieces: Sequence[Piece]) -> None:
    marks = {slot.grade_id: slot for slot in slots if slot.grade_id}
    for piece in pieces:
        if slot := marks.get(piece.cell.grade_id):
            _claim(slot, [piece])
    identities = {slot.cell["id"]: slot for slot in slots if slot.cell.get("id") and not slot.pieces}
    for piece in _free(pieces):
        if slot := identities.get(piece.cell.identity):
            _claim(slot, [piece])


def _by_text(slots: Sequence[Slot], pieces: Sequence[Piece]) -> None:
    """Find cells that say word for word what was handed out."""
    for slot in slots:
        same = [piece for piece in _free(pieces) if piece.cell.kind == slot.kind and piece.plain == slot.plain != ""]
        # Several questions may be answered in cells with the same stub: each gets one of them.
        twins = [other for other in slots if other is not slot and other.plain == slot.plain]
        if not slot.pieces:
            _claim(slot, same[:1] if twins else same)
        elif not twins:
            _claim(slot, same)


def _by_likeness(slots: Sequence[Slot], pieces: Sequence[Piece]) -> None:
    bags = {id(piece): Counter(re.findall(r"\w+", piece.cell.source)) for piece in _free(pieces)}
    pairs: list[tuple[float, int, int, Slot, Piece]] = []
    for slot in slots:
        bag = Counter(re.findall(r"\w+", slot.source))
        if slot.pieces or bag.total() < 4:
            continue
        for piece in _free(pieces):
            other = bags[id(piece)]
            larger = max(bag.total(), other.total())
            if min(bag.total(), other.total()) >= ALIKE * larger:
                likeness = (bag & other).total() / larger
                if likeness >= ALIKE:
                    pairs.append((-likeness, slot.place, len(pairs), slot, piece))
    for _, _, _, slot, piece in sorted(pairs, key=lambda pair: pair[:3]):
        if not slot.pieces and piece.slot is None:
            _claim(slot, [piece])


def _by_place(slots: Sequence[Slot], pieces: Sequence[Piece]) -> None:
    """Find answers by the question before them: an answer may have nothing in common with its stub."""
    place = {id(piece): number for number, piece in enumerate(pieces)}
    for before, slot in zip([None, *slots], slots, strict=False):
        unanswered = slot.open and not slot.names and not any(slot.fills(piece) for piece in slot.pieces)
        last = (slot.pieces or (before.pieces if before else []))[-1:]
        if unanswered and last:
            following = pieces[place[id(last[0])] + 1 :]
            run = _run(following, slot.kind)
            slot.gathered = bool(run and slot.pieces)
            _claim(slot, run)
    lonely = [slot for slot in slots if slot.open and not slot.pieces and slot.kind == "markdown"]
    left = [piece for piece in _free(pieces) if piece.cell.kind == "markdown" and piece.cell.source.strip()]
    if len(lonely) == len(left) == 1:
        _claim(lonely[0], left)


def _run(pieces: Iterable[Piece], kind: str) -> list[Piece]:
    run = []
    for piece in pieces:
        if piece.slot is not None and piece.slot.names and not piece.slot.fills(piece):
            continue  # a stray copy of what was handed out
        if piece.slot is not None or piece.cell.kind != kind or not piece.cell.source.strip():
            break
        run.append(piece)
    return run


def choose(slot: Slot) -> list[Piece]:
    """Choose the piece that counts, and set free, and return, the others that hold something of their own."""
    if not slot.pieces:
        return []
    if not slot.open:
        alike = [piece for piece in slot.pieces if not slot.fills(piece)]
        slot.chosen = (alike or slot.pieces)[-1]
    else:
        filled = [piece for piece in slot.pieces if slot.fills(piece)]
        if not slot.names and len(filled) > 1 and not any(piece.cell.grade_id for piece in filled):
            _merge(filled)
            filled = filled[:1]
        slot.chosen = ([piece for piece in filled if slot.defines(piece)] or filled or slot.pieces)[-1]
    kept = []
    for piece in slot.pieces:
        if piece is not slot.chosen:
            own = slot.fills(piece) and piece.plain != slot.chosen.plain
            if own:
                piece.slot = None
                kept.append(piece)
                if slot.open and (slot.defines(piece) or not slot.names):
                    piece.before = slot
    return kept


def _merge(pieces: Sequence[Piece]) -> None:
    """Put an answer that runs over several cells into the first of them."""
    first = pieces[0].cell
    first.source = "\n\n".join(piece.cell.source.rstrip() for piece in pieces)
    for piece in pieces[1:]:
        first.outputs += piece.cell.outputs
        first.attachments = piece.cell.attachments | first.attachments
        piece.cell.source = ""
