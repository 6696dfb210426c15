"""The `{recipe}` directive: the two steps of attention as a picture, each chapter hung on the step it is about.

Texts and places come from `book/plan.yml`, links from `_toc.yml`, and the small pictures are drawn from the numbers
that the package computes for the book's six vectors. It is a list, so it can be read out and it fits any width.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NotRequired, TypedDict

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from attnbook.core import attend, scaled_dot
from attnbook.data.six_vectors import six_vectors
from attnbook.theme import LIGHT
from plan import PLAN, Chapter, link_to, read_plan

WIDTH, HEIGHT = 132, 96
FLOOR = 80  # of the weights' bars; below it stand the names of the keys
QUERY, KEYS, VALUES, NAMES = six_vectors()
SCORES = scaled_dot(QUERY, KEYS)
OUTPUT, WEIGHTS = attend(SCORES, VALUES)


class Step(TypedDict):
    """One place on which chapters hang."""

    place: str
    when: NotRequired[str]
    name: str
    words: str


def read_recipe() -> list[Step]:
    """All places in their order."""
    steps: list[Step] = yaml.safe_load(PLAN.read_text(encoding="utf-8"))["recipe"]
    return steps


# --- the small pictures ---------------------------------------------------------------------------------------------


def picture(words: str, parts: Sequence[str]) -> nodes.raw:
    """A drawing that says in words what it shows."""
    svg = (
        f'<svg role="img" aria-label="{words}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-size="11" text-anchor="middle">{"".join(parts)}</svg>'
    )
    return nodes.raw("", svg, format="html")


def paint(kind: str, how: str = "fill") -> str:
    """A colour for readers without our style sheet, and the class by which the style sheet knows better."""
    return f'class="{how}-{kind}" {how}="{LIGHT[kind]}"'


def seen(point: Sequence[float]) -> tuple[float, float]:
    """Where a point of the plane stands in the drawing."""
    return 66 + 25 * point[0], 50 - 21 * point[1]


def arrow(point: Sequence[float], kind: str, thick: float) -> str:
    """A line from the centre, with a dot at its end."""
    (x, y), (left, top) = seen(point), seen((0, 0))
    shaft = f'<path d="M{left:g} {top:g}L{x:.1f} {y:.1f}" {paint(kind, "stroke")} stroke-width="{thick:g}"/>'
    return f'{shaft}<circle cx="{x:.1f}" cy="{y:.1f}" r="{1.5 + thick:g}" {paint(kind)}/>'


def bars(heights: Sequence[float], floor: float, kind: str) -> list[str]:
    """A bar for each key, up or down from the floor, and the keys' names."""
    drawn = [f'<path d="M4 {floor:g}H128" {paint("muted", "stroke")}/>']
    for place, (name, height) in enumerate(zip(NAMES, heights, strict=True)):
        x = 9 + 20 * place
        drawn.append(f'<path d="M{x} {floor:g}h14v{-height:.1f}h-14z" {paint(kind)}/>')
        drawn.append(f'<text x="{x + 7}" y="93" {paint("ink")}>{name}</text>')
    return drawn


def meeting() -> nodes.raw:
    """The query among the keys."""
    parts = [arrow(key, "key", 1.5) for key in KEYS] + [arrow(QUERY[0], "query", 3)]
    return picture("Six thin arrows from one centre, the keys, and a thick one, the query.", parts)


def scores() -> nodes.raw:
    """A bar for each score, above or below zero."""
    told = ", ".join(f"{name} {score:.2f}".replace("-", "−") for name, score in zip(NAMES, SCORES[0], strict=True))
    return picture(f"A bar up or down for each key: {told}.", bars(30 * SCORES[0], 42, "key"))


def weights() -> nodes.raw:
    """A bar for each weight."""
    told = ", ".join(f"{name} {weight:.2f}" for name, weight in zip(NAMES, WEIGHTS[0], strict=True))
    return picture(f"A bar upwards for each key; the bars sum to one: {told}.", bars(190 * WEIGHTS[0], FLOOR, "accent"))


def average() -> nodes.raw:
    """The values as discs as large as their weight, and the answer among them."""
    parts = []
    for value, weight in zip(VALUES, WEIGHTS[0], strict=True):
        (x, y), size = seen(value), 22 * weight**0.5
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" {paint("value")} fill-opacity="0.55"/>')
    x, y = seen(OUTPUT[0])
    square = f'<path d="M{x - 6:.1f} {y:.1f}l6 -6l6 6l-6 6z" {paint("ink")}/>'
    told = "Six discs, the values, each as large as its weight, and among them a diamond, the answer."
    return picture(told, [*parts, square])


PICTURES: dict[str, Callable[[], nodes.raw]] = {
    "meeting": meeting,
    "scores": scores,
    "weights": weights,
    "average": average,
}


# --- the list -------------------------------------------------------------------------------------------------------


class Recipe(SphinxDirective):
    """The recipe, its roots and what is made of it, with all chapters of the plan."""

    def run(self) -> list[nodes.Node]:
        """One item for each place."""
        self.env.note_dependency(str(PLAN))
        chapters = read_plan()
        items = [self.item(step, [one for one in chapters if one["place"] == step["place"]]) for step in read_recipe()]
        return [nodes.bullet_list("", *items, classes=["recipe"])]

    def item(self, step: Step, chapters: list[Chapter]) -> nodes.list_item:
        """A picture if there is one, the name, a sentence, and the chapters."""
        place = step["place"]
        when = [nodes.paragraph("", step["when"], classes=["recipe-when"])] if "when" in step else []
        name = nodes.paragraph("", "", nodes.strong("", step["name"]), classes=["recipe-name"])
        listed = nodes.bullet_list(classes=["recipe-chapters"])
        for chapter in chapters:
            number = (
                [nodes.inline("", f"{chapter['number']} ", classes=["recipe-number"])] if "number" in chapter else []
            )
            link = link_to(self.env, chapter, chapter["title"])
            listed += nodes.list_item("", nodes.paragraph("", "", *number, link))
        drawn = [PICTURES[place]()] if place in PICTURES else []
        kind = "recipe-step" if drawn else "recipe-aside"
        words = nodes.container("", *when, name, nodes.paragraph("", step["words"]), listed, classes=["recipe-words"])
        return nodes.list_item("", *drawn, words, classes=[kind, f"recipe-{place}"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("recipe", Recipe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
