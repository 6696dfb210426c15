"""Write notebooks/NN_slug.ipynb from book/NN_slug.md, one way: python tools/notebooks.py [--check]."""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

import generated
from myst import Book, Cell, Chapter, MystError

ROOT = Path(__file__).resolve().parent.parent
INSTALL = '''\
# Google Colab starts without the book's package; elsewhere it is installed together with the book.
import importlib.util
import sys

if importlib.util.find_spec("attnbook") is None:
    if "google.colab" not in sys.modules:
        raise ModuleNotFoundError("This notebook needs the package attnbook: see README.md")
    %pip install --quiet "attnbook @ git+{repository}"'''


def site(repository: str) -> str:
    """Return the address of a repository's GitHub Pages."""
    owner, name = urlsplit(repository).path.strip("/").split("/")
    return f"https://{owner.lower()}.github.io/{name}/"


def identified(cells: list[Cell]) -> list[dict[str, Any]]:
    """Return the cells in the notebook format; ids come from content, so an edit changes only its own."""
    seen: Counter[str] = Counter()
    written: list[dict[str, Any]] = []
    for cell in cells:
        name = hashlib.sha256(f"{cell.kind}\n{cell.source}".encode()).hexdigest()[:12]
        seen[name] += 1
        identity = name if seen[name] == 1 else f"{name}-{seen[name]}"
        source = cell.source.splitlines(keepends=True)
        entry = {"cell_type": cell.kind, "id": identity, "metadata": cell.metadata, "source": source}
        written.append(entry | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {}))
    return written


def notebook(chapter: Chapter, repository: str, title: str) -> str:
    """Return the text of a chapter's notebook."""
    name = chapter.path.stem
    page = f"{chapter.book.site}{chapter.path.parent.name}/{name}.html"
    called = f"Chapter {chapter.number}" if chapter.number else chapter.title
    origin = f"*This is the notebook of [{called}]({page}) of {title}. "
    origin += f"It is made from `{chapter.path.parent.name}/{name}.md` by `make notebooks`.*"
    first, *rest = chapter.cells
    heading, _, opening = first.source.partition("\n\n")
    if heading.startswith("<a "):
        anchor, (heading, _, opening) = heading, opening.partition("\n\n")
        heading = f"{anchor}\n\n{heading}"
    cells = [Cell("markdown", f"{heading}\n\n{origin}"), Cell("code", INSTALL.format(repository=repository))]
    cells += [Cell("markdown", opening)] if opening else []
    content = {
        "cells": identified([*cells, *rest]),
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def settings(root: Path) -> dict[str, Any]:
    """Return the book's settings."""
    content: dict[str, Any] = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    return content


def generate(root: Path) -> dict[Path, str]:
    """Return every notebook's path and text."""
    config = settings(root)
    repository = config["repository"]["url"]
    book = Book(root / "book", site(repository))
    texts = {}
    for path in book.chapters:
        chapter = Chapter(book, path)
        texts[root / "notebooks" / f"{path.stem}.ipynb"] = notebook(chapter, repository, config["title"])
    return texts


def stale(texts: dict[Path, str], folder: Path) -> list[Path]:
    """Return the notebooks that are not what their chapter makes, or have no chapter."""
    return generated.stale(texts, folder.glob("*.ipynb"))


def main() -> int:
    """Write what is stale, or only name it."""
    made = {"made_from": "chapter", "command": "make notebooks"}
    changes = partial(stale, folder=ROOT / "notebooks")
    return generated.main(__doc__, ROOT, generate, changes, **made, errors=(MystError,))


if __name__ == "__main__":
    sys.exit(main())
