"""What is looked at of a result: for `part` of the rows that compare values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nbjudge.judging.difference import NUMBERS
from nbjudge.judging.spec import TroubleError

__all__ = ["all_of", "first_of", "rows_of", "well_inside"]

Part = Callable[[Any], Any]


def all_of(*names: str) -> Part:
    """Take a tuple or a list with a value for each name."""

    def part(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, tuple | list) or len(value) != len(names):
            what = f"{len(value)} values" if isinstance(value, tuple | list) else "one value"
            what = "None (is there a return?)" if value is None else what
            wanted = " and ".join(f"a {name}" for name in names)
            raise TroubleError(f"returned {what}, but {wanted} were expected: return {', '.join(names)}")
        return tuple(value)

    return part


def first_of(*names: str) -> Part:
    """Take the first of the values that belong to these names."""
    return lambda value: all_of(*names)(value)[0]


def rows_of(*names: str) -> Part:
    """Take a list of tuples with a value for each name as a table, and anything empty as one without rows."""

    def part(value: Any) -> Any:
        if isinstance(value, tuple | list):
            if not all(isinstance(one, tuple | list | np.ndarray) and len(one) == len(names) for one in value):
                raise TroubleError(f"returned a list, but not every item of it is ({', '.join(names)})")
            value = np.array(value)
        empty = isinstance(value, np.ndarray) and value.size == 0
        return np.zeros((0, len(names)), dtype=int) if empty else value

    return part


def well_inside(rim: int) -> Part:
    """Cover the rim of a table with zeros, where what is wrong is another property's business."""

    def part(value: Any) -> Any:
        if not isinstance(value, np.ndarray) or value.ndim != 2 or value.dtype.kind not in NUMBERS:
            return value
        return np.pad(value[rim:-rim, rim:-rim], rim)[: len(value), : value.shape[1]]

    return part
