"""Small books, built with the real settings, extensions and theme, to see what the machinery does and refuses."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.book.small import FRONT, SmallBook

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def small_book(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, str]], SmallBook]:
    """`small_book({"book/07_x.md": …})`: a book of these pages, front page and table of contents included."""

    def make(pages: dict[str, str]) -> SmallBook:
        folder = tmp_path_factory.mktemp("book")
        shutil.copyfile(ROOT / "_config.yml", folder / "_config.yml")
        for name in ("_ext", "_site"):
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / "book" / name, folder / "book" / name, ignore=ignore)
        shutil.copyfile(ROOT / "book" / "plan.yml", folder / "book" / "plan.yml")
        chapters = sorted(
            name.removesuffix(".md") for name in pages if name.endswith(".md") and Path(name).name[:2].isdigit()
        )
        listed = "".join(f"      - file: {chapter}\n" for chapter in chapters)
        toc = f"format: jb-book\nroot: book/index\nparts:\n  - caption: Part I\n    chapters:\n{listed}"
        book = SmallBook(folder)
        book.write({"book/index.md": FRONT, "book/references.bib": "", "_toc.yml": toc, **pages})
        return book

    return make
