"""A picture, a map of one, and both at once: the only place where the book draws pixels."""

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patheffects import AbstractPathEffect, withStroke

from attnbook.plots.style import WEIGHTS
from attnbook.theme import LIGHT

__all__ = ["OUTLINED", "mark_peak", "picture"]

OUTLINED: list[AbstractPathEffect] = [withStroke(linewidth=4, foreground=LIGHT["paper"])]
"""What makes a line readable on every picture: a lighter one beneath it."""
SHADES = 48  # of a map: the eye tells no more apart, and the page weighs much less than with 256


def picture(
    image: Float[np.ndarray, "y x 3"] | None = None,
    *,
    heat: Float[np.ndarray, "y x"] | None = None,
    highest: float | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a picture, a map of numbers from 0 up, or a picture that fades where the map is low.

    Args:
        image: The picture. Without it, the map is drawn in the book's colours for weights.
        heat: The map. With a picture, the places with the highest number keep their colours and those with 0
            become as white as the paper.
        highest: The number that counts as the highest; if not given, the highest there is.
        title: The point the picture makes.
        ax: Where to draw; a new figure if not given.
    """
    if image is None and heat is None:
        raise ValueError("there is nothing to draw: give an image, a heat map, or both")
    if image is not None and heat is not None and heat.shape != image.shape[:2]:
        raise ValueError(f"heat has shape {heat.shape} but the image has {image.shape[:2]} places")
    if ax is None:
        ax = plt.subplots(figsize=(3.4, 3.6))[1]
    if heat is not None:
        top = float(heat.max()) if highest is None else highest
        heat = np.clip(heat / (top or 1.0), 0, 1)
        if image is None:
            ax.imshow(heat, cmap=WEIGHTS.resampled(SHADES), vmin=0, vmax=1, interpolation="none")
        else:
            paper = np.array(to_rgb(LIGHT["paper"]))
            image = paper + heat[..., None] * (image - paper)  # (y, x, 3)
    if image is not None:
        drawn = ax.imshow(image, interpolation="none")
        drawn.set_gid(
            f"picture_{ax.figure.axes.index(ax)}"
        )  # by which the book finds what keeps its colours in the dark
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(True)
    ax.spines[:].set_color(LIGHT["grid"])
    ax.set_title(title)
    return ax


def mark_peak(ax: Axes, heat: Float[np.ndarray, "y x"]) -> None:
    """Put a ring around the highest place of a map, unless nothing in it is above 0."""
    heat = np.asarray(heat)
    if heat.max() > 0:
        row, column = np.unravel_index(int(heat.argmax()), heat.shape)
        (ring,) = ax.plot(column, row, "o", ms=12, mfc="none", mec=LIGHT["query"], mew=1.8, clip_on=False)
        ring.set_path_effects(OUTLINED)
