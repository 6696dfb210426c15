"""A memory network, which reads facts in several hops and is trained from questions and answers alone."""

import itertools

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn
from torch.nn.functional import one_hot

from attnbook import core
from attnbook.core.associative import recall, store
from attnbook.core.key_value import hop
from attnbook.nn.scoring import positive

__all__ = ["MemoryNetwork"]


class MemoryNetwork(nn.Module):
    r"""Answer a question about a list of facts: ask them, add what was read to the question, ask again.

    A fact's key is the sum of its words' vectors and of a vector for its time; its value is made alike from other
    vectors. With :math:`E_0, \dots, E_H` for these tables of vectors, hop h reads with the keys of :math:`E_{h-1}` and
    the values of :math:`E_h`: the values of one hop are the keys of the next (*adjacent tying*).

    .. math::
        u_h = u_{h-1} + \sum_i \alpha_{hi} v_{hi} \qquad
        \alpha_h = \operatorname{softmax}_i (u_{h-1}^\top k_{hi}) \qquad
        p = \operatorname{softmax}(E_H u_H)

    The question :math:`u_0` is one word in :math:`E_0`.

    Args:
        words: How many words there are.
        width: Numbers in a vector.
        hops: How often the facts are read.
        facts: How many facts a story may have at most.
        spread: The standard deviation of all numbers at the start.
        times: Whether facts have a vector for their time.

    >>> model = MemoryNetwork(12, 8, hops=2, facts=9)
    >>> facts, question = torch.tensor([[[0, 6], [0, 8]]]), torch.tensor([8])
    >>> logits, weights = model(facts, question)
    >>> logits.shape, weights.shape  # for each word; for each hop and fact
    (torch.Size([1, 12]), torch.Size([1, 2, 2]))
    """

    linear: bool
    """Whether it reads without softmax, as a linear associative memory: for the first steps of a training."""

    def __init__(
        self, words: int, width: int, *, hops: int, facts: int, spread: float = 0.3, times: bool = True
    ) -> None:
        super().__init__()
        positive(words=words, width=width, hops=hops, facts=facts)
        if not spread > 0:
            raise ValueError(f"spread is {spread}; it must be above 0: vectors that are all alike never part")
        self.linear = False
        self.E = nn.Parameter(torch.randn(hops + 1, words, width) * spread)
        self.time = nn.Parameter(torch.randn(hops + 1, facts, width) * spread) if times else None

    def forward(
        self, facts: Int64[Tensor, "b f w"], question: Int64[Tensor, "b"]
    ) -> tuple[Float[Tensor, "b words"], Float[Tensor, "b hops f"]]:
        """Return the logits of each answer, and where each hop looked.

        Args:
            facts: The numbers of the words of each fact, the oldest first.
            question: The word that is asked for.
        """
        self._check(facts, question)
        counts = one_hot(facts, self.E.shape[1]).sum(dim=-2).to(self.E.dtype)  # (b, f, words)
        vectors = counts @ self.E[:, None]  # (hops + 1, b, f, d)
        if self.time is not None:
            # Counted from the end, so that the last fact is the last in a story of any length.
            vectors = vectors + self.time[:, None, -facts.shape[1] :]
        u = self.E[0][question][:, None]  # (b, 1, d)
        looks = []
        for keys, values in itertools.pairwise(vectors):
            if self.linear:
                weights, u = core.dot(u, keys), u + recall(u, store(keys, values))
            else:
                u, weights = hop(u, keys, values)
            looks.append(weights)  # (b, 1, f)
        return u[:, 0] @ self.E[-1].T, torch.cat(looks, dim=1)

    def extra_repr(self) -> str:
        """Say the sizes when printed."""
        tables, words, width = self.E.shape
        return f"words={words}, width={width}, hops={tables - 1}"

    def _check(self, facts: Tensor, question: Tensor) -> None:
        known = self.E.shape[1]
        for name, numbers, axes in (("facts", facts, "(b, f, w)"), ("question", question, "(b,)")):
            if numbers.dtype != torch.int64:
                raise TypeError(f"{name} holds {numbers.dtype}; it must hold numbers of words: write {name}.long()")
            if numbers.ndim != axes.count(",") + (axes != "(b,)"):
                raise ValueError(f"{name} has shape {tuple(numbers.shape)}; it must have shape {axes}")
            if numbers.numel() and not 0 <= int(numbers.min()) <= int(numbers.max()) < known:
                raise ValueError(f"{name} holds a word that the model does not know: it knows words 0 to {known - 1}")
        if self.time is not None and facts.shape[1] > self.time.shape[1]:
            raise ValueError(f"there are {facts.shape[1]} facts but the model has times for {self.time.shape[1]}")
        if len(facts) != len(question):
            raise ValueError(f"there are {len(facts)} stories but {len(question)} questions: one for each story")
