"""What the formulas of Chapter 2 must do, as checks that take an implementation.

The tests of scoring and alignment give them the shipped functions; `test_mutants.py` gives them faulty ones, which
they must reject, and right ones written in another way, which they must accept. Every expected number comes from loops
written after the formula in the book, from SciPy, or by hand: never from the package.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special

Function = Callable[..., Any]

# (batch axes, queries, keys, query width, key width): all different, so that no axis can be taken for another.
SHAPES = [((), 1, 6, 2, 3), ((), 3, 4, 5, 2), ((2,), 3, 5, 4, 6), ((3, 2), 2, 4, 3, 5)]


def close(actual: Any, expected: Any, *, what: str = "") -> None:
    np.testing.assert_allclose(np.asarray(actual), np.asarray(expected), rtol=1e-9, atol=1e-12, err_msg=what)


def quietly(function: Function, *arrays: np.ndarray, **options: Any) -> Any:
    """Call without NumPy's warnings (what they warn of is asserted) and assert that the arrays are left alone."""
    arrays_named = {name: value for name, value in options.items() if isinstance(value, np.ndarray)}
    before = [array.copy() for array in arrays] + [array.copy() for array in arrays_named.values()]
    with np.errstate(all="ignore"):
        result = function(*arrays, **options)
    for array, copy in zip([*arrays, *arrays_named.values()], before, strict=True):
        np.testing.assert_array_equal(array, copy, err_msg="an input was changed in place")
    return result


