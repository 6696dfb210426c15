"""From what a student handed in to a notebook that can be graded: the released cells, filled with the student's work.

Whatever was lost, doubled, moved or overwritten on the way is put right here, and each repair is told in one sentence.
Nothing that a file holds makes this raise, and nothing of it decides what a locked cell says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbjudge.repairing import matching, python_text
from nbjudge.repairing.cells import Cell
from nbjudge.repairing.notebook_file import Document, read
from nbjudge.repairing.rebuild import rebuilt
from nbjudge.repairing.slots import Piece, Slot, slots_of
from nbjudge.wording import capital, printable

if TYPE_CHECKING:
    from nbjudge.course.assignment import Assignment

__all__ = ["Repaired", "repair"]

FAMILIAR = 0.25  # the share of given cells that a notebook without any task must have to be one of this assignment
SHOWN = 3  # cells that a sentence names


@dataclass(frozen=True)
class Repaired:
    """A submission, ready to be graded.

    Attributes:
        notebook: The released notebook with the student's work in it, or None.
        repairs: What was put right, one plain sentence each, in words for the student.
        unreadable: Why there is no notebook, as the end of "not graded, because …"; "" if there is one.
        left_out: Cells that are too long to be run, in words; "" if none is.
    """

    notebook: dict[str, Any] | None
    repairs: list[str] = field(default_factory=list)
    unreadable: str = ""
    left_out: str = ""


def repair(notebook: bytes, assignment: Assignment) -> Repaired:
    """Return the released notebook filled with what stands in a submission. Never raises.

    Args:
        notebook: The file as it was handed in.
        assignment: The assignment that it is meant to be.
    """
    try:
        document = read(notebook, assignment.subject)
        if document.trouble:
            return Repaired(None, document.notes, f"the notebook could not be read: {document.trouble}")
        return _repaired(document, assignment)
    except Exception as error:  # a file that nobody thought of must not stop the other students' grading
        return Repaired(
            None, [], f"the notebook could not be repaired ({type(error).__name__}): a person must look at it"
        )


def _repaired(document: Document, assignment: Assignment) -> Repaired:
    release: dict[str, Any] = json.loads(assignment.release)
    if not any(cell.source.strip() for cell in document.cells):
        return Repaired(None, document.notes, "the notebook could not be read: there is nothing in its cells")
    says = list(document.notes)
    pieces = [Piece(cell) for cell in document.cells]
    slots = slots_of(release, assignment.subject)
    if matching.join_halves(pieces):
        says.append("A function that was split over two cells was put together again.")
    matching.match(slots, pieces)
    if foreign := _foreign(document, assignment.name, slots):
        return Repaired(None, says, foreign)
    says += _sort_out(slots, pieces)
    return Repaired(rebuilt(release, slots, pieces), says, left_out=document.left_out)


def _foreign(document: Document, name: str, slots: Sequence[Slot]) -> str:
    """Return in words why this is not the assignment's notebook, "" if it is."""
    tasks = sum(
        bool(slot.names or slot.role in {"check", "words", "experiment"}) and bool(slot.pieces) for slot in slots
    )
    given = [slot for slot in slots if not slot.open]
    same = sum(any(not slot.fills(piece) for piece in slot.pieces) for slot in given)
    other = document.assignment not in {"", name}
    if same >= FAMILIAR * max(len(given), 1) and (tasks or not other):
        return ""
    if other:
        return f"this is the notebook of {printable(document.assignment)}, not of {name}: hand in {name}.ipynb"
    if tasks:
        return ""
    title = f" (it is called “{printable(document.title)}”)" if document.title else ""
    return f"nothing in this notebook belongs to {name}{title}: hand in {name}.ipynb"


def _label(slot: Slot) -> str:
    if slot.role == "check" or (not slot.open and slot.cell.get("metadata", {}).get("nbgrader", {}).get("grade")):
        return f"the check of `{slot.task}`"
    if slot.open:
        kind = "the cell of" if slot.names or slot.role == "solution" else "the answer to"
        return f"{kind} `{slot.task}`"
    words = " ".join(re.sub(r"[#*`$]+", " ", slot.source).split())
    return f"“{words[:40].strip()}{'…' if len(words) > 40 else ''}”"


def _labels(slots: Sequence[Slot]) -> str:
    named = ", ".join(_label(slot) for slot in slots[:SHOWN])
    return f"{named} and {len(slots) - SHOWN} more" if len(slots) > SHOWN else named


