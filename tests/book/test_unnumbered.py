"""Pages without a number count their own exercises and formulas from 1, each for itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from bs4 import BeautifulSoup
from tests.book.small import SmallBook

PAGE = """# Page {n}

```{{exercise}} One
:label: ex-{n}-a

Do.
```

```{{exercise}} Two
:label: ex-{n}-b

Do as in {{ref}}`ex-{n}-a`.
```

$$
a
$$ (eq-{n})

See {{eq}}`eq-{n}`.
"""
TOC = """format: jb-book
root: book/index
parts:
  - caption: Part I
    chapters:
      - file: book/one
      - file: book/two
"""


def test_each_page_without_a_number_begins_with_one(small_book: Callable[[dict[str, str]], SmallBook]) -> None:
    book = small_book({f"book/{n}.md": PAGE.format(n=n) for n in ("one", "two")} | {"_toc.yml": TOC})
    book.build()
    for name in ("one", "two"):
        soup = BeautifulSoup((book.site / "book" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        titles = [title.get_text() for title in soup.select(".admonition-title")]
        assert [re.findall(r"Exercise ([\d.]+)", title) for title in titles] == [["1"], ["2"]]
        assert [number.get_text().strip("#") for number in soup.select(".eqno")] == ["(1)"]
        shown = [link.get_text() for link in soup.select("article a")]
        assert "Exercise 1" in shown
        assert "(1)" in shown
