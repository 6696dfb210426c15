"""The gradebook: nbgrader's own, written through its own interface, one student at a time, whole or not at all.

What a person gave on nbgrader's pages (marks, extra credit, comments) stays. Where the answer has changed since then,
the old mark stays visible and nbgrader asks for a person again. Who could not be graded is not entered; nbgrader would
count any entry as points.
"""

from __future__ import annotations

import json
import logging
import os
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.preprocessors import SaveCells
from sqlalchemy.orm import Session

from nbjudge.course.folder import RefusalError, plain, write
from nbjudge.nbgrader.authoring import Assignment
from nbjudge.nbgrader.autograded import grade_id, solution_of, with_feedback
from nbjudge.nbgrader.marks import Marks, read

__all__ = ["Books", "Marks", "doubt", "scripts_on_path"]

NO_ANSWER = "No response."  # nbgrader's words for an answer that is still what was handed out
READ_ONLY = 0o444  # as nbgrader leaves what it graded


@contextmanager
def scripts_on_path() -> Iterator[None]:
    """Let nbgrader find the programs that it calls by name, where the environment is not activated."""
    before = os.environ.get("PATH")
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), *([before] if before else [])])
    try:
        yield
    finally:
        if before is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = before


def _names(name: str) -> tuple[str, str] | None:
    """Return first and last name, without what a page would take for a tag, or a spreadsheet for a formula."""
    shown = " ".join("".join(letter for letter in name if letter.isprintable() and letter not in '<>&"').split())
    if not (shown := shown.lstrip("=+-@ ")):
        return None
    if "," in shown:
        last, _, first = shown.partition(",")
    else:
        first, _, last = shown.rpartition(" ")
    return first.strip()[:128], last.strip()[:128]


