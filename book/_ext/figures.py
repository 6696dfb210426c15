"""Pictures keep their place while they load, load when they are near, and are never without words.

An `<img>` gets the size that is written in its file, so that nothing jumps when it arrives. A picture without
alternative text is a warning, and so fails the build.
"""

from __future__ import annotations

import html
import posixpath
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.images import get_image_size
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

SVG_TAG = re.compile(r"<svg\b[^>]*>")
LENGTH = re.compile(r'\s(width|height)="([\d.]+)(pt|px|in|)"')
WIDE = 400  # CSS pixels; on a narrow screen a wider picture would shrink until its words cannot be read
PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "in": 96.0}


def pixel_size(path: Path) -> tuple[int, int] | None:
    """Width and height of a picture in CSS pixels, if its file tells."""
    if path.suffix != ".svg":
        return get_image_size(str(path))
    tag = SVG_TAG.search(path.read_text(encoding="utf-8"))
    lengths = {side: float(number) * PIXELS[unit] for side, number, unit in LENGTH.findall(tag[0])} if tag else {}
    return (round(lengths["width"]), round(lengths["height"])) if len(lengths) == 2 else None


def check_words(app: Sphinx, document: nodes.document) -> None:
    """Ask for the words that stand for each picture."""
    for image in document.findall(nodes.image):
        if not image.get("alt", "").strip():
            logger.warning(
                "a picture without alternative text: say what it shows in the cell's `mystnb: image: alt:`",
                location=image.parent if image.line is None else image,
            )


def visit_image(self: Any, node: nodes.image) -> None:
    """An `<img>` that reserves its place."""
    if self.builder.name == "epub":
        HTML5Translator.visit_image(self, node)
        return
    source = Path(self.builder.srcdir) / node["uri"]
    size = pixel_size(source) if source.is_file() else None
    attributes = {
        "src": posixpath.join(self.builder.imgpath, quote(self.builder.images.get(node["uri"], node["uri"]))),
        "alt": node.get("alt", ""),
        "class": " ".join(node["classes"]),
        "width": size[0] if size else "",
        "height": size[1] if size else "",
        "style": f"width: {css_length(node['width'])}" if "width" in node else "",
    }
    written = "".join(f' {name}="{html.escape(str(value))}"' for name, value in attributes.items() if value)
    image = f'<img{written} loading="lazy" decoding="async">'
    if size and size[0] > WIDE:  # it gets a box to scroll in where the screen is narrow (70-figures.css)
        image = f'<span class="picture scrolls" data-label="Figure" style="--width: {size[0]}px">{image}</span>'
    self.body.append(image)


def css_length(length: str) -> str:
    """A bare number counts pixels."""
    return f"{length}px" if length.isdigit() else length


def depart_image(self: Any, node: nodes.image) -> None:
    """Nothing is left to close."""
    if self.builder.name == "epub":
        HTML5Translator.depart_image(self, node)


def setup(app: Sphinx) -> dict[str, bool]:
    """Check pictures when a page is read, write them our way."""
    app.add_node(nodes.image, override=True, html=(visit_image, depart_image))
    app.connect("doctree-read", check_words)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
