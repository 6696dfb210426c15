"""Checks of the choices that attention is put together from, and faults that they must notice: see machinery.py."""

import math
from typing import Any

import numpy as np
from tests.core.machinery import Function, close, quietly

from attnbook.core.landscape import (
    allowed,
    as_it_is,
    average,
    best,
    divide,
    drawn,
    each_by_itself,
    everything,
    gates,
    powers,
    share,
    the_weights,
    with_sink,
)

SHAPES = [(1, 4), (3, 5), (2, 3, 4), (4, 1)]


def tables(seed: int) -> Any:
    """Scores of several shapes, and which of them may count: at least one in each row, except in the last table."""
    rng = np.random.default_rng(seed)
    for shape in SHAPES:
        chosen = rng.random(shape) < 0.6
        chosen[..., rng.integers(shape[-1])] = True
        yield 2 * rng.normal(size=shape), chosen
    yield rng.normal(size=(2, 3)), np.array([[True, False, True], [False, False, False]])


def check_everything(function: Function) -> None:
    for scores, _ in tables(131):
        chosen = quietly(function, scores)
        assert chosen.dtype == bool
        assert chosen.shape == scores.shape
        assert chosen.all()


def check_allowed(function: Function) -> None:
    for scores, chosen in tables(132):
        close(quietly(function, chosen)(scores), chosen)
        close(quietly(function, chosen[..., :1, :])(scores), chosen[..., :1, :] & np.ones(scores.shape, dtype=bool))


def check_best(function: Function) -> None:
    ties = np.array([[1.0, 3.0, 3.0], [-2.0, -2.0, -5.0]])
    for scores in [*(scores for scores, _ in tables(133)), ties]:
        chosen = quietly(function, scores)
        for row in np.ndindex(*scores.shape[:-1]):
            first = list(scores[row]).index(max(scores[row]))
            assert list(chosen[row]) == [i == first for i in range(scores.shape[-1])]


def check_drawn(function: Function) -> None:
    rng = np.random.default_rng(134)
    for scores, _ in tables(134):
        uniform = rng.random(scores.shape[:-1])
        chosen = quietly(function, uniform)(scores)
        for row in np.ndindex(*scores.shape[:-1]):
            e = [math.exp(s) for s in scores[row]]
            running = [math.fsum(e[: i + 1]) / math.fsum(e) for i in range(len(e))]
            z = next(i for i, total in enumerate(running) if total > uniform[row])
            assert list(chosen[row]) == [i == z for i in range(len(e))]


def weigh(function: Function, seed: int, rule: Any, *, positive: bool = False) -> None:
    """Compare weights with ``rule(scores of the chosen, all chosen scores)`` of each key, number by number."""
    for scores, chosen in tables(seed):
        scores = np.abs(scores) if positive else scores
        weights = quietly(function, scores, chosen)
        for row in np.ndindex(*scores.shape[:-1]):
            some = [s for s, there in zip(scores[row], chosen[row], strict=True) if there]
            wanted = [rule(s, some) if there else 0 for s, there in zip(scores[row], chosen[row], strict=True)]
            close(weights[row], wanted)


def check_share(function: Function) -> None:
    weigh(function, 135, lambda s, some: math.exp(s) / math.fsum(math.exp(x) for x in some))


def check_with_sink(function: Function) -> None:
    for sink in (0.0, 1.5, -2.0):
        weigh(
            quietly(function, sink),
            136,
            lambda s, some, sink=sink: math.exp(s) / (math.exp(sink) + math.fsum(math.exp(x) for x in some)),
        )


def check_gates(function: Function) -> None:
    weigh(function, 137, lambda s, _: 1 / (1 + math.exp(-s)))


def check_divide(function: Function) -> None:
    weigh(function, 138, lambda s, some: s / math.fsum(some), positive=True)
    close(quietly(function, np.zeros((1, 2)), np.array([[True, True]])), [[0, 0]], what="no score above 0")


def check_powers(function: Function) -> None:
    weigh(function, 139, lambda s, _: math.exp(s))


def check_as_it_is(function: Function) -> None:
    weigh(function, 140, lambda s, _: s)


def check_average(function: Function) -> None:
    rng = np.random.default_rng(141)
    for weights, _ in tables(141):
        values = rng.normal(size=(*weights.shape[:-2], weights.shape[-1], 3))
        output = quietly(function, weights, values)
        for *batch, q, v in np.ndindex(*output.shape):
            row, column = weights[(*batch, q)], values[(*batch, slice(None), v)]
            close(output[(*batch, q, v)], math.fsum(w * x for w, x in zip(row, column, strict=True)))


def check_each_by_itself(function: Function) -> None:
    rng = np.random.default_rng(142)
    for batch, k, v in [((), 4, 3), ((2,), 3, 1), ((2, 3), 1, 2)]:
        weights, values = rng.normal(size=(*batch, 1, k)), rng.normal(size=(*batch, k, v))
        output = quietly(function, weights, values)
        assert output.shape == values.shape
        for index in np.ndindex(*output.shape):
            *row, i, _ = index
            close(output[index], weights[(*row, 0, i)] * values[index])


def check_the_weights(function: Function) -> None:
    for weights, _ in tables(143):
        close(quietly(function, weights, np.full((9, 9), np.nan)), weights)


