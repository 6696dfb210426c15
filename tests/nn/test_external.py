"""External attention as a module: its formula, heads, one memory or two, and words for wrong sizes."""

import copy
from collections.abc import Callable

import pytest
import torch

from attnbook.core.external import over_slots
from attnbook.nn.external import ExternalAttention


@pytest.mark.parametrize("heads", [1, 2, 4])
@pytest.mark.parametrize("tied", [False, True])
def test_it_does_what_its_formula_says(heads: int, tied: bool) -> None:
    torch.manual_seed(0)
    module = ExternalAttention(8, slots=3, heads=heads, tied=tied).double()
    x, part = torch.randn(2, 5, 8).double(), 8 // heads
    output, weights = module(x)
    values = module.memory_keys if tied else module.memory_values
    assert weights.shape == (2, heads, 5, 3)
    for b in range(2):
        for h in range(heads):
            here = slice(h * part, (h + 1) * part)
            share = torch.exp(x[b][:, here] @ module.memory_keys.T)
            share = share / share.sum(dim=0)
            share = share / share.sum(dim=1, keepdim=True)
            torch.testing.assert_close(weights[b, h], share)
            torch.testing.assert_close(output[b][:, here], share @ values)


def test_a_tied_memory_stays_one_whatever_happens() -> None:
    torch.manual_seed(0)
    module = copy.deepcopy(ExternalAttention(4, slots=3, tied=True).double())
    other = ExternalAttention(4, slots=3, tied=True).double()
    module.load_state_dict(other.state_dict())
    x = torch.randn(5, 4).double()
    for _ in range(3):
        optimiser = torch.optim.Adam(module.parameters(), lr=0.1)
        module(x)[0].square().sum().backward()
        optimiser.step()
    assert list(module.state_dict()) == ["memory_keys"]
    scores = x @ module.memory_keys.T
    expected = torch.softmax(scores - scores.logsumexp(dim=0), dim=1) @ module.memory_keys
    torch.testing.assert_close(module(x)[0], expected)


@pytest.mark.parametrize("normalise", [None, over_slots])
def test_all_parameters_learn(normalise: Callable[[torch.Tensor], torch.Tensor] | None) -> None:
    module = ExternalAttention(8, slots=3, heads=2, **({} if normalise is None else {"normalise": normalise}))
    module(torch.randn(5, 8))[0].square().sum().backward()
    assert [name for name, one in module.named_parameters() if not one.grad.abs().sum() > 0] == []


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: ExternalAttention(8, slots=0), ValueError, "slots is 0: a memory without slots has nothing to read"),
        (lambda: ExternalAttention(8, slots=-1), ValueError, "slots is -1"),
        (lambda: ExternalAttention(8, slots=2.0), TypeError, "slots is 2.0; it must be a whole number"),
        (lambda: ExternalAttention(8, slots=3, heads=3), ValueError, "width is 8, which 3 heads cannot share equally"),
        (lambda: ExternalAttention(0, slots=3), ValueError, "width is 0"),
        (lambda: ExternalAttention(8, slots=3)(torch.ones(5, 6)), ValueError, "features have width 6 but memory_keys"),
    ],
)
def test_wrong_sizes_are_refused_in_words(make: Callable[[], object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        make()
