"""SimAM against a search and the published formula, at the edges where that breaks, and words for wrong input."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from tests.core.machinery import leaf, numbers, ones
from torch.autograd import gradcheck

from attnbook.core.simam import energy, importance, minimal_energy, separating_line, shared_energy, simam

LOWEST = float(torch.sigmoid(torch.tensor(0.5, dtype=torch.float64)))
OF_MAPS: dict[str, Callable[..., Any]] = {
    "energy": lambda maps, **options: energy(maps, 0 * maps + 0.5, 0 * maps - 1, **options),
    "separating_line": lambda maps, **options: separating_line(maps, **options)[0],
    "minimal_energy": minimal_energy,
    "shared_energy": shared_energy,
    "simam": lambda maps, **options: simam(maps, **options)[0],
}
each = pytest.mark.parametrize("name", OF_MAPS)


def published(x: torch.Tensor, penalty: float) -> torch.Tensor:
    """The formula of the paper and of its program, as it is."""
    squared = (x - x.mean(dim=(2, 3), keepdim=True)) ** 2
    variance = squared.sum(dim=(2, 3), keepdim=True) / (x.shape[2] * x.shape[3] - 1)
    return x * torch.sigmoid(squared / (4 * (variance + penalty)) + 0.5)


@pytest.mark.parametrize("penalty", [0.0, 1e-4, 0.1, 10])
def test_a_search_finds_no_lower_energy_and_the_same_line(penalty: float) -> None:
    maps = np.random.default_rng(1).normal(size=(3, 4))
    weight, bias = separating_line(maps, penalty=penalty)
    least = minimal_energy(maps, penalty=penalty)
    for place in range(maps.size):
        t, others = maps.flat[place], np.delete(maps.ravel(), place)

        def missed(line: np.ndarray, t: float = t, others: np.ndarray = others) -> float:
            w, b = line
            return float(np.mean((w * others + b + 1) ** 2) + (w * t + b - 1) ** 2 + penalty * w**2)

        found = minimize(missed, (0.0, 0.0), tol=1e-13)
        assert found.fun == pytest.approx(least.flat[place], abs=1e-10)
        np.testing.assert_allclose(found.x, (weight.flat[place], bias.flat[place]), atol=1e-5)


@pytest.mark.parametrize("shape", [(1, 1, 2, 2), (2, 3, 7, 5), (4, 4, 4, 4), (2, 1, 1, 9)])
@pytest.mark.parametrize("penalty", [1e-4, 0.1])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_simam_is_the_published_formula(shape: tuple[int, ...], penalty: float, dtype: torch.dtype) -> None:
    x = torch.from_numpy(np.random.default_rng(2).normal(size=shape)).to(dtype)
    output, gates = simam(x, penalty=penalty)
    torch.testing.assert_close(output, published(x, penalty))
    torch.testing.assert_close(output, gates * x)


@given(numbers(2, 3, 3), st.floats(0, 10))
def test_gates_and_energies_stay_within_their_limits(maps: np.ndarray, penalty: float) -> None:
    gates, least, shared = simam(maps, penalty=penalty)[1], *(f(maps, penalty=penalty) for f in OF_ENERGY)
    assert gates.min() >= LOWEST - 1e-12
    assert gates.max() <= 1
    assert least.min() >= 0
    assert shared.max() <= 2 + 1e-12
    assert (least <= shared * (1 + 1e-9) + 1e-12).all(), "the shared form never finds more"
    assert (importance(shared) <= 64 / 36 + 0.5 + 1e-9).all(), "at most (n − 1)² / 4n + ½"


OF_ENERGY = (minimal_energy, shared_energy)


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("penalty", [0.0, 1e-4])
def test_edges_have_an_answer(kind: Callable[..., Any], dtype: str, penalty: float) -> None:
    rng = np.random.default_rng(5)
    for alike in (np.full((2, 1, 1), 3.0), np.full((2, 3), 0.1), np.full((7, 7), -1e4)):
        _, gates = simam(kind(alike.astype(dtype)), penalty=penalty)
        np.testing.assert_allclose(np.asarray(gates, dtype=float), LOWEST, rtol=1e-3)
    for size in (1e-3, 5.0, 9e3):
        maps = size * rng.normal(size=(56, 56))
        gates = np.asarray(simam(kind(maps.astype(dtype)), penalty=penalty)[1])
        assert gates.dtype == dtype
        np.testing.assert_allclose(gates.astype(float), simam(maps, penalty=penalty)[1], atol=2e-3)


@pytest.mark.parametrize("size", [1e-160, 1e160])
def test_squares_neither_vanish_nor_overflow(size: float) -> None:
    maps = np.random.default_rng(6).normal(size=(4, 4))
    for function in OF_ENERGY:
        np.testing.assert_allclose(function(size * maps, penalty=0.0), function(maps, penalty=0.0), rtol=1e-9)


@each
@pytest.mark.parametrize("penalty", [1e-4, 0.5])
def test_slopes_are_right(name: str, penalty: float) -> None:
    maps = leaf(np.random.default_rng(7).normal(size=(2, 3, 2)))
    assert gradcheck(lambda x: OF_MAPS[name](x, penalty=penalty), maps)


def test_slopes_where_nothing_differs_are_finite() -> None:
    for penalty in (0.0, 1e-4):
        for shape in ((1, 1), (3, 3)):
            maps = torch.full(shape, 0.5, requires_grad=True)
            simam(maps, penalty=penalty)[0].sum().backward()
            assert bool(torch.isfinite(maps.grad).all())  # type: ignore[union-attr]


@each
def test_maps_that_must_fit(name: str) -> None:
    with pytest.raises(ValueError, match=r"maps has shape \(3,\) but must have shape \(…, y, x\)"):
        OF_MAPS[name](ones(3))
    with pytest.raises(ValueError, match=r"maps has shape \(2, 0\): there is no place in it"):
        OF_MAPS[name](ones(2, 0))
    with pytest.raises(ValueError, match="maps contain NaN"):
        OF_MAPS[name](np.full((2, 2), np.nan))
    with pytest.raises(ValueError, match=r"maps reach 1e\+308: .*; divide them by"):
        OF_MAPS[name](np.array([[1.0, 1e308]]))


@each
@pytest.mark.parametrize("wrong", [-0.1, float("inf"), float("nan"), "1", None, True])
def test_penalties_that_must_be_from_0_up(name: str, wrong: Any) -> None:
    with pytest.raises((ValueError, TypeError), match=r"penalty is .*; it must be .*number"):
        OF_MAPS[name](ones(2, 2), penalty=wrong)


def test_one_place_has_no_others_it_must_be_told() -> None:
    for function in (minimal_energy, separating_line):
        with pytest.raises(ValueError, match=r"a map of one place has no other neurons .* shared_energy and simam"):
            function(ones(2, 1, 1))


def test_lines_and_energies_that_must_fit() -> None:
    with pytest.raises(ValueError, match=r"weight has shape \(2, 2\) but maps have shape \(2, 3\).*np.full_like"):
        energy(ones(2, 3), ones(2, 2), ones(2, 3))
    with pytest.raises(ValueError, match="bias has shape"):
        energy(ones(2, 3), ones(2, 3), ones(3, 2))
    with pytest.raises(ValueError, match="energies must be numbers from 0 up"):
        importance(np.array([np.nan]))
