"""Nbgrader's own commands and pages in a course of ours, and beside them what they do without our parts."""

from __future__ import annotations

import csv
import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jinja2
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook, MissingEntry
from tests.nbjudge import small
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from attnbook.classroom import specs
from attnbook.classroom.subject import SUBJECT
from nbjudge.course import folder as course
from nbjudge.nbgrader import authoring, preprocessor, settings
from nbjudge.nbgrader.authoring import Assignment
from nbjudge.nbgrader.gradebook import Books

ASSIGNMENTS = Path(__file__).resolve().parents[3] / "notebooks" / "assignments"
NAME = "80_stock"
TEXT = """---
kernelspec: {display_name: Python 3, language: python, name: python3}
assignment: {chapter: scoring, minutes: 60}
---

```{code-cell} ipython3
import numpy as np
from attnbook.classroom import check
```

```{code-cell} ipython3
---
role: solution
task: scaled_dot
---
def scaled_dot(queries, keys):
    '''Return the scaled dot products.'''
    ### BEGIN SOLUTION
    return queries @ np.swapaxes(keys, -1, -2) / np.sqrt(keys.shape[-1])
    ### END SOLUTION
```

```{code-cell} ipython3
---
role: check
task: scaled_dot
---
check("scaled_dot", scaled_dot)
```

Why do we divide?

+++ {"role": "words", "task": "why_root", "points": 3}

### BEGIN MARK SCHEME
The variance of a sum.
### END MARK SCHEME
*Write your answer here.*
"""
RIGHT = "def scaled_dot(queries, keys):\n    return queries @ np.swapaxes(keys, -1, -2) / np.sqrt(keys.shape[-1])"
WRONG = "def scaled_dot(queries, keys):\n    return 0.0"
# What a submission can do in the process that runs the tests; each function is wrong.
TRICKS = {
    "asserts": """\
try:
    import ast

    class Drop(ast.NodeTransformer):
        def visit_Assert(self, node):
            return ast.copy_location(ast.Pass(), node)

    get_ipython().ast_transformers.append(Drop())
except NameError:
    pass
""",
    "patches": "import numpy.testing\nnumpy.testing.assert_allclose = lambda *a, **k: None\n",
    "book": """\
import pathlib, sqlite3

for folder in [*pathlib.Path.cwd().parents, pathlib.Path("/tmp"), *pathlib.Path("/").glob("*")]:
    if (folder / "gradebook.db").exists():
        with sqlite3.connect(folder / "gradebook.db") as book:
            mine = "SELECT n.id FROM submitted_notebook n JOIN submitted_assignment a ON a.id = n.assignment_id"
            book.execute(f"UPDATE grade SET manual_score = 2 WHERE notebook_id IN ({mine} WHERE a.student_id = 'book')")
""",
}
FRAMES = """\
import sys

def scaled_dot(queries, keys):
    frame = sys._getframe()
    while frame := frame.f_back:
        for place in (frame.f_locals, frame.f_globals):
            if "expected" in place:
                return place["expected"]
    return 0.0
"""
SOLUTIONS = {"honest": RIGHT, "wrong": WRONG, "frames": FRAMES} | {name: code + WRONG for name, code in TRICKS.items()}


def nbgrader(
    folder: Path, *arguments: str, path: str = "/usr/bin:/bin", **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of nbgrader as a teacher would, in the course folder, without an activated environment."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    environment = outside | {"PATH": path, "HOME": str(folder.parent), **more}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def hand_in(folder: Path, student: str, name: str, content: Any) -> Path:
    path = folder / "submitted" / student / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else nbformat.writes(content), encoding="utf-8")
    return path


def filled(release: str, **sources: str) -> Any:
    book = nbformat.reads(release, as_version=4)
    for cell in book.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "").replace("-", "_")
        cell.source = sources.get(name, cell.source)
    return book


def doubled(book: Any) -> Any:
    """What a student gets who copies a cell in JupyterLab."""
    first = next(i for i, cell in enumerate(book.cells) if cell.metadata.get("nbgrader", {}).get("solution"))
    book.cells.insert(first + 1, nbformat.from_dict(json.loads(json.dumps(book.cells[first])) | {"id": "copied"}))
    return book


def points(folder: Path, name: str, student: str) -> float | None:
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        try:
            return float(book.find_submission(name, student).score)
        except MissingEntry:
            return None


