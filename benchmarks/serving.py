"""A local host that compresses as a decent host does, remembers what was asked, and stands in for other hosts."""

from __future__ import annotations

import gzip
import posixpath
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
KINDS = {"css": "style", "html": "page", "javascript": "script", "font": "font", "image": "picture"}
PACKED = {".png", ".woff", ".woff2"}  # compressing them again would only take time


@lru_cache(maxsize=256)
def compressed(path: Path) -> bytes:
    """Return a file's bytes as they travel."""
    body = path.read_bytes()
    return body if path.suffix in PACKED else gzip.compress(body, compresslevel=6, mtime=0)


class Host:
    """What one server serves and was asked for."""

    def __init__(self, folder: Path, elsewhere: dict[str, Path] | None = None) -> None:
        self.folder = folder
        self.elsewhere = elsewhere or {}  # a pattern of addresses → the file or folder that stands in for them
        self.asked: list[Path] = []

    def find(self, address: str) -> Path:
        """Return the file that an address names."""
        path = unquote(urlsplit(address).path)
        for pattern, local in self.elsewhere.items():
            if match := re.match(pattern, path):
                rest = path[match.end() :]
                return local / rest if rest else local
        return self.folder / posixpath.normpath(path).lstrip("/")

    def weights(self) -> dict[str, tuple[int, int]]:
        """Return kind → (bytes on disk, bytes as they travel) of all that was asked for, each file once."""
        totals: dict[str, tuple[int, int]] = {}
        for path in sorted(set(self.asked)):
            kind = next((name for word, name in KINDS.items() if word in TYPES.get(path.suffix, "")), "other")
            disk, wire = totals.get(kind, (0, 0))
            totals[kind] = (disk + path.stat().st_size, wire + len(compressed(path)))
        return totals


@contextmanager
def serving(host: Host) -> Iterator[str]:
    """Serve for as long as the block lasts, at the address that the block is given."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            path = host.find(self.path)
            path = path / "index.html" if path.is_dir() else path
            if not path.is_file():
                self.send_error(404)
                return
            host.asked.append(path)
            body = compressed(path)
            self.send_response(200)
            self.send_header("Content-Type", TYPES.get(path.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(body)))
            if path.suffix not in PACKED:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(body)

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # the browser hangs up when a page is closed

    with Quiet(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
