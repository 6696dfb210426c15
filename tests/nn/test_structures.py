"""Heads like those of torch, readers of three kinds, a network that points, and what each of them depends on."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnbook.data.reviews import WORDS, reviews
from attnbook.nn.heads import MultiHead
from attnbook.nn.pointing import PointerNetwork, hull_loss
from attnbook.nn.structures import Reader
from attnbook.nn.training import train


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_heads_are_torchs_with_a_mask_the_other_way_round(heads: int) -> None:
    torch.manual_seed(0)
    ours, theirs = MultiHead(8, heads), nn.MultiheadAttention(8, heads, batch_first=True)
    maps = (ours.query, ours.key, ours.value)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([each.weight for each in maps]))
        theirs.in_proj_bias.copy_(torch.cat([each.bias for each in maps]))
        theirs.out_proj.load_state_dict(ours.output.state_dict())
    query, keys, values = torch.randn(2, 3, 8), torch.randn(2, 5, 8), torch.randn(2, 5, 8)
    mask = torch.rand(3, 5) < 0.6
    mask[:, 0] = True
    for may in (None, mask):
        output, weights = ours(query, keys, values, mask=may)
        forbidden = None if may is None else ~may
        expected = theirs(query, keys, values, attn_mask=forbidden, average_attn_weights=False)
        torch.testing.assert_close(output, expected[0])
        torch.testing.assert_close(weights, expected[1])


WRONG: list[tuple[Callable[[], object], type[Exception], str]] = [
    (lambda: MultiHead(8, 3), ValueError, "width is 8, which 3 heads cannot share equally"),
    (lambda: MultiHead(8, 0), ValueError, "heads is 0"),
    (lambda: Reader(9, 2, 4, width=8, read="all"), ValueError, "read is 'all'; it must be one of mean, flat, levels"),
    (lambda: Reader(9, 2, 0, width=8, read="flat"), ValueError, "answers is 0"),
    (lambda: PointerNetwork(2, width=10, heads=4), ValueError, "width is 10, which 4 heads cannot share"),
    (lambda: PointerNetwork(2, layers=0), ValueError, "layers is 0"),
]


@pytest.mark.parametrize(("make", "error", "words"), WRONG)
def test_wrong_sizes_are_refused_in_words(make: Callable[[], object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        make()


def documents(count: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    made = reviews(count, seed=seed)
    return torch.from_numpy(made.words), torch.from_numpy(made.question), torch.from_numpy(made.answer)


@pytest.mark.parametrize("read", ["mean", "flat", "levels"])
def test_only_two_levels_see_which_words_share_a_sentence(read: str) -> None:
    torch.manual_seed(0)
    model = Reader(len(WORDS), 10, 4, width=8, read=read)
    words, question, _ = documents(6, seed=0)
    logits, levels = model(words, question)
    torch.testing.assert_close(levels.sentences.sum(dim=1), torch.ones(6))
    torch.testing.assert_close(levels.words.sum(dim=(1, 2)), torch.full((6,), 6.0 if read == "levels" else 1.0))
    swapped, within = words.clone(), words.flip(2)
    swapped[:, :2] = words[:, :2].flip(1).roll(3, dims=2)  # whole sentences change places, and words within them
    mixed = words.flatten(1).roll(5, dims=1).unflatten(1, (6, 8))
    for other, same in ((swapped, True), (within, True), (mixed, read != "levels")):
        assert torch.allclose(model(other, question)[0], logits, atol=1e-5) is same
    assert (read == "mean") == bool((levels.words == levels.words[0, 0, 0]).all())


def test_two_levels_learn_what_one_cannot() -> None:
    words, question, answer = documents(600, seed=1)

    def loss(model: Reader) -> Tensor:
        some = torch.randint(600, (64,))
        return F.cross_entropy(model(words[some], question[some])[0], answer[some])

    fresh = documents(300, seed=2)
    for read, above, below in (("levels", 0.9, 1.01), ("flat", 0.3, 0.6)):
        model = train(lambda read=read: Reader(len(WORDS), 10, 4, width=24, read=read), loss, seeds=[0], steps=250)[0][
            0
        ]
        right = (model(*fresh[:2])[0].argmax(dim=-1) == fresh[2]).float().mean().item()
        assert above < right < below, read


def test_scores_of_pointing_follow_their_points() -> None:
    torch.manual_seed(0)
    model, points = PointerNetwork(2, width=8, heads=2).double(), torch.rand(1, 7, 2, dtype=torch.float64)
    scores, order = model(points), torch.randperm(7)
    torch.testing.assert_close(model(points[:, order]), scores[:, order][:, :, order])
    moved = points.clone()
    moved[0, 3] += 0.1
    assert ((model(moved) - scores).abs() > 1e-9).all(), "each score depends on all points"
    assert model(torch.rand(2, 30, 2, dtype=torch.float64)).shape == (2, 30, 30)


def test_pointing_learns_the_hull_of_few_points() -> None:
    def measure(model: PointerNetwork) -> float:
        return hull_loss(model, points=(5, 5)).item()

    make = lambda: PointerNetwork(2, width=16, heads=2)  # noqa: E731
    loss = lambda model: hull_loss(model, points=(5, 5), count=32)  # noqa: E731
    trained = train(make, loss, seeds=[0], steps=150, measure=measure, every=75)
    assert trained.curves[0, -1] < 0.6 * trained.curves[0, 0]
