"""Pictures of the map of attention: the same keys under several choices, which choices meet, and what came when."""

from collections import Counter
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from attnbook.plots.style import figure_title
from attnbook.theme import LIGHT

__all__ = ["meetings", "rows_of_bars", "timeline"]


def rows_of_bars(rows: Mapping[str, Float[np.ndarray, "k"]], keys: Sequence[str], *, title: str) -> Axes:
    """Draw the weights of the same keys under several choices, one small row of bars each, all at one scale."""
    panels = plt.subplots(len(rows), 1, figsize=(4.8, 0.72 * len(rows) + 0.5), sharex=True, sharey=True)[1]
    panels = list(np.atleast_1d(panels))
    first: Axes = panels[0]
    for ax, (label, weights) in zip(panels, rows.items(), strict=True):
        ax.bar(range(len(keys)), weights, color=LIGHT["accent"], width=0.6)
        for place, weight in enumerate(weights):
            ax.annotate(f"{weight:.2f}", (place, weight), (0, 2), textcoords="offset points", ha="center", fontsize=7.5)
        ax.set_title(label, loc="left", fontsize=8.5)
        ax.set(yticks=[], ylim=(0, 1.25))
        ax.spines["left"].set_visible(False)
    panels[-1].set_xticks(range(len(keys)), list(keys))
    figure_title(first, title)
    return first


def meetings(pairs: Sequence[tuple[str, str]], *, title: str) -> Axes:
    """Draw how often each first choice meets each second one; both in the order of how common they are."""
    firsts, seconds = (_by_number([pair[side] for pair in pairs]) for side in (0, 1))
    met = Counter(pairs)
    ax = plt.subplots(figsize=(4.8, 0.27 * len(firsts) + 1.2))[1]
    for (first, second), count in met.items():
        x, y = seconds.index(second), firsts.index(first)
        ax.plot([x], [y], marker="o", markersize=8 + 2.2 * count**0.7, color=LIGHT["accent"], alpha=0.85)
        ax.annotate(str(count), (x, y), ha="center", va="center", color=LIGHT["paper"], fontsize=7.5)
    ax.set_xticks(range(len(seconds)), seconds, rotation=35, ha="right")
    ax.set_yticks(range(len(firsts)), firsts)
    ax.set(xlim=(-0.6, len(seconds) - 0.4), ylim=(len(firsts) - 0.4, -0.6))
    ax.grid(color=LIGHT["muted"], alpha=0.35, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.tick_params(length=0, labelsize=8)
    figure_title(ax, title)
    return ax


def timeline(events: Sequence[tuple[int, str]], *, now: int, title: str) -> Axes:
    """Draw what came when, one line each, on a scale on which the last years have most of the room."""
    events = sorted(events, key=lambda event: event[0])  # of one year, in the order given
    ax = plt.subplots(figsize=(4.8, 0.17 * len(events) + 0.7))[1]
    places = [-np.log(now - year) for year, _ in events]
    middle = (places[0] + places[-1]) / 2
    for line, ((year, name), x) in enumerate(zip(events, places, strict=True)):
        left = x > middle
        ax.plot([x], [-line], marker="o", markersize=4, color=LIGHT["accent"])
        ax.annotate(
            f"{name}, {year}" if left else f"{year}, {name}",
            (x, -line),
            (-6 if left else 6, 0),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            fontsize=7.5,
        )
    ticks = [year for year in (1960, 1980, 2000, 2010, 2015, 2020, 2024) if year < now]
    ax.set_xticks([-np.log(now - year) for year in ticks], [str(year) for year in ticks])
    ax.set(yticks=[], xlabel="year", ylim=(-len(events) + 0.3, 0.7))
    ax.spines["left"].set_visible(False)
    figure_title(ax, title)
    return ax


def _by_number(names: Sequence[str]) -> list[str]:
    """Each name once, the most common first; of equally common ones, the one that came first."""
    order = list(dict.fromkeys(names))
    return sorted(order, key=lambda name: -list(names).count(name))
