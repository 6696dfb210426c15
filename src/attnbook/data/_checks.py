"""What the data sets ask of their sizes and seeds."""


def whole_number(name: str, value: int, *, least: int, most: int | None = None) -> None:
    """Ask for a whole number in a range."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is {value!r}; it must be a whole number")
    if value < least:
        raise ValueError(f"{name} is {value}; it must be at least {least}")
    if most is not None and value > most:
        raise ValueError(f"{name} is {value}; it must be at most {most}")
