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

__all__ = ["learning_curves", "races", "saturation", "score_fields", "spread"]


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


def spread(sizes: Mapping[str, Float[np.ndarray, "draws"]], *, title: str, quantity: str) -> list[Axes]:
    """Draw how often each size occurs, one row for each case, with its median and its mean marked.

    The axis is logarithmic and the same for all rows. What is smaller than its left end is counted there, so that
    no draw is lost.
    """
    _, axes = plt.subplots(len(sizes), 1, figsize=(4.8, 0.6 + 1.05 * len(sizes)), sharex=True, squeeze=False)
    low, high = 1e-4, 2 * max(float(size.max()) for size in sizes.values())
    edges = np.geomspace(low, high, 41)
    for ax, (case, size) in zip(axes[:, 0], sizes.items(), strict=True):
        share = np.histogram(np.clip(size.astype(float), edges[0], edges[-1]), edges)[0] / len(size)
        ax.stairs(share, edges, fill=True, color=LIGHT["key"], alpha=0.45)
        for statistic, marker in ((np.median, "o"), (np.mean, "D")):
            ax.plot(statistic(size), 0, marker, color=LIGHT["query"], markersize=6, clip_on=False, zorder=3)
        ax.set_title(case, fontweight="normal")
        ax.set(xscale="log", xlim=(low, high), ylim=(0, None), yticks=[])
        ax.spines["left"].set_visible(False)
    axes[-1, 0].set_xlabel(f"{quantity}   (● median, ◆ mean)")
    figure_title(axes[0, 0], title)
    return list(axes[:, 0])


def races(
    curves: Mapping[str, Mapping[str, Float[np.ndarray, "seeds points"]]], *, every: int, chance: float, title: str
) -> list[Axes]:
    """Draw accuracy while training for the same rules in several settings, one row for each setting.

    Lines are means over the seeds, bands one standard deviation, chance is dashed. The fastest rule has its name to
    the left of its line and the others to the right, where nothing else is drawn.
    """
    _, axes = plt.subplots(len(curves), 1, figsize=(4.8, 0.5 + 2.2 * len(curves)), sharex=True, squeeze=False)
    palette = (LIGHT["query"], LIGHT["key"], LIGHT["value"])
    for ax, (setting, rules) in zip(axes[:, 0], curves.items(), strict=True):
        means = {rule: runs.mean(axis=0) for rule, runs in rules.items()}
        fastest_first = sorted(means, key=lambda rule: -means[rule].mean())
        for color, (rule, runs) in zip(palette, rules.items(), strict=False):
            mean, deviation = means[rule], runs.std(axis=0, ddof=1)
            steps = every * np.arange(len(mean))
            ax.plot(steps, mean, color=color)
            ax.fill_between(steps, mean - deviation, mean + deviation, color=color, alpha=0.15, linewidth=0)
            rank = fastest_first.index(rule)
            level = min(0.8 - 0.2 * rank, float(mean.max()) - 0.02)
            at = np.interp(level, mean, steps)
            side = {"ha": "right", "va": "center", "xytext": (-8, 0)} if rank == 0 else {"va": "top", "xytext": (8, 2)}
            ax.annotate(rule, (at, level), textcoords="offset points", color=color, **side)
        ax.axhline(chance, color=LIGHT["ink"], linewidth=0.8, linestyle="--")
        ax.set(ylim=(0, 1.05), xlim=(0, steps[-1]), ylabel="right answers")
        ax.yaxis.set_major_formatter(PercentFormatter(1))
        ax.set_title(setting, fontweight="normal")
    axes[-1, 0].set_xlabel("training step")
    figure_title(axes[0, 0], title)
    return list(axes[:, 0])


def learning_curves(
    curves: Mapping[str, Float[np.ndarray, "seeds points"]], *, every: int, chance: float, title: str
) -> Axes:
    """Draw accuracy while training: the mean over the seeds, a band of one standard deviation, chance dashed.

    Scorers that stay near chance are grey and share one label: their lines lie on top of each other.
    """
    ax = plt.subplots(figsize=(4.8, 3.0))[1]
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
        above = label == learned[0]  # of two that end close together, each name has a side of its own
        ax.annotate(
            label,
            (steps[-1], ends[label]),
            (6, 0),
            textcoords="offset points",
            va="bottom" if above else "top",
            color=color,
        )
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
