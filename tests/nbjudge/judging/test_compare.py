"""The properties that nearly every task has: each kind of number, and advice where NumPy refuses shapes."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from nbjudge.judging.compare import right_values, takes_kinds
from nbjudge.judging.difference import difference
from nbjudge.judging.local_call import LocalCall
from nbjudge.judging.spec import Ask, Case, Outcome, TroubleError
from nbjudge.judging.symptoms import Symptom


def third(numbers: Any) -> Any:
    """What the functions of these tests ought to do."""
    return numbers / 3


def cases(generator: np.random.Generator) -> Iterator[Case]:
    yield Case((generator.normal(size=(3, 4)) + 5,))


def said(fault: Callable[[Ask, np.random.Generator], str], function: Callable[..., Any]) -> str:
    """The diagnosis, also where the function brings no value."""
    try:
        return fault(Ask(LocalCall(function, 5)), np.random.default_rng(0))
    except TroubleError as trouble:
        return str(trouble)


def in_float32(numbers: Any) -> Any:
    return (numbers / 3).astype("float32")


def through_float32(numbers: Any) -> Any:
    return (numbers.astype("float32") / 3).astype("float64")


def in_the_same_kind(numbers: Any) -> Any:
    return (numbers / 3).astype(numbers.dtype)


def in_place(numbers: Any) -> Any:
    numbers /= 3
    return numbers


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (third, ""),
        (in_float32, "when the arguments hold float64, your result holds float32, not float64: half of the digits"),
        (through_float32, "when the arguments hold float64, your numbers are nearly right"),
        (in_the_same_kind, "when the arguments hold whole numbers, your result holds whole numbers"),
        (in_place, "whole numbers cannot be changed to decimal ones in place"),
    ],
)
def test_each_kind_of_number_is_tried(function: Callable[..., Any], words: str) -> None:
    found = said(takes_kinds(third, cases), function)
    assert found.startswith(words) if function is not in_place else words in found
    assert bool(found) == bool(words)


def test_only_the_kinds_that_are_named_are_tried() -> None:
    assert said(takes_kinds(third, cases, ("float32",)), in_the_same_kind) == ""


def test_wrong_values_are_not_blamed_on_their_kind() -> None:
    assert said(takes_kinds(third, cases), lambda numbers: numbers / 4).startswith("your values are wrong with float64")


def of_other_shapes(numbers: Any) -> Any:
    return numbers @ numbers


def of_long_lines(numbers: Any) -> Any:
    return numbers @ numbers + 0 * len("a line that is so long that there is no room left for it beside the advice")


def divided_by_zero(numbers: Any) -> Any:
    return len(numbers) / 0


def test_advice_on_shapes_only_where_numpy_refused_them() -> None:
    advice = "turn one of them round"
    fault = right_values(third, cases, shapes=advice)
    refused = said(fault, of_other_shapes)
    assert refused.endswith(f"`return numbers @ numbers` – {advice}")
    assert "the shapes do not fit (size 3 is different from 4)" in refused
    assert "gufunc" not in refused
    assert advice not in said(fault, divided_by_zero)
    assert "gufunc" not in said(right_values(third, cases), of_other_shapes)


def test_a_long_line_gives_way_to_the_advice() -> None:
    advice = "turn one of them round, " * 6
    words = said(right_values(third, cases, shapes=advice), of_long_lines)
    assert words.endswith(advice)
    assert "`" not in words
    assert "in line " in words


def test_what_is_nearly_right_is_told_so_only_where_digits_count() -> None:
    right = np.array([1.0, 2.0, 3.0])
    assert "nearly right" in difference(right + 1e-5, right)
    assert difference(right + 1e-5, right, tolerance=1e-4) == ""
    assert difference(right + 1e-2, right) == "your numbers are wrong"


def test_a_rounded_result_is_told_so() -> None:
    right = np.array([0.4321, -1.2345, 2.718])
    assert difference(np.round(right, 2), right) == (
        "your numbers are rounded to 2 decimal places: return them with all digits"
    )
    assert "rounded to 1 decimal place:" in difference(0.7, 2 / 3)
    assert difference(np.zeros(3), right / 1000) == "your numbers are wrong"
    assert "rounded to whole ones: // drops" in difference(right // 1, right)
    nearly = np.array([0.9999, 0.00006, 0.00004])  # one and zeros are wrong here, but nobody rounded them
    assert "rounded" not in difference(np.array([1.0, 0.0, 0.0]), nearly)


def test_whole_numbers_that_are_right_are_no_fault() -> None:
    assert difference(np.array([0, 2]), np.array([0.0, 2.0])) == ""
    assert difference(0, 0.0) == ""
    assert "whole numbers" in difference(np.array([0, 2]), np.array([0.0, 2.5]))


def test_truth_values_and_text_are_no_numbers() -> None:
    numbers = np.array([1, 0])
    for wrong in (numbers.astype(bool), numbers.astype(str), numbers.astype(complex)):
        assert "but numbers were expected" in difference(wrong, numbers)
        assert "but numbers were expected" in difference(wrong, numbers.astype(float))


def test_decimals_are_not_cut_where_integers_are_expected() -> None:
    places = np.array([[3, 1], [0, 2]])
    assert difference(places.astype(float), places) == ""
    assert difference(places + 0.9, places) == "your numbers are wrong"
    assert difference(places + 0.0 * np.nan, places) == "your numbers are wrong"
    assert difference(3.5, 3) == "your number is wrong"


def test_several_numbers_may_come_as_an_array() -> None:
    assert difference(np.array([0.5, 0.25]), (0.5, 0.25)) == ""
    assert difference(np.array([0.5, 0.3]), (0.5, 0.25)) == "in the second part: your number is wrong"
    assert "but a tuple of 2 was expected, as in return a, b" in difference(np.ones(3), (0.5, 0.25))
    assert "an array of shape (2,)" in difference(np.ones(2), (np.ones(2), 0.25))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (lambda numbers: numbers if numbers > 0 and numbers < 3 else 0, "write & for and, | for or"),
        (lambda numbers: np.einsum("bqd->bq", numbers), "your einsum has not one letter for each axis"),
        (lambda numbers: np.einsum("q->q", numbers), "your einsum has not one letter for each axis"),
    ],
)
def test_no_advice_on_shapes_where_they_are_right(body: Callable[..., Any], words: str) -> None:
    told = said(right_values(third, cases, shapes="turn one of them round"), body)
    assert words in told
    assert "in line" in told
    assert "turn one of them round" not in told


def first_of_two(value: Any) -> Any:
    if not isinstance(value, tuple) or len(value) != 2:
        raise TroubleError("returned something else")
    return value[0]


def test_one_part_of_a_result_is_compared_under_its_own_name() -> None:
    fault = right_values(lambda numbers: (numbers / 3, 0), cases, part=first_of_two, called="mask")
    assert said(fault, lambda numbers: (numbers / 3, "whatever")) == ""
    assert said(fault, lambda numbers: (numbers, numbers / 3)) == "your numbers are wrong"
    assert said(fault, lambda numbers: (numbers[0], 1)).startswith("your mask has shape (4,), but (3, 4)")
    assert said(fault, third) == "returned something else"


def test_symptoms_are_looked_for_in_tuples_that_fit() -> None:
    symptom = Symptom("the second part is negative", lambda case, got: bool((got[1] < 0).any()))
    fault = right_values(lambda numbers: (numbers, numbers / 3), cases, symptoms=[symptom])
    assert said(fault, lambda numbers: (numbers, numbers / 3)) == ""
    assert said(fault, lambda numbers: (numbers, -numbers / 3)) == "the second part is negative"
    assert "in the second part: your result has shape" in said(fault, lambda numbers: (numbers, -numbers[0]))
    assert "a tuple of 3" in said(fault, lambda numbers: (numbers, -numbers, 1))


def test_what_the_first_wrong_result_hides_a_later_one_tells() -> None:
    """Whether the first draw happens to show a symptom must not decide what a student is told."""

    def draws(generator: np.random.Generator) -> Iterator[Case]:
        for numbers in ([3.0, 6.0], [6.0, -3.0], [-6.0, -9.0]):
            yield Case((np.array(numbers),))

    negative = Symptom("some are negative", lambda _, got: bool((got < 0).any()))
    mixed = Symptom("signs are mixed", lambda _, got: bool((got < 0).any() and (got > 0).any()))
    assert said(right_values(third, draws, symptoms=[mixed, negative]), lambda n: n / 2) == "signs are mixed"
    assert said(right_values(third, draws, symptoms=[negative, mixed]), lambda n: n / 2) == "some are negative"
    assert said(right_values(third, draws), lambda n: n / 2) == "your numbers are wrong"

    def right_but_for_the_first(numbers: Any) -> Any:
        return numbers / (2 if numbers.min() > 0 else 3)

    assert said(right_values(third, draws, symptoms=[negative]), right_but_for_the_first) == "your numbers are wrong"

    def gone_after_the_first(numbers: Any) -> Any:
        if numbers.min() < 0:
            raise ValueError("no negative numbers")
        return numbers / 2

    assert said(right_values(third, draws, symptoms=[mixed]), gone_after_the_first) == "your numbers are wrong"


def test_a_function_that_is_lost_after_a_wrong_result_is_told_so() -> None:
    def call(arguments: tuple[Any, ...], options: Any) -> Outcome:
        calls.append(1)
        return Outcome(arguments[0]) if len(calls) == 1 else Outcome(trouble="did not come back", lost=True)

    def twice(generator: np.random.Generator) -> Iterator[Case]:
        yield from cases(generator)
        yield from cases(generator)

    calls: list[int] = []
    with pytest.raises(TroubleError, match="did not come back") as caught:
        right_values(third, twice)(Ask(call), np.random.default_rng(0))
    assert caught.value.lost


def test_a_kind_that_must_come_back_is_asked_for():
    fault = takes_kinds(third, cases, stays="float32")
    assert said(fault, third) == ""
    assert "float32 comes back as float64" in said(fault, lambda numbers: third(numbers.astype(float)))
