"""The models of Chapter 4 choose where they say they choose, and learn from it."""

from collections.abc import Callable

import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from attnbook import core
from attnbook.core.local import local_p, predicted_place
from attnbook.nn.glimpses import Glimpses
from attnbook.nn.local import LocalAttention
from attnbook.nn.soft_hard import Captioner


def images(count: int = 6) -> torch.Tensor:
    return torch.rand(count, 16, 16, generator=torch.Generator().manual_seed(0))


def test_local_attention_is_the_formula_with_the_score_general() -> None:
    torch.manual_seed(0)
    attention, keys, values = LocalAttention(4, 3, hidden=5, reach=2), torch.randn(2, 9, 3), torch.randn(2, 9, 6)
    query = torch.randn(2, 1, 4)
    output, place = attention(query, keys, values)
    expected = predicted_place(query, attention.W_p, attention.v_p, length=9)
    weights = local_p(core.bilinear(query, keys, attention.W), expected, reach=2)
    torch.testing.assert_close(place, expected)
    torch.testing.assert_close(output, weights @ values)
    output.square().sum().backward()
    assert all(bool(p.grad.abs().max() > 0) for p in attention.parameters() if p.grad is not None)
    assert len([p for p in attention.parameters() if p.grad is not None]) == 3


@pytest.mark.parametrize("way", ["hard", "order", "random"])
def test_a_glimpse_reads_one_patch_that_was_not_read_before(way: str) -> None:
    torch.manual_seed(1)
    looks = Glimpses(way)(images(50))  # type: ignore[arg-type]
    assert looks.chosen.shape == (50, 4, 16)
    assert set(looks.chosen.unique().tolist()) == {0.0, 1.0}
    assert (looks.chosen.sum(-1) == 1).all()
    assert (looks.chosen.sum(1) <= 1).all()


def test_only_hard_and_soft_choose_by_the_picture() -> None:
    torch.manual_seed(2)
    for way, depends in (("hard", True), ("order", False), ("soft", True)):
        model = Glimpses(way)  # type: ignore[arg-type]
        chances = model(images(50), greedy=True)
        same = torch.allclose(chances.log_prob[:, 0], chances.log_prob[:1, 0]) if way != "soft" else False
        rows = chances.chosen[:, 0]
        assert (same and bool((rows == rows[0]).all())) != depends
    drawn = Glimpses("random")(images())
    torch.testing.assert_close(drawn.log_prob, -torch.tensor([16.0, 15, 14, 13]).log().expand(6, 4))


def test_what_was_drawn_has_the_probability_it_was_drawn_with() -> None:
    torch.manual_seed(3)
    model = Glimpses("order", glimpses=1)
    model.order.data[0, :3] = torch.tensor([3.0, 2.0, 2.5])
    looks = model(images(1).expand(20_000, -1, -1))
    weights = core.softmax(model.order[0])
    torch.testing.assert_close(looks.chosen[:, 0].mean(0), weights, atol=0.02, rtol=0)
    torch.testing.assert_close(looks.log_prob[:, 0], (looks.chosen[:, 0] @ weights).log())
    torch.testing.assert_close(looks.entropy[0, 0], core.entropy(weights))


def test_the_answer_depends_only_on_patches_that_were_read() -> None:
    torch.manual_seed(4)
    model, picture = Glimpses("order", coarse=False), images(1)
    looks = model(picture, greedy=True)
    for patch in range(16):
        y, x = 4 * (patch // 4), 4 * (patch % 4)
        other = picture.clone()
        other[0, y : y + 4, x : x + 4] += 1
        read = bool(looks.chosen[0, :, patch].any())
        assert torch.equal(model(other, greedy=True).logits, looks.logits) != read
    with_means = Glimpses("order")
    assert not torch.equal(with_means(picture, greedy=True).logits, with_means(other, greedy=True).logits)


def test_a_choice_learns_from_its_loss_alone() -> None:
    torch.manual_seed(5)
    model = Glimpses("hard", glimpses=1)
    looks = model(images())
    assert torch.autograd.grad(looks.logits.sum(), model.scores.weight, allow_unused=True, retain_graph=True) == (None,)
    (slope,) = torch.autograd.grad(looks.log_prob.sum(), model.scores.weight)
    assert slope.abs().max() > 0


def test_a_captioner_writes_from_words_before_and_what_it_sees() -> None:
    torch.manual_seed(6)
    model, patches, words = Captioner(7, numbers=50), torch.randn(2, 64, 50), torch.randint(7, (2, 6))
    logits, weights = model(patches, words)
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 6))
    later = words.clone()
    later[:, 3] = (later[:, 3] + 1) % 7
    changed, looked = model(patches, later)
    assert torch.equal(changed[:, :4], logits[:, :4])  # a word is not seen before it is written
    assert not torch.equal(changed[:, 4], logits[:, 4])
    order = torch.randperm(64)
    shuffled, looked = model(patches[:, order], words)
    torch.testing.assert_close(shuffled, logits)  # only what is in a patch says where it is
    torch.testing.assert_close(looked, weights[..., order])
    F.cross_entropy(logits.mT, words).backward()
    assert all(p.grad is not None and bool(p.grad.abs().sum() > 0) for p in model.parameters())


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Glimpses("firm"), ValueError, "way is 'firm'; there are 'hard', 'order', 'random' and 'soft'"),  # type: ignore[arg-type]
        (lambda: Glimpses("hard", glimpses=0), ValueError, "glimpses is 0; it must be at least 1"),
        (lambda: Captioner(7, numbers=0), ValueError, "numbers is 0"),
        (lambda: LocalAttention(4, 3, hidden=0, reach=2), ValueError, "hidden is 0"),
        (lambda: LocalAttention(4, 4, hidden=2, reach=0)(*torch.ones(3, 1, 4)), ValueError, "reach is 0"),
    ],
)
def test_wrong_sizes_are_refused(make: Callable[[], object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        make()
