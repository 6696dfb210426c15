"""Learning through a choice: relaxed draws, a gradient that is lent, and one that is estimated from a single draw."""

from jaxtyping import Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core.alignment import softmax

__all__ = ["gumbel", "gumbel_softmax", "reinforce", "straight_through"]


def gumbel(uniform: Float[Array, "*b"]) -> Float[Array, "*b"]:
    r"""Turn uniform numbers into Gumbel noise. Add it to scores, and the argmax is a draw from their softmax.

    .. math:: g = -\ln(-\ln u) \qquad u \text{ uniform in } (0, 1)

    >>> import numpy as np
    >>> gumbel(np.array([0.05, np.exp(-1), 0.95])).round(2) + 0.0
    array([-1.1 ,  0.  ,  2.97])
    """
    xp = check.namespace(uniform=uniform)
    check.uniform(uniform, xp)
    least = float(xp.finfo(uniform.dtype).smallest_normal)  # a draw of exactly 0 has a logarithm, too
    return -xp.log(-xp.log(xp.where(uniform > least, uniform, least)))


def gumbel_softmax(
    scores: Float[Array, "*b k"], noise: Float[Array, "... k"], *, temperature: float
) -> Float[Array, "... k"]:
    r"""Soften a draw: nearly one key at low temperature, and differentiable at any.

    .. math:: y_i = \frac{e^{(s_i + g_i) / T}}{\sum_j e^{(s_j + g_j) / T}}

    Args:
        scores: One number per key.
        noise: Gumbel noise, see :func:`gumbel`, with a number for each key; it may have more rows than the scores.
        temperature: Towards 0 the rows become draws from ``softmax(scores)``.

    >>> import numpy as np
    >>> noise = np.array([[0.0, 0.0], [0.0, -1.0]])
    >>> gumbel_softmax(np.array([0.0, np.log(3.0)]), noise, temperature=1.0).round(2)
    array([[0.25, 0.75],
           [0.48, 0.52]])
    """
    xp = check.namespace(scores=scores, noise=noise)
    check.some_scores(scores)
    check.finite("noise", noise, xp, advice="make it with gumbel(uniform)")
    check.broadcast("scores", scores.shape, "noise", noise.shape)
    return softmax(scores + noise, temperature=temperature)


def straight_through(hard: Float[Array, "*b k"], soft: Float[Array, "*b k"]) -> Float[Array, "*b k"]:
    """Return the hard weights, with the gradient of the soft ones: right forwards, a guess backwards.

    >>> import torch
    >>> from attnbook.core.soft_hard import hardmax
    >>> scores = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> weights = straight_through(hardmax(scores), softmax(scores))
    >>> weights.tolist()
    [0.0, 1.0]
    >>> weights[1].backward()
    >>> scores.grad.numpy().round(3)  # of softmax
    array([-0.197,  0.197], dtype=float32)
    """
    check.namespace(hard=hard, soft=soft)
    if hard.shape != soft.shape:
        raise ValueError(f"hard has shape {tuple(hard.shape)} but soft has {tuple(soft.shape)}: they must be the same")
    return _detached(hard) + (soft - _detached(soft))  # the bracket is exactly 0


def reinforce(
    weights: Float[Array, "*b k"],
    chosen: Float[Array, "... k"],
    losses: Float[Array, "..."],
    *,
    baseline: float = 0.0,
) -> Float[Array, "... k"]:
    r"""Estimate, from a draw and its loss alone, how the expected loss changes with each score.

    .. math:: \hat g_i = (L_z - b) \, (\mathbb 1[i = z] - \alpha_i)

    The bracket on the right is the slope of :math:`\ln \alpha_z`. On average over draws this is
    the slope of the expected loss, :math:`\sum_j \alpha_j L_j`, whatever the baseline; the baseline decides how far
    single draws lie from it.

    Args:
        weights: What the draw was made from.
        chosen: The draw, one-hot; see :func:`~attnbook.core.soft_hard.sample`.
        losses: What each draw cost.
        baseline: What is expected to be lost; it must not depend on the draw.

    >>> import numpy as np
    >>> reinforce(np.array([0.5, 0.5]), np.array([0.0, 1.0]), np.array(4.0), baseline=1.0)
    array([-1.5,  1.5])
    """
    xp = check.namespace(weights=weights, chosen=chosen, losses=losses)
    check.distributions("weights", weights, xp)
    check.broadcast("weights", weights.shape, "chosen", chosen.shape)
    if chosen.shape[:-1] != losses.shape:
        raise ValueError(
            f"chosen has shape {tuple(chosen.shape)} but losses have shape {tuple(losses.shape)}: "
            "each draw needs exactly one loss"
        )
    return (losses - baseline)[..., None] * (chosen - weights)


def _detached(array: Array) -> Array:
    return array.detach() if hasattr(array, "detach") else array
