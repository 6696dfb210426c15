"""What the search page looks in: the text of every page as a reader sees it, in one script.

A page is cut into pieces at whatever has a title and an address: its sections, exercises and solutions, the entries of
the glossary and of the package. A piece keeps its lines (a paragraph, a row of a table; a line of code begins with a
tab), so that a result can show the one that was meant. It is a script and not JSON, because a page that was opened as
a file may fetch nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from assets import version
from chapter_numbers import numbered_title
from dropdowns import dropdown, dropdown_title
from katex_local import display_tex, typesetter

INDEX = "search-index.js"
PACKAGE = "attnbook."  # every name of the package begins with it, so titles leave it out
NOT_READ = (nodes.comment, nodes.target, addnodes.desc_signature, addnodes.index, addnodes.toctree)
TITLES = (nodes.title, nodes.term, dropdown_title)
RAISED = str.maketrans("0123456789niT⊤+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱᵀᵀ⁺⁻⁻")
LOWERED = str.maketrans("0123456789aehijklmnopstvx", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚₛₜᵥₓ")


@dataclass
class Piece:
    """What one result leads to."""

    anchor: str
    title: str
    package: bool = False  # an entry of the package
    lines: list[str] = field(default_factory=list)


class Reader:
    """Cuts one page into pieces."""

    def __init__(self, app: Sphinx, docname: str) -> None:
        self.env, self.docname = app.env, docname
        self.typesetter = typesetter(app.builder)
        self.pieces: list[Piece] = []

    def read(self, page: nodes.Element) -> list[Piece]:
        """Return the pieces in the order of the page; the first is the page itself."""
        self._read(page, Piece("", ""))
        return [piece for piece in self.pieces if piece.lines or piece.title]

    def _read(self, node: nodes.Element, piece: Piece) -> None:
        if isinstance(node, NOT_READ) or "references" in node.get("classes", []):
            return
        if opened := self._piece_of(node):
            piece = opened
            self.pieces.append(piece)
        if isinstance(node, TITLES) and not piece.lines and not isinstance(node.parent, nodes.table):
            return  # the result shows its title above the text
        if isinstance(node, nodes.raw):
            piece.lines += [self._plain(node)]
        elif isinstance(node, nodes.literal_block):
            piece.lines += [f"\t{line.strip()}" for line in node.astext().splitlines() if line.strip()]
        elif isinstance(node, nodes.row):
            piece.lines.append(" · ".join(filter(None, (self._plain(cell) for cell in node.children))))
        elif isinstance(node, nodes.TextElement):
            piece.lines += filter(None, [self._plain(node)])
        else:
            for child in node.children:
                if isinstance(child, nodes.Element):
                    self._read(child, piece)

    def _piece_of(self, node: nodes.Element) -> Piece | None:
        """The piece that begins with this element, if one does."""
        if isinstance(node, addnodes.desc):
            names = node[0].get("ids")
            return Piece(names[0], names[0].removeprefix(PACKAGE), package=True) if names else None
        if isinstance(node, nodes.definition_list_item):
            terms = [term for term in node.children if isinstance(term, nodes.term)]
            ids = terms[0].get("ids")
            return Piece(ids[0], " · ".join(map(self._plain, terms))) if ids else None
        if not node.get("ids") or not isinstance(node, nodes.section | dropdown | nodes.Admonition):
            return None
        anchor, title = node["ids"][0], self._plain(node[0])
        if isinstance(node.parent, nodes.document):
            return Piece("", numbered_title(self.env, self.docname))
        if isinstance(node, nodes.section):
            number = self.env.toc_secnumbers.get(self.docname, {}).get(f"#{anchor}", ())
            return Piece(anchor, f"{'.'.join(map(str, number))} {title}".strip())
        numbers = self.env.toc_fignumbers.get(self.docname, {}).get(node.get("type", ""), {})
        kind = f"{node['title']} {'.'.join(map(str, numbers[anchor]))} " if anchor in numbers else ""
        return Piece(anchor, kind + title)

    def _plain(self, node: nodes.Node) -> str:
        return " ".join("".join(self._words(node)).split())

    def _words(self, node: nodes.Node) -> Iterator[str]:
        if isinstance(node, nodes.Text):
            yield node.astext()
        elif isinstance(node, nodes.math):
            yield self._formula(node, display=False)
        elif isinstance(node, nodes.math_block):
            yield f" {self._formula(node, display=True)} "
        elif isinstance(node, nodes.raw):
            shown = re.sub(r"<(style|script|svg)\b.*?</\1>", "", node.astext(), flags=re.DOTALL)
            yield unescape(re.sub(r"<[^>]+>", "", shown)) if node.get("format") == "html" else ""
        elif not isinstance(node, NOT_READ) and "column" not in node.get("classes", []):  # names of columns, repeated
            for child in node.children:
                yield from self._words(child)
                if isinstance(child, nodes.paragraph):
                    yield " "

    def _formula(self, node: nodes.Element, *, display: bool) -> str:
        tex = node.astext()
        html = self.typesetter.set(display_tex(tex) if display else tex, display, node)
        found = re.search(r"<math.*?</math>", html, re.DOTALL)
        return in_a_line(ElementTree.fromstring(found[0])) if found else tex


def in_a_line(formula: ElementTree.Element) -> str:
    """MathML as one would type it: √d, a/b, x², kᵢ."""
    tag = formula.tag.rpartition("}")[2]
    parts = [in_a_line(child) for child in formula]
    if tag == "annotation":
        return ""
    if tag == "mfrac":
        return "/".join(part if len(part) == 1 else f"({part})" for part in parts)
    if tag == "msqrt":
        inner = "".join(parts)
        return f"√{inner}" if inner.isalnum() else f"√({inner})"
    if tag in {"munder", "munderover"}:
        return parts[0]  # a sum, without the ends of its index
    if tag in {"msub", "msup", "msubsup"}:
        if parts[0] == "∑":
            return parts[0]
        kinds = [(LOWERED, "_")] * ("sub" in tag) + [(RAISED, "^")] * ("sup" in tag)
        return parts[0] + "".join(small(part, *kind) for part, kind in zip(parts[1:], kinds, strict=True))
    return (formula.text or "").replace("\N{FUNCTION APPLICATION}", "") + "".join(parts)


def small(text: str, letters: dict[int, int], sign: str) -> str:
    """An index or a power, in small letters if all of them exist."""
    if letters.keys() >= set(map(ord, text)):
        return text.translate(letters)
    return sign + (text if len(text) < 3 else f"({text})")


def cache_of(app: Sphinx) -> Path:
    """Where the pieces of pages are kept from one build to the next, in which only changed pages are written."""
    return Path(app.doctreedir) / "search.json"


def begin(app: Sphinx) -> None:
    """Take the place of Sphinx's own search, with what is known of pages that will not be written anew."""
    app.builder.search = False  # type: ignore[attr-defined]
    cache = cache_of(app)
    known = json.loads(cache.read_text(encoding="utf-8")) if cache.is_file() else {}
    app.builder.search_pieces = known  # type: ignore[attr-defined]


