"""The course folder: made once, never overwritten, written whole, worked on by one command at a time."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.nbjudge import small
from traitlets.config.loader import PyFileConfigLoader

from nbjudge.course.folder import Course, RefusalError, alone, create, opened, plain, write

HOLD = """
import sys, time
from pathlib import Path
from nbjudge.course.folder import alone, opened
with alone(opened(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return create(tmp_path / "attention", small.SUBJECT)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_seed_is_long_private_and_never_the_same(course: Course, tmp_path: Path) -> None:
    assert re.fullmatch("[0-9a-f]{64}", course.seed)
    assert mode(course.private / "seed") == 0o600
    assert mode(course.private) == 0o700
    assert create(tmp_path / "another", small.SUBJECT).seed != course.seed


def test_making_it_again_changes_nothing(course: Course) -> None:
    (course.folder / "nbgrader_config.py").write_text("# mine\n", encoding="utf-8")
    before = course.seed
    create(course.folder, small.SUBJECT)
    assert course.seed == before
    assert (course.folder / "nbgrader_config.py").read_text(encoding="utf-8") == "# mine\n"


def test_a_making_that_was_cut_off_is_finished(tmp_path: Path) -> None:
    (tmp_path / "attention" / "private").mkdir(parents=True)
    (tmp_path / "attention" / "private" / ".seed.new").write_text("12", encoding="ascii")
    assert len(create(tmp_path / "attention", small.SUBJECT).seed) == 64


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("", encoding="utf-8")
    with pytest.raises(RefusalError, match="not empty: give the course a folder of its own"):
        create(tmp_path, small.SUBJECT)
    with pytest.raises(RefusalError, match="is a file, not a folder"):
        create(tmp_path / "thesis.tex", small.SUBJECT)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_what_is_no_course_is_said_so(tmp_path: Path, course: Course) -> None:
    with pytest.raises(RefusalError, match="or make one with make COURSE"):
        opened(tmp_path, "make COURSE")
    (course.private / "seed").write_text("", encoding="ascii")
    with pytest.raises(RefusalError, match="empty or cut short"):
        opened(course.folder)


def test_nbgrader_finds_the_course_wherever_it_was_moved(course: Course, tmp_path: Path) -> None:
    course.folder.rename(tmp_path / "moved")
    settings = PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path / "moved")).load_config()
    assert settings.CourseDirectory.course_id == "attention"
    assert settings.CourseDirectory.root == str(tmp_path / "moved")


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "../anna", "a\\b", "a\0b"])
def test_a_students_id_names_one_file_and_no_more(course: Course, name: str) -> None:
    with pytest.raises(RefusalError, match="cannot be the name"):
        course.handed_in("02_scoring", name)
    assert plain("anna-müller_7") == "anna-müller_7"


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deep" / "file.json"
    write(path, "old", mode=0o600)
    assert mode(path) == 0o600

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(os, name, crash)
            with pytest.raises(KeyboardInterrupt):
                write(path, "new")
        assert path.read_text(encoding="utf-8") == "old"
        assert [left.name for left in path.parent.iterdir()] == ["file.json"]
    write(path, "half a letter: \ud83d")
    assert path.read_text(encoding="utf-8") == "half a letter: ?"


def test_two_commands_do_not_mix_and_a_killed_one_leaves_no_lock(course: Course) -> None:
    command = [sys.executable, "-c", HOLD, str(course.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RefusalError, match=rf"process {other.pid} on .*, since \d\d:\d\d"), alone(course):
            pytest.fail("both are at work")
        other.send_signal(signal.SIGKILL)
    with alone(course):
        assert f"process {os.getpid()} " in (course.private / "lock").read_text(encoding="utf-8")
    assert mode(course.private / "lock") == 0o600
