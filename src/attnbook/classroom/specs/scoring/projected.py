"""Task 4: a map for the query, a map for the key."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from attnbook import core
from attnbook.classroom.specs.scoring.inputs import (
    GATE,
    Array,
    Function,
    mapped,
    plain,
)
from attnbook.classroom.specs.scoring.mistakes import keeps, multiple, softmaxed
from nbjudge.judging.compare import Symptom, right_values
from nbjudge.judging.spec import Case, Mistake, Property, Task

__all__ = ["PROJECTED"]


def _projected(queries: Array, keys: Array, W_q: Array, W_k: Array) -> Array:
    return core.low_rank_bilinear(queries, keys, W_q, W_k) / math.sqrt(W_q.shape[0])


def _scaled_by(size: Callable[[Array, Array, Array, Array], float]) -> Function:
    return lambda q, k, W_q, W_k: core.low_rank_bilinear(q, k, W_q, W_k) / size(q, k, W_q, W_k)


def _factor(case: Case, got: Array) -> bool:
    """Is it the right product but for one factor?"""
    return multiple(got, core.low_rank_bilinear(*case.arguments))


def _rank(case: Case) -> int:
    return int(case.arguments[2].shape[0])


def _no_root_of_rank(case: Case) -> str:
    r = _rank(case)
    return f"you forgot to divide by √r: your scores are {math.sqrt(r):.3g} times too large at r = {r}"


PROJECTED = Task(
    name="projected",
    chapter="scoring",
    asks="Map queries and keys to one space of width r and take the scaled dot product there.",
    reference=_projected,
    properties=(
        Property(
            "values",
            "maps both to the space where they meet, and divides their dot product by the right root",
            2,
            right_values(
                _projected,
                plain(mapped, "qkder", wide="r"),
                (
                    Mistake(_no_root_of_rank, core.low_rank_bilinear),
                    Mistake(
                        "you divide by the root of the query's width: after the maps the dot product has r numbers",
                        _scaled_by(lambda q, k, W_q, W_k: math.sqrt(q.shape[-1])),
                    ),
                    Mistake(
                        "you divide by the root of the key's width: after the maps the dot product has r numbers",
                        _scaled_by(lambda q, k, W_q, W_k: math.sqrt(k.shape[-1])),
                    ),
                    Mistake(
                        "you divide by the root of the number of keys: r is the number of rows of W_q and W_k",
                        _scaled_by(lambda q, k, W_q, W_k: math.sqrt(k.shape[0])),
                    ),
                    Mistake(
                        "you divide by r where √r is meant",
                        _scaled_by(lambda q, k, W_q, W_k: W_q.shape[0]),
                    ),
                    Mistake(
                        "you divide twice: √r once is enough, and no other width counts",
                        _scaled_by(lambda q, k, W_q, W_k: math.sqrt(W_q.shape[0] * q.shape[-1])),
                    ),
                    Mistake(
                        "you divide twice: √r once is enough, and no other width counts",
                        _scaled_by(lambda q, k, W_q, W_k: math.sqrt(W_q.shape[0] * k.shape[-1])),
                    ),
                    Mistake(
                        "you bend what comes out of the maps with tanh: they are plain matrix products here",
                        lambda q, k, W_q, W_k: core.scaled_dot(np.tanh(core.dot(q, W_q)), np.tanh(core.dot(k, W_k))),
                    ),
                    Mistake(
                        "you compare directions after the maps: here the dot product is divided by √r only",
                        lambda q, k, W_q, W_k: core.cosine(core.dot(q, W_q), core.dot(k, W_k)),
                    ),
                    softmaxed(_projected),
                ),
                symptoms=(
                    Symptom(
                        "you divide by a number that is not √r: take r from the maps, W_q.shape[0]",
                        _factor,
                    ),
                ),
                shapes="a map takes each row: (q, dq) @ (dq, r) → (q, r), so W_q, which has shape (r, dq), must be "
                "turned, and W_k likewise",
                tolerance=GATE,
            ),
        ),
        *keeps(
            _projected, mapped, "qkder", tables="keeps leading axes of queries and keys; the maps are the same for all"
        ),
    ),
)
