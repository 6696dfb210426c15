"""The pages that grading writes: feedback for one student, the class at a glance, and who is like whom.

Templates escape whatever they are given, since names, error messages and code come from students. A page needs no
script and no other file, so that it can be sent by mail.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from nbjudge.judging.check import coded
from nbjudge.nbgrader.authoring import Assignment
from nbjudge.nbgrader.gradebook import NO_ANSWER, Marks
from nbjudge.reports.enrolment import Row
from nbjudge.reports.similarity import Pair

__all__ = ["alike", "feedback", "marking", "overview"]

NOT_WRITTEN = "your function is not written yet"  # as `check` says it, too
LONGEST = 200  # the lines of a cell that the page on likeness shows


def _number(points: float) -> str:
    """Write points as a teacher does: 3, 2.5, 0.25."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _variables(colours: Mapping[str, str]) -> Markup:
    return Markup(" ".join(f"--{name}: {colour};" for name, colour in colours.items()))


def _environment() -> Environment:
    loader = PackageLoader("nbjudge.reports")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"number": _number, "listed": _listed, "coded": lambda words: Markup(coded(words))}
    environment.globals |= {"variables": _variables}
    return environment


def _write(template: str, assignment: Assignment, **content: Any) -> str:
    about = {"title": _title(assignment), "light": assignment.subject.light, "dark": assignment.subject.dark}
    return _environment().get_template(template).render(**about, **content)


def _title(assignment: Assignment) -> str:
    """Return the heading of an assignment's notebook, or its name."""
    for cell in assignment.cells():
        for line in cell["source"].splitlines():
            if line.startswith("# ") and cell["cell_type"] == "markdown":
                return str(line.removeprefix("# ").strip())
    return assignment.name


def _plain(name: str) -> str:
    """Return the name of a question as words: why_divide → Why divide."""
    return name.replace("_", " ").capitalize()


def _distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Return the names by student, with the id behind each that two of them have."""
    often = Counter(names.values())
    return {student: f"{name} ({student})" if often[name] > 1 else name for student, name in names.items()}


def feedback(result: Mapping[str, Any], assignment: Assignment, marks: Marks | None, *, name: str) -> str:
    """Return the page that one student gets: each line of the rubric, its points and a hint.

    Args:
        result: What grading found.
        assignment: The assignment.
        marks: What the gradebook holds, marks by hand included; None if the student is not in it.
        name: The student's name.
    """
    manual = marks.manual if marks else {}
    comments = {task: words for task, words in marks.comments.items() if words != NO_ANSWER} if marks else {}
    tasks = []
    asks = {task.name: task.asks for task in assignment.subject.catalogue.tasks_of(assignment.chapter)}
    for task in result.get("tasks", ()):
        by_hand = manual.get(task["task"])
        shown = {"asks": asks.get(task["task"], ""), "auto": task["points"], "override": by_hand is not None}
        shown["comment"] = comments.get(task["task"], "")
        tasks.append({**task, **shown, "points": task["points"] if by_hand is None else by_hand})
    answers = [
        {**answer, "title": _plain(answer["task"]), "mark": _mark(answer, manual)}
        | {"comment": comments.get(answer["task"], "")}
        for answer in result.get("words", ())
    ]
    return _write(
        "feedback.html",
        assignment,
        name=name,
        result=result,
        tasks=tasks,
        answers=answers,
        waiting=[answer["title"] for answer in answers if answer["mark"] is None],
        points=sum(task["points"] for task in tasks) + sum(answer["mark"] or 0.0 for answer in answers),
        of=sum(item["of"] for item in (*tasks, *answers)),
    )


def _mark(answer: Mapping[str, Any], manual: Mapping[str, float | None]) -> float | None:
    """Return what an answer got: by hand, or nothing where nothing was written."""
    by_hand = manual.get(answer["task"])
    return 0.0 if by_hand is None and not answer["answered"] else by_hand


def overview(
    results: Sequence[Mapping[str, Any]], marks: Mapping[str, Marks], rows: Sequence[Row], assignment: Assignment
) -> str:
    """Return the class at a glance: states, points and commonest mistakes per task, and everybody in one table.

    Args:
        results: What grading found, one for each submission.
        marks: What the gradebook holds, by student.
        rows: Everybody, those without a submission included.
        assignment: The assignment.
    """
    names = _distinct({row.student: row.name for row in rows})
    rows = [replace(row, name=names[row.student]) for row in rows]
    graded = [result for result in results if result["state"] == "graded"]
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
    for result in graded:
        for task in result["tasks"]:
            found[task["task"]].append((names.get(result["student"], result["student"]), task))
    by_student = {result["student"]: result for result in results}
    return _write(
        "overview.html",
        assignment,
        counts=Counter("not graded" if row.state.startswith("not graded") else row.state for row in rows),
        late=sum(row.late for row in rows),
        missing=[row for row in rows if row.state.startswith("not graded")],
        behind=[one for row in rows if (one := _behind(row.name, by_student.get(row.student, {}).get("tasks", ())))],
        graded=max(len(graded), 1),
        tasks=[_task(task, found[task]) for task in assignment.tasks if found[task]],
        answers=_answers(graded, marks),
        everybody=[_student(row, by_student.get(row.student), assignment) for row in rows],
    )


def _behind(name: str, tasks: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return what there is to say of who has less than half of the points for functions."""
    points, of = sum(task["points"] for task in tasks), sum(task["of"] for task in tasks)
    if 2 * points >= of:
        return None
    unwritten = [task["task"] for task in tasks if any(line["diagnosis"] == NOT_WRITTEN for line in task["lines"])]
    return {"name": name, "points": points, "of": of, "unwritten": unwritten}


