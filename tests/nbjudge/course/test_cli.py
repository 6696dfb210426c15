"""The command as a teacher types it: what it says, what it leaves behind, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from tests.nbjudge import courses

from attnbook.classroom.subject import SUBJECT
from nbjudge import cli, commands
from nbjudge.course.folder import Course, alone

NAME = "02_scoring"
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def type_in(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type a command; returns its exit code, and what it says and complains."""
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)  # pytest's own handlers stay

    def typed(*arguments: object) -> tuple[int, str, str]:
        mask = os.umask(0o022)
        try:
            code = cli.main(SUBJECT, [str(argument) for argument in arguments])
        finally:
            os.umask(mask)
        said = capsys.readouterr()
        return code, said.out, said.err

    return typed


@pytest.fixture
def course(fresh: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(fresh, tmp_path / "attention"))


def test_a_terminal_that_has_not_all_letters_shows_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {name: io.TextIOWrapper(io.BytesIO(), encoding="latin-1", write_through=True) for name in ("out", "err")}
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)
    monkeypatch.setattr(cli.sys, "stdout", said["out"])
    monkeypatch.setattr(cli.sys, "stderr", said["err"])
    monkeypatch.setattr(commands, "doctor", lambda given, out: print("Łukasz Müller …", file=out) or 3)
    assert cli.main(SUBJECT, ["doctor"]) == 3
    assert said["out"].buffer.getvalue().decode("latin-1") == "?ukasz Müller ?\n"


# --- new


def test_new_makes_a_course_of_all_assignments(fresh: Path) -> None:
    assert Course(fresh).assignments == courses.NAMES
    for name in courses.NAMES:
        given = courses.assignment(name)
        assert Course(fresh).release(name).read_text(encoding="utf-8") == given.release
        assert Course(fresh).source(name).read_text(encoding="utf-8") == given.source
        assert Course(fresh).hidden(given.chapter).read_text(encoding="utf-8") == given.hidden
    with sqlite3.connect(fresh / "gradebook.db") as book:
        assert [row[0] for row in book.execute("select name from assignment order by name")] == courses.NAMES
    book.close()
    for path in (fresh / "private", fresh / "gradebook.db", Course(fresh).source(NAME)):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.slow
def test_new_again_adds_what_is_missing_and_changes_nothing(course: Path, type_in: Typed) -> None:
    before = courses.contents(course)
    code, out, _ = type_in("new", course)
    assert (code, courses.contents(course)) == (0, before)
    assert "nothing was changed" in out
    mine = Course(course).source("01_cognitive")
    mine.write_text(mine.read_text(encoding="utf-8") + " ", encoding="utf-8")
    shutil.rmtree(course / "source" / NAME)
    code, out, _ = type_in("new", course)
    assert code == 0
    assert NAME in out
    assert "01_cognitive" not in out
    assert mine.read_text(encoding="utf-8").endswith(" ")
    assert Course(course).source(NAME).exists()


