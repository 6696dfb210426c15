"""Pictures of Chapter 9: maps before and after their gates, and what each block learned in each task."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from attnbook.plots.picture import picture
from attnbook.plots.style import figure_title
from attnbook.theme import LIGHT

__all__ = ["by_block", "gated"]


def gated(
    pictures: Float[np.ndarray, "n h w 3"],
    maps: Float[np.ndarray, "n c y x"],
    gates: Float[np.ndarray, "n c"],
    *,
    names: Sequence[str],
    title: str,
) -> list[Axes]:
    """Draw each picture and its maps in a row, and below each map what its gate leaves of it."""
    _, axes = plt.subplots(2 * len(maps), 1 + len(names), figsize=(4.8, 0.4 + 2.2 * len(maps)), squeeze=False)
    for i, image in enumerate(pictures):
        picture(image, ax=axes[2 * i, 0])
        axes[2 * i + 1, 0].set_axis_off()
        for before, after, one, gate in zip(axes[2 * i, 1:], axes[2 * i + 1, 1:], maps[i], gates[i], strict=True):
            picture(heat=one, highest=float(maps.max()), ax=before)
            picture(heat=one * gate, highest=float(maps.max()), ax=after)
            after.set_xlabel(f"gate {gate:.2f}", labelpad=2, fontsize=9)
    for ax, name in zip(axes[0], ["picture", *names], strict=True):
        ax.set_title(name, fontweight="normal", fontsize=9)
    figure_title(axes[0, 0], title)
    return list(axes.flat)


def by_block(
    tasks: Mapping[str, Mapping[str, Float[np.ndarray, "n"]]], *, chance: Mapping[str, float], title: str
) -> list[Axes]:
    """Draw right answers, a row for each block with a dot for each training, a panel for each task."""
    names = list(dict.fromkeys(name for shares in tasks.values() for name in shares))
    _, axes = plt.subplots(1, len(tasks), figsize=(4.8, 2.9), squeeze=False, sharey=True)
    for ax, (task, shares), color in zip(axes[0], tasks.items(), (LIGHT["query"], LIGHT["value"]), strict=False):
        for name, runs in shares.items():
            row = np.full(len(runs), names.index(name))
            ax.plot(runs, row, "o", color=color, markersize=6, alpha=0.6, clip_on=False)
        ax.axvline(chance[task], color=LIGHT["ink"], linewidth=0.8, linestyle="--")
        ax.set(xlim=(0, 1), ylim=(len(names) - 0.5, -0.5), xlabel="right answers", xticks=[0, 0.5, 1])
        ax.set_yticks(range(len(names)), names)
        ax.xaxis.set_major_formatter(PercentFormatter(1))
        ax.set_title(task, fontweight="normal")
    figure_title(axes[0, 0], title)
    return list(axes[0])
