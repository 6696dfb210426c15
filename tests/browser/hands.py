"""What the browser tests of explorers do again and again."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from playwright.sync_api import Locator, Page

from attnbook.widgets import Explorer

E = TypeVar("E", bound=Explorer)


def settled(page: Page) -> None:
    """Wait until what was asked for is painted."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def rest(page: Page) -> None:
    """Take the hand away: what an explorer waits for (to announce, to end a gesture by keys) comes at once."""
    settled(page)
    page.evaluate("elapse()")
    settled(page)


def take(page: Page, node: Locator) -> tuple[float, float]:
    """Press the mouse on the middle of what stays where it is, and return that place."""
    node.hover()  # which waits until it does: first frames may be a draft
    box = node.bounding_box()
    page.mouse.down()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def state(page: Page, model: int = 0) -> dict[str, Any]:
    """The state that the page has."""
    return dict(page.evaluate(f"({{ ...models[{model}].state }})"))


def change(page: Page, **news: Any) -> None:
    """Set traits of the model, as a kernel would."""
    page.evaluate("(news) => Object.entries(news).forEach(([name, value]) => models[0].set(name, value))", news)
    settled(page)


def python_side(page: Page, kind: type[E]) -> E:
    """The explorer in Python with the state that the page has."""
    return kind(**{name: value for name, value in state(page).items() if name in kind.options()})


def unfold(page: Page) -> None:
    """Open all that is folded away."""
    page.locator(".attn details").evaluate_all("all => all.forEach((each) => { each.open = true; })")


def button(page: Page, name: str) -> Locator:
    """A button of the explorer."""
    return page.locator(".attn").get_by_role("button", name=name, exact=True)


def numbers_in(text: str) -> list[tuple[float, float]]:
    """Each number in a text, and what one in its last place is."""
    found = re.finditer(r"−?\d+(?:\.(\d+))?", text)
    return [(float(match[0].replace("−", "-")), 10.0 ** -len(match[1] or "")) for match in found]


def assert_rows(shown: list[list[str]], right: list[list[str]]) -> None:
    """The same words, and numbers that differ by one in their last place at most: both are rounded."""
    assert [len(row) for row in shown] == [len(row) for row in right]
    for row, wanted in zip(shown, right, strict=True):
        for cell, text in zip(row, wanted, strict=True):
            assert re.sub(r"[−\d.]+", "#", cell) == re.sub(r"[−\d.]+", "#", text)
            for (a, last), (b, _) in zip(numbers_in(cell), numbers_in(text), strict=True):
                assert abs(a - b) < 1.01 * last, (cell, text)


def assert_table(page: Page, explorer: Explorer, host: int = 0) -> None:
    """The table of numbers shows what core computes."""
    rows = page.locator(".explorer").nth(host).locator(".attn-numbers tbody tr")
    assert_rows(
        rows.evaluate_all("all => all.map((row) => [...row.cells].map((cell) => cell.textContent))"), explorer.rows()
    )
