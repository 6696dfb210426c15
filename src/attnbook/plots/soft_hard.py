"""Pictures of Chapter 4: estimators by bias and spread, accuracies by seed, where glimpses and words look."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from jaxtyping import Float, Int
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from attnbook.plots.picture import OUTLINED, picture
from attnbook.plots.style import figure_title
from attnbook.theme import LIGHT

__all__ = ["accuracies", "estimators", "glimpses", "words"]

COLOURS = (LIGHT["query"], LIGHT["key"], LIGHT["value"], LIGHT["muted"])


def estimators(found: Mapping[str, Mapping[str, tuple[float, float]]], *, unseen: float, title: str) -> Axes:
    """Place estimators by their bias (across) and the spread of single estimates (up); a line joins those of a family.

    What is within ``unseen`` of no bias lies in the grey strip: so many draws cannot tell it from none.
    """
    ax = plt.subplots(figsize=(4.75, 3.8))[1]
    ax.axvspan(0, unseen, color=LIGHT["grid"], linewidth=0)
    for (family, members), color in zip(found.items(), COLOURS, strict=False):
        points = np.array(list(members.values()))  # (n, 2)
        gumbel = family.startswith("Gumbel")
        ax.plot(*points.T, "o-" if gumbel else "o", color=color, linewidth=1, markersize=5)
        for name, (bias, spread) in members.items():
            left = gumbel and bias > 0.15  # where its line falls, the other families lie above it
            offset, side = ((-7, -9), "right") if left else ((7, 0), "left")
            ax.annotate(
                name, (bias, spread), offset, textcoords="offset points", color=color, ha=side, va="center_baseline"
            )
    ax.set(xlabel="bias", ylabel="spread of one estimate", yscale="log", xlim=(0, 1.05))
    ax.margins(y=0.12)
    ax.set_title(title)
    return ax


def accuracies(found: Mapping[str, Sequence[float]], *, chance: float, title: str) -> Axes:
    """Draw a row for each way, a dot for each seed, and the mean as a number."""
    ax = plt.subplots(figsize=(4.8, 0.9 + 0.36 * len(found)))[1]
    for row, seeds in enumerate(found.values()):
        ax.plot(seeds, [row] * len(seeds), "o", color=LIGHT["query"], markersize=5, alpha=0.7)
        ax.annotate(f"{np.mean(seeds):.0%}", (max(seeds), row), (8, 0), textcoords="offset points", va="center")
    ax.axvline(chance, color=LIGHT["ink"], linewidth=0.8, linestyle="--")
    ax.set_yticks(range(len(found)), list(found))
    ax.set(xlim=(0, 1.08), xlabel="right answers (dashed: guessing)")
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.margins(y=0.15)
    ax.invert_yaxis()
    ax.set_title(title)
    return ax


def glimpses(
    images: Float[np.ndarray, "n y x"],
    patches: Int[np.ndarray, "n t"],
    *,
    across: int,
    labels: Sequence[str],
    title: str,
) -> list[Axes]:
    """Draw pictures with the patches that were read framed and numbered in order."""
    rows = -(-len(images) // 3)
    _, axes = plt.subplots(rows, 3, figsize=(4.2, 0.4 + 1.6 * rows), squeeze=False)
    for ax in axes.flat[len(images) :]:
        ax.set_axis_off()
    size = images.shape[-1] / across
    for ax, image, order, label in zip(axes.flat, images, patches, labels, strict=False):
        ax.imshow(image, cmap="gray_r", vmin=0, vmax=1.4, interpolation="none")
        for step, patch in enumerate(order, start=1):
            corner = np.array([patch % across, patch // across]) * size - 0.5
            ax.add_patch(
                Rectangle(tuple(corner), size, size, facecolor="none", edgecolor=LIGHT["query"], linewidth=1.4)
            )
            ax.text(
                corner[0] + 0.7, corner[1] + 1.5, str(step), color=LIGHT["query"], fontsize=8, path_effects=OUTLINED
            )
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color=LIGHT["grid"])
        ax.set_title(label, fontweight="normal", loc="center")
    figure_title(axes[0, 0], title)
    return list(axes.flat[: len(images)])


def words(
    image: Float[np.ndarray, "y x 3"], weights: Float[np.ndarray, "t k"], *, words: Sequence[str], title: str
) -> list[Axes]:
    """Draw the picture, and once more for each word, faded where the word does not look."""
    side = round(weights.shape[-1] ** 0.5)
    block = np.ones((image.shape[0] // side, image.shape[1] // side))
    columns = (len(words) + 2) // 2
    figure, axes = plt.subplots(2, columns, figsize=(4.75, 3.0))
    axes[1, 0].set_axis_off()
    picture(image, ax=axes[0, 0])
    places = [
        axes[i % 2, 1 + i // 2] for i in range(len(words))
    ]  # a thing to a column, its two words one below the other
    for ax, word, row in zip(places, words, weights, strict=True):
        picture(image, heat=np.kron(row.reshape(side, side), block), ax=ax)
        ax.set_title(word, fontweight="normal", loc="center")
    figure_title(axes[0, 0], title)
    return list(figure.axes)
