"""The scripts and styles of the site: written, and given addresses that change when the content does.

One style sheet serves the whole book: the parts in `book/_site/css/` in the order of their names, KaTeX's styles, and
what all explorers share. What one explorer alone needs is a file of its own, loaded by the pages that show it.
Everything in `book/_site/static/` is copied by Sphinx (`html_static_path`).
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from attnbook.widgets import bundle
from explorers import FOLDER, page_scripts, page_styles

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
    shared = (bundle.CSS / "base.css").read_text(encoding="utf-8")
    return smaller("\n".join([*parts, katex, shared]))


def smaller(style: str) -> str:
    """The styles without comments and indentation."""
    return INDENT.sub("\n", COMMENT.sub("", style))


def version(content: bytes) -> str:
    """A short name for some content."""
    return hashlib.sha256(content).hexdigest()[:8]


def content_of(name: str) -> bytes:
    """What will be served under `_static/` by this name."""
    if name == STYLE:
        return style_sheet().encode()
    if name.startswith(FOLDER):
        module, _, kind = name.removeprefix(f"{FOLDER}/").rpartition(".")
        return (bundle.classic_script(module) if kind == "js" else smaller(bundle.own_style(module))).encode()
    return (SITE / "static" / name).read_bytes()


def add_asset(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Give templates `asset("folio.js")`: the file's address with its version."""

    def asset(name: str) -> str:
        versions: dict[str, str] = app.builder.__dict__.setdefault("asset_versions", {})
        if name not in versions:
            versions[name] = version(content_of(name))
        return f"{context['pathto'](f'_static/{name}', resource=True)}?v={versions[name]}"

    context["asset"] = asset


def write_assets(app: Sphinx, exception: Exception | None) -> None:
    """Write the style sheet, and what the explorers on the pages load; Sphinx has copied the rest."""
    if exception is not None or app.builder.name != "html":
        return
    loaded = {name for page in app.env.all_docs for name in page_scripts(app, page) + page_styles(app, page)}
    for name in [STYLE, *sorted(name for name in loaded if name.startswith(FOLDER))]:
        path = Path(app.outdir) / "_static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content_of(name))
    for meta in app.env.metadata.values():
        for name, script in meta.get("fetched", {}).items():
            (Path(app.outdir) / "_static" / name).write_text(script, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Name the assets while pages are written, write them at the end."""
    app.connect("html-page-context", add_asset)
    app.connect("build-finished", write_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
