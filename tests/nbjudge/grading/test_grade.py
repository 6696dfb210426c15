"""Grading one submission: what it earns, what is said, what is the student's fault and what is ours."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.nbjudge import toys

from nbjudge.grading import grade, telling
from nbjudge.grading.grade import grade_submission
from nbjudge.judging import spec
from nbjudge.judging.spec import Property
from nbjudge.sandbox import session, watch, wire
from nbjudge.sandbox.box import Limits, NoSandboxError
from nbjudge.sandbox.process import Process

QUICK = Limits(seconds_per_call=5, seconds_per_cell=5, seconds=60)


def notebook(*own: str, after: str = "", words: str = "", experiment: str = "", **sources: str) -> bytes:
    """What a student hands in: solutions, besides the ones given here, and cells of her own before them, or after."""
    book = json.loads(toys.assignment().release)
    for cell in book["cells"]:
        about = cell["metadata"]["tests"]
        if about["role"] == "solution":
            cell["source"] = sources.get(about["task"], toys.SOLUTIONS[about["task"]])
        texts = {"words": words, "experiment": experiment}
        cell["source"] = texts.get(about["role"]) or cell["source"]
    mine = [
        {"cell_type": "code", "id": f"m{i}", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        for i, source in enumerate((*own, after))
    ]
    book["cells"][2:2] = mine[:-1]
    last = max(i for i, cell in enumerate(book["cells"]) if cell["metadata"].get("tests", {}).get("role") == "check")
    book["cells"][last + 1 : last + 1] = mine[-1:] if after else []
    return json.dumps(book).encode()


def graded(handed_in: bytes, *, limits: Limits = QUICK, **options: Any) -> dict[str, Any]:
    """Grade, and look at what every result has in common."""
    settings = {"student": "ada", "seed": "secret", "limits": limits, **options}
    result = grade_submission(handed_in, toys.assignment(), **settings).result
    assert json.loads(json.dumps(result)) == result
    assert (result["student"], result["assignment"]) == ("ada", toys.NAME)
    assert (result["state"] == "graded") == (result["because"] == "")
    for task in result["tasks"]:
        assert task["points"] == sum(line["points"] for line in task["lines"])
        assert task["of"] == sum(line["of"] for line in task["lines"]) == toys.POINTS[task["task"]]
        assert all(line["kept"] == (line["diagnosis"] == "") for line in task["lines"])
    return result


def points(result: dict[str, Any]) -> dict[str, float]:
    return {task["task"]: task["points"] for task in result["tasks"]}


def diagnoses(result: dict[str, Any], task: str) -> list[str]:
    return [line["diagnosis"] for found in result["tasks"] if found["task"] == task for line in found["lines"]]


def test_the_released_notebook_earns_nothing_and_is_told_so() -> None:
    result = graded(toys.assignment().release.encode())
    assert points(result) == {"weigh": 0, "blend": 0}
    assert diagnoses(result, "weigh")[0] == "your function is not written yet"
    assert (result["notes"], result["repairs"]) == ([], [])
    assert [(item["task"], item["of"], item["answered"], item["kind"]) for item in result["words"]] == [
        ("why_one", 3, False, "words"),
        ("try_it", 2, False, "experiment"),
    ]


def test_right_functions_earn_everything() -> None:
    result = graded(notebook(words="Because.", experiment="1 / 0\nweigh = None"))
    assert points(result) == toys.POINTS
    assert [line["hidden"] for line in result["tasks"][0]["lines"]] == [False, False, False, True]
    assert [item["answered"] for item in result["words"]] == [True, True]
    assert result["notes"] == []
    assert 0 < result["seconds"] < 30


def test_the_teachers_own_solutions_earn_everything() -> None:
    assert points(graded(toys.assignment().source.encode())) == toys.POINTS


def test_what_was_put_right_is_told() -> None:
    book = json.loads(notebook())
    book["cells"] = [cell for cell in book["cells"] if cell["metadata"].get("tests", {}).get("role") != "check"]
    result = graded(json.dumps(book).encode())
    assert points(result) == toys.POINTS
    assert result["repairs"] == [
        "Given cells were missing and were put back: the check of `weigh`, the check of `blend`."
    ]


def test_a_function_that_calls_a_wrong_one_is_told_so() -> None:
    wrong = "def weigh(scores):\n    return np.exp(scores) / np.exp(scores).sum(axis=0)"
    calls = "def blend(scores, values):\n    return weigh(scores) @ values"
    back = "(it calls weigh, which is not right either: begin there)"
    result = graded(notebook(weigh=wrong, blend=calls))
    assert points(result)["blend"] < toys.POINTS["blend"]
    assert any(words.endswith(back) for words in diagnoses(result, "blend"))
    assert back not in str(diagnoses(result, "weigh"))
    apart = graded(notebook(weigh=wrong, blend="def blend(scores, values):  # not weigh(scores)\n    return values"))
    assert back not in str(diagnoses(apart, "blend"))


def test_a_known_mistake_is_named_and_costs_only_its_own_task() -> None:
    wrong = "def weigh(scores):\n    return np.exp(scores) / np.exp(scores).sum(axis=0)"
    result = graded(notebook(weigh=wrong))
    assert points(result) == {"weigh": 0, "blend": toys.POINTS["blend"]}
    assert diagnoses(result, "weigh")[0] == "your weights sum to 1 over the wrong axis"


PASTED = f"DATA = [{'0.123456, ' * 21_000}]  # 210,000 characters"
LONG = f"DATA = '{'x' * 2_100_000}'"
USES = toys.SOLUTIONS["weigh"].replace("    powers", "    assert DATA[0]\n    powers", 1)


@pytest.mark.parametrize(
    "handed_in",
    [
        pytest.param(lambda: notebook(PASTED, weigh=USES), id="a cell of its own"),
        pytest.param(lambda: notebook(weigh=f"{USES}\n{PASTED}"), id="the function's cell"),
        pytest.param(lambda: notebook(words=f"![my drawing](data:image/png;base64,{'A' * 210_000})"), id="an answer"),
    ],
)
def test_pasted_data_of_any_length_costs_nothing(handed_in: Callable[[], bytes]) -> None:
    result = graded(handed_in())
    assert points(result) == toys.POINTS
    assert result["notes"] == result["repairs"] == []


def test_a_cell_too_long_to_run_is_named_and_costs_no_points() -> None:
    result = graded(notebook(LONG))
    assert points(result) == toys.POINTS
    assert result["repairs"] == [
        "The notebook is too long: its cells hold 2.1 MB of text, without outputs, and 2 MB is the limit. "
        f"So the cell “{LONG[:50]}…” is left out."
    ]
    needed = graded(notebook(LONG, weigh=USES))
    assert (needed["tasks"], needed["words"]) == ([], [])
    assert needed["because"].endswith("…” could not be run, being too long, and weigh may need it")
    inside = graded(notebook(weigh=f"{USES}\n{LONG}"))
    assert "the cell “def weigh(scores):” alone has 2.1 MB" in inside["because"]


def test_what_the_grader_cannot_ask_is_not_the_students_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise wire.StrangeError("many", "far more values than any exercise asks for")

    monkeypatch.setattr(session.Session, "call", fail)
    result = graded(notebook())
    assert result["because"].startswith("a function could not be called (StrangeError")


def killer(monkeypatch: pytest.MonkeyPatch, do: str, times: int) -> None:
    """Kill the worker, as the kernel does when memory is short, at this many requests of a kind."""
    ask, left = Process.ask, [times]

    def killing(self: Process, what: str, *arguments: Any, **more: Any) -> Any:
        if what == do and left[0]:
            left[0] -= 1
            (first,) = watch.children(self._popen.pid)
            for worker in watch.children(first):
                os.kill(worker, signal.SIGKILL)
        return ask(self, what, *arguments, **more)

    monkeypatch.setattr(Process, "ask", killing)
    monkeypatch.setattr(session, "PAUSE", 0.01)


@pytest.mark.parametrize("do", ["cell", "call"])
def test_who_is_killed_from_outside_is_tried_again(monkeypatch: pytest.MonkeyPatch, do: str) -> None:
    killer(monkeypatch, do, 1)
    result = graded(notebook())
    assert points(result) == toys.POINTS
    assert result["notes"] == [session.AGAIN]


@pytest.mark.parametrize("do", ["cell", "call"])
def test_who_is_killed_from_outside_twice_is_not_graded(monkeypatch: pytest.MonkeyPatch, do: str) -> None:
    killer(monkeypatch, do, 2)
    result = graded(notebook())
    assert (result["tasks"], result["because"]) == ([], session.KILLED)


def test_a_property_alone_can_fail() -> None:
    spoiling = toys.SOLUTIONS["weigh"].replace(
        "    powers", "    scores -= scores.max(axis=-1, keepdims=True)\n    powers", 1
    )
    result = graded(notebook(weigh=spoiling))
    assert points(result) == {"weigh": 4, "blend": 4}
    assert "changes its argument number 1" in diagnoses(result, "weigh")[2]
    unstable = "def weigh(scores):\n    return np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)"
    assert points(graded(notebook(weigh=unstable))) == toys.POINTS


def test_own_helpers_are_found_and_the_last_definition_counts() -> None:
    uses = "def weigh(scores):\n    return normed(np.exp(scores))"
    helper = "def normed(x):\n    return x / x.sum(axis=-1, keepdims=True)"
    assert points(graded(notebook(helper, weigh=uses))) == toys.POINTS
    assert points(graded(notebook(after="def blend(*a): return 0"))) == {"weigh": 5, "blend": 0}


def test_the_seed_and_the_student_alone_decide_what_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[bytes]] = []
    call = session.Session.call

    def recording(self: session.Session, name: str, arguments: tuple[Any, ...], options: Any) -> Any:
        asked[-1].append(b"".join(array.tobytes() for array in arguments))
        return call(self, name, arguments, options)

    monkeypatch.setattr(session.Session, "call", recording)
    results = []
    for about in ({}, {}, {"student": "eve"}, {"seed": "another"}):
        asked.append([])
        settings = {"student": "ada", "seed": "secret", "limits": QUICK, **about}
        results.append(grade_submission(notebook(), toys.assignment(), **settings).result | {"seconds": 0})
    assert results[0] == results[1]
    assert asked[0] == asked[1]
    for one, other in itertools.combinations(asked[1:], 2):
        assert not set(one) & set(other)


def test_no_seed_and_no_student_can_be_read_from_what_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = []
    judge = grade.judge
    monkeypatch.setattr(grade, "judge", lambda *a, seed, **k: seeds.append(seed) or judge(*a, seed=seed, **k))
    graded(notebook())
    assert re.fullmatch("[0-9a-f]{64}", seeds[0])


# Ways to tell those who hand in again, or who sit beside one, a number k that comes from the secret arguments.
KEEPS = "kept = []\n"
FIRST = "    kept.append(int(1000 * abs(scores.flat[0])) % 100)\n    k = kept[0]\n"
ROWS = "".join(f"    if k == {k}: raise ValueError\n" for k in range(100))
SPELLS = {
    "by the line in which it fails": ROWS,
    "by a name that is not there": "".join(f"    if k == {k}: return missing_{k}\n" for k in range(100)),
    "by the kind of error": "    raise [ValueError, KeyError, TypeError, OSError, LookupError][k % 5]\n",
    "by the kind of value": "    return [{1}, b'', weigh, np, range(3)][k % 5]\n",
    "by the form of the result": "    return np.zeros(scores.shape[:1] * (k % 4 + 1))\n",
    "by how many numbers are wrong": "    weights = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)\n"
    "    weights.flat[:k % scores.size] = 7\n    return weights\n",
}


QUICK_WAYS = {"by the line in which it fails", "by how many numbers are wrong"}


@pytest.mark.parametrize(
    "spells", [pytest.param(way, marks=() if way in QUICK_WAYS else pytest.mark.slow) for way in SPELLS]
)
def test_nothing_is_told_by_which_arguments_could_be_spelled(spells: str) -> None:
    spelling = notebook(weigh=f"{KEEPS}def weigh(scores):\n{FIRST}{SPELLS[spells]}")
    told = {words for seed in "abc" for words in diagnoses(graded(spelling, seed=seed), "weigh")[:1]}
    assert len(told) == 1, told


def test_who_fails_with_some_arguments_only_is_told_that() -> None:
    rarely = "def weigh(scores):\n    e = np.exp(scores)\n    if FAILS(scores):\n        raise KeyError(scores[0])\n"
    rest = "    return e / e.sum(axis=-1, keepdims=True)"
    by = {"weigh": f"seen = []\n{rarely}{rest}"}
    public = spec.generator_of(0, toys.WEIGH, toys.WEIGH.properties[0]).normal(size=5)[0]
    own = f"FAILS = lambda scores: abs(scores.flat[0] - {public!r}) > 1e-9 and scores.ndim == 1"
    assert diagnoses(graded(notebook(own, **by)), "weigh")[0] == telling.SOMETIMES
    always = "FAILS = lambda scores: True"
    assert "in line 5 of its cell: `raise KeyError" in diagnoses(graded(notebook(always, **by)), "weigh")[0]
    wrong = "def weigh(scores):\n    e = np.exp(scores)\n    e.flat[0] += FAILS(scores)\n"
    assert diagnoses(graded(notebook(own, weigh=wrong + rest)), "weigh")[0] == "some of your numbers are wrong"


def test_no_folder_of_the_teachers_machine_is_told() -> None:
    own = "import sys\nfor x in ['/content/drive/data.csv']:\n    open(x)\n"
    for place in ("np.__file__", "sys.executable", "sys.prefix + '/x'", "[p for p in sys.path if p][-1] + '/lib/x.py'"):
        own += f"import numpy as np\nraise RuntimeError('in ' + {place})\n"
    (note,) = graded(notebook(own))["notes"]
    assert "No such file or directory: '/content/drive/data.csv'" in note  # a path of the student's own
    assert "RuntimeError: in …/" in note
    assert not [
        name for name in ("/root", "/home", "/usr", "site-packages/", sys.prefix, "/lib/python") if name in note
    ]


def test_grading_without_a_sandbox_finds_the_same() -> None:
    handed_in = notebook("import torch", weigh="def weigh(scores):\n    return scores @ scores")
    boxed, plain = (graded(handed_in, sandbox=sandbox) | {"seconds": 0} for sandbox in (True, False))
    assert boxed == plain
    assert boxed["notes"][0].startswith("In the cell “import torch”: line 1: `import torch` stopped with Module")


def test_without_a_sandbox_nothing_is_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(session, "PAUSE", 0)
    result = graded(notebook())
    assert result["state"] == "not graded"
    assert "apt install bubblewrap" in result["because"]
    assert result["tasks"] == []


def test_a_sandbox_that_fails_once_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    fails = [NoSandboxError("busy"), OSError("no pipe")]

    def start(*arguments: Any, **options: Any) -> Process:
        if fails:
            raise fails.pop()
        return Process(*arguments, **options)

    monkeypatch.setattr(session, "PAUSE", 0)
    monkeypatch.setattr(session, "Process", start)
    assert graded(notebook())["state"] == "not graded"
    fails = [OSError("no pipe")]
    assert points(graded(notebook())) == toys.POINTS
    fails = [OSError("no pipe"), OSError("no pipe")]
    assert graded(notebook())["because"] == "no worker could be started: no pipe"


@pytest.mark.parametrize("handed_in", [b"", b"{", b"\xff\xfe", b"[]", b'{"cells": []}'])
def test_what_cannot_be_read_is_not_graded(handed_in: bytes) -> None:
    result = graded(handed_in)
    assert (result["state"], result["tasks"], result["words"]) == ("not graded", [], [])
    assert result["because"].startswith("the notebook could not be read")


def test_what_happens_in_a_cell_is_told_and_the_rest_goes_on() -> None:
    own = ["%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.show()\n", "1 / 0"]
    result = graded(notebook(*own))
    assert points(result) == toys.POINTS
    one, two = result["notes"]
    assert one.startswith("In the cell “import matplotlib.pyplot as plt”: line 1 is left out")
    assert "line 2: `import matplotlib.pyplot as plt` stopped with ModuleNotFoundError: matplotlib is not there" in one
    assert two == "In the cell “1 / 0”: line 1: `1 / 0` stopped with ZeroDivisionError: division by zero."


def test_a_function_that_ends_python_costs_its_own_task() -> None:
    result = graded(notebook(weigh="import os\ndef weigh(scores):\n    os._exit(1)"))
    assert points(result) == {"weigh": 0, "blend": 4}
    assert diagnoses(result, "weigh")[:2] == [
        "your function ended Python, so that nothing came back",
        "not tried, because calling your function again would bring nothing",
    ]


def test_a_cell_that_ends_python_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    result = graded(notebook("import os\nos.abort()"))
    assert points(result) == toys.POINTS
    assert result["notes"] == [
        "The cell “import os” ended Python with an abort, so that nothing came back. It is left out."
    ]
    monkeypatch.setattr(session, "STARTS", 3)
    result = graded(notebook(*["import os\nos.abort()"] * 5))
    assert points(result) == {"weigh": 0, "blend": 0}
    assert "had ended Python 3 times" in diagnoses(result, "weigh")[0]
    assert result["notes"][-1] == "The notebook ended Python 3 times; the rest was not run."


def test_a_call_that_does_not_come_back_costs_its_own_task() -> None:
    result = graded(
        notebook(weigh="def weigh(scores):\n    while True:\n        pass"), limits=replace(QUICK, seconds_per_call=1)
    )
    assert points(result) == {"weigh": 0, "blend": 4}
    assert "did not come back within 1 seconds" in diagnoses(result, "weigh")[0]


def test_all_of_it_together_has_an_end() -> None:
    limits = Limits(seconds_per_call=1, seconds_per_cell=1, seconds=1.5)
    start = time.monotonic()
    result = graded(notebook(*["while True:\n    pass"] * 20), limits=limits)
    assert time.monotonic() - start < 8
    assert points(result) == {"weigh": 0, "blend": 0}
    assert "the notebook had used its 1.5 seconds" in diagnoses(result, "weigh")[0]
    loop = "The cell “while True:” did not come back within 1 seconds: is there a loop that never ends? It is left out."
    assert result["notes"] == [loop, "The notebook had used its 1.5 seconds; the rest was not run."]


@pytest.mark.parametrize("place", ["cell", "call"])
def test_the_end_of_it_all_comes_before_that_of_a_call_or_a_cell(place: str) -> None:
    limits = Limits(seconds_per_call=60, seconds_per_cell=60, seconds=1)
    start = time.monotonic()
    if place == "cell":
        result = graded(notebook("import time\ntime.sleep(600)"), limits=limits)
    else:
        result = graded(notebook(weigh="def weigh(scores):\n    import time\n    time.sleep(600)"), limits=limits)
    assert time.monotonic() - start < 20
    assert "the notebook had used its 1 seconds" in diagnoses(result, "weigh")[0]


def test_who_writes_to_the_line_in_a_call_is_told_of() -> None:
    result = graded(notebook(weigh="def weigh(scores):\n    import os\n    os.write(41, b'noise' * 9)"))
    assert points(result) == {"weigh": 0, "blend": 4}
    words = "the notebook wrote to the line on which the grader listens, and was stopped"
    assert result["notes"] == [f"While weigh was called, {words}."]


def test_a_flood_of_output_is_told() -> None:
    result = graded(notebook("for _ in range(10):\n    print('x' * 100_000)"))
    assert points(result) == toys.POINTS
    assert result["notes"] == ["The notebook printed more than 64 kB when it was run; the rest was dropped."]


def changed(monkeypatch: pytest.MonkeyPatch, fault: Callable[..., str]) -> None:
    """Let a property of the first task be this one."""
    item = Property("odd", "is odd", 1.0, fault)
    first, _, last = toys.WEIGH.properties
    task = replace(toys.WEIGH, properties=(first, item, last))
    monkeypatch.setattr(toys, "TASKS", (task, toys.BLEND))


def test_a_property_that_raises_on_a_value_is_the_students_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def fault(ask: Any, generator: np.random.Generator) -> str:
        scores = generator.normal(size=(8,))
        drawn.append(scores)
        ask(scores).reshape(8)
        return ""

    changed(monkeypatch, fault)
    assert points(graded(notebook())) == toys.POINTS
    odd = "def weigh(scores):\n    return rest(scores)[:7] if scores.size == 8 else rest(scores)"
    result = graded(notebook(toys.SOLUTIONS["weigh"].replace("weigh", "rest"), weigh=odd))
    assert points(result) == {"weigh": 4, "blend": 4}
    assert "cannot be tried on" in diagnoses(result, "weigh")[1]
    # It was tried on the reference with the same numbers: so it is known whose fault it is.
    assert len(drawn) == 3
    np.testing.assert_array_equal(drawn[1], drawn[2])


def test_a_hidden_property_that_raises_is_the_students_fault() -> None:
    secret = toys.HIDDEN.replace("    scores = gen", "    ask(generator.normal(size=(2, 3))).sum()\n    scores = gen")
    odd = toys.SOLUTIONS["weigh"].replace(
        "    powers", "    if scores.shape == (2, 3):\n        return None\n    powers", 1
    )
    about = {"student": "ada", "seed": "secret", "limits": QUICK}
    result = grade_submission(notebook(weigh=odd), replace(toys.assignment(), hidden=secret), **about).result
    assert (result["state"], points(result)) == ("graded", {"weigh": 4, "blend": 4})
    assert "look at its type and its shape" in diagnoses(result, "weigh")[-1]


def test_a_property_that_fails_the_reference_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(ask: Any, generator: Any) -> str:
        raise KeyError("oh")

    changed(monkeypatch, fault)
    result = graded(notebook())
    assert (result["state"], result["tasks"]) == ("not graded", [])
    assert result["because"].startswith("the property 'odd' of weigh fails on its own reference (KeyError")


def test_hidden_properties_that_cannot_be_run_are_our_fault_too() -> None:
    broken = replace(toys.assignment(), hidden="1 / 0")
    result = grade_submission(notebook(), broken, student="ada", seed="s").result
    assert (result["state"], result["tasks"]) == ("not graded", [])
    assert "ZeroDivisionError" in result["because"]


def test_values_far_larger_than_the_right_one_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def fault(ask: Any, generator: Any) -> str:
        scores = generator.normal(size=(100, 100))
        sizes.append(ask(scores).size)  # as large as the right one: more than a small value may have
        return ""

    changed(monkeypatch, fault)
    assert points(graded(notebook())) == toys.POINTS
    assert sizes == [10_000]
    wide = "def weigh(scores):\n    w = rest(scores)\n    return np.zeros((5, 10**4)) if w.size == 10**4 else w"
    result = graded(notebook(toys.SOLUTIONS["weigh"].replace("weigh", "rest"), weigh=wide))
    assert diagnoses(result, "weigh")[1] == "your function returned far more numbers than the task asks for"
    assert sizes == [10_000]


def test_numbers_are_counted_in_lists_and_dictionaries_too() -> None:
    assert grade._size([np.zeros((2, 3)), (1, None), {"a": "text"}]) == (1 + 6) + (1 + 1 + 1 + 1 + 1) + (1 + 1 + 1)


def test_a_warning_while_judging_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    changed(
        monkeypatch, lambda ask, generator: str(warnings.warn("a mean of nothing", RuntimeWarning, stacklevel=1) or "")
    )
    assert points(graded(notebook())) == toys.POINTS


def test_warnings_of_numpy_about_hostile_values_stay_here() -> None:
    nan = "def weigh(scores):\n    return np.full(scores.shape, np.inf) * 0"
    assert "NaN" in diagnoses(graded(notebook(weigh=nan)), "weigh")[0]
