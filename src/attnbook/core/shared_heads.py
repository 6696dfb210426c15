"""Heads that keep less of each token: several share keys and values, or all make them of one small vector."""

import math

from jaxtyping import Bool, Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core.alignment import attend
from attnbook.core.heads import merge_heads, split_heads
from attnbook.core.scoring import scaled_dot

__all__ = ["grouped", "latent"]


def grouped(
    query: Float[Array, "*b q hd"],
    keys: Float[Array, "*b k gd"],
    values: Float[Array, "*b k gv"],
    *,
    heads: int,
    groups: int,
    mask: Bool[Array, "..."] | None = None,
) -> tuple[Float[Array, "*b q hv"], Float[Array, "*b h q k"]]:
    r"""Let neighbouring heads share keys and values; return ``(output, weights)``.

    .. math:: \alpha^m = \operatorname{softmax}_i \frac{q^m \cdot k_i^{j}}{\sqrt d} \qquad
        o^m = \sum_i \alpha_i^m v_i^{j} \qquad j = \lfloor m G / H \rfloor

    Head :math:`m` of :math:`H` counts from 0 and belongs to group :math:`j` of :math:`G`. With one group this is
    multi-query attention, with as many groups as heads it is :func:`~attnbook.core.heads.multi_head`.

    Args:
        query: All heads next to each other.
        keys: All groups next to each other.
        values: All groups next to each other.
        heads: The :math:`H` above.
        groups: The :math:`G` above; it divides the heads.
        mask: True where attending is allowed; of shape (…, q, k) it holds for all heads.

    >>> import numpy as np
    >>> query = np.array([[9.0, -9.0]])  # two heads of width 1 that want opposite things
    >>> keys, values = np.array([[1.0], [-1.0]]), np.array([[10.0], [20.0]])  # one group for both
    >>> grouped(query, keys, values, heads=2, groups=1)[0].round(2)
    array([[10., 20.]])
    """
    xp = check.namespace(query=query, keys=keys, values=values)
    check.rows(query=query, keys=keys, values=values)
    check.whole("heads", heads)
    check.whole("groups", groups)
    if heads % groups:
        fit = ", ".join(str(number) for number in range(1, heads + 1) if heads % number == 0)
        raise ValueError(f"{groups} groups cannot share {heads} heads equally: choose one of {fit} groups")
    for name, x, parts in (("query", query, heads), ("keys", keys, groups), ("values", values, groups)):
        if x.shape[-1] % parts:
            who = "heads" if name == "query" else "groups"
            raise ValueError(f"{name} has width {x.shape[-1]}, which {parts} {who} cannot share equally")
    q, k, v = split_heads(query, heads), split_heads(keys, groups), split_heads(values, groups)
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(
            f"a head of the query has width {q.shape[-1]} but a group of the keys has width {k.shape[-1]}: "
            f"keys must be as wide as {groups} of the query's {heads} heads"
        )
    *batch, _, rows, d = q.shape
    q = xp.reshape(q, (*batch, groups, heads // groups, rows, d))  # (*b, g, h/g, q, d)
    if mask is not None and mask.ndim > 2:
        mask = mask[..., None, None, :, :]
    output, weights = attend(scaled_dot(q, k[..., None, :, :]), v[..., None, :, :], mask=mask)
    output, weights = (xp.reshape(x, (*batch, heads, *x.shape[-2:])) for x in (output, weights))
    return merge_heads(output), weights


def latent(
    query: Float[Array, "*b q hd"],
    cache: Float[Array, "*b k r"],
    up_keys: Float[Array, "r hd"],
    up_values: Float[Array, "r hv"],
    *,
    heads: int,
    mask: Bool[Array, "..."] | None = None,
) -> tuple[Float[Array, "*b q hv"], Float[Array, "*b h q k"]]:
    r"""Attend over one small vector a token that makes the keys and values of all heads; return ``(output, weights)``.

    .. math::
        k_i^m = U_k^{m\top} c_i \quad v_i^m = U_v^{m\top} c_i \quad\Longrightarrow\quad
        q^m \cdot k_i^m = (U_k^m q^m) \cdot c_i \qquad o^m = U_v^{m\top} \sum_i \alpha_i^m c_i

    So keys and values are never made: each query goes into the space of the cache, each answer comes back from it.

    Args:
        query: All heads next to each other.
        cache: The :math:`c_i` above, which is all that is kept of a token.
        up_keys: Makes the keys of all heads.
        up_values: Makes the values of all heads.
        heads: How many.
        mask: True where attending is allowed; of shape (…, q, k) it holds for all heads.

    >>> import numpy as np
    >>> cache = np.array([[1.0], [-1.0]])  # one number for each token
    >>> up_keys, up_values = np.array([[9.0, -9.0]]), np.array([[5.0, 7.0]])  # for two heads of width 1
    >>> latent(np.array([[1.0, 1.0]]), cache, up_keys, up_values, heads=2)[0].round(2)
    array([[ 5., -7.]])
    """
    xp = check.namespace(query=query, cache=cache, up_keys=up_keys, up_values=up_values)
    check.rows(query=query, cache=cache)
    check.whole("heads", heads)
    r = cache.shape[-1]
    check.parameter("up_keys", up_keys, (r, query.shape[-1]), "(width of the cache, width of the query)")
    check.parameter("up_values", up_values, (r, None), "(width of the cache, width of the output)")
    if mask is not None and mask.ndim > 2:
        mask = mask[..., None, :, :]
    q, to_keys, to_values = (split_heads(x, heads) for x in (query, up_keys, up_values))  # (*b, h, q, d), (h, r, d)
    asked = q @ to_keys.mT / math.sqrt(q.shape[-1])  # (*b, h, q, r)
    rows = cache[..., None, :, :]  # (*b, 1, k, r)
    read, weights = attend(asked @ rows.mT, xp.broadcast_to(rows, (*rows.shape[:-3], 1, *rows.shape[-2:])), mask=mask)
    return merge_heads(read @ to_values), weights  # (*b, h, q, r) @ (h, r, v)
