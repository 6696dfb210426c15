"""The block is torch's, no text sees its future, and a cache changes nothing but the work."""

import time
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from attnbook.data.book_text import book_text, encode
from attnbook.nn.blocks import Cache
from attnbook.nn.transformer import Transformer
from attnbook.nn.writing import TextModel, text_loss, trained_on

SMALL = {"width": 16, "heads": 4, "context": 24}


def text_model(**options: object) -> TextModel:
    torch.manual_seed(0)
    return TextModel(11, **(SMALL | options))  # type: ignore[arg-type]


def tokens(*shape: int, known: int = 11, seed: int = 1) -> Tensor:
    return torch.randint(known, shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("rotary", [True, False])
def test_the_past_does_not_move_with_the_future(rotary: bool) -> None:
    model, text = text_model(rotary=rotary), tokens(1, 12)
    other = text.clone()
    other[:, 7] = (other[:, 7] + 1) % 11
    apart = (model(text)[0] - model(other)[0]).abs().amax(dim=-1)[0]
    assert apart[:7].max() < 1e-5
    assert apart[7:].min() > 1e-4
    model.causal = False
    assert (model(text)[0] - model(other)[0]).abs().amax(dim=-1).min() > 1e-6


def test_a_cache_changes_nothing_but_the_work() -> None:
    model, text = text_model(), tokens(3, 20)
    expected, _ = model(text)
    for steps in ([20], [1] * 20, [7, 1, 12]):
        cache = Cache()
        parts = [model(part, cache)[0] for part in text.split(steps, dim=1)]
        torch.testing.assert_close(torch.cat(parts, dim=1), expected, rtol=1e-4, atol=1e-5)
        assert cache.length == 20
    for temperature in (0, 0.8):
        written = []
        for cached in (True, False):
            torch.manual_seed(2)
            written.append(model.write(text[:, :5], 15, temperature=temperature, cached=cached))
        assert torch.equal(*written)
        assert written[0].shape == (3, 15)


@pytest.mark.slow
def test_a_cache_saves_time_in_long_texts() -> None:
    model, taken = TextModel(11, context=600), []
    for cached in (True, False):
        begun = time.process_time()
        model.write(tokens(1, 1), 512, temperature=0, cached=cached)
        taken.append(time.process_time() - begun)
    assert taken[1] > 3 * taken[0]


def test_padding_is_not_looked_at() -> None:
    torch.manual_seed(0)
    model = Transformer(9, 7, width=16, heads=2)
    source, target_in = torch.tensor([[3, 4, 5]]), torch.tensor([[1, 6, 4]])
    padded, weights = model(torch.tensor([[3, 4, 5, 0, 0]]), target_in)
    torch.testing.assert_close(padded, model(source, target_in)[0], rtol=1e-4, atol=1e-5)
    assert len(weights) == 2
    assert all((each[..., 3:] == 0).all() and torch.allclose(each.sum(-1), torch.ones(1)) for each in weights)


def test_a_translation_does_not_read_ahead() -> None:
    torch.manual_seed(0)
    model, source, target_in = Transformer(9, 7, width=16, heads=2), tokens(2, 5, known=9), tokens(2, 6, known=7)
    other = target_in.clone()
    other[:, 3:] = (other[:, 3:] + 1) % 7
    apart = (model(source, target_in)[0] - model(source, other)[0]).abs().amax(dim=-1)
    assert apart[:, :3].max() < 1e-5
    assert apart[:, 3:].min() > 1e-4


def test_a_few_steps_on_the_book_beat_single_letters() -> None:
    text = torch.from_numpy(encode(book_text().train))
    model = trained_on(text, tokens=47, steps=20)
    assert sum(p.numel() for p in model.parameters()) == 106_159
    share = text.bincount(minlength=47) / len(text)
    with torch.no_grad():
        torch.manual_seed(0)
        assert text_loss(model, text).item() < -(share * share.log()).sum()


WRONG: list[tuple[Callable[[], object], type[Exception], str]] = [
    (lambda: TextModel(5, width=10, heads=4), ValueError, "width is 10, which 4 heads cannot share equally"),
    (lambda: TextModel(5, width=12, heads=4), ValueError, "a head has width 3; it must be even"),
    (lambda: TextModel(0), ValueError, "tokens is 0"),
    (lambda: Transformer(5, 5, layers=0), ValueError, "layers is 0"),
    (lambda: text_model()(tokens(1, 25)), ValueError, "has 25 tokens, but the context has 24: give the last 24 only"),
    (lambda: text_model()(tokens(12)), ValueError, r"shape \(12,\); it must have a row .* tokens\[None, :\] for one"),
    (lambda: text_model()(tokens(1, 0)), ValueError, "at least one number"),
    (lambda: text_model()(tokens(1, 3) + 11), ValueError, "but the model knows 0 to 10"),
    (lambda: text_model()(torch.ones(1, 3)), TypeError, "tokens holds torch.float32"),
    (lambda: text_model()(np.ones((1, 3))), TypeError, "tokens is a ndarray; it must be a tensor"),
    (lambda: text_model().write(tokens(1, 20), 9), ValueError, "20 tokens and 9 more do not fit: .* 24 places"),
    (lambda: text_model().write(tokens(1, 3), 2, temperature=-1.0), ValueError, "temperature is -1.0"),
    (lambda: text_loss(text_model(), tokens(24)), ValueError, "text has 24 tokens; it must have more"),
]


@pytest.mark.parametrize(("call", "error", "words"), WRONG)
def test_wrong_input_is_refused_in_words(call: Callable[[], object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()
