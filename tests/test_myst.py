"""Every directive and role that a chapter may use becomes plain Markdown; what has no translation is refused."""

from pathlib import Path

import pytest

import myst

SITE = "https://example.org/book/"
REFERENCES = """
@inproceedings{ada2015, author = {Lovelace, Ada and Hopper, Grace and Noether, Emmy}, title = {On keys},
  booktitle = {Proceedings}, year = {2015}, doi = {10.1000/1}}
@article{bo1964, author = {van der Berg, Bo}, title = {On queries}, journal = {Journal}, year = {1964},
  url = {https://example.org/bo}}
"""
GLOSSARY = """# Words

not a term

```{glossary}
query
查询
  What one looks for.

key–value pair
KV
  A {term}`query`'s answer.
```
"""


@pytest.fixture
def read(tmp_path: Path):
    """Read a chapter 2 of the given text; beside it there are a chapter 3, a glossary and a picture."""
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "references.bib").write_text(REFERENCES, encoding="utf-8")
    (folder / "glossary.md").write_text(GLOSSARY, encoding="utf-8")
    (folder / "dot.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "03_next.md").write_text("# Next\n\n(sec-far)=\n## Far\n\n$$\ny\n$$ (eq-far)\n", encoding="utf-8")

    def read_chapter(text: str) -> list[myst.Cell]:
        (folder / "02_sample.md").write_text(text, encoding="utf-8")
        book = myst.Book(folder, SITE)
        return myst.Chapter(book, folder / "02_sample.md").cells

    return read_chapter


def markdown(cells: list[myst.Cell]) -> str:
    assert all(cell.kind == "markdown" for cell in cells)
    return "\n\n".join(cell.source for cell in cells)


def test_headings_are_numbered_and_begin_cells(read) -> None:
    cells = read("# Title\n\nHello.\n\n(sec-one)=\n## One\n\n### Deeper\n\n## Two\n")
    assert [cell.source for cell in cells] == [
        "# 2 Title\n\nHello.",
        '<a id="sec-one"></a>\n\n## 2.1 One',
        "### Deeper",
        "## 2.2 Two",
    ]


def test_front_matter_comments_and_breaks_are_dropped(read) -> None:
    assert (
        markdown(read("---\nkernelspec: {name: python3}\n---\n\n% aside\nText.\n% more\n\n+++\n\nEnd."))
        == "Text.\n\nEnd."
    )


def test_formulas_are_tagged_where_they_have_a_label(read) -> None:
    text = (
        "$$\na\n$$\n\n$$ b $$ (eq-b)\n\n```{math}\n:label: eq-c\nc \\\\\nd\n```\n\n"
        "By {eq}`eq-c`, {eq}`eq-b` and {eq}`eq-far`."
    )
    assert markdown(read(text)) == (
        "$$\na\n$$\n\n$$\nb \\tag{2.1}\n$$\n\n$$\n\\begin{aligned}\nc \\\\\nd\n\\end{aligned} \\tag{2.2}\n$$\n\n"
        "By (2.2), (2.1) and [(3.1)](03_next.ipynb)."
    )


def test_a_figure_is_its_cell_then_its_caption_and_its_words(read) -> None:
    cells = read(
        "```{code-cell} ipython3\n---\nmystnb:\n  figure:\n    name: fig-a\n    caption: With $x$.\n"
        "  image:\n    alt: A line that rises.\n---\nplot()\n```\n\n"
        "See {numref}`fig-a` and {numref}`picture %s <fig-a>`."
    )
    assert cells[0] == myst.Cell("code", "plot()")
    assert cells[1].source == (
        "**Figure 2.1.** With $x$.\n\n<details><summary>The figure in words</summary>\n\nA line that rises.\n\n"
        "</details>\n\nSee Figure 2.1 and picture 2.1."
    )


def test_pictures_from_files_are_found_from_the_notebooks(read) -> None:
    text = "```{figure} dot.svg\n:alt: A dot.\n:name: fig-dot\nA dot of ink.\n```\n\n![again](dot.svg)"
    written = markdown(read(text))
    assert written.startswith("![A dot.](../book/dot.svg)\n\n**Figure 2.1.** A dot of ink.")
    assert written.endswith("![again](../book/dot.svg)")


def test_citations_name_and_link_the_listed_work(read) -> None:
    text = "{cite:t}`ada2015`, {cite:p}`ada2015,bo1964` and {cite:p}`{see}bo1964{p. 3}`."
    text += "\n\n```{bibliography}\n:filter: x\n```"
    first, *listed = markdown(read(text)).split("\n")
    ada, bo = "(https://doi.org/10.1000/1)", "(https://example.org/bo)"
    assert first == (
        f"[Lovelace et al. (2015)]{ada}, ([Lovelace et al., 2015]{ada}; [van der Berg, 1964]{bo}) and "
        f"(see [van der Berg, 1964]{bo}, p. 3)."
    )
    assert [line[:8] for line in listed if line] == ["* Ada Lo", "* Bo van"]
    assert "*Journal*" in listed[-1]


def test_boxes_become_quotations_and_folds(read) -> None:
    text = (
        "```{note}\nMind $a\nb$:\n\n$$\nc\n$$\n```\n\n````{admonition} Take `two`\n:class: dropdown hint\nInside.\n\n"
        "```{tip} At once\n```\n````\n\n:::{seealso}\nThere.\n:::"
    )
    assert markdown(read(text)) == (
        "> **Note**\n>\n> Mind $a b$:\n>\n> $$ c $$\n\n<details><summary>Take <code>two</code></summary>\n\nInside.\n\n"
        "> **Tip**\n>\n> At once\n\n</details>\n\n> **See also**\n>\n> There."
    )


def test_exercises_and_solutions(read) -> None:
    cells = read(
        "# T\n\n## Exercises\n\n```{exercise} By hand\n:label: ex-hand\nDo it.\n```\n\n"
        "```{solution} ex-hand\n:class: dropdown\nSo.\n```\n\n"
        "```{exercise}\n:label: ex-code\nRun it.\n```\n\n```{solution-start} ex-code\n:class: dropdown\n```\n\n"
        "First,\n\nthis:\n\n"
        "```{code-cell} ipython3\n1 + 1\n```\n\n```{solution-end}\n```\n\nAfter {ref}`ex-code`."
    )
    folded = "<details><summary>{}</summary>\n\n{}\n\n</details>"
    assert [cell.source for cell in cells[1:]] == [
        "## 2.1 Exercises",
        "### Exercise 2.1 (By hand)\n\nDo it.\n\n" + folded.format("Solution to Exercise 2.1", "So."),
        "### Exercise 2.2\n\nRun it.",
        "### Solution 2.2",
        folded.format("The solution in words", "First,\n\nthis:"),
        "1 + 1",
        "After Exercise 2.2.",
    ]
    assert cells[6].metadata["jupyter"] == {"source_hidden": True, "outputs_hidden": True}


def test_a_list_table_becomes_a_table_without_stray_bars(read) -> None:
    text = (
        "```{list-table} Costs of $|x|$\n:name: tab-costs\n:header-rows: 1\n"
        "* - Rule\n  - Cost\n* - `a|b`\n  - $\\|x\\| |y|$\n"
        "* - *two\n    lines*\n  - {eq}`eq-far`\n```\n\n{numref}`tab-costs`"
    )
    assert markdown(read(text)) == (
        "**Table 2.1.** Costs of $|x|$\n\n| Rule | Cost |\n| --- | --- |\n"
        "| `a\\|b` | $\\Vert x\\Vert  \\vert y\\vert $ |\n"
        "| *two lines* | [(3.1)](03_next.ipynb) |\n\nTable 2.1"
    )


def test_a_table_with_a_class_stays_a_table(read) -> None:
    table = "| Rule | Cost |\n|---|---|\n| {sub}`a` | $n$ |"
    assert markdown(read(f"```{{table}}\n:class: cards\n\n{table}\n```")) == table.replace("{sub}`a`", "<sub>a</sub>")


def test_other_roles(read) -> None:
    text = "{math}`x^2`, {py:func}`~attnbook.core.dot`, H{sub}`2`O, {kbd}`Tab`"
    assert markdown(read(text)) == "$x^2$, `dot`, H<sub>2</sub>O, <kbd>Tab</kbd>"


def test_terms_lead_to_the_glossary_on_the_site(read) -> None:
    text = "{term}`Query`, {term}`those <query>`, {term}`two\nlines <KV>`, {term}`key–value pair`, {term}`查询`"
    page = f"{SITE}book/glossary.html"
    assert markdown(read(text)) == (
        f"[Query]({page}#term-query), [those]({page}#term-query), "
        f"[two lines]({page}#term-KV), [key–value pair]({page}#term-keyvalue-pair), [查询]({page}#term-查询)"
    )


def test_links_lead_to_notebooks_pages_and_files(read) -> None:
    text = (
        "(sec-a)=\n## A\n\n{ref}`sec-a`, {numref}`sec-a`, {ref}`sec-far`, {doc}`03_next`, "
        "{doc}`words <glossary>`, [n](03_next.md), "
        "[g](glossary.md#query), [a](#sec-a), [x](https://example.org), {download}`dot.svg`"
    )
    assert markdown(read(text)).split("\n\n")[-1] == (
        "[A](#sec-a), [Section 2.1](#sec-a), [Far](03_next.ipynb), [Next](03_next.ipynb), "
        f"[words]({SITE}book/glossary.html), [n](03_next.ipynb), [g]({SITE}book/glossary.html#query), [a](#sec-a), "
        "[x](https://example.org), [dot.svg](../book/dot.svg)"
    )


def test_code_and_what_looks_like_a_role_inside_it_stay(read) -> None:
    text = "```python\n{eq}`no`\n```\n\n`` {eq}`no` `` and `[^1]`\n\n```{code-block} sh\nmake book\n```"
    assert markdown(read(text)) == "```python\n{eq}`no`\n```\n\n`` {eq}`no` `` and `[^1]`\n\n```sh\nmake book\n```"


def test_blocks_in_a_list_stay_in_the_list(read) -> None:
    assert markdown(read("* one\n\n  $$\n  x\n  $$ (eq-x)\n\n  ```{tip}\n  Two.\n  ```")) == (
        "* one\n\n  $$\n  x \\tag{2.1}\n  $$\n\n  > **Tip**\n  >\n  > Two."
    )


def test_tags_of_code_cells(read) -> None:
    cells = read("```{code-cell}\n:tags: [hide-input]\na\n```\n\n```{code-cell}\n:tags: [raises-exception]\n\nb\n```")
    assert cells[0].metadata["jupyter"] == {"source_hidden": True}
    assert cells[1] == myst.Cell("code", "b", {"tags": ["raises-exception"]})


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("Fine.\n\n```{mermaid}\nx\n```", 3, r"directive \{mermaid\} has no translation"),
        ("Fine.\n\n````{note}\nFine.\n\n```{mermaid}\n```\n````", 6, r"directive \{mermaid\}"),
        ("Fine\nand {abbr}`fine`.", 2, r"role \{abbr\} has no translation"),
        ("```{note}\nFine.\n\n{abbr}`x`\n```", 4, r"role \{abbr\}"),
        ("By {eq}`eq-none`.", 1, "nothing has the label eq-none"),
        ("See {cite:t}`nobody1900`.", 1, "references.bib has no entry nobody1900"),
        ("See [it](none.md).", 1, "leads to no file"),
        ("{doc}`none`", 1, "there is no document none"),
        ("Of\na {term}`value`.", 2, "glossary.md has no term value"),
        ("A {term}`not a term`.", 1, "glossary.md has no term not a term"),
        ("A note[^1].", 1, r"a footnote \(\[\^\) has no translation"),
        ("{{ version }}", 1, "a substitution"),
        ("[word]{.class}", 1, "an attribute"),
        ("[](sec)", 1, "a link without text"),
        ("Fine.\n\n```{note}\nnever closed", 3, "has no end"),
        ("$$\nx", 1, "has no end"),
        ("(sec-a)=\nA paragraph.", 1, "the label sec-a stands before nothing numbered"),
        ("$$ x $$ (eq-x)\n\n$$ y $$ (eq-x)", 3, "the label eq-x is defined twice"),
        ("````{note}\n```{code-cell}\n1\n```\n````", 2, "a code cell cannot stand inside {note}"),
        ("```{code-cell}\n:colour: red\n1\n```", 1, "unknown options: colour"),
        ("```{code-cell}\n:tags: [hide]\n1\n```", 1, "unknown tags: hide"),
        ("```{list-table}\n* - a\n  - b\n* - c\n```", 1, "different lengths"),
        ("```{table} Costs\n| a |\n|---|\n```", 1, "a table with a caption"),
        (
            "```{exercise}\n:label: ex-a\n```\n\n```{solution-start} ex-a\n```",
            6,
            "a solution-start has no solution-end",
        ),
        ("```{solution-end}\n```", 1, "a solution ends that never began"),
        (":::\nx\n:::", 1, "must name its directive"),
    ],
)
def test_what_has_no_translation_is_refused_with_file_and_line(read, text: str, at: int, words: str) -> None:
    with pytest.raises(myst.MystError, match=rf"^book/02_sample\.md:{at}: .*{words}"):
        read(text)
