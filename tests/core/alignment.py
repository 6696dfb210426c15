"""Checks of softmax, attend, entropy and the alignment error rate, and faults they must notice: see machinery.py."""

import math

import numpy as np
import scipy.special
from tests.core.machinery import SHAPES, Function, close, quietly


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


# Right in plain NumPy, with one fault at a time to choose.


def softmax(
    scores: np.ndarray,
    *,
    temperature: float = 1.0,
    mask: np.ndarray | None = None,
    fault: str = "",
) -> np.ndarray:
    scores = scores.copy() if fault != "in place" else scores
    axis = -2 if fault == "axis" and scores.ndim > 1 else -1
    if fault == "temperature multiplied":
        temperature = 1 / temperature
    if mask is None:
        mask = np.array(True)
    if fault == "mask sign" and mask.ndim:
        mask = ~mask
    mask = np.broadcast_to(mask, scores.shape)
    if fault not in ("mask after softmax", "mask ignored"):
        scores[~mask] = -1e9 if fault == "mask by a large number" else -np.inf
    if fault != "no maximum":
        over = None if fault == "maximum of the whole array" else axis
        highest = scores.max(axis=over, keepdims=True)
        scores = scores - np.where(np.isfinite(highest), highest, 0)
    powers = np.exp(scores / temperature)
    total = powers.sum(axis=axis, keepdims=True)
    if fault == "an epsilon below":
        total = total + 1e-6
    weights = powers / (total if fault == "0 / 0" else np.where(total == 0, 1, total))
    return weights * mask if fault == "mask after softmax" else weights


def attend(
    scores: np.ndarray,
    values: np.ndarray,
    *,
    mask: np.ndarray | None = None,
    temperature: float = 1.0,
    fault: str = "",
) -> tuple[np.ndarray, np.ndarray]:
    weights = softmax(scores, mask=mask, temperature=1.0 if fault == "temperature dropped" else temperature)
    if fault == "weights not applied":
        return np.broadcast_to(values.mean(axis=-2, keepdims=True), (*weights.shape[:-1], values.shape[-1])), weights
    if fault == "scores applied":
        return scores @ values, weights
    if fault == "values transposed" and values.shape[-1] == values.shape[-2]:
        return weights @ values.swapaxes(-1, -2), weights
    if fault == "mask on the weights alone":
        return softmax(scores, temperature=temperature) @ values, weights
    if fault == "values in place":
        values *= weights.mean(axis=-2)[..., None]
    return weights @ values, weights


def entropy(weights: np.ndarray, *, fault: str = "") -> np.ndarray:
    logarithm = np.log if fault == "nats" else np.log10 if fault == "digits" else np.log2
    axis = 0 if fault == "axis" else -1
    if fault == "an epsilon inside":
        return -(weights * logarithm(weights + 1e-6)).sum(axis=axis)
    if fault == "0 · log 0":
        return 0.0 - (weights * logarithm(weights)).sum(axis=axis)
    terms = weights * logarithm(np.where(weights > 0, weights, 1))
    if fault == "minus zero":
        return -terms.sum(axis=axis)
    if fault == "mean":
        return 0.0 - terms.mean(axis=axis)
    if fault == "over log k" and weights.shape[-1] > 1:
        return 0.0 - terms.sum(axis=axis) / logarithm(weights.shape[-1])
    if fault == "whole array":
        return 0.0 - terms.sum()
    if fault == "sign":
        return terms.sum(axis=axis)
    return 0.0 - terms.sum(axis=axis)


def alignment_error_rate(
    links: np.ndarray, sure: np.ndarray, possible: np.ndarray | None = None, *, fault: str = ""
) -> float:
    if possible is None or fault == "possible ignored":
        possible = sure
    if fault == "sure ignored":
        sure = possible
    if fault == "one sentence after the other":
        rates = [
            1 - ((a & s).sum() + (a & p).sum()) / max((a.sum() + s.sum()), 1)
            for a, s, p in zip(links, sure, possible, strict=True)
        ]
        return float(np.mean(rates))
    hits = (links & sure).sum() + (links & possible).sum()
    both = {
        "over the possible": links.sum() + possible.sum(),
        "precision": 2 * links.sum(),
        "recall": 2 * sure.sum(),
        "squares counted": 2 * links.size,
    }.get(fault, links.sum() + sure.sum())
    return hits / both if fault == "agreement" else 1 - hits / max(both, 1)


def softmax_by_logarithm(scores: np.ndarray, *, temperature: float = 1.0, mask: np.ndarray | None = None) -> np.ndarray:
    allowed = np.broadcast_to(True if mask is None else mask, scores.shape)
    logits = np.where(allowed, scores, -np.inf) / temperature
    weights = np.exp(logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True))
    return np.where(allowed, weights, 0.0)


def entropy_over_what_is_there(weights: np.ndarray) -> np.ndarray:
    rows = weights.reshape(-1, weights.shape[-1])
    bits = [math.fsum(-w * math.log2(w) for w in row if w > 0) + 0.0 for row in rows.tolist()]
    return np.array(bits).reshape(weights.shape[:-1])


def softmax_row_by_row(scores: np.ndarray, *, temperature: float = 1.0, mask: np.ndarray | None = None) -> np.ndarray:
    weights = np.zeros_like(scores)
    allowed = np.broadcast_to(True if mask is None else mask, scores.shape)
    for row in np.ndindex(*scores.shape[:-1]):
        kept = np.flatnonzero(allowed[row])
        if kept.size:
            odds = [
                sum(math.exp(min((scores[row][j] - scores[row][i]) / temperature, 700)) for j in kept) for i in kept
            ]
            weights[row][kept] = 1 / np.array(odds)
    return weights


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "softmax": (softmax, ("axis", "mask sign", "mask after softmax", "mask ignored", "mask by a large number",
        "temperature multiplied", "no maximum", "maximum of the whole array", "0 / 0", "an epsilon below",
        "in place")),
    "attend": (attend, ("weights not applied", "scores applied", "values transposed",
        "mask on the weights alone", "temperature dropped", "values in place")),
    "entropy": (entropy, ("nats", "digits", "axis", "an epsilon inside", "0 · log 0", "minus zero", "mean",
        "over log k", "whole array", "sign")),
    "alignment_error_rate": (alignment_error_rate, ("possible ignored", "sure ignored",
        "one sentence after the other", "over the possible", "precision", "recall", "squares counted",
        "agreement")),
}  # fmt: skip

# Written in other ways, and right.
RIGHT: list[tuple[str, Function]] = [
    ("softmax", softmax_by_logarithm),
    ("softmax", softmax_row_by_row),
    ("entropy", entropy_over_what_is_there),
]
