"""A submission is repaired to what the student meant, each repair is told, and nothing that a file holds raises."""

import base64
import copy
import json
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.nbjudge.hostile_files import UNREADABLE, large

from attnbook.classroom.subject import SUBJECT
from nbjudge.nbgrader.authoring import Assignment
from nbjudge.repairing.repair import Repaired, repair

ROW = "def row_sums(values):\n    return values.sum(-1)"
SHARE = "def shares(values):\n    # größer als 0 ✓ 注意\n    return values / row_sums(values)[..., None]"
WHY = "Weil die Summe √d wächst, und zwar langsam."
TRIED = "for size in (2, 4):\n    print(size)"


def cell(kind, source, name, task="", *, role, grade=False, solution=False, points=None):
    about = {"schema_version": 3, "grade_id": name, "grade": grade, "solution": solution, "locked": not solution}
    about |= {"points": points} if points else {}
    made = {"cell_type": kind, "id": name, "source": source}
    made["metadata"] = {"nbgrader": about, "attnbook": {"role": role} | ({"task": task} if task else {})}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def stub(name):
    return f'def {name}(values):\n    """Return it."""\n    raise NotImplementedError'


CELLS = [
    cell("markdown", "# Rows and shares\n\nA story about rows and what they add up to.", "text-1", role="text"),
    cell("code", "import numpy as np\nfrom attnbook.classroom import check", "given-1", role="given"),
    cell("markdown", "## One\n\nWrite the function that adds up each row.", "text-2", role="text"),
    cell("code", stub("row_sums"), "row_sums-solution", "row_sums", role="solution", solution=True),
    cell("code", 'check("row_sums", row_sums)', "row_sums", "row_sums", role="check", grade=True, points=4),
    cell("markdown", "## Two\n\nNow divide each row by its sum.", "text-3", role="text"),
    cell("code", stub("shares"), "shares-solution", "shares", role="solution", solution=True),
    cell("code", 'check("shares", shares)', "shares", "shares", role="check", grade=True, points=4),
    cell("code", "from attnbook import plots\nplots.show(shares)", "look-1", role="look"),
    cell("markdown", "Why do the sums grow with the length?", "text-4", role="text"),
    cell("markdown", "*Write your answer here.*", "why", "why", role="words", grade=True, solution=True, points=3),
    cell("markdown", "Try something of your own.", "text-5", role="text"),
    cell("code", "# Your experiment:", "free", "free", role="experiment", grade=True, solution=True, points=2),
]
RELEASE = {"cells": CELLS, "metadata": {"attnbook": {"assignment": "09_rows"}}, "nbformat": 4, "nbformat_minor": 5}
SMALL = Assignment("09_rows", "rows", json.dumps(RELEASE), "", "", ("row_sums", "shares"), SUBJECT)
WORK = {"row_sums-solution": ROW, "shares-solution": SHARE, "why": WHY, "free": TRIED}


def filled(**changes):
    notebook = copy.deepcopy(RELEASE)
    for one in notebook["cells"]:
        one["source"] = (WORK | changes).get(one["id"], one["source"])
    return notebook


def packed(notebook) -> bytes:
    return json.dumps(notebook, ensure_ascii=False).encode()


def fixed(notebook) -> Repaired:
    result = repair(notebook if isinstance(notebook, bytes) else packed(notebook), SMALL)
    if result.notebook is not None:
        import nbformat

        nbformat.validate(result.notebook)
        json.dumps(result.notebook, allow_nan=False).encode()
    return result


def sources(result: Repaired) -> dict[str, str]:
    assert result.notebook is not None, result.unreadable
    return {one["id"]: one["source"] for one in result.notebook["cells"]}


def work(result: Repaired) -> dict[str, str]:
    return {name: source for name, source in sources(result).items() if name in WORK}


def own(result: Repaired) -> list[str]:
    released = {one["id"] for one in CELLS}
    return [source for name, source in sources(result).items() if name not in released]


def at(notebook, name):
    return next(number for number, one in enumerate(notebook["cells"]) if one.get("id") == name)


def strip(notebook):
    """Take away what some editors take away."""
    for one in notebook["cells"]:
        one["metadata"] = {}
        one.pop("id", None)
    notebook["metadata"] = {}
    notebook["nbformat_minor"] = 4
    return notebook


def markdown(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source, "id": f"m{abs(hash(source)) % 10**8}"}


def code(source):
    made = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": 3}
    return made | {"id": f"c{abs(hash(source)) % 10**8}"}


