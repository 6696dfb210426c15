"""Who grades: a worker that dies or fails costs nobody else anything, and is told."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from tests.nbjudge import small
from tests.nbjudge.grading.work import endless, lethal

from nbjudge.grading import executors
from nbjudge.grading.executors import DIED, Processes, grade_all, grade_job


@pytest.mark.slow
def test_who_kills_the_worker_costs_nobody_else_anything(tmp_path: Path) -> None:
    students = ["unlucky", "anna", "ben", "cleo", "dora", "killer", "emil"]
    jobs = [small.job(student, seed=str(tmp_path)) for student in students]
    found = [(job.submission.student, graded.result) for job, graded in grade_all(Processes(2), jobs, lethal)]
    assert sorted(student for student, _ in found) == sorted(students)  # each once
    assert all(result["student"] == student for student, result in found)  # and each with its own
    assert {student for student, result in found if result["state"] != "graded"} == {"killer"}
    assert dict(found)["killer"]["because"] == DIED
    assert len((tmp_path / "killer").read_text().split()) in {2, 3}  # twice alone, and perhaps among others before
    assert len((tmp_path / "unlucky").read_text().split()) == 2
    assert str(os.getpid()) not in (tmp_path / "anna").read_text()


def test_stopping_ends_the_workers_at_once(tmp_path: Path) -> None:
    jobs = [small.job(student, seed=str(tmp_path)) for student in ("first", "second", "third")]
    results = grade_all(Processes(2), jobs, endless)
    assert next(results)[0].submission.student == "first"
    began = time.monotonic()
    results.close()
    assert time.monotonic() - began < 10
    for path in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name), 0)


def test_a_worker_with_another_version_grades_nothing() -> None:
    graded = grade_job(small.job("anna", version="older"))
    assert (graded.result["state"], graded.notebook) == ("not graded", None)
    assert "another version of tests" in graded.result["because"]


def test_an_error_of_the_grader_is_no_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> Any:
        raise ZeroDivisionError("by us")

    monkeypatch.setattr(executors, "grade_submission", fails)
    result = grade_job(small.job("anna")).result
    assert result["state"] == "not graded"
    assert result["because"] == "the grader failed at it: ZeroDivisionError: by us"


def test_a_job_is_graded_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(executors, "grade_submission", lambda *some, **more: asked.append((some, more)))
    job = small.job("anna", seed="s")
    grade_job(job)
    more = {"student": "anna", "seed": "s", "sandbox": True, "limits": job.options.limits}
    assert asked == [((job.submission.notebook, job.assignment), more)]
