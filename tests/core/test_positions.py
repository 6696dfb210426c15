"""Positions: words for bad input, both libraries, and what must hold for any numbers."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from tests.core.machinery import ones

from attnbook.core.positions import rotate, sinusoidal

RNG = np.random.default_rng(73)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: sinusoidal(np.arange(3), 5), ValueError, "width is 5, which is odd"),
        (lambda: sinusoidal([0, 1], 4), TypeError, "positions is a list, not an array"),
        (lambda: sinusoidal(np.arange(3), 4, pairs="both"), ValueError, "pairs is 'both'; it must be 'halves' or"),
        (lambda: sinusoidal(np.arange(3), 4, base=0), ValueError, "base is 0"),
        (lambda: rotate(ones(3, 5), np.arange(3)), ValueError, "vectors have width 5, which is odd"),
        (lambda: rotate(ones(3, 4), np.arange(2)), ValueError, r"shape \(2,\) but there are 3 vectors"),
        (lambda: rotate(ones(3, 4), np.arange(3), pairs="x"), ValueError, "pairs is 'x'"),
        (lambda: rotate(ones(3, 4), np.ones(3, bool)), TypeError, "positions hold bool"),
    ],
)
def test_wrong_input_is_refused_in_words(call: Callable[[], object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()


def test_torch_gives_torch_and_the_same_numbers() -> None:
    x, places = RNG.normal(size=(2, 5, 6)), np.arange(5)
    for function in (lambda a, p: rotate(a, p), lambda a, p: sinusoidal(p, 6), lambda a, p: sinusoidal(0.5 * p, 6)):
        ours, theirs = function(x, places), function(torch.from_numpy(x), torch.from_numpy(places))
        assert isinstance(theirs, torch.Tensor)
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-6, atol=1e-6)
    assert rotate(x.astype("float32"), places).dtype == np.float32
    assert sinusoidal(torch.arange(3), 4).dtype == torch.float32


@pytest.mark.parametrize("pairs", ["halves", "neighbours"])
def test_gradients_pass_through(pairs: str) -> None:
    x = torch.randn(3, 6, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda a: rotate(a, torch.arange(3), pairs=pairs), (x,))


@pytest.mark.parametrize("pairs", ["halves", "neighbours"])
def test_rotated_scores_depend_on_the_difference_of_positions(pairs: str) -> None:
    q, k = RNG.normal(size=(2, 1, 8))
    scores = [
        (rotate(q, np.array([3 + shift]), pairs=pairs) @ rotate(k, np.array([shift]), pairs=pairs).T).item()
        for shift in (0, 1, 50, 100_000)
    ]
    np.testing.assert_allclose(scores, scores[0], rtol=1e-9)


def test_the_pairings_are_each_other_with_columns_exchanged() -> None:
    order = np.arange(8).reshape(2, 4).T.reshape(-1)  # 0 4 1 5 2 6 3 7: halves, taken as neighbours
    x, places = RNG.normal(size=(5, 8)), np.arange(5)
    np.testing.assert_allclose(rotate(x, places)[:, order], rotate(x[:, order], places, pairs="neighbours"))
    np.testing.assert_array_equal(sinusoidal(places, 8, pairs="halves")[:, order], sinusoidal(places, 8))


def test_rotation_keeps_lengths() -> None:
    x = RNG.normal(size=(5, 8))
    np.testing.assert_allclose(np.linalg.norm(rotate(x, np.arange(5)), axis=1), np.linalg.norm(x, axis=1))
