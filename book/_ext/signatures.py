"""Signatures say shapes as the chapters do: `Array[..., q, k]` where the code says `Float[Array, "*#b q k"]`."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

MODULE = re.compile(r"~(?:\w+\.)+")
ARRAY = re.compile(r"(?:Bool|Float\d*|Int\d*)\[\w+, '([^']*)'\]")


def shape(axes: str) -> str:
    """Write one shape: `*#b q k` becomes `Array[..., q, k]`."""
    return f"Array[{', '.join('...' if axis.startswith(('*', '...')) else axis for axis in axes.split())}]"


def write_shapes(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Replace every array annotation of a signature."""
    written = [text and ARRAY.sub(lambda found: shape(found[1]), MODULE.sub("", text)) for text in (signature, returns)]
    return written[0], written[1]


def setup(app: Sphinx) -> dict[str, bool]:
    """Listen to autodoc."""
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx.ext.napoleon")
    app.connect("autodoc-process-signature", write_shapes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
