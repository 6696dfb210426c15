"""What the extensions make of a page: numbers, folded boxes, pictures, explorers, the same bytes twice, no rework."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from tests.book.small import HEAD, SmallBook

from attnbook.widgets.bundle import load_order
from attnbook.widgets.transformer import TransformerExplorer

CHAPTER = (
    HEAD
    + r"""
# Seven

A page of its own number, with words enough to count as a page: it cites {cite:t}`paper2000`, points to {eq}`first`, to
{numref}`fig-line`, to {ref}`ex-one` and to {ref}`part`, and writes $\sqrt{d}$ within a line like this one,
twice over $\sqrt{d}$.

## Opening

$$ a = b $$ (first)

```{code-cell} ipython3
---
mystnb:
  figure:
    name: fig-line
    caption: A line.
  image:
    alt: A line that rises.
---
from attnbook import plots
import matplotlib.pyplot as plt
plots.use_style()
plt.plot([1, 2]);
```

(part)=
## Second

```{list-table} Two things
:header-rows: 1
* - one
  - two
* - $x$
  - $y$
```

```{code-cell} ipython3
:tags: [remove-input]
from attnbook.widgets.scoring import ScoringExplorer
ScoringExplorer()
```

```{code-cell} ipython3
:tags: [remove-input]
ScoringExplorer(scorer="cosine")
```

```{code-cell} ipython3
:tags: [remove-input]
from attnbook.widgets.transformer import TransformerExplorer
TransformerExplorer()
```

### Below

Here.

```{exercise} Add
:label: ex-one
Add.

:::{admonition} Hint
:class: dropdown hint
Count.
:::
```

```{solution-start} ex-one
:class: dropdown
```

```{code-cell} ipython3
print("the answer", 1 + 1)
```

```{solution-end}
```

```{bibliography}
:filter: docname in docnames
```
"""
)
OTHER = (
    HEAD
    + """
# Eleven

Another chapter, which cites {cite:p}`paper2000` too, and {cite:p}`abacus1999`, which comes before it, so that one paper
stands in two lists of references, with a number of its own in each, and which has a formula of its own, a name that is
not its place in the table of contents, and just as many words as it needs to have.

$$ c = d $$ (second)

