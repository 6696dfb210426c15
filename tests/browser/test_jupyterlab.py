"""One real JupyterLab: a chapter's own notebook runs, and its explorer and Python move each other."""

from __future__ import annotations

import ast
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from attnbook.data.scene import scene
from attnbook.widgets.cognitive import CognitiveExplorer
from attnbook.widgets.scoring import ScoringExplorer
from attnbook.widgets.svg import decimal

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
EMPTY = nbformat.writes(
    nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
)
Server = Callable[[str, str], str]

# Whatever a fresh JupyterLab would ask or fetch by itself, answered beforehand; all cells are kept in the page.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start JupyterLab in a folder that is its home as well, so that nothing of the user's is read or written."""
    for name, setting in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(setting), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    environment |= {"HOME": str(folder), "USERPROFILE": str(folder), "JUPYTER_RUNTIME_DIR": str(folder / "runtime")}
    options = [
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={folder / 'notebooks'}",
        "--ServerApp.allow_root=True",
        "--IdentityProvider.token=a-token-for-this-test",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.expose_app_in_browser=True",
        f"--LabApp.user_settings_dir={folder / 'settings'}",
        f"--LabApp.workspaces_dir={folder / 'workspaces'}",
    ]
    with (folder / "log.txt").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], env=environment, stdout=log, stderr=subprocess.STDOUT
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], str]]:
    """`server(name, text)` gives the address at which a notebook is open in a JupyterLab that is started once."""
    folder = tmp_path_factory.mktemp("jupyterlab")
    (folder / "notebooks").mkdir()
    process = start(folder)
    try:
        deadline = time.monotonic() + 120
        while not (files := list((folder / "runtime").glob("jpserver-*.json"))):
            log = (folder / "log.txt").read_text(encoding="utf-8")
            assert process.poll() is None, f"JupyterLab ended: {log}"
            assert time.monotonic() < deadline, f"JupyterLab does not start: {log}"
            time.sleep(0.2)
        told = json.loads(files[0].read_text(encoding="utf-8"))

        def address(name: str, text: str) -> str:
            (folder / "notebooks" / name).write_text(text, encoding="utf-8")
            # In a workspace of its own: a shared one would open the notebooks of earlier tests as well, each with a
            # kernel that is idle already, and what is run could run in one of those.
            return f"{told['url']}lab/workspaces/{Path(name).stem}/tree/{name}?token={told['token']}"

        yield address
    finally:
        process.terminate()  # which ends the kernels too
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run_cell(page: Page, code: str, shows: int = 0) -> str:
    """Append a cell to the notebook, run it, and return what it prints besides the widgets that it shows."""
    outputs: list[dict[str, Any]] = page.evaluate(
        """async (code) => {
          const { commands, shell } = window.jupyterapp;
          const notebook = shell.currentWidget.content;
          notebook.activeCellIndex = notebook.widgets.length - 1;
          await commands.execute('notebook:insert-cell-below');
          notebook.activeCell.model.sharedModel.setSource(code);
          const cell = notebook.activeCell;
          await commands.execute('notebook:run-cell');
          return cell.model.outputs.toJSON();
        }""",
        code,
    )
    printed = [output["text"] for output in outputs if output["output_type"] == "stream"]
    assert len(outputs) - len(printed) == shows, outputs
    return "".join(printed)


def open_notebook(server: Server, new_page: Any, name: str, text: str) -> Page:
    """Open a notebook and wait until its own kernel has nothing to do, and no other notebook is open."""
    page: Page = new_page(server(name, text), quiet=False, height=1000)
    page.wait_for_function(
        """(name) => {
          const shown = window.jupyterapp?.shell.currentWidget;
          return shown?.context?.path === name && shown.sessionContext?.session?.kernel?.status === 'idle';
        }""",
        arg=name,
        timeout=180_000,
    )
    opened = page.evaluate("[...window.jupyterapp.shell.widgets('main')].map((each) => each.context?.path)")
    assert opened == [name]
    return page


def settled(page: Page) -> None:
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def open_and_run(server: Server, new_page: Any, name: str) -> Page:
    """Open one of the book's notebooks and run all its cells."""
    page = open_notebook(server, new_page, name, (NOTEBOOKS / name).read_text(encoding="utf-8"))
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    failed = page.evaluate(
        """window.jupyterapp.shell.currentWidget.content.widgets.flatMap(
             (cell) => cell.model.outputs?.toJSON().filter((output) => output.output_type === 'error') ?? [])"""
    )
    assert failed == []
    left_out = page.evaluate(
        """window.jupyterapp.shell.currentWidget.content.widgets.map((cell) => cell.model).filter(
             (model) => model.type === 'code' && !model.executionCount && model.sharedModel.getSource().trim()
           ).map((model) => model.sharedModel.getSource())"""
    )
    assert left_out == []
    return page


