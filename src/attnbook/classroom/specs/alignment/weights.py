"""The second task: weights from scores, under a mask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from attnbook import core
from attnbook.classroom.specs.alignment.drawing import (
    Array,
    Cases,
    Generator,
    floats,
    loud_tables,
    low_tables,
    some_mask,
    tables,
    unlit_tables,
    warm_tables,
)
from nbjudge.judging.compare import Symptom, keeps_arguments, right_values
from nbjudge.judging.difference import difference
from nbjudge.judging.spec import Ask, Case, Mistake, Property, Task

__all__ = ["WEIGHTS", "masked_weights"]


def masked_weights(scores: Array, mask: Array, temperature: float = 1.0) -> Array:
    """What the chapter calls softmax."""
    return core.softmax(floats(scores), mask=mask, temperature=temperature)


def _late(scores: Array, mask: Array, temperature: float = 1.0) -> Array:
    return np.where(mask, core.softmax(scores, temperature=temperature), 0)


def _filled(fill: float) -> Callable[..., Array]:
    return lambda scores, mask: core.softmax(np.where(mask, scores, fill))


def _rows(got: Array) -> Array:
    return got.sum(axis=-1)


WEIGHT_MISTAKES = (
    Mistake(
        "your weights sum to 1 over the wrong axis: each row, that is each target word, shares out its own attention, "
        "so the sum runs over the last axis, with keepdims=True",
        lambda scores, mask: core.softmax(scores.T, mask=mask.T).T,
    ),
    Mistake(
        "your weights sum to 1 over the whole table: each row shares out its own attention, so the sum runs over the "
        "last axis, with keepdims=True",
        lambda scores, mask: core.softmax(scores.ravel(), mask=mask.ravel()).reshape(scores.shape),
    ),
    Mistake(
        "you set weights to 0 after the softmax: your rows no longer sum to 1, because forbidden scores are still in "
        "the sum below the line; forbid them before the exponential",
        _late,
    ),
    Mistake(
        "your mask is inverted: True means that a word may be read, so −∞ belongs where the mask is False",
        lambda scores, mask: core.softmax(scores, mask=~mask),
    ),
    Mistake(
        "you set forbidden scores to 0: zero is a score like any other, and its exponential is 1; it takes −∞",
        _filled(0.0),
    ),
    Mistake("you do not use the mask: forbidden words get weight", lambda scores, mask: core.softmax(scores)),
    Mistake(
        "you take the exponential, but you do not divide each row by its sum",
        lambda scores, mask: np.where(mask, np.exp(scores), 0),
    ),
    Mistake(
        "your highest scores get the smallest weights: there is a minus sign too many",
        lambda scores, mask: core.softmax(-scores, mask=mask),
    ),
    Mistake(
        "you raise 2 to the power of the scores: softmax takes the exponential, np.exp",
        lambda scores, mask: core.softmax(scores * np.log(2), mask=mask),
    ),
    Mistake(
        "you give everything to the highest score of a row: softmax leaves the others a share",
        lambda scores, mask: core.softmax(scores, mask=mask, temperature=1e-7),
    ),
    Mistake(
        "you apply the softmax twice: what comes out of it are weights already",
        lambda scores, mask: core.softmax(core.softmax(scores, mask=mask), mask=mask),
    ),
)
WEIGHT_SYMPTOMS = (
    Symptom(
        "your result has NaN in it: do you multiply ∞ by 0, or add it? np.where(mask, …, −np.inf) puts it in its place",
        lambda _, got: bool(np.isnan(got).any()),
    ),
    Symptom("some of your weights are negative: divide exponentials, not scores", lambda _, got: bool((got < 0).any())),
    Symptom("your forbidden words get weight", lambda case, got: bool((got[~case.arguments[1]] != 0).any())),
    Symptom(
        "your rows do not sum to 1: divide the exponentials of a row by their sum, which runs over the last axis",
        lambda _, got: not np.allclose(_rows(got), 1),
    ),
)
NARROW = "e to the power of 1000 is more than a computer can hold, and e to the power of −1000 is 0: subtract"
LEAK = (
    "a forbidden score is still read: when it is very high, nothing is left for the others; set it to −∞ before you "
    "look for the highest score and before the exponential"
)
FINITE = "you forbid with a finite number such as −1e9, and scores may be lower; only −∞ (−np.inf) is lower than all"


def _kept_tables(generator: Generator) -> Cases:
    """At a temperature of 1, what divides the caller's own scores by it would not be seen."""
    yield from unlit_tables(generator)
    yield from warm_tables(generator)


