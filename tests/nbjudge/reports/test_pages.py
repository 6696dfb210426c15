"""The pages that grading writes: complete, honest about what is open, and proof against what students write."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from tests.nbjudge import small

from attnbook.classroom import specs
from attnbook.classroom.subject import SUBJECT
from nbjudge.nbgrader.authoring import Assignment
from nbjudge.reports import pages, similarity
from nbjudge.reports.enrolment import Row

HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} \" onload='x' &amp; 学生"
TASK = specs.tasks_of("scoring")[0].name


def line(name: str, kept: bool, diagnosis: str = "", *, tried: bool = True, hidden: bool = False) -> dict[str, Any]:
    about = {"property": name, "promise": f"does {name}", "kept": kept, "points": 2.0 if kept else 0.0, "of": 2.0}
    return about | {"diagnosis": diagnosis, "tried": tried, "hidden": hidden}


def result(student: str = "ada", **changes: Any) -> dict[str, Any]:
    lines = [line("values", True), line("masks", False, "your mask is turned round"), line("rest", True, hidden=True)]
    task = {"task": TASK, "points": 4.0, "of": 6.0, "lines": lines}
    words = [
        {"task": "why_divide", "of": 3.0, "answered": True, "kind": "words"},
        {"task": "your_experiment", "of": 2.0, "answered": False, "kind": "experiment"},
    ]
    whole = {"student": student, "assignment": "02_scoring", "state": "graded", "because": "", "repairs": []}
    return whole | {"notes": [], "tasks": [task], "words": words, "seconds": 1.0} | changes


def marks(**manual: float) -> Any:
    return SimpleNamespace(manual=manual, comments={}, auto={}, points=0.0, of=11.0, state="")


def row(student: str, state: str = "final", because: str = "", points: float | None = 4.0) -> Row:
    return Row(student=student, name=student.title(), state=state, because=because, points=points, of=11.0, lms={})


@pytest.fixture
def assignment() -> Assignment:
    cells = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# The librarian's desk"}]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return Assignment("02_scoring", "scoring", notebook, notebook, "", (TASK,), SUBJECT)


def text(page: str) -> str:
    return " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())


def test_feedback_shows_each_line_with_points_and_hint(assignment: Assignment) -> None:
    shown = text(pages.feedback(result(), assignment, None, name="Ada"))
    assert "Feedback on The librarian's desk Ada 4 of 11 points so far" in shown
    assert "✓ yes: does values 2 of 2" in shown
    assert "yes:</span> does values" in pages.feedback(result(), assignment, None, name="Ada")
    assert "✗ no: does masks your mask is turned round 0 of 2" in shown
    assert "does rest (asked only when grading)" in shown
    assert specs.task(TASK).asks.split()[0] in shown
    assert "Why divide waits for a person" in shown
    assert "Your experiment There was no answer." in shown


def test_feedback_follows_the_marks_of_a_person(assignment: Assignment) -> None:
    shown = text(pages.feedback(result(), assignment, marks(why_divide=2.5), name="Ada"))
    assert "6.5 of 11 points This result is final." in shown
    assert "2.5 of 3 Why divide" in shown
    overruled = text(pages.feedback(result(), assignment, marks(**{TASK: 6.0, "why_divide": 3.0}), name="Ada"))
    assert "The tests gave 4; your teacher changed this to 6." in overruled
    assert "9 of 11 points" in overruled


def test_only_what_a_teacher_wrote_is_from_the_teacher(assignment: Assignment) -> None:
    said = marks(your_experiment=0.0)
    said.comments = {TASK: "No response.", "your_experiment": "Come and see me."}
    shown = text(pages.feedback(result(), assignment, said, name="Ada"))
    assert "No response." not in shown
    assert "There was no answer. From your teacher Come and see me." in shown
    assert shown.count("From your teacher") == 1


def test_why_nothing_more_was_tried_is_said_once(assignment: Assignment) -> None:
    needs = "not tried, because it needs the first line"
    lines = [line("values", False, "wrong"), *(line(name, False, needs, tried=False) for name in "abc")]
    task = {"task": TASK, "points": 0.0, "of": 8.0, "lines": lines}
    shown = text(pages.feedback(result(tasks=[task]), assignment, None, name="Ada"))
    assert shown.count(needs) == 1
    assert shown.count("· not tried:") == 3


def test_who_was_not_graded_reads_why_and_no_zero(assignment: Assignment) -> None:
    nothing = result(state="not graded", because="the file is empty.", tasks=[], words=[])
    shown = text(pages.feedback(nothing, assignment, None, name="Ada"))
    assert "Not graded, because the file is empty." in shown
    assert "0 of" not in shown


def test_paper_is_white_whatever_the_screen_is(assignment: Assignment) -> None:
    """On paper, the ink of the dark theme could not be read."""
    page = pages.feedback(result(), assignment, None, name="Ada")
    assert page.count("prefers-color-scheme: dark") == page.count("@media screen and (prefers-color-scheme: dark)") == 1


def test_what_is_code_in_a_diagnosis_is_code_on_the_page(assignment: Assignment) -> None:
    """A line of the student's stands between backticks; whatever is in it, it is text."""
    words = "stopped in line 2: `return <b>x</b> & 1`"
    task = {"task": TASK, "points": 0.0, "of": 8.0, "lines": [line("values", False, words)]}
    told = result(tasks=[task], notes=[words])
    rows = [Row("ada", "Ada", "final", "", 0.0, 11.0)]
    for page in (
        pages.feedback(told, assignment, None, name="Ada"),
        pages.overview([told], {}, rows, assignment),
    ):
        soup = BeautifulSoup(page, "html.parser")
        assert soup.find_all("b") == []
        assert [code.get_text() for code in soup.find_all("code")].count("return <b>x</b> & 1") == 2


