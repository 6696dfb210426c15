"""Hard choices, relaxations and windows against torch, finite differences and counts, and at their edges."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck
from torch.nn import functional as F  # noqa: N812

from attnbook import core
from attnbook.core.estimators import gumbel, gumbel_softmax, reinforce, straight_through
from attnbook.core.local import local_attend, local_m, local_p, predicted_place
from attnbook.core.soft_hard import hardmax, sample

SCORES = np.array([[0.7, 1.7, 1.4, 0.6, -1.7, -1.3]])
DRAW = np.random.default_rng(0)


def test_gumbel_softmax_is_torchs() -> None:
    scores = torch.randn(5, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    for temperature in (0.3, 1.0, 4.0):
        torch.manual_seed(2)
        noise = -torch.empty_like(scores).exponential_().log()  # as F.gumbel_softmax draws it
        for hard in (False, True):
            torch.manual_seed(2)
            expected = F.gumbel_softmax(scores, tau=temperature, hard=hard)
            soft = gumbel_softmax(scores, noise, temperature=temperature)
            torch.testing.assert_close(straight_through(hardmax(soft), soft) if hard else soft, expected)


@pytest.mark.parametrize("way", ["sample", "gumbel"])
def test_draws_come_as_often_as_the_weights_say(way: str) -> None:
    weights, draws = core.softmax(SCORES[0]), 40_000
    if way == "sample":
        chosen = sample(weights, DRAW.random(draws))
    else:
        chosen = hardmax(SCORES[0] + gumbel(DRAW.random((draws, 6))))
    assert set(np.unique(chosen)) == {0.0, 1.0}
    np.testing.assert_allclose(chosen.mean(axis=0), weights, atol=0.012)  # five standard errors at most


@pytest.mark.parametrize("baseline", [0.0, 1.3, -40.0])
def test_reinforce_is_right_on_average_whatever_the_baseline(baseline: float) -> None:
    scores = torch.tensor(SCORES[0], requires_grad=True)
    losses = torch.tensor([1.0, 3.0, -2.0, 0.5, 4.0, 0.0], dtype=torch.float64)
    weights = core.softmax(scores)
    (exact,) = torch.autograd.grad(weights @ losses, scores, retain_graph=True)
    every = reinforce(weights, torch.eye(6, dtype=torch.float64), losses, baseline=baseline)  # (z, k)
    torch.testing.assert_close(weights @ every, exact)


def test_a_hard_choice_passes_no_gradient() -> None:
    scores = torch.tensor(SCORES, requires_grad=True)
    assert not hardmax(scores).requires_grad
    assert not sample(core.softmax(scores), torch.rand(1, dtype=torch.float64)).requires_grad


def test_windows_against_finite_differences() -> None:
    make = torch.Generator().manual_seed(3)
    query, keys = (torch.randn(2, n, 4, dtype=torch.float64, generator=make, requires_grad=True) for n in (3, 9))
    values = torch.randn(2, 9, 5, dtype=torch.float64, generator=make, requires_grad=True)
    place = torch.tensor([[0.2, 4.3, 7.9], [3.4, 2.2, 8.6]], dtype=torch.float64, requires_grad=True)
    W_p, v_p = (
        torch.randn(*shape, dtype=torch.float64, generator=make, requires_grad=True) for shape in ((3, 4), (3,))
    )
    assert gradcheck(lambda q, k, p: local_p(core.dot(q, k), p, reach=2), (query, keys, place))
    assert gradcheck(lambda *all: local_attend(*all, reach=2), (query, keys, values, place))
    assert gradcheck(lambda q, W, v: predicted_place(q, W, v, length=9), (query, W_p, v_p))
    window = local_m(core.dot(query, keys), place, reach=2)
    assert torch.autograd.grad(window.square().sum(), place, allow_unused=True) == (None,)


def test_gathered_window_is_the_masked_one() -> None:
    query, keys, values = (torch.randn(2, n, 4, dtype=torch.float64) for n in (3, 50, 50))
    for place in (50 * torch.rand(2, 3, dtype=torch.float64), torch.full((2, 3), 49.0, dtype=torch.float64)):
        masked = local_p(core.dot(query, keys), place, reach=4) @ values
        torch.testing.assert_close(local_attend(query, keys, values, place, reach=4), masked)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_kind_and_precision_are_kept(kind: Callable[[np.ndarray], Any], dtype: str) -> None:
    scores, uniform, place, rows = (
        kind(a.astype(dtype)) for a in (SCORES, DRAW.random((1, 6)), SCORES[:, 1], SCORES.T)
    )
    weights = core.softmax(scores)
    for result in (
        hardmax(scores),
        sample(weights, uniform[:, 0]),
        gumbel_softmax(scores, gumbel(uniform), temperature=0.5),
        straight_through(hardmax(scores), weights),
        reinforce(weights, hardmax(scores), uniform[:, 0]),
        local_p(scores, place, reach=2),
        local_attend(rows[:1], rows, rows, place, reach=2),
        predicted_place(scores, scores, place, length=9),
    ):
        assert type(result) is type(scores)
        assert str(result.dtype).endswith(dtype)


ONE = np.array([1.0])


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: hardmax(np.ones((2, 0))), ValueError, r"scores has shape \(2, 0\): there are no keys"),
        (lambda: hardmax(np.array([1.0, np.nan])), ValueError, "scores contain NaN: leave out a key"),
        (lambda: hardmax([1.0]), TypeError, "scores is a list, not an array"),
        (lambda: sample(SCORES, ONE), ValueError, "weights contain -1.7: a weight cannot be negative"),
        (lambda: sample(np.zeros(3), ONE / 2), ValueError, "weights have a row of zeros"),
        (lambda: sample(ONE, ONE), ValueError, "uniform must hold numbers from 0 up to, but not, 1"),
        (lambda: sample(ONE, -ONE), ValueError, "uniform must hold numbers"),
        (lambda: sample(np.full((3, 2), 0.5), np.zeros(2)), ValueError, r"weights have rows \(3,\) but uniform has"),
        (lambda: gumbel(np.array([1.5])), ValueError, "uniform must hold numbers"),
        (lambda: gumbel_softmax(SCORES, SCORES, temperature=0), ValueError, "temperature is 0; it must be a finite"),
        (lambda: gumbel_softmax(SCORES, SCORES[:, :2], temperature=1), ValueError, "scores have rows .* but noise has"),
        (lambda: gumbel_softmax(SCORES, SCORES / 0, temperature=1), ValueError, r"noise contain .* gumbel\(uniform\)"),
        (lambda: straight_through(SCORES, SCORES[0]), ValueError, "hard has shape .* they must be the same"),
        (lambda: reinforce(ONE, ONE, np.ones(2)), ValueError, "each draw needs exactly one loss"),
        (lambda: local_m(SCORES, ONE, reach=0), ValueError, "reach is 0; it must be a finite number above 0"),
        (lambda: local_p(SCORES, ONE, reach=np.inf), ValueError, "reach is inf"),
        (lambda: local_p(SCORES, ONE, reach=True), TypeError, "reach is True; it must be one number"),
        (lambda: local_p(SCORES, np.ones(2), reach=1), ValueError, r"place has shape \(2,\) .* one for each query"),
        (lambda: local_p(SCORES, ONE * np.nan, reach=1), ValueError, "place contain NaN"),
        (lambda: local_attend(SCORES, SCORES, SCORES[:, :0], ONE, reach=1), ValueError, "values has .* width 0"),
        (lambda: local_attend(SCORES, SCORES, SCORES.T, ONE, reach=1), ValueError, "each key needs exactly one value"),
        (lambda: local_attend(SCORES, SCORES.T, SCORES.T, ONE, reach=1), ValueError, "query has width 6 but keys"),
        (lambda: predicted_place(SCORES, SCORES, np.ones(2), length=3), ValueError, "v_p has shape .* hidden unit"),
    ],
)
def test_wrong_input_is_refused_in_words(call: Callable[[], Any], error: type[Exception], words: str) -> None:
    with np.errstate(all="ignore"), pytest.raises(error, match=words):
        call()
