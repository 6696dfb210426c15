"""What the functions on pictures and maps ask of their input, in the words of :mod:`attnbook.core._checks`."""

import math
from numbers import Real
from typing import Any

from attnbook.core import _checks as check
from attnbook.core._checks import Array


def picture(image: Array) -> Any:
    """Ask for a colour picture, ``(…, y, x, 3)`` from 0 to 1, and return the namespace it comes from."""
    xp = _precise(image=image)
    shape = tuple(image.shape)
    if len(shape) < 3 or shape[-1] != 3:
        hint = ""
        if len(shape) == 2:
            hint = "; a grey picture becomes one by np.stack([image] * 3, axis=-1)"
        elif 3 in shape[-3:-1]:
            hint = "; if the colours come first, move them: np.moveaxis(image, -3, -1) or image.movedim(-3, -1)"
        raise ValueError(f"image has shape {shape} but must have shape (…, y, x, 3), red, green and blue last{hint}")
    _some_places("image", shape, shape[-3:-1])
    check.finite("image", image, xp, advice="a picture holds numbers from 0 (dark) to 1 (light)")
    low, high = xp.min(image).item(), xp.max(image).item()
    if low < 0 or high > 1:
        bytes_ = ": divide a picture of bytes by 255" if high > 2 else ": np.clip(image, 0, 1) cuts off what is outside"
        raise ValueError(f"image reaches from {low:.4g} to {high:.4g} but must stay between 0 and 1{bytes_}")
    return xp


def maps(**named: Array) -> Any:
    """Ask for maps, ``(…, y, x)``, of finite numbers, and return the namespace they come from."""
    xp = _precise(**named)
    for name, array in named.items():
        shape = tuple(array.shape)
        if len(shape) < 2:
            raise ValueError(f"{name} has shape {shape} but must have shape (…, y, x), a number for each place")
        _some_places(name, shape, shape[-2:])
        check.finite(name, array, xp, advice="a map holds a finite number for each place")
    return xp


def share(name: str, value: float, meaning: str) -> None:
    """Ask for one number from 0 to 1."""
    number(name, value, meaning)
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is {value}; it must be from 0 to 1: {meaning}")


def pixels(name: str, value: float) -> None:
    """Ask for a width in pixels that a Gaussian can have."""
    meaning = "the width of a Gaussian in pixels"
    number(name, value, meaning)
    if not 0.01 <= value <= 1e4:
        raise ValueError(f"{name} is {value}; it must be from 0.01 to 10000: {meaning}")


def number(name: str, value: float | int, meaning: str) -> None:
    """Ask for one real number that is not NaN."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} is {value!r}; it must be one number: {meaning}")
    if math.isnan(value):
        raise ValueError(f"{name} is NaN; it must be a number: {meaning}")


def whole(name: str, value: int, meaning: str) -> None:
    """Ask for a whole number from 1 up."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is {value!r}; it must be a whole number: {meaning}")
    if value < 1:
        raise ValueError(f"{name} is {value}; it must be at least 1: {meaning}")


def _precise(**named: Array) -> Any:
    """Ask for float32 or float64: the square of a distance in pixels is too large for half precision."""
    xp = check.namespace(**named)
    for name, array in named.items():
        if array.dtype not in (xp.float32, xp.float64):
            raise TypeError(
                f"{name} holds {check._dtype(array)} but must hold float32 or float64: "
                f"write {check._convert(name, array, 'float32')}"
            )
    return xp


def _some_places(name: str, shape: tuple[int, ...], places: tuple[int, ...]) -> None:
    if 0 in places:
        raise ValueError(f"{name} has shape {shape}: there is no place in it to look at")
