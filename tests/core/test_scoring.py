"""Each scorer against references that the package had no part in, and against the others."""

import itertools
from typing import Any

import numpy as np
import pytest
import scipy.spatial.distance
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st
from tests.core.machinery import NEAR, leaf, numbers, ones
from tests.core.scoring import LEARNED, NAMES, Sample, sample
from torch.autograd import gradcheck
from torch.nn import functional as F  # noqa: N812

from attnbook import core
from attnbook.data.six_vectors import six_vectors

WIDER = ["additive", "bilinear", "low_rank_bilinear", "location", "summed_distance"]


def rows(*shape: int, seed: int = 1) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape))


def equal(actual: torch.Tensor, expected: torch.Tensor) -> None:
    torch.testing.assert_close(actual, expected, rtol=1e-10, atol=1e-12)


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
    query, keys, W_q, W_k, w = rows(3, 4), rows(5, 2), rows(7, 4), rows(7, 2), rows(7)
    equal(core.additive(query, keys, W_q, W_k, w), core.additive(query, keys, W_q, W_k, w, torch.zeros_like(w)))


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


def test_low_rank_bilinear_is_bilinear_with_a_product() -> None:
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


def call(name: str, query: Any, keys: Any) -> Any:
    """Call a scorer with parameters that fit width 4 and five keys, whatever the query and keys are."""
    return getattr(core.scoring, name)(query, keys, **sample(name).parameters)


@pytest.mark.parametrize("name", NAMES)
class TestEveryScorer:
    def test_one_vector_is_not_a_row(self, name: str) -> None:
        with pytest.raises(ValueError, match=r"query is one vector of shape \(4,\); write query\[None, :\]"):
            call(name, ones(4), ones(5, 4))
        with pytest.raises(ValueError, match=r"keys is one vector of shape \(4,\); write keys\[None, :\]"):
            call(name, ones(3, 4), ones(4))

    def test_a_number_is_not_an_array_of_rows(self, name: str) -> None:
        with pytest.raises(ValueError, match="keys is a single number"):
            call(name, ones(3, 4), np.array(1.0))

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ([[1.0, 2.0, 3.0, 4.0]], r"query is a list, not an array: write np\.array\(query, dtype=float\)"),
            (3.0, "query is a float, not an array"),
            (None, "query is a NoneType, not an array"),
            (np.ones((3, 4), dtype="int64"), r"query holds int64 but must hold decimal numbers: write query\.astype"),
            (np.ones((3, 4), dtype="bool"), "query holds bool"),
            (np.ones((3, 4), dtype="complex128"), "query holds complex128"),
            (np.array([["a", "b", "c", "d"]]), "query holds <U1"),
            (torch.ones(3, 4, dtype=torch.int64), r"query holds int64 but .* write query\.to\(torch\.float32\)"),
            (torch.ones(3, 4, dtype=torch.float64), "query is a torch array but keys is a numpy array"),
            (
                np.ones((3, 4), dtype="float32"),
                r"query holds float32 but keys holds float64: .*keys\.astype\('float32'\)",
            ),
        ],
    )
    def test_wrong_kinds(self, name: str, wrong: Any, words: str) -> None:
        with pytest.raises(TypeError, match=words):
            call(name, wrong, ones(5, 4))

    def test_torch_precisions_do_not_mix(self, name: str) -> None:
        with pytest.raises(TypeError, match=r"query holds float32 but keys holds float64.*keys\.to\(torch\.float32\)"):
            call(name, torch.ones(3, 4), torch.ones(5, 4, dtype=torch.float64))

    def test_devices_do_not_mix(self, name: str) -> None:
        with pytest.raises(
            ValueError, match=r"query is on device cpu but keys is on meta: .*keys\.to\(query\.device\)"
        ):
            call(name, torch.ones(3, 4), torch.ones(5, 4, device="meta"))

    def test_no_keys(self, name: str) -> None:
        with pytest.raises(ValueError, match=r"keys has shape \(0, 4\): there are no keys"):
            call(name, ones(3, 4), ones(0, 4))

    def test_vectors_of_width_zero(self, name: str) -> None:
        with pytest.raises(ValueError, match=r"query has shape \(3, 0\): its vectors have width 0"):
            call(name, ones(3, 0), ones(5, 0))

    def test_batch_axes_that_do_not_broadcast(self, name: str) -> None:
        with pytest.raises(ValueError, match=r"query has batch axes \(2,\) but keys has \(3,\)"):
            call(name, ones(2, 3, 4), ones(3, 5, 4))
        with pytest.raises(ValueError, match=r"query has batch axes \(7, 2\) but keys has \(7, 3\)"):
            call(name, ones(7, 2, 3, 4), ones(7, 3, 5, 4))


