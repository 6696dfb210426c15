"""Choosing one key: the best, or one that is drawn. How to learn through a choice: see `estimators`."""

from typing import Any

from array_api_compat import device
from jaxtyping import Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array

__all__ = ["hardmax", "sample"]


def hardmax(scores: Float[Array, "*b k"]) -> Float[Array, "*b k"]:
    r"""Give the whole weight to the key with the highest score; of equal ones, to the first.

    .. math:: \alpha_i = 1 \text{ if } i = \operatorname{argmax}_j s_j, \text{ else } 0

    These weights are flat almost everywhere: no gradient passes.

    >>> import numpy as np
    >>> hardmax(np.array([0.1, 2.0, 2.0]))
    array([0., 1., 0.])
    """
    xp = check.namespace(scores=scores)
    check.some_scores(scores)
    check.finite("scores", scores, xp, advice="leave out a key that must not be chosen")
    return _one_hot(xp.argmax(scores, axis=-1, keepdims=True), scores, xp)


def sample(weights: Float[Array, "*b k"], uniform: Float[Array, "..."]) -> Float[Array, "... k"]:
    r"""Give everything to one key, drawn by its weight: the first at which the running sum exceeds u.

    .. math:: z = \min \{\, i : \alpha_1 + \dots + \alpha_i > u \,\} \qquad u \text{ uniform in } [0, 1)

    Args:
        weights: Rows that sum to one.
        uniform: A number from 0 up to 1 for each draw; the rows broadcast to it, so that a single row can be
            drawn from many times.

    >>> import numpy as np
    >>> sample(np.array([0.5, 0.2, 0.3]), np.array([0.1, 0.6, 0.9]))
    array([[1., 0., 0.],
           [0., 1., 0.],
           [0., 0., 1.]])
    """
    xp = check.namespace(weights=weights, uniform=uniform)
    check.distributions("weights", weights, xp)
    if bool(xp.any(xp.sum(weights, axis=-1) == 0)):
        raise ValueError("weights have a row of zeros: where nothing may be attended to, nothing can be drawn")
    check.uniform(uniform, xp)
    check.broadcast("weights", weights.shape[:-1], "uniform", uniform.shape)
    running = xp.cumulative_sum(weights, axis=-1)  # (…, k)
    total = running[..., -1:]  # 1, but for rounding
    below = (running <= uniform[..., None] * total) & (running < total)  # (…, k)
    return _one_hot(xp.sum(xp.astype(below, xp.int64), axis=-1, keepdims=True), weights, xp)


def _one_hot(chosen: Any, like: Array, xp: Any) -> Array:
    return xp.astype(xp.arange(like.shape[-1], device=device(like)) == chosen, like.dtype)
