"""Pictures of the page on saving: memory against the length of a text, errors of memories against a floor."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from attnbook.plots.style import figure_title, label_line
from attnbook.theme import LIGHT

__all__ = ["errors_by_load", "memory_by_length"]

_TOP = 2.1  # an empty memory has an error of 1
_COLORS = ("query", "accent", "value", "key", "good")


def memory_by_length(
    tokens: Sequence[int], memories: Mapping[str, Sequence[float]], *, limit: float, told: str, title: str
) -> Axes:
    """Draw bytes against tokens on two logarithmic scales, a line for each way to keep them, and what there is."""
    ax = plt.subplots(figsize=(4.8, 3.4))[1]
    for name, (label, values) in zip(_COLORS, memories.items(), strict=False):
        ax.plot(tokens, values, color=LIGHT[name])
        ax.annotate(
            label,
            (tokens[-1], values[-1]),
            (4, 0),
            textcoords="offset points",
            color=LIGHT[name],
            va="center",
            fontsize=8.5,
            annotation_clip=False,
        )
    ax.axhline(limit, color=LIGHT["bad"], linewidth=1.2, linestyle="--")
    ax.annotate(
        told,
        (tokens[0], limit),
        (2, 3),
        textcoords="offset points",
        color=LIGHT["bad"],
        fontsize=8.5,
    )
    ax.set(xscale="log", yscale="log", xlim=(tokens[0], tokens[-1]), xlabel="tokens of the chat", ylabel="bytes kept")
    ax.minorticks_off()
    figure_title(ax, title)
    return ax


def errors_by_load(
    pairs: Sequence[int], errors: Mapping[str, Float[np.ndarray, "seeds n"]], *, floor: Sequence[float], title: str
) -> Axes:
    """Draw the mean error of each memory against the number of pairs in it, with a band for all seeds, and a floor."""
    ax = plt.subplots(figsize=(4.8, 3.0))[1]
    for name, (label, runs) in zip(("query", "accent", "key"), errors.items(), strict=False):
        mean = runs.mean(axis=0)
        ax.fill_between(pairs, runs.min(axis=0), runs.max(axis=0), color=LIGHT[name], alpha=0.18, linewidth=0)
        ax.plot(pairs, mean, color=LIGHT[name], marker="o", markersize=3)
        last = int(np.flatnonzero(mean < _TOP)[-1])  # where the line leaves the picture, or ends
        label_line(ax, pairs[last], float(mean[last]), f"{label}  " if mean[-1] > _TOP else label, LIGHT[name])
    ax.plot(pairs, floor, color=LIGHT["bad"], linewidth=1.2, linestyle="--")
    label_line(ax, pairs[-1], 0.6 * floor[-1], "floor of any matrix", LIGHT["bad"], above=False)
    ax.set(xscale="log", ylim=(-0.05, _TOP), xlabel="pairs in the memory", ylabel="error, as part of the variance")
    ax.set_xticks(pairs, [str(n) for n in pairs])
    ax.minorticks_off()
    figure_title(ax, title)
    return ax
