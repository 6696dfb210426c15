"""The search page: it finds what was meant, shows where, and needs one request, or none from a folder of files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from tests.budgets import PAGE_BYTES, within

NewPage = Callable[..., Page]
CHAPTER = "book/02_scoring.html"


@pytest.fixture
def search(new_page: NewPage, http_site: str) -> Callable[..., Page]:
    """`search(query)` opens the page with the results."""
    return lambda query, **options: new_page(f"{http_site}/search.html?q={quote(query)}", **options)


@pytest.mark.parametrize("width", [320, 1440])
def test_slash_and_control_k_lead_to_the_search(new_page: NewPage, http_site: str, width: int) -> None:
    for keys in ("/", "Control+k"):
        page = new_page(f"{http_site}/{CHAPTER}", width=width)
        page.keyboard.press(keys)
        if width == 320:
            page.wait_for_url("**/search.html")
        expect(page.get_by_role("searchbox", name="Search the book")).to_be_focused()
        page.keyboard.type("softmax")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=softmax")
        expect(page.locator(".results a").first).to_be_visible()


@pytest.mark.parametrize(
    ("query", "title", "address"),
    [
        ("√d", "Why divide by the square root", "02_scoring.html#why-divide"),
        ("sqrt(d)", "Why divide by the square root", "02_scoring.html#why-divide"),
        ("why divide by √d", "Why divide by the square root", "02_scoring.html#why-divide"),
        ("缩放点积", "scaled dot product", "glossary.html#term-scaled-dot-product"),
        ("自注意力", "self-attention", "glossary.html#term-self-attention"),
        ("atention", "attention", "glossary.html#term-attention"),
        ("softmax temprature", "Temperature: how decisive", "03_alignment.html#temperature"),
        ("normalization", "normalisation", "glossary.html#term-normalisation"),
        ("Masks", "mask", "glossary.html#term-mask"),
    ],
)
def test_the_first_result_is_what_was_meant(search: Callable[..., Page], query: str, title: str, address: str) -> None:
    page = search(query)
    first = page.locator(".results a").first
    expect(first).to_contain_text(title)
    assert address in str(first.get_attribute("href"))


def test_what_is_misspelt_is_said(search: Callable[..., Page]) -> None:
    status = search("atention").get_by_role("status")
    expect(status).to_contain_text("“atention” is not in the book; these are results for “attention”.")


def test_a_chinese_word_that_is_not_there_is_found_by_its_parts(search: Callable[..., Page]) -> None:
    page = search("缩放点积注意力")
    expect(page.get_by_role("status")).to_contain_text("results for “缩放点积” and “注意力”")
    expect(page.locator(".results")).to_contain_text("scaled dot product")


def test_words_that_meet_nowhere_are_found_one_by_one(search: Callable[..., Page]) -> None:
    page = search("kiwi entropy saliency")
    expect(page.get_by_role("status")).to_contain_text("No place has all of these words")
    expect(page.locator(".results a").nth(2)).to_be_visible()


def test_a_result_is_a_section_with_the_sentence_that_was_meant(search: Callable[..., Page]) -> None:
    page = search("cosine angle arrows")
    result = page.locator(".results li", has_text="Direction only: the cosine")
    expect(result.locator(".where")).to_have_text("2 Scoring functions")
    sentence = result.locator(".excerpt")
    expect(sentence).to_have_text(
        "What remains is the cosine of the angle between the two arrows, which Neural Turing Machines use to look "
        "things up by content (Graves et al., 2014):"
    )
    assert sentence.locator("mark").all_inner_texts() == ["cosine", "angle", "arrows"]
    result.get_by_role("link").click()
    expect(page.locator("#direction-only-the-cosine")).to_be_in_viewport()
    page.go_back()
    expect(result).to_be_visible()


def test_entries_of_the_package_come_last(search: Callable[..., Page]) -> None:
    page = search("softmax")
    assert page.locator("#search-results h2").all_inner_texts() == ["In the book", "In the package"]
    book, package = (group.locator("a") for group in page.locator(".results").all())
    links = "(all) => all.map((link) => link.hash.startsWith('#attnbook.'))"
    assert set(book.evaluate_all(links)) == {False}
    assert set(package.evaluate_all(links)) == {True}


def test_there_are_more_results_on_demand(search: Callable[..., Page]) -> None:
    page = search("attention")
    links = page.locator(".results").first.locator("a")
    shown = links.count()
    page.locator(".more").first.click()
    expect(links.nth(shown)).to_be_focused()
    assert f"{links.count()} places in the book" in page.get_by_role("status").inner_text()
    links.last.click()
    page.wait_for_url("**/book/**")
    page.go_back()
    expect(links.last).to_be_attached()


def test_results_follow_the_keys(search: Callable[..., Page]) -> None:
    page = search("")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    page.keyboard.type("cosine")
    first, second = (page.locator(".results a").nth(at) for at in (0, 1))
    page.keyboard.press("Enter")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    field.fill("")
    expect(page.get_by_role("status")).to_have_text("")
    expect(page.locator(".results")).to_have_count(0)


def test_nothing_found_is_said(search: Callable[..., Page]) -> None:
    page = search("zzyzx<")
    expect(page.get_by_role("status")).to_contain_text("Nothing found for “zzyzx<”")


def test_searching_is_one_request_for_the_index(new_page: NewPage, http_site: str) -> None:
    page: Any = new_page()
    sizes: dict[str, int] = {}
    page.on("requestfinished", lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}))
    page.goto(f"{http_site}/search.html", wait_until="networkidle")
    before = dict(sizes)
    assert [url for url in before if "index" in url] == [url for url in before if "/_static/search-index.js?v=" in url]
    within(PAGE_BYTES, "search.html", sum(before.values()))
    page.keyboard.type("attention")
    expect(page.locator(".results a").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert sizes == before


def test_the_site_works_when_it_is_opened_as_files(new_page: NewPage, site: Path) -> None:
    page = new_page((site / "index.html").as_uri())
    page.wait_for_url("**/book/index.html")
    page.goto((site / CHAPTER).as_uri())
    expect(page.locator(".explorer.is-live").first).to_be_attached()
    page.keyboard.press("/")
    page.keyboard.type("cosine")
    page.keyboard.press("Enter")
    result = page.locator(".results li", has=page.get_by_role("link", name="Direction only"))
    expect(result.locator(".excerpt")).to_contain_text("cosine")
    result.get_by_role("link").click()
    expect(page.locator("h1")).to_contain_text("Scoring functions")
