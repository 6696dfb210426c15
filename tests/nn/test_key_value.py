"""The memory network: its hops in plain loops, its times, what it can learn, and words for wrong input."""

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from attnbook.data.facts import WORDS, stories
from attnbook.nn.key_value import MemoryNetwork


def batch(count: int = 5, **options: Any) -> list[torch.Tensor]:
    return [torch.from_numpy(array) for array in stories(count, seed=1, **options)]


@pytest.mark.parametrize("hops", [1, 2, 3])
@pytest.mark.parametrize("times", [True, False])
@pytest.mark.parametrize("linear", [True, False])
def test_it_does_what_its_formula_says(hops: int, times: bool, linear: bool) -> None:
    torch.manual_seed(0)
    model = MemoryNetwork(len(WORDS), 6, hops=hops, facts=11, times=times).double()
    model.linear = linear
    facts, question, _, _ = batch()
    logits, looks = model(facts, question)
    assert looks.shape == (5, hops, 9)
    for b in range(5):
        u = model.E[0, question[b]]
        for h in range(hops):
            keys, values = (
                torch.stack(
                    [
                        model.E[h + side, who] + model.E[h + side, what] + (model.time[h + side, 2 + i] if times else 0)
                        for i, (who, what) in enumerate(facts[b])
                    ]
                )
                for side in (0, 1)
            )
            scores = torch.stack([(u * key).sum() for key in keys])
            weights = scores if linear else torch.exp(scores) / torch.exp(scores).sum()
            torch.testing.assert_close(looks[b, h], weights)
            u = u + sum(weight * value for weight, value in zip(weights, values, strict=True))
        torch.testing.assert_close(logits[b], torch.stack([(u * word).sum() for word in model.E[-1]]))


def test_all_parameters_learn() -> None:
    model = MemoryNetwork(len(WORDS), 6, hops=2, facts=9)
    facts, question, answer, _ = batch()
    F.cross_entropy(model(facts, question)[0], answer).backward()
    assert [name for name, one in model.named_parameters() if not one.grad.abs().sum() > 0] == []


def test_only_the_times_know_the_order() -> None:
    facts, question, _, _ = batch()
    for times in (True, False):
        model = MemoryNetwork(len(WORDS), 6, hops=2, facts=9, times=times)
        same = torch.allclose(model(facts, question)[0], model(facts.flip(1), question)[0], atol=1e-6)
        assert same is not times


def test_the_spread_is_that_of_the_start() -> None:
    torch.manual_seed(0)
    model = MemoryNetwork(200, 30, hops=2, facts=90, spread=0.05)
    for one in model.parameters():
        assert one.std().item() == pytest.approx(0.05, rel=0.05)


FACTS, QUESTION = torch.tensor([[[0, 6], [0, 8]]]), torch.tensor([8])


@pytest.mark.parametrize(
    ("facts", "question", "error", "words"),
    [
        (FACTS.float(), QUESTION, TypeError, r"facts holds torch.float32; .* write facts.long\(\)"),
        (FACTS[0], QUESTION, ValueError, r"facts has shape \(2, 2\); it must have shape \(b, f, w\)"),
        (FACTS, QUESTION[0], ValueError, r"question has shape \(\); it must have shape \(b,\)"),
        (FACTS + 6, QUESTION, ValueError, "facts holds a word that the model does not know: it knows words 0 to 11"),
        (FACTS, QUESTION - 9, ValueError, "question holds a word that the model does not know"),
        (FACTS.repeat(1, 2, 1), QUESTION, ValueError, "there are 4 facts but the model has times for 3"),
        (FACTS.repeat(2, 1, 1), QUESTION, ValueError, "there are 2 stories but 1 questions"),
    ],
)
def test_wrong_input_is_refused(facts: Any, question: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        MemoryNetwork(12, 4, hops=1, facts=3)(facts, question)


def test_sizes_must_be_positive() -> None:
    with pytest.raises(ValueError, match="hops is 0; it must be at least 1"):
        MemoryNetwork(12, 4, hops=0, facts=3)
    with pytest.raises(ValueError, match=r"spread is 0\.0; it must be above 0"):
        MemoryNetwork(12, 4, hops=1, facts=3, spread=0.0)


def test_it_prints_its_sizes() -> None:
    assert repr(MemoryNetwork(12, 4, hops=2, facts=3)) == "MemoryNetwork(words=12, width=4, hops=2)"
    assert np.prod(MemoryNetwork(12, 4, hops=2, facts=3).E.shape) == 3 * 12 * 4
