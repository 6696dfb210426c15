"""Norm, small network and passes: words for bad input, and both libraries with the same numbers as torch's own."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from tests.core.machinery import ones
from torch.nn import functional as F  # noqa: N812

from attnbook.core.transformer import feed_forward, layer_norm, token_passes

RNG = np.random.default_rng(82)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: layer_norm(ones(3, 4), ones(3), ones(4)), ValueError, r"scale has shape \(3,\) but must have"),
        (lambda: layer_norm(ones(3, 4), ones(4), ones(1)), ValueError, r"shift has shape \(1,\) but must have"),
        (lambda: layer_norm(ones(4), ones(4), ones(4)), ValueError, "x is one vector"),
        (lambda: layer_norm(ones(3, 4), ones(4), ones(4), epsilon=0.0), ValueError, "epsilon is 0.0"),
        (
            lambda: feed_forward(ones(3, 4), ones(5, 3), ones(5), ones(4, 5), ones(4)),
            ValueError,
            r"w_1 has shape \(5, 3\) but must have shape \(any, 4\)",
        ),
        (
            lambda: feed_forward(ones(3, 4), ones(5, 4), ones(5), ones(5, 4), ones(4)),
            ValueError,
            r"w_2 has shape \(5, 4\) but must have shape \(any, 5\)",
        ),
        (lambda: token_passes(0, 3, cached=True), ValueError, "read is 0; it must be at least 1"),
        (lambda: token_passes(1, 2.0, cached=True), TypeError, "written is 2.0; it must be a whole number"),
    ],
)
def test_wrong_input_is_refused_in_words(call: Callable[[], object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()


def test_both_libraries_agree_with_torchs_own_functions() -> None:
    x, scale, shift = RNG.normal(size=(2, 3, 4)), RNG.normal(size=4), RNG.normal(size=4)
    w_1, b_1, w_2, b_2 = RNG.normal(size=(6, 4)), RNG.normal(size=6), RNG.normal(size=(4, 6)), RNG.normal(size=4)
    T = torch.from_numpy
    normed = F.layer_norm(T(x), (4,), T(scale), T(shift))
    thought = F.linear(F.relu(F.linear(T(x), T(w_1), T(b_1))), T(w_2), T(b_2))
    for function, arrays, expected in [
        (layer_norm, (x, scale, shift), normed),
        (feed_forward, (x, w_1, b_1, w_2, b_2), thought),
    ]:
        ours, theirs = function(*arrays), function(*map(T, arrays))
        assert isinstance(theirs, torch.Tensor)
        np.testing.assert_allclose(ours, expected.numpy(), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(theirs.numpy(), expected.numpy(), rtol=1e-9, atol=1e-12)


def test_gradients_pass_through_norm_and_network() -> None:
    x, scale, shift = (torch.randn(*s, dtype=torch.float64, requires_grad=True) for s in ((2, 3), (3,), (3,)))
    assert torch.autograd.gradcheck(layer_norm, (x, scale, shift))
    w_1, w_2 = (torch.randn(*s, dtype=torch.float64, requires_grad=True) for s in ((4, 3), (3, 4)))
    zeros = torch.zeros(4, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda a, u, v: feed_forward(a, u, zeros[0] + 0.1, v, zeros[1]), (x, w_1, w_2))


def test_a_vector_of_equal_numbers_has_no_direction() -> None:
    assert np.array_equal(layer_norm(np.full((1, 4), 7.0), np.ones(4), np.full(4, 0.5)), np.full((1, 4), 0.5))
