"""Bare pages with explorers on them, so that an explorer is tested without the book around it.

`bare_page(explorer, …, theme="dark", width=320, …)` shows these explorers and returns the page. A page is not opened
anew for each test: it stays open for the tests that follow, and what one of them left (explorers, state, focus, hash,
scroll, styles of the root) is cleared before the next begins. So it costs 40 ms instead of 350.

* The explorers of a page are of one class. Several pages at once are several calls.
* `fresh=True` gives a page of its own to a test that leaves more behind (a route, a patched prototype).
* In the page, `models[i].state` is the state, `models[i].set(name, value)` a change from Python, `ends[i]()` takes the
  explorer away, `mount()` starts the same explorers again, as opening the address would.
* `rest(page)` from `tests.browser.hands` lets pass whatever an explorer waits for (the announcer's pause, the end of a
  gesture by keys) without waiting; `settled(page)` waits until what was asked for is painted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.conftest import PageFactory, serving

from attnbook.theme import DARK, LIGHT
from attnbook.widgets import Explorer
from attnbook.widgets.bundle import classic_script, load_order, style_sheet

PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Explorers</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="SLUG.css">
<style>
  html {{ background: {LIGHT["paper"]}; color: {LIGHT["ink"]} }}
  html[data-theme="dark"] {{ background: {DARK["paper"]}; color: {DARK["ink"]} }}
  body {{ margin: 1rem }}
</style>
<main><h1>Explorers</h1>HOSTS</main>
"""
HOST = '<div class="explorer"><div class="explorer-static">{}</div></div>'

START = """
// Timers run when they are due, or as soon as a test says that the time has passed.
const [set, clear] = [setTimeout, clearTimeout];
const waiting = new Map();
window.setTimeout = (call, after = 0, ...given) => {
  const run = () => { waiting.delete(id); call(...given); };
  const id = set(run, after);
  waiting.set(id, run);
  return id;
};
window.clearTimeout = (id) => { waiting.delete(id); clear(id); };
window.elapse = () => { for (const [id, run] of [...waiting]) { clear(id); run(); } };

// The smallest model that render() can live with; it writes down what happens to it.
function modelOf(given) {
  const [state, listeners] = [structuredClone(given), {}];
  return {
    listeners, state, saves: 0, reads: 0,
    get(name) { this.reads += 1; return state[name]; },
    set(name, value) { state[name] = value; for (const listen of listeners[`change:${name}`] ?? []) listen(); },
    save_changes() { this.saves += 1; },
    on(event, listen) { (listeners[event] ??= []).push(listen); },
    off(event, listen) { listeners[event] = listeners[event].filter((other) => other !== listen); },
  };
}
let opened = [];
const root = document.documentElement;
Object.assign(window, { models: [], ends: [] });
window.clearPage = () => {
  ends.forEach((end) => end());
  waiting.forEach((_, id) => clear(id));
  waiting.clear();
  document.activeElement?.blur();
  document.querySelectorAll("main > :not(h1), body > :not(main)").forEach((each) => each.remove());
  Object.assign(window, { models: [], ends: [] });
  for (const each of [root, document.body]) {
    for (const name of each.getAttributeNames()) if (name !== "lang") each.removeAttribute(name);
  }
  history.replaceState(null, "", location.pathname);
  scrollTo(0, 0);
};
window.mount = (states = opened) => {
  opened = states;
  ends.forEach((end) => end());
  const hosts = document.querySelectorAll(".explorer");
  window.models = states.map(modelOf);
  window.ends = models.map((model, i) => {
    const end = attnbook[model.state._explorer].render({ model, el: hosts[i] });
    hosts[i].classList.add("is-live");
    return end;
  });
};
window.show = (attributes, html, states) => {
  for (const [name, value] of Object.entries(attributes)) root.setAttribute(name, value);
  document.querySelector("main").insertAdjacentHTML("beforeend", html);
  mount(states);
};
"""


MOST_OPEN = 3


@dataclass
class OpenPages:
    """Pages that stay open from test to test, by what a page cannot change once it is open."""

    new_page: PageFactory
    folder: Path
    address: str
    free: list[tuple[tuple[Any, ...], Page]] = field(default_factory=list)

    def write(self, slug: str, hosts: str = "") -> str:
        """Write what a page of this explorer loads, and return its address; with `hosts`, a page of its own."""
        path = self.folder / f"{slug}-still.html" if hosts else self.folder / f"{slug}.html"
        if hosts or not path.exists():
            names = load_order(slug)
            for name in names:
                (self.folder / name).parent.mkdir(exist_ok=True)
                (self.folder / f"{name}.js").write_text(classic_script(name), encoding="utf-8")
            (self.folder / "start.js").write_text(f"{{{START}}}", encoding="utf-8")
            (self.folder / f"{slug}.css").write_text(style_sheet(slug), encoding="utf-8")
            scripts = "\n".join(f'<script src="{name}.js" defer></script>' for name in [*names, "start"])
            path.write_text(PAGE.replace("SLUG", slug).replace("HOSTS", hosts) + scripts, encoding="utf-8")
        return f"{self.address}/{path.name}"

    def take(self, slug: str, **options: Any) -> tuple[tuple[Any, ...], Page]:
        """A page that is open and empty."""
        key = (slug, *sorted(options.items()))
        for at, (other, page) in enumerate(self.free):
            if other == key:
                del self.free[at]
                return key, page
        return key, self.new_page(self.write(slug), **options)

    def give_back(self, key: tuple[Any, ...], page: Page) -> None:
        """Clear a page for the next test; one that has gone elsewhere is closed."""
        watch = self.new_page.watch(page)
        if page.is_closed() or page.url.partition("#")[0] != f"{self.address}/{key[0]}.html":
            page.context.close()
        else:
            page.mouse.up()
            page.mouse.move(0, 0)
            page.evaluate("clearPage()")
            self.free.append((key, page))
            if len(self.free) > MOST_OPEN:
                self.free.pop(0)[1].context.close()
        watch.assert_quiet()


@pytest.fixture(scope="session")
def open_pages(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenPages]:
    folder = tmp_path_factory.mktemp("bare")
    with serving(folder) as address:
        yield OpenPages(PageFactory(browser), folder, address)


@pytest.fixture
def bare_page(open_pages: OpenPages, new_page: PageFactory) -> Iterator[Callable[..., Page]]:
    """`bare_page(explorer, …, theme="dark", **options of new_page)` shows these explorers on a page."""
    taken = []

    def show(
        *explorers: Explorer,
        theme: str = "",
        attributes: str = "",
        fresh: bool = False,
        script: bool = True,
        width: int = 1280,
        height: int = 900,
        scheme: str = "light",
        motion: str = "reduce",
        forced_colors: str = "none",
        **options: Any,
    ) -> Page:
        slug = explorers[0].get_state("_explorer")["_explorer"]
        hosts = "".join(HOST.format(explorer.static_svg()) for explorer in explorers)
        media: dict[str, Any] = {"reduced_motion": motion, "forced_colors": forced_colors}
        if not script:
            return new_page(open_pages.write(slug, hosts), script=False, width=width, scheme=scheme, **options)
        if fresh:
            page = new_page(open_pages.write(slug), **options)
        else:
            taken.append(open_pages.take(slug, **options))
            page = taken[-1][1]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, media="screen", **media)
        given = {"data-theme": theme} if theme else dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        states = [explorer.get_state([*explorer.options(), "_explorer"]) for explorer in explorers]
        page.evaluate("([attributes, html, states]) => show(attributes, html, states)", [given, hosts, states])
        return page

    yield show
    for key, page in taken:
        open_pages.give_back(key, page)
