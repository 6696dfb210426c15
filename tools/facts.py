"""Writes what Python declares and others need: each explorer's facts and the colours, and a table for a page."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import generated
import table
from attnbook import theme, widgets
from attnbook.widgets import Explorer, bundle

ROOT = Path(__file__).parents[1]
FOLDER = Path("src/attnbook/widgets/js/facts")
HEAD = "// Written by tools/facts.py from {source}: change it there and run `make facts`.\n"


def explorers() -> list[type[Explorer]]:
    """Return every explorer of the package, by the name of its front end."""
    for module in pkgutil.iter_modules(widgets.__path__, "attnbook.widgets."):
        importlib.import_module(module.name)
    # An instance that was given one more trait is of a subclass of its own, which has no front end.
    return sorted((each for each in Explorer.__subclasses__() if each._module), key=lambda each: each._module)


written = partial(json.dumps, ensure_ascii=False)


def script(constants: dict[str, Any], source: str) -> str:
    """Return a module that exports these constants, an entry of each on a line of its own, and of the traits too."""
    text = HEAD.format(source=source)
    for name, entries in constants.items():
        lines = [
            f"  {entry}: {json.dumps(value, ensure_ascii=False)},"
            for entry, value in entries.items()
            if entry != "traits"
        ]
        traits = [
            f"    {trait}: {json.dumps(fact, ensure_ascii=False)}," for trait, fact in entries.get("traits", {}).items()
        ]
        lines += ["  traits: {", *traits, "  },"] if traits else []
        text += f"export const {name} = {{\n" + "\n".join(lines) + "\n};\n"
    return text


def generate(root: Path) -> dict[Path, str]:
    """Return every file's path and text."""
    maps = {
        "SEQUENTIAL": {"light": theme.SEQUENTIAL, "dark": theme.SEQUENTIAL_DARK},
        "DIVERGING": {"light": theme.DIVERGING, "dark": theme.DIVERGING_DARK},
    }
    texts = {root / FOLDER / "theme.js": script(maps, "src/attnbook/theme.py")}
    for explorer in explorers():
        facts = explorer.facts()
        text = script({"FACTS": facts}, f"src/{explorer.__module__.replace('.', '/')}.py")
        texts[root / FOLDER / f"{facts['slug']}.js"] = text
    page = root / table.PAGE
    texts[page] = table.fill(page.read_text(encoding="utf-8"))
    return texts


def stale(texts: dict[Path, str], folder: Path = ROOT / FOLDER) -> list[Path]:
    """Return the files that are not what Python declares, or that no explorer declares."""
    return generated.stale(texts, folder.glob("*.js"))


def main() -> int:
    """Write what is stale, or only name it."""
    made = {"made_from": "declaration in Python", "command": "make facts"}
    with patch.object(bundle, "esm", lambda name: ""):  # which would want the files that are missing
        return generated.main(__doc__, ROOT, generate, stale, **made, errors=())


if __name__ == "__main__":
    sys.exit(main())
