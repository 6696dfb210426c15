"""Figures keep their place while they load, load when they are near, and fit a phone; none is without words.

An `<img>` gets the size that is written in its file, so that nothing jumps when it arrives. A figure without
alternative text is a warning, and so fails the build, and so does one that is too wide to be read on a phone. In the
dark a figure turns over, and what `attnbook.plots.picture` has drawn in it lies on top once more, as it was.
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
WIDEST = 480  # CSS pixels; on a phone a wider figure would shrink until its words cannot be read
PICTURE = re.compile(r'<image [^>]*?id="picture[^>]*>')
FRAME = 0.5  # points of a picture's edge that its frame covers
PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "in": 96.0}


def pixel_size(path: Path) -> tuple[int, int] | None:
    """Width and height of a picture in CSS pixels, if its file tells."""
    if path.suffix != ".svg":
        return get_image_size(str(path))
    tag = SVG_TAG.search(path.read_text(encoding="utf-8"))
    lengths = {side: float(number) * PIXELS[unit] for side, number, unit in LENGTH.findall(tag[0])} if tag else {}
    return (round(lengths["width"]), round(lengths["height"])) if len(lengths) == 2 else None


def edges(svg: str) -> list[str]:
    """How far each picture in a figure is from its top, right, bottom and left, in CSS."""
    found = []
    width, height = (float(side) for side in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)[0])
    for image in PICTURE.findall(svg):
        wide, high = (float(re.findall(rf' {side}="([\d.]+)"', image)[0]) for side in ("width", "height"))
        across, _, _, down, left, top = map(float, re.findall(r"matrix\(([^)]*)\)", image)[0].split())
        right, bottom = width - left - across * wide, height - top - down * high
        sides = ((top, height), (right, width), (bottom, height), (left, width))
        found.append(" ".join(f"{100 * (side + FRAME) / whole:.2f}%" for side, whole in sides))
    return found


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
    if size and size[0] > WIDEST:
        logger.warning(
            "a figure %d pixels wide, which a phone cannot show: stack its panels, or draw it at most %d wide",
            size[0],
            WIDEST,
            location=node,
        )
    attributes = {
        "src": posixpath.join(self.builder.imgpath, quote(self.builder.images.get(node["uri"], node["uri"]))),
        "alt": node.get("alt", ""),
        "width": size[0] if size else "",
        "height": size[1] if size else "",
        "style": f"width: {css_length(node['width'])}" if "width" in node else "",
    }
    written = "".join(f' {name}="{html.escape(str(value))}"' for name, value in attributes.items() if value)
    image = f'<img{written} loading="lazy" decoding="async">'
    pictures = edges(source.read_text(encoding="utf-8")) if source.suffix == ".svg" and source.is_file() else []
    if pictures:  # 70-figures.css shows them where the figure turns over
        file = html.escape(attributes["src"])
        again = [
            f'<span class="true-colours" style="background-image: url({file}); clip-path: inset({sides})"></span>'
            for sides in pictures
        ]
        image = f'<span class="picture">{image}{"".join(again)}</span>'
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
