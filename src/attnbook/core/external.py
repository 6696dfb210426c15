"""Attention to memories that belong to no input: every picture asks the same few slots."""

from collections.abc import Callable
from typing import Any, NamedTuple

from jaxtyping import Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core.alignment import softmax
from attnbook.core.heads import merge_heads, split_heads
from attnbook.core.scoring import dot

__all__ = [
    "Cost",
    "double_normalise",
    "external_attention",
    "external_cost",
    "multi_head_external",
    "over_positions",
    "over_slots",
    "self_attention_cost",
]


def over_slots(scores: Float[Array, "*b n k"]) -> Float[Array, "*b n k"]:
    r"""Let each position share out its attention among the slots, as everywhere else in the book: rows sum to one.

    .. math:: \alpha_{ij} = \frac{e^{s_{ij}}}{\sum_{j'} e^{s_{ij'}}}

    >>> import numpy as np
    >>> over_slots(np.array([[0.0, np.log(3.0)], [0.0, 0.0]]))
    array([[0.25, 0.75],
           [0.5 , 0.5 ]])
    """
    _map(scores)
    return softmax(scores)


def over_positions(scores: Float[Array, "*b n k"]) -> Float[Array, "*b n k"]:
    r"""Let each slot share out its attention among the positions: columns sum to one, rows need not.

    .. math:: \alpha_{ij} = \frac{e^{s_{ij}}}{\sum_{i'} e^{s_{i'j}}}

    >>> import numpy as np
    >>> over_positions(np.array([[0.0, np.log(3.0)], [0.0, 0.0]]))
    array([[0.5 , 0.75],
           [0.5 , 0.25]])
    """
    _map(scores)
    return softmax(scores.mT).mT


def double_normalise(scores: Float[Array, "*b n k"]) -> Float[Array, "*b n k"]:
    r"""Share out over the positions, then divide each row by its sum: rows sum to one, columns need not any more.

    .. math::
        \tilde\alpha_{ij} = \frac{e^{s_{ij}}}{\sum_{i'} e^{s_{i'j}}} \qquad
        \alpha_{ij} = \frac{\tilde\alpha_{ij}}{\sum_{j'} \tilde\alpha_{ij'}}

    That is one softmax over the slots, of scores from which each slot's own log-sum over the positions is taken first:
    :math:`\alpha_i = \operatorname{softmax}_j (s_{ij} - \ln \sum_{i'} e^{s_{i'j}})`. It is computed so, because all
    :math:`\tilde\alpha_{ij}` of a position may be too small for a computer, and then a row has sum 0.

    >>> import numpy as np
    >>> double_normalise(np.array([[0.0, np.log(3.0)], [0.0, 0.0]]))  # rows .5, .75 and .5, .25 before the division
    array([[0.4       , 0.6       ],
           [0.66666667, 0.33333333]])
    """
    xp = _map(scores)
    highest = xp.max(scores, axis=-2, keepdims=True)  # (…, 1, k)
    total = highest + xp.log(xp.sum(xp.exp(scores - highest), axis=-2, keepdims=True))  # (…, 1, k)
    return softmax(scores - total)


def external_attention(
    features: Float[Array, "*#b n d"],
    memory_keys: Float[Array, "*#b k d"],
    memory_values: Float[Array, "*#b k v"],
    *,
    normalise: Callable[[Array], Array] = double_normalise,
    score: Callable[[Array, Array], Array] = dot,
) -> tuple[Float[Array, "*#b n v"], Float[Array, "*#b n k"]]:
    r"""Let every position ask the slots of two memories; return ``(output, weights)``.

    .. math:: o = \alpha M_v \qquad \alpha = \operatorname{normalise}(F M_k^\top)

    Args:
        features: The :math:`F` above, a row for each position; they ask.
        memory_keys: The :math:`M_k` above, a row for each slot, as wide as the features.
        memory_values: The :math:`M_v` above: what is read out at each slot.
        normalise: Makes weights of scores: :func:`double_normalise` as published, :func:`over_slots` as everywhere
            else, or :func:`over_positions`.
        score: Compares features and slots; with :func:`~attnbook.core.cosine` lengths do not count.

    >>> import numpy as np
    >>> features = np.array([[0.0, 0.0], [np.log(3.0), 0.0]])  # two positions
    >>> slots, answers = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[8.0], [4.0]])
    >>> output, weights = external_attention(features, slots, answers, normalise=over_slots)
    >>> weights
    array([[0.5 , 0.5 ],
           [0.25, 0.75]])
    >>> output
    array([[6.],
           [5.]])
    """
    xp = check.namespace(features=features, memory_keys=memory_keys, memory_values=memory_values)
    check.rows(features=features, memory_keys=memory_keys, memory_values=memory_values)
    slots, answers = memory_keys.shape[-2], memory_values.shape[-2]
    if slots == 0:
        raise ValueError(
            f"memory_keys has shape {tuple(memory_keys.shape)}: a memory without slots has nothing to read; "
            "give it at least one row"
        )
    if slots != answers:
        raise ValueError(f"memory_keys has {slots} slots but memory_values has {answers}: a slot has a row in each")
    if features.shape[-1] != memory_keys.shape[-1]:
        raise ValueError(
            f"features have width {features.shape[-1]} but memory_keys has width {memory_keys.shape[-1]}: "
            "each slot is compared with a position number by number"
        )
    check.batches(features=features, memory_keys=memory_keys)
    check.batches(memory_keys=memory_keys, memory_values=memory_values)
    check.finite("features", features, xp, advice="one of them is enough to spoil the answers of all positions")
    check.finite("memory_values", memory_values, xp, advice="even with weight 0 they would spoil the average")
    weights = normalise(score(features, memory_keys))  # (n, d), (k, d) → (n, k)
    return weights @ memory_values, weights  # (n, k) @ (k, v) → (n, v)


