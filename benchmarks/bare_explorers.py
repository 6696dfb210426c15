"""Every explorer on a bare page, in this tree and in another commit's: how it follows the hand, and what it takes.

An explorer's page is written by the tree that it comes from, so both can be looked at in one run; nothing is executed
for it but the explorer's own constructor. Run by itself, with a folder, it writes the pages there.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from frames import WATCH_EXPLORER
from playwright.sync_api import Browser, Page
from serving import Host, serving

ROOT = Path(__file__).resolve().parent.parent
BEFORE = "725f68d~1"  # the last commit before there was a pattern for explorers
SLOWER = (1, 4, 6)
MOVES = 60

# Run by a tree's own Python path: writes <class>.html for each of its explorers.
WRITER = '''
import importlib, json, pkgutil, sys
from pathlib import Path
from attnbook import widgets
from attnbook.widgets import Explorer, bundle

folder = Path(sys.argv[1])
for module in pkgutil.iter_modules(widgets.__path__, "attnbook.widgets."):
    importlib.import_module(module.name)
for kind in Explorer.__subclasses__():
    explorer = kind()
    state = explorer.get_state([*explorer.options(), "_explorer"])
    scripts = "\\n".join(bundle.classic_script(name) for name in bundle.load_order(state["_explorer"]))
    (folder / f"{kind.__name__}.html").write_text(f"""<!doctype html><html lang="en" data-theme="light">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>{bundle.style_sheet(state["_explorer"])}</style><body><div class="explorer"></div>
<script>{scripts}</script>
<script>
const state = {json.dumps(state)}, listeners = {{}};
const model = {{
  get: (name) => state[name],
  set(name, value) {{ state[name] = value; for (const listen of listeners[`change:${{name}}`] ?? []) listen(); }},
  save_changes() {{}}, off() {{}}, on(event, listen) {{ (listeners[event] ??= []).push(listen); }},
}};
const start = performance.now();
attnbook[state._explorer].render({{ model, el: document.querySelector(".explorer") }});
document.body.offsetHeight;
window.startUp = performance.now() - start;
</script>""", encoding="utf-8")
'''


class Measured(NamedTuple):
    """What was measured of one explorer."""

    start: float
    """Milliseconds until it is there, processor six times as slow."""
    height: float
    """Pixels, at 1440 × 900."""
    stops: int
    """Of the Tab key."""
    frames: dict[int, list[float]]
    """Milliseconds from each move to the painted frame, by how much slower the processor is."""


@contextmanager
def tree(commit: str | None) -> Iterator[Path]:
    """The folder of a commit's files, or of this tree."""
    if commit is None:
        yield ROOT
        return
    with TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", commit, "src"], cwd=ROOT, capture_output=True, check=True)
        subprocess.run(["tar", "xf", "-", "-C", folder], input=archive.stdout, check=True)
        yield Path(folder)


def written(commit: str | None, folder: Path) -> dict[str, Path]:
    """Write the pages of a tree's explorers, and return them by the explorer's name."""
    with tree(commit) as there:
        environment = os.environ | {"PYTHONPATH": str(there / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run([sys.executable, "-c", WRITER, str(folder)], env=environment, check=True)
    return {path.stem: path for path in sorted(folder.glob("*.html"))}


def tab_stops(page: Page) -> int:
    """Go through the explorer with the Tab key."""
    for count in range(100):
        page.keyboard.press("Tab")
        if not page.evaluate("document.activeElement.closest('.attn')"):
            return count
    return 100


def dragged(page: Page) -> list[float]:
    """Pull the first thing that can be pulled, and return the milliseconds of each move."""
    box = page.locator(".attn .attn-handle:visible, .attn input[type=range]:visible").first.bounding_box()
    assert box is not None
    x, y = box["x"] + min(12, box["width"] / 2), box["y"] + box["height"] / 2
    pauses = random.Random(2)
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(WATCH_EXPLORER, ["pointermove"])
    for move in range(MOVES):
        page.wait_for_timeout(100 + pauses.uniform(0, 34))  # asking the page whether it has painted would slow it down
        page.mouse.move(x + 1 + move, y - 0.5 * move)
    page.wait_for_timeout(500)
    page.mouse.up()
    times: list[float] = page.evaluate("frameTimes")
    return times


def measured(browser: Browser, address: str) -> Measured:
    """Open an explorer's page and measure it."""
    frames: dict[int, list[float]] = {}
    for times in SLOWER:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})
        page.goto(address)
        page.locator(".attn").wait_for()
        start = page.evaluate("startUp")
        if times == 1:
            height, stops = page.locator(".attn").bounding_box()["height"], tab_stops(page)  # type: ignore[index]
        frames[times] = dragged(page)
        context.close()
    return Measured(start, height, stops, frames)


def compare(browser: Browser, before: str | None, row: Callable[..., None], summary: Callable[..., str]) -> None:
    """Print what was measured of every explorer, here and, with a commit, before."""
    print(f"\nExplorers on a bare page, {MOVES} moves while dragging (ms, median / 95th percentile)")
    commits = {"now": None, **({f"at {before}": before} if before else {})}
    row("", *(f"processor / {times}" for times in SLOWER), "start, / 6 (ms)", "height (px)", "Tab stops")
    row("budget", "16 / 33", "", "33 / ", "", 620, 12)
    for name, commit in commits.items():
        with TemporaryDirectory() as folder:
            paths = written(commit, Path(folder))
            with serving(Host(Path(folder))) as address:
                for kind, path in paths.items():
                    found = measured(browser, f"{address}/{path.name}")
                    times = (summary(found.frames[slower]) for slower in SLOWER)
                    row(f"{kind}, {name}", *times, f"{found.start:.0f}", f"{found.height:.0f}", found.stops)


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    print(*written(None, Path(sys.argv[1])).values(), sep="\n")
