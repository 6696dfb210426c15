"""Each scorer against references that the package had no part in, and against the others."""

import itertools

import numpy as np
import pytest
import scipy.spatial.distance
import torch
from tests.core import oracles
from tests.core.samples import NAMES, sample
from torch.nn import functional as F  # noqa: N812

from attnbook import core
from attnbook.data.six_vectors import six_vectors

WIDER = ["additive", "bilinear", "low_rank_bilinear", "location", "summed_distance"]


def rows(*shape: int, seed: int = 1) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


def equal(actual: torch.Tensor, expected: torch.Tensor) -> None:
    torch.testing.assert_close(actual, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_scorer_is_its_formula_in_loops(name: str) -> None:
    getattr(oracles, f"check_{name}")(getattr(core, name))


def test_dot_is_torch_matmul() -> None:
    query, keys = rows(2, 3, 4), rows(2, 5, 4, seed=2)
    equal(core.dot(query, keys), torch.einsum("bqd,bkd->bqk", query, keys))


@pytest.mark.parametrize("width", [1, 2, 64, 300])
def test_scaled_dot_with_attend_is_torchs_own_attention(width: int) -> None:
    query, keys, values = rows(2, 3, width), rows(2, 5, width, seed=2), rows(2, 5, 6, seed=3)
    output, _ = core.attend(core.scaled_dot(query, keys), values)
    equal(output, F.scaled_dot_product_attention(query, keys, values))


def test_masks_have_the_polarity_of_torchs_own_attention() -> None:
    query, keys, values = rows(2, 5, 4), rows(2, 5, 4, seed=2), rows(2, 5, 6, seed=3)
    causal = torch.ones(5, 5).tril() > 0
    output, _ = core.attend(core.scaled_dot(query, keys), values, mask=causal)
    equal(output, F.scaled_dot_product_attention(query, keys, values, attn_mask=causal))
    equal(output, F.scaled_dot_product_attention(query, keys, values, is_causal=True))


def test_temperature_is_one_over_torchs_scale() -> None:
    query, keys, values = rows(3, 4), rows(5, 4, seed=2), rows(5, 6, seed=3)
    output, _ = core.attend(core.dot(query, keys), values, temperature=2.5)
    equal(output, F.scaled_dot_product_attention(query, keys, values, scale=1 / 2.5))


def test_cosine_is_torch_cosine_similarity() -> None:
    query, keys = rows(2, 3, 4), rows(2, 5, 4, seed=2)
    expected = F.cosine_similarity(query[:, :, None], keys[:, None, :], dim=-1)
    equal(core.cosine(query, keys), expected)


def test_cosine_is_one_minus_scipys_cosine_distance() -> None:
    query, keys = rows(3, 4).numpy(), rows(5, 4, seed=2).numpy()
    np.testing.assert_allclose(
        core.cosine(query, keys), 1 - scipy.spatial.distance.cdist(query, keys, "cosine"), atol=1e-12
    )


def test_bilinear_is_torch_bilinear() -> None:
    query, keys, W = rows(3, 4), rows(5, 2, seed=2), rows(4, 2, seed=3)
    scores = core.bilinear(query, keys, W)
    for m, i in itertools.product(range(3), range(5)):
        equal(scores[m, i], F.bilinear(query[m], keys[i], W[None])[0])


def test_additive_is_two_torch_linears_and_a_third() -> None:
    query, keys = rows(2, 3, 4), rows(2, 5, 6, seed=2)
    from_query, from_keys = torch.nn.Linear(4, 7).double(), torch.nn.Linear(6, 7, bias=False).double()
    read_out = torch.nn.Linear(7, 1, bias=False).double()
    expected = read_out(torch.tanh(from_query(query)[:, :, None] + from_keys(keys)[:, None]))[..., 0]
    scores = core.additive(query, keys, from_query.weight, from_keys.weight, read_out.weight[0], bias=from_query.bias)
    equal(scores, expected)


def test_additive_without_bias_has_bias_zero() -> None:
    query, keys, W_q, W_k, v = rows(3, 4), rows(5, 2), rows(7, 4), rows(7, 2), rows(7)
    equal(core.additive(query, keys, W_q, W_k, v), core.additive(query, keys, W_q, W_k, v, torch.zeros_like(v)))


def test_distances_are_scipys() -> None:
    query, keys = rows(3, 4).numpy(), rows(5, 4, seed=2).numpy()
    np.testing.assert_allclose(core.negative_distance(query, keys), -scipy.spatial.distance.cdist(query, keys))
    totals = scipy.spatial.distance.cdist(keys, keys).sum(axis=1)
    np.testing.assert_allclose(core.summed_distance(query, keys), np.tile(-totals, (3, 1)))


def test_farther_from_the_others_scores_lower() -> None:
    keys = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [9.0, 9.0]])
    assert core.summed_distance(keys[:1], keys).argmin() == 3
    assert core.negative_distance(keys[:1], keys).argmin() == 3


