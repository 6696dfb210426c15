"""Pictures of Chapter 5: what a soft dictionary reads out, how much a memory holds, how a network learned to ask."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from attnbook.plots.style import label_line
from attnbook.theme import LIGHT

__all__ = ["capacities", "learning", "read_outs", "right_by_stories"]

COLOURS = (LIGHT["query"], LIGHT["value"], LIGHT["key"], LIGHT["accent"])


def read_outs(
    queries: Float[np.ndarray, "q"],
    outputs: Mapping[float, Float[np.ndarray, "q"]],
    *,
    keys: Float[np.ndarray, "k"],
    values: Float[np.ndarray, "k"],
    title: str,
    quantities: tuple[str, str] = ("query", "read out"),
) -> Axes:
    """Draw what a dictionary with one number for a key and a value reads out for each query, by sharpness."""
    ax = plt.subplots(figsize=(4.75, 2.9))[1]
    for (sharpness, output), color in zip(outputs.items(), COLOURS, strict=False):
        ax.plot(queries, output, color=color, label=f"sharpness {sharpness:g}")
    ax.plot(keys, values, "o", color=LIGHT["ink"], markersize=6, markeredgecolor=LIGHT["paper"], zorder=3)
    ax.set(xlabel=quantities[0], ylabel=quantities[1], xlim=(queries[0], queries[-1]))
    ax.legend(frameon=False, labelcolor="linecolor", handlelength=1.2)
    ax.set_title(title)
    return ax


def capacities(
    widths: Float[np.ndarray, "n"],
    memories: Mapping[str, tuple[Float[np.ndarray, "n"], Float[np.ndarray, "n"]]],
    *,
    title: str,
) -> Axes:
    """Draw how many pairs each memory holds at each width: dots that were measured on the line of the formula."""
    ax = plt.subplots(figsize=(4.75, 2.9))[1]
    for (name, (measured, formula)), color in zip(memories.items(), COLOURS, strict=False):
        ax.plot(widths, formula, color=color, linewidth=1.2)
        ax.plot(widths, measured, "o", color=color, markersize=5)
        label_line(ax, widths[-2], 1.35 * formula[-2], name, color)
    ax.set(xlabel="width of a key", ylabel="pairs", yscale="log", xticks=widths)
    ax.set_title(title)
    return ax


def learning(curves: Mapping[str, Float[np.ndarray, "seeds points"]], *, every: int, chance: float, title: str) -> Axes:
    """Draw right answers while training: a thin line for each seed, one colour for each way to train."""
    ax = plt.subplots(figsize=(4.75, 2.9))[1]
    for (name, runs), color in zip(curves.items(), COLOURS, strict=False):
        for i, run in enumerate(np.asarray(runs)):
            steps = every * np.arange(len(run))
            ax.plot(steps, run, color=color, linewidth=1.1, alpha=0.8, label=None if i else name)
    ax.axhline(chance, color=LIGHT["ink"], linewidth=0.8, linestyle="--")
    ax.set(xlabel="training step (dashed: guessing)", ylabel="right answers", ylim=(0, 1.05), xlim=(0, steps[-1]))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.figure.legend(loc="outside lower left", ncols=2, frameon=False, labelcolor="linecolor", handlelength=1.2)
    ax.set_title(title)
    return ax


def right_by_stories(
    numbers: Float[np.ndarray, "n"], shares: Mapping[str, Float[np.ndarray, "n seeds"]], *, chance: float, title: str
) -> Axes:
    """Draw right answers against how many stories there were to learn from, with a dot for each training."""
    ax = plt.subplots(figsize=(4.75, 2.7))[1]
    for (name, runs), color in zip(shares.items(), COLOURS, strict=False):
        means = np.mean(runs, axis=1)
        ax.plot(numbers, means, color=color, linewidth=1.2)
        ax.plot(numbers, np.asarray(runs), "o", color=color, markersize=4)
        label_line(ax, numbers[1], float(means[1]), name, color)
    ax.axhline(chance, color=LIGHT["ink"], linewidth=0.8, linestyle="--")
    ax.set(xscale="log", ylim=(0, 1.12), xlabel="stories in training (dashed: guessing)", ylabel="right answers")
    ax.set_xticks(numbers, [f"{number:,}" for number in numbers])
    ax.minorticks_off()
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set_title(title)
    return ax
