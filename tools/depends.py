"""What a piece of Python depends on among the project's own modules, found by reading it, not by running it.

`Sources(src).needs(code)` follows the imports of `code`, and of what it imports, wherever in a file they stand. A name
that a package's `__init__` only passes on leads to the module that defines it, so that a chapter with
`from attnbook.core import dot` depends on `core/scoring.py` and not on its neighbours. What cannot be followed counts
as everything: a package that is handed around whole, a name that nobody defines, an import whose name is computed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Whoever uses one of these can run any module, unless its name is written out: import_module("attnbook.data").
IMPORTERS = {"import_module", "iter_modules", "run_module", "run_path", "walk_packages"}
DYNAMIC = {"__import__", "eval", "exec", *IMPORTERS}
# What the browser alone reads. An explorer's output carries a copy of it, which the page leaves out.
FRONT_END = {".css", ".js"}


@dataclass(frozen=True)
class Needs:
    """All that some code depends on: files, and how names lead to them through packages that pass them on."""

    files: frozenset[Path]
    names: frozenset[str]


@dataclass(frozen=True)
class Sources:
    """The packages in one folder."""

    root: Path
    _read: dict[str, ast.Module] = field(default_factory=dict, compare=False, repr=False)

    def needs(self, code: str) -> Needs:
        """Return what the code depends on, and what that depends on, to the end."""
        names: set[str] = set()
        waiting = list(self._used(ast.parse(code), "", names))
        modules: set[str] = set()
        while waiting:
            module = waiting.pop()
            if module in modules:
                continue
            modules.add(module)
            waiting += self._used(self._tree(module), module, names)
            # Importing a module runs the packages around it; one that does more than pass names on is needed too.
            waiting += [package for package in _around(module) if not self._passes_on(package)]
        files = {self._file(module) for module in modules}
        return Needs(frozenset(files | self._data(files)), frozenset(names))

    def modules(self, package: str) -> list[str]:
        """Return the package and every module beneath it."""
        folder = self._file(package).parent
        found = []
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(self.root).with_suffix("").parts
            found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
        return found

    def _data(self, modules: Iterable[Path]) -> set[Path]:
        """Return the files that modules may read: those in the folder of their package, at any depth.

        A file with the name of a module there, as `one.csv` beside `one.py`, is that module's alone.
        """
        found, modules = set(), set(modules)
        for folder in {path.parent for path in modules}:
            for path in folder.rglob("*"):
                package = next(parent for parent in path.parents if (parent / "__init__.py").is_file())
                skipped = path.suffix in {".py", ".pyc", *FRONT_END} or "__pycache__" in path.parts
                owner = path.with_suffix(".py")
                if path.is_file() and package == folder and not skipped and (owner in modules or not owner.is_file()):
                    found.add(path)
        return found

    def _used(self, tree: ast.Module, home: str, names: set[str]) -> Iterator[str]:
        """Yield the modules that a file refers to, and note in `names` what packages pass on to it."""
        aliases: dict[str, str] = {}  # names that stand for a whole package
        named: set[int] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if self._is_package(alias.name) and alias.asname:
                        aliases[alias.asname] = alias.name
                    elif self._exists(alias.name):  # `import a.b` gives the name `a`, and with it everything
                        yield from [alias.name] if alias.asname else self.modules(alias.name.partition(".")[0])
            elif isinstance(node, ast.ImportFrom):
                if any(alias.name in IMPORTERS and alias.asname for alias in node.names):
                    yield from self._anything()
                source = self._absolute(node, home)
                for alias in node.names:
                    if self._is_package(f"{source}.{alias.name}"):
                        aliases[alias.asname or alias.name] = f"{source}.{alias.name}"
                    elif self._exists(source):
                        yield from self._resolve(source, alias.name, names)
            elif isinstance(node, ast.FunctionDef) and node.name == "__getattr__" and node in tree.body:
                yield from self._anything()
            elif isinstance(node, ast.Call) and _is_dynamic(node.func):
                named.add(id(node.func))
                yield from self._named_in(node)
            elif _is_dynamic(node) and id(node) not in named:  # walk() comes to a call before its function
                yield from self._anything()
        attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
        read = {id(node.value): node.attr for node in attributes}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in aliases:
                if id(node) in read:
                    yield from self._resolve(aliases[node.id], read[id(node)], names)
                else:
                    yield from self.modules(aliases[node.id])

    def _resolve(self, source: str, name: str, names: set[str]) -> list[str]:
        """Return the modules behind `from source import name`."""
        if not self._is_package(source):
            return [source]
        below = f"{source}.{name}"
        found = self.modules(below) if self._is_package(below) else [below] if self._exists(below) else []
        passed = self._passes_on(source)
        if passed is None:
            found.append(source)
        elif name in passed:
            module, original = passed[name]
            found += self._resolve(module, original, names) if self._exists(module) else [source]
        elif not found:
            return self.modules(source)
        names.add(f"{below} = {', '.join(found)}")
        return found

    def _passes_on(self, package: str) -> dict[str, tuple[str, str]] | None:
        """Return where the names of a package come from, or None if its `__init__` does more than pass them on."""
        found: dict[str, tuple[str, str]] = {}
        for node in self._tree(package).body:
            if isinstance(node, ast.ImportFrom) and node.names[0].name != "*":
                source = self._absolute(node, package)
                found |= {alias.asname or alias.name: (source, alias.name) for alias in node.names}
            elif isinstance(node, ast.Assign) and _is_plain(node.value):
                found |= {target.id: ("", "") for target in node.targets if isinstance(target, ast.Name)}
            elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                return None
        return found

    def _named_in(self, call: ast.Call) -> list[str]:
        """Return the module that a call imports by its written name, or else everything."""
        first = call.args[0] if call.args else None
        if ast.unparse(call.func).endswith("import_module") and isinstance(first, ast.Constant):
            name = str(first.value)
            if not name.startswith("."):
                return self.modules(name) if self._is_package(name) else [name] if self._exists(name) else []
        return self._anything()

    def _anything(self) -> list[str]:
        packages = sorted(path.parent.name for path in self.root.glob("*/__init__.py"))
        return [module for package in packages for module in self.modules(package)]

    def _absolute(self, node: ast.ImportFrom, home: str) -> str:
        if not node.level:
            return node.module or ""
        parts = home.split(".")
        parts = parts[: len(parts) - node.level + self._is_package(home)]
        return ".".join([*parts, *([node.module] if node.module else [])])

    def _tree(self, module: str) -> ast.Module:
        if module not in self._read:
            self._read[module] = ast.parse(self._file(module).read_text(encoding="utf-8"))
        return self._read[module]

    def _file(self, module: str) -> Path:
        path = self.root.joinpath(*module.split("."))
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")

    def _exists(self, module: str) -> bool:
        return bool(module) and self._file(module).is_file()

    def _is_package(self, module: str) -> bool:
        return self._exists(module) and self._file(module).name == "__init__.py"


def _around(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


def _is_dynamic(node: ast.AST) -> bool:
    """Tell whether this is a function that runs any module; `model.eval` is not Python's `eval`."""
    if isinstance(node, ast.Attribute):
        return node.attr in IMPORTERS
    return isinstance(node, ast.Name) and node.id in DYNAMIC


def _is_plain(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return True