def test_new_says_where_assignments_come_from(tmp_path: Path, type_in: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = type_in("new", tmp_path / "course", "--assignments", tmp_path)
    assert code == 1
    assert "has no source/*.md in it" in err
    elsewhere = replace(SUBJECT, assignments=str(tmp_path / "lib" / "notebooks" / "assignments"))
    monkeypatch.setitem(globals(), "SUBJECT", elsewhere)
    code, _, err = type_in("new", tmp_path / "course")
    assert code == 1
    assert "give its folder with --assignments CLONE/notebooks/assignments" in err
    assert not (tmp_path / "course").exists()


# --- grade


@pytest.fixture
def download(tmp_path: Path) -> Path:
    """Three students: one has all right, one has one mistake, one handed in a file that is broken."""
    given = courses.assignment(NAME)
    folder = tmp_path / "download"
    right = courses.solutions(given)
    mistake = courses.wrong(given, given.tasks[0])
    courses.hand_in(folder, given, "anna", courses.filled(given, right, "Because √d grows."))
    courses.hand_in(folder, given, "ben", courses.filled(given, {**right, given.tasks[0]: mistake.source}))
    courses.hand_in(folder, given, "cleo", b'{"cells": [')
    return folder


def status(course: Path) -> dict[str, dict[str, str]]:
    with (course / "reports" / NAME / "status.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {next(iter(row.values())): row for row in rows}


def test_an_evening_from_download_to_lists(course: Path, download: Path, tmp_path: Path, type_in: Typed) -> None:
    given = courses.assignment(NAME)
    code, out, err = type_in("grade", NAME, download, "--course", course, "--workers", 2)
    assert (code, err) == (2, "")
    assert "3 of 3" in out
    assert "1 not graded, because" in out
    assert "Who handed in nothing is not known: grade with --roster" in out
    kept = Course(course).results(NAME).glob("*")
    stored = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in kept}
    assert sorted(stored) == ["anna", "ben", "cleo"]
    points = {name: sum(task["points"] for task in one["result"]["tasks"]) for name, one in stored.items()}
    total = sum(task["of"] for task in stored["anna"]["result"]["tasks"])
    mistake = courses.wrong(given, given.tasks[0])
    (first,) = (task for task in stored["ben"]["result"]["tasks"] if task["task"] == given.tasks[0])
    assert points["anna"] == total
    assert first["points"] == mistake.points
    assert any(mistake.says in line["diagnosis"] for line in first["lines"])
    assert stored["cleo"]["result"]["state"] == "not graded"
    assert stored["cleo"]["result"]["because"] in out

    for name in ("canvas.csv", "moodle.csv", "status.csv", "overview.html", "similarity.html"):
        assert (course / "reports" / NAME / name).stat().st_size > 0
    for student in ("anna", "ben", "cleo"):
        assert Course(course).feedback(NAME, student).stat().st_size > 0
        came = (download / student / f"{NAME}.ipynb").read_bytes()
        assert Course(course).handed_in(NAME, student).read_bytes() == came
    assert Course(course).submitted(NAME, "anna").exists()
    assert (course / "autograded" / "anna" / NAME / f"{NAME}.ipynb").exists()

    before = courses.contents(course)
    code, out, _ = type_in("grade", NAME, download, "--course", course)
    assert "2 are graded already" in out
    assert courses.contents(course) == before

    # Cleo hands in what can be read, in a download that lacks the others.
    later = tmp_path / "later"
    courses.hand_in(later, given, "cleo", courses.filled(given, {}))
    code, out, _ = type_in("grade", NAME, later, "--course", course)
    assert code == 0
    assert "final; 0 points for cleo\n" in out  # she handed in what was handed out
    after = courses.contents(course)
    of_others = [name for name in before if "anna" in name or "ben" in name]
    assert len(of_others) >= 10
    assert {name: after[name] for name in of_others} == {name: before[name] for name in of_others}
    (cleo,) = [json.loads(text) for name, text in after.items() if name.endswith(f"results/{NAME}/cleo.json")]
    assert sum(task["points"] for task in cleo["result"]["tasks"]) == 0
    assert cleo["result"]["state"] == "graded"
    (earlier,) = (course / "handed-in" / NAME / "earlier").iterdir()
    assert earlier.read_bytes() == b'{"cells": ['

    # What cannot be read takes nothing from her.
    courses.hand_in(later, given, "cleo", b"{")
    code, out, _ = type_in("grade", NAME, later, "--course", course)
    assert code == 0
    assert "cleo: A newer notebook was handed in, and it is not graded, because" in out
    assert "final; 0 points for cleo\n" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("99_none", "."), "the course has no assignment 99_none; it has: {names}"),
        ((NAME, "nowhere.zip"), "there is no nowhere.zip"),
        ((NAME, "EMPTY"), "there is nobody's work: is it the right download?"),
        ((NAME, "EMPTY", "--roster", "nobody.csv"), "the roster nobody.csv cannot be read: No such file or directory"),
        (
            (NAME, "EMPTY", "--roster", "EXCEL"),
            "is an Excel file or a zip: give the CSV file that the platform exports",
        ),
        ((NAME, "EMPTY", "--scheduler", "tcp://127.0.0.1:1"), "no Dask scheduler answers at tcp://127.0.0.1:1"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    fresh: Path, tmp_path: Path, type_in: Typed, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], says: str
) -> None:
    from nbjudge.grading import cluster

    monkeypatch.setattr(cluster, "PATIENCE", 1)
    before = courses.contents(fresh)
    (tmp_path / "EXCEL").write_bytes(b"PK\x03\x04")
    (tmp_path / "EMPTY").mkdir()
    some = [str(tmp_path / argument) if argument.isupper() else argument for argument in arguments]
    code, out, err = type_in("grade", *some, "--course", fresh)
    assert (code, out) == (1, "")
    assert says.format(names=", ".join(courses.NAMES)) in " ".join(err.split())
    assert courses.contents(fresh) == before


