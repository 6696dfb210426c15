"""What book/references.bib says, as Markdown for notebooks, which have no bibliography of their own."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from pybtex.backends import markdown
from pybtex.database import BibliographyData, Entry, Person, parse_file
from pybtex.style.formatting.plain import Style


class Backend(markdown.Backend):  # type: ignore[misc]
    """Pybtex's Markdown, one work a line and with no more escapes than it takes to read as text."""

    symbols = markdown.Backend.symbols | {"newblock": " "}

    def format_str(self, text: str) -> str:
        """Return a text that holds no mark of emphasis, code or link."""
        return re.sub(r"([*_`\[\]<])", r"\\\1", text)


def surname(person: Person) -> str:
    """Return a person's family name with its particles."""
    return " ".join([*person.prelast_names, *person.last_names]).replace("{", "").replace("}", "")


def authors(entry: Entry) -> str:
    """Return the names by which a text cites: A, A and B, or A et al."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    if not people:
        return str(entry.fields.get("organization", entry.fields.get("title", entry.key)))
    if len(people) > 2:
        return f"{surname(people[0])} et al."
    return " and ".join(surname(person) for person in people)


def address(entry: Entry) -> str:
    """Return where a work can be read, or nothing."""
    if "doi" in entry.fields:
        return f"https://doi.org/{entry.fields['doi']}"
    if "url" in entry.fields:
        return str(entry.fields["url"])
    return f"https://arxiv.org/abs/{entry.fields['eprint']}" if "eprint" in entry.fields else ""


class References:
    """The works a text may cite, by their keys."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def data(self) -> BibliographyData:
        """The parsed file; a book that cites nothing needs none."""
        return parse_file(str(self.path), bib_format="bibtex")

    def __contains__(self, key: str) -> bool:
        return self.path.is_file() and key in self.data.entries

    def textual(self, key: str, after: str = "") -> str:
        """Return a citation that is part of its sentence: Bahdanau et al. (2015)."""
        entry = self.data.entries[key]
        note = f", {after}" if after else ""
        return self.linked(entry, f"{authors(entry)} ({entry.fields['year']}{note})")

    def parenthetical(self, key: str, before: str = "", after: str = "") -> str:
        """Return one work inside a parenthesis: Bahdanau et al., 2015."""
        entry = self.data.entries[key]
        cited = self.linked(entry, f"{authors(entry)}, {entry.fields['year']}")
        return (f"{before} " if before else "") + cited + (f", {after}" if after else "")

    def listed(self, keys: set[str]) -> str:
        """Return the cited works as a list, in the order of their authors."""
        chosen = BibliographyData({key: self.data.entries[key] for key in sorted(keys)})
        backend = Backend()
        formatted = Style().format_bibliography(chosen)
        return "\n".join(f"* {entry.text.render(backend)}" for entry in formatted)

    @staticmethod
    def linked(entry: Entry, text: str) -> str:
        """Return the text as a link to the work, where there is one."""
        return f"[{text}]({target})" if (target := address(entry)) else text
