"""The mathematics, written once: NumPy arrays in, NumPy arrays out; torch tensors in, torch tensors out.

In the signatures ``q`` counts queries, ``k`` keys, ``d`` is the width of a vector, ``v`` that of a value,
``h`` counts hidden units, ``r`` is a rank, ``t`` and ``s`` count target and source words; ``y`` and ``x`` count the
rows and columns of a picture, ``f`` its features; ``*#b`` stands for any number of batch axes, which broadcast.
"""

from attnbook.core.alignment import alignment_error_rate, attend, entropy, softmax
from attnbook.core.cognitive import (
    blur,
    colour_maps,
    fading_memory,
    fixations,
    gate,
    max_pool,
    priority,
    saliency,
    search,
    shape_maps,
)
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
    "alignment_error_rate",
    "attend",
    "bilinear",
    "blur",
    "colour_maps",
    "cosine",
    "dot",
    "entropy",
    "fading_memory",
    "fixations",
    "gate",
    "location",
    "low_rank_bilinear",
    "max_pool",
    "negative_distance",
    "priority",
    "saliency",
    "scaled_dot",
    "search",
    "shape_maps",
    "softmax",
    "summed_distance",
]
