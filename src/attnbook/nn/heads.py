"""Multi-head attention with its learned maps."""

from jaxtyping import Bool, Float
from torch import Tensor, nn

from attnbook.core.heads import multi_head
from attnbook.nn.scoring import positive

__all__ = ["MultiHead"]


class MultiHead(nn.Module):
    r"""Ask with several heads: each has maps of its own, and one more map mixes what they read.

    .. math:: o = W_o \, [\operatorname{head}_1; \dots; \operatorname{head}_h] + b_o

    The maps of all heads lie in one matrix each. Equal to ``torch.nn.MultiheadAttention`` with the same parameters,
    but the mask is True where attending is allowed.

    Args:
        width: Numbers in a vector.
        heads: How many; each gets an equal part of the width.

    >>> import torch
    >>> attention = MultiHead(8, heads=2)
    >>> rows = torch.randn(1, 5, 8)
    >>> output, weights = attention(rows[:, :1], rows, rows)
    >>> output.shape, weights.shape
    (torch.Size([1, 1, 8]), torch.Size([1, 2, 1, 5]))
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        positive(width=width, heads=heads)
        if width % heads:
            raise ValueError(f"width is {width}, which {heads} heads cannot share equally")
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))

    def forward(
        self,
        query: Float[Tensor, "*b q d"],
        keys: Float[Tensor, "*b k d"],
        values: Float[Tensor, "*b k d"],
        *,
        mask: Bool[Tensor, "..."] | None = None,
    ) -> tuple[Float[Tensor, "*b q d"], Float[Tensor, "*b h q k"]]:
        """Return what all heads read, mixed, and the weights of each head."""
        asked, known, read = self.query(query), self.key(keys), self.value(values)
        output, weights = multi_head(asked, known, read, heads=self.heads, mask=mask)
        return self.output(output), weights
