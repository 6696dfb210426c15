"""What students can get at holds no solution, no mark scheme and nothing of the hidden properties.

What must not be found is read from the teacher's own files, so that it grows with them.
"""

import ast
import html
import json
import math
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbgrader.nbgraderformat import MetadataValidator

import assignments
from attnbook.classroom import specs
from attnbook.classroom.subject import SUBJECT
from nbjudge.judging.check import examine
from nbjudge.judging.hidden import properties
from nbjudge.nbgrader.authoring import load

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = ROOT / "notebooks" / "assignments"
NAMES = sorted(path.stem for path in (ASSIGNMENTS / "source").glob("*.md"))
EACH = pytest.mark.parametrize("name", NAMES)
TELLING = 16  # signs without blanks: a shorter line of a solution, such as `return scores`, may stand anywhere
TEXTS = {".html", ".ipynb", ".js", ".json", ".md", ".txt", ".py", ".css", ".xml", ".rst", ".inv", ".svg"}


def flat(text: str) -> str:
    return " ".join(text.split())


def blocks(text: str, what: str) -> Iterator[str]:
    yield from re.findall(rf"### BEGIN {what}\n(.*?)### END {what}", text, re.DOTALL)


def telling(lines: Iterable[str]) -> set[str]:
    return {flat(line) for line in lines if len("".join(line.split())) >= TELLING}


@cache
def solutions() -> frozenset[str]:
    """The lines of all solutions that neither the book nor the author's own words around the marks show."""
    texts = [path.read_text(encoding="utf-8") for path in (ASSIGNMENTS / "source").glob("*.md")]
    lines = telling(line for text in texts for block in blocks(text, "SOLUTION") for line in block.splitlines())
    around = [re.sub(r"### BEGIN (\w+).*?### END \1", "", text, flags=re.DOTALL) for text in texts]
    shown = flat(" ".join([*around, *(path.read_text(encoding="utf-8") for path in (ROOT / "book").glob("*.md"))]))
    return frozenset(line for line in lines if line not in shown)


@cache
def schemes() -> frozenset[str]:
    """The lines of all mark schemes."""
    texts = [path.read_text(encoding="utf-8") for path in (ASSIGNMENTS / "source").glob("*.md")]
    return frozenset(
        telling(line for text in texts for block in blocks(text, "MARK SCHEME") for line in block.splitlines())
    )


@cache
def hidden() -> frozenset[str]:
    """The words of all hidden properties, as far as no public one says the same."""
    found = set[str]()
    for path in (ASSIGNMENTS / "hidden").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        found |= telling(
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
        for items in properties(text, path.name).values():
            found |= {flat(item.promise) for item in items}
    public = flat(" ".join(path.read_text(encoding="utf-8") for path in Path(specs.__file__).parent.rglob("*.py")))
    return frozenset(words for words in found if words not in public)


SECRETS = {"solution": solutions, "mark scheme": schemes, "hidden property": hidden}


def views(name: str, text: str) -> str:
    """A file's text as it stands, as a reader of the page sees it, and, of JSON, all strings in it."""
    seen = [text]
    if name.endswith(".html"):
        seen.append(html.unescape(re.sub(r"<[^>]*>", "", text)))
    if name.endswith((".ipynb", ".json")):
        seen.append("\n".join(strings(json.loads(text))))
    return flat("\n".join(seen))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from strings([key, item])
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)
        for item in value:
            yield from strings(item)


def leaks(files: Mapping[str, str], kinds: Iterable[str] = SECRETS) -> list[str]:
    """Say what of the teacher's stands in which file."""
    read = {name: views(name, text) for name, text in files.items()}
    wanted = [(kind, words) for kind in kinds for words in sorted(SECRETS[kind]())]
    return [f"{name} holds a {kind}: {words}" for name, text in read.items() for kind, words in wanted if words in text]


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in TEXTS and "__pycache__" not in path.parts
    }


def test_there_is_something_to_look_for() -> None:
    assert len(NAMES) >= 3
    assert all(len(secrets()) >= 10 for secrets in SECRETS.values()), {k: len(s()) for k, s in SECRETS.items()}


def test_what_is_handed_out_is_what_the_texts_make() -> None:
    stale = assignments.stale(assignments.generate(ROOT), ASSIGNMENTS / "release")
    assert stale == [], "run `make assignments`"


def test_what_is_handed_out_holds_nothing_of_the_teachers() -> None:
    files = texts(ASSIGNMENTS / "release")
    assert list(files) == [f"{name}/{name}.ipynb" for name in NAMES]
    assert leaks(files) == []
    marks = ("BEGIN SOLUTION", "END SOLUTION", "MARK SCHEME", "HIDDEN TESTS")
    assert [(name, mark) for name, text in files.items() for mark in marks if mark in text] == []


