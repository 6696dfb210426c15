"""Task 3: the cosine of the angle between query and key."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from attnbook import core
from attnbook.classroom.specs.scoring.shared import TURNED, Array, leading_axes, softmaxed
from nbjudge.judging.compare import GATE, keeps_arguments, right_values, symptoms
from nbjudge.judging.draw import arrays
from nbjudge.judging.spec import Case, Property, Task, mistakes

__all__ = ["COSINE"]


def _lengths(table: Array, order: float = 2) -> Array:
    return np.linalg.norm(table, order, axis=-1, keepdims=True)


def _stretched(draw: np.random.Generator, factors: Sequence[float] = (0.2, 0.5, 1, 2, 5)) -> Iterator[Case]:
    """Vectors of many lengths."""
    for case in arrays("qd,kd")(draw):
        yield Case(tuple(table * draw.choice(factors, (len(table), 1)) for table in case.arguments))


def _blank(draw: np.random.Generator) -> Iterator[Case]:
    """A query and two keys that are zero, at places that change."""
    for case in arrays("qd,kd")(draw):
        queries, keys = case.arguments
        queries[draw.integers(len(queries))] = 0
        keys[draw.permutation(len(keys))[:2]] = 0
        yield case


def _blank_as(number: float) -> Callable[[Array, Array], Array]:
    return lambda q, k: np.where((_lengths(q) == 0) | (_lengths(k) == 0).mT, number, core.cosine(q, k))


def _added(case: Case, got: Array) -> bool:
    """Are all cosines too small, and none of another sign?"""
    if not np.isfinite(got).all() or not got.any():
        return False
    share = got / core.cosine(*case.arguments)
    return bool((share > -1e-6).all() and (share < 1 + 1e-6).all())


VALUES = mistakes(
    "you forgot to divide by the lengths: this is the dot product",
    core.dot,
    "you divide by √d, but by no length: this is the scaled dot product",
    core.scaled_dot,
    "you divide by the key's length only: a long query still scores higher than a short one",
    lambda q, k: core.cosine(q, k) * _lengths(q),
    "you divide by the query's length only: long keys still win",
    lambda q, k: core.cosine(q, k) * _lengths(k).mT,
    "your lengths are wrong: square each number of a row, add up the squares, and take the root of the sum",
    lambda q, k: core.cosine(q, k) / _lengths(q) / _lengths(k).mT,
    lambda q, k: core.dot(q / _lengths(q, 1), k / _lengths(k, 1)),
    lambda q, k: core.dot(q, k) / np.outer(np.abs(q.sum(axis=-1)), np.abs(k.sum(axis=-1))),
    "you take one length for the whole table (np.linalg.norm without axis): each row has its own",
    lambda q, k: core.dot(q, k) / np.linalg.norm(q) / np.linalg.norm(k),
    "you take the lengths of the columns: a vector is a row, so its numbers are along axis=-1",
    lambda q, k: core.dot(q / np.linalg.norm(q, axis=0), k / np.linalg.norm(k, axis=0)),
    "you divide by √d as well: the lengths already divide out all that grows with the width",
    lambda q, k: core.cosine(q, k) / math.sqrt(q.shape[-1]),
    "you return 1 − cosine, a distance: a score is the higher, the better the key answers",
    lambda q, k: 1 - core.cosine(q, k),
    "you return the angle: its cosine was asked for",
    lambda q, k: np.arccos(np.clip(core.cosine(q, k), -1, 1)),
    "you lost the sign: opposite directions score −1",
    lambda q, k: np.abs(core.cosine(q, k)),
    lambda q, k: np.maximum(core.cosine(q, k), 0),
    softmaxed(core.cosine),
)
PULLED = symptoms(
    "all your cosines are pulled towards 0: add nothing to a length, and change it only where it is 0", _added
)
SHAPES = (
    "the lengths need an axis for the numbers that they replace: np.linalg.norm(x, axis=-1, keepdims=True) has shape "
    "(…, rows, 1)"
)
BLANK = mistakes("a zero vector has no direction: its score is 0, neither like nor unlike", _blank_as(1), _blank_as(-1))
BLANK_SYMPTOMS = symptoms(
    "a zero vector gives NaN or ∞: where a length is 0, divide by 1",
    lambda case, got: not np.isfinite(got).all(),
    "one zero vector changes the scores of others: choose number by number, with np.where",
    lambda *_: True,
)
SHORT = symptoms(
    "what you add to a length, or the least length you allow, is too much for short vectors and pulls their cosine "
    "towards 0: change a length only where it is 0",
    _added,
)
ALONG = f"take lengths along axis=-1, with keepdims=True, and {TURNED}"

COSINE = Task(
    name="cosine",
    chapter="scoring",
    asks="Score each key for each query by the cosine of the angle between them, 0 where one of them is zero.",
    reference=core.cosine,
    properties=(
        Property(
            "values",
            "divides the dot product by both lengths, the query's and the key's",
            2,
            right_values(core.cosine, _stretched, VALUES, symptoms=PULLED, shapes=SHAPES, tolerance=GATE),
        ),
        Property(
            "zeros",
            "scores 0 where query or key is a zero vector, and changes nothing else for it",
            1,
            right_values(core.cosine, _blank, BLANK, symptoms=BLANK_SYMPTOMS, tolerance=GATE),
        ),
        Property(
            "tables",
            "keeps leading axes: (…, q, d) and (…, k, d) give (…, q, k)",
            0.5,
            leading_axes(core.cosine, "qd,kd", ALONG),
        ),
        Property(
            "lengths",
            "gives very short and very long vectors the same cosine as others",
            0.5,
            right_values(core.cosine, partial(_stretched, factors=(1e-3, 1e3)), symptoms=SHORT, tolerance=GATE),
        ),
        Property("arguments", "leaves its arguments as they were", 0.5, keeps_arguments(_stretched)),
    ),
)
