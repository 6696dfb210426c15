"""Checks of heads, levels and pointers, and faults they must notice: see machinery.py."""

import math
from collections.abc import Callable

import numpy as np
import scipy.special
from tests.core.machinery import SHAPES, Function, close, inner, quietly

SIZES = [((), 3, 2, 5), ((2,), 4, 3, 4), ((2, 3), 1, 4, 2), ((), 2, 1, 3), ((), 4, 2, 2)]  # batch, rows, heads, width


def check_split_heads(function: Function) -> None:
    rng = np.random.default_rng(61)
    for batch, n, heads, width in SIZES:
        x = rng.normal(size=(*batch, n, heads * width))
        parts = quietly(function, x, heads)
        assert parts.shape == (*batch, heads, n, width)
        for b in np.ndindex(*batch):
            for h in range(heads):
                for i in range(n):
                    close(parts[b][h][i], x[b][i][h * width : (h + 1) * width], what="a head has its own columns")


def check_merge_heads(function: Function) -> None:
    rng = np.random.default_rng(62)
    for batch, n, heads, width in SIZES:
        x = rng.normal(size=(*batch, heads, n, width))
        merged = quietly(function, x)
        assert merged.shape == (*batch, n, heads * width)
        for b in np.ndindex(*batch):
            for i in range(n):
                close(merged[b][i], [number for h in range(heads) for number in x[b][h][i]])


def check_multi_head(function: Function) -> None:
    rng = np.random.default_rng(63)
    for batch, m, n, width, value_width in SHAPES:
        for heads in (1, 2, 3):
            q, k = rng.normal(size=(*batch, m, heads * width)), 2 * rng.normal(size=(*batch, n, heads * width))
            v = rng.normal(size=(*batch, n, heads * value_width))
            mask = rng.random((*batch, m, n)) < 0.7
            mask[..., 0] = True
            for allowed in (None, mask):
                output, weights = quietly(function, q, k, v, heads=heads, mask=allowed)
                assert weights.shape == (*batch, heads, m, n)
                assert output.shape == (*batch, m, heads * value_width)
                for b in np.ndindex(*batch):
                    for h in range(heads):
                        own, read = (slice(h * size, (h + 1) * size) for size in (width, value_width))
                        for i in range(m):
                            scores = np.array([inner(q[b][i][own], row[own]) / math.sqrt(width) for row in k[b]])
                            if allowed is not None:
                                scores[~allowed[b][i]] = -np.inf
                            row = scipy.special.softmax(scores)
                            close(weights[b][h][i], row, what="weights of a head")
                            close(output[b][i][read], sum(w * r[read] for w, r in zip(row, v[b], strict=True)))


def check_two_levels(function: Function) -> None:
    rng = np.random.default_rng(64)
    for batch, s, w, width in [((), 3, 4, 2), ((2,), 2, 5, 3), ((2, 2), 4, 4, 4), ((), 1, 1, 2)]:
        scores, words = 2 * rng.normal(size=(*batch, s, w)), rng.normal(size=(*batch, s, w, width))
        query = 2 * rng.normal(size=width)
        mask = rng.random((*batch, s, w)) < 0.7
        mask[..., 0, :] = True
        mask[..., 1:2, :] = False  # a sentence without a word
        for allowed in (None, mask):
            output, within, between = quietly(function, scores, words, lambda x, q=query: x @ q, mask=allowed)
            for b in np.ndindex(*batch):
                sentences, there = np.zeros((s, width)), np.ones(s, bool)
                for i in range(s):
                    kept = np.ones(w, bool) if allowed is None else allowed[b][i]
                    there[i], row = kept.any(), np.zeros(w)
                    if there[i]:
                        row[kept] = scipy.special.softmax(scores[b][i][kept])
                    close(within[b][i], row, what="weights of words sum to one in each sentence")
                    sentences[i] = sum(row[j] * words[b][i][j] for j in range(w))
                levels = np.where(there, [inner(x, query) for x in sentences], -np.inf)
                close(between[b], scipy.special.softmax(levels), what="weights of sentences")
                close(output[b], sum(scipy.special.softmax(levels)[i] * sentences[i] for i in range(s)))


def check_point(function: Function) -> None:
    rng = np.random.default_rng(65)
    for shape in [(5,), (3, 4), (2, 4, 4)]:
        scores = 3 * rng.normal(size=shape)
        close(quietly(function, scores), scipy.special.softmax(scores, axis=-1))
        used = rng.random(shape) < 0.5
        used[..., 1] = False
        weights = quietly(function, scores, used=used)
        for row in np.ndindex(*shape[:-1]):
            assert (weights[row][used[row]] == 0).all(), "a used place is pointed at"
            close(weights[row][~used[row]], scipy.special.softmax(scores[row][~used[row]]), what="the rest share all")


def check_follow(function: Function) -> None:
    rng = np.random.default_rng(66)
    for k in (1, 2, 3, 5, 8):
        for start in range(k):
            scores = rng.normal(size=(k, k))
            path, left = [start], set(range(k)) - {start}
            while left:
                best = max(left | ({start} if len(path) > 2 else set()), key=lambda j: scores[path[-1], j])
                if best == start:
                    break
                path.append(best)
                left.remove(best)
            assert quietly(function, scores, start) == path
    ring = np.roll(np.eye(5), 1, axis=1)
    assert function(ring, 3) == [3, 4, 0, 1, 2], "a ring is gone round once"
    assert function(ring[::-1, ::-1], 0) == [0, 4, 3, 2, 1], "and the other way round"


