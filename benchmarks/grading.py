"""Grade twenty submissions beside stock nbgrader, and see how the time grows with the class.

Both grade the same twenty submissions of the same assignment in this run. Stock nbgrader runs its tests in the
student's kernel, so its course asks with plain asserts: for each call that our specification makes, one with the right
value. Cells that are only for looking are left out there, since ours does not run them either.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from attnbook.classroom import specs
from attnbook.classroom.subject import SUBJECT
from nbjudge.judging import hidden
from nbjudge.judging.spec import Outcome, judge
from nbjudge.nbgrader.authoring import Assignment, load

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sysconfig.get_path("scripts"))
NAME = "02_scoring"
STUDENTS = 20
CLASSES = (20, 100, 500)
LONGEST = 4000  # characters of one case in an assert: nobody writes down larger tables
ASSERTS = """\
import numpy as np
for arguments, options, expected in {cases}:
    np.testing.assert_allclose({task}(*arguments, **options), expected, rtol=1e-6, atol=1e-6)
"""
Notebook = dict[str, Any]


def _role(cell: Mapping[str, Any]) -> tuple[str, str]:
    about = cell["metadata"]["attnbook"]
    return about["role"], about.get("task", "")


def _solutions(assignment: Assignment) -> dict[str, str]:
    cells = json.loads(assignment.source)["cells"]
    return {_role(cell)[1]: "".join(cell["source"]) for cell in cells if _role(cell)[0] == "solution"}


def submission(assignment: Assignment, number: int) -> Notebook:
    """Return what student `number` hands in: every third has all right, the others miss one task; no two are alike."""
    book: Notebook = json.loads(assignment.release)
    solutions = _solutions(assignment)
    missed = assignment.tasks[number % len(assignment.tasks)] if number % 3 else ""
    for cell in book["cells"]:
        role, task = _role(cell)
        if role == "solution":
            returns = f"def {task}(*arguments, **options):\n    return {number}\n"
            cell["source"] = returns if task == missed else f"{solutions[task]}\n# {number}\n"
        elif role == "words":
            cell["source"] = f"Answer number {number}."
    return book


def _written(value: Any) -> str:
    """Return Python that makes the value."""
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()!r}, dtype='{value.dtype}')".replace("inf", "np.inf").replace("nan", "np.nan")
    if isinstance(value, tuple):
        return f"({''.join(f'{_written(item)}, ' for item in value)})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {_written(item)}' for key, item in value.items())}}}"
    return repr(value.item() if isinstance(value, np.generic) else value)


def _asserts(assignment: Assignment, name: str) -> str:
    """Return a test cell that makes the calls of the specification and compares with the right values."""
    task = specs.task(name)
    cases: list[str] = []

    def call(arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Outcome:
        copies = tuple(value.copy() if isinstance(value, np.ndarray) else value for value in arguments)
        try:
            value = task.reference(*copies, **options)
        except (TypeError, ValueError) as error:
            return Outcome(trouble=f"stopped with {type(error).__name__}", after=copies)
        case = _written((arguments, dict(options), value))
        if len(case) <= LONGEST:
            cases.append(case)
        return Outcome(value, after=copies)

    judge(task, call, seed="bench", hidden=hidden.properties(assignment.hidden).get(name, ()))
    kept = "\n    ".join(f"{case}," for case in cases)
    return ASSERTS.format(cases=f"(\n    {kept}\n)", task=name)


def _stock_notebook(book: Notebook, asserts: Mapping[str, str]) -> Notebook:
    cells = [cell for cell in book["cells"] if _role(cell)[0] != "look" and _role(cell)[1] != "install"]
    for cell in cells:
        role, task = _role(cell)
        if role == "check":
            cell["source"] = asserts[task]
        elif role == "given":  # our check is silent while grading; stock's is the asserts
            cell["source"] = "".join(cell["source"]).replace("from attnbook.classroom import check", "")
    return {**book, "cells": cells}


def _write(path: Path, book: Notebook) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(book, indent=1), encoding="utf-8")


def _timed(command: list[str], folder: Path, accepted: tuple[int, ...]) -> float:
    environment = {"PATH": f"{SCRIPTS}:/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    seconds = time.perf_counter() - began
    if done.returncode not in accepted:
        print(done.stdout[-2000:], done.stderr[-2000:], sep="\n", file=sys.stderr)
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}")
    return seconds


def stock(assignment: Assignment, folder: Path) -> float:
    """Return the seconds that `nbgrader autograde` takes for the submissions."""
    asserts = {name: _asserts(assignment, name) for name in assignment.tasks}
    config = "c = get_config()\nc.CourseDirectory.course_id = 'stock'\nc.ClearSolutions.enforce_metadata = False\n"
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(
        config + "c.ClearMarkScheme.enforce_metadata = False\n", encoding="utf-8"
    )
    _write(folder / "source" / NAME / f"{NAME}.ipynb", _stock_notebook(json.loads(assignment.source), asserts))
    nbgrader = str(SCRIPTS / "nbgrader")
    _timed([nbgrader, "generate_assignment", NAME], folder, (0,))
    for number in range(STUDENTS):
        book = _stock_notebook(submission(assignment, number), asserts)
        _write(folder / "submitted" / f"student{number:03}" / NAME / f"{NAME}.ipynb", book)
    return _timed([nbgrader, "autograde", NAME], folder, (0,))


def ours(assignment: Assignment, folder: Path, students: int, workers: int) -> float:
    """Return the seconds that `attnbook-grade grade` takes, with everything that it writes at the end."""
    command = str(SCRIPTS / "attnbook-grade")
    folder.mkdir()
    _timed([command, "new", "course"], folder, (0,))
    for number in range(students):
        _write(folder / "download" / f"student{number:03}" / f"{NAME}.ipynb", submission(assignment, number))
    return _timed([command, "grade", NAME, "download", "--course", "course", "--workers", str(workers)], folder, (0,))


def compare() -> None:
    """Print both tables."""
    assignment = load(ROOT / "notebooks" / "assignments", NAME, SUBJECT)
    if shutil.which("bwrap") is None:
        print("\nGrading is not measured: bubblewrap is not installed.")
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        print(f"\nGrading the same {STUDENTS} submissions of {NAME} (submissions a minute, everything included)")
        base = stock(assignment, folder / "stock")
        print(f"  {'nbgrader autograde':<40}{60 * STUDENTS / base:>10.1f}")
        seconds = {}
        for workers in (1, 2):
            seconds[workers] = ours(assignment, folder / f"ours-{workers}", STUDENTS, workers)
            label = f"attnbook-grade, {workers} worker{'s' if workers > 1 else ''}"
            rate = 60 * STUDENTS / seconds[workers]
            print(f"  {label:<40}{rate:>10.1f}   × {base / seconds[workers]:.1f}", flush=True)
        print("\nHow the time grows with the class, likeness and overview included (2 workers)")
        print(f"  {'students':<40}{'seconds':>10}{'each':>10}{'ratio':>8}")
        first = 0.0
        for students in CLASSES:
            took = seconds[2] if students == STUDENTS else ours(assignment, folder / f"class-{students}", students, 2)
            first = first or took / students
            print(f"  {students:<40}{took:>10.1f}{took / students:>10.2f}{took / students / first:>8.2f}", flush=True)


if __name__ == "__main__":
    compare()
