"""The map of attention in a browser: its tiles by pointer and keys, what choices become, the fruits, the tasks."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from tests.browser.hands import assert_table, button, change, python_side, settled, state

from attnbook.core.mechanisms import MECHANISMS
from attnbook.widgets.landscape import KINDS, LandscapeExplorer

BarePage = Callable[..., Page]


def press(page: Page, name: str) -> None:
    button(page, name).click()
    settled(page)


def choose(page: Page, kind: str, value: str) -> None:
    page.get_by_role("combobox", name=kind).select_option(label=value)
    settled(page)


def lit(page: Page, what: str) -> list[str]:
    """The names of the tiles that are pressed, or one choice away."""
    found: list[str] = page.locator(f".attn-tile{what}").evaluate_all("all => all.map((tile) => tile.ariaLabel)")
    return found


def assert_right(page: Page) -> None:
    """Tiles, names, fruits and table are what Python computes for the page's state."""
    settled(page)
    python = python_side(page, LandscapeExplorer)
    assert set(lit(page, '[aria-pressed="true"]')) == set(python.names)
    assert lit(page, ".attn-one-away") == python.near
    expect(page.locator(".attn-called")).to_have_text(python.readout())
    shown = page.locator(".attn-fruit:not([aria-hidden])")
    widths = shown.locator(".attn-fill").evaluate_all("all => all.map((fill) => parseFloat(fill.style.width))")
    most = max(1.0, abs(python.weights).max())
    assert all(
        abs(width - 100 * abs(weight) / most) < 0.01 for width, weight in zip(widths, python.weights, strict=True)
    )
    crossed = shown.evaluate_all("all => all.map((row) => row.classList.contains('attn-off'))")
    assert crossed == [not may for may in python.chosen]
    assert_table(page, python)


def test_a_pressed_tile_sets_its_four_choices(bare_page: BarePage) -> None:
    page = bare_page(LandscapeExplorer(try_first="look."))
    for one in list(MECHANISMS.values())[::3]:
        press(page, one.name)
        if one.fits == "none":
            expect(page.locator(".attn-called")).to_have_text(one.name)
            expect(page.locator(".attn-about")).to_contain_text(one.note)
            continue
        assert [state(page)[kind] for kind in KINDS] == list(one.choices)
        expect(page.locator(".attn-formula").first).to_have_text(one.line.replace("_", ""))
        assert_right(page)


def test_a_changed_choice_changes_the_name(bare_page: BarePage) -> None:
    page = bare_page(LandscapeExplorer(try_first="look."))
    choose(page, "Score", "given")
    page.get_by_role("radio", name="best").check(force=True)
    assert_right(page)
    expect(page.locator(".attn-called")).to_have_text("hard attention")
    choose(page, "Normalise", "gates")
    choose(page, "Read", "each by itself")
    assert_right(page)
    choose(page, "Score", "dot product")
    choose(page, "Normalise", "divide")
    assert_right(page)
    expect(page.locator(".attn-called")).to_contain_text("do not go together")
    change(page, score="kernel", read="average", select="all", sweet=-2.0, sour=1.5)
    assert_right(page)


def test_a_reason_is_shown_until_a_choice_changes(bare_page: BarePage) -> None:
    page = bare_page(LandscapeExplorer(try_first="look."))
    called = page.locator(".attn-called")
    for _ in range(2):  # it can be asked for again
        press(page, "saliency")
        expect(called).to_have_text("saliency")
        assert lit(page, '[aria-pressed="true"]') == ["saliency"]
        choose(page, "Score", "cosine")
        expect(called).to_have_text("cosine")
        assert_right(page)
        choose(page, "Score", "scaled dot product")
    tile = button(page, "pointer")
    tile.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert tile.evaluate("(node) => getComputedStyle(node, '::after').content") == '"pointer"'


def test_keys_go_through_the_tiles_and_press_them(bare_page: BarePage) -> None:
    page = bare_page(LandscapeExplorer(try_first="look."))
    tiles = page.locator(".attn-tile")
    assert tiles.evaluate_all("all => all.filter((tile) => tile.tabIndex === 0).length") == 1
    page.locator('.attn-tile[tabindex="0"]').focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    name = page.evaluate("document.activeElement.ariaLabel")
    page.keyboard.press("Enter")
    assert state(page)["mechanism"] == name == list(MECHANISMS)[3]
    assert_right(page)


def test_a_first_look_has_no_frames_until_anything_is_done(bare_page: BarePage) -> None:
    page = bare_page(LandscapeExplorer())
    settled(page)
    assert lit(page, ".attn-one-away") == []
    assert len(lit(page, '[aria-pressed="true"]')) == 6
    assert lit(page, '[aria-pressed="true"]:not(.attn-same)') == ["scaled dot product"]
    press(page, "block by block")
    assert_right(page)
    assert lit(page, '[aria-pressed="true"]:not(.attn-same)') == ["block by block"]
    button(page, "Reset").click()
    settled(page)
    assert lit(page, ".attn-one-away") == []
    button(page, "Skip").click()
    assert_right(page)


def test_the_three_tasks_are_noticed(bare_page: BarePage) -> None:
    page = bare_page(LandscapeExplorer())
    line = page.locator(".attn-head p")
    press(page, "pointer")
    expect(line).to_contain_text("press hard attention (Ha)")
    press(page, "hard attention")
    expect(line).to_contain_text("From pointer to hard attention: 3 of the four, score (small network → given); select")
    button(page, "Next").click()
    settled(page)
    press(page, "scaled dot product")
    expect(line).to_contain_text("change a single choice")
    choose(page, "Score", "dot product")
    expect(line).to_contain_text("scaled dot product is dot product now, by one choice: score")
    button(page, "Next").click()
    settled(page)
    choose(page, "Normalise", "gates")
    expect(line).to_contain_text("No name for this: dot product · all · gates · average.")
