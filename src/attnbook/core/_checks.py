"""What the public functions ask of their input, and what they say when it is something else.

Every message names what was given, what was expected and what to do. A silent NaN or a broadcast by accident
costs a student an afternoon, so nothing here is repaired quietly.
"""

import math
from numbers import Real
from typing import Any

import array_api_compat

Array = Any
"""A NumPy array or a torch tensor. There is no type that says this without importing torch."""


def namespace(**named: Array) -> Any:
    """Return the functions (``exp``, ``where``, …) of the one library that all the arrays come from."""
    for name, array in named.items():
        _is_float_array(name, array)
    (first, one), *others = named.items()
    for name, other in others:
        if _library(other) != _library(one):
            raise TypeError(
                f"{first} is a {_library(one)} array but {name} is a {_library(other)} array: "
                "convert one of them, for example with torch.from_numpy(…) or tensor.detach().numpy()"
            )
        if other.dtype != one.dtype:
            raise TypeError(
                f"{first} holds {_dtype(one)} but {name} holds {_dtype(other)}: "
                f"convert one of them, for example {_convert(name, other, _dtype(one))}"
            )
        if array_api_compat.device(other) != array_api_compat.device(one):
            raise ValueError(
                f"{first} is on device {array_api_compat.device(one)} but {name} is on "
                f"{array_api_compat.device(other)}: move one of them, for example {name}.to({first}.device)"
            )
    return array_api_compat.array_namespace(one)


def rows(**named: Array) -> None:
    """Ask for rows of numbers, ``(…, how many, width)``, with at least one number in a row."""
    for name, array in named.items():
        shape = tuple(array.shape)
        if len(shape) == 0:
            raise ValueError(f"{name} is a single number; it must be an array of rows, shape (…, rows, width)")
        if len(shape) == 1:
            raise ValueError(
                f"{name} is one vector of shape {shape}; write {name}[None, :] to make it an array of one row"
            )
        if shape[-1] == 0:
            raise ValueError(f"{name} has shape {shape}: its vectors have width 0, so there is nothing to score")


def some_keys(keys: Array) -> None:
    """Ask for at least one key, because a score belongs to a key."""
    if keys.shape[-2] == 0:
        raise ValueError(f"keys has shape {tuple(keys.shape)}: there are no keys, so there is nothing to score")


def some_scores(scores: Array) -> None:
    """Ask for rows of at least one score, because weights that sum to one need somewhere to go."""
    if scores.ndim == 0:
        raise ValueError("scores is a single number; it must be an array whose last axis runs over the keys")
    if scores.shape[-1] == 0:
        raise ValueError(f"scores has shape {tuple(scores.shape)}: there are no keys to share the attention")


def pairs(keys: Array, values: Array) -> None:
    """Ask for at least one pair, and for as many values as keys."""
    namespace(keys=keys, values=values)
    rows(keys=keys, values=values)
    if keys.shape[-2] == 0:
        raise ValueError(f"keys has shape {tuple(keys.shape)}: there are no pairs, so there is nothing to read")
    if keys.shape[-2] != values.shape[-2]:
        raise ValueError(
            f"there are {keys.shape[-2]} keys but {values.shape[-2]} values: each key needs exactly one value"
        )


def above_zero(name: str, number: float | int) -> None:
    """Ask for one finite number above 0."""
    if isinstance(number, bool) or not isinstance(number, Real):
        raise TypeError(f"{name} is {number!r}; it must be one number above 0")
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"{name} is {number}; it must be a finite number above 0")


def whole(name: str, number: Any, *, least: int = 1) -> None:
    """Ask for a whole number from ``least`` up."""
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"{name} is {number!r}; it must be a whole number")
    if number < least:
        raise ValueError(f"{name} is {number}; it must be at least {least}")


