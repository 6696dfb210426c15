"""Pictures of Chapter 1: a picture beside its maps, the path of the eye, and how far back a memory reaches."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float, Int
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from attnbook.plots.picture import OUTLINED, mark_peak, picture
from attnbook.plots.style import figure_title
from attnbook.theme import LIGHT

__all__ = ["beside", "fixation_path", "looks_needed", "recall"]


def beside(
    image: Float[np.ndarray, "y x 3"],
    maps: Mapping[str, Float[np.ndarray, "u v"]],
    *,
    title: str,
    name: str = "the picture",
    peaks: bool = True,
    shared: bool = False,
    columns: int = 4,
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
    width = 7.2 / max(columns, 3)
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
    width = 7.2 / max(panels, 2)
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
                fontsize=8.5,
                fontweight="bold",
                bbox={"boxstyle": "circle,pad=0.25", "facecolor": LIGHT["paper"], "edgecolor": LIGHT["ink"]},
            )
    figure_title(axes[0], title)
    return axes


def looks_needed(counts: Sequence[int], looks: Mapping[str, Float[np.ndarray, "scenes counts"]], *, title: str) -> Axes:
    """Draw how many looks it takes to find something among so many things: mean and, as a band, standard deviation.

    Lines that end at the same height share one label.
    """
    ax = plt.subplots(figsize=(7.2, 3.0))[1]
    palette = cycle((LIGHT["key"], LIGHT["query"], LIGHT["value"], LIGHT["accent"]))
    names: dict[float, list[tuple[str, str]]] = {}
    for (name, scenes), color in zip(looks.items(), palette, strict=False):
        mean, spread = np.mean(scenes, axis=0), np.std(scenes, axis=0, ddof=1)
        hidden = float(mean[-1]) in names  # drawn so that the line beneath it shows
        ax.plot(counts, mean, "--" if hidden else "-", color=color, marker="o", markersize=4)
        ax.fill_between(counts, mean - spread, mean + spread, color=color, alpha=0.15, linewidth=0)
        names.setdefault(float(mean[-1]), []).append((name, color))
    for end, group in names.items():
        for i, (name, color) in enumerate(group):
            down = 12 * (i - (len(group) - 1) / 2)
            ax.annotate(
                name,
                (counts[-1], end),
                (10, -down),
                textcoords="offset points",
                va="center",
                color=color,
                annotation_clip=False,
            )
    ax.set_xticks(counts)
    ax.set_ylim(bottom=0)
    ax.set_xlabel("things in the picture")
    ax.set_ylabel("looks until it is found")
    ax.set_title(title)
    return ax


def recall(distances: Sequence[int], curves: Mapping[str, Sequence[float]], *, title: str) -> Axes:
    """Draw how much of an item is read back against how many steps ago it came, on a logarithmic scale.

    What shrinks by the same factor with each step is a straight line there.
    """
    ax = plt.subplots(figsize=(7.2, 3.0))[1]
    palette = (LIGHT["key"], LIGHT["query"], LIGHT["value"], LIGHT["accent"])
    for (name, line), color in zip(curves.items(), cycle(palette), strict=False):
        ax.plot(distances, line, "o-", color=color, markersize=4)
        at = (distances[-1], line[-1])
        ax.annotate(name, at, (8, 0), textcoords="offset points", va="center", color=color, annotation_clip=False)
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter(lambda share, _: f"{100 * share:g} %")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel("steps since the item came")
    ax.set_ylabel("share of it that is read back")
    ax.set_title(title)
    return ax
