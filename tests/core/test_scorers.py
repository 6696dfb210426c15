"""What the chapter's table says of each scorer is measured here."""

import dataclasses

import numpy as np
import pytest
from tests.core.scoring import sample

from attnbook import core
from attnbook.core import SCORERS, Scorer

ALL_SCORERS = list(SCORERS.values())
each_scorer = pytest.mark.parametrize("scorer", ALL_SCORERS, ids=list(SCORERS))


def same(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.allclose(a, b, rtol=1e-9, atol=1e-12))


def rotation(width: int) -> np.ndarray:
    Q, _ = np.linalg.qr(np.random.default_rng(9).normal(size=(width, width)))
    return Q


@each_scorer
def test_function_and_parameters_are_those_of_core(scorer: Scorer) -> None:
    assert scorer.function is getattr(core.scoring, scorer.name)
    assert scorer.parameters == tuple(sample(scorer.name).parameters)


@each_scorer
def test_uses_query(scorer: Scorer) -> None:
    one = sample(scorer.name)
    scores = scorer.function(one.query, one.keys, **one.parameters)
    other = scorer.function(one.query[::-1].copy() + 1.0, one.keys, **one.parameters)
    assert scorer.uses_query is not same(scores, other)


@each_scorer
def test_uses_keys(scorer: Scorer) -> None:
    one = sample(scorer.name)
    scores = scorer.function(one.query, one.keys, **one.parameters)
    other = scorer.function(one.query, one.keys[::-1] ** 3, **one.parameters)
    assert scorer.uses_keys is not same(scores, other)


@each_scorer
def test_symmetric(scorer: Scorer) -> None:
    one = sample(scorer.name, queries=(5,), keys=(5,))
    scores = scorer.function(one.keys, one.keys, **one.parameters)
    assert scorer.symmetric is same(scores, scores.T)


@each_scorer
def test_rotation_invariant(scorer: Scorer) -> None:
    one, R = sample(scorer.name), rotation(4)
    scores = scorer.function(one.query, one.keys, **one.parameters)
    assert scorer.rotation_invariant is same(scores, scorer.function(one.query @ R, one.keys @ R, **one.parameters))


@each_scorer
def test_translation_invariant(scorer: Scorer) -> None:
    one, shift = sample(scorer.name), np.array([0.5, -1.0, 2.0, 0.1])
    scores = scorer.function(one.query, one.keys, **one.parameters)
    moved = scorer.function(one.query + shift, one.keys + shift, **one.parameters)
    assert scorer.translation_invariant is same(scores, moved)


@each_scorer
def test_length_invariant(scorer: Scorer) -> None:
    one = sample(scorer.name)
    scores = scorer.function(one.query, one.keys, **one.parameters)
    longer_query = scorer.function(3.0 * one.query, one.keys, **one.parameters)
    longer_keys = scorer.function(one.query, np.linspace(0.5, 4.0, 5)[:, None] * one.keys, **one.parameters)
    assert scorer.length_invariant is (same(scores, longer_query) and same(scores, longer_keys))


@each_scorer
def test_widths_may_differ(scorer: Scorer) -> None:
    one = sample(scorer.name, widths=(3, 4))
    if scorer.widths_may_differ:
        assert scorer.function(one.query, one.keys, **one.parameters).shape == (3, 5)
    else:
        with pytest.raises(ValueError, match="width"):
            scorer.function(one.query, one.keys, **one.parameters)


@each_scorer
def test_words_and_formula_are_there(scorer: Scorer) -> None:
    assert scorer.label
    assert scorer.formula.count("{") == scorer.formula.count("}")
    assert ("k_i" in scorer.formula) is scorer.uses_keys
    assert ("q" in scorer.formula.replace("sqrt", "")) is scorer.uses_query
    for parameter in scorer.parameters:
        assert {"bias": "b"}.get(parameter, parameter) in scorer.formula
    assert scorer.year is None or 1900 < scorer.year < 2100


def test_the_table_cannot_be_changed_by_accident() -> None:
    with pytest.raises(TypeError):
        SCORERS["dot"] = SCORERS["cosine"]  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        SCORERS["dot"].label = "inner product"  # type: ignore[misc]
