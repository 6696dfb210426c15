"""The tasks of all chapters, each chapter in a module of its slug, loaded when somebody asks for it."""

from __future__ import annotations

import importlib
import pkgutil
from difflib import get_close_matches
from functools import cache

from nbjudge.judging.spec import Task

__all__ = ["UnknownTaskError", "chapters", "names", "task", "tasks_of"]


class UnknownTaskError(LookupError):
    """No chapter has a task of this name."""


def chapters() -> tuple[str, ...]:
    """Return the slugs of the chapters that have tasks."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


@cache
def tasks_of(chapter: str) -> tuple[Task, ...]:
    """Return the tasks of one chapter, in the order in which they build on each other."""
    if chapter not in chapters():
        raise UnknownTaskError(f"no chapter {chapter!r} has tasks; there are: {', '.join(chapters())}")
    tasks: tuple[Task, ...] = importlib.import_module(f"{__name__}.{chapter}").TASKS
    return tasks


def names() -> tuple[str, ...]:
    """Return the names of all tasks."""
    return tuple(item.name for chapter in chapters() for item in tasks_of(chapter))


def task(name: str) -> Task:
    """Return the task of this name; raise :class:`UnknownTaskError`, which names the nearest ones, if there is none."""
    for chapter in chapters():
        for item in tasks_of(chapter):
            if item.name == name:
                return item
    near = get_close_matches(str(name), names(), n=3) or names()
    raise UnknownTaskError(f"there is no task {name!r}; did you mean {' or '.join(map(repr, near))}?")
