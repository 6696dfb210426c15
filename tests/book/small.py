"""A small book: the machinery of the real one with pages of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HEAD = """---
kernelspec: {name: python3, display_name: Python 3}
jupytext: {text_representation: {extension: .md, format_name: myst}}
---
"""
BUILD = "from jupyter_book.cli.main import main; main()"
FRONT = """# A small book

This page is here so that the book has a front. It must hold at least forty words, because a page that holds fewer is
taken for one that went wrong, and so these lines go on for a little while longer than they would have to otherwise.
"""

WORDS = "A page with words enough to count as a page, " + "and more of them, " * 12 + "until it ends."
NOTEBOOK = "notebooks/assignments/release/07_seven/07_seven.ipynb"


def cell(role: str, source: str, **nbgrader: float) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {"attnbook": {"role": role}, "nbgrader": nbgrader}, "source": [source]}


CELLS = [
    cell("text", "# A <b>story</b>\n\nOnce."),
    *(cell("check", "x", points=4.0) for _ in range(3)),
    cell("words", "", points=2.5),
]
RELEASE = json.dumps({"cells": CELLS, "metadata": {"attnbook": {"minutes": 75}}, "nbformat": 4, "nbformat_minor": 5})


@dataclass
class SmallBook:
    """A folder with the machinery of the real book and pages of its own."""

    folder: Path

    @property
    def site(self) -> Path:
        return self.folder / "_build" / "html"

    def write(self, pages: dict[str, str]) -> None:
        for name, text in pages.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def build(self) -> subprocess.CompletedProcess[str]:
        options = ["build", ".", "--warningiserror", "--nitpick", "--keep-going"]
        command = [sys.executable, "-c", BUILD, *options]
        return subprocess.run(command, cwd=self.folder, capture_output=True, encoding="utf-8", check=False)

    def page(self, name: str) -> str:
        return (self.site / "book" / f"{name}.html").read_text(encoding="utf-8")
