"""The scorers that learn. Each holds its parameters and leaves the formula to :mod:`attnbook.core`.

All start at random, spread so that queries and keys of unit variance get scores of about unit
variance: larger ones would saturate the softmax before anything is learned.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

from attnbook import core

__all__ = ["Additive", "Bilinear", "Location", "LowRankBilinear"]


class Additive(nn.Module):
    r"""Score with a small network of one hidden layer.

    .. math:: s_i = w^\top \tanh(W_q q + W_k k_i + b)

    Args:
        query_width: Numbers in a query.
        key_width: Numbers in a key.
        hidden: Units in the hidden layer.

    >>> score = Additive(query_width=4, key_width=3, hidden=8)
    >>> score(torch.ones(1, 4), torch.ones(6, 3)).shape
    torch.Size([1, 6])
    """

    def __init__(self, query_width: int, key_width: int, hidden: int) -> None:
        super().__init__()
        positive(query_width=query_width, key_width=key_width, hidden=hidden)
        self.W_q = _draw(hidden, query_width, spread=1 / math.sqrt(query_width))
        self.W_k = _draw(hidden, key_width, spread=1 / math.sqrt(key_width))
        self.w = _draw(hidden, spread=1 / math.sqrt(hidden))
        self.bias = nn.Parameter(torch.zeros(hidden))

    def forward(self, query: Float[Tensor, "*#b q dq"], keys: Float[Tensor, "*#b k dk"]) -> Float[Tensor, "*#b q k"]:
        """Return the score of every key for every query."""
        scores: Tensor = core.additive(query, keys, self.W_q, self.W_k, self.w, self.bias)
        return scores

    def extra_repr(self) -> str:
        """Say the sizes when printed."""
        hidden, query_width = self.W_q.shape
        return f"query_width={query_width}, key_width={self.W_k.shape[1]}, hidden={hidden}"


class Bilinear(nn.Module):
    r"""Score with one learned matrix between query and key.

    .. math:: s_i = q^\top W k_i

    Args:
        query_width: Numbers in a query.
        key_width: Numbers in a key.

    >>> score = Bilinear(query_width=4, key_width=3)
    >>> score(torch.ones(1, 4), torch.ones(6, 3)).shape
    torch.Size([1, 6])
    """

    def __init__(self, query_width: int, key_width: int) -> None:
        super().__init__()
        positive(query_width=query_width, key_width=key_width)
        self.W = _draw(query_width, key_width, spread=1 / math.sqrt(query_width * key_width))

    def forward(self, query: Float[Tensor, "*#b q dq"], keys: Float[Tensor, "*#b k dk"]) -> Float[Tensor, "*#b q k"]:
        """Return the score of every key for every query."""
        scores: Tensor = core.bilinear(query, keys, self.W)
        return scores

    def extra_repr(self) -> str:
        """Say the sizes when printed."""
        query_width, key_width = self.W.shape
        return f"query_width={query_width}, key_width={key_width}"


class LowRankBilinear(nn.Module):
    r"""Score with a query map and a key map into one narrow space.

    .. math:: s_i = (W_q q)^\top (W_k k_i)

    Args:
        query_width: Numbers in a query.
        key_width: Numbers in a key.
        rank: Numbers that are left of each after its map.

    >>> score = LowRankBilinear(query_width=4, key_width=3, rank=2)
    >>> score(torch.ones(1, 4), torch.ones(6, 3)).shape
    torch.Size([1, 6])
    """

    def __init__(self, query_width: int, key_width: int, rank: int) -> None:
        super().__init__()
        positive(query_width=query_width, key_width=key_width, rank=rank)
        self.W_q = _draw(rank, query_width, spread=1 / math.sqrt(query_width) / rank**0.25)
        self.W_k = _draw(rank, key_width, spread=1 / math.sqrt(key_width) / rank**0.25)

    def forward(self, query: Float[Tensor, "*#b q dq"], keys: Float[Tensor, "*#b k dk"]) -> Float[Tensor, "*#b q k"]:
        """Return the score of every key for every query."""
        scores: Tensor = core.low_rank_bilinear(query, keys, self.W_q, self.W_k)
        return scores

    def extra_repr(self) -> str:
        """Say the sizes when printed."""
        rank, query_width = self.W_q.shape
        return f"query_width={query_width}, key_width={self.W_k.shape[1]}, rank={rank}"


class Location(nn.Module):
    r"""Score places from the query alone, without looking at the keys.

    .. math:: s_i = (W q)_i

    Args:
        query_width: Numbers in a query.
        places: The largest number of keys that can be scored.

    >>> score = Location(query_width=4, places=10)
    >>> score(torch.ones(1, 4), torch.ones(6, 3)).shape
    torch.Size([1, 6])
    """

    def __init__(self, query_width: int, places: int) -> None:
        super().__init__()
        positive(query_width=query_width, places=places)
        self.W = _draw(places, query_width, spread=1 / math.sqrt(query_width))

    def forward(self, query: Float[Tensor, "*#b q d"], keys: Float[Tensor, "*#b k _"]) -> Float[Tensor, "*#b q k"]:
        """Return the score of every place for every query."""
        scores: Tensor = core.location(query, keys, self.W)
        return scores

    def extra_repr(self) -> str:
        """Say the sizes when printed."""
        places, query_width = self.W.shape
        return f"query_width={query_width}, places={places}"


def _draw(*shape: int, spread: float) -> nn.Parameter:
    return nn.Parameter(torch.randn(shape) * spread)


def positive(**sizes: int) -> None:
    for name, size in sizes.items():
        if isinstance(size, bool) or not isinstance(size, int):
            raise TypeError(f"{name} is {size!r}; it must be a whole number")
        if size < 1:
            raise ValueError(f"{name} is {size}; it must be at least 1")
