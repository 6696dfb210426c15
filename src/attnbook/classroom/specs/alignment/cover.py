"""The fourth task: how far the context moves when a word is covered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from attnbook import core
from attnbook.classroom.specs.alignment.shared import Array, alone, desks, floats, sure
from nbjudge.judging.compare import keeps_arguments, right_values, symptoms
from nbjudge.judging.spec import Property, Task, mistakes

__all__ = ["COVER", "cover_each"]

Function = Callable[[Array, Array, Array], Array]


def _others(scores: Array) -> Array:
    """Each row leaves out one word."""
    return ~np.eye(scores.shape[-1], dtype=bool)


def _without(scores: Array, values: Array, left: Array) -> Array:
    """The contexts (t, s, d) when, for each source word, only what is left (t, s, s) may be read."""
    scores = np.broadcast_to(scores if scores.ndim > 2 else scores[:, None, :], left.shape)
    return core.attend(floats(scores), floats(values), mask=left)[0]


def _steps(scores: Array, values: Array, mask: Array, left: Array | None = None) -> Array:
    """How the contexts move when, for each source word, only what is left may be read: (t, s, d)."""
    left = mask[:, None] & _others(scores) if left is None else left
    return _without(scores, values, left) - core.attend(floats(scores), floats(values), mask=mask)[0][:, None]


def cover_each(scores: Array, values: Array, mask: Array) -> Array:
    """Look again without each word, and measure."""
    return np.linalg.norm(_steps(scores, values, mask), axis=-1)


def _leaving(left: Function) -> Function:
    """Something else is left of the words, given mask (t, 1, s), the others (s, s) and those before (s, s)."""
    return lambda scores, values, mask: np.linalg.norm(
        _steps(scores, values, mask, left(mask[:, None], _others(scores), np.tri(len(values), k=-1, dtype=bool))),
        axis=-1,
    )


def _measured(length: Callable[[Array], Array]) -> Function:
    return lambda scores, values, mask: length(_steps(scores, values, mask))


def _far(scores: Array, values: Array, mask: Array) -> Array:
    """How far each value is from each context."""
    return np.linalg.norm(values - core.attend(scores, values, mask=mask)[0][:, None], axis=-1)


def _zeroed(scores: Array, values: Array, mask: Array) -> Array:
    """A covered word has a score of 0."""
    changed = np.where(_others(scores), scores[:, None, :], 0.0)
    after = _without(changed, values, np.broadcast_to(mask[:, None, :], changed.shape))
    return np.linalg.norm(after - core.attend(scores, values, mask=mask)[0][:, None], axis=-1)


def _across(scores: Array, values: Array, mask: Array) -> Array:
    def read(left: Array) -> Array:
        return core.softmax(scores.T, mask=left.T).T @ values

    return np.linalg.norm(np.stack([read(mask & kept) - read(mask) for kept in _others(scores)], axis=1), axis=-1)


MOVES = mistakes(
    "you take a word out of the sum and leave its share unused: when a word is covered, the others are dealt its "
    "share, so compute the weights anew with the word forbidden",
    lambda scores, values, mask: core.softmax(scores, mask=mask) * np.linalg.norm(values, axis=-1),
    "you compute α times the distance from the context to the value: that is how far the word pulls, but when it is "
    "covered the others also grow; compute the weights anew with the word forbidden",
    lambda scores, values, mask: core.softmax(scores, mask=mask) * _far(scores, values, mask),
    "you return how far each value is from the context: cover the word, look again, and compare the two contexts",
    _far,
    "you cover a word by setting its score to 0, and e⁰ = 1 is a good share: put False into the mask for it",
    _zeroed,
    "you do not uncover a word before you cover the next: each round starts from a fresh copy of the mask",
    _leaving(lambda mask, others, before: mask & others & ~before),
    "you uncover a word for all rows, also for those that must not read it: each round starts from a fresh copy of the "
    "mask",
    _leaving(lambda mask, others, before: (mask | before) & others),
    "you do not use the mask: forbidden words are read",
    lambda scores, values, mask: cover_each(scores, values, np.ones_like(mask)),
    "when you cover a word, those forbidden from the start are read again: they stay forbidden, and it joins them",
    _leaving(lambda mask, others, before: np.ones_like(mask) & others),
    "your mask is inverted: True means that a word may be read",
    lambda scores, values, mask: cover_each(scores, values, ~mask),
    "you cover all words but one: False belongs at the covered word, and the others stay as they were",
    _leaving(lambda mask, others, before: mask & ~others),
    "you measure how far the weights move: the question is how far the context moves, Σ α v",
    lambda scores, values, mask: cover_each(scores, np.eye(len(values)), mask),
    "you return squared lengths: the root is missing",
    _measured(lambda steps: (steps**2).sum(axis=-1)),
    "you measure no lengths: a length is the root of the sum of squares, not the sum, mean or greatest of differences",
    _measured(lambda steps: np.abs(steps).sum(axis=-1)),
    _measured(lambda steps: np.sqrt((steps**2).mean(axis=-1))),
    _measured(lambda steps: np.abs(steps).max(axis=-1)),
    "you return how long the new context is: subtract the context before it, and take the length of the difference",
    lambda scores, values, mask: np.linalg.norm(_without(scores, values, mask[:, None] & _others(scores)), axis=-1),
    "you take one length for all target words (np.linalg.norm without axis): each row of a context has its own",
    _measured(lambda steps: np.ones((len(steps), 1)) * np.sqrt((steps**2).sum(axis=(0, 2)))),
    "you cover as many words as there are rows: the source words are the columns, so count to scores.shape[1]",
    lambda scores, values, mask: cover_each(scores, values, mask) * (np.arange(scores.shape[1]) < len(scores)),
    "the weights in your contexts sum to 1 over the wrong axis: each row shares out its own attention; does "
    "masked_weights pass its check?",
    _across,
)
ALONE = mistakes(
    "where only one word may be read, you let nothing move: without it the context is all zeros, so it moves by the "
    "length of that word's value",
    lambda scores, values, mask: cover_each(scores, values, mask) * (mask.sum(axis=1, keepdims=True) > 1),
)
SEEN = symptoms(
    "some of your distances are negative: a length is the root of the sum of squares",
    lambda case, got: bool((got < 0).any()),
    "covering a word that was not read anyway moves your context: is the mask of the second look the first one, "
    "and one word less?",
    lambda case, got: not np.allclose(got[~case.arguments[2]], 0),
)
NOT_ALONE = symptoms(
    "where only one word may be read, or none, you get NaN or ∞: who may read nothing reads zeros",
    lambda case, got: not np.isfinite(got).all(),
    "where nothing is left to be read, your context is not zero: such a row has weights of 0",
    lambda case, got: bool((got[~case.arguments[2].any(axis=1)] != 0).any()),
    "where only one word may be read, your context is not zero when it is covered",
)
ANEW = (
    "compute the weights anew without the word, from the scores; if you do that, your masked_weights still reads the "
    "forbidden score, so mend it first"
)
UNSURE = symptoms(
    "where one word has nearly all the weight, you get NaN or ∞: if you divide by 1 − α, which the computer rounds "
    f"to 0, {ANEW}",
    lambda case, got: not np.isfinite(got).all(),
    f"where one word has nearly all the weight, what the others share is lost to rounding: {ANEW}",
)
SHAPES = (
    "a context is a row of d numbers for each target word, (t, d): measured is the difference of two contexts, so both "
    "have this shape"
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
            right_values(cover_each, desks, MOVES, symptoms=SEEN, shapes=SHAPES),
        ),
        Property(
            "alone",
            "covers the only word that may be read, and then reads zeros",
            1,
            right_values(cover_each, partial(desks, change=alone), ALONE, symptoms=NOT_ALONE),
        ),
        Property(
            "certain",
            "covers a favourite that has all the weight, and finds who comes next",
            1,
            right_values(cover_each, partial(desks, change=sure), symptoms=UNSURE),
        ),
        Property("keeps", "leaves scores, values and mask as they were", 0.5, keeps_arguments(desks)),
    ),
)
