"""The model that writes, of the chapter on the Transformer, run from its numbers alone, as a page without torch does.

`nn.writing.TextModel` learns; here its parameters are packed, and read again. What `js/math/writer.js` computes in
the browser is the same.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float64

from attnbook.core.alignment import attend
from attnbook.core.heads import merge_heads, split_heads
from attnbook.core.positions import rotate
from attnbook.core.scoring import scaled_dot
from attnbook.core.self_attention import causal_mask
from attnbook.data.book_text import ALPHABET
from attnbook.data.draws import gaussian
from attnbook.widgets.packed import Network, Parameters, linear, pack, width_of

__all__ = ["CONTEXT", "MOST_HEADS", "chosen", "read", "untrained", "writing_model"]

CONTEXT, MOST_HEADS, MOST_WIDTH = 128, 8, 64


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


def _shapes_of(given: Parameters) -> dict[str, tuple[int, ...]]:
    width, heads = width_of(given, "norm.bias", MOST_WIDTH), round(given["heads"].item())
    layers = sum(each.endswith("widen.bias") for each in given)
    if heads < 1 or width % (2 * heads):
        raise ValueError(f"width {width}, which {heads} heads cannot share in pairs")
    if layers * heads > MOST_HEADS:
        raise ValueError(f"{layers} × {heads} heads; {MOST_HEADS} are the most that a page can hold")
    return shapes(width, layers)


def _also(module: Any) -> dict[str, list[int]]:
    if not module.causal or module.context != CONTEXT:
        raise ValueError
    return {"heads": [module.blocks[0].attention.heads]}


def writing_model() -> Network:
    """Declare the parameters of a causal `TextModel` of characters: too many for a page, and for a link."""
    return Network(
        untrained(),
        wanted=f"a causal TextModel of the {len(ALPHABET)} characters of ALPHABET, which reads {CONTEXT} at once",
        shapes=_shapes_of,
        also=_also,
        fetched=True,
        help="A causal TextModel of characters.",
    )


def read(
    parameters: Parameters, tokens: Sequence[int]
) -> tuple[Float64[np.ndarray, "h n n"], Float64[np.ndarray, "n t"]]:
    """Return the weights of all heads, layer by layer, and the scores of what follows each place, as `TextModel` does.

    >>> from attnbook.widgets.packed import unpack
    >>> maps, scores = read(unpack(untrained()), [3, 1, 4])
    >>> maps.shape, scores.shape == (3, len(ALPHABET))
    ((4, 3, 3), True)
    """
    p, n, heads = parameters, len(tokens), round(parameters["heads"][0])

    def norm(name: str, x: Float64[np.ndarray, "n d"]) -> Float64[np.ndarray, "n d"]:
        spread = np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
        return np.asarray((x - x.mean(axis=-1, keepdims=True)) / spread * p[f"{name}.weight"] + p[f"{name}.bias"])

    x, maps, b = p["token.weight"][list(tokens)], [], 0  # (n, d)
    while f"blocks.{b}.widen.weight" in p:
        y = norm(f"blocks.{b}.norms.0", x)
        q, k, v = (
            split_heads(linear(p, f"blocks.{b}.attention.{part}", y), heads) for part in ("query", "key", "value")
        )
        q, k = (rotate(each, np.arange(n)) for each in (q, k))  # (h, n, d)
        seen, weights = attend(scaled_dot(q, k), v, mask=causal_mask(n, n))
        x = x + linear(p, f"blocks.{b}.attention.output", merge_heads(seen))
        inner = np.maximum(linear(p, f"blocks.{b}.widen", norm(f"blocks.{b}.norms.1", x)), 0)
        x = x + linear(p, f"blocks.{b}.narrow", inner)
        maps.append(weights)
        b += 1
    return np.concatenate(maps), linear(p, "next_token", norm("norm", x))


def chosen(chances: Float64[np.ndarray, "t"], at: float) -> int:
    """Return the character that a number from 0 to 1 falls on, when the chances lie one after the other.

    >>> [chosen(np.array([0.5, 0.25, 0.25]), at) for at in (0.0, 0.49, 0.5, 0.99)]
    [0, 0, 1, 2]
    """
    passed = np.cumsum(chances) <= at
    return min(int(passed.sum()), len(chances) - 1)
