"""How names, paths and sizes are written in messages to people."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

__all__ = ["byte_size", "capital", "cell_name", "counted", "path_text", "printable", "quoted"]


def byte_size(number: float) -> str:
    """Return a number of bytes in words: `byte_size(52_000_000)` is "52 MB"."""
    for unit, worth in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= worth:
            return f"{number / worth:.3g} {unit}"
    return f"{number:.0f} bytes"


def capital(words: str) -> str:
    """Return words as a sentence begins."""
    return words[:1].upper() + words[1:]


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number of things in words: `counted(2, "cell")` is "2 cells"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def cell_name(source: str) -> str:
    """Return what to call a cell: the way it begins."""
    lines = (line.strip() for line in source.split("\n"))
    first = next((line for line in lines if line and not line.startswith(("#", "%"))), "") or source.strip()
    first = "".join(sign if sign.isprintable() else " " for sign in first[:50])
    return f"the cell “{first}{'…' if len(first) == 50 else ''}”"


def printable(name: str) -> str:
    """Return a name as it may stand in a report: composed, without control characters, not too long."""
    clean = "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else letter
        for letter in unicodedata.normalize("NFC", name)
    )
    return clean if len(clean) <= 80 else f"{clean[:50]}…{clean[-20:]}"


def path_text(parts: Sequence[str]) -> str:
    """Return a path as it may stand in a sentence."""
    return printable("/".join(part for part in parts if part))


def quoted(names: Sequence[str]) -> str:
    """Return names as they may stand in a sentence, the first few of them."""
    names_text = ", ".join(f"“{name}”" for name in names[:5])
    return f"{names_text} and {len(names) - 5} more" if len(names) > 5 else names_text
