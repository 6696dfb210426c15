from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader import utils
from nbgrader.api import Gradebook
from tests.nbjudge import small

from nbjudge.course.folder import RefusalError
from nbjudge.nbgrader import gradebook
from nbjudge.nbgrader.authoring import Assignment
from nbjudge.nbgrader.gradebook import Books, Marks

NAME = small.NAME


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return small.assignment()


@pytest.fixture
def books(tmp_path: Path, gradebook_file: bytes) -> Iterator[Books]:
    (tmp_path / "gradebook.db").write_bytes(gradebook_file)
    with Books(tmp_path) as books:
        yield books


def shown(folder: Path, student: str) -> Any:
    return nbformat.read(folder / "autograded" / student / NAME / f"{NAME}.ipynb", as_version=4)


def cell_of(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    return next(cell for cell in notebook["cells"] if cell["metadata"]["nbgrader"]["grade_id"] == name)


def cell(book: Any, name: str) -> Any:
    return next(cell for cell in book.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def by_hand(folder: Path, student: str, task: str, comment: str = "", **marks: float) -> None:
    """What formgrader does when a teacher marks an answer (`GradeHandler.put`)."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        grade = book.find_grade(task, NAME, NAME, student)
        for name, value in marks.items():
            setattr(grade, name, value)
        grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
        if comment:
            book.find_comment(task, NAME, NAME, student).manual_comment = comment
        book.db.commit()


def recorded(books: Books, assignment: Assignment, student: str = "ada", **sources: str) -> Marks:
    answers = {"why_half": "Because.", "try_it": "print(1)", **sources}
    books.record(assignment, small.result(student), small.notebook(assignment, **answers), name="Ada Lovelace")
    return books.marks(assignment)[student]


def test_a_new_gradebook_is_what_nbgrader_itself_makes(tmp_path: Path, gradebook_file: bytes) -> None:
    (tmp_path / "gradebook.db").write_bytes(gradebook_file)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert book.find_assignment(NAME).max_score == 12
        cells = {cell.name: (cell.max_score, cell.cell_type) for cell in book.find_notebook(NAME, NAME).grade_cells}
        assert cells["twice"] == (3, "code")
        assert cells["why_half"] == (3, "markdown")
        assert "MARK SCHEME" not in book.find_source_cell("why_half", NAME, NAME).source
    with sqlite3.connect(tmp_path / "gradebook.db") as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone()


def test_points_words_and_names_arrive(books: Books, assignment: Assignment, tmp_path: Path) -> None:
    marks = recorded(books, assignment, half_solution="def half(x):\n    return x / 2")
    assert marks.state == "waits for a person"
    assert (marks.points, marks.of) == (7, 12)
    assert marks.auto == {"twice": 3, "half": 4}
    assert marks.manual == {"why_half": None, "try_it": None}
    assert marks.comments == {"twice": "No response."}
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        student = book.find_student("ada")
        assert (student.first_name, student.last_name) == ("Ada", "Lovelace")


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ("Lovelace, Ada", "Ada", "Lovelace"),
        ("<img src=x>Eve", "img", "src=xEve"),
        ("=1+1 Eve", "1+1", "Eve"),
        ("小明", "", "小明"),
        ("\n", None, None),
    ],
)
def test_names_can_be_neither_tags_nor_formulas(
    books: Books, assignment: Assignment, tmp_path: Path, given: str, first: str | None, last: str | None
) -> None:
    books.record(assignment, small.result("eve"), small.notebook(assignment), name=given)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert (book.find_student("eve").first_name, book.find_student("eve").last_name) == (first, last)


def test_under_each_check_cell_stands_what_came_of_it(books: Books, assignment: Assignment, tmp_path: Path) -> None:
    given = small.notebook(assignment, why_half="Because.")
    given["cells"][3]["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "3.0"}, "metadata": {}}]
    given["cells"][3]["metadata"]["nbgrader"]["points"] = 100
    books.record(assignment, small.result("ada", twice=0.0, half=3.0), given, name="Ada", late=True)
    book = shown(tmp_path, "ada")
    nbformat.validate(book)
    assert [utils.determine_grade(cell(book, name)) for name in ("twice", "half")] == [(0, 3), (3, 4)]
    rubric = cell(book, "twice").outputs[0].data
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in rubric["text/html"]
    assert "<script" not in rubric["text/html"]
    assert "✗   0 of 2  returns the right numbers: your result is <script>" in rubric["text/plain"]
    assert "handed in late" in book.cells[0].outputs[0].data["text/plain"]


def test_nothing_of_a_submission_but_its_sources_is_shown(books: Books, assignment: Assignment, tmp_path: Path) -> None:
    given = small.notebook(assignment, why_half="See ![](attachment:a.png)")
    answer = cell_of(given, "why_half")
    answer["attachments"] = {"a.png": {"image/png": 'iVBORw0KGgo=" onload="x'}, "b": {"text/html": "<script>"}}
    html = {"output_type": "display_data", "data": {"text/html": "<script>"}, "metadata": {}}
    added = {"cell_type": "code", "source": ["1\n", "2"], "metadata": {"tags": ['"><script>']}, "outputs": [html]}
    given["cells"] += [
        added,
        {**added, "id": "twice"},
        {"cell_type": "raw", "source": "r", "metadata": {"x": "<script>"}},
    ]
    given["metadata"]["widgets"] = "<script>"
    books.record(assignment, small.result("ada"), given, name="Ada")
    book = shown(tmp_path, "ada")
    assert "script" not in nbformat.writes(book)
    assert [cell.source for cell in book.cells[-3:]] == ["1\n2", "1\n2", "r"]
    assert len({cell.id for cell in book.cells}) == len(book.cells)
    picture = cell(book, "why_half").attachments["a.png"]["image/png"]
    assert set(picture) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


def test_an_experiment_is_shown_with_what_it_showed(books: Books, assignment: Assignment, tmp_path: Path) -> None:
    given = small.notebook(assignment, try_it="# Your experiment: mine")
    dot = "iVBORw0KGgo="
    cell_of(given, "try_it")["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "0.32\n"},
        {"output_type": "display_data", "data": {"image/png": dot, "text/html": "<script>"}, "metadata": {}},
        {"output_type": "display_data", "data": {"application/javascript": "alert(1)"}, "metadata": {}},
    ]
    books.record(assignment, small.result("ada"), given, name="Ada")
    first, printed, picture = cell(shown(tmp_path, "ada"), "try_it").outputs
    assert "it was not run here" in first.text
    assert (printed.text, picture.data) == ("0.32\n", {"image/png": dot})
    cell_of(given, "try_it")["outputs"] = []
    books.record(assignment, small.result("ben"), given, name="Ben")
    assert cell(shown(tmp_path, "ben"), "try_it").outputs == []


@pytest.mark.parametrize("fault", ["a task is missing", "a cell is missing", "other points", "too many points"])
def test_a_check_cell_never_stays_without_its_points(books: Books, assignment: Assignment, fault: str) -> None:
    # nbgrader gives a check cell without output full marks.
    result, given = small.result("ada"), small.notebook(assignment)
    if fault == "a task is missing":
        del result["tasks"][0]
    elif fault == "a cell is missing":
        del given["cells"][3]
    elif fault == "other points":
        result["tasks"][0]["of"] = 5.0
    else:
        result["tasks"][0]["points"] = 3.5
    with pytest.raises(ValueError, match=r"twice|lacks cells"):
        books.record(assignment, result, given, name="Ada")
    assert books.marks(assignment) == {}


def test_the_same_again_changes_nothing(books: Books, assignment: Assignment, tmp_path: Path) -> None:
    first = recorded(books, assignment)
    path = tmp_path / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    before = (path.stat().st_mtime_ns, list(books._book.db.connection().connection.iterdump()))
    books._book.db.remove()
    assert recorded(books, assignment) == first
    books.add_assignment(assignment)
    assert (path.stat().st_mtime_ns, list(books._book.db.connection().connection.iterdump())) == before


@pytest.mark.parametrize("left", [{}, {"why_half": " \n", "try_it": "# Your experiment:\n\n"}])
def test_an_empty_answer_gets_nothing_and_says_so(
    books: Books, assignment: Assignment, tmp_path: Path, left: dict[str, str]
) -> None:
    result = small.result("ada")
    result["words"][0]["answered"] = result["words"][1]["answered"] = False
    books.record(assignment, result, small.notebook(assignment, **left), name="Ada")
    marks = books.marks(assignment)["ada"]
    assert marks.state == "final"
    assert marks.auto["why_half"] == marks.auto["try_it"] == 0
    assert marks.comments["why_half"] == "No response."
    assert "There is no answer to why_half." in shown(tmp_path, "ada").cells[0].outputs[0].data["text/plain"]


def test_what_a_person_gave_survives(books: Books, assignment: Assignment, tmp_path: Path) -> None:
    recorded(books, assignment)
    by_hand(tmp_path, "ada", "why_half", manual_score=2.5, comment="Say more.")
    by_hand(tmp_path, "ada", "try_it", manual_score=2.0, extra_credit=0.5)
    by_hand(tmp_path, "ada", "half", manual_score=1.0)
    for _ in range(2):
        marks = recorded(books, assignment)
        assert marks.state == "final"
        assert marks.points == 3 + 1 + 2.5 + 2.5
        assert marks.manual == {"why_half": 2.5, "try_it": 2, "half": 1}
        assert marks.extra == {"try_it": 0.5}
        assert marks.comments["why_half"] == "Say more."


@pytest.mark.parametrize("changed", ["why_half", "half_solution"])
def test_a_changed_answer_keeps_its_mark_and_asks_again(
    books: Books, assignment: Assignment, tmp_path: Path, changed: str
) -> None:
    recorded(books, assignment)
    task = changed.removesuffix("_solution")
    for other in ("why_half", "try_it", "half"):
        by_hand(tmp_path, "ada", other, manual_score=1.5)
    for _ in range(2):  # asking again must not be forgotten when the same is recorded again
        marks = recorded(books, assignment, **{changed: "something new"})
        assert marks.state == "waits for a person"
        assert marks.manual == {"why_half": 1.5, "try_it": 1.5, "half": 1.5}
    by_hand(tmp_path, "ada", task, manual_score=1.0)
    assert recorded(books, assignment, **{changed: "something new"}).state == "final"


def test_other_points_ask_again_for_a_mark_in_their_place(books: Books, assignment: Assignment, tmp_path: Path) -> None:
    recorded(books, assignment)
    for task in ("why_half", "try_it", "half"):
        by_hand(tmp_path, "ada", task, manual_score=1.0)
    given = small.notebook(assignment, why_half="Because.", try_it="print(1)")
    books.record(assignment, small.result("ada", half=3.0), given, name="Ada")
    assert books.marks(assignment)["ada"].state == "waits for a person"


def test_a_crash_between_gradebook_and_page_still_asks_again(
    books: Books, assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(books, assignment)
    for task in ("why_half", "try_it"):
        by_hand(tmp_path, "ada", task, manual_score=1.0)

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(gradebook, "write", full)
        with pytest.raises(OSError, match="no space"):
            recorded(books, assignment, why_half="Another answer.")
    assert cell(shown(tmp_path, "ada"), "why_half").source == "Because."
    by_hand(tmp_path, "ada", "why_half", manual_score=3.0)  # of the old answer, for that is what the page shows
    assert recorded(books, assignment, why_half="Another answer.").state == "waits for a person"


def test_a_failure_in_the_middle_leaves_nothing(
    books: Books, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(gradebook.utils, "determine_grade", lambda cell: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            recorded(books, assignment)
    with sqlite3.connect(books.path) as database:
        for table in ("student", "submitted_assignment", "submitted_notebook", "grade", "comment"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_who_was_not_graded_is_not_entered(books: Books, assignment: Assignment) -> None:
    missing = small.result("bob", state="not graded", because="no notebook", tasks=[], words=[])
    books.record(assignment, missing, None, name="Bob")
    assert books.marks(assignment) == {}
    assert books._book.students == []


def test_an_earlier_entry_of_who_was_not_graded_now_waits(books: Books, assignment: Assignment, tmp_path: Path) -> None:
    recorded(books, assignment)
    for task in ("why_half", "try_it"):
        by_hand(tmp_path, "ada", task, manual_score=1.0)
    assert books.marks(assignment)["ada"].state == "final"
    books.record(assignment, small.result("ada", state="not graded", because="no sandbox"), None, name="Ada")
    marks = books.marks(assignment)["ada"]
    assert (marks.state, marks.points) == ("waits for a person", 9)
    assert recorded(books, assignment).state == "final"


def test_new_points_are_entered_and_new_cells_refused(books: Books, assignment: Assignment) -> None:
    recorded(books, assignment)
    books.add_assignment(small.assignment(small.TEXT.replace("points: 2", "points: 4")))
    assert books.marks(assignment)["ada"].of == 14
    with pytest.raises(RefusalError, match="another name"):
        books.add_assignment(small.assignment(small.TEXT.replace("Try something.", "Try something else.")))


def test_an_unknown_assignment_has_no_marks(books: Books, assignment: Assignment) -> None:
    unknown = replace(assignment, name="91_unknown")
    assert books.marks(unknown) == {}
    with pytest.raises(RefusalError, match="knows no assignment 91_unknown"):
        books.record(unknown, small.result("ada"), small.notebook(assignment), name="Ada")


@pytest.mark.slow
def test_a_late_student_takes_no_longer_than_an_early_one(books: Books, assignment: Assignment) -> None:
    given = small.notebook(assignment, why_half="Because.", try_it="1")
    spent = []
    for number in range(61):
        start = time.process_time()  # what the disk and other work on this machine take is not ours
        books.record(assignment, small.result(f"s{number:03}"), given, name=f"Student {number}")
        spent.append(time.process_time() - start)
    assert sum(spent[-20:]) < 3 * sum(spent[1:21])  # the first one sets up
    assert len(books.marks(assignment)) == 61


KILLED = """
import itertools, sys
from pathlib import Path
from nbjudge.nbgrader.gradebook import Books
from tests.nbjudge import small

assignment = small.assignment()
with Books(Path(sys.argv[1])) as books:
    for round in itertools.count(int(sys.argv[2])):
        for number in range(6):
            full = float(round % 2)
            given = small.notebook(assignment, why_half=f"Answer {round % 2}", try_it="1")
            books.record(assignment, small.result(f"s{number}", 3 * full, 4 * full), given, name="A B")
            print(number, flush=True)
"""


@pytest.mark.slow
def test_a_killed_entry_leaves_each_student_whole(
    tmp_path: Path, gradebook_file: bytes, assignment: Assignment
) -> None:
    (tmp_path / "gradebook.db").write_bytes(gradebook_file)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    seen = set()
    for attempt in range(8):
        command = [sys.executable, "-c", KILLED, str(tmp_path), str(attempt)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
            assert process.stdout is not None
            for _ in range(3 + attempt):
                assert process.stdout.readline()
            time.sleep(0.0023 * attempt)
            process.send_signal(signal.SIGKILL)
        with Books(tmp_path) as books:
            for student, marks in books.marks(assignment).items():
                assert set(marks.auto.values()) in ({0.0}, {3.0, 4.0}), (student, marks)
                assert set(marks.manual) == {"why_half", "try_it"}
                seen.add(marks.points)
        for path in tmp_path.glob("autograded/*/*/*.ipynb"):
            nbformat.validate(json.loads(path.read_text(encoding="utf-8")))
    assert seen == {0.0, 7.0}


@pytest.mark.slow
def test_an_empty_file_becomes_a_gradebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a program that copies folders may leave one, and without an activated environment."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    (tmp_path / "gradebook.db").write_bytes(b"")
    with Books(tmp_path), Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert book.students == []
