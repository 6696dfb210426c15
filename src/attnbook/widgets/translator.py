"""The translator of the chapter on alignment, run from its numbers alone, as a page without torch runs it.

`nn.alignment.Translator` learns; what `js/math/translator.js` computes in the browser is the same.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64

from attnbook import core
from attnbook.data.draws import gaussian
from attnbook.data.phrase import END, SOURCE_WORDS, START, TARGET_WORDS
from attnbook.widgets.packed import Parameters, linear, pack

__all__ = ["PARAMETERS", "WIDEST", "Written", "shapes", "untrained", "write"]

WIDEST, UNTRAINED = 64, 8  # the widths of the largest model, and of one that has learned nothing
CELL = ("weight_ih_l0{}", "weight_hh_l0{}", "bias_ih_l0{}", "bias_hh_l0{}")
PARAMETERS = (
    *("source_word.weight", "target_word.weight"),
    *(f"encoder.{name.format(way)}" for way in ("", "_reverse") for name in CELL),
    *("start.weight", "start.bias", *(f"decoder.{name.format('')}" for name in CELL)),
    *("score.W_q", "score.W_k", "score.w", "score.bias"),
    *("combine.weight", "combine.bias", "next_word.weight", "next_word.bias"),
)
"""The names of its parameters, in `state_dict()`."""


class Written(NamedTuple):
    """A translation as it was written: the numbers of its words, and the weights with which each was chosen."""

    words: list[int]
    weights: Float64[np.ndarray, "t s"]


def shapes(width: int, *, source: int, target: int) -> dict[str, tuple[int, ...]]:
    """Return the shape of each parameter in a model that knows so many words."""
    half = width // 2

    def cell(size: int) -> list[tuple[int, ...]]:
        return [(3 * size, width), (3 * size, size), (3 * size,), (3 * size,)]

    square, vector = (width, width), (width,)
    sizes: list[tuple[int, ...]] = [
        *((source, width), (target, width), *cell(half), *cell(half), square, vector, *cell(width)),
        *(square, square, vector, vector, (width, 2 * width), vector, (target, width), (target,)),
    ]
    return dict(zip(PARAMETERS, sizes, strict=True))


def untrained() -> dict[str, Any]:
    """Return the parameters of a small model that has learned nothing."""
    sizes = shapes(UNTRAINED, source=len(SOURCE_WORDS), target=len(TARGET_WORDS))
    return pack({name: 0.3 * gaussian(seed, size) for seed, (name, size) in enumerate(sizes.items())})


def write(
    parameters: Parameters,
    source: Sequence[int],
    *,
    mask: Bool[np.ndarray, "s"] | None = None,
    temperature: float = 1.0,
    most: int,
) -> Written:
    """Translate a sentence, always going on from the likeliest word; mask and temperature are those of the attention.

    The first word is never the end, so that there is a translation.
    """
    read = parameters["source_word.weight"][list(source)]  # (s, d)
    ahead = _states(parameters, "encoder", "", read)
    back = _states(parameters, "encoder", "_reverse", read[::-1])[::-1]
    states = np.concatenate([ahead, back], axis=1)  # (s, d)
    last = np.concatenate([ahead[-1], back[0]])  # (d,)
    learned = [parameters[f"score.{name}"] for name in ("W_q", "W_k", "w", "bias")]
    q = np.tanh(linear(parameters, "start", last))  # (d,)
    word = START
    words: list[int] = []
    rows = []
    while len(words) < most:
        q = _step(parameters, "decoder", "", parameters["target_word.weight"][word], q)
        scores = core.additive(q[None], states, *learned)  # (1, s)
        context, weights = core.attend(scores, states, mask=mask, temperature=temperature)  # (1, d), (1, s)
        both = np.concatenate([q, context[0]])
        chances = linear(parameters, "next_word", np.tanh(linear(parameters, "combine", both)))  # (words,)
        first = END if words else END + 1
        word = first + int(chances[first:].argmax())
        if word == END:
            break
        words.append(word)
        rows.append(weights[0])
    return Written(words, np.array(rows))


def _states(
    parameters: Parameters, name: str, way: str, read: Float64[np.ndarray, "s d"]
) -> Float64[np.ndarray, "s h"]:
    """Return the state after each word, from zero."""
    state = np.zeros(parameters[f"{name}.weight_hh_l0{way}"].shape[1])
    return np.array([state := _step(parameters, name, way, vector, state) for vector in read])


def _step(
    parameters: Parameters, name: str, way: str, x: Float64[np.ndarray, "d"], state: Float64[np.ndarray, "h"]
) -> Float64[np.ndarray, "h"]:
    """Return the next state of a gated recurrent unit, as torch has it: the reset gate acts on the product."""
    W_i, W_h, b_i, b_h = (parameters[f"{name}.{part.format(way)}"] for part in CELL)
    given, kept = (np.split(W @ each + b, 3) for W, each, b in ((W_i, x, b_i), (W_h, state, b_h)))
    reset, update = (1 / (1 + np.exp(-(a + b))) for a, b in zip(given[:2], kept[:2], strict=True))
    return np.asarray((1 - update) * np.tanh(given[2] + reset * kept[2]) + update * state)
