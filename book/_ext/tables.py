"""A table wider than the screen scrolls in a box of its own; the page does not."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform


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


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the transform."""
    app.add_post_transform(BoxTables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
