"""A retrieval task: the right key is the query, turned by a rotation that nobody tells the scorer."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float32, Int64

from attnbook.data._checks import whole_number

__all__ = ["HiddenRotation", "hidden_rotation"]


class HiddenRotation(NamedTuple):
    """Questions, the keys to choose from, the right answers, and the rotation behind them."""

    query: Float32[np.ndarray, "n 1 d"]
    keys: Float32[np.ndarray, "n k d"]
    target: Int64[np.ndarray, "n"]
    rotation: Float32[np.ndarray, "d d"]


def hidden_rotation(
    count: int,
    *,
    keys: int = 6,
    width: int = 4,
    seed: int,
    rotation: Float[np.ndarray, "d d"] | None = None,
) -> HiddenRotation:
    r"""Draw questions whose answer is the one key that is the query turned by a hidden rotation.

    .. math::
        k_\text{target} = R q \qquad q \sim \mathcal N(0, I) \qquad
        k_i \sim \mathcal N(0, I) \text{ for all other } i

    A turned Gaussian vector is Gaussian again, so the keys by themselves do not give the answer away.

    Args:
        count: How many questions.
        keys: How many keys each question offers.
        width: The numbers in a query and in a key.
        seed: Everything follows from it: the same seed gives the same questions, and, unless ``rotation`` is
            given, the same rotation for any ``count``.
        rotation: The rotation to hide. A test set has another seed and the rotation of its training set.

    >>> train = hidden_rotation(500, seed=0)
    >>> test = hidden_rotation(100, seed=1, rotation=train.rotation)
    >>> train.keys.shape, test.keys.shape
    ((500, 6, 4), (100, 6, 4))
    >>> answer = test.keys[0, test.target[0]]
    >>> bool(np.allclose(answer, train.rotation @ test.query[0, 0], atol=1e-6))
    True
    """
    whole_number("count", count, least=1)
    whole_number("keys", keys, least=2)
    whole_number("width", width, least=2)
    whole_number("seed", seed, least=0)
    # Two streams, so that the rotation does not depend on the count.
    turning, asking = np.random.default_rng(seed).spawn(2)
    if rotation is None:
        rotation = _random_rotation(width, turning)
    else:
        _check_rotation(rotation, width)
    rotation = rotation.astype("float32")
    query = asking.standard_normal((count, 1, width))
    choices = asking.standard_normal((count, keys, width))
    target = asking.integers(keys, size=count)
    choices[np.arange(count), target] = query[:, 0] @ rotation.T  # row vectors: (R q)ᵀ = qᵀ Rᵀ
    return HiddenRotation(query.astype("float32"), choices.astype("float32"), target, rotation)


def _random_rotation(width: int, rng: np.random.Generator) -> Float[np.ndarray, "d d"]:
    """Draw a rotation, all being equally likely."""
    Q, R = np.linalg.qr(rng.standard_normal((width, width)))
    Q = Q * np.sign(np.diag(R))  # the signs that QR leaves open would favour some directions
    if np.linalg.det(Q) < 0:
        Q[:, 0] = -Q[:, 0]  # a mirror image becomes a rotation
    return Q


def _check_rotation(rotation: Float[np.ndarray, "d d"], width: int) -> None:
    if not isinstance(rotation, np.ndarray):
        raise TypeError(f"rotation is a {type(rotation).__name__}; it must be a NumPy array")
    if rotation.shape != (width, width):
        raise ValueError(f"rotation has shape {rotation.shape} but width is {width}: it must be ({width}, {width})")
    orthogonal = np.allclose(rotation @ rotation.T, np.eye(width), atol=1e-4)
    if not (orthogonal and np.linalg.det(rotation) > 0):
        raise ValueError("rotation does not rotate: its rows must be orthogonal unit vectors with determinant +1")