def test_bilinear_with_the_identity_is_dot() -> None:
    query, keys = rows(3, 4), rows(5, 4, seed=2)
    equal(core.bilinear(query, keys, torch.eye(4, dtype=torch.float64)), core.dot(query, keys))


def test_low_rank_bilinear_is_bilinear_with_the_product_and_dot_of_the_maps() -> None:
    query, keys, W_q, W_k = rows(3, 4), rows(5, 6, seed=2), rows(2, 4, seed=3), rows(2, 6, seed=4)
    scores = core.low_rank_bilinear(query, keys, W_q, W_k)
    equal(scores, core.bilinear(query, keys, W_q.mT @ W_k))
    equal(scores, core.dot(query @ W_q.mT, keys @ W_k.mT))
    assert torch.linalg.matrix_rank(scores) <= 2


def test_location_reads_the_first_rows_and_never_the_keys() -> None:
    query, W = rows(3, 4), rows(9, 4, seed=3)
    scores = core.location(query, rows(5, 2), W)
    equal(scores, (query @ W.mT)[:, :5])
    equal(core.location(query, torch.full((5, 8), torch.nan, dtype=torch.float64), W), scores)


def test_the_running_example_by_hand() -> None:
    query, keys, _, _ = six_vectors()
    np.testing.assert_allclose(core.dot(query, keys)[0, :3], [0.7, 1.72, 1.41])
    np.testing.assert_allclose(core.scaled_dot(query, keys)[0, 1], 1.72 / 2**0.5)
    np.testing.assert_allclose(core.negative_distance(query, keys)[0, 2], -(0.32**0.5))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("queries", "keys", "batch"),
    [
        ((2, 3), (2, 5), (2,)),
        ((3,), (2, 5), (2,)),
        ((2, 3), (5,), (2,)),
        ((1, 3), (4, 5), (4,)),
        ((2, 1, 3), (4, 5), (2, 4)),
    ],
)
def test_batch_axes_broadcast_as_a_loop_would(
    name: str, queries: tuple[int, ...], keys: tuple[int, ...], batch: tuple[int, ...]
) -> None:
    one = sample(name, queries=queries, keys=keys)
    scores = one.function(one.query, one.keys, **one.parameters)
    assert scores.shape == (*batch, 3, 5)
    all_queries = np.broadcast_to(one.query, (*batch, *one.query.shape[-2:]))
    all_keys = np.broadcast_to(one.keys, (*batch, *one.keys.shape[-2:]))
    for b in np.ndindex(*batch):
        alone = one.function(all_queries[b], all_keys[b], **one.parameters)
        np.testing.assert_allclose(scores[b], alone, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", WIDER)
def test_widths_may_differ_where_the_formula_allows(name: str) -> None:
    one = sample(name, widths=(3, 6))
    assert one.function(one.query, one.keys, **one.parameters).shape == (3, 5)


@pytest.mark.parametrize("name", NAMES)
def test_no_queries_give_no_scores(name: str) -> None:
    one = sample(name, queries=(2, 0), keys=(2, 5))
    assert one.function(one.query, one.keys, **one.parameters).shape == (2, 0, 5)
