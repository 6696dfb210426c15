"""Self-attention against torch, and masks: words for bad input, both libraries, and what must hold."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from tests.core.machinery import ones
from torch.nn import functional as F  # noqa: N812
from torch.nn.attention.bias import causal_lower_right, causal_upper_left

from attnbook.core.self_attention import causal_mask, padding_mask, self_attention, window_mask

RNG = np.random.default_rng(70)


def maps(dtype: torch.dtype = torch.float64) -> list[torch.Tensor]:
    return [torch.from_numpy(RNG.normal(size=(6, 4))).to(dtype) for _ in range(3)]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: self_attention(ones(0, 4), *[ones(4, 2)] * 3), ValueError, "the text is empty"),
        (lambda: self_attention(ones(4), *[ones(4, 2)] * 3), ValueError, "inputs is one vector"),
        (
            lambda: self_attention(ones(3, 5), *[ones(4, 2)] * 3),
            ValueError,
            r"w_query has shape \(4, 2\) but must have",
        ),
        (
            lambda: self_attention(ones(3, 4), ones(4, 2), ones(4, 3), ones(4, 2)),
            ValueError,
            "keys as wide as the quer",
        ),
        (
            lambda: self_attention(ones(3, 4), *[ones(4, 2)] * 3, mask=causal_mask(2, 3)),
            ValueError,
            r"mask has shape \(2, 3\) but scores have shape \(3, 3\)",
        ),
        (
            lambda: self_attention(ones(3, 4), *[ones(4, 2)] * 3, mask=ones(3, 3)),
            TypeError,
            "mask holds float64 but must hold booleans, True where attending is allowed",
        ),
        (lambda: causal_mask(0, 3), ValueError, "queries is 0; it must be at least 1"),
        (lambda: causal_mask(3, 3.0), TypeError, "keys is 3.0; it must be a whole number"),
        (lambda: causal_mask(3, 3, start=0.5), TypeError, "start is 0.5"),
        (lambda: window_mask(3, 3, width=0), ValueError, "width is 0; it must be at least 1"),
        (lambda: padding_mask([2, 5], 4), ValueError, "lengths contain 5, but there are 4 keys"),
        (lambda: padding_mask([-1], 4), ValueError, "lengths contain -1"),
        (lambda: padding_mask([2.0], 4), TypeError, "lengths hold float64; they must be whole numbers"),
    ],
)
def test_wrong_input_is_refused_in_words(call: Callable[[], object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()


MASKS = {
    "none": None,
    "causal": causal_mask(5, 5),
    "padding": padding_mask([3, 5], 5),
    "window": window_mask(5, 5, width=2),
    "all of them": causal_mask(5, 5) & padding_mask([3, 5], 5) & window_mask(5, 5, width=2),
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("kind", MASKS)
def test_self_attention_is_torchs_with_any_mask(kind: str, dtype: torch.dtype) -> None:
    x, w = torch.from_numpy(RNG.normal(size=(2, 5, 6))).to(dtype), maps(dtype)
    mask = None if MASKS[kind] is None else torch.from_numpy(MASKS[kind])
    output, weights = self_attention(x, *w, mask=mask)
    expected = F.scaled_dot_product_attention(*(x @ each for each in w), attn_mask=mask)
    if mask is not None:  # torch gives NaN, or the mean of the values, where nothing may be attended to: we give zeros
        expected = torch.where(mask.any(dim=-1, keepdim=True), expected, 0)
    torch.testing.assert_close(output, expected)
    sums = weights.sum(dim=-1)
    assert bool(torch.isclose(sums, torch.ones_like(sums)).logical_or(sums == 0).all())


def test_both_causal_masks_are_torchs() -> None:
    for queries, keys in ((2, 5), (5, 2), (3, 3)):
        kinds = ((causal_upper_left, 0), (causal_lower_right, keys - queries))
        for torchs, start in kinds[: 1 + (queries <= keys)]:  # torch warns of rows without any key: those are next
            bias = torchs(queries, keys)._materialize()
            mask = bias if bias.dtype == torch.bool else bias == 0
            assert causal_mask(queries, keys, start=start).tolist() == mask.tolist()


def test_a_query_before_all_keys_reads_nothing() -> None:
    mask = causal_mask(4, 2, start=-2)
    assert mask.any(axis=1).tolist() == [False, False, True, True]
    square = np.pad(mask, ((0, 0), (0, 2)))
    output, weights = self_attention(RNG.normal(size=(4, 6)), *[w.numpy() for w in maps()], mask=square)
    assert not output[:2].any()
    assert not weights[:2].any()


def test_a_window_and_a_causal_mask_leave_exactly_the_width() -> None:
    for width in range(1, 6):
        assert (window_mask(9, 9, width=width) & causal_mask(9, 9))[-1].sum() == width
        assert window_mask(9, 9, width=width)[4].sum() == min(2 * width - 1, 9)


def test_masks_take_the_library_of_an_array() -> None:
    like = torch.zeros(1)
    for mask in (causal_mask(2, 3, start=1, like=like), window_mask(2, 3, width=1, like=like)):
        assert isinstance(mask, torch.Tensor)
    assert causal_mask(2, 3, start=1, like=like).tolist() == causal_mask(2, 3, start=1).tolist()
    lengths = padding_mask(torch.tensor([1, 3]), 3)
    assert isinstance(lengths, torch.Tensor)
    assert lengths.tolist() == padding_mask([1, 3], 3).tolist()


def test_gradients_pass_through() -> None:
    x = torch.randn(3, 6, dtype=torch.float64, requires_grad=True)
    w = [each.requires_grad_() for each in maps()]
    mask = causal_mask(3, 3, like=x)
    assert torch.autograd.gradcheck(lambda *a: self_attention(*a, mask=mask)[0], (x, *w))