def test_the_site_holds_nothing_of_the_teachers(site: Path) -> None:
    files = texts(site)
    assert "_static/search-index.js" in files
    assert leaks(files) == []


def test_the_site_offers_only_what_is_handed_out(site: Path) -> None:
    offered = {
        path.relative_to(site).as_posix() for path in (site / "notebooks" / "assignments").rglob("*") if path.is_file()
    }
    assert offered == {f"notebooks/assignments/release/{name}/{name}.ipynb" for name in NAMES}
    for path in offered:
        assert (site / path).read_bytes() == (ROOT / path).read_bytes()
    elsewhere = [path for path in site.rglob("*") if {"hidden", "assignments"} & {path.parent.name, path.stem}]
    assert {path.relative_to(site).as_posix() for path in elsewhere} <= {
        "notebooks/assignments",
        "notebooks/assignments/release",
    }
    script = (site / "_static" / "search-index.js").read_text(encoding="utf-8")
    pages = [page for page, *_ in json.loads(script.removeprefix("globalThis.searchIndex = ").rstrip(";\n"))]
    assert "book/03_alignment.html" in pages
    assert not [page for page in pages if not page.startswith("book/") and page != "index.html"]


def test_the_site_links_each_assignment_before_the_exercises(site: Path) -> None:
    for name in NAMES:
        page = (site / "book" / f"{name}.html").read_text(encoding="utf-8")
        (paragraph,) = re.findall(r'<p class="assignment">(.*?)</p>', page, re.DOTALL)
        path = f"notebooks/assignments/release/{name}/{name}.ipynb"
        links = re.findall(r'href="([^"]*)"', paragraph)
        assert links[0] == f"../{path}"
        assert links[1].startswith("https://mybinder.org/")
        assert links[1].endswith(path.replace("/", "%2F"))
        assert links[2].endswith(f"/{path}")
        assert page.index(">Exercises<") < page.index('<p class="assignment">') < page.index('class="exercise')
        assert "functions, an answer in words and an experiment, in about" in paragraph


def test_what_setuptools_packs_holds_nothing_of_the_teachers() -> None:
    """The package is `src`, in which no file of an assignment stands; its specifications are public."""
    packed = texts(ROOT / "src")
    assert "attnbook/classroom/subject.py" in packed
    assert leaks(packed, ("mark scheme", "hidden property")) == []
    texts_there = [name for name in packed if name.endswith((".ipynb", ".md")) and Path(name).name != "README.md"]
    assert [name for name in packed if "hidden" in Path(name).parts] + texts_there == []


@pytest.mark.slow
def test_the_wheel_holds_nothing_of_the_teachers(tmp_path: Path) -> None:
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    assert {name.partition("/")[0].partition("-")[0] for name in files} == {"attnbook", "nbjudge"}
    assert "attnbook/classroom/specs/__init__.py" in files
    assert "nbjudge/reports/templates/feedback.html" in files
    assert leaks({k: t for k, t in files.items() if Path(k).suffix in TEXTS}, ("mark scheme", "hidden property")) == []


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("name", ["page.html", "notebook.ipynb", "_sources/page.md.txt", "search-index.js"])
def test_a_leak_would_be_found(kind: str, name: str) -> None:
    """One secret of each kind, planted in each kind of file as that kind writes it down."""
    for words in sorted(SECRETS[kind]())[:5]:
        text = words
        if name.endswith(".html"):
            text = "<pre>" + " ".join(f"<span>{html.escape(word)}</span>" for word in words.split()) + "</pre>"
        elif name.endswith(".ipynb"):
            text = json.dumps({"cells": [{"source": ["x = 1\n", f"{words}\n"]}]})
        assert leaks({name: text}) == [f"{name} holds a {kind}: {words}"]


@EACH
def test_the_teachers_own_notebook_would_be_found_out(name: str) -> None:
    source = load(ASSIGNMENTS, name, SUBJECT).source
    found = leaks({"notebook.ipynb": source})
    assert any("holds a solution" in line for line in found)
    assert any("holds a mark scheme" in line for line in found)


def handed_out(name: str) -> nbformat.NotebookNode:
    return nbformat.read(ASSIGNMENTS / "release" / name / f"{name}.ipynb", as_version=4)


@EACH
def test_a_released_notebook_is_valid_and_without_outputs(name: str) -> None:
    notebook = handed_out(name)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    for cell in notebook.cells:
        assert cell.id == cell.metadata.nbgrader.grade_id
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)


