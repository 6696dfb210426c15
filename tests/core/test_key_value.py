"""The soft dictionary, hops and the linear memory: other references, gradients, and words for wrong input."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from tests.core.machinery import leaf, ones
from torch.autograd import gradcheck

from attnbook import core
from attnbook.core.associative import capacity, recall, store
from attnbook.core.key_value import hop, look_up


def test_keys_of_one_length_can_be_asked_by_dot_product() -> None:
    """The squared distance of unit vectors is 2 − 2 q·k: both orders agree, and so do both cold limits."""
    rng = np.random.default_rng(1)
    keys = rng.normal(size=(9, 4))
    keys /= np.linalg.norm(keys, axis=1, keepdims=True)
    values = rng.normal(size=(9, 3))
    cold, _ = core.attend(core.dot(keys, keys), values, temperature=1e-4)
    np.testing.assert_allclose(look_up(keys, keys, values, sharpness=1e4)[0], cold, atol=1e-12)


def test_orthogonal_keys_of_length_one_are_recalled_exactly() -> None:
    rng = np.random.default_rng(2)
    keys, values = np.linalg.qr(rng.normal(size=(5, 5)))[0], rng.normal(size=(5, 2))
    np.testing.assert_allclose(recall(keys, store(keys, values)), values, atol=1e-12)


def test_a_linear_memory_is_attention_without_softmax() -> None:
    rng = np.random.default_rng(3)
    query, keys, values = (rng.normal(size=(2, *shape)) for shape in ((3, 4), (6, 4), (6, 5)))
    np.testing.assert_allclose(recall(query, store(keys, values)), core.dot(query, keys) @ values, atol=1e-12)


def test_an_entry_that_is_masked_in_a_hop_does_not_matter() -> None:
    rng = np.random.default_rng(4)
    query, keys, values = (rng.normal(size=(n, 4)) for n in (2, 5, 5))
    mask = np.array([True, True, False, True, True])
    keys[2], values[2] = 50.0, 50.0
    some = [np.delete(array, 2, axis=0) for array in (keys, values)]
    np.testing.assert_allclose(hop(query, keys, values, mask=mask)[0], hop(query, *some)[0])


def test_gradients_are_right_even_on_a_key() -> None:
    keys, values = leaf([[1.0, 0.0], [0.3, -2.0]]), leaf([[1.0, 2.0], [3.0, 4.0]])
    asked = leaf([[0.5, 0.5], [-1.0, 0.2]])
    assert gradcheck(lambda *inputs: look_up(*inputs, sharpness=2.0)[0], (asked, keys, values))
    assert gradcheck(lambda *inputs: hop(*inputs)[0], (asked, keys, values))
    assert gradcheck(lambda q, k, v: recall(q, store(k, v)), (asked, keys, values))
    output, _ = look_up(keys, keys, values)
    output.sum().backward()
    assert bool(torch.isfinite(keys.grad).all())  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", [np.asarray, torch.tensor])
def test_what_goes_in_comes_out(kind: Callable[..., Any]) -> None:
    pairs = kind([[1.0, 0.0], [0.0, 1.0]])
    results = *look_up(pairs, pairs, pairs), *hop(pairs, pairs, pairs), store(pairs, pairs), recall(pairs, pairs)
    assert all(type(result) is type(pairs) and result.dtype == pairs.dtype for result in results)


PAIRS = {"look_up": look_up, "hop": hop, "store": lambda query, keys, values: store(keys, values)}


@pytest.mark.parametrize("name", PAIRS)
def test_pairs_that_must_fit(name: str) -> None:
    function = PAIRS[name]
    with pytest.raises(ValueError, match="there are 3 keys but 2 values: each key needs exactly one value"):
        function(ones(1, 2), ones(3, 2), ones(2, 2))
    with pytest.raises(ValueError, match=r"keys has shape \(0, 2\): there are no pairs"):
        function(ones(1, 2), ones(0, 2), ones(0, 2))
    with pytest.raises(ValueError, match=r"keys is one vector of shape \(2,\)"):
        function(ones(1, 2), ones(2), ones(1, 2))
    with pytest.raises(TypeError, match="keys is a dict, not an array"):
        function(ones(1, 2), {"anna": 1}, ones(1, 2))
    with pytest.raises(ValueError, match="keys has batch axes"):
        function(ones(1, 2), ones(2, 3, 2), ones(4, 3, 2)) if name == "store" else store(ones(2, 3, 2), ones(4, 3, 2))


@pytest.mark.parametrize("function", [look_up, hop])
def test_queries_that_must_fit(function: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="query has width 3 but keys have width 2"):
        function(ones(1, 3), ones(4, 2), ones(4, 3))
    with pytest.raises(TypeError, match="query holds float32 but keys holds float64"):
        function(ones(1, 2, dtype="float32"), ones(4, 2), ones(4, 2))


def test_values_of_a_hop_that_must_fit() -> None:
    with pytest.raises(ValueError, match="query has width 2 but values have width 3: what is read is added"):
        hop(ones(1, 2), ones(4, 2), ones(4, 3))


def test_a_memory_that_must_fit() -> None:
    with pytest.raises(ValueError, match="query has width 2 but memory has 3 rows"):
        recall(ones(1, 2), ones(3, 5))


@pytest.mark.parametrize("wrong", [0, 0.0, -1.0, float("nan"), float("inf")])
def test_sharpness_that_must_be_above_zero(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"sharpness is .*; it must be a finite number above 0"):
        look_up(ones(1, 2), ones(2, 2), ones(2, 2), sharpness=wrong)
    with pytest.raises(ValueError, match=r"sharpness is .*; it must be a finite number above 0"):
        capacity(4, sharpness=wrong)


@pytest.mark.parametrize("wrong", ["1", None, True, [1.0]])
def test_sharpness_of_a_wrong_kind(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"sharpness is .*; it must be one number above 0"):
        look_up(ones(1, 2), ones(2, 2), ones(2, 2), sharpness=wrong)


def test_width_that_must_be_a_whole_number() -> None:
    with pytest.raises(TypeError, match=r"width is 4\.0; it must be a whole number"):
        capacity(4.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="width is 0; it must be at least 1"):
        capacity(0)