def score_by_loops(one: Function, query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """`one(q, K, i)` scores key i of the rows K for the vector q; everything else is loops."""
    batch = query.shape[:-2]
    scores = np.empty((*batch, query.shape[-2], keys.shape[-2]))
    for b in np.ndindex(*batch):
        for m in range(query.shape[-2]):
            for i in range(keys.shape[-2]):
                scores[(*b, m, i)] = one(query[b][m], keys[b], i)
    return scores


def inner(x: np.ndarray, y: np.ndarray) -> float:
    return math.fsum(float(a) * float(b) for a, b in zip(x, y, strict=True))


def norm(x: np.ndarray) -> float:
    return math.sqrt(inner(x, x))


def times(W: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.array([inner(row, x) for row in W])


def check_scorer(function: Function, one: Function, *, same_width: bool, parameters: Function | None = None) -> None:
    """Compare `function` with its formula on every shape; `parameters(rng, dq, dk, k)` draws what is learned."""
    rng = np.random.default_rng(20)
    for batch, m, n, query_width, key_width in SHAPES:
        key_width = query_width if same_width else key_width
        query, keys = rng.normal(size=(*batch, m, query_width)), rng.normal(size=(*batch, n, key_width))
        learned = parameters(rng, query_width, key_width, n) if parameters else {}
        scores = quietly(function, query, keys, **learned)
        assert scores.shape == (*batch, m, n), f"scores have shape {scores.shape}, expected {(*batch, m, n)}"
        close(scores, score_by_loops(lambda q, K, i: one(q, K, i, **learned), query, keys))  # noqa: B023


def check_dot(function: Function) -> None:
    check_scorer(function, lambda q, K, i: inner(q, K[i]), same_width=True)


def check_scaled_dot(function: Function) -> None:
    check_scorer(function, lambda q, K, i: inner(q, K[i]) / math.sqrt(len(q)), same_width=True)
    close(function(np.ones((1, 64)), np.ones((1, 64))), [[8.0]], what="64 ones: 64 / √64")


def check_cosine(function: Function) -> None:
    check_scorer(function, lambda q, K, i: inner(q, K[i]) / (norm(q) * norm(K[i])), same_width=True)
    some, none = np.array([[3.0, -4.0]]), np.zeros((1, 2))
    close(quietly(function, some, none), [[0.0]], what="a zero key")
    close(quietly(function, none, some), [[0.0]], what="a zero query")
    close(quietly(function, none, none), [[0.0]], what="both zero")
    for size in (1e-200, 1e200):
        close(quietly(function, size * some, some), [[1.0]], what=f"a query of length {5 * size}")
        close(quietly(function, some, -size * some), [[-1.0]], what=f"a key of length {5 * size}")


def check_negative_distance(function: Function) -> None:
    check_scorer(function, lambda q, K, i: -norm(q - K[i]), same_width=True)
    here = np.array([[0.3, -1.1, 7.0]])
    close(quietly(function, here, here), [[0.0]], what="no distance")
    near = here + np.array([[1e-9, 0.0, 0.0]])  # the expanded square loses this in rounding
    np.testing.assert_allclose(quietly(function, here, near), [[-1e-9]], rtol=1e-6)
    for size in (1e-200, 1e200):
        triangle = np.array([[3.0, 4.0]]) * size
        np.testing.assert_allclose(quietly(function, triangle, 0 * triangle), [[-5.0 * size]], rtol=1e-12)


def check_summed_distance(function: Function) -> None:
    check_scorer(function, lambda q, K, i: -math.fsum(norm(K[i] - other) for other in K), same_width=False)
    keys = np.array([[0.0], [1.0], [5.0]])
    close(quietly(function, np.ones((2, 4)), keys), [[-6.0, -5.0, -9.0]] * 2, what="three keys on a line")


def check_location(function: Function) -> None:
    def one(q: np.ndarray, K: np.ndarray, i: int, W: np.ndarray) -> float:
        return inner(W[i], q)

    for spare in (0, 3):
        check_scorer(
            function,
            one,
            same_width=False,
            parameters=lambda rng, dq, dk, n, spare=spare: {"W": rng.normal(size=(n + spare, dq))},
        )


def check_bilinear(function: Function) -> None:
    def one(q: np.ndarray, K: np.ndarray, i: int, W: np.ndarray) -> float:
        return inner(q, times(W, K[i]))

    for same_width in (True, False):  # with equal widths a transposed W fits, and must be noticed all the same
        check_scorer(
            function,
            one,
            same_width=same_width,
            parameters=lambda rng, dq, dk, n: {"W": rng.normal(size=(dq, dk))},
        )


def check_low_rank_bilinear(function: Function) -> None:
    def one(q: np.ndarray, K: np.ndarray, i: int, W_q: np.ndarray, W_k: np.ndarray) -> float:
        return inner(times(W_q, q), times(W_k, K[i]))

    def draw(rng: np.random.Generator, dq: int, dk: int, n: int) -> dict[str, np.ndarray]:
        return {"W_q": rng.normal(size=(dq, dq)), "W_k": rng.normal(size=(dq, dk))}

    for same_width in (True, False):
        check_scorer(function, one, same_width=same_width, parameters=draw)


def check_additive(function: Function) -> None:
    def one(
        q: np.ndarray,
        K: np.ndarray,
        i: int,
        W_q: np.ndarray,
        W_k: np.ndarray,
        v: np.ndarray,
        bias: np.ndarray | None = None,
    ) -> float:
        hidden = times(W_q, q) + times(W_k, K[i]) + (0 if bias is None else bias)
        return inner(v, np.array([math.tanh(unit) for unit in hidden]))

    def draw(rng: np.random.Generator, dq: int, dk: int, n: int) -> dict[str, np.ndarray]:
        return {"W_q": rng.normal(size=(dq, dq)), "W_k": rng.normal(size=(dq, dk)), "v": rng.normal(size=dq)}

    def draw_with_bias(rng: np.random.Generator, dq: int, dk: int, n: int) -> dict[str, np.ndarray]:
        return {**draw(rng, dq, dk, n), "bias": rng.normal(size=dq)}

    for same_width in (True, False):
        check_scorer(function, one, same_width=same_width, parameters=draw)
        check_scorer(function, one, same_width=same_width, parameters=draw_with_bias)


def check_softmax(function: Function) -> None:
    rng = np.random.default_rng(21)
    for shape in [(5,), (3, 4), (4, 4), (2, 3, 5)]:
        scores = 3 * rng.normal(size=shape)
        weights = quietly(function, scores)
        assert weights.shape == shape
        close(weights, scipy.special.softmax(scores, axis=-1))
        close(weights.sum(axis=-1), np.ones(shape[:-1]), what="weights of a row sum to one")
        for temperature in (0.1, 0.5, 2.0, 30.0):
            expected = scipy.special.softmax(scores / temperature, axis=-1)
            close(quietly(function, scores, temperature=temperature), expected, what=f"temperature {temperature}")

        mask = rng.random(shape) < 0.6
        mask[..., 0] = True
        masked = quietly(function, scores, mask=mask, temperature=2.0)
        for row in np.ndindex(*shape[:-1]):
            kept = mask[row]
            assert (masked[row][~kept] == 0).all(), "a forbidden key has a weight"
            close(masked[row][kept], scipy.special.softmax(scores[row][kept] / 2.0), what="as if only these were there")

    far = np.array([[-1000.0, 0.0, 1000.0], [1000.0, 1000.0, -1000.0], [-2000.0, -2000.0, -2000.0]])
    close(quietly(function, far), [[0, 0, 1], [0.5, 0.5, 0], [1 / 3] * 3], what="scores far from zero")
    # A forbidden key that would win must not decide where zero is: the allowed ones would all vanish.
    outside = quietly(function, np.array([1.0, 1.0, 5000.0]), mask=np.array([True, True, False]))
    close(outside, [0.5, 0.5, 0.0], what="a forbidden key with an enormous score")

    nothing = np.array([[True, False], [False, False]])
    close(quietly(function, np.array([[1.0, 2.0], [3.0, 4.0]]), mask=nothing), [[1, 0], [0, 0]], what="nothing allowed")
    unread = quietly(function, np.array([1.0, math.nan, math.inf]), mask=np.array([True, False, False]))
    close(unread, [1.0, 0.0, 0.0], what="forbidden scores are never read")
    for mask in (np.array([True, False, True]), np.array([[True], [False]]), np.array([True]), np.array(True)):
        full = np.broadcast_to(mask, (2, 3)).copy()
        scores = rng.normal(size=(2, 3))
        close(quietly(function, scores, mask=mask), quietly(function, scores, mask=full), what="a mask broadcasts")


def check_attend(function: Function) -> None:
    rng = np.random.default_rng(22)
    for batch, m, n, _, width in SHAPES:
        for value_width in (width, n):  # (k, k) values: transposing them fits, and must be noticed all the same
            scores, values = rng.normal(size=(*batch, m, n)), rng.normal(size=(*batch, n, value_width))
            mask = rng.random((*batch, m, n)) < 0.7
            mask[..., 0, :] = False
            for allowed, temperature in ((None, 1.0), (mask, 1.0), (mask, 0.5), (None, 3.0)):
                output, weights = quietly(function, scores, values, mask=allowed, temperature=temperature)
                assert weights.shape == (*batch, m, n)
                assert output.shape == (*batch, m, value_width)
                for b in np.ndindex(*batch):
                    for row in range(m):
                        kept = np.ones(n, bool) if allowed is None else allowed[b][row]
                        expected = np.zeros(n)
                        if kept.any():
                            expected[kept] = scipy.special.softmax(scores[b][row][kept] / temperature)
                        close(weights[b][row], expected, what="weights")
                        mean = sum((expected[i] * values[b][i] for i in range(n)), start=np.zeros(value_width))
                        close(output[b][row], mean, what="output")
