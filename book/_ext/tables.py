"""A table wider than the screen scrolls in a box of its own; the page does not.

A table of four columns or more would scroll on any phone, and so would one of class `cards`, with long cells. There
each row is a card instead, so its cells bring the names of their columns along (class `column`), which are shown on a
phone only.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

FROM_COLUMNS = 4


class BoxTables(SphinxPostTransform):
    """Put each table into a box."""

    default_priority = 200  # after everything that looks for tables
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Wrap; what is inside stays as it is."""
        for table in list(self.document.findall(nodes.table)):
            box = nodes.container(classes=["scrolls", "table-box"])
            table.parent.replace(table, box)  # not replace_self, which would hand the id on
            box += table
            if next(table.findall(nodes.tgroup))["cols"] >= FROM_COLUMNS or "cards" in table["classes"]:
                name_cells(table)


def name_cells(table: nodes.table) -> None:
    """Put the name of its column before each cell, except the first of a row, which is the name of the row."""
    head = next(table.findall(nodes.thead), None)
    if head is None:
        return
    table["classes"] = sorted({*table["classes"], "cards"})
    names = [next(cell.findall(nodes.paragraph), None) for cell in head.findall(nodes.entry)]
    for row in next(table.findall(nodes.tbody)).findall(nodes.row):
        for name, cell in list(zip(names, row.children, strict=True))[1:]:
            text = next(cell.findall(nodes.paragraph), None)
            if name is not None and text is not None:
                text.insert(0, nodes.inline("", "", *name.deepcopy().children, nodes.Text(": "), classes=["column"]))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the transform."""
    app.add_post_transform(BoxTables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
