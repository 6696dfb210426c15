"""What `check` tells a student, for every way in which a function can go wrong before its numbers are looked at."""

import inspect
import json
import linecache
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient

from nbjudge.judging import check as check_module
from nbjudge.judging.catalogue import Catalogue
from nbjudge.judging.check import checker
from nbjudge.judging.compare import keeps_arguments, right_values
from nbjudge.judging.local_call import LocalCall, NotPlainError, plain
from nbjudge.judging.spec import Ask, Case, Mistake, Property, Task

Function = Callable[..., Any]


def reference(queries: np.ndarray, keys: np.ndarray) -> np.ndarray:
    return queries @ keys.T / np.sqrt(queries.shape[-1])


def cases(generator: np.random.Generator) -> Iterable[Case]:
    for rows, columns, size in ((3, 5, 4), (2, 7, 9)):
        yield Case((generator.normal(size=(rows, size)), generator.normal(size=(columns, size))))


def hurried(ask: Ask, generator: np.random.Generator) -> str:
    """A property with a mistake of its own: it forgets that what comes may be a number."""
    return "" if ask(np.ones((1, 2)), np.ones((1, 2))).shape[7] else "no"


def task(*more: Property) -> Task:
    forgot = Mistake("you forgot to divide by √d", lambda queries, keys: queries @ keys.T)
    values = Property("values", "gives the right scores", 2, right_values(reference, cases, [forgot]))
    keeps = Property("keeps", "leaves its <arguments> alone", 1, keeps_arguments(cases))
    return Task("scaled", "small", "Return scores.", reference, (values, keeps, *more))


SOUND = task()
UNSOUND = Task("unsound", "small", "Fail.", reference, task(Property("x", "says so", 1, hurried)).properties)


class Small(Catalogue):
    def _modules(self) -> list[str]:
        return ["small"]

    def _tasks(self, chapter: str) -> tuple[Task, ...]:
        return SOUND, UNSOUND


check = checker(Small("small"), "attnbook.classroom")
examine = partial(check_module.examine, Small("small"), check_from="attnbook.classroom")


def written(source: str, name: str = "scaled") -> Function:
    """A function as a cell of a notebook defines it: its text can be looked up, its globals are the notebook's."""
    file = f"<cell {hash(source)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    space: dict[str, Any] = {"np": np, "torch": torch, "time": time}
    exec(compile(source, file, "exec"), space)
    return space[name]


def told(body: str, head: str = "queries, keys", before: str = "", **options: Any) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return repr(examine("scaled", written(f"{before}def scaled({head}):\n{lines}"), **options))


RIGHT = "return queries @ keys.T / np.sqrt(queries.shape[-1])"


def test_a_right_function_hears_so_and_that_this_is_not_all() -> None:
    assert told(RIGHT) == (
        "Check of scaled\n"
        "✓ gives the right scores\n"
        "✓ leaves its <arguments> alone\n"
        "2 of 2 public properties hold. Your teacher's tests ask more."
    )


def test_a_wrong_one_hears_its_fault_and_what_waits_for_it() -> None:
    assert told("return queries @ keys.T") == (
        "Check of scaled\n"
        "✗ gives the right scores\n"
        "    you forgot to divide by √d\n"
        "· leaves its <arguments> alone\n"
        "0 of 2 public properties hold. Begin with the first ✗: the lines marked · wait for it."
    )


def test_changed_arguments_are_seen_and_belong_to_nobody_else() -> None:
    text = told("queries /= np.sqrt(queries.shape[-1])\nreturn queries @ keys.T")
    assert "✓ gives the right scores" in text
    assert "✗ leaves its <arguments> alone\n    your function changes its argument number 1" in text
    assert text.endswith("1 of 2 public properties hold. Begin with the first ✗.")


