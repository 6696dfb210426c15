"""Submissions that mean harm, graded one by one: no point that their code does not deserve, no silence, no trace."""

import json
import sqlite3
import time
from pathlib import Path

import pytest
from tests.nbjudge import toys
from tests.nbjudge.hostile import HOSTILE, QUICK, TALE, Hostile

from nbjudge.grading.grade import grade_submission
from nbjudge.sandbox.box import Limits

LIMITS = Limits(seconds_per_call=2, seconds_per_cell=3, seconds=12)
OVERHEAD = 8  # seconds for starting workers on a busy machine


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course folder with all that a submission must not see or touch."""
    for name in ("submitted/ada/x.ipynb", "private/hidden/x.py", "private/seed", "handed-in/ada.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{TALE} {name}")
    with sqlite3.connect(tmp_path / "gradebook.db") as book:
        book.execute("create table grade (manual_score real)")
        book.execute("insert into grade values (0)")
    book.close()
    return tmp_path


def tree(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """All that there is in a folder, with what would show a change."""
    found = {}
    for path in sorted(folder.rglob("*")):
        about = path.stat()
        found[str(path)] = (about.st_mtime_ns, about.st_mode, path.read_bytes() if path.is_file() else b"")
    return found


@pytest.mark.parametrize(
    "hostile",
    [pytest.param(item, id=str(item), marks=() if item.name in QUICK else pytest.mark.slow) for item in HOSTILE],
)
def test_a_hostile_submission_gets_what_it_deserves(hostile: Hostile, course: Path) -> None:
    assignment = toys.assignment()
    handed_in = hostile.notebook(assignment.release, toys.SOLUTIONS, str(course))
    before = tree(course)
    start = time.monotonic()
    result = grade_submission(handed_in, assignment, student="eve", seed="secret", limits=LIMITS).result
    assert time.monotonic() - start < LIMITS.seconds + OVERHEAD
    assert tree(course) == before

    assert (result["state"], result["because"]) == ("graded", "")
    earned = {task["task"]: task["points"] for task in result["tasks"]}
    expected = hostile.earns(toys.POINTS, toys.SOLUTIONS)
    assert {name: earned[name] for name in expected} == expected
    assert all(task["of"] == toys.POINTS[task["task"]] for task in result["tasks"])

    lines = [line for task in result["tasks"] for line in task["lines"]]
    assert all(line["kept"] or line["diagnosis"] for line in lines), "a point was taken without a word"
    said = "\n".join(result["notes"] + [line["diagnosis"] for line in lines])
    assert hostile.says in said
    assert TALE not in json.dumps(result)
    assert "(array(" not in said, "a diagnosis spells out an argument"


def test_there_are_forty_attacks_and_quick_ones_among_them() -> None:
    names = [item.name for item in HOSTILE]
    assert len(names) == len(set(names)) >= 40
    assert set(names) >= QUICK
    assert not [item.name for item in HOSTILE if item.slow and item.name in QUICK]
    assert {item.spoils for item in HOSTILE} == {"all", "first", "none"}


def test_a_hostile_submission_earns_the_same_in_any_call() -> None:
    honest = {
        "a": "def a(x): return x",
        "b": "def b(x): return a(x)",
        "c": "def c(x): return b(x)",
        "d": "def d(ab): ...",
    }
    points = dict.fromkeys("abcd", 2.0)
    assert Hostile("x", spoils="first").earns(points, honest) == {"a": 0.0, "d": 2.0}
    assert Hostile("x", spoils="none").earns(points, honest) == points
    assert Hostile("x").earns(points, honest) == dict.fromkeys("abcd", 0.0)
