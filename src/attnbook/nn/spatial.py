"""A mask on places, alone and together with gates on channels: modules that fit behind any convolution."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from attnbook.core.spatial import cbam, spatial_mask
from attnbook.nn.gates import TwoLayers, odd

__all__ = ["CBAM", "Spatial"]

Maps = Float[Tensor, "b c y x"]


class Spatial(nn.Module):
    r"""Spatial attention: gate each place by mean and maximum over the channels, there and around it.

    Args:
        size: The side of the square around a place that counts, an odd number.

    >>> block = Spatial(3)
    >>> block(torch.randn(2, 64, 7, 7)).shape, sum(p.numel() for p in block.parameters())
    (torch.Size([2, 64, 7, 7]), 19)
    """

    def __init__(self, size: int = 7) -> None:
        super().__init__()
        self.kernel = nn.Parameter((2 * torch.rand(2, odd(size), size) - 1) / (2 * size**2) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(()))

    def mask(self, maps: Maps) -> Float[Tensor, "b y x"]:
        """Return how far each place is open."""
        return spatial_mask(maps, self.kernel, self.bias)  # type: ignore[no-any-return]

    def forward(self, maps: Maps) -> Maps:
        """Return the maps, all multiplied by one mask."""
        return maps * self.mask(maps)[:, None]

    def extra_repr(self) -> str:
        """Say the size when printed."""
        return f"size={self.kernel.shape[-1]}"


class CBAM(TwoLayers):
    r"""Channel and spatial attention, one after the other or side by side (Woo et al.).

    The published code has batch norm after the convolution of the mask. It is left out here: what it learns when
    training is over is one factor and one summand, and ``kernel`` and ``bias`` can hold those.

    Args:
        channels: How many maps come in.
        reduction: As in :class:`~attnbook.nn.channel.SE`.
        size: As in :class:`Spatial`.
        order: One of :data:`attnbook.core.spatial.ORDERS`.
        bias: Whether the two layers of the gates have biases.

    >>> block = CBAM(64, size=3, order="parallel")
    >>> block(torch.randn(2, 64, 7, 7)).shape, sum(p.numel() for p in block.parameters())
    (torch.Size([2, 64, 7, 7]), 599)
    """

    def __init__(
        self, channels: int, *, reduction: int = 16, size: int = 7, order: str = "channel first", bias: bool = True
    ) -> None:
        super().__init__(channels, reduction, bias=bias)
        mask = Spatial(size)
        self.kernel, self.bias, self.order = mask.kernel, mask.bias, order
        self.parts(torch.zeros(1, channels, 1, 1))  # refuses an order that there is not

    def parts(self, maps: Maps) -> tuple[Maps, Float[Tensor, "b c"], Float[Tensor, "b y x"]]:
        """Return the new maps, the gates and the mask."""
        return cbam(maps, kernel=self.kernel, bias=self.bias, order=self.order, **self.layers())

    def forward(self, maps: Maps) -> Maps:
        """Return the new maps."""
        return self.parts(maps)[0]