def exported(folder: Path) -> dict[str, dict[str, str]]:
    done = nbgrader(folder, "export")
    assert done.returncode == 0, done.stderr
    with open(folder / "grades.csv", encoding="utf-8", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def made(folder: Path, assignment: Assignment) -> Path:
    """A course folder with one assignment, as `attnbook-grade new` makes it."""
    made = course.create(folder, SUBJECT, settings.config_text())
    course.write(made.source(assignment.name), assignment.source)
    course.write(made.release(assignment.name), assignment.release)
    if assignment.hidden:
        course.write(made.hidden(assignment.chapter), assignment.hidden, mode=0o600)
    with Books(folder) as books:
        books.add_assignment(assignment)
    return folder


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    tasks = (specs.task("scaled_dot"),)
    teachers = authoring.teachers(TEXT, NAME, tasks, SUBJECT)
    release = authoring.written(authoring.release(teachers))
    return Assignment(NAME, "scoring", release, authoring.written(teachers), "", ("scaled_dot",), SUBJECT)


@dataclass
class Graded:
    folder: Path
    log: str
    code: int
    seconds: float


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, assignment: Assignment) -> Graded:
    """A course in which a teacher has run the stock command, `nbgrader autograde`."""
    folder = made(tmp_path_factory.mktemp("ours") / "course", assignment)
    for student, code in SOLUTIONS.items():
        why = (
            "Because <script>window.hacked = 1</script> of $a<b$."
            if student == "honest"
            else "*Write your answer here.*"
        )
        hand_in(folder, student, NAME, filled(assignment.release, scaled_dot_solution=code, why_root=why))
    copied = filled(assignment.release, scaled_dot_solution=RIGHT)
    hand_in(folder, "a_copied_cell", NAME, doubled(copied))
    hand_in(folder, "broken", NAME, '{"cells": [')
    start = time.monotonic()
    done = nbgrader(folder, "autograde", NAME)
    return Graded(folder, done.stdout + done.stderr, done.returncode, time.monotonic() - start)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("student", "earns"),
    [("honest", 4.0), ("wrong", 0.0), ("a_copied_cell", 4.0), ("frames", 0.0), *((name, 0.0) for name in TRICKS)],
)
def test_the_stock_command_gives_what_the_code_deserves(graded: Graded, student: str, earns: float) -> None:
    assert points(graded.folder, NAME, student) == earns, graded.log


@pytest.mark.slow
def test_the_stock_command_reports_who_was_not_graded(graded: Graded) -> None:
    assert graded.code == 1  # as nbgrader ends where something failed
    assert "broken was not graded: the notebook could not be read" in graded.log
    assert points(graded.folder, NAME, "broken") is None
    assert not (graded.folder / "autograded" / "broken").exists()
    assert graded.seconds < 120


@pytest.mark.slow
def test_marks_wait_when_a_newer_file_is_unreadable(tmp_path: Path, assignment: Assignment) -> None:
    folder = made(tmp_path / "course", assignment)
    hand_in(folder, "ada", NAME, filled(assignment.release, scaled_dot_solution=RIGHT))
    assert nbgrader(folder, "autograde", NAME).returncode == 0
    with Books(folder) as books:
        assert books.marks(assignment)["ada"].state == "final"
    hand_in(folder, "ada", NAME, "lost")
    assert nbgrader(folder, "autograde", NAME, "--force").returncode == 1
    with Books(folder) as books:
        assert books.marks(assignment)["ada"].state == "waits for a person"
    assert exported(folder)["ada"]["score"] == ""


@pytest.mark.slow
def test_the_export_leaves_empty_what_is_not_final(graded: Graded) -> None:
    rows = exported(graded.folder)
    assert (rows["broken"]["state"], rows["broken"]["score"]) == ("not graded", "")
    assert (rows["honest"]["state"], rows["honest"]["score"]) == ("waits for a person", "")
    assert (rows["wrong"]["state"], rows["wrong"]["score"], rows["wrong"]["max_score"]) == ("final", "0.0", "7.0")


