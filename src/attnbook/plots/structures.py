"""Pictures of Chapter 6: errors above a floor, a document in two levels of weights, outlines around points."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from attnbook.plots.style import WEIGHTS, figure_title
from attnbook.theme import LIGHT

__all__ = ["document", "errors", "outlines"]


def errors(runs: Mapping[str, Sequence[float]], *, floor: float, told: str, title: str) -> Axes:
    """Draw the error of every training as a dot, a row for each model, and the floor that some cannot pass."""
    ax = plt.subplots(figsize=(4.75, 0.9 + 0.34 * len(runs)))[1]
    for row, values in enumerate(runs.values()):
        ax.plot(values, [row] * len(values), "o", color=LIGHT["key"], markersize=7, alpha=0.7, clip_on=False)
    ax.axvline(floor, color=LIGHT["bad"], linewidth=1.2, linestyle="--")
    ax.annotate(
        told,
        (floor, 1),
        (-4, 2),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        color=LIGHT["bad"],
        ha="right",
        va="bottom",
    )
    ax.set(yticks=range(len(runs)), yticklabels=list(runs), xlim=(0, 1.3 * floor), xlabel="mean squared error")
    ax.set_ylim(len(runs) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    figure_title(ax, title)
    return ax


def document(
    panels: Mapping[str, tuple[Float[np.ndarray, "s w"], Float[np.ndarray, "s"] | None]],
    *,
    words: Sequence[Sequence[str]],
    title: str,
) -> list[Axes]:
    """Draw a document for each way to read it: words on the colour of their weight, sentences behind bars of theirs."""
    height = 0.35 + 0.26 * len(words)
    _, axes = plt.subplots(len(panels), 1, figsize=(4.8, 0.4 + height * len(panels)), squeeze=False)
    for ax, (name, (within, between)) in zip(axes[:, 0], panels.items(), strict=True):
        for row, sentence in enumerate(words):
            if between is not None:
                ax.barh(row, between[row], left=-1.6, height=0.7, color=LIGHT["query"])
                ax.text(-0.06, row, f"{between[row]:.2f}", ha="right", va="center", fontsize=7.5)
            at = 0.1
            for word, weight in zip(sentence, within[row], strict=True):
                strong = weight > 0.6
                ax.text(
                    *(at, row, word),
                    fontsize=7.5,
                    va="center",
                    color=LIGHT["paper"] if strong else LIGHT["ink"],
                    bbox={"facecolor": WEIGHTS(float(weight)), "edgecolor": "none", "pad": 1.5},
                )
                at += 0.19 + 0.085 * len(word)
        ax.set(xlim=(-1.65, 5.3), ylim=(len(words) - 0.4, -0.6))
        ax.set_title(name, fontweight="normal")
        ax.set_axis_off()
    figure_title(axes[0, 0], title)
    return list(axes[:, 0])


def outlines(
    panels: Mapping[str, tuple[Float[np.ndarray, "k 2"], Sequence[int], Sequence[int]]], *, title: str
) -> list[Axes]:
    """Draw points, the outline of the hull as a wide band, and an outline that was pointed out as a line over it."""
    _, axes = plt.subplots(1, len(panels), figsize=(4.75, 2.8), squeeze=False)
    for ax, (name, (points, hull, path)) in zip(axes[0], panels.items(), strict=True):
        points = np.asarray(points)
        for corners, style in ((hull, {"linewidth": 6, "alpha": 0.3}), (path, {"linewidth": 1.4})):
            color = LIGHT["value"] if corners is hull else LIGHT["query"]
            ax.plot(*points[[*corners, corners[0]]].T, color=color, **style)
        ax.plot(*points.T, "o", color=LIGHT["key"], markersize=4)
        ax.plot(*points[path[0]], "o", color=LIGHT["query"], markersize=8)
        ax.set(aspect="equal", xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        ax.set_title(name, fontweight="normal")
    figure_title(axes[0, 0], title)
    return list(axes[0])
