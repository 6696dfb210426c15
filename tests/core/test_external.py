"""External attention: words for bad input, both libraries, what it is equal to, and what must hold."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from tests.core.machinery import ones

from attnbook.core import attend, cosine, dot
from attnbook.core.associative import recall, store
from attnbook.core.external import (
    double_normalise,
    external_attention,
    external_cost,
    multi_head_external,
    over_positions,
    over_slots,
    self_attention_cost,
)

RNG = np.random.default_rng(110)
WAYS = [over_slots, over_positions, double_normalise]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: external_attention(ones(3, 4), ones(0, 4), ones(0, 2)), ValueError, "a memory without slots has noth"),
        (lambda: external_attention(ones(3, 4), ones(5, 4), ones(6, 2)), ValueError, "memory_keys has 5 slots but mem"),
        (lambda: external_attention(ones(3, 4), ones(5, 3), ones(5, 2)), ValueError, "features have width 4 but memor"),
        (lambda: external_attention(ones(4), ones(5, 4), ones(5, 2)), ValueError, "features is one vector of shape"),
        (
            lambda: external_attention(ones(3, 4), torch.ones(5, 4), ones(5, 2)),
            TypeError,
            "features is a numpy array b",
        ),
        (lambda: external_attention(ones(3, 4) * np.nan, ones(5, 4), ones(5, 2)), ValueError, "features contain NaN"),
        (
            lambda: external_attention(ones(3, 4), ones(5, 4), ones(5, 2) / 0),
            ValueError,
            "memory_values contain an inf",
        ),
        (lambda: external_attention(ones(2, 3, 4), ones(3, 5, 4), ones(5, 2)), ValueError, "features has batch axes"),
        (lambda: multi_head_external(ones(3, 4), ones(5, 4), ones(5, 2), heads=3), ValueError, "3 heads cannot share"),
        (lambda: multi_head_external(ones(3, 4), ones(5, 4), ones(5, 2), heads=2), ValueError, "features have width 2"),
        *[(lambda way=way: way(ones(3)), ValueError, "a table of shape") for way in WAYS],
        *[(lambda way=way: way(ones(0, 3)), ValueError, "at least one position and one slot") for way in WAYS],
        *[(lambda way=way: way(ones(2, 3) * np.inf), ValueError, "scores contain an infinity") for way in WAYS],
        (lambda: external_cost(0, 4, 8), ValueError, "positions is 0; it must be at least 1"),
        (lambda: external_cost(9, 4, 8.0), TypeError, "slots is 8.0; it must be a whole number"),
        (lambda: self_attention_cost(9, True), TypeError, "width is True"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_wrong_input_is_refused_in_words(call: Callable[[], object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_numpy_and_torch_agree_and_gradients_pass(way: Callable[..., torch.Tensor], dtype: torch.dtype) -> None:
    arrays = [torch.from_numpy(RNG.normal(size=size)).to(dtype) for size in ((2, 5, 4), (3, 4), (3, 2))]
    there = external_attention(*arrays, normalise=way)
    here = external_attention(*[array.numpy() for array in arrays], normalise=way)
    for one, other in zip(there, here, strict=True):
        assert one.dtype == dtype
        np.testing.assert_allclose(one.numpy(), other, rtol=1e-5 if dtype == torch.float32 else 1e-12)
    if dtype == torch.float64:
        leaves = [array.requires_grad_() for array in arrays]
        assert torch.autograd.gradcheck(lambda *a: external_attention(*a, normalise=way)[0], leaves)


def test_what_sums_to_one() -> None:
    scores = 3 * RNG.normal(size=(4, 6, 3))
    np.testing.assert_allclose(over_slots(scores).sum(axis=-1), 1)
    np.testing.assert_allclose(over_positions(scores).sum(axis=-2), 1)
    np.testing.assert_allclose(double_normalise(scores).sum(axis=-1), 1)
    assert np.abs(double_normalise(scores).sum(axis=-2) - 1).max() > 0.1


def test_what_it_is_equal_to() -> None:
    x, keys, values = (RNG.normal(size=size) for size in ((6, 4), (3, 4), (3, 2)))
    for mine, other in zip(
        external_attention(x, keys, values, normalise=over_slots), attend(dot(x, keys), values), strict=True
    ):
        np.testing.assert_allclose(mine, other)
    linear = external_attention(x, keys, values, normalise=lambda scores: scores)[0]
    np.testing.assert_allclose(linear, recall(x, store(keys, values)))
    np.testing.assert_allclose(double_normalise(x[:1]), 1 / 4)
    heads = multi_head_external(x, keys, values, heads=1)
    np.testing.assert_allclose(heads[0], external_attention(x, keys, values)[0])


def test_only_a_softmax_over_slots_keeps_places_apart() -> None:
    before, keys, values = (RNG.normal(size=size) for size in ((6, 4), (3, 4), (3, 2)))
    after = before.copy()
    after[0] *= 10
    for way, score, apart in [(over_slots, dot, True), (over_positions, dot, False), (double_normalise, dot, False)]:
        one, two = (external_attention(x, keys, values, normalise=way, score=score)[0] for x in (before, after))
        assert np.allclose(one[1:], two[1:]) is apart
    one, two = (external_attention(x, keys, values, score=cosine)[0] for x in (before, after))
    np.testing.assert_allclose(one, two)


def test_nothing_is_lost_far_behind() -> None:
    for dtype in (torch.float32, torch.float64):
        weights = double_normalise(torch.tensor([[0.0, 1.0], [5_000.0, 5_000.0]], dtype=dtype))
        torch.testing.assert_close(weights[0], torch.tensor([0.0, 1.0], dtype=dtype).softmax(dim=0))


def test_costs_meet_where_the_page_says() -> None:
    for slots, projections, first in [(8, False, 9), (32, False, 33), (64, True, 49), (16, True, 1)]:
        cheaper = [
            external_cost(n, 16, slots, projections=projections).multiply_adds
            < self_attention_cost(n, 16, projections=projections).multiply_adds
            for n in range(1, 100)
        ]
        assert cheaper.index(True) + 1 == first
        assert all(cheaper[first - 1 :])