@pytest.mark.slow
def test_nbgraders_feedback_shows_the_rubric_and_runs_nothing(graded: Graded) -> None:
    done = nbgrader(graded.folder, "generate_feedback", NAME)
    assert done.returncode == 0, done.stderr
    honest, wrong = (
        (graded.folder / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")
        for student in ("honest", "wrong")
    )
    assert "<strong>4 of 4 points</strong>" in honest
    assert "<strong>0 of 4 points</strong>" in wrong
    assert "<li>✗ <strong>0 of 2</strong> " in wrong
    assert not [tag for tag in ("li", "tbody", "strong") if f"&lt;{tag}" in wrong + honest]
    assert "&lt;script&gt;window.hacked" in honest
    assert "<script>window.hacked" not in honest
    assert "No response." in wrong


@pytest.mark.slow
def test_without_a_sandbox_the_stock_command_refuses(tmp_path: Path, assignment: Assignment) -> None:
    folder = made(tmp_path / "course", assignment)
    hand_in(folder, "honest", NAME, filled(assignment.release, scaled_dot_solution=RIGHT))
    (tmp_path / "bin").mkdir()
    done = nbgrader(folder, "autograde", NAME, path=str(tmp_path / "bin"))
    assert done.returncode == 1
    assert "Nothing was graded: there is no sandbox" in done.stderr
    assert points(folder, NAME, "honest") is None
    trusting = "--SandboxedTests.trust_students=True"
    assert nbgrader(folder, "autograde", NAME, trusting, path=str(tmp_path / "bin")).returncode == 0
    assert points(folder, NAME, "honest") == 4


@pytest.mark.slow
def test_generating_the_assignment_anew_gives_the_same_release(tmp_path: Path, assignment: Assignment) -> None:
    folder = made(tmp_path / "course", assignment)
    path = folder / "release" / NAME / f"{NAME}.ipynb"
    before = nbformat.read(path, as_version=4)
    done = nbgrader(folder, "generate_assignment", NAME, "--force")
    assert done.returncode == 0, done.stderr
    assert nbformat.read(path, as_version=4).cells == before.cells
    checksum = next(cell for cell in before.cells if cell.id == "why_root").metadata.nbgrader.checksum
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        assert book.find_source_cell("why_root", NAME, NAME).checksum == checksum
    (tmp_path / "exchange").mkdir(mode=0o777)
    (tmp_path / "exchange").chmod(0o777)
    done = nbgrader(folder, "release_assignment", NAME, f"--Exchange.root={tmp_path / 'exchange'}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "exchange" / "course" / "outbound" / NAME / f"{NAME}.ipynb").is_file()


def stock_course(folder: Path) -> str:
    """A course of nbgrader's own kind, without our parts: tests with assert and with assert_allclose, 2 points each."""
    about = {"schema_version": 3, "task": False}
    own = about | {"grade": False, "solution": True, "locked": False}
    test = about | {"grade": True, "solution": False, "locked": True, "points": 2}
    given = "queries, keys = np.arange(6.0).reshape(2, 3), np.ones((4, 3))\nexpected = queries @ keys.T / np.sqrt(3)\n"
    right = RIGHT.replace("    return", "    ### BEGIN SOLUTION\n    return") + "\n    ### END SOLUTION"
    cells = [
        new_code_cell("import numpy as np", metadata={}),
        new_code_cell(right, metadata={"nbgrader": own | {"grade_id": "scaled_dot-solution"}}),
        new_code_cell(
            given + "assert np.allclose(scaled_dot(queries, keys), expected)",
            metadata={"nbgrader": test | {"grade_id": "with-assert"}},
        ),
        new_code_cell(
            given + "np.testing.assert_allclose(scaled_dot(queries, keys), expected)",
            metadata={"nbgrader": test | {"grade_id": "with-allclose"}},
        ),
        new_markdown_cell("The end."),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = folder / "source" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(nbformat.writes(new_notebook(cells=cells, metadata=kernel)), encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'stock'\n", encoding="utf-8"
    )
    done = nbgrader(folder, "generate_assignment", NAME, path=with_scripts())
    assert done.returncode == 0, done.stderr
    return (folder / "release" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")


def with_scripts() -> str:
    return os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])


@pytest.mark.slow
def test_what_we_say_of_nbgrader_without_our_parts_is_true(tmp_path: Path) -> None:
    """What the documentation says of stock nbgrader: if this fails, it has become better, and the words must follow."""
    folder = tmp_path / "stock"
    release = stock_course(folder)
    for student, code in SOLUTIONS.items():
        hand_in(folder, student, NAME, filled(release, scaled_dot_solution=code))
    # One copied cell, and nobody is graded.
    copied = hand_in(folder, "a_copied_cell", NAME, doubled(filled(release, scaled_dot_solution=RIGHT)))
    assert nbgrader(folder, "autograde", NAME, path=with_scripts()).returncode == 1
    assert points(folder, NAME, "honest") is None
    copied.unlink()
    copied.parent.rmdir()
    # Who could not be graded has 0.0 points.
    hand_in(folder, "broken", NAME, '{"cells": [')
    nbgrader(folder, "autograde", NAME, path=with_scripts())
    assert exported(folder)["broken"]["score"] == "0.0"
    # Wrong functions have all the points that they were after.
    earned = {student: points(folder, NAME, student) for student in SOLUTIONS}
    assert earned == {"honest": 4, "wrong": 0, "asserts": 2, "patches": 2, "frames": 4, "book": 4}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.stem for path in (ASSIGNMENTS / "source").glob("*.md")))
