"""Find the browser of the browser tests, and install one where that can be done: python tools/browser.py."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import debian

# The first is the same engine without a window around each page, which opens one in a third of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MISSING = (
    "The browser tests need Chromium: install it (Debian: `apt-get install chromium-headless-shell`; elsewhere: "
    "`python -m playwright install chromium`) or name one in the environment variable ATTNBOOK_CHROMIUM."
)


def find() -> str | None:
    """Return the path of a Chromium: the named one, the system's, or Playwright's own download."""
    if named := os.environ.get("ATTNBOOK_CHROMIUM"):
        return shutil.which(named)
    for name in NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        downloaded = Path(playwright.chromium.executable_path)
    return str(downloaded) if downloaded.exists() else None


def install() -> None:
    """Try to install a Chromium, saying what is being done."""
    # Ubuntu's packages of these names are only pointers to a snap, which containers cannot run.
    if not (debian.install("chromium-headless-shell") or debian.install("chromium")):
        print("No browser found; downloading Playwright's chromium ...", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    """Make sure of a browser, or say in one sentence what is missing; the tests are what fails then."""
    if find() is None:
        install()
        if find() is None:
            print(MISSING, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
