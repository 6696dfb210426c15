"""The run: who is graded, in which order, by whom, and what happens when a worker dies or a result changes."""

from __future__ import annotations

import ast
import io
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.nbjudge import small
from tests.nbjudge.work import endless, lethal

from attnbook.classroom.subject import SUBJECT
from nbjudge.course.folder import Course, create, write
from nbjudge.grading.executors import DIED, Job, Processes, each
from nbjudge.grading.grade import Limits
from nbjudge.grading.progress import Progress, spoken
from nbjudge.intake.select_notebook import HandedIn
from nbjudge.nbgrader.authoring import Assignment
from nbjudge.nbgrader.gradebook import Books
from nbjudge.recording import record, records

TERMS = record.Terms("a seed", Limits(), True)
GRADED = {
    "state": "graded",
    "assignment": small.NAME,
    "because": "",
    "repairs": [],
    "notes": [],
    "tasks": [],
    "words": [],
    "seconds": 0.0,
}


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return small.assignment()


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return create(tmp_path / "course", small.SUBJECT)


def handed_in(student: str, notebook: bytes | None = b"{}", trouble: str = "", late: bool = False) -> HandedIn:
    return HandedIn(student, student.title(), notebook, trouble, [], late, {})


def job(student: str, assignment: Assignment) -> Job:
    return Job(student, b"{}", assignment, "seed", Limits(), True, records.specs_version(assignment.subject))


# --- what is to be done


def kept(course: Course, assignment: Assignment, one: HandedIn) -> records.Stored:
    """What a grading of this would leave behind."""
    assert one.notebook is not None
    key = records.key_of(one.notebook, assignment, TERMS.seed, TERMS.limits, sandbox=TERMS.sandbox)
    stored = records.Stored(one.student, one.name, key, {**GRADED, "student": one.student}, one.late, {}, (), True)
    records.save(course, assignment.name, stored)
    write(course.submitted(assignment.name, one.student), "{}")
    return stored


def to_do(course: Course, assignment: Assignment, *some: HandedIn, **more: Any) -> set[str]:
    return {item.student for _, item, _ in record.planned(course, assignment, some, TERMS, **more).jobs}


def test_only_who_handed_in_something_else_is_graded_anew(course: Course, assignment: Assignment) -> None:
    anna, ben = handed_in("anna"), handed_in("ben")
    assert to_do(course, assignment, anna, ben) == {"anna", "ben"}
    kept(course, assignment, anna)
    kept(course, assignment, ben)
    assert to_do(course, assignment, anna, ben) == set()
    assert record.planned(course, assignment, [anna, ben], TERMS).done == 2
    assert to_do(course, assignment, anna, replace(ben, notebook=b"{ }")) == {"ben"}
    assert to_do(course, assignment, anna, ben, again=True) == {"anna", "ben"}


@pytest.mark.parametrize(
    "change",
    [
        lambda given, terms: (replace(given, release=given.release + " "), terms),
        lambda given, terms: (replace(given, source=given.source + " "), terms),
        lambda given, terms: (replace(given, hidden="HIDDEN = {}"), terms),
        lambda given, terms: (given, replace(terms, seed="another")),
        lambda given, terms: (given, replace(terms, limits=Limits(seconds=7))),
        lambda given, terms: (given, replace(terms, sandbox=False)),
    ],
    ids=["release", "source", "hidden", "seed", "limits", "sandbox"],
)
def test_whatever_decides_about_points_asks_for_a_new_grading(
    course: Course, assignment: Assignment, change: Callable[..., tuple[Assignment, record.Terms]]
) -> None:
    kept(course, assignment, handed_in("anna"))
    given, terms = change(assignment, TERMS)
    assert len(record.planned(course, given, [handed_in("anna")], terms).jobs) == 1


