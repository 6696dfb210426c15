"""Attention in levels: words make a sentence, sentences make a document."""

from collections.abc import Callable
from typing import NamedTuple

from jaxtyping import Bool, Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core.alignment import attend

__all__ = ["Levels", "two_levels"]


class Levels(NamedTuple):
    """What reading a document in two levels gives."""

    output: Float[Array, "*b v"]
    words: Float[Array, "*b s w"]
    """How much each word counts within its sentence: each sentence's row sums to one."""
    sentences: Float[Array, "*b s"]
    """How much each sentence counts."""


def two_levels(
    scores: Float[Array, "*b s w"],
    words: Float[Array, "*b s w v"],
    score_sentences: Callable[[Float[Array, "*b s v"]], Float[Array, "*b s"]],
    *,
    mask: Bool[Array, "*b s w"] | None = None,
) -> Levels:
    r"""Read each sentence as an average of its words, then the document as an average of its sentences.

    .. math::
        y_s = \sum_i \alpha_{si} x_{si} \qquad o = \sum_s \beta_s y_s \qquad
        \alpha_s = \operatorname{softmax}_i s_{si} \qquad
        \beta = \operatorname{softmax}_s f(y_s)

    Args:
        scores: One number for each word.
        words: What is read out at each word.
        score_sentences: The :math:`f` above: gives each sentence, once it has been read, one number.
        mask: True where there is a word. A sentence without any is not read.

    >>> import numpy as np
    >>> scores = np.array([[0.0, 9.0], [9.0, 0.0]])  # two sentences of two words
    >>> words = np.array([[[0.0], [1.0]], [[5.0], [0.0]]])
    >>> read = two_levels(scores, words, lambda sentences: sentences[..., 0])
    >>> read.sentences.round(2)  # the second sentence says 5, the first 1
    array([0.02, 0.98])
    >>> read.output.round(1)
    array([4.9])
    """
    xp = check.namespace(scores=scores, words=words)
    if words.ndim < 3 or scores.shape != words.shape[:-1]:
        raise ValueError(
            f"scores have shape {tuple(scores.shape)} but words have {tuple(words.shape)}: "
            "they must be (…, sentences, words) and (…, sentences, words, width), with one score for each word"
        )
    each = None if mask is None else mask[..., None, :]  # (*b, s, 1, w)
    sentences, within = attend(scores[..., None, :], words, mask=each)  # (*b, s, 1, v), (*b, s, 1, w)
    sentences = sentences[..., 0, :]  # (*b, s, v)
    levels = score_sentences(sentences)
    if levels.shape != scores.shape[:-1]:
        raise ValueError(
            f"score_sentences gave shape {tuple(levels.shape)} but there are sentences "
            f"{tuple(scores.shape[:-1])}: it must give one number for each"
        )
    there = None if mask is None else xp.any(mask, axis=-1)[..., None, :]  # (*b, 1, s)
    output, between = attend(levels[..., None, :], sentences, mask=there)  # (*b, 1, v), (*b, 1, s)
    return Levels(output[..., 0, :], within[..., 0, :], between[..., 0, :])
