"""Courses of the real assignments, what students hand in to them, and the real command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.classroom import mutants

from attnbook.classroom.subject import SUBJECT
from nbjudge.nbgrader.authoring import Assignment, load

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "notebooks" / "assignments"
COMMAND = (sys.executable, "-c", "import sys; from attnbook.classroom.subject import main; sys.exit(main())")
NAMES = sorted(path.stem for path in (BOOK / "source").glob("*.md"))


@cache
def assignment(name: str) -> Assignment:
    return load(BOOK, name, SUBJECT)


def solutions(given: Assignment) -> dict[str, str]:
    """The teacher's function of each task."""
    cells = json.loads(given.source)["cells"]
    about = [(cell["metadata"]["attnbook"], "".join(cell["source"])) for cell in cells]
    return {where["task"]: source for where, source in about if where["role"] == "solution"}


def wrong(given: Assignment, task: str) -> mutants.Planted:
    """A planted function that earns something, but not everything, or at least nothing."""
    some = [item for item in mutants.planted(task) if not item.right]
    return max(some, key=lambda item: (item.points, str(item)))


def filled(given: Assignment, functions: Mapping[str, str], words: str = "") -> bytes:
    """What a student hands in who wrote these functions, and this answer to every question."""
    book: dict[str, Any] = json.loads(given.release)
    for cell in book["cells"]:
        about = cell["metadata"]["attnbook"]
        if about["role"] == "solution" and about["task"] in functions:
            cell["source"] = functions[about["task"]]
        elif about["role"] == "words" and words:
            cell["source"] = words
    return json.dumps(book, indent=1).encode()


def hand_in(folder: Path, given: Assignment, student: str, notebook: bytes) -> None:
    path = folder / student / f"{given.name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(notebook)


def typed(*arguments: object, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, as from a fresh terminal."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, env=environment, **{"timeout": 300, **more}
    )


def contents(course: Path) -> dict[str, bytes]:
    """Every file of a course that is a result, without what tells the time: how long it took, and the database."""
    found = {}
    for path in sorted(course.rglob("*")):
        name = path.relative_to(course).as_posix()
        if path.is_file() and name not in {"gradebook.db", "private/lock"}:
            found[name] = path.read_bytes()
            if name.startswith("private/results/"):
                result = json.loads(found[name])
                result["result"].pop("seconds")
                found[name] = json.dumps(result).encode()
    return found
