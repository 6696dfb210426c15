"""The learned kernel regression: that of core with a w for each set, trainable, and words for wrong input."""

import math

import numpy as np
import pytest
import torch

from attnbook.core.nadaraya_watson import nadaraya_watson
from attnbook.data.sine import sine
from attnbook.nn.nadaraya_watson import KernelRegression
from attnbook.nn.training import train


def test_each_set_is_answered_with_its_own_w() -> None:
    torch.manual_seed(0)
    model = KernelRegression(sets=3).double()
    with torch.no_grad():
        model.log_w.copy_(torch.tensor([0.5, 2.0, 7.0]).log())
    query, keys, values = torch.rand(3, 4, 2).double(), torch.rand(3, 6, 2).double(), torch.rand(3, 6, 5).double()
    mask = torch.rand(3, 4, 6) < 0.7
    for may in (None, mask):
        output, weights = model(query, keys, values, mask=may)
        for i, w in enumerate((0.5, 2.0, 7.0)):
            one = None if may is None else may[i]
            expected = nadaraya_watson(query[i], keys[i], values[i], bandwidth=1 / w, mask=one)
            torch.testing.assert_close(output[i], expected[0])
            torch.testing.assert_close(weights[i], expected[1])


def test_it_starts_where_it_is_told() -> None:
    torch.testing.assert_close(KernelRegression(2, start=4.0).w, torch.full((2,), 4.0))
    assert repr(KernelRegression(2)) == "KernelRegression(sets=2)"
    assert [tuple(one.shape) for one in KernelRegression(5).parameters()] == [(5,)]


def test_training_finds_the_w_that_leave_one_out_finds() -> None:
    keys, values = (torch.tensor(some, dtype=torch.float32)[None] for some in sine(seed=0))
    others = ~torch.eye(50, dtype=torch.bool)

    def loss(model: KernelRegression) -> torch.Tensor:
        return (model(keys, keys, values, mask=others)[0] - values).square().mean()

    (model,), _ = train(KernelRegression, loss, seeds=[0], steps=150, rate=0.1)
    tried = np.geomspace(1, 20, 200)
    points = keys[0].double(), values[0].double()
    errors = [
        float((nadaraya_watson(points[0], *points, bandwidth=1 / w, mask=others)[0] - points[1]).square().mean())
        for w in tried.tolist()
    ]
    assert abs(math.log(model.w.item() / tried[np.argmin(errors)])) < 0.05


def test_sets_and_a_start_that_must_be_sensible() -> None:
    for wrong in (0, 1.5, True):
        with pytest.raises(ValueError, match=r"sets is .*; it must be a whole number from 1 up"):
            KernelRegression(wrong)  # type: ignore[arg-type]
    for wrong in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match=r"start is .*; it must be a finite number above 0"):
            KernelRegression(start=wrong)


def test_queries_that_must_fit_the_sets() -> None:
    with pytest.raises(ValueError, match=r"query has shape \(4, 1\) but there is a w for each of 2 sets"):
        KernelRegression(2)(torch.ones(4, 1), torch.ones(2, 3, 1), torch.ones(2, 3, 1))
    with pytest.raises(ValueError, match=r"it must have shape \(2, queries, width\)"):
        KernelRegression(2)(torch.ones(3, 4, 1), torch.ones(3, 3, 1), torch.ones(3, 3, 1))