def test_the_books_assignments_go_through_the_stock_command(tmp_path: Path, name: str) -> None:
    given = authoring.load(ASSIGNMENTS, name, SUBJECT)
    folder = made(tmp_path / "course", given)
    hand_in(folder, "as_handed_out", name, given.release)
    hand_in(folder, "solved", name, given.source)
    done = nbgrader(folder, "autograde", name)
    assert done.returncode == 0, done.stderr
    with Books(folder) as books:
        marks = books.marks(given)
    assert (marks["as_handed_out"].state, marks["as_handed_out"].points) == ("final", 0)
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        worth = {cell.name: cell.max_score for cell in book.find_notebook(name, name).grade_cells}
    assert marks["solved"].auto == {task: worth[task] for task in given.tasks}
    assert marks["solved"].state == "waits for a person"
    assert set(marks["solved"].manual) == set(worth) - set(given.tasks) != set()
    assert nbgrader(folder, "generate_feedback", name).returncode == 0


def test_settings_name_what_exists() -> None:
    config = Config()
    exec(settings.config_text(), {"c": config})
    named = [
        *config.Autograde.autograde_preprocessors,
        *config.GenerateAssignment.preprocessors,
        *(config.Autograde.exporter_class, config.ExportApp.plugin_class, *config.HTMLExporter.filters.values()),
    ]
    for name in named:
        assert callable(import_item(name)), name
    assert not any(name.endswith(".Execute") for name in named)


def test_no_full_marks_with_the_sandbox_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    tests = preprocessor.SandboxedTests(enabled=False)
    monkeypatch.setattr(tests, "preprocess", lambda nb, resources: ("graded", resources))
    assert tests("notebook", {}) == ("graded", {})


