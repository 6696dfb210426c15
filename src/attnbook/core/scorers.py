"""The eight scorers side by side: what they are called, what they learn, what they notice."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from attnbook.core import scoring
from attnbook.core._checks import Array

__all__ = ["SCORERS", "Scorer"]


@dataclass(frozen=True, kw_only=True)
class Scorer:
    """One way to score keys, with the properties that the tests measure."""

    label: str
    """Its name in a sentence or on an axis."""
    formula: str
    r"""The score of key :math:`k_i` for query :math:`q`, as LaTeX."""
    function: Callable[..., Array]
    """The function itself: ``function(query, keys, **parameters)``."""
    paper: str
    """Where it comes from: a key of the book's bibliography; empty for a scorer without a paper."""
    uses_query: bool
    """Does another query give other scores?"""
    uses_keys: bool
    """Does the content of the keys matter?"""
    symmetric: bool
    """May query and key change places, whatever the parameters are?"""
    rotation_invariant: bool
    """Do the scores stay when queries and keys are turned together?"""
    translation_invariant: bool
    """Do the scores stay when queries and keys are moved together?"""
    length_invariant: bool
    """Do the scores stay when queries or keys become longer or shorter, each keeping its direction?"""
    widths_may_differ: bool
    """May queries and keys have different widths?"""

    @property
    def name(self) -> str:
        """Its name in :mod:`attnbook.core`."""
        return self.function.__name__

    @property
    def parameters(self) -> tuple[str, ...]:
        """What is learned: the function's arguments behind query and keys."""
        return tuple(inspect.signature(self.function).parameters)[2:]

    @property
    def year(self) -> int | None:
        """The year of that paper."""
        return int(self.paper[-4:]) if self.paper else None


def _ordered(*scorers: Scorer) -> Mapping[str, Scorer]:
    return MappingProxyType({scorer.name: scorer for scorer in scorers})


SCORERS: Mapping[str, Scorer] = _ordered(
    Scorer(
        label="additive",
        formula=r"w^\top \tanh(W_q q + W_k k_i + b)",
        function=scoring.additive,
        paper="bahdanau2015",
        uses_query=True,
        uses_keys=True,
        symmetric=False,
        rotation_invariant=False,
        translation_invariant=False,
        length_invariant=False,
        widths_may_differ=True,
    ),
    Scorer(
        label="bilinear",
        formula=r"q^\top W k_i",
        function=scoring.bilinear,
        paper="luong2015",
        uses_query=True,
        uses_keys=True,
        symmetric=False,
        rotation_invariant=False,
        translation_invariant=False,
        length_invariant=False,
        widths_may_differ=True,
    ),
    Scorer(
        label="dot product",
        formula=r"q^\top k_i",
        function=scoring.dot,
        paper="luong2015",
        uses_query=True,
        uses_keys=True,
        symmetric=True,
        rotation_invariant=True,
        translation_invariant=False,
        length_invariant=False,
        widths_may_differ=False,
    ),
    Scorer(
        label="scaled dot product",
        formula=r"\dfrac{q^\top k_i}{\sqrt{d}}",
        function=scoring.scaled_dot,
        paper="vaswani2017",
        uses_query=True,
        uses_keys=True,
        symmetric=True,
        rotation_invariant=True,
        translation_invariant=False,
        length_invariant=False,
        widths_may_differ=False,
    ),
    Scorer(
        label="cosine",
        formula=r"\dfrac{q^\top k_i}{\lVert q \rVert \, \lVert k_i \rVert}",
        function=scoring.cosine,
        paper="graves2014",
        uses_query=True,
        uses_keys=True,
        symmetric=True,
        rotation_invariant=True,
        translation_invariant=False,
        length_invariant=True,
        widths_may_differ=False,
    ),
    Scorer(
        label="location-based",
        formula=r"(W q)_i",
        function=scoring.location,
        paper="luong2015",
        uses_query=True,
        uses_keys=False,
        symmetric=False,
        rotation_invariant=False,
        translation_invariant=False,
        length_invariant=False,
        widths_may_differ=True,
    ),
    Scorer(
        label="negative distance",
        formula=r"-\lVert q - k_i \rVert",
        function=scoring.negative_distance,
        paper="nadaraya1964",
        uses_query=True,
        uses_keys=True,
        symmetric=True,
        rotation_invariant=True,
        translation_invariant=True,
        length_invariant=False,
        widths_may_differ=False,
    ),
    Scorer(
        label="summed distance",
        formula=r"-\sum_j \lVert k_i - k_j \rVert",
        function=scoring.summed_distance,
        paper="",
        uses_query=False,
        uses_keys=True,
        symmetric=False,
        rotation_invariant=True,
        translation_invariant=True,
        length_invariant=False,
        widths_may_differ=True,
    ),
)
"""The book's eight scorers by name, in the order of its table."""
