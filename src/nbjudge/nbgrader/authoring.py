"""From the text of an assignment to the teacher's notebook, and from there to the notebook that is handed out.

The text is a MyST notebook in which each cell's metadata says its role (`sources.ROLES`). The teacher's notebook
carries nbgrader's metadata; what students get is made from it by nbgrader's own preprocessors, without a database.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import preprocessors as nbgrader

from nbjudge.course.assignment import Assignment
from nbjudge.judging.catalogue import UnknownTaskError
from nbjudge.judging.hidden import HiddenError, fitting, properties
from nbjudge.judging.spec import Property, Task
from nbjudge.nbgrader.sources import ANSWER, AuthorError, Piece, read
from nbjudge.subject import Subject

__all__ = ["ANSWER", "Assignment", "AuthorError", "generate", "load", "release", "teachers", "written"]

STUB = "raise NotImplementedError"
EXPERIMENT = "# Your experiment:"
INSTALL = "install"  # the id of the cell that installs the package on Google Colab
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def nbgrader_metadata(piece: Piece, grade_id: str, points: float) -> dict[str, Any]:
    """Return what nbgrader wants to know about a cell."""
    graded = piece.role in {"check", "words", "experiment"}
    own = piece.role in {"solution", "words", "experiment"}
    known = {"schema_version": 3, "grade_id": grade_id, "grade": graded, "solution": own, "locked": not own}
    return known | {"task": False} | ({"points": float(points)} if graded else {})


def teachers(
    text: str,
    name: str,
    tasks: Sequence[Task],
    subject: Subject,
    *,
    hidden: dict[str, tuple[Property, ...]] | None = None,
    install: str = "",
    origin: str = "",
) -> NotebookNode:
    """Return the teacher's notebook, with solutions and mark schemes, ready for nbgrader.

    Args:
        text: The assignment's source text.
        name: Its name, for example "02_scoring".
        tasks: The tasks of its chapter, in order; each must be in the text.
        subject: The course that it belongs to.
        hidden: The teacher's own properties, which add to the points of a task.
        install: A cell that comes first and makes the package available where it is not.
        origin: What to call the text in error messages.
    """
    origin = origin or f"{name}.md"
    hidden = hidden or {}
    source = read(text, tasks, subject, origin)
    if strangers := sorted(set(hidden) - {task.name for task in tasks}):
        words = f"the hidden properties are for tasks that it does not have: {', '.join(strangers)}"
        raise AuthorError([f"{origin}: {words}"])
    try:
        worth = {task.name: fitting(task, hidden.get(task.name, ()), origin) for task in tasks}
    except HiddenError as error:
        raise AuthorError([str(error)]) from error
    cells: list[NotebookNode] = []
    seen: Counter[str] = Counter()
    pieces = list(source.pieces)
    if install:
        pieces.insert(min(1, len(pieces)), Piece("code", "look", install, 0, task=INSTALL))
    for piece in pieces:
        points = worth[piece.task] if piece.role == "check" else piece.points
        if piece.role == "check" and piece.points not in {0.0, points}:
            words = f"says {piece.points:g} points, but the task's properties are worth {points:g}"
            raise AuthorError([f"{piece.place(origin)}: {words}"])
        identity = _identity(piece, seen)
        roles = {"role": piece.role} | ({"task": piece.task} if piece.task not in {"", INSTALL} else {})
        metadata = {subject.key: roles, "nbgrader": nbgrader_metadata(piece, identity, points)}
        make = nbformat.v4.new_code_cell if piece.kind == "code" else nbformat.v4.new_markdown_cell
        cells.append(make(piece.source, id=identity, metadata=nbformat.from_dict(metadata)))
    about = {"assignment": name, "chapter": source.chapter, "minutes": source.minutes}
    return nbformat.v4.new_notebook(cells=cells, metadata=nbformat.from_dict(KERNEL | {subject.key: about}))


def _identity(piece: Piece, seen: Counter[str]) -> str:
    """Return a cell's id, which is also its grade_id: the task's name, or one made from the text."""
    if piece.role in {"check", "words", "experiment"} or piece.task == INSTALL:
        return piece.task
    if piece.role == "solution":
        return f"{piece.task}-solution"
    name = f"{piece.role}-{hashlib.sha256(piece.source.encode()).hexdigest()[:10]}"
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}-{seen[name]}"


class ClearSolutions(nbgrader.ClearSolutions):  # type: ignore[misc]
    """Clears solutions; of an experiment, only what stands between the marks: it may start with something to try."""

    def preprocess_cell(self, cell: NotebookNode, resources: Any, cell_index: int) -> tuple[NotebookNode, Any]:
        """Put a stub in place of a solution."""
        about = cell.metadata.get("nbgrader", {})
        if not (cell.cell_type == "code" and about.get("grade") and about.get("solution")):
            return super().preprocess_cell(cell, resources, cell_index)  # type: ignore[no-any-return]
        self.code_stub = {"python": EXPERIMENT}
        try:
            self._replace_solution_region(cell, "python")
        finally:
            self.code_stub = {"python": STUB}
        return cell, resources


def release(notebook: NotebookNode) -> NotebookNode:
    """Return what students get of a teacher's notebook: nbgrader's `generate_assignment`, without its database."""
    notebook = nbformat.reads(nbformat.writes(notebook), as_version=4)  # a copy
    quiet = logging.getLogger(__name__)
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    steps = [
        nbgrader.LockCells(),
        ClearSolutions(code_stub={"python": STUB}, text_stub=ANSWER),
        nbgrader.ClearOutput(),
        nbgrader.CheckCellMetadata(),
        nbgrader.ClearHiddenTests(),
        nbgrader.ClearMarkScheme(enforce_metadata=False),  # a mark scheme may stand in a code cell, an experiment
        nbgrader.ComputeChecksums(),
        nbgrader.CheckCellMetadata(),
    ]
    resources: dict[str, Any] = {}
    for step in steps:
        step.log = quiet  # what is wrong is raised as well
        notebook, resources = step.preprocess(notebook, resources)
    return notebook


def written(notebook: NotebookNode) -> str:
    """Return the bytes of a notebook as text, always the same for the same notebook."""
    return f"{nbformat.writes(notebook, version=nbformat.NO_CONVERT)}\n"


def load(folder: Path, name: str, subject: Subject) -> Assignment:
    """Return an assignment from an author's folder, or from a course folder in nbgrader's layout.

    An author's folder has `source/NAME.md`, perhaps `hidden/CHAPTER.py`, and, where it is kept, what is handed out in
    `release/NAME/NAME.ipynb`.

    Raises:
        AuthorError: If it is not there, or what is handed out is not what the author's text makes.
    """
    text = folder / "source" / f"{name}.md"
    released = folder / "release" / name / f"{name}.ipynb"
    if not text.is_file():
        return _from_course(folder, name, released, subject)
    out = released.read_text(encoding="utf-8") if released.is_file() else ""
    install = next((cell.source for cell in nbformat.reads(out, 4).cells if cell.id == INSTALL), "") if out else ""
    made = generate(folder, name, subject, install=install)
    if out and made.release != out:
        raise AuthorError([f"{released} is not what {text.name} makes: {subject.regenerate}"])
    return made


def generate(folder: Path, name: str, subject: Subject, *, install: str = "") -> Assignment:
    """Return an assignment as the texts in an author's folder make it, with the cell that installs the package.

    Raises:
        AuthorError: If its text does not fit its tasks or its hidden properties.
    """
    chapter = re.sub(r"^[0-9]+_", "", name)
    text, hidden = folder / "source" / f"{name}.md", folder / "hidden" / f"{chapter}.py"
    secret = hidden.read_text(encoding="utf-8") if hidden.is_file() else ""
    try:
        tasks = subject.catalogue.tasks_of(chapter)
        asked = properties(secret, hidden.name)
    except (UnknownTaskError, HiddenError) as error:
        raise AuthorError([f"{text}: {error}"]) from error
    written_so = text.read_text(encoding="utf-8")
    notebook = teachers(written_so, name, tasks, subject, hidden=asked, install=install, origin=str(text))
    names = tuple(task.name for task in tasks)
    return Assignment(name, chapter, written(release(notebook)), written(notebook), secret, names, subject)


def _from_course(folder: Path, name: str, released: Path, subject: Subject) -> Assignment:
    source = folder / "source" / name / f"{name}.ipynb"
    for path in (source, released):
        if not path.is_file():
            raise AuthorError([f"{path} is missing, and so is {folder / 'source' / name}.md: is {folder} a course?"])
    text = source.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    if "chapter" not in (about := subject.about(notebook.metadata)):
        raise AuthorError(
            [f"{source} has no entry {subject.key!r} in its metadata: it is no notebook of {subject.title}"]
        )
    chapter = str(about["chapter"])
    hidden = folder / "private" / "hidden" / f"{chapter}.py"
    secret = hidden.read_text(encoding="utf-8") if hidden.is_file() else ""
    entries = [subject.about(cell.metadata) for cell in notebook.cells]
    tasks = tuple(str(entry["task"]) for entry in entries if entry.get("role") == "check")
    return Assignment(name, chapter, released.read_text(encoding="utf-8"), text, secret, tasks, subject)
