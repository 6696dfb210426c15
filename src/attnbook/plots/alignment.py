"""Pictures of Chapter 3: the hull of the values, the way of the words, accuracy against length, a learned alignment."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Bool, Float
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from attnbook.plots.heatmap import heatmap
from attnbook.plots.style import figure_title, label_line
from attnbook.theme import LIGHT

__all__ = ["accuracy_by_length", "alignment", "hull", "wiring"]


def hull(
    values: Float[np.ndarray, "k 2"], contexts: Float[np.ndarray, "q 2"], *, names: Sequence[str], title: str
) -> Axes:
    """Draw values in the plane with their names, the hull around them, and where contexts came to lie."""
    values, contexts = np.asarray(values), np.asarray(contexts)
    if len(names) != len(values):
        raise ValueError(f"there are {len(values)} values but {len(names)} names: each value needs exactly one")
    ax = plt.subplots(figsize=(5.2, 3.9))[1]
    ax.fill(*values[_corners(values)].T, facecolor="none", edgecolor=LIGHT["value"], linewidth=1.2)
    ax.plot(*contexts.T, ".", color=LIGHT["accent"], markersize=3, label="contexts")
    ax.plot(*values.T, "o", color=LIGHT["value"], markersize=7, markeredgecolor=LIGHT["paper"], label="values")
    middle = values.mean(axis=0)
    for name, value in zip(names, values, strict=True):
        outwards = (value - middle) / (np.linalg.norm(value - middle) or 1.0)
        ax.annotate(
            name, value, tuple(11 * outwards), textcoords="offset points", ha="center", va="center", fontweight="bold"
        )
    ax.margins(0.12)
    ax.set(xlabel="first number", ylabel="second number", aspect="equal")
    ax.set_title(title)
    return ax


def wiring(links: Float[np.ndarray, "t s"], *, source: Sequence[str], target: Sequence[str], title: str) -> list[Axes]:
    """Draw what stands between a sentence and its translation: one vector for all, or a line for each weight.

    Args:
        links: Weights of each target word on the source words, or True and False; in the lower picture, a weight
            of one is a full line and a weight of zero none.
        source: The words that are read, above in each picture, as in the explorer.
        target: The words that are written, below.
        title: The point the picture makes.
    """
    links = np.asarray(links, dtype=float)
    if links.shape != (len(target), len(source)):
        raise ValueError(
            f"links have shape {links.shape}, but there are {len(target)} target and {len(source)} source words"
        )
    axes = list(plt.subplots(2, 1, figsize=(7.2, 4.4))[1])
    ends = {"va": "center", "ha": "center", "fontsize": 9}
    reads = np.linspace(0, 1, len(source))
    writes = np.linspace(0, 1, len(target))
    for ax, name in zip(axes, ("one fixed vector", "attention"), strict=True):
        for at, word in zip(reads, source, strict=True):
            ax.text(at, -0.1, word, color=LIGHT["key"], **ends)
        for at, word in zip(writes, target, strict=True):
            ax.text(at, 1.1, word, color=LIGHT["query"], **ends)
        ax.set_title(name, fontweight="normal")
        ax.set(xlim=(-0.08, 1.08), ylim=(1.25, -0.25))
        ax.set_axis_off()
    fixed, looking = axes
    for at in reads:
        fixed.plot([at, 0.5], [0, 0.45], color=LIGHT["muted"], linewidth=1)
    for at in writes:
        fixed.plot([0.5, at], [0.55, 1], color=LIGHT["muted"], linewidth=1)
    box = {"boxstyle": "round,pad=0.4", "facecolor": LIGHT["paper"], "edgecolor": LIGHT["ink"]}
    fixed.text(0.5, 0.5, "c", bbox=box, style="italic", **ends)
    for (t, s), weight in np.ndenumerate(links):
        if weight > 0:
            looking.plot([reads[s], writes[t]], [0, 1], color=LIGHT["accent"], linewidth=2, alpha=min(weight, 1.0))
    figure_title(fixed, title)
    return axes


def accuracy_by_length(
    lengths: Sequence[int],
    curves: Mapping[str, Float[np.ndarray, "seeds lengths"]],
    *,
    trained: tuple[int, int],
    title: str,
    ylabel: str = "right words",
) -> Axes:
    """Draw accuracy against the length of the sentence: the mean over the seeds, and a band of one standard deviation.

    Args:
        lengths: Words in a sentence.
        curves: For each model by name, a row for each seed.
        trained: The shortest and the longest sentence in training; what lies outside is shaded.
        title: The point the picture makes.
        ylabel: What is counted.
    """
    ax = plt.subplots(figsize=(7.2, 3.2))[1]
    means = {name: np.asarray(runs).mean(axis=0) for name, runs in curves.items()}
    highest = max(means, key=lambda name: means[name][-1])
    for (name, runs), color in zip(
        curves.items(), (LIGHT["query"], LIGHT["key"], LIGHT["value"], LIGHT["accent"]), strict=False
    ):
        spread = np.asarray(runs).std(axis=0, ddof=min(1, len(runs) - 1))  # one run has no spread
        ax.plot(lengths, means[name], "o-", color=color, markersize=4)
        ax.fill_between(lengths, means[name] - spread, means[name] + spread, color=color, alpha=0.15, linewidth=0)
        label_line(ax, lengths[-1], means[name][-1], name, color, above=name == highest)
    left, right = min(lengths[0], trained[0]) - 0.5, lengths[-1] + 0.5
    ax.set_xlim(left, right)
    for start, stop in ((left, trained[0] - 0.5), (trained[1] + 0.5, right)):
        if stop > start:
            ax.axvspan(start, stop, color=LIGHT["grid"], alpha=0.4, linewidth=0, zorder=0)
    if right > trained[1] + 0.5:
        ax.annotate(
            "never trained",
            (trained[1] + 0.5, 0),
            (4, 6),
            textcoords="offset points",
            color=LIGHT["muted"],
            fontsize=8.5,
        )
    ax.set_ylim(0, 1.05)
    ax.set_xticks(lengths)
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set_xlabel("words in the sentence")
    ax.set_ylabel(ylabel)
    ax.set_title(title)
    return ax


def alignment(
    weights: Float[np.ndarray, "t s"],
    gold: Bool[np.ndarray, "t s"],
    *,
    source: Sequence[str],
    target: Sequence[str],
    title: str,
) -> Axes:
    """Draw the weights of each target word (row) on the source words (columns), with the right ones outlined."""
    weights, gold = np.asarray(weights), np.asarray(gold)
    if gold.shape != weights.shape:
        raise ValueError(f"weights has shape {weights.shape} but gold has shape {gold.shape}: they must agree")
    size = (1.2 + 0.62 * len(source), 1.0 + 0.36 * len(target))
    ax = plt.subplots(figsize=size)[1]
    heatmap(weights, rows=target, columns=source, written_from=0.005, title=title, ax=ax)
    for t, s in np.argwhere(gold):
        ax.add_patch(Rectangle((s, t), 1, 1, fill=False, edgecolor=LIGHT["query"], linewidth=2, clip_on=False))
    ax.xaxis.tick_top()  # the sentence is read above its table
    ax.tick_params(length=0)
    return ax


def _corners(points: Float[np.ndarray, "k 2"]) -> list[int]:
    """Return the indices of the corners of the convex hull, anticlockwise: from each, the next with all on its left."""
    at = start = int(np.lexsort((points[:, 1], points[:, 0]))[0])
    corners = [start]
    while True:
        to = next((j for j in range(len(points)) if not np.array_equal(points[j], points[at])), at)
        for j, point in enumerate(points):
            along, aside = points[to] - points[at], point - points[at]
            turn = along[0] * aside[1] - along[1] * aside[0]
            if turn < 0 or (turn == 0 and aside @ aside > along @ along):
                to = j
        if to in corners:
            return corners
        corners.append(to)
        at = to
