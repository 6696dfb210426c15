"""The released notebook again, with the student's work in the cells that it was found for."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from nbjudge.repairing.cells import Cell
from nbjudge.repairing.slots import Piece, Slot

__all__ = ["rebuilt"]


def rebuilt(release: dict[str, Any], slots: Sequence[Slot], pieces: Sequence[Piece]) -> dict[str, Any]:
    """Return the released notebook with the student's sources, and the student's own cells where they stood."""
    notebook = copy.deepcopy(release)
    own: dict[int, list[Piece]] = {place: [] for place in range(-1, len(slots))}
    anchor = -1
    for piece in pieces:
        if piece.slot is not None and piece.slot.chosen is piece:
            anchor = piece.slot.place
        elif piece.slot is None and piece.cell.source.strip():
            own[piece.before.place - 1 if piece.before else anchor].append(piece)
    with_ids = all("id" in cell for cell in release["cells"])
    taken = {cell.get("id") for cell in release["cells"]}
    cells: list[dict[str, Any]] = []
    number = 0
    for place in range(-1, len(slots)):
        if place >= 0:
            cells.append(_filled_in(notebook["cells"][place], slots[place]))
        for piece in own[place]:
            number += 1
            cell = _own_cell(piece.cell)
            if with_ids:
                cell["id"] = next(name for name in _names(number) if name not in taken)
                taken.add(cell["id"])
            cells.append(cell)
    notebook["cells"] = cells
    return notebook


def _names(number: int) -> Any:
    yield f"own-{number}"
    yield from (f"own-{number}-{again}" for again in range(2, 1_000_000))


def _filled_in(cell: dict[str, Any], slot: Slot) -> dict[str, Any]:
    """Put the student's work into a cell of the release; its source becomes one string in any case."""
    cell["source"] = slot.source
    if slot.open and slot.chosen is not None and slot.fills(slot.chosen):
        found = slot.chosen.cell
        cell["source"] = found.source
        if slot.kind == "markdown" and found.attachments:
            cell["attachments"] = found.attachments
        if slot.kind == "code" and not slot.names:
            cell["outputs"] = found.outputs
    return cell


def _own_cell(cell: Cell) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": cell.kind, "metadata": {}, "source": cell.source}
    if cell.kind == "code":
        made |= {"execution_count": None, "outputs": cell.outputs}
    elif cell.attachments:
        made["attachments"] = cell.attachments
    return made
