"""Softmax, attend, entropy and the alignment error rate against references, and at their edges."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.core.machinery import NEAR, leaf, numbers, ones
from torch.autograd import gradcheck, gradgradcheck
from torch.nn import functional as F  # noqa: N812

from attnbook import core
from attnbook.core.alignment import alignment_error_rate


@pytest.mark.parametrize("shape", [(5,), (3, 5), (2, 3, 5), (5, 1)])
@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_softmax_is_torchs(shape: tuple[int, ...], temperature: float) -> None:
    scores = torch.from_numpy(np.random.default_rng(3).normal(size=shape))
    expected = F.softmax(scores / temperature, dim=-1)
    torch.testing.assert_close(core.softmax(scores, temperature=temperature), expected, rtol=1e-12, atol=1e-15)


def test_cold_limit_is_the_best_key_and_hot_limit_is_the_mean() -> None:
    scores = np.array([[1.0, 3.0, 2.0]])
    np.testing.assert_allclose(core.softmax(scores, temperature=1e-3), [[0, 1, 0]], atol=1e-12)
    np.testing.assert_allclose(core.softmax(scores, temperature=1e9), [[1 / 3] * 3], atol=1e-8)


def test_ties_are_shared() -> None:
    np.testing.assert_allclose(core.softmax(np.array([2.0, 2.0, -50.0]), temperature=0.01), [0.5, 0.5, 0.0])


def test_single_key_takes_everything_whatever_its_score() -> None:
    np.testing.assert_array_equal(core.softmax(np.array([[-700.0], [3.0]])), [[1.0], [1.0]])


@pytest.mark.parametrize("kind", [np.asarray, torch.tensor])
def test_query_that_may_attend_to_nothing_gets_zeros(kind: type) -> None:
    scores, values = kind([[1.0, 2.0], [3.0, 4.0]]), kind([[5.0, 6.0], [7.0, 8.0]])
    output, weights = core.attend(scores, values, mask=kind([[False, False], [False, True]]))
    assert weights.tolist() == [[0, 0], [0, 1]]
    assert output.tolist() == [[0, 0], [7, 8]]


def test_weights_multiply_the_values_and_are_returned_second() -> None:
    scores, values = np.log(np.array([[1.0, 3.0], [1.0, 1.0]])), np.array([[4.0, 0.0, 8.0], [0.0, 4.0, 8.0]])
    output, weights = core.attend(scores, values)
    np.testing.assert_allclose(weights, [[0.25, 0.75], [0.5, 0.5]])
    np.testing.assert_allclose(output, [[1, 3, 8], [2, 2, 8]])


@pytest.mark.parametrize(
    ("scores", "values", "output"),
    [
        ((2, 3, 4), (4, 5), (2, 3, 5)),
        ((3, 4), (2, 4, 5), (2, 3, 5)),
        ((2, 1, 3, 4), (6, 4, 5), (2, 6, 3, 5)),
        ((2, 0, 4), (2, 4, 5), (2, 0, 5)),
    ],
)
def test_batches_of_scores_and_values_broadcast(
    scores: tuple[int, ...], values: tuple[int, ...], output: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(4)
    s, v = rng.normal(size=scores), rng.normal(size=values)
    o, w = core.attend(s, v)
    assert o.shape == output
    assert w.shape == scores
    np.testing.assert_allclose(o, np.broadcast_to(w @ v, output))


def test_padding_mask_of_one_sequence_serves_all_queries() -> None:
    scores = np.zeros((2, 3, 4))
    padding = np.array([[[True, True, False, False]], [[True, True, True, True]]])  # (b, 1, k)
    weights = core.softmax(scores, mask=padding)
    np.testing.assert_allclose(weights[0], [[0.5, 0.5, 0, 0]] * 3)
    np.testing.assert_allclose(weights[1], [[0.25] * 4] * 3)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_entropy_is_scipys_and_keeps_the_precision(dtype: str) -> None:
    weights = core.softmax(np.random.default_rng(9).normal(size=(4, 7)).astype(dtype))
    bits = core.entropy(weights)
    assert bits.dtype == dtype
    tolerance = {"float16": 1e-2, "float32": 1e-6, "float64": 1e-13}[dtype]
    np.testing.assert_allclose(bits, scipy.stats.entropy(weights.astype(float), base=2, axis=-1), atol=tolerance)


def test_entropy_in_torch_is_entropy_in_numpy() -> None:
    weights = core.softmax(np.random.default_rng(10).normal(size=(2, 3, 5)))
    bits = core.entropy(torch.from_numpy(weights))
    assert type(bits) is torch.Tensor
    np.testing.assert_allclose(bits.numpy(), core.entropy(weights), rtol=1e-13)


def test_a_higher_temperature_leaves_more_open() -> None:
    scores = np.array([2.0, 1.0, 0.0, -1.0])
    bits = [float(core.entropy(core.softmax(scores, temperature=t))) for t in (1e-3, 0.5, 1.0, 2.0, 1e6)]
    assert bits == sorted(bits)
    assert bits[0] == 0
    assert bits[-1] == pytest.approx(2.0)


def test_entropy_slope_is_the_textbooks_and_0_at_weight_0() -> None:
    weights = torch.tensor([0.25, 0.75, 0.0], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(core.entropy(weights), weights)
    expected = [-np.log2(0.25) - 1 / np.log(2), -np.log2(0.75) - 1 / np.log(2), 0.0]
    np.testing.assert_allclose(slope.numpy(), expected, rtol=1e-13)


@pytest.mark.parametrize("mask", [None, torch.tensor([[True, True, False, True], [False, False, False, False]])])
def test_gradient_of_the_entropy_of_softmax(mask: torch.Tensor | None) -> None:
    scores = torch.tensor([[0.3, -1.0, 2.0, 0.1], [1.0, 1.0, -0.5, 0.0]], dtype=torch.float64, requires_grad=True)
    assert gradcheck(lambda s: core.entropy(core.softmax(s, mask=mask)), scores)


def test_entropy_of_a_saturated_softmax_has_a_finite_slope() -> None:
    scores = torch.tensor([1e4, -1e4, 0.0], requires_grad=True)  # two of the weights are exactly zero
    (slope,) = torch.autograd.grad(core.entropy(core.softmax(scores)), scores)
    assert bool(torch.isfinite(slope).all())


def test_rounded_weights_still_have_an_entropy() -> None:
    assert float(core.entropy(np.array([0.33, 0.33, 0.33]))) == pytest.approx(np.log2(3), abs=0.01)


@pytest.mark.parametrize("kind", [np.array, torch.tensor])
def test_a_wrong_link_costs_as_much_as_a_missing_one(kind: type) -> None:
    gold = kind([[True, False, False], [False, False, True]])
    missing = kind([[True, False, False], [False, False, False]])
    wrong = kind([[True, False, False], [False, True, True]])
    assert alignment_error_rate(missing, gold) == pytest.approx(1 - 2 / 3)
    assert alignment_error_rate(wrong, gold) == pytest.approx(1 - 4 / 5)
    assert alignment_error_rate(wrong, gold, possible=gold | wrong) == 0
    assert type(alignment_error_rate(wrong, gold)) is float


SCORES = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


@pytest.mark.parametrize(
    "function", [core.softmax, lambda scores, **options: core.attend(scores, ones(3, 2), **options)]
)
class TestSoftmaxAndAttend:
    @pytest.mark.parametrize("temperature", [0, 0.0, -1, -0.5, float("nan"), float("inf")])
    def test_temperature_must_be_positive(self, function: Callable[..., Any], temperature: float) -> None:
        with pytest.raises(ValueError, match=f"temperature is {temperature}; it must be a finite number above 0"):
            function(SCORES, temperature=temperature)

    @pytest.mark.parametrize("temperature", [True, "1", None, [1.0], np.array([1.0, 2.0]), 1j])
    def test_temperature_must_be_one_number(self, function: Callable[..., Any], temperature: Any) -> None:
        with pytest.raises(TypeError, match=r"temperature is .* it must be one number above 0"):
            function(SCORES, temperature=temperature)

    @pytest.mark.parametrize(("value", "found"), [(np.nan, "NaN"), (np.inf, "an infinity"), (-np.inf, "an infinity")])
    def test_scores_must_be_finite(self, function: Callable[..., Any], value: float, found: str) -> None:
        strange = SCORES.copy()
        strange[0, 1] = value
        with pytest.raises(ValueError, match=f"scores contain {found}: to exclude a key pass mask="):
            function(strange)
        with pytest.raises(ValueError, match=f"scores contain {found}"):  # allowed, so it is read
            function(strange, mask=np.array([[True, True, False], [True, False, False]]))

    def test_mask_of_another_shape(self, function: Callable[..., Any]) -> None:
        for shape in [(2,), (2, 2), (3, 3), (1, 2, 3), (4, 2, 3)]:
            with pytest.raises(ValueError, match=r"mask has shape \(.*\) but scores have shape \(2, 3\)"):
                function(SCORES, mask=np.ones(shape, dtype=bool))

    @pytest.mark.parametrize("dtype", ["float64", "int64", "uint8"])
    def test_mask_of_numbers(self, function: Callable[..., Any], dtype: str) -> None:
        with pytest.raises(
            TypeError, match=f"mask holds {dtype} but must hold booleans, True where attending is allowed"
        ):
            function(SCORES, mask=np.ones((2, 3), dtype=dtype))

    @pytest.mark.parametrize("wrong", [[True, False, True], torch.ones(2, 3) > 0, True])
    def test_mask_of_another_kind(self, function: Callable[..., Any], wrong: Any) -> None:
        with pytest.raises(TypeError, match=r"mask is a .* it must be a boolean numpy array"):
            function(SCORES, mask=wrong)

    def test_scores_of_a_wrong_kind(self, function: Callable[..., Any]) -> None:
        with pytest.raises(TypeError, match="scores is a list, not an array"):
            function([[1.0, 2.0, 3.0]])
        with pytest.raises(TypeError, match="scores holds int64"):
            function(np.array([[1, 2, 3]]))

    def test_options_are_given_by_name(self, function: Callable[..., Any]) -> None:
        with pytest.raises(TypeError, match="positional"):
            function(SCORES, 2.0) if function is core.softmax else core.attend(SCORES, ones(3, 2), 2.0)


def test_temperature_that_the_precision_cannot_hold() -> None:
    with pytest.raises(ValueError, match=r"temperature is 1e-50, which float32 cannot hold \(it reaches from 1.2e-38"):
        core.softmax(SCORES.astype("float32"), temperature=1e-50)
    with pytest.raises(ValueError, match=r"temperature is 100000\.0, which float16 cannot hold"):
        core.softmax(torch.ones(3, dtype=torch.float16), temperature=1e5)


def test_softmax_needs_a_row_of_scores() -> None:
    with pytest.raises(ValueError, match="scores is a single number"):
        core.softmax(np.array(1.0))
    with pytest.raises(ValueError, match=r"scores has shape \(2, 0\): there are no keys"):
        core.softmax(ones(2, 0))


def test_attend_needs_rows() -> None:
    with pytest.raises(ValueError, match=r"scores is one vector of shape \(3,\); write scores\[None, :\]"):
        core.attend(ones(3), ones(3, 2))
    with pytest.raises(ValueError, match=r"values is one vector of shape \(3,\)"):
        core.attend(SCORES, ones(3))


def test_attend_needs_one_value_for_each_key() -> None:
    with pytest.raises(ValueError, match="scores are for 3 keys but there are 4 values: each key needs exactly one"):
        core.attend(SCORES, ones(4, 2))
    with pytest.raises(ValueError, match="scores are for 3 keys but there are 1 values"):
        core.attend(SCORES, ones(1, 2))


def test_attend_needs_batches_that_broadcast() -> None:
    with pytest.raises(ValueError, match=r"scores has batch axes \(2,\) but values has \(3,\)"):
        core.attend(ones(2, 4, 5), ones(3, 5, 6))


def test_attend_needs_finite_values_of_the_scores_kind() -> None:
    with pytest.raises(ValueError, match="values contain NaN: even with weight 0"):
        core.attend(SCORES, np.full((3, 2), np.nan))
    with pytest.raises(TypeError, match="scores is a numpy array but values is a torch array"):
        core.attend(SCORES, torch.ones(3, 2, dtype=torch.float64))
    with pytest.raises(TypeError, match="scores holds float64 but values holds float32"):
        core.attend(SCORES, ones(3, 2, dtype="float32"))


LINKS = np.eye(3, dtype=bool)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: core.entropy([0.5, 0.5]), TypeError, "weights is a list, not an array"),
        (lambda: core.entropy(np.array([1, 0])), TypeError, "weights holds int64 but must hold decimal numbers"),
        (lambda: core.entropy(np.array(1.0)), ValueError, "weights is a single number"),
        (lambda: core.entropy(np.ones((2, 0))), ValueError, r"weights has shape \(2, 0\): there are no keys"),
        (lambda: core.entropy(np.array([0.5, np.nan])), ValueError, "weights contain NaN: make weights with softmax"),
        (lambda: core.entropy(np.array([1.5, -0.5])), ValueError, "weights contain -0.5: a weight cannot be negative"),
        (lambda: core.entropy(np.array([1.0, 2.0])), ValueError, "weights have a row with sum 3: .* softmax"),
        (lambda: core.entropy(torch.tensor([[1.0, 0.0], [0.4, 0.4]])), ValueError, "a row with sum 0.8"),
        (
            lambda: alignment_error_rate(LINKS.tolist(), LINKS),
            TypeError,
            r"links is a list, not an array: write np\.array\(links, dtype=bool\)",
        ),
        (
            lambda: alignment_error_rate(LINKS.astype(float), LINKS),
            TypeError,
            "links holds float64 but must hold booleans.*weights > 0.5",
        ),
        (lambda: alignment_error_rate(LINKS, LINKS.astype(int)), TypeError, "sure holds int64"),
        (lambda: alignment_error_rate(LINKS[0], LINKS[0]), ValueError, r"links has shape \(3,\); it must be a"),
        (
            lambda: alignment_error_rate(LINKS, LINKS[:2]),
            ValueError,
            r"links has shape \(3, 3\) but sure has shape \(2, 3\)",
        ),
        (
            lambda: alignment_error_rate(LINKS, torch.eye(3) > 0),
            TypeError,
            "links is a numpy array but sure is a torch array",
        ),
        (
            lambda: alignment_error_rate(LINKS, LINKS, LINKS & (np.arange(3) > 0)),
            ValueError,
            r"possible lacks 1 of the 3 sure links: .* pass sure \| possible",
        ),
        (lambda: alignment_error_rate(LINKS & False, LINKS & False), ValueError, "links and sure are empty"),
    ],
)
def test_wrong_weights_and_links_are_refused(call: Callable[[], object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize("mask", [None, np.array([[True, False, True, True, False]])])
def test_torch_attends_as_numpy_does(mask: np.ndarray | None) -> None:
    rng = np.random.default_rng(5)
    scores, values = rng.normal(size=(2, 3, 5)), rng.normal(size=(2, 5, 4))
    expected = core.attend(scores, values, mask=mask, temperature=0.7)
    tensor_mask = None if mask is None else torch.from_numpy(mask)
    actual = core.attend(torch.from_numpy(scores), torch.from_numpy(values), mask=tensor_mask, temperature=0.7)
    for a, e in zip(actual, expected, strict=True):
        np.testing.assert_allclose(a.numpy(), e, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kind", [np.array, torch.tensor])
def test_attend_leaves_scores_values_and_mask_alone(kind: Callable[..., Any]) -> None:
    scores, values, mask = kind([[1.0, 2.0]]), kind([[1.0, 0.0], [0.0, 1.0]]), kind([[True, False]])
    output, weights = core.attend(scores, values, mask=mask)
    output[...], weights[...] = 7.0, 7.0
    assert scores.tolist() == [[1, 2]]
    assert values.tolist() == [[1, 0], [0, 1]]
    assert mask.tolist() == [[True, False]]


def test_large_half_precision_scores_do_not_overflow() -> None:
    weights = core.softmax(torch.tensor([60000.0, 59968.0, -60000.0], dtype=torch.float16))
    assert weights.tolist() == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("temperature", [np.float64(0.5), np.float32(0.5), 1, np.int64(2)])
def test_temperatures_of_any_kind_leave_the_dtype_alone(temperature: float) -> None:
    for scores in (np.array([0.0, 1.0], dtype="float32"), torch.tensor([0.0, 1.0])):
        weights = core.softmax(scores, temperature=temperature)
        assert weights.dtype == scores.dtype
        assert float(weights[1]) == pytest.approx(1 / (1 + np.exp(-1 / float(temperature))), rel=1e-6)


MASK = torch.tensor([[True, True, False, True], [False, True, False, False], [False, False, False, False]])


@pytest.mark.parametrize("mask", [None, MASK])
@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_gradient_of_softmax_and_attend(mask: torch.Tensor | None, temperature: float) -> None:
    rng = np.random.default_rng(8)
    scores, values = leaf(rng.normal(size=(3, 4))), leaf(rng.normal(size=(4, 2)))
    assert gradcheck(lambda s: core.softmax(s, temperature=temperature, mask=mask), scores)
    assert gradcheck(lambda s, v: core.attend(s, v, temperature=temperature, mask=mask), (scores, values))
    assert gradgradcheck(lambda s: core.softmax(s, temperature=temperature, mask=mask), scores)


def test_softmax_slope_is_the_textbook_jacobian() -> None:
    scores = leaf([0.3, -1.0, 2.0, 0.0])
    jacobian = torch.autograd.functional.jacobian(lambda s: core.softmax(s, temperature=2.0), scores)
    weights = core.softmax(scores.detach(), temperature=2.0)
    torch.testing.assert_close(jacobian, (torch.diag(weights) - weights[:, None] * weights) / 2.0)


def test_fully_masked_row_has_slope_zero() -> None:
    scores, values = leaf([[1.0, 2.0], [3.0, 4.0]]), leaf([[1.0], [5.0]])
    output, _ = core.attend(scores, values, mask=torch.tensor([[False, False], [True, True]]))
    output.sum().backward()
    assert scores.grad is not None
    assert values.grad is not None
    assert scores.grad[0].tolist() == [0.0, 0.0]
    assert bool((scores.grad[1] != 0).all())
    assert bool(torch.isfinite(values.grad).all())


def test_forbidden_scores_have_slope_zero_whatever_they_are() -> None:
    scores = leaf([1.0, float("nan"), float("inf"), 2.0])
    weights = core.softmax(scores, mask=torch.tensor([True, False, False, True]))
    (slope,) = torch.autograd.grad(weights[0], scores)
    assert slope[1:3].tolist() == [0.0, 0.0]
    assert float(slope[0]) == pytest.approx(float(-slope[3]))
    assert bool(torch.isfinite(slope).all())


def test_scores_far_apart_have_finite_slopes() -> None:
    scores = leaf([1e4, -1e4, 0.0])
    (slope,) = torch.autograd.grad(core.softmax(scores)[0], scores)
    assert slope.tolist() == [0.0, 0.0, 0.0]


def rows_of_scores(size: float = 5.0) -> st.SearchStrategy[np.ndarray]:
    return st.tuples(st.integers(1, 3), st.integers(1, 6)).flatmap(lambda shape: numbers(*shape, size=size))


@st.composite
def masked_scores(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    scores = draw(rows_of_scores(size=800.0))
    return scores, draw(arrays("bool", scores.shape))


temperatures = st.floats(0.05, 50.0)


@given(scores=rows_of_scores(size=800.0), temperature=temperatures)
def test_weights_are_a_distribution(scores: np.ndarray, temperature: float) -> None:
    weights = core.softmax(scores, temperature=temperature)
    assert ((weights >= 0) & (weights <= 1)).all()
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-12)


@given(case=masked_scores())
def test_masked_rows_sum_to_one_or_to_nothing(case: tuple[np.ndarray, np.ndarray]) -> None:
    scores, mask = case
    weights = core.softmax(scores, mask=mask)
    assert (weights[~mask] == 0).all()
    np.testing.assert_allclose(weights.sum(axis=-1), mask.any(axis=-1).astype(float), rtol=1e-12)


@given(case=masked_scores(), other=st.floats(-1e6, 1e6))
def test_forbidden_scores_do_not_matter(case: tuple[np.ndarray, np.ndarray], other: float) -> None:
    scores, mask = case
    changed = np.where(mask, scores, other)
    np.testing.assert_array_equal(core.softmax(scores, mask=mask), core.softmax(changed, mask=mask))


@given(scores=rows_of_scores(), shift=st.floats(-100, 100), temperature=temperatures)
def test_adding_a_constant_changes_nothing(scores: np.ndarray, shift: float, temperature: float) -> None:
    np.testing.assert_allclose(
        core.softmax(scores + shift, temperature=temperature), core.softmax(scores, temperature=temperature), **NEAR
    )


@given(scores=rows_of_scores(), data=st.data())
def test_reordered_scores_give_reordered_weights(scores: np.ndarray, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(scores.shape[-1])))
    np.testing.assert_allclose(core.softmax(scores[:, order]), core.softmax(scores)[:, order], **NEAR)


@given(scores=rows_of_scores())
def test_a_higher_score_never_weighs_less(scores: np.ndarray) -> None:
    weights = core.softmax(scores)
    for row, score in zip(weights, scores, strict=True):
        assert (np.diff(row[np.argsort(score)]) >= 0).all()


@given(scores=rows_of_scores(), cold=temperatures, factor=st.floats(1.0, 20.0))
def test_heat_spreads_the_weights(scores: np.ndarray, cold: float, factor: float) -> None:
    colder = core.softmax(scores, temperature=cold)
    warmer = core.softmax(scores, temperature=cold * factor)
    assert (warmer.max(axis=-1) <= colder.max(axis=-1) + 1e-12).all()
    assert (scipy.stats.entropy(warmer, axis=-1) >= scipy.stats.entropy(colder, axis=-1) - 1e-9).all()


@given(data=st.data(), scores=rows_of_scores())
def test_the_output_lies_among_the_values(data: st.DataObject, scores: np.ndarray) -> None:
    values = data.draw(numbers(scores.shape[-1], 2))
    output, _ = core.attend(scores, values)
    for direction in ([1.0, 0.0], [0.0, 1.0], [0.6, 0.8], [-0.8, 0.6]):  # no value lies farther out on either side
        along, reached = values @ direction, output @ direction
        assert (reached <= along.max() + 1e-9).all()
        assert (reached >= along.min() - 1e-9).all()


@given(data=st.data(), scores=rows_of_scores())
def test_the_order_of_keys_does_not_matter_to_the_output(data: st.DataObject, scores: np.ndarray) -> None:
    values = data.draw(numbers(scores.shape[-1], 3))
    order = data.draw(st.permutations(range(scores.shape[-1])))
    output, _ = core.attend(scores, values)
    np.testing.assert_allclose(core.attend(scores[:, order], values[order])[0], output, **NEAR)


@given(data=st.data(), scores=rows_of_scores(), temperature=temperatures)
def test_entropy_has_its_bounds_in_any_order(data: st.DataObject, scores: np.ndarray, temperature: float) -> None:
    weights = core.softmax(scores, temperature=temperature)
    bits = core.entropy(weights)
    assert (bits >= 0).all()
    assert (bits <= np.log2(scores.shape[-1]) + 1e-12).all()
    order = data.draw(st.permutations(range(scores.shape[-1])))
    np.testing.assert_allclose(core.entropy(weights[:, order]), bits, **NEAR)


@given(data=st.data(), shape=st.tuples(st.integers(1, 5), st.integers(1, 5)))
def test_alignment_error_treats_both_errors_alike(data: st.DataObject, shape: tuple[int, int]) -> None:
    links, sure, more = (data.draw(arrays("bool", shape)) for _ in range(3))
    links[0, 0] = True
    rate = alignment_error_rate(links, sure)
    assert 0 <= rate <= 1
    assert (rate == 0) == (links == sure).all()
    assert alignment_error_rate(sure, links) == rate
    assert alignment_error_rate(links, sure, sure | more) <= rate + 1e-12
