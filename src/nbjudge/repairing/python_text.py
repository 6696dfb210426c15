"""Looking at a student's code as text, without running it: what it defines, and whether it could run."""

from __future__ import annotations

import ast
import re
import warnings

__all__ = ["around", "compiles", "defined", "only_defines", "segment", "unfenced", "used"]

DEFINES = re.compile(
    r"^(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(|^(\w+)[ \t]*=[ \t]*(?:\w+\.)*(?:lambda|partial|vectorize)\b", re.MULTILINE
)
CLOSES = re.compile(r"(```|~~~)[ \t]*")
LONGEST = 50_000  # letters
HARMLESS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


def tree(source: str) -> ast.Module | None:
    """Return the syntax tree of some code, or None if it has a mistake, or is too long to be a student's."""
    if len(source) > LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\\d" in a student's string is no news to a teacher
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def compiles(source: str) -> bool:
    """Whether some code has no mistake in its syntax."""
    return tree(source) is not None


def defined(source: str) -> frozenset[str]:
    r"""Return the functions that code defines at its outermost level, even if there is a mistake elsewhere in it.

    >>> sorted(defined("def f(x):\n    y = 1\ng = lambda: 0\n%timeit f(1)"))
    ['f', 'g']
    """
    return frozenset(one or other for one, other in DEFINES.findall(source))


def around(source: str, line: int) -> str:
    r"""Return the function in which a line of code stands, counted from 1; "" if there is none before it.

    >>> around("def f(x):\n    return x\ndef g(x):\n    return f(x)", 2)
    'f'
    """
    before = [match for match in DEFINES.finditer(source) if source.count("\n", 0, match.start()) < line]
    return next((one or other for one, other in (match.groups() for match in reversed(before))), "")


def only_defines(source: str) -> bool:
    """Whether running the code does nothing but define functions: then it may stand anywhere."""
    parsed = tree(source)
    if parsed is None:
        return False
    documentation = (node for node in parsed.body if not isinstance(node, HARMLESS))
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in documentation)


def used(source: str) -> frozenset[str]:
    r"""Return the names that code uses; none if there is a mistake in it.

    >>> sorted(used("def f(x):\n    return g(x) + 1"))
    ['g', 'x']
    """
    parsed = tree(source)
    return frozenset(node.id for node in ast.walk(parsed) if isinstance(node, ast.Name)) if parsed else frozenset()


def segment(source: str, name: str) -> str:
    r"""Return the last definition of a name, with its decorators, cut out of the code around it.

    >>> segment("import os\n\n@cache\ndef f(x):\n\n    return x\nprint(f(1))", "f")
    '@cache\ndef f(x):\n\n    return x'
    """
    places = [match for match in DEFINES.finditer(source) if name in match.groups()]
    if not places:
        return ""
    lines = source.split("\n")
    start = source.count("\n", 0, places[-1].start())
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or lines[end][0] in " \t)]}#"):
        end += 1
    while start and lines[start - 1].startswith("@"):
        start -= 1
    return "\n".join(lines[start:end]).rstrip()


def unfenced(text: str) -> str:
    r"""Return the code that stands in Markdown, between fences if there are any.

    >>> unfenced("So:\n```python\nx = 1\n```\nAnd:\n~~~\ny = 2\n~~~")
    'x = 1\n\ny = 2'
    """
    lines = text.split("\n")
    last = {line[:3]: place for place, line in enumerate(lines) if CLOSES.fullmatch(line)}  # none after it closes
    blocks: list[list[str]] = []
    mark = ""
    for place, line in enumerate(lines):
        if mark and line.startswith(mark) and CLOSES.fullmatch(line):
            mark = ""
        elif mark:
            blocks[-1].append(line)
        elif place < last.get(line[:3], 0):
            mark = line[:3]
            blocks.append([])
    return "\n\n".join("\n".join(block).rstrip("\n") for block in blocks) if blocks else text
