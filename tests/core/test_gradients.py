"""Slopes against finite differences, and at the points where the plain formulas have none."""

from typing import Any

import numpy as np
import pytest
import torch
from tests.core.samples import NAMES, sample
from torch.autograd import gradcheck, gradgradcheck

from attnbook import core


def leaf(values: Any) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("name", NAMES)
def test_gradient_of_every_scorer(name: str) -> None:
    one = sample(name, queries=(2, 2), keys=(2, 3), widths=(3, 3))
    inputs = [leaf(array) for array in (one.query, one.keys, *one.parameters.values())]

    def scores(query: torch.Tensor, keys: torch.Tensor, *learned: torch.Tensor) -> torch.Tensor:
        return one.function(query, keys, **dict(zip(one.parameters, learned, strict=True)))

    assert gradcheck(scores, inputs)


@pytest.mark.parametrize("name", NAMES)
def test_gradient_with_numpy_alone(name: str) -> None:
    """The slope along one direction, by a central difference of NumPy's own values."""
    one = sample(name, seed=6)
    rng = np.random.default_rng(7)
    weights, direction, step = rng.normal(size=(3, 5)), rng.normal(size=one.query.shape), 1e-6
    ahead, behind = (
        np.sum(weights * one.function(one.query + sign * step * direction, one.keys, **one.parameters))
        for sign in (1, -1)
    )
    query = leaf(one.query)
    learned = {key: torch.from_numpy(W) for key, W in one.parameters.items()}
    total = (torch.from_numpy(weights) * one.function(query, torch.from_numpy(one.keys), **learned)).sum()
    slope = torch.autograd.grad(total, query, allow_unused=True)[0] if total.requires_grad else None
    measured = 0.0 if slope is None else float((slope * torch.from_numpy(direction)).sum())
    assert measured == pytest.approx((ahead - behind) / (2 * step), abs=1e-6)


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


def test_distance_has_slope_zero_where_query_and_key_coincide() -> None:
    query, keys = leaf([[1.0, 2.0]]), leaf([[1.0, 2.0], [4.0, 6.0]])
    scores = core.negative_distance(query, keys)
    assert scores[0, 0] == 0
    at_query, at_keys = torch.autograd.grad(scores.sum(), (query, keys))
    torch.testing.assert_close(at_query, torch.tensor([[0.6, 0.8]], dtype=torch.float64))  # the far key alone pulls
    torch.testing.assert_close(at_keys, torch.tensor([[0.0, 0.0], [-0.6, -0.8]], dtype=torch.float64))


def test_summed_distance_is_smooth_although_each_key_meets_itself() -> None:
    keys = leaf([[0.0, 0.0], [3.0, 4.0], [3.0, 4.0]])  # two keys in one place
    (slope,) = torch.autograd.grad(core.summed_distance(keys.detach()[:1], keys).sum(), keys)
    assert bool(torch.isfinite(slope).all())
    assert bool((slope[0] != 0).any())


def test_cosine_has_a_finite_slope_at_the_zero_vector() -> None:
    query, keys = leaf([[0.0, 0.0], [1.0, 0.0]]), leaf([[0.0, 0.0], [3.0, 4.0]])
    scores = core.cosine(query, keys)
    assert scores.tolist() == [[0.0, 0.0], [0.0, 0.6]]
    for slope in torch.autograd.grad(scores.sum(), (query, keys)):
        assert bool(torch.isfinite(slope).all())


def test_scores_far_apart_have_finite_slopes() -> None:
    scores = leaf([1e4, -1e4, 0.0])
    (slope,) = torch.autograd.grad(core.softmax(scores)[0], scores)
    assert slope.tolist() == [0.0, 0.0, 0.0]


def test_location_and_summed_distance_pass_no_slope_to_what_they_do_not_read() -> None:
    query, keys, W = leaf(np.ones((1, 3))), leaf(np.ones((2, 3))), leaf(np.ones((2, 3)))
    assert torch.autograd.grad(core.location(query, keys, W).sum(), keys, allow_unused=True) == (None,)
    assert torch.autograd.grad(core.summed_distance(query, keys).sum(), query, allow_unused=True) == (None,)
