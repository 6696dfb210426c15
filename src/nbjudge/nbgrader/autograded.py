"""The notebook that a teacher sees on nbgrader's pages: a student's sources, and under each check cell what came of it.

It is built anew from the released notebook's metadata and the student's sources. Nothing else that a submission holds
gets in: outputs, metadata and attachments of its own may be forged, or be read by a page as commands.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from nbjudge.nbgrader.authoring import Assignment
from nbjudge.repairing.outputs import mapping, output

__all__ = ["grade_id", "outputs", "solution_of", "with_feedback"]

MAKERS = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
PICTURES = ("image/png", "image/jpeg", "image/gif")
NOT_RUN = "As it stood in the notebook that was handed in; it was not run here.\n"
SEEN = "# What was seen when this notebook was graded"


def grade_id(cell: Mapping[str, Any]) -> str:
    """Return the name by which nbgrader knows a cell, or ""."""
    about = cell.get("metadata", {}).get("nbgrader", {})
    return str(about.get("grade_id", "")) if isinstance(about, Mapping) else ""


def solution_of(task: str) -> str:
    """Return the name of the cell in which a student writes the function that a task asks for."""
    return f"{task}-solution"


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _pictures(cell: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the pictures that were pasted into an answer, a drawing perhaps; what is no picture stays outside."""
    kept: dict[str, dict[str, str]] = {}
    attached = cell.get("attachments")
    for name, data in attached.items() if isinstance(attached, Mapping) else ():
        for kind, content in data.items() if isinstance(data, Mapping) else ():
            try:
                raw = base64.b64decode("".join(content), validate=False)
            except (TypeError, ValueError, binascii.Error):
                continue
            if kind in PICTURES:
                kept.setdefault(str(name), {})[kind] = base64.b64encode(raw).decode("ascii")
    return kept


def outputs(task: Mapping[str, Any]) -> list[NotebookNode]:
    """Return the outputs of a check cell: the lines of the rubric, and the points as nbgrader reads them."""
    text, items = [], []
    for line in task["lines"]:
        mark = "✓" if line["kept"] else ("✗" if line["tried"] else "–")
        points, promise, diagnosis = (
            f"{line['points']:g} of {line['of']:g}",
            str(line["promise"]),
            str(line["diagnosis"]),
        )
        text.append(f"{mark} {points:>8}  {promise}" + (f": {diagnosis}" if diagnosis else ""))
        hint = f": <em>{html.escape(diagnosis)}</em>" if diagnosis else ""
        items.append(f"<li>{mark} <strong>{points}</strong> {html.escape(promise)}{hint}</li>")
    earned = float(task["points"])
    total = f"<strong>{earned:g} of {task['of']:g} points</strong>"
    # No table: nbgrader's pages, where they clean HTML, would show parts of one as text.
    rubric = {"text/plain": "\n".join(text), "text/html": f"<ul>{''.join(items)}</ul>"}
    return [
        new_output("display_data", rubric),
        # nbgrader takes a number here for the points of the cell, and no output at all for full marks.
        new_output("execute_result", {"text/plain": repr(earned), "text/html": total}, execution_count=None),
    ]


def _seen(result: Mapping[str, Any], late: bool) -> list[str]:
    return [
        *(["It was handed in late."] if late else []),
        *(str(sentence) for sentence in (*result["repairs"], *result["notes"])),
        *(f"There is no answer to {item['task']}." for item in result["words"] if not item["answered"]),
    ]


def _about(sentences: list[str]) -> NotebookNode:
    data = {
        "text/plain": "\n".join(sentences),
        "text/html": "<ul>" + "".join(f"<li>{html.escape(sentence)}</li>" for sentence in sentences) + "</ul>",
    }
    return new_code_cell(SEEN, outputs=[new_output("display_data", data)], id="seen")


def with_feedback(
    notebook: Mapping[str, Any], result: Mapping[str, Any], assignment: Assignment, *, late: bool = False
) -> NotebookNode:
    """Return a graded student's notebook as nbgrader's pages show it.

    Args:
        notebook: The repaired notebook.
        result: What `grade_submission` found.
        assignment: The assignment.
        late: Whether it came late.

    Raises:
        ValueError: The notebook or the result is not of this assignment: a cell or a task is missing, or the points
            are not those of the cell. Without this, nbgrader would give a check cell without output full marks.
    """
    released = json.loads(assignment.release)
    known = {grade_id(cell): cell for cell in released["cells"] if grade_id(cell)}
    found = {task["task"]: task for task in result["tasks"]}
    book = nbformat.from_dict({**released, "cells": []})
    if sentences := _seen(result, late):
        book.cells.append(_about(sentences))
    missing = set(known)
    for number, given in enumerate(notebook["cells"]):
        name = grade_id(given)
        model = known.get(name) if name in missing else None
        missing.discard(name)
        kind = (model or given).get("cell_type", "")
        source = _source(given)
        if model and _is_empty(source, model):
            source = _source(model)  # nbgrader gives nothing for exactly what was handed out
        cell = MAKERS.get(kind, new_raw_cell)(source)
        cell.id = model["id"] if model else f"added-{number}"  # whoever copies a cell copies its id
        if model:
            cell.metadata = nbformat.from_dict(model["metadata"])
            about = cell.metadata.nbgrader
            if about.grade and not about.solution:
                cell.outputs = outputs(_matching(found, name, float(about.points)))
            elif about.grade and kind == "code":  # an experiment, which a person reads
                cell.outputs = _handed_in(given)
        if kind == "markdown" and (pictures := _pictures(given)):
            cell.attachments = nbformat.from_dict(pictures)
        book.cells.append(cell)
    if missing:
        raise ValueError(f"the notebook of {result['student']} lacks cells of {assignment.name}: {sorted(missing)}")
    return book


def _handed_in(cell: Mapping[str, Any]) -> list[NotebookNode]:
    """Return the pictures and the text that a cell of the student's notebook showed."""
    shown = [kept for each in cell.get("outputs") or () if (kept := output(mapping(each)))]
    return [new_output("stream", text=NOT_RUN), *map(nbformat.from_dict, shown)] if shown else []


def _is_empty(source: str, model: Mapping[str, Any]) -> bool:
    """Whether a cell that a person would have to read holds no answer."""
    about = model["metadata"]["nbgrader"]
    return bool(about["grade"] and about["solution"] and source.strip() in {"", _source(model).strip()})


def _matching(found: Mapping[str, Mapping[str, Any]], task: str, points: float) -> Mapping[str, Any]:
    if task not in found:
        raise ValueError(f"the result says nothing of {task}")
    if float(found[task]["of"]) != points or not 0 <= float(found[task]["points"]) <= points:
        raise ValueError(
            f"{task} was graded with {found[task]['points']:g} of {found[task]['of']:g} points, "
            f"but the notebook gives it {points:g}: was it handed out before the specification changed?"
        )
    return found[task]
