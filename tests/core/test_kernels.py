"""Kernels against scikit-learn's, and the facts that their table states."""

import numpy as np
import pytest
import scipy.integrate
from sklearn.neighbors import KernelDensity

from attnbook.core.kernels import KERNELS


@pytest.mark.parametrize(
    ("name", "theirs"),
    [("gaussian", "gaussian"), ("boxcar", "tophat"), ("triangular", "linear"), ("epanechnikov", "epanechnikov")],
)
def test_scikit_learn_has_the_same_kernels(name: str, theirs: str) -> None:
    u = np.linspace(-0.99, 0.99, 67)
    peer = KernelDensity(kernel=theirs, bandwidth=1.0).fit([[0.0]])
    np.testing.assert_allclose(KERNELS[name].function(u), np.exp(peer.score_samples(u[:, None])), atol=1e-12)


@pytest.mark.parametrize("name", KERNELS)
def test_area_reach_and_spread_are_as_they_say(name: str) -> None:
    kernel = KERNELS[name]
    ends = (-min(kernel.reach, 12.0), min(kernel.reach, 12.0))
    height = lambda u: float(kernel.function(np.array(u)))  # noqa: E731
    options = {"points": [0.0], "epsabs": 1e-11}
    assert abs(scipy.integrate.quad(height, *ends, **options)[0] - 1) < 1e-9
    square = scipy.integrate.quad(lambda u: u * u * height(u), *ends, **options)[0]
    assert abs(square - kernel.spread**2) < 1e-9
    if np.isfinite(kernel.reach):
        assert height(kernel.reach + 1e-9) == 0 < height(kernel.reach - 1e-3)
