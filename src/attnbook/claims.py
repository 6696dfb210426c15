"""Claims of the book, each checked by the cell beneath it."""

import re
from dataclasses import dataclass
from html import escape

import numpy as np

from attnbook.display import show

__all__ = ["Claim", "ClaimError", "ClaimTable", "Claims"]


class ClaimError(AssertionError):
    """A claim that the measurement does not bear out."""


@dataclass(frozen=True)
class Claim:
    """One sentence, what it says should come out, and what came out."""

    id: str
    sentence: str
    claimed: str
    measured: str

    def __str__(self) -> str:
        return f"{self.id}: {self.sentence} (claimed: {self.claimed}; measured: {self.measured})"

    def __repr__(self) -> str:
        return f"✓ {self}"

    def _repr_html_(self) -> str:
        return (
            '<div class="claim">'
            '<span class="claim-mark" role="img" aria-label="holds">✓</span> '
            f'<span class="claim-id">{escape(self.id)}</span> '
            f'<span class="claim-sentence">{escape(self.sentence)}</span> '
            f'<span class="claim-claimed">claimed <b>{escape(self.claimed)}</b></span> '
            f'<span class="claim-measured">measured <b>{escape(self.measured)}</b></span>'
            "</div>"
        )

    def _repr_markdown_(self) -> str:
        claim = [_markdown(part) for part in (self.id, self.sentence, self.claimed, self.measured)]
        return "✓ **{}** {} (claimed **{}**, measured **{}**)".format(*claim)


@dataclass(frozen=True)
class ClaimTable:
    """All claims of a chapter that have been checked so far."""

    chapter: str
    claims: tuple[Claim, ...]

    @property
    def _heading(self) -> str:
        return f"Claims checked in {self.chapter}"

    def __repr__(self) -> str:
        return "\n".join([self._heading, *map(repr, self.claims)])

    def _repr_html_(self) -> str:
        mark = '<span class="claim-mark" role="img" aria-label="holds">✓</span>'
        heads = "".join(f'<th scope="col">{head}</th>' for head in ("holds", "claim", "claimed", "measured"))
        rows = "".join(
            f'<tr><th scope="row">{mark} {escape(claim.id)}</th><td>{escape(claim.sentence)}</td>'
            f"<td>{escape(claim.claimed)}</td><td>{escape(claim.measured)}</td></tr>"
            for claim in self.claims
        )
        return (
            f'<table class="claims" aria-label="{escape(self._heading)}">'
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _repr_markdown_(self) -> str:
        rows = [
            "| ✓ {} | {} | {} | {} |".format(
                *(_markdown(part) for part in (claim.id, claim.sentence, claim.claimed, claim.measured))
            )
            for claim in self.claims
        ]
        return "\n".join(["| holds | claim | claimed | measured |", "|---|---|---|---|", *rows])


class Claims:
    """Check the claims of one chapter, one line each, and gather them in a table.

    >>> claims = Claims("02_scoring")
    >>> claims.check("C1", "scores of unit vectors add up", claimed="2", measured="2.0", holds=True)
    ✓ C1: scores of unit vectors add up (claimed: 2; measured: 2.0)
    """

    def __init__(self, chapter: str) -> None:
        self.chapter = chapter
        self._checked: dict[str, Claim] = {}

    def check(self, id: str, sentence: str, *, claimed: str, measured: str, holds: bool) -> None:
        """Show one line for a claim that holds; raise :class:`ClaimError` for one that does not.

        Args:
            id: ``"C1"``, or ``"C1a"`` for a part of a claim. The same id again, as when a cell is run twice,
                replaces the line.
            sentence: What is claimed, in words.
            claimed: The number, or relation, that the sentence says.
            measured: The number that came out.
            holds: Whether the two agree. The cell decides, in plain sight of the reader.
        """
        for name, text in (("id", id), ("sentence", sentence), ("claimed", claimed), ("measured", measured)):
            if not isinstance(text, str):
                raise TypeError(f'{name} is {text!r}; write it as text, for example f"{{value:.2f}}"')
        if not re.fullmatch(r"C[1-9][0-9]*[a-z]?", id):
            raise ValueError(f"{id!r} is not the id of a claim: write C1, or C1a for a part of it")
        if not isinstance(holds, bool | np.bool_):
            raise TypeError(f"holds is {holds!r}; it must be True or False: write a comparison, such as x > 0.5")
        claim = Claim(id, sentence, claimed, measured)
        self._checked.pop(id, None)
        if not holds:
            raise ClaimError(f"does not hold: {claim}")
        self._checked[id] = claim
        show(claim)

    def table(self) -> ClaimTable:
        """Return the claims checked so far, in the order of their numbers."""
        return ClaimTable(self.chapter, tuple(sorted(self._checked.values(), key=_order)))


def _order(claim: Claim) -> tuple[int, str]:
    number = re.sub("[^0-9]", "", claim.id)
    return int(number), claim.id.removeprefix(f"C{number}")


def _markdown(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|$~])", r"\\\1", text)
