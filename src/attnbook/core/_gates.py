"""What gates on channels and masks on places share: what they ask of maps, zeros around them, and σ."""

from typing import Any

from array_api_compat import array_namespace, device
from jaxtyping import Float

from attnbook.core import _picture_checks as check_picture
from attnbook.core._checks import Array


def channels(maps: Float[Array, "*b c y x"]) -> Any:
    """Ask for a map for each channel, and return the namespace."""
    xp = check_picture.maps(maps=maps)
    if maps.ndim < 3:
        raise ValueError(
            f"maps has shape {tuple(maps.shape)} but must have shape (…, c, y, x), a map for each channel: "
            "write maps[None] if it is the map of a single channel; a mask on places is not enough"
        )
    if maps.shape[-3] == 0:
        raise ValueError(f"maps has shape {tuple(maps.shape)}: there is no channel in it")
    return xp


def padded(x: Float[Array, "*b"], reach: int, axis: int, xp: Any) -> Float[Array, "*b2"]:
    """Put so many zeros on both ends of an axis."""
    shape = list(x.shape)
    shape[axis] = reach
    zeros = xp.zeros(tuple(shape), dtype=x.dtype, device=device(x))
    return xp.concat([zeros, x, zeros], axis=axis)


def sigmoid(scores: Any) -> Any:
    """Return σ(s) = (1 + tanh(s / 2)) / 2, which never overflows."""
    return (1 + array_namespace(scores).tanh(scores / 2)) / 2
