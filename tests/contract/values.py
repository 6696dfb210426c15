"""Values that the declarations of an explorer allow, and values that they do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
from traitlets import TraitError

from attnbook.widgets import Explorer
from attnbook.widgets.declare import Flags, Many, Numbers, OneOf, Parts, Ranged, Tokens, Words
from attnbook.widgets.painted import SIGNS, Painted


def linked(declared: type[Explorer]) -> list[str]:
    """The options that a link carries."""
    return [name for name in declared.options() if declared.class_traits()[name].linked]


def another(explorer: Explorer, name: str) -> Any:
    """A value of this trait that is allowed and is not the one it has."""
    trait, now = type(explorer).class_traits()[name], getattr(explorer, name)
    if isinstance(trait, Ranged):
        return trait.most if now != trait.most else trait.least
    if isinstance(trait, OneOf):
        return next(option for option in reversed(trait.options) if option != now)
    if isinstance(trait, Words):
        return "look (at) ['this'] {and} *that*~ & ünd#1 = 50 %."
    if isinstance(trait, Many):
        return now[1:]
    if isinstance(trait, Tokens):
        return " ".join(trait.words[-trait.length[1] :])
    if isinstance(trait, Flags):
        return [not each for each in now]
    if isinstance(trait, Painted):
        return str(now[::-1])
    if isinstance(trait, Parts):
        return {part: (-np.array(value)).tolist() for part, value in now.items()}
    assert isinstance(trait, Numbers)
    return (np.array(now) * -0.5).tolist()


def outside(trait: object) -> list[Any]:
    """Values that the declaration does not allow."""
    if isinstance(trait, Ranged):
        return [trait.least - 1, trait.most + 1, float("nan"), "much", None, *([trait.least + 0.5] * trait.whole)]
    if isinstance(trait, OneOf):
        return ["", "no such name", None, 3]
    if isinstance(trait, Words):
        return ["x" * (trait.most + 1), None, 3]
    if isinstance(trait, Tokens):
        return ["", "nosuchword", " ".join([trait.words[0]] * (trait.length[1] + 1)), None, 3]
    if isinstance(trait, Painted):
        return [None, "abc", trait.side**2 * "Z", (trait.side**2 + 1) * "a", [[[]]], [[0.5]], {"a": 1}]
    wrong: list[Any] = [None, "abc", [[[]]], [float("nan")], {"a": 1}]
    if isinstance(trait, Numbers):
        least, most = (np.zeros([size[end] for size in trait.sizes]) for end in (0, 1))
        return [*wrong, (least + 2 * trait.most).tolist(), np.repeat(most, 2, axis=0).tolist(), least[:-1].tolist()]
    return wrong


def drawn(trait: object, rng: np.random.Generator) -> Any:
    """A value that the declaration allows."""
    if isinstance(trait, Ranged):
        value = rng.uniform(trait.ends["from"], trait.ends["to"])
        return int(value) if trait.whole else round(value, 3)
    if isinstance(trait, Words):
        return "look."
    if isinstance(trait, OneOf):
        return str(rng.choice(list(trait.options)))
    if isinstance(trait, Many):
        return [drawn(trait.each, rng) for _ in range(rng.integers(*trait.length, endpoint=True))]
    if isinstance(trait, Tokens):
        return " ".join(rng.choice(trait.words, rng.integers(*trait.length, endpoint=True)))
    if isinstance(trait, Flags):
        return (rng.random(rng.integers(*trait.length, endpoint=True)) < 0.7).tolist()
    if isinstance(trait, Painted):
        return "".join(rng.choice(list(SIGNS)[: rng.integers(1, 52)], trait.side**2))
    if isinstance(trait, Parts):
        return {part: drawn(each, rng) for part, each in trait.parts.items()}
    assert isinstance(trait, Numbers)
    shape = [int(rng.integers(*size, endpoint=True)) for size in trait.sizes]
    return (rng.uniform(-1, 1, shape) * min(trait.most, 3)).round(2).tolist()


def changes(declared: type[Explorer], rng: np.random.Generator) -> dict[str, Any]:
    """Values for about half of what can be set; two of them may not go together."""
    traits = declared.class_traits()
    return {name: drawn(traits[name], rng) for name in linked(declared) if rng.random() < 0.6}


def some_states(declared: type[Explorer], count: int) -> Iterator[Explorer]:
    """Explorers in states that the declarations allow, the first as it opens; in each about half has changed."""
    yield declared()
    rng, made = np.random.default_rng(0), 1
    while made < count:
        news = changes(declared, rng)
        with suppress(TraitError):  # two of them may not go together
            yield declared(**news)
            made += 1
