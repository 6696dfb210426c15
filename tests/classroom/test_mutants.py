"""Every specification of the book meets wrong functions and right ones, publicly and with all that is hidden.

The wrong ones are its own mistakes, handed in as a student would; what goes wrong in every function of arrays; and what
is planted in `mutants`: one for each symptom, and some in a student's own style.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.classroom.mutants import Planted, load, planted

from attnbook.classroom import specs
from nbjudge.judging import local_call as calling
from nbjudge.judging.common_mistakes import EVERYWHERE
from nbjudge.judging.hidden import properties
from nbjudge.judging.local_call import LocalCall
from nbjudge.judging.spec import Case, Finding, Mistake, Outcome, Property, Task, judge
from nbjudge.judging.timeout import CallResult

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = ROOT / "notebooks" / "assignments"
SEEDS = ("0", "a private seed", "17", "the third of May", "z")
SECONDS = 10
TASKS = [task for chapter in specs.chapters() for task in specs.tasks_of(chapter)]
NAMED = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
EACH = pytest.mark.parametrize("item", load(), ids=str)
Function = Callable[..., Any]
DIGITS = {"digits are lost", "the result is rounded", "the result is cut to whole numbers"}


@cache
def hidden_of(chapter: str) -> Mapping[str, tuple[Property, ...]]:
    path = ASSIGNMENTS / "hidden" / f"{chapter}.py"
    return properties(path.read_text(encoding="utf-8"), path.name)


@cache
def full(task: Task, function: Function, seed: str = SEEDS[0]) -> list[Finding]:
    """The findings of the full specification, as the teacher has it."""
    return judge(task, LocalCall(function, SECONDS), seed=seed, hidden=hidden_of(task.chapter).get(task.name, ()))


@pytest.fixture(autouse=True)
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is planted runs for ever, and a watch on tens of thousands of calls takes its time."""
    monkeypatch.setattr(calling, "with_timeout", called)


def called(call: Callable[[], Any], seconds: float) -> CallResult:
    came = CallResult()
    try:
        came.value = call()
    except Exception as error:
        came.error = error
    return came


def worth(task: Task) -> float:
    return task.points + sum(item.points for item in hidden_of(task.chapter).get(task.name, ()))


def the_task(item: Planted) -> Task:
    return specs.task(item.task)


@cache
def teachers_functions(chapter: str) -> dict[str, Any]:
    """The names that the cells of the teacher's text define which are run when graded."""
    (path,) = (ASSIGNMENTS / "source").glob(f"[0-9][0-9]_{chapter}.md")
    space: dict[str, Any] = {"np": np}
    for options, body in re.findall(
        r"^```\{code-cell\}.*?\n(?:---\n(.*?)---\n)?(.*?)^```", path.read_text(), re.M | re.S
    ):
        if not options or re.search(r"^role: (given|solution)$", options, re.MULTILINE):
            exec(compile(body, str(path), "exec"), space)
    return space


def known(task: Task) -> list[tuple[Property, Mistake]]:
    """The mistakes of a task, each with the property that names it."""
    items = (*task.properties, *hidden_of(task.chapter).get(task.name, ()))
    return [(item, mistake) for item in items for mistake in item.mistakes]


def lenient(reference: Function) -> Function:
    """The book's own functions refuse whole numbers and mixed kinds; a task takes them and means the same numbers."""

    @wraps(reference)
    def function(*arguments: Any, **options: Any) -> Any:
        try:
            return reference(*arguments, **options)
        except TypeError:
            numbers = [isinstance(value, np.ndarray) and value.dtype.kind in "iuf" for value in arguments]
            cast = [v.astype(float) if is_number else v for v, is_number in zip(arguments, numbers, strict=True)]
            return reference(*cast, **options)

    return function


@NAMED
def test_each_task_knows_mistakes_and_meets_right_functions(task: Task) -> None:
    assert len({mistake.says for _, mistake in known(task)}) >= 8, "name at least eight mistakes"
    assert sum(item.right for item in planted(task.name)) >= 2, "plant two right functions"


