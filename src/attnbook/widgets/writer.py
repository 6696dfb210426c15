"""The model that writes, of the chapter on the Transformer, run from its numbers alone, as a page without torch does.

`nn.writing.TextModel` learns; here its parameters are packed, and read again. What `js/math/writer.js` computes in
the browser is the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook.core.alignment import attend
from attnbook.core.heads import merge_heads, split_heads
from attnbook.core.positions import rotate
from attnbook.core.scoring import scaled_dot
from attnbook.core.self_attention import causal_mask
from attnbook.data.book_text import ALPHABET
from attnbook.data.draws import gaussian
from attnbook.widgets.declare import Declared
from attnbook.widgets.translator import pack, unpack

__all__ = ["CONTEXT", "MOST_HEADS", "WritingModel", "chosen", "read", "untrained"]

CONTEXT, MOST_HEADS, MOST_WIDTH = 128, 8, 64

Parameters = Mapping[str, Float64[np.ndarray, "..."]]


def shapes(width: int, layers: int) -> dict[str, tuple[int, ...]]:
    """Return the shape of each parameter of a `TextModel` of characters, and of the number of its heads."""
    square, vector, tokens = (width, width), (width,), len(ALPHABET)
    maps: dict[str, tuple[int, int]] = {}
    norms = ["norm"]
    for n in range(layers):
        maps |= {f"blocks.{n}.attention.{name}": square for name in ("query", "key", "value", "output")}
        maps |= {f"blocks.{n}.widen": (4 * width, width), f"blocks.{n}.narrow": (width, 4 * width)}
        norms += [f"blocks.{n}.norms.0", f"blocks.{n}.norms.1"]
    maps["next_token"] = (tokens, width)
    sizes: dict[str, tuple[int, ...]] = {"token.weight": (tokens, width), "heads": (1,)}
    sizes |= {f"{name}.{part}": size[:end] for name, size in maps.items() for part, end in (("weight", 2), ("bias", 1))}
    return sizes | {f"{name}.{part}": vector for name in norms for part in ("weight", "bias")}


def untrained() -> dict[str, Any]:
    """Return the parameters of a small model that has learned nothing."""
    numbers = {name: 0.6 * gaussian(seed, size) for seed, (name, size) in enumerate(shapes(8, 2).items())}
    return pack(numbers | {"heads": [2]})


class WritingModel(Declared):
    """The parameters of a causal `TextModel` of characters, packed: too many for a page, and for a link."""

    kind = "model"
    linked = False
    fetched = True

    def checked(self, name: str, value: Any) -> dict[str, Any]:
        """Return the parameters as they are packed; a module is packed here."""
        wanted = f"a causal TextModel of the {len(ALPHABET)} characters of ALPHABET, with rotary positions"
        try:
            module = hasattr(value, "state_dict")
            if module and (not value.causal or value.context != CONTEXT):
                raise ValueError
            given = pack({**value.state_dict(), "heads": [value.blocks[0].attention.heads]}) if module else value
            arrays = {each: unpack(packed) for each, packed in given.items()}
            width, heads = len(arrays["norm.bias"]), round(arrays["heads"].item())
            layers = sum(each.endswith("widen.bias") for each in arrays)
            finite = all(np.isfinite(array).all() for array in arrays.values())
            expected = shapes(width, layers)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            raise traitlets.TraitError(f"{name} is no such model; it must be {wanted}") from None
        if not finite or expected != {each: array.shape for each, array in arrays.items()}:
            raise traitlets.TraitError(f"{name} has parameters of other names or shapes; it must be {wanted}")
        if width > MOST_WIDTH or heads < 1 or width % (2 * heads) or layers * heads > MOST_HEADS:
            raise traitlets.TraitError(
                f"{name} has width {width} and {layers} × {heads} heads; width {MOST_WIDTH} and {MOST_HEADS} heads are "
                "the most that a page can hold"
            )
        return {each: dict(given[each]) for each in expected}


def read(
    parameters: Parameters, tokens: Sequence[int]
) -> tuple[Float64[np.ndarray, "h n n"], Float64[np.ndarray, "n t"]]:
    """Return the weights of all heads, layer by layer, and the scores of what follows each place, as `TextModel` does.

    >>> parameters = {name: unpack(each) for name, each in untrained().items()}
    >>> maps, scores = read(parameters, [3, 1, 4])
    >>> maps.shape, scores.shape == (3, len(ALPHABET))
    ((4, 3, 3), True)
    """
    p, n, heads = parameters, len(tokens), round(parameters["heads"][0])

    def linear(name: str, x: Float64[np.ndarray, "n d"]) -> Float64[np.ndarray, "n e"]:
        return np.asarray(x @ p[f"{name}.weight"].T + p[f"{name}.bias"])

    def norm(name: str, x: Float64[np.ndarray, "n d"]) -> Float64[np.ndarray, "n d"]:
        spread = np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
        return np.asarray((x - x.mean(axis=-1, keepdims=True)) / spread * p[f"{name}.weight"] + p[f"{name}.bias"])

    x, maps, b = p["token.weight"][list(tokens)], [], 0  # (n, d)
    while f"blocks.{b}.widen.weight" in p:
        y = norm(f"blocks.{b}.norms.0", x)
        q, k, v = (split_heads(linear(f"blocks.{b}.attention.{part}", y), heads) for part in ("query", "key", "value"))
        q, k = (rotate(each, np.arange(n)) for each in (q, k))  # (h, n, d)
        seen, weights = attend(scaled_dot(q, k), v, mask=causal_mask(n, n))
        x = x + linear(f"blocks.{b}.attention.output", merge_heads(seen))
        inner = np.maximum(linear(f"blocks.{b}.widen", norm(f"blocks.{b}.norms.1", x)), 0)
        x = x + linear(f"blocks.{b}.narrow", inner)
        maps.append(weights)
        b += 1
    return np.concatenate(maps), linear("next_token", norm("norm", x))


def chosen(chances: Float64[np.ndarray, "t"], at: float) -> int:
    """Return the character that a number from 0 to 1 falls on, when the chances lie one after the other.

    >>> [chosen(np.array([0.5, 0.25, 0.25]), at) for at in (0.0, 0.49, 0.5, 0.99)]
    [0, 0, 1, 2]
    """
    passed = np.cumsum(chances) <= at
    return min(int(passed.sum()), len(chances) - 1)
