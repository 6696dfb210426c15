"""What a hostile submission is; the modules here hold them by what they attack, `tests.nbjudge.hostile` lists all."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["TALE", "Hostile"]

TALE = "BROKEN OUT"  # what an attack says that found what it looked for; it must stand nowhere


@dataclass(frozen=True)
class Hostile:
    """One submission.

    Attributes:
        name: What it tries.
        cell: A cell of its own, before all solutions. COURSE in it is the path of the course folder.
        body: What stands in the functions that are not honest.
        source: The whole text of such a function's cell, instead; TASK in it is the task's name.
        spoils: Which functions are not honest, and must earn nothing: "all", "first" (the others must earn everything,
            if they do not call it), or "none" (all must earn everything, whatever the cell does).
        says: What must stand in a note or a diagnosis.
        slow: Whether it takes longer than a second.
    """

    name: str
    cell: str = ""
    body: str = "return None"
    source: str = ""
    spoils: str = "all"
    says: str = ""
    slow: bool = False

    def notebook(self, released: str, solutions: Mapping[str, str], course: str = "/course") -> bytes:
        """Return the bytes that are handed in."""
        book: dict[str, Any] = json.loads(released)
        cells, first = [], True
        for cell in book["cells"]:
            about = next(
                (entry for entry in cell["metadata"].values() if isinstance(entry, dict) and "role" in entry), {}
            )
            if about.get("role") == "solution":
                if first and self.cell:
                    text = textwrap.dedent(self.cell).strip("\n").replace("COURSE", course)
                    cells.append(
                        {
                            **{"cell_type": "code", "id": "mine", "metadata": {}, "source": text},
                            **{"outputs": [], "execution_count": None},
                        }
                    )
                honest = self.spoils == "none" or (self.spoils == "first" and not first)
                cell["source"] = solutions[about["task"]] if honest else self.function(about["task"])
                first = False
            cells.append(cell)
        return json.dumps(book | {"cells": cells}).encode()

    def earns(self, points: Mapping[str, float], solutions: Mapping[str, str]) -> dict[str, float]:
        """Return what each task must earn, given what it is worth; without those that call a dishonest function."""
        names = list(points)
        spoilt = {"all": names, "first": names[:1], "none": []}[self.spoils]
        calling = set(spoilt)
        while more := {n for n in names if any(re.search(rf"\b{c}\b", solutions[n]) for c in calling)} - calling:
            calling |= more
        return {n: 0.0 if n in spoilt else points[n] for n in names if n in spoilt or n not in calling}

    def function(self, task: str) -> str:
        """Return the dishonest cell of a task."""
        if self.source:
            return textwrap.dedent(self.source).strip("\n").replace("TASK", task)
        return (
            f"def {task}(*arguments, **options):\n{textwrap.indent(textwrap.dedent(self.body).strip(chr(10)), '    ')}"
        )

    def __str__(self) -> str:
        return self.name
