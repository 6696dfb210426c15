"""The cells of a submission, and what becomes of those that are too long to be run, or to be shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbjudge.wording import byte_size, cell_name, counted

__all__ = ["MOST_SHOWN", "MOST_TEXT", "Cell", "shorten", "trim"]

MOST_TEXT = 2_000_000  # characters in the cells, without outputs
MOST_SHOWN = 3_000_000  # characters of outputs and attachments that are kept for the person who reads


@dataclass
class Cell:
    """One cell as it was handed in.

    Attributes:
        kind: "code", "markdown" or "raw".
        source: Its text.
        grade_id: What nbgrader knows it by, "" if that was lost.
        identity: The cell's own id, "" if there is none.
        marked: True if nbgrader would grade or lock it.
        outputs: Pictures and plain text that it showed.
        attachments: Pictures that its Markdown shows.
    """

    kind: str
    source: str
    grade_id: str = ""
    identity: str = ""
    marked: bool = False
    outputs: list[dict[str, Any]] = field(default_factory=list)
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)


def shorten(cells: Sequence[Cell]) -> tuple[str, str, str]:
    """Leave out the longest cells of the student's own if all together are more than can be run.

    Returns:
        Why that is no help, what was left out, and a note on it; each "" if there is nothing to say.
    """
    letters = sum(len(cell.source) for cell in cells)
    if letters <= MOST_TEXT:
        return "", "", ""
    longest = sorted(cells, key=lambda cell: len(cell.source), reverse=True)
    total = f"its cells hold {byte_size(letters)} of text, without outputs, and {byte_size(MOST_TEXT)} is the limit"
    alone = f"{cell_name(longest[0].source)} alone has {byte_size(len(longest[0].source))}"
    names = []
    for cell in (cell for cell in longest if cell.kind == "code" and not cell.grade_id):
        names.append(cell_name(cell.source))
        letters -= len(cell.source)
        cell.source = ""
        if letters <= MOST_TEXT:
            left_out = " and ".join(names)
            note = f"The notebook is too long: {total}. So {left_out} {'is' if len(names) == 1 else 'are'} left out."
            return "", left_out, note
    return f"{total}; {alone}", "", ""


def _weight(values: Iterable[Any]) -> int:
    return sum(len(json.dumps(value)) for value in values)


def trim(cells: Sequence[Cell]) -> str:
    """Let go of outputs and pictures that together are more than a person would wait for; returns a note on it."""
    room, gone = MOST_SHOWN, 0
    for cell in cells:
        for part in (cell.attachments, cell.outputs):
            weight = _weight(part.values() if isinstance(part, dict) else part)
            if weight > room:
                gone += 1
                part.clear()
            else:
                room -= weight
    return f"Outputs or pictures were too large and are not shown: those of {counted(gone, 'cell')}." if gone else ""
