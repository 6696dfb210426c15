"""What surrounds a page: its part, its own contents, its description, the neighbours with their numbers.

Also the two ends of the build: options that Jupyter Book sets for themes we do not use are accepted, and afterwards
every page of the table of contents is there and has something in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.adapters.toctree import TocTree
from sphinx.errors import ExtensionError

from chapter_numbers import chapter_number, numbered_title
from explorers import page_scripts, page_styles
from previews import site_address

LONGEST_DESCRIPTION = 160
LEAST_WORDS = 40  # of a page that is more than its frame


def add_shell(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Give the page's template what it shows around the text."""
    env = app.env
    context["scripts"], context["styles"] = page_scripts(app, pagename), page_styles(app, pagename)
    if pagename not in env.all_docs:
        return
    context["number"] = chapter_number(pagename)
    context["plain_title"] = numbered_title(env, pagename)
    context["part"] = part_of(env, pagename)
    context["sections"] = sections(app, pagename)
    context["description"] = description(doctree)
    _, before, after = env.collect_relations()[pagename]
    context["before"], context["after"] = (
        {"title": numbered_title(env, other), "url": context["pathto"](other)} if other else None
        for other in (before, after)
    )


def part_of(env: BuildEnvironment, docname: str) -> str | None:
    """The caption under which the page stands in the table of contents."""
    site_map: Any = env.external_site_map  # type: ignore[attr-defined]
    for subtree in site_map.root.subtrees:
        if docname in [str(item) for item in subtree.items]:
            caption: str | None = subtree.caption
            return caption
    return None


def sections(app: Sphinx, docname: str) -> str:
    """The page's own table of contents: its sections and theirs."""
    tree = TocTree(app.env).get_toc_for(docname, app.builder)
    lists = [node for node in tree.findall(nodes.bullet_list)][1:]
    if not lists:
        return ""
    for deep in list(lists[0].findall(nodes.bullet_list))[1:]:
        if sum(isinstance(parent, nodes.bullet_list) for parent in ancestors(deep, lists[0])) > 1:
            deep.parent.remove(deep)
    fragment: str = app.builder.render_partial(lists[0])["fragment"]  # type: ignore[attr-defined]
    return fragment


def ancestors(node: nodes.Node, top: nodes.Node) -> list[nodes.Node]:
    """What encloses `node`, up to and with `top`."""
    found = []
    while node is not top:
        node = node.parent
        found.append(node)
    return found


def description(doctree: nodes.document) -> str:
    """The first paragraph, cut at a word."""
    paragraph = next((node for node in doctree.findall(nodes.paragraph) if node.astext().strip()), None)
    words = (paragraph.astext() if paragraph is not None else "").split()
    text = ""
    for word in words:
        if len(text) + len(word) > LONGEST_DESCRIPTION:
            return text.rstrip(",;:–— ") + " …"
        text = f"{text} {word}".strip()
    return text


def write_entrance(app: Sphinx, exception: Exception | None) -> None:
    """The site's front door leads to the book's first page."""
    if exception is not None or app.builder.name != "html":
        return
    target, title = f"{app.config.root_doc}.html", app.config.html_title
    canonical = f"{site_address(app.config)}{target}"
    (Path(app.outdir) / "index.html").write_text(
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f'<meta http-equiv="refresh" content="0; url={target}"><link rel="canonical" href="{canonical}">\n'
        '<link rel="icon" href="_static/icon.svg"></head>\n'
        f'<body><main><h1>{title}</h1><p><a href="{target}">Open the book</a></p></main></body></html>\n',
        encoding="utf-8",
    )


def missing_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """What a host shows for an address that does not exist, at whatever depth: its links begin at the site's root."""
    if app.builder.name == "html":
        yield "404", {"root": urlsplit(site_address(app.config)).path}, "404.html"


def check_pages(app: Sphinx, exception: Exception | None) -> None:
    """Every page of the table of contents exists and says something; a build without pages is no success."""
    if exception is not None or app.builder.name != "html":
        return
    site_map: Any = app.env.external_site_map  # type: ignore[attr-defined]
    for docname in site_map:
        docname = docname.removesuffix(".md")
        page = Path(app.outdir) / f"{docname}.html"
        if docname not in app.env.all_docs or not page.is_file():
            raise ExtensionError(f"{docname} is in _toc.yml, but the build made no page of it")
        words = len(app.env.get_doctree(docname).astext().split())
        if words < LEAST_WORDS:
            raise ExtensionError(f"{docname} is in _toc.yml, but its page holds only {words} words")


def setup(app: Sphinx) -> dict[str, bool]:
    """Fill the frame; check at the end."""
    app.add_config_value("comments_config", {}, "", [dict])  # Jupyter Book sets it whether or not anyone comments
    app.connect("html-page-context", add_shell)
    app.connect("html-collect-pages", missing_page)
    app.connect("build-finished", write_entrance, priority=400)  # before sphinx-external-toc leaves its own
    app.connect("build-finished", check_pages, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
