"""Names beside lines, instead of in a legend far away."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

__all__ = ["name_lines"]

HEIGHT = 0.075  # of a name, as a share of the axis


def name_lines(ax: Axes, lines: Sequence[Line2D], *, left: bool = False) -> None:
    """Write the name of each line beside one end of it; names that would touch move apart."""
    ax.get_ylim()  # so that the axes know how far they go
    places = [ax.transAxes.inverted().transform(ax.transData.transform(line.get_xydata())) for line in lines]
    ends = np.array([some[np.isfinite(some).all(axis=1)][0 if left else -1] for some in places])
    order = np.argsort(ends[:, 1])
    for _ in range(100):
        touch = np.maximum(0, HEIGHT - np.diff(ends[order, 1])) / 2
        ends[order[:-1], 1] -= touch
        ends[order[1:], 1] += touch
    for line, end in zip(lines, ends, strict=True):
        side, gap = ("right", -5) if left else ("left", 5)
        place: dict[str, Any] = {"color": line.get_color(), "ha": side, "va": "center"}
        ax.annotate(str(line.get_label()), end, (gap, 0), "axes fraction", "offset points", **place)
