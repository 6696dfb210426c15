"""Measure a page, explorers, grading and attention beside stock counterparts: python benchmarks/run.py (or make bench).

With `--before COMMIT`, every explorer is measured as it was then too; with `--explorers`, nothing else is measured.
Everything is measured in this one run, on this machine, so what counts is the ratios. Nothing fails here: the
budgets are printed beside the numbers.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))  # the book's own building and browser, not copies of them

import attention  # noqa: E402
import bare_explorers  # noqa: E402
import frames  # noqa: E402
import grading  # noqa: E402
import page as pages  # noqa: E402
import stock  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from serving import Host, serving  # noqa: E402

import browser as browsers  # noqa: E402

PAGE = "book/02_scoring.html"
BUDGET_KB = {"script": 60.0, "in all": 400.0}
BUDGET_SCORES = {"performance": 95, "accessibility": 100, "best-practices": 100}


def row(*cells: object) -> None:
    """Print one line of a table."""
    first, *rest = cells
    print(f"  {first!s:<28}" + "".join(f"{cell!s:>16}" for cell in rest), flush=True)


def ratio(ours: float, theirs: float) -> str:
    return f"× {theirs / ours:.1f}" if ours else "-"


def compare_pages(browser: Browser, path: str) -> None:
    print("\nThe page of chapter 02, read to its end (kB as it travels, in brackets on disk)")
    if missing := stock.npm_packages():
        print(f"  {missing}")
    ours = Host(ROOT / "_build" / "html")
    theirs = Host(stock.build_stock(), stock.elsewhere())
    (light, outside), (heavy, stock_outside) = pages.weigh(browser, ours, PAGE), pages.weigh(browser, theirs, PAGE)
    row("", "ours", "stock", "ratio", "budget")

    def kilobytes(pair: tuple[int, int]) -> str:
        return f"{pair[1] / 1000:.0f} ({pair[0] / 1000:.0f})"

    for weights in (light, heavy):
        weights["in all"] = (sum(pair[0] for pair in weights.values()), sum(pair[1] for pair in weights.values()))
    for kind in ("page", "style", "script", "font", "picture", "other", "in all"):
        pair, other = light.get(kind, (0, 0)), heavy.get(kind, (0, 0))
        budget = f"{BUDGET_KB[kind]:.0f}" if kind in BUDGET_KB else ""
        row(kind, kilobytes(pair), kilobytes(other), ratio(pair[1], other[1]), budget)
    row("requests to other hosts", len(outside), len(stock_outside), "", 0)

    if missing:
        return
    print(f"\nLighthouse, mobile preset, median of {pages.RUNS}")
    row("", "ours", "stock", "", "budget")
    scores, stock_scores = pages.lighthouse(ours, PAGE, path), pages.lighthouse(theirs, PAGE, path)
    for name in scores or stock_scores:
        row(
            name,
            *(f"{one.get(name, float('nan')):.3g}" for one in (scores, stock_scores)),
            "",
            BUDGET_SCORES.get(name, ""),
        )


def compare_frames(browser: Browser, subject: frames.Subject) -> None:
    print(f"\nFrom input to painted frame, {frames.MOVES} moves (ms): {subject.name}")
    row("", "median", "95th percentile", "", "budget")
    times: dict[str, list[float]] = {}
    with serving(Host(ROOT / "_build" / "html")) as address:
        for name, drive in (
            ("explorer, arrow keys", frames.explorer_by_keys),
            ("explorer, pointer", frames.explorer_by_pointer),
        ):
            tab = browser.new_page(viewport={"width": 1280, "height": 900})
            tab.goto(f"{address}/{subject.page}", wait_until="load")
            tab.locator(".explorer.is-live").first.wait_for()
            times[name] = drive(tab, subject)
            tab.close()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        times["interact + matplotlib"] = frames.interact_by_keys(browser, Path(folder), subject)
    summary = {name: (statistics.median(some), statistics.quantiles(some, n=20)[-1]) for name, some in times.items()}
    for name, (median, late) in summary.items():
        row(name, f"{median:.1f}", f"{late:.1f}", "", "16 / 33" if name.startswith("explorer") else "")
    ours, theirs = summary["explorer, arrow keys"], summary["interact + matplotlib"]
    row("ratio, arrow keys", ratio(ours[0], theirs[0]), ratio(ours[1], theirs[1]))


def middle_and_late(times: list[float]) -> str:
    """Return the median and the 95th percentile."""
    return f"{statistics.median(times):.1f} / {statistics.quantiles(times, n=20)[-1]:.1f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--before", metavar="COMMIT", default=bare_explorers.BEFORE, help="'' for none; by default %(default)s"
    )
    parser.add_argument("--explorers", action="store_true", help="measure the explorers on their bare pages only")
    options = parser.parse_args()
    path = browsers.find()
    if path is None:
        print(browsers.MISSING, file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--disable-background-networking"])
        bare_explorers.compare(browser, options.before, row, middle_and_late)
        if options.explorers:
            return 0
        compare_pages(browser, path)
        for subject in frames.SUBJECTS:
            compare_frames(browser, subject)
        browser.close()
    grading.compare()
    attention.compare()
    return 0


if __name__ == "__main__":
    sys.exit(main())
