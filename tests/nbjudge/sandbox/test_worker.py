"""What the worker makes of cells as students write them, and of functions that come to no good end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nbjudge.sandbox import worker
from nbjudge.sandbox.box import Limits
from nbjudge.sandbox.process import Process


@pytest.fixture
def box() -> Iterator[Process]:
    with Process(Limits(), check_from="attnbook.classroom") as started:
        yield started


def run(box: Process, source: str, number: int = 1) -> list[tuple[str, int]]:
    return [(note["kind"], note["line"]) for note in box.ask("cell", number, source, seconds=20)["notes"]]


def call(box: Process, name: str, *arguments: Any, **options: Any) -> dict[str, Any]:
    return box.ask("call", name, arguments, options, seconds=20)


@pytest.mark.parametrize(
    ("source", "python", "note"),
    [
        ("x = 1\n# %time", "x = 1\n# %time", ""),
        ("x = 7 % 2\ny = not x", "x = 7 % 2\ny = not x", ""),
        ("%matplotlib inline\nx = 1", "pass\nx = 1", "line 1 is left out"),
        (
            "if x:\n    %time f()\n!ls\nf?\n?f\nnp.exp??",
            "if x:\n    pass\npass\npass\npass\npass",
            "lines 2, 3, 4, 5, 6 are",
        ),
        ("files = !ls\nt = %timeit -o f()", "pass\npass", "lines 1, 2 are"),
        ("%%time\nx = 1", "\nx = 1", ""),
        ("%%capture out\n%time x = 1", "\npass", "line 2 is left out"),
        ("%%bash\nrm -rf /", "", "it is not run: %%bash"),
        ("%%writefile f.py\nx", "", "it is not run: %%writefile"),
        ("def f(:", "def f(:", ""),
        ('"""\n% in a text\n"""', '"""\n% in a text\n"""', ""),
        ("x = 1\0", "x = 1\0", ""),
    ],
)
def test_what_only_a_notebook_understands_is_left_out(source: str, python: str, note: str) -> None:
    got, words = worker.plain_python(source)
    assert got == python
    assert words.startswith(note)
    assert bool(words) == bool(note)


def test_a_failing_statement_leaves_the_rest_of_its_cell(box: Process) -> None:
    source = "import matplotlib.pyplot as plt\ndef f(x):\n    return x + 1\n\nplt.plot(f(1))\n1 / 0\ny = f(2)\n"
    assert run(box, source) == [("ModuleNotFoundError", 1), ("NameError", 5), ("ZeroDivisionError", 6)]
    assert call(box, "f", 2)["value"] == 3
    assert run(box, "assert y == 3") == []


def test_leaving_means_the_cell(box: Process) -> None:
    assert run(box, "import sys\nx = 1\nsys.exit()\nx = 2") == [("SystemExit", 3)]
    assert run(box, "raise KeyboardInterrupt\nx = 3") == [("KeyboardInterrupt", 1)]
    assert run(box, "assert x == 1") == []


def test_a_cell_that_is_no_python_is_told_with_its_line(box: Process) -> None:
    assert run(box, "x = 1\ndef f(:\n") == [("SyntaxError", 2)]
    (note,) = box.ask("cell", 7, "y = (1,\n2", seconds=20)["notes"]
    assert (note["cell"], note["line"]) == (7, 1)  # where the bracket opens that is never closed
    assert run(box, "x = 1\0")[0][0] in ("ValueError", "SyntaxError")
    assert run(box, "return 1") == [("SyntaxError", 1)]


def test_only_the_first_few_of_many_failures_are_told(box: Process) -> None:
    answer = box.ask("cell", 1, "1 / 0\n" * 8, seconds=20)
    assert (len(answer["notes"]), answer["more"]) == (worker.MOST_NOTES, 8 - worker.MOST_NOTES)


def test_cells_share_one_module_as_in_a_notebook(box: Process) -> None:
    assert (
        run(box, "from __future__ import annotations\nimport numpy as np\ndef f(x: Nothing) -> None:\n    return g(x)")
        == []
    )
    assert run(box, "def g(x):\n    return 2 * x\ndisplay(g(1))") == []
    assert call(box, "f", np.ones(2))["value"].tolist() == [2, 2]
    assert run(box, "def g(x):\n    return 3 * x") == []
    assert call(box, "f", 2)["value"] == 6
    inspected = "import inspect, __main__\nassert 'return 3' in inspect.getsource(g)\nassert __main__.f is f\n"
    assert run(box, inspected + "assert __name__ == '__main__'", 2) == []


def test_each_call_gets_arguments_of_its_own_and_sends_them_back(box: Process) -> None:
    run(box, "kept = []\ndef f(x, scale=1):\n    kept.append(x)\n    x *= scale\n    return len(kept)")
    given = np.ones(3)
    assert call(box, "f", given, scale=5)["after"][0].tolist() == [5, 5, 5]
    assert call(box, "f", given)["after"][0].tolist() == [1, 1, 1]
    assert given.tolist() == [1, 1, 1]


def test_what_comes_of_a_call_without_a_value(box: Process) -> None:
    run(
        box,
        "three = 3\nasync def later(): ...\n"
        "def fails(x):\n    return helper(x)\ndef helper(x):\n    return x @ x.T[1:]",
    )
    assert call(box, "nothing") == {"missing": True}
    assert call(box, "three") == {"uncallable": True}
    assert call(box, "later") == {"strange": "coroutine"}
    raised = call(box, "fails", np.ones((2, 2)))["raised"]
    assert (raised["kind"], raised["cell"], raised["line"]) == ("ValueError", 1, 6)
    assert "mismatch" in raised["words"]


def test_own_exceptions_are_told_by_their_base(box: Process) -> None:
    run(box, "import numpy as np\nclass Mine(np.exceptions.AxisError):\n    pass\ndef f():\n    raise Mine('x' * 1000)")
    raised = call(box, "f")["raised"]
    assert raised["kind"] == "ValueError"
    assert len(raised["words"]) == worker.LONGEST


def test_the_check_of_the_notebook_is_silent(box: Process) -> None:
    assert (
        run(box, "from attnbook.classroom import check\ncheck('f', f=3)\nimport attnbook.classroom as c\nc.check()")
        == []
    )
    assert run(box, "import attnbook.core") == [("ModuleNotFoundError", 1)]
    assert run(box, "from attnbook import nn") == [("ModuleNotFoundError", 1)]
