"""How every figure of the book looks: one font, thin axes, the theme's colours, no frame."""

import sys
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from attnbook.theme import DIVERGING, LIGHT, SEQUENTIAL

__all__ = ["SCORES", "WEIGHTS", "figure_title", "label_line", "use_style"]

# The same two maps in the whole book: weights run from the paper's white, scores around it.
WEIGHTS = LinearSegmentedColormap.from_list("attnbook_weights", SEQUENTIAL)
SCORES = LinearSegmentedColormap.from_list("attnbook_scores", DIVERGING, N=257)  # odd: zero has a colour of its own

_STYLE: dict[Any, Any] = {
    "axes.edgecolor": LIGHT["muted"],
    "axes.grid": False,
    "axes.labelcolor": LIGHT["ink"],
    "axes.linewidth": 0.8,
    "axes.prop_cycle": cycler(color=[LIGHT["accent"], LIGHT["query"], LIGHT["key"], LIGHT["value"]]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "figure.constrained_layout.use": True,
    "figure.facecolor": LIGHT["paper"],
    "figure.figsize": (4.8, 3.0),  # as wide as can be read on a phone
    "font.size": 9.5,
    "lines.linewidth": 1.8,
    "text.color": LIGHT["ink"],
    "xtick.color": LIGHT["muted"],
    "xtick.labelcolor": LIGHT["ink"],
    "ytick.color": LIGHT["muted"],
    "ytick.labelcolor": LIGHT["ink"],
    # The same figure gives the same bytes in every build.
    "svg.hashsalt": "attnbook",
}


def use_style() -> None:
    """Give the figures of this notebook the book's look, as sharp SVG pictures."""
    mpl.rcParams.update(_STYLE)
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg", metadata={"Date": None})  # type: ignore[no-untyped-call]


def figure_title(ax: Axes, title: str) -> None:
    """Write the point that a figure of several panels makes above them all."""
    ax.figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")


def label_line(ax: Axes, x: float, y: float, text: str, color: str, *, above: bool = True) -> None:
    """Write a line's name beside its right end, in the line's colour, instead of in a legend far away."""
    ax.annotate(
        text,
        (x, y),
        xytext=(0, 4 if above else -4),
        textcoords="offset points",
        ha="right",
        va="bottom" if above else "top",
        color=color,
    )
