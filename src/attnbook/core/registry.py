"""The eight scorers side by side: what they are called, what they learn, what they notice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from attnbook.core import scoring
from attnbook.core._checks import Array

__all__ = ["SCORERS", "Scorer"]


@dataclass(frozen=True, kw_only=True)
class Scorer:
    """One way to score keys, with the properties that the tests measure."""

    name: str
    """Its name in :mod:`attnbook.core`."""
    label: str
    """Its name in a sentence or on an axis."""
    formula: str
    r"""The score of key :math:`k_i` for query :math:`q`, as LaTeX."""
    parameters: tuple[str, ...]
    """What is learned, by the names of the function's arguments."""
    function: Callable[..., Array]
    """The function itself: ``function(query, keys, **parameters)``."""
    paper: str
    """Where it comes from: a key of the book's bibliography; empty for a scorer without a paper."""
    year: int | None
    """The year of that paper."""
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


def _ordered(*scorers: Scorer) -> Mapping[str, Scorer]:
    return MappingProxyType({scorer.name: scorer for scorer in scorers})


SCORERS: Mapping[str, Scorer] = _ordered(
    Scorer(
        name="additive",
        label="additive",
        formula=r"v^\top \tanh(W_q q + W_k k_i + b)",
        parameters=("W_q", "W_k", "v", "bias"),
        function=scoring.additive,
        paper="bahdanau2015",
        year=2015,
        uses_query=True,
        uses_keys=True,
        symmetric=False,
        rotation_invariant=False,
        translation_invariant=False,
        length_invariant=False,
        widths_may_differ=True,
    ),
    Scorer(
        name="bilinear",
        label="bilinear",
        formula=r"q^\top W k_i",
        parameters=("W",),
        function=scoring.bilinear,
        paper="luong2015",
        year=2015,
        uses_query=True,
        uses_keys=True,
        symmetric=False,
        rotation_invariant=False,
        translation_invariant=False,
        length_invariant=False,
        widths_may_differ=True,
    ),
    Scorer(
        name="dot",
        label="dot product",
        formula=r"q^\top k_i",
        parameters=(),
        function=scoring.dot,
        paper="luong2015",
        year=2015,
        uses_query=True,
        uses_keys=True,
        symmetric=True,
        rotation_invariant=True,
        translation_invariant=False,
        length_invariant=False,
        widths_may_differ=False,
    ),
    Scorer(
        name="scaled_dot",
        label="scaled dot product",
        formula=r"\dfrac{q^\top k_i}{\sqrt{d}}",
        parameters=(),
        function=scoring.scaled_dot,
        paper="vaswani2017",
        year=2017,
        uses_query=True,
        uses_keys=True,
        symmetric=True,
        rotation_invariant=True,
        translation_invariant=False,
        length_invariant=False,
        widths_may_differ=False,
    ),
    Scorer(
        name="cosine",
        label="cosine",
        formula=r"\dfrac{q^\top k_i}{\lVert q \rVert \, \lVert k_i \rVert}",
        parameters=(),
        function=scoring.cosine,
        paper="graves2014",
        year=2014,
        uses_query=True,
        uses_keys=True,
        symmetric=True,
        rotation_invariant=True,
        translation_invariant=False,
        length_invariant=True,
        widths_may_differ=False,
    ),
    Scorer(
        name="location",
        label="location-based",
        formula=r"(W q)_i",
        parameters=("W",),
        function=scoring.location,
        paper="luong2015",
        year=2015,
        uses_query=True,
        uses_keys=False,
        symmetric=False,
        rotation_invariant=False,
        translation_invariant=False,
        length_invariant=False,
        widths_may_differ=True,
    ),
    Scorer(
        name="negative_distance",
        label="negative distance",
        formula=r"-\lVert q - k_i \rVert",
        parameters=(),
        function=scoring.negative_distance,
        paper="nadaraya1964",
        year=1964,
        uses_query=True,
        uses_keys=True,
        symmetric=True,
        rotation_invariant=True,
        translation_invariant=True,
        length_invariant=False,
        widths_may_differ=False,
    ),
    Scorer(
        name="summed_distance",
        label="summed distance",
        formula=r"-\sum_j \lVert k_i - k_j \rVert",
        parameters=(),
        function=scoring.summed_distance,
        paper="",
        year=None,
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