MISTAKES = [
    pytest.param(task, *pair, id=f"{task.name}-{pair[0].name}-{number}")
    for task in TASKS
    for number, pair in enumerate(known(task))
]


@pytest.mark.parametrize(("task", "item", "mistake"), MISTAKES)
def test_a_mistake_hears_its_own_words(task: Task, item: Property, mistake: Mistake) -> None:
    """Handed in as a student's function, it is told what it is, before and after the deadline, whatever is drawn."""
    earned = set()
    for seed in SEEDS[:2]:
        cases: list[Case] = []

        def handed_in(*arguments: Any, cases: list[Case] = cases, **options: Any) -> Any:
            cases.append(Case(arguments, options))
            return mistake.does(*arguments, **options)

        findings = full(task, handed_in, seed)
        told = [finding.diagnosis for finding in findings if finding.tried and finding.hidden == item.hidden]
        words = {mistake.says} if isinstance(mistake.says, str) else {mistake.says(case) for case in cases}
        assert words & set(told), [line for line in told if line]
        earned.add(sum(finding.points for finding in findings))
    assert len(earned) == 1
    assert max(earned) < worth(task)


@NAMED
@pytest.mark.parametrize("name", EVERYWHERE)
def test_what_goes_wrong_everywhere_is_told_everywhere(task: Task, name: str) -> None:
    if name in DIGITS and task.name in {"lamp_mask", "scan"}:
        pytest.skip("it returns no numbers that have digits to lose")
    if name == "digits are lost" and not any("digits" in item.promise for item in task.properties):
        pytest.skip("its digits are not asked for")
    wrong, says = EVERYWHERE[name]
    findings = full(task, wrong(lenient(task.reference)))
    told = [finding.diagnosis for finding in findings if finding.tried and finding.diagnosis]
    assert any(says in words for words in told), told
    assert sum(finding.points for finding in findings) < worth(task)


@NAMED
def test_each_task_has_five_properties_and_something_hidden(task: Task) -> None:
    hidden = hidden_of(task.chapter).get(task.name, ())
    assert len(task.properties) + len(hidden) >= 5
    assert task.properties[0].points > 0
    assert hidden, f"nothing of {task.name} is hidden"
    assert 3 <= worth(task) <= 5


def test_what_is_planted_is_for_a_task_and_written_only_once() -> None:
    assert {item.task for item in load()} == {task.name for task in TASKS}
    # Who makes two mistakes may be planted twice, once for what is said of each.
    planted_so = Counter((ast.dump(ast.parse(item.source)), item.says) for item in load())
    assert [body for body, times in planted_so.items() if times > 1] == []


@EACH
def test_a_planted_function_hears_its_fault_and_earns_its_points(item: Planted) -> None:
    task = the_task(item)
    findings = full(task, item.function)
    earned = sum(finding.points for finding in findings)
    told = [finding.diagnosis for finding in findings if finding.tried and finding.diagnosis]
    if item.right:
        assert told == []
        assert earned == worth(task)
        return
    assert item.says, f"{item} does not say what its diagnosis must say"
    assert any(item.says in diagnosis for diagnosis in told), told
    assert earned == item.points
    assert earned < worth(task)


@EACH
def test_check_tells_a_student_each_public_fault(item: Planted) -> None:
    """Who breaks a public property learns by `check` what the teacher will be told, though the inputs are others."""
    graded, checked = (
        [one for one in full(the_task(item), item.function, seed) if not one.hidden] for seed in SEEDS[:2]
    )
    assert {one.property for one in checked if not one.kept} == {one.property for one in graded if not one.kept}
    if any(one.tried and item.says in one.diagnosis for one in graded) and not item.right:
        assert any(item.says in one.diagnosis for one in checked if one.tried)


