"""Names beside lines, instead of in a legend far away."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

__all__ = ["name_lines"]

HEIGHT = 0.075  # of a name, as a share of the axis


def name_lines(ax: Axes, lines: Sequence[Line2D], *, left: bool = False) -> None:
    """Write the name of each line beside one end of it; names that would touch move apart."""
    ax.get_ylim()  # so that the axes know how far they go
    ends = np.array([_drawn(ax, line)[0 if left else -1] for line in lines])
    order = np.argsort(ends[:, 1])
    for _ in range(100):
        touch = np.maximum(0, HEIGHT - np.diff(ends[order, 1])) / 2
        ends[order[:-1], 1] -= touch
        ends[order[1:], 1] += touch
    for line, end in zip(lines, ends, strict=True):
        ax.annotate(
            str(line.get_label()),
            end,
            (-5 if left else 5, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            color=line.get_color(),
            ha="right" if left else "left",
            va="center",
        )


def _drawn(ax: Axes, line: Line2D) -> Float[np.ndarray, "n 2"]:
    """Return where the points of a line are, as shares of the axes."""
    places: Float[np.ndarray, "n 2"] = ax.transAxes.inverted().transform(ax.transData.transform(line.get_xydata()))
    return np.asarray(places[np.isfinite(places).all(axis=1)])
