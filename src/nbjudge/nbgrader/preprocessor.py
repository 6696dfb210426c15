"""What makes the stock command `nbgrader autograde` safe: student code runs in the sandbox, not in the grader's kernel.

nbgrader lets a course say which class reads a submission and which one runs it. Here the reader repairs what it can, so
that one bad file does not stop the others, and the runner asks `grade_submission` and writes what it found under the
check cells, where nbgrader's own next step reads the points.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool

from nbjudge.course.folder import Course, RefusalError, opened
from nbjudge.grading.grade import grade_submission
from nbjudge.nbgrader.authoring import Assignment, load
from nbjudge.nbgrader.autograded import with_feedback
from nbjudge.nbgrader.gradebook import doubt
from nbjudge.repairing.repair import repair
from nbjudge.sandbox import process

__all__ = ["NotGradedError", "RepairingExporter", "SandboxedTests"]


class NotGradedError(NbGraderException):  # type: ignore[misc]
    """One submission was not graded; the words say why. The others go on."""


@contextmanager
def _or_forgotten(about: dict[str, str]) -> Iterator[None]:
    """If grading fails, take away the entry that nbgrader makes before it looks at a submission.

    Without an entry a student has not been graded; with an empty one, nbgrader's lists say zero points. An entry with
    marks of an earlier grading stays, and waits for a person.
    """
    try:
        yield
    except Exception:
        name, student = about["assignment"], about["student"]
        with Gradebook(about["db_url"]) as book, suppress(MissingEntry):
            sheet = book.find_submission_notebook(name, name, student)
            marks = [(grade.auto_score, grade.manual_score, grade.extra_credit) for grade in sheet.grades]
            said = [comment.manual_comment for comment in sheet.comments]
            if any(mark is not None for row in (*marks, said) for mark in row):
                doubt(sheet)
                book.db.commit()
            else:
                book.remove_submission(name, student)
        raise


class RepairingExporter(NotebookExporter):
    """Reads what a student handed in, whatever it is, and gives nbgrader the released notebook with the work in it."""

    handed_in = b""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)  # type: ignore[no-untyped-call]
        SandboxedTests(parent=self).insist()

    @property
    def course(self) -> Course:
        """The course."""
        converter: Any = self.parent
        try:
            course = opened(Path(converter.coursedir.root))
            assert course.subject  # or it was made by an earlier version, and is refused
            return course
        except RefusalError as refusal:
            raise NbGraderException(f"Nothing was graded: {refusal}.") from refusal

    def assignment(self, about: dict[str, str]) -> Assignment:
        """Return the assignment that nbgrader is at."""
        return load(self.course.folder, about["assignment"], self.course.subject)

    def from_file(self, file_stream: Any, resources: Any = None, **options: Any) -> Any:
        """Read a notebook: a submission at first, then, from nbgrader's second step, what came of it."""
        converter: Any = self.parent
        if not converter._sanitizing:
            return super().from_file(file_stream, resources=resources, **options)
        about = resources["nbgrader"]
        with _or_forgotten(about):
            self.handed_in = file_stream.buffer.read()
            repaired = repair(self.handed_in, self.assignment(about))
            for sentence in repaired.repairs:
                self.log.warning("%s: %s", about["student"], sentence)
            if repaired.notebook is None:
                raise NotGradedError(f"{about['student']} was not graded: {repaired.unreadable}")
            text = io.StringIO(json.dumps(repaired.notebook))
            return super().from_file(text, resources=resources, **options)


class SandboxedTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the place of nbgrader's Execute."""

    trust_students = Bool(
        False,
        help="Run student code without a sandbox: it can then read solutions, write marks and delete files of yours.",
    ).tag(config=True)

    def insist(self) -> None:
        """Refuse to begin without a sandbox."""
        if not self.trust_students and (trouble := process.trouble()):
            words = f"Nothing was graded: {trouble}."
            self.log.error(words)
            raise NbGraderException(words)

    def __call__(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Grade, also where somebody set `enabled` to False: nbgrader gives a check cell without output full marks."""
        return self.preprocess(nb, resources)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Grade a submission and write under each check cell what came of it."""
        exporter: RepairingExporter = self.parent
        about = resources["nbgrader"]
        who = {"student": about["student"], "seed": exporter.course.seed, "sandbox": not self.trust_students}
        with _or_forgotten(about):
            assignment = exporter.assignment(about)
            result = grade_submission(exporter.handed_in, assignment, **who).result
            if result["state"] != "graded":
                raise NotGradedError(f"{about['student']} was not graded: {result['because']}")
            return with_feedback(nb, result, assignment), resources
