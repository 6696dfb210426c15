"""The review in a browser, read by the readers that the chapter has trained: its tasks, a press, the keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect
from tests.browser.hands import assert_table, button, python_side, settled

from attnbook.widgets.structures_document import DocumentExplorer


@pytest.fixture(scope="module")
def readers(site: Path) -> dict[str, Any]:
    """The readers that the chapter has trained, from its page."""
    page = BeautifulSoup((site / "book" / "06_structures.html").read_text(encoding="utf-8"), "html.parser")
    state = json.loads(page.select_one('[data-explorer="structures_document"] + script').string)
    return {name: state[name] for name in ("flat", "hierarchy")}


def test_its_tasks_are_done_and_answered(bare_page: Callable[..., Page], readers: dict[str, Any]) -> None:
    page = bare_page(DocumentExplorer(**readers))
    line = page.locator(".attn-head p")
    before = python_side(page, DocumentExplorer)
    page.get_by_role("radio", name="two levels").check()
    settled(page)
    now = python_side(page, DocumentExplorer)
    assert now.sentences[2] > 0.8  # the one about the music
    assert now.answer == "good"
    assert max(before.sentences) < 0.4
    was = f"{100 * before.sentences[2]:.0f} %"
    expect(line).to_have_text(
        f"→ Sentence 3 has {now.rows()[2][1]} of the weight now, and the answer is “good”. With one level it had {was}."
    )
    button(page, "Next").click()
    settled(page)
    page.get_by_role("radio", name="staff", exact=True).check()
    expect(line).to_contain_text("number 6 has")
    button(page, "Next").click()
    settled(page)  # what was there before is what is painted now
    for _ in range(3):  # the first three sentences become better: nobody asked about them
        for name in ("superb", "dreadful", "solid", "awful", "plain", "pleasant"):
            if line.inner_text().startswith("→"):
                break
            word = page.locator(".attn-line:nth-child(-n+4)").get_by_role("button", name=name, exact=True)
            if word.count():
                word.first.click()
                settled(page)
    expect(line).to_contain_text("One level now says")
    after = python_side(page, DocumentExplorer)
    assert after.levels == "two"
    assert f"Two levels still say “{after.answer}”." in line.inner_text()
    assert_table(page, after)


def test_a_press_changes_a_word_by_mouse_and_keys(bare_page: Callable[..., Page]) -> None:
    page = bare_page(DocumentExplorer())
    first = page.get_by_role("button", name="breakfast", exact=True)
    first.focus()
    page.keyboard.press("Enter")
    settled(page)
    assert python_side(page, DocumentExplorer).lines[0][5:] == ["garden", "seemed", "superb"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    settled(page)
    assert python_side(page, DocumentExplorer).lines[0][5:] == ["garden", "seemed", "awful"]
    button(page, "Undo").click()
    expect(page.get_by_role("button", name="superb", exact=True)).to_be_visible()
