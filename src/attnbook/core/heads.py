"""Several attentions side by side: vectors cut into heads, each with weights of its own."""

from typing import Any

from jaxtyping import Bool, Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core.alignment import attend
from attnbook.core.scoring import scaled_dot

__all__ = ["merge_heads", "multi_head", "split_heads"]


def split_heads(x: Float[Array, "*b n hd"], heads: int) -> Float[Array, "*b h n d"]:
    r"""Cut every vector into equal parts, one for each head: first a view, then the axes change places.

    >>> import numpy as np
    >>> x = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]])  # two vectors of width 4
    >>> split_heads(x, 2)  # two heads, each with two vectors of width 2
    array([[[1., 2.],
            [5., 6.]],
    <BLANKLINE>
           [[3., 4.],
            [7., 8.]]])
    """
    xp = check.namespace(x=x)
    check.rows(x=x)
    _divides(heads, x.shape[-1], "x")
    *batch, n, width = x.shape
    parts = xp.reshape(x, (*batch, n, heads, width // heads))  # (*b, n, h, d)
    return xp.moveaxis(parts, -2, -3)  # (*b, h, n, d)


def merge_heads(x: Float[Array, "*b h n d"]) -> Float[Array, "*b n hd"]:
    r"""Put the parts of every vector next to each other again; undoes :func:`split_heads`.

    >>> import numpy as np
    >>> merge_heads(np.array([[[1.0, 2.0], [5.0, 6.0]], [[3.0, 4.0], [7.0, 8.0]]]))
    array([[1., 2., 3., 4.],
           [5., 6., 7., 8.]])
    """
    xp = check.namespace(x=x)
    if x.ndim < 3:
        raise ValueError(f"x has shape {tuple(x.shape)}; it must have shape (…, heads, rows, width): see split_heads")
    *batch, heads, n, width = x.shape
    return xp.reshape(xp.moveaxis(x, -3, -2), (*batch, n, heads * width))  # (*b, n, h, d) → (*b, n, h·d)


def multi_head(
    query: Float[Array, "*#b q hd"],
    keys: Float[Array, "*#b k hd"],
    values: Float[Array, "*#b k hv"],
    *,
    heads: int,
    mask: Bool[Array, "..."] | None = None,
) -> tuple[Float[Array, "*#b q hv"], Float[Array, "*#b h q k"]]:
    r"""Ask several questions at once, each of its own part of the vectors; return ``(output, weights)``.

    .. math::
        o = [o^1; \dots; o^h] \qquad o^m = \sum_i \alpha^m_i v^m_i \qquad
        \alpha^m = \operatorname{softmax}_i \frac{q^m \cdot k^m_i}{\sqrt d}

    The maps that make queries, keys and values of other vectors are the caller's: see :mod:`attnbook.nn.heads`.

    Args:
        query: What is asked, all heads next to each other.
        keys: What it is compared with, as wide as the query.
        values: What is read out, one for each key.
        heads: Into how many parts to cut; d is the width of one part.
        mask: True where attending is allowed. Of shape (…, q, k) it holds for all heads.

    >>> import numpy as np
    >>> keys = np.array([[9.0, 0.0], [0.0, 9.0]])  # the first number is for head 0, the second for head 1
    >>> values = np.array([[1.0, 10.0], [2.0, 20.0]])
    >>> output, weights = multi_head(np.array([[1.0, 1.0]]), keys, values, heads=2)
    >>> output.round(2)  # head 0 reads the first value, head 1 the second
    array([[ 1., 20.]])
    >>> weights.round(2)[:, 0]
    array([[1., 0.],
           [0., 1.]])
    """
    xp = check.namespace(query=query, keys=keys, values=values)
    check.rows(query=query, keys=keys, values=values)
    check.same_width(query, keys, "a head")
    _divides(heads, query.shape[-1], "query")
    _divides(heads, values.shape[-1], "values")
    if mask is not None and mask.ndim > 2:
        mask = xp.expand_dims(mask, axis=-3)  # (*b, 1, q, k): the same for all heads
    parts = (split_heads(x, heads) for x in (query, keys, values))
    q, k, v = parts  # (*b, h, q, d), (*b, h, k, d), (*b, h, k, v)
    output, weights = attend(scaled_dot(q, k), v, mask=mask)  # (*b, h, q, v), (*b, h, q, k)
    return merge_heads(output), weights


def _divides(heads: Any, width: int, name: str) -> None:
    if isinstance(heads, bool) or not isinstance(heads, int):
        raise TypeError(f"heads is {heads!r}; it must be a whole number")
    if heads < 1 or width % heads:
        raise ValueError(
            f"{name} has width {width}, which {heads} heads cannot share equally: choose heads that divide {width}"
        )
