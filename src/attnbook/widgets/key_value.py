"""The key–value explorer: a dictionary that is asked softly, beside Python's own."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import traitlets

from attnbook.core.key_value import look_up
from attnbook.theme import LIGHT
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Many, Ranged, Task, computed
from attnbook.widgets.svg import decimal, percent, winner

__all__ = ["MOST", "MOST_ROWS", "KeyValueExplorer"]

MOST = 24
"""Keys, values and the query lie between 0 and this."""
MOST_ROWS = 8
HOURS = [6, 9, 12, 15, 18, 21]
READINGS = [7, 10, 16, 22, 19, 13]
QUERY, KEYS, VALUES, ANSWER = 7, 32, 68, 94  # heights of the lines, in hundredths from above
EACH = Ranged(0, MOST, 0)


class KeyValueExplorer(Explorer):
    """Ask a soft dictionary for what is between its keys, and see which values it reads.

    It opens with a thermometer that was read at six hours: the keys are hours, the values degrees. Every trait below
    can be set in the constructor or at any time; what is dragged in the picture arrives here. To set more or fewer
    rows, set ``key_numbers`` and ``values`` together, in the constructor or under ``hold_trait_notifications()``.

    >>> explorer = KeyValueExplorer(key_numbers=[6, 18], values=[4, 20], query=12)
    >>> explorer.weights.tolist(), explorer.answer, explorer.found
    ([0.5, 0.5], 12.0, None)
    >>> explorer.query = 18
    >>> explorer.found
    20.0
    """

    _module: ClassVar[str] = "key_value"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "nobody read the thermometer at 13\u00a0h. What will Python’s dict answer, and what the soft dictionary? "
            "Pull the ? below to your guess, then look it up.",
            "{dict}. The soft one reads all rows, those of near keys more: {sum}.",
        ),
        Task(
            "put the query on a key, say 15, and raise the sharpness until both dictionaries answer the same.",
            "On a key, and sharp, the soft dictionary is the dict. Key {key} has {share} of the weight, so the answer "
            "is its value, {value}.",
        ),
        Task(
            "make it soft again, and pull a value along its line. Do the weights move? Then pull a key.",
            "The value moved the answer, and no weight. The key moved the weights, its own from {was} to {now}. "
            "Keys decide which rows are read, values what is read there.",
        ),
    )

    key_numbers = Many(  # not `keys`: every ipywidget has a trait of that name, the list of its own traits
        EACH, HOURS, length=(1, MOST_ROWS), help=f"1 to {MOST_ROWS} numbers: what the query is compared with."
    )
    values = Many(EACH, READINGS, length=(1, MOST_ROWS), help="One number for each key: what is read out.")
    query = Ranged(0, MOST, 13, step=0.5, label="Query", help="What is looked for.")
    sharpness = Ranged(
        1e-6,
        1e6,
        0.7,
        slider=(0.05, 10),
        step=0.005,
        log=10,
        label="Sharpness",
        help="The β of look_up.",
    )

    weights = computed("One weight for each row.")
    answer = traitlets.Float(read_only=True, help="The mean of the values, by weight.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @traitlets.observe("key_numbers", "values", "query", "sharpness")
    def _compute(self, change: object = None) -> None:
        keys, values = np.array(self.key_numbers)[:, None], np.array(self.values)[:, None]  # (k, 1) each
        output, weights = look_up(np.array([[self.query]]), keys, values, sharpness=self.sharpness)
        self._tell({"weights": weights[0], "answer": float(output[0, 0])})

    @property
    def found(self) -> float | None:
        """What Python's ``dict`` returns for the query, or None where it raises a KeyError."""
        return dict(zip(self.key_numbers, self.values, strict=True)).get(self.query)

    @property
    def unit(self) -> str:
        """Of the values: degrees, but hours where every value is its key."""
        return "\u00a0h" if self.key_numbers == self.values else "\u00a0°C"

    def rows(self) -> list[list[str]]:
        """Return each row's key and value, how far the key is from the query, and its weight."""
        rows = zip(self.key_numbers, self.values, self.weights.tolist(), strict=True)
        return [
            [str(i + 1), plain(key), plain(value), plain(abs(self.query - key)), percent(weight)]
            for i, (key, value, weight) in enumerate(rows)
        ]

    def static_svg(self) -> str:
        """Return the lines with what is read, and the rows as bars, as an SVG picture."""
        lines, bars = "".join(self._lines()), "".join(self._bars())
        parts = [f'<g transform="translate(24 8)">{lines}</g><g transform="translate(392 24)">{bars}</g>']
        return svg.picture(680, 340, title="A soft dictionary", alt=self.alt, parts=parts)

    def _lines(self) -> Iterator[str]:
        """Yield a thread for each row, by its key and its value, as thick as its weight."""
        start, end = _place(self.query, QUERY), _place(self.answer, ANSWER)
        for key, value, weight in zip(self.key_numbers, self.values, self.weights.tolist(), strict=True):
            stops = [start, _place(key, KEYS), _place(value, VALUES), end]
            yield svg.line(stops[1], stops[2], MOST / 2, colour=LIGHT["muted"], thickness=1)
            if weight >= 0.005:
                for a, b in pairwise(stops):
                    yield svg.line(a, b, MOST / 2, colour=LIGHT["accent"], thickness=1 + 10 * weight)
        for height, at, colour in ((KEYS, self.key_numbers, "key"), (VALUES, self.values, "value")):
            yield svg.line(_place(0, height), _place(MOST, height), MOST / 2, colour=LIGHT["grid"], thickness=1)
            yield from (svg.disc(_place(x, height), MOST / 2, name=plain(x), colour=LIGHT[colour]) for x in at)
        yield svg.disc(start, MOST / 2, name=plain(self.query), colour=LIGHT["query"])
        yield svg.diamond(end, MOST / 2)

    def _bars(self) -> Iterator[str]:
        """Yield what both dictionaries answer, and a row for each key with its weight."""
        best = winner(self.weights)
        yield svg.text(0, 12, f"dict: {self._dict()}", bold=True)
        yield svg.text(0, 34, f"soft: {decimal(self.answer, 1)}{self.unit}", bold=True)
        yield svg.note(0, 54, f"query {plain(self.query)}, sharpness {self.sharpness:g}")
        for x, name in ((0, "key"), (60, "value"), (120, "weight")):
            yield svg.note(x, 84, name)
        for i, (_, key, value, _, share) in enumerate(self.rows()):
            y = 106 + 26 * i
            yield svg.text(0, y, key)
            yield svg.text(60, y, value)
            yield svg.weight_bar(120, y - 10, float(self.weights[i]), width=80)
            yield svg.text(250, y, share, bold=i == best, end=True)

    def _dict(self) -> str:
        return f"KeyError: {plain(self.query)}" if self.found is None else f"{plain(self.found)}{self.unit}"

    @property
    def alt(self) -> str:
        """Both dictionaries as they stand now, in words."""
        rows = [f"key {key} with value {value} has {share}" for _, key, value, _, share in self.rows()]
        return (
            f"A line of keys above a line of values. Asked for {plain(self.query)}, Python's dict answers "
            f"{self._dict()}, and the soft dictionary {decimal(self.answer, 1)}{self.unit} at sharpness "
            f"{self.sharpness:g}: {', '.join(rows)} of the weight."
        )

    @traitlets.validate("key_numbers", "values")
    def _check_pairs(self, proposal: dict[str, Any]) -> list[float]:
        name, given = proposal["trait"].name, proposal["value"]
        other = "values" if name == "key_numbers" else "key_numbers"
        if len(given) != (there := len(getattr(self, other))):
            told = f"{name} has {len(given)} entries but {other} has {there}"
            raise traitlets.TraitError(f"{told}: each key needs exactly one value; set both together")
        return list(given)


def plain(value: float) -> str:
    """Write a number with no more digits than it has.

    >>> plain(13.0), plain(12.5)
    ('13', '12.5')
    """
    return f"{round(value, 4):.10g}"


def _place(x: float, height: float) -> tuple[float, float]:
    """Return where a number on a line is, in a plane from −12 to 12."""
    return x - MOST / 2, MOST * (0.5 - height / 100)
