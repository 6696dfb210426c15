"""Task 5: a small network as a judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from attnbook import core
from attnbook.classroom.specs.scoring.shared import Array, leading_axes, softmaxed
from nbjudge.judging.compare import GATE, keeps_arguments, right_values, symptoms
from nbjudge.judging.draw import arrays
from nbjudge.judging.spec import Case, Property, Task, mistakes

__all__ = ["ADDITIVE", "TABLES"]

TABLES = "qe,kd,re,rd,r,r"
Function = Callable[..., Array]


def _parts(bend: Callable[[Array, Array, Array, Array], Array]) -> Function:
    """A wrong way to make a score of the query's part (q, 1, r), the key's (1, k, r), v and the bias."""
    return lambda q, k, W_q, W_k, v, b: bend(core.dot(q, W_q)[..., :, None, :], core.dot(k, W_k)[..., None, :, :], v, b)


def _saturated(draw: np.random.Generator) -> Iterator[Case]:
    """What stands inside the tanh goes far beyond what the exponential can hold."""
    for case in arrays(TABLES)(draw):
        queries, keys, *rest = case.arguments
        yield Case((queries * 1e3, keys * 1e3, *rest))


VALUES = mistakes(
    "you forgot tanh: without it the network is a ramp, and no hill",
    _parts(lambda q, k, v, b: (q + k + b) @ v),
    "you forgot the bias b: it is added before tanh",
    _parts(lambda q, k, v, b: np.tanh(q + k) @ v),
    "you add the bias after tanh: b stands inside the bracket",
    _parts(lambda q, k, v, b: (np.tanh(q + k) + b) @ v),
    _parts(lambda q, k, v, b: np.tanh(q + k) @ v + b.sum()),
    "you add the bias twice, to the query's part and to the key's: once is enough",
    _parts(lambda q, k, v, b: np.tanh(q + b + k + b) @ v),
    "you bend query and key apart: add W_q q and W_k k first, and then take tanh of the sum",
    _parts(lambda q, k, v, b: (np.tanh(q) + np.tanh(k + b)) @ v),
    _parts(lambda q, k, v, b: (np.tanh(q) + np.tanh(k) + b) @ v),
    "v and b stand in each other's place: v comes first, queries, keys, W_q, W_k, v, bias",
    _parts(lambda q, k, v, b: np.tanh(q + k + v) @ b),
    "you take tanh of the score: it bends each hidden unit, before v weighs them",
    _parts(lambda q, k, v, b: np.tanh((q + k + b) @ v)),
    "you multiply by v before tanh: it weighs what comes out of it",
    _parts(lambda q, k, v, b: np.tanh((q + k + b) * v).sum(axis=-1)),
    "you forgot v: each hidden unit's opinion counts as much as v says",
    _parts(lambda q, k, v, b: np.tanh(q + k + b).sum(axis=-1)),
    _parts(lambda q, k, v, b: np.tanh(q + k + b).mean(axis=-1)),
    "you return what the hidden units say: v weighs them and adds them up, and the last axis goes",
    _parts(lambda q, k, v, b: np.tanh(q + k + b)),
    "you subtract the key's part: it is added, the name says so",
    _parts(lambda q, k, v, b: np.tanh(q - k + b) @ v),
    "you multiply the query's part with the key's: here they are added",
    _parts(lambda q, k, v, b: np.tanh(q * k + b) @ v),
    "you bend with another function than tanh: it looks like the logistic one, from 0 to 1",
    _parts(lambda q, k, v, b: (1 / (1 + np.exp(-(q + k + b)))) @ v),
    "you bend with another function than tanh: it looks like max(0, x)",
    _parts(lambda q, k, v, b: np.maximum(q + k + b, 0) @ v),
    "you divide by the number of hidden units, or its root: v weighs them, and they are added up",
    _parts(lambda q, k, v, b: np.tanh(q + k + b) @ v / v.size),
    _parts(lambda q, k, v, b: np.tanh(q + k + b) @ v / v.size**0.5),
    softmaxed(core.additive),
)
ROOM = (
    "in the bracket, make room for every pair: (q, 1, h) + (1, k, h) + (h,) → (q, k, h), with [..., :, None, :] for "
    "the query's part and [..., None, :, :] for the key's"
)
FINITE = symptoms(
    "what stands in the bracket may be ±1000, too much for an exponential: np.tanh is safe",
    lambda case, got: not np.isfinite(got).all(),
)
FROM_THE_END = "write [..., :, None, :] and [..., None, :, :]: they count from the end"

ADDITIVE = Task(
    name="additive",
    chapter="scoring",
    asks="Score each key for each query with a network of one hidden layer.",
    reference=core.additive,
    properties=(
        Property(
            "values",
            "is vᵀ tanh(W_q q + W_k kᵢ + b) for each query and each key",
            2,
            right_values(core.additive, arrays(TABLES), VALUES, shapes=ROOM, tolerance=GATE),
        ),
        Property(
            "tables",
            "keeps leading axes of queries and keys; the parameters are the same for all",
            1,
            leading_axes(core.additive, TABLES, FROM_THE_END),
        ),
        Property(
            "saturated",
            "stays finite where the hidden units are quite sure, far out on either side",
            0.5,
            # a rounding error of the arguments is 1000 times as large inside
            right_values(core.additive, _saturated, symptoms=FINITE, tolerance=1e-3),
        ),
        Property("arguments", "leaves its arguments as they were", 0.5, keeps_arguments(arrays(TABLES))),
    ),
)
