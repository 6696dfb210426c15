"""The tasks of a course: a package with one module for each chapter, loaded when somebody asks for its `TASKS`."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from difflib import get_close_matches

from nbjudge.judging.spec import Task

__all__ = ["Catalogue", "UnknownTaskError"]


class UnknownTaskError(LookupError):
    """No chapter has a task of this name."""


@dataclass(frozen=True)
class Catalogue:
    """The tasks in a package.

    Attributes:
        package: Its name.
    """

    package: str

    def _modules(self) -> list[str]:
        try:
            path = importlib.import_module(self.package).__path__
        except (ImportError, AttributeError) as error:
            raise UnknownTaskError(f"{self.package}, the package of the tasks, cannot be used: {error}") from error
        return sorted(module.name for module in pkgutil.iter_modules(path) if not module.name.startswith("_"))

    def chapters(self) -> tuple[str, ...]:
        """Return the slugs of the chapters that have tasks."""
        return tuple(name for name in self._modules() if self._tasks(name))

    def _tasks(self, chapter: str) -> tuple[Task, ...]:
        tasks: tuple[Task, ...] = getattr(importlib.import_module(f"{self.package}.{chapter}"), "TASKS", ())
        return tasks

    def tasks_of(self, chapter: str) -> tuple[Task, ...]:
        """Return the tasks of one chapter, in the order in which they build on each other."""
        wanted = f"{self.package}.{chapter}"
        try:
            tasks = self._tasks(chapter) if chapter.isidentifier() else ()
        except ModuleNotFoundError as error:
            if not f"{wanted}.".startswith(f"{error.name}."):
                raise
            tasks = ()
        if not tasks:
            raise UnknownTaskError(f"no chapter {chapter!r} has tasks; there are: {', '.join(self.chapters())}")
        return tasks

    def names(self) -> tuple[str, ...]:
        """Return the names of all tasks."""
        return tuple(item.name for chapter in self.chapters() for item in self.tasks_of(chapter))

    def task(self, name: str) -> Task:
        """Return the task of this name; raise :class:`UnknownTaskError`, which names the nearest ones."""
        for chapter in self._modules():
            for item in self._tasks(chapter):
                if item.name == name:
                    return item
        near = get_close_matches(str(name), self.names(), n=3) or self.names()
        raise UnknownTaskError(f"there is no task {name!r}; did you mean {' or '.join(map(repr, near))}?")
