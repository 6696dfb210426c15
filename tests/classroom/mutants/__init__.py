"""Planted functions: known wrong ones, which must be told their fault, and right ones, which must be believed.

Each stands in the file of its chapter as a top-level function that needs nothing but `np` and `math`, so that its
source, renamed to the task's name, can also be pasted into a notebook and handed in.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["REGISTRY", "Planted", "load", "mutant", "planted", "right"]

Function = Callable[..., Any]


@dataclass(frozen=True)
class Planted:
    """A function, the task that it claims to do, and what must come of it."""

    task: str
    function: Function
    right: bool
    says: str = ""  # words that must stand in one diagnosis
    points: float = 0.0  # what it earns, public and hidden properties together; of a right one, everything

    @property
    def source(self) -> str:
        """Its text without the decorator and with the task's name: what a student would hand in."""
        lines = inspect.getsource(self.function)
        return re.sub(
            rf"\A.*?^def {self.function.__name__}\b", f"def {self.task}", lines, flags=re.DOTALL | re.MULTILINE
        )

    def __str__(self) -> str:
        return f"{self.task}:{self.function.__name__}"


REGISTRY: list[Planted] = []


def mutant(task: str, *, says: str, points: float) -> Callable[[Function], Function]:
    """Plant a wrong function: one of its diagnoses must hold these words, and it must earn exactly these points."""

    def plant(function: Function) -> Function:
        REGISTRY.append(Planted(task, function, False, says, points))
        return function

    return plant


def right(task: str) -> Callable[[Function], Function]:
    """Plant a right function, written differently from the reference: it must earn everything."""

    def plant(function: Function) -> Function:
        REGISTRY.append(Planted(task, function, True))
        return function

    return plant


def load() -> list[Planted]:
    """Return what is planted in all chapters."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return REGISTRY


def planted(task: str) -> list[Planted]:
    """Return what is planted for one task."""
    return [item for item in load() if item.task == task]
