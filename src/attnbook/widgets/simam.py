"""The SimAM painter: a channel of numbers to paint, the gate of each, and the line that tells one from all others."""

from typing import Any, ClassVar, Final

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook.core.cognitive import gate
from attnbook.core.simam import importance, minimal_energy, separating_line, shared_energy
from attnbook.data.draws import gaussian
from attnbook.data.scene import Thing, draw
from attnbook.theme import LIGHT, SEQUENTIAL
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import OneOf, Ranged, Task, computed
from attnbook.widgets.painted import Painted, read, written
from attnbook.widgets.svg import decimal

__all__ = ["PICTURES", "SIDE", "SimamExplorer"]

SIDE = 24
GREY = ("#ffffff", "#000000")


def _pictures() -> dict[str, Float64[np.ndarray, "y x"]]:
    y, x = np.indices((SIDE, SIDE))
    stripes = np.where(y // 3 % 2, 0.7, 0.4)
    stripes[6:9, 4:7], stripes[18:21, 17:20] = 0.7, 0.24  # a bright patch across a dark stripe; a darker one within
    things = (Thing("ball", "red", 6, 6, 4), Thing("square", "green", 17, 7, 4), Thing("triangle", "blue", 12, 17, 5))
    return {
        "stripes": stripes,
        "dot": np.where((y == 8) & (x == 15), 0.9, 0.3),
        "line": np.where(x // 2 == 8, 0.9, 0.3),
        "checkers": np.where((y + x) % 2, 0.8, 0.2),
        "noise": np.clip(0.5 + 0.15 * gaussian(0, (SIDE, SIDE)), 0, 1),
        "scene": draw(things, side=SIDE).image[..., 0],
        "flat": np.full((SIDE, SIDE), 0.5),
    }


PICTURES: Final = {name: written(values) for name, values in _pictures().items()}
"""Channels to begin with, by name, as an explorer keeps them."""


class SimamExplorer(Explorer):
    """Paint the numbers of a channel, and see which of them weighs most, and why.

    A line sends each number towards +1 and all others of the channel towards −1. The less energy e* is left, the more
    important is the number. Every trait below can be set in the constructor or at any time, the channel as an array of
    24 × 24 numbers; what is painted arrives here.

    >>> explorer = SimamExplorer(channel=np.eye(24), place=0)
    >>> explorer.gates.round(3)[:2, :2]
    array([[0.998, 0.625],
           [0.625, 0.998]])
    >>> explorer.readout()[-1]
    'e* = 0.154, 1/e* = 6.48, gate 0.998'
    """

    _module: ClassVar[str] = "simam"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "in SimAM, each of these numbers gets a weight, its gate. Where is the largest? Decide, then press it.",
            "{verdict}The largest gate, {gate}, goes to {value}, farthest from the mean {mean}: {count} of 576 places, "
            "outlined in the map.",
        ),
        Task(
            "now the places will be shuffled. Which of the 576 numbers will get another gate? Decide, then press "
            "Shuffle.",
            "No number’s gate changes by more than {change}: each takes it along. A number is compared with all others "
            "of the channel, so SimAM does not know which of them are its neighbours.",
        ),
        Task(
            "try to bring a gate below 0.6: paint, begin with other pictures, move λ. Give it three tries.",
            "In {tries} tries the lowest gate was {least}. 1/e* is at least ½, so no gate is below sigmoid(½) = 0.622: "
            "what is near the mean weighs least, but is never switched off.",
        ),
    )

    channel = Painted(PICTURES["stripes"], help="24 × 24 numbers from 0 to 1; kept as 576 letters.")
    place = Ranged(0, SIDE**2 - 1, 300, whole=True, help="The chosen place, counted row by row from 0.")
    penalty = Ranged(1e-5, 10, 1e-4, step=0.1, log=10, label="Penalty λ", help="What a steep line costs.")
    brush = Ranged(0, 1, 0.1, step=0.1, label="Brush paints", help="The number that the brush paints.")
    size = Ranged(1, 5, 1, step=1, whole=True, label="Brush size", help="How many places wide the brush is.")
    shown = OneOf({"gate": "gate, sigmoid(1/e*)", "importance": "importance, 1/e*"}, "gate", label="Map", help="Which.")
    mean = OneOf({"others": "the others", "all": "all, as in SimAM"}, "others", label="Mean of", help="Whose.")

    values = computed("The channel, (y, x).")
    importances = computed("1/e* of each place, (y, x).")
    gates = computed("The gate of each place, (y, x): the sigmoid of 1/e*.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """What the front end needs to know, the pictures to begin with too."""
        return {**super().facts(), "side": SIDE, "pictures": PICTURES}

    @traitlets.observe("channel", "penalty", "mean")
    def _compute(self, change: object = None) -> None:
        values = read(self.channel)
        rule = minimal_energy if self.mean == "others" else shared_energy
        importances = np.asarray(importance(rule(values, penalty=self.penalty)))
        self._lines = separating_line(values, penalty=self.penalty)
        self._tell({"values": values, "importances": importances, "gates": gate(np.ones_like(values), importances)})

    def _numbers(self, place: int) -> list[str]:
        """The slope and height of a place's line, its energy, its importance and its gate."""
        w, b, i, g = (float(each.flat[place]) for each in (*self._lines, self.importances, self.gates))
        return [decimal(w), decimal(b), decimal(1 / i, 3), decimal(i), decimal(g, 3)]

    def rows(self) -> list[list[str]]:
        """Return for each number of the channel how many places have it, its line, energy, importance and gate."""
        found = np.unique(self.values, return_index=True, return_counts=True)
        return [[decimal(v), str(count), *self._numbers(at)] for v, at, count in zip(*found, strict=True)]

    def readout(self) -> list[str]:
        """Return what is told of the chosen place, in three lines."""
        y, x = divmod(self.place, SIDE)
        w, b, e, i, g = self._numbers(self.place)
        return [
            f"row {y + 1}, column {x + 1}: t = {decimal(self.values[y, x])}",
            f"mean of the others {decimal(np.delete(self.values, self.place).mean())}, w = {w}, b = {b}",
            f"{'one mean for all: ' * (self.mean == 'all')}e* = {e}, 1/e* = {i}, gate {g}",
        ]

    def static_svg(self) -> str:
        """Return the channel and its gates as they stand now, and what is told of one place, as an SVG picture."""
        y, x = (200 / SIDE * at for at in divmod(self.place, SIDE))
        frame = f'<path fill="none" stroke="{LIGHT["query"]}" stroke-width="2" d="M{x:.1f} {y:.1f}h8.3v8.3h-8.3z"/>'
        maps = {"the channel (bright: 1)": (1 - self.values, GREY), "the gates (dark: 1)": (self.gates, SEQUENTIAL)}
        parts = [
            f'<g transform="translate({16 + 240 * n} 36)">{svg.text(0, -12, name)}{svg.weights(m, 200, by)}{frame}</g>'
            for n, (name, (m, by)) in enumerate(maps.items())
        ]
        parts += [svg.text(16, 262 + 22 * n, text) for n, text in enumerate(self.readout())]
        return svg.picture(480, 320, title="Which numbers of a channel weigh most", alt=self.alt, parts=parts)

    @property
    def alt(self) -> str:
        """The channel and its gates as they stand now, in words."""
        least, most = (decimal(end, 3) for end in (self.gates.min(), self.gates.max()))
        best = decimal(self.values.flat[self.gates.argmax()])
        return (
            f"A channel of {SIDE} by {SIDE} numbers, and their gates, from {least} to {most}, the largest where the "
            f"number is {best}. A frame is around one place, {'; '.join(self.readout())}."
        )
