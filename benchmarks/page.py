"""What a chapter's page weighs, and what Lighthouse says of it on a phone: ours and stock."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from typing import Any

import stock
from playwright.sync_api import Browser
from serving import Host, serving

RUNS = 3
CATEGORIES = ("performance", "accessibility", "best-practices")


def weigh(browser: Browser, host: Host, path: str) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """Read a page to its end in a browser that has never seen it; return its weights and what it asked of others."""
    outside: list[str] = []
    with serving(host) as address:
        context = browser.new_context(viewport={"width": 412, "height": 823})
        page = context.new_page()
        page.on("request", lambda request: outside.append(request.url) if address not in request.url else None)
        page.goto(f"{address}/{path}", wait_until="load")
        page.evaluate(
            """async () => {
                for (let y = 0; y < document.body.scrollHeight; y += 600) {
                    scrollTo(0, y);
                    await new Promise((done) => setTimeout(done, 30));
                }
            }"""
        )
        page.wait_for_load_state("networkidle")
        context.close()
    return host.weights(), [url for url in outside if url.startswith("http")]


def lighthouse(host: Host, path: str, browser: str) -> dict[str, float]:
    """Return the median scores of Lighthouse's phone preset, of 100, and the first paint in seconds."""
    script = stock.NPM / "node_modules" / "lighthouse" / "cli" / "index.js"
    flags = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --no-first-run"
    environment = os.environ | {"CHROME_PATH": browser, "CI": "1"}
    results: list[dict[str, Any]] = []
    with serving(host) as address:
        command = [str(stock.NODE), str(script), f"{address}/{path}", "--quiet", "--output=json"]
        command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}"]
        for _ in range(RUNS):
            run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if run.returncode == 0:
                results.append(json.loads(run.stdout))
            else:
                print(f"  Lighthouse failed: {run.stderr.strip().splitlines()[-1:]}")
    if not results:
        return {}
    scores = {
        name: statistics.median(100 * result["categories"][name]["score"] for result in results) for name in CATEGORIES
    }
    first = [result["audits"]["first-contentful-paint"]["numericValue"] / 1000 for result in results]
    return {**scores, "first paint (s)": statistics.median(first)}
