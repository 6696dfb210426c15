"""Pictures of Chapter 10: the line of a neuron, two ways to take a mean, what the penalty does, and answers by seed."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from attnbook.plots.style import figure_title
from attnbook.theme import LIGHT

__all__ = ["answers", "curves", "separating_lines"]

COLOURS = (LIGHT["query"], LIGHT["value"], LIGHT["key"], LIGHT["accent"])
RIGHT = "right answers (dashed: guessing)"


def separating_lines(
    numbers: Float[np.ndarray, "n"],
    lines: Mapping[int, tuple[float, float, float]],
    *,
    title: str,
) -> list[Axes]:
    """Draw what a line makes of each number of a map: the neuron is to come to 1 and all the others to −1.

    For each index of a neuron there is its weight, its bias and its energy.
    """
    axes = list(plt.subplots(1, len(lines), figsize=(4.75, 2.7), sharey=True, squeeze=False)[1][0])
    low, high = float(numbers.min()), float(numbers.max())
    ends = np.array([low - 0.1 * (high - low), high + 0.1 * (high - low)])
    for ax, (neuron, (weight, bias, energy)) in zip(axes, lines.items(), strict=True):
        ax.axhline(1, color=LIGHT["query"], linewidth=0.8, linestyle="--")
        ax.axhline(-1, color=LIGHT["key"], linewidth=0.8, linestyle="--")
        ax.plot(ends, weight * ends + bias, color=LIGHT["ink"], linewidth=1.4)
        for i, number in enumerate(numbers.tolist()):
            wanted, color = (1, LIGHT["query"]) if i == neuron else (-1, LIGHT["key"])
            ax.plot([number, number], [weight * number + bias, wanted], color=color, linewidth=2.4)
            ax.plot(number, weight * number + bias, "o", color=color, markersize=6)
        ax.set(xlabel="number", ylim=(-1.75, 1.75), yticks=[-1, 0, 1])
        ax.set_title(f"neuron {numbers[neuron]:g}: energy {energy:.2f}", fontweight="normal", fontsize=9.5)
    axes[0].set_ylabel("what the line makes of it")
    figure_title(axes[0], title)
    return axes


def curves(
    x: Sequence[float],
    lines: Mapping[str, Sequence[float]],
    *,
    title: str,
    x_label: str,
    y_label: str,
    least: float,
    most: float,
    at: Sequence[int],
    floor: float | None = None,
) -> Axes:
    """Draw lines over a logarithmic axis, none below ``floor``. A name is by a point of its line, below if negative."""
    ax = plt.subplots(figsize=(4.75, 2.8))[1]
    for (name, line), color, i in zip(lines.items(), COLOURS, at, strict=False):
        ax.plot(x, line, color=color, marker="o", markersize=4)
        shift, ha, va = ((6, 3), "left", "bottom") if i > 0 else ((-6, -3), "right", "top")
        ax.annotate(name, (x[abs(i)], line[abs(i)]), shift, color=color, textcoords="offset points", ha=ha, va=va)
    if floor is not None:
        ax.axhline(floor, color=LIGHT["muted"], linewidth=0.8, linestyle="--")
    ax.set(xscale="log", ylim=(least, most), xlabel=x_label, ylabel=y_label)
    ax.set_xticks(list(x), [f"{each:g}" for each in x])
    ax.minorticks_off()
    ax.set_title(title)
    return ax


def answers(runs: Mapping[str, Float[np.ndarray, "seeds"]], *, chance: float, title: str, x_label: str = RIGHT) -> Axes:
    """Draw shares of answers, a row for each kind of network: a dot for each seed, and their mean as a short line."""
    ax = plt.subplots(figsize=(4.75, 0.9 + 0.32 * len(runs)))[1]
    for row, shares in enumerate(runs.values()):
        ax.plot(shares, np.full(len(shares), row), "o", color=LIGHT["key"], markersize=5, alpha=0.75, clip_on=False)
        ax.plot([np.mean(shares)] * 2, [row - 0.3, row + 0.3], color=LIGHT["ink"], linewidth=1.6)
    ax.axvline(chance, color=LIGHT["muted"], linewidth=0.8, linestyle="--")
    ax.set_yticks(range(len(runs)), list(runs))
    ax.set(xlim=(-0.03, 1.02), ylim=(len(runs) - 0.5, -0.5), xlabel=x_label)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    figure_title(ax, title)
    return ax