@EACH
def test_each_task_is_worth_what_its_properties_are(name: str) -> None:
    found = load(ASSIGNMENTS, name, SUBJECT)
    secret = properties(found.hidden)
    cells = handed_out(name).cells
    roles = [cell.metadata.attnbook.role for cell in cells]
    points = {cell.id: cell.metadata.nbgrader.points for cell in cells if cell.metadata.attnbook.role == "check"}
    tasks = specs.tasks_of(found.chapter)
    assert points == {t.name: t.points + sum(item.points for item in secret[t.name]) for t in tasks}
    assert found.tasks == tuple(task.name for task in tasks)
    assert 3 <= len(tasks) <= 5
    assert (roles.count("words"), roles.count("experiment")) == (1, 1)


@EACH
def test_the_minutes_are_those_of_all_parts(name: str) -> None:
    """220 words a minute, a quarter of an hour for a task, half an hour for the rest, rounded up to ten.

    The page for teachers says what is left without the experiment.
    """
    found = handed_out(name)
    texts = [cell.source for cell in found.cells if cell.cell_type == "markdown"]
    words = sum(len(re.findall(r"\b[A-Za-z][\w’'-]*", text)) for text in texts)
    tasks = sum(cell.metadata.attnbook.role == "check" for cell in found.cells)
    assert found.metadata.attnbook.minutes == 10 * math.ceil((words / 220 + 15 * tasks + 30) / 10) <= 120
    (told,) = re.findall(r"(?:About|Plan) (\d+) minutes", "\n".join(texts))
    assert int(told) == found.metadata.attnbook.minutes
    assert "the last 20 for the experiment, which your teacher may leave out" in texts[0] + texts[1]


@EACH
def test_each_table_adds_up_to_the_points_of_its_task(name: str) -> None:
    lines: list[tuple[str, str]] = []
    for cell in handed_out(name).cells:
        lines = re.findall(r"^\| (.*) \| ([\d.]+) \|$", cell.source, re.MULTILINE) or lines
        if cell.metadata.attnbook.role == "check":
            assert sum(float(points) for _, points in lines) == cell.metadata.nbgrader.points
            (task,) = (task for task in specs.tasks_of(name.split("_", 1)[1]) if f'"{task.name}"' in cell.source)
            shown = [float(points) for words, points in lines if "teacher" not in words]
            assert shown == [item.points for item in task.properties]


@EACH
def test_each_function_waits_to_be_written_and_says_so(name: str) -> None:
    space: dict[str, Any] = {"np": np}
    cells = handed_out(name).cells
    for cell in cells:
        if cell.metadata.attnbook.role in {"given", "solution"}:
            exec(compile(cell.source, cell.id, "exec"), space)
    for task in specs.tasks_of(name.split("_", 1)[1]):
        report = examine(specs.CATALOGUE, task.name, space[task.name])
        assert report.kept == 0
        assert "your function is not written yet" in repr(report)
        assert space[task.name].__doc__


def executed(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    NotebookClient(
        notebook, timeout=300, allow_errors=True, resources={"metadata": {"path": str(ASSIGNMENTS)}}
    ).execute()
    return notebook


def said(cell: nbformat.NotebookNode) -> str:
    return "".join(output.get("text", "") + output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def errors(cell: nbformat.NotebookNode) -> list[str]:
    return [output.ename for output in cell.get("outputs", ()) if output.output_type == "error"]


@pytest.mark.slow
@EACH
def test_in_a_real_kernel_every_check_says_not_written_yet(name: str) -> None:
    for cell in executed(handed_out(name)).cells:
        assert set(errors(cell)) <= {"NotImplementedError"}
        if cell.metadata.attnbook.role == "check":
            assert errors(cell) == []
            assert "your function is not written yet" in said(cell)
            assert any("text/html" in output.get("data", {}) for output in cell.outputs)


@pytest.mark.slow
@EACH
def test_the_teachers_notebook_passes_check_in_a_real_kernel(name: str) -> None:
    notebook = nbformat.reads(load(ASSIGNMENTS, name, SUBJECT).source, as_version=4)
    for cell in executed(notebook).cells:
        assert errors(cell) == [], cell.source
        if cell.metadata.attnbook.role == "check":
            assert "public properties hold. Your teacher's tests ask more." in said(cell)
        elif any("image/svg+xml" in output.get("data", {}) for output in cell.get("outputs", ())):
            words = "".join(output.get("text", "") for output in cell.outputs)
            assert words, f"a picture that is not told in words either: {cell.source}"