def check_assemble(function: Function) -> None:
    rng = np.random.default_rng(144)
    for batch, q, k, d, v in [((), 3, 5, 2, 4), ((2,), 1, 3, 4, 2)]:
        query, keys, values = (rng.normal(size=(*batch, *shape)) for shape in [(q, d), (k, d), (k, v)])
        scores = np.array([[[sum(a * b for a, b in zip(x, y, strict=True)) for y in keys.reshape(-1, k, d)[i]]
            for x in query.reshape(-1, q, d)[i]] for i in range(math.prod(batch))]).reshape(*batch, q, k)  # fmt: skip
        seen = []

        def select(found: Any, scores: Any = scores, seen: list[Any] = seen) -> Any:
            close(found, scores, what="who may count is decided by the scores")
            seen.append("select")
            return found > np.sort(found, axis=-1)[..., :1]  # all but the lowest

        def normalise(found: Any, chosen: Any, scores: Any = scores, seen: list[Any] = seen) -> Any:
            close(found, scores, what="shares are made of the scores")
            seen.append("normalise")
            return np.where(chosen, found * chosen.sum(axis=-1, keepdims=True), 0.0)

        def read(weights: Any, given: Any, seen: list[Any] = seen, values: Any = values) -> Any:
            close(given, values)
            seen.append("read")
            return weights.sum(axis=-1)

        options = {"score": lambda a, b: a @ b.swapaxes(-1, -2), "select": select, "normalise": normalise, "read": read}
        output, weights = quietly(function, query, keys, values, **options)
        wanted = np.where(scores > scores.min(axis=-1, keepdims=True), (k - 1) * scores, 0.0)
        close(weights, wanted)
        close(output, wanted.sum(axis=-1))
        assert seen == ["select", "normalise", "read"]
        plain = {"score": options["score"]}
        output, weights = quietly(function, query, keys, values, **plain)
        e = np.exp(scores)
        close(weights, e / e.sum(axis=-1, keepdims=True), what="softmax over all keys, unless told otherwise")
        close(output, weights @ values, what="an average, unless told otherwise")


# --- faults: the shipped choices, changed -------------------------------------------------------------------------


def _or(choice: Function, **wrong: Function) -> Function:
    """A right function, and wrong ones to choose by name."""

    def function(*given: Any, fault: str = "", **options: Any) -> Any:
        return wrong[fault.replace(" ", "_")](*given, **options) if fault else choice(*given, **options)

    return function


def _assemble(query: Any, keys: Any, values: Any, *, fault: str = "", **choices: Any) -> Any:
    named = {"select": everything, "normalise": share, "read": average, **choices}
    scores = named["score"](query, keys)
    chosen = named["select"](scores)
    if fault == "selects weights":
        weights = named["normalise"](scores, everything(scores)) * chosen
    elif fault == "selects nothing":
        weights = named["normalise"](scores, everything(scores))
    else:
        weights = named["normalise"](scores, chosen)
    return named["read"](scores if fault == "reads scores" else weights, values), weights


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "everything": (
        _or(everything, the_best=best, numbers=lambda s: np.ones_like(s)),
        ("the best", "numbers"),
    ),
    "allowed": (
        _or(
            allowed,
            forbidden=lambda mask: lambda s: ~mask & np.ones(s.shape, dtype=bool),
            not_spread=lambda mask: lambda s: mask[..., :1],
        ),
        ("forbidden", "not spread"),
    ),
    "best": (
        _or(best, all_of_the_best=lambda s: s == s.max(axis=-1, keepdims=True), worst=lambda s: best(-s)),
        ("all of the best", "worst"),
    ),
    "drawn": (
        _or(
            drawn,
            backwards=lambda u: lambda s: drawn(u)(s[..., ::-1])[..., ::-1],
            always_the_best=lambda u: best,
        ),
        ("backwards", "always the best"),
    ),
    "share": (
        _or(
            share,
            shares_lost=lambda s, c: share(s, everything(s)) * c,
            down_the_column=lambda s, c: share(s.swapaxes(-1, -2), c.swapaxes(-1, -2)).swapaxes(-1, -2),
        ),
        ("shares lost", "down the column"),
    ),
    "with_sink": (
        _or(with_sink, no_sink=lambda sink: share, always_0=lambda sink: with_sink(0.0)),
        ("no sink", "always 0"),
    ),
    "gates": (
        _or(gates, softmax=share, forbidden_half_open=lambda s, c: gates(np.where(c, s, 0.0), everything(s))),
        ("softmax", "forbidden half open"),
    ),
    "divide": (
        _or(
            divide,
            by_all=lambda s, c: s * c / s.sum(axis=-1, keepdims=True),
            by_the_largest=lambda s, c: as_it_is(s, c) / np.maximum(as_it_is(s, c).max(axis=-1, keepdims=True), 1e-300),
        ),
        ("by all", "by the largest"),
    ),
    "powers": (
        _or(powers, of_two=lambda s, c: as_it_is(2.0**s, c), forbidden_too=lambda s, c: np.exp(s)),
        ("of two", "forbidden too"),
    ),
    "as_it_is": (
        _or(as_it_is, forbidden_too=lambda s, c: s, positive=lambda s, c: as_it_is(np.maximum(s, 0), c)),
        ("forbidden too", "positive"),
    ),
    "average": (
        _or(
            average,
            scaled_up=lambda w, v: w @ v / w.sum(axis=-1, keepdims=True),
            plain=lambda w, v: np.ones_like(w) @ v,
        ),
        ("scaled up", "plain"),
    ),
    "each_by_itself": (
        _or(each_by_itself, summed=average, unweighted=lambda w, v: v * np.ones_like(w.swapaxes(-1, -2))),
        ("summed", "unweighted"),
    ),
    "the_weights": (
        _or(the_weights, whole=lambda w, v: np.round(w), turned=lambda w, v: w.swapaxes(-1, -2)),
        ("whole", "turned"),
    ),
    "assemble": (_assemble, ("selects weights", "selects nothing", "reads scores")),
}
