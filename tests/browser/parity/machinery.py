"""How the mathematics of a front end is compared with the package's: the same cases, here and in a real browser.

A chapter's module beside this one has two tables. `CHECKS` says for each function which cases it is tried on, how the
browser answers one of them, and how the answer is compared. `FAULTS` are mistakes that somebody could make in the
JavaScript; each is planted, and the check must fail.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from playwright.sync_api import Page

from attnbook.widgets.bundle import classic_script, load_order


@dataclass(frozen=True)
class Check:
    """Random cases for one function."""

    modules: tuple[str, ...]
    """Modules of `widgets/js`; what they export, `script` finds in `exports`."""
    script: str
    """A function in JavaScript of a case and its number."""
    make: Callable[[], list[dict[str, Any]]]
    """Makes the cases; arrays in them reach JavaScript as lists."""
    compare: Callable[[dict[str, Any], Any], None]
    """Raises an AssertionError if the browser's answer to a case is not the package's."""
    few: int = 60
    """So many cases must be enough to see a planted fault."""

    @cached_property
    def cases(self) -> list[dict[str, Any]]:
        return self.make()

    def compare_all(self, page: Page, start: int = 0, stop: int | None = None) -> None:
        """Raise an AssertionError if one of the cases is answered otherwise than by the package."""
        cases = self.cases[start:stop]
        given = json.dumps(cases, default=lambda array: array.tolist())
        exports = ", ".join(f'attnbook["{module}"]' for module in self.modules)
        answers = page.evaluate(
            f"(() => {{ const exports = Object.assign({{}}, {exports}), answer = {self.script};"
            f" return {given}.map((given, n) => answer(given, n + {start})); }})()"
        )
        for case, answer in zip(cases, answers, strict=True):
            self.compare(case, answer)


class Fault(NamedTuple):
    """A mistake in the JavaScript, and which check must see it."""

    check: str
    module: str
    right: str
    wrong: str


def load(page: Page, modules: Iterable[str], broken: Mapping[str, str] | None = None) -> None:
    """Run the scripts of the modules and of all they import, with some of them replaced."""
    names = dict.fromkeys(name for module in modules for name in load_order(module))
    scripts = [(broken or {}).get(name) or classic_script(name) for name in names]
    page.evaluate("(scripts) => scripts.forEach((script) => (0, eval)(script))", scripts)


def unequal(page: Page, checks: Mapping[str, Check]) -> Iterator[str]:
    """The functions whose answers differ from the package's, and how."""
    for name, check in checks.items():
        load(page, check.modules)
        try:
            check.compare_all(page)
        except AssertionError as error:
            yield f"{name}: {error}"


def unseen(page: Page, checks: Mapping[str, Check], faults: Mapping[str, Fault]) -> Iterator[str]:
    """The faults that are planted and that no check notices."""
    for name, (where, module, right, wrong) in faults.items():
        check, script = checks[where], classic_script(module)
        assert script.count(right) == 1, f"{name}: {right!r} must be in {module}.js exactly once"
        load(page, check.modules, {module: script.replace(right, wrong)})
        try:
            for start, stop in pairwise((0, 1, 4, check.few)):  # most are seen in the first case
                check.compare_all(page, start, stop)
        except AssertionError:
            continue
        yield name


def agree(ours: Any, theirs: Any) -> None:
    """To 1e-6 of the largest number, and nothing that is not a number."""
    ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    assert ours.shape == theirs.shape
    assert np.isfinite(theirs).all()
    assert np.abs(ours - theirs).max(initial=0) <= 1e-6 * max(1.0, np.abs(ours).max(initial=0))
