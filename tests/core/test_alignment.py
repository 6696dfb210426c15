"""Softmax, attend, entropy and the alignment error rate against references, and at their edges."""

import numpy as np
import pytest
import scipy.stats
import torch
from tests.core import oracles
from torch.autograd import gradcheck
from torch.nn import functional as F  # noqa: N812

from attnbook import core
from attnbook.core.alignment import alignment_error_rate


def test_softmax_is_scipys_row_by_row_over_the_allowed_keys() -> None:
    oracles.check_softmax(core.softmax)


def test_attend_is_a_weighted_mean_in_loops() -> None:
    oracles.check_attend(core.attend)


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


def test_entropy_is_the_mean_number_of_doublings_in_loops() -> None:
    oracles.check_entropy(core.entropy)


def test_alignment_error_rate_counts_sets_of_links() -> None:
    oracles.check_alignment_error_rate(alignment_error_rate)


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


def test_entropy_has_the_textbook_slope_and_none_at_a_weight_of_zero() -> None:
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
