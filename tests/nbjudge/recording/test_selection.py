"""Who of a download is graded: plain values in, plain values out, and nothing on the disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.nbjudge import small

from nbjudge.course.assignment import Assignment
from nbjudge.grading.job import Options
from nbjudge.intake.submission import Download, Submission
from nbjudge.recording import records
from nbjudge.recording.records import Record, key_of
from nbjudge.recording.selection import Selection, select
from nbjudge.sandbox.box import Limits

ASSIGNMENT = small.assignment()
ANNA, BEN = small.submission("anna"), small.submission("ben")


def record(one: Submission, **more: Any) -> Record:
    """What a grading of this leaves behind."""
    options = small.OPTIONS
    key = key_of(one.notebook or b"", ASSIGNMENT, options.seed, options.limits, sandbox=options.sandbox)
    found = Record(one.student, one.name, key, small.result(one.student), one.late, dict(one.lms), one.notes, True)
    return replace(found, **more)


def selected(
    *some: Submission,
    earlier: tuple[Record, ...] = (),
    given: Assignment = ASSIGNMENT,
    options: Options = small.OPTIONS,
    complete: bool = True,
    **more: Any,
) -> Selection:
    known = {one.student: one for one in earlier}
    return select(Download(some), given, options, known, set(known) if complete else set(), **more)


def students(found: Selection) -> set[str]:
    return {job.submission.student for job in found.jobs}


def test_only_changed_work_is_graded_anew() -> None:
    assert students(selected(ANNA, BEN)) == {"anna", "ben"}
    both = (record(ANNA), record(BEN))
    assert selected(ANNA, BEN, earlier=both) == Selection((), (), 2, ())
    assert students(selected(ANNA, replace(BEN, notebook=b"{ }"), earlier=both)) == {"ben"}
    assert students(selected(ANNA, BEN, earlier=both, again=True)) == {"anna", "ben"}
    assert students(selected(ANNA, BEN, earlier=both, complete=False)) == {"anna", "ben"}


def test_a_job_says_all_that_grading_needs() -> None:
    late = replace(ANNA, late=True, notes=("seen",), lms={"system": "canvas", "id": "7"})
    (job,) = selected(late).jobs
    assert (job.submission, job.assignment, job.options) == (late, ASSIGNMENT, small.OPTIONS)
    assert (job.key, job.version) == (record(late).key, records.specs_version(ASSIGNMENT.subject))


@pytest.mark.parametrize(
    "change",
    [
        lambda given, options: (replace(given, release=given.release + " "), options),
        lambda given, options: (replace(given, source=given.source + " "), options),
        lambda given, options: (replace(given, hidden="HIDDEN = {}"), options),
        lambda given, options: (given, replace(options, seed="another")),
        lambda given, options: (given, replace(options, limits=Limits(seconds=7))),
        lambda given, options: (given, replace(options, sandbox=False)),
    ],
    ids=["release", "source", "hidden", "seed", "limits", "sandbox"],
)
def test_what_decides_about_points_asks_anew(change: Callable[..., tuple[Assignment, Options]]) -> None:
    given, options = change(ASSIGNMENT, small.OPTIONS)
    assert students(selected(ANNA, given=given, options=options, earlier=(record(ANNA),))) == {"anna"}


def test_another_version_of_the_code_asks_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = record(ANNA)
    monkeypatch.setattr(records, "specs_version", lambda subject: "another")
    assert students(selected(ANNA, earlier=(before,))) == {"anna"}


def test_nothing_handed_in_is_not_graded_and_not_zero() -> None:
    found = selected(small.submission("anna", None, trouble="the zip is empty", late=True, notes=("seen",)))
    assert found.jobs == ()
    (one,) = found.records
    assert (one.student, one.key, one.late, one.notes, one.booked) == ("anna", "", True, ("seen",), False)
    assert (one.result["state"], one.result["because"], one.result["tasks"]) == ("not graded", "the zip is empty", [])


def test_a_worse_download_takes_nothing_away() -> None:
    empty = small.submission("anna", None, trouble="the folder is empty")
    assert selected(empty, earlier=(record(ANNA),)) == Selection((), (), 0, (("Anna", "the folder is empty"),))
    assert selected(BEN, earlier=(record(ANNA),)).kept == ()


def test_an_older_download_takes_nobody_back() -> None:
    def at(number: int, notebook: bytes) -> Submission:
        return replace(ANNA, notebook=notebook, lms={"system": "canvas", "id": "7", "turn": [number, 0]})

    before = record(at(20, b"{ }"))
    older = selected(at(10, b"{}"), earlier=(before,))
    assert (older.jobs, older.records) == ((), ())
    assert older.kept == (("Anna", "there is an older file than the one that is graded"),)
    assert students(selected(at(10, b"{}"), earlier=(before,), again=True)) == {"anna"}
    assert students(selected(at(30, b"{}"), earlier=(before,))) == {"anna"}
    assert students(selected(at(0, b"{}"), earlier=(before,))) == {"anna"}, "Moodle numbers nothing"


def test_late_now_is_noted_without_a_new_grading() -> None:
    before = record(ANNA)
    found = selected(replace(ANNA, late=True), earlier=(before,))
    assert found == Selection((), (replace(before, late=True, booked=False),), 1, ())


def test_a_folder_knows_less_than_a_platform_did() -> None:
    lms = {"system": "canvas", "id": "4711", "name": "ada"}
    before = record(small.submission("ada", late=True), lms=lms)
    plain = replace(small.submission("ada"), name="ada-4711")
    assert selected(plain, earlier=(before,)) == Selection((), (), 1, ())
    (job,) = selected(replace(plain, notebook=b"{ }"), earlier=(before,)).jobs
    assert (job.submission.lms, job.submission.name, job.submission.late) == (lms, "Ada", True)


def test_the_order_of_work_follows_no_names() -> None:
    some = [small.submission(f"student-{i:02}") for i in range(20)]

    def order(those: list[Submission]) -> list[str]:
        return [job.submission.student for job in selected(*those).jobs]

    assert order(some) == order(some[::-1])
    assert order(some) != sorted(order(some))
