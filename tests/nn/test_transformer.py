"""The block is torch's, no text sees its future, and a cache changes nothing but the work."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from attnbook.data.book_text import book_text, encode
from attnbook.nn.blocks import Attention, Block, Cache, post_norm, pre_norm
from attnbook.nn.transformer import Transformer
from attnbook.nn.writing import TextModel, text_loss, trained_on

SMALL = {"width": 16, "heads": 4, "context": 24}


def text_model(**options: object) -> TextModel:
    torch.manual_seed(0)
    return TextModel(11, **(SMALL | options))  # type: ignore[arg-type]


def tokens(*shape: int, known: int = 11, seed: int = 1) -> Tensor:
    return torch.randint(known, shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(("around", "first"), [(pre_norm, True), (post_norm, False)])
@pytest.mark.parametrize("cross", [False, True])
def test_a_block_is_torchs_layer(around: Callable[..., Tensor], first: bool, cross: bool) -> None:
    torch.manual_seed(0)
    ours = Block(16, 4, rotary=False, around=around, cross=cross)
    layer = nn.TransformerDecoderLayer if cross else nn.TransformerEncoderLayer
    theirs = layer(16, 4, 64, dropout=0.0, batch_first=True, norm_first=first)
    attentions = [(ours.attention, theirs.self_attn)]
    attentions += [(ours.cross, theirs.multihead_attn)] if cross else []
    with torch.no_grad():
        for one, other in attentions:
            assert one is not None
            other.in_proj_weight.copy_(torch.cat([each.weight for each in (one.query, one.key, one.value)]))
            other.in_proj_bias.copy_(torch.cat([each.bias for each in (one.query, one.key, one.value)]))
            other.out_proj.load_state_dict(one.output.state_dict())
        for i, norm in enumerate(ours.norms, start=1):
            norm.weight.normal_()
            getattr(theirs, f"norm{i}").load_state_dict(norm.state_dict())
        theirs.linear1.load_state_dict(ours.widen.state_dict())
        theirs.linear2.load_state_dict(ours.narrow.state_dict())
    x, read, past = torch.randn(2, 5, 16), torch.randn(2, 7, 16), torch.ones(5, 5).tril() > 0
    if cross:
        found, expected = ours(x, mask=past, read=read)[0], theirs(x, read, tgt_mask=~past)
    else:
        found, expected = ours(x, mask=past)[0], theirs(x, src_mask=~past)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


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


def test_rotary_positions_see_distances_only() -> None:
    model, text = text_model(causal=False), tokens(1, 6)
    attention = Attention(16, 4)
    x = torch.randn(1, 6, 16)
    moved = Cache()
    moved.rows[attention] = torch.zeros(1, 4, 3, 4), torch.zeros(1, 4, 3, 4)
    _, weights = attention(x, x, x, cache=moved, mask=torch.arange(9) >= 3)
    torch.testing.assert_close(weights[..., 3:], attention(x, x, x)[1], rtol=1e-4, atol=1e-5)
    assert not torch.allclose(model(text)[0], model(text.flip(1))[0].flip(1), atol=1e-3)


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