def _kinds(ask: Ask, generator: Generator) -> str:
    def whole(generator: Generator) -> Cases:
        yield Case((generator.integers(-3, 4, (3, 5)), some_mask(generator, 3, 5)))

    if fault := right_values(masked_weights, whole)(ask, generator):
        return f"with whole numbers as scores: {fault}"
    mask = some_mask(generator, 4, 6)
    scores = generator.normal(0, 1, (4, 6)).astype("float32")
    got = ask(scores, mask)
    if fault := difference(got, masked_weights(scores.astype(float), mask), tolerance=1e-4):
        return f"with float32 scores: {fault}"
    if getattr(got, "dtype", None) != np.float32:
        return (
            "float32 scores come back as another kind of number: a float64 array joins in, perhaps from astype or zeros"
        )
    return ""


WEIGHTS = Task(
    "masked_weights",
    "alignment",
    "Turn scores into weights under a mask.",
    masked_weights,
    (
        Property(
            "shares",
            "gives each row weights that sum to 1 and nothing to what is forbidden",
            1,
            right_values(
                masked_weights,
                tables,
                WEIGHT_MISTAKES,
                symptoms=WEIGHT_SYMPTOMS,
                shapes="where you take the highest or the sum of each row, keep its axis with keepdims=True",
            ),
        ),
        Property(
            "temperature",
            "divides the scores by the temperature",
            0.5,
            right_values(
                masked_weights,
                warm_tables,
                [
                    Mistake(
                        "you multiply by the temperature: divide the scores by it, so that cold decides",
                        lambda scores, mask, temperature: masked_weights(scores, mask, 1 / temperature),
                    ),
                    Mistake(
                        "you do not use the temperature, or it cancels out: divide the scores by it first",
                        lambda scores, mask, temperature: masked_weights(scores, mask),
                    ),
                    Mistake(
                        "you divide the weights by the temperature: divide the scores, before the exponential",
                        lambda scores, mask, temperature: masked_weights(scores, mask) / temperature,
                    ),
                    Mistake(
                        "you divide by the root of the temperature: the scores are divided by T itself",
                        lambda scores, mask, temperature: masked_weights(scores, mask, temperature**0.5),
                    ),
                ],
                symptoms=WEIGHT_SYMPTOMS,
            ),
        ),
        Property(
            "stable",
            "keeps its head with very high and very low scores",
            0.5,
            right_values(
                masked_weights,
                low_tables,
                [
                    Mistake(FINITE, _filled(-1e9)),
                    Mistake(FINITE, lambda scores, mask: np.where(mask, _filled(-1e9)(scores, mask), 0)),
                    Mistake(
                        f"{NARROW} from each row its own highest score, not one number from the whole table",
                        lambda scores, mask: _sunk(scores, mask, scores[mask].max()),
                    ),
                    Mistake(
                        f"{NARROW} from each row its own highest score: you subtract the highest of each column",
                        lambda scores, mask: _sunk(
                            scores, mask, np.where(mask, scores, -np.inf).max(axis=0, keepdims=True)
                        ),
                    ),
                ],
                symptoms=[
                    Symptom(
                        f"{NARROW} each row's highest score first, which changes no difference",
                        lambda _, got: not np.isfinite(got).all() or not np.allclose(_rows(got), 1),
                    ),
                    Symptom(
                        "your weights of very high or very low scores are wrong: do you cut scores off? "
                        "Subtract each row's highest score instead, which changes no difference",
                        lambda _, got: True,
                    ),
                ],
            ),
        ),
        Property(
            "silent",
            "never reads a forbidden score, however high it is above the others",
            0.5,
            right_values(
                masked_weights,
                loud_tables,
                symptoms=[Symptom(LEAK, lambda _, got: True)],
            ),
        ),
        Property(
            "empty",
            "gives zeros to a row that may attend to nothing",
            1,
            right_values(
                masked_weights,
                unlit_tables,
                symptoms=[
                    Symptom(
                        "one row that may attend to nothing spoils the other rows of your result",
                        lambda case, got: not np.isfinite(got[case.arguments[1].any(axis=-1)]).all(),
                    ),
                    Symptom(
                        "a row that may attend to nothing comes out as NaN (−∞ − (−∞), or 0/0): such a row has "
                        "weights of 0",
                        lambda _, got: bool(np.isnan(got).any()),
                    ),
                    Symptom(
                        "a row that may attend to nothing gets weights all the same, which deals out what must not be "
                        "read: such a row has weights of 0",
                        lambda case, got: bool((got[~case.arguments[1].any(axis=-1)] != 0).any()),
                    ),
                    Symptom(
                        "a row that may attend to nothing changes the other rows: each row is on its own",
                        lambda _, got: True,
                    ),
                ],
            ),
        ),
        Property("keeps", "leaves scores and mask as they were", 0.5, keeps_arguments(_kept_tables)),
        Property("kinds", "takes whole numbers, and gives float32 for float32", 0.5, _kinds),
    ),
)


def _sunk(scores: Array, mask: Array, level: Any) -> Array:
    """Where a row lies too far below the level that was subtracted, nothing is left of it."""
    share = np.where(mask, np.exp(scores - level), 0)
    return share / share.sum(axis=-1, keepdims=True)
