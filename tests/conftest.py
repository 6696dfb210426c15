"""What every test that needs a browser shares: one Chromium, the built site over http, and pages that are watched.

A browser test asks for three things at most: `site` (the folder `make book` wrote), `http_site` (the same, served as
a host would) and `new_page`, which opens a page that may talk to this machine only. Whatever a page asks of another
host and whatever it says on the console is written down, and fails the test when it ends.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests import hanging, worker_seconds

from browser import MISSING, find

ROOT = Path(__file__).resolve().parents[1]
LOCAL_HOSTS = {"127.0.0.1", "localhost"}
COMPRESSIBLE = {".html", ".css", ".js", ".json", ".svg", ".ipynb", ".txt", ".xml", ".md"}

# No name but this machine's resolves, so nothing can leave it; the watch below says what was tried.
CHROMIUM_ARGS = [
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
]


def pytest_configure(config: pytest.Config) -> None:
    for hooks in (hanging, worker_seconds):
        config.pluginmanager.register(hooks)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find() or pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


class GzipHandler(SimpleHTTPRequestHandler):
    """Serves a folder as a decent host would: compressed where that helps, with honest 404s, in silence."""

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path = path / "index.html"
        accepts = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (accepts and path.is_file() and path.suffix in COMPRESSIBLE):
            return super().do_GET()
        body = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class QuietServer(ThreadingHTTPServer):
    """A server that does not print when a browser hangs up in the middle of an answer."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    server = QuietServer(("127.0.0.1", 0), partial(GzipHandler, directory=str(folder)))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built website."""
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").is_file():
        pytest.fail("There is no website to test: build the book first with `make book`.", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def http_site(site: Path) -> Iterator[str]:
    """The address of the built website, without a slash at the end."""
    with serving(site) as address:
        yield address


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """`serve(folder)` gives the address of a server of that folder, for as long as the test lasts."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(serving(folder))


@dataclass
class Watch:
    """What a page did that a reader should never see."""

    outside: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def on(self, page: Page) -> None:
        page.on("request", lambda request: self._request(request.url))
        page.on("websocket", lambda socket: self._request(socket.url))
        page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("response", lambda answer: self._response(answer.status, answer.url))

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"file", "data", "blob", "about"} and parts.hostname not in LOCAL_HOSTS:
            self.outside.append(url)

    def _response(self, status: int, url: str) -> None:
        if status >= 400:
            self.missing.append(f"{status} {url}")

    def assert_quiet(self) -> None:
        assert not self.outside, f"the page asked other hosts for {self.outside}"
        assert not self.missing, f"the page asked for what is not there: {self.missing}"
        assert not self.errors, f"the page threw {self.errors}"
        assert not self.console, f"the page wrote to the console {self.console}"


class PageFactory:
    """Opens pages; call it with the options below, read `watch` to see what one of its pages did."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[tuple[BrowserContext, Watch, bool]] = []
        self.watches: dict[Page, Watch] = {}

    def __call__(
        self,
        address: str | None = None,
        *,
        width: int = 1280,
        height: int = 900,
        scheme: str = "light",
        script: bool = True,
        touch: bool = False,
        motion: str = "reduce",
        forced_colors: str = "none",
        quiet: bool = True,
        **options: Any,
    ) -> Page:
        """A fresh page in a fresh context, already at `address`. With `quiet=False` it may talk to the console."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=script,
            has_touch=touch,
            reduced_motion=motion,
            forced_colors=forced_colors,
            **options,
        )
        context.set_default_timeout(20_000)
        watch = Watch()
        page = context.new_page()
        watch.on(page)
        self.contexts.append((context, watch, quiet))
        self.watches[page] = watch
        if address is not None:
            page.goto(address)
        return page

    def watch(self, page: Page) -> Watch:
        return self.watches[page]

    def close(self) -> None:
        for context, _, _ in self.contexts:
            context.close()
        for _, watch, quiet in self.contexts:
            if quiet:
                watch.assert_quiet()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[PageFactory]:
    """`new_page(address, width=320, scheme="dark", …)`: see `PageFactory.__call__`. Asserts quiet at the end."""
    factory = PageFactory(browser)
    yield factory
    factory.close()
