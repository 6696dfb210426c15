"""Task 4: a map for the query, a map for the key."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from attnbook import core
from attnbook.classroom.specs.scoring.shared import Array, keeps, multiple, softmaxed
from nbjudge.judging.compare import GATE, right_values, symptoms
from nbjudge.judging.draw import arrays
from nbjudge.judging.spec import Case, Mistake, Property, Task, mistakes

__all__ = ["PROJECTED", "TABLES"]

TABLES = "qe,kd,re,rd"


def _projected(queries: Array, keys: Array, W_q: Array, W_k: Array) -> Array:
    return core.low_rank_bilinear(queries, keys, W_q, W_k) / math.sqrt(W_q.shape[0])


def _root_of(size: Callable[[Array, Array, int], float]) -> Callable[..., Array]:
    return lambda q, k, W_q, W_k: core.low_rank_bilinear(q, k, W_q, W_k) / math.sqrt(size(q, k, W_q.shape[0]))


def _no_root(case: Case) -> str:
    r = int(case.arguments[2].shape[0])
    return f"you forgot to divide by √r: your scores are {math.sqrt(r):.3g} times too large at r = {r}"


VALUES = mistakes(
    Mistake(_no_root, core.low_rank_bilinear),
    "you divide by the root of the query's width: after the maps the dot product has r numbers",
    _root_of(lambda q, k, r: q.shape[-1]),
    "you divide by the root of the key's width: after the maps the dot product has r numbers",
    _root_of(lambda q, k, r: k.shape[-1]),
    "you divide by the root of the number of keys: r is the number of rows of W_q and W_k",
    _root_of(lambda q, k, r: k.shape[0]),
    "you divide by r where √r is meant",
    _root_of(lambda q, k, r: r**2),
    "you divide twice: √r once is enough, and no other width counts",
    _root_of(lambda q, k, r: r * q.shape[-1]),
    _root_of(lambda q, k, r: r * k.shape[-1]),
    "you bend what comes out of the maps with tanh: they are plain matrix products here",
    lambda q, k, W_q, W_k: core.scaled_dot(np.tanh(core.dot(q, W_q)), np.tanh(core.dot(k, W_k))),
    "you compare directions after the maps: here the dot product is divided by √r only",
    lambda q, k, W_q, W_k: core.cosine(core.dot(q, W_q), core.dot(k, W_k)),
    softmaxed(_projected),
)
FACTOR = symptoms(
    "you divide by a number that is not √r: take r from the maps, W_q.shape[0]",
    lambda case, got: multiple(got, core.low_rank_bilinear(*case.arguments)),
)
SHAPES = (
    "a map takes each row: (q, dq) @ (dq, r) → (q, r), so W_q, which has shape (r, dq), must be turned, and W_k "
    "likewise"
)

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
            right_values(_projected, arrays(TABLES, wide="r"), VALUES, symptoms=FACTOR, shapes=SHAPES, tolerance=GATE),
        ),
        *keeps(_projected, TABLES, "keeps leading axes of queries and keys; the maps are the same for all"),
    ),
)
