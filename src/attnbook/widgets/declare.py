"""What an explorer declares once: what can be set, from where to where, in which words, and what the reader may try.

Refusals, the controls of the front end, the state in a link and the list of options all come from here. What JavaScript
needs of it, `tools/facts.py` writes to `js/facts/`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import traitlets

__all__ = [
    "Declared",
    "Flags",
    "Many",
    "Numbers",
    "OneOf",
    "Option",
    "Parts",
    "Ranged",
    "Task",
    "Tokens",
    "Words",
    "computed",
]


class Task(NamedTuple):
    """One thing to try; the front end notices when it is done, and says what happened."""

    ask: str
    told: str


class Option(NamedTuple):
    """One of several things to choose from."""

    label: str
    formula: str = ""
    """In one line, q_i for a subscript."""
    hint: str = ""


class Declared(traitlets.TraitType[Any, Any]):
    """A trait that both sides know: it is synchronised, and its limits serve for refusals and for JavaScript."""

    kind = ""
    linked = True
    """Whether the link to a state carries it."""
    fetched = False
    """Whether a page leaves it in a file of its own, which is fetched only when the reader opens the explorer."""

    def __init__(self, default: Any, *, label: str = "", help: str = "", **kwargs: Any) -> None:
        self.label = label
        super().__init__(default_value=self.checked("default", default), help=help or None, **kwargs)
        self.tag(sync=True)

    def validate(self, obj: Any, value: Any) -> Any:
        """Return the value as it is stored, or say what is wrong with it."""
        return self.checked(self.name or "value", value)

    def checked(self, name: str, value: Any) -> Any:
        """Return the value as it is stored; `name` is what a message calls it."""
        raise NotImplementedError

    def limits(self) -> dict[str, Any]:
        """Return what JavaScript needs to know besides kind and label."""
        return {}

    def facts(self) -> dict[str, Any]:
        """Return what JavaScript needs to know."""
        named = {"label": self.label} if self.label else {}
        return {"kind": self.kind, **named, **self.limits()}


class Ranged(Declared):
    """A number from `least` to `most`; a slider goes through part of it, in steps, or in steps of powers of `log`."""

    kind = "ranged"

    def __init__(
        self,
        least: float,
        most: float,
        default: float,
        *,
        step: float = 0.05,
        slider: tuple[float, float] | None = None,
        log: int = 0,
        whole: bool = False,
        unit: str = "",
        **kwargs: Any,
    ) -> None:
        self.least, self.most, self.whole = least, most, whole
        start, end = slider or (least, most)
        self.ends: dict[str, Any] = {"step": step, "from": start, "to": end}
        self.ends |= {name: given for name, given in (("log", log), ("whole", whole), ("unit", unit)) if given}
        super().__init__(default, **kwargs)

    def checked(self, name: str, value: Any) -> float | int:
        """Return the number."""
        wanted = f"{'a whole number' if self.whole else 'a number'} from {self.least:g} to {self.most:.15g}"
        if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
            raise traitlets.TraitError(f"{name} is {value!r}; it must be {wanted}")
        if not self.least <= value <= self.most or (self.whole and value != int(value)):  # a NaN is not ≤ anything
            raise traitlets.TraitError(f"{name} is {value}; it must be {wanted}")
        return int(value) if self.whole else float(value)

    def limits(self) -> dict[str, Any]:
        """Return the ends, and how a slider goes from one to the other."""
        return {"least": self.least, "most": self.most, **self.ends}


class OneOf(Declared):
    """One of a few names, each with what a reader sees of it: itself, if only names are given."""

    kind = "one"

    def __init__(self, options: Mapping[str, Option | str] | Sequence[str], default: str, **kwargs: Any) -> None:
        options = options if isinstance(options, Mapping) else dict(zip(options, options, strict=True))
        self.options = {name: Option(each) if isinstance(each, str) else each for name, each in options.items()}
        super().__init__(default, **kwargs)

    def checked(self, name: str, value: Any) -> str:
        """Return the name."""
        if isinstance(value, str) and value in self.options:
            return value
        close = difflib.get_close_matches(str(value), self.options, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"it must be one of {', '.join(self.options)}"
        raise traitlets.TraitError(f"{name} is {value!r}: {hint}")

    def limits(self) -> dict[str, Any]:
        """Return the names with their words."""
        each = {
            name: {part: text for part, text in option._asdict().items() if text}
            for name, option in self.options.items()
        }
        return {"options": each}


class Words(Declared):
    """A text of limited length."""

    kind = "words"

    def __init__(self, default: str = "", *, most: int = 500, **kwargs: Any) -> None:
        self.most = most
        super().__init__(default, **kwargs)

    def checked(self, name: str, value: Any) -> str:
        """Return the text."""
        if not isinstance(value, str):
            raise traitlets.TraitError(f"{name} is {value!r}; it must be a text")
        if len(value) > self.most:
            raise traitlets.TraitError(f"{name} has {len(value)} letters; {self.most} are the most")
        return value

    def limits(self) -> dict[str, Any]:
        """Return the length."""
        return {"most": self.most}


class Tokens(Declared):
    """A text of words that are all on a list, with single spaces between them."""

    kind = "tokens"

    def __init__(self, default: str, *, words: Sequence[str], length: tuple[int, int], **kwargs: Any) -> None:
        self.words, self.length = words, length
        super().__init__(default, **kwargs)

    def checked(self, name: str, value: Any) -> str:
        """Return the text."""
        if not isinstance(value, str):
            raise traitlets.TraitError(f"{name} is {value!r}; it must be a text")
        given = value.split()
        for word in given:
            if word not in self.words:
                close = difflib.get_close_matches(word.lower(), self.words, n=1, cutoff=0.0)
                raise traitlets.TraitError(
                    f"{name} has {word!r}, which is not one of the {len(self.words)} words; the nearest is {close[0]!r}"
                )
        least, most = self.length
        if not least <= len(given) <= most:
            raise traitlets.TraitError(f"{name} has {len(given)} words; it must have {least} to {most}")
        return " ".join(given)

    def limits(self) -> dict[str, Any]:
        """Return the words, and how many there may be."""
        return {"words": list(self.words), "length": self.length}


class Flags(Declared):
    """A list of yes and no, of limited length."""

    kind = "flags"

    def __init__(self, default: Sequence[bool], *, length: tuple[int, int], **kwargs: Any) -> None:
        self.length = length
        super().__init__(default, **kwargs)

    def checked(self, name: str, value: Any) -> list[bool]:
        """Return the list."""
        given = np.asarray(value)
        least, most = self.length
        if given.ndim != 1 or given.dtype != bool or not least <= len(given) <= most:
            raise traitlets.TraitError(f"{name} is {value!r}; it must be {least} to {most} times True or False")
        listed: list[bool] = given.tolist()
        return listed

    def limits(self) -> dict[str, Any]:
        """Return the least and the largest length."""
        return {"length": self.length}


class Numbers(Declared):
    """A list of numbers, or of rows of them, of a given shape; it can be set from an array or a tensor as well."""

    kind = "numbers"

    def __init__(
        self,
        default: Any,
        *,
        shape: Sequence[int | tuple[int, int]],
        most: float,
        meaning: str,
        **kwargs: Any,
    ) -> None:
        """Say what is asked for.

        Args:
            default: The numbers to start with.
            shape: For each axis its length, or the least and the largest length it may have.
            most: No number may be larger in absolute value.
            meaning: What the numbers are, to end a message with.
            **kwargs: As for any trait.
        """
        self.sizes = [(size, size) if isinstance(size, int) else size for size in shape]
        self.most = most
        self.meaning = meaning
        super().__init__(default, **kwargs)

    def checked(self, name: str, value: Any) -> list[Any]:
        """Return the value as plain lists of floats."""
        value = value.detach() if hasattr(value, "detach") else value  # a tensor that is being trained
        try:
            array = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise traitlets.TraitError(f"{name} is {value!r}; it must be {self.meaning}") from None
        fits = array.ndim == len(self.sizes) and all(
            least <= size <= most for size, (least, most) in zip(array.shape, self.sizes, strict=True)
        )
        if not fits:
            raise traitlets.TraitError(f"{name} has shape {array.shape}; it must be {self.meaning}")
        strange = array[~(np.abs(array) <= self.most)]  # a NaN is not ≤ anything
        if strange.size:
            found = f"{strange[0]:g}".replace("-", "−")
            raise traitlets.TraitError(
                f"{name} must hold numbers from −{self.most:g} to {self.most:g}, but has {found}"
            )
        listed: list[Any] = array.tolist()
        return listed

    def limits(self) -> dict[str, Any]:
        """Return the shape and the largest number."""
        return {"shape": self.sizes, "most": self.most}


class Parts(Declared):
    """A dictionary of which every part is declared."""

    kind = "parts"

    def __init__(self, parts: Mapping[str, Declared], default: Mapping[str, Any], **kwargs: Any) -> None:
        self.parts = parts
        super().__init__(default, **kwargs)

    def checked(self, name: str, value: Any) -> dict[str, Any]:
        """Return the dictionary with its parts as they are stored; a named tuple will do."""
        value = value._asdict() if hasattr(value, "_asdict") else value
        if not isinstance(value, Mapping) or set(value) != set(self.parts):
            has = ", ".join(map(str, value)) or "nothing" if isinstance(value, Mapping) else repr(value)
            raise traitlets.TraitError(f"{name} has {has}; it must have {', '.join(self.parts)}")
        return {part: each.checked(f"{name}[{part!r}]", value[part]) for part, each in self.parts.items()}

    def limits(self) -> dict[str, Any]:
        """Return the facts of each part."""
        return {"parts": {name: each.facts() for name, each in self.parts.items()}}


class Many(Declared):
    """A list of things that are all declared in the same way, of limited length."""

    kind = "many"

    def __init__(self, each: Declared, default: Sequence[Any], *, length: tuple[int, int], **kwargs: Any) -> None:
        self.each, self.length = each, length
        super().__init__(default, **kwargs)

    def checked(self, name: str, value: Any) -> list[Any]:
        """Return the list with its things as they are stored; an array will do."""
        value = value.tolist() if isinstance(value, np.ndarray) else value
        if not isinstance(value, (list, tuple)):
            raise traitlets.TraitError(f"{name} is {value!r}; it must be a list")
        least, most = self.length
        if not least <= len(value) <= most:
            raise traitlets.TraitError(f"{name} has {len(value)} entries; it may have {least} to {most}")
        return [self.each.checked(f"{name}[{i}]", each) for i, each in enumerate(value)]

    def limits(self) -> dict[str, Any]:
        """Return the facts of each, and the least and the largest number of them."""
        return {"each": self.each.facts(), "length": self.length}


def computed(help: str) -> Any:
    """An array that follows from the others: read-only, and not sent to the browser, which works it out itself."""
    return traitlets.Instance(np.ndarray, read_only=True, help=help)
