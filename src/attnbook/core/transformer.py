"""What a Transformer's block has besides attention: the norm and the small network, each token by itself."""

from jaxtyping import Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array

__all__ = ["feed_forward", "layer_norm", "token_passes"]


def layer_norm(
    x: Float[Array, "*b n d"],
    scale: Float[Array, "d"],
    shift: Float[Array, "d"],
    *,
    epsilon: float = 1e-5,
) -> Float[Array, "*b n d"]:
    r"""Give each vector mean 0 and variance 1, then let learned numbers scale and shift it.

    .. math:: y = \frac{x - \bar x}{\sqrt{\sigma^2 + \varepsilon}} \odot g + b

    Mean and variance are those of the d numbers of one vector, so no vector sees another one.

    Args:
        x: A vector in each row.
        scale: The :math:`g` above.
        shift: The :math:`b` above.
        epsilon: Keeps a vector of equal numbers from being divided by zero.

    >>> import numpy as np
    >>> layer_norm(np.array([[1.0, 3.0], [100.0, 300.0], [5.0, 5.0]]), np.ones(2), np.zeros(2)).round(2)
    array([[-1.,  1.],
           [-1.,  1.],
           [ 0.,  0.]])
    """
    xp = check.namespace(x=x, scale=scale, shift=shift)
    check.rows(x=x)
    for name, given in (("scale", scale), ("shift", shift)):
        check.parameter(name, given, (x.shape[-1],), "it has a number for each number of a vector")
    check.above_zero("epsilon", epsilon)
    apart = x - xp.mean(x, axis=-1, keepdims=True)  # (*b, n, d)
    variance = xp.mean(apart**2, axis=-1, keepdims=True)  # (*b, n, 1)
    return apart / xp.sqrt(variance + epsilon) * scale + shift


def feed_forward(
    x: Float[Array, "*b n d"],
    w_1: Float[Array, "h d"],
    b_1: Float[Array, "h"],
    w_2: Float[Array, "e h"],
    b_2: Float[Array, "e"],
) -> Float[Array, "*b n e"]:
    r"""Put each vector through the same small network of one hidden layer.

    .. math:: y = W_2 \max(0, W_1 x + b_1) + b_2

    Args:
        x: A vector in each row.
        w_1: A row for each hidden unit.
        b_1: A number for each hidden unit.
        w_2: A row for each number of the result.
        b_2: A number for each number of the result.

    >>> import numpy as np
    >>> up, down = np.array([[1.0], [-1.0]]), np.array([[1.0, 1.0]])
    >>> feed_forward(np.array([[-3.0], [2.0]]), up, np.zeros(2), down, np.zeros(1))  # two units make an absolute value
    array([[3.],
           [2.]])
    """
    xp = check.namespace(x=x, w_1=w_1, b_1=b_1, w_2=w_2, b_2=b_2)
    check.rows(x=x)
    check.parameter("w_1", w_1, (None, x.shape[-1]), "it has a row for each hidden unit, as wide as a vector")
    hidden = w_1.shape[0]
    check.parameter("b_1", b_1, (hidden,), "it has a number for each hidden unit")
    check.parameter("w_2", w_2, (None, hidden), "it has a column for each hidden unit")
    check.parameter("b_2", b_2, (w_2.shape[0],), "it has a number for each row of w_2")
    units = x @ w_1.T + b_1  # (*b, n, h)
    return xp.where(units > 0, units, xp.zeros_like(units)) @ w_2.T + b_2  # (*b, n, e)


def token_passes(read: int, written: int, *, cached: bool) -> int:
    r"""Count how many tokens go through the model until so many are written.

    .. math:: r + (w - 1) \quad\text{with a cache,} \qquad w r + \frac{w (w - 1)}{2} \quad\text{without}

    Without a cache, each new token has the whole text read again. The last one written is never read.

    Args:
        read: How many tokens there are before the first is written.
        written: How many are written.
        cached: Whether keys and values are kept.

    >>> token_passes(1, 100, cached=True), token_passes(1, 100, cached=False)
    (100, 5050)
    """
    for name, number in (("read", read), ("written", written)):
        if isinstance(number, bool) or not isinstance(number, int):
            raise TypeError(f"{name} is {number!r}; it must be a whole number")
        if number < 1:
            raise ValueError(f"{name} is {number}; it must be at least 1")
    return read + written - 1 if cached else written * read + written * (written - 1) // 2
