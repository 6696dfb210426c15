"""How often each size occurs, for a few cases one above the other."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from attnbook.plots.style import figure_title
from attnbook.theme import LIGHT

__all__ = ["spread"]


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
