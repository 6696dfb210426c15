"""What a link to a page shows elsewhere: its canonical address, and a picture of its own first explorer.

Social networks take no SVG, so the still picture is drawn once more, as PNG, by matplotlib, which brings its fonts
along: the same bytes on every machine. It understands what `attnbook.widgets.svg` writes (straight paths, circles,
words, pixels) and refuses anything else.

The address of the site is `html_baseurl`, or GitHub's for the repository.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D, Transform
from PIL import Image
from sphinx.application import Sphinx
from sphinx.config import Config

WIDTH, HEIGHT = 1200, 630  # pixels: what networks ask for
POINT = 72 / 100  # points of type in a pixel, at 100 pixels an inch
FOLDER = "_static/previews"
UNDRAWN = {"title", "desc"}
INHERITED = {"fill", "stroke", "stroke-width", "stroke-opacity", "fill-opacity", "stroke-dasharray", "font-size"}
INHERITED |= {"font-weight", "text-anchor"}


def site_address(config: Config) -> str:
    """Where the site is, with a slash at its end."""
    owner, _, name = urlsplit(config.html_theme_options["repository_url"]).path.strip("/").partition("/")
    return f"{(config.html_baseurl or f'https://{owner.lower()}.github.io/{name}').rstrip('/')}/"


def add_preview(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Give the template the page's address, and its picture's: that of the front page for a page that has none."""
    if pagename not in app.env.all_docs:
        return
    address = site_address(app.config)
    stills = pictures(app)
    shown = pagename if pagename in stills else app.config.root_doc
    context["canonical"] = urljoin(address, app.builder.get_target_uri(pagename))
    if shown in stills:
        context["preview"] = urljoin(address, file_of(shown))
        context["preview_words"] = ElementTree.fromstring(stills[shown]).findtext("{*}desc") or ""


def pictures(app: Sphinx) -> dict[str, str]:
    """The still picture of the first explorer of each page that has one."""
    return {page: meta["still"] for page, meta in sorted(app.env.metadata.items()) if "still" in meta}


def file_of(docname: str) -> str:
    """The picture's place in the site."""
    return f"{FOLDER}/{PurePosixPath(docname).name}.png"


def write_pictures(app: Sphinx, exception: Exception | None) -> None:
    """Draw all of them."""
    if exception is not None or app.builder.name != "html":
        return
    for docname, svg in pictures(app).items():
        path = Path(app.outdir) / file_of(docname)
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(svg, path)


def draw(svg: str, path: Path) -> None:
    """Write a still picture as PNG."""
    picture = ElementTree.fromstring(svg)
    width, height = float(picture.attrib["width"]), float(picture.attrib["height"])
    scale = min(WIDTH / width, HEIGHT / height)
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
    canvas = FigureCanvasAgg(figure)
    # SVG counts from the top.
    page = Affine2D().scale(scale, -scale).translate((WIDTH - scale * width) / 2, (HEIGHT + scale * height) / 2)
    _draw(figure, picture, page, {})
    canvas.draw()  # type: ignore[no-untyped-call]
    # A palette is a third of the bytes, and these pictures have few colours.
    pixels = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")  # type: ignore[no-untyped-call]
    pixels.quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)


def _pixels(href: str) -> np.ndarray[Any, Any]:
    """The pixels of a PNG that is written into the picture."""
    return np.asarray(Image.open(BytesIO(b64decode(href.partition(",")[2]))))