def by_seed(item: Planted, seeds: Iterable[str]) -> dict[str, tuple[float, bool]]:
    """What a planted function earns, and whether it hears its fault, for each private seed."""
    found = {seed: full(the_task(item), item.function, seed) for seed in seeds}
    return {
        seed: (sum(one.points for one in lines), any(one.tried and item.says in one.diagnosis for one in lines))
        for seed, lines in found.items()
    }


@EACH
def test_the_luck_of_the_draw_decides_nothing(item: Planted) -> None:
    results = by_seed(item, SEEDS if item.right else SEEDS[:2])
    assert set(results.values()) == {(worth(the_task(item)) if item.right else item.points, True)}, results


@pytest.mark.slow
@EACH
def test_the_luck_of_many_draws_decides_nothing(item: Planted) -> None:
    results = by_seed(item, map(str, range(10)))
    assert set(results.values()) == {(worth(the_task(item)) if item.right else item.points, True)}, results


@NAMED
@pytest.mark.parametrize("seed", SEEDS)
def test_the_reference_and_the_teachers_solution_earn_everything(task: Task, seed: str) -> None:
    solution = teachers_functions(task.chapter)[task.name]
    for function in (lenient(task.reference), solution) if seed in SEEDS[:2] else (solution,):
        findings = full(task, function, seed)
        assert [finding.diagnosis for finding in findings if not finding.kept] == []
        assert sum(finding.points for finding in findings) == worth(task)


@EACH
def test_a_diagnosis_is_one_line_without_secret_numbers(item: Planted) -> None:
    for finding in full(the_task(item), item.function):
        assert "\n" not in finding.diagnosis
        assert len(finding.diagnosis) <= 450
        # Sizes are whole; a number with many places could only be an input or an expected value.
        assert not re.search(r"\d\.\d{4}", finding.diagnosis), finding.diagnosis


# What a function that computes nothing may return: none of it may earn a point.
NOTHINGS: dict[str, Function] = {
    "zero": lambda *arguments, **options: 0.0,
    "ones": lambda *arguments, **options: np.ones_like(np.asarray(arguments[0], dtype=float)),
    "the first argument": lambda *arguments, **options: arguments[0],
    "nothing": lambda *arguments, **options: None,
    "nan": lambda *arguments, **options: np.full(3, np.nan),
    "an empty array": lambda *arguments, **options: np.zeros(0),
    "text": lambda *arguments, **options: "all correct",
    "a tuple": lambda *arguments, **options: (),
    "a dictionary": lambda *arguments, **options: {"points": 100},
}


@NAMED
@pytest.mark.parametrize("nothing", NOTHINGS)
def test_what_computes_nothing_earns_nothing(task: Task, nothing: str) -> None:
    assert sum(finding.points for finding in full(task, NOTHINGS[nothing])) == 0


@NAMED
def test_no_property_raises_whatever_comes_after_the_gate(task: Task) -> None:
    """A function that is right until the gate is passed and then answers anything gets diagnoses, never exceptions."""
    anything: list[Any] = [7, {}, (), np.zeros(0), (np.ones(1), None), np.full((1, 1), np.nan)]
    gate = len(list(count_calls(task)))
    for value in anything:
        calls = 0

        def call(arguments: tuple[Any, ...], options: Mapping[str, Any], value: Any = value) -> Outcome:
            nonlocal calls
            calls += 1
            if calls <= gate:
                return LocalCall(task.reference, SECONDS)(arguments, options)
            return Outcome(value, after=arguments)

        findings = judge(task, call, seed="0", hidden=hidden_of(task.chapter).get(task.name, ()))
        assert findings[0].kept
        assert len(findings) == len(task.properties) + len(hidden_of(task.chapter).get(task.name, ()))


def count_calls(task: Task) -> list[int]:
    """One entry for each call that the gate makes with the seed of the test above."""
    calls: list[int] = []

    def call(arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Outcome:
        calls.append(1)
        return LocalCall(task.reference, SECONDS)(arguments, options)

    only = Task(task.name, task.chapter, task.asks, task.reference, task.properties[:1])
    judge(only, call, seed="0")
    return calls