def test_what_needs_no_repair_gets_none():
    result = fixed(filled())
    assert result.repairs == []
    assert result.notebook == filled()
    assert fixed(RELEASE) == Repaired(RELEASE, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_any_encoding_is_read(encoding):
    text = json.dumps(filled(), ensure_ascii=False, indent=1).replace("\n", "\r\n")
    result = fixed(text.encode(encoding))
    assert work(result) == WORK
    assert len(result.repairs) == (not encoding.startswith("utf-8"))


def test_an_old_windows_encoding_is_read_and_said():
    plain = filled(**{"shares-solution": SHARE.replace("✓ 注意", "")})
    result = fixed(json.dumps(plain, ensure_ascii=False).replace("√", "").encode("cp1252"))
    assert "größer" in work(result)["shares-solution"]
    assert "not stored as UTF-8" in result.repairs[0]


def test_sources_as_lists_and_windows_line_ends():
    notebook = filled()
    for one in notebook["cells"]:
        one["source"] = [f"{line}\r\n" for line in one["source"].split("\n")]
        one["source"][-1] = one["source"][-1].removesuffix("\r\n")
    assert work(fixed(notebook)) == WORK


def test_the_old_format_is_read():
    cells = []
    for one in filled()["cells"]:
        old = {key: value for key, value in one.items() if key != "id"}
        if old["cell_type"] == "code":
            old |= {"input": old.pop("source"), "language": "python", "collapsed": False}
        cells.append(old)
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells, "metadata": {}}]}
    result = fixed(old)
    assert work(result) == WORK
    assert "old format" in result.repairs[0]


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_said(name):
    data, words = UNREADABLE[name]
    result = fixed(data)
    assert result.notebook is None
    assert words in result.unreadable
    assert not result.unreadable.endswith(".")  # it follows "not graded, because"


def test_fifty_megabytes_of_outputs_are_dropped():
    notebook = filled()
    noise = {"output_type": "stream", "name": "stdout", "text": ["all work and no play\n"] * 1_000_000}
    for name in ("row_sums", "free"):
        notebook["cells"][at(notebook, name)]["outputs"] = [noise]
    data = packed(notebook)
    assert len(data) > 45_000_000
    result = fixed(data)
    assert work(result) == WORK
    assert result.repairs == ["Outputs or pictures were too large and are not shown: those of 2 cells."]
    assert len(packed(result.notebook)) < 20_000


def test_too_much_text_is_refused():
    result = fixed(filled(free="x = 1\n" * 500_000))
    assert result.notebook is None
    assert "of text, without outputs" in result.unreadable
    assert "the limit" in fixed(large(65_000_000)).unreadable


def test_odd_json_is_read_and_said():
    text = json.dumps(filled()).replace('"nbformat": 4', '"nbformat": 4, "nbformat": 4, "odd": NaN')
    result = fixed(text.encode())
    assert work(result) == WORK
    assert "stood twice" in result.repairs[0]
    assert "NaN" in result.repairs[1]


def test_characters_that_cannot_be_stored_do_not_come_through():
    result = fixed(json.dumps(filled(free="s = '\ud800 \x00 \x1b[31m 😀'")).encode())
    assert work(result)["free"] == "s = '  [31m 😀'"


@pytest.mark.parametrize("chapter", ["01_cognitive", "02_scoring", "03_alignment"])
def test_a_chapter_is_no_assignment(chapter):
    from pathlib import Path

    data = (Path(__file__).parents[3] / "notebooks" / f"{chapter}.ipynb").read_bytes()
    result = fixed(data)
    assert result.notebook is None
    assert "nothing in this notebook belongs to 09_rows (it is called “" in result.unreadable


def test_another_assignment_is_named():
    other = {
        "cells": [CELLS[1], markdown("# Other\n\nquestion"), CELLS[10] | {"id": "x", "source": "my words"}],
        "metadata": {"attnbook": {"assignment": "01_cognitive"}},
    }
    other["cells"][2]["metadata"] = {"nbgrader": {"grade_id": "else", "grade": True, "solution": True}}
    assert fixed(other).unreadable == "this is the notebook of 01_cognitive, not of 09_rows: hand in 09_rows.ipynb"
    other["metadata"] = {}
    assert "nothing in this notebook belongs to 09_rows (it is called “Other”)" in fixed(other).unreadable


