"""The README's course, which has nothing to do with attention, from its own files to the feedback page."""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from attnbook.classroom.subject import SUBJECT
from nbjudge import commands
from nbjudge.course.folder import RefusalError
from nbjudge.subject import Subject, SubjectError

README = (Path(__file__).parents[2] / "src" / "nbjudge" / "README.md").read_text(encoding="utf-8")
FILES = ("mechanics/__init__.py", "mechanics/pendulum.py", "assignments/source/01_pendulum.md")
NAME = "01_pendulum"
RIGHT = {
    "period": "def period(length, gravity):\n    return 2 * np.pi * (length / gravity) ** 0.5",
    "swing": "def swing(times, amplitude, length):\n    return amplitude * np.cos(np.sqrt(9.81 / length) * times)",
}
WRONG = RIGHT | {"period": "def period(length, gravity):\n    return np.sqrt(length / gravity)"}
HOSTILE = {
    "period": "def period(length, gravity):\n    import os\n    os._exit(0)",
    "swing": "import sys\nfor module in list(sys.modules.values()):\n    vars(module)['judge'] = lambda *a, **k: []\n"
    "def swing(times, amplitude, length):\n    return open('/seed').read()",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the README shows."""
    made = tmp_path_factory.mktemp("mechanics")
    for name in FILES:
        found = re.search(rf"^`{re.escape(name)}`.*?\n\n(`{{3,4}})\w+\n(.*?)^\1$", README, re.MULTILINE | re.DOTALL)
        assert found, f"the README has no {name}"
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found[2], encoding="utf-8")
    return made


def run(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=300
    )


def handed_in(release: str, functions: dict[str, str]) -> str:
    book: dict[str, Any] = json.loads(release)
    for cell in book["cells"]:
        about = cell["metadata"]["mechanics"]
        if about["role"] == "solution":
            cell["source"] = functions[about["task"]]
    return json.dumps(book)


@pytest.fixture(scope="module")
def course(folder: Path) -> Path:
    made = run(folder, "-m", "nbjudge", "mechanics", "new", "mycourse", "--assignments", "assignments")
    assert (made.returncode, made.stderr) == (0, "")
    assert "python -m nbjudge mechanics grade 01_pendulum DOWNLOAD" in made.stdout
    return folder / "mycourse"


@pytest.mark.slow
def test_a_course_on_anything_is_graded_from_the_readme(folder: Path, course: Path) -> None:
    release = (folder / "mycourse" / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert "from mechanics import check" in release
    assert "np.sqrt" not in release
    assert "attnbook" not in release
    for student, functions in {"right": RIGHT, "wrong": WRONG, "hostile": HOSTILE}.items():
        path = folder / "download" / student / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(handed_in(release, functions), encoding="utf-8")
    done = run(
        folder, "-m", "nbjudge", "mechanics", "grade", NAME, "download", "--course", "mycourse", "--workers", "1"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 final" in done.stdout
    assert "attnbook" not in done.stdout

    results = {}
    for path in (folder / "mycourse" / "private" / "results" / NAME).glob("*.json"):
        tasks = json.loads(path.read_text(encoding="utf-8"))["result"]["tasks"]
        results[path.stem] = {task["task"]: task["points"] for task in tasks}
    assert results == {
        "right": {"period": 4.0, "swing": 3.0},
        "wrong": {"period": 0.0, "swing": 3.0},
        "hostile": {"period": 0.0, "swing": 0.0},
    }
    said = {
        student: html.unescape(
            (folder / "mycourse" / "feedback" / student / f"{NAME}.html").read_text(encoding="utf-8")
        )
        for student in results
    }
    assert "7 of 7 points" in said["right"]
    assert "you forgot the factor 2π" in said["wrong"]
    assert "Return the periods of pendulums." in said["wrong"]
    assert "your function ended Python, so that nothing came back" in said["hostile"]
    assert "--ink: #1c2733" in said["right"]


def test_check_works_in_a_course_on_anything(folder: Path) -> None:
    program = "from mechanics import check; check('period', lambda length, gravity: (length / gravity) ** 0.5)"
    said = run(folder, "-c", program)
    assert said.stderr == ""
    assert said.stdout.splitlines()[:3] == [
        "Check of period",
        "✗ returns the period of each length",
        "    you forgot the factor 2π",
    ]


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("optics", "the module optics, which declares the subject, cannot be imported"),
        ("json", "the module json declares no SUBJECT = Subject('json', …)"),
    ],
)
def test_a_subject_that_is_not_there_is_refused_in_words(folder: Path, subject: str, words: str) -> None:
    done = run(folder, "-m", "nbjudge", subject, "doctor")
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_course_is_graded_by_its_own_command_only(course: Path, tmp_path: Path) -> None:
    given = argparse.Namespace(course=course, subject=SUBJECT)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(course.parent)
        with pytest.raises(RefusalError, match="the course Mechanics I: its command is python -m nbjudge mechanics"):
            commands._course(given)
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "seed").write_text("5eed" * 16, encoding="ascii")
    given.course = tmp_path
    with pytest.raises(RefusalError, match="was made by an earlier version of the grader"):
        commands._course(given)
    (tmp_path / "private" / "subject").write_text("mechanics_that_went_away", encoding="utf-8")
    with pytest.raises(RefusalError, match="mechanics_that_went_away, which declares the subject, cannot be imported"):
        commands._course(given)


def test_a_theme_without_a_colour_is_refused() -> None:
    with pytest.raises(SubjectError, match="the subject mechanics lacks colours: good"):
        Subject(
            "mechanics", "x", light={name: "#000000" for name in ("ink", "paper", "muted", "grid", "accent", "bad")}
        )
