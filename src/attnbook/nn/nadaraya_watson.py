"""Kernel regression whose one number is learned: how far it looks."""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from attnbook import core
from attnbook.core.nadaraya_watson import gaussian_scores

__all__ = ["KernelRegression"]


class KernelRegression(nn.Module):
    r"""Average the values around each query with a Gaussian kernel, one learned w for each set of points.

    .. math::
        o = \sum_i \alpha_i v_i \qquad
        \alpha = \operatorname{softmax}\bigl(-\tfrac12 (w \lVert q - k_i \rVert)^2\bigr)

    What is learned is the logarithm of w: so w stays above 0, and a step multiplies it.

    Args:
        sets: How many sets of points are looked at side by side, each with a w of its own.
        start: The w that all begin with.

    >>> model = KernelRegression(sets=3)
    >>> keys = torch.rand(3, 50, 1)
    >>> output, weights = model(torch.rand(3, 20, 1), keys, torch.sin(keys))
    >>> output.shape, weights.shape, model.w.shape
    (torch.Size([3, 20, 1]), torch.Size([3, 20, 50]), torch.Size([3]))
    """

    def __init__(self, sets: int = 1, *, start: float = 1.0) -> None:
        super().__init__()
        if isinstance(sets, bool) or not isinstance(sets, int) or sets < 1:
            raise ValueError(f"sets is {sets!r}; it must be a whole number from 1 up")
        if not (math.isfinite(start) and start > 0):
            raise ValueError(f"start is {start}; it must be a finite number above 0")
        self.log_w = nn.Parameter(torch.full((sets,), math.log(start)))

    @property
    def w(self) -> Float[Tensor, "b"]:
        """One over the bandwidth, for each set."""
        return self.log_w.exp()

    def forward(
        self,
        query: Float[Tensor, "b q d"],
        keys: Float[Tensor, "b k d"],
        values: Float[Tensor, "b k v"],
        *,
        mask: Bool[Tensor, "..."] | None = None,
    ) -> tuple[Float[Tensor, "b q v"], Float[Tensor, "b q k"]]:
        """Return ``(output, weights)`` for each set.

        Args:
            query: Where answers are wanted.
            keys: Where values are known.
            values: What is known there.
            mask: True where attending is allowed; ``~torch.eye(k, dtype=bool)`` leaves each point itself out.
        """
        if query.ndim != 3 or len(query) != len(self.log_w):
            raise ValueError(
                f"query has shape {tuple(query.shape)} but there is a w for each of {len(self.log_w)} sets: "
                f"it must have shape ({len(self.log_w)}, queries, width)"
            )
        w = self.w[:, None, None]  # (b, 1, 1)
        output, weights = core.attend(gaussian_scores(w * query, w * keys), values, mask=mask)
        return output, weights

    def extra_repr(self) -> str:
        """Say the sizes when printed."""
        return f"sets={len(self.log_w)}"
