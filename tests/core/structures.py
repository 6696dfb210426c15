"""Checks of two levels, and faults they must notice: see machinery.py."""

from collections.abc import Callable

import numpy as np
import scipy.special
from tests.core.machinery import Function, close, inner, quietly


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


# Right in plain NumPy, with one fault at a time to choose.


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


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "two_levels": (two_levels, ("mask ignored", "one softmax for the document", "plain mean of words",
        "empty sentences read", "no softmax above")),
}  # fmt: skip
