"""What is matched on and what is read out: a soft dictionary, and a memory that is asked in hops."""

from jaxtyping import Bool, Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core.alignment import attend
from attnbook.core.scoring import dot, negative_distance

__all__ = ["hop", "look_up"]


def look_up(
    query: Float[Array, "*#b q d"],
    keys: Float[Array, "*#b k d"],
    values: Float[Array, "*#b k v"],
    *,
    sharpness: float = 1.0,
) -> tuple[Float[Array, "*#b q v"], Float[Array, "*#b q k"]]:
    r"""Ask a soft dictionary: average the values of the keys, the near ones more; return ``(output, weights)``.

    .. math:: o = \sum_i \alpha_i v_i \qquad \alpha = \operatorname{softmax}(-\beta \lVert q - k_i \rVert)

    Args:
        query: What is looked for.
        keys: What it is compared with, as wide as the query.
        values: What is read out, one for each key, of any width.
        sharpness: The :math:`\beta` above, one over the temperature. The larger it is, the more the nearest key takes;
            if that is the query itself, the output tends to what Python's ``dict`` would return.

    >>> import numpy as np
    >>> keys, values = np.array([[0.0], [1.0]]), np.array([[10.0, 0.0], [20.0, 8.0]])
    >>> output, _ = look_up(np.array([[1.0], [0.5]]), keys, values, sharpness=100.0)
    >>> output  # a key, and the middle between two keys
    array([[20.,  8.],
           [15.,  4.]])
    """
    check.pairs(keys, values)
    check.namespace(query=query, keys=keys, values=values)
    check.above_zero("sharpness", sharpness)
    return attend(negative_distance(query, keys) * float(sharpness), values)


def hop(
    query: Float[Array, "*#b q d"],
    keys: Float[Array, "*#b k d"],
    values: Float[Array, "*#b k d"],
    *,
    mask: Bool[Array, "..."] | None = None,
) -> tuple[Float[Array, "*#b q d"], Float[Array, "*#b q k"]]:
    r"""Read from a memory and add what was read to the query: the next question; return ``(next_query, weights)``.

    .. math:: q' = q + \sum_i \alpha_i v_i \qquad \alpha = \operatorname{softmax}(q^\top k_i)

    Args:
        query: The question so far.
        keys: What each entry of the memory is found by.
        values: What it answers, as wide as the query.
        mask: True where there is an entry that may be read.

    >>> import numpy as np
    >>> keys, values = np.array([[9.0, 0.0], [0.0, 9.0]]), np.array([[0.0, 1.0], [5.0, 0.0]])
    >>> asked = np.array([[1.0, 0.0]])
    >>> once, weights = hop(asked, keys, values)
    >>> once.round(2)  # the first key answered: look for the second
    array([[1., 1.]])
    >>> weights.round(2)
    array([[1., 0.]])
    """
    check.pairs(keys, values)
    check.namespace(query=query, keys=keys, values=values)
    if query.ndim and values.ndim and query.shape[-1] != values.shape[-1]:
        raise ValueError(
            f"query has width {query.shape[-1]} but values have width {values.shape[-1]}: "
            "what is read is added to the query, so both need one width; map the values to it first"
        )
    read, weights = attend(dot(query, keys), values, mask=mask)
    return query + read, weights
