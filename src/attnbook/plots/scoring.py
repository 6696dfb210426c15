"""Pictures of Chapter 2: score fields and learning curves."""

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
    columns: int = 2,
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
    size = (2.4 * columns, 2.25 * rows + 0.7)
    figure, grid = plt.subplots(rows, columns, figsize=size, sharex=True, sharey=True, squeeze=False)
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
    scale = figure.colorbar(filled, ax=axes, location="bottom", ticks=[-limit, 0, limit], shrink=0.6, aspect=28)
    scale.set_label("score")
    scale.outline.set_visible(False)
    figure_title(axes[0], title)
    return axes[: len(rules)]


def learning_curves(
    curves: Mapping[str, Mapping[str, Float[np.ndarray, "seeds points"]]], *, every: int, chance: float, title: str
) -> list[Axes]:
    """Draw accuracy while training, one row for each setting: the mean over the seeds in a band of one deviation.

    What learned has its name on its line: the fastest to the left of it, the others to the right, where nothing else
    is drawn. A line that rises at once, or never rises far, has it at its end. Rules that end near chance are grey and
    share one name.
    """
    _, axes = plt.subplots(len(curves), 1, figsize=(4.8, 0.6 + 2.2 * len(curves)), sharex=True, squeeze=False)
    for ax, (setting, rules) in zip(axes[:, 0], curves.items(), strict=True):
        means = {rule: runs.mean(axis=0) for rule, runs in rules.items()}
        learned = [rule for rule in means if means[rule][-1] > 2 * chance]
        fastest_first = sorted(learned, key=lambda rule: -means[rule].mean())
        colors = dict(zip(learned, (LIGHT["query"], LIGHT["key"], LIGHT["value"]), strict=False))
        for rule, mean in means.items():
            color, deviation = colors.get(rule, LIGHT["muted"]), rules[rule].std(axis=0, ddof=1)
            steps = every * np.arange(len(mean))
            ax.plot(steps, mean, color=color, linewidth=1.8 if rule in colors else 1)
            ax.fill_between(steps, mean - deviation, mean + deviation, color=color, alpha=0.15, linewidth=0)
        for rank, rule in enumerate(fastest_first):
            level, end = 0.8 - 0.2 * rank, float(means[rule][-1])
            reached = float(np.interp(level, means[rule], steps))
            at, side = (reached, level), {"va": "top", "xytext": (8, 2)}
            if end < level - 0.02:
                at, side = (steps[-1], end), {"ha": "right", "xytext": (0, 8)}
            elif rank == 0 and reached < 0.2 * steps[-1]:
                at, side = (steps[-1], end), {"ha": "right", "va": "top", "xytext": (0, -5)}
            elif rank == 0:
                side = {"ha": "right", "xytext": (-8, 0)}
            ax.annotate(rule, at, textcoords="offset points", color=colors[rule], **side)
        if flat := [mean for rule, mean in means.items() if rule not in colors]:
            ax.text(steps[-1], np.max(flat) + 0.05, "all others", ha="right", color=LIGHT["muted"])
        ax.axhline(chance, color=LIGHT["ink"], linewidth=0.8, linestyle="--")
        ax.set(ylim=(0, 1.05), xlim=(0, steps[-1]), ylabel="right answers")
        ax.yaxis.set_major_formatter(PercentFormatter(1))
        ax.set_title(setting, fontweight="normal")
    axes[-1, 0].set_xlabel("training step (dashed: guessing)")
    figure_title(axes[0, 0], title)
    return list(axes[:, 0])


def saturation(
    widths: Sequence[int],
    largest: Mapping[str, Sequence[float]],
    gradient: Mapping[str, Sequence[float]],
    *,
    title: str,
) -> list[Axes]:
    """Draw the largest weight and the size of the gradient against the width, one line per scaling."""
    _, (upper, lower) = plt.subplots(2, 1, figsize=(4.8, 4.6), sharex=True)
    colors = (LIGHT["query"], LIGHT["key"])
    for ax, lines, quantity in (
        (upper, largest, "largest weight"),
        (lower, gradient, "size of the softmax derivative"),
    ):
        highest = max(lines, key=lambda name: lines[name][-1])
        for (name, line), color in zip(lines.items(), colors, strict=True):
            ax.plot(widths, line, "o-", color=color, markersize=4)
            label_line(ax, widths[-1], line[-1], name, color, above=name == highest)
        ax.set_xscale("log", base=2)
        ax.set_xticks(widths, [str(width) for width in widths])
        ax.set_title(quantity, fontweight="normal")
    upper.set_ylim(0, 1.12)
    upper.yaxis.set_major_formatter(PercentFormatter(1))
    lower.set_xlabel("width d")
    lower.set_yscale("log")
    lower.margins(y=0.15)
    figure_title(upper, title)
    return [upper, lower]