def test_another_assignments_name_stays_in_its_sentence():
    about = {"attnbook": {"assignment": "x\n  60 final\u2028"}}
    other = {"cells": [markdown("# A \u202eplan\x9b2J"), markdown("Mine.")], "metadata": about}
    assert "this is the notebook of x\ufffd  60 final\ufffd, not of" in fixed(other).unreadable
    other["metadata"] = {}
    assert "(it is called “A \ufffdplan\ufffd2J”)" in fixed(other).unreadable


def test_only_the_functions_in_an_empty_notebook_are_enough():
    result = fixed({"cells": [code(f"{ROW}\n\n\n{SHARE}")], "nbformat": 4, "nbformat_minor": 5, "metadata": {}})
    assert work(result)["row_sums-solution"] == f"{ROW}\n\n\n{SHARE}"
    assert work(result)["shares-solution"] == SHARE
    assert [one["source"] for one in result.notebook["cells"] if one["id"] in {"text-1", "given-1", "shares"}] == [
        CELLS[0]["source"],
        CELLS[1]["source"],
        CELLS[7]["source"],
    ]


def test_lost_metadata():
    result = fixed(strip(filled()))
    assert work(result) == WORK
    assert own(result) == []
    assert len(result.repairs) == 1
    assert "lost the marks" in result.repairs[0]


def test_two_cells_of_the_same_name():
    notebook = filled()
    first = at(notebook, "row_sums-solution")
    older = copy.deepcopy(notebook["cells"][first])
    older["source"] = "def row_sums(values):\n    return values.sum()  # older"
    untouched = copy.deepcopy(CELLS[3])
    notebook["cells"][first : first + 1] = [older, notebook["cells"][first], untouched]
    result = fixed(notebook)
    assert work(result) == WORK
    assert own(result) == [older["source"]]
    assert list(sources(result)).index("own-1") < list(sources(result)).index("row_sums-solution")
    assert "The cell of `row_sums` stood 3 times in your notebook: the last one" in result.repairs[0]


def test_an_older_version_never_comes_after_the_one_that_counts():
    notebook = filled()
    older = copy.deepcopy(notebook["cells"][3]) | {"source": "def row_sums(values):\n    return 0"}
    notebook["cells"] = [*notebook["cells"][4:], older, notebook["cells"][3], *notebook["cells"][:3]]
    result = fixed(notebook)
    order = [one["source"] for one in result.notebook["cells"]]
    assert order.index(older["source"]) < order.index(ROW)


def test_an_unlike_copy_does_not_replace_the_function():
    notebook = filled()
    copied = copy.deepcopy(notebook["cells"][3]) | {"source": "row_sums(np.ones((2, 3)))"}
    notebook["cells"].insert(4, copied)
    result = fixed(notebook)
    assert work(result) == WORK
    assert own(result) == [copied["source"]]


def test_deleted_cells_are_given_back():
    notebook = filled()
    notebook["cells"] = [
        one for one in notebook["cells"] if one["id"] not in {"given-1", "shares", "shares-solution", "free"}
    ]
    result = fixed(notebook)
    assert list(sources(result)) == [one["id"] for one in CELLS]
    assert work(result)["shares-solution"] == stub("shares")
    assert result.repairs == [
        "Given cells were missing and were put back: “import numpy as np from attnbook.classro…”, "
        "the check of `shares`.",
        "The cell of `shares` was missing; it was given back empty.",
        "The answer to `free` was missing; it was given back empty.",
    ]


def test_edited_locked_cells_are_put_back_and_added_lines_kept():
    notebook = filled()
    notebook["cells"][1]["source"] += "\nimport math"
    notebook["cells"][at(notebook, "row_sums")]["source"] = "print('all correct')\nassert True"
    notebook["cells"][0]["source"] = "# My own title\n\nA story about rows and what they add up to."
    result = fixed(notebook)
    assert {name: sources(result)[name] for name in ("text-1", "given-1", "row_sums")} == {
        one["id"]: one["source"] for one in CELLS if one["id"] in {"text-1", "given-1", "row_sums"}
    }
    assert own(result) == ["import math", "print('all correct')\nassert True"]
    assert len(result.repairs) == 1
    assert "the check of `row_sums`, and the lines that you had added are kept" in result.repairs[0]


def test_forged_marks_and_outputs_are_removed():
    notebook = filled()
    forged = copy.deepcopy(CELLS[4]) | {"id": "mine", "source": "print(1)"}
    forged["metadata"]["nbgrader"] |= {"grade_id": "bonus", "points": 100}
    notebook["cells"].append(forged)
    notebook["cells"][4]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "4 of 4"}]
    notebook["cells"][4]["metadata"]["nbgrader"]["points"] = 40
    result = fixed(notebook)
    assert result.repairs == ["A cell of your own bore grading marks; they were removed."]
    assert [one for one in result.notebook["cells"] if one["id"] == "row_sums"] == [CELLS[4]]
    assert result.notebook["cells"][-1]["metadata"] == {}


