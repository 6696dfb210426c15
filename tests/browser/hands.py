"""What the browser tests of explorers do again and again."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page


def settled(page: Page) -> None:
    """Wait until what was asked for is painted."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def rest(page: Page) -> None:
    """Take the hand away: what an explorer waits for (to announce, to end a gesture by keys) comes at once."""
    settled(page)
    page.evaluate("elapse()")
    settled(page)


def state(page: Page, model: int = 0) -> dict[str, Any]:
    """The state that the page has."""
    return dict(page.evaluate(f"({{ ...models[{model}].state }})"))


def unfold(page: Page) -> None:
    """Open all that is folded away."""
    page.locator(".attn details").evaluate_all("all => all.forEach((each) => { each.open = true; })")


def button(page: Page, name: str) -> Locator:
    """A button of the explorer."""
    return page.locator(".attn").get_by_role("button", name=name, exact=True)
