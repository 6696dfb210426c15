"""The cognitive explorer: a picture with things in it, what stands out, what is looked for, and where the eye goes."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook.core import cognitive, pictures
from attnbook.data.draws import uniform
from attnbook.data.scene import COLOURS, GROUND, SHAPES, Thing, draw
from attnbook.theme import LIGHT
from attnbook.widgets import svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Many, OneOf, Parts, Ranged, Task, computed
from attnbook.widgets.svg import decimal

__all__ = ["ANY", "MOST_THINGS", "PIXELS", "RADIUS", "CognitiveExplorer"]

PIXELS = 128
"""The picture is a square of so many pixels."""
MOST_THINGS = 12
ANY = "any"
"""What is looked for when no colour, or no shape, is asked for."""
RADIUS = 10.0
"""How far around a look the priority is held down afterwards, in pixels."""
NEAR = 4  # a look that misses a thing by fewer pixels is a look at the thing
NIGHT = "#0b0f14"  # what a place sinks into that has no priority
DEEP = 0.88  # how far
BEAM = 15.0  # how far around the first look its light reaches

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
OPENING = (  # one odd thing out, and others to look for
    Thing("ball", "red", 86, 46, 8),
    Thing("square", "green", 22, 20, 8),
    Thing("square", "green", 62, 18, 8),
    Thing("square", "green", 54, 70, 8),
    Thing("square", "green", 108, 86, 8),
    Thing("square", "green", 30, 108, 8),
    Thing("triangle", "blue", 22, 62, 10),
    Thing("triangle", "blue", 74, 106, 10),
    Thing("triangle", "blue", 108, 20, 10),
)
PARTS = {
    "shape": OneOf({name: name for name in SHAPES}, SHAPES[0], label="Its shape"),
    "colour": OneOf({name: name for name in COLOURS}, "red", label="Its colour"),
    "x": Ranged(0, PIXELS - 1, 64),
    "y": Ranged(0, PIXELS - 1, 64),
    "size": Ranged(4, 24, 8, step=1, label="Its size"),
}


class CognitiveExplorer(Explorer):
    """Move things in a picture, say what to look for, and see where a model of attention looks first.

    What stands out from its surroundings is the bottom-up map, what looks like the thing asked for is the top-down
    map, and ``mix`` weighs the two into the priority, whose peaks are looked at one after the other. Where nothing is
    asked for, all is bottom-up. Every trait below can be set in the constructor or at any time; the picture follows,
    and what is done in the picture arrives here.

    >>> explorer = CognitiveExplorer(colour="blue", fixations=1)
    >>> explorer.objects[explorer.looked_at()[0]]["colour"]
    'blue'
    """

    _module: ClassVar[str] = "cognitive"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "where does your eye go first? Press that place in the picture.",
            "{verdict} Nobody asked for anything, so it is caught by what differs most from its neighbours: {first}.",
        ),
        Task(
            "now give the eye a task. Choose what to look for, so that the light leaves the odd one out.",
            "It goes to {first}. The picture is what it was; the wish has moved the eye, and {odd} has to wait.",
        ),
        Task(
            "take the task back (any colour and any shape), and let another thing win: move things, or recolour one "
            "under More.",
            "Now {first} wins. Nothing stands out by itself, only among its neighbours.",
        ),
    )

    objects = Many(
        Parts(PARTS, OPENING[0]._asdict()),
        OPENING,
        length=(0, MOST_THINGS),
        help="The things: each a dict with shape, colour, x, y and size, or a data.Thing.",
    )
    clutter = Ranged(0, 200, 0, step=10, whole=True, label="Clutter", help="How many grey specks lie on the ground.")
    seed = Ranged(0, 2**32 - 1, 0, whole=True, help="Of these specks.")
    colour = OneOf(
        {ANY: ANY, **{name: name for name in COLOURS}},
        ANY,
        label="Look for colour",
        help="The colour that is looked for, or 'any'.",
    )
    shape = OneOf(
        {ANY: ANY, **{name: name for name in SHAPES}},
        ANY,
        label="Look for shape",
        help="The shape that is looked for, or 'any'.",
    )
    mix = Ranged(0, 1, 0.7, label="Mix", help="With a task, how much it counts: 1 for nothing else, 0 for not at all.")
    fixations = Ranged(0, 6, 3, step=1, whole=True, label="Looks", help="How many looks are shown.")
    overlay = OneOf(
        {"light": "picture, lit by priority", "map": "priority alone", "none": "picture alone"},
        "light",
        label="Show",
        help="How the priority is shown: 'light', 'map' or 'none'.",
    )

    image = computed("The picture, (y, x, 3).")
    labels = computed("The number of the thing at each pixel, 0 for none.")
    bottom_up = computed("What stands out, (y, x) from 0 to 1.")
    top_down = computed("What is looked for, (y, x) from 0 to 1.")
    priority = computed("The mix of the two, (y, x).")
    path = computed("The places looked at, in order: rows of (y, x).")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @traitlets.observe("objects", "clutter", "seed", "colour", "shape", "mix", "fixations")
    def _compute(self, change: object = None) -> None:
        image, labels, bottom_up, features = self._pictured(tuple(self._things), self.clutter, self.seed)
        scores = cognitive.search(features, self._query)
        top_down = cognitive.priority(scores, scores, mix=1)  # from 0 to 1, as it enters the mix
        priority = cognitive.priority(bottom_up, top_down, mix=self.weight)
        path = cognitive.fixations(priority, max(1, self.fixations), radius=RADIUS)[: self.fixations]
        self._tell({
            "image": image,
            "labels": labels,
            "bottom_up": bottom_up,
            "top_down": top_down,
            "priority": priority,
            "path": path,
        })  # fmt: skip

    def _pictured(self, *drawn: Any) -> tuple[Any, ...]:
        """Return image, labels, saliency and features; they are kept, for most changes leave the picture as it is."""
        if self._last is None or self._last[0] != drawn:
            things, clutter, seed = drawn
            image, labels, _ = draw(things, side=PIXELS, clutter=clutter, seed=seed)
            features = np.concatenate([pictures.colour_maps(image), pictures.shape_maps(image)])  # (f, y, x)
            self._last = drawn, (image, labels, cognitive.saliency(image), features)
        return self._last[1]

    _last: tuple[Any, tuple[Any, ...]] | None = None

    @property
    def _things(self) -> list[Thing]:
        return [Thing(**each) for each in self.objects]

    @property
    def _query(self) -> Float64[np.ndarray, "f"]:
        """Return the query: one for each feature that is asked for, zero for the others."""
        return np.array([float(name in (self.colour, self.shape)) for name in (*COLOURS, *SHAPES)])

    @property
    def weight(self) -> float:
        """How much what is looked for counts: ``mix``, or nothing where there is no task."""
        return self.mix if self._query.any() else 0.0

    def thing_at(self, y: float, x: float) -> int | None:
        """Return which of the things a look at a place is a look at, counted from 0, or None if it is the ground."""
        label = int(self.labels[round(y), round(x)])
        if label:
            return label - 1
        gaps = [math.hypot(x - thing.x, y - thing.y) - thing.size for thing in self._things]
        nearest = min(range(len(gaps)), key=gaps.__getitem__, default=None)
        return None if nearest is None or gaps[nearest] >= NEAR else nearest

    def at_thing(self, values: Float64[np.ndarray, "y x"]) -> Float64[np.ndarray, "n"]:
        """Return the highest number of a map on each thing, as far as it is to be seen; 0 where it is hidden."""
        return np.array([values[self.labels == i + 1].max(initial=0.0) for i in range(len(self.objects))])

    def looked_at(self) -> list[int | None]:
        """Return which thing each look falls on, counted from 0; None is the ground."""
        return [self.thing_at(y, x) for y, x in self.path.tolist()]

    def rows(self) -> list[list[str]]:
        """Return each thing, what it gets from both maps and their mix, and when it is looked at."""
        maps = [self.at_thing(each).tolist() for each in (self.bottom_up, self.top_down, self.priority)]
        looks = self.looked_at()
        return [
            [
                _letter(i),
                f"{thing.colour} {thing.shape}",
                *(decimal(at, 0 if at == int(at) else 1) for at in (thing.x, thing.y, thing.size)),
                *(decimal(values[i]) for values in maps),
                ", ".join(str(n + 1) for n, seen in enumerate(looks) if seen == i) or "–",
            ]
            for i, thing in enumerate(self._things)
        ]

    # --- where nothing can move -------------------------------------------------------------------------------------

    def static_svg(self) -> str:
        """Return the picture and the numbers as they stand now, as an SVG picture."""
        scale = svg.SIDE / PIXELS
        parts = [
            '<g transform="translate(16 16)">',
            f'<svg width="{svg.SIDE}" height="{svg.SIDE}" viewBox="-.5-.5 {PIXELS} {PIXELS}">',
            f'<path fill="{_hex((GROUND,) * 3)}" d="M-.5-.5h{PIXELS}v{PIXELS}h-{PIXELS}z"/>',
            *self._specks(),
            *(_outline(thing) for thing in self._things),
            "</svg>",
            self._overlay(),
            *self._letters(scale),
            *self._looks(scale),
            '</g><g transform="translate(368 16)">',
            svg.text(0, 12, f"Looking for {self._asked()}", bold=True),
            svg.note(0, 32, f"priority = {decimal(1 - self.weight)} bottom-up + {decimal(self.weight)} top-down"),
            *(svg.note(x, 60, name) for x, name in ((0, "thing"), (136, "priority"), (264, "look"))),
            *self._rows(),
            "</g>",
        ]
        return svg.picture(680, 352, title="Where a model of attention looks first", alt=self.alt, parts=parts)

    def _specks(self) -> Iterator[str]:
        for left, above, radius, light in uniform(self.seed, (self.clutter, 4)).tolist():
            grey = _hex((GROUND + 0.3 * (2 * light - 1),) * 3)
            x, y = PIXELS * left - 0.5, PIXELS * above - 0.5
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{1 + radius:.1f}" fill="{grey}"/>'

    def _letters(self, scale: float) -> Iterator[str]:
        for i, thing in enumerate(self._things):
            x, y = (scale * (at + thing.size + 0.5) for at in (thing.x, thing.y))
            yield f'<path fill="{LIGHT["paper"]}" d="M{x - 6:g} {y - 8:g}h14v15h-14z"/>'
            yield svg.text(x - 3, y + 4, _letter(i), bold=True)

    def _overlay(self) -> str:
        match self.overlay:
            case "light":
                return svg.heat(self._light(), opacity=lambda share: DEEP * (1 - share**2), stops=(NIGHT, NIGHT))
            case "map":
                return svg.heat(self.priority, opacity=lambda share: 1)
        return ""

    def _light(self) -> Float64[np.ndarray, "y x"]:
        """Return the priority, and full light where the eye looks first."""
        if not self.path.size:
            return np.asarray(self.priority)
        far = np.linalg.norm(np.moveaxis(np.indices(self.priority.shape), 0, -1) - self.path[0], axis=-1)  # (y, x)
        return np.asarray(np.maximum(self.priority, np.exp(-((far / BEAM) ** 4))))

    def _looks(self, scale: float) -> Iterator[str]:
        """Yield the path from look to look, and a numbered disc for each."""
        places = [(scale * (x + 0.5), scale * (y + 0.5)) for y, x in self.path.tolist()]
        through = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        for colour, thickness in ((LIGHT["paper"], 5), (LIGHT["ink"], 2)):
            if len(places) > 1:
                yield f'<path fill="none" stroke="{colour}" stroke-width="{thickness}" d="M{through}"/>'
        for i, (x, y) in enumerate(places):
            yield (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="{LIGHT["ink"]}" stroke="{LIGHT["paper"]}"/>'
                f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-weight="600" font-size="12" '
                f'fill="{LIGHT["paper"]}">{i + 1}</text>'
            )

    def _rows(self) -> Iterator[str]:
        """Yield a row for each thing: its priority as a bar and a number, and when it is looked at."""
        step = min(30.0, 264 / max(1, len(self.objects)))
        shares = self.at_thing(self.priority).tolist()
        for i, (letter, kind, *_, share, looks) in enumerate(self.rows()):
            y = round(82 + i * step, 1)
            first = looks.startswith("1")
            yield svg.text(0, y, f"{letter}  {kind}", bold=first)
            yield svg.weight_bar(136, y - 10, shares[i], width=70)
            yield svg.text(244, y, share, bold=first, end=True)
            yield svg.text(264, y, looks, bold=first)

    @property
    def alt(self) -> str:
        """The picture as it stands now, in words."""
        kinds = Counter(f"{thing.colour} {thing.shape}" for thing in self._things)
        inside = ", ".join(_many(count, kind) for kind, count in kinds.items()) or "nothing"
        specks = f", on a ground with {self.clutter} grey specks" if self.clutter else ""
        told = [
            f"A grey picture with {inside}{specks}.",
            f"The eye looks for {self._asked()}.",
            f"The priority is {decimal(1 - self.weight)} of what stands out, {decimal(self.weight)} of what is sought.",
        ]
        if not self.path.size:
            flat = not self.priority.max() > 0
            told.append("It is the same everywhere, so there is no first look." if flat else "No look is shown.")
        for ordinal, (y, x), seen in zip(ORDINALS, self.path.tolist(), self.looked_at(), strict=False):
            told.append(
                f"The {ordinal} look falls on {f'the ground at ({x}, {y})' if seen is None else self._called(seen)}."
            )
        return " ".join(told)

    def _asked(self) -> str:
        if self.colour == ANY and self.shape == ANY:
            return "nothing in particular"
        colour = "" if self.colour == ANY else f"{self.colour} "
        return f"{colour}{'thing' if self.shape == ANY else self.shape}s"

    def _called(self, i: int) -> str:
        """Name a thing: "a, the red ball", or "b, a green square" where there are more of its kind."""
        kinds = [(thing.colour, thing.shape) for thing in self._things]
        return f"{_letter(i)}, {'the' if kinds.count(kinds[i]) == 1 else 'a'} {' '.join(kinds[i])}"


def _letter(i: int) -> str:
    return chr(ord("a") + i)


def _many(count: int, kind: str) -> str:
    return (
        f"{('one', 'two', 'three', 'four', 'five', 'six')[count - 1] if count < 7 else count} {kind}{'s' * (count > 1)}"
    )


def _hex(rgb: Sequence[float]) -> str:
    return "#" + "".join(f"{round(255 * value):02x}" for value in rgb)


def _outline(thing: Thing) -> str:
    """Draw a thing in SVG, in pixels of the picture."""
    fill = f'fill="{_hex(COLOURS[thing.colour])}"'
    x, y, s = thing.x, thing.y, thing.size
    if thing.shape == "ball":
        return f'<circle {fill} cx="{x:g}" cy="{y:g}" r="{s:g}"/>'
    if thing.shape == "square":
        return f'<path {fill} d="M{x - s:g} {y - s:g}h{2 * s:g}v{2 * s:g}h-{2 * s:g}z"/>'
    high = math.sqrt(3) / 2 * s
    return f'<path {fill} d="M{x:g} {y - high:.2f}L{x + s:g} {y + high:.2f}H{x - s:g}z"/>'
