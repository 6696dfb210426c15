"""Kernel regression against other libraries; gradients, limits, and words for wrong input."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics.pairwise import rbf_kernel
from statsmodels.nonparametric.kernel_regression import KernelReg
from tests.core.machinery import leaf, ones
from torch.autograd import gradcheck

from attnbook.core.kernels import KERNELS, gaussian
from attnbook.core.nadaraya_watson import gaussian_scores, leave_one_out, leave_one_out_error, nadaraya_watson
from attnbook.data.sine import grid, sine


@pytest.mark.parametrize("w", [0.3, 1.0, 4.2, 12.0])
def test_statsmodels_has_the_same_regression(w: float) -> None:
    keys, values = sine(seed=6)
    queries, _ = grid()
    peer = KernelReg(values[:, 0], keys[:, 0], var_type="c", reg_type="lc", bw=[1 / w], rng=0)
    expected, _ = peer.fit(queries[:, 0])
    output, _ = nadaraya_watson(queries, keys, values, bandwidth=1 / w)
    np.testing.assert_allclose(output[:, 0], expected, rtol=0, atol=1e-12)


def test_statsmodels_leaves_out_alike() -> None:
    keys, values = sine(seed=7)
    peer = KernelReg(values[:, 0], keys[:, 0], var_type="c", reg_type="lc", bw=[0.25], rng=0)
    expected = peer.cv_loo(np.array([0.25]), peer.est["lc"])
    assert abs(float(leave_one_out_error(keys, values, bandwidth=0.25)) - expected) < 1e-12


@pytest.mark.parametrize("width", [1, 5])
def test_scikit_learn_has_the_same_weights(width: int) -> None:
    rng = np.random.default_rng(8)
    query, keys = rng.normal(size=(7, width)), rng.normal(size=(9, width))
    rows = rbf_kernel(query, keys, gamma=3.0**2 / 2)
    _, weights = nadaraya_watson(query, keys, keys, bandwidth=1 / 3)
    np.testing.assert_allclose(weights, rows / rows.sum(axis=1, keepdims=True), atol=1e-13)


def test_the_limits_of_the_bandwidth() -> None:
    keys, values = sine(seed=9)
    for kernel in KERNELS:
        wide, _ = nadaraya_watson(keys, keys, values, kernel=kernel, bandwidth=1e6)
        np.testing.assert_allclose(wide, values.mean(), atol=1e-3)
        narrow, weights = nadaraya_watson(keys, keys, values, kernel=kernel, bandwidth=1e-7)
        np.testing.assert_allclose(narrow, values)
        np.testing.assert_allclose(weights, np.eye(50), atol=1e-9)


def test_gradients_reach_everything_that_may_be_learned() -> None:
    query, keys, values = leaf([[0.2], [1.4]]), leaf([[0.0], [1.0], [1.7]]), leaf([[1.0], [3.0], [2.0]])
    w = torch.tensor(1.3, dtype=torch.float64, requires_grad=True)
    assert gradcheck(gaussian_scores, (query, keys, w))
    for kernel in ("gaussian", "triangular", "epanechnikov"):
        assert gradcheck(lambda *some, k=kernel: nadaraya_watson(*some, kernel=k)[0], (query, keys, values))
        output, _ = nadaraya_watson(keys, keys, values, kernel=kernel, bandwidth=0.4)  # most are out of reach
        (slope,) = torch.autograd.grad(output.sum(), keys)
        assert bool(torch.isfinite(slope).all())


@pytest.mark.parametrize("kind", [np.asarray, torch.tensor])
def test_what_goes_in_comes_out(kind: Callable[..., Any]) -> None:
    points = kind([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])
    for kernel in KERNELS:
        results = *nadaraya_watson(points, points, points, kernel=kernel), *leave_one_out(points, points, kernel=kernel)
        assert all(type(result) is type(points) and result.dtype == points.dtype for result in results)
    assert type(gaussian(points)) is type(points)


def test_pairs_and_names_that_must_fit() -> None:
    with pytest.raises(ValueError, match="there are 3 keys but 2 values: each key needs exactly one value"):
        nadaraya_watson(ones(1, 2), ones(3, 2), ones(2, 2))
    with pytest.raises(ValueError, match="query has width 3 but keys have width 2"):
        nadaraya_watson(ones(1, 3), ones(3, 2), ones(3, 1))
    with pytest.raises(ValueError, match="query has width 3 but keys have width 2"):
        nadaraya_watson(ones(1, 3), ones(3, 2), ones(3, 1), kernel="boxcar")
    with pytest.raises(ValueError, match="kernel is 'gauss'; it must be one of gaussian, boxcar, triangular"):
        nadaraya_watson(ones(1, 2), ones(3, 2), ones(3, 1), kernel="gauss")
    with pytest.raises(TypeError, match="it must be a name: gaussian, boxcar"):
        nadaraya_watson(ones(1, 2), ones(3, 2), ones(3, 1), kernel=gaussian)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="there is 1 key: to leave one out"):
        leave_one_out(ones(1, 2), ones(1, 1))
    with pytest.raises(TypeError, match="u is a list, not an array"):
        gaussian([0.0])


@pytest.mark.parametrize("wrong", [0, -1.0, float("nan"), float("inf")])
def test_numbers_that_must_be_above_zero(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"bandwidth is .*; it must be a finite number above 0"):
        nadaraya_watson(ones(1, 2), ones(3, 2), ones(3, 1), bandwidth=wrong)
    with pytest.raises(ValueError, match=r"w is .*; it must be a finite number above 0"):
        gaussian_scores(ones(1, 2), ones(3, 2), wrong)


def test_a_learned_w_and_masks_that_must_fit() -> None:
    with pytest.raises(ValueError, match=r"w has shape \(2,\) but must have shape \(\): one number"):
        gaussian_scores(ones(1, 2), ones(3, 2), ones(2))
    for kernel in KERNELS:
        with pytest.raises(ValueError, match="mask has shape"):
            nadaraya_watson(ones(1, 2), ones(3, 2), ones(3, 1), kernel=kernel, mask=np.ones((2, 5), bool))