def test_repairs_and_notes_are_told(assignment: Assignment) -> None:
    told = result(repairs=["A deleted cell was given back."], notes=["Cell 3 raised NameError."])
    shown = text(pages.feedback(told, assignment, None, name="Ada"))
    assert "A deleted cell was given back." in shown
    assert "Cell 3 raised NameError." in shown


def test_what_students_write_is_only_text(assignment: Assignment) -> None:
    lines = [line("values", False, HOSTILE)]
    task = {"task": TASK, "points": 0.0, "of": 2.0, "lines": lines}
    told = result(student=HOSTILE, repairs=[HOSTILE], notes=[HOSTILE], tasks=[task], because=HOSTILE)
    person = SimpleNamespace(name=HOSTILE, student=HOSTILE)
    everybody = [Row(HOSTILE, person.name, "not graded", HOSTILE, None, 11.0, {})]
    passage = similarity.Passage(HOSTILE, HOSTILE, HOSTILE, frozenset({0}), frozenset())
    pairs = [similarity.Pair(HOSTILE, "bob", 0.9, 20, (passage,))]
    written = (
        pages.feedback(told, assignment, None, name=HOSTILE),
        pages.overview([told], {}, everybody, assignment),
        pages.alike(pairs, {HOSTILE: HOSTILE}, assignment),
    )
    for page in written:
        soup = BeautifulSoup(page, "html.parser")
        assert soup.find_all("script") == []
        assert [tag for tag in soup.find_all(True) if any(name.startswith("on") for name in tag.attrs)] == []
        assert "{{ 7 * 7 }}" in page
        assert "&amp;amp;" in page
        assert "学生" in page


def test_overview_counts_states_points_and_mistakes(assignment: Assignment) -> None:
    right = [line("values", True), line("masks", True), line("rest", True)]
    perfect = result("eve", tasks=[{"task": TASK, "points": 6.0, "of": 6.0, "lines": right}])
    everybody = [
        row("ada"),
        row("bob", "waits for a person"),
        row("eve"),
        row("zoe", "not graded, because nothing was handed in", "nothing was handed in", None),
    ]
    given = {"ada": marks(why_divide=1.0), "eve": marks(why_divide=2.0)}
    page = pages.overview([result("ada"), result("bob"), perfect], given, everybody, assignment)
    shown = text(page)
    assert "2 final, 1 waiting for a person, 1 not graded" in shown
    assert "Zoe nothing was handed in" in shown
    assert "4.67 of 6 on average" in shown
    assert "6 1 4 2" in shown  # points, students; points, students
    assert "your mask is turned round (does masks) 2 students Ada, Bob" in shown
    assert "Why divide 3 2 1.5 of 3" in shown
    soup = BeautifulSoup(page, "html.parser")
    assert [bar["style"] for bar in soup.select(".bar")] == ["inline-size: 31.7%", "inline-size: 63.3%"]
    last = [cell.get_text(strip=True) for cell in soup.select("table")[-1].select("tr")[-1].find_all(["th", "td"])]
    assert last == ["Zoe", "not graded", "–", "–", ""]


