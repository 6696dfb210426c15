"""All that the grader is told of the course whose assignments it grades, in plain values.

A module of the course declares them once, as `SUBJECT`. A course folder keeps the name of that module, so that every
command, `nbgrader autograde` and worker processes find the same values again.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from nbjudge.judging.catalogue import Catalogue
from nbjudge.judging.check import checker, display

__all__ = ["Subject", "SubjectError", "find"]

LIGHT = {"ink": "#1c2733", "paper": "#ffffff", "muted": "#5b6876", "grid": "#d9dfe5", "accent": "#2562a2"}
DARK = {"ink": "#e6ebf0", "paper": "#14191f", "muted": "#9aa7b4", "grid": "#36414c", "accent": "#84b1df"}
SIGNALS = ({"good": "#00724a", "bad": "#b3261e"}, {"good": "#5fc98a", "bad": "#ff8a80"})


class SubjectError(Exception):
    """What a course folder or a command names is no subject; the message says what is missing."""


@dataclass(frozen=True)
class Subject:
    """A course, as the grader sees it. What is left empty follows from `module`.

    Attributes:
        module: The module that declares this as `SUBJECT`; it should load nothing heavy.
        title: What the help calls the course: "the book …".
        command: The command as a teacher types it.
        example: The name of an assignment, for the examples in the help.
        key: The key of the grader's own entries in the metadata of notebooks and cells.
        check_from: The module from which released notebooks import `check`.
        tasks: The package of the tasks: one module for each chapter, with its `TASKS`.
        decides: Packages and modules whose code decides about points: when it changes, everybody is graded anew.
        distribution: What is installed, to tell its version.
        install: How to install what is missing, as the end of a sentence; `{extras}` stands for the extras.
        assignments: The folder with `source/`, where it lies beside the package; "" if it must always be given.
        regenerate: How an author makes the released notebooks anew, as the end of a sentence.
        light: The colours of pages on a light screen: ink, paper, muted, grid, accent, good and bad.
        dark: The same on a dark one.
    """

    module: str
    title: str
    command: str = ""
    example: str = "01_first"
    key: str = ""
    check_from: str = ""
    tasks: str = ""
    decides: tuple[str, ...] = ()
    distribution: str = ""
    install: str = "install the grader's extras [{extras}]"
    assignments: str = ""
    regenerate: str = "delete it, and it is made anew"
    light: Mapping[str, str] = field(default_factory=lambda: LIGHT | SIGNALS[0])
    dark: Mapping[str, str] = field(default_factory=lambda: DARK | SIGNALS[1])

    def __post_init__(self) -> None:
        top = self.module.partition(".")[0]
        derived = {"command": f"python -m nbjudge {self.module}", "key": top, "distribution": top}
        derived |= {"check_from": self.module, "tasks": self.module}
        for name, value in derived.items():
            if not getattr(self, name):
                object.__setattr__(self, name, value)
        if not self.decides:
            object.__setattr__(self, "decides", (self.tasks,))
        wanted = (LIGHT | SIGNALS[0]).keys()
        if missing := sorted({*(wanted - self.light.keys()), *(wanted - self.dark.keys())}):
            raise SubjectError(f"the subject {self.module} lacks colours: {', '.join(missing)}")

    @property
    def catalogue(self) -> Catalogue:
        """The tasks."""
        return Catalogue(self.tasks)

    @property
    def import_line(self) -> str:
        """The line of a released notebook that makes `check` available."""
        return f"from {self.check_from} import check"

    def about(self, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the grader's own entries in the metadata of a notebook or a cell."""
        found = metadata.get(self.key)
        return found if isinstance(found, Mapping) else MappingProxyType({})

    def installing(self, *extras: str) -> str:
        """Return how to install these extras."""
        return self.install.format(extras=",".join(extras))

    def checker(self, show: Callable[[object], None] = display) -> Callable[..., None]:
        """Return the `check` of this course.

        Args:
            show: Displays a report.
        """
        return checker(self.catalogue, self.check_from, show)


def find(module: str) -> Subject:
    """Return the subject that a module declares."""
    try:
        found = importlib.import_module(module)
    except ImportError as error:
        raise SubjectError(
            f"the module {module}, which declares the subject, cannot be imported ({error}): install it, or name the "
            "folder that it lies in with PYTHONPATH"
        ) from error
    subject = getattr(found, "SUBJECT", None)
    if not isinstance(subject, Subject):
        raise SubjectError(f"the module {module} declares no SUBJECT = Subject({module!r}, …)")
    if subject.module != module:
        raise SubjectError(
            f"the SUBJECT in {module} says that it is declared in {subject.module}: it must say {module}"
        )
    return subject
