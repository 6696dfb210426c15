"""The index of the search: every address in it exists, formulas read as one types them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def index(site: Path) -> list[tuple[str, list[tuple[str, str, str, int]]]]:
    script = (site / "_static" / "search-index.js").read_text(encoding="utf-8")
    pages: list[tuple[str, list[tuple[str, str, str, int]]]] = json.loads(script[script.index("[") :].rstrip(";\n"))
    return pages


def test_every_result_leads_somewhere(site: Path, index: list[tuple[str, list[tuple[str, str, str, int]]]]) -> None:
    for address, pieces in index:
        page = BeautifulSoup((site / address).read_text(encoding="utf-8"), "html.parser")
        ids = {tag["id"] for tag in page.select("[id]")} | {""}
        assert [anchor for anchor, *_ in pieces if anchor not in ids] == []
        assert all(title for _, title, *_ in pieces)
        sections = [section["id"] for section in page.select("main section section")]
        assert [anchor for anchor, *_ in pieces if anchor in sections] == sections


def test_what_is_folded_or_printed_is_found_and_tex_is_not(
    index: list[tuple[str, list[tuple[str, str, str, int]]]],
) -> None:
    (pieces,) = [pieces for address, pieces in index if address == "book/02_scoring.html"]
    titles = [title for _, title, *_ in pieces]
    assert "Exercise 2.1 (Cosine from dot)" in titles
    assert "Solution to Exercise 2.1 (Cosine from dot)" in titles
    text = "\n".join(lines for _, _, lines, _ in pieces)
    assert "qᵀk/√d" in text
    assert "\\" not in text.replace("\\n", "")  # no TeX
    assert "<span" not in text


@pytest.fixture
def in_a_line(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    for name in ("search", "katex_local"):
        sys.modules.pop(name, None)
    import katex_local
    import search

    def convert(tex: str) -> str:
        ((html, error),) = katex_local.run_katex([(tex, False)], {})
        assert error is None
        assert html is not None
        return search.in_a_line(ElementTree.fromstring(html[html.index("<math") : html.index("</math>") + 7]))

    return convert


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"\sqrt{d}", "√d"),
        (r"\frac{q^\top k_i}{\sqrt{2d}}", "(qᵀkᵢ)/(√2d)"),
        (r"x^2 + e^{s_i}", "x²+e^sᵢ"),
        (r"W_q", "W_q"),
        (r"\sum_{i=1}^{n} \alpha_i \log_2 \alpha_i", "∑αᵢlog₂αᵢ"),
        (r"\lVert q \rVert", "∥q∥"),
    ],
)
def test_a_formula_reads_as_one_types_it(in_a_line: Callable[[str], str], tex: str, line: str) -> None:
    assert in_a_line(tex) == line
