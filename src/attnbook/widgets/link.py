"""One module of the front end, made into what each of its homes can load.

The files in `js/` are ES modules that import each other. Jupyter loads a widget from one string, where such imports
cannot resolve; a page opened as a file may load no ES module at all. So each module becomes a function that is called
once and returns its exports, and these are put together in two ways:

* `linked_esm("scoring")`: one ES module, what it imports first, for anywidget's `_esm`;
* `classic_script("kit")`: one classic script that leaves its exports in `globalThis.attnbook.kit`, for the page, which
  loads the scripts named by `load_order("scoring")` in that order.

To keep this a page of code, a module may say only `import { a, b } from "./kit.js";` and
`export function|class|const name`, each at the start of a line. Anything else is an error, not a guess.
"""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["JS", "classic_script", "linked_esm", "load_order", "style_sheet"]

JS = Path(__file__).with_name("js")

IMPORT = re.compile(r'^import \{([\w$,\s]+)\} from "\./(\w+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:function|class|const) ([\w$]+))", re.MULTILINE)
OTHER = re.compile(r"^[ \t]*(?:import|export)\b.*|.*\bimport\s*[(.].*", re.MULTILINE)


def load_order(name: str, folder: Path = JS, _open: tuple[str, ...] = ()) -> list[str]:
    """The module `name` and all it imports, each once, after what it needs itself."""
    if name in _open:
        raise ValueError(f"{' → '.join((*_open, name))}: modules may not import each other in a circle")
    needed = [module for _, module in _imports(name, folder)]
    orders = [load_order(module, folder, (*_open, name)) for module in needed]
    return list(dict.fromkeys([module for order in orders for module in order] + [name]))


def linked_esm(name: str, folder: Path = JS) -> str:
    """The module and all it imports as one ES module whose default export is what anywidget expects."""
    bodies = [f"modules.{module} = {_call(module, 'modules', folder)}" for module in load_order(name, folder)]
    return "\n".join(["const modules = {};", *bodies, f"export default {{ render: modules.{name}.render }};\n"])


def classic_script(name: str, folder: Path = JS) -> str:
    """The module alone as a classic script; the scripts of what it imports must have run before it."""
    return f"(globalThis.attnbook ??= {{}}).{name} = {_call(name, 'globalThis.attnbook', folder)}\n"


def style_sheet(folder: Path = JS) -> str:
    """The one style sheet of all explorers."""
    return (folder / "explorer.css").read_text(encoding="utf-8")


def _call(name: str, modules: str, folder: Path) -> str:
    """A call that runs the module's text and returns its exports; `$modules` is where the others are found."""
    body = _read(name, folder)
    for names, module in _imports(name, folder):
        missing = set(names) - set(_exports(module, folder))
        if missing:
            raise ValueError(f"{name}.js imports {', '.join(sorted(missing))}, which {module}.js does not export")
    body = IMPORT.sub(lambda found: f"const {{{found[1]}}} = $modules.{found[2]};", body)
    body = EXPORT.sub("", body)
    other = OTHER.search(body)
    if other:
        raise ValueError(
            f'{name}.js says `{other[0].strip()}`; write `import {{ a, b }} from "./kit.js";` or '
            "`export function|class|const name`, each at the start of a line"
        )
    exports = ", ".join(_exports(name, folder))
    return f'(($modules) => {{\n"use strict";\n{body.strip()}\nreturn {{ {exports} }};\n}})({modules});'


def _read(name: str, folder: Path) -> str:
    return (folder / f"{name}.js").read_text(encoding="utf-8")


def _imports(name: str, folder: Path) -> list[tuple[list[str], str]]:
    found = IMPORT.findall(_read(name, folder))
    return [([word.strip() for word in names.split(",") if word.strip()], module) for names, module in found]


def _exports(name: str, folder: Path) -> list[str]:
    return EXPORT.findall(_read(name, folder))