def test_another_version_of_the_specifications_asks_for_a_new_grading(
    course: Course, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(course, assignment, handed_in("anna"))
    monkeypatch.setattr(records, "specs_version", lambda subject: "another")
    assert to_do(course, assignment, handed_in("anna")) == {"anna"}


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


def test_nothing_handed_in_is_not_graded_and_not_zero(course: Course, assignment: Assignment) -> None:
    assert to_do(course, assignment, handed_in("anna", None, "there is no notebook in the zip")) == set()
    stored = records.load(course, assignment.name, "anna")
    assert stored is not None
    assert stored.result["state"] == "not graded"
    assert stored.result["because"] == "there is no notebook in the zip"
    assert stored.result["tasks"] == []


def test_a_worse_download_takes_nothing_away(course: Course, assignment: Assignment) -> None:
    before = kept(course, assignment, handed_in("anna"))
    plan = record.planned(course, assignment, [handed_in("anna", None, "the folder is empty")], TERMS)
    assert plan.kept == (("Anna", "the folder is empty"),)
    assert record.planned(course, assignment, [handed_in("ben")], TERMS).kept == ()
    assert records.load(course, assignment.name, "anna") == before


def test_late_now_is_noted_without_a_new_grading(course: Course, assignment: Assignment) -> None:
    before = kept(course, assignment, handed_in("anna"))
    assert to_do(course, assignment, handed_in("anna", late=True)) == set()
    assert records.load(course, assignment.name, "anna") == replace(before, late=True, booked=False)


def test_a_folder_takes_nothing_away_that_a_platform_knew(course: Course, assignment: Assignment) -> None:
    lms = {"system": "canvas", "id": "4711", "name": "ada"}
    records.save(course, assignment.name, replace(kept(course, assignment, handed_in("ada", late=True)), lms=lms))
    record.planned(course, assignment, [replace(handed_in("ada"), name="ada-4711")], TERMS)
    stored = records.load(course, assignment.name, "ada")
    assert stored is not None
    assert (stored.lms, stored.name, stored.late) == (lms, "Ada", True)
    plan = record.planned(course, assignment, [handed_in("ada", b"{ }")], TERMS)
    assert plan.jobs[0][0].lms == lms


def test_the_order_of_work_does_not_follow_names_or_the_download(course: Course, assignment: Assignment) -> None:
    some = [handed_in(f"student-{i:02}") for i in range(20)]

    def order(those: list[HandedIn]) -> list[str]:
        return [item.student for _, item, _ in record.planned(course, assignment, those, TERMS).jobs]

    assert order(some) == order(some[::-1])
    assert order(some) != sorted(order(some))


# --- what is kept


def test_a_result_comes_back_as_it_was_kept(course: Course, assignment: Assignment) -> None:
    stored = records.Stored("anna", "Anna Ö", "k", {**GRADED, "student": "anna"}, True, {"id": 7}, ("late",), False)
    records.save(course, assignment.name, stored)
    assert records.load_all(course, assignment) == {"anna": stored}


HALF = '{"student": "anna", "name": "Anna", "key": "", "notes": [], "result": {"state": "graded"}}'
BARE = '{"student": "anna", "name": "Anna", "key": "", "notes": [], "result": "state"}'


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"student": "ben"}', "\ufffd", HALF, BARE])
def test_a_damaged_result_is_reported_and_graded_anew(course: Course, assignment: Assignment, content: str) -> None:
    kept(course, assignment, handed_in("anna"))
    path = course.results(assignment.name) / "anna.json"
    path.write_text(content, encoding="utf-8")
    (path.parent / ".ben.json.new").write_text("half", encoding="utf-8")
    assert to_do(course, assignment, handed_in("anna")) == {"anna"}
    (stored,) = records.load_all(course, assignment).values()
    assert stored.result["because"] == f"{path} is damaged: grade the download again"


def test_a_file_that_is_anothers_is_no_result(course: Course, assignment: Assignment) -> None:
    kept(course, assignment, handed_in("ben"))
    folder = course.results(assignment.name)
    (folder / "anna.json").write_bytes((folder / "ben.json").read_bytes())
    assert to_do(course, assignment, handed_in("anna"), handed_in("ben")) == {"anna"}


# --- who works at it


def test_who_kills_the_worker_is_not_graded_and_costs_nobody_else_anything(
    assignment: Assignment, tmp_path: Path
) -> None:
    students = ["unlucky", "anna", "ben", "cleo", "dora", "killer", "emil"]
    jobs = [replace(job(student, assignment), seed=str(tmp_path)) for student in students]
    found = [answer for answer in each(Processes(2), jobs, lethal)]
    assert sorted(answer.student for answer in found) == sorted(students)  # each once
    states = {answer.student: answer.result["state"] for answer in found}
    assert {student for student, state in states.items() if state != "graded"} == {"killer"}
    (killer,) = (answer for answer in found if answer.student == "killer")
    assert killer.result["because"] == DIED
    assert len((tmp_path / "killer").read_text().split()) in {2, 3}  # twice alone, and perhaps among others before
    assert len((tmp_path / "unlucky").read_text().split()) == 2
    assert str(os.getpid()) not in (tmp_path / "anna").read_text()


def test_stopping_ends_the_workers_at_once(assignment: Assignment, tmp_path: Path) -> None:
    jobs = [replace(job(student, assignment), seed=str(tmp_path)) for student in ("first", "second", "third")]
    answers = each(Processes(2), jobs, endless)
    assert next(answers).student == "first"
    began = time.monotonic()
    answers.close()
    assert time.monotonic() - began < 10
    for path in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name), 0)


def test_a_worker_with_another_version_grades_nothing(assignment: Assignment) -> None:
    from nbjudge.grading.executors import work

    answer = work(replace(job("anna", assignment), version="older"))
    assert answer.result["state"] == "not graded"
    assert "another version of tests" in answer.result["because"]