@pytest.mark.slow
def test_without_a_sandbox_nothing_is_graded(
    course: Path, download: Path, type_in: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")  # bubblewrap is not found
    code, _, err = type_in("grade", NAME, download, "--course", course)
    assert code == 1
    assert "nothing is graded, because" in err
    assert "bubblewrap" in err
    assert "--trust-students" in err
    assert not any(Course(course).results(NAME).glob("*"))
    code, out, _ = type_in("grade", NAME, download, "--course", course, "--trust-students", "--workers", 1)
    assert code == 2  # one file is broken
    assert "3 of 3" in out


@pytest.mark.slow
def test_a_second_command_waits_for_the_first(fresh: Path, type_in: Typed, tmp_path: Path) -> None:
    with alone(Course(fresh)):
        done = courses.typed("grade", NAME, tmp_path, "--course", fresh)
        assert done.returncode == 1
        assert f"another command is at work on this course (process {os.getpid()} on" in done.stderr
    code, _, err = type_in("report", NAME, "--course", fresh)
    assert code == 1
    assert "nothing is graded yet" in err


# --- by hand


CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,02 Scoring (99)
    Points Possible,,,,,
"Ash, Anna",1,,anna,A,
"Birch, Ben",2,,ben,A,
"Cedar, Cleo",3,,cleo,A,
"Date, Dora",4,,dora,A,
"""


def told(course: Path) -> dict[str, str]:
    """What Canvas is told of each student."""
    text = (course / "reports" / NAME / "canvas.csv").read_text(encoding="utf-8")
    return {row[0]: row[-1] for row in list(csv.reader(text.splitlines()))[2:]}


@pytest.mark.slow
def test_marks_by_hand_and_the_roster_reach_the_lists(
    course: Path, download: Path, tmp_path: Path, type_in: Typed
) -> None:
    (tmp_path / "roster.csv").write_text(CANVAS, encoding="utf-8")
    code, out, _ = type_in("grade", NAME, download, "--course", course, "--roster", tmp_path / "roster.csv")
    assert code == 2
    assert f"{NAME}: 4 students" in out
    assert "Date, Dora: nothing was handed in" in out
    assert "run `jupyter lab` in the course folder, open Formgrader" in out
    assert "with --roster" not in out
    before = told(course)
    assert before.pop("Birch, Ben")  # who answered nothing waits for nobody
    assert before == {"Ash, Anna": "", "Cedar, Cleo": "", "Date, Dora": ""}

    questions = [cell for cell in courses.assignment(NAME).cells() if "points" in cell["metadata"]["nbgrader"]]
    by_hand = [cell for cell in questions if cell["metadata"]["nbgrader"]["solution"]]
    with closing(Gradebook(f"sqlite:///{course / 'gradebook.db'}")) as book:  # as nbgrader's page does it
        for cell in by_hand:
            task = cell["metadata"]["nbgrader"]["grade_id"]
            grade = book.find_grade(task, NAME, NAME, "anna")
            grade.manual_score, grade.needs_manual_grade = 1.0, False
            book.find_comment(task, NAME, NAME, "anna").manual_comment = "Well said, Anna."
            book.db.commit()
    code, out, _ = type_in("report", NAME, "--course", course)
    assert code == 2
    assert "2 final" in out
    anna = json.loads((Course(course).results(NAME) / "anna.json").read_text(encoding="utf-8"))
    total = f"{sum(task['of'] for task in anna['result']['tasks']) + len(by_hand):g}"
    assert told(course)["Ash, Anna"] == total
    assert "Well said, Anna." in Course(course).feedback(NAME, "anna").read_text(encoding="utf-8")

    code, out, _ = type_in("grade", NAME, download, "--course", course, "--again")
    assert told(course)["Ash, Anna"] == total  # graded anew, and the marks by hand are still there


def test_a_wrong_download_changes_nothing(fresh: Path, tmp_path: Path, type_in: Typed) -> None:
    """Strangers would stay on all the lists, and the roster would be another assignment's."""
    for student in ("anna", "ben"):
        (tmp_path / "papers" / student).mkdir(parents=True)
        (tmp_path / "papers" / student / "essay.pdf").write_bytes(b"%PDF")
    (tmp_path / "roster.csv").write_text(CANVAS, encoding="utf-8")
    before = courses.contents(fresh)
    roster = tmp_path / "roster.csv"
    code, out, err = type_in("grade", NAME, tmp_path / "papers", "--course", fresh, "--roster", roster)
    assert (code, out) == (1, "")
    assert "nobody of 2 has a notebook (.ipynb): is it the right download? Nothing was changed" in err
    assert courses.contents(fresh) == before


def test_the_list_of_another_class_changes_nothing(fresh: Path, download: Path, tmp_path: Path, type_in: Typed) -> None:
    """The list of who is enrolled is remembered, so a wrong one would take the place of the right one."""
    roster = tmp_path / "roster.csv"
    roster.write_text("Student,ID,Section,Essay (7)\n    Points Possible,,,20\nKant,1,A,\n", encoding="utf-8")
    before = courses.contents(fresh)
    code, out, err = type_in("grade", NAME, download, "--course", fresh, "--roster", roster)
    assert (code, out) == (1, "")
    assert (
        "none of the 3 students in the download is on this roster, so it is another class's. Nothing was changed" in err
    )
    assert courses.contents(fresh) == before


def test_a_path_with_a_blank_is_told_to_stand_in_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(SUBJECT, ["grade", NAME, "my", "course/submissions.zip"])
    assert ended.value.code == 2
    words = "it is not clear what course/submissions.zip means. A path with a blank in it stands in quotes"
    assert words in capsys.readouterr().err


@pytest.mark.slow
def test_who_closes_the_pager_is_shown_no_traceback(fresh: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [*courses.COMMAND, "new", str(fresh)]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, encoding="utf-8", check=False)
    os.close(writer)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "Give the same command again" in done.stderr


# --- the machine


def test_doctor_says_what_is_here_and_what_is_not(type_in: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = type_in("doctor")
    assert code == 0
    assert "✓ The sandbox works" in out
    assert "✓ nbgrader 0.9" in out
    assert "All is ready." in out
    monkeypatch.setenv("PATH", "/nowhere")
    code, out, _ = type_in("doctor")
    assert code == 1
    assert "✗ There is no sandbox on this machine: install bubblewrap" in out
    assert "The environment is not active; to mark by hand, start " in out
    assert "Mend what is marked with ✗" in out


def test_without_nbgrader_it_says_what_to_install(type_in: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    import nbjudge

    for name in [name for name in sys.modules if name.startswith("nbjudge.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(nbjudge, "commands", raising=False)
    monkeypatch.setitem(sys.modules, "nbgrader", None)
    code, _, err = type_in("doctor")
    assert code == 1
    assert err == "attnbook-grade: nbgrader is not installed: in the clone of the book, pip install -e '.[classroom]'\n"


@pytest.mark.parametrize("command", [(), ("new",), ("grade",), ("report",), ("doctor",)])
def test_help_shows_an_example_and_what_the_states_mean(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(SUBJECT, [*command, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert f"  {' '.join(('attnbook-grade', *command))} " in said or command == ("doctor",)
    assert max(map(len, said.splitlines())) <= 120
    if command in {(), ("grade",)}:
        for words in ("waits for a person", "the cell in the lists is EMPTY, never 0", "Exit code"):
            assert words in said


def boxed(course: Path, download: Path, *folder: str) -> subprocess.CompletedProcess[str]:
    """Grade where all may be read, and only a folder made like this be written: the course, in /mnt/course."""
    command = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    command += ["--tmpfs", "/mnt", "--setenv", "TMPDIR", "/mnt"]
    command += ["--ro-bind", str(course), "/mnt/fresh", "--ro-bind", str(download), "/mnt/download", *folder, "--"]
    command += ["sh", "-c", 'cp -r /mnt/fresh/. /mnt/course/ 2>/dev/null; exec "$@"', "sh", *courses.COMMAND]
    command += ["grade", NAME, "/mnt/download", "--course", "/mnt/course", "--workers", "1"]
    command += ["--trust-students"]  # a sandbox within a sandbox is not what is tried here
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=120)


@pytest.mark.slow
def test_a_full_disk_is_said_in_words(course: Path, download: Path) -> None:
    size = sum(path.stat().st_size for path in course.rglob("*")) + 300_000
    done = boxed(course, download, "--size", str(size), "--tmpfs", "/mnt/course")
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search("the disk is full|database or disk is full", done.stderr)
    assert "Nothing is lost: give the same command again afterwards." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_folder_that_may_not_be_written_is_said_in_words(course: Path, download: Path) -> None:
    done = boxed(course, download, "--ro-bind", str(course), "/mnt/course")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "its disk may only be read: copy the course to another one" in done.stderr
    assert "Traceback" not in done.stderr
