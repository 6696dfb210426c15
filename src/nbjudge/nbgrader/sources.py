"""Reads the text of an assignment and tells its author, with file and line, what does not fit together."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import yaml
from jupytext.myst import MystMetadataParsingError, myst_to_notebook

from nbjudge.judging.spec import Task
from nbjudge.subject import Subject

__all__ = ["ANSWER", "ROLES", "AuthorError", "Piece", "Source", "read"]

# What a cell may be, and what kind of cell it then is.
ROLES = {
    "text": "markdown",  # prose: locked
    "given": "code",  # handed out, locked, run when graded: NumPy only
    "look": "code",  # handed out, locked, not run when graded: figures and whatever is slow
    "solution": "code",  # the student's function
    "check": "code",  # check("task", task): nbgrader's autograded cell
    "experiment": "code",  # the student's free cell, read by a person
    "words": "markdown",  # the student's answer in words, read by a person
}
MARKED = {"words", "experiment"}  # by a person, with points of the author's
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
SCHEME = re.compile(r"^### BEGIN MARK SCHEME$.*?^### END MARK SCHEME$\n?", re.MULTILINE | re.DOTALL)
ANSWER = "*Write your answer here.*"
SPHINX = re.compile(r"^(`{3,}|:{3,})\{[a-z-]+\}|\{[a-z:-]+\}`", re.MULTILINE)
NAME = re.compile(r"[a-z][a-z0-9_]*")


class AuthorError(ValueError):
    """What an author has to mend, one sentence each."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = tuple(sentences)


@dataclass(frozen=True)
class Piece:
    """One cell of the text."""

    kind: str
    role: str
    source: str
    line: int
    task: str = ""
    points: float = 0.0

    def place(self, origin: str) -> str:
        """Say where it is, and how it begins."""
        first = next((line.strip() for line in self.source.splitlines() if line.strip()), "an empty cell")
        return f"{origin}, line {self.line} ({first[:50]})"


@dataclass(frozen=True)
class Source:
    """An assignment as its author wrote it."""

    chapter: str
    minutes: int
    pieces: tuple[Piece, ...]


def read(text: str, tasks: Sequence[Task], subject: Subject, origin: str) -> Source:
    """Return the assignment that a text describes; raise :class:`AuthorError` with all that is wrong with it."""
    try:
        notebook = myst_to_notebook(text, add_source_map=True)
    except (MystMetadataParsingError, yaml.YAMLError) as error:
        raise AuthorError([f"{origin}: {error}"]) from error
    about = notebook.metadata.get("assignment")
    if not isinstance(about, dict) or set(about) != {"chapter", "minutes"}:
        raise AuthorError([f"{origin}: the first lines want `assignment: {{chapter: scoring, minutes: 75}}`"])
    pieces, sentences, lines = [], [], text.splitlines()
    if strangers := {task.chapter for task in tasks} - {about["chapter"]}:
        sentences.append(f"{origin}: says chapter {about['chapter']!r}, but its tasks are of {strangers.pop()!r}")
    for cell, line in zip(notebook.cells, notebook.metadata.source_map, strict=True):
        known = {"markdown": "text", "code": "given"}.get(cell.cell_type, "raw")
        role = cell.metadata.get("role", known)
        # jupytext tells where a cell begins; from there its own first line is not far.
        first = next((own for own in cell.source.splitlines() if own.strip()), "")
        number = next((place for place in range(line, len(lines)) if first and lines[place] == first), line) + 1
        piece = Piece(cell.cell_type, role, cell.source, number, str(cell.metadata.get("task", "")))
        points = cell.metadata.get("points", 0)
        if strangers := set(cell.metadata) - {"role", "task", "points"}:
            sentences.append(
                f"{piece.place(origin)}: a cell has no {sorted(strangers)[0]!r}; it has role, task, points"
            )
        elif not isinstance(points, int | float) or isinstance(points, bool) or points < 0:
            sentences.append(f"{piece.place(origin)}: points is {points!r}; write a number")
        elif role not in ROLES:
            sentences.append(f"{piece.place(origin)}: unknown role {role!r}; there are {', '.join(ROLES)}")
        elif ROLES[role] != cell.cell_type:
            sentences.append(f"{piece.place(origin)}: the role {role!r} is for a {ROLES[role]} cell")
        else:
            pieces.append(replace(piece, points=float(points)))
    for piece in pieces:
        sentences += [f"{piece.place(origin)}: {words}" for words in _faults(piece, tasks)]
    if not sentences:
        sentences = [f"{origin}: {words}" for words in _disorder(pieces, tasks, subject)]
    if sentences:
        raise AuthorError(sentences)
    return Source(str(about["chapter"]), int(about["minutes"]), tuple(pieces))


