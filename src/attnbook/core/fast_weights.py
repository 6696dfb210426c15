"""Attention with a memory of fixed size: a matrix that is written, read and corrected token by token."""

import math

from jaxtyping import Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array

__all__ = ["delta_rule", "feature", "linear_attend"]


def feature(x: Float[Array, "*b d"]) -> Float[Array, "*b d"]:
    r"""Make every number positive, so that a dot product of two results is one, too: ``elu(x) + 1``.

    .. math:: \varphi(x) = x + 1 \text{ if } x > 0, \text{ else } e^x

    >>> import numpy as np
    >>> feature(np.array([-1.0, 0.0, 2.0])).round(2)
    array([0.37, 1.  , 3.  ])
    """
    xp = check.namespace(x=x)
    return xp.where(x > 0, x + 1, xp.exp(xp.where(x > 0, 0.0, x)))


def linear_attend(
    query: Float[Array, "*b n d"], keys: Float[Array, "*b n d"], values: Float[Array, "*b n v"]
) -> tuple[Float[Array, "*b n v"], Float[Array, "*b d v"]]:
    r"""Attend causally with weights that need no softmax; return ``(output, memory)``.

    .. math::
        o_t = \frac{\sum_{i \le t} (\varphi(q_t) \cdot \varphi(k_i)) \, v_i}
        {\sum_{i \le t} \varphi(q_t) \cdot \varphi(k_i)} = \frac{M_t^\top \varphi(q_t)}{z_t \cdot \varphi(q_t)} \qquad
        M_t = M_{t-1} + \varphi(k_t) v_t^\top \qquad z_t = z_{t-1} + \varphi(k_t)

    The sums over the keys do not depend on the query, so they are kept as one matrix, and as one vector for the
    denominator. What comes back as ``memory`` is the last :math:`M_t`.

    >>> import numpy as np
    >>> keys, values = np.array([[0.0, -9.0], [-9.0, 0.0]]), np.array([[5.0], [7.0]])
    >>> output, memory = linear_attend(keys, keys, values)
    >>> output.round(2)[:, 0], memory.round(2)[:, 0]
    (array([5., 7.]), array([5., 7.]))
    """
    xp = check.namespace(query=query, keys=keys, values=values)
    _one_each(query, keys, values)
    q, k = feature(query), feature(keys)
    memory = xp.zeros_like(k[..., :1, :].mT * values[..., :1, :])  # (*b, d, v)
    seen = xp.zeros_like(k[..., :1, :])  # (*b, 1, d)
    read = []
    for t in range(keys.shape[-2]):
        now = slice(t, t + 1)
        memory = memory + k[..., now, :].mT @ values[..., now, :]  # (d, 1) @ (1, v)
        seen = seen + k[..., now, :]
        read.append(q[..., now, :] @ memory / xp.sum(q[..., now, :] * seen, axis=-1, keepdims=True))
    return xp.concat(read, axis=-2), memory


def delta_rule(
    query: Float[Array, "*b n d"],
    keys: Float[Array, "*b n d"],
    values: Float[Array, "*b n v"],
    rates: Float[Array, "*b n"],
    *,
    keep: Float[Array, "*b n"] | None = None,
) -> tuple[Float[Array, "*b n v"], Float[Array, "*b d v"]]:
    r"""Write each value in place of what the memory holds at its key; return ``(output, memory)``.

    .. math:: M_t = g_t M_{t-1} + \beta_t k_t \bigl( v_t - g_t M_{t-1}^\top k_t \bigr)^\top \qquad o_t = M_t^\top q_t

    What is in the brackets is the difference (delta) between what should be there and what is. With :math:`\beta = 1`
    and a key of length one, reading at :math:`k_t` gives :math:`v_t` at once, whatever stood there before.

    Args:
        query: One for each step; it reads after the step has been written.
        keys: Where to write; of length one, or else rates up to 1 can make the memory grow without end.
        values: What to write.
        rates: The :math:`\beta_t` above, from 0 (do not write) to 1 (replace).
        keep: The :math:`g_t` above, from 0 (forget everything first) to 1; 1 if not given.

    >>> import numpy as np
    >>> keys, values = np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[9.0], [11.0]])
    >>> delta_rule(keys, keys, values, np.ones(2))[0][:, 0]  # the second value replaces the first
    array([ 9., 11.])
    """
    xp = check.namespace(query=query, keys=keys, values=values, rates=rates)
    _one_each(query, keys, values)
    keep = xp.ones_like(rates) if keep is None else keep
    check.namespace(rates=rates, keep=keep)
    for name, numbers in (("rates", rates), ("keep", keep)):
        if tuple(numbers.shape) != tuple(keys.shape[:-1]):
            raise ValueError(
                f"{name} has shape {tuple(numbers.shape)} but keys have {tuple(keys.shape)}: it must have shape "
                f"{tuple(keys.shape[:-1])}, one number for each key"
            )
        if not bool(xp.all((numbers >= 0) & (numbers <= 1))):
            raise ValueError(f"{name} must hold numbers from 0 to 1, for example torch.sigmoid(…)")
    memory = xp.zeros_like(keys[..., :1, :].mT * values[..., :1, :])  # (*b, d, v)
    read = []
    for t in range(keys.shape[-2]):
        now = slice(t, t + 1)
        memory = keep[..., now, None] * memory
        missing = values[..., now, :] - keys[..., now, :] @ memory  # (*b, 1, v)
        memory = memory + rates[..., now, None] * (keys[..., now, :].mT @ missing)
        read.append(query[..., now, :] @ memory)
    return xp.concat(read, axis=-2), memory


def _one_each(query: Array, keys: Array, values: Array) -> None:
    """Ask for a query, a key and a value for each step."""
    check.rows(query=query, keys=keys, values=values)
    check.pairs(keys, values)
    check.same_width(query, keys, "reading a memory")
    shapes = [tuple(x.shape[:-1]) for x in (query, keys, values)]
    if len(set(shapes)) > 1:
        raise ValueError(
            f"query, keys and values have rows {shapes[0]}, {shapes[1]} and {shapes[2]}: "
            "a memory is written and read step by step, so there must be one of each for every step"
        )
    if math.prod(shapes[0]) == 0:
        raise ValueError(f"query has shape {tuple(query.shape)}: there is nothing to write or read")