@pytest.mark.parametrize("name", ["dot", "scaled_dot", "cosine", "negative_distance"])
def test_widths_must_agree(name: str) -> None:
    words = "query has width 3 but keys have width 4: the .* needs the same width; bilinear and additive"
    with pytest.raises(ValueError, match=words):
        call(name, ones(1, 3), ones(5, 4))
    with pytest.raises(ValueError, match="query has width 4 but keys have width 1"):  # would broadcast by accident
        call(name, ones(1, 4), ones(5, 1))


@pytest.mark.parametrize(
    ("name", "changed", "words"),
    [
        (
            "bilinear",
            {"W": ones(2, 4)},
            r"W has shape \(2, 4\) but must have shape \(3, 4\): \(query width, key width\)",
        ),
        ("bilinear", {"W": ones(4, 3)}, r"W has shape \(4, 3\) but must have shape \(3, 4\)"),
        ("bilinear", {"W": ones(1, 3, 4)}, r"W has shape \(1, 3, 4\) but must have shape \(3, 4\)"),
        ("low_rank_bilinear", {"W_q": ones(2, 4)}, r"W_q has shape \(2, 4\) but must have shape \(any, 3\)"),
        (
            "low_rank_bilinear",
            {"W_k": ones(5, 4)},
            r"W_k has shape \(5, 4\) but must have shape \(2, 4\): \(the same rank",
        ),
        ("low_rank_bilinear", {"W_k": ones(1, 4)}, r"W_k has shape \(1, 4\) but must have shape \(2, 4\)"),
        ("additive", {"W_q": ones(7, 4)}, r"W_q has shape \(7, 4\) but must have shape \(any, 3\)"),
        ("additive", {"W_k": ones(1, 4)}, r"W_k has shape \(1, 4\) but must have shape \(7, 4\): \(the same hidden"),
        ("additive", {"W_k": ones(7, 3)}, r"W_k has shape \(7, 3\) but must have shape \(7, 4\)"),
        ("additive", {"w": ones(6)}, r"w has shape \(6,\) but must have shape \(7,\): one number for each hidden unit"),
        ("additive", {"w": ones(1, 7)}, r"w has shape \(1, 7\) but must have shape \(7,\)"),
        ("additive", {"bias": ones(1)}, r"bias has shape \(1,\) but must have shape \(7,\)"),
        ("location", {"W": ones(6, 4)}, r"W has shape \(6, 4\) but must have shape \(any, 3\): one row for each place"),
        ("location", {"W": ones(4, 3)}, "W has 4 rows but there are 5 keys: location-based scoring needs a row"),
    ],
)
def test_parameters_of_a_wrong_shape(name: str, changed: dict[str, np.ndarray], words: str) -> None:
    one = sample(name, widths=(3, 4))
    with pytest.raises(ValueError, match=words):
        one.function(one.query, one.keys, **{**one.parameters, **changed})


