"""From scores to weights, from weights to an answer, and how to judge both."""

import math

from jaxtyping import Bool, Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array

__all__ = ["alignment_error_rate", "attend", "entropy", "softmax"]


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
    below = scores - xp.where(highest > -math.inf, highest, 0.0)  # (…, k), at most 0
    powers = xp.exp(below if temperature == 1 else below / float(temperature))
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


def entropy(weights: Float[Array, "*b k"]) -> Float[Array, "*b"]:
    r"""Say in bits how undecided each row of weights is: 0 for one key, log₂ k for k equal ones.

    .. math:: H = -\sum_i \alpha_i \log_2 \alpha_i \qquad 0 \log_2 0 = 0

    Two to the power of it counts the keys: a row of entropy H is as undecided as one that looks at
    :math:`2^H` keys alike. A row that may attend to nothing, all zeros, has entropy 0. The slope at a weight of
    0 is infinite; it is defined to be 0.

    >>> import numpy as np
    >>> entropy(np.array([[1.0, 0.0, 0.0, 0.0], [0.5, 0.25, 0.25, 0.0], [0.25, 0.25, 0.25, 0.25]]))
    array([0. , 1.5, 2. ])
    """
    xp = check.namespace(weights=weights)
    check.distributions("weights", weights, xp)
    some = weights > 0
    logarithms = xp.log2(xp.where(some, weights, 1.0))  # (…, k); 0 where the weight is 0
    return 0.0 - xp.sum(weights * logarithms, axis=-1)  # 0 − 0 is 0, while the negative of 0 prints as −0


def alignment_error_rate(
    links: Bool[Array, "*b t s"],
    sure: Bool[Array, "*b t s"],
    possible: Bool[Array, "*b t s"] | None = None,
) -> float:
    r"""Return how far links between words are from the links that people drew: 0 is agreement, 1 is none.

    .. math:: \mathrm{AER} = 1 - \frac{|A \cap S| + |A \cap P|}{|A| + |S|}

    :math:`A` are the links to be judged. Leaving out one of the sure links :math:`S` is an error, drawing a link that
    is not among the possible ones :math:`P` is the other. If all possible links are sure, what is left is one
    minus the harmonic mean of precision and recall. All tables are counted together, as one text.

    Args:
        links: True where target word t is said to come from source word s.
        sure: The links that must be there.
        possible: The links that may be there, the sure ones among them; if not given, the sure ones alone.

    >>> import numpy as np
    >>> gold = np.array([[True, False], [False, True]])
    >>> alignment_error_rate(gold, gold)
    0.0
    >>> alignment_error_rate(np.array([[True, False], [True, False]]), gold)  # one of two is right
    0.5
    """
    possible = sure if possible is None else possible
    check.links(links=links, sure=sure, possible=possible)
    impossible, wanted = int((sure & ~possible).sum()), int(sure.sum())
    if impossible:
        raise ValueError(
            f"possible lacks {impossible} of the {wanted} sure links: a sure link is possible too, pass sure | possible"
        )
    drawn = int(links.sum())
    if drawn + wanted == 0:
        raise ValueError("links and sure are empty: without a link there is nothing to judge")
    return 1 - (int((links & sure).sum()) + int((links & possible).sum())) / (drawn + wanted)
