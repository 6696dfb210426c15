"""How long from a key press to the painted picture: our explorers, and matplotlib with interact in a kernel."""

from __future__ import annotations

import json
import os
import random
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Locator, Page

MOVES = 200
PAUSES = random.Random(2)

# From the moment of the input until the frame that shows its effect has been handed over to be painted.
PAINTED = """
    const painted = () => new Promise((done) => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done(performance.now());
        channel.port2.postMessage(0);
    }));
"""
WATCH_EXPLORER = f"""(kinds) => {{
    {PAINTED}
    window.frameTimes = [];
    for (const kind of kinds) addEventListener(kind, (event) => {{
        const start = event.timeStamp;
        painted().then((end) => frameTimes.push(end - start));
    }}, {{ capture: true }});
}}"""
WATCH_OUTPUT = f"""() => {{
    {PAINTED}
    window.frameTimes = [];
    const pictures = () => [...document.querySelectorAll(".jp-OutputArea img")].map((image) => image.src).join();
    let start = null;
    let before = pictures();
    addEventListener("keydown", (event) => {{ start = event.timeStamp; before = pictures(); }}, {{ capture: true }});
    new MutationObserver(async () => {{
        const images = [...document.querySelectorAll(".jp-OutputArea img")];
        const now = pictures();
        if (start === null || !now || now === before) return;
        const began = start;
        start = null;
        await Promise.all(images.map((image) => image.decode().catch(() => null)));
        frameTimes.push((await painted()) - began);
    }}).observe(document.body, {{ subtree: true, childList: true, attributes: true, attributeFilter: ["src"] }});
}}"""


class Subject(NamedTuple):
    """An explorer on its page, and the same interaction the usual way."""

    name: str
    page: str
    handle: str
    """What is moved: the name of a point of the plane, or of a thing in the picture."""
    choices: dict[str, str]
    """What is chosen before: a group's label, and the value."""
    peer: str
    """A cell of a notebook that does the same with sliders and a figure."""


SCORING = Subject(
    name="scoring, 64 × 64 scores",
    page="book/02_scoring.html",
    handle="query",
    choices={},
    peer="""
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatSlider, interact

from attnbook.core import scaled_dot, softmax
from attnbook.data.six_vectors import six_vectors

keys = six_vectors().keys
side = np.linspace(-3, 3, 64)
points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)


@interact(x=FloatSlider(value=1.2, min=-3, max=3, step=0.05), y=FloatSlider(value=0.5, min=-3, max=3, step=0.05))
def explore(x, y):
    query = np.array([[x, y]])
    figure, (plane, bars) = plt.subplots(1, 2, figsize=(8, 3.5))
    plane.imshow(scaled_dot(query, points).reshape(64, 64), origin="lower", extent=(-3, 3, -3, 3), cmap="RdBu")
    plane.plot(keys[:, 0], keys[:, 1], "o", x, y, "^")
    bars.bar(list("abcdef"), softmax(scaled_dot(query, keys))[0])
    plt.show()
""",
)

# With a shape to look for, every map of the 128 × 128 picture is computed anew when a thing moves.
COGNITIVE = Subject(
    name="cognitive, 128 × 128 pixels",
    page="book/01_cognitive.html",
    handle="thing a, red ball",
    choices={"Look for colour": "blue", "Look for shape": "triangle"},
    peer="""
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import IntSlider, interact

from attnbook.core.cognitive import fixations, priority, saliency, search
from attnbook.core.pictures import colour_maps, shape_maps
from attnbook.data.scene import Thing, draw
from attnbook.widgets.cognitive import OPENING

query = np.array([0, 0, 1, 0, 0, 0, 1.0])  # blue, triangular


@interact(x=IntSlider(value=86, min=8, max=119), y=IntSlider(value=46, min=8, max=119))
def explore(x, y):
    image = draw([Thing("ball", "red", x, y, 8), *OPENING[1:]]).image
    features = np.concatenate([colour_maps(image), shape_maps(image)])
    heat = priority(saliency(image), search(features, query), mix=0.0)
    looks = fixations(heat, 3, radius=10.0)
    figure, (picture, mixed) = plt.subplots(1, 2, figsize=(8, 3.5))
    picture.imshow(image)
    picture.plot(looks[:, 1], looks[:, 0], "o-k")
    mixed.imshow(heat, cmap="Blues")
    plt.show()
""",
)
SUBJECTS = (SCORING, COGNITIVE)


