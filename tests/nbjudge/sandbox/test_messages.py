"""A student is told what went wrong with her function, and nothing of what it was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nbjudge.judging.spec import Outcome
from nbjudge.sandbox import messages

SOURCES = {3: "import numpy as np\ndef f(x, keys):\n    return np.softmax(x) + keys.T[foo]"}
ONES = np.ones((2, 3))
SIZES = messages.sizes((ONES, np.ones((4, 2)), 7))


def told(answer: dict[str, Any], sent: int = 0) -> Outcome:
    return messages.outcome(answer, "f", sent, SOURCES, SIZES)


def raised(kind: str, words: str = "", line: Any = 3, cell: Any = 3) -> dict[str, Any]:
    return {"raised": {"kind": kind, "words": words, "cell": cell, "line": line}}


def f(x: Any, keys: Any) -> Any: ...


def _unpack() -> None:
    (_,) = (1, 2, 3)


HONEST: list[Callable[[], Any]] = [
    lambda: ONES + np.ones(4),
    lambda: ONES @ np.ones((4, 2)),
    lambda: ONES.dot(np.ones((4, 2))),
    lambda: np.ones(()) @ ONES,
    lambda: foo,  # type: ignore[name-defined]
    lambda: f(1),  # type: ignore[call-arg]
    lambda: f(),  # type: ignore[call-arg]
    lambda: f(1, 2, 3),  # type: ignore[call-arg]
    lambda: None.T,  # type: ignore[attr-defined]
    lambda: ONES[7],
    lambda: ONES[7, 7, 7],
    lambda: ONES.sum(axis=2),
    lambda: bool(ONES),
    lambda: np.softmax,  # type: ignore[attr-defined]
    lambda: 1 / 0,
    lambda: np.concatenate([ONES, np.ones((2, 4))]),
    lambda: ONES.reshape(4, 2),
    lambda: None + 1,  # type: ignore[operator]
    lambda: np.arange(3).__itruediv__(2),
    lambda: [1][2],
    lambda: np.zeros((0,)).max(),
    lambda: np.array([[1], [1, 2]]),
    lambda: np.linalg.inv(ONES),
    lambda: ONES.transpose(0, 1, 2),
    lambda: 2 ^ ONES,  # type: ignore[operator]
    lambda: ONES[: float("2.5")],  # type: ignore[misc]
    lambda: np.arange(3).__setitem__(0, np.inf),
    lambda: np.arange(3).__setitem__(0, np.nan),
    _unpack,
]


@pytest.mark.parametrize("fails", HONEST)
def test_the_messages_of_python_and_numpy_are_shown(fails: Callable[[], Any]) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 (any of them)
        fails()
    kind = next(base for base in caught.type.__mro__ if base.__module__ == "builtins").__name__
    said = told(raised(kind, str(caught.value))).trouble
    line = "in line 3 of its cell: `return np.softmax(x) + keys.T[foo]`"
    assert said == f"stopped with {kind}: {caught.value} {line}"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("operands could not be broadcast together with shapes (2,3) (4,9) ", "shapes (2,3) (4,…)"),
        ("operands could not be broadcast together with shapes (496, 714) (15,) (138, 2) ", "(…, …) (…,) (…, 2)"),
        ("cannot reshape array of size 8 into shape (4,967)", "array of size 8 into shape (4,…)"),
        ("index 496 is out of bounds for axis 0 with size 71", "index … is out of bounds for axis 0 with size …"),
    ],
)
def test_numbers_are_told_that_the_arguments_have_as_sizes(words: str, said: str) -> None:
    assert said in told(raised("ValueError", words)).trouble


@pytest.mark.parametrize(
    "words",
    [
        "[0.49671415 -0.1382643]",
        "name 'a0496714151382643' is not defined",
        "operands could not be broadcast together with shapes (4967,) (1415,) ",
        "operands could not be broadcast together with shapes (1,) (2,) (3,) (4,) (5,) ",
        "index 49671415 is out of bounds for axis 0 with size 3",
        "'NoneType' object has no attribute 'x49671415'",
        "division by zero 0.49671415",
        "division by zero\n0.4967",
        "secret() missing 1 required positional argument: 'x'",
        "x49 is not there when your notebook is graded: only Python and NumPy are",
        "",
    ],
)
def test_other_messages_are_not(words: str) -> None:
    assert told(raised("ValueError", words, line=0)).trouble == "stopped with ValueError"


def test_the_number_of_a_line_cannot_be_chosen_freely() -> None:
    """A function that fails in the line whose number is its secret argument tells no more than a line of its own."""
    lines = ["def f(x):", "    # nothing is done here", "", *["    raise ValueError"] * 600]
    for source, line, said in (
        ("\n".join(lines), 300, ""),
        ("\n".join(lines[:400]), 300, " in line 300 of its cell: `raise ValueError`"),
        ("\n".join(lines[:400]), 2, ""),
        ("\n".join(lines[:400]), 3, ""),
    ):
        found = messages.outcome(raised("ValueError", "odd", line=line), "f", 1, {3: source})
        assert found.trouble == f"stopped with ValueError{said}"


def test_some_endings_have_words_of_their_own() -> None:
    assert told(raised("NotImplementedError")) == Outcome(trouble="is not written yet", lost=True)
    sources = {3: "def helper(x):\n    raise NotImplementedError\ndef f(x):\n    return helper(x)"}
    unwritten = messages.outcome(raised("NotImplementedError", line=2), "f", 1, sources)
    assert unwritten == Outcome(trouble="calls helper, which is not written yet", lost=True)
    assert messages.outcome(raised("NotImplementedError", line=4), "f", 1, sources).trouble == "is not written yet"
    assert told(raised("SystemExit", line=2)).trouble.startswith("ends the whole program in line 2 of its cell")
    assert told(raised("RecursionError", line=0)).trouble == "calls itself without end"
    assert told(raised("MemoryError", line=0)).trouble == "wants more memory than it is given"
    assert told({"missing": True}).trouble == "is missing: no cell that could be run defines f"
    assert told({"strange": "tensor"}).trouble == "returned a torch tensor, not an array"


@pytest.mark.parametrize(
    ("line", "cell"), [(0, 3), (-1, 3), (4, 3), (10**9, 3), (True, 3), (3, 9), (3, None), ("3", 3)]
)
def test_a_line_that_the_cell_does_not_have_is_not_told(line: Any, cell: Any) -> None:
    assert told(raised("KeyError", line=line, cell=cell)).trouble == "stopped with KeyError"


def test_values_come_as_check_would_see_them() -> None:
    after = (np.ones(2),)
    got = told({"value": np.float32(0.5), "after": after}, 1)
    assert (got.value, type(got.value), got.after) == (0.5, float, after)
    assert told({"value": np.array(2), "after": ()}).value == 2
    assert told({"value": ("a", [None, {1: True}]), "after": ()}).value == ("a", [None, {"1": True}])


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"value": 1.0},
        {"value": 1.0, "after": [1]},
        {"value": 1.0, "after": ()},
        {"missing": 1},
        {"uncallable": "yes"},
        {"strange": "wonderful"},
        {"strange": ["tensor"]},
        {"raised": None},
        {"raised": {"kind": "ValueError"}},
        raised("print"),
        raised("__doc__"),
        raised("Mine"),
        raised("ValueError", words=3),  # type: ignore[arg-type]
        {"kept": True, "points": 9.0},
    ],
)
def test_no_worker_answers_like_this(answer: dict[str, Any]) -> None:
    with pytest.raises(messages.ForgedError):
        told(answer, 1)


def test_what_a_cell_says_is_shown_because_it_knows_nothing() -> None:
    notes = [raised(kind, "one\ntwo \x1b[0m" + "x" * 500)["raised"] for kind in ("ValueError", "not a name")]
    one, other = (messages.note(what, SOURCES) for what in notes)
    assert one.startswith("line 3: `return np.softmax(x) + keys.T[foo]` stopped with ValueError: one two  [0mxxx")
    assert "stopped with an error: one" in other
    assert all(sign.isprintable() for sign in one)
    assert len(one) < 400
    assert messages.note({"kind": "", "words": "it is not run"}, SOURCES) == "it is not run"
    with pytest.raises(messages.ForgedError):
        messages.note({"kind": 1, "words": ""}, SOURCES)
