"""A model that writes about a picture, and looks at it softly for each word."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from attnbook import core
from attnbook.nn.scoring import Additive, positive

__all__ = ["Captioner"]


class Captioner(nn.Module):
    r"""Write a sentence about a picture, and for each word look at its patches.

    A recurrent network reads the word before; its state, after that, asks. It knows nothing of the picture but what
    attention hands on.

    .. math::
        q_t = \operatorname{GRU}(y_{t-1}, q_{t-1}) \qquad h_i = \tanh(W x_i + b)

    .. math::
        o_t = \sum_i \alpha_{ti} h_i \qquad
        \alpha_t = \operatorname{softmax}_i \, w^\top \tanh(W_q q_t + W_k h_i + b)

    Args:
        words: How many words there are.
        numbers: In a patch, with those that say where it is.
        width: Numbers in the state, in a word and in what is made of a patch.

    >>> logits, weights = Captioner(7, numbers=50)(torch.rand(2, 64, 50), torch.zeros(2, 6, dtype=torch.long))
    >>> logits.shape, weights.shape
    (torch.Size([2, 6, 7]), torch.Size([2, 6, 64]))
    """

    def __init__(self, words: int, *, numbers: int, width: int = 32) -> None:
        super().__init__()
        positive(words=words, numbers=numbers, width=width)
        self.see, self.score = nn.Linear(numbers, width), Additive(width, width, width)
        self.word = nn.Embedding(words + 1, width)  # the last one stands before the sentence
        self.state, self.next_word = nn.GRU(width, width, batch_first=True), nn.Linear(2 * width, words)

    def forward(
        self, patches: Float[Tensor, "b k n"], words: Int64[Tensor, "b t"]
    ) -> tuple[Float[Tensor, "b t words"], Float[Tensor, "b t k"]]:
        """Return the scores of every word at each step, given the words before, and where the model looked."""
        seen = torch.tanh(self.see(patches))  # (b, k, d)
        first = torch.full_like(words[:, :1], self.word.num_embeddings - 1)
        query, _ = self.state(self.word(torch.cat([first, words[:, :-1]], dim=1)))  # (b, t, d)
        context, weights = core.attend(self.score(query, seen), seen)
        return self.next_word(torch.cat([query, context], dim=-1)), weights