@pytest.mark.parametrize("name", ["additive", "bilinear", "low_rank_bilinear", "location"])
def test_parameters_of_a_wrong_kind(name: str) -> None:
    one = sample(name)
    for parameter, W in one.parameters.items():
        for wrong, words in [
            (W.tolist(), f"{parameter} is a list, not an array"),
            (W.astype("int64"), f"{parameter} holds int64"),
            (W.astype("float32"), f"query holds float64 but {parameter} holds float32"),
            (torch.from_numpy(W), f"query is a numpy array but {parameter} is a torch array"),
        ]:
            with pytest.raises(TypeError, match=words):
                one.function(one.query, one.keys, **{**one.parameters, parameter: wrong})


def in_torch(one: Sample, dtype: torch.dtype | None = None) -> tuple[list[torch.Tensor], dict[str, torch.Tensor]]:
    def convert(array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(array.copy()).to(dtype)

    return [convert(one.query), convert(one.keys)], {name: convert(W) for name, W in one.parameters.items()}


@pytest.mark.parametrize("name", NAMES)
def test_torch_computes_what_numpy_computes(name: str) -> None:
    one = sample(name, queries=(2, 3), keys=(2, 5))
    tensors, parameters = in_torch(one)
    expected = one.function(one.query, one.keys, **one.parameters)
    np.testing.assert_allclose(one.function(*tensors, **parameters).numpy(), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_numpy_in_numpy_out_in_the_same_precision(name: str, dtype: str) -> None:
    one = sample(name, dtype=dtype)
    scores = one.function(one.query, one.keys, **one.parameters)
    assert type(scores) is np.ndarray
    assert scores.dtype == dtype
    precise = sample(name)  # the same draws
    expected = one.function(precise.query, precise.keys, **precise.parameters)
    np.testing.assert_allclose(scores, expected, rtol=0, atol={"float16": 0.05, "float32": 1e-5, "float64": 0}[dtype])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32, torch.float64])
def test_torch_in_torch_out_in_the_same_precision(name: str, dtype: torch.dtype) -> None:
    tensors, parameters = in_torch(sample(name), dtype)
    scores = getattr(core.scoring, name)(*tensors, **parameters)
    assert type(scores) is torch.Tensor
    assert scores.dtype == dtype
    assert scores.device == tensors[0].device
    output, weights = core.attend(scores, tensors[1], mask=torch.tensor([True, True, True, False, True]))
    assert output.dtype == weights.dtype == dtype
    torch.testing.assert_close(weights.sum(-1), torch.ones(3, dtype=dtype), rtol=0.02, atol=0)


@pytest.mark.parametrize("name", NAMES)
def test_meta_device_is_kept(name: str) -> None:
    tensors, parameters = in_torch(sample(name))
    on_meta = [tensor.to("meta") for tensor in tensors]
    scores = getattr(core.scoring, name)(*on_meta, **{key: W.to("meta") for key, W in parameters.items()})
    assert scores.device.type == "meta"
    assert scores.shape == (3, 5)


@pytest.mark.parametrize("name", NAMES)
def test_read_only_and_strided_arrays_stay_unchanged(name: str) -> None:
    one = sample(name)
    strided = np.repeat(one.query, 2, axis=-1)[:, ::2], np.asfortranarray(one.keys)
    for array in (*strided, *one.parameters.values()):
        array.flags.writeable = False  # writing into it raises
    scores = one.function(*strided, **one.parameters)
    np.testing.assert_allclose(scores, one.function(one.query, one.keys, **one.parameters))
    scores[...] = 0.0  # the result is the caller's to change …
    np.testing.assert_array_equal(strided[0], one.query)  # … and no window on the input


@pytest.mark.parametrize("name", NAMES)
def test_torch_inputs_are_left_alone(name: str) -> None:
    tensors, parameters = in_torch(sample(name))
    inputs = [*tensors, *parameters.values()]
    copies = [tensor.clone() for tensor in inputs]
    scores = getattr(core.scoring, name)(*tensors, **parameters)
    scores.zero_()
    for tensor, copy in zip(inputs, copies, strict=True):
        assert tensor._version == 0
        assert torch.equal(tensor, copy)


