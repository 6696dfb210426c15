"""Task 5: a small network as a judge."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from attnbook import core
from attnbook.classroom.specs.scoring.inputs import (
    GATE,
    Array,
    Draw,
    Function,
    leading,
    network,
    plain,
)
from attnbook.classroom.specs.scoring.mistakes import softmaxed, table_mistakes
from nbjudge.judging.compare import Symptom, keeps_arguments, right_values
from nbjudge.judging.spec import Case, Mistake, Property, Task

__all__ = ["ADDITIVE"]


def _additive(queries: Array, keys: Array, W_q: Array, W_k: Array, v: Array, bias: Array) -> Array:
    return core.additive(queries, keys, W_q, W_k, v, bias)


def _inside(q: Array, k: Array, W_q: Array, W_k: Array, bias: Array) -> Array:
    return core.dot(q, W_q)[..., :, None, :] + core.dot(k, W_k)[..., None, :, :] + bias  # (…, q, k, h)


def _bent(bend: Callable[[Array], Array]) -> Function:
    return lambda q, k, W_q, W_k, v, bias: bend(_inside(q, k, W_q, W_k, bias)) @ v


def _saturated(draw: Draw) -> Iterator[Case]:
    """What stands inside the tanh goes far beyond what the exponential can hold."""
    for case in plain(network, "qkder")(draw):
        queries, keys, *rest = case.arguments
        yield Case((queries * 1e3, keys * 1e3, *rest))


ADDITIVE = Task(
    name="additive",
    chapter="scoring",
    asks="Score each key for each query with a network of one hidden layer.",
    reference=_additive,
    properties=(
        Property(
            "values",
            "is vᵀ tanh(W_q q + W_k kᵢ + b) for each query and each key",
            2,
            right_values(
                _additive,
                plain(network, "qkder"),
                (
                    Mistake("you forgot tanh: without it the network is a ramp, and no hill", _bent(lambda x: x)),
                    Mistake(
                        "you forgot the bias b: it is added before tanh",
                        lambda q, k, W_q, W_k, v, bias: core.additive(q, k, W_q, W_k, v),
                    ),
                    Mistake(
                        "you add the bias after tanh: b stands inside the bracket",
                        lambda q, k, W_q, W_k, v, bias: (np.tanh(_inside(q, k, W_q, W_k, 0 * bias)) + bias) @ v,
                    ),
                    Mistake(
                        "you add the bias after tanh: b stands inside the bracket",
                        lambda q, k, W_q, W_k, v, bias: core.additive(q, k, W_q, W_k, v) + bias.sum(),
                    ),
                    Mistake(
                        "you add the bias twice, to the query's part and to the key's: once is enough",
                        lambda q, k, W_q, W_k, v, bias: core.additive(q, k, W_q, W_k, v, 2 * bias),
                    ),
                    Mistake(
                        "you bend query and key apart: add W_q q and W_k k first, and then take tanh of the sum",
                        lambda q, k, W_q, W_k, v, bias: (
                            (np.tanh(core.dot(q, W_q))[:, None, :] + np.tanh(core.dot(k, W_k) + bias)[None, :, :]) @ v
                        ),
                    ),
                    Mistake(
                        "you bend query and key apart: add W_q q and W_k k first, and then take tanh of the sum",
                        lambda q, k, W_q, W_k, v, bias: (
                            (np.tanh(core.dot(q, W_q))[:, None, :] + np.tanh(core.dot(k, W_k))[None, :, :] + bias) @ v
                        ),
                    ),
                    Mistake(
                        "v and b stand in each other's place: v comes first, queries, keys, W_q, W_k, v, bias",
                        lambda q, k, W_q, W_k, v, bias: core.additive(q, k, W_q, W_k, bias, v),
                    ),
                    Mistake(
                        "you take tanh of the score: it bends each hidden unit, before v weighs them",
                        lambda q, k, W_q, W_k, v, bias: np.tanh(_inside(q, k, W_q, W_k, bias) @ v),
                    ),
                    Mistake(
                        "you multiply by v before tanh: it weighs what comes out of it",
                        lambda q, k, W_q, W_k, v, bias: np.tanh(_inside(q, k, W_q, W_k, bias) * v).sum(axis=-1),
                    ),
                    Mistake(
                        "you forgot v: each hidden unit's opinion counts as much as v says",
                        lambda q, k, W_q, W_k, v, bias: core.additive(q, k, W_q, W_k, np.ones_like(v), bias),
                    ),
                    Mistake(
                        "you forgot v: each hidden unit's opinion counts as much as v says",
                        lambda q, k, W_q, W_k, v, bias: core.additive(q, k, W_q, W_k, np.ones_like(v) / v.size, bias),
                    ),
                    Mistake(
                        "you return what the hidden units say: v weighs them and adds them up, and the last axis goes",
                        lambda q, k, W_q, W_k, v, bias: np.tanh(_inside(q, k, W_q, W_k, bias)),
                    ),
                    Mistake(
                        "you subtract the key's part: it is added, the name says so",
                        lambda q, k, W_q, W_k, v, bias: core.additive(q, -k, W_q, W_k, v, bias),
                    ),
                    Mistake(
                        "you multiply the query's part with the key's: here they are added",
                        lambda q, k, W_q, W_k, v, bias: (
                            np.tanh(core.dot(q, W_q)[:, None, :] * core.dot(k, W_k)[None, :, :] + bias) @ v
                        ),
                    ),
                    Mistake(
                        "you bend with another function than tanh: it looks like the logistic one, from 0 to 1",
                        _bent(lambda x: 1 / (1 + np.exp(-x))),
                    ),
                    Mistake(
                        "you bend with another function than tanh: it looks like max(0, x)",
                        _bent(lambda x: np.maximum(x, 0)),
                    ),
                    Mistake(
                        "you divide by the root of the number of hidden units: only the dot product is scaled",
                        lambda q, k, W_q, W_k, v, bias: core.additive(q, k, W_q, W_k, v / math.sqrt(v.size), bias),
                    ),
                    Mistake(
                        "you average over the hidden units: v weighs them, and they are added up",
                        lambda q, k, W_q, W_k, v, bias: core.additive(q, k, W_q, W_k, v / v.size, bias),
                    ),
                    softmaxed(_additive),
                ),
                shapes="in the bracket, make room for every pair: (q, 1, h) + (1, k, h) + (h,) → (q, k, h), with "
                "[..., :, None, :] for the query's part and [..., None, :, :] for the key's",
                tolerance=GATE,
            ),
        ),
        Property(
            "tables",
            "keeps leading axes of queries and keys; the parameters are the same for all",
            1,
            right_values(
                _additive,
                leading(network, "qkder"),
                table_mistakes(_additive),
                shapes="with leading axes, write [..., :, None, :] and [..., None, :, :]: they count from the end",
                tolerance=GATE,
            ),
        ),
        Property(
            "saturated",
            "stays finite where the hidden units are quite sure, far out on either side",
            0.5,
            right_values(
                _additive,
                _saturated,
                tolerance=1e-3,  # a rounding error of the arguments is 1000 times as large inside
                symptoms=(
                    Symptom(
                        "what stands in the bracket may be ±1000, too much for an exponential: np.tanh is safe",
                        lambda case, got: not np.isfinite(got).all(),
                    ),
                ),
            ),
        ),
        Property("arguments", "leaves its arguments as they were", 0.5, keeps_arguments(plain(network, "qkder"))),
    ),
)
