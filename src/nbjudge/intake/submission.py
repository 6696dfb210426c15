"""What intake hands on: one submission for each student of a download."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Download", "Submission"]


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes:
        student: An id that is safe as the name of a file.
        name: As shown.
        notebook: The file as it came, or None.
        trouble: Why there is none, as the end of "not graded, because …"; "" if there is one.
        notes: What a teacher should know about it, in sentences.
        late: Whether the platform says that it came late.
        lms: What the platform knows the student by: "system", "id", "name", and "path", where the file was.
    """

    student: str
    name: str
    notebook: bytes | None
    trouble: str = ""
    notes: tuple[str, ...] = ()
    late: bool = False
    lms: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Download:
    """Everybody in a download, sorted by id; `notes` tells in sentences about files that belong to nobody."""

    submissions: tuple[Submission, ...]
    notes: tuple[str, ...] = ()
