"""Pictures of Chapter 11: who reads which slot, what it costs, and what each normalisation can learn."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from attnbook.plots.heatmap import heatmap
from attnbook.plots.picture import picture
from attnbook.plots.style import figure_title
from attnbook.theme import LIGHT

__all__ = ["costs", "normalised", "right_answers", "who_reads"]


def who_reads(
    pictures: Sequence[Float[np.ndarray, "y x 3"]],
    weights: Sequence[Float[np.ndarray, "k y x"]],
    *,
    slots: Sequence[str],
    title: str,
) -> list[Axes]:
    """Draw each picture with a map beside it for each slot: dark where places read it, from 0 to 1."""
    _, axes = plt.subplots(
        len(pictures), 1 + len(slots), figsize=(4.8, 0.45 + 4.6 / (1 + len(slots)) * len(pictures)), squeeze=False
    )
    for row, (image, maps) in enumerate(zip(pictures, weights, strict=True)):
        picture(image, ax=axes[row, 0])
        for ax, name, heat in zip(axes[row, 1:], slots, maps, strict=True):
            picture(heat=heat, highest=1.0, title="" if row else name, ax=ax)
    figure_title(axes[0, 0], title)
    return list(axes.flat)


def normalised(
    tables: Mapping[str, Float[np.ndarray, "n k"]], *, rows: Sequence[str], columns: Sequence[str], title: str
) -> list[Axes]:
    """Draw the weights of the same scores under several normalisations, one table beside the other."""
    _, axes = plt.subplots(1, len(tables), figsize=(4.8, 0.9 + 0.34 * len(rows)))
    for number, (ax, (name, table)) in enumerate(zip(axes, tables.items(), strict=True)):
        heatmap(table, rows=[""] * len(rows) if number else rows, columns=columns, ax=ax)
        ax.set_title(name, fontweight="normal")
    figure_title(axes[0], title)
    return list(axes)


def costs(
    positions: Float[np.ndarray, "n"], counts: Mapping[str, Float[np.ndarray, "n"]], *, quantity: str, title: str
) -> Axes:
    """Draw what each kind of attention costs against the number of positions, both on logarithmic scales."""
    ax = plt.subplots(figsize=(4.75, 2.9))[1]
    for (name, count), color in zip(counts.items(), (LIGHT["query"], LIGHT["key"], LIGHT["value"]), strict=False):
        ax.plot(positions, count, "o-", color=color, markersize=3.5, linewidth=1.2)
        ax.text(positions[-1], count[-1], f"  {name}", color=color, va="center", fontsize=8.5)
    ax.set(xlabel="places N", ylabel=quantity, xscale="log", yscale="log")
    ax.set_xlim(right=positions[-1] * (positions[-1] / positions[0]) ** 0.45)  # room for the names
    ax.set_xticks(positions[::2], [f"{int(n):,}" for n in positions[::2]])
    ax.minorticks_off()
    ax.set_title(title)
    return ax


def right_answers(ends: Mapping[str, Float[np.ndarray, "seeds"]], *, bound: float, title: str) -> Axes:
    """Draw one dot for each training of each kind, and the bound that some of them cannot pass."""
    ax = plt.subplots(figsize=(4.75, 0.9 + 0.36 * len(ends)))[1]
    for row, right in enumerate(ends.values()):
        ax.plot(right, np.full(len(right), row), "o", color=LIGHT["key"], markersize=6, alpha=0.7, clip_on=False)
    ax.axvline(bound, color=LIGHT["ink"], linewidth=0.8, linestyle="--")
    ax.set_yticks(range(len(ends)), list(ends))
    ax.invert_yaxis()
    ax.set(xlabel="right answers on new pictures (dashed: the bound)", xlim=(0, 1))
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set_title(title)
    return ax
