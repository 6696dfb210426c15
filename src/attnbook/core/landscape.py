"""Attention put together from four choices: what is compared, who may count, how shares are made, what is read."""

from collections.abc import Callable

from array_api_compat import device
from jaxtyping import Bool, Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core.alignment import softmax
from attnbook.core.cognitive import gate
from attnbook.core.soft_hard import hardmax, sample

__all__ = [
    "allowed",
    "as_it_is",
    "assemble",
    "average",
    "best",
    "divide",
    "drawn",
    "each_by_itself",
    "everything",
    "gates",
    "powers",
    "share",
    "the_weights",
    "with_sink",
]

Score = Callable[[Array, Array], Array]
"""Query and keys become scores, ``(q, k)``."""
Select = Callable[[Array], Array]
"""Scores become True where a key may count, ``(q, k)``."""
Normalise = Callable[[Array, Array], Array]
"""Scores, and what may count, become weights, ``(q, k)``."""
Read = Callable[[Array, Array], Array]
"""Weights and values become the output."""


def everything(scores: Float[Array, "*b q k"]) -> Bool[Array, "*b q k"]:
    """Let every key count.

    >>> import numpy as np
    >>> everything(np.zeros((1, 3)))
    array([[ True,  True,  True]])
    """
    xp = check.namespace(scores=scores)
    return xp.ones(scores.shape, dtype=xp.bool, device=device(scores))


def allowed(mask: Bool[Array, "..."]) -> Select:
    """Let those keys count for which a mask is True: a causal mask, a window, what is no padding.

    >>> import numpy as np
    >>> allowed(np.array([True, False]))(np.zeros((2, 2)))
    array([[ True, False],
           [ True, False]])
    """

    def select(scores: Float[Array, "*b q k"]) -> Bool[Array, "*b q k"]:
        check.mask(mask, scores)
        return everything(scores) & mask

    return select


def best(scores: Float[Array, "*b q k"]) -> Bool[Array, "*b q k"]:
    """Let only the key with the highest score count; of equal ones, the first.

    >>> import numpy as np
    >>> best(np.array([[1.0, 3.0, 3.0]]))
    array([[False,  True, False]])
    """
    return hardmax(scores) > 0


def drawn(uniform: Float[Array, "..."]) -> Select:
    """Let only one key count, drawn with the weights that softmax gives.

    >>> import numpy as np
    >>> drawn(np.array([0.6]))(np.log(np.array([[1.0, 1.0, 2.0]])))
    array([[False, False,  True]])
    """
    return lambda scores: sample(softmax(scores), uniform) > 0


def share(scores: Float[Array, "*b q k"], chosen: Bool[Array, "*b q k"]) -> Float[Array, "*b q k"]:
    """Share out one unit among the chosen keys, by softmax.

    >>> import numpy as np
    >>> share(np.zeros((1, 3)), np.array([[True, True, False]]))
    array([[0.5, 0.5, 0. ]])
    """
    return softmax(scores, mask=chosen)


def with_sink(sink: float | int = 0.0) -> Normalise:
    """Share out one unit among the chosen keys and a sink, which is never read.

    >>> import numpy as np
    >>> with_sink()(np.zeros((1, 3)), np.array([[True, True, True]]))
    array([[0.25, 0.25, 0.25]])
    """

    def normalise(scores: Float[Array, "*b q k"], chosen: Bool[Array, "*b q k"]) -> Float[Array, "*b q k"]:
        xp = check.namespace(scores=scores)
        drain = xp.zeros_like(scores[..., :1])
        scores = xp.concat([scores, drain + float(sink)], axis=-1)
        return softmax(scores, mask=xp.concat([chosen, drain == 0], axis=-1))[..., :-1]

    return normalise


def gates(scores: Float[Array, "*b q k"], chosen: Bool[Array, "*b q k"]) -> Float[Array, "*b q k"]:
    """Open a gate at each chosen key, each by itself: a sigmoid.

    >>> import numpy as np
    >>> gates(np.array([[0.0, 99.0]]), np.array([[True, True]]))
    array([[0.5, 1. ]])
    """
    xp = check.namespace(scores=scores)
    return gate(xp.astype(chosen, scores.dtype), scores)


def divide(scores: Float[Array, "*b q k"], chosen: Bool[Array, "*b q k"]) -> Float[Array, "*b q k"]:
    """Divide the chosen scores, which must not be negative, by their sum; where it is 0, all weights are 0.

    >>> import numpy as np
    >>> divide(np.array([[1.0, 3.0, 9.0]]), np.array([[True, True, False]]))
    array([[0.25, 0.75, 0.  ]])
    """
    xp = check.namespace(scores=scores)
    if bool(xp.any(scores < 0)):
        raise ValueError("some scores are negative: divided by their sum they are no shares; use share, a softmax")
    kept = as_it_is(scores, chosen)
    total = xp.sum(kept, axis=-1, keepdims=True)
    return kept / xp.where(total > 0, total, 1.0)


