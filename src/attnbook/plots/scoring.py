"""Pictures of Chapter 2: score fields, saturation, learning curves."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from attnbook.plots.style import SCORES, figure_title, label_line
from attnbook.theme import LIGHT

__all__ = ["learning_curves", "saturation", "score_fields"]


def score_fields(
    query: Float[np.ndarray, "1 2"],
    keys: Float[np.ndarray, "k 2"],
    rules: Mapping[str, Callable[[Any, Any], Any]],
    *,
    title: str,
    reach: float = 2.4,
    limit: float = 3.0,
    columns: int = 3,
) -> list[Axes]:
    """Draw, for each rule, what a key would score at every point of the plane, all in the same colours.

    Args:
        query: The query that stays where it is; drawn as an arrow.
        keys: Where the keys stand now; drawn as dots.
        rules: The scoring functions by name, each called with a query and a table of keys.
        title: The point the picture makes.
        reach: How far the plane extends from its centre.
        limit: The score with the strongest colour; beyond it, the colour stays.
        columns: Panels in a row.
    """
    side = np.linspace(-reach, reach, 41)
    points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)  # (41 · 41, d)
    rows = -(-len(rules) // columns)
    figure, grid = plt.subplots(rows, columns, figsize=(7.2, 2.45 * rows), sharex=True, sharey=True, squeeze=False)
    axes = list(grid.ravel())
    for ax, (rule, score) in zip(axes, rules.items(), strict=False):
        field = np.asarray(score(query, points)).reshape(side.size, side.size)
        levels = np.linspace(-limit, limit, 13)
        filled = ax.contourf(side, side, field, levels=levels, cmap=SCORES, extend="both", antialiased=False)
        ax.contour(side, side, field, levels=[0.0], colors=LIGHT["ink"], linewidths=0.8)
        ax.annotate("", query[0], (0, 0), arrowprops={"arrowstyle": "-|>", "color": LIGHT["query"], "lw": 1.6})
        ax.plot(*keys.T, "o", color=LIGHT["key"], markersize=5, markeredgecolor=LIGHT["paper"], zorder=5)
        ax.set(title=rule, xticks=[-2, 0, 2], yticks=[-2, 0, 2], aspect="equal")
        ax.spines[:].set_visible(False)
    for ax in axes[len(rules) :]:
        ax.set_visible(False)
    scale = figure.colorbar(filled, ax=axes, ticks=[-limit, 0, limit], shrink=0.6, aspect=28, label="score")
    scale.outline.set_visible(False)
    figure_title(axes[0], title)
    return axes[: len(rules)]


def saturation(
    widths: Sequence[int],
    largest: Mapping[str, Sequence[float]],
    gradient: Mapping[str, Sequence[float]],
    *,
    title: str,
) -> list[Axes]:
    """Draw the largest weight and the size of the gradient against the width, one line per scaling."""
    _, (left, right) = plt.subplots(1, 2, figsize=(7.2, 2.9))
    colors = (LIGHT["query"], LIGHT["key"])
    for ax, lines, quantity in (
        (left, largest, "largest weight"),
        (right, gradient, "size of the softmax derivative"),
    ):
        highest = max(lines, key=lambda name: lines[name][-1])
        for (name, line), color in zip(lines.items(), colors, strict=True):
            ax.plot(widths, line, "o-", color=color, markersize=4)
            label_line(ax, widths[-1], line[-1], name, color, above=name == highest)
        ax.set_xscale("log", base=2)
        ax.set_xticks(widths, [str(width) for width in widths])
        ax.set_xlabel("width d")
        ax.set_title(quantity, fontweight="normal")
    left.set_ylim(0, 1.12)
    left.yaxis.set_major_formatter(PercentFormatter(1))
    right.set_yscale("log")
    right.margins(y=0.15)
    figure_title(left, title)
    return [left, right]


def learning_curves(
    curves: Mapping[str, Float[np.ndarray, "seeds points"]], *, every: int, chance: float, title: str
) -> Axes:
    """Draw accuracy while training: the mean over the seeds, a band of one standard deviation, chance dashed.

    Scorers that stay near chance are grey and share one label: their lines lie on top of each other.
    """
    ax = plt.subplots(figsize=(7.2, 3.2))[1]
    steps = every * np.arange(next(iter(curves.values())).shape[1])
    palette = (LIGHT["key"], LIGHT["query"], LIGHT["value"], LIGHT["accent"])
    ends = {label: float(runs[:, -1].mean()) for label, runs in curves.items()}
    learned = sorted((label for label in curves if ends[label] > 2 * chance), key=ends.__getitem__, reverse=True)
    colors = dict(zip(learned, palette, strict=False))
    for label, runs in curves.items():
        mean, spread = runs.mean(axis=0), runs.std(axis=0, ddof=1)
        color = colors.get(label, LIGHT["muted"])
        ax.plot(steps, mean, color=color, linewidth=2 if label in colors else 1)
        ax.fill_between(steps, mean - spread, mean + spread, color=color, alpha=0.15, linewidth=0)
    for label, color in colors.items():
        ax.annotate(label, (steps[-1], ends[label]), (6, 0), textcoords="offset points", va="center", color=color)
    flat = [label for label in curves if label not in colors]
    if flat:
        level = max(curves[label].mean(axis=0).max() for label in flat)
        ax.text(steps[-1], level + 0.05, "all others", ha="right", color=LIGHT["muted"])
    ax.axhline(chance, color=LIGHT["ink"], linewidth=0.8, linestyle="--")
    ax.annotate(
        "guessing",
        (steps[-1], chance),
        (6, 0),
        textcoords="offset points",
        va="center",
        annotation_clip=False,
    )
    ax.set_ylim(0, 1.05)
    ax.set_xlim(0, steps[-1])
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set_xlabel("training step")
    ax.set_ylabel("right answers")
    ax.set_title(title)
    return ax