def drag(page: Page, handle: Locator, right: float, up: float = 0, steps: int = 8) -> None:
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y - up, steps=steps)
    page.mouse.up()
    settled(page)


def python(page: Page, expression: str, caught_up: Callable[[Any], bool]) -> Any:
    """What Python has once it has caught up: the end of a gesture waits until the kernel has taken its beginning."""
    for _ in range(50):
        told = ast.literal_eval(run_cell(page, f"print({expression})"))
        if caught_up(told):
            break
        page.wait_for_timeout(100)
    return told


def test_the_notebook_runs_and_its_explorer_is_synchronised_both_ways(server: Server, new_page: Any) -> None:
    page = open_and_run(server, new_page, "02_scoring.ipynb")
    explorer = page.locator(".attn").first
    explorer.scroll_into_view_if_needed()
    expect(explorer).to_be_visible()
    run_cell(page, "explorer = next(shown for shown in Out.values() if isinstance(shown, ScoringExplorer))")

    # A hand in the browser moves Python.
    handle = explorer.get_by_role("slider", name="key b", exact=True)
    before = ast.literal_eval(run_cell(page, "print(explorer.key_vectors)"))
    unit = explorer.locator(".attn-plane").bounding_box()["width"] / 6
    drag(page, handle, unit, -2 * unit)
    dropped = pytest.approx([before[1][0] + 1, before[1][1] - 2], abs=0.03)
    after = python(page, "explorer.key_vectors", lambda told: bool(told[1] == dropped))
    assert after[1] == dropped
    assert after[:1] + after[2:] == before[:1] + before[2:]
    weights = ast.literal_eval(run_cell(page, "print(explorer.weights.tolist())"))
    assert weights == pytest.approx(ScoringExplorer(scorer="dot", key_vectors=after).weights)

    # So do keys: JupyterLab must not take the arrows to go from cell to cell.
    explorer.get_by_text("More", exact=True).click()
    temperature = explorer.get_by_role("slider", name="Temperature")
    temperature.press("ArrowLeft")
    expect(temperature).to_have_attribute("aria-valuetext", "0.891")
    assert python(page, "explorer.temperature", lambda told: bool(told == 0.891)) == 0.891
    temperature.press("ArrowRight")
    expect(temperature).to_have_attribute("aria-valuetext", "1")

    # Python moves the picture.
    plane = explorer.locator(".attn-plane .attn-light")
    pixels = "canvas => canvas.getContext('2d').getImageData(0, 0, 64, 64).data.join()"
    was = plane.evaluate(pixels)
    run_cell(page, "explorer.query = [-2, 1]; explorer.scorer = 'cosine'; explorer.compare = 'dot'")
    expect(explorer.get_by_role("slider", name="query")).to_have_attribute("aria-valuetext", re.compile("^−2.00, 1.00"))
    expect(explorer.get_by_role("combobox", name="Scorer")).to_have_value("cosine")
    expect(explorer.get_by_role("combobox", name="Compare with")).to_have_value("dot")
    assert plane.evaluate(pixels) != was
    right = ScoringExplorer(scorer="cosine", query=[-2, 1], key_vectors=after)
    rows = explorer.locator(".attn-numbers tbody tr:not([hidden]) td:nth-of-type(3)")
    assert rows.all_text_contents() == [decimal(score) for score in right.scores]

    # It composes with other widgets.
    run_cell(
        page,
        "import ipywidgets\n"
        "slider = ipywidgets.FloatSlider(value=1, min=0.1, max=5, description='shared')\n"
        "ipywidgets.jslink((slider, 'value'), (explorer, 'temperature'))\n"
        "slider.value = 2.5\n",
    )
    expect(explorer.get_by_role("slider", name="Temperature")).to_have_attribute("aria-valuetext", "2.5")

    watch = new_page.watch(page)
    assert watch.outside == []
    assert watch.errors == []


