"""What a student's function uses that is not there when it is graded, where only Python and NumPy are."""

from __future__ import annotations

import ast
import linecache
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["unavailable_imports"]

THERE = frozenset({*sys.stdlib_module_names, "numpy", "__main__"})


def unavailable_imports(function: Callable[..., Any], check_from: str = "") -> list[str]:
    """Return the libraries that a function uses, or that its cell imports, and that are absent when it is graded.

    It looks at the names in the function and in other functions of the same notebook that it calls, and calls nothing.

    Args:
        function: The function.
        check_from: The module from which notebooks import `check`, which is there when they are graded.
    """
    found: dict[str, None] = {}
    waiting, seen = [function], set()
    while waiting:
        code = getattr(one := waiting.pop(), "__code__", None)
        space = getattr(one, "__globals__", {})
        if not isinstance(code, types.CodeType) or code in seen:
            continue
        seen.add(code)
        home = str(space.get("__name__", "__main__"))
        if home == "__main__" and code.co_filename != space.get("__file__"):  # a cell, and not a whole program
            found |= dict.fromkeys(_imported(code.co_filename, check_from))
        for value in (space[name] for name in _names(code) if name in space):
            if getattr(value, "__globals__", None) is space:
                waiting.append(value)
            elif (root := _root(value)) != home.partition(".")[0]:
                found[root] = None
    return [root for root in found if root and root not in THERE]


def _names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _names(inner)


def _root(value: Any) -> str:
    if isinstance(value, types.ModuleType):
        home: Any = value.__name__
    else:
        home = getattr(value, "__module__", None) or type(value).__module__
    return home.partition(".")[0] if isinstance(home, str) else ""


def _imported(file: str, check_from: str) -> Iterator[str]:
    """What a cell imports; a cell is kept under a name of its own, and one that is not pure Python says nothing."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (item.name.partition(".")[0] for item in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module != check_from:
            yield str(node.module).partition(".")[0]
