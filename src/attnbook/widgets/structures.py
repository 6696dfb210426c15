"""The pointer stepper: points in a square, and a network that goes round them by pointing, one step after the other."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook import core
from attnbook.core.heads import multi_head
from attnbook.core.pointing import follow, point
from attnbook.data.draws import gaussian
from attnbook.theme import LIGHT
from attnbook.widgets import svg
from attnbook.widgets.alignment import convex_hull
from attnbook.widgets.base import Explorer
from attnbook.widgets.declare import Numbers, Ranged, Task, Words, computed
from attnbook.widgets.packed import Network, Parameters, linear, pack, unpack, width_of
from attnbook.widgets.svg import decimal, percent

__all__ = ["MOST_POINTS", "PointerExplorer", "point_scores", "true_round", "verdict"]

MOST_POINTS, MOST_WIDTH, BARS = 26, 64, 5
EIGHT = [
    *([-0.84, -0.1], [0.28, 0.74], [-0.57, -0.37], [0.06, -0.86]),
    *([0.82, 0.16], [-0.46, 0.72], [0.34, -0.2], [-0.42, -0.58]),
]


def shapes(width: int, layers: int) -> dict[str, tuple[int, ...]]:
    """Return the shape of each parameter of a pointer network, and of the number of its heads."""
    square, vector = (width, width), (width,)
    maps: dict[str, tuple[int, ...]] = {"enter": (width, 2)}
    for n in range(layers):
        maps |= {f"attention.{n}.{name}": square for name in ("query", "key", "value", "output")}
        maps |= {f"widen.{n}": (2 * width, width), f"narrow.{n}": (width, 2 * width)}
    sizes = {f"{name}.{part}": size[:end] for name, size in maps.items() for part, end in (("weight", 2), ("bias", 1))}
    return sizes | {"score.W_q": square, "score.W_k": square, "score.w": vector, "score.bias": vector, "heads": (1,)}


def _shapes_of(given: Parameters) -> dict[str, tuple[int, ...]]:
    width, heads = width_of(given, "enter.bias", MOST_WIDTH), round(given["heads"].item())
    if heads < 1 or width % heads:
        raise ValueError(f"width {width}, which {heads} heads cannot share")
    return shapes(width, sum(each.endswith("query.weight") for each in given))


def untrained() -> dict[str, Any]:
    """Return the parameters of a small network that has learned nothing."""
    numbers = {name: 0.6 * gaussian(seed, size) for seed, (name, size) in enumerate(shapes(8, 1).items())}
    return pack(numbers | {"heads": [2]})


def point_scores(parameters: Parameters, points: Float64[np.ndarray, "k 2"]) -> Float64[np.ndarray, "k k"]:
    """Return how well each point follows each, as `nn.pointing.PointerNetwork` says; coordinates from −1 to 1."""
    p, heads = parameters, round(parameters["heads"][0])

    x, n = linear(p, "enter", points), 0
    while f"widen.{n}.weight" in p:
        q, k, v = (linear(p, f"attention.{n}.{name}", x) for name in ("query", "key", "value"))
        x = x + linear(p, f"attention.{n}.output", multi_head(q, k, v, heads=heads)[0])
        x = x + linear(p, f"narrow.{n}", np.maximum(linear(p, f"widen.{n}", x), 0))
        n += 1
    return np.asarray(core.additive(x, x, *(p[f"score.{name}"] for name in ("W_q", "W_k", "w", "bias"))))


def true_round(points: Sequence[Sequence[float]]) -> tuple[list[int], list[int]]:
    """Return the way round the hull, anticlockwise from the leftmost point: corners; all points along the edges.

    >>> true_round([[0.1, 0.1], [0, 0], [1, 0], [0.5, 0], [0, 1]])  # to a millionth, so that a line is a line
    ([1, 2, 4], [1, 3, 2, 4])
    """
    grid = np.floor(np.array(points) * 1e6 + 0.5)
    hull = convex_hull(grid)
    corners = [grid.tolist().index(place) for place in hull.tolist()]
    along = []
    for i, a, to in zip(corners, hull, np.roll(hull, -1, axis=0) - hull, strict=True):
        x, y = (grid - a).T  # (k,)
        far = (x * to[0] + y * to[1]) / (to @ to)
        on = np.flatnonzero((to[0] * y == to[1] * x) & (far > 0) & (far < 1))
        along += [i, *on[np.argsort(far[on])].tolist()]
    return corners, along


def verdict(path: Sequence[int], corners: Sequence[int], along: Sequence[int]) -> tuple[bool, str]:
    """Say whether an outline is right, and what it does: it may miss corners, or take in what lies inside."""
    if len(corners) < 3:
        return False, "goes back and forth: all points lie on one line"
    missed = [_letter(i) for i in corners if i not in path]
    inside = [_letter(i) for i in sorted(path) if i not in along]
    parts = [f"{does} {_listed(names)}" for does, names in (("misses", missed), ("takes in", inside)) if names]
    if parts:
        return False, " and ".join(parts)
    places = [along.index(i) for i in path]
    if places != sorted(places):
        return False, "takes the corners in another order"
    return True, f"is right: all {len(corners)} corners, in order"


class PointerExplorer(Explorer):
    """Drag points, and see a pointer network go round them step by step, with its weights, beside the true hull.

    The square goes from −1 to 1 both ways. Each step goes from one point to the free one with the largest weight, as in
    :func:`attnbook.core.pointing.follow`. Without a ``model``, there is one that has learned nothing.

    >>> explorer = PointerExplorer(points=[[-1, 0], [1, -1], [0, 0], [1, 1]], steps=26)
    >>> explorer.outline[0], explorer.weights.shape[1]
    (np.int64(0), 4)
    """

    _module: ClassVar[str] = "structures"
    tasks: ClassVar[tuple[Task, ...]] = (
        Task(
            "the network stands on the leftmost point. It is to go along a rubber band around all points, "
            "anticlockwise. Which one will it choose next? Decide, then press that point.",
            "{verdict} From {start} it points at {best}, with {share} of the weight. Now press Step, or Go round.",
        ),
        Task(
            "press Go round. Then pull a point from inside slowly out across the edge, to a place where the network "
            "hesitates: its least sure step has at most 70 % of the weight.",
            "At {start} it gives {best} {share} and {second} {other}. It still has to point at one; the weights say "
            "how sure it is, not whether it is right.",
        ),
        Task(
            "training had 5 to 10 points. Go round, then move Points to the right until the outline is wrong.",
            "With {count} points it {verdict}. A pointer answers for any number, this one best for those of training.",
        ),
    )

    points = Numbers(
        EIGHT,
        shape=((3, MOST_POINTS), 2),
        most=1.0,
        meaning=f"3 to {MOST_POINTS} rows of two numbers from −1 to 1, no two the same",
    )
    steps = Ranged(0, MOST_POINTS, 0, whole=True, label="Step", help="How many were taken; behind the end, all.")
    model = Network(
        untrained(),
        wanted="a PointerNetwork for points of two numbers",
        shapes=_shapes_of,
        also=lambda module: {"heads": [module.attention[0].heads]},
        help="A PointerNetwork.",
    )
    trained = Words("not trained at all", most=80, help="How the network was trained, in a few words.")

    outline = computed("The numbers of the points in the order in which it goes to them, from the leftmost.")
    weights = computed("The weights of each step over the points; the last one leads back to the start.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compute()

    @traitlets.validate("points")
    def _check_points(self, proposal: dict[str, Any]) -> list[Any]:
        points: list[Any] = proposal["value"]
        places = np.floor(np.array(points) * 1e6 + 0.5).tolist()
        for i, place in enumerate(places):
            if (other := places.index(place)) < i:
                raise traitlets.TraitError(f"points {other} and {i} are in one place; no two may be the same")
        return points

    @traitlets.observe("points", "model")
    def _compute(self, change: object = None) -> None:
        self.corners, self.along = true_round(self.points)
        scores = point_scores(unpack(self.model), np.array(self.points))
        path = follow(scores, self.corners[0])
        used = np.array([[j in path[: t + 1] for j in range(len(scores))] for t in range(len(path))])  # (t, k)
        used[2:, path[0]] = False
        self._ends = [*path[1:], path[0]]
        self._tell({"outline": np.array(path), "weights": point(scores[path], used=used)})

    @property
    def at(self) -> int:
        """How many steps were taken; as many as the outline has points, when it is closed."""
        return min(int(self.steps), len(self.outline))

    @property
    def gone(self) -> list[int]:
        """The points so far; the last one is where it stands."""
        return [self.corners[0], *self._ends[: self.at]]

    @property
    def row(self) -> np.ndarray | None:
        """The weights of the step that is next; None when the outline is closed."""
        return None if self.at == len(self.outline) else self.weights[self.at]

    def told(self) -> str:
        """Return the step that is next, like ``a → e, with 97 %``, or what the outline does once it is closed."""
        if self.row is None:
            return f"The outline {verdict(self.outline.tolist(), self.corners, self.along)[1]}"
        return f"{_letter(self.gone[-1])} → {_letter(self._ends[self.at])}, with {percent(self.row.max())}"

    def bars(self) -> dict[str, float]:
        """Return the largest weights of the step that is next, or the least sure steps of a closed outline."""
        if self.row is not None:
            return {_letter(i): self.row[i] for i in np.argsort(-self.row, kind="stable")[:BARS]}
        sure, path = self.weights.max(axis=1), self.outline
        return {
            f"{_letter(path[t])} → {_letter(self._ends[t])}": sure[t] for t in np.argsort(sure, kind="stable")[:BARS]
        }

    def rows(self) -> list[list[str]]:
        """Return where each point is, its weight for the next step, its place in the outline, and where it lies."""
        kinds = {i: "corner" if i in self.corners else "edge" for i in self.along}
        return [
            [
                *(_letter(i), decimal(x), decimal(y)),
                "–" if self.row is None else percent(self.row[i]),
                str(self.gone.index(i) + 1) if i in self.gone else "–",
                kinds.get(i, "inside"),
            ]
            for i, (x, y) in enumerate(self.points)
        ]

    def static_svg(self) -> str:
        """Return the points, the true hull, the outline and the weights as they stand now, as an SVG picture."""
        places, gone = self.points, self.gone
        row = [] if self.row is None else self.row.tolist()
        parts = ['<g transform="translate(16 16)">', svg.plane(1)[1]]
        parts += [svg.polygon([places[i] for i in self.corners], 1, colour=LIGHT["value"])]
        lines = [(gone[-1], i, "accent", 1 + 5 * weight) for i, weight in enumerate(row) if weight >= 0.01]
        lines += [(a, b, "query", 2.5) for a, b in pairwise(gone)]
        parts += [svg.line(places[a], places[b], 1, colour=LIGHT[ink], thickness=wide) for a, b, ink, wide in lines]
        for i, place in enumerate(places):
            parts.append(svg.disc(place, 1, name=_letter(i), colour=LIGHT["query" if i == gone[-1] else "key"]))
        parts += ['</g><g transform="translate(368 16)">', svg.text(0, 12, self.told(), bold=True)]
        parts += [svg.note(0, 46, self._headline()), svg.note(0, 300, "dashed: the true hull")]
        for n, (name, weight) in enumerate(self.bars().items()):
            parts += [svg.text(0, 76 + 28 * n, name), svg.weight_bar(56, 66 + 28 * n, weight, width=160)]
            parts += [svg.text(276, 76 + 28 * n, percent(weight), end=True)]
        return svg.picture(680, 352, title="Pointing instead of averaging", alt=self.alt, parts=[*parts, "</g>"])

    def _headline(self) -> str:
        return "its least sure steps" if self.row is None else f"largest weights at {_letter(self.gone[-1])}"

    @property
    def alt(self) -> str:
        """The walk as it stands now, in words."""
        bars = ", ".join(f"{name} {percent(weight)}" for name, weight in self.bars().items())
        return (
            f"A square with {len(self.points)} points. A network, {self.trained}, goes round them from the leftmost; "
            f"so far {', '.join(map(_letter, self.gone))}. {self.told()}. {self._headline().capitalize()}: {bars}. "
            f"The corners of the true hull are {_listed(list(map(_letter, self.corners)))}."
        )


def _letter(i: int) -> str:
    return chr(ord("a") + i)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + " and " * (len(names) > 1) + names[-1]
