"""From scores to weights, and from weights to an answer."""

import math

from jaxtyping import Bool, Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array

__all__ = ["attend", "softmax"]


def softmax(
    scores: Float[Array, "*b k"],
    *,
    temperature: float = 1.0,
    mask: Bool[Array, "..."] | None = None,
) -> Float[Array, "*b k"]:
    r"""Turn each row of scores into weights that are positive and sum to one.

    .. math:: \alpha_i = \frac{e^{s_i / T}}{\sum_j e^{s_j / T}}

    Args:
        scores: One number per key along the last axis.
        temperature: The :math:`T` above: towards 0 the best key takes everything, with growing :math:`T` all
            keys become equal.
        mask: True where attending is allowed; broadcasts to the scores. A forbidden key has weight 0 and its
            score is never read. In a row that may attend to nothing, all weights are 0.

    >>> import numpy as np
    >>> softmax(np.array([0.0, np.log(3.0)]))
    array([0.25, 0.75])
    >>> softmax(np.array([0.0, np.log(3.0), 9.9]), mask=np.array([True, True, False]))
    array([0.25, 0.75, 0.  ])
    >>> softmax(np.array([1.0, 2.0]), mask=np.array([False, False]))
    array([0., 0.])
    """
    xp = check.namespace(scores=scores)
    check.some_scores(scores)
    check.temperature(temperature, scores, xp)
    if mask is not None:
        check.mask(mask, scores)
        scores = xp.where(mask, scores, -math.inf)
    check.finite("scores", scores, xp, mask=mask, advice="to exclude a key pass mask=…, not an infinite score")

    # Subtracting the row's highest score changes nothing in exact arithmetic and keeps exp from overflowing.
    highest = xp.max(scores, axis=-1, keepdims=True)  # (…, 1); −∞ in a row that may attend to nothing
    powers = xp.exp((scores - xp.where(highest > -math.inf, highest, 0.0)) / float(temperature))  # (…, k)
    total = xp.sum(powers, axis=-1, keepdims=True)  # (…, 1)
    return powers / xp.where(total > 0, total, 1.0)


def attend(
    scores: Float[Array, "*#b q k"],
    values: Float[Array, "*#b k v"],
    *,
    mask: Bool[Array, "..."] | None = None,
    temperature: float = 1.0,
) -> tuple[Float[Array, "*#b q v"], Float[Array, "*#b q k"]]:
    r"""Average the values with the weights that the scores give them; return ``(output, weights)``.

    .. math:: o = \sum_i \alpha_i v_i \qquad \alpha = \operatorname{softmax}(s / T)

    Args:
        scores: How well each key answers each query.
        values: What is read out at each key.
        mask: As in :func:`softmax`: True where attending is allowed. A query that may attend to nothing gets
            zeros.
        temperature: As in :func:`softmax`.

    >>> import numpy as np
    >>> scores = np.array([[0.0, np.log(3.0)]])  # one query, two keys
    >>> values = np.array([[0.0, 8.0], [4.0, 0.0]])
    >>> output, weights = attend(scores, values)
    >>> weights
    array([[0.25, 0.75]])
    >>> output
    array([[3., 2.]])
    """
    xp = check.namespace(scores=scores, values=values)
    check.rows(scores=scores, values=values)
    if scores.shape[-1] != values.shape[-2]:
        raise ValueError(
            f"scores are for {scores.shape[-1]} keys but there are {values.shape[-2]} values: "
            "each key needs exactly one value"
        )
    check.batches(scores=scores, values=values)
    check.finite("values", values, xp, advice="even with weight 0 they would spoil the average")
    weights = softmax(scores, temperature=temperature, mask=mask)
    return weights @ values, weights  # (q, k) @ (k, v) → (q, v)
