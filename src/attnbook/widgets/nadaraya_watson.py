"""The kernel bench: points in a plane, and through them the curve of averages weighted by a kernel."""

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import traitlets

from attnbook.core.kernels import KERNELS
from attnbook.core.nadaraya_watson import leave_one_out, leave_one_out_error, nadaraya_watson
from attnbook.data.sine import sine
from attnbook.theme import LIGHT
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Numbers, OneOf, Ranged, Task, computed
from attnbook.widgets.svg import decimal, percent

__all__ = ["MOST_POINTS", "NadarayaWatsonExplorer"]

MOST_POINTS = 50
FARTHEST = 10_000.0
COUNT, SEED = 20, 3  # as few points as can be told apart with a finger


class NadarayaWatsonExplorer(Explorer):
    """Drag points, a query and the bandwidth of a kernel, and see what becomes of the average and of its weights.

    Every trait below can be set in the constructor or at any time; ``points`` takes any array of two columns.

    >>> explorer = NadarayaWatsonExplorer(points=[[0, 0], [1, 10], [3, 50]], query=0.5, kernel="boxcar")
    >>> explorer.weights, explorer.answer
    (array([0.5, 0.5, 0. ]), 5.0)
    """

    _module: ClassVar[str] = "nadaraya_watson"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "these points are all that is known. How high is the path at q? Drag the ? to where you would put it, then "
            "press “Show the curve”.",
            "{guess}; the curve says {answer}, an average of {read} values, in which {few} of the points have "
            "{share} of the weight. {path}The bandwidth says what counts as near.",
        ),
        Task(
            "one end of the bandwidth takes the curve through every point, the other makes it their plain average. "
            "Which is which? Go to both, and watch the leave-one-out error on the way.",
            "At {narrow} the curve knows the points by heart, at {wide} it hardly looks where the query is. "
            "Leave-one-out errors: {narrow_error} and {wide_error}. Least on the slider: {best_error}, at {best}.",
        ),
        Task(
            "choose a bandwidth. If one point goes far up, which part of the curve goes with it, and how far? Decide, "
            "then lift a point.",
            "The point went up by {by}, the curve by {most} at most, at x = {where}. From x = {start} to {end} it "
            "moved by at least a tenth of that. Try another bandwidth.",
        ),
    )

    points = Numbers(
        np.hstack(sine(COUNT, seed=SEED)).round(2),
        shape=((2, MOST_POINTS), 2),
        most=FARTHEST,
        meaning=f"2 to {MOST_POINTS} rows of two numbers, x and y",
        label="Data of your own",
    )
    query = Ranged(-FARTHEST, FARTHEST, 2, help="Where an answer is wanted.")
    kernel = OneOf({name: kernel.label for name, kernel in KERNELS.items()}, "gaussian", label="Kernel")
    bandwidth = Ranged(1e-3, 1e4, 1, slider=(0.005, 50), step=0.01, log=10, label="Bandwidth", help="Its reach.")

    weights = computed("The weight of each point at the query.")
    curve = computed("The average at each point’s x.")
    left_out = computed("For each point the average of all others; 0 if none of them is within reach.")
    errors = computed("The mean squared errors of these two.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """What the front end needs to know; of the points in ``walk`` it knows the path that they were drawn around."""
        return {**super().facts(), "walk": cls.points.default_value}

    @traitlets.observe("points", "query", "kernel", "bandwidth")
    def _compute(self, change: object = None) -> None:
        x, y = self._columns()
        _, weights = self._average([[self.query]])
        curve, others = self._average(x)[0], leave_one_out(x, y, **self._options())[0]
        errors = np.array([np.mean((curve - y) ** 2), leave_one_out_error(x, y, **self._options())])
        self._tell({"weights": weights[0], "curve": curve[:, 0], "left_out": others[:, 0], "errors": errors})

    def _columns(self) -> list[np.ndarray]:
        return np.hsplit(np.array(self.points), 2)  # (k, 1), (k, 1)

    def _options(self) -> dict[str, Any]:
        return {"kernel": self.kernel, "bandwidth": self.bandwidth}

    def _average(self, query: Any) -> tuple[np.ndarray, np.ndarray]:
        return nadaraya_watson(np.asarray(query), *self._columns(), **self._options())

    @property
    def answer(self) -> float:
        """The average at the query, 0 if no point is within reach."""
        return float(self.weights @ self._columns()[1][:, 0])

    def rows(self) -> list[list[str]]:
        """Return each point with its weight at the query, the curve there, and what the other points predict."""
        _, others = leave_one_out(*self._columns(), **self._options())
        rows = zip(self.points, self.weights, self.curve, self.left_out, others.any(axis=1), strict=True)
        return [
            [str(i + 1), decimal(x), decimal(y), percent(weight), decimal(here), decimal(out) if found else "–"]
            for i, ((x, y), weight, here, out, found) in enumerate(rows)
        ]

    def static_svg(self) -> str:
        """Return points, curve and weights as they stand now, as an SVG picture."""
        return svg.picture(680, 360, title="A weighted average", alt=self.alt, parts=list(self._parts()))

    def _parts(self) -> Iterator[str]:
        """Yield the chart, and beneath it a bar for the weight of each point."""
        (x, y), most = (column[:, 0] for column in self._columns()), max(self.weights.max(), 0.01)
        grid = np.linspace(min(x.min(), self.query), max(x.max(), self.query), 201)
        heights, weights = self._average(grid[:, None])
        across = 40 + 600 * (np.concatenate([grid, x]) - grid[0]) / max(np.ptp(grid), 0.01)
        down = 240 - 220 * (np.concatenate([heights[:, 0], y]) - y.min()) / max(np.ptp(y), 0.01)
        read = np.asarray(weights.any(axis=1))
        steps = [f"{'L' if i and read[i - 1] else 'M'}{across[i]:.1f} {down[i]:.1f}" for i in np.flatnonzero(read)]
        q = float(np.interp(self.query, grid, across[:201]))
        yield f'<path stroke="{LIGHT["grid"]}" d="M40 320h600"/>'
        yield f'<path stroke="{LIGHT["query"]}" stroke-dasharray="4 3" d="M{q:.1f} 10V320"/>'
        yield f'<path fill="none" stroke="{LIGHT["accent"]}" stroke-width="2" d="{"".join(steps)}"/>'
        for left, top, weight in zip(across[201:], down[201:], self.weights, strict=True):
            yield f'<circle cx="{left:.1f}" cy="{top:.1f}" r="4" fill="{LIGHT["key"]}"/>'
            yield f'<path stroke="{LIGHT["accent"]}" stroke-width="4" d="M{left:.1f} 320v-{60 * weight / most:.1f}"/>'
        ends = (40, 336, grid[0]), (600, 336, grid[-1]), (2, down[201 + y.argmax()], y.max()), (2, 240, y.min())
        yield from (svg.text(left, top, decimal(end)) for left, top, end in ends)
        yield svg.text(q + 5, 20, f"q = {decimal(self.query)}", bold=True)
        yield svg.note(40, 354, f"weights at q, up to {percent(self.weights.max())}; {self._told()}")

    def _told(self) -> str:
        at_points, left_out = self.errors.tolist()
        return f"error at the points {decimal(at_points)}, leave-one-out {decimal(left_out)}"

    @property
    def alt(self) -> str:
        """The explorer as it stands now, in words."""
        there = decimal(self.answer) if self.weights.any() else "nothing, for no point is within reach"
        return (
            f"A chart of {len(self.points)} points, and through them the curve of their averages, weighted by the "
            f"{KERNELS[self.kernel].label} kernel of bandwidth {self.bandwidth:g}. At q = {decimal(self.query)} it is "
            f"{there}; bars beneath show the weight of each point there. Mean squared {self._told()}."
        )
