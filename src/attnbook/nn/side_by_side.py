"""Several copies of one small network of patches, trained side by side: as many trainings in hardly more time."""

import itertools
from collections.abc import Callable

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim.lr_scheduler import OneCycleLR

from attnbook.nn.scoring import positive
from attnbook.progress import progress

__all__ = ["PatchNets", "counting", "fit", "naming", "patches", "right"]

SIDE = 4  # of a patch, in pixels


def patches(pictures: Float[Tensor, "*b y x 3"]) -> Float[Tensor, "*b _ _ 48"]:
    """Cut pictures into patches of 4 × 4 pixels, and write each as one vector.

    >>> patches(torch.rand(8, 16, 24, 3)).shape
    torch.Size([8, 4, 6, 48])
    """
    *batch, rows, columns, lights = pictures.shape
    if rows % SIDE or columns % SIDE or lights != 3:
        raise ValueError(
            f"pictures has shape {tuple(pictures.shape)}; it must be (…, y, x, 3), with sides that patches of 4 fill"
        )
    cut = pictures.reshape(*batch, rows // SIDE, SIDE, columns // SIDE, SIDE, 3)
    return cut.swapaxes(-4, -3).flatten(-3)


class PatchNets(nn.Module):
    """Copies of one small network with a block in it, each from a start of its own.

    A layer on each patch, another one, the block, a third one, the sum over all patches, the outputs. Without a block
    no patch knows of another one before the sum. The copies share no parameter, so that the sum of their losses has
    the same gradients as each alone.

    Args:
        block: Makes the block of one copy, from maps to maps of ``width`` channels.
        copies: How many.
        outputs: Numbers that each gives: one for counting, one for each class for naming.
        width: Channels.
        hidden: Hidden units between sum and outputs; 0 for none.

    >>> nets = PatchNets(nn.Identity, copies=5, outputs=4)
    >>> nets(patches(torch.rand(5, 8, 16, 16, 3))).shape  # for each copy a batch of its own
    torch.Size([5, 8, 4])
    """

    def __init__(
        self, block: Callable[[], nn.Module], *, copies: int, outputs: int = 1, width: int = 16, hidden: int = 0
    ) -> None:
        super().__init__()
        positive(copies=copies, outputs=outputs, width=width)
        self.blocks = nn.ModuleList(block() for _ in range(copies))
        sizes = [3 * SIDE**2, width, width, width, *([hidden] if hidden else []), outputs]
        pairs = list(itertools.pairwise(sizes))
        self.maps = nn.ParameterList((2 * torch.rand(copies, n, m) - 1) * (6 / n) ** 0.5 for n, m in pairs)
        self.biases = nn.ParameterList(torch.zeros(copies, 1, m) for _, m in pairs)

    def features(self, x: Float[Tensor, "n b y x 48"]) -> Float[Tensor, "n b c y x"]:
        """Return the maps that the blocks are given."""
        n, b, rows, columns, _ = x.shape
        if n != len(self.blocks):
            raise ValueError(f"there are {n} batches for {len(self.blocks)} copies: each needs one of its own")
        x = self._layer(1, self._layer(0, x.reshape(n, -1, x.shape[-1])).relu()).relu()
        return x.reshape(n, b, rows, columns, -1).movedim(-1, 2)

    def read(self, maps: Float[Tensor, "n b c y x"]) -> Float[Tensor, "n b outputs"]:
        """Return the outputs, given what comes out of the blocks."""
        x = self._layer(2, maps.movedim(2, -1).flatten(1, 3)).relu()  # (n, b · y · x, c)
        x = x.reshape(len(x), maps.shape[1], -1, x.shape[-1]).sum(dim=2)  # (n, b, c)
        for i in range(3, len(self.maps) - 1):
            x = self._layer(i, x).relu()
        return self._layer(len(self.maps) - 1, x)

    def forward(self, x: Float[Tensor, "n b y x 48"]) -> Float[Tensor, "n b outputs"]:
        """Return the outputs of each copy for each of its pictures."""
        maps = self.features(x)
        if not any(True for _ in self.blocks.parameters()):  # then all blocks do the same, and one can do it for all
            return self.read(self.blocks[0](maps.flatten(0, 1)).unflatten(0, maps.shape[:2]))
        return self.read(torch.stack([block(one) for block, one in zip(self.blocks, maps, strict=True)]))

    def _layer(self, i: int, x: Float[Tensor, "n _ m"]) -> Float[Tensor, "n _ k"]:
        return torch.baddbmm(self.biases[i], x, self.maps[i])


def counting(outputs: Float[Tensor, "n b outputs"], target: Int64[Tensor, "n b"]) -> Float[Tensor, "n b"]:
    """Return the squared error of each count, for networks with one output.

    >>> counting(torch.tensor([[[2.5]]]), torch.tensor([[4]]))
    tensor([[2.2500]])
    """
    return (outputs[..., 0] - target) ** 2


def naming(outputs: Float[Tensor, "n b outputs"], target: Int64[Tensor, "n b"]) -> Float[Tensor, "n b"]:
    """Return the cross-entropy of each class.

    >>> naming(torch.zeros(1, 1, 2), torch.tensor([[1]]))
    tensor([[0.6931]])
    """
    return cross_entropy(outputs.movedim(-1, 1), target, reduction="none")


def fit(
    make: Callable[[], PatchNets],
    x: Float[Tensor, "m y x 48"],
    target: Int64[Tensor, "m"],
    *,
    epochs: int,
    loss: Callable[[Tensor, Tensor], Tensor] = counting,
    batch: int = 64,
    rate: float = 0.03,
    seed: int = 0,
) -> PatchNets:
    """Train all copies with Adam and one cycle of the rate; each goes through the pictures in an order of its own.

    Args:
        make: Makes the copies.
        x: Patches of all pictures.
        target: A whole number for each picture.
        epochs: How often each picture is seen.
        loss: :func:`counting`, or :func:`naming`.
        batch: Pictures in a step.
        rate: The highest rate.
        seed: The starts and the orders follow from it.

    >>> x, target = patches(torch.rand(20, 8, 8, 3)), torch.arange(20) % 2
    >>> nets = fit(lambda: PatchNets(nn.Identity, copies=2), x, target, epochs=3, batch=10)
    >>> right(nets, x, target).shape
    torch.Size([2])
    """
    positive(epochs=epochs, batch=batch)
    torch.manual_seed(seed)
    nets = make()
    copies, steps = len(nets.blocks), len(x) // batch
    optimiser = torch.optim.Adam(nets.parameters(), lr=rate, fused=True)
    cycle = OneCycleLR(optimiser, rate, total_steps=epochs * steps)
    for _ in progress(range(epochs), "training"):
        orders = torch.rand(copies, len(x)).argsort(dim=1)[:, : steps * batch].reshape(copies, steps, batch)
        for step in range(steps):
            some = orders[:, step]  # (n, b)
            pictures = x.index_select(0, some.flatten()).reshape(*some.shape, *x.shape[1:])  # x[some], twice as fast
            optimiser.zero_grad()
            loss(nets(pictures), target[some]).mean(dim=1).sum().backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            cycle.step()
    return nets


def right(nets: PatchNets, x: Float[Tensor, "b y x 48"], target: Int64[Tensor, "b"]) -> Float[Tensor, "n"]:
    """Return each copy's share of right answers: counts are rounded, of classes the one with the highest logit.

    >>> nets = PatchNets(nn.Identity, copies=2)
    >>> right(nets, patches(torch.rand(5, 8, 8, 3)), torch.zeros(5, dtype=torch.int64)).shape
    torch.Size([2])
    """
    with torch.no_grad():
        outputs = nets(x.expand(len(nets.blocks), *x.shape))  # (n, b, o)
    answers = outputs.argmax(dim=-1) if outputs.shape[-1] > 1 else outputs[..., 0].round()
    share: Tensor = (answers == target).float().mean(dim=1)
    return share
