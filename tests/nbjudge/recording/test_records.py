"""What is kept of each student on the disk, and that nothing halved or foreign is believed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.nbjudge import small

from attnbook.classroom.subject import SUBJECT
from nbjudge.course.folder import Course, create, write
from nbjudge.recording import records
from nbjudge.recording.records import Record

ASSIGNMENT = small.assignment()
ANNA = Record("anna", "Anna Ö", "k", small.result("anna"), True, {"id": 7}, ("late",), False)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return create(tmp_path / "course", small.SUBJECT)


def test_a_record_comes_back_as_it_was_kept(course: Course) -> None:
    records.save(course, small.NAME, ANNA)
    assert records.load_all(course, ASSIGNMENT) == {"anna": ANNA}


HALF = '{"student": "anna", "name": "Anna", "key": "", "notes": [], "result": {"state": "graded"}}'
BARE = '{"student": "anna", "name": "Anna", "key": "", "notes": [], "result": "state"}'


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"student": "ben"}', "\ufffd", HALF, BARE])
def test_a_damaged_record_counts_as_not_graded(course: Course, content: str) -> None:
    records.save(course, small.NAME, ANNA)
    path = course.results(small.NAME) / "anna.json"
    path.write_text(content, encoding="utf-8")
    (path.parent / ".ben.json.new").write_text("half", encoding="utf-8")
    (found,) = records.load_all(course, ASSIGNMENT).values()
    assert (found.student, found.key, found.graded) == ("anna", "", False)
    assert found.result["because"] == f"{path} is damaged: grade the download again"


def test_a_file_that_is_anothers_is_no_record(course: Course) -> None:
    records.save(course, small.NAME, ANNA)
    folder = course.results(small.NAME)
    (folder / "ben.json").write_bytes((folder / "anna.json").read_bytes())
    assert [one.graded for one in records.load_all(course, ASSIGNMENT).values()] == [True, False]


def test_ids_are_known_by_number_else_by_name(course: Course) -> None:
    numbered = Record("li-4711", "李", "", small.result("li-4711"), lms={"system": "canvas", "id": "4711"})
    records.save(course, small.NAME, ANNA)
    records.save(course, "another", numbered)
    assert records.known_ids(course, small.NAME) == {"name Anna Ö": "anna"}
    write(course.source("another"), "{}")
    assert records.known_ids(course, small.NAME) == {"name Anna Ö": "anna", "canvas 4711": "li-4711"}


def test_the_version_covers_all_code_that_decides_about_points() -> None:
    """Every module of the classroom that grading a submission loads, and the mathematics behind the references."""
    modules = [file for module in SUBJECT.decides for file in records._files_of(module)]
    counted = {path for _, path in [*records._files_of_grader(), *modules]}
    start = records.SOURCE / "nbjudge" / "grading" / "grade.py"
    reached, ahead = set[Path](), [start, *(records.SOURCE / "attnbook" / "classroom" / "specs").rglob("*.py")]
    while ahead:
        path = ahead.pop()
        reached.add(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                found = records.SOURCE / f"{name.replace('.', '/')}.py"
                ahead += [found] if found.exists() and found not in reached else []
    assert len(reached) > 8
    assert {path.relative_to(records.SOURCE) for path in reached - counted} == set()