# What the student wrote, and the words that must come.
BODIES = {
    "raise NotImplementedError": "your function is not written yet",
    "return queries @ keys": "in line 2: `return queries @ keys`",
    "x = 1\nreturn queries @ missing": "NameError: name 'missing' is not defined in line 3: `return queries @ m",
    "pass": "None (is there a return?)",
    "print(queries @ keys.T)": "your function prints its result but returns nothing: end it with return",
    "return torch.tensor(queries @ keys.T)": "your function returned a torch tensor: compute with NumPy",
    "return (queries @ keys.T).tolist()": "a list, but an array was expected: make one of it with np.array(…)",
    "class Dumb(NotImplementedError): pass\nraise Dumb('no input here')": "stopped with Dumb: no input here in line 3",
    "return [[1, 2], [3]]": "your function returned a list, but an array was expected",
    "return np.array([[1, 2], [3]], dtype=object)": "an array of object, but numbers were expected: are all rows",
    "return np.array([['a']])": "an array of <U1, but numbers were expected",
    "return queries @ keys.T * 1j": "an array of complex128, but numbers were expected\n",
    "return np.ma.masked_invalid(queries @ keys.T)": "a masked array, but a plain array was expected",
    "yield queries": "your function is a generator, because it says yield",
    "return scaled": "your function returned a function: call it",
    "return object()": "your function returned a object, but numbers or arrays were expected",
    "return scaled(queries, keys)": "your function calls itself without end",
    "import sys\nsys.exit()": "your function ends the whole program in line 3: `sys.exit()`: use return",
    "raise KeyboardInterrupt": "your function was stopped by hand",
    "raise MemoryError": "your function wants more memory than there is in line 2",
    "raise ValueError(chr(10) + 'a' * 999)": f"ValueError: {'a' * 160}… in line 2",
    "class Odd(Exception):\n    __str__ = None\nraise Odd": "your function stopped with Odd in line 4: `raise Odd`",
    "assert False": "your function stopped with AssertionError in line 2: `assert False`",
    "a = []\na.append(a)\nreturn a": "your function returned something nested too deeply",
}


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_what_goes_wrong_is_told_in_words(body: str) -> None:
    text = told(body)
    assert BODIES[body] in text
    assert text.count("✗") == 2  # once before its line, once in the last sentence
    assert "Traceback" not in text


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "while True:\n    try:\n        time.sleep(0.01)\n    except BaseException:\n        pass",
        "time.sleep(30)",
    ],
)
def test_an_endless_loop_is_stopped_and_told(body: str) -> None:
    begin = time.monotonic()
    text = told(body, seconds=0.1)
    assert "your function did not come back within 0.1 seconds: is there a loop that never ends?" in text
    assert time.monotonic() - begin < 3


def test_an_exception_in_a_helper_is_found_there() -> None:
    text = told("return helper(queries)", before="def helper(x):\n    return x[9, 9, 9]\n\n")
    assert "IndexError: too many indices for array" in text
    assert "in line 2 of helper: `return x[9, 9, 9]`" in text


def test_a_helper_that_is_not_written_yet_is_named() -> None:
    text = told("return helper(queries)", before="def helper(x):\n    raise NotImplementedError\n\n")
    assert "your function calls helper, which is not written yet" in text


@pytest.mark.parametrize(
    ("body", "before", "library"),
    [
        ("return torch.tensor(queries @ keys.T / np.sqrt(queries.shape[-1])).numpy()", "", "torch"),
        (f"import scipy.special\n{RIGHT}", "", "scipy"),
        (RIGHT, "from matplotlib import pyplot\n", "matplotlib"),
        (f"softmax\n{RIGHT}", "from attnbook.core import softmax\n", "attnbook"),
        (f"helper(queries)\n{RIGHT}", "def helper(x):\n    return [torch.tensor(row) for row in x]\n\n", "torch"),
    ],
)
def test_an_absent_library_is_named_even_if_all_holds(body: str, before: str, library: str) -> None:
    text = told(body, before=before)
    said = f"It needs {library}, which is not there when your notebook is graded: use NumPy."
    assert text.endswith(f"2 of 2 public properties hold. Your teacher's tests ask more. {said}")


@pytest.mark.parametrize(
    ("used", "before"),
    [
        ("", "from attnbook.classroom import check\n"),
        ("math.sqrt(2), linalg.norm(queries)\n", "import math\nfrom numpy import linalg\n"),
        ("again()\n", "from functools import cache\n@cache\ndef again(): return [again for one in range(2)]\n"),
    ],
)
def test_what_is_there_when_graded_is_no_library_to_warn_of(used: str, before: str) -> None:
    assert told(used + RIGHT, before=before).endswith("Your teacher's tests ask more.")