class Books:
    """The gradebook of a course folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.path = self.folder.resolve() / "gradebook.db"
        self.url = f"sqlite:///{self.path}"
        self._cells: dict[str, dict[str, tuple[str, float]]] = {}

    def __enter__(self) -> Books:
        if not self.path.exists():  # made aside, so that a crash leaves none or a whole one
            new = self.path.with_name(".gradebook.db.new")
            new.unlink(missing_ok=True)
            with scripts_on_path():
                Gradebook(f"sqlite:///{new}").close()
            os.replace(new, self.path)
        with scripts_on_path():  # asked for again where the file is there, but empty
            self._book = Gradebook(self.url)
        return self

    def __exit__(self, *error: object) -> None:
        self._book.close()

    @contextmanager
    def _once(self) -> Iterator[Session]:
        """Make one transaction of what nbgrader's methods do: each of them would commit on its own."""
        session = self._book.db()
        session.commit = session.flush
        try:
            yield session
        except BaseException:
            session.rollback()
            raise
        else:
            del session.commit
            session.commit()
        finally:
            with suppress(AttributeError):
                del session.commit
            self._book.db.remove()  # what others write meanwhile is read anew

    def add_assignment(self, assignment: Assignment) -> None:
        """Enter an assignment, or what has changed of it, as `nbgrader generate_assignment` does.

        Raises:
            RefusalError: Cells were added or taken away after submissions had been entered.
        """
        name = assignment.name
        self._cells.pop(name, None)
        self._book.update_or_create_assignment(name)
        self._book.db.remove()
        about = {"notebook": name, "assignment": name, "student": ".", "db_url": self.url}
        save = SaveCells()
        save.log = logging.getLogger(__name__)
        # What is handed out has what students' cells are compared with: neither solutions nor mark schemes.
        try:
            save.preprocess(nbformat.reads(assignment.release, as_version=4), {"nbgrader": about})
        except RuntimeError as error:
            raise RefusalError(
                f"{name} has other cells than when its first submissions were entered, and nbgrader cannot change that "
                "any more: give the new version another name, or put the old one back"
            ) from error

    def _graded(self, name: str) -> dict[str, tuple[str, float]]:
        """Return the name and the points of each cell that is graded, by its key in the database."""
        if name not in self._cells:
            try:
                notebook = self._book.find_notebook(name, name)
            except MissingEntry:
                raise RefusalError(f"the gradebook knows no assignment {name}: grade its download again") from None
            self._cells[name] = {cell.id: (cell.name, float(cell.max_score)) for cell in notebook.grade_cells}
        return self._cells[name]

    def record(
        self,
        assignment: Assignment,
        result: Mapping[str, Any],
        notebook: Mapping[str, Any] | None,
        *,
        name: str,
        late: bool = False,
    ) -> None:
        """Enter one student's result, and write the notebook that nbgrader's pages show.

        The same again changes nothing. The gradebook is written first: whether an answer has changed is seen from the
        notebook that the pages showed when it was marked, so that one must not be overwritten before.

        Args:
            assignment: The assignment; it must have been added.
            result: What `grade_submission` found. Of who was not graded nothing is entered; if there is an entry from
                before, it stays visible, and waits for a person.
            notebook: The repaired notebook.
            name: The student's name as shown.
            late: Whether it came late. That costs no points here.

        Raises:
            ValueError: Result, notebook and assignment do not belong together.
        """
        student = plain(str(result["student"]))
        if result["state"] != "graded" or notebook is None:
            self._doubt(assignment.name, student)
            return
        book = with_feedback(notebook, result, assignment, late=late)
        path = self.folder / "autograded" / student / assignment.name / f"{assignment.name}.ipynb"
        changed = _changed(path, book)
        with self._once() as session:
            self._enter(session, assignment.name, student, name, book, changed)
        text = nbformat.writes(book, version=nbformat.NO_CONVERT) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            write(path, text, mode=READ_ONLY)

    def _enter(
        self, session: Session, name: str, student: str, shown: str, book: NotebookNode, changed: set[str]
    ) -> None:
        graded = self._graded(name)
        names = _names(shown)
        entry = self._book.update_or_create_student(student)
        if names and entry.first_name is None and entry.last_name is None:  # a person may have put it right
            entry.first_name, entry.last_name = names
        try:
            sheet = self._book.find_submission_notebook(name, name, student)
        except MissingEntry:
            with session.no_autoflush:  # else SQLAlchemy warns of what add_submission has not added yet
                self._book.add_submission(name, student)
            sheet = self._book.find_submission_notebook(name, name, student)
        cells = {grade_id(cell): cell for cell in book.cells}
        for grade in session.query(Grade).filter_by(notebook_id=sheet.id):
            task, _ = graded[grade.cell_id]
            points, _ = utils.determine_grade(cells[task])
            again = task in changed or solution_of(task) in changed or grade.auto_score != points
            marked = grade.manual_score is not None
            # A mark that was asked for again and not given yet is still asked for.
            grade.needs_manual_grade = (again or grade.needs_manual_grade) if marked else points is None
            grade.auto_score = points
        for comment, cell in (
            session.query(Comment, BaseCell.name)
            .join(BaseCell, BaseCell.id == Comment.cell_id)
            .filter(Comment.notebook_id == sheet.id)
        ):
            own = cells[cell]
            untouched = own.metadata.nbgrader.get("checksum") == utils.compute_checksum(own)
            comment.auto_comment = NO_ANSWER if untouched else None

    def _doubt(self, name: str, student: str) -> None:
        """Let an entry from an earlier grading wait for a person."""
        with self._once():
            try:
                sheet = self._book.find_submission_notebook(name, name, student)
            except MissingEntry:
                return
            doubt(sheet)

    def marks(self, assignment: Assignment) -> dict[str, Marks]:
        """Return what the gradebook says of every student of an assignment."""
        with self._once() as session:
            try:
                return read(session, assignment.name, self._graded(assignment.name))
            except RefusalError:
                return {}


def doubt(sheet: SubmittedNotebook) -> None:
    """Let the points of an earlier grading wait for a person; what a person gave is not asked for again."""
    for grade in sheet.grades:
        grade.needs_manual_grade = grade.needs_manual_grade or grade.manual_score is None


def _changed(path: Path, book: NotebookNode) -> set[str]:
    """Return the cells that differ from those in the notebook that was written last; all of them if there is none."""
    now = {grade_id(cell): cell.source for cell in book.cells if grade_id(cell)}
    try:
        before = json.loads(path.read_text(encoding="utf-8"))["cells"]
        old = {grade_id(cell): "".join(cell["source"]) for cell in before}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set(now)
    return {name for name, source in now.items() if old.get(name) != source}
