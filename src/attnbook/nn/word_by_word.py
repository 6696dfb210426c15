"""A recurrent reader that looks back at all its states before each word."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnbook import core
from attnbook.nn.scoring import Additive, positive

__all__ = ["Memory", "WordByWord"]


class Memory(NamedTuple):
    """What a word-by-word reader has after each word, and where it looked."""

    states: Float[Tensor, "b n d"]
    weights: Float[Tensor, "b n n"]
    """Row t: the shares of the words before t; the first row is zero."""


class WordByWord(nn.Module):
    r"""Read word by word, each time with an average of all that has been read so far (LSTMN, after Cheng et al.).

    A long short-term memory whose last state and cell are replaced by weighted averages of all earlier ones:

    .. math::
        s_{ti} = w^\top \tanh(W_q [x_t; \tilde h_{t-1}] + W_k h_i + b) \qquad
        \tilde h_t = \sum_{i<t} \alpha_{ti} h_i \qquad \tilde c_t = \sum_{i<t} \alpha_{ti} c_i

    .. math::
        c_t = f_t \odot \tilde c_t + i_t \odot \hat c_t \qquad h_t = o_t \odot \tanh c_t

    where the gates :math:`f, i, o` and :math:`\hat c` are made of :math:`[x_t; \tilde h_t]`.

    >>> model, sequence = WordByWord(8, width=8), torch.zeros(2, 9, dtype=torch.int64)
    >>> model(sequence).shape, model.read(sequence).weights.shape
    (torch.Size([2, 8]), torch.Size([2, 9, 9]))
    """

    def __init__(self, symbols: int, *, width: int) -> None:
        super().__init__()
        positive(symbols=symbols, width=width)
        self.symbol = nn.Embedding(symbols, width)
        self.score = Additive(2 * width, width, width)
        self.gates = nn.Linear(2 * width, 4 * width)
        self.answer = nn.Linear(width, symbols)

    def read(self, sequence: Int64[Tensor, "b n"]) -> Memory:
        """Return the states after each word, and the weights with which each word looked back."""
        x = self.symbol(sequence)  # (b, n, d)
        past = x.new_zeros(len(x), x.shape[2])  # (b, d)
        cell = past
        states: list[Tensor] = []
        cells: list[Tensor] = []
        looks = [x.new_zeros(len(x), x.shape[1])]
        for t in range(x.shape[1]):
            if t:
                memory, stored = torch.stack(states, dim=1), torch.stack(cells, dim=1)  # (b, t, d)
                query = torch.cat([x[:, t], past], dim=1)[:, None]  # (b, 1, 2d)
                both, weights = core.attend(self.score(query, memory), torch.cat([memory, stored], dim=2))
                past, cell = both[:, 0].chunk(2, dim=1)  # (b, d), (b, d)
                looks.append(F.pad(weights[:, 0], (0, x.shape[1] - t)))
            forget, take, show, new = self.gates(torch.cat([x[:, t], past], dim=1)).chunk(4, dim=1)
            cell = torch.sigmoid(forget) * cell + torch.sigmoid(take) * torch.tanh(new)
            cells.append(cell)
            states.append(torch.sigmoid(show) * torch.tanh(cell))
        return Memory(torch.stack(states, dim=1), torch.stack(looks, dim=1))

    def forward(self, sequence: Int64[Tensor, "b n"]) -> Float[Tensor, "b symbols"]:
        """Return the logits of the answer, read at the last place."""
        logits: Tensor = self.answer(self.read(sequence).states[:, -1])
        return logits
