"""Every assignment in a full run: the released one earns nothing, the solution all, each mutant its points."""

from __future__ import annotations

import json
import shutil
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from tests.classroom import mutants
from tests.nbjudge import courses

from nbjudge.course.assignment import Assignment
from nbjudge.course.folder import Course

pytestmark = pytest.mark.slow
Results = dict[str, dict[str, dict[str, Any]]]


def crowd(given: Assignment) -> dict[str, dict[str, mutants.Planted]]:
    """As few students as hand in everything that is planted: each has one planted function for each task."""
    columns = [[(task, item) for item in mutants.planted(task)] for task in given.tasks]
    rows = zip_longest(*columns)
    # Who has nothing planted left for a task hands in a right function that was tried before.
    spare = {task: next(item for item in mutants.planted(task) if item.right) for task in given.tasks}
    return {f"planted-{i:02}": {**spare, **dict(filter(None, row))} for i, row in enumerate(rows)}


def graded(given: Assignment, fresh: Path, folder: Path) -> Results:
    """The results of everybody, by student and task."""
    download = folder / "download"
    source = json.loads(given.source)
    courses.hand_in(download, given, "as-released", given.release.encode())
    courses.hand_in(download, given, "teacher", json.dumps(source).encode())
    for student, functions in crowd(given).items():
        sources = {task: f"import math\n\n\n{item.source}" for task, item in functions.items()}
        courses.hand_in(download, given, student, courses.filled(given, sources))
    course = Path(shutil.copytree(fresh, folder / "attention"))
    done = courses.typed("grade", given.name, download, "--course", course, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    files = Course(course).results(given.name).glob("*.json")
    stored = {path.stem: json.loads(path.read_text(encoding="utf-8"))["result"] for path in files}
    return {student: {task["task"]: task for task in one["tasks"]} for student, one in stored.items()}


@pytest.mark.parametrize("name", courses.NAMES)
def test_everybody_gets_what_they_deserve(name: str, fresh: Path, tmp_path: Path) -> None:
    given = courses.assignment(name)
    results = graded(given, fresh, tmp_path)
    assert {task: found["points"] for task, found in results["as-released"].items()} == dict.fromkeys(given.tasks, 0)
    assert all(found["points"] == found["of"] > 0 for found in results["teacher"].values())
    assert tuple(results["teacher"]) == given.tasks

    tried = 0
    faults = []
    for student, functions in crowd(given).items():
        for task, item in functions.items():
            found = results[student][task]
            expected = found["of"] if item.right else item.points
            said = [line["diagnosis"] for line in found["lines"]]
            if found["points"] != expected or not (item.right or any(item.says in words for words in said)):
                faults.append((str(item), found["points"], expected, item.says, said))
            tried += 1
    assert faults == []
    assert tried >= 5 * len(given.tasks)
