"""The fourth task: how far the context moves when a word is covered."""

from __future__ import annotations

import numpy as np

from attnbook import core
from attnbook.classroom.specs.alignment.drawing import (
    Array,
    certain_desks,
    desks,
    floats,
    lonely_desks,
)
from nbjudge.judging.compare import Symptom, keeps_arguments, right_values
from nbjudge.judging.spec import Mistake, Property, Task

__all__ = ["COVER", "cover_each"]


def covered(scores: Array, values: Array, mask: Array, kept: Array) -> Array:
    """Return the contexts (t, s, d) when, for each source word, only what `kept` (s, s) says is left of the mask."""
    left = mask[:, None, :] & kept
    return core.attend(np.broadcast_to(floats(scores)[:, None, :], left.shape), floats(values), mask=left)[0]


def others(scores: Array) -> Array:
    """Each row leaves out one word."""
    return ~np.eye(scores.shape[-1], dtype=bool)


def cover_each(scores: Array, values: Array, mask: Array) -> Array:
    """Look again without each word, and measure."""
    return np.linalg.norm(_steps(scores, values, mask), axis=-1)


def _steps(scores: Array, values: Array, mask: Array) -> Array:
    before = core.attend(floats(scores), floats(values), mask=mask)[0]
    return covered(scores, values, mask, others(scores)) - before[:, None]


def _away_from(scores: Array, values: Array, mask: Array) -> tuple[Array, Array]:
    """The weights, and how far each value is from each context."""
    context, weights = core.attend(scores, values, mask=mask)
    return weights, np.linalg.norm(values - context[:, None], axis=-1)


def _closed(scores: Array, values: Array, mask: Array) -> Array:
    weights, far = _away_from(scores, values, mask)
    return weights / (1 - weights) * far


def _zeroed(scores: Array, values: Array, mask: Array) -> Array:
    """A covered word with score 0 instead of −∞."""
    changed = np.where(others(scores), scores[:, None, :], 0.0)
    after = core.attend(changed, values, mask=np.broadcast_to(mask[:, None, :], changed.shape))[0]
    return np.linalg.norm(after - core.attend(scores, values, mask=mask)[0][:, None], axis=-1)


def _pile(scores: Array, values: Array, mask: Array) -> Array:
    """Word after word is covered and none uncovered."""
    kept = np.tri(scores.shape[-1], dtype=bool).T & others(scores)
    return np.linalg.norm(
        covered(scores, values, mask, kept) - core.attend(scores, values, mask=mask)[0][:, None], axis=-1
    )


def _reopened(scores: Array, values: Array, mask: Array) -> Array:
    """Uncovering a word opens it to all rows, also to those that must not read it."""
    opened = np.tri(scores.shape[-1], k=-1, dtype=bool)  # row i: the words before it
    left = (mask[:, None, :] | opened) & others(scores)
    after = core.attend(np.broadcast_to(scores[:, None, :], left.shape), values, mask=left)[0]
    return np.linalg.norm(after - core.attend(scores, values, mask=mask)[0][:, None], axis=-1)


def _weights_moved(scores: Array, values: Array, mask: Array) -> Array:
    left = mask[:, None, :] & others(scores)
    after = core.softmax(np.broadcast_to(scores[:, None, :], left.shape), mask=left)
    return np.linalg.norm(after - core.softmax(scores, mask=mask)[:, None], axis=-1)


def _unmasked_look(scores: Array, values: Array, mask: Array) -> Array:
    """The mask holds for the first look, and is forgotten in the second."""
    free = np.ones_like(mask)
    after = covered(scores, values, free, others(scores))
    return np.linalg.norm(after - core.attend(scores, values, mask=mask)[0][:, None], axis=-1)


