"""What modules of gates and masks are made of: two layers through a few hidden units, and sizes that make sense."""

from torch import Tensor, nn

from attnbook.nn.scoring import positive

__all__ = ["TwoLayers", "hidden_units", "odd"]


def hidden_units(channels: int, reduction: int) -> int:
    """Return how many hidden units are left when the channels are divided by the reduction.

    >>> hidden_units(64, 16)
    4
    """
    positive(channels=channels, reduction=reduction)
    if channels < reduction:
        raise ValueError(
            f"{channels} channels divided by a reduction of {reduction} leave no hidden unit: "
            f"choose a reduction of at most {channels}"
        )
    return channels // reduction


def odd(size: int) -> int:
    """Ask for a kernel that has a middle.

    >>> odd(7)
    7
    """
    positive(size=size)
    if size % 2 == 0:
        raise ValueError(f"a kernel of size {size} has no middle: choose {size - 1} or {size + 1}")
    return size


class TwoLayers(nn.Module):
    """The two layers of a gate, under the names that :mod:`attnbook.core.channel` gives them.

    >>> {name: tuple(weights.shape) for name, weights in TwoLayers(64, 16, bias=True).layers().items()}
    {'w_1': (4, 64), 'w_2': (64, 4), 'b_1': (4,), 'b_2': (64,)}
    """

    def __init__(self, channels: int, reduction: int, *, bias: bool) -> None:
        super().__init__()
        down, up = nn.Linear(channels, hidden_units(channels, reduction)), nn.Linear(channels // reduction, channels)
        self.w_1, self.w_2 = down.weight, up.weight
        self.b_1: Tensor | None = down.bias if bias else None
        self.b_2: Tensor | None = up.bias if bias else None

    def layers(self) -> dict[str, Tensor | None]:
        """Return them as the functions of ``core`` want them."""
        return {"w_1": self.w_1, "w_2": self.w_2, "b_1": self.b_1, "b_2": self.b_2}

    def extra_repr(self) -> str:
        """Say the sizes when printed."""
        return f"channels={len(self.w_2)}, hidden={len(self.w_1)}, bias={self.b_1 is not None}"
