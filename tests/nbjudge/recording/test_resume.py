"""Killed at any moment, the command goes on where it was: nothing is lost, counts twice or comes out differently."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.classroom import mutants
from tests.nbjudge import courses

from nbjudge.course.folder import Course
from nbjudge.nbgrader.gradebook import Books

pytestmark = pytest.mark.slow
NAME = "02_scoring"
STUDENTS = 12
TABLES = ("assignment", "student", "submitted_assignment", "submitted_notebook", "grade", "comment")


@pytest.fixture(scope="module")
def download(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve students with different mistakes; the last one's file is broken."""
    folder = tmp_path_factory.mktemp("download")
    given = courses.assignment(NAME)
    for number in range(STUDENTS - 1):
        functions = courses.solutions(given)
        for task in given.tasks[: number % (len(given.tasks) + 1)]:
            some = [item for item in mutants.planted(task) if not item.right]
            functions[task] = some[number % len(some)].source
        courses.hand_in(folder, given, f"student-{number:02}", courses.filled(given, functions, f"Answer {number}."))
    courses.hand_in(folder, given, f"student-{STUDENTS - 1:02}", b'{"cells": ')
    return folder


@pytest.fixture(scope="module")
def undisturbed(fresh: Path, download: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course after one run in which nothing happened."""
    folder = Path(shutil.copytree(fresh, tmp_path_factory.mktemp("undisturbed") / "attention"))
    done = courses.typed("grade", NAME, download, "--course", folder)
    assert done.returncode == 2, done.stderr
    return folder


def kept(course: Path) -> dict[str, dict[str, Any]]:
    """The graded results that are on the disk, whole."""
    files = Course(course).results(NAME).glob("[!.]*.json")
    some = {path.stem: json.loads(path.read_text(encoding="utf-8"))["result"] for path in files}
    return {student: result for student, result in some.items() if result["state"] == "graded"}


def booked(course: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Everybody's marks, and how many rows each table of the gradebook has."""
    with Books(course) as books:
        marks = dict(books.marks(courses.assignment(NAME)))
    with closing(sqlite3.connect(course / "gradebook.db")) as base:
        rows = {table: base.execute(f"select count(*) from {table}").fetchone()[0] for table in TABLES}
    return marks, rows


def family(pid: int) -> set[int]:
    """A process and all that it started."""
    found, ahead = set[int](), [pid]
    while ahead:
        one = ahead.pop()
        found.add(one)
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                ahead += [int(child) for child in path.read_text().split()]
            except OSError:
                continue
    return found


def gone(pids: set[int], within: float = 15) -> bool:
    """Whether these processes end within so many seconds."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        alive = {pid for pid in pids if Path(f"/proc/{pid}").exists()}
        if all("\nState:\tZ" in Path(f"/proc/{pid}/status").read_text() for pid in alive if _there(pid)):
            return True
        time.sleep(0.05)
    return False


def _there(pid: int) -> bool:
    return Path(f"/proc/{pid}/status").exists()


@contextmanager
def grading(course: Path, download: Path) -> Iterator[subprocess.Popen[str]]:
    command = [*courses.COMMAND, "grade", NAME, str(download), "--course", str(course), "--workers", "2"]
    options: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
    with subprocess.Popen(command, start_new_session=True, **options) as process:
        yield process


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 120
    while not condition() and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.005)


def test_killed_at_random_moments_it_ends_as_if_nothing_had_been(
    fresh: Path, download: Path, undisturbed: Path, tmp_path: Path
) -> None:
    course = Path(shutil.copytree(fresh, tmp_path / "attention"))
    chance = random.Random(20_26)
    before: dict[str, dict[str, Any]] = {}
    moments = []
    for enough in (0, 1, 3, 4, 6, 8, 10):
        with grading(course, download) as process:
            wait_until(lambda enough=enough: len(kept(course)) >= enough, process)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.4))
            everyone = family(process.pid)
            moments.append(process.poll() is None)
            process.send_signal(signal.SIGKILL)
        assert gone(everyone)
        after = kept(course)
        # Each result carries how long it took: what was there before was not graded once more.
        assert {student: after.get(student) for student in before} == before
        before = after
    assert sum(moments) >= 5, "it was done before it could be killed"
    assert 0 < len(before) < STUDENTS

    done = courses.typed("grade", NAME, download, "--course", course)
    assert done.returncode == 2, done.stderr
    assert f"{len(before)} are graded already" in done.stdout
    assert {student: kept(course)[student] for student in before} == before
    assert courses.contents(course) == courses.contents(undisturbed)
    assert booked(course) == booked(undisturbed)
    assert len(booked(course)[0]) == STUDENTS - 1


def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(
    fresh: Path, download: Path, undisturbed: Path, tmp_path: Path
) -> None:
    course = Path(shutil.copytree(fresh, tmp_path / "attention"))
    for number, ends in enumerate((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), start=1):
        with grading(course, download) as process:
            wait_until(lambda number=number: len(kept(course)) >= 3 * number, process)  # type: ignore[misc]
            everyone = family(process.pid)
            # A terminal sends Ctrl-C to the workers, too; who stops a service tells the command only.
            (os.killpg if ends == signal.SIGINT else os.kill)(process.pid, ends)
            said, _ = process.communicate(timeout=30)
        assert process.returncode == 2, said
        assert "Stopped. What was graded is kept: give the same command again to go on." in said
        assert "Traceback" not in said
        assert gone(everyone)
    assert courses.typed("grade", NAME, download, "--course", course).returncode == 2
    assert courses.contents(course) == courses.contents(undisturbed)
    assert booked(course) == booked(undisturbed)


def test_a_result_does_not_depend_on_the_other_students(
    fresh: Path, download: Path, undisturbed: Path, tmp_path: Path
) -> None:
    """Half of the class, under the same names, on one worker: the same results, byte by byte."""
    course = Path(shutil.copytree(fresh, tmp_path / "attention"))
    half = tmp_path / "half"
    for path in sorted(download.iterdir())[::2]:
        shutil.copytree(path, half / path.name)
    assert courses.typed("grade", NAME, half, "--course", course, "--workers", 1).returncode == 0
    some, everyone = courses.contents(course), courses.contents(undisturbed)
    own = [name for name in some if name.split("/")[0] not in {"reports"}]
    assert {name: some[name] for name in own} == {name: everyone[name] for name in own}
    assert len(kept(course)) == STUDENTS // 2
