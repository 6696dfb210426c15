"""Pictures of Chapter 12: curves through noisy points, their weights, and how errors shrink."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullLocator

from attnbook.plots._names import name_lines
from attnbook.plots.style import WEIGHTS
from attnbook.theme import LIGHT

__all__ = ["curves", "errors", "weight_map"]

COLOURS = (LIGHT["query"], LIGHT["value"], LIGHT["key"], LIGHT["accent"], LIGHT["muted"])


def curves(
    queries: Float[np.ndarray, "q"],
    outputs: Mapping[str, Float[np.ndarray, "q"]],
    *,
    keys: Float[np.ndarray, "k"],
    values: Float[np.ndarray, "k"],
    truth: Float[np.ndarray, "q"],
    title: str,
) -> Axes:
    """Draw what is read out at each query, with a gap where it is NaN, over the points and the path behind them."""
    ax = plt.subplots(figsize=(4.75, 2.9))[1]
    ax.plot(keys, values, "o", color=LIGHT["muted"], markersize=3.5, alpha=0.7)
    ax.plot(queries, truth, color=LIGHT["ink"], linewidth=1.2, linestyle="--", label="path")
    for (name, output), color in zip(outputs.items(), COLOURS, strict=False):
        ax.plot(queries, output, color=color, label=name)
    ax.set(xlabel="hours", ylabel="height in 100 m", xlim=(min(queries[0], keys.min()), max(queries[-1], keys.max())))
    name_lines(ax, ax.lines[1:])
    ax.set_title(title)
    return ax


def weight_map(weights: Float[np.ndarray, "q k"], *, queries: str, keys: str, title: str) -> Axes:
    """Draw a table of weights that is too large for numbers: a row for each query, a column for each key."""
    ax = plt.subplots(figsize=(4.2, 3.4))[1]
    mesh = ax.pcolormesh(weights, cmap=WEIGHTS, vmin=0, rasterized=True)
    ax.invert_yaxis()  # the first query is on top, as in a printed matrix
    ax.set(xlabel=keys, ylabel=queries, aspect="equal")
    bar = ax.figure.colorbar(mesh, ax=ax, shrink=0.8)
    bar.set_label("weight")
    bar.outline.set_visible(False)
    ax.set_title(title)
    return ax


def errors(
    sizes: Float[np.ndarray, "n"],
    found: Mapping[str, Float[np.ndarray, "n"]],
    *,
    quantity: str,
    title: str,
    ticks: Sequence[float] = (),
    straight: bool = False,
    names_left: bool = False,
) -> Axes:
    """Draw mean squared errors against some size, both on logarithmic scales.

    Args:
        sizes: What was varied.
        found: The errors at each size, by name.
        quantity: What was varied, in words.
        title: The point the picture makes.
        ticks: The sizes that are named on the axis.
        straight: Whether the axis of the sizes is straight instead of logarithmic.
        names_left: Whether the names are beside the left ends of the lines instead of the right ones.
    """
    ax = plt.subplots(figsize=(4.75, 2.9))[1]
    for (name, some), color in zip(found.items(), COLOURS, strict=False):
        ax.plot(sizes, some, color=color, label=name, marker="o" if len(sizes) < 12 else "", markersize=4)
    ax.set(xlabel=quantity, ylabel="mean squared error", yscale="log", xscale="linear" if straight else "log")
    everything = np.concatenate(list(found.values()))
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if everything.max() < 100 * everything.min() else (1,)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_locator(NullLocator())
    if len(ticks):
        ax.set_xticks(ticks, [f"{tick:,g}" for tick in ticks])
        ax.xaxis.set_minor_locator(NullLocator())
    if names_left:  # room for them
        ax.set_xlim(sizes[0] * (sizes[0] / sizes[-1]) ** 0.4)
    name_lines(ax, ax.lines, left=names_left)
    ax.set_title(title)
    return ax
