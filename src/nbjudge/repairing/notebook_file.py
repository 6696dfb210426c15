"""From the bytes that a student handed in to the cells of a notebook, or to words for why that cannot be.

Nothing here trusts the file: its encoding, its JSON, its shape and its size are all looked at, and of its outputs only
pictures and plain text come through, because a teacher's browser will show them.
"""

from __future__ import annotations

import ast
import codecs
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbjudge.repairing.cells import Cell, shorten, trim
from nbjudge.repairing.outputs import mapping, output, pictures, text_of
from nbjudge.subject import Subject
from nbjudge.wording import byte_size, counted

__all__ = ["LARGEST", "Cell", "Document", "read"]

LARGEST = 64_000_000  # bytes of a file; outputs and all
MOST_OBJECTS = 4_000_000  # brackets: what a file of this many would need is more memory than a grader has
MOST_CELLS = 2_000
CLEAR = "clear all outputs, save, and hand in again"
ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8-sig", ""),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
    (b"{\x00", "utf-16-le", "UTF-16"),
    (b"\x00{", "utf-16-be", "UTF-16"),
)
STRANGERS = (
    (re.compile(rb"PK\x03\x04|PK\x05\x06"), "a zip file"),
    (re.compile(rb"%PDF"), "a PDF"),
    (re.compile(rb"\x1f\x8b|7z\xbc\xaf|Rar!|\xfd7zXZ"), "a compressed archive"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8"), "a picture"),
    (re.compile(rb"\xd0\xcf\x11\xe0|\{\\rtf"), "a word processor's document"),
    (re.compile(rb"(?i)(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype|html|head|body|svg)"), "a web page"),
)


@dataclass
class Document:
    """What was read: the cells, what was odd about them, or why there are none."""

    cells: list[Cell] = field(default_factory=list)
    assignment: str = ""
    title: str = ""
    notes: list[str] = field(default_factory=list)
    trouble: str = ""
    left_out: str = ""  # cells that are too long, in words


def read(data: bytes, subject: Subject) -> Document:
    """Return the cells of a notebook, or in `trouble` why there are none, as the end of a sentence."""
    found = Document()
    if not data.strip():
        found.trouble = "the file is empty"
    elif len(data) > LARGEST:
        found.trouble = f"the file has {byte_size(len(data))}, and {byte_size(LARGEST)} is the limit: {CLEAR}"
    elif kind := next((name for mark, name in STRANGERS if mark.match(data.lstrip()[:2000])), ""):
        found.trouble = f"the file is {kind}, whatever its name says: hand in the notebook itself (.ipynb)"
    elif data.count(b"{") + data.count(b"[") > MOST_OBJECTS:
        found.trouble = f"the file is made of more pieces than can be read: {CLEAR}"
    else:
        text = _decoded(data, found)
        content = _parsed(text, found)
        if not found.trouble:
            _fill(content, found, subject)
    return found


def _decoded(data: bytes, found: Document) -> str:
    for mark, encoding, name in ENCODINGS:
        if data.startswith(mark):
            if name:
                found.notes.append(f"The file was stored as {name}; it was read as such.")
            return data.decode(encoding, errors="replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        found.notes.append("The file was not stored as UTF-8: letters with accents may have been read wrongly.")
        return data.decode("cp1252", errors="replace")


def _parsed(text: str, found: Document) -> Any:
    seen = {"twice": False, "not a number": False}

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        content = dict(items)
        if len(content) != len(items):
            seen["twice"] = True
        return content

    def constant(_: str) -> None:
        seen["not a number"] = True

    try:
        content = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except RecursionError:
        found.trouble = "the file is nested more deeply than a notebook can be"
        return None
    except json.JSONDecodeError as error:
        found.trouble = _malformed(text, error)
        return None
    except ValueError:
        found.trouble = "the file holds a number with more digits than can be read"
        return None
    if seen["twice"]:
        found.notes.append("Some entries stood twice in the file; of each, the last one was read.")
    if seen["not a number"]:
        found.notes.append("The file held NaN or Infinity, which a notebook may not; they were read as nothing.")
    return content


def _malformed(text: str, error: json.JSONDecodeError) -> str:
    again = "save it again in Jupyter and hand it in anew"
    if re.search(r"^(<<<<<<<|>>>>>>>) ", text, re.MULTILINE):
        return "the file has the marks of a merge conflict (<<<<<<<) in it: resolve it, save, and hand in again"
    if not text.lstrip().startswith(("{", "[")):
        if re.search(r"^(import|from|def|class|#|@)\b|^#", text, re.MULTILINE) and _is_python(text):
            return "the file is a Python script, whatever its name says: hand in the notebook itself (.ipynb)"
        return "the file is not a notebook: it does not hold JSON; hand in the notebook itself (.ipynb)"
    if not text[error.pos :].strip() or error.msg.startswith("Unterminated string"):
        return f"the file breaks off in line {error.lineno}: it was not saved or uploaded to its end; {again}"
    return f"the file is damaged in line {error.lineno}: what stands there is not JSON; {again}"


def _is_python(text: str) -> bool:
    try:
        ast.parse(text[:200_000])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _fill(content: Any, found: Document, subject: Subject) -> None:
    """Take the cells from JSON of any of nbformat's versions."""
    cells: Any = content.get("cells") if isinstance(content, Mapping) else None
    if isinstance(content, Mapping) and cells is None and isinstance(content.get("worksheets"), list):
        sheets = [sheet.get("cells") for sheet in content["worksheets"] if isinstance(sheet, Mapping)]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
        found.notes.append("The notebook was in an old format; it was brought to the present one.")
    if not isinstance(cells, list):
        found.trouble = "the file holds JSON, but not a notebook: hand in the notebook itself (.ipynb)"
        return
    if len(cells) > MOST_CELLS:
        found.trouble = f"the notebook has {len(cells)} cells, and {MOST_CELLS} is the limit"
        return
    found.cells = [_cell(cell) for cell in cells if isinstance(cell, Mapping)]
    if odd := len(cells) - len(found.cells):
        found.notes.append(f"{counted(odd, 'entry', 'entries')} among the cells had no cell in {_it(odd)}.")
    found.trouble, found.left_out, note = shorten(found.cells)
    if found.trouble:
        found.cells = []
        return
    about = subject.about(mapping(content.get("metadata")))
    found.assignment = text_of(about.get("assignment"))[:100]
    headings = (re.search(r"^#\s+(.+)$", cell.source, re.MULTILINE) for cell in found.cells if cell.kind == "markdown")
    found.title = next((match[1].strip()[:80] for match in headings if match), "")
    found.notes += [words for words in (note, trim(found.cells)) if words]


def _cell(cell: Mapping[str, Any]) -> Cell:
    """Return one cell, whichever version of nbformat wrote it."""
    kind = cell.get("cell_type")
    source = text_of(cell.get("source", cell.get("input")))
    if kind == "heading":
        level = cell.get("level")
        source = f"{'#' * (level if isinstance(level, int) and 0 < level < 7 else 1)} {source}"
    kind = {"code": "code", "markdown": "markdown", "heading": "markdown", "html": "markdown"}.get(str(kind), "raw")
    about = mapping(mapping(cell.get("metadata")).get("nbgrader"))
    identity = cell.get("id")
    return Cell(
        kind,
        source,
        text_of(about.get("grade_id")),
        identity if isinstance(identity, str) else "",
        any(about.get(key) for key in ("grade", "solution", "locked", "task")),
        [kept for each in _list(cell.get("outputs")) if (kept := output(mapping(each)))],
        {
            text_of(name): kept
            for name, bundle in mapping(cell.get("attachments")).items()
            if (kept := pictures(mapping(bundle)))
        },
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _it(number: int) -> str:
    return "it" if number == 1 else "them"
