"""What the site says of assignments: a link before the exercises, a table, and the notebook itself but nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable

from bs4 import BeautifulSoup
from tests.book.small import HEAD, SmallBook

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
FILES = {"notebooks/07_seven.ipynb": "{}", "notebooks/11_eleven.ipynb": "{}"}


def test_a_chapter_links_its_assignment_and_the_table_lists_it(
    small_book: Callable[[dict[str, str]], SmallBook],
) -> None:
    book = small_book(
        {
            **FILES,
            "book/07_seven.md": f"{HEAD}\n# Seven\n\n{WORDS}\n\n## Exercises\n\nThe first one.\n",
            "book/11_eleven.md": f"{HEAD}\n# Eleven\n\n{WORDS}\n\n```{{assignments}}\n```\n\n## Exercises\n\nNone.\n",
            NOTEBOOK: RELEASE,
            "notebooks/assignments/release/07_seven/scratch.txt": "not to be copied",
        }
    )
    book.write(
        {"notebooks/assignments/source/07_seven.md": "SECRET", "notebooks/assignments/hidden/seven.py": "SECRET"}
    )
    done = book.build()
    assert done.returncode == 0, done.stderr
    seven, eleven = (BeautifulSoup(book.page(name), "html.parser") for name in ("07_seven", "11_eleven"))
    (line,) = seven.select("section > p.assignment")
    assert line.get_text().startswith(
        "A <b>story</b>, the assignment of this chapter, asks for three functions, an answer in words and an "
        "experiment, in about 75 minutes."
    )
    assert [link.get_text() for link in line.select("a")] == ["the notebook", "on Binder", "on Colab"]
    assert line.a["href"] == f"../{NOTEBOOK}"
    assert line.find_next_sibling("p").get_text() == "The first one."
    assert not eleven.select("p.assignment")
    (row,) = eleven.select("table.assignments tbody tr")
    assert [entry.get_text().strip() for entry in row.select("td")] == [
        *("7", "A <b>story</b>", "3 functions, 75 minutes, 14.5 points", "the notebook, on Binder, on Colab"),
    ]
    offered = [path.relative_to(book.site).as_posix() for path in book.site.rglob("*") if "assignments" in path.parts]
    assert [path for path in offered if path.rpartition("/")[2].count(".")] == [NOTEBOOK]
    assert not [path for path in book.site.rglob("*") if path.is_file() and b"SECRET" in path.read_bytes()]


def test_an_assignment_without_its_place_and_a_table_without_rows_are_refused(
    small_book: Callable[[dict[str, str]], SmallBook],
) -> None:
    page = f"{HEAD}\n# Seven\n\n{WORDS}\n"
    done = small_book({**FILES, "book/07_seven.md": page, NOTEBOOK: RELEASE}).build()
    assert done.returncode != 0
    assert "a chapter with an assignment needs a section 'Exercises'" in done.stdout + done.stderr
    done = small_book({**FILES, "book/07_seven.md": f"{page}\n```{{assignments}}\n```\n"}).build()
    assert done.returncode != 0
    assert "no assignment is handed out: `make assignments` writes them" in done.stdout + done.stderr
