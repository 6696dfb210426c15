"""What all explorers share: one front end bundled from modules, strict options, and a still picture for paper."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, ClassVar

import anywidget
import numpy as np
import traitlets

from attnbook.widgets import bundle
from attnbook.widgets.declare import Declared, Task, Words

__all__ = ["Explorer"]


class Explorer(anywidget.AnyWidget):
    """A picture to take hold of, that computes in the browser and keeps Python informed.

    A subclass names its front end in ``_module``, declares what both sides share (see ``declare``), and
    what the reader may try in ``tasks``. Where nothing can move (on paper, in an e-book, without JavaScript),
    :meth:`static_svg` draws it and :attr:`alt` describes it.
    """

    _explorer = traitlets.Unicode().tag(sync=True)
    _fetched = traitlets.List(traitlets.Unicode()).tag(sync=True)
    _module: ClassVar[str] = ""
    """The name of the front end: js/<name>.js."""

    tasks: ClassVar[tuple[Task, ...]] = ()
    """What the line 'Try first' asks, one after the other."""

    try_first = Words(help="What the line 'Try first' asks; if empty, the explorer's own tasks.")

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
        traits = self.class_traits(sync=True)
        fetched = [name for name in self.options() if getattr(traits[name], "fetched", False)]
        super().__init__(_explorer=self._module, _fetched=fetched, **options)

    @classmethod
    def options(cls) -> list[str]:
        """What may be set, by name, in the constructor and afterwards."""
        own = [name for parent in cls.__mro__ if issubclass(parent, Explorer) for name in vars(parent)]
        shared = cls.class_traits(sync=True)
        return [name for name in dict.fromkeys(own) if name in shared and not name.startswith("_")]

    @classmethod
    def facts(cls) -> dict[str, Any]:
        """What the front end needs to know: each option with its kind, limits and words, and the tasks."""
        traits = cls.class_traits(sync=True)
        declared = {name: traits[name].facts() for name in cls.options() if isinstance(traits[name], Declared)}
        return {"slug": cls._module, "traits": declared, "tasks": [task._asdict() for task in cls.tasks]}

    def _tell(self, values: Mapping[str, Any]) -> None:
        """Set what has been computed, all at once: who observes one finds all of them new."""
        with self.hold_trait_notifications():
            for name, value in values.items():
                if isinstance(value, np.ndarray):
                    value.setflags(write=False)
                self.set_trait(name, value)

    def rows(self) -> list[list[str]]:
        """Return the table of numbers as it stands now, computed by ``core``; the front end shows the same."""
        raise NotImplementedError

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
