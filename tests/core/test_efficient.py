"""Attention for less says what is wrong with its input, and keeps its promises on memory, precision and gradients."""

import re
import tracemalloc
from typing import Any

import numpy as np
import pytest
import torch

from attnbook.core import attend, scaled_dot
from attnbook.core.cache import cache_bytes, longest_text
from attnbook.core.efficient import blockwise, windowed
from attnbook.core.fast_weights import delta_rule, linear_attend
from attnbook.core.shared_heads import grouped, latent

ROWS = np.ones((4, 6))
MODEL: dict[str, Any] = {"layers": 2, "heads": 6, "width": 8}
WRONG: list[tuple[Any, type[Exception], str]] = [
    (lambda: blockwise(ROWS, ROWS, ROWS, block=0), ValueError, "block is 0; it must be at least 1"),
    (lambda: blockwise(ROWS, ROWS, ROWS, block=2.0), TypeError, "block is 2.0; it must be a whole number"),  # type: ignore[arg-type]
    (lambda: blockwise(ROWS, ROWS[:, :5], ROWS), ValueError, "query has width 6 but keys have width 5"),
    (lambda: blockwise(ROWS, ROWS, ROWS[:3]), ValueError, "there are 4 keys but 3 values"),
    (lambda: blockwise(ROWS, ROWS * np.inf, ROWS), ValueError, "keys contain an infinity"),
    (lambda: blockwise(ROWS, ROWS, ROWS, mask=np.ones((4, 3), bool)), ValueError, "mask has shape (4, 3)"),
    (lambda: windowed(ROWS, ROWS, ROWS, width=0), ValueError, "width is 0; it must be at least 1"),
    (lambda: windowed(ROWS, ROWS, ROWS, width=1, sinks=-1), ValueError, "sinks is -1; it must be at least 0"),
    (lambda: windowed(ROWS[:2], ROWS, ROWS, width=1), ValueError, "there are 2 queries but 4 keys"),
    (lambda: grouped(ROWS, ROWS, ROWS, heads=6, groups=4), ValueError, "choose one of 1, 2, 3, 6 groups"),
    (lambda: grouped(ROWS, ROWS, ROWS, heads=4, groups=2), ValueError, "query has width 6, which 4 heads cannot"),
    (lambda: grouped(ROWS, ROWS, ROWS, heads=6, groups=3), ValueError, "as wide as 3 of the query's 6 heads"),
    (lambda: latent(ROWS, ROWS, np.ones((5, 6)), np.ones((6, 6)), heads=2), ValueError, "up_keys has shape (5, 6)"),
    (lambda: linear_attend(ROWS, ROWS, ROWS[:3]), ValueError, "there are 4 keys but 3 values"),
    (lambda: linear_attend(ROWS[:3], ROWS, ROWS), ValueError, "one of each for every step"),
    (lambda: delta_rule(ROWS, ROWS, ROWS, np.ones(3)), ValueError, "must have shape (4,), one number for each key"),
    (lambda: delta_rule(ROWS, ROWS, ROWS, 2 * np.ones(4)), ValueError, "rates must hold numbers from 0 to 1"),
    (
        lambda: cache_bytes(9, **MODEL, groups=4),
        ValueError,
        "groups is 4, which does not divide 6 heads: choose one of",
    ),
    (lambda: cache_bytes(9, **MODEL, groups=2, latent=4), ValueError, "leave one of them out"),
    (lambda: cache_bytes(9, layers=2, heads=6, width=8.5), TypeError, "width is 8.5; it must be a whole number"),  # type: ignore[arg-type]
    (lambda: cache_bytes(-1, **MODEL), ValueError, "tokens is -1; it must be at least 0"),
    (lambda: cache_bytes(9, **MODEL, number_bytes=0), ValueError, "number_bytes is 0; it must be a finite number"),
    (lambda: longest_text(8e9, parameters=8e9, **MODEL), ValueError, "take 16.0 GB, more than the memory of 8.0 GB"),
    (lambda: longest_text("24 GB", parameters=8e9, **MODEL), TypeError, "memory is '24 GB'; it must be one number"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("call", "kind", "words"), WRONG)
def test_bad_input_is_told_in_words(call: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=re.escape(words)):
        call()


def test_blocks_need_memory_that_hardly_grows() -> None:
    def peak(call: Any) -> int:
        tracemalloc.start()
        call()
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    x = np.random.default_rng(0).normal(size=(2_048, 8)).astype("float32")
    direct = [peak(lambda n=n: attend(scaled_dot(x[:n], x[:n]), x[:n])) for n in (1_024, 2_048)]
    blocks = [peak(lambda n=n: blockwise(x[:n], x[:n], x[:n], block=128)) for n in (1_024, 2_048)]
    assert 3.5 < direct[1] / direct[0] < 4.5
    assert blocks[1] / blocks[0] < 2.2
    assert blocks[1] < direct[1] / 20
    masked = peak(lambda: blockwise(x, x, x, block=128, mask=np.ones((1, 2_048), bool)))
    assert masked < 2 * blocks[1]


def test_torch_agrees_and_gradients_flow() -> None:
    torch.manual_seed(0)
    q, k, v = (torch.randn(2, 50, 8, requires_grad=True) for _ in range(3))
    expected = torch.nn.functional.scaled_dot_product_attention(q, k, v)
    output = blockwise(q, k, v, block=16)
    torch.testing.assert_close(output, expected, atol=1e-6, rtol=1e-5)
    ours, theirs = (torch.autograd.grad(x.square().sum(), (q, k, v), retain_graph=True) for x in (output, expected))
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)


def test_torch_groups_its_heads_in_the_same_order() -> None:
    torch.manual_seed(0)
    q, k, v = torch.randn(2, 5, 24), torch.randn(2, 7, 8), torch.randn(2, 7, 8)
    parts = (x.unflatten(-1, (-1, 4)).transpose(1, 2) for x in (q, k, v))
    theirs = torch.nn.functional.scaled_dot_product_attention(*parts, enable_gqa=True)
    ours = grouped(q, k, v, heads=6, groups=2)[0]
    torch.testing.assert_close(ours, theirs.transpose(1, 2).flatten(2), atol=1e-6, rtol=1e-5)


def test_a_text_of_no_queries_is_answered_with_no_rows() -> None:
    assert blockwise(ROWS[:0], ROWS, ROWS).shape == (0, 6)
