"""The explorer on the built page, over http and as an opened file: alive, right, and a picture where it cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.hands import take

from attnbook.core import SCORERS
from attnbook.widgets.scoring import ScoringExplorer
from attnbook.widgets.svg import decimal

PAGE = "book/02_scoring.html"


@pytest.fixture(params=["http", "file"])
def address(request: pytest.FixtureRequest, site: Path) -> str:
    """The chapter's page, served and as a file."""
    if request.param == "file":
        return (site / PAGE).as_uri()
    return f"{request.getfixturevalue('http_site')}/{PAGE}"


def explorer_of(page: Page) -> Locator:
    return page.locator(".explorer.is-live .attn").first


def slider(page: Page, name: str) -> Locator:
    return explorer_of(page).get_by_role("slider", name=name, exact=True)


def place(page: Page, name: str) -> list[float]:
    told = slider(page, name).get_attribute("aria-valuetext")
    assert told is not None
    return [float(part.replace("−", "-")) for part in told.partition(";")[0].split(", ")]


def assert_right(page: Page) -> None:
    """The numbers in the table are those that core computes for what the handles and the scorer say."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    explorer = explorer_of(page)
    python = ScoringExplorer(
        scorer=explorer.get_by_role("combobox", name="Scorer").input_value(),
        query=place(page, "query"),
        key_vectors=[place(page, f"key {letter}") for letter in "abcdef"],
    )
    for column, expected in ((3, python.scores), (4, 100 * python.weights)):
        cells = explorer.locator(f".attn-numbers tbody tr:not([hidden]) td:nth-of-type({column})").all_text_contents()
        numbers = [float(cell.replace("−", "-").removesuffix(" %")) for cell in cells]
        assert numbers == pytest.approx(expected, abs=0.00501 if column == 3 else 0.501)


def test_alive_by_mouse(address: str, new_page: Any) -> None:
    page = new_page(address)
    assert_right(page)
    take(page, slider(page, "query"))
    plane = explorer_of(page).locator(".attn-plane").bounding_box()
    page.mouse.move(plane["x"] + plane["width"] / 6, plane["y"] + plane["height"] / 3, steps=6)
    page.mouse.up()
    assert_right(page)
    assert place(page, "query") == pytest.approx([-2, 1], abs=0.03)
    explorer_of(page).get_by_role("button", name="Reset").click()
    assert_right(page)
    assert place(page, "query") == [1.2, 0.5]


def test_alive_by_keyboard_alone(address: str, new_page: Any) -> None:
    page = new_page(address)
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "query":
            break
    page.keyboard.press("]")
    page.keyboard.press("PageDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("ArrowLeft")
    assert_right(page)
    assert place(page, "key b") == [0.5, 1.5]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    page.keyboard.press("Home")
    for name in SCORERS:
        assert_right(page)
        assert explorer_of(page).get_by_role("combobox", name="Scorer").input_value() == name
        page.keyboard.press("ArrowDown")


@pytest.mark.parametrize("width", [320, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_page_in_both_themes(http_site: str, new_page: Any, width: int, scheme: str) -> None:
    page = new_page(f"{http_site}/{PAGE}", width=width, scheme=scheme)
    explorer = explorer_of(page)
    box = explorer.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert explorer.evaluate("node => node.scrollWidth <= node.clientWidth")
    assert explorer.locator(".attn-plane canvas.attn-dark").is_visible() == (scheme == "dark")
    paper = explorer.evaluate("node => getComputedStyle(node).backgroundColor")
    assert paper == page.evaluate("getComputedStyle(document.documentElement).backgroundColor"), (
        "it stands on the page's paper"
    )


def test_without_script_the_page_shows_the_still(http_site: str, new_page: Any) -> None:
    page = new_page(f"{http_site}/{PAGE}", script=False)
    still = page.locator(".explorer-static svg[role=img]").first
    expect(still).to_be_visible()
    words = still.locator("desc").text_content()
    for key in "abcdef":
        assert f"{key} " in words
    explorer = ScoringExplorer(scorer="dot")
    assert decimal(explorer.scores[int(np.argmax(explorer.scores))]) in still.locator("text").all_text_contents()


def test_printed_the_page_shows_what_the_reader_has_made(http_site: str, new_page: Any) -> None:
    page = new_page(f"{http_site}/{PAGE}")
    still = page.locator(".explorer-static svg").first
    expect(still).not_to_be_visible()
    page.emulate_media(media="print")
    expect(still).not_to_be_visible()
    expect(explorer_of(page).locator(".attn-stage")).to_be_visible()


def test_when_the_explorer_fails_the_still_stays(http_site: str, new_page: Any) -> None:
    page = new_page(quiet=False)
    broken = "globalThis.attnbook.scoring = { render() { throw new Error('broken'); } };"
    page.route("**/explorers/scoring.js*", lambda route: route.fulfill(body=broken, content_type="text/javascript"))
    with page.expect_console_message(lambda message: "broken" in message.text):
        page.goto(f"{http_site}/{PAGE}")
    fallen = page.locator(".explorer[data-explorer=scoring]")
    expect(fallen.locator(".explorer-static svg")).to_be_visible()
    assert fallen.locator(".explorer-live").count() == 0
    assert page.locator(".explorer.is-live").count() == 1  # the other one lives on
