"""External attention with its two memories, which belong to the module and so to all inputs."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from attnbook.core.external import double_normalise, multi_head_external
from attnbook.nn.scoring import positive

__all__ = ["ExternalAttention"]


class ExternalAttention(nn.Module):
    r"""Let every position ask two memories that are learned with the rest of the network.

    .. math:: o = [o^1; \dots; o^h] \qquad o^m = \operatorname{normalise}(F^m M_k^\top) M_v

    The heads share the memories. There are no maps before and behind: put ``nn.Linear`` there if you want them.

    Args:
        width: Numbers in a feature.
        slots: How many rows the memories have.
        heads: Into how many equal parts a feature is cut; with one, nothing is cut.
        tied: Whether one memory serves as both, :math:`M_v = M_k`. Then there is one parameter, so that nothing can
            part the two.
        normalise: Makes weights of scores: see :mod:`attnbook.core.external`.

    >>> attention = ExternalAttention(8, slots=3, heads=2)
    >>> output, weights = attention(torch.randn(5, 8))
    >>> output.shape, weights.shape  # one row for each position; for each head, position and slot
    (torch.Size([5, 8]), torch.Size([2, 5, 3]))
    >>> [len(list(ExternalAttention(8, slots=3, tied=tied).parameters())) for tied in (False, True)]
    [2, 1]
    """

    def __init__(
        self,
        width: int,
        slots: int,
        *,
        heads: int = 1,
        tied: bool = False,
        normalise: Callable[[Tensor], Tensor] = double_normalise,
    ) -> None:
        super().__init__()
        positive(width=width, heads=heads)
        if slots == 0:
            raise ValueError("slots is 0: a memory without slots has nothing to read; give it at least one")
        positive(slots=slots)
        if width % heads:
            raise ValueError(f"width is {width}, which {heads} heads cannot share equally")
        part = width // heads
        self.heads, self.normalise = heads, normalise
        self.memory_keys = nn.Parameter(torch.randn(slots, part) / part**0.5)
        self.memory_values = None if tied else nn.Parameter(torch.randn(slots, part) / part**0.5)

    def forward(self, features: Float[Tensor, "*b n d"]) -> tuple[Float[Tensor, "*b n d"], Float[Tensor, "*b h n k"]]:
        """Return what each position has read, and the weights of each head."""
        values = self.memory_keys if self.memory_values is None else self.memory_values
        output, weights = multi_head_external(
            features, self.memory_keys, values, heads=self.heads, normalise=self.normalise
        )
        return output, weights