def _faults(piece: Piece, tasks: Sequence[Task]) -> Iterator[str]:
    """Say what is wrong with one cell."""
    names = [task.name for task in tasks]
    marks = (piece.source.count("BEGIN SOLUTION"), piece.source.count("END SOLUTION"))
    if piece.role in {"solution", "check"} and piece.task not in names:
        yield f"the task {piece.task!r} has no specification; this chapter has {', '.join(names) or 'none'}"
        return
    if piece.role in MARKED:
        if not NAME.fullmatch(piece.task):
            yield f"needs a task with a name such as why_divide, not {piece.task!r}"
        if piece.points <= 0:
            yield "needs points, which a person will give"
    elif piece.role not in {"solution", "check"} and (piece.task or piece.points):
        yield f"task and points are not for the role {piece.role!r}"
    if piece.role == "solution":
        yield from _solution(piece, marks)
    elif marks != (0, 0) and piece.role != "experiment":
        yield f"solution marks stand in a cell of the role {piece.role!r}, and would be handed out"
    if piece.role == "check" and piece.source.strip() != f'check("{piece.task}", {piece.task})':
        yield f'must hold one line, check("{piece.task}", {piece.task})'
    left = SCHEME.sub("", piece.source)
    if "MARK SCHEME" in left or (left != piece.source and piece.role not in MARKED):
        yield "mark schemes stand in cells that a person reads, each between its own BEGIN and END line"
    if piece.role == "words" and (left == piece.source or left.strip() != ANSWER):
        yield f"an answer cell holds a mark scheme and {ANSWER!r}, and nothing else; the question stands before it"
    if piece.kind == "markdown" and (found := SPHINX.search(piece.source)):
        yield f"{found[0]!r} means nothing in a notebook: write plain Markdown"
    if "HIDDEN TESTS" in piece.source:
        yield "hidden tests stand in hidden/<chapter>.py, not in the notebook"


def _solution(piece: Piece, marks: tuple[int, int]) -> Iterator[str]:
    """Say what is wrong with a solution cell: what is left of it must define the function and work as a stub."""
    lines = piece.source.splitlines()
    begins = [place for place, line in enumerate(lines) if line.strip() == BEGIN]
    ends = [place for place, line in enumerate(lines) if line.strip() == END]
    if marks != (1, 1) or len(begins) != 1 or len(ends) != 1 or begins[0] > ends[0]:
        yield f"needs one line {BEGIN!r} and one line {END!r} after it"
        return
    indent = lines[begins[0]][: -len(BEGIN)]
    stub = "\n".join([*lines[: begins[0]], f"{indent}raise NotImplementedError", *lines[ends[0] + 1 :]])
    for what, code in (("the solution", piece.source), ("what is handed out", stub)):
        try:
            body = ast.parse(code).body
        except SyntaxError as error:
            yield f"{what} is not Python: {error.msg} in line {error.lineno} of the cell"
            return
        functions = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == piece.task]
        if len(functions) != 1:
            yield f"{what} must define the function {piece.task} once"
        elif not ast.get_docstring(functions[0]):
            yield f"the docstring of {piece.task} must stand before {BEGIN!r}: it is handed out"


def _disorder(pieces: Sequence[Piece], tasks: Sequence[Task], subject: Subject) -> Iterable[str]:
    """Say what is wrong with the whole."""
    order = {role: [piece.task for piece in pieces if piece.role == role] for role in ("solution", "check")}
    names = [task.name for task in tasks]
    for role, found in order.items():
        if found != names:
            words = f"the tasks of the chapter are {', '.join(names)}, in order"
            yield f"the {role} cells are for {', '.join(found) or 'nothing'}; {words}"
    graded = [(piece.role, piece.task) for piece in pieces if piece.role in {"solution", "check"}]
    if not any(order[role] != names for role in order):
        expected = [(role, name) for name in names for role in ("solution", "check")]
        if graded != expected:
            yield "each check cell must come after its own solution and before the next one"
    tasks_of_cells = Counter(piece.task for piece in pieces if piece.role in {"check", *MARKED})
    for task, times in tasks_of_cells.items():
        if times > 1:
            yield f"{times} cells are graded under the name {task!r}"
    first = next((piece for piece in pieces if piece.role == "given"), None)
    if first is None or subject.import_line not in first.source:
        yield f"the first given cell must say `{subject.import_line}`"
