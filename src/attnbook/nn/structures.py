"""A reader of documents: by their mean, by one level of attention, by two."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from attnbook import core
from attnbook.core.structures import Levels, two_levels
from attnbook.nn.scoring import positive

__all__ = ["Reader"]

READS = ("mean", "flat", "levels")


class Reader(nn.Module):
    r"""Answer a question about a document with one of three averages of its words.

    .. math::
        \text{mean}\colon\; o = \tfrac1n \sum_i x_i \qquad
        \text{flat}\colon\; o = \sum_i \alpha_i x_i \qquad
        \text{levels}\colon\; o = \sum_s \beta_s \sum_i \alpha_{si} x_{si}

    The question scores the words (flat) or the sentences (levels) with :math:`q^\top \tanh(W x + b)`; within a
    sentence a learned vector asks in its place, as in a hierarchical attention network. The answer follows from
    :math:`\tanh(o + q)`.

    Args:
        words: How many words there are.
        questions: How many questions there are.
        answers: How many answers there are.
        width: Numbers in a vector.
        read: "mean", "flat" or "levels".

    >>> model = Reader(60, 10, 4, width=8, read="levels")
    >>> logits, read = model(torch.zeros(1, 6, 8, dtype=torch.int64), torch.tensor([3]))
    >>> logits.shape, read.words.shape, read.sentences.shape
    (torch.Size([1, 4]), torch.Size([1, 6, 8]), torch.Size([1, 6]))
    """

    def __init__(self, words: int, questions: int, answers: int, *, width: int, read: str) -> None:
        super().__init__()
        positive(words=words, questions=questions, answers=answers, width=width)
        if read not in READS:
            raise ValueError(f"read is {read!r}; it must be one of {', '.join(READS)}")
        self.read = read
        self.word, self.question = nn.Embedding(words, width), nn.Embedding(questions, width)
        for vectors in (self.word, self.question):
            nn.init.normal_(vectors.weight, std=0.3)
        self.within, self.between = nn.Linear(width, width), nn.Linear(width, width)
        self.asks = nn.Parameter(torch.randn(width) / width**0.5)
        self.answer = nn.Linear(width, answers)

    def forward(
        self, words: Int64[Tensor, "b s w"], question: Int64[Tensor, "b"]
    ) -> tuple[Float[Tensor, "b answers"], Levels]:
        """Return the logits of the answers, and how the document was read.

        A flat reader has one row of weights for the whole document: it stands in the words, and the sentences have what
        their words have together.
        """
        x, q = self.word(words), self.question(question)  # (b, s, w, d), (b, d)

        def relevance(rows: Tensor) -> Tensor:  # (b, n, d) → (b, n)
            scores: Tensor = (torch.tanh(self.between(rows)) * q[:, None]).sum(dim=-1)
            return scores

        if self.read == "levels":
            levels = two_levels(torch.tanh(self.within(x)) @ self.asks, x, relevance)
        else:
            flat = x.flatten(1, 2)  # (b, s·w, d)
            scores = relevance(flat) if self.read == "flat" else torch.zeros_like(flat[..., 0])
            output, weights = core.attend(scores[:, None], flat)  # (b, 1, d), (b, 1, s·w)
            each = weights[:, 0].unflatten(1, words.shape[1:])  # (b, s, w)
            levels = Levels(output[:, 0], each, each.sum(dim=-1))
        return self.answer(torch.tanh(levels.output + q)), levels
