"""A model that looks around in a picture, a patch at a time."""

from typing import Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from attnbook import core
from attnbook.core.soft_hard import hardmax, sample
from attnbook.nn.scoring import positive

__all__ = ["Glimpses", "Looks"]


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
