"""Three readers of the first symbol, and one that reads word by word: what each depends on, and that it learns."""

from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import Tensor, nn

from attnbook.nn.self_attention import Asking, Dilated, Recurrent, first_symbol, recall
from attnbook.nn.training import train
from attnbook.nn.word_by_word import WordByWord

MAKERS: dict[str, Callable[[], nn.Module]] = {
    "asking": lambda: Asking(8, width=16, places=12),
    "recurrent": lambda: Recurrent(8, width=16),
    "dilated": lambda: Dilated(8, width=16, layers=3),
    "word by word": lambda: WordByWord(8, width=16),
}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Asking(8, width=10, places=9, heads=4), "width is 10, which 4 heads cannot share"),
        (lambda: Asking(0, width=8, places=9), "symbols is 0"),
        (lambda: Recurrent(8, width=0), "width is 0"),
        (lambda: Dilated(8, width=8, layers=0), "layers is 0"),
        (lambda: WordByWord(8, width=0), "width is 0"),
        (
            lambda: Asking(8, width=8, places=9)(torch.zeros(1, 10, dtype=torch.int64)),
            "the sequence has 10 places but only 9 were learned",
        ),
    ],
)
def test_wrong_sizes_are_refused_in_words(make: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


def sequences(length: int) -> Tensor:
    return torch.randint(8, (5, length), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("kind", MAKERS)
def test_the_answer_depends_on_all_symbols_and_their_order(kind: str) -> None:
    torch.manual_seed(0)
    model, given = MAKERS[kind](), sequences(12)
    with torch.no_grad():
        logits = model(given)
        for place in (0, 5, 11):
            other = given.clone()
            other[:, place] = (other[:, place] + 1) % 8
            assert not torch.equal(model(other), logits)
        assert not torch.allclose(model(given[:, [1, 0, *range(2, 12)]]), logits, atol=1e-7)


def test_without_places_the_order_of_symbols_is_not_seen() -> None:
    torch.manual_seed(0)
    model, given = Asking(8, width=16, places=0), sequences(12)
    shuffled = given[:, [*reversed(range(11)), 11]]
    torch.testing.assert_close(model(shuffled), model(given))


@pytest.mark.parametrize(("layers", "reach"), [(1, 3), (2, 3), (3, 2)])
def test_dilated_layers_see_reach_to_the_power_of_layers(layers: int, reach: int) -> None:
    torch.manual_seed(0)
    model, given = Dilated(8, width=16, layers=layers, reach=reach).double(), sequences(12)
    seen = reach**layers
    for place, matters in ((12 - seen - 1, False), (12 - seen, True)):
        other = given.clone()
        other[:, place] = (other[:, place] + 1) % 8
        assert torch.equal(model(other), model(given)) is not matters


def test_word_by_word_is_what_its_formulas_say() -> None:
    torch.manual_seed(0)
    model, given = WordByWord(8, width=4).double(), sequences(6)
    states, weights = model.read(given)
    assert bool((weights.triu() == 0).all())
    torch.testing.assert_close(weights[:, 1:].sum(dim=-1), torch.ones(5, 5, dtype=torch.float64))
    other = given.clone()
    other[:, 4:] = (other[:, 4:] + 1) % 8
    torch.testing.assert_close(model.read(other).states[:, :4], states[:, :4], rtol=0, atol=0)

    score, x = model.score, model.symbol(given)[0]  # the first sequence, in loops
    h: list[Tensor] = []
    c: list[Tensor] = []
    past, cell = torch.zeros(4, dtype=torch.float64), torch.zeros(4, dtype=torch.float64)
    for t in range(6):
        if t:
            query = torch.cat([x[t], past])
            row = torch.stack([score(query[None], key[None])[0, 0] for key in h]).softmax(dim=0)
            torch.testing.assert_close(row, weights[0, t, :t])
            past = sum(a * state for a, state in zip(row, h, strict=True))  # type: ignore[assignment]
            cell = sum(a * stored for a, stored in zip(row, c, strict=True))  # type: ignore[assignment]
        forget, take, show, new = (model.gates.weight @ torch.cat([x[t], past]) + model.gates.bias).chunk(4)
        c.append(forget.sigmoid() * cell + take.sigmoid() * new.tanh())
        h.append(show.sigmoid() * c[-1].tanh())
    torch.testing.assert_close(torch.stack(h), states[0])


@pytest.mark.parametrize("kind", MAKERS)
def test_each_learns_the_first_of_five_symbols(kind: str) -> None:
    (model,) = train(MAKERS[kind], partial(first_symbol, length=5), seeds=[0], steps=150, rate=0.01).models
    assert recall(model, length=5) > 0.9
    assert recall(MAKERS[kind](), length=5) < 0.4
