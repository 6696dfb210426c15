"""The translator of the chapter on alignment, run from its numbers alone, as a page without torch runs it.

`nn.alignment.Translator` learns; here its parameters are packed into a text that a page can hold, and read again. What
`js/math/translator.js` computes in the browser is the same.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import traitlets
from jaxtyping import Bool, Float64

from attnbook import core
from attnbook.data.draws import gaussian
from attnbook.data.phrase import END, SOURCE_WORDS, START, TARGET_WORDS
from attnbook.widgets.declare import Declared

__all__ = ["PARAMETERS", "Model", "Written", "pack", "shapes", "unpack", "untrained", "write"]

WIDEST, UNTRAINED = 64, 8  # the widths of the largest model, and of one that has learned nothing
FINEST = 127  # a parameter is a whole number of steps up to here, on either side of zero
CELL = ("weight_ih_l0{}", "weight_hh_l0{}", "bias_ih_l0{}", "bias_hh_l0{}")
PARAMETERS = (
    *("source_word.weight", "target_word.weight"),
    *(f"encoder.{name.format(way)}" for way in ("", "_reverse") for name in CELL),
    *("start.weight", "start.bias", *(f"decoder.{name.format('')}" for name in CELL)),
    *("score.W_q", "score.W_k", "score.w", "score.bias"),
    *("combine.weight", "combine.bias", "next_word.weight", "next_word.bias"),
)
"""The names of its parameters, in `state_dict()`."""

Parameters = Mapping[str, Float64[np.ndarray, "..."]]


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


def unpack(packed: Mapping[str, Any]) -> Float64[np.ndarray, "..."]:
    """Return a parameter that was packed, to the nearest step.

    >>> unpack(pack({"bias": np.array([0.5, -1.0])})["bias"]).round(3).tolist()
    [0.504, -1.0]
    """
    steps = np.frombuffer(base64.b64decode(packed["numbers"], validate=True), dtype=np.int8)
    return steps.reshape(packed["shape"]) * float(packed["step"])


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
    q = np.tanh(_linear(parameters, "start", last))  # (d,)
    word = START
    words: list[int] = []
    rows = []
    while len(words) < most:
        q = _step(parameters, "decoder", "", parameters["target_word.weight"][word], q)
        scores = core.additive(q[None], states, *learned)  # (1, s)
        context, weights = core.attend(scores, states, mask=mask, temperature=temperature)  # (1, d), (1, s)
        both = np.concatenate([q, context[0]])
        chances = _linear(parameters, "next_word", np.tanh(_linear(parameters, "combine", both)))  # (words,)
        first = END if words else END + 1
        word = first + int(chances[first:].argmax())
        if word == END:
            break
        words.append(word)
        rows.append(weights[0])
    return Written(words, np.array(rows))


def _linear(parameters: Parameters, name: str, x: Float64[np.ndarray, "d"]) -> Float64[np.ndarray, "e"]:
    return np.asarray(parameters[f"{name}.weight"] @ x + parameters[f"{name}.bias"])


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


class Model(Declared):
    """The parameters of a `Translator` with attention, packed: too many for a link."""

    kind = "model"
    linked = False

    def checked(self, name: str, value: Any) -> dict[str, Any]:
        """Return the parameters as they are packed; a module, or its `state_dict()`, is packed here."""
        given = value.state_dict() if hasattr(value, "state_dict") else value
        wanted = "a Translator with attention, or its state_dict()"
        missing = [each for each in PARAMETERS if not isinstance(given, Mapping) or each not in given]
        if missing:
            raise traitlets.TraitError(f"{name} has no {missing[0]!r}; it must be {wanted}")
        try:
            packed = given if isinstance(given["start.bias"], Mapping) else pack(given)
            arrays = {each: unpack(packed[each]) for each in PARAMETERS}
        except (AttributeError, KeyError, TypeError, ValueError):
            raise traitlets.TraitError(f"{name} holds what is no number; it must be {wanted}") from None
        width = len(arrays["start.bias"])
        expected = shapes(width, source=len(SOURCE_WORDS), target=len(TARGET_WORDS))
        for each, shape in expected.items():
            if arrays[each].shape != shape or not np.isfinite(arrays[each]).all():
                raise traitlets.TraitError(
                    f"{name} has {each!r} of shape {arrays[each].shape}; at width {width} it must be {shape} and finite"
                )
        if not 2 <= width <= WIDEST:
            raise traitlets.TraitError(f"{name} has width {width}; {WIDEST} is the most that a page can hold")
        return {each: dict(packed[each]) for each in PARAMETERS}