def test_an_error_of_the_grader_is_its_own_and_no_zero(assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbjudge.grading import executors as pools

    def fails(*_: object, **__: object) -> dict[str, Any]:
        raise ZeroDivisionError("by us")

    monkeypatch.setattr(pools, "grade_submission", fails)
    answer = pools.work(job("anna", assignment))
    assert answer.result["state"] == "not graded"
    assert answer.result["because"] == "the grader failed at it: ZeroDivisionError: by us"


# --- the gradebook


def entered(books: Books) -> dict[str, float]:
    auto = books.marks(small.assignment())["anna"].auto
    return {task: points for task, points in auto.items() if task in {"twice", "half"}}


def test_what_was_kept_but_not_entered_is_entered_by_the_next_command(course: Course, assignment: Assignment) -> None:
    book = small.notebook(assignment, twice_solution="def twice(x):\n    return 2 * x\n")
    record.write(course.submitted(assignment.name, "anna"), record.json.dumps(book))
    stored = records.Stored("anna", "Anna Ash", "key", small.result("anna"))
    records.save(course, assignment.name, stored)
    with Books(course.folder) as books:
        older = (course.folder / "gradebook.db").read_bytes()
        record.carry_out(course, assignment, record.Plan((), 0, ()), Processes(1), books, io.StringIO())
        assert entered(books) == {"twice": 3.0, "half": 4.0}
    assert records.load(course, assignment.name, "anna") == replace(stored, booked=True)
    (course.folder / "gradebook.db").write_bytes(older)  # somebody brings back a copy
    with Books(course.folder) as books:
        record.carry_out(course, assignment, record.Plan((), 0, ()), Processes(1), books, io.StringIO())
        assert entered(books) == {"twice": 3.0, "half": 4.0}


def test_a_notebook_that_is_gone_costs_nobody_else_anything(course: Course, assignment: Assignment) -> None:
    anna, ben = handed_in("anna"), handed_in("ben")
    for one in (anna, ben):
        stored = kept(course, assignment, one)
        records.save(course, assignment.name, replace(stored, result=small.result(one.student), booked=False))
        write(course.submitted(assignment.name, one.student), json.dumps(small.notebook(assignment)))
    course.submitted(assignment.name, "anna").unlink()
    assert to_do(course, assignment, anna, ben) == {"anna"}
    with Books(course.folder) as books:
        books.add_assignment(assignment)
        record.catch_up(course, assignment, books)
        assert list(books.marks(assignment)) == ["ben"]
    gone = records.load(course, assignment.name, "anna")
    assert gone is not None
    assert gone.result["because"].endswith("90_small.ipynb is not there any more: grade the download again")


def test_a_newcomer_takes_nobodys_id(course: Course, assignment: Assignment, tmp_path: Path) -> None:
    kept(course, assignment, HandedIn("anna", "anna", b"{}"))
    numbered = records.Stored(
        "li-4711", "李", "", {**GRADED, "student": "li-4711"}, lms={"system": "canvas", "id": "4711"}
    )
    records.save(course, "another", numbered)
    assert records.ids_of(course, assignment.name) == {"name anna": "anna"}
    write(course.source("another"), "{}")
    assert records.ids_of(course, assignment.name) == {"name anna": "anna", "canvas 4711": "li-4711"}
    for name in ("anna", "ANNA"):
        write(tmp_path / "download" / name / "90_small.ipynb", "{}")
    newcomer, one = record.gathered(course, tmp_path / "download", assignment.name)
    assert (one.student, one.name) == ("anna", "anna")
    assert newcomer.student.startswith("ANNA-")


def test_an_earlier_version_of_a_students_work_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "anna.ipynb"
    for content in (b"one", b"one", b"two"):
        record._set_aside(path, content)
        path.write_bytes(content)
    (earlier,) = (tmp_path / "earlier").iterdir()
    assert earlier.read_bytes() == b"one"


# --- the line that says how far it is


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_line_says_rate_and_rest_and_is_redrawn_in_a_terminal() -> None:
    now = [0.0]
    screen = Screen()
    progress = Progress(4, screen, lambda: now[0])
    for _ in range(2):
        now[0] += 30
        progress.step()
    assert "\n" not in screen.getvalue()
    assert screen.getvalue().split("\r\x1b[K")[-1] == "[████████████············] 2 of 4, 2 a minute, 60 s to go"


def test_elsewhere_it_is_a_plain_line_now_and_then() -> None:
    now = [0.0]
    log = io.StringIO()
    progress = Progress(200, log, lambda: now[0])
    for _ in range(200):
        now[0] += 1
        progress.step()
    progress.end()
    lines = log.getvalue().splitlines()
    assert len(lines) == 20
    assert lines[0] == "  10 of 200, 60 a minute, 3 min to go"
    assert lines[-1] == "  200 of 200, 60 a minute, done in 3 min"
    assert "\x1b" not in log.getvalue()
    assert spoken(7500) == "2 h 5 min"
