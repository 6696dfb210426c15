"""What the width of queries and keys does to softmax: ten random keys, without and with √d."""

from typing import ClassVar, NamedTuple

import numpy as np
from jaxtyping import Float64

from attnbook import core
from attnbook.data.draws import gaussian
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Ranged, Task
from attnbook.widgets.svg import decimal, percent

__all__ = ["MOST_WIDTH", "Saturated", "Saturation", "WidthExplorer"]

MOST_WIDTH = 512
RANDOM_KEYS = 10


class Saturated(NamedTuple):
    """What softmax makes of one query and ten random keys."""

    scores: Float64[np.ndarray, "k"]
    weights: Float64[np.ndarray, "k"]
    largest: float
    """The largest weight."""
    entropy: float
    """The entropy of the weights in bits."""
    gradient: float
    """‖diag(w) − w wᵀ‖: how much the weights still move when the scores do."""


class Saturation(NamedTuple):
    """The same query and keys, scored without and with √d."""

    plain: Saturated
    scaled: Saturated


class WidthExplorer(Explorer):
    """What the width of queries and keys does to softmax, without and with √d.

    >>> explorer = WidthExplorer(width=512)
    >>> saturation = explorer.saturation()
    >>> round(saturation.plain.largest, 2), round(saturation.scaled.largest, 2)
    (1.0, 0.43)
    """

    _module: ClassVar[str] = "scoring_width"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "ten random keys share out a random query’s attention. Guess from which width on one key takes more than "
            "90 % of it, then move the width there.",
            "At width {width} one key has {plain} without √d, and {scaled} with it.",
        ),
        Task(
            "go to width 512, and ask for a new draw a few times. Is it always the same key that wins?",
            "The winner changes with the draw. This one has {plain} without √d, and {scaled} with it.",
        ),
    )

    width = Ranged(
        1, MOST_WIDTH, 1, step=1, log=2, whole=True, label="Width d", help="How many dimensions query and keys have."
    )
    seed = Ranged(0, 2**32 - 1, 0, whole=True, label="Draw", help="Of these random vectors.")

    def saturation(self) -> Saturation:
        """Return what ten random keys of ``width`` numbers get from a random query, without and with √d.

        All numbers are drawn from N(0, 1), ``seed`` says which; a larger width adds numbers and keeps the others.
        """
        draws = gaussian(self.seed, (MOST_WIDTH, 1 + RANDOM_KEYS))[: self.width]  # (d, 1 + k)
        query, keys = draws[:, :1].T, draws[:, 1:].T  # (1, d), (k, d)
        return Saturation(_saturated(core.dot(query, keys)), _saturated(core.scaled_dot(query, keys)))

    def rows(self) -> list[list[str]]:
        """Return the weight of each key, without and with √d."""
        plain, scaled = (row.weights.tolist() for row in self.saturation())
        return [[str(i + 1), percent(a), percent(b)] for i, (a, b) in enumerate(zip(plain, scaled, strict=True))]

    def static_svg(self) -> str:
        """Return both rows of weights as they are now, as an SVG picture."""
        parts = []
        for i, (name, row) in enumerate(zip(("without √d", "with √d"), self.saturation(), strict=True)):
            bars = "".join(svg.column(24 * k, 150, weight, height=110) for k, weight in enumerate(row.weights.tolist()))
            told = (
                f"largest {percent(row.largest)}, entropy {decimal(row.entropy)} bits, "
                f"gradient {decimal(row.gradient, 3)}"
            )
            words = f"{svg.text(0, 20, name, bold=True)}{bars}{svg.note(0, 172, told)}"
            parts.append(f'<g transform="translate({16 + 330 * i} 16)">{words}</g>')
        return svg.picture(680, 204, title=f"Softmax at width {self.width}", alt=self.alt, parts=parts)

    @property
    def alt(self) -> str:
        """Both rows of weights as they are now, in words."""
        plain, scaled = self.saturation()
        return (
            f"Ten random keys of width {self.width} share out a random query's attention. Without √d the largest "
            f"weight is {percent(plain.largest)}, with √d {percent(scaled.largest)}; the entropy is "
            f"{decimal(plain.entropy)} and {decimal(scaled.entropy)} bits, the gradient {decimal(plain.gradient, 3)} "
            f"and {decimal(scaled.gradient, 3)}."
        )


def _saturated(scores: Float64[np.ndarray, "1 k"]) -> Saturated:
    weights = core.softmax(scores)[0]  # (k,)
    jacobian = np.diag(weights) - np.outer(weights, weights)  # (k, k)
    return Saturated(
        scores=scores[0],
        weights=weights,
        largest=float(weights.max()),
        entropy=float(core.entropy(weights)),
        gradient=float(np.linalg.norm(jacobian)),
    )
