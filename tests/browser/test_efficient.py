"""The triangle of scores in a browser: what it shows in each way, its query by hand and by keys, blocks, the tasks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from playwright.sync_api import Page, expect
from tests.browser.hands import assert_table, button, change, python_side, rest, settled, state, take

from attnbook.widgets.efficient import HEADS, TOKENS, EfficientExplorer

BarePage = Callable[..., Page]
WAYS = {"all": "all at once", "blocks": "in blocks", "window": "window", "groups": "grouped heads", "linear": "linear"}


def choose(page: Page, way: str) -> None:
    page.get_by_role("radio", name=WAYS[way], exact=True).check(force=True)
    settled(page)


def slide(page: Page, name: str, value: int) -> None:
    page.get_by_role("slider", name=name, exact=True).fill(str(value))
    settled(page)


def boxes(page: Page, strip: int, ink: str) -> list[list[float]]:
    """The place, top and height of the rectangles of one ink that are seen below the triangle."""
    found: list[list[float]] = (
        page.locator(".attn-below-row")
        .nth(strip)
        .locator(f'rect[style*="{ink}"]')
        .evaluate_all(
            """all => all.filter((rect) => rect.getAttribute('visibility') !== 'hidden')
          .map((rect) => ['x', 'y', 'height'].map((name) => Number(rect.getAttribute(name))))"""
        )
    )
    return found


def assert_right(page: Page) -> None:
    """The results, the colours, the bars, the memory and the table are what Python computes for the page's state."""
    settled(page)
    python = python_side(page, EfficientExplorer)
    expect(page.locator(".attn-told span")).to_have_text(python.told())
    t = python.query
    bars = boxes(page, 0, "accent")
    np.testing.assert_allclose([high for _, _, high in bars], 100 * python.weights[t], atol=0.006)
    ticks = boxes(page, 0, "ink")
    assert len(ticks) == t + 1
    np.testing.assert_allclose([97.5 - top for _, top, _ in ticks], 100 * python.direct[t, : t + 1], atol=0.006)
    kept = boxes(page, 1, "key")
    if python.way == "linear":
        assert [box[2] for box in kept] == [HEADS]
    else:
        assert [round(x - 0.1) for x, _, _ in kept] == np.flatnonzero(python.in_memory).tolist()
        assert {high for _, _, high in kept} == {HEADS / int(python.share) if python.way == "groups" else HEADS}
    painted = page.locator(".attn-triangle canvas:visible").evaluate(
        """(node) => {
          const copy = new OffscreenCanvas(node.width, node.height).getContext('2d', { willReadFrequently: true });
          copy.drawImage(node, 0, 0);
          return [...copy.getImageData(0, 0, node.width, node.height).data].filter((_, i) => i % 4 === 3);
        }"""
    )
    np.testing.assert_array_equal(np.reshape(painted, (TOKENS, TOKENS)) > 0, python.seen)
    assert_table(page, python)


def test_it_shows_what_python_computes(bare_page: BarePage) -> None:
    page = bare_page(EfficientExplorer(try_first="look."))
    rng = np.random.default_rng(0)
    for n, way in enumerate([*WAYS, *WAYS]):
        choose(page, way)
        change(
            page,
            **{"query": int(rng.integers(TOKENS)), "width": int(rng.integers(1, 12)), "sinks": n % 5, "seed": n},
            **{"block": int(rng.integers(1, 9)), "steps": int(rng.integers(1, 6)), "share": ("1", "2", "4")[n % 3]},
        )
        assert_right(page)


def test_the_answer_is_hidden_until_something_is_changed(bare_page: BarePage) -> None:
    page = bare_page(EfficientExplorer())
    told = page.locator(".attn-told span")
    expect(told.nth(4)).to_have_text("answer moves by ?")
    expect(told.nth(3)).to_have_text("? of the weight left out")
    assert not page.locator(".attn-below-row .attn-answer rect").first.is_visible()
    slide(page, "Width", 7)
    assert_right(page)


def test_the_query_moves_by_keys_by_hand_and_by_a_press(bare_page: BarePage) -> None:
    page = bare_page(EfficientExplorer())
    grip = page.get_by_role("slider", name="Token that asks")
    expect(grip).to_have_attribute("aria-valuetext", "token 20 of 24")
    for key, query in (
        ("ArrowUp", 18),
        ("ArrowLeft", 17),
        ("ArrowRight", 18),
        ("ArrowDown", 19),
        ("Shift+ArrowUp", 15),
    ):
        grip.press(key)
        settled(page)
        assert state(page)["query"] == query, key
    grip.press("Home")
    rest(page)
    assert state(page)["query"] == 19
    x, y = take(page, grip)
    triangle = page.locator(".attn-triangle").bounding_box()
    unit = triangle["height"] / TOKENS
    page.mouse.move(x + 90, y - 5 * unit, steps=4)
    page.mouse.up()
    rest(page)
    assert state(page)["query"] == 14, "only up and down count"
    page.mouse.click(triangle["x"] + 3, triangle["y"] + 2.5 * unit)
    settled(page)
    assert state(page)["query"] == 2
    assert_right(page)


def test_blocks_are_read_one_after_the_other(bare_page: BarePage) -> None:
    page = bare_page(EfficientExplorer(way="blocks"))
    square = page.locator("rect.attn-block")
    for step in range(5):
        assert [square.get_attribute(name) for name in ("x", "y", "width")] == [str(4 * step), "16", "4"]
        python = python_side(page, EfficientExplorer)
        highest = page.locator(".attn-readings .attn-row p").inner_text()
        assert highest.startswith(f"{step + 1} of 5; head 1: highest score ")
        assert (python.moved < 1e-12) == (step == 4)
        if step < 4:
            button(page, "Next block").click()
            assert_right(page)
    button(page, "Start again").click()
    settled(page)
    assert state(page)["steps"] == 1


def test_its_tasks_are_done_by_keys_and_answered(bare_page: BarePage) -> None:
    page = bare_page(EfficientExplorer())
    line = page.locator(".attn-head p")
    width = page.get_by_role("slider", name="Width", exact=True)
    slide(page, "Sinks", 1)
    assert python_side(page, EfficientExplorer).moved < 0.2
    expect(line).to_contain_text("Try first")  # it is asked of a window alone
    slide(page, "Sinks", 0)
    for _ in range(13):
        width.press("ArrowRight")
        settled(page)
    expect(line).to_contain_text("Try first")
    width.press("ArrowRight")
    expect(line).to_have_text(
        "→ Now, with 20 of 20 tokens. 47 % of the weight is on the first one, and any window that does not reach back "
        "to it drops that much. Such a token is called a sink."
    )
    button(page, "Next").press("Enter")
    page.get_by_role("slider", name="Sinks", exact=True).press("ArrowRight")
    slide(page, "Width", 9)
    expect(line).to_contain_text("Then: ")
    slide(page, "Width", 6)
    python = python_side(page, EfficientExplorer)
    assert python.moved < 0.2
    expect(line).to_contain_text(
        f"Yes. With 7 tokens in memory, the first among them, {100 * python.left_out:.0f} % of"
    )
    button(page, "Next").press("Enter")
    choose(page, "groups")
    expect(line).to_contain_text("Then: ")
    choose(page, "blocks")
    for _ in range(4):
        expect(line).to_contain_text("Then: ")
        button(page, "Next block").press("Enter")
        settled(page)
    expect(line).to_contain_text(
        "All 5 blocks are read, never more than 16 scores at a time, and the answer moves by 0.00"
    )
