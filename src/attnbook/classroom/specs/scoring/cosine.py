"""Task 3: the cosine of the angle between query and key."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from attnbook import core
from attnbook.classroom.specs.scoring.inputs import (
    GATE,
    TURNED,
    Array,
    Draw,
    Function,
    filled,
    leading,
    pair,
    plain,
    sizes_of,
)
from attnbook.classroom.specs.scoring.mistakes import softmaxed, table_mistakes
from nbjudge.judging.compare import Symptom, keeps_arguments, right_values
from nbjudge.judging.spec import Case, Mistake, Property, Task

__all__ = ["COSINE"]


def _cosine(queries: Array, keys: Array) -> Array:
    return core.cosine(queries, keys)


def _lengths(table: Array, order: float = 2) -> Array:
    return np.linalg.norm(table, order, axis=-1, keepdims=True)


def _stretched(draw: Draw) -> Iterator[Case]:
    """Vectors of many lengths, from a fifth to five times the usual one."""
    for case in plain(pair, "qkd")(draw):
        yield Case(tuple(table * 5 ** draw.uniform(-1, 1, (len(table), 1)) for table in case.arguments))


def _blank(draw: Draw) -> Iterator[Case]:
    """A query and two keys that are zero, at places that change."""
    for _ in range(2):
        sizes = sizes_of(draw, "qkd")
        queries, keys = filled(draw, pair(sizes)).arguments
        queries[draw.integers(sizes["q"])] = 0
        keys[draw.permutation(sizes["k"])[:2]] = 0
        yield Case((queries, keys))


def _short(draw: Draw) -> Iterator[Case]:
    """Vectors a thousand times shorter than usual, and as much longer."""
    for case in plain(pair, "qkd")(draw):
        yield Case(tuple(table * 10.0 ** draw.choice([-3, 3], (len(table), 1)) for table in case.arguments))


def _blank_as(number: float) -> Function:
    def wrong(queries: Array, keys: Array) -> Array:
        zero = (_lengths(queries) == 0) | (_lengths(keys) == 0).mT
        return np.where(zero, number, core.cosine(queries, keys))

    return wrong


def _added(case: Case, got: Array) -> bool:
    """Are all cosines too small, and none of another sign?"""
    if not np.isfinite(got).all() or not got.any():
        return False
    share = got / core.cosine(*case.arguments)
    return bool((share > -1e-6).all() and (share < 1 + 1e-6).all())


COSINE = Task(
    name="cosine",
    chapter="scoring",
    asks="Score each key for each query by the cosine of the angle between them, 0 where one of them is zero.",
    reference=_cosine,
    properties=(
        Property(
            "values",
            "divides the dot product by both lengths, the query's and the key's",
            2,
            right_values(
                _cosine,
                _stretched,
                (
                    Mistake("you forgot to divide by the lengths: this is the dot product", core.dot),
                    Mistake(
                        "you divide by √d, but by no length: this is the scaled dot product",
                        core.scaled_dot,
                    ),
                    Mistake(
                        "you divide by the key's length only: a long query still scores higher than a short one",
                        lambda q, k: core.cosine(q, k) * _lengths(q),
                    ),
                    Mistake(
                        "you divide by the query's length only: long keys still win",
                        lambda q, k: core.cosine(q, k) * _lengths(k).mT,
                    ),
                    Mistake(
                        "you divide by the squares of the lengths: the length is the root of the sum of squares",
                        lambda q, k: core.cosine(q, k) / _lengths(q) / _lengths(k).mT,
                    ),
                    Mistake(
                        "you take the sum of the sizes of the numbers as length: it is the root of the sum of squares",
                        lambda q, k: core.dot(q / _lengths(q, 1), k / _lengths(k, 1)),
                    ),
                    Mistake(
                        "you add up the numbers of a vector and then square them: square each one first, the length is "
                        "the root of the sum of squares",
                        lambda q, k: core.dot(q, k) / np.outer(np.abs(q.sum(axis=-1)), np.abs(k.sum(axis=-1))),
                    ),
                    Mistake(
                        "you take one length for the whole table (np.linalg.norm without axis): each row has its own",
                        lambda q, k: core.dot(q, k) / np.linalg.norm(q) / np.linalg.norm(k),
                    ),
                    Mistake(
                        "you take the lengths of the columns: a vector is a row, so its numbers are along axis=-1",
                        lambda q, k: core.dot(q / np.linalg.norm(q, axis=0), k / np.linalg.norm(k, axis=0)),
                    ),
                    Mistake(
                        "you divide by √d as well: the lengths already divide out all that grows with the width",
                        lambda q, k: core.cosine(q, k) / math.sqrt(q.shape[-1]),
                    ),
                    Mistake(
                        "you return 1 − cosine, a distance: a score is the higher, the better the key answers",
                        lambda q, k: 1 - core.cosine(q, k),
                    ),
                    Mistake(
                        "you return the angle: its cosine was asked for",
                        lambda q, k: np.arccos(np.clip(core.cosine(q, k), -1, 1)),
                    ),
                    Mistake(
                        "you lost the sign: opposite directions score −1, not 1",
                        lambda q, k: np.abs(core.cosine(q, k)),
                    ),
                    Mistake(
                        "you lost the sign: opposite directions score −1, not 0",
                        lambda q, k: np.maximum(core.cosine(q, k), 0),
                    ),
                    softmaxed(_cosine),
                ),
                symptoms=(
                    Symptom(
                        "all your cosines are pulled towards 0: add nothing to a length, "
                        "and change it only where it is 0",
                        _added,
                    ),
                ),
                shapes="the lengths need an axis for the numbers that they replace: np.linalg.norm(x, axis=-1, "
                "keepdims=True) has shape (…, rows, 1)",
                tolerance=GATE,
            ),
        ),
        Property(
            "zeros",
            "scores 0 where query or key is a zero vector, and changes nothing else for it",
            1,
            right_values(
                _cosine,
                _blank,
                (
                    Mistake(
                        "a zero vector gives NaN: you divide by its length; where a length is 0, divide by 1",
                        _blank_as(math.nan),
                    ),
                    Mistake("a zero vector has no direction: its score is 0, neither like nor unlike", _blank_as(1)),
                    Mistake("a zero vector has no direction: its score is 0, neither like nor unlike", _blank_as(-1)),
                ),
                symptoms=(
                    Symptom(
                        "a zero vector gives NaN or ∞: where a length is 0, divide by 1",
                        lambda case, got: not np.isfinite(got).all(),
                    ),
                    Symptom(
                        "one zero vector changes the scores of others: choose number by number, with np.where",
                        lambda case, got: True,
                    ),
                ),
                tolerance=GATE,
            ),
        ),
        Property(
            "tables",
            "keeps leading axes: (…, q, d) and (…, k, d) give (…, q, k)",
            0.5,
            right_values(
                _cosine,
                leading(pair, "qkd"),
                table_mistakes(_cosine),
                shapes=f"with leading axes, take lengths along axis=-1, with keepdims=True, and {TURNED}",
                tolerance=GATE,
            ),
        ),
        Property(
            "lengths",
            "gives very short and very long vectors the same cosine as others",
            0.5,
            right_values(
                _cosine,
                _short,
                tolerance=GATE,
                symptoms=(
                    Symptom(
                        "what you add to a length, or the least length you allow, is too much for short vectors and "
                        "pulls their cosine towards 0: change a length only where it is 0",
                        _added,
                    ),
                ),
            ),
        ),
        Property("arguments", "leaves its arguments as they were", 0.5, keeps_arguments(_stretched)),
    ),
)
