"""Each assignment that there is, filled in by its own solutions and then mishandled, is repaired to those solutions."""

import copy
import json
import random
from functools import cache
from pathlib import Path

import pytest

from attnbook.classroom.subject import SUBJECT
from nbjudge.nbgrader import authoring
from nbjudge.repairing.repair import repair

FOLDER = Path(__file__).parents[2] / "notebooks" / "assignments"
NAMES = sorted(path.name for path in FOLDER.glob("release/*") if path.is_dir())


@cache
def assignment(name):
    return authoring.load(FOLDER, name, SUBJECT)


def cells(text):
    return json.loads(text)["cells"]


def source(cell):
    return "".join(cell["source"])


def about(cell):
    return cell["metadata"]["nbgrader"]


def worked(given):
    """The released notebook with the teacher's solutions, and something in the cells for words and experiments."""
    solutions = {about(cell)["grade_id"]: source(cell) for cell in cells(given.source)}
    notebook = json.loads(given.release)
    for number, cell in enumerate(notebook["cells"]):
        cell["source"] = source(cell)
        if about(cell)["solution"]:
            words = about(cell)["grade"]
            own = f"Antwort {number}: größer" if cell["cell_type"] == "markdown" else f"trial = {number}"
            cell["source"] = own if words else solutions[about(cell)["grade_id"]]
    return notebook


def work(notebook):
    named = (cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"])
    return {about(cell)["grade_id"]: source(cell) for cell in named}


@pytest.mark.parametrize("name", NAMES)
def test_as_it_was_handed_out_and_as_it_was_solved(name):
    given = assignment(name)
    for notebook in (json.loads(given.release), worked(given)):
        result = repair(json.dumps(notebook).encode(), given)
        assert result.repairs == []
        assert result.unreadable == ""
        assert work(result.notebook) == work(notebook)
        assert len(result.notebook["cells"]) == len(notebook["cells"])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mishap", ["stripped", "doubled", "shuffled", "halved", "locked", "retyped"])
def test_whatever_happens_to_it(name, mishap):
    given = assignment(name)
    right = worked(given)
    notebook = copy.deepcopy(right)
    luck = random.Random(name + mishap)
    inside = notebook["cells"]
    if mishap == "stripped":
        for cell in inside:
            cell["metadata"] = {}
            cell.pop("id", None)
    elif mishap == "doubled":
        for cell in list(inside):
            inside.insert(luck.randrange(len(inside)), copy.deepcopy(cell))
        inside.extend(cell | {"source": source(cell)} for cell in cells(given.release))
    elif mishap == "shuffled":
        luck.shuffle(inside)
    elif mishap == "halved":
        inside[:] = [cell for cell in inside if about(cell)["solution"]]
    elif mishap == "locked":
        for cell in inside:
            cell["source"] = cell["source"] if about(cell)["solution"] else "print('5 of 5')"
    elif mishap == "retyped":
        for cell in inside:
            if about(cell)["solution"]:
                cell["cell_type"] = "raw"
                cell.pop("outputs", None)
                cell.pop("execution_count", None)
    result = repair(json.dumps(notebook).encode(), given)
    assert work(result.notebook) == work(right), result.repairs
    assert result.repairs


@pytest.mark.parametrize("name", NAMES)
def test_another_assignment_is_told(name):
    given = assignment(name)
    for other in NAMES:
        if other != name:
            notebook = worked(assignment(other))
            assert f"this is the notebook of {other}" in repair(json.dumps(notebook).encode(), given).unreadable
            notebook["metadata"] = {}
            unnamed = repair(json.dumps(notebook).encode(), given)
            assert "nothing in this notebook belongs to" in unnamed.unreadable
