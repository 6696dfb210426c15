"""The teacher's own properties, which students never see: read from the text of `hidden/<slug>.py`."""

from __future__ import annotations

from collections.abc import Mapping

from nbjudge.judging.spec import Property, Task

__all__ = ["HiddenError", "properties"]


class HiddenError(ValueError):
    """The hidden properties cannot be used; says why in one sentence."""


def properties(text: str, origin: str = "the hidden properties") -> dict[str, tuple[Property, ...]]:
    """Run the teacher's text and return its `HIDDEN`: what is asked of each task besides its public properties.

    Args:
        text: Python that defines `HIDDEN`; it is the teacher's own and trusted. "" means that there are none.
        origin: What to call the text in error messages, for example its path.
    """
    if not text.strip():
        return {}
    space: dict[str, object] = {"__name__": "hidden", "__file__": origin}
    try:
        exec(compile(text, origin, "exec"), space)
    except ImportError as error:
        words = "was it written for another version? Take it anew from the assignments, or mend what it imports"
        raise HiddenError(f"{origin} cannot be run, because {error}: {words}") from error
    except Exception as error:
        raise HiddenError(f"{origin} cannot be run: {type(error).__name__}: {error}") from error
    found = space.get("HIDDEN")
    if not isinstance(found, Mapping):
        raise HiddenError(f"{origin} defines no HIDDEN: write HIDDEN = {{task name: (Property(...), ...)}}")
    for task, items in found.items():
        for item in items:
            if not isinstance(item, Property) or not item.hidden:
                raise HiddenError(f"{origin}: everything in HIDDEN[{task!r}] must be a Property with hidden=True")
    return {str(task): tuple(items) for task, items in found.items()}


def fitting(task: Task, hidden: tuple[Property, ...], origin: str = "the hidden properties") -> float:
    """Return what a task is worth with its hidden properties; raise if two properties have the same name."""
    names = [item.name for item in (*task.properties, *hidden)]
    for name in names:
        if names.count(name) > 1:
            raise HiddenError(f"{origin}: the task {task.name} has two properties called {name!r}; rename one")
    return task.points + sum(item.points for item in hidden)
