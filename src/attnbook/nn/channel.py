"""Gates on channels as modules that fit behind any convolution: maps in, maps of that shape out."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from attnbook.core.channel import eca, eca_kernel_size, excite, scale, squeeze
from attnbook.nn.gates import TwoLayers, odd

__all__ = ["ECA", "SE", "OwnMean"]

Maps = Float[Tensor, "b c y x"]


class SE(TwoLayers):
    r"""Squeeze and excitation: gate each channel by the means of all (Hu et al.).

    .. math:: o_c = \sigma\bigl( W_2 \max(0, W_1 z + b_1) + b_2 \bigr)_c \, m_c \qquad z = \operatorname{mean}_{y,x} m

    Args:
        channels: How many maps come in.
        reduction: How many channels share one hidden unit.
        bias: Whether the two layers have biases.

    >>> block = SE(64, reduction=16)
    >>> block(torch.randn(2, 64, 7, 7)).shape, sum(p.numel() for p in block.parameters())
    (torch.Size([2, 64, 7, 7]), 580)
    """

    def __init__(self, channels: int, *, reduction: int = 16, bias: bool = True) -> None:
        super().__init__(channels, reduction, bias=bias)

    def gates(self, maps: Maps) -> Float[Tensor, "b c"]:
        """Return how far each gate is open."""
        return excite(squeeze(maps), **self.layers())  # type: ignore[no-any-return]

    def forward(self, maps: Maps) -> Maps:
        """Return the maps, each multiplied by its gate."""
        return scale(maps, self.gates(maps))  # type: ignore[no-any-return]


class ECA(nn.Module):
    r"""Efficient channel attention: gate each channel by the means of its neighbours (Wang et al.).

    Args:
        channels: How many maps come in; by default they say how many neighbours count.
        size: How many do, an odd number; if not given, :func:`~attnbook.core.channel.eca_kernel_size` says it.

    >>> block = ECA(64)
    >>> block(torch.randn(2, 64, 7, 7)).shape, sum(p.numel() for p in block.parameters())
    (torch.Size([2, 64, 7, 7]), 3)
    """

    def __init__(self, channels: int, *, size: int | None = None) -> None:
        super().__init__()
        size = odd(eca_kernel_size(channels) if size is None else size)
        self.kernel = nn.Parameter((2 * torch.rand(size) - 1) / size**0.5)  # as torch starts a convolution

    def gates(self, maps: Maps) -> Float[Tensor, "b c"]:
        """Return how far each gate is open."""
        return eca(squeeze(maps), self.kernel)  # type: ignore[no-any-return]

    def forward(self, maps: Maps) -> Maps:
        """Return the maps, each multiplied by its gate."""
        return scale(maps, self.gates(maps))  # type: ignore[no-any-return]

    def extra_repr(self) -> str:
        """Say the size when printed."""
        return f"size={len(self.kernel)}"


class OwnMean(nn.Module):
    r"""Gate each channel by its own mean, without anything to learn: :math:`o_c = \sigma(z_c) \, m_c`.

    >>> OwnMean()(torch.full((1, 1, 1, 2), 2.0)).flatten()
    tensor([1.7616, 1.7616])
    """

    def gates(self, maps: Maps) -> Float[Tensor, "b c"]:
        """Return how far each gate is open."""
        return squeeze(maps).sigmoid()  # type: ignore[no-any-return]

    def forward(self, maps: Maps) -> Maps:
        """Return the maps, each multiplied by its gate."""
        return scale(maps, self.gates(maps))  # type: ignore[no-any-return]
