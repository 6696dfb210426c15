"""Task 1: the scaled dot product."""

from __future__ import annotations

import math
from collections.abc import Callable

from attnbook import core
from attnbook.classroom.specs.scoring.shared import Array, keeps, multiple, softmaxed
from nbjudge.judging.common_mistakes import negated
from nbjudge.judging.compare import GATE, right_values, symptoms
from nbjudge.judging.draw import arrays
from nbjudge.judging.spec import Case, Mistake, Property, Task, mistakes

__all__ = ["SCALED_DOT", "TABLES"]

TABLES = "qd,kd"


def _divided(by: Callable[[Array, Array], float]) -> Callable[[Array, Array], Array]:
    return lambda queries, keys: core.dot(queries, keys) / by(queries, keys)


def _factor(words: str) -> Callable[[Case], str]:
    def says(case: Case) -> str:
        d = int(case.arguments[0].shape[-1])
        return f"{words.format(root=f'{math.sqrt(d):.3g}', d=d)} at d = {d}"

    return says


VALUES = mistakes(
    Mistake(_factor("you forgot to divide by √d: your scores are {root} times too large"), core.dot),
    Mistake(
        _factor("you divide by d where √d is meant: your scores are {root} times too small"),
        _divided(lambda q, k: q.shape[-1]),
    ),
    Mistake(
        _factor("you multiply by √d where you should divide by it: your scores are {d} times too large"),
        _divided(lambda q, k: q.shape[-1] ** -0.5),
    ),
    "you divide by the root of how many rows or numbers a table has: d is the width, the last axis",
    _divided(lambda q, k: k.shape[0] ** 0.5),
    _divided(lambda q, k: q.shape[0] ** 0.5),
    _divided(lambda q, k: k.size**0.5),
    _divided(lambda q, k: q.size**0.5),
    "you divide by lengths, which is the cosine: here only √d is divided out",
    core.cosine,
    "your scores have the wrong sign: the higher the score, the better the key answers",
    negated(core.scaled_dot),
    "your keys are shuffled: reshape does not turn axes, it cuts the same numbers elsewhere; swap the axes with "
    "np.swapaxes(keys, -1, -2)",
    lambda q, k: core.scaled_dot(q, k.reshape(k.shape[::-1]).T),
    softmaxed(core.scaled_dot),
)
STACKED = (
    "you divide by the root of shape[1], the second size: with leading axes that is no longer the width, which always "
    "stands last, shape[-1]",
    _divided(lambda q, k: q.shape[1] ** 0.5),
    _divided(lambda q, k: k.shape[1] ** 0.5),
)
FACTOR = symptoms(
    "you divide the dot product by a number that is not √d: take d from the arguments, queries.shape[-1], so that it "
    "fits every width",
    lambda case, got: multiple(got, core.dot(*case.arguments)),
)
TURN = "turn the keys first, (q, d) @ (d, k) → (q, k), with np.swapaxes(keys, -1, -2)"

SCALED_DOT = Task(
    name="scaled_dot",
    chapter="scoring",
    asks="Score each key for each query by their dot product, divided by the root of the width.",
    reference=core.scaled_dot,
    properties=(
        Property(
            "values",
            "multiplies number by number, adds up and divides by √d",
            2,
            right_values(
                core.scaled_dot, arrays(TABLES, wide="d"), VALUES, symptoms=FACTOR, shapes=TURN, tolerance=GATE
            ),
        ),
        *keeps(core.scaled_dot, TABLES, "keeps leading axes: (…, q, d) and (…, k, d) give (…, q, k)", *STACKED),
    ),
)
