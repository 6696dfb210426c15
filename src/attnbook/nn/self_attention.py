"""Three ways to read a sequence, trained to say what came first."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnbook.nn.heads import MultiHead
from attnbook.nn.scoring import positive

__all__ = ["Asking", "Dilated", "Recurrent", "first_symbol", "recall"]


class Asking(nn.Module):
    r"""Say what came first: learned positions, one self-attention, and a small network for each place.

    .. math::
        x_i \leftarrow x_i + p_i \qquad x \leftarrow x + \operatorname{MultiHead}(x, x, x) \qquad
        x_i \leftarrow x_i + W_2 \max(0, W_1 x_i + b_1) + b_2

    Args:
        symbols: How many symbols there are.
        width: Numbers in the vector of a symbol.
        places: The longest sequence: each place has a learned vector. With 0 there are none, and order is not seen.
        heads: Heads of the attention.

    >>> Asking(8, width=8, places=20)(torch.zeros(2, 9, dtype=torch.int64)).shape
    torch.Size([2, 8])
    """

    def __init__(self, symbols: int, *, width: int, places: int, heads: int = 4) -> None:
        super().__init__()
        positive(symbols=symbols, width=width, heads=heads)
        self.symbol = nn.Embedding(symbols, width)
        self.place = nn.Embedding(places, width) if places else None
        self.attention = MultiHead(width, heads)
        self.think = nn.Sequential(nn.Linear(width, 4 * width), nn.ReLU(), nn.Linear(4 * width, width))
        self.answer = nn.Linear(width, symbols)

    def forward(self, sequence: Int64[Tensor, "b n"]) -> Float[Tensor, "b symbols"]:
        """Return the logits of the answer, read at the last place."""
        x = self.symbol(sequence)  # (b, n, d)
        if self.place is not None:
            if sequence.shape[1] > self.place.num_embeddings:
                raise ValueError(
                    f"the sequence has {sequence.shape[1]} places but only {self.place.num_embeddings} were learned: "
                    "make the model with more places"
                )
            x = x + self.place.weight[: sequence.shape[1]]
        x = x + self.attention(x, x, x)[0]
        logits: Tensor = self.answer((x + self.think(x))[:, -1])
        return logits


class Recurrent(nn.Module):
    """Say what came first: a gated recurrent network, and the answer from its last state.

    >>> Recurrent(8, width=8)(torch.zeros(2, 9, dtype=torch.int64)).shape
    torch.Size([2, 8])
    """

    def __init__(self, symbols: int, *, width: int) -> None:
        super().__init__()
        positive(symbols=symbols, width=width)
        self.symbol = nn.Embedding(symbols, width)
        self.gru = nn.GRU(width, width, batch_first=True)
        self.answer = nn.Linear(width, symbols)

    def forward(self, sequence: Int64[Tensor, "b n"]) -> Float[Tensor, "b symbols"]:
        """Return the logits of the answer, read at the last place."""
        logits: Tensor = self.answer(self.gru(self.symbol(sequence))[0][:, -1])
        return logits


class Dilated(nn.Module):
    r"""Say what came first: layers of convolutions over the past, each with wider gaps than the one before.

    .. math:: x_i \leftarrow x_i + \max\Bigl(0, b_l + \sum_{j=0}^{k-1} W_{lj} x_{i - j k^l}\Bigr)

    After :math:`L` layers the last place depends on the last :math:`k^L` symbols.

    Args:
        symbols: How many symbols there are.
        width: Numbers in the vector of a symbol.
        layers: The :math:`L` above.
        reach: The :math:`k` above: how many places one layer reads.

    >>> Dilated(8, width=8, layers=3)(torch.zeros(2, 9, dtype=torch.int64)).shape
    torch.Size([2, 8])
    """

    def __init__(self, symbols: int, *, width: int, layers: int, reach: int = 3) -> None:
        super().__init__()
        positive(symbols=symbols, width=width, layers=layers, reach=reach)
        self.symbol = nn.Embedding(symbols, width)
        self.reach = reach
        self.layers = nn.ModuleList(nn.Conv1d(width, width, reach, dilation=reach**each) for each in range(layers))
        self.answer = nn.Linear(width, symbols)

    def forward(self, sequence: Int64[Tensor, "b n"]) -> Float[Tensor, "b symbols"]:
        """Return the logits of the answer, read at the last place."""
        x = self.symbol(sequence).mT  # (b, d, n)
        for each, layer in enumerate(self.layers):
            past = (self.reach - 1) * self.reach**each  # places before the first are zero
            x = x + torch.relu(layer(F.pad(x, (past, 0))))
        logits: Tensor = self.answer(x[..., -1])
        return logits


def first_symbol(model: nn.Module, *, length: int, symbols: int = 8, count: int = 32) -> Tensor:
    """Draw sequences of so many symbols, and return the loss of naming the first one after the last has been read.

    >>> _ = torch.manual_seed(0)
    >>> first_symbol(Recurrent(8, width=8), length=9).shape
    torch.Size([])
    """
    sequences = torch.randint(symbols, (count, length))
    return F.cross_entropy(model(sequences), sequences[:, 0])


def recall(model: nn.Module, *, length: int, symbols: int = 8, count: int = 1_000, seed: int = 99) -> float:
    """Say in which share of new sequences the model names the first symbol.

    >>> 0 <= recall(Recurrent(8, width=8), length=9) <= 1
    True
    """
    generator = torch.Generator().manual_seed(seed)
    sequences = torch.randint(symbols, (count, length), generator=generator)
    with torch.no_grad():
        return float((model(sequences).argmax(dim=-1) == sequences[:, 0]).float().mean())
