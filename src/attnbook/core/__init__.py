"""The mathematics, written once: NumPy arrays in, NumPy arrays out; torch tensors in, torch tensors out.

In the signatures ``q`` counts queries, ``k`` keys, ``d`` is the width of a vector, ``v`` that of a value,
``h`` counts hidden units, ``r`` is a rank; ``*#b`` stands for any number of batch axes, which broadcast.
"""

from attnbook.core.alignment import attend, softmax
from attnbook.core.registry import SCORERS, Scorer
from attnbook.core.scoring import (
    additive,
    bilinear,
    cosine,
    dot,
    location,
    low_rank_bilinear,
    negative_distance,
    scaled_dot,
    summed_distance,
)

__all__ = [
    "SCORERS",
    "Scorer",
    "additive",
    "attend",
    "bilinear",
    "cosine",
    "dot",
    "location",
    "low_rank_bilinear",
    "negative_distance",
    "scaled_dot",
    "softmax",
    "summed_distance",
]
