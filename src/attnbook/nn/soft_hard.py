"""Models that choose where to look: near a place in a sequence, at a few patches of a picture, once for each word."""

from typing import Literal, NamedTuple

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from attnbook import core
from attnbook.core.local import local_attend, predicted_place
from attnbook.core.soft_hard import hardmax, sample
from attnbook.nn.scoring import Additive, positive

__all__ = ["Captioner", "Glimpses", "LocalAttention", "Looks"]


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

    def __init__(self, query_width: int, key_width: int, *, hidden: int, reach: float) -> None:
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


class Looks(NamedTuple):
    """What a model that takes glimpses says and did."""

    logits: Float[Tensor, "b 10"]
    chosen: Float[Tensor, "b t 16"]
    """The weights with which each glimpse read the patches: one-hot if it was hard."""
    log_prob: Float[Tensor, "b t"]
    """Of each choice; 0 where nothing was drawn."""
    entropy: Float[Tensor, "b t"]
    """Of what each choice was drawn from, in bits."""
    expected: Float[Tensor, "b"]
    """The loss that the model expected after its first look: a baseline."""


class Glimpses(nn.Module):
    """See a picture coarsely, then read four of its sixteen patches one after the other, and say what it shows.

    Args:
        way: How the next patch is chosen. "hard" draws it by scores that depend on what has been seen; "order" by
            scores that are learned but the same for all pictures, so that it never looks before it chooses; "random"
            draws any; "soft" reads the weighted average of all patches. Except by "soft", no patch is read twice.
        width: Numbers in the state of the recurrent network.
        glimpses: How many patches are read.
        coarse: Whether the means of the sixteen patches are seen first.

    >>> looks = Glimpses("hard")(torch.rand(5, 16, 16))
    >>> looks.logits.shape, looks.chosen.sum(dim=(1, 2)).tolist()
    (torch.Size([5, 10]), [4.0, 4.0, 4.0, 4.0, 4.0])
    """

    def __init__(
        self,
        way: Literal["hard", "order", "random", "soft"],
        *,
        width: int = 64,
        glimpses: int = 4,
        coarse: bool = True,
    ) -> None:
        super().__init__()
        if way not in ("hard", "order", "random", "soft"):
            raise ValueError(f"way is {way!r}; there are 'hard', 'order', 'random' and 'soft'")
        positive(width=width, glimpses=glimpses)
        self.way, self.glimpses, self.coarse = way, glimpses, coarse
        self.first = nn.Linear(16, width)
        self.take_in = nn.Linear(16 + 16, width)  # a patch, and which one it is
        self.cell = nn.GRUCell(width, width)
        self.scores = nn.Linear(width, 16)
        self.order = nn.Parameter(torch.zeros(glimpses, 16))
        self.answer, self.expect = nn.Linear(width, 10), nn.Linear(width, 1)

    def forward(self, images: Float[Tensor, "b 16 16"], *, greedy: bool = False) -> Looks:
        """Look, drawing where, or, if greedy, always at the likeliest patch."""
        patches = images.reshape(-1, 4, 4, 4, 4).swapaxes(2, 3).reshape(-1, 16, 16)  # (b, k, pixels)
        placed = torch.cat([patches, torch.eye(16).expand(len(images), -1, -1)], dim=-1)  # (b, k, pixels + 16)
        readable = torch.relu(self.take_in(placed))  # (b, k, d)
        state = torch.tanh(self.first(patches.mean(-1) * self.coarse))  # (b, d)
        expected, seen = self.expect(state.detach())[:, 0], torch.zeros_like(patches[..., 0])
        choices, log_probs, entropies = [], [], []
        for step in range(self.glimpses):
            weights = core.softmax(self._scores(state, step), mask=None if self.way == "soft" else seen == 0)  # (b, k)
            choice = weights
            if self.way != "soft":
                choice = hardmax(weights.detach()) if greedy else sample(weights.detach(), torch.rand(len(images)))
            seen = seen + choice.detach()
            state = self.cell((choice[:, None] @ readable)[:, 0], state)  # (b, 1, k) @ (b, k, d)
            choices.append(choice)
            log_probs.append(((choice * weights).sum(-1) if self.way != "soft" else weights.sum(-1)).log())
            entropies.append(core.entropy(weights))
        chosen, log_prob, entropy = (torch.stack(each, dim=1) for each in (choices, log_probs, entropies))
        return Looks(self.answer(state), chosen, log_prob, entropy, expected)

    def _scores(self, state: Tensor, step: int) -> Tensor:
        if self.way == "order":
            return self.order[step].expand(len(state), -1)
        if self.way == "random":
            return torch.zeros(len(state), 16)
        scores: Tensor = self.scores(state)
        return scores


class Captioner(nn.Module):
    r"""Write a sentence about a picture, and for each word look at its patches.

    A recurrent network reads the word before; its state, after that, asks. It knows nothing of the picture but what
    attention hands on.

    .. math::
        q_t = \operatorname{GRU}(y_{t-1}, q_{t-1}) \qquad h_i = \tanh(W x_i + b)

    .. math::
        c_t = \sum_i \alpha_{ti} h_i \qquad
        \alpha_t = \operatorname{softmax}_i \, v^\top \tanh(W_q q_t + W_k h_i + b)

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
