"""Hints, solutions and whatever else has the class `dropdown` fold away in a real `<details>`, with no script.

Also here: sphinx-exercise gives the body of every exercise and solution the same id; the body keeps its place and
loses the id, because an id may stand once in a page.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import is_extension_node, solution_node


class dropdown(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """Shows its first child; the rest opens on demand."""


class dropdown_title(nodes.Part, nodes.TextElement):  # type: ignore[misc]  # noqa: N801
    """What one presses to open it."""


class Dropdowns(SphinxPostTransform):
    """Turn every admonition and solution with the class `dropdown` into a folded one."""

    default_priority = 30  # after sphinx-exercise has written the titles
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Fold from the inside out, so that a folded thing may hold another."""
        for node in reversed(list(self.document.findall(self._folds))):
            title, *body = node.children
            new = dropdown("", **node.attributes)
            new += dropdown_title("", "", *plain(title))
            new += body
            node.replace_self(new)

    @staticmethod
    def _folds(node: nodes.Node) -> bool:
        return isinstance(node, (nodes.admonition, solution_node)) and "dropdown" in node["classes"]


def plain(title: nodes.Node) -> list[nodes.Node]:
    """The title without links: a link inside what one presses would be pressed by mistake."""
    for reference in list(title.findall(nodes.reference)):
        reference.replace_self(reference.children)
    return list(title.children)


def free_of_ids(app: Sphinx, document: nodes.document) -> None:
    """Replace the sections that sphinx-exercise puts around a body by plain containers."""
    for node in document.findall(is_extension_node):
        for section in [child for child in node.children if isinstance(child, nodes.section)]:
            body = nodes.container("", *section.children, classes=["exercise-body"])
            node.replace(section, body)  # not replace_self, which would hand the id on


def visit_dropdown(self: Any, node: dropdown) -> None:
    """Open the `<details>`."""
    self.body.append(self.starttag(node, "details", CLASS="admonition"))


def depart_dropdown(self: Any, node: dropdown) -> None:
    """Close it."""
    self.body.append("</details>\n")


def visit_dropdown_title(self: Any, node: dropdown_title) -> None:
    """Open the `<summary>`."""
    self.body.append('<summary class="admonition-title">')


def depart_dropdown_title(self: Any, node: dropdown_title) -> None:
    """Close it."""
    self.body.append("</summary>\n")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the nodes and the transform."""
    app.add_node(dropdown, html=(visit_dropdown, depart_dropdown))
    app.add_node(dropdown_title, html=(visit_dropdown_title, depart_dropdown_title))
    app.connect("doctree-read", free_of_ids)
    app.add_post_transform(Dropdowns)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