def multi_head_external(
    features: Float[Array, "*b n hd"],
    memory_keys: Float[Array, "*m k d"],
    memory_values: Float[Array, "*m k v"],
    *,
    heads: int,
    normalise: Callable[[Array], Array] = double_normalise,
    score: Callable[[Array, Array], Array] = dot,
) -> tuple[Float[Array, "*b n hv"], Float[Array, "*b h n k"]]:
    r"""Cut the features into heads, which all ask the same slots; return ``(output, weights)``.

    .. math:: o = [o^1; \dots; o^h] \qquad o^m = \operatorname{normalise}(F^m M_k^\top) M_v

    Args:
        features: A row for each position, all heads next to each other.
        memory_keys: A row for each slot, as wide as one head. Of shape (h, k, d) each head has slots of its own.
        memory_values: What is read out at each slot; likewise.
        heads: Into how many parts to cut.
        normalise: As in :func:`external_attention`.
        score: As in :func:`external_attention`.

    >>> import numpy as np
    >>> features = np.array([[9.0, -9.0]])  # two heads of width 1
    >>> output, weights = multi_head_external(
    ...     features, np.array([[1.0], [-1.0]]), np.array([[10.0], [20.0]]), heads=2, normalise=over_slots
    ... )
    >>> output.round(2)
    array([[10., 20.]])
    """
    check.namespace(features=features, memory_keys=memory_keys, memory_values=memory_values)
    parts = split_heads(features, heads)  # (*b, h, n, d)
    output, weights = external_attention(parts, memory_keys, memory_values, normalise=normalise, score=score)
    return merge_heads(output), weights  # (*b, n, h·v), (*b, h, n, k)


class Cost(NamedTuple):
    """What one layer asks of a computer for one input: multiplications with an addition, and bytes for its weights."""

    multiply_adds: int
    map_bytes: int


def external_cost(
    positions: int, width: int, slots: int, *, heads: int = 1, projections: bool = False, number_bytes: int = 4
) -> Cost:
    r"""Count what external attention costs: :math:`2NSd` multiply–adds, and :math:`Nd^2` for the map of the queries.

    Args:
        positions: The :math:`N` above.
        width: The :math:`d` above, of all heads together; what is read out is as wide.
        slots: The :math:`S` above.
        heads: Each has a table of weights of its own, and a part of the width: more bytes, no more products.
        projections: Count the map that makes queries of the features, too.
        number_bytes: How many bytes a weight takes.

    >>> external_cost(4096, 64, 32)
    Cost(multiply_adds=16777216, map_bytes=524288)
    """
    _counts(positions=positions, width=width, slots=slots, heads=heads, number_bytes=number_bytes)
    made = positions * width**2 if projections else 0
    return Cost(made + 2 * positions * slots * width, heads * positions * slots * number_bytes)


def self_attention_cost(
    positions: int, width: int, *, heads: int = 1, projections: bool = False, number_bytes: int = 4
) -> Cost:
    r"""Count what self-attention costs: :math:`2N^2d` multiply–adds, and :math:`3Nd^2` for queries, keys and values.

    Options as in :func:`external_cost`.

    >>> self_attention_cost(4096, 64)
    Cost(multiply_adds=2147483648, map_bytes=67108864)
    """
    _counts(positions=positions, width=width, heads=heads, number_bytes=number_bytes)
    made = 3 * positions * width**2 if projections else 0
    return Cost(made + 2 * positions**2 * width, heads * positions**2 * number_bytes)


def _map(scores: Array) -> Any:
    """Ask for a table of finite scores, a row for each position and a column for each slot."""
    xp = check.namespace(scores=scores)
    if scores.ndim < 2:
        raise ValueError(
            f"scores has shape {tuple(scores.shape)}; it must be a table of shape (…, positions, slots), "
            "because what a slot has for one position may depend on the others"
        )
    if 0 in tuple(scores.shape[-2:]):
        raise ValueError(f"scores has shape {tuple(scores.shape)}: it needs at least one position and one slot")
    check.finite("scores", scores, xp, advice="look for the feature or the slot that they come from")
    return xp


def _counts(**numbers: Any) -> None:
    for name, number in numbers.items():
        check.whole(name, number)
