"""What the build refuses, each with a word that says where and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.book.small import FRONT, HEAD, NOTEBOOK, RELEASE, WORDS, SmallBook

WRONG = (
    HEAD
    + r"""
# Wrong

A formula that cannot be set, $\frac{1$, a reference to nowhere, {numref}`fig-nowhere`, a paper that nobody wrote,
{cite:t}`nobody1900`, a word that nobody explained, {term}`zebra`, a chapter that nobody plans, {chapter}`zebras`, and a
picture without words, too wide for a phone. The words of this page are many enough; that at least is not
wrong with it.

```{assignments}
```

```{code-cell} ipython3
from attnbook import plots
import matplotlib.pyplot as plt
plots.use_style()
plt.figure(figsize=(5.1, 2))
plt.plot([1, 2]);
```

```{code-cell} ipython3
import sys
print("a warning that nobody has read", file=sys.stderr)
```

```{code-cell} ipython3
from ipywidgets import interact
interact(lambda x: 1 / x, x=(0, 0));
```

```{code-cell} ipython3
from anywidget import AnyWidget
AnyWidget()
```
"""
)
FAILING = (
    HEAD
    + """
# Failing

This chapter claims what does not hold, and no book may be built in which that is so, however long the chapter goes
on about it and however many words it needs to look like a page in the eyes of the check that counts them after each
build.

```{code-cell} ipython3
from attnbook import Claims
Claims("03_failing").check("C1", "one is two", claimed="2", measured="1", holds=1 == 2)
```
"""
)
Maker = Callable[[dict[str, str]], SmallBook]


@pytest.fixture(scope="module")
def said(small_book: Maker) -> str:
    """What the build of a page full of faults says."""
    done = small_book({"book/03_wrong.md": WRONG}).build()
    assert done.returncode != 0
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "words",
    [
        "KaTeX",
        "fig-nowhere",
        'could not find bibtex key "nobody1900"',
        "term not in glossary: 'zebra'",
        "plan.yml has no chapter 'zebras'",
        "a picture without alternative text",
        "pixels wide, which a phone cannot show: stack its panels, or draw it at most 480 wide",
        "stderr was found in the cell outputs",
        "a function that a control calls says: ZeroDivisionError: division by zero",
        "a widget that a page can neither bring to life nor draw",
        "notebooks/03_wrong.ipynb is missing",
        "no assignment is handed out: `make assignments` writes them",
    ],
)
def test_each_fault_fails_the_build_with_its_name(said: str, words: str) -> None:
    assert any(words in line and "WARNING" in line for line in said.splitlines()), said[-4000:]


def test_a_claim_that_does_not_hold_fails_the_build(small_book: Maker) -> None:
    done = small_book({"book/03_failing.md": FAILING, "notebooks/03_failing.ipynb": "{}"}).build()
    assert done.returncode != 0
    assert "does not hold: C1: one is two" in done.stdout + done.stderr


def test_an_empty_page_and_an_assignment_without_its_place_fail_the_build(small_book: Maker) -> None:
    pages = {"book/03_empty.md": "# Empty\n", "notebooks/03_empty.ipynb": "{}"}
    pages |= {"book/07_seven.md": f"{HEAD}\n# Seven\n\n{WORDS}\n", "notebooks/07_seven.ipynb": "{}", NOTEBOOK: RELEASE}
    done = small_book(pages).build()
    assert done.returncode != 0
    assert "its page holds only" in done.stdout + done.stderr
    assert "a chapter with an assignment needs a section 'Exercises'" in done.stdout + done.stderr


def test_a_page_of_the_contents_that_does_not_exist_fails_the_build(small_book: Maker) -> None:
    book = small_book({"book/index.md": FRONT})
    book.write({"_toc.yml": "format: jb-book\nroot: book/index\nchapters:\n  - file: book/03_gone\n"})
    done = book.build()
    assert done.returncode != 0
    assert "book/03_gone" in done.stdout + done.stderr