def test_a_terminal_without_the_signs_gets_their_names() -> None:
    program = "from attnbook.classroom import check; check('scaled_dot', lambda queries, keys: queries @ keys.T)"
    options = {"env": os.environ | {"PYTHONIOENCODING": "latin-1"}, "encoding": "latin-1"}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, **options)
    assert "\\N{BALLOT X} multiplies number by number" in run.stdout


def test_imports_that_the_function_does_not_use_are_allowed(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import numpy as np\nimport torch\nfrom attnbook import core\nfrom attnbook.classroom import check\n"
        f"def scaled_dot(queries, keys):\n    {RIGHT.replace('keys.T', 'keys.mT')}\n"
        "check('scaled_dot', scaled_dot)\n"
        "def scaled_dot(queries, keys):\n    return core.scaled_dot(queries, keys)\n"
        "check('scaled_dot', scaled_dot)\n"
    )
    run = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    ends = [line for line in run.stdout.splitlines() if "public properties hold" in line]
    assert ends[0].endswith("Your teacher's tests ask more.")
    assert "It needs attnbook" in ends[1]


@pytest.mark.parametrize("head", ["queries", "queries, keys, values", "", "*, queries, keys"])
def test_another_number_of_parameters_is_told(head: str) -> None:
    text = told("return 1", head)
    takes = inspect.signature(written(f"def scaled({head}): pass")).parameters
    words = ", ".join(str(parameter) for parameter in takes.values()) or "nothing"
    assert f"your function is called with 2 arguments, but its parameters are: {words}." in text


def test_what_it_prints_is_kept_short() -> None:
    text = told(f"for i in range(1000): print('<b>', i)\n{RIGHT}")
    assert "Your function printed:\n    <b> 0\n    <b> 1\n    <b> 2\n    …\n2 of 2" in text


def test_what_warns_is_no_fault() -> None:
    text = told(f"import warnings\nwarnings.warn('careful')\nnp.array([0.0]) / np.array([0.0])\n{RIGHT}")
    assert text.endswith("2 of 2 public properties hold. Your teacher's tests ask more.")


def test_names_of_the_notebook_may_mean_anything() -> None:
    text = told(
        "import numpy\nreturn queries @ keys.T / numpy.sqrt(queries.shape[-1])", before="np = print = len = None\n"
    )
    assert text.startswith("Check of scaled\n✓")


@pytest.mark.parametrize(
    ("name", "function", "words"),
    [
        ("scaled", None, "What you handed over is not a function but None: hand over the function itself"),
        (
            "scaled",
            np.ones(3),
            "is not a function but an array: hand over the function itself, without parentheses",
        ),
        ("scaled", "scaled", "not a function but a str: define scaled with def, run that cell, and check it again."),
        ("scalde", reference, "There is no task 'scalde'; did you mean 'scaled'?"),
        ("zzz", reference, "There is no task 'zzz'; did you mean 'scaled' or 'unsound'?"),
        (reference, "scaled", "Write the name first, in quotes, and then the function"),
        (7, reference, "Write the name first, in quotes, and then the function"),
    ],
)
def test_what_is_no_check_is_told(name: Any, function: Any, words: str) -> None:
    assert words in repr(examine(name, function))


@pytest.mark.parametrize("seconds", ["5", None, 0, -1, float("nan"), True])
def test_a_time_that_is_none_is_told_and_not_waited_for(seconds: Any) -> None:
    assert "a number of seconds above 0" in told(RIGHT, seconds=seconds)


def test_a_fault_of_ours_is_told_in_one_sentence() -> None:
    text = repr(examine("unsound", written(f"def scaled(queries, keys):\n    {RIGHT}")))
    assert "· says so\n    this could not be done, because the assignment's own test failed (IndexError)" in text
    assert text.endswith("2 of 3 public properties hold. The others could not be tried.")


def test_not_even_a_check_that_cannot_begin_shows_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_module, "judge", lambda *arguments, **options: 1 / 0)
    check("scaled", reference)
    assert "could not be done, because the assignment's own test failed (ZeroDivisionError)" in capsys.readouterr().out


