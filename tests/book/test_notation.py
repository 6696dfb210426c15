"""The page on notation is true: each name is in the package with that shape, each letter of a shape is explained."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "book" / "notation.md").read_text(encoding="utf-8")
FLOORS = ("core", "nn", "data")
SHAPE = re.compile(r"^(?:Float|Bool|Int|UInt|Real)\d*\[[\w.]+, '(.*)'\]$")
ANNOTATION = re.compile(r'(?:Float|Bool|Int|UInt|Real)\d*\[[\w.]+, "([^"]*)"\]')
IN_CODE = re.compile(r"((?:`\w+`, )*`\w+`) (of|from|is) \{py:func\}`~([\w.]+)\.(\w+)`")


def table(name: str) -> list[list[str]]:
    """The cells of a list-table of the page, without its head."""
    body = re.search(rf":name: {name}\n.*?\n\n(.*?)\n```", PAGE, re.DOTALL)
    assert body, f"notation.md has no table {name}"
    rows = [row.split("\n  - ") for row in re.split(r"^\* - ", body[1], flags=re.MULTILINE)[1:]]
    return [[cell.strip() for cell in row] for row in rows[1:]]


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef)}


def source(module: str, function: str) -> ast.FunctionDef:
    """A function as it is written, found from the name under which readers know it."""
    home = import_module(getattr(import_module(module), function).__module__)
    return functions(Path(str(home.__file__)))[function]


def axes(annotation: ast.expr | None) -> list[str]:
    """What an annotation says: `…` for batches and then one letter for each axis; `number` for a plain number."""
    if annotation is None:
        return []
    if isinstance(annotation, ast.BinOp):  # an array or None
        annotation = annotation.left
    text = ast.unparse(annotation)
    if text in ("float", "int"):
        return ["number"]
    found = SHAPE.match(text)
    return ["…" if axis[0] in "*." else axis for axis in found[1].split()] if found else []


def shapes_of(name: str, how: str, module: str, function: str) -> list[list[str]]:
    """The shapes that a name has as a parameter, as what the function returns, or among what it returns."""
    node = source(module, function)
    if how == "is":
        return [axes(node.returns)] if name == function else []
    if how == "of":
        return [axes(one.annotation) for one in node.args.args + node.args.kwonlyargs if one.arg == name]
    # What a function returns has no name in Python: its documentation gives it one.
    documented = re.search(r"return ``\((.*?)\)``", ast.get_docstring(node) or "")
    assert documented, f"{function} does not say what it returns"
    told: ast.Subscript = node.returns  # type: ignore[assignment]
    order, parts = documented[1].split(", "), told.slice.elts  # type: ignore[attr-defined]
    return [axes(part) for word, part in zip(order, parts, strict=True) if word == name]


SYMBOLS = [
    (name, *found, row[3])
    for row in table("tab-symbols")
    for names, *found in IN_CODE.findall(row[2])
    for name in re.findall(r"`(\w+)`", names)
]


def test_every_symbol_has_a_name_in_code() -> None:
    for row in table("tab-symbols"):
        assert IN_CODE.search(row[2]), row
        assert row[0].startswith("$"), row
    assert len(SYMBOLS) >= len(table("tab-symbols"))


@pytest.mark.parametrize(("name", "how", "module", "function", "shape"), SYMBOLS)
def test_a_name_in_code_is_in_the_package_with_its_shape(
    name: str, how: str, module: str, function: str, shape: str
) -> None:
    told = ["number"] if shape == "a number" else shape.strip("`()").split(", ")
    assert told in shapes_of(name, how, module, function)


def test_every_letter_of_every_shape_is_explained() -> None:
    explained = {letter for row in table("tab-letters") for letter in re.findall(r"`(\w+)`", " ".join(row))}
    used = set()
    for floor in FLOORS:
        for path in sorted((ROOT / "src" / "attnbook" / floor).glob("*.py")):
            for text in ANNOTATION.findall(path.read_text(encoding="utf-8")):
                names = {axis.lstrip("*#") for axis in text.split()}
                # A whole word explains itself.
                letters = {name for name in names if name.isalpha() and len(name) <= 2}
                assert letters <= explained, f"{path.name}: {text}: notation.md does not explain {letters - explained}"
                used |= letters
    assert explained == used
