"""Attention near a place that the query predicts, with its parameters."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from attnbook.core.local import local_attend, predicted_place
from attnbook.nn.scoring import positive

__all__ = ["LocalAttention"]


class LocalAttention(nn.Module):
    r"""Let the query predict a place, and attend near it: Luong's *local-p* with his score *general*.

    .. math::
        p = S \cdot \operatorname{sigmoid}\bigl(v_p^\top \tanh(W_p q)\bigr) \qquad
        \alpha_i = \operatorname{softmax}_{|j - p| \le D}(q^\top W k_j)_i \; e^{-(i - p)^2 / 2 \sigma^2}
        \qquad \sigma = D / 2

    Args:
        query_width: Numbers in a query.
        key_width: Numbers in a key.
        hidden: Units in the small network that predicts the place.
        reach: The :math:`D` above.

    >>> attention = LocalAttention(query_width=4, key_width=3, hidden=8, reach=2)
    >>> output, place = attention(torch.ones(1, 4), torch.ones(24, 3), torch.ones(24, 5))
    >>> output.shape, place.shape
    (torch.Size([1, 5]), torch.Size([1]))
    """

    def __init__(self, query_width: int, key_width: int, *, hidden: int, reach: float | int) -> None:
        super().__init__()
        positive(query_width=query_width, key_width=key_width, hidden=hidden)
        self.W = nn.Parameter(torch.randn(query_width, key_width) / query_width**0.5)
        self.W_p = nn.Parameter(torch.randn(hidden, query_width) / query_width**0.5)
        self.v_p = nn.Parameter(torch.randn(hidden) / hidden**0.5)
        self.reach = reach

    def forward(
        self, query: Float[Tensor, "*b q dq"], keys: Float[Tensor, "*b k dk"], values: Float[Tensor, "*b k v"]
    ) -> tuple[Float[Tensor, "*b q v"], Float[Tensor, "*b q"]]:
        """Return what is read out for each query, and the place it was looked for."""
        place: Tensor = predicted_place(query, self.W_p, self.v_p, length=keys.shape[-2])
        return local_attend(query @ self.W, keys, values, place, reach=self.reach), place
