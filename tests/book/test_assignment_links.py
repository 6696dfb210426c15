"""What the site says of assignments: a link before the exercises, a table, and the notebook itself but nothing else."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup
from tests.book.small import HEAD, NOTEBOOK, RELEASE, WORDS, SmallBook

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
    labels = row.select(".column")  # the names of columns, which a phone shows in each card
    assert [label.get_text() for label in labels] == ["assignment: ", "what it takes: ", "open: "]
    for label in labels:
        label.decompose()
    assert [entry.get_text().strip() for entry in row.select("td")] == [
        *("7", "A <b>story</b>", "3 functions, 75 minutes, 14.5 points", "the notebook, on Binder, on Colab"),
    ]
    offered = [path.relative_to(book.site).as_posix() for path in book.site.rglob("*") if "assignments" in path.parts]
    assert [path for path in offered if path.rpartition("/")[2].count(".")] == [NOTEBOOK]
    assert not [path for path in book.site.rglob("*") if path.is_file() and b"SECRET" in path.read_bytes()]
