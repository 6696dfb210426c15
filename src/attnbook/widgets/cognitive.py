"""The cognitive explorer: a picture with things in it, what stands out, what is looked for, and where the eye goes."""

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook.core import cognitive, pictures
from attnbook.data.scene import COLOURS, SHAPES, Thing, draw
from attnbook.theme import LIGHT
from attnbook.widgets import scenery, svg
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Many, OneOf, Parts, Ranged, Task, computed
from attnbook.widgets.scenery import PARTS, PIXELS
from attnbook.widgets.svg import decimal

__all__ = ["ANY", "MOST_THINGS", "PIXELS", "RADIUS", "CognitiveExplorer"]

MOST_THINGS = 12
ANY = "any"
"""What is looked for when no colour, or no shape, is asked for."""
RADIUS = 10.0
"""How far around a look the priority is held down afterwards, in pixels."""
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
    colour = OneOf([ANY, *COLOURS], ANY, label="Look for colour", help="The colour that is looked for, or 'any'.")
    shape = OneOf([ANY, *SHAPES], ANY, label="Look for shape", help="The shape that is looked for, or 'any'.")
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

    def at_thing(self, values: Float64[np.ndarray, "y x"]) -> Float64[np.ndarray, "n"]:
        """Return the highest number of a map on each thing, as far as it is to be seen; 0 where it is hidden."""
        return scenery.at_things(values, self.labels, len(self.objects))

    def looked_at(self) -> list[int | None]:
        """Return which thing each look falls on, counted from 0; None is the ground."""
        return [scenery.thing_at(self._things, self.labels, y, x) for y, x in self.path.tolist()]

    def rows(self) -> list[list[str]]:
        """Return each thing, what it gets from both maps and their mix, and when it is looked at."""
        maps = [self.at_thing(each).tolist() for each in (self.bottom_up, self.top_down, self.priority)]
        looks = self.looked_at()
        return [
            [
                scenery.letter(i),
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
        parts = [
            '<g transform="translate(16 16)">',
            scenery.sketch(self._things, clutter=self.clutter, seed=self.seed),
            self._overlay(),
            *scenery.names(self._things),
            *self._looks(),
            '</g><g transform="translate(368 16)">',
            svg.text(0, 12, f"Looking for {self._asked()}", bold=True),
            svg.note(0, 32, f"priority = {decimal(1 - self.weight)} bottom-up + {decimal(self.weight)} top-down"),
            *(svg.note(x, 60, name) for x, name in ((0, "thing"), (136, "priority"), (264, "look"))),
            *self._rows(),
            "</g>",
        ]
        return svg.picture(680, 352, title="Where a model of attention looks first", alt=self.alt, parts=parts)

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

    def _looks(self) -> Iterator[str]:
        """Yield the path from look to look, and a numbered disc for each."""
        scale = svg.SIDE / PIXELS
        places = [(scale * (x + 0.5), scale * (y + 0.5)) for y, x in self.path.tolist()]
        through = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        for colour, thickness in ((LIGHT["paper"], 5), (LIGHT["ink"], 2)):
            if len(places) > 1:
                yield f'<path fill="none" stroke="{colour}" stroke-width="{thickness}" d="M{through}"/>'
        for i, (x, y) in enumerate(places):
            yield svg.badge(x, y, name=str(i + 1), colour=LIGHT["ink"])

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
        specks = f", on a ground with {self.clutter} grey specks" if self.clutter else ""
        told = [
            f"A grey picture with {scenery.counted(self._things)}{specks}.",
            f"The eye looks for {self._asked()}.",
            f"The priority is {decimal(1 - self.weight)} of what stands out, {decimal(self.weight)} of what is sought.",
        ]
        if not self.path.size:
            flat = not self.priority.max() > 0
            told.append("It is the same everywhere, so there is no first look." if flat else "No look is shown.")
        for ordinal, (y, x), seen in zip(ORDINALS, self.path.tolist(), self.looked_at(), strict=False):
            place = f"the ground at ({x}, {y})" if seen is None else scenery.called(self._things, seen)
            told.append(f"The {ordinal} look falls on {place}.")
        return " ".join(told)

    def _asked(self) -> str:
        if self.colour == ANY and self.shape == ANY:
            return "nothing in particular"
        colour = "" if self.colour == ANY else f"{self.colour} "
        return f"{colour}{'thing' if self.shape == ANY else self.shape}s"