def rest(page: Page) -> None:
    """Wait for a moment between two moves, and ask nothing of the page meanwhile: that would slow it down."""
    page.wait_for_timeout(50 + PAUSES.uniform(0, 34))


def handle_of(page: Page, subject: Subject) -> Locator:
    """Return what is to be moved in the explorer, scrolled into view, after choosing what is to be chosen."""
    explorer = page.locator(".explorer").first
    for label, value in subject.choices.items():
        explorer.get_by_role("group", name=label).get_by_role("radio", name=value).check()
    handle = explorer.get_by_role("slider", name=subject.handle).first
    handle.scroll_into_view_if_needed()
    return handle


def explorer_by_keys(page: Page, subject: Subject) -> list[float]:
    """Move the handle with the arrow keys and return the milliseconds of each move."""
    handle = handle_of(page, subject)
    handle.focus()
    page.evaluate(WATCH_EXPLORER, ["keydown"])
    for move in range(MOVES):
        rest(page)
        page.keyboard.press("ArrowRight" if move // 20 % 2 else "ArrowUp")
    page.wait_for_function(f"frameTimes.length === {MOVES}")
    times: list[float] = page.evaluate("frameTimes")
    return times


def explorer_by_pointer(page: Page, subject: Subject) -> list[float]:
    """Drag the handle across the picture and return the milliseconds of each move."""
    handle = handle_of(page, subject)
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(WATCH_EXPLORER, ["pointermove"])
    for move in range(MOVES):
        rest(page)
        page.mouse.move(x - 40 + 0.4 * move, y + 30 - 0.3 * move)
    page.wait_for_function(f"frameTimes.length >= {MOVES}")
    page.mouse.up()
    times: list[float] = page.evaluate("frameTimes")
    return times


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def jupyterlab(folder: Path, cell: str) -> Iterator[str]:
    """Run JupyterLab on a folder with a notebook of one cell; the block gets its address, token included."""
    code: dict[str, Any] = {"cell_type": "code", "id": "peer", "metadata": {}, "source": cell}
    code |= {"execution_count": None, "outputs": []}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": [code], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (folder / "peer.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    port, token = free_port(), secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"]
    command += [
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    private = {f"JUPYTER_{name}_DIR": str(folder / ".jupyter" / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    environment = os.environ | private | {"IPYTHONDIR": str(folder / ".ipython")}
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={token}", timeout=2).close()
                break
            except OSError:
                time.sleep(0.25)
        yield f"http://127.0.0.1:{port}/lab/tree/peer.ipynb?token={token}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def interact_by_keys(browser: Browser, folder: Path, subject: Subject) -> list[float]:
    """Move the slider of the peer with the arrow keys and return the milliseconds of each move."""
    with jupyterlab(folder, subject.peer) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(address)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        page.get_by_text("| Idle").first.wait_for()
        page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        handle = page.locator(".jp-OutputArea .noUi-handle").first
        handle.wait_for()
        page.locator(".jp-OutputArea img").first.wait_for()
        page.wait_for_timeout(1000)
        handle.focus()
        page.evaluate(WATCH_OUTPUT)
        for move in range(MOVES):
            rest(page)
            page.keyboard.press("ArrowRight" if move // 20 % 2 else "ArrowLeft")
            page.wait_for_function(f"frameTimes.length === {move + 1}")
        times: list[float] = page.evaluate("frameTimes")
        context.close()
    return times
