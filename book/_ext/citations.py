"""Citations read as in a book: Vaswani et al. (2017), and (Vaswani et al., 2017) in passing.

The references at a chapter's end become a plain list: labels have no use beside author and year, and the roles that
docutils gives to citations are ones that readers for the blind no longer know.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pybtex.plugin
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle


def _round() -> BracketStyle:
    return BracketStyle(left="(", right=")", sep="; ")


@dataclass
class RoundAuthorYear(AuthorYearReferenceStyle):
    """Author and year in round brackets."""

    bracket_textual: BracketStyle = field(default_factory=_round)
    bracket_parenthetical: BracketStyle = field(default_factory=_round)
    bracket_year: BracketStyle = field(default_factory=_round)
    bracket_author: BracketStyle = field(default_factory=_round)
    bracket_label: BracketStyle = field(default_factory=_round)


class ListReferences(SphinxPostTransform):
    """Turn each run of citations into one list whose items keep the citations' ids."""

    default_priority = 950  # when all that points at a citation has found it
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Gather what stands together."""
        for parent in {id(node.parent): node.parent for node in self.document.findall(nodes.citation)}.values():
            references = nodes.bullet_list(classes=["references"])
            for citation in [child for child in parent.children if isinstance(child, nodes.citation)]:
                _label, *words = citation.children
                if not references.children:
                    parent.replace(citation, references)  # not replace_self, which would hand the id on
                else:
                    parent.remove(citation)
                references += nodes.list_item("", *words, ids=citation["ids"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the style; `bibtex_reference_style: round_author_year` chooses it."""
    # Of each citation pybtex asks all installed packages which one has these; what is registered it finds at once.
    for group, name in (("pybtex.backends", "docutils"), ("pybtex.backends", "plaintext")):
        pybtex.plugin.register_plugin(group, name, pybtex.plugin.find_plugin(group, name), force=True)
    register_plugin("sphinxcontrib.bibtex.style.referencing", "round_author_year", RoundAuthorYear)
    app.add_post_transform(ListReferences)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
