"""A file of a download, and what there is besides: what the readers of folders and of zips both hand on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nbjudge.repairing.notebook_file import LARGEST
from nbjudge.wording import byte_size

__all__ = ["MOST_WITHIN", "Budget", "Contents", "Entry", "TooLargeError"]

ROOM = 1_000_000_000  # bytes that a student's zip may grow to
MOST_WITHIN = 5_000  # files in a student's zip and in the zips in it


class TooLargeError(ValueError):
    """A file holds more than it may."""


@dataclass
class Budget:
    """What may still be in a student's zip and in the zips in it: bytes, once they are taken out, and files."""

    left: int = ROOM
    files: int = MOST_WITHIN

    def take(self, number: int) -> None:
        """Note that some bytes were taken out."""
        self.left -= number
        if self.left < 0:
            raise TooLargeError(f"it unpacks to more than {byte_size(ROOM)}")

    def count(self, number: int) -> None:
        """Note that some files are listed."""
        self.files -= number
        if self.files < 0:
            raise TooLargeError(f"it holds more than {MOST_WITHIN} files, and that is the limit")


@dataclass(frozen=True)
class Entry:
    """A file.

    Attributes:
        parts: Its folders, zips among them, and its name, as they were written.
        when: When it was changed, as year, month, day, hour, minute, second.
        fetch: Returns its bytes, but not more than it is asked for.
        budget: What the zip that it is in may still grow by.
        depth: In how many zips it is; a folder counts as the first one.
        whole: Whether it is all that the download holds: a zip of several students then, each with a budget.
    """

    parts: tuple[str, ...]
    when: tuple[int, ...]
    fetch: Callable[[int], bytes] = field(repr=False)
    budget: Budget = field(repr=False)
    depth: int = 1
    whole: bool = False

    def read(self, most: int = LARGEST) -> bytes:
        """Return its bytes.

        Raises:
            TooLargeError: If there are more than `most`, whatever the zip that it is in says.
            OSError: If it cannot be opened; what a damaged zip raises besides is of many kinds.
        """
        data = self.fetch(most + 1)
        self.budget.take(len(data) if self.depth > 1 else 0)
        if len(data) > most:
            raise TooLargeError(f"it has more than {byte_size(most)}, and that is the limit")
        return data


@dataclass
class Contents:
    """What is in a download.

    Attributes:
        files: What can be read.
        folders: The empty ones.
        aside: What was left, with why, as the end of a sentence.
        doubled: What is there more than once.
        outside: How many files there are, not counting what is in students' zips, which is limited for each.
    """

    files: list[Entry] = field(default_factory=list)
    folders: list[tuple[str, ...]] = field(default_factory=list)
    aside: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    doubled: list[tuple[str, ...]] = field(default_factory=list)
    outside: int = 0
