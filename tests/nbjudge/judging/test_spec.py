"""How a function is judged: the gate, what is lost, what earns points, and which of several mistakes is named."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pytest

from nbjudge.judging.compare import keeps_arguments, right_values, takes_kinds
from nbjudge.judging.difference import difference
from nbjudge.judging.local_call import LocalCall
from nbjudge.judging.spec import Ask, Case, Mistake, Outcome, Property, Task, TroubleError, judge
from nbjudge.judging.symptoms import Symptom

Function = Callable[..., Any]


def scale(x: np.ndarray) -> np.ndarray:
    return x / np.sqrt(x.shape[-1])


def cases(generator: np.random.Generator) -> Iterable[Case]:
    for shape in ((4,), (3, 9), (2, 5)):
        yield Case((generator.normal(size=shape),))


def asked(finder: Callable[[Ask, np.random.Generator], str], function: Function) -> str:
    return finder(Ask(LocalCall(function, 5)), np.random.default_rng(0))


def task(*faults: Callable[[Ask, np.random.Generator], str]) -> Task:
    properties = tuple(Property(f"p{i}", f"keeps promise {i}", i + 1.0, fault) for i, fault in enumerate(faults))
    return Task("scale", "small", "Scale.", scale, properties)


def kept(ask: Ask, generator: np.random.Generator) -> str:
    return ""


def broken(ask: Ask, generator: np.random.Generator) -> str:
    return "it is broken"


def calls(ask: Ask, generator: np.random.Generator) -> str:
    return "" if ask(np.ones(2)) is not None else "nothing came"


def never(arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Outcome:
    return Outcome(trouble="did not come back", lost=True)


def test_each_property_earns_its_own_points() -> None:
    secret = Property("secret", "keeps a secret", 5, kept, hidden=True)
    findings = judge(task(kept, broken, kept), LocalCall(scale, 5), hidden=(secret,))
    assert [(found.points, found.of, found.kept) for found in findings] == [
        *((1, 1, True), (0, 2, False), (3, 3, True), (5, 5, True)),
    ]
    assert [found.diagnosis for found in findings] == ["", "it is broken", "", ""]
    assert [found.hidden for found in findings] == [False, False, False, True]


def test_nothing_is_earned_while_the_gate_is_closed() -> None:
    findings = judge(task(broken, kept, kept), LocalCall(scale, 5))
    assert [found.points for found in findings] == [0, 0, 0]
    assert [found.tried for found in findings] == [True, False, False]
    assert findings[1].diagnosis == "not tried, because it needs the first line: keeps promise 0"


def test_who_does_not_come_back_is_not_called_again() -> None:
    findings = judge(task(kept, calls, calls), never)
    assert [found.points for found in findings] == [1, 0, 0]
    assert [found.tried for found in findings] == [True, True, False]
    assert findings[1].diagnosis == "your function did not come back"


def test_an_exception_costs_its_own_property_only() -> None:
    findings = judge(task(kept, calls, kept), LocalCall(lambda x: x.missing, 5))
    assert [found.points for found in findings] == [1, 0, 3]
    assert findings[1].diagnosis.startswith("your function stopped with AttributeError")


def test_each_property_draws_its_own_numbers() -> None:
    drawn: list[float] = []

    def draws(ask: Ask, generator: np.random.Generator) -> str:
        drawn.append(float(generator.normal()))
        return ""

    for seed in ("a", "a", "b"):
        judge(task(draws, draws), LocalCall(scale, 5), seed=seed)
    assert drawn[:2] == drawn[2:4]
    assert len(set(drawn)) == 4


MISTAKES = [
    Mistake("you forgot the root", lambda x: x / x.shape[-1]),
    Mistake("you forgot to divide", lambda x: x),
    Mistake(lambda case: f"you count {case.arguments[0].shape[0]} rows", lambda x: x / np.sqrt(x.shape[0])),
]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (scale, ""),
        (lambda x: x / x.shape[-1], "you forgot the root"),
        (lambda x: x.copy(), "you forgot to divide"),
        (lambda x: x / np.sqrt(x.shape[0]), "you count 3 rows"),  # right for the first case, which has one axis
        (lambda x: x * 7, "your numbers are wrong"),
        (lambda x: np.where(x > 0, scale(x), 7), "of your 4 numbers are wrong"),
        (lambda x: scale(x)[None], "your result has shape (1, 4), but (4,) was expected for these arguments"),
        (lambda x: x / x.shape[-1] if x.ndim == 1 else x * 9, "you forgot the root"),
        (lambda x: scale(x).astype(int), "whole numbers: what stands after the decimal point is lost"),
        (lambda x: scale(x) + np.nan, "NaN"),
        (lambda x: scale(x) / 0.0, "an infinite number"),
        (lambda x: None, "None (is there a return?)"),
        (lambda x: "x", "your function returned text, but an array was expected"),
        (lambda x: True, "your function returned True or False, but an array was expected"),
    ],
)
def test_the_mistake_that_explains_all_results_is_named(function: Function, words: str) -> None:
    told = asked(right_values(scale, cases, MISTAKES), function)
    assert words in told
    assert bool(told) == bool(words)


def test_an_avoided_mistake_is_not_named() -> None:
    """Right where the mistake would show, wrong later: what is left explains nothing, so the numbers speak."""
    told = asked(right_values(scale, cases, MISTAKES), lambda x: scale(x) if x.ndim == 1 else x / x.shape[-1])
    assert told == "your numbers are wrong"


def test_a_symptom_is_named_where_no_mistake_explains_the_result() -> None:
    negative = Symptom("your result is negative", lambda case, got: bool((got < 0).all()))
    finder = right_values(scale, cases, MISTAKES, symptoms=[negative])
    assert asked(finder, lambda x: -1 - x**2) == "your result is negative"
    assert asked(finder, lambda x: x.copy()) == "you forgot to divide"
    assert asked(finder, lambda x: "x") == "your function returned text, but an array was expected"


def test_shapes_that_do_not_fit_are_told_with_what_was_meant() -> None:
    finder = right_values(scale, cases, shapes="the last axis is meant")
    with pytest.raises(TroubleError, match=r"ValueError.* – the last axis is meant"):
        asked(finder, lambda x: x + np.ones(77))
    with pytest.raises(TroubleError, match=r"KeyError: 'x'[^–]*$"):
        asked(finder, lambda x: {}["x"])


def test_changed_arguments_are_found() -> None:
    def divides(x: np.ndarray) -> np.ndarray:
        x /= np.sqrt(x.shape[-1])
        return x

    assert asked(keeps_arguments(cases), scale) == ""
    assert asked(keeps_arguments(cases), divides).startswith("your function changes its argument number 1")


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (scale, ""),
        (lambda x: scale(x).astype("float32"), "when the arguments hold float64, your result holds float32"),
        (lambda x: scale(x).astype(x.dtype), "when the arguments hold whole numbers, your result holds whole numbers"),
    ],
)
def test_kinds_of_numbers_are_tried(function: Function, words: str) -> None:
    told = asked(takes_kinds(scale, cases), function)
    assert words in told
    assert bool(told) == bool(words)


def test_a_kind_that_is_refused_is_named() -> None:
    def choosy(x: np.ndarray) -> np.ndarray:
        if x.dtype.kind == "i":
            raise TypeError("no")
        return scale(x)

    with pytest.raises(TroubleError, match="when its arguments hold whole numbers"):
        asked(takes_kinds(scale, cases), choosy)


def test_no_difference_shows_a_number_of_either() -> None:
    secret = np.array([[123.456, 7.0]])
    for got in (secret + 1, secret.T, secret[0], secret.astype(int), 7.5, "x", [1], (1,), {}, None, secret * np.inf):
        words = difference(got, secret)
        assert words
        assert "123" not in words


def test_parts_of_a_tuple_are_compared_one_by_one() -> None:
    assert difference((np.ones(2), 1.0), (np.ones(2), 1.0)) == ""
    assert difference([np.ones(2), 2.0], (np.ones(2), 1.0)) == "in the second part: your number is wrong"
    assert (
        difference((np.ones(2),), (np.ones(2), 1.0))
        == "your function returned a tuple of 1, but a tuple of 2 was expected, as in return a, b"
    )