def rendered(source: str, **attachments: dict[str, str]) -> str:
    environment = jinja2.Environment()
    environment.filters["markdown2html"] = settings.markdown2html
    cell = {"attachments": {name.replace("_", "."): data for name, data in attachments.items()}}
    return environment.from_string("{{ source | markdown2html }}").render(source=source, cell=cell)


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        'Look <img src="x" onerror="alert(1)"> here',
        "[press](javascript:alert(1))",
        "[press](data:text/html;base64,PHNjcmlwdD4=)",
        "```mermaid\n</pre><script>alert(1)</script>\n```",
        "<svg onload=alert(1)>",
        "<iframe src='//example.org'></iframe>",
        "<form action=x><input autofocus onfocus=alert(1)>",
        "<style>body { display: none }</style>",
        '<p style="position: fixed; top: 0" id="twice">x</p>',
        r"$\href{javascript:alert(1)}{x}$",
        r"plain \href{javascript:alert(1)}{x}",
        r'$\mmlToken{mtext}[href="javascript:alert(1)"]{x}$',
        "$$\n<script>alert(1)</script>\n$$",
        "# <script>alert(1)</script>",
        '<div class="modal-backdrop in"></div>',
        '<span class="modal-backdrop in"></span>',
        "![](https://example.org/seen.png)",
        '<img src="https://example.org/seen.png">',
        "<img src='//example.org/seen.png'>",
        r"<div>$\&#104;ref{javascript:alert(1)}{x}$</div>",
        r"\&#x68;re&#102;{javascript:alert(1)}{x}",
        r"<p>$&bsol;href{javascript:alert(1)}{x}$ $\&#104ref{javascript:alert(1)}{x}$</p>",
        r"<p>$\hr<!-- -->ef{javascript:alert(1)}{x}$</p>",
        r"$\require{HTML}\class{modal-backdrop in}{x}\style{position: fixed}{x}\cssId{why_half}{x}$",
    ],
)
def test_an_answer_cannot_act_on_the_teachers_page(source: str) -> None:
    html = rendered(source)
    seen: list[tuple[str, list[tuple[str, str | None]]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: seen.append((tag, attributes))  # type: ignore[method-assign]
    parser.feed(html)
    for tag, attributes in seen:
        assert tag in settings.TAGS, html
        for name, value in attributes:
            assert name in {"class", "href", "title", "src", "alt"}, html
            assert not (value or "").lower().startswith("javascript"), html
            assert name != "href" or not (value or "").startswith("data:"), html
            assert name != "src" or (value or "").startswith("data:image/"), html
            assert name != "class" or value == "highlight" or len(value or "") <= 2, html
    assert not re.search(r"\\(href|mmlToken|class|style|cssId|require)", unescape(html)), html
    assert "example.org/seen.png" not in re.sub("<code>.*?</code>", "", html)


def test_an_honest_answer_looks_as_it_was_written() -> None:
    html = rendered(
        "**Why?** $a < b$, `x < y`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![](attachment:p.png)",
        p_png={"image/png": "AAAA"},
    )
    assert "<strong>Why?</strong>" in html
    assert "$a &lt; b$" in html
    assert "<code>x &lt; y</code>" in html
    code = rendered("```python\nx = 'a' < 1\n```")
    assert '<div class="highlight">' in code
    assert '<span class="o">=</span>' in code
    assert "&lt;" in code
    assert rendered("AT&amp;T &#104;i, x &#60; y, a&b").strip() == "<p>AT&amp;T hi, x &lt; y, a&amp;b</p>"
    assert "<td>1</td>" in html
    hint = "<details><summary>Hint</summary>\n\nLook *here*.\n\n</details>"
    assert rendered(hint).replace("\n", "") == "<details><summary>Hint</summary><p>Look <em>here</em>.</p></details>"
    assert 'src="data:image/png;base64,AAAA"' in html
    assert "<p>x" in rendered("x ![](attachment:lost.png)")  # nbgrader's page would not open


@contextmanager
def formgrader(folder: Path) -> Iterator[str]:
    """Nbgrader's pages for marking, served as `jupyter lab` in the course folder serves them; gives the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = folder.parent / "home"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    environment |= {"HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "runtime"), "PATH": "/usr/bin:/bin"}
    options = [
        *("--no-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.allow_root=True"),
        *(f"--ServerApp.root_dir={folder}", "--IdentityProvider.token=a-token-for-this-test"),
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]
    home.mkdir()
    with (home / "log.txt").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *options],
            **{"cwd": folder, "env": environment, "stdout": log, "stderr": subprocess.STDOUT},
        )
    try:
        deadline = time.monotonic() + 60
        while not list((home / "runtime").glob("jpserver-*.json")):
            words = (home / "log.txt").read_text(encoding="utf-8")
            assert server.poll() is None, words
            assert time.monotonic() < deadline, words
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@pytest.mark.slow
def test_a_mark_given_on_nbgraders_page_survives(tmp_path: Path, new_page: Any) -> None:
    given = small.assignment()
    folder = made(tmp_path / "course", given)
    attack = "It is so.\n\n<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
    work = small.notebook(given, why_half=attack, try_it="print('a look')")
    with Books(folder) as books:
        books.record(given, small.result("ada", twice=0.0), work, name="Ada Lovelace", late=True)
        books.record(given, small.result("bob"), small.notebook(given), name="Bob")
    with formgrader(folder) as address:
        page = new_page(f"{address}/login?token=a-token-for-this-test", quiet=False)
        page.goto(f"{address}/formgrader/gradebook/{small.NAME}/{small.NAME}")
        page.get_by_role("link", name="Submission #").nth(0).wait_for()
        rows = page.locator("#main-table tbody tr, tbody tr")
        assert rows.count() == 2
        page.locator("tr", has=page.locator("a.name-shown", has_text="Lovelace, Ada")).locator("a.name-hidden").click()
        page.locator("#why_half").wait_for()
        assert page.get_by_text("✗").count() >= 1
        assert page.get_by_text("It was handed in late.").count() == 1
        page.wait_for_function("document.querySelector('#half')?.placeholder")
        assert page.locator("#half").get_attribute("placeholder") == "4"
        page.locator("#why_half").fill("2.5")
        page.locator("#why_half-comment").fill("Say why.")
        page.locator("#try_it").fill("2")
        page.locator("#try_it").blur()
        deadline = time.monotonic() + 20
        with Books(folder) as books:
            while (marks := books.marks(given)["ada"]).state != "final" or "why_half" not in marks.comments:
                assert time.monotonic() < deadline, marks
                time.sleep(0.1)
            assert (marks.points, marks.manual) == (0 + 4 + 2.5 + 2, {"why_half": 2.5, "try_it": 2})
            assert marks.comments["why_half"] == "Say why."
            # Graded again, with a better function: the mark stays, and is still final.
            books.record(given, small.result("ada", twice=3.0), work, name="Ada Lovelace")
            assert (books.marks(given)["ada"].points, books.marks(given)["ada"].state) == (11.5, "final")
        page.reload()
        page.wait_for_function("document.querySelector('#why_half')?.value === '2.5'")
        page.wait_for_function("document.querySelector('#why_half-comment')?.value === 'Say why.'")
        assert page.get_by_text("✗").count() == 0
        assert page.evaluate("window.hacked") is None
        assert page.get_by_text("<script>window.hacked = 1</script>").count() == 1
