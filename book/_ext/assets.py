"""One style sheet for the whole site, put together from small files; addresses that change when the content does.

`book/_site/css/` holds the parts in the order of their names, KaTeX's and the explorers' styles come after.
Everything in `book/_site/static/` is copied by Sphinx (`html_static_path`).
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from attnbook.widgets import link

SITE = Path(__file__).parents[1] / "_site"
KATEX = SITE / "static" / "katex"
STYLE = "folio.css"
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
INDENT = re.compile(r"\n\s*")


def style_sheet() -> str:
    """All styles of the site as one text, without comments and indentation."""
    parts = [path.read_text(encoding="utf-8") for path in sorted((SITE / "css").glob("*.css"))]
    katex = (KATEX / "katex.min.css").read_text(encoding="utf-8").replace("url(fonts/", "url(katex/fonts/")
    # Text is readable before its fonts arrive; only the letters a page uses are ever fetched.
    katex = katex.replace("@font-face{", "@font-face{font-display:swap;")
    return INDENT.sub("\n", COMMENT.sub("", "\n".join([*parts, katex, link.style_sheet()])))


def version(content: bytes) -> str:
    """A short name for some content."""
    return hashlib.sha256(content).hexdigest()[:8]


def content_of(name: str) -> bytes:
    """What will be served under `_static/` by this name."""
    if name == STYLE:
        return style_sheet().encode()
    if (SITE / "static" / name).is_file():
        return (SITE / "static" / name).read_bytes()
    return link.classic_script(Path(name).stem).encode()


def add_asset(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Give templates `asset("folio.js")`: the file's address with its version."""

    def asset(name: str) -> str:
        versions: dict[str, str] = app.builder.__dict__.setdefault("asset_versions", {})
        if name not in versions:
            versions[name] = version(content_of(name))
        return f"{context['pathto'](f'_static/{name}', resource=True)}?v={versions[name]}"

    context["asset"] = asset


def write_style(app: Sphinx, exception: Exception | None) -> None:
    """Write the style sheet."""
    if exception is None and app.builder.name == "html":
        (Path(app.outdir) / "_static" / STYLE).write_bytes(content_of(STYLE))


def setup(app: Sphinx) -> dict[str, bool]:
    """Name the assets while pages are written, write the style sheet at the end."""
    app.connect("html-page-context", add_asset)
    app.connect("build-finished", write_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
