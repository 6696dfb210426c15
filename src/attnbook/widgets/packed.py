"""Trained networks that a page can hold: their parameters as bytes in a text, and as an explorer's option.

An explorer runs such a network from its numbers alone, in NumPy and, from the same bytes, in the page
(`js/math/packed.js`); `nn` is where it learned them.
"""

import base64
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook.widgets.declare import Declared

__all__ = ["Network", "Parameters", "linear", "pack", "unpack", "width_of"]

FINEST = 127  # a parameter is a whole number of steps up to here, on either side of zero

Parameters = Mapping[str, Float64[np.ndarray, "..."]]


def pack(parameters: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return each parameter with its shape, the size of a step, and its numbers in steps, a byte each.

    >>> pack({"bias": np.array([0.5, -1.0])})
    {'bias': {'shape': [2], 'step': 0.007874, 'numbers': 'QIE='}}
    """
    packed = {}
    for name, given in parameters.items():
        array = np.asarray(given.detach().cpu() if hasattr(given, "detach") else given, dtype=np.float64)
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds what is no number")
        step = float(f"{np.abs(array).max() / FINEST or 1.0:.4g}")
        steps = np.rint(array / step).clip(-FINEST, FINEST).astype(np.int8)
        numbers = base64.b64encode(steps.tobytes()).decode()
        packed[name] = {"shape": list(array.shape), "step": step, "numbers": numbers}
    return packed


def unpack(packed: Mapping[str, Any]) -> dict[str, Float64[np.ndarray, "..."]]:
    """Return the parameters that were packed, each number to the nearest step.

    >>> unpack(pack({"bias": np.array([0.5, -1.0])}))["bias"].round(3).tolist()
    [0.504, -1.0]
    """
    return {
        name: np.frombuffer(base64.b64decode(each["numbers"], validate=True), dtype=np.int8).reshape(each["shape"])
        * float(each["step"])
        for name, each in packed.items()
    }


def linear(parameters: Parameters, name: str, x: Float64[np.ndarray, "*n d"]) -> Float64[np.ndarray, "*n e"]:
    """Return W x + b, for each row if there are many."""
    return np.asarray(x @ parameters[f"{name}.weight"].T + parameters[f"{name}.bias"])


def width_of(parameters: Parameters, name: str, most: int) -> int:
    """Return how long this parameter is: the width of the network; `ValueError` if a page cannot hold it."""
    if len(parameters[name]) > most:
        raise ValueError(f"width {len(parameters[name])}; {most} is the most that a page can hold")
    return len(parameters[name])


class Network(Declared):
    """The parameters of a trained module, packed: too many for a link.

    Args:
        default: The parameters of a small one, packed, that has learned nothing.
        wanted: What it must be, for messages.
        shapes: Says what shapes there must be, from the arrays that are there; `KeyError` names what is missing,
            `ValueError` says what is too large.
        also: Gives what the front end needs of a module besides its `state_dict()`; `ValueError` refuses the module.
        fetched: Whether a page leaves it in a file of its own.
    """

    kind = "model"
    linked = False

    def __init__(
        self,
        default: Any,
        *,
        wanted: str,
        shapes: Callable[[Parameters], Mapping[str, tuple[int, ...]]],
        also: Callable[[Any], Mapping[str, Any]] = lambda module: {},
        fetched: bool = False,
        **kwargs: Any,
    ) -> None:
        self.wanted, self.shapes, self.also, self.fetched = wanted, shapes, also, fetched
        super().__init__(default, **kwargs)

    def checked(self, name: str, value: Any) -> dict[str, Any]:
        """Return the parameters as they are packed; a module, or its `state_dict()`, is packed here."""
        must = f"it must be {self.wanted}"
        try:
            given = {**value.state_dict(), **self.also(value)} if hasattr(value, "state_dict") else value
            packed = given if all(isinstance(each, Mapping) for each in given.values()) else pack(given)
            arrays = unpack(packed)
            if not all(np.isfinite(array).all() for array in arrays.values()):
                raise ValueError
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            raise traitlets.TraitError(f"{name} is no network, or not all of it are numbers; {must}") from None
        try:
            expected = self.shapes(arrays)
            found = {each: arrays[each].shape for each in expected}
        except KeyError as missing:
            raise traitlets.TraitError(f"{name} has no {missing}; {must}") from None
        except ValueError as wrong:
            raise traitlets.TraitError(f"{name} has {wrong}") from None
        for each, shape in expected.items():
            if found[each] != shape:
                raise traitlets.TraitError(f"{name} has {each!r} of shape {found[each]}, not {shape}; {must}")
        return {each: dict(packed[each]) for each in expected}
