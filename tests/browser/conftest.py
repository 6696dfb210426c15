"""A bare page with explorers on it, so that the explorer is tested without the book around it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from attnbook.theme import DARK, LIGHT
from attnbook.widgets import Explorer
from attnbook.widgets.bundle import classic_script, load_order, style_sheet

PAGE = """<!doctype html>
<html lang="en" {attributes}>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Explorers</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="explorer.css">
<style>html {{ background: {paper}; color: {ink} }} body {{ margin: 1rem }}</style>
<main><h1>Explorers</h1>{hosts}</main>
{scripts}
<script src="start.js" defer></script>
</html>
"""

# The smallest model that render() can live with; it writes down what happens to it.
START = """
window.models = [];
window.ends = [];
for (const [i, state] of STATES.entries()) {
  const listeners = {};
  const model = {
    listeners, saves: 0, reads: 0,
    get(name) { model.reads += 1; return state[name]; },
    set(name, value) { state[name] = value; for (const listen of listeners[`change:${name}`] ?? []) listen(); },
    save_changes() { model.saves += 1; },
    on(event, listen) { (listeners[event] ??= []).push(listen); },
    off(event, listen) { listeners[event] = listeners[event].filter((other) => other !== listen); },
    state,
  };
  const el = document.querySelectorAll(".explorer")[i];
  window.models.push(model);
  window.ends.push(globalThis.attnbook[state._explorer].render({ model, el }));
  el.classList.add("is-live");
}
"""


@pytest.fixture
def bare_page(tmp_path: Path, new_page: Any, serve: Callable[[Path], str]) -> Callable[..., Page]:
    """`bare_page(explorer, …, theme="dark", **options of new_page)` opens a file with these explorers on it."""

    def open_page(
        *explorers: Explorer, theme: str = "", attributes: str = "", http: bool = False, **options: Any
    ) -> Page:
        explorer = explorers[0].get_state("_explorer")["_explorer"]
        names = load_order(explorer)
        for name in names:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / f"{name}.js").write_text(classic_script(name), encoding="utf-8")
        states = [explorer.get_state([*explorer.options(), "_explorer"]) for explorer in explorers]
        (tmp_path / "start.js").write_text(START.replace("STATES", json.dumps(states)), encoding="utf-8")
        (tmp_path / "explorer.css").write_text(style_sheet(explorer), encoding="utf-8")
        drawings = [explorer.static_svg() for explorer in explorers]
        page = PAGE.format(
            attributes=attributes or (f'data-theme="{theme}"' if theme else ""),
            paper=(DARK if theme == "dark" else LIGHT)["paper"],
            ink=(DARK if theme == "dark" else LIGHT)["ink"],
            hosts="".join(
                f'<div class="explorer"><div class="explorer-static">{drawing}</div></div>' for drawing in drawings
            ),
            scripts="".join(f'<script src="{name}.js" defer></script>' for name in names),
        )
        (tmp_path / "page.html").write_text(page, encoding="utf-8")
        address = f"{serve(tmp_path)}/page.html" if http else (tmp_path / "page.html").as_uri()
        return new_page(address, **options)

    return open_page
