"""The training loop of the small models of this book: from several seeds, with curves, alike in every chapter."""

from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer
from torch.optim.lr_scheduler import LRScheduler

from attnbook.progress import progress

__all__ = ["Trained", "train"]

Model = TypeVar("Model", bound=nn.Module)


class Trained(NamedTuple, Generic[Model]):
    """What came of it: a model for each seed, and what was measured on the way.

    >>> trained = train(lambda: nn.Linear(1, 1), lambda model: model.weight.square().sum(), seeds=[0, 1], steps=3)
    >>> len(trained.models), trained.curves.shape
    (2, torch.Size([2, 0]))
    """

    models: list[Model]
    curves: Tensor
    """One row for each seed, with a measurement at steps 0, every, 2 · every, …; empty if nothing was measured."""


def train(
    make: Callable[[], Model],
    loss: Callable[[Model], Tensor],
    *,
    seeds: Iterable[int],
    steps: int,
    rate: float = 0.01,
    schedule: Callable[[Optimizer], LRScheduler] | None = None,
    measure: Callable[[Model], float | list[float]] | None = None,
    every: int = 50,
    told: str = "training",
) -> Trained[Model]:
    """Train a model with Adam from each of several seeds.

    The seed decides how the model starts and which batches it sees, as long as both use torch's own generator;
    measuring draws nothing from it. In a live notebook the steps are counted while they run, and the line that
    counts them is taken away at the end, with whatever the cell had printed before.

    Args:
        make: Makes a new model.
        loss: Draws a batch and returns the model's loss on it.
        seeds: One training for each.
        steps: How many steps a training has.
        rate: The learning rate.
        schedule: Makes a schedule of the rate, for example ``lambda opt: OneCycleLR(opt, 0.02, total_steps=300)``.
        measure: Says how good the model is, in one number or several, without gradients.
        every: How many steps lie between two measurements.
        told: What the counting line says is going on.

    >>> def loss(model):
    ...     x = torch.rand(16, 1)
    ...     return (model(x) - 3 * x).square().mean()
    >>> models, curves = train(
    ...     lambda: nn.Linear(1, 1), loss, seeds=range(2), steps=200, rate=0.1,
    ...     measure=lambda model: model.weight.item(), every=100)
    >>> curves.shape, bool((curves[:, -1] - 3).abs().max() < 0.1)
    (torch.Size([2, 3]), True)
    """
    if steps < 1 or every < 1:
        raise ValueError(f"steps is {steps} and every is {every}; both must be at least 1")
    seeds, models, curves = list(seeds), [], []
    for count, seed in enumerate(seeds, start=1):
        torch.manual_seed(seed)
        model, curve = make(), []
        optimiser = Adam(model.parameters(), lr=rate)
        rates = None if schedule is None else schedule(optimiser)
        for step in progress(range(steps + 1), f"{told}, {count} of {len(seeds)}"):
            if measure is not None and step % every == 0:
                with torch.no_grad(), torch.random.fork_rng(devices=[]):
                    curve.append(measure(model))
            if step < steps:
                optimiser.zero_grad()
                loss(model).backward()  # type: ignore[no-untyped-call]
                optimiser.step()
            if step < steps and rates is not None:
                rates.step()
        models.append(model)
        curves.append(curve)
    return Trained(models, torch.tensor(curves))
