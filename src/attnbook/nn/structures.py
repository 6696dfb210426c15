"""What the chapter on structures trains: several heads, a reader of two levels, a network that points."""

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn

from attnbook import core
from attnbook.core.structures import Levels, multi_head, two_levels
from attnbook.nn.scoring import Additive, positive

__all__ = ["MultiHead", "PointerNetwork", "Reader"]

READS = ("mean", "flat", "levels")


class MultiHead(nn.Module):
    r"""Ask with several heads: each has maps of its own, and one more map mixes what they read.

    .. math:: o = W_o \, [\operatorname{head}_1; \dots; \operatorname{head}_h] + b_o

    The maps of all heads lie in one matrix each. Equal to ``torch.nn.MultiheadAttention`` with the same parameters,
    but the mask is True where attending is allowed.

    Args:
        width: Numbers in a vector.
        heads: How many; each gets an equal part of the width.

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


class PointerNetwork(nn.Module):
    r"""Say from each point of a set where to go next; there may be any number of points.

    Every layer lets the points ask each other, with several heads, and then lets each think for itself:

    .. math::
        x \leftarrow x + \operatorname{MultiHead}(x, x, x) \qquad
        x \leftarrow x + W_2 \max(0, W_1 x + b_1) + b_2

    After the last one, an additive score says how well point j follows point i:

    .. math:: s_{ij} = v^\top \tanh(W_q x_i + W_k x_j + b)

    Args:
        numbers: Numbers in a point.
        width: Numbers in the vector that a point becomes.
        heads: Heads in each layer.
        layers: How often the points ask each other.

    >>> model = PointerNetwork(2, width=8, heads=2, layers=1)
    >>> model(torch.rand(1, 5, 2)).shape  # row i: from point i to each point
    torch.Size([1, 5, 5])
    """

    def __init__(self, numbers: int = 2, *, width: int = 32, heads: int = 4, layers: int = 2) -> None:
        super().__init__()
        positive(numbers=numbers, width=width, heads=heads, layers=layers)
        self.enter = nn.Linear(numbers, width)
        self.attention = nn.ModuleList(MultiHead(width, heads) for _ in range(layers))
        self.widen = nn.ModuleList(nn.Linear(width, 2 * width) for _ in range(layers))
        self.narrow = nn.ModuleList(nn.Linear(2 * width, width) for _ in range(layers))
        self.score = Additive(width, width, width)

    def forward(self, points: Float[Tensor, "b k n"]) -> Float[Tensor, "b k k"]:
        """Return the score of each next point for each point, before softmax; coordinates run from 0 to 1."""
        x = self.enter(2 * points - 1)  # (b, k, d)
        for attention, widen, narrow in zip(self.attention, self.widen, self.narrow, strict=True):
            x = x + attention(x, x, x)[0]
            x = x + narrow(torch.relu(widen(x)))
        scores: Tensor = self.score(x, x)
        return scores
