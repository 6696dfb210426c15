"""The block is torch's layer, with the norm in either place; positions turn by distance."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from attnbook.nn.blocks import Attention, Block, Cache, post_norm, pre_norm


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


def test_rotary_positions_see_distances_only() -> None:
    torch.manual_seed(0)
    attention, x = Attention(16, 4), torch.randn(1, 6, 16)
    moved = Cache()
    moved.rows[attention] = torch.zeros(1, 4, 3, 4), torch.zeros(1, 4, 3, 4)  # places 0 to 2 are taken
    _, weights = attention(x, x, x, cache=moved, mask=torch.arange(9) >= 3)
    torch.testing.assert_close(weights[..., 3:], attention(x, x, x)[1], rtol=1e-4, atol=1e-5)
    assert not torch.allclose(attention(x, x, x)[0], attention(x.flip(1), x.flip(1), x.flip(1))[0].flip(1), atol=1e-3)