def test_a_function_split_in_its_middle():
    notebook = filled()
    head, tail = ROW.split("\n")
    notebook["cells"][3]["source"] = f"{head}\n    x = 1"
    second = copy.deepcopy(notebook["cells"][3]) | {"id": "second", "source": tail}
    notebook["cells"].insert(4, second)
    result = fixed(notebook)
    assert work(result)["row_sums-solution"] == f"{head}\n    x = 1\n{tail}"
    assert own(result) == []
    assert result.repairs[0] == "A function that was split over two cells was put together again."


def test_a_function_split_from_its_helper():
    notebook = filled()
    helper = copy.deepcopy(notebook["cells"][3]) | {"id": "second", "source": "def helper(x):\n    return x"}
    notebook["cells"].insert(3, helper)
    result = fixed(notebook)
    assert work(result) == WORK
    assert own(result) == [helper["source"]]


def test_cells_that_were_merged():
    notebook = filled(**{"row_sums-solution": f"{ROW}\n\n{SHARE}\n\nprint(1)"})
    del notebook["cells"][at(notebook, "shares-solution")]
    result = fixed(notebook)
    assert work(result)["row_sums-solution"] == f"{ROW}\n\n{SHARE}\n\nprint(1)"
    assert work(result)["shares-solution"] == SHARE
    assert result.repairs == ["`shares` stood in another cell; it was copied to its own."]


@pytest.mark.parametrize("deleted", [True, False])
def test_a_function_in_a_cell_of_the_students_own(deleted):
    notebook = filled(**{"shares-solution": CELLS[6]["source"]})
    notebook["cells"].insert(9, code(SHARE))
    if deleted:
        del notebook["cells"][6]
    result = fixed(notebook)
    assert work(result) == WORK
    assert own(result) == []


def test_a_function_in_a_markdown_cell():
    notebook = filled(**{"shares-solution": CELLS[6]["source"]})
    notebook["cells"].insert(9, markdown(f"Here it is:\n\n```python\n{SHARE}\n```\n"))
    assert work(fixed(notebook)) == WORK


def test_a_function_written_into_the_check():
    notebook = filled(**{"shares-solution": CELLS[6]["source"]})
    notebook["cells"][7]["source"] = f"{SHARE}\n\ncheck('shares', shares)"
    assert work(fixed(notebook))["shares-solution"] in {SHARE, f"{SHARE}\n\ncheck('shares', shares)"}
    assert "def shares" in work(fixed(notebook))["shares-solution"]


def test_ten_thousands_of_fences_are_read_at_once():
    notebook = filled()
    notebook["cells"][3] = {"cell_type": "markdown", "metadata": {}, "source": "```x\n" * 39_000}
    start = time.monotonic()
    assert "could not be repaired" not in fixed(notebook).unreadable
    assert time.monotonic() - start < 10


def test_changed_types_are_changed_back():
    notebook = filled()
    for name, kind in (("row_sums-solution", "markdown"), ("why", "code"), ("shares-solution", "raw")):
        one = notebook["cells"][at(notebook, name)]
        one["cell_type"] = kind
        if kind == "code":
            one |= {"outputs": [], "execution_count": None}
        else:
            del one["outputs"], one["execution_count"]
    notebook["cells"][3]["source"] = f"```python\n{ROW}\n```"
    result = fixed(notebook)
    assert work(result) == WORK
    assert "The cell of `row_sums` had been turned into text; it is code again." in result.repairs
    assert "The answer to `why` had been turned into code; it is text again." in result.repairs


def test_an_answer_in_cells_after_its_own():
    notebook = filled(why=CELLS[10]["source"], free=CELLS[12]["source"])
    notebook["cells"] = [*notebook["cells"][:11], markdown("One."), markdown("Two."), *notebook["cells"][11:]]
    notebook["cells"].append(code(TRIED))
    result = fixed(notebook)
    assert work(result) == WORK | {"why": "One.\n\nTwo."}
    assert own(result) == []
    assert "The answer to `why` stood in the cells after it; it was put into its own." in result.repairs


def test_a_stray_copy_between_a_question_and_its_answer():
    notebook = filled()
    notebook["cells"].insert(12, copy.deepcopy(CELLS[6]))
    result = fixed(strip(notebook))
    assert work(result) == WORK
    assert own(result) == []


