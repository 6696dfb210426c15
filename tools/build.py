"""Build the website into _build/html, or do nothing when it is up to date: python tools/build.py."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import yaml

import execute
from depends import Sources

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
HTML = BUILD / "html"
CACHE = BUILD / ".jupyter_cache"  # the outputs of executed chapters, kept by jupyter-cache

# What the pages are made from.
INPUTS = ("_config.yml", "_toc.yml", "book", "notebooks", "requirements.lock", "src", "tools")

# The same bytes from the same commit: one order of sets, one date, sums in one order. One thread also is the
# fastest for models as small as a chapter's, by far where other programs keep the cores busy.
FIXED = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "1735689600", "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}


def digest(paths: Iterable[Path]) -> str:
    """Return one hash of the names and bytes of files."""
    total = hashlib.sha256(sys.version.encode())
    for path in sorted(paths):
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def inputs() -> Iterable[Path]:
    """Yield every file that the site is made from."""
    for name in INPUTS:
        path = ROOT / name
        for inner in [path] if path.is_file() else path.rglob("*"):
            if inner.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(inner.parts):
                yield inner


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


def code_of(page: str) -> str:
    """Return the code cells of a page as one program."""
    # Here, because these take a second to load, and most often there is nothing to do.
    from IPython.core.inputtransformer2 import TransformerManager
    from myst_nb.core.read import read_myst_markdown_notebook

    cells = read_myst_markdown_notebook((ROOT / f"{page}.md").read_text(encoding="utf-8")).cells
    return TransformerManager().transform_cell(  # type: ignore[no-untyped-call]
        "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    )


def execution_keys() -> dict[str, str]:
    """Return for each page one hash of all that its outputs depend on."""
    sources = Sources(ROOT / "src")
    keys = {}
    for page in pages():
        code = code_of(page)
        needs = sources.needs(code)
        made_of = digest([*needs.files, ROOT / "requirements.lock"])
        keys[page] = hashlib.sha256(repr((code, sorted(needs.names), made_of, FIXED)).encode()).hexdigest()
    return keys


def forget_stale_outputs() -> None:
    """Remove the outputs of each page whose cells, or what they depend on, changed since they were executed.

    jupyter-cache looks only at a page's cells, and would keep the outputs of a package that has changed.
    """
    from jupyter_cache import get_cache

    stamp = BUILD / "executed.json"
    keys = execution_keys()
    known = json.loads(stamp.read_text(encoding="utf-8")) if stamp.is_file() else {}
    fresh = [page for page, key in keys.items() if known.get(page) == key]
    cache = get_cache(CACHE)
    for record in cache.list_cache_records():
        if not any(Path(record.uri).with_suffix("").as_posix().endswith(f"/{page}") for page in fresh):
            cache.remove_cache(record.pk)
    remember(stamp, json.dumps(keys, indent=1))


def remember(stamp: Path, content: str) -> None:
    """Note what the present outputs were made from."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(content, encoding="utf-8")


def environment() -> dict[str, str]:
    """Return the environment in which pages are executed and rendered."""
    scripts = Path(sys.executable).parent  # the kernel and the tools of this environment come first
    return os.environ | FIXED | {"PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}


# jupyter-book ends a failed build with a traceback of its own, under which the warnings disappear.
JUPYTER_BOOK = """
from jupyter_book.cli.main import main
try:
    main()
except RuntimeError:
    raise SystemExit(1)
"""


def build() -> int:
    """Render every page and return jupyter-book's exit code."""
    options = ["--warningiserror", "--nitpick", "--keep-going", "--quiet"]
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", *options, "."]
    # Warnings and errors go to stderr; what it says on stdout, main says better.
    quiet = subprocess.DEVNULL
    return subprocess.run(command, cwd=ROOT, env=environment(), stdout=quiet, check=False).returncode


def main() -> int:
    """Build if anything changed, check that the pages exist and say how to open them."""
    rendered, stamp = digest(inputs()), BUILD / "rendered.sha256"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == rendered and not missing():
        print("Nothing changed since the last build.")
    else:
        print("Building the book (the first time executes every chapter) ...", flush=True)
        stamp.unlink(missing_ok=True)
        # Sphinx rewrites only the pages that changed: titles and links in the others would stay as they were.
        for folder in (HTML, BUILD / ".doctrees"):
            shutil.rmtree(folder, ignore_errors=True)
        forget_stale_outputs()
        execute.execute([ROOT / f"{page}.md" for page in pages()], CACHE, environment())
        if code := build():
            print("The book was not built: the lines above say why.", file=sys.stderr)
            return code
        if gone := missing():
            print(f"The build ended without a word but did not write {', '.join(gone)}.", file=sys.stderr)
            return 1
        remember(stamp, rendered)
    front = HTML / "index.html"
    print(f"The book is in _build/html. Open {front.as_uri()} in a browser, or run `make serve`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
