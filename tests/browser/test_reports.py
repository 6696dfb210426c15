"""The pages that grading writes, in a browser: to be read by everybody, on any screen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from attnbook.classroom import specs
from attnbook.classroom.subject import SUBJECT
from nbjudge.course.assignment import Assignment
from nbjudge.nbgrader.marks import Marks
from nbjudge.reports import pages, similarity
from nbjudge.reports.exports import Row

RELEASE = Path(__file__).resolve().parents[2] / "notebooks/assignments/release/02_scoring/02_scoring.ipynb"
TASKS = tuple(task.name for task in specs.tasks_of("scoring"))
LONG = "<b>" + "Nguyễn-Schwarzenberg-" * 6 + "</b>"  # a name that no screen is wide enough for
WAITS, FINAL = "waits for a person", "final"


def found(student: str, kept: int) -> dict[str, Any]:
    """What grading found of somebody who kept the first properties of each task."""
    tasks = []
    for task in map(specs.task, TASKS):
        lines: list[dict[str, Any]] = [
            {
                "property": one.name,
                "promise": one.promise,
                "kept": place < kept,
                "tried": place <= kept,
                "hidden": False,
            }
            | {"points": one.points * (place < kept), "of": one.points}
            | {"diagnosis": "" if place < kept else f"your function stopped with NameError: {'undefined_' * 9}"}
            for place, one in enumerate(task.properties)
        ]
        points, of = (sum(line[key] for line in lines) for key in ("points", "of"))
        tasks.append({"task": task.name, "points": points, "of": of, "lines": lines})
    words = [
        {"task": "why_divide", "of": 3.0, "answered": True, "kind": "words"},
        {"task": "break_an_assumption", "of": 2.0, "answered": False, "kind": "experiment"},
    ]
    notes = ["Cell 3 needed longer than 20 seconds, and was stopped.", "x" * 150]
    whole = {"student": student, "assignment": "02_scoring", "state": "graded", "because": "", "seconds": 1.0}
    return whole | {"repairs": ["A cell was there twice."], "notes": notes, "tasks": tasks, "words": words}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One page of each kind, and feedback in each of its states."""
    release = RELEASE.read_text(encoding="utf-8")
    assignment = Assignment("02_scoring", "scoring", release, json.dumps({}), "", TASKS, SUBJECT)
    states = {"ada": FINAL, "bob": WAITS, "cleo": WAITS, "dan": WAITS}
    results = [found(student, kept) for kept, student in enumerate(states)]
    marks = {
        student: Marks(
            state=state,
            points=12.0,
            of=30.0,
            manual={"why_divide": 2.5 if state == FINAL else None},
            comments={"why_divide": "Well said. " + "y" * 150},
        )
        for student, state in states.items()
    }
    names = {"ada": LONG, "bob": "李小龙", "cleo": "John Smith", "dan": "John Smith"}
    rows = [Row(student, names[student], state, "", 12.0, 30.0) for student, state in states.items()]
    rows.append(Row("eve", "Eve", "not graded", "the file is a PDF, whatever its name says", None, 30.0))
    code = "def scaled_dot(queries, keys):\n    return queries @ keys.T / np.sqrt(keys.shape[-1])  # " + "z" * 150
    passage = similarity.Passage("scaled_dot", code, code, frozenset({1}), frozenset({1}))
    # One student in several pairs: each text is a region of the page, and has to have a name of its own.
    pairs = [similarity.Pair(one, "dan", 0.9, 20, (passage,)) for one in ("ada", "bob", "cleo")]
    nothing = results[0] | {"state": "not graded", "because": "the file is empty", "tasks": [], "words": []}
    texts = {
        "final": pages.feedback(results[0], assignment, marks["ada"], name=LONG),
        "waiting": pages.feedback(results[1], assignment, marks["bob"], name="李小龙"),
        "not graded": pages.feedback(nothing, assignment, None, name="Eve"),
        "overview": pages.overview(results, marks, rows, assignment),
        "alike": pages.alike(pairs, names, assignment),
    }
    folder = tmp_path_factory.mktemp("reports")
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.mark.parametrize("name", ["final", "waiting", "not graded", "overview", "alike"])
def test_axe_finds_nothing_and_a_phone_shows_all(
    new_page: Callable[..., Page], written: dict[str, Path], name: str
) -> None:
    page = new_page(written[name].as_uri(), width=320)
    page.evaluate("document.querySelectorAll('details').forEach((box) => (box.open = true))")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        report = Axe().run(page)
        assert report.violations_count == 0, report.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