def read_page(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Keep the pieces of a page."""
    if doctree is not None and app.builder.name == "html":
        pieces = Reader(app, pagename).read(doctree)
        app.builder.search_pieces[pagename] = [asdict(piece) for piece in pieces]  # type: ignore[attr-defined]


def index(env: BuildEnvironment, known: dict[str, list[dict[str, Any]]]) -> str:
    """The script: pages in the order of the book, each with its pieces."""
    site_map: Any = env.external_site_map  # type: ignore[attr-defined]
    order = [name for name in (document.removesuffix(".md") for document in site_map) if name in known]
    pages = [
        [
            f"{name}.html",
            [
                [piece["anchor"], piece["title"], "\n".join(piece["lines"]), int(piece["package"])]
                for piece in known[name]
            ],
        ]
        for name in order
    ]
    return f"globalThis.searchIndex = {json.dumps(pages, ensure_ascii=False, separators=(',', ':'))};\n"


def search_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Write the index, and hand Sphinx the page that loads it."""
    if app.builder.name != "html":
        return
    known = app.builder.search_pieces  # type: ignore[attr-defined]
    cache_of(app).write_text(json.dumps(known), encoding="utf-8")
    script = index(app.env, known).encode()
    (Path(app.outdir) / "_static" / INDEX).write_bytes(script)
    yield "search", {"index": f"_static/{INDEX}", "index_version": version(script)}, "search.html"


def setup(app: Sphinx) -> dict[str, bool]:
    """Read pages as they are written; write the index after the last."""
    app.connect("builder-inited", begin)
    app.connect("html-page-context", read_page)
    app.connect("html-collect-pages", search_page)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
