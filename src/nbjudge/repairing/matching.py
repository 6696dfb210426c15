"""Which cell of a submission is which of the released notebook: by mark, id, text, function, likeness and place.

Students copy, split, merge, move and delete cells, and editors forget what nbgrader wrote into them. So each cell is
looked for in several ways, the surest first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from nbjudge.repairing.python_text import compiles
from nbjudge.repairing.slots import Piece, Slot

__all__ = ["choose", "join_halves", "match"]

ALIKE = 0.6  # from this share of common words on, a text is an edited copy of another


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
