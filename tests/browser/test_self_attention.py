"""The self-attention bench in a browser: words that are typed, moved and pressed, arcs, the table, the tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.hands import assert_table, button, change, python_side, rest, settled, state, unfold

from attnbook.widgets.self_attention import EXAMPLES, SelfAttentionExplorer

BarePage = Callable[..., Page]
ANIMAL = EXAMPLES[0].split()


def words(page: Page) -> Locator:
    return page.locator(".attn-sentence > button:visible")


def readout(page: Page) -> Locator:
    return page.locator(".attn-readout")


def line(page: Page) -> Locator:
    return page.locator(".attn-head p")


def choose(page: Page, group: str, name: str) -> None:
    page.get_by_role("group", name=group).get_by_role("radio", name=name, exact=True).click()
    settled(page)


def pull(page: Page, start: int, end: int) -> None:
    """Pull a word past the middle of another one."""
    a, b = (words(page).nth(i).bounding_box() for i in (start, end))
    share = 0.75 if end > start else 0.25
    page.mouse.move(a["x"] + a["width"] / 2, a["y"] + a["height"] / 2)
    page.mouse.down()
    page.mouse.move(b["x"] + share * b["width"], b["y"] + b["height"] / 2 + 9, steps=12)
    expect(readout(page)).to_have_text(python_side(page, SelfAttentionExplorer).readout())
    page.mouse.up()
    page.mouse.move(2, 2)
    settled(page)


def assert_right(page: Page) -> None:
    """Words, shares, what is struck out, arcs, the readout and the table are what Python computes."""
    settled(page)
    python = python_side(page, SelfAttentionExplorer)
    row = python.matrix[python.chosen]
    assert words(page).locator(".attn-text").all_inner_texts() == python.words
    shares = words(page).locator(".attn-share").all_inner_texts()
    assert [float(share.removesuffix(" %")) for share in shares] == pytest.approx(100 * row, abs=0.501)
    expect(readout(page)).to_have_text(python.readout())
    pressed, off = (
        words(page).evaluate_all(f"all => all.map((n) => {what})")
        for what in ("n.ariaPressed", "n.matches('.attn-off')")
    )
    assert [i for i, each in enumerate(pressed) if each == "true"] == [python.chosen]
    assert off == (~python.allowed[python.chosen]).tolist()
    seen = page.locator("path.attn-link").evaluate_all(
        "all => all.map((n) => n.getAttribute('visibility') !== 'hidden')"
    )
    drawn = [j != python.chosen and weight >= 0.01 for j, weight in enumerate(row)]
    assert seen[: len(row)] == drawn or not any(seen), "arcs, where the words stand in one line"
    assert_table(page, python)


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_it_shows_what_python_computes(bare_page: BarePage) -> None:
    page = bare_page(SelfAttentionExplorer(try_first="look."))
    assert_right(page)
    steps: tuple[dict[str, Any], ...] = (
        {"mask": "causal", "row": 0},
        {"row": 5},
        {"mask": "window", "window": 3, "positions": "rotary"},
        {"mask": "padding", "padding": 4, "head": "before", "row": 11},
        {"positions": "sinusoidal", "temperature": 4.0, "sentence": EXAMPLES[2]},
        {"padding": 12},
        {"sentence": "it"},
    )
    for news in steps:
        change(page, **news)
        assert_right(page)
    choose(page, "Mask", "none")
    choose(page, "Head", "who is meant")
    choose(page, "Positions", "none")
    assert [state(page)[name] for name in ("mask", "head", "positions")] == ["none", "meant", "none"]
    unfold(page)
    button(page, "Another sentence").click()
    settled(page)
    assert state(page)["sentence"] == EXAMPLES[0]
    assert_right(page)


def test_arcs_go_from_the_word_that_asks_to_the_others(bare_page: BarePage) -> None:
    page = bare_page(SelfAttentionExplorer(try_first="look."))
    settled(page)
    arc = page.locator("path.attn-link").nth(1)
    ends = arc.evaluate(
        """(path) => [0, path.getTotalLength()].map((at) => {
          const { x, y } = path.getPointAtLength(at);
          return new DOMPoint(x, y).matrixTransform(path.getScreenCTM()).x;
        })"""
    )
    boxes = [words(page).nth(i).bounding_box() for i in (8, 1)]
    assert ends == pytest.approx([box["x"] + box["width"] / 2 for box in boxes], abs=1.5)
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    expect(page.locator(".attn-links")).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 900})
    settled(page)
    expect(page.locator(".attn-links")).to_be_visible()


def test_pointing_at_a_word_or_a_weight_shows_its_row(bare_page: BarePage) -> None:
    page = bare_page(SelfAttentionExplorer(try_first="look."))
    before = state(page)
    words(page).nth(1).hover()
    settled(page)
    expect(readout(page)).to_have_text("animal looks mostly at did (21 %), then cross (21 %), was (21 %)")
    page.mouse.move(2, 2)
    box = page.locator(".attn-cells").bounding_box()
    page.mouse.move(box["x"] + 1.5 / 12 * box["width"], box["y"] + 8.5 / 12 * box["height"])
    settled(page)
    expect(readout(page)).to_have_text("it looks at animal: 59 %")
    assert words(page).nth(1).evaluate("node => node.matches('.attn-lit')")
    assert state(page) == before
    page.locator(".attn-cells").press("Enter")
    settled(page)
    assert state(page)["row"] == 0
    page.mouse.move(2, 2)
    assert_right(page)


# --- words of one's own, in an order of one's own ---------------------------------------------------------------------


def test_a_sentence_is_typed(bare_page: BarePage) -> None:
    page = bare_page(SelfAttentionExplorer(try_first="look."))
    field = page.get_by_role("textbox", name="Sentence")
    field.fill("The old Dog saw a fish.")
    settled(page)
    assert state(page)["sentence"] == "the old dog saw a fish"
    field.blur()
    assert_right(page)
    field.fill("the old dragon")
    settled(page)
    expect(page.locator(".attn-note")).to_have_text("“dragon” is not among the words.")
    assert state(page)["sentence"] == "the old dog saw a fish"


def test_a_word_is_pulled_to_another_place(bare_page: BarePage) -> None:
    page = bare_page(SelfAttentionExplorer(try_first="look."))
    pull(page, 1, 6)
    assert state(page)["sentence"].split() == [ANIMAL[0], *ANIMAL[2:7], "animal", *ANIMAL[7:]]
    assert state(page)["row"] == 8
    assert_right(page)
    pull(page, 8, 0)
    assert state(page)["sentence"].startswith("it the did not")
    assert state(page)["row"] == 0, "it is still the word that asks"
    assert_right(page)
    for _ in range(2):
        button(page, "Undo").click()
        settled(page)
    assert state(page)["sentence"].split() == ANIMAL
    assert button(page, "Undo").get_attribute("aria-disabled") == "true"
    words(page).nth(1).click()
    settled(page)
    assert (state(page)["row"], state(page)["sentence"].split()) == (1, ANIMAL)


def test_a_finger_pulls_a_word_to_another_line(bare_page: BarePage) -> None:
    page = bare_page(SelfAttentionExplorer(try_first="look."), touch=True, width=390, height=844, is_mobile=True)
    settled(page)
    a, b = (words(page).nth(i).bounding_box() for i in (1, 9))
    assert b["y"] > a["y"] + a["height"] / 2
    finger = page.context.new_cdp_session(page)
    for kind, share in (("touchStart", 0.0), *(("touchMove", step / 8) for step in range(1, 9)), ("touchEnd", 1.0)):
        x = a["x"] + a["width"] / 2 + share * (b["x"] + 0.8 * b["width"] - a["x"] - a["width"] / 2)
        y = a["y"] + a["height"] / 2 + share * (b["y"] - a["y"])
        finger.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}] * (kind != "touchEnd")}
        )
    settled(page)
    assert state(page)["sentence"].split().index("animal") == 9
    assert page.evaluate("scrollY") == 0
    assert_right(page)


def test_a_word_is_moved_by_keys(bare_page: BarePage) -> None:
    page = bare_page(SelfAttentionExplorer(try_first="look."))
    words(page).first.focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    rest(page)
    assert state(page)["sentence"].split()[:5] == ["the", "did", "not", "animal", "cross"]
    expect(page.get_by_role("status")).to_contain_text("animal at place 4 of 12")
    assert page.evaluate("document.activeElement.innerText").startswith("animal")
    page.keyboard.press("Enter")
    settled(page)
    assert state(page)["row"] == 3
    for _ in range(5):
        page.keyboard.press("Shift+ArrowLeft")
    settled(page)
    assert state(page)["sentence"].startswith("animal the did")
    assert state(page)["row"] == 0
    assert_right(page)


# --- the tasks --------------------------------------------------------------------------------------------------------


def test_nothing_tells_before_the_reader_has_decided(bare_page: BarePage) -> None:
    page = bare_page(SelfAttentionExplorer())
    settled(page)
    expect(readout(page)).to_have_text("it looks mostly at ?")
    assert page.locator(".attn-cells canvas:visible, .attn-share:visible, .attn-links:visible").count() == 0
    before = page.locator(".attn-sentence").screenshot()
    change(page, temperature=9.0)
    assert page.locator(".attn-sentence").screenshot() == before
    change(page, temperature=1.0)
    words(page).nth(6).click()
    settled(page)
    looks = "it looks mostly at animal (59 %), then street (35 %), it (2 %)"
    expect(line(page)).to_contain_text(f"→ Not street: {looks}.")
    button(page, "Reset").click()
    settled(page)
    words(page).nth(1).click()
    settled(page)
    expect(line(page)).to_contain_text(f"→ Yes: {looks}.")
    assert state(page)["row"] == 8
    words(page).nth(1).press("Shift+ArrowRight")
    settled(page)
    expect(words(page).nth(2)).to_contain_text("animal")
    expect(line(page)).to_contain_text(f"→ Yes: {looks}.")  # the guess stays what it was


def test_moving_a_word_without_positions_changes_no_weight(bare_page: BarePage) -> None:
    page = bare_page(SelfAttentionExplorer())
    button(page, "Skip").click()
    choose(page, "Positions", "rotary")
    pull(page, 1, 4)
    expect(line(page)).to_contain_text("Then: with no mask and no positions")
    choose(page, "Positions", "none")
    expect(line(page)).to_contain_text(
        "→ The order is another one, and the largest change of a weight between two words is 0.00:"
    )
    page.get_by_role("textbox", name="Sentence").fill("the dog saw it")
    button(page, "Next").click()
    settled(page)
    expect(line(page)).to_contain_text("Then: a word that is there twice")


@pytest.mark.parametrize(
    ("group", "name", "told"),
    [
        ("Mask", "causal", "the causal mask"),
        ("Mask", "window", "the window mask"),
        ("Positions", "sinusoidal", "sinusoidal positions"),
        ("Positions", "rotary", "rotary positions"),
    ],
)
def test_a_mask_or_positions_tell_two_equal_words_apart(bare_page: BarePage, group: str, name: str, told: str) -> None:
    page = bare_page(SelfAttentionExplorer())
    button(page, "Skip").click()
    button(page, "Skip").click()
    choose(page, "Mask", "padding")
    expect(line(page)).to_contain_text("Then: a word that is there twice")
    choose(page, "Mask", "none")
    choose(page, group, name)
    matrix = python_side(page, SelfAttentionExplorer).matrix
    change_told = f"{np.abs(matrix[0] - matrix[5]).max():.2f}"
    expect(line(page)).to_contain_text(
        f"→ With {told}, the rows of the first and the second “the” differ by up to {change_told}."
    )
