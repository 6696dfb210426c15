"""The front end of an explorer, bundled into what each of its homes can load.

The files in `js/` are ES modules that import each other. Jupyter loads a widget from one string, where such imports
cannot resolve; a page opened as a file may load no ES module at all. So each module becomes a function that is called
once and returns its exports, and these are put together in two ways:

* `esm("scoring")`: one ES module, what it imports first, for anywidget's `_esm`;
* `classic_script("math/softmax")`: one classic script that leaves its exports in `globalThis.attnbook["math/softmax"]`,
  for the page, which loads the scripts named by `load_order("scoring")` in that order.

A module's name is its path in `js/` without the ending. To keep this a page of code, a module may say only
`import { a, b } from "./kit.js";` (or `"./math/softmax.js"`, `"../kit.js"`) and `export function|class|const name`,
each at the start of a line. Anything else is an error, not a guess.

The styles are `css/base.css`, shared by all explorers, and `css/<slug>.css`, where an explorer needs more.
"""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import dirname, join, normpath

__all__ = ["CSS", "JS", "classic_script", "esm", "load_order", "own_style", "style_sheet"]

JS = Path(__file__).with_name("js")
CSS = Path(__file__).with_name("css")

IMPORT = re.compile(r'^import \{([\w$,\s]+)\} from "(\.{1,2}/[\w./]+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:function|class|const) ([\w$]+))", re.MULTILINE)
OTHER = re.compile(r"^(?:[ \t]*(?:import|export)\b|.*\bimport\s*[(.]).*", re.MULTILINE)


def load_order(name: str, folder: Path = JS, _open: tuple[str, ...] = ()) -> list[str]:
    """The module `name` and all it imports, each once, after what it needs itself."""
    if name in _open:
        raise ValueError(f"{' → '.join((*_open, name))}: modules may not import each other in a circle")
    orders = [load_order(module, folder, (*_open, name)) for _, module in _imports(name, folder)]
    return list(dict.fromkeys([module for order in orders for module in order] + [name]))


def esm(name: str, folder: Path = JS) -> str:
    """The module and all it imports as one ES module whose default export is what anywidget expects."""
    bodies = [f'modules["{module}"] = {_call(module, "modules", folder)}' for module in load_order(name, folder)]
    return "\n".join(["const modules = {};", *bodies, f'export default {{ render: modules["{name}"].render }};\n'])


def classic_script(name: str, folder: Path = JS) -> str:
    """The module alone as a classic script; the scripts of what it imports must have run before it."""
    return f'(globalThis.attnbook ??= {{}})["{name}"] = {_call(name, "globalThis.attnbook", folder)}\n'


def style_sheet(name: str) -> str:
    """All styles of one explorer: the shared ones and its own."""
    return (CSS / "base.css").read_text(encoding="utf-8") + own_style(name)


def own_style(name: str) -> str:
    """The styles that only this explorer needs; empty if it has none."""
    path = CSS / f"{name}.css"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _call(name: str, modules: str, folder: Path) -> str:
    """A call that runs the module's text and returns its exports; `$modules` is where the others are found."""
    body = _read(name, folder)
    for names, module in _imports(name, folder):
        missing = set(names) - set(_exports(module, folder))
        if missing:
            raise ValueError(f"{name}.js imports {', '.join(sorted(missing))}, which {module}.js does not export")
    body = IMPORT.sub(lambda found: f'const {{{found[1]}}} = $modules["{_resolve(name, found[2])}"];', body)
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


def _resolve(importer: str, path: str) -> str:
    """The name of the module that `importer` calls `path`."""
    name = normpath(join(dirname(importer), path))
    if name.startswith("../"):
        raise ValueError(f"{importer}.js imports {path}.js, which is outside the folder of the modules")
    return name


def _imports(name: str, folder: Path) -> list[tuple[list[str], str]]:
    """For each import, the names that are asked for, and the module that they come from."""
    found = IMPORT.findall(_read(name, folder))
    return [
        ([word.strip() for word in names.split(",") if word.strip()], _resolve(name, path)) for names, path in found
    ]


def _exports(name: str, folder: Path) -> list[str]:
    return EXPORT.findall(_read(name, folder))
