"""The glossary's Chinese: each term says its language, has an address of its own, and stands in an index.

A line of the glossary in Chinese characters is one more name of its entry, so `{term}` finds it too. It gets
`lang="zh-Hans"`, by which a screen reader changes its voice and a browser its font, and the id `term-查询`, where
Sphinx would only count. `{chinese-index}` lists all Chinese terms of the page, each with a link to its entry.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

CHINESE = re.compile(r"[\u3400-\u9fff]")
LANGUAGE = "language-zh-Hans"  # docutils writes such a class as a lang attribute
SOUNDS_LIKE = {"熵": "商"}  # GB 2312 sorts its common characters by their sound, and the rare ones after them


class chinese_index(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """Holds the place of the index until all terms of the page are known."""


class ChineseIndex(SphinxDirective):
    """All Chinese terms of this page, in the order of their sound."""

    def run(self) -> list[nodes.Node]:
        """Keep the place."""
        return [chinese_index()]


def sound(term: str) -> bytes:
    """A key that sorts Chinese terms as a Chinese dictionary does."""
    return "".join(SOUNDS_LIKE.get(character, character) for character in term).encode("gb18030")


def mark_terms(app: Sphinx, document: nodes.document) -> None:
    """Name the language of every Chinese term, give it its id, and fill the index."""
    domain: Any = app.env.get_domain("std")
    found: list[tuple[str, nodes.term, str]] = []
    for item in document.findall(nodes.definition_list_item):
        terms = [child for child in item.children if isinstance(child, nodes.term)]
        for term in terms:
            words = term.astext()
            if CHINESE.search(words):
                term["ids"] = ["term-" + re.sub(r"[^\w.]+", "-", words)]
                term["classes"].append(LANGUAGE)
                domain.objects["term", words] = (app.env.docname, term["ids"][0])
                domain._terms[words.lower()] = domain.objects["term", words]
                found.append((words, term, terms[0].astext()))
    for place in list(document.findall(chinese_index)):
        place.replace_self(index_of(found))


def index_of(found: list[tuple[str, nodes.term, str]]) -> nodes.bullet_list:
    """Write the list."""
    index = nodes.bullet_list(classes=["chinese-index"])
    for words, term, english in sorted(found, key=lambda entry: sound(entry[0])):
        link = nodes.reference("", "", nodes.inline("", words, classes=[LANGUAGE]), internal=True, refid=term["ids"][0])
        index += nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(f" {english}")))
    return index


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive; look at each page once it is read."""
    app.add_node(chinese_index)
    app.add_directive("chinese-index", ChineseIndex)
    app.connect("doctree-read", mark_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
