"""Every mechanism of the book as four choices: what is compared, who may count, how shares are made, what is read."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attnbook.core.trials import TRIALS

__all__ = ["FITS", "MECHANISMS", "Mechanism", "gap"]

FITS = {
    "one": "one attention",
    "several": "several attentions, one after the other or side by side",
    "none": "no attention",
}
"""How a mechanism is made of the four choices."""


@dataclass(frozen=True, kw_only=True)
class Mechanism:
    """A mechanism of the book, and the four choices that make it.

    >>> MECHANISMS["SimAM"].choices
    ('distance from the mean', 'all', 'gates', 'each by itself')
    >>> MECHANISMS["SimAM"].year
    2021
    """

    name: str
    symbol: str
    """Two letters, as a chemical element has them."""
    chapter: str
    """Its slug."""
    fits: str
    """A key of :data:`FITS`."""
    paper: str = ""
    """A key of the book's bibliography; empty if nobody in particular proposed it."""
    score: str = ""
    select: str = ""
    normalise: str = ""
    read: str = ""
    formula: str = ""
    """As LaTeX."""
    line: str = ""
    """The same in one line without LaTeX."""
    note: str = ""
    """What the four choices do not say."""

    @property
    def year(self) -> int | None:
        """The year of its paper."""
        return int(self.paper[-4:]) if self.paper else None

    @property
    def choices(self) -> tuple[str, str, str, str]:
        """All four, in the order in which they are made."""
        return self.score, self.select, self.normalise, self.read


def gap(name: str, *, seed: int) -> float:
    """Return the largest difference between a mechanism put together and its own chapter's, on random input.

    >>> gap("scaled dot product", seed=0)
    0.0
    """
    if name not in TRIALS:
        known = f"{MECHANISMS[name].note}" if name in MECHANISMS else f"there are {', '.join(TRIALS)}"
        raise ValueError(f"there is nothing to compare for {name!r}: {known}")
    made, own = TRIALS[name](np.random.default_rng(seed).standard_normal)
    if made.shape != own.shape:
        raise ValueError(f"{name}: shape {made.shape} was put together, but its chapter's is {own.shape}")
    return float(np.max(np.abs(made - own)))


def _read(path: Path) -> dict[str, Mechanism]:
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["mechanism"]
    return {entry["name"]: Mechanism(**entry) for entry in entries}


MECHANISMS = _read(Path(__file__).with_suffix(".toml"))
"""By name: first what came before attention had its name, then one query at a time, sequences, and pictures."""
