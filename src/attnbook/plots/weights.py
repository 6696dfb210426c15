"""The weights of a few keys, as bars."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from attnbook.plots.style import figure_title
from attnbook.theme import LIGHT

__all__ = ["weights"]


def weights(weights_by_rule: Mapping[str, Float[np.ndarray, "1 k"]], *, names: Sequence[str], title: str) -> list[Axes]:
    """Draw the weights of the same keys under several rules side by side; the favourite is filled."""
    _, axes = plt.subplots(1, len(weights_by_rule), figsize=(4.75, 2.1), sharey=True, squeeze=False)
    for ax, (rule, row) in zip(axes[0], weights_by_rule.items(), strict=True):
        row = np.asarray(row)[0]  # (k,)
        best = int(row.argmax())
        bars = ax.bar(names, row, width=0.7, color=LIGHT["paper"], edgecolor=LIGHT["key"], linewidth=1.2)
        bars[best].set_facecolor(LIGHT["key"])
        ax.annotate(
            f"{row[best]:.2f}",
            (best, row[best]),
            (0, 3),
            textcoords="offset points",
            ha="center",
            fontweight="bold",
        )
        ax.set_title(rule, fontweight="normal")
        ax.tick_params(axis="x", length=0)
        ax.margins(x=0.08)
    axes[0, 0].set_ylabel("weight")
    axes[0, 0].margins(y=0.15)
    figure_title(axes[0, 0], title)
    return list(axes[0])
