"""The same answer for less: attention block by block, and in a window with sinks."""

import math
from typing import Any

import array_api_compat
from jaxtyping import Bool, Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core.alignment import attend
from attnbook.core.scoring import scaled_dot
from attnbook.core.self_attention import causal_mask, window_mask

__all__ = ["blockwise", "windowed"]


def blockwise(
    query: Float[Array, "*#b q d"],
    keys: Float[Array, "*#b k d"],
    values: Float[Array, "*#b k v"],
    *,
    block: int = 256,
    mask: Bool[Array, "..."] | None = None,
) -> Float[Array, "*#b q v"]:
    r"""Attend as always, with at most ``block`` times ``block`` scores in memory at any time: an online softmax.

    .. math::
        m' = \max(m, \max_{i \in B} s_i) \qquad
        z' = e^{m - m'} z + \sum_{i \in B} e^{s_i - m'} \qquad
        u' = e^{m - m'} u + \sum_{i \in B} e^{s_i - m'} v_i

    For one block of keys :math:`B` after the other; in the end :math:`o = u / z`. The scores are
    :math:`s_i = q \cdot k_i / \sqrt d`.

    Args:
        query: What is asked.
        keys: What it is compared with, as wide as the query.
        values: What is read out, one for each key.
        block: How many queries and how many keys are looked at together.
        mask: True where attending is allowed; broadcasts to (…, q, k). A query that may attend to nothing gets zeros.

    >>> import numpy as np
    >>> keys, values = np.array([[0.0], [np.log(3.0)]]), np.array([[0.0, 8.0], [4.0, 0.0]])
    >>> blockwise(np.array([[1.0]]), keys, values, block=1)  # one key after the other
    array([[3., 2.]])
    """
    xp = _comparable(query, keys, values)
    check.whole("block", block)
    if mask is not None:
        batch = (query[..., :1, 0] + keys[..., :1, 0]).shape[:-1]
        scores = xp.broadcast_to(query[..., :1, :1], (*batch, query.shape[-2], keys.shape[-2]))  # takes no memory
        check.mask(mask, scores)
        mask = xp.broadcast_to(mask, scores.shape)
    return xp.concat(
        [
            _in_blocks(
                query[..., at : at + block, :],
                keys,
                values,
                block=block,
                mask=None if mask is None else mask[..., at : at + block, :],
            )
            for at in range(0, max(query.shape[-2], 1), block)
        ],
        axis=-2,
    )


def _in_blocks(query: Array, keys: Array, values: Array, *, block: int, mask: Array | None) -> Array:
    """One block of queries, (…, q, d), through all blocks of keys."""
    xp = check.namespace(query=query)
    highest = xp.zeros_like(query[..., :1]) - math.inf  # (…, q, 1)
    total = output = 0.0
    for at in range(0, keys.shape[-2], block):
        here = slice(at, at + block)
        scores = scaled_dot(query, keys[..., here, :])  # (…, q, block)
        if mask is not None:
            scores = xp.where(mask[..., here], scores, -math.inf)
        before, highest = highest, xp.maximum(highest, xp.max(scores, axis=-1, keepdims=True))
        known = xp.where(highest > -math.inf, highest, 0.0)
        powers, shrink = xp.exp(scores - known), xp.exp(before - known)
        total = shrink * total + xp.sum(powers, axis=-1, keepdims=True)  # (…, q, 1)
        output = shrink * output + powers @ values[..., here, :]  # (…, q, v)
    return output / xp.where(total > 0, total, 1.0)


def windowed(
    query: Float[Array, "*#b n d"],
    keys: Float[Array, "*#b n d"],
    values: Float[Array, "*#b n v"],
    *,
    width: int,
    sinks: int = 0,
) -> Float[Array, "*#b n v"]:
    r"""Let each place of a sequence attend to the last ``width`` places, itself among them, and to the first ``sinks``.

    .. math:: o_t = \sum_{i \in A_t} \alpha_i v_i \qquad A_t = \{i \le t : i > t - w \text{ or } i < S\}

    Only such scores are computed, and some at the edges of a block of ``width`` queries: about :math:`n (2w + S)` in
    place of :math:`n^2`. The scores are scaled dot products.

    Args:
        query: One for each place.
        keys: One for each place.
        values: One for each place.
        width: The :math:`w` above.
        sinks: The :math:`S` above: how many of the first places are never forgotten.

    >>> import numpy as np
    >>> zeros, values = np.zeros((4, 1)), np.array([[0.0], [3.0], [6.0], [9.0]])
    >>> windowed(zeros, zeros, values, width=2)[:, 0]  # the mean of a value and the one before
    array([0. , 1.5, 4.5, 7.5])
    >>> windowed(zeros, zeros, values, width=2, sinks=1)[:, 0]  # and the first value
    array([0. , 1.5, 3. , 5. ])
    """
    xp = _comparable(query, keys, values)
    check.whole("width", width)
    check.whole("sinks", sinks, least=0)
    n = keys.shape[-2]
    if query.shape[-2] != n:
        raise ValueError(
            f"there are {query.shape[-2]} queries but {n} keys: in a window each place has one of each; "
            "for other queries pass a mask to blockwise"
        )
    read = []
    for at in range(0, n, width):
        first, end = max(0, at - width + 1), min(at + width, n)
        places = {"queries": end - at, "keys": end - first, "start": at - first, "like": keys}
        allowed = causal_mask(**places) & window_mask(**places, width=width)
        kept = min(sinks, first)  # those that the window does not reach
        there = [xp.ones_like(allowed[:, :1])] * kept
        late = xp.arange(first, end, device=array_api_compat.device(keys))[None, :] < sinks
        allowed = allowed | (causal_mask(**places) & late)
        piece = [xp.concat([x[..., :kept, :], x[..., first:end, :]], axis=-2) for x in (keys, values)]
        scores = scaled_dot(query[..., at:end, :], piece[0])  # (…, block, kept + keys)
        read.append(attend(scores, piece[1], mask=xp.concat([*there, allowed], axis=-1))[0])
    return xp.concat(read, axis=-2)


def _comparable(query: Array, keys: Array, values: Array) -> Any:
    """Ask for one value for each key, and for queries that can be compared with the keys; return the namespace."""
    xp = check.namespace(query=query, keys=keys, values=values)
    check.rows(query=query)
    check.pairs(keys, values)
    check.same_width(query, keys, "a scaled dot product")
    check.batches(query=query, keys=keys)
    check.batches(keys=keys, values=values)
    for name, array in (("query", query), ("keys", keys), ("values", values)):
        check.finite(name, array, xp, advice="one of them is enough to spoil all answers")
    return xp
