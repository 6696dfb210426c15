"""Task 1: the scaled dot product."""

from __future__ import annotations

import math
from collections.abc import Callable

from attnbook import core
from attnbook.classroom.specs.scoring.inputs import (
    GATE,
    Array,
    Function,
    pair,
    plain,
)
from attnbook.classroom.specs.scoring.mistakes import keeps, multiple, softmaxed
from nbjudge.judging.compare import Symptom, right_values
from nbjudge.judging.spec import Case, Mistake, Property, Task

__all__ = ["SCALED_DOT"]

SECOND_AXIS = (
    "you divide by the root of shape[1], the second size: with leading axes that is no longer the width, which always "
    "stands last, shape[-1]"
)


def _scaled_dot(queries: Array, keys: Array) -> Array:
    return core.scaled_dot(queries, keys)


def _width(case: Case) -> int:
    return int(case.arguments[0].shape[-1])


def _no_root(case: Case) -> str:
    d = _width(case)
    return f"you forgot to divide by √d: your scores are {math.sqrt(d):.3g} times too large at d = {d}"


def _whole_width(case: Case) -> str:
    d = _width(case)
    return f"you divide by d where √d is meant: your scores are {math.sqrt(d):.3g} times too small at d = {d}"


def _multiplied(case: Case) -> str:
    d = _width(case)
    return f"you multiply by √d where you should divide by it: your scores are {d} times too large at d = {d}"


def _divided(by: Callable[[Array, Array], float]) -> Function:
    return lambda queries, keys: core.dot(queries, keys) / by(queries, keys)


def _factor(case: Case, got: Array) -> bool:
    """Is it the dot product but for one factor?"""
    return multiple(got, core.dot(*case.arguments))


SCALED_DOT = Task(
    name="scaled_dot",
    chapter="scoring",
    asks="Score each key for each query by their dot product, divided by the root of the width.",
    reference=_scaled_dot,
    properties=(
        Property(
            "values",
            "multiplies number by number, adds up and divides by √d",
            2,
            right_values(
                _scaled_dot,
                plain(pair, "qkd", wide="d"),
                (
                    Mistake(_no_root, core.dot),
                    Mistake(_whole_width, _divided(lambda q, k: q.shape[-1])),
                    Mistake(_multiplied, _divided(lambda q, k: 1 / math.sqrt(q.shape[-1]))),
                    Mistake(
                        "you divide by the root of the number of keys: d is the width, the last axis, not how many "
                        "rows there are",
                        _divided(lambda q, k: math.sqrt(k.shape[0])),
                    ),
                    Mistake(
                        "you divide by the root of the number of queries: d is the width, the last axis, not how many "
                        "rows there are",
                        _divided(lambda q, k: math.sqrt(q.shape[0])),
                    ),
                    Mistake(
                        "you divide by the root of how many numbers the whole table holds: d is the width of one row",
                        _divided(lambda q, k: math.sqrt(k.size)),
                    ),
                    Mistake(
                        "you divide by the root of how many numbers the whole table holds: d is the width of one row",
                        _divided(lambda q, k: math.sqrt(q.size)),
                    ),
                    Mistake("you divide by lengths, which is the cosine: here only √d is divided out", core.cosine),
                    Mistake(
                        "your scores have the wrong sign: the higher the score, the better the key answers",
                        lambda q, k: -core.scaled_dot(q, k),
                    ),
                    Mistake(
                        "your keys are shuffled: reshape does not turn axes, it cuts the same numbers elsewhere; "
                        "swap the axes with np.swapaxes(keys, -1, -2)",
                        lambda q, k: core.scaled_dot(q, k.reshape(k.shape[::-1]).T),
                    ),
                    softmaxed(_scaled_dot),
                ),
                symptoms=(
                    Symptom(
                        "you divide the dot product by a number that is not √d: take d from the arguments, "
                        "queries.shape[-1], so that it fits every width",
                        _factor,
                    ),
                ),
                shapes="turn the keys first, (q, d) @ (d, k) → (q, k), with np.swapaxes(keys, -1, -2)",
                tolerance=GATE,
            ),
        ),
        *keeps(
            _scaled_dot,
            pair,
            "qkd",
            tables="keeps leading axes: (…, q, d) and (…, k, d) give (…, q, k)",
            mistakes=[
                Mistake(SECOND_AXIS, _divided(lambda q, k: math.sqrt(q.shape[1]))),
                Mistake(SECOND_AXIS, _divided(lambda q, k: math.sqrt(k.shape[1]))),
            ],
        ),
    ),
)
