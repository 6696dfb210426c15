"""Pictures of Chapter 3: the hull of the values, a leak, a decoder at work, accuracy against length, an alignment."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Bool, Float
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from attnbook.plots.heatmap import heatmap
from attnbook.plots.style import figure_title, label_line
from attnbook.theme import LIGHT

__all__ = ["accuracy_by_length", "alignment", "decoder_step", "hull", "leak", "wiring"]


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


def leak(
    forbidden: Float[np.ndarray, "n"], curves: Mapping[str, Float[np.ndarray, "n"]], *, key: str, title: str
) -> Axes:
    """Draw the weight of an allowed key while the score of a forbidden one rises, a line for each way to forbid it."""
    ax = plt.subplots(figsize=(4.75, 2.5))[1]
    for (name, weights), color in zip(curves.items(), (LIGHT["bad"], LIGHT["value"], LIGHT["good"]), strict=False):
        ax.plot(forbidden, weights, color=color)
        label_line(ax, forbidden[-1], weights[-1], name, color)
    ax.set(xlabel="score of the forbidden key", ylabel=f"weight of {key}", ylim=(0, None))
    ax.margins(x=0)
    ax.set_title(title)
    return ax


def wiring(
    pairs: Mapping[str, tuple[Sequence[str], Sequence[str], Float[np.ndarray, "t s"]]], *, title: str
) -> list[Axes]:
    """Draw pairs of sentences, read and written, as two columns of words, with a line as strong as each link."""
    tallest = max(max(len(source), len(target)) for source, target, _ in pairs.values())
    _, axes = plt.subplots(1, len(pairs), figsize=(2.35 * len(pairs), 0.7 + 0.24 * tallest), squeeze=False)
    for ax, (name, (source, target, links)) in zip(axes[0], pairs.items(), strict=True):
        links = np.asarray(links, dtype=float)
        if links.shape != (len(target), len(source)):
            raise ValueError(
                f"links have shape {links.shape}, but there are {len(target)} target and {len(source)} source words"
            )
        # Both columns have one height, so that a translation in the same order gives parallel lines.
        reads, writes = (np.linspace(0, 1, len(words)) for words in (source, target))
        for at, word in zip(reads, source, strict=True):
            ax.text(-0.06, at, word, color=LIGHT["key"], ha="right", va="center")
        for at, word in zip(writes, target, strict=True):
            ax.text(1.06, at, word, color=LIGHT["query"], ha="left", va="center")
        for (t, s), weight in np.ndenumerate(links):
            if weight > 0:
                ax.plot([0, 1], [reads[s], writes[t]], color=LIGHT["accent"], linewidth=1.6, alpha=min(weight, 1.0))
        ax.set_title(name, fontweight="normal", loc="center")
        ax.set(xlim=(-1.1, 2.1), ylim=(1.05, -0.05))
        ax.set_axis_off()
    figure_title(axes[0, 0], title)
    return list(axes[0])


def decoder_step(
    weights: Float[np.ndarray, "s"], *, source: Sequence[str], before: str, after: str, title: str
) -> Axes:
    """Draw what happens between two words of a translation, with the weights of the source words at this step."""
    weights = np.asarray(weights, dtype=float)
    if weights.shape != (len(source),):
        raise ValueError(f"weights have shape {weights.shape}, but there are {len(source)} source words")
    ax = plt.subplots(figsize=(4.75, 4.2))[1]
    across = np.linspace(0.08, 0.92, len(source))
    state, context, both = (0.26, 0.42), (0.7, 0.42), (0.48, 0.2)
    arrow: dict[str, Any] = {"arrowstyle": "-|>", "color": LIGHT["muted"], "linewidth": 1.2}
    apart = {"shrinkA": 14, "shrinkB": 14}
    middle: dict[str, Any] = {"ha": "center", "va": "center"}

    def node(at: tuple[float, float], text: str, color: str) -> None:
        box = {"boxstyle": "round,pad=0.35", "facecolor": LIGHT["paper"], "edgecolor": color, "linewidth": 1.4}
        ax.text(*at, text, bbox=box, zorder=3, **middle)

    for i, (x, word, weight) in enumerate(zip(across, source, weights, strict=True), 1):
        ax.text(x, 0.97, word, color=LIGHT["key"], **middle)
        node((x, 0.86), f"$h_{{{i}}}$", LIGHT["key"])
        ax.plot([x, state[0]], [0.81, 0.47], color=LIGHT["query"], linewidth=0.8, linestyle=(0, (1, 2)))
        ax.plot(
            [x, context[0]], [0.81, 0.47], color=LIGHT["accent"], linewidth=1 + 5 * weight, alpha=0.15 + 0.85 * weight
        )
        ax.text(x, 0.78, f"{weight:.2f}", fontsize=8.5, color=LIGHT["accent"], zorder=4, **middle).set_bbox(
            {"facecolor": LIGHT["paper"], "edgecolor": "none", "pad": 1}
        )
    node(state, "state $q_t$", LIGHT["query"])
    node(context, "context $o_t$", LIGHT["value"])
    node(both, "one small layer", LIGHT["ink"])
    ax.text(0.02, 0.42, before, color=LIGHT["query"], ha="left", va="center")
    ax.text(0.02, 0.36, "(written last)", color=LIGHT["muted"], fontsize=8.5, ha="left", va="center")
    ax.text(both[0], 0.02, after, color=LIGHT["query"], fontweight="bold", **middle)
    ax.text(both[0] + 0.12, 0.02, "(written now)", color=LIGHT["muted"], fontsize=8.5, ha="left", va="center")
    ax.text(0.14, 0.58, "1  it asks", color=LIGHT["query"], ha="right", va="center")
    ax.text(0.77, 0.6, "2  the weights\n    share out", color=LIGHT["accent"], ha="left", va="center")
    ax.text(0.84, 0.36, "3  the average", color=LIGHT["value"], ha="center", va="top")
    ax.text(0.64, 0.2, "4  both choose\n    the next word", color=LIGHT["ink"], ha="left", va="center")
    for start, end in ((state, both), (context, both), (both, (both[0], 0.02))):
        ax.annotate("", end, start, arrowprops=arrow | apart)
    ax.annotate("", (state[0] - 0.08, state[1]), (0.12, state[1]), arrowprops=arrow | {"shrinkA": 0, "shrinkB": 0})
    ax.set(xlim=(0, 1), ylim=(-0.02, 1.0))
    ax.set_axis_off()
    ax.set_title(title)
    return ax


def accuracy_by_length(
    lengths: Sequence[int],
    panels: Mapping[str, Mapping[str, Float[np.ndarray, "seeds lengths"]]],
    *,
    trained: tuple[int, int],
    title: str,
    across: str = "words in the sentence",
) -> list[Axes]:
    """Draw accuracy against the length of the sentence: the mean over the seeds, and a band from worst to best.

    Args:
        lengths: Words in a sentence.
        panels: By what is counted, and in it for each model by name, a row for each seed.
        trained: The shortest and the longest sentence in training; what lies outside is shaded.
        title: The point the picture makes.
        across: What the lengths count.
    """
    figure, axes = plt.subplots(len(panels), 1, figsize=(4.75, 0.7 + 2.2 * len(panels)), sharex=True, squeeze=False)
    left, right = min(lengths[0], trained[0]) - 0.5, max(lengths[-1], trained[1]) + 0.5
    for ax, (counted, curves) in zip(axes[:, 0], panels.items(), strict=True):
        for (name, runs), color in zip(
            curves.items(), (LIGHT["query"], LIGHT["value"], LIGHT["key"], LIGHT["accent"]), strict=False
        ):
            runs = np.asarray(runs)
            ax.plot(lengths, runs.mean(axis=0), "o-", color=color, markersize=4, label=name)
            ax.fill_between(lengths, runs.min(axis=0), runs.max(axis=0), color=color, alpha=0.15, linewidth=0)
        for start, stop in ((left, trained[0] - 0.5), (trained[1] + 0.5, right)):
            if stop > start:
                ax.axvspan(start, stop, color=LIGHT["grid"], alpha=0.4, linewidth=0, zorder=0)
        ax.set(xlim=(left, right), ylim=(0, 1.05), xticks=lengths, title="")
        ax.yaxis.set_major_formatter(PercentFormatter(1))
        ax.set_title(counted, fontweight="normal")
    if right > trained[1] + 0.5:
        ends = [np.mean(runs, axis=0)[-1] for runs in next(iter(panels.values())).values()]
        above = min(ends) < 0.3  # where no curve ends
        axes[0, 0].annotate(
            "never\ntrained",
            (right, 1 if above else 0),
            (-4, 0 if above else 6),
            textcoords="offset points",
            color=LIGHT["muted"],
            fontsize=8.5,
            ha="right",
            va="top" if above else "bottom",
        )
    axes[-1, 0].set_xlabel(across)
    lines, names = axes[0, 0].get_legend_handles_labels()
    figure.legend(
        lines, names, loc="outside lower left", ncols=2, frameon=False, labelcolor="linecolor", handlelength=1.2
    )
    figure_title(axes[0, 0], title)
    return list(axes[:, 0])


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
    size = (0.75 + 0.4 * len(source), 1.0 + 0.34 * len(target))
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
