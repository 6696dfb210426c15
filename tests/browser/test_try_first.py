"""The line 'Try first' of every explorer: its own words, or those of whoever opened it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from attnbook import widgets
from attnbook.widgets import Explorer

for module in pkgutil.iter_modules(widgets.__path__, "attnbook.widgets."):
    importlib.import_module(module.name)
EXPLORERS = sorted(Explorer.__subclasses__(), key=lambda each: each.__name__)


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda each: each.__name__)
def test_whoever_opens_an_explorer_may_say_what_to_try_first(
    bare_page: Callable[..., Page], explorer: type[Explorer]
) -> None:
    page = bare_page(explorer(), explorer(try_first="pull <b> & see."))
    own, given = page.locator(".attn-head p").all()
    words = own.inner_text()
    assert words.startswith("Try first: ")
    assert len(words) > 60
    expect(given).to_have_text("Try first: pull <b> & see.")
    page.evaluate("models[1].set('try_first', 'wait.')")
    expect(given).to_have_text("Try first: wait.")
    page.get_by_role("button", name="Reset").last.click()
    expect(given).to_have_text("Try first: pull <b> & see.")
    page.evaluate("models[1].set('try_first', '')")
    expect(given).to_have_text(words)