```{bibliography}
:filter: docname in docnames
```
"""
)
PAPER = """
@article{paper2000, author={Author, Ann}, title={A paper}, journal={J}, year={2000}}
@article{abacus1999, author={Abacus, Bea}, title={A device}, journal={J}, year={1999}}
"""
PAGES = {
    "book/07_seven.md": CHAPTER,
    "book/11_eleven.md": OTHER,
    "book/references.bib": PAPER,
    "notebooks/07_seven.ipynb": "{}\n",
    "notebooks/11_eleven.ipynb": "{}\n",
}
Maker = Callable[[dict[str, str]], SmallBook]


def snapshot(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def clean_build(small_book: Maker) -> tuple[SmallBook, dict[str, bytes]]:
    book = small_book(PAGES)
    done = book.build()
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return book, snapshot(book.site)


@pytest.fixture(scope="module")
def built(small_book: Maker) -> tuple[SmallBook, dict[str, bytes]]:
    """A book, and its site as it was when it had just been built."""
    return clean_build(small_book)


@pytest.fixture(scope="module")
def book(built: tuple[SmallBook, dict[str, bytes]]) -> SmallBook:
    return built[0]


@pytest.fixture(scope="module")
def chapter(book: SmallBook) -> BeautifulSoup:
    return BeautifulSoup(book.page("07_seven"), "html.parser")


def words(element: object) -> str:
    return " ".join(element.get_text().replace("#", "").split())  # type: ignore[attr-defined]


def test_numbers_come_from_the_file_name_and_not_from_the_place(book: SmallBook, chapter: BeautifulSoup) -> None:
    assert words(chapter.h1) == "7 Seven"
    assert [words(heading) for heading in chapter.select("h2")] == ["7.1 Opening", "7.2 Second"]
    assert words(chapter.select_one(".eqno")) == "(7.1)"
    assert words(chapter.select_one("figcaption .caption-number")) == "Figure 7.1"
    assert words(chapter.select_one("table .caption-number")) == "Table 7.1"
    assert words(chapter.select_one("div.exercise > .admonition-title")).startswith("Exercise 7.1")
    assert words(chapter.select_one("details.solution > summary")).startswith("Solution to Exercise 7.1")
    assert '<span class="eqno">(11.1)' in book.page("11_eleven")


def test_references_within_the_text_carry_the_numbers(chapter: BeautifulSoup) -> None:
    opening = words(chapter.select_one("article p:not(.part)"))
    for reference in ("Author (2000)", "(7.1)", "Figure 7.1", "Exercise 7.1", "Second"):
        assert reference in opening


def test_numbers_stand_in_the_contents_the_title_and_at_the_neighbours(chapter: BeautifulSoup) -> None:
    assert words(chapter.title).startswith("7 Seven")
    assert [words(link) for link in chapter.select("#contents li a")] == ["7 Seven", "11 Eleven"]
    assert words(chapter.select_one("#contents [aria-current=page]")) == "7 Seven"
    assert [words(link) for link in chapter.select("#sections a")] == ["7.1 Opening", "7.2 Second", "Below"]
    assert words(chapter.select_one(".neighbours .after")) == "Next 11 Eleven"


def test_a_paper_cited_in_two_chapters_is_linked_within_each(book: SmallBook) -> None:
    for name in ("07_seven", "11_eleven"):
        page = BeautifulSoup(book.page(name), "html.parser")
        reference = page.select("ul.references > li")[-1]
        assert "A paper" in words(reference)
        assert page.select_one(f'article p a[href="#{reference["id"]}"]')


def test_hints_and_solutions_are_real_details_with_their_cells_inside(chapter: BeautifulSoup) -> None:
    assert chapter.select_one("div.exercise details.hint > summary")
    solution = chapter.select_one("details.solution")
    assert solution is not None
    assert not solution.has_attr("open")
    assert not solution.select("summary a")
    assert "the answer 2" in words(solution)


def test_what_stands_below_a_section_has_no_number(chapter: BeautifulSoup) -> None:
    assert [words(head) for head in chapter.select("article h2, article h3")] == [
        "7.1 Opening",
        "7.2 Second",
        "Below",
    ]


def test_signatures_say_shapes_as_the_chapters_do(site: Path) -> None:
    page = BeautifulSoup((site / "book" / "api.html").read_text(encoding="utf-8"), "html.parser")
    told = {entry["id"]: words(entry) for entry in page.select("dt.sig[id]")}
    assert "query: Array[..., q, d], keys: Array[..., k, d]) → Array[..., q, k]" in told["attnbook.core.dot"]
    assert not [text for text in told.values() if "#b" in text or "Float" in text]


def test_pictures_have_words_and_a_place_before_they_load(chapter: BeautifulSoup) -> None:
    (image,) = chapter.select("article img")
    assert image["alt"] == "A line that rises."
    assert image["loading"] == "lazy"
    assert int(image["width"]) > 100
    assert int(image["height"]) > 100


def test_mathematics_is_set_and_can_be_read_out(chapter: BeautifulSoup) -> None:
    assert not chapter.select('script[src*="math"][src*="jax"], script[src*="katex"]')
    assert chapter.select(".math .katex-html")
    assert any("sqrt" in annotation.get_text() for annotation in chapter.select(".katex-mathml annotation"))


def test_an_explorer_is_a_picture_with_a_small_state(chapter: BeautifulSoup) -> None:
    explorer, second, _ = chapter.select(".explorer")
    assert explorer["data-explorer"] == "scoring"
    assert explorer["data-model"] == "07_seven-explorer-1"
    assert explorer.select_one('.explorer-static > svg[role="img"] > title')
    text = chapter.find("script", id=explorer["data-model"]).string
    state = json.loads(text)
    assert {"scorer", "query"} <= set(state)
    assert not [name for name in state if name.startswith("_")]
    assert len(text) < 2000
    assert second["data-model"] == "07_seven-explorer-2"
    assert [
        json.loads(chapter.find("script", id=one["data-model"]).string)["scorer"] for one in (explorer, second)
    ] == [
        "scaled_dot",
        "cosine",
    ]
    sources = [script["src"].partition("?")[0].removeprefix("../_static/") for script in chapter.select("script[src]")]
    modules = dict.fromkeys([*load_order("scoring"), *load_order("transformer")])
    assert sources == ["folio.js", *(f"explorers/{module}.js" for module in modules), "loader.js"]
    styles = [link["href"].partition("?")[0] for link in chapter.select('link[rel="stylesheet"]')]
    own = [f"../_static/explorers/{name}.css" for name in ("scoring", "transformer")]
    assert styles == ["../_static/folio.css", *own]


def test_what_is_fetched_later_is_a_file_of_the_site(book: SmallBook, chapter: BeautifulSoup) -> None:
    model = json.loads(chapter.find("script", id="07_seven-explorer-3").string)["model"]
    script = (book.site / "_static" / "explorers" / f"{model['file']}.js").read_text(encoding="utf-8")
    assert len(script) == model["size"]
    assert json.loads(script.partition("] = ")[2].rstrip(";\n")) == TransformerExplorer().model
    assert model["file"] not in [Path(tag["src"]).name for tag in chapter.select("script[src]")]


def test_a_page_finds_what_it_loads(book: SmallBook, chapter: BeautifulSoup) -> None:
    loaded = [link["href"] for link in chapter.select('link[rel="stylesheet"]')]
    loaded += [script["src"] for script in chapter.select("script[src]")]
    assert [name for name in loaded if not (book.site / "book" / name.partition("?")[0]).is_file()] == []


def test_a_page_without_an_explorer_loads_one_script_and_style(book: SmallBook) -> None:
    page = BeautifulSoup(book.page("11_eleven"), "html.parser")
    assert len(page.select("script[src]")) == len(page.select('link[rel="stylesheet"]')) == 1


def test_every_page_says_what_it_is_about(chapter: BeautifulSoup) -> None:
    description = chapter.select_one('meta[name="description"]')
    assert description is not None
    assert description["content"].startswith("A page of its own number")
    assert len(description["content"]) <= 165


def test_kept_outputs_give_the_same_bytes_and_a_change_runs_one_chapter(
    built: tuple[SmallBook, dict[str, bytes]],
) -> None:
    book, before = built
    for folder in ("html", ".doctrees"):  # as tools/build.py does
        shutil.rmtree(book.folder / "_build" / folder)
    again = book.build()
    assert again.returncode == 0
    assert "Executing notebook" not in again.stdout + again.stderr
    after = snapshot(book.site)
    assert after.keys() == before.keys()
    assert [name for name in after if after[name] != before[name]] == []
    book.write({"book/07_seven.md": CHAPTER.replace("1 + 1", "2 + 2").replace("twice over", "twice above")})
    changed = book.build()
    assert changed.returncode == 0
    assert (changed.stdout + changed.stderr).count("Executing notebook") == 1
    assert "the answer 4" in book.page("07_seven")
    book.write({"book/07_seven.md": CHAPTER})


def test_two_clean_builds_give_the_same_bytes(built: tuple[SmallBook, dict[str, bytes]], small_book: Maker) -> None:
    first, second = built[1], clean_build(small_book)[1]
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    leaked = re.compile(rb"IPY_MODEL_|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
    assert not [name for name, content in first.items() if name.endswith(".html") and leaked.search(content)]
