"""Pictures of Chapter 1: a picture beside its maps, the path of the eye, and what was counted as lines or bars."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float, Int
from matplotlib.axes import Axes

from attnbook.plots.picture import OUTLINED, mark_peak, picture
from attnbook.plots.style import figure_title, label_line
from attnbook.theme import LIGHT

__all__ = ["bars", "beside", "fixation_path", "lines"]
COLORS = (LIGHT["key"], LIGHT["query"], LIGHT["value"], LIGHT["accent"])


def beside(
    image: Float[np.ndarray, "y x 3"],
    maps: Mapping[str, Float[np.ndarray, "u v"]],
    *,
    title: str,
    name: str = "the picture",
    peaks: bool = True,
    shared: bool = False,
    columns: int = 3,
) -> list[Axes]:
    """Draw a picture and, beside it, maps of it under their names, each with a ring around its highest place.

    Args:
        image: The picture.
        maps: The maps by name, with numbers from 0 up; what is below 0 is drawn as 0.
        title: The point that all of it makes.
        name: What is written over the picture.
        peaks: Whether the highest places get their rings.
        shared: Whether the darkest blue is the highest number of all maps, and not of each for itself.
        columns: Panels in a row.
    """
    columns = min(columns, 1 + len(maps))
    rows = -(-(1 + len(maps)) // columns)
    aspect = image.shape[0] / image.shape[1]
    width = 4.8 / max(columns, 2)
    _, grid = plt.subplots(
        rows, columns, figsize=(width * columns, (width * aspect + 0.3) * rows + 0.35), squeeze=False
    )
    axes = list(grid.ravel())
    picture(image, ax=axes[0])
    axes[0].set_title(name, fontweight="normal")
    highest = max(float(np.max(heat)) for heat in maps.values()) if shared else None
    for ax, (of, heat) in zip(axes[1:], maps.items(), strict=False):
        picture(heat=heat, highest=highest, ax=ax)
        ax.set_title(of, fontweight="normal")
        if peaks:
            mark_peak(ax, heat)
    for ax in axes[1 + len(maps) :]:
        ax.set_visible(False)
    figure_title(axes[0], title)
    return axes[: 1 + len(maps)]


def fixation_path(
    image: Float[np.ndarray, "y x 3"],
    paths: Mapping[str, Int[np.ndarray, "n 2"]],
    *,
    title: str,
    heats: Mapping[str, Float[np.ndarray, "y x"]] | None = None,
) -> list[Axes]:
    """Draw where the eye goes: numbered circles on the picture, one panel for each path.

    Args:
        image: The picture.
        paths: By name, the places (y, x) in the order in which they are looked at.
        title: The point that all of it makes.
        heats: By the same names, maps that fade the picture where they are low.
    """
    panels = len(paths)
    aspect = image.shape[0] / image.shape[1]
    width = 4.8 / max(panels, 2)
    _, grid = plt.subplots(1, panels, figsize=(width * panels, width * aspect + 0.65), squeeze=False)
    axes = list(grid[0])
    for ax, (name, path) in zip(axes, paths.items(), strict=True):
        picture(image, heat=None if heats is None else heats[name], ax=ax)
        ax.set_title(name, fontweight="normal")
        y, x = np.asarray(path).reshape(-1, 2).T
        (line,) = ax.plot(x, y, "-", color=LIGHT["ink"], linewidth=1.4)
        line.set_path_effects(OUTLINED)
        for i, (row, column) in enumerate(zip(y, x, strict=True)):
            ax.text(
                column,
                row,
                str(i + 1),
                ha="center",
                va="center",
                fontsize=7,
                fontweight="bold",
                bbox={"boxstyle": "circle,pad=0.25", "facecolor": LIGHT["paper"], "edgecolor": LIGHT["ink"]},
            )
    figure_title(axes[0], title)
    return axes


def lines(
    x: Sequence[float],
    curves: Mapping[str, Sequence[float] | Float[np.ndarray, "runs x"]],
    *,
    title: str,
    x_label: str,
    y_label: str,
    guessing: float | None = None,
) -> Axes:
    """Draw lines with their names above their right ends; several runs become their mean in a band of one deviation.

    Args:
        x: Where the points of each line are.
        curves: By name, a number for each x, or a row of them for each run. Of two lines with the same end the second
            is dashed, so that the one beneath it shows, and has its name below, as has a line that falls to its end.
        title: The point that it makes.
        x_label: What is to the right.
        y_label: What is up.
        guessing: What an answer without looking would get, as a thin dashed line.
    """
    ax = plt.subplots(figsize=(4.8, 2.7))[1]
    ends: set[float] = set()
    for (name, runs), color in zip(curves.items(), cycle(COLORS), strict=False):
        runs = np.atleast_2d(np.asarray(runs, dtype=float))
        mean = runs.mean(axis=0)
        hidden = float(mean[-1]) in ends
        ax.plot(x, mean, "--" if hidden else "-", color=color, marker="o", markersize=4)
        if len(runs) > 1:
            spread = runs.std(axis=0, ddof=1)
            ax.fill_between(x, mean - spread, mean + spread, color=color, alpha=0.15, linewidth=0)
        above = not hidden and (guessing is not None or mean[-1] >= mean[-2:][0])  # else it would cross its name
        label_line(ax, x[-1], mean[-1], name, color, above=above)
        ends.add(float(mean[-1]))
    if guessing is not None:
        ax.axhline(guessing, color=LIGHT["muted"], linewidth=0.8, linestyle="--")
        label_line(ax, x[-1], guessing, "guessing", LIGHT["muted"], above=False)
    ax.set_ylim(0, 1.1 * ax.get_ylim()[1])  # room for a name above the highest line
    ax.set(xlabel=x_label, ylabel=y_label, title=title)
    return ax


def bars(panels: Mapping[str, Mapping[str, float]], *, title: str, guessing: float | None = None) -> list[Axes]:
    """Draw one row of bars for each name, with the number at its end, in a panel for each quantity.

    Args:
        panels: By quantity, a number for each row; the rows are the same in all panels.
        title: The point that it makes.
        guessing: What an answer without looking would get, as a thin dashed line.
    """
    names = list(next(iter(panels.values())))
    _, grid = plt.subplots(1, len(panels), figsize=(4.8, 0.85 + 0.27 * len(names)), sharey=True, squeeze=False)
    axes = list(grid[0])
    for ax, (quantity, row) in zip(axes, panels.items(), strict=True):
        ax.barh(names, list(row.values()), color=LIGHT["key"], height=0.62)
        for i, number in enumerate(row.values()):
            ax.annotate(f"{number:.3g}", (number, i), (4, 0), textcoords="offset points", va="center")
        if guessing is not None:
            ax.axvline(guessing, color=LIGHT["muted"], linewidth=0.8, linestyle="--")
        ax.set(xticks=[], xlim=(0, 1.25 * max(row.values())))
        ax.tick_params(axis="y", length=0)
        ax.spines[["bottom", "left"]].set_visible(False)
        ax.set_title(quantity, fontweight="normal")
    axes[0].invert_yaxis()
    figure_title(axes[0], title)
    return axes