# Right in plain NumPy, with one fault at a time to choose.


def split_heads(x: np.ndarray, heads: int, *, fault: str = "") -> np.ndarray:
    *batch, n, width = x.shape
    if fault == "view alone":
        return x.reshape(*batch, heads, n, width // heads)
    if fault == "every h-th number":
        return np.moveaxis(x.reshape(*batch, n, width // heads, heads), -1, -3)
    parts = x.reshape(*batch, n, heads, width // heads)
    return parts if fault == "no transpose" else parts.swapaxes(-2, -3)


def merge_heads(x: np.ndarray, *, fault: str = "") -> np.ndarray:
    *batch, heads, n, width = x.shape
    if fault == "view alone":
        return x.reshape(*batch, n, heads * width)
    if fault == "interleaved":
        return np.moveaxis(x, -3, -1).reshape(*batch, n, heads * width)
    if fault == "mean":
        return x.mean(axis=-3).repeat(heads, axis=-1)
    return x.swapaxes(-2, -3).reshape(*batch, n, heads * width)


def multi_head(
    query: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    *,
    heads: int,
    mask: np.ndarray | None = None,
    fault: str = "",
) -> tuple[np.ndarray, np.ndarray]:
    how = "view alone" if fault == "split by a view" else ""
    q, k, v = (split_heads(x, heads, fault=how) for x in (query, keys, values))
    wide = query.shape[-1] if fault == "scaled by the whole width" else q.shape[-1]
    scores = q @ k.swapaxes(-1, -2) / (1 if fault == "not scaled" else math.sqrt(wide))
    if mask is not None and fault != "mask ignored":
        scores = np.where(mask if mask.ndim < 3 else mask[..., None, :, :], scores, -np.inf)
    if fault == "one softmax for all heads":
        scores = np.broadcast_to(scores.mean(axis=-3, keepdims=True), scores.shape)
    axis = -3 if fault == "over the heads" else -1
    weights = scipy.special.softmax(scores, axis=axis)
    return merge_heads(weights @ v, fault="view alone" if fault == "merged by a view" else ""), weights


def two_levels(
    scores: np.ndarray,
    words: np.ndarray,
    score_sentences: Callable[[np.ndarray], np.ndarray],
    *,
    mask: np.ndarray | None = None,
    fault: str = "",
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    may = np.ones(scores.shape, bool) if mask is None or fault == "mask ignored" else mask
    powers = np.exp(scores) * may
    over = (-1, -2) if fault == "one softmax for the document" else -1
    total = powers.sum(axis=over, keepdims=True)
    within = powers / np.where(total > 0, total, 1)
    sentences = (within[..., None] * words).sum(axis=-2)
    if fault == "plain mean of words":
        sentences = words.mean(axis=-2)
    levels = np.exp(score_sentences(sentences)) * (1 if fault == "empty sentences read" else may.any(axis=-1))
    if fault == "no softmax above":
        levels = score_sentences(sentences)
        return (levels[..., None] * sentences).sum(axis=-2), within, levels
    between = levels / levels.sum(axis=-1, keepdims=True)
    return (between[..., None] * sentences).sum(axis=-2), within, between


def point(scores: np.ndarray, *, used: np.ndarray | None = None, fault: str = "") -> np.ndarray:
    used = np.zeros(scores.shape, bool) if used is None or fault == "used ignored" else used
    if fault == "polarity" and used.any():
        used = ~used
    weights = scipy.special.softmax(np.where(used & (fault != "after softmax"), -np.inf, scores), axis=-1)
    return weights * ~used if fault == "after softmax" else weights


def follow(scores: np.ndarray, start: int, *, fault: str = "") -> list[int]:
    path, free = [start], np.ones(len(scores), bool)
    free[start] = False
    while free.any():
        back = len(path) > 2 and fault != "never back"
        table = scores.T if fault == "columns" else scores
        may = np.where(free | (back & (np.arange(len(scores)) == start)), table[path[-1]], -np.inf)
        if fault == "used again":
            may = table[path[-1]].copy()
            may[path[-1]] = -np.inf
        best = int(may.argmin() if fault == "lowest" else may.argmax())
        if best == start or len(path) > len(scores):
            break
        path.append(best)
        free[best] = False
    return path


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "split_heads": (split_heads, ("view alone", "no transpose", "every h-th number")),
    "merge_heads": (merge_heads, ("view alone", "interleaved", "mean")),
    "multi_head": (multi_head, ("split by a view", "merged by a view", "scaled by the whole width", "not scaled",
        "mask ignored", "one softmax for all heads", "over the heads")),
    "two_levels": (two_levels, ("mask ignored", "one softmax for the document", "plain mean of words",
        "empty sentences read", "no softmax above")),
    "point": (point, ("used ignored", "polarity", "after softmax")),
    "follow": (follow, ("columns", "used again", "never back", "lowest")),
}  # fmt: skip
