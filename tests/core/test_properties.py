"""What must hold for any numbers, tried on numbers that hypothesis looks for."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.core.samples import LEARNED, NAMES

from attnbook import core
from attnbook.core.alignment import alignment_error_rate

SYMMETRIC = ["dot", "scaled_dot", "cosine", "negative_distance"]
ROTATION_INVARIANT = [*SYMMETRIC, "summed_distance"]


def numbers(*shape: int, size: float = 5.0) -> st.SearchStrategy[np.ndarray]:
    return arrays("float64", shape, elements=st.floats(-size, size, allow_subnormal=False))


@st.composite
def problems(draw: st.DrawFn, name: str) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """A query, keys and parameters that fit."""
    queries, keys, width = (draw(st.integers(1, 4)) for _ in range(3))
    shapes = LEARNED[name](width, width, keys) if name in LEARNED else {}
    learned = {parameter: draw(numbers(*shape)) for parameter, shape in shapes.items()}
    return draw(numbers(queries, width)), draw(numbers(keys, width)), learned


def rows_of_scores(size: float = 5.0) -> st.SearchStrategy[np.ndarray]:
    return st.tuples(st.integers(1, 3), st.integers(1, 6)).flatmap(lambda shape: numbers(*shape, size=size))


@st.composite
def masked_scores(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    scores = draw(rows_of_scores(size=800.0))
    return scores, draw(arrays("bool", scores.shape))


close = {"rtol": 1e-8, "atol": 1e-8}
scorer = pytest.mark.parametrize("name", NAMES)
temperatures = st.floats(0.05, 50.0)


@scorer
@given(data=st.data())
def test_scores_are_finite_and_have_the_shape_of_the_formula(name: str, data: st.DataObject) -> None:
    query, keys, learned = data.draw(problems(name))
    scores = getattr(core, name)(query, keys, **learned)
    assert scores.shape == (len(query), len(keys))
    assert np.isfinite(scores).all()


@scorer
@given(data=st.data())
def test_a_batch_is_a_loop(name: str, data: st.DataObject) -> None:
    query, keys, learned = data.draw(problems(name))
    function = getattr(core, name)
    batch = function(np.stack([query, query + 1]), np.stack([keys, keys * 2]), **learned)
    np.testing.assert_allclose(batch[0], function(query, keys, **learned), **close)
    np.testing.assert_allclose(batch[1], function(query + 1, keys * 2, **learned), **close)


@scorer
@given(data=st.data())
def test_reordered_queries_give_reordered_rows(name: str, data: st.DataObject) -> None:
    query, keys, learned = data.draw(problems(name))
    order = data.draw(st.permutations(range(len(query))))
    function = getattr(core, name)
    expected = function(query, keys, **learned)[order]
    np.testing.assert_allclose(function(query[order], keys, **learned), expected, **close)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "location"])
@given(data=st.data())
def test_reordered_keys_give_reordered_scores(name: str, data: st.DataObject) -> None:
    query, keys, learned = data.draw(problems(name))
    order = data.draw(st.permutations(range(len(keys))))
    function = getattr(core, name)
    expected = function(query, keys, **learned)[:, order]
    np.testing.assert_allclose(function(query, keys[order], **learned), expected, **close)


@pytest.mark.parametrize("name", SYMMETRIC)
@given(data=st.data())
def test_query_and_key_may_change_places(name: str, data: st.DataObject) -> None:
    query, keys, _ = data.draw(problems(name))
    function = getattr(core, name)
    np.testing.assert_allclose(function(query, keys), function(keys, query).T, **close)


@pytest.mark.parametrize("name", ROTATION_INVARIANT)
@given(data=st.data(), angle=st.floats(-4.0, 4.0))
def test_turning_everything_changes_nothing(name: str, data: st.DataObject, angle: float) -> None:
    query, keys = data.draw(numbers(3, 2)), data.draw(numbers(4, 2))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    function = getattr(core, name)
    np.testing.assert_allclose(function(query @ turn.T, keys @ turn.T), function(query, keys), rtol=1e-6, atol=1e-6)


@given(data=st.data(), a=st.floats(1e-3, 1e3), b=st.floats(1e-3, 1e3))
def test_cosine_ignores_lengths_and_stays_within_one(data: st.DataObject, a: float, b: float) -> None:
    query, keys, _ = data.draw(problems("cosine"))
    scores = core.cosine(query, keys)
    assert np.abs(scores).max() <= 1 + 1e-12
    np.testing.assert_allclose(core.cosine(a * query, b * keys), scores, **close)


@given(data=st.data())
def test_distance_obeys_the_triangle(data: st.DataObject) -> None:
    x, y, z = (data.draw(numbers(1, 3)) for _ in range(3))
    direct = -core.negative_distance(x, z)
    assert direct >= 0
    assert direct <= -core.negative_distance(x, y) - core.negative_distance(y, z) + 1e-9


@given(scores=rows_of_scores(size=800.0), temperature=temperatures)
def test_weights_are_a_distribution(scores: np.ndarray, temperature: float) -> None:
    weights = core.softmax(scores, temperature=temperature)
    assert ((weights >= 0) & (weights <= 1)).all()
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-12)


@given(case=masked_scores())
def test_masked_rows_sum_to_one_or_to_nothing(case: tuple[np.ndarray, np.ndarray]) -> None:
    scores, mask = case
    weights = core.softmax(scores, mask=mask)
    assert (weights[~mask] == 0).all()
    np.testing.assert_allclose(weights.sum(axis=-1), mask.any(axis=-1).astype(float), rtol=1e-12)


@given(case=masked_scores(), other=st.floats(-1e6, 1e6))
def test_forbidden_scores_do_not_matter(case: tuple[np.ndarray, np.ndarray], other: float) -> None:
    scores, mask = case
    changed = np.where(mask, scores, other)
    np.testing.assert_array_equal(core.softmax(scores, mask=mask), core.softmax(changed, mask=mask))


@given(scores=rows_of_scores(), shift=st.floats(-100, 100), temperature=temperatures)
def test_adding_a_constant_changes_nothing(scores: np.ndarray, shift: float, temperature: float) -> None:
    np.testing.assert_allclose(
        core.softmax(scores + shift, temperature=temperature), core.softmax(scores, temperature=temperature), **close
    )


@given(scores=rows_of_scores(), data=st.data())
def test_reordered_scores_give_reordered_weights(scores: np.ndarray, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(scores.shape[-1])))
    np.testing.assert_allclose(core.softmax(scores[:, order]), core.softmax(scores)[:, order], **close)


@given(scores=rows_of_scores())
def test_a_higher_score_never_weighs_less(scores: np.ndarray) -> None:
    weights = core.softmax(scores)
    for row, score in zip(weights, scores, strict=True):
        assert (np.diff(row[np.argsort(score)]) >= 0).all()


@given(scores=rows_of_scores(), cold=temperatures, factor=st.floats(1.0, 20.0))
def test_heat_spreads_the_weights(scores: np.ndarray, cold: float, factor: float) -> None:
    colder = core.softmax(scores, temperature=cold)
    warmer = core.softmax(scores, temperature=cold * factor)
    assert (warmer.max(axis=-1) <= colder.max(axis=-1) + 1e-12).all()
    assert (scipy.stats.entropy(warmer, axis=-1) >= scipy.stats.entropy(colder, axis=-1) - 1e-9).all()


@given(data=st.data(), scores=rows_of_scores())
def test_the_output_lies_among_the_values(data: st.DataObject, scores: np.ndarray) -> None:
    values = data.draw(numbers(scores.shape[-1], 2))
    output, _ = core.attend(scores, values)
    for direction in ([1.0, 0.0], [0.0, 1.0], [0.6, 0.8], [-0.8, 0.6]):  # no value lies farther out on either side
        along, reached = values @ direction, output @ direction
        assert (reached <= along.max() + 1e-9).all()
        assert (reached >= along.min() - 1e-9).all()


@given(data=st.data(), scores=rows_of_scores())
def test_the_order_of_keys_does_not_matter_to_the_output(data: st.DataObject, scores: np.ndarray) -> None:
    values = data.draw(numbers(scores.shape[-1], 3))
    order = data.draw(st.permutations(range(scores.shape[-1])))
    output, _ = core.attend(scores, values)
    np.testing.assert_allclose(core.attend(scores[:, order], values[order])[0], output, **close)


@given(data=st.data(), scores=rows_of_scores(), temperature=temperatures)
def test_entropy_lies_between_none_and_that_of_equal_weights_in_any_order(
    data: st.DataObject, scores: np.ndarray, temperature: float
) -> None:
    weights = core.softmax(scores, temperature=temperature)
    bits = core.entropy(weights)
    assert (bits >= 0).all()
    assert (bits <= np.log2(scores.shape[-1]) + 1e-12).all()
    order = data.draw(st.permutations(range(scores.shape[-1])))
    np.testing.assert_allclose(core.entropy(weights[:, order]), bits, **close)


@given(data=st.data(), shape=st.tuples(st.integers(1, 5), st.integers(1, 5)))
def test_alignment_error_lies_between_agreement_and_none_and_treats_both_errors_alike(
    data: st.DataObject, shape: tuple[int, int]
) -> None:
    links, sure, more = (data.draw(arrays("bool", shape)) for _ in range(3))
    links[0, 0] = True
    rate = alignment_error_rate(links, sure)
    assert 0 <= rate <= 1
    assert (rate == 0) == (links == sure).all()
    assert alignment_error_rate(sure, links) == rate
    assert alignment_error_rate(links, sure, sure | more) <= rate + 1e-12