def _sort_out(slots: Sequence[Slot], pieces: list[Piece]) -> list[str]:
    """Decide which piece counts for each released cell, and say what had to be done for it."""
    says: list[str] = []
    order = {id(piece): number for number, piece in enumerate(pieces)}
    for slot in slots:
        kept = matching.choose(slot)
        doubled = sum(piece.cell.source.strip() != "" for piece in slot.pieces)
        if slot.gathered:
            says.append(f"{capital(_label(slot))} stood in the cells after it; it was put into its own.")
        elif doubled > 1:
            which = "the last one that you had changed counts" if slot.open else "the released one counts"
            rest = ", and what else you had written is kept beside it" if kept else ""
            says.append(f"{capital(_label(slot))} stood {doubled} times in your notebook: {which}{rest}.")
    places = [order[id(slot.chosen)] for slot in slots if slot.chosen]
    if places != sorted(places):
        says.append("Cells had been moved; they stand in the released order again.")
    if any(slot.chosen and slot.grade_id and not slot.chosen.cell.grade_id for slot in slots):
        says.append(
            "Your notebook had lost the marks by which cells are known (some editors remove them): "
            "they were found by their ids, their functions, their text and their place."
        )
    says += _given(slots, pieces)
    says += _kinds(slots)
    says += _lost(slots, pieces)
    if any(piece.slot is None and piece.before is None and piece.cell.marked for piece in pieces):
        says.append("A cell of your own bore grading marks; they were removed.")
    return says


def _given(slots: Sequence[Slot], pieces: list[Piece]) -> list[str]:
    """Put back what was handed out, and keep the lines that somebody wrote into it."""
    says = []
    missing = [slot for slot in slots if not slot.open and slot.chosen is None]
    changed = [slot for slot in slots if not slot.open and slot.chosen is not None and slot.fills(slot.chosen)]
    emptied = [
        slot for slot in slots if not slot.open and slot.chosen is not None and not slot.chosen.cell.source.strip()
    ]
    missing += [slot for slot in emptied if slot.source.strip()]
    if missing:
        says.append(f"Given cells were missing and were put back: {_labels(missing)}.")
    rescued = 0
    for slot in changed:
        assert slot.chosen is not None
        if own := _own_lines(slot, slot.chosen):
            rescued += 1
            pieces.insert(pieces.index(slot.chosen) + 1, Piece(Cell("code", own)))
    if changed:
        rest = ", and the lines that you had added are kept in a cell after it" if rescued else ""
        says.append(f"Given cells had been changed and say again what was handed out: {_labels(changed)}{rest}.")
    return says


def _own_lines(slot: Slot, piece: Piece) -> str:
    """Return the lines of code that a student added to a cell that was handed out, if they can stand alone."""
    if slot.kind != "code" or piece.cell.kind != "code" or slot.role == "look":
        return ""
    released = {line.strip() for line in slot.source.split("\n")}
    own = "\n".join(line for line in piece.cell.source.split("\n") if line.strip() not in released).strip("\n")
    work = any(line.strip() and not line.lstrip().startswith("#") for line in own.split("\n"))
    return own if work and python_text.compiles(own) else ""


def _kinds(slots: Sequence[Slot]) -> list[str]:
    """Turn cells back into what they were."""
    says = []
    for slot in slots:
        piece = slot.chosen
        if slot.open and piece is not None and piece.cell.kind != slot.kind:
            if slot.kind == "code":
                piece.cell.source = piece.code
            names = {"code": "code", "markdown": "text", "raw": "raw text"}
            was, now = names.get(piece.cell.kind, "raw text"), names[slot.kind]
            piece.cell.kind = slot.kind
            says.append(f"{capital(_label(slot))} had been turned into {was}; it is {now} again.")
    return says


def _lost(slots: Sequence[Slot], pieces: list[Piece]) -> list[str]:
    """Find functions that stand outside their own cell, and say which cells remain empty because they were deleted."""
    says = []
    for slot in slots:
        if not slot.open or (slot.chosen is not None and slot.fills(slot.chosen)):
            continue
        sources = [piece for piece in pieces if slot.defines(piece) and piece is not slot.chosen and _filled(piece)]
        if slot.names and sources:
            found = sources[-1]
            if found.slot is None and python_text.only_defines(found.code):
                if slot.chosen is not None:
                    slot.chosen.slot = None
                    slot.chosen.cell.source = ""
                found.slot, slot.chosen = slot, found
                found.cell.source, found.cell.kind = found.code, "code"
                says.append(f"`{slot.task}` stood in another cell; it was moved to its own.")
            else:
                parts = [python_text.segment(found.code, name) for name in sorted(slot.names)]
                slot.chosen = Piece(Cell("code", "\n\n".join(part for part in parts if part)), slot)
                says.append(f"`{slot.task}` stood in another cell; it was copied to its own.")
        elif slot.chosen is None:
            says.append(f"{capital(_label(slot))} was missing; it was given back empty.")
    return says


def _filled(piece: Piece) -> bool:
    return piece.slot is None or piece.slot.fills(piece)
