"""How long it takes from a key press to the painted picture: our explorer, and interact with matplotlib in a kernel."""

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
from typing import Any

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

# The same interaction the usual way: sliders for the query, the 64 × 64 score field and the weights as a figure.
PEER = """
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatSlider, interact

from attnbook.core import scaled_dot, softmax
from attnbook.data import six_vectors

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
"""


def rest(page: Page) -> None:
    """Wait for a moment between two moves: waiting for one frame ends where the next begins, and hands do not."""
    page.wait_for_timeout(PAUSES.uniform(0, 34))


def query_handle(page: Page) -> Locator:
    """Return the point of the query in the explorer's plane, scrolled into view."""
    handle = page.locator(".explorer").first.get_by_role("slider", name="query").first
    handle.scroll_into_view_if_needed()
    return handle


def explorer_by_keys(page: Page) -> list[float]:
    """Move the query with the arrow keys and return the milliseconds of each move."""
    handle = query_handle(page)
    handle.focus()
    page.evaluate(WATCH_EXPLORER, ["keydown"])
    for move in range(MOVES):
        rest(page)
        page.keyboard.press("ArrowRight" if move // 20 % 2 else "ArrowUp")
        page.wait_for_function(f"frameTimes.length === {move + 1}")
    times: list[float] = page.evaluate("frameTimes")
    return times


def explorer_by_pointer(page: Page) -> list[float]:
    """Drag the query through the plane and return the milliseconds of each move."""
    handle = query_handle(page)
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(WATCH_EXPLORER, ["pointermove"])
    for move in range(MOVES):
        rest(page)
        page.mouse.move(x - 40 + 0.4 * move, y + 30 - 0.3 * move)
        page.wait_for_function(f"frameTimes.length >= {move + 1}")
    page.mouse.up()
    times: list[float] = page.evaluate("frameTimes")
    return times


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Run JupyterLab on a folder; the block gets its address, token included."""
    code: dict[str, Any] = {"cell_type": "code", "id": "peer", "metadata": {}, "source": PEER}
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


def interact_by_keys(browser: Browser, folder: Path) -> list[float]:
    """Move the slider of the peer with the arrow keys and return the milliseconds of each move."""
    with jupyterlab(folder) as address:
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
