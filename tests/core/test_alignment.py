"""Softmax and attend against references, and at their edges."""

import numpy as np
import pytest
import torch
from tests.core import oracles
from torch.nn import functional as F  # noqa: N812

from attnbook import core


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