COVER_MISTAKES = (
    Mistake(
        "you take a word out of the sum and leave its share unused: when a word is covered, the others are dealt its "
        "share, so compute the weights anew with the word forbidden",
        lambda scores, values, mask: core.softmax(scores, mask=mask) * np.linalg.norm(values, axis=-1),
    ),
    Mistake(
        "you compute α times the distance from the context to the value: that is how far the word pulls, but when it "
        "is covered the others also grow; compute the weights anew with the word forbidden",
        lambda scores, values, mask: np.prod(_away_from(scores, values, mask), axis=0),
    ),
    Mistake(
        "you return how far each value is from the context: cover the word, look again, and compare the two contexts",
        lambda scores, values, mask: _away_from(scores, values, mask)[1],
    ),
    Mistake(
        "you cover a word by setting its score to 0, and e⁰ = 1 is a good share: put False into the mask for it",
        _zeroed,
    ),
    Mistake(
        "you do not uncover a word before you cover the next: each round starts from a fresh copy of the mask",
        _pile,
    ),
    Mistake(
        "you uncover a word for all rows, also for those that must not read it: each round starts from a fresh copy of "
        "the mask",
        _reopened,
    ),
    Mistake(
        "you do not use the mask: forbidden words are read",
        lambda scores, values, mask: cover_each(scores, values, np.ones_like(mask)),
    ),
    Mistake(
        "when you cover a word, those forbidden from the start are read again: they stay forbidden, and it joins them",
        _unmasked_look,
    ),
    Mistake(
        "your mask is inverted: True means that a word may be read",
        lambda scores, values, mask: cover_each(scores, values, ~mask),
    ),
    Mistake(
        "you cover all words but one: False belongs at the covered word, and the others stay as they were",
        lambda scores, values, mask: np.linalg.norm(
            covered(scores, values, mask, ~others(scores)) - core.attend(scores, values, mask=mask)[0][:, None],
            axis=-1,
        ),
    ),
    Mistake(
        "you measure how far the weights move: the question is how far the context moves, Σ α v",
        _weights_moved,
    ),
    Mistake(
        "you return squared lengths: the root is missing",
        lambda scores, values, mask: cover_each(scores, values, mask) ** 2,
    ),
    Mistake(
        "you add up the sizes of the differences: a length is the root of the sum of their squares",
        lambda scores, values, mask: np.abs(_steps(scores, values, mask)).sum(axis=-1),
    ),
    Mistake(
        "you take the mean of the squares: a length is the root of their sum",
        lambda scores, values, mask: cover_each(scores, values, mask) / np.sqrt(values.shape[-1]),
    ),
    Mistake(
        "you return how long the new context is: subtract the context before it, and take the length of the difference",
        lambda scores, values, mask: np.linalg.norm(covered(scores, values, mask, others(scores)), axis=-1),
    ),
    Mistake(
        "you take one length for all target words (np.linalg.norm without axis): each row of a context has its own",
        lambda scores, values, mask: (
            np.ones((len(scores), 1)) * np.linalg.norm(cover_each(scores, values, mask), axis=0)
        ),
    ),
    Mistake(
        "you take the largest difference: a length is the root of the sum of squares",
        lambda scores, values, mask: np.abs(_steps(scores, values, mask)).max(axis=-1),
    ),
    Mistake(
        "you cover as many words as there are rows: the source words are the columns, so count to scores.shape[1]",
        lambda scores, values, mask: cover_each(scores, values, mask) * (np.arange(scores.shape[1]) < len(scores)),
    ),
    Mistake(
        "the weights in your contexts sum to 1 over the wrong axis: each row shares out its own attention; does "
        "masked_weights pass its check?",
        lambda scores, values, mask: np.linalg.norm(
            np.stack(
                [
                    core.softmax(scores.T, mask=(mask & kept).T).T @ values
                    - core.softmax(scores.T, mask=mask.T).T @ values
                    for kept in others(scores)
                ],
                axis=1,
            ),
            axis=-1,
        ),
    ),
)
COVER_SYMPTOMS = (
    Symptom(
        "some of your distances are negative: a length is the root of the sum of squares",
        lambda case, got: bool((got < 0).any()),
    ),
    Symptom(
        "covering a word that was not read anyway moves your context: is the mask of the second look the first one, "
        "and one word less?",
        lambda case, got: not np.allclose(got[~case.arguments[2]], 0),
    ),
)


COVER = Task(
    "cover_each",
    "alignment",
    "Say how far each context moves when each source word is covered.",
    cover_each,
    (
        Property(
            "moves",
            "measures how far each context moves when one word is covered",
            1.5,
            right_values(
                cover_each,
                desks,
                COVER_MISTAKES,
                symptoms=COVER_SYMPTOMS,
                shapes="a context is a row of d numbers for each target word, (t, d): measured is the difference of "
                "two contexts, so both have this shape",
            ),
        ),
        Property(
            "alone",
            "covers the only word that may be read, and then reads zeros",
            1,
            right_values(
                cover_each,
                lonely_desks,
                [
                    Mistake(
                        "where only one word may be read, you let nothing move: without it the context is all zeros, "
                        "so it moves by the length of that word's value",
                        lambda scores, values, mask: np.where(
                            mask.sum(axis=1, keepdims=True) > 1, cover_each(scores, values, mask), 0.0
                        ),
                    )
                ],
                symptoms=[
                    Symptom(
                        "where only one word may be read, or none, you get NaN or ∞: who may read nothing reads zeros",
                        lambda _, got: not np.isfinite(got).all(),
                    ),
                    Symptom(
                        "where nothing is left to be read, your context is not zero: such a row has weights of 0",
                        lambda case, got: bool((got[~case.arguments[2].any(axis=1)] != 0).any()),
                    ),
                    Symptom(
                        "where only one word may be read, your context is not zero when it is covered",
                        lambda _, got: True,
                    ),
                ],
            ),
        ),
        Property(
            "certain",
            "covers a favourite that has all the weight, and finds who comes next",
            1,
            right_values(
                cover_each,
                certain_desks,
                symptoms=[
                    Symptom(
                        "where one word has nearly all the weight, you get NaN or ∞: if you divide by 1 − α, which the "
                        "computer rounds to 0, compute the weights anew without the word, from the scores; if you do "
                        "that, your masked_weights still reads the forbidden score, so mend it first",
                        lambda _, got: not np.isfinite(got).all(),
                    ),
                    Symptom(
                        "where one word has nearly all the weight, what the others share is lost to rounding: compute "
                        "the weights anew without the word, from the scores; if you do that, your masked_weights still "
                        "reads the forbidden score, so mend it first",
                        lambda _, got: True,
                    ),
                ],
            ),
        ),
        Property("keeps", "leaves scores, values and mask as they were", 0.5, keeps_arguments(desks)),
    ),
)