def powers(scores: Float[Array, "*b q k"], chosen: Bool[Array, "*b q k"]) -> Float[Array, "*b q k"]:
    """Raise e to each chosen score, and leave it at that: softmax without its denominator.

    >>> import numpy as np
    >>> powers(np.array([[0.0, 0.0]]), np.array([[True, False]]))
    array([[1., 0.]])
    """
    xp = check.namespace(scores=scores)
    return as_it_is(xp.exp(scores), chosen)


def as_it_is(scores: Float[Array, "*b q k"], chosen: Bool[Array, "*b q k"]) -> Float[Array, "*b q k"]:
    """Take the scores of the chosen keys for weights.

    >>> import numpy as np
    >>> as_it_is(np.array([[2.0, -1.0]]), np.array([[False, True]]))
    array([[ 0., -1.]])
    """
    xp = check.namespace(scores=scores)
    return xp.where(chosen, scores, xp.zeros_like(scores))


def average(weights: Float[Array, "*#b q k"], values: Float[Array, "*#b k v"]) -> Float[Array, "*#b q v"]:
    """Add up the values, each by its weight.

    >>> import numpy as np
    >>> average(np.array([[0.5, 0.5]]), np.array([[1.0], [3.0]]))
    array([[2.]])
    """
    check.namespace(weights=weights, values=values)
    check.rows(weights=weights, values=values)
    if weights.shape[-1] != values.shape[-2]:
        raise ValueError(
            f"there are {weights.shape[-1]} weights but {values.shape[-2]} values: each weight needs a value"
        )
    return weights @ values


def each_by_itself(weights: Float[Array, "*b 1 k"], values: Float[Array, "*#b k v"]) -> Float[Array, "*b k v"]:
    """Multiply each value by its weight and add nothing up: as many outputs as there are values.

    >>> import numpy as np
    >>> each_by_itself(np.array([[0.5, 1.0]]), np.array([[2.0], [3.0]]))
    array([[1.],
           [3.]])
    """
    check.namespace(weights=weights, values=values)
    check.rows(weights=weights, values=values)
    if weights.shape[-2] != 1:
        raise ValueError(
            f"there are {weights.shape[-2]} queries: values can be scaled by the weights of one query only"
        )
    return weights.mT * values


def the_weights(weights: Float[Array, "*b q k"], values: Float[Array, "..."]) -> Float[Array, "*b q k"]:
    """Read nothing: where to look is the answer.

    >>> import numpy as np
    >>> the_weights(np.array([[0.2, 0.8]]), np.zeros((2, 1)))
    array([[0.2, 0.8]])
    """
    return weights


def assemble(
    query: Float[Array, "*#b q _"],
    keys: Float[Array, "*#b k _"],
    values: Float[Array, "..."],
    *,
    score: Score,
    select: Select = everything,
    normalise: Normalise = share,
    read: Read = average,
) -> tuple[Float[Array, "..."], Float[Array, "*#b q k"]]:
    r"""Put attention together from four choices; return ``(output, weights)``.

    .. math:: o = \operatorname{read}(\alpha, v) \qquad \alpha = \operatorname{normalise}(s, \operatorname{select}(s))
        \qquad s = \operatorname{score}(q, k)

    :func:`attnbook.core.attend` has made three of them: it gets the scores, shares out by softmax and reads an average.

    Args:
        query: What is asked for.
        keys: What it is compared with.
        values: What is read.
        score: What is compared, for example :func:`attnbook.core.dot`.
        select: Who may count, decided before anything is shared out, so that no share is lost.
        normalise: How the scores of those who may count become weights.
        read: What is done with the weights.

    >>> import numpy as np
    >>> from attnbook.core import dot
    >>> query, keys, values = np.array([[1.0]]), np.array([[0.0], [2.0]]), np.array([[10.0], [20.0]])
    >>> assemble(query, keys, values, score=dot, select=best)[0]
    array([[20.]])
    >>> assemble(query, keys, values, score=dot, normalise=gates, read=each_by_itself)[0].round(1)
    array([[ 5. ],
           [17.6]])
    """
    check.namespace(query=query, keys=keys)
    scores = score(query, keys)
    weights = normalise(scores, select(scores))
    return read(weights, values), weights
