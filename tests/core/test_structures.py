"""Heads, levels and pointers: words for bad input, both libraries, and what must hold for any numbers."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from tests.core.machinery import ones

from attnbook.core import attend, dot
from attnbook.core.heads import merge_heads, multi_head, split_heads
from attnbook.core.pointing import covered, follow, hull_edges, point
from attnbook.core.structures import two_levels

RNG = np.random.default_rng(60)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: split_heads(ones(3, 4), 3), ValueError, "x has width 4, which 3 heads cannot share equally"),
        (lambda: split_heads(ones(3, 4), 0), ValueError, "0 heads"),
        (lambda: split_heads(ones(3, 4), 2.0), TypeError, "heads is 2.0; it must be a whole number"),
        (lambda: split_heads(ones(4), 2), ValueError, "x is one vector"),
        (lambda: merge_heads(ones(3, 4)), ValueError, r"x has shape \(3, 4\); it must have shape \(…, heads"),
        (lambda: multi_head(ones(2, 4), ones(3, 6), ones(3, 4), heads=2), ValueError, "query has width 4 but keys"),
        (lambda: multi_head(ones(2, 4), ones(3, 4), ones(3, 5), heads=2), ValueError, "values has width 5, which 2"),
        (lambda: multi_head(ones(2, 4), ones(3, 4), ones(2, 4), heads=2), ValueError, "for 3 keys but there are 2"),
        (lambda: two_levels(ones(2, 3), ones(2, 4, 5), np.sum), ValueError, "one score for each word"),
        (lambda: two_levels(ones(2, 3), ones(2, 3, 5), lambda x: x), ValueError, r"score_sentences gave shape \(2, 5"),
        (lambda: point(ones(2, 0)), ValueError, "there are no places, so there is nothing to point at"),
        (lambda: point(ones(2), used=np.array([True, True])), ValueError, "nothing is left to point at"),
        (lambda: point(ones(2), used=ones(2)), TypeError, "used holds float64 but must hold booleans, True where"),
        (lambda: point(ones(2), used=ones(3) > 0), ValueError, r"used has shape \(3,\) but scores have shape \(2,\)"),
        (lambda: follow(ones(2, 3), 0), ValueError, "a row for each place"),
        (lambda: follow(ones(3, 3), 3), ValueError, "start is 3; it must be a place from 0 to 2"),
        (lambda: follow(ones(3, 3), 1.0), TypeError, "start is 1.0"),
        (lambda: hull_edges(ones(2, 2)), ValueError, "at least 3 points"),
        (lambda: hull_edges(ones(5, 3)), ValueError, r"it must be \(…, k, 2\)"),
        (lambda: covered(RNG.random((4, 2)), [0, 1, 1]), ValueError, "each once"),
        (lambda: covered(RNG.random((4, 2)), [0, 1, 4]), ValueError, "of the 4 points"),
    ],
)
def test_wrong_input_is_refused_in_words(call: Callable[[], object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()


def test_torch_gives_torch_and_the_same_numbers() -> None:
    q, k, v = (RNG.normal(size=(2, n, 6)) for n in (3, 5, 5))
    scores, used = RNG.normal(size=(4, 4)), np.eye(4, dtype=bool)
    points = RNG.random((7, 2))
    for function, arrays in [
        (lambda *a: multi_head(*a, heads=3), (q, k, v)),
        (lambda *a: two_levels(a[0][..., 0], a[0], lambda x: x[..., 1]), (RNG.normal(size=(2, 3, 5, 4)),)),
        (lambda a, b: (point(a, used=b),), (scores, used)),
        (lambda a: (hull_edges(a),), (points,)),
    ]:
        ours, theirs = function(*arrays), function(*map(torch.from_numpy, arrays))
        for one, other in zip(ours, theirs, strict=True):
            assert isinstance(other, torch.Tensor)
            np.testing.assert_allclose(one, other.numpy(), rtol=1e-12, atol=1e-12)
    assert follow(scores, 1) == follow(torch.from_numpy(scores), 1)
    assert covered(points, [0, 3, 1]) == pytest.approx(covered(torch.from_numpy(points), [0, 3, 1]))


def test_gradients_pass_through_heads_levels_and_pointers() -> None:
    q, k, v = (torch.randn(2, 4, dtype=torch.float64, requires_grad=True) for _ in range(3))
    x = torch.randn(2, 3, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda *a: multi_head(*a, heads=2)[0], (q, k, v))
    assert torch.autograd.gradcheck(lambda a: two_levels(a[..., 0], a, lambda y: y[..., 1]).output, (x,))
    assert torch.autograd.gradcheck(lambda a: point(a, used=torch.eye(2, 4) > 0), (q,))


def test_one_head_is_plain_attention() -> None:
    q, k, v = (RNG.normal(size=(n, 4)) for n in (3, 5, 5))
    np.testing.assert_allclose(multi_head(q, k, v, heads=1)[0], attend(dot(q, k) / 2, v)[0])


def test_two_levels_are_one_attention_whose_weights_are_products() -> None:
    scores, words = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4, 5))
    output, within, between = two_levels(scores, words, lambda x: x[..., 0])
    weights = (within * between[:, None]).reshape(-1)
    assert weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(weights @ words.reshape(-1, 5), output)


def test_a_mask_of_one_row_holds_for_every_head_and_batch() -> None:
    q, k, v = (RNG.normal(size=(2, n, 4)) for n in (3, 5, 5))
    for mask in (np.arange(5) < 3, np.ones((3, 1), bool) & (np.arange(5) < 3)):
        weights = multi_head(q, k, v, heads=2, mask=mask)[1]
        assert (weights[..., 3:] == 0).all()


def test_following_hull_edges_is_going_round_the_hull() -> None:
    points = RNG.random((30, 2))
    path = follow(hull_edges(points).astype(float), int(points[:, 0].argmin()))
    assert covered(points, path) == pytest.approx(1)
    assert (hull_edges(points).sum(axis=1) > 0).sum() == len(path)
