"""Build the website into _build/html, or do nothing when it is up to date: python tools/build.py."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
HTML = BUILD / "html"
CACHE = BUILD / ".jupyter_cache"  # the outputs of executed chapters, kept by jupyter-cache

# What the executed outputs depend on besides a chapter's own cells, and what the pages depend on besides. No chapter
# uses the classroom, which builds on the rest of the package and not the other way round.
EXECUTION_INPUTS = ("src/attnbook", "requirements.lock")
NO_CHAPTER_USES = ("src/attnbook/classroom", "src/nbjudge")
PAGE_INPUTS = ("_config.yml", "_toc.yml", "book", "notebooks", "tools/build.py")

# The same bytes from the same commit: one order of sets, one date, sums in one order. One thread also is the
# fastest for models as small as a chapter's, by far where other programs keep the cores busy.
FIXED = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "1735689600", "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}


def files(inputs: Iterable[str], without: Iterable[str] = ()) -> list[Path]:
    """Return every source file under the named paths, in a fixed order, but for those under the paths of `without`."""
    found = []
    for name in inputs:
        path = ROOT / name
        found += [path] if path.is_file() else [inner for inner in path.rglob("*") if inner.is_file()]
    found = [path for path in found if not any(path.is_relative_to(ROOT / name) for name in without)]
    return sorted(path for path in found if not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts))


def digest(inputs: Iterable[str], without: Iterable[str] = ()) -> str:
    """Return one hash of the names and bytes of all files under the named paths, but for those of `without`."""
    total = hashlib.sha256(sys.version.encode())
    for path in files(inputs, without):
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def pages() -> list[str]:
    """Return the documents that _toc.yml names, the front page first."""

    def walk(node: object) -> Iterable[str]:
        if isinstance(node, dict):
            if name := node.get("root") or node.get("file"):
                yield str(name)
            for key in ("parts", "chapters", "sections", "subtrees", "entries"):
                yield from walk(node.get(key))
        elif isinstance(node, list):
            for child in node:
                yield from walk(child)

    return list(walk(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))))


def missing() -> list[str]:
    """Return the expected pages that the build did not write (jupyter-book can fail without saying so)."""
    expected = ["index.html", *(f"{name}.html" for name in pages())]
    return [name for name in expected if not (HTML / name).is_file()]


def forget(stamp: Path, content: str, *stale: Path) -> None:
    """Remove what was made from other inputs than those hashed in content."""
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != content:
        stamp.unlink(missing_ok=True)
        for path in stale:
            shutil.rmtree(path, ignore_errors=True)


def remember(stamp: Path, content: str) -> None:
    """Note what the present outputs were made from."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(content, encoding="utf-8")


# jupyter-book ends a failed build with a traceback of its own, under which the warnings disappear.
JUPYTER_BOOK = """
from jupyter_book.cli.main import main
try:
    main()
except RuntimeError:
    raise SystemExit(1)
"""


def build() -> int:
    """Execute what changed, render every page and return jupyter-book's exit code."""
    options = ["--warningiserror", "--nitpick", "--keep-going", "--quiet"]
    scripts = Path(sys.executable).parent  # the kernel and the tools of this environment come first
    environment = os.environ | FIXED | {"PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", *options, "."]
    # Warnings and errors go to stderr; what it says on stdout, main says better.
    quiet = subprocess.DEVNULL
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=quiet, check=False).returncode


def main() -> int:
    """Build if anything changed, check that the pages exist and say how to open them."""
    executed, rendered = digest(EXECUTION_INPUTS, NO_CHAPTER_USES), digest((*EXECUTION_INPUTS, *PAGE_INPUTS))
    executed_stamp, rendered_stamp = BUILD / "executed.sha256", BUILD / "rendered.sha256"
    # jupyter-cache looks only at a chapter's cells, and would keep outputs of a package that has changed.
    forget(executed_stamp, executed, CACHE)
    # Sphinx rewrites only the pages that changed: titles and links in the others would stay as they were.
    forget(rendered_stamp, rendered, HTML, BUILD / ".doctrees")
    if rendered_stamp.is_file() and not missing():
        print("Nothing changed since the last build.")
    else:
        print("Building the book (the first time executes every chapter) ...", flush=True)
        remember(executed_stamp, executed)
        if code := build():
            print("The book was not built: the lines above say why.", file=sys.stderr)
            return code
        if gone := missing():
            print(f"The build ended without a word but did not write {', '.join(gone)}.", file=sys.stderr)
            return 1
        remember(rendered_stamp, rendered)
    front = HTML / "index.html"
    print(f"The book is in _build/html. Open {front.as_uri()} in a browser, or run `make serve`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
