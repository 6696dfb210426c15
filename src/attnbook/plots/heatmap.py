"""A table of weights or scores as coloured squares."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes

from attnbook.plots.style import SCORES, WEIGHTS
from attnbook.theme import LIGHT

__all__ = ["heatmap"]


def heatmap(
    table: Float[np.ndarray, "q k"],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    signed: bool = False,
    written_from: float = 0.0,
    column_width: float = 0.66,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw one square for each query (row) and key (column), with its number written in it.

    Args:
        table: Weights, from 0 up; or scores, of either sign.
        rows: A name for each query.
        columns: A name for each key.
        signed: Colour around zero, as scores need it, and not from zero up.
        written_from: The least size of a number that is written in its square.
        column_width: Of a square, in inches.
        title: The point the picture makes.
        ax: Where to draw; a new figure if not given.
    """
    table = np.asarray(table)
    if table.shape != (len(rows), len(columns)):
        raise ValueError(f"table has shape {table.shape}, but {len(rows)} rows and {len(columns)} columns are named")
    if ax is None:
        ax = plt.subplots(figsize=(1.6 + column_width * len(columns), 0.7 + 0.34 * len(rows)))[1]
    top = float(np.abs(table).max()) or 1.0
    low = -top if signed else 0.0
    ax.pcolormesh(table, cmap=SCORES if signed else WEIGHTS, vmin=low, vmax=top, edgecolors=LIGHT["paper"], linewidth=1)
    for (i, j), number in np.ndenumerate(table):
        if abs(number) < written_from:
            continue
        strong = (number - low) / (top - low) > 0.6 if not signed else abs(number) > 0.6 * top
        color = LIGHT["paper"] if strong else LIGHT["ink"]
        ax.text(j + 0.5, i + 0.5, f"{number:.2f}", ha="center", va="center", color=color, fontsize=8.5)
    ax.set_xticks(np.arange(len(columns)) + 0.5, columns)
    ax.set_yticks(np.arange(len(rows)) + 0.5, rows)
    ax.invert_yaxis()  # the first query stands on top, as in a printed matrix
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_title(title)
    return ax