def test_overview_says_who_may_need_help_and_who_was_late(assignment: Assignment) -> None:
    empty = [line("values", False, "your function is not written yet"), line("masks", False, tried=False)]
    nothing = result("bob", tasks=[{"task": TASK, "points": 0.0, "of": 6.0, "lines": empty}])
    everybody = [row("ada"), replace(row("bob", points=0.0), late=True), row("zoe", "not graded", "empty", None)]
    page = pages.overview([result("ada"), nothing], {}, everybody, assignment)
    assert "2 final, 0 waiting for a person, 1 not graded; 1 late" in text(page)
    soup = BeautifulSoup(page, "html.parser")
    heads = {head.get_text(): head for head in soup.find_all("h2")}
    table = heads["Less than half of the points for functions"].find_next("table")
    assert [row.get_text(" ", strip=True) for row in table.select("tbody tr")] == [f"Bob 0 of 6 {TASK}"]
    last = soup.select("table")[-1]
    assert [link["href"] for link in last.find_all("a")] == [
        f"../../feedback/{student}/02_scoring.html" for student in ("ada", "bob")
    ]
    assert "Bob final, late" in " ".join(last.get_text(" ").split())


def test_alike_marks_what_is_shared(assignment: Assignment) -> None:
    passage = similarity.Passage("scaled_dot", "a = 1\nb = 2", "x = 0\na = 1", frozenset({0}), frozenset({1}))
    page = pages.alike([similarity.Pair("ada", "bob", 0.876, 20, (passage,))], {"ada": "Ada", "bob": "Bob"}, assignment)
    soup = BeautifulSoup(page, "html.parser")
    assert [mark.get_text() for mark in soup.find_all("mark")] == ["a = 1", "a = 1"]
    assert [block.get_text() for block in soup.find_all("pre")] == ["a = 1\nb = 2\n", "x = 0\na = 1\n"]
    assert "88 % Ada and Bob" in text(page)
    assert "No two submissions" in text(pages.alike([], {}, assignment))


def test_the_mark_schemes_are_on_a_page_for_the_teacher() -> None:
    page = text(pages.marking(small.assignment()))
    assert "2 points" in page
    assert "Because 2 / 2 is 1." in page
    assert "MARK SCHEME" not in page
    assert "Your experiment:" in page


def test_a_page_needs_nothing_besides_itself(assignment: Assignment) -> None:
    all_ = (pages.feedback(result(), assignment, None, name="Ada"), pages.alike([], {}, assignment))
    for page in (*all_, pages.marking(small.assignment())):
        soup = BeautifulSoup(page, "html.parser")
        assert soup.find_all(["link", "img", "script", "iframe"]) == []
        assert "url(" not in page
        assert soup.html["lang"] == "en"


def test_two_of_one_name_can_be_told_apart(assignment: Assignment) -> None:
    rows = [replace(row(student), name="John Smith") for student in ("u1", "u2")] + [row("ada")]
    shown = pages.overview([result("u1"), result("u2"), result("ada")], {}, rows, assignment)
    heads = [cell.text for cell in BeautifulSoup(shown, "html.parser").select("tbody th")]
    assert heads[-3:] == ["John Smith (u1)", "John Smith (u2)", "Ada"]
    assert "John Smith (u1), John Smith (u2), Ada" in text(shown)  # who made the mistake
    pairs = [similarity.Pair("u1", "u2", 0.9, 12, ())]
    assert "John Smith (u1) and John Smith (u2)" in text(
        pages.alike(pairs, {"u1": "John Smith", "u2": "John Smith", "ada": "Ada"}, assignment)
    )
