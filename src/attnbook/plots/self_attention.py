"""Pictures of Chapter 7: masks, the waves of positions, and what grows how fast with the length of a sequence."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Bool, Float
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter, ScalarFormatter

from attnbook.plots.style import SCORES, WEIGHTS, figure_title
from attnbook.theme import LIGHT

__all__ = ["growth", "masks", "waves"]


def masks(panels: Mapping[str, Bool[np.ndarray, "q k"]], *, words: Sequence[str], title: str) -> list[Axes]:
    """Draw masks two and two: a dark square where the word on the left may attend to the word above it."""
    height = 0.5 + 0.16 * len(words)
    rows = -(-len(panels) // 2)
    _, axes = plt.subplots(rows, 2, figsize=(4.8, 0.5 + height * rows), squeeze=False, sharey=True)
    for ax, (name, mask) in zip(axes.flat, panels.items(), strict=False):
        ax.pcolormesh(np.asarray(mask, float), cmap=WEIGHTS, vmin=0, vmax=1.3, edgecolors=LIGHT["grid"], linewidth=0.4)
        ax.set(xticks=[], yticks=np.arange(len(words)) + 0.5, ylim=(len(words), 0))
        ax.set_yticklabels(words, fontsize=7.5)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        ax.set_title(name, fontweight="normal")
    for ax in list(axes.flat)[len(panels) :]:
        ax.set_axis_off()
    figure_title(axes[0, 0], title)
    return list(axes.flat)[: len(panels)]


def waves(panels: Mapping[str, Float[np.ndarray, "n d"]], *, title: str) -> list[Axes]:
    """Draw the vectors of positions, a row for each number of a vector, a column for each position."""
    _, axes = plt.subplots(len(panels), 1, figsize=(4.8, 0.6 + 1.3 * len(panels)), squeeze=False, sharex=True)
    for ax, (name, table) in zip(axes[:, 0], panels.items(), strict=True):
        ax.pcolormesh(np.asarray(table).T, cmap=SCORES, vmin=-1, vmax=1)
        ax.set(ylabel="column", ylim=(table.shape[1], 0), yticks=(0.5, table.shape[1] - 0.5))
        ax.set_yticklabels(["0", str(table.shape[1] - 1)])
        ax.set_title(name, fontweight="normal")
    axes[-1, 0].set_xlabel("position")
    figure_title(axes[0, 0], title)
    return list(axes[:, 0])


def growth(
    across: Sequence[int], curves: Mapping[str, Sequence[float]], *, xlabel: str, ylabel: str, title: str
) -> Axes:
    """Draw how something grows, on logarithmic axes, where a power of n is a straight line; names at the right ends."""
    ax = plt.subplots(figsize=(4.8, 2.9))[1]
    colors = (LIGHT["query"], LIGHT["value"], LIGHT["key"], LIGHT["accent"])
    for (name, numbers), color in zip(curves.items(), colors, strict=False):
        ax.plot(across, numbers, "o-", color=color, markersize=3.5)
        ax.annotate(*(name, (across[-1], numbers[-1]), (6, 0)), textcoords="offset points", color=color, va="center")
    ax.set(xscale="log", yscale="log", xticks=across, xlabel=xlabel, ylabel=ylabel)
    ax.xaxis.set_major_formatter(ScalarFormatter())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.spines["bottom"].set_bounds(across[0], across[-1])
    figure_title(ax, title)
    return ax
