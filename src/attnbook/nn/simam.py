"""SimAM as a part of a network: a gate for every number of every map, and nothing to learn."""

from jaxtyping import Float
from torch import Tensor, nn

from attnbook.core.simam import _penalty, simam

__all__ = ["SimAM"]


class SimAM(nn.Module):
    r"""Multiply each number by a gate that opens the further the more it differs from the rest of its map.

    .. math:: \tilde x = \sigma\Bigl( \frac{(x - \mu)^2}{4 (\sigma^2 + \lambda)} + \tfrac12 \Bigr) \, x

    It has no parameters and nothing to save, so a state dict fits a network with it and without it, as long as the
    other parts keep their names.

    >>> import torch
    >>> part = SimAM()
    >>> part(torch.randn(2, 3, 5, 4)).shape, len(part.state_dict())
    (torch.Size([2, 3, 5, 4]), 0)
    """

    def __init__(self, penalty: float | int = 1e-4) -> None:
        super().__init__()
        _penalty(penalty)
        self.penalty = penalty

    def forward(self, x: Float[Tensor, "*b y x"]) -> Float[Tensor, "*b y x"]:
        """Return the maps, each number multiplied by its gate."""
        output: Tensor = simam(x, penalty=self.penalty)[0]
        return output
