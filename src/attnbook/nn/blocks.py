"""The block that Transformers are built from, with its attention, its two places for the norm, and a cache."""

from collections.abc import Callable

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from attnbook.core.alignment import attend
from attnbook.core.heads import merge_heads, split_heads
from attnbook.core.positions import rotate
from attnbook.core.scoring import scaled_dot
from attnbook.nn.heads import MultiHead

__all__ = ["Attention", "Block", "Cache", "post_norm", "pre_norm"]

Part = Callable[[Tensor], Tensor]
Around = Callable[[Tensor, nn.Module, Part], Tensor]


def pre_norm(x: Tensor, norm: nn.Module, part: Part) -> Tensor:
    """Normalise what a part of a block reads, and add what it makes of it: ``x + part(norm(x))``.

    >>> pre_norm(torch.tensor([[1.0, 5.0]]), nn.LayerNorm(2), lambda x: 10 * x).round().tolist()
    [[-9.0, 15.0]]
    """
    return x + part(norm(x))


def post_norm(x: Tensor, norm: nn.Module, part: Part) -> Tensor:
    """Add what a part of a block makes, and normalise the sum: ``norm(x + part(x))``, as printed in 2017.

    >>> post_norm(torch.tensor([[1.0, 5.0]]), nn.LayerNorm(2), lambda x: 10 * x).round().tolist()
    [[-1.0, 1.0]]
    """
    normed: Tensor = norm(x + part(x))
    return normed


class Cache:
    """Keys and values of the tokens that a model has read, so that it need not make them again.

    >>> block, cache = Block(8, heads=2), Cache()
    >>> for n in (3, 1):
    ...     _ = block(torch.randn(1, n, 8), cache=cache)
    >>> cache.length
    4
    """

    def __init__(self) -> None:
        self.rows: dict[nn.Module, tuple[Tensor, Tensor]] = {}

    @property
    def length(self) -> int:
        """How many tokens it holds."""
        return next((keys.shape[-2] for keys, _ in self.rows.values()), 0)

    def length_of(self, owner: nn.Module) -> int:
        """How many tokens it holds of one attention."""
        return self.rows[owner][0].shape[-2] if owner in self.rows else 0

    def extend(self, owner: nn.Module, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Put new rows behind those of the same attention; return all."""
        if owner in self.rows:
            before = self.rows[owner]
            keys, values = torch.cat([before[0], keys], dim=-2), torch.cat([before[1], values], dim=-2)
        self.rows[owner] = keys, values
        return keys, values


class Attention(MultiHead):
    r"""Several heads whose queries and keys are turned by their positions, and which may remember their keys.

    .. math:: s_{ti} = \frac{(R_t q_t) \cdot (R_i k_i)}{\sqrt d}

    Args:
        width: Numbers in a vector.
        heads: How many; each gets an equal part of the width.
        rotary: Whether positions turn queries and keys. Without it, the order of the keys is not seen.

    >>> attention, x = Attention(8, heads=2), torch.randn(1, 5, 8)
    >>> output, weights = attention(x, x, x)
    >>> output.shape, weights.shape
    (torch.Size([1, 5, 8]), torch.Size([1, 2, 5, 5]))
    """

    def __init__(self, width: int, heads: int, *, rotary: bool = True) -> None:
        super().__init__(width, heads)
        if rotary and width // heads % 2:
            raise ValueError(
                f"a head has width {width // heads}; it must be even, since positions turn pairs of numbers"
            )
        self.rotary = rotary

    def forward(
        self,
        query: Float[Tensor, "*b q d"],
        keys: Float[Tensor, "*b k d"],
        values: Float[Tensor, "*b k d"],
        *,
        mask: Bool[Tensor, "..."] | None = None,
        cache: Cache | None = None,
    ) -> tuple[Float[Tensor, "*b q d"], Float[Tensor, "*b h q k"]]:
        """Return what all heads read, mixed, and the weights of each; with a cache, keys go behind those it holds."""
        made = (self.query(query), self.key(keys), self.value(values))
        q, k, v = (split_heads(x, self.heads) for x in made)  # (*b, h, n, d)
        if self.rotary:
            before = 0 if cache is None else cache.length_of(self)
            q, k = (rotate(x, before + torch.arange(x.shape[-2])) for x in (q, k))  # each by its place
        if cache is not None:
            k, v = cache.extend(self, k, v)
        if mask is not None and mask.ndim > 2:
            mask = mask[..., None, :, :]  # (b, 1, q, k): the same for all heads
        read, weights = attend(scaled_dot(q, k), v, mask=mask)
        return self.output(merge_heads(read)), weights


class Block(nn.Module):
    r"""Let the tokens ask each other, then let each think for itself; normalise and add around both.

    .. math::
        x \leftarrow x + \operatorname{Attention}(\operatorname{norm}(x)) \qquad
        x \leftarrow x + W_2 \max(0, W_1 \operatorname{norm}(x) + b_1) + b_2

    Args:
        width: Numbers in a vector.
        heads: Heads of each attention.
        cross: Whether the tokens also ask another sequence, between the two.
        rotary: See :class:`Attention`.
        around: How a part is normalised and added: :func:`pre_norm` as above, :func:`post_norm`, or your own.

    >>> block, x = Block(8, heads=2), torch.randn(1, 5, 8)
    >>> output, (weights,) = block(x)
    >>> output.shape, weights.shape
    (torch.Size([1, 5, 8]), torch.Size([1, 2, 5, 5]))
    """

    def __init__(
        self, width: int, heads: int, *, cross: bool = False, rotary: bool = True, around: Around = pre_norm
    ) -> None:
        super().__init__()
        self.around = around
        self.attention = Attention(width, heads, rotary=rotary)
        self.cross = Attention(width, heads, rotary=rotary) if cross else None
        self.widen, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3 if cross else 2))

    def forward(
        self,
        x: Float[Tensor, "b n d"],
        *,
        mask: Bool[Tensor, "..."] | None = None,
        read: Float[Tensor, "b s d"] | None = None,
        read_mask: Bool[Tensor, "..."] | None = None,
        cache: Cache | None = None,
    ) -> tuple[Float[Tensor, "b n d"], list[Float[Tensor, "b h n k"]]]:
        """Return the new vectors, and the weights of the attention and of the cross-attention, if there is one.

        Args:
            x: A vector for each token.
            mask: True where a token may look at a token.
            read: What cross-attention reads: keys and values come from here, queries from x.
            read_mask: True where it may.
            cache: The tokens before these.
        """
        seen: list[Tensor] = []

        def asks(y: Tensor) -> Tensor:
            output, weights = self.attention(y, y, y, mask=mask, cache=cache)
            seen.append(weights)
            return output  # type: ignore[no-any-return]

        def crosses(y: Tensor) -> Tensor:
            output, weights = self.cross(y, read, read, mask=read_mask)  # type: ignore[misc]
            seen.append(weights)
            return output  # type: ignore[no-any-return]

        def thinks(y: Tensor) -> Tensor:
            return self.narrow(torch.relu(self.widen(y)))  # type: ignore[no-any-return]

        parts = [asks, thinks] if self.cross is None else [asks, crosses, thinks]
        for norm, part in zip(self.norms, parts, strict=True):
            x = self.around(x, norm, part)
        return x, seen