def test_without_a_kernel_it_prints_and_returns_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("scaled", written(f"def scaled(queries, keys):\n    {RIGHT}")) is None
    assert capsys.readouterr().out.startswith("Check of scaled\n✓ gives the right scores\n")


class Strict(HTMLParser):
    """Collects the tags that are open, and all text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.labels: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"section", "p", "b", "ul", "li", "span", "div", "pre", "code"}, f"<{tag}> came from outside"
        self.open.append(tag)
        self.labels += [str(value) for name, value in attrs if name == "aria-label"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_html_says_what_the_text_says_and_escapes_it() -> None:
    body = "    print('<script>x</script>')\n    raise ValueError('<img src=x>')\n"
    report = examine("scaled", written(f"def scaled(queries, keys):\n{body}"))
    reader = Strict()
    reader.feed(report._repr_html_())
    assert reader.open == []
    assert reader.labels == ["Check of scaled", "not kept:", "not tried:"]
    assert re.sub(r"\s+", "", reader.text) == re.sub(r"[\s`]+", "", repr(report))
    assert "<code>raise ValueError(&#x27;&lt;img src=x&gt;&#x27;)</code>" in report._repr_html_()
    assert "<script>x</script>" in reader.text


def test_check_with_another_seed_asks_something_else() -> None:
    seen: list[float] = []

    def scaled(queries: np.ndarray, keys: np.ndarray) -> np.ndarray:
        seen.append(float(queries[0, 0]))
        return reference(queries, keys)

    for seed in (0, 0, 1):
        examine("scaled", scaled, seed=seed)
    first, again, other = np.array_split(seen, 3)
    assert first.tolist() == again.tolist() != other.tolist()


class Sub(np.ndarray):
    pass


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.5), 0.5),
        (np.array(3), 3),
        (np.bool_(True), True),
        ((np.int64(2), [np.array(1.5)]), (2, [1.5])),
        ({"a": np.float64(1)}, {"a": 1.0}),
        (None, None),
        ("text", "text"),
    ],
)
def test_plain_values_are_of_pythons_own_kinds(value: Any, expected: Any) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


def test_plain_arrays_are_copies_and_nothing_but_arrays() -> None:
    given = np.ones(3).view(Sub)
    found = plain(given)
    assert type(found) is np.ndarray
    given[0] = 7
    assert found.tolist() == [1, 1, 1]


@pytest.mark.parametrize("value", [1j, np.complex128(1j), b"", {1, 2}, np.array([None]), np.datetime64("2020-01-01")])
def test_what_is_not_plain_is_refused(value: Any) -> None:
    with pytest.raises(NotPlainError):
        plain(value)


def test_each_call_gets_arguments_of_its_own() -> None:
    given = np.zeros(2)

    def adds(x: np.ndarray, *, more: np.ndarray) -> np.ndarray:
        x += 1
        more += 1
        return x

    outcome = LocalCall(adds, 5)((given,), {"more": given})
    assert outcome.after[0].tolist() == [1, 1]
    assert given.tolist() == [0, 0]


@pytest.mark.slow
@pytest.mark.parametrize("thread", [False, True])
def test_an_endless_loop_does_not_end_the_kernel(thread: bool) -> None:
    # The book's own tasks: the kernel knows nothing of the small ones here.
    begin = "import threading\nfrom attnbook.classroom import check\nfrom attnbook.classroom.specs import names\n"
    begin += "def stubborn(*a, **k):\n    while True:\n        try: sum(range(9))\n        except BaseException: pass\n"
    run = "check(names()[0], stubborn, seconds=1)"
    if thread:
        run = f"t = threading.Thread(target=lambda: {run})\nt.start()\nt.join()"
    cells = [nbformat.v4.new_code_cell(source) for source in (begin, run, "print('alive')")]
    NotebookClient(notebook := nbformat.v4.new_notebook(cells=cells), timeout=60).execute()
    said = json.dumps(notebook.cells[1].outputs)
    assert "did not come back within 1 seconds: is there a loop that never ends?" in said
    assert notebook.cells[2].outputs[0].text == "alive\n"
