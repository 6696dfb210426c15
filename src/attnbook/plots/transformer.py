"""Pictures of Chapter 8: the block in its two forms, and what each part of it is worth."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from attnbook.plots.style import figure_title
from attnbook.theme import LIGHT

__all__ = ["blocks", "parts"]

MIDDLE: dict[str, Any] = {"ha": "center", "va": "center"}


def blocks(*, title: str) -> list[Axes]:
    """Draw the block with the norm before each part, and with the norm after each sum, from bottom to top."""
    _, axes = plt.subplots(1, 2, figsize=(4.75, 4.3))
    forms = {
        "norm first": ("norm", "attention", "+", "norm", "feed-forward", "+"),
        "norm last": ("attention", "+", "norm", "feed-forward", "+", "norm"),
    }
    for ax, (name, steps) in zip(axes, forms.items(), strict=True):
        heights = [0.12 + 0.15 * step for step in range(len(steps))]
        ax.annotate("", (0, 1.04), (0, -0.04), arrowprops={"arrowstyle": "-|>", "color": LIGHT["muted"]})
        ax.text(0.07, -0.04, "in", color=LIGHT["muted"], va="center")
        ax.text(0.07, 1.03, "out", color=LIGHT["muted"], va="center")
        leave = 0.03
        for height, step in zip(heights, steps, strict=True):
            if step == "+":  # what came by joins here
                ax.plot([0, -0.62, -0.62, 0], [leave, leave, height, height], color=LIGHT["query"], linewidth=1.6)
                ax.plot(0, height, "o", color=LIGHT["query"], markersize=13)
                ax.text(0, height - 0.003, "+", color=LIGHT["paper"], fontsize=12, fontweight="bold", **MIDDLE)
                leave = height + 0.07
            else:
                color = {"norm": LIGHT["value"], "attention": LIGHT["accent"]}.get(step, LIGHT["key"])
                box = {"boxstyle": "round,pad=0.35", "facecolor": LIGHT["paper"], "edgecolor": color, "linewidth": 1.5}
                ax.text(0, height, step, bbox=box, zorder=3, **MIDDLE)
                if step == "norm" and name == "norm last":
                    leave = height + 0.07
        ax.set(xlim=(-0.8, 0.75), ylim=(-0.08, 1.08))
        ax.set_title(name, fontweight="normal")
        ax.set_axis_off()
    figure_title(axes[0], title)
    return list(axes)


def parts(runs: Mapping[str, Sequence[float]], *, told: str, title: str) -> Axes:
    """Draw the share that each training got right as a dot, a row for each model, with a line at the first mean."""
    ax = plt.subplots(figsize=(4.75, 0.95 + 0.32 * len(runs)))[1]
    first = next(iter(runs.values()))
    ax.axvline(sum(first) / len(first), color=LIGHT["muted"], linewidth=1, linestyle="--")
    for row, values in enumerate(runs.values()):
        ax.plot(values, [row] * len(values), "o", color=LIGHT["key"], markersize=7, alpha=0.7, clip_on=False)
    ax.set(yticks=range(len(runs)), yticklabels=list(runs), xlim=(0, 1), xlabel=told)
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set_ylim(len(runs) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    figure_title(ax, title)
    return ax
