"""A reader's place on a page: links lead right below the bar, Reload and Back to the line that was there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

NewPage = Callable[..., Page]
CHAPTERS = ["book/02_scoring.html", "book/03_alignment.html"]  # with explorers at the top, and where it is longest
# The line below the bar: its first words and where it is.
LINE = """() => {
  const bar = document.querySelector(".bar").offsetHeight;
  for (const block of document.querySelectorAll("main :is(h2, p, pre, figcaption)")) {
    const { bottom, top } = block.getBoundingClientRect();
    if (bottom > bar) return [block.textContent.slice(0, 40), Math.round(top)];
  }
}"""
SCROLL = "(share) => scrollTo({ top: share * document.documentElement.scrollHeight, behavior: 'instant' })"
SETTLED = """() => new Promise((done) => {
  let quiet = setTimeout(done, 250);
  const again = () => (clearTimeout(quiet), (quiet = setTimeout(done, 250)));
  new ResizeObserver(again).observe(document.querySelector("main"));
})"""


def same_line(one: list[object], other: list[object]) -> bool:
    return one[0] == other[0] and abs(int(str(one[1])) - int(str(other[1]))) <= 2


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_reload_and_back_keep_the_place(new_page: NewPage, http_site: str, chapter: str, width: int) -> None:
    page = new_page(f"{http_site}/{chapter}", width=width)
    for share in (0.15, 0.5, 0.85):
        page.evaluate(SCROLL, share)
        page.evaluate(SETTLED)
        before = page.evaluate(LINE)
        page.reload()
        page.evaluate(SETTLED)
        assert same_line(page.evaluate(LINE), before), f"after Reload at {share}"
        page.goto(f"{http_site}/book/notation.html")
        page.go_back()
        page.evaluate(SETTLED)
        assert same_line(page.evaluate(LINE), before), f"after Back to {share}"
        page.keyboard.press("Shift")  # the reader is here: nothing is held any more


def test_a_place_is_kept_before_the_page_is_laid_out(new_page: NewPage, http_site: str) -> None:
    page = new_page()
    page.add_init_script("globalThis.requestIdleCallback = () => 0")  # nobody ever has time
    page.goto(f"{http_site}/{CHAPTERS[1]}")
    page.evaluate(SCROLL, 0.6)
    page.evaluate(SETTLED)
    assert page.evaluate("!document.documentElement.classList.contains('whole')")
    before = page.evaluate(LINE)
    page.reload()
    page.evaluate(SETTLED)
    assert same_line(page.evaluate(LINE), before)


def test_a_page_opened_anew_begins_at_its_top(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTERS[0]}")
    page.evaluate(SCROLL, 0.5)
    page.evaluate(SETTLED)
    page.goto(f"{http_site}/book/notation.html")
    page.goto(f"{http_site}/{CHAPTERS[0]}")
    page.evaluate(SETTLED)
    assert page.evaluate("scrollY") == 0
    assert page.evaluate("!document.documentElement.classList.contains('whole')")  # what is far below costs nothing


@pytest.mark.parametrize("width", [390, 1440])
def test_a_link_to_a_section_leads_right_below_the_bar(new_page: NewPage, http_site: str, width: int) -> None:
    chapter = f"{http_site}/{CHAPTERS[1]}"
    page = new_page(chapter, width=width, motion="reduce")
    links = page.locator("#sections a").evaluate_all("(all) => all.map((link) => link.hash)")
    gap = """(id) => document.getElementById(decodeURIComponent(id.slice(1))).querySelector("h2, h3")
      .getBoundingClientRect().top - document.querySelector(".bar").offsetHeight"""
    for target in (links[3], links[len(links) // 2]):
        page.evaluate("(id) => document.querySelector(`#sections a[href='${id}']`).click()", target)
        page.evaluate(SETTLED)
        assert 8 <= page.evaluate(gap, target) <= 32, f"{target} is pressed"
        arrived = new_page(f"{chapter}{target}", width=width)
        arrived.evaluate(SETTLED)
        assert 8 <= arrived.evaluate(gap, target) <= 32, f"{target} is opened"
