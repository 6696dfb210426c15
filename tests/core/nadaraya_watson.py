"""Checks of kernel regression, and faults they must notice: see machinery.py."""

import math

import numpy as np
from tests.core.alignment import softmax
from tests.core.kernels import FORMULAS, boxcar, epanechnikov, triangular
from tests.core.machinery import SHAPES, Function, close, norm, quietly


def check_gaussian_scores(function: Function) -> None:
    rng = np.random.default_rng(121)
    for batch, m, n, width, _ in SHAPES:
        query, keys = rng.normal(size=(*batch, m, width)), rng.normal(size=(*batch, n, width))
        for more in ((), (1.0,), (3,), (0.4,), (np.array(2.5),)):
            scores = quietly(function, query, keys, *more)
            assert scores.shape == (*batch, m, n)
            for at in np.ndindex(*batch, m, n):
                far = norm(query[at[:-1]] - keys[(*at[:-2], at[-1])])
                close(scores[at], -((float(more[0] if more else 1) * far) ** 2) / 2)


def regressed(
    query: np.ndarray, keys: np.ndarray, values: np.ndarray, kernel: str, bandwidth: float, may: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The answer to one query, key by key."""
    heights = [
        FORMULAS[kernel](norm(query - key) / bandwidth) if ok else 0.0 for key, ok in zip(keys, may, strict=True)
    ]
    total = math.fsum(heights)
    weights = np.array([height / total if total else 0.0 for height in heights])
    return np.array([math.fsum(weights * column) for column in values.T]), weights


def check_nadaraya_watson(function: Function) -> None:
    rng = np.random.default_rng(122)
    for batch, m, n, width, value_width in SHAPES:
        query, keys = rng.normal(size=(*batch, m, width)), rng.normal(size=(*batch, n, width))
        values = rng.normal(size=(*batch, n, value_width))
        query[..., 0, :] = 12.0  # out of reach of all keys, if there is a reach
        for kernel in FORMULAS:
            for options in ({}, {"bandwidth": 2}, {"bandwidth": 1.3, "mask": rng.random((*batch, m, n)) < 0.7}):
                output, weights = quietly(function, query, keys, values, kernel=kernel, **options)
                assert (output.shape, weights.shape) == ((*batch, m, value_width), (*batch, m, n))
                for at in np.ndindex(*batch, m):
                    may = options["mask"][at] if "mask" in options else np.ones(n, bool)
                    pairs = query[at], keys[at[:-1]], values[at[:-1]]
                    expected = regressed(*pairs, kernel, options.get("bandwidth", 1.0), may)
                    close(weights[at], expected[1], what=kernel)
                    close(output[at], expected[0], what=kernel)
    points = np.array([[0.0], [1.0], [3.0]])
    close(quietly(function, points, points, points)[1], quietly(function, points, points, points, kernel="gaussian")[1])
    far = quietly(function, np.array([[100.0]]), points, points, bandwidth=0.1)[0]
    close(far, [[3.0]], what="far away the Gaussian reads the nearest key, though its height is no number any more")


def check_leave_one_out(function: Function) -> None:
    rng = np.random.default_rng(123)
    for batch, _, n, width, value_width in SHAPES:
        keys, values = rng.normal(size=(*batch, n, width)), rng.normal(size=(*batch, n, value_width))
        keys[..., -1, :] = 9.0
        for kernel in FORMULAS:
            output, weights = quietly(function, keys, values, kernel=kernel, bandwidth=1.7)
            assert (output.shape, weights.shape) == (values.shape, (*batch, n, n))
            for at in np.ndindex(*batch, n):
                may = np.arange(n) != at[-1]
                expected = regressed(keys[at], keys[at[:-1]], values[at[:-1]], kernel, 1.7, may)
                close(weights[at], expected[1], what=kernel)
                close(output[at], expected[0], what=kernel)


def check_leave_one_out_error(function: Function) -> None:
    rng = np.random.default_rng(124)
    for batch, _, n, width, value_width in SHAPES:
        keys, values = rng.normal(size=(*batch, n, width)), rng.normal(size=(*batch, n, value_width))
        for kernel in FORMULAS:
            error = quietly(function, keys, values, kernel=kernel, bandwidth=1.2)
            assert np.shape(error) == batch
            for b in np.ndindex(*batch):
                total = 0.0
                for i in range(n):
                    output, _ = regressed(keys[b][i], keys[b], values[b], kernel, 1.2, np.arange(n) != i)
                    total += math.fsum((output - values[b][i]) ** 2)
                close(np.asarray(error)[b], total / n, what=kernel)


# Right in plain NumPy, with one fault at a time to choose.


def gaussian_scores(query: np.ndarray, keys: np.ndarray, w: float = 1.0, *, fault: str = "") -> np.ndarray:
    square = ((query[..., :, None, :] - keys[..., None, :, :]) ** 2).sum(axis=-1)  # (q, k)
    if fault == "mean of squares":
        square = square / query.shape[-1]
    w = {"w dropped": 1.0, "bandwidth": 1 / np.asarray(w), "w not squared": np.sqrt(w)}.get(fault, w)
    faulty = {
        "half forgotten": -(w**2) * square,
        "not squared": -w * np.sqrt(square) / 2,
        "far first": w**2 * square / 2,
    }
    return faulty.get(fault, -(w**2) * square / 2)


def nadaraya_watson(query, keys, values, *, kernel="gaussian", bandwidth=1.0, mask=None, fault=""):  # type: ignore[no-untyped-def]
    apart = np.sqrt(((query[..., :, None, :] - keys[..., None, :, :]) ** 2).sum(axis=-1))
    u = {"w for bandwidth": apart * bandwidth, "bandwidth dropped": apart}.get(fault, apart / bandwidth)
    parabola = triangular if fault == "triangle" else epanechnikov
    may = np.ones(u.shape, bool) if mask is None or fault == "mask dropped" else mask
    if kernel == "gaussian":
        weights = softmax(-(u**2) / 2, mask=may) * (u < (30 if fault == "nothing far away" else np.inf))
    else:
        heights = {"boxcar": boxcar, "triangular": triangular, "epanechnikov": parabola}[kernel](u) * may
        total = heights.sum(axis=-1, keepdims=True)
        weights = heights / np.where(total > 0, total, 1)
        weights = {
            "not divided": heights,
            "divided by the number": heights / u.shape[-1],
            "softmax of heights": softmax(heights, mask=heights > 0),
            "equal where nothing is near": np.where(total > 0, weights, 1 / u.shape[-1]),
        }.get(fault, weights)
    if fault == "columns divided":  # the index below the line
        weights = weights / weights.sum(axis=-2, keepdims=True)
    return weights @ (values[..., ::-1, :] if fault == "values reversed" else values), weights


def leave_one_out(keys, values, *, fault="", **options):  # type: ignore[no-untyped-def]
    itself = np.eye(keys.shape[-2], dtype=bool)
    may = {"nobody left out": itself | True, "only itself": itself}.get(fault, ~itself)
    if fault == "not divided again":
        weights = nadaraya_watson(keys, keys, values, **options)[1] * may
        return weights @ values, weights
    return nadaraya_watson(keys, keys, values, mask=may, **options)


def leave_one_out_error(keys, values, *, fault="", **options):  # type: ignore[no-untyped-def]
    output, _ = leave_one_out(keys, values, fault=fault, **options)
    off = np.abs(output - values) if fault == "not squared" else (output - values) ** 2
    total = off.mean(axis=-1) if fault == "mean of the width" else off.sum(axis=-1)
    return {"sum": total.sum(axis=-1), "of all batches": total.mean()}.get(fault, total.mean(axis=-1))


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "gaussian_scores": (gaussian_scores, ("mean of squares", "w dropped", "bandwidth", "w not squared",
        "half forgotten", "not squared", "far first")),
    "nadaraya_watson": (nadaraya_watson, ("w for bandwidth", "bandwidth dropped", "triangle", "mask dropped",
        "nothing far away", "not divided", "softmax of heights", "equal where nothing is near", "divided by the number",
        "columns divided", "values reversed")),
    "leave_one_out": (leave_one_out, ("nobody left out", "only itself", "not divided again")),
    "leave_one_out_error": (leave_one_out_error, ("nobody left out", "not squared", "mean of the width", "sum",
        "of all batches")),
}  # fmt: skip
