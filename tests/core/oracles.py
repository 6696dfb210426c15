"""What the formulas of the book must do, as checks that take an implementation.

The tests beside this file give them the shipped functions; `test_mutants.py` gives them faulty ones, which they
must reject, and right ones written in another way, which they must accept. Every expected number comes from loops
written after the formula in the book, from SciPy, or by hand: never from the package.
"""

import itertools
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


def quietly(function: Function, *inputs: Any, **options: Any) -> Any:
    """Call without NumPy's warnings (what they warn of is asserted) and assert that the arrays are left alone."""
    arrays = [value for value in [*inputs, *options.values()] if isinstance(value, np.ndarray)]
    before = [array.copy() for array in arrays]
    with np.errstate(all="ignore"):
        result = function(*inputs, **options)
    for array, copy in zip(arrays, before, strict=True):
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


def check_entropy(function: Function) -> None:
    rng = np.random.default_rng(23)
    for shape in [(6,), (3, 4), (4, 4), (2, 3, 5), (3, 1)]:
        weights = scipy.special.softmax(3 * rng.normal(size=shape), axis=-1)
        bits = quietly(function, weights)
        assert np.shape(bits) == shape[:-1], f"entropy has shape {np.shape(bits)}, expected {shape[:-1]}"
        for row in np.ndindex(*shape[:-1]):
            # By the definition of a bit: the mean of how often a key's share must be doubled to make the whole.
            close(np.asarray(bits)[row], math.fsum(float(w) * math.log2(1 / w) for w in weights[row]))
    for count in (1, 2, 8, 1024):
        close(quietly(function, np.full((1, count), 1 / count)), [math.log2(count)], what=f"{count} equal weights")
    some = np.array([[0.0, 0.25, 0.75, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    bits = quietly(function, some)
    close(bits, [2 - 0.75 * math.log2(3), 0.0, 0.0], what="keys without a weight, and a row that attends to nothing")
    assert not np.signbit(bits).any(), "no uncertainty prints as −0"
    least = np.array([5e-324, 1.0])
    close(quietly(function, least), 0.0, what="the smallest positive weight")


def check_alignment_error_rate(function: Function) -> None:
    rng = np.random.default_rng(24)
    for shape in [(2, 3), (4, 4), (3, 5, 4), (2, 2, 3, 6)]:
        for _ in range(4):
            links, sure = rng.random(shape) < 0.4, rng.random(shape) < 0.3
            possible = sure | (rng.random(shape) < 0.3)
            links.flat[0] = True
            drawn, must, may = (set(map(tuple, np.argwhere(table))) for table in (links, sure, possible))
            hits = len(drawn & must) + len(drawn & may)
            close(quietly(function, links, sure, possible), 1 - hits / (len(drawn) + len(must)))
            close(quietly(function, links, sure), 1 - 2 * len(drawn & must) / (len(drawn) + len(must)), what="all sure")
    one, none = np.eye(3, dtype=bool), np.zeros((3, 3), dtype=bool)
    close(function(one, one), 0.0, what="agreement")
    close(function(one[::-1] & ~one, one & (np.arange(3) != 1)), 1.0, what="not one link in common")
    close(function(none, one), 1.0, what="nothing drawn")
    close(function(one, none, one), 0.0, what="drawn as possible, nothing sure")


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


# --- pictures and maps ------------------------------------------------------------------------------------------------


def nearness(places: int, sigma: float) -> np.ndarray:
    """Row i: how much each place counts in a blur at place i."""
    rows = [[math.exp(-((i - m) ** 2) / (2 * sigma**2)) for m in range(places)] for i in range(places)]
    return np.array([[weight / math.fsum(row) for weight in row] for row in rows])


def blurred(maps: np.ndarray, sigma: float) -> np.ndarray:
    rows, columns = nearness(maps.shape[-2], sigma), nearness(maps.shape[-1], sigma)
    return np.einsum("im,jn,...mn->...ij", rows, columns, maps)


def colours_of(r: float, g: float, b: float) -> list[float]:
    kinds = (r - max(g, b), g - max(r, b), b - max(r, g), min(r, g) - b)
    return [max(0.0, kind) for kind in kinds]


def colour_maps_by_loops(image: np.ndarray) -> np.ndarray:
    flat = [colours_of(*pixel) for pixel in image.reshape(-1, 3).tolist()]
    return np.moveaxis(np.array(flat).reshape(*image.shape[:-1], 4), -1, -3)


def shape_maps_by_complex_numbers(image: np.ndarray, fine: float, pool: float) -> np.ndarray:
    """For one picture: an edge is a complex number of twice its angle, of which the powers are taken."""
    rows, columns = image.shape[:2]
    smooth = [blurred(image[..., c], fine) for c in range(3)]
    z = np.zeros((rows, columns), dtype=complex)
    for i in range(rows):
        for j in range(columns):
            for s in smooth:
                across = s[i, min(j + 1, columns - 1)] - s[i, max(j - 1, 0)]
                down = s[min(i + 1, rows - 1), j] - s[max(i - 1, 0), j]
                z[i, j] += complex(across / 2, down / 2) ** 2
    strength, turn = np.abs(z), np.exp(1j * np.angle(z))  # an edge that is not there has strength 0
    edge = blurred(strength, pool)
    line = np.abs(blurred(z.real, pool) + 1j * blurred(z.imag, pool))
    q, t = blurred((strength * turn**2).real, pool), -blurred((strength * turn**3).real, pool)
    kinds = np.stack([edge - line - abs(q) - abs(t), q - line - abs(t), t - line - abs(q)])
    return np.maximum(kinds, 0) / (edge + 0.005)


def saliency_by_loops(image: np.ndarray, centre: float, surround: float) -> np.ndarray:
    """For one picture."""
    maps = [image.sum(axis=-1) / 3, *colour_maps_by_loops(image)]
    total = np.zeros(image.shape[:2])
    for m in maps:
        contrast = blurred(m, centre) - blurred(m, surround)
        common = math.sqrt(math.fsum((contrast**2).ravel()) / contrast.size)
        total += (contrast / (0.05 + common)) ** 2
    return np.sqrt(total / total.max())


def pictures() -> list[np.ndarray]:
    """Small pictures with clear shapes, one of noise, and a batch of two that differ in strength."""
    rng = np.random.default_rng(30)
    i, j = np.mgrid[:18, :21]
    square = np.full((18, 21, 3), 0.6)
    square[4:13, 6:15] = (0.8, 0.1, 0.1)
    ball = np.full((18, 21, 3), 0.2)
    ball[np.hypot(i - 8, j - 11) < 6] = (0.1, 0.9, 0.3)
    triangle = np.full((18, 21, 3), 0.6)
    triangle[(i < 14) & (np.abs(j - 9) < (i - 2) / 1.73)] = (1.0, 0.4, 0.6)  # red rises where green falls
    noise = rng.random((11, 13, 3))
    return [square, ball, triangle, noise, np.stack([0.5 + 0.01 * noise, noise])]


def each(one: Function, image: np.ndarray) -> np.ndarray:
    """What `one` makes of each picture of a batch."""
    return one(image) if image.ndim == 3 else np.stack([one(picture) for picture in image])


def check_blur(function: Function) -> None:
    rng = np.random.default_rng(31)
    for shape in [(5, 7), (6, 6), (1, 4), (2, 6, 4), (2, 3, 4, 5)]:
        maps = rng.normal(size=shape)
        for sigma in (0.3, 1.0, 2.5, 40.0):
            smooth = quietly(function, maps, sigma)
            assert smooth.shape == shape
            close(smooth, blurred(maps, sigma), what=f"sigma {sigma}")
    close(quietly(function, np.full((4, 9), 0.7), 3.0), np.full((4, 9), 0.7), what="no rim around an even map")


def check_colour_maps(function: Function) -> None:
    for image in pictures():
        maps = quietly(function, image)
        assert maps.shape == (*image.shape[:-3], 4, *image.shape[-3:-1])
        close(maps, colour_maps_by_loops(image))
    close(quietly(function, np.array([[[1.0, 1.0, 0.2]]])).ravel(), [0, 0, 0, 0.8], what="yellow is not red")


def check_shape_maps(function: Function) -> None:
    for image in pictures():
        for fine, pool in ((1.0, 3.0), (0.7, 4.0)):
            expected = each(lambda one: shape_maps_by_complex_numbers(one, fine, pool), image)  # noqa: B023
            close(quietly(function, image, fine=fine, pool=pool), expected)
    square, ball, triangle = pictures()[:3]
    for kind, image, (i, j) in ((0, ball, (8, 11)), (1, square, (8, 10)), (2, triangle, (9, 9))):
        answer = quietly(function, image, fine=1.0, pool=4.0)[:, i, j]
        assert answer.argmax() == kind, f"shape {kind} looks like {answer}"
    close(quietly(function, np.full((6, 7, 3), 0.4)), np.zeros((3, 6, 7)), what="no edges, no shapes")


def check_saliency(function: Function) -> None:
    for image in pictures():
        for centre, surround in ((1.0, 4.0), (0.5, 9.0)):
            expected = each(lambda one: saliency_by_loops(one, centre, surround), image)  # noqa: B023
            close(quietly(function, image, centre=centre, surround=surround), expected)
    even = np.random.default_rng(32).random((2, 1, 1, 3)) * np.ones((2, 9, 8, 3))
    close(quietly(function, even), np.zeros((2, 9, 8)), what="in a picture of one colour nothing stands out")
    blue_things = np.full((60, 60, 3), 0.6)
    for i, j in ((5, 5), (5, 30), (30, 5), (30, 50), (50, 30), (50, 5)):
        blue_things[i : i + 6, j : j + 6] = (0.1, 0.1, 0.8)
    blue_things[24:30, 24:30] = (1.0, 1.0, 0.3)  # yellow is nearer to the ground's lightness than blue
    peak = np.unravel_index(int(quietly(function, blue_things).argmax()), (60, 60))
    assert all(24 <= place < 30 for place in peak), f"the one yellow thing is at 24…29, the peak is at {peak}"


def check_search(function: Function) -> None:
    rng = np.random.default_rng(33)
    for batch, features, rows, columns in (((), 3, 4, 5), ((), 1, 2, 2), ((2,), 4, 3, 2), ((2, 3), 2, 5, 4)):
        maps, query = rng.normal(size=(*batch, features, rows, columns)), rng.normal(size=(*batch, features))
        scores = quietly(function, maps, query)
        assert scores.shape == (*batch, rows, columns)
        for b in np.ndindex(*batch):
            for i in range(rows):
                for j in range(columns):
                    close(scores[(*b, i, j)], inner(query[b], maps[(*b, slice(None), i, j)]))
        one = rng.normal(size=features)
        again = quietly(function, maps, np.broadcast_to(one, query.shape))
        close(quietly(function, maps, one), again, what="one query for all pictures")


def check_priority(function: Function) -> None:
    rng = np.random.default_rng(34)

    def share(maps: np.ndarray, place: tuple[int, ...]) -> float:
        highest = max(maps[place[:-2]].ravel().tolist())
        return max(0.0, float(maps[place])) / highest if highest > 0 else 0.0

    for shape in [(3, 4), (2, 3, 4)]:
        up, down = rng.random(shape), 40 * rng.normal(size=shape)
        for top_down in (down, 0 * down, -np.abs(down)):
            for mix in (0.0, 0.25, 0.9, 1.0):
                mixed = quietly(function, up, top_down, mix=mix)
                expected = [(1 - mix) * share(up, at) + mix * share(top_down, at) for at in np.ndindex(*shape)]
                close(mixed, np.array(expected).reshape(shape), what=f"mix {mix}")


def check_fixations(function: Function) -> None:
    rng = np.random.default_rng(35)
    for (rows, columns), radius in itertools.product([(6, 9), (9, 6), (1, 5)], [0.7, 2.0, 30.0]):
        left = rng.random((rows, columns))
        path = quietly(function, left, 4, radius=radius)
        assert np.asarray(path).shape == (4, 2)
        assert str(path.dtype) == "int64"
        for y, x in path.tolist():
            assert left[y, x] == left.max(), f"({y}, {x}) is not the best place that is left"
            for i, j in np.ndindex(rows, columns):
                left[i, j] *= 1 - math.exp(-((i - y) ** 2 + (j - x) ** 2) / (2 * radius**2))
    ties = np.zeros((3, 4))
    ties[[0, 2, 1], [3, 0, 1]] = 1.0
    close(quietly(function, ties, 3, radius=0.1), [[0, 3], [1, 1], [2, 0]], what="the first in reading order")
    close(quietly(function, ties, 9, radius=0.1), [[0, 3], [1, 1], [2, 0]], what="nothing is left after three")
    assert quietly(function, np.zeros((2, 2)), 3, radius=1.0).shape == (0, 2)


def check_max_pool(function: Function) -> None:
    rng = np.random.default_rng(36)
    for shape, window in [((4, 6), 2), ((6, 6), 3), ((5, 5), 1), ((2, 4, 8), 4), ((2, 3, 6, 4), 2)]:
        maps = rng.normal(size=shape)
        pooled = quietly(function, maps, window)
        assert pooled.shape == (*shape[:-2], shape[-2] // window, shape[-1] // window)
        for place in np.ndindex(*pooled.shape):
            *b, i, j = place
            inside = [float(maps[(*b, window * i + m, window * j + n)]) for m in range(window) for n in range(window)]
            assert pooled[place] == max(inside)


def check_gate(function: Function) -> None:
    rng = np.random.default_rng(37)
    for shape in [(5,), (3, 4), (2, 3, 4)]:
        values, scores = rng.normal(size=shape), 3 * rng.normal(size=shape)
        close(quietly(function, values, scores), values * scipy.special.expit(scores))
        close(quietly(function, values, scores[..., :1]), values * scipy.special.expit(scores[..., :1]))
    far = np.array([-1e5, -800.0, -40.0, 0.0, 40.0, 800.0, 1e5])
    close(quietly(function, np.full(7, 8.0), far), [0, 0, 8 * math.exp(-40), 4, 8, 8, 8], what="far from 0")


def check_fading_memory(function: Function) -> None:
    rng = np.random.default_rng(38)
    for shape in [(1, 3), (6, 2), (4, 4), (2, 5, 3)]:
        items = rng.normal(size=shape)
        for decay in (0.0, 0.3, 0.9, 1.0):
            states = quietly(function, items, decay)
            assert states.shape == shape
            for b in np.ndindex(*shape[:-2]):
                for t in range(shape[-2]):
                    for d in range(shape[-1]):
                        kept = [decay**k * float(items[(*b, t - k, d)]) for k in range(t + 1)]
                        close(states[(*b, t, d)], math.fsum(kept), what=f"decay {decay}, step {t}")