def same_width(query: Array, keys: Array, why: str) -> None:
    """Ask for queries and keys of one width, for scorers that compare them number by number."""
    if query.shape[-1] != keys.shape[-1]:
        raise ValueError(
            f"query has width {query.shape[-1]} but keys have width {keys.shape[-1]}: "
            f"{why} needs the same width; bilinear and additive can compare different widths"
        )


def batches(**named: Array) -> None:
    """Ask that the batch axes (all but the last two) be equal, one or missing, so that they broadcast."""
    (first, one), (second, other) = named.items()
    ahead, behind = tuple(one.shape[:-2]), tuple(other.shape[:-2])
    for m, n in zip(reversed(ahead), reversed(behind), strict=False):
        if m != n and 1 not in (m, n):
            raise ValueError(
                f"{first} has batch axes {ahead} but {second} has {behind}: "
                "counted from the right, each pair must be equal or contain a 1"
            )


def parameter(name: str, array: Array, shape: tuple[int | None, ...], meaning: str) -> None:
    """Ask for a learned parameter of a given shape, where ``None`` is a size that is free."""
    given = tuple(array.shape)
    fits = len(given) == len(shape) and all(want in (None, size) for want, size in zip(shape, given, strict=True))
    if not fits:
        wanted = ", ".join("any" if size is None else str(size) for size in shape)
        comma = "," if len(shape) == 1 else ""
        raise ValueError(f"{name} has shape {given} but must have shape ({wanted}{comma}): {meaning}")


def temperature(value: float, scores: Array, xp: Any) -> None:
    """Ask for a temperature that is one positive number which the scores' own dtype can hold."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"temperature is {value!r}; it must be one number above 0")
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"temperature is {value}; it must be a finite number above 0")
    limits = xp.finfo(scores.dtype)
    if not float(limits.smallest_normal) <= value <= float(limits.max):
        raise ValueError(
            f"temperature is {value}, which {_dtype(scores)} cannot hold "
            f"(it reaches from {float(limits.smallest_normal):.2g} to {float(limits.max):.2g}): "
            "choose another temperature or convert the scores"
        )


def mask(mask: Array, scores: Array, *, name: str = "mask", true: str = "attending is allowed") -> None:
    """Ask for a boolean mask of the scores' kind that broadcasts to the scores' shape; `true` says what True means."""
    if not array_api_compat.is_array_api_obj(mask) or _library(mask) != _library(scores):
        raise TypeError(
            f"{name} is {_article(type(mask).__name__)}; "
            f"it must be a boolean {_library(scores)} array, because the scores are {_library(scores)}"
        )
    if _dtype(mask) != "bool":
        raise TypeError(
            f"{name} holds {_dtype(mask)} but must hold booleans, True where {true}: "
            f"write {name} == 1 if 1 means that, {name} == 0 if 0 does"
        )
    given, wanted = tuple(mask.shape), tuple(scores.shape)
    broadcasts = len(given) <= len(wanted) and all(
        m in (1, n) for m, n in zip(reversed(given), reversed(wanted), strict=False)
    )
    if not broadcasts:
        raise ValueError(
            f"{name} has shape {given} but scores have shape {wanted}: counted from the right, "
            f"each axis of {name} must be 1 or the same as the scores'"
        )


def finite(name: str, array: Array, xp: Any, *, mask: Array | None = None, advice: str) -> None:
    """Ask for numbers without NaN and infinities, wherever the mask, if there is one, allows to look."""
    strange = ~xp.isfinite(array)
    if mask is not None:
        strange = strange & mask
    if bool(xp.any(strange)):
        found = "NaN" if bool(xp.any(strange & xp.isnan(array))) else "an infinity"
        raise ValueError(f"{name} contain {found}: {advice}")


def uniform(numbers: Array, xp: Any) -> None:
    """Ask for uniform random numbers, from 0 up to, but not, 1."""
    if bool(xp.any(~((numbers >= 0) & (numbers < 1)))):
        raise ValueError("uniform must hold numbers from 0 up to, but not, 1: write rng.random(…) or torch.rand(…)")


def broadcast(first: str, one: tuple[int, ...], second: str, other: tuple[int, ...]) -> None:
    """Ask that an array broadcasts to another, so that the result has the other's shape."""
    fits = len(one) <= len(other) and all(m in (1, n) for m, n in zip(reversed(one), reversed(other), strict=False))
    if not fits:
        raise ValueError(
            f"{first} have rows {tuple(one)} but {second} has shape {tuple(other)}: counted from the right, "
            f"each axis of {first} must be 1 or the same as that of {second}"
        )


