"""Ask for whole numbers: how many places there are, and how wide a vector is."""

from typing import Any


def whole(name: str, number: Any, *, least: int | None = None) -> None:
    """Ask for one whole number, of at least a certain size if there is one."""
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"{name} is {number!r}; it must be a whole number")
    if least is not None and number < least:
        raise ValueError(f"{name} is {number}; it must be at least {least}")