def _task(task: str, found: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    points = [result["points"] for _, result in found]
    who: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, result in found:
        for line in result["lines"]:
            if line["tried"] and not line["kept"]:
                who[line["diagnosis"], line["promise"]].append(name)
    mistakes = sorted(who.items(), key=lambda item: (-len(item[1]), item[0]))
    return {
        "task": task,
        "of": found[0][1]["of"],
        "mean": sum(points) / len(points),
        "distribution": sorted(Counter(points).items(), reverse=True),
        "mistakes": [{"words": words, "promise": promise, "who": names} for (words, promise), names in mistakes],
    }


def _answers(graded: Iterable[Mapping[str, Any]], marks: Mapping[str, Marks]) -> list[dict[str, Any]]:
    questions: dict[str, list[tuple[Mapping[str, Any], float | None]]] = defaultdict(list)
    for result in graded:
        manual = marks[result["student"]].manual if result["student"] in marks else {}
        for answer in result["words"]:
            questions[answer["task"]].append((answer, manual.get(answer["task"])))
    shown = []
    for task, answers in questions.items():
        given = [mark for _, mark in answers if mark is not None]
        about = {"title": _plain(task), "of": answers[0][0]["of"], "marked": len(given)}
        about["answered"] = sum(answer["answered"] for answer, _ in answers)
        shown.append(about | {"mean": sum(given) / len(given) if given else None})
    return shown


def _student(row: Row, result: Mapping[str, Any] | None, assignment: Assignment) -> dict[str, Any]:
    points = {task["task"]: task["points"] for task in (result or {}).get("tasks", ())}
    remarks = [*(result or {}).get("repairs", ()), *(result or {}).get("notes", ())]
    state = "not graded" if row.state.startswith("not graded") else row.state
    tasks = [points.get(task) for task in assignment.tasks]
    page = f"../../feedback/{quote(row.student)}/{quote(assignment.name)}.html" if result else ""
    about = {"name": row.name, "page": page, "state": f"{state}, late" if row.late else state}
    return {**about, "tasks": tasks, "points": row.points, "remarks": remarks}


def alike(pairs: Iterable[Pair], names: Mapping[str, str], assignment: Assignment) -> str:
    """Return the pairs of submissions that are alike, side by side, with what they share marked.

    Args:
        pairs: What `similarity.compare` found.
        names: The name of each student.
        assignment: The assignment.
    """
    shown = []
    names = _distinct(names)
    for pair in pairs:
        passages = [
            {
                "task": passage.task,
                "one": _marked(passage.one, passage.one_lines),
                "other": _marked(passage.other, passage.other_lines),
            }
            for passage in pair.passages
        ]
        one, other = names.get(pair.one, pair.one), names.get(pair.other, pair.other)
        shown.append({"one": one, "other": other, "share": pair.share, "runs": pair.runs, "passages": passages})
    return _write("alike.html", assignment, pairs=shown)


def marking(assignment: Assignment) -> str:
    """Return the mark scheme of each answer that a person reads, to lie beside nbgrader's page."""
    answers = []
    for cell in json.loads(assignment.source)["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade") and about.get("solution"):
            text = re.sub(r"^### (?:BEGIN|END) .*\n?", "", "".join(cell["source"]), flags=re.MULTILINE).strip()
            answers.append({"name": _plain(about["grade_id"]), "of": about["points"], "text": text})
    return _write("marking.html", assignment, answers=answers)


def _marked(source: str, shared: frozenset[int]) -> list[tuple[bool, str]]:
    lines = source.split("\n")
    shown = [(number in shared, line[:LONGEST]) for number, line in enumerate(lines[:LONGEST])]
    return shown if len(lines) <= LONGEST else [*shown, (False, f"… and {len(lines) - LONGEST} more lines")]
