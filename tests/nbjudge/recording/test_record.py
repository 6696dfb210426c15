"""Keeping what was graded: files first, then the gradebook, then the check mark; what is missing is caught up."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.nbjudge import small

from nbjudge.course.folder import Course, create, write
from nbjudge.grading.job import Graded
from nbjudge.nbgrader.gradebook import Books
from nbjudge.recording import record, records
from nbjudge.recording.records import Record

ASSIGNMENT = small.assignment()


@pytest.fixture
def course(tmp_path: Path, gradebook_file: bytes) -> Course:
    write(tmp_path / "course" / "private" / "seed", "5eed" * 16)
    write(tmp_path / "course" / "gradebook.db", gradebook_file)
    return create(tmp_path / "course", small.SUBJECT)


def keep(course: Course, student: str, **more: Any) -> Record:
    """What an earlier command left on the disk, and could not enter any more."""
    found = Record(student, student.title(), "key", small.result(student), **more)
    records.save(course, small.NAME, found)
    write(course.submitted(small.NAME, student), json.dumps(small.notebook(ASSIGNMENT, why_half="Because.")))
    return found


def entered(books: Books) -> dict[str, dict[str, float]]:
    return {student: marks.auto for student, marks in books.marks(ASSIGNMENT).items()}


def test_what_was_graded_is_kept_entered_and_checked_off(course: Course) -> None:
    job = small.job("anna")
    notes = ("It was seen.",)
    job = replace(job, submission=replace(job.submission, late=True, notes=notes, lms={"system": "moodle", "id": "7"}))
    with Books(course.folder) as books:
        for _ in range(2):  # the same again changes nothing, and counts once
            result = small.result("anna", notes=["It printed."])
            record.record(course, job, Graded(result, small.notebook(ASSIGNMENT, why_half="Because.")), books)
        assert entered(books) == {"anna": {"twice": 3.0, "half": 4.0, "try_it": 0.0}}
        assert books.marks(ASSIGNMENT)["anna"].points == 7.0
    lms = {"system": "moodle", "id": "7"}
    expected = Record("anna", "Anna", "key of anna", result, late=True, lms=lms, notes=notes, booked=True)
    assert records.load_all(course, ASSIGNMENT) == {"anna": expected}
    assert course.handed_in(small.NAME, "anna").read_bytes() == b"{}"
    shown = (course.folder / "autograded" / "anna" / small.NAME / f"{small.NAME}.ipynb").read_text(encoding="utf-8")
    assert "It was handed in late." in shown
    assert "It printed." in shown


def test_the_disk_has_a_result_before_the_gradebook(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Books, "record", killed)
    graded = Graded(small.result("anna"), small.notebook(ASSIGNMENT))
    with Books(course.folder) as books, pytest.raises(KeyboardInterrupt):
        record.record(course, small.job("anna"), graded, books)
    (kept,) = records.load_all(course, ASSIGNMENT).values()
    assert (kept.graded, kept.booked) == (True, False)
    assert course.submitted(small.NAME, "anna").exists()


def test_what_was_kept_but_not_entered_is_caught_up(course: Course, gradebook_file: bytes) -> None:
    kept = keep(course, "anna")
    for _ in range(2):
        with Books(course.folder) as books:
            record.catch_up(course, ASSIGNMENT, books)
            assert entered(books)["anna"] | {"try_it": 0.0} == {"twice": 3.0, "half": 4.0, "try_it": 0.0}
        assert records.load_all(course, ASSIGNMENT) == {"anna": replace(kept, booked=True)}
        write(course.folder / "gradebook.db", gradebook_file)  # somebody brings back a copy


def test_a_notebook_that_is_gone_costs_nobody_else_anything(course: Course) -> None:
    keep(course, "anna")
    keep(course, "ben")
    course.submitted(small.NAME, "anna").unlink()
    with Books(course.folder) as books:
        record.catch_up(course, ASSIGNMENT, books)
        assert list(books.marks(ASSIGNMENT)) == ["ben"]
    gone = records.load_all(course, ASSIGNMENT)["anna"]
    assert gone.result["because"].endswith("90_small.ipynb is not there any more: grade the download again")


def test_one_that_does_not_fit_costs_nobody_else_anything(course: Course) -> None:
    keep(course, "ben")
    with Books(course.folder) as books:
        odd = Graded(small.result("anna"), {"cells": []})
        record.record(course, small.job("anna"), odd, books)
        record.catch_up(course, ASSIGNMENT, books)
        assert list(books.marks(ASSIGNMENT)) == ["ben"]
    odd_one = records.load_all(course, ASSIGNMENT)["anna"]
    assert (odd_one.graded, odd_one.booked) == (False, True)
    assert odd_one.result["because"].startswith("it does not fit: ")


def test_a_newer_notebook_that_is_broken_costs_no_points(course: Course) -> None:
    good = Graded(small.result("anna"), small.notebook(ASSIGNMENT, why_half="Because."))
    broken = Graded(records.not_graded("anna", ASSIGNMENT, "the file is cut off"), None)
    with Books(course.folder) as books:
        record.record(course, small.job("anna"), good, books)
        before = books.marks(ASSIGNMENT)
        newer = small.job("anna")
        newer = replace(newer, submission=replace(newer.submission, notebook=b"{", late=True))
        for _ in range(2):
            record.record(course, newer, broken, books)
        assert books.marks(ASSIGNMENT) == before
        kept = records.load_all(course, ASSIGNMENT)["anna"]
        (note,) = kept.notes
        assert "is not graded, because the file is cut off. The points are for the one before." in note
        assert (kept.key, kept.late, kept.booked) == ("key of anna", True, True)
        folder = course.handed_in(small.NAME, "anna").parent
        assert (folder / "anna.ipynb").read_bytes() == b"{}"
        assert [path.read_bytes() for path in (folder / "not-graded").iterdir()] == [b"{"]
        record.record(course, small.job("anna"), broken, books)  # the very one that the points are for
        assert not records.load_all(course, ASSIGNMENT)["anna"].graded


def test_an_earlier_version_of_a_students_work_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "anna.ipynb"
    for content in (b"one", b"one", b"two"):
        record._set_aside(path, content)
        path.write_bytes(content)
    (earlier,) = (tmp_path / "earlier").iterdir()
    assert earlier.read_bytes() == b"one"
