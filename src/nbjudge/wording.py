"""How names, paths and sizes are written in messages to people."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

__all__ = ["byte_size", "path_text", "printable", "quoted"]


def byte_size(number: float) -> str:
    """Return a number of bytes in words: `byte_size(52_000_000)` is "52 MB"."""
    for unit, worth in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= worth:
            return f"{number / worth:.3g} {unit}"
    return f"{number:.0f} bytes"


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