def test_things_are_synchronised_both_ways(server: Server, new_page: Any) -> None:
    page = open_notebook(server, new_page, "empty.ipynb", EMPTY)
    code = "from attnbook.data.scene import scene\nfrom attnbook.widgets.cognitive import CognitiveExplorer\n"
    run_cell(page, f"{code}explorer = CognitiveExplorer()\nexplorer", shows=1)
    explorer = page.locator(".attn").last
    thing = explorer.get_by_role("slider", name="thing a, red ball")
    thing.scroll_into_view_if_needed()

    # A hand in the browser moves Python.
    right = CognitiveExplorer()
    thing.press("Shift+ArrowDown")
    settled(page)
    right.objects = [{**right.objects[0], "y": right.objects[0]["y"] + 8}, *right.objects[1:]]
    moved = (right.objects, right.path.tolist())
    assert python(page, "(explorer.objects, explorer.path.tolist())", lambda told: bool(told == moved)) == moved
    explorer.get_by_role("radio", name="blue").check()
    settled(page)
    right.colour = "blue"
    turned = ("blue", right.alt)
    assert python(page, "(explorer.colour, explorer.alt)", lambda told: bool(told == turned)) == turned

    # Python moves the picture.
    run_cell(page, "explorer.objects = scene(5, seed=3).things\nexplorer.mix = 0.5\nexplorer.colour = 'green'")
    expect(explorer.get_by_role("radio", name="green")).to_be_checked()
    right = CognitiveExplorer(objects=scene(5, seed=3).things, mix=0.5, colour="green")
    cells = explorer.locator(".attn-numbers tbody tr td:nth-of-type(7)")
    expect(cells).to_have_text([decimal(value) for value in right.at_thing(right.priority)])

    watch = new_page.watch(page)
    assert watch.outside == []
    assert watch.errors == []


def test_a_widget_of_ones_own_moves_and_is_linked_both_ways(server: Server, new_page: Any) -> None:
    page = open_and_run(server, new_page, "your_own.ipynb")

    def slider(name: str, place: int = 0) -> Locator:
        return page.locator(".widget-slider", has=page.locator(f".widget-label:text-is('{name}')")).nth(place)

    # `interact`: a hand on the slider has the picture drawn anew.
    panel = page.locator(".widget-interact").first
    picture = panel.locator("img").first
    before = picture.get_attribute("src")
    drag(page, slider("sweet").get_by_role("slider"), -60)
    expect(picture).not_to_have_attribute("src", before)

    # `link`, `jslink` and `observe`: the explorer follows the sliders …
    explorer = page.locator(".attn").first
    explorer.get_by_text("More", exact=True).click()
    temperature, query = (explorer.get_by_role("slider", name=name, exact=True) for name in ("Temperature", "query"))
    drag(page, slider("temperature").get_by_role("slider"), 40)
    expect(temperature).not_to_have_attribute("aria-valuetext", "1")
    expect(slider("the same").locator(".widget-readout")).not_to_have_text("1")
    slider("sour", 1).get_by_role("slider").press("ArrowUp")
    expect(query).to_have_attribute("aria-valuetext", re.compile("^1.20, 0.60"))

    # … and the sliders follow the explorer.
    temperature.press("Home")
    expect(slider("temperature").locator(".widget-readout")).to_have_text("0.0100")
    drag(page, query, -37, up=13)
    asked, shown = python(
        page,
        "(explorer.query, [sweet.value, sour.value])",
        lambda told: told[0] == told[1] and told[0][0] < 1 and told[0][1] > 0.7,
    )
    assert shown == asked
    assert asked[0] < 1
    assert asked[1] > 0.7
    on_its_step = round(asked[0] / 0.1) * 0.1  # ipywidgets writes beside a slider the step that it stands on
    expect(slider("sweet", 1).locator(".widget-readout")).to_have_text(f"{on_its_step:.2f}")

    # A function that takes its time hears the last value, not all of them; or only what a hand lets go of.
    run_cell(
        page,
        "heard = {True: [], False: []}\n"
        "def slow(change):\n"
        "    time.sleep(0.2)\n"
        "    heard[change['owner'].continuous_update].append(change['new'])\n"
        "for when in heard:\n"
        "    slow_slider = FloatSlider(max=100, description=f'slow {when}', continuous_update=when)\n"
        "    slow_slider.observe(slow, 'value')\n"
        "    display(slow_slider)",
        shows=2,
    )
    for when in (True, False):
        drag(page, slider(f"slow {when}").get_by_role("slider"), 90, steps=20)
    ends = pytest.approx(
        [float(slider(f"slow {when}").locator(".widget-readout").text_content()) for when in (True, False)]
    )
    at_once, let_go = python(page, "list(heard.values())", lambda told: bool([*told[0][-1:], *told[1]] == ends))
    assert 1 < len(at_once) < 15
    assert [at_once[-1], *let_go] == ends

    watch = new_page.watch(page)
    assert watch.outside == []
    assert watch.errors == []
