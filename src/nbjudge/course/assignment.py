"""What grading needs of an assignment, in a module that loads nothing heavy: each worker process starts with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from nbjudge.subject import Subject

__all__ = ["Assignment"]


@dataclass(frozen=True)
class Assignment:
    """All that grading needs of an assignment, as plain text, so that it can be sent to another machine.

    Attributes:
        name: For example "02_scoring".
        chapter: For example "scoring".
        release: The notebook that is handed out, as JSON.
        source: The teacher's notebook, with solutions, as JSON.
        hidden: The text of `hidden/<chapter>.py`, or "".
        tasks: The names of the tasks that are graded by running them, in order.
        subject: The course that it belongs to.
    """

    name: str
    chapter: str
    release: str
    source: str
    hidden: str
    tasks: tuple[str, ...]
    subject: Subject

    def cells(self) -> list[dict[str, Any]]:
        """Return the cells of the notebook that is handed out, the source of each in one piece."""
        cells = json.loads(self.release)["cells"]
        return [{**cell, "source": "".join(cell["source"])} for cell in cells]
