"""The length of a vector, safe at zero and for very long and very short vectors."""

from array_api_compat import array_namespace
from jaxtyping import Float

from attnbook.core._checks import Array


def length(vectors: Float[Array, "*n d"]) -> Float[Array, "*n 1"]:
    r"""Return the Euclidean length of each vector, with a gradient of zero where the length is zero.

    .. math:: \lVert x \rVert = \sqrt{\textstyle\sum_i x_i^2}

    The slope of the square root at 0 is infinite, so the plain formula differentiates to NaN there. The
    largest entry is divided out first and multiplied back, so that squares neither overflow nor vanish.
    """
    xp = array_namespace(vectors)
    largest = xp.max(xp.abs(vectors), axis=-1, keepdims=True)  # (…, 1)
    zero = largest == 0
    largest = xp.where(zero, 1.0, largest)
    squares = xp.sum((vectors / largest) ** 2, axis=-1, keepdims=True)  # (…, 1), from 1 to d
    return xp.where(zero, 0.0, largest * xp.sqrt(xp.where(zero, 1.0, squares)))
