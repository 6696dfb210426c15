"""The channel mixer: one picture in eight channels, a gate for each of them, and a mask on its places."""

from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook.core import channel, spatial
from attnbook.data.draws import uniform
from attnbook.data.photograph import photograph
from attnbook.data.scene import Thing, draw
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Numbers, OneOf, Ranged, Task, computed
from attnbook.widgets.mosaic import CHANNELS, HUES, SIDE, Mosaic, image_of, shown, split, written
from attnbook.widgets.svg import decimal, percent

__all__ = ["ChannelExplorer"]

MOST_SCORE = 8.0  # that can be pulled
STRENGTH, FULL, OPEN = 150.0, 0.02, 3.0  # of a unit; when it begins to fire; the score of a gate when no unit fires
COUNTS = np.where(np.arange(len(CHANNELS)) < HUES, 1.0, 0.2)  # of each mean: most of a picture is grey
OPPOSITE = [*np.roll(np.arange(HUES), HUES // 2).tolist(), HUES + 1, HUES]  # across the circle; and grey and white
WINDOW = np.full((5, 5), 1 / 25)
KERNEL, BIAS = 10.0 * np.stack([8 * WINDOW, WINDOW]), -12.5  # of the mask: the sum of the channels plus the largest one

THINGS = (
    Thing("square", "green", 26, 28, 16),
    Thing("square", "green", 98, 94, 16),
    Thing("ball", "red", 84, 38, 18),
    Thing("triangle", "blue", 34, 90, 28),
    Thing("ball", "yellow", 72, 115, 9),
)


@cache
def examples() -> dict[str, str]:
    """Return the pictures to begin with, each as a text."""
    photographs = {name: written(photograph(name, side=320)) for name in ("china", "flower")}
    return {"scene": written(draw(THINGS).image), **photographs}


class ChannelExplorer(Explorer):
    """Split a picture into channels, squeeze each to one number, and open a gate for each channel, or for each place.

    The weights are set by hand. With reduction r, one hidden unit is there for each r channels in a row: it fires when
    their means sum to more than 0.02, and then opens the gates of the opposite channels, or opens or shuts their own.

    >>> explorer = ChannelExplorer(kind="softmax")
    >>> float(explorer.gates.sum().round(9))
    1.0
    """

    _module: ClassVar[str] = "channel"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "which colour will this block leave of the picture? A channel with something in it opens the gate of its "
            "opposite: red of cyan, yellow of blue, green of magenta, and the other way round. Press the colour.",
            "{verdict} of the colours, most is left of {kept}. Its gate, {gate}, hears {heard}, with a mean of {mean}; "
            "its own mean is {own}. Press channels to see each alone.",
        ),
        Task(
            "two gates can be nearly open at once: pull the scores of two channels all the way up. Then choose "
            "softmax, under More: are they still?",
            "As a softmax, {first} gets {one} and {second} {other}, for all eight share 100 %. A sigmoid opens each by "
            "itself: {alone} and {too} with the same scores.",
        ),
        Task(
            "under More, take sigmoids again, and put on a mask, in parallel. Then shuffle the places and turn the "
            "colours: one leaves the gates as they are, the other leaves the mask. Which does which?",
            "Shuffling the places changes no gate by more than {gates}: a mean does not know where. Turning the "
            "colours changes the mask by {mask} at most: it does not know which channel is which.",
        ),
    )

    picture = OneOf(
        {"scene": "scene", "china": "temple", "flower": "flower", "own": "my own"}, "scene", label="Picture"
    )
    own = Mosaic("", most=3 * SIDE**2, help="A picture of your own: an array (y, x, 3) of numbers from 0 to 1.")
    shuffle = Ranged(0, 2**32 - 1, 0, whole=True, help="Not 0: the places are shuffled by this seed.")
    turn = Ranged(0, HUES - 1, 0, whole=True, help="So many steps the colours are turned: red, yellow, green, …")
    push = Numbers([0.0] * 8, shape=(8,), most=32, meaning="8 numbers, added to the scores of the channels")
    kind = OneOf(
        {"sigmoid": "sigmoid, each by itself", "softmax": "softmax", "sink": "softmax with a sink"},
        "sigmoid",
        label="Gates",
        help="How scores become gates; a sink is one more score, 0, whose share is lost.",
    )
    reduction = Ranged(1, 8, 1, step=1, whole=True, label="Reduction r", help="A hidden unit for r channels.")
    rule = OneOf(
        {"opposite": "open the opposite", "shut": "are shut", "open": "are opened"}, "opposite", label="Full channels"
    )
    mask = OneOf(["none", *spatial.ORDERS], "none", label="Mask", help="A gate for each place, and its turn.")
    look = OneOf(["all", *CHANNELS], "all", help="The channel that is shown alone.")

    maps = computed("The channels of the picture, (c, y, x).")
    means = computed("What the block sees of them, a number for each channel.")
    scores = computed("A score for each channel.")
    gates = computed("A gate for each channel.")
    places = computed("The mask, a number for each place, (y, x); 1 without a mask.")
    output = computed("The channels after gates and mask, (c, y, x).")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._complete = True
        self._compute()

    _complete = False  # while the options are set one by one, nothing is computed

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """What the front end needs to know, the pictures and the weights too."""
        block = {"strength": STRENGTH, "full": FULL, "open": OPEN, "counts": COUNTS.tolist(), "opposite": OPPOSITE}
        block |= {"mostScore": MOST_SCORE, "hues": HUES, "kernel": KERNEL.tolist(), "bias": BIAS}
        return {**super().facts(), "side": SIDE, "channels": CHANNELS, "pictures": examples(), **block}

    def weights(self) -> dict[str, Float64[np.ndarray, "..."]]:
        """Return the weights of the two layers, as ``core.channel.channel_scores`` takes them."""
        sign = -1.0 if self.rule == "shut" else 1.0
        units = np.arange(-(-len(CHANNELS) // self.reduction))  # r channels in a row have one of them
        members = (np.arange(len(CHANNELS)) // self.reduction == units[:, None]).astype(float)  # (h, c)
        heard = members[:, OPPOSITE] if self.rule == "opposite" else members
        b_2 = np.array(self.push) - sign * OPEN
        b_1 = np.full(len(units), -FULL)
        return {"w_1": members * COUNTS, "w_2": sign * STRENGTH * heard.T, "b_1": b_1, "b_2": b_2}

    @traitlets.observe("picture", "own", "shuffle", "turn", "push", "kind", "reduction", "rule", "mask")
    def _compute(self, change: object = None) -> None:
        if not self._complete:
            return
        maps = split(image_of(self.own if self.picture == "own" else examples()[self.picture]))
        maps[:HUES] = np.roll(maps[:HUES], self.turn, axis=0)
        if self.shuffle:
            order = uniform(self.shuffle, SIDE**2).argsort(kind="stable")
            maps = maps.reshape(len(maps), -1)[:, order].reshape(maps.shape)
        places = np.ones((SIDE, SIDE))
        if self.mask in ("spatial first", "parallel"):
            places = spatial.spatial_mask(maps, KERNEL, np.array(BIAS))
        means = channel.squeeze(places * maps if self.mask == "spatial first" else maps)
        scores = channel.channel_scores(means, **self.weights())
        if self.kind == "sigmoid":
            gates = channel.excite(means, **self.weights())
        else:
            gates = channel.softmax_gates(scores, sink=0.0 if self.kind == "sink" else None)
        scaled = channel.scale(maps, gates)
        if self.mask == "channel first":
            places = spatial.spatial_mask(scaled, KERNEL, np.array(BIAS))
        found = {"maps": maps, "means": means, "scores": scores, "gates": gates, "places": places}
        self._tell({**found, "output": places * scaled})

    def rows(self) -> list[list[str]]:
        """Return each channel with its mean, its score, its gate, and its mean afterwards."""
        numbers = zip(CHANNELS, self.means, self.scores, self.gates, channel.squeeze(self.output), strict=True)
        return [
            [name, decimal(mean, 3), decimal(score), percent(gate), decimal(after, 3)]
            for name, mean, score, gate, after in numbers
        ]

    def static_svg(self) -> str:
        """Return the picture before and after, and the channels between, as an SVG picture."""
        parts = [
            *_placed(16, 36, "before", shown(self.maps, 150)),
            *(_placed(16, 228, f"mask: {self.mask}", svg.weights(self.places, 106)) if self.mask != "none" else ()),
            *_placed(184, 36, "after", shown(self.output, 200)),
            *_placed(408, 36, "", *self._bars()),
        ]
        return svg.picture(680, 352, title="A gate for each channel", alt=self.alt, parts=parts)

    def _bars(self) -> Iterator[str]:
        """Yield a row for each channel: its mean and its gate, each as a bar and a number."""
        for x, words in ((0, "channel"), (70, "mean"), (170, "gate")):
            yield svg.note(x, -8, words)
        for i, (name, mean, _, gate, _) in enumerate(self.rows()):
            y = 20 + i * 32
            yield svg.text(0, y, name) + svg.weight_bar(70, y - 10, self.means[i], width=40) + svg.text(116, y, mean)
            yield svg.weight_bar(170, y - 10, self.gates[i], width=40) + svg.text(216, y, gate)

    @property
    def alt(self) -> str:
        """The explorer as it stands now, in words."""
        gates = ", ".join(f"{row[0]} {row[3]}" for row in self.rows())
        changed = ", places shuffled" * bool(self.shuffle) + ", colours turned" * bool(self.turn)
        span = f"{percent(self.places.min())} to {percent(self.places.max())}"
        mask = "" if self.mask == "none" else f" A gate for each place too, {self.mask}: {span} open."
        return (
            f"A picture, “{type(self).picture.options[self.picture].label}”{changed}, in eight channels, before and "
            f"after they went through their gates ({type(self).kind.options[self.kind].label}): {gates}.{mask}"
        )


def _placed(x: int, y: int, name: str, *parts: str) -> Iterator[str]:
    """Yield parts of a picture at a place, with their name above."""
    yield from (f'<g transform="translate({x} {y})">', svg.note(0, -8, name), *parts, "</g>")
