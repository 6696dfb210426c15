"""A network that points: from each point of a set to the one that comes next."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from attnbook.core.pointing import hull_edges, point
from attnbook.nn.heads import MultiHead
from attnbook.nn.scoring import Additive, positive

__all__ = ["PointerNetwork", "hull_loss"]


class PointerNetwork(nn.Module):
    r"""Say from each point of a set where to go next; there may be any number of points.

    Every layer lets the points ask each other, with several heads, and then lets each think for itself:

    .. math::
        x \leftarrow x + \operatorname{MultiHead}(x, x, x) \qquad
        x \leftarrow x + W_2 \max(0, W_1 x + b_1) + b_2

    After the last one, an additive score says how well point j follows point i:

    .. math:: s_{ij} = w^\top \tanh(W_q x_i + W_k x_j + b)

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


def hull_loss(model: nn.Module, *, points: tuple[int, int] = (5, 10), count: int = 48) -> Tensor:
    """Draw sets of so many points, and return how unlikely the model finds the right next corners of their hulls.

    >>> _ = torch.manual_seed(0)
    >>> hull_loss(PointerNetwork(2, width=8, heads=2)).shape
    torch.Size([])
    """
    k = int(torch.randint(points[0], points[1] + 1, ()))
    places = torch.rand(count, k, 2)  # (b, k, 2)
    weights = point(model(places), used=torch.eye(k, dtype=torch.bool))  # (b, k, k)
    loss: Tensor = -weights[hull_edges(places)].log().mean()
    return loss