def _draw(figure: Figure, element: ElementTree.Element, place: Transform, above: Mapping[str, str]) -> None:
    kind = element.tag.rpartition("}")[2]
    if kind in UNDRAWN:
        return
    given = element.attrib
    style = {name: value for name, value in {**above, **given}.items() if name in INHERITED}
    place = _moved(given.get("transform", "")) + place
    size = float(np.sqrt(abs(np.linalg.det(place.get_matrix()[:2, :2]))))  # of a unit, in pixels
    if kind in {"svg", "g"}:
        if above and "viewBox" in given:  # a picture in the picture
            left, top, width, _ = map(float, _numbers(given["viewBox"]))
            place = Affine2D().translate(-left, -top).scale(float(given["width"]) / width) + place
        for child in element:
            _draw(figure, child, place, style)
    elif kind == "text":
        x, y = place.transform((float(given.get("x", 0)), float(given.get("y", 0))))
        along = place.get_matrix()[:2, 0]  # where the line of writing goes
        figure.text(
            x / WIDTH,
            y / HEIGHT,
            "".join(element.itertext()).replace("$", r"\$"),
            fontsize=0.94 * float(style["font-size"]) * size * POINT,  # its letters are wider than a system's
            fontweight="bold" if int(style.get("font-weight", 400)) >= 600 else "normal",
            color=style.get("fill", "black"),
            ha={"middle": "center", "end": "right"}.get(style.get("text-anchor", ""), "left"),
            rotation=float(np.degrees(np.arctan2(along[1], along[0]))),
            rotation_mode="anchor",
        )
    elif kind == "image":
        left, top, wide, high = (float(given.get(name, 0)) for name in ("x", "y", "width", "height"))
        (x, y), (end, above_it) = place.transform([(left, top + high), (left + wide, top)])
        inside = figure.add_axes((x / WIDTH, y / HEIGHT, (end - x) / WIDTH, (above_it - y) / HEIGHT))
        inside.imshow(_pixels(given["href"]), interpolation="nearest", aspect="auto")
        inside.set_axis_off()
    elif kind == "path" and not given["d"]:
        return  # nothing is outlined
    elif kind in {"path", "circle"}:
        paint = {
            "facecolor": _colour(style, "fill", "black"),
            "edgecolor": _colour(style, "stroke", "none"),
            "linewidth": float(style.get("stroke-width", 1)) * size * POINT if "stroke" in style else 0,
            "linestyle": (0, [float(n) for n in _numbers(style["stroke-dasharray"])])
            if "stroke-dasharray" in style
            else "solid",
            "antialiased": True,
        }
        if kind == "circle":
            centre, radius = place.transform((float(given["cx"]), float(given["cy"]))), float(given["r"]) * size
            shape: Any = Circle(tuple(centre), radius, **paint)
        else:
            shape = PathPatch(_outline(given["d"]).transformed(place), joinstyle="miter", capstyle="butt", **paint)
        shape.set_transform(Affine2D())
        figure.add_artist(shape)
    else:
        raise ValueError(f"a preview cannot draw <{kind}>: teach it in book/_ext/previews.py")


def _colour(style: Mapping[str, str], name: str, otherwise: str) -> Any:
    colour = style.get(name, otherwise)
    return colour if colour == "none" else (colour, float(style.get(f"{name}-opacity", 1)))


def _numbers(text: str) -> list[str]:
    return re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)


def _moved(transform: str) -> Affine2D:
    place = Affine2D()
    for name, numbers in reversed(re.findall(r"(\w+)\(([^)]*)\)", transform)):
        values = [float(number) for number in _numbers(numbers)]
        if name not in {"translate", "scale", "rotate"}:
            raise ValueError(f"a preview cannot {name}(…): teach it in book/_ext/previews.py")
        move = place.rotate_deg if name == "rotate" else getattr(place, name)
        move(*values, *([0.0] if name == "translate" and len(values) == 1 else []))
    return place


def _outline(commands: str) -> Outline:
    """Straight lines only: M, L, H, V, absolute or relative, and z."""
    points: list[tuple[float, float]] = []
    codes: list[np.uint8] = []
    x = y = 0.0
    start = (x, y)
    for command, numbers in _steps(commands):
        if command in "zZ":
            points.append(start)
            codes.append(Outline.CLOSEPOLY)
            x, y = start
            continue
        across, down = (x, y) if command.islower() else (0.0, 0.0)
        kind = command.upper()
        x = across + numbers[0] if kind in "MLH" else x
        y = down + numbers[-1] if kind in "MLV" else y
        points.append((x, y))
        codes.append(Outline.MOVETO if kind == "M" else Outline.LINETO)
        start = (x, y) if kind == "M" else start
    return Outline(points, codes)


def _steps(commands: str) -> Iterator[tuple[str, list[float]]]:
    for command, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", commands):
        if command not in "MmLlHhVvZz":
            raise ValueError(f"a preview cannot draw the curve {command!r}: teach it in book/_ext/previews.py")
        numbers = [float(number) for number in _numbers(rest)]
        size = {"M": 2, "L": 2, "H": 1, "V": 1, "Z": 1}[command.upper()]
        for at in range(0, max(len(numbers), 1), size):
            # More pairs after a move are lines.
            follows = {"M": "L", "m": "l"}.get(command, command) if at else command
            yield follows, numbers[at : at + size]


def setup(app: Sphinx) -> dict[str, bool]:
    """Name pictures while pages are written, draw them at the end."""
    app.connect("html-page-context", add_preview)
    app.connect("build-finished", write_pictures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
