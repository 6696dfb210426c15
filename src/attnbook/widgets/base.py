"""What all explorers share: one front end bundled from modules, strict options, and a still picture for paper."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any, ClassVar

import anywidget
import numpy as np
import traitlets

from attnbook.widgets import bundle

__all__ = ["Explorer", "Numbers"]


class Explorer(anywidget.AnyWidget):
    """A picture to take hold of, that computes in the browser and keeps Python informed.

    A subclass names its front end in ``_module`` and tags as synchronised what both sides share. Where nothing can move
    (on paper, in an e-book, without JavaScript), :meth:`static_svg` draws it and :attr:`alt` describes it.
    """

    _explorer = traitlets.Unicode().tag(sync=True)
    _module: ClassVar[str] = ""
    """The name of the front end: js/<name>.js."""

    try_first = traitlets.Unicode("", help="What the line 'Try first' asks; if empty, the explorer's own words.").tag(
        sync=True
    )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if vars(cls).get("_module"):  # not for the classes that traitlets derives for single instances
            cls._esm = bundle.esm(cls._module)
            cls._css = bundle.style_sheet(cls._module)
        super().__init_subclass__(**kwargs)

    def __init__(self, **options: Any) -> None:
        known = [*self.options(), "layout"]
        for name in options:
            if name not in known:
                close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
                hint = f"did you mean {close[0]!r}?" if close else f"the options are {', '.join(known)}"
                raise TypeError(f"unknown option {name!r}: {hint}")
        super().__init__(_explorer=self._module, **options)

    @classmethod
    def options(cls) -> list[str]:
        """What may be set, by name, in the constructor and afterwards."""
        own = [name for parent in cls.__mro__ if issubclass(parent, Explorer) for name in vars(parent)]
        shared = cls.class_traits(sync=True)
        return [name for name in dict.fromkeys(own) if name in shared and not name.startswith("_")]

    def static_svg(self) -> str:
        """Return the explorer as it stands now, as an SVG picture."""
        raise NotImplementedError

    @property
    def alt(self) -> str:
        """The explorer as it stands now, in words."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        return {**data, "image/svg+xml": self.static_svg(), "text/plain": self.alt}, metadata


class Numbers(traitlets.TraitType[list[Any], Any]):
    """A list of numbers, or of rows of them, of a given shape; it can be set from an array or a tensor as well."""

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
        super().__init__(default_value=self.checked("default", default), **kwargs)

    def validate(self, obj: Any, value: Any) -> list[Any]:
        """Return the value as plain lists, or say what is wrong with it."""
        return self.checked(self.name or "value", value)

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