@pytest.mark.parametrize("name", NAMES)
def test_gradient_of_every_scorer(name: str) -> None:
    one = sample(name, queries=(2, 2), keys=(2, 3), widths=(3, 3))
    inputs = [leaf(array) for array in (one.query, one.keys, *one.parameters.values())]

    def scores(query: torch.Tensor, keys: torch.Tensor, *learned: torch.Tensor) -> torch.Tensor:
        return one.function(query, keys, **dict(zip(one.parameters, learned, strict=True)))

    assert gradcheck(scores, inputs)


@pytest.mark.parametrize("name", NAMES)
def test_gradient_with_numpy_alone(name: str) -> None:
    """The slope along one direction, by a central difference of NumPy's own values."""
    one = sample(name, seed=6)
    rng = np.random.default_rng(7)
    weights, direction, step = rng.normal(size=(3, 5)), rng.normal(size=one.query.shape), 1e-6
    ahead, behind = (
        np.sum(weights * one.function(one.query + sign * step * direction, one.keys, **one.parameters))
        for sign in (1, -1)
    )
    query = leaf(one.query)
    learned = {key: torch.from_numpy(W) for key, W in one.parameters.items()}
    total = (torch.from_numpy(weights) * one.function(query, torch.from_numpy(one.keys), **learned)).sum()
    slope = torch.autograd.grad(total, query, allow_unused=True)[0] if total.requires_grad else None
    measured = 0.0 if slope is None else float((slope * torch.from_numpy(direction)).sum())
    assert measured == pytest.approx((ahead - behind) / (2 * step), abs=1e-6)


def test_distance_has_slope_zero_where_query_and_key_coincide() -> None:
    query, keys = leaf([[1.0, 2.0]]), leaf([[1.0, 2.0], [4.0, 6.0]])
    scores = core.negative_distance(query, keys)
    assert scores[0, 0] == 0
    at_query, at_keys = torch.autograd.grad(scores.sum(), (query, keys))
    torch.testing.assert_close(at_query, torch.tensor([[0.6, 0.8]], dtype=torch.float64))  # the far key alone pulls
    torch.testing.assert_close(at_keys, torch.tensor([[0.0, 0.0], [-0.6, -0.8]], dtype=torch.float64))


def test_summed_distance_has_a_slope_at_distance_0() -> None:
    keys = leaf([[0.0, 0.0], [3.0, 4.0], [3.0, 4.0]])  # two keys in one place
    (slope,) = torch.autograd.grad(core.summed_distance(keys.detach()[:1], keys).sum(), keys)
    assert bool(torch.isfinite(slope).all())
    assert bool((slope[0] != 0).any())


def test_cosine_has_a_finite_slope_at_the_zero_vector() -> None:
    query, keys = leaf([[0.0, 0.0], [1.0, 0.0]]), leaf([[0.0, 0.0], [3.0, 4.0]])
    scores = core.cosine(query, keys)
    assert scores.tolist() == [[0.0, 0.0], [0.0, 0.6]]
    for slope in torch.autograd.grad(scores.sum(), (query, keys)):
        assert bool(torch.isfinite(slope).all())


def test_no_slope_reaches_what_is_not_read() -> None:
    query, keys, W = leaf(np.ones((1, 3))), leaf(np.ones((2, 3))), leaf(np.ones((2, 3)))
    assert torch.autograd.grad(core.location(query, keys, W).sum(), keys, allow_unused=True) == (None,)
    assert torch.autograd.grad(core.summed_distance(query, keys).sum(), query, allow_unused=True) == (None,)


SYMMETRIC = ["dot", "scaled_dot", "cosine", "negative_distance"]


ROTATION_INVARIANT = [*SYMMETRIC, "summed_distance"]


