"""What goes in comes out: kind, precision and device stay, and nothing that was passed in is changed."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from tests.core.samples import NAMES, Sample, sample

from attnbook import core


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


@pytest.mark.parametrize("mask", [None, np.array([[True, False, True, True, False]])])
def test_torch_attends_as_numpy_does(mask: np.ndarray | None) -> None:
    rng = np.random.default_rng(5)
    scores, values = rng.normal(size=(2, 3, 5)), rng.normal(size=(2, 5, 4))
    expected = core.attend(scores, values, mask=mask, temperature=0.7)
    tensor_mask = None if mask is None else torch.from_numpy(mask)
    actual = core.attend(torch.from_numpy(scores), torch.from_numpy(values), mask=tensor_mask, temperature=0.7)
    for a, e in zip(actual, expected, strict=True):
        np.testing.assert_allclose(a.numpy(), e, rtol=1e-12, atol=1e-14)


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
    scores = getattr(core, name)(*tensors, **parameters)
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
    scores = getattr(core, name)(*on_meta, **{key: W.to("meta") for key, W in parameters.items()})
    assert scores.device.type == "meta"
    assert scores.shape == (3, 5)


@pytest.mark.parametrize("name", NAMES)
def test_scorers_take_read_only_and_strided_arrays_and_change_none(name: str) -> None:
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
    scores = getattr(core, name)(*tensors, **parameters)
    scores.zero_()
    for tensor, copy in zip(inputs, copies, strict=True):
        assert tensor._version == 0
        assert torch.equal(tensor, copy)


@pytest.mark.parametrize("kind", [np.array, torch.tensor])
def test_attend_leaves_scores_values_and_mask_alone(kind: Callable[..., Any]) -> None:
    scores, values, mask = kind([[1.0, 2.0]]), kind([[1.0, 0.0], [0.0, 1.0]]), kind([[True, False]])
    output, weights = core.attend(scores, values, mask=mask)
    output[...], weights[...] = 7.0, 7.0
    assert scores.tolist() == [[1, 2]]
    assert values.tolist() == [[1, 0], [0, 1]]
    assert mask.tolist() == [[True, False]]


def test_large_half_precision_scores_do_not_overflow() -> None:
    weights = core.softmax(torch.tensor([60000.0, 59968.0, -60000.0], dtype=torch.float16))
    assert weights.tolist() == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("temperature", [np.float64(0.5), np.float32(0.5), 1, np.int64(2)])
def test_any_real_number_is_a_temperature_and_leaves_the_dtype_alone(temperature: float) -> None:
    for scores in (np.array([0.0, 1.0], dtype="float32"), torch.tensor([0.0, 1.0])):
        weights = core.softmax(scores, temperature=temperature)
        assert weights.dtype == scores.dtype
        assert float(weights[1]) == pytest.approx(1 / (1 + np.exp(-1 / float(temperature))), rel=1e-6)