def test_added_cells_stay_where_they_are():
    notebook = filled()
    notebook["cells"][4:4] = [code("helper = 1"), markdown("a note")]
    notebook["cells"].insert(0, markdown("My name"))
    result = fixed(notebook)
    assert result.repairs == []
    names = list(sources(result))
    assert [names.index(name) for name in ("own-1", "row_sums-solution", "own-2", "own-3", "row_sums")] == [
        0,
        4,
        5,
        6,
        7,
    ]


def test_pictures_are_kept_and_what_could_run_is_not():
    notebook = filled()
    picture = base64.b64encode(b"\x89PNG" * 50).decode()
    notebook["cells"][10]["attachments"] = {
        "sketch.png": {"image/png": picture},
        "evil.svg": {"image/svg+xml": "<svg onload='alert(1)'/>"},
        "liar.png": {"image/png": '"><script>alert(1)</script>'},
    }
    notebook["cells"][12]["outputs"] = [
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": picture, "text/html": "<script>"}},
        {"output_type": "display_data", "metadata": {}, "data": {"application/javascript": "alert(1)"}},
        {"output_type": "stream", "name": "stdout", "text": "2\n4\n"},
    ]
    result = fixed(notebook)
    assert result.notebook["cells"][10]["attachments"] == {"sketch.png": {"image/png": picture}}
    assert [one.get("data", one.get("text")) for one in result.notebook["cells"][12]["outputs"]] == [
        {"image/png": picture},
        "2\n4\n",
    ]
    assert "script" not in json.dumps(result.notebook)


MISHAPS = ("copy", "stub", "shuffle", "strip", "rename", "ids", "note", "swap")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(MISHAPS), max_size=6), st.integers(0, 10**6))
def test_whatever_happens_to_the_cells_the_work_is_found(mishaps, seed):
    """A cell in words is found by its place, so it is moved only while it still has its name."""
    luck = random.Random(seed)
    notebook = filled()
    lost = {"strip", "rename", "ids"} & set(mishaps)
    for mishap in mishaps:
        cells = notebook["cells"]
        if mishap == "copy":
            one = luck.choice(cells)
            cells.insert(luck.randrange(len(cells)), copy.deepcopy(one)) if not lost else None
        elif mishap == "stub":
            cells.insert(luck.randrange(len(cells)), copy.deepcopy(CELLS[luck.choice([3, 6])]))
        elif mishap == "shuffle" and not lost:
            luck.shuffle(cells)
        elif mishap == "swap":
            code_cells = [n for n, one in enumerate(cells) if one["source"] in {ROW, SHARE}]
            cells[code_cells[0]], cells[code_cells[-1]] = cells[code_cells[-1]], cells[code_cells[0]]
        elif mishap == "strip":
            for one in cells:
                one["metadata"] = {}
        elif mishap == "rename":
            for one in cells:
                one["metadata"] = {"nbgrader": {"grade_id": f"cell-{luck.random()}", "grade": False, "solution": False}}
        elif mishap == "ids":
            for one in cells:
                one["id"] = f"{luck.getrandbits(32):08x}"
        elif mishap == "note":
            cells.insert(0, code(f"note = {luck.random()}"))
    result = fixed(notebook)
    assert work(result) == WORK
    released = [one for one in result.notebook["cells"] if one["id"] in {cell["id"] for cell in CELLS}]
    assert [one["id"] for one in released] == [one["id"] for one in CELLS]
    assert [one["source"] for one in released if one["id"] not in WORK] == [
        one["source"] for one in CELLS if one["id"] not in WORK
    ]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=15,
)
keys = ("cell_type", "source", "metadata", "id", "outputs", "attachments")


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=200)
    | values.map(lambda value: json.dumps(value).encode())
    | st.lists(st.dictionaries(st.sampled_from(keys), values) | values, max_size=5).map(
        lambda cells: json.dumps({"cells": [*RELEASE["cells"], *cells]}).encode()
    )
)
def test_nothing_raises(data):
    result = fixed(data)
    assert (result.notebook is None) == bool(result.unreadable)
    assert "could not be repaired" not in result.unreadable


def test_moved_cells_are_put_back_and_told():
    notebook = filled()
    notebook["cells"][3:8] = notebook["cells"][6:8] + notebook["cells"][3:6]
    result = fixed(notebook)
    assert result.notebook == filled()
    assert result.repairs == ["Cells had been moved; they stand in the released order again."]