@st.composite
def problems(draw: st.DrawFn, name: str) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """A query, keys and parameters that fit."""
    queries, keys, width = (draw(st.integers(1, 4)) for _ in range(3))
    shapes = LEARNED[name](width, width, keys) if name in LEARNED else {}
    learned = {parameter: draw(numbers(*shape)) for parameter, shape in shapes.items()}
    return draw(numbers(queries, width)), draw(numbers(keys, width)), learned


scorer = pytest.mark.parametrize("name", NAMES)


@scorer
@given(data=st.data())
def test_scores_are_finite_and_have_the_shape_of_the_formula(name: str, data: st.DataObject) -> None:
    query, keys, learned = data.draw(problems(name))
    scores = getattr(core.scoring, name)(query, keys, **learned)
    assert scores.shape == (len(query), len(keys))
    assert np.isfinite(scores).all()


@scorer
@given(data=st.data())
def test_a_batch_is_a_loop(name: str, data: st.DataObject) -> None:
    query, keys, learned = data.draw(problems(name))
    function = getattr(core.scoring, name)
    batch = function(np.stack([query, query + 1]), np.stack([keys, keys * 2]), **learned)
    np.testing.assert_allclose(batch[0], function(query, keys, **learned), **NEAR)
    np.testing.assert_allclose(batch[1], function(query + 1, keys * 2, **learned), **NEAR)


@scorer
@given(data=st.data())
def test_reordered_queries_give_reordered_rows(name: str, data: st.DataObject) -> None:
    query, keys, learned = data.draw(problems(name))
    order = data.draw(st.permutations(range(len(query))))
    function = getattr(core.scoring, name)
    expected = function(query, keys, **learned)[order]
    np.testing.assert_allclose(function(query[order], keys, **learned), expected, **NEAR)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "location"])
@given(data=st.data())
def test_reordered_keys_give_reordered_scores(name: str, data: st.DataObject) -> None:
    query, keys, learned = data.draw(problems(name))
    order = data.draw(st.permutations(range(len(keys))))
    function = getattr(core.scoring, name)
    expected = function(query, keys, **learned)[:, order]
    np.testing.assert_allclose(function(query, keys[order], **learned), expected, **NEAR)


@pytest.mark.parametrize("name", SYMMETRIC)
@given(data=st.data())
def test_query_and_key_may_change_places(name: str, data: st.DataObject) -> None:
    query, keys, _ = data.draw(problems(name))
    function = getattr(core.scoring, name)
    np.testing.assert_allclose(function(query, keys), function(keys, query).T, **NEAR)


@given(data=st.data(), a=st.floats(1e-3, 1e3), b=st.floats(1e-3, 1e3))
def test_cosine_ignores_lengths_and_stays_within_one(data: st.DataObject, a: float, b: float) -> None:
    query, keys, _ = data.draw(problems("cosine"))
    scores = core.cosine(query, keys)
    assert np.abs(scores).max() <= 1 + 1e-12
    np.testing.assert_allclose(core.cosine(a * query, b * keys), scores, **NEAR)


@given(data=st.data())
def test_distance_obeys_the_triangle(data: st.DataObject) -> None:
    x, y, z = (data.draw(numbers(1, 3)) for _ in range(3))
    direct = -core.negative_distance(x, z)
    assert direct >= 0
    assert direct <= -core.negative_distance(x, y) - core.negative_distance(y, z) + 1e-9


@pytest.mark.parametrize("name", ROTATION_INVARIANT)
@given(data=st.data(), angle=st.floats(-4.0, 4.0))
def test_turning_everything_changes_nothing(name: str, data: st.DataObject, angle: float) -> None:
    query, keys = data.draw(numbers(3, 2)), data.draw(numbers(4, 2))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    function = getattr(core.scoring, name)
    np.testing.assert_allclose(function(query @ turn.T, keys @ turn.T), function(query, keys), rtol=1e-6, atol=1e-6)
