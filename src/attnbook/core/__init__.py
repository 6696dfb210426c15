"""The mathematics, written once: NumPy arrays in, NumPy arrays out; torch tensors in, torch tensors out.

In the signatures ``q`` counts queries, ``k`` keys, ``d`` is the width of a vector, ``v`` that of a value,
``h`` counts hidden units, ``r`` is a rank, ``t`` and ``s`` count target and source words; ``y`` and ``x`` count the
rows and columns of a picture, ``f`` its features; ``*#b`` stands for any number of batch axes, which broadcast.

Here is what many chapters use: scores, weights, output. Everything else is imported from the chapter's own module, such
as ``from attnbook.core.cognitive import gate``.
"""

from attnbook.core.alignment import attend, entropy, softmax
from attnbook.core.scorers import SCORERS, Scorer
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
    "entropy",
    "location",
    "low_rank_bilinear",
    "negative_distance",
    "scaled_dot",
    "softmax",
    "summed_distance",
]