def distributions(name: str, weights: Array, xp: Any) -> None:
    """Ask for rows of weights: from 0 up, with sum one, or all zero where nothing may be attended to."""
    if weights.ndim == 0:
        raise ValueError(f"{name} is a single number; it must be an array whose last axis runs over the keys")
    if weights.shape[-1] == 0:
        raise ValueError(f"{name} has shape {tuple(weights.shape)}: there are no keys that could have a weight")
    finite(name, weights, xp, advice="make weights with softmax(scores)")
    if bool(xp.any(weights < 0)):
        raise ValueError(
            f"{name} contain {float(xp.min(weights)):.3g}: a weight cannot be negative; pass softmax(scores)"
        )
    totals = xp.sum(weights, axis=-1)  # (…)
    # Weights that were rounded for a printed page still pass; scores, counts and percentages do not.
    wrong = (xp.abs(totals - 1) > max(0.05, 10 * float(xp.finfo(weights.dtype).eps))) & (totals != 0)
    if bool(xp.any(wrong)):
        raise ValueError(
            f"{name} have a row with sum {float(totals[wrong][0]):.3g}: the weights of a row sum to one, or are all "
            "zero where nothing may be attended to; pass softmax(scores)"
        )


def links(**named: Array) -> None:
    """Ask for boolean tables ``(…, target, source)`` of one library and one shape."""
    (first, one), *others = named.items()
    for name, table in named.items():
        if not array_api_compat.is_array_api_obj(table):
            raise TypeError(
                f"{name} is {_article(type(table).__name__)}, not an array: write np.array({name}, dtype=bool)"
            )
        if _dtype(table) != "bool":
            raise TypeError(
                f"{name} holds {_dtype(table)} but must hold booleans, True where two words belong together: "
                f"write {name} == 1 for a table of zeros and ones, weights > 0.5 for one of weights"
            )
        if table.ndim < 2:
            raise ValueError(
                f"{name} has shape {tuple(table.shape)}; it must be a table of shape (…, target words, source words)"
            )
    for name, other in others:
        if _library(other) != _library(one):
            raise TypeError(
                f"{first} is a {_library(one)} array but {name} is a {_library(other)} array: "
                "convert one of them, for example with torch.from_numpy(…) or tensor.detach().numpy()"
            )
        if other.shape != one.shape:
            raise ValueError(
                f"{first} has shape {tuple(one.shape)} but {name} has shape {tuple(other.shape)}: "
                "they must be tables of the same sentences"
            )


def _is_float_array(name: str, array: Array) -> None:
    if not array_api_compat.is_array_api_obj(array):
        raise TypeError(
            f"{name} is {_article(type(array).__name__)}, not an array: "
            f"write np.array({name}, dtype=float) or torch.tensor({name})"
        )
    if not array_api_compat.array_namespace(array).isdtype(array.dtype, "real floating"):
        advice = _convert(name, array, "float32" if _library(array) == "torch" else "float64")
        raise TypeError(f"{name} holds {_dtype(array)} but must hold decimal numbers: write {advice}")


def _library(array: Array) -> str:
    return str(array_api_compat.array_namespace(array).__name__).rpartition(".")[2]


def _dtype(array: Array) -> str:
    return str(array.dtype).removeprefix("torch.")


def _convert(name: str, array: Array, dtype: str) -> str:
    return f"{name}.to(torch.{dtype})" if _library(array) == "torch" else f"{name}.astype('{dtype}')"


def _article(noun: str) -> str:
    return f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun}"
