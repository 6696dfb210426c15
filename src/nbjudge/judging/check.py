"""What a student learns of a function before handing it in: one line for each public property, with a diagnosis.

`check` works in every notebook, without a server. It shows no traceback of its own: what goes wrong is told in words.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np

from nbjudge.judging.catalogue import Catalogue, UnknownTaskError
from nbjudge.judging.local_call import LocalCall
from nbjudge.judging.spec import Ask, Finding, Property, TroubleError, judge
from nbjudge.judging.unavailable_imports import unavailable_imports

__all__ = ["Report", "checker", "coded", "display", "examine"]

SIGNS = {"✓": "kept", "✗": "not kept", "·": "not tried"}
ASIDE = "margin: 0.2em 0 0.5em 0.5em; padding-left: 0.8em; border-left: 2px solid"  # in the colour of the text
LINES, WIDTH = 3, 120  # of what the function printed
OURS = "could not be done, because the assignment's own test failed"


@dataclass(frozen=True)
class Report:
    """What came of a check: one line for each property, and what to make of them."""

    name: str
    findings: tuple[Finding, ...]
    closing: str
    printed: str = ""

    @property
    def kept(self) -> int:
        """How many properties hold."""
        return sum(finding.kept for finding in self.findings)

    @property
    def _heading(self) -> str:
        return f"Check of {self.name}"

    @property
    def _lines(self) -> list[tuple[str, str, str]]:
        """Sign, promise and diagnosis; why a line was not tried is said once, at the end."""
        return [(_sign(item), item.promise, item.diagnosis if item.tried else "") for item in self.findings]

    @property
    def _printed(self) -> list[str]:
        lines = self.printed.splitlines()
        shown = [line[:WIDTH] for line in lines[:LINES]]
        return shown + ["…"] * (len(lines) > LINES)

    def __repr__(self) -> str:
        lines = [f"{sign} {promise}" + (f"\n    {words}" if words else "") for sign, promise, words in self._lines]
        printed = ["Your function printed:", *(f"    {line}" for line in self._printed)] if self.printed else []
        return "\n".join([self._heading, *lines, *printed, self.closing])

    def _repr_html_(self) -> str:
        items = "".join(
            f'<li><span class="check-sign" role="img" aria-label="{SIGNS[sign]}:">{sign}</span> {coded(promise)}'
            + (f'<div class="check-diagnosis" style="{ASIDE}">{coded(words)}</div>' if words else "")
            + "</li>"
            for sign, promise, words in self._lines
        )
        printed = escape("\n".join(self._printed))
        return (
            f'<section class="check" aria-label="{escape(self._heading)}"><p><b>{escape(self._heading)}</b></p>'
            + (f'<ul style="list-style: none; padding-left: 0">{items}</ul>' if items else "")
            + (f"<p>Your function printed:</p><pre>{printed}</pre>" if printed else "")
            + f"<p>{escape(self.closing)}</p></section>"
        )


def coded(words: str) -> str:
    """Return words for a page: escaped, and what stands between backticks set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(words))


def _sign(finding: Finding) -> str:
    if finding.kept:
        return "✓"
    return "✗" if finding.tried and OURS not in finding.diagnosis else "·"


def display(value: object) -> None:
    """Show a value as a notebook shows it, and print its plain form where no notebook is."""
    ipython = sys.modules.get("IPython")  # a kernel has loaded it
    if ipython is not None and ipython.get_ipython() is not None:
        ipython.display.display(value)
    else:
        print(value)


def checker(catalogue: Catalogue, check_from: str, show: Callable[[object], None] = display) -> Callable[..., None]:
    """Return the function `check` for the tasks of a course.

    Args:
        catalogue: The tasks.
        check_from: The module from which students import it.
        show: Displays a report.
    """

    def check(name: str, function: Callable[..., Any] | None = None, *, seed: int = 0, seconds: float = 5) -> None:
        """Show which of a task's public properties your function keeps, and what is wrong where it does not.

        Args:
            name: The name of the task, as in the assignment.
            function: Your function itself, without parentheses.
            seed: Another number tries other random inputs.
            seconds: How long one call may take.
        """
        try:
            report = examine(catalogue, name, function, seed=seed, seconds=seconds, check_from=check_from)
        except Exception as error:  # a mistake of ours is no student's business
            words = f"The check {OURS} ({_kind(error)}): please tell its authors."
            report = Report(str(name)[:WIDTH], (), words)
        show(report)

    return check


def examine(
    catalogue: Catalogue,
    name: str,
    function: Callable[..., Any] | None = None,
    *,
    seed: int = 0,
    seconds: float = 5,
    check_from: str = "",
) -> Report:
    """Return what `check` shows."""
    if callable(name) or not isinstance(name, str):
        return Report("a function", (), 'Write the name first, in quotes, and then the function: check("name", name).')
    try:
        task = catalogue.task(name)
    except UnknownTaskError as error:
        return Report(name[:WIDTH], (), f"{str(error)[:1].upper()}{str(error)[1:]}")
    if not callable(function):
        return Report(name, (), _no_function(name, function))
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
        return Report(name, (), "How long one call may take is a number of seconds above 0, such as seconds=5.")
    call = LocalCall(function, seconds)
    sound = replace(task, properties=tuple(_sound(item) for item in task.properties))
    findings = tuple(judge(sound, call, seed=seed))
    kept = sum(finding.kept for finding in findings)
    closing = f"{kept} of {len(findings)} public properties hold. "
    if kept == len(findings):
        closing += "Your teacher's tests ask more."
    else:
        signs = {_sign(finding) for finding in findings}
        closing += "Begin with the first ✗" if "✗" in signs else "The others could not be tried"
        closing += ": the lines marked · wait for it." if signs >= {"✗", "·"} else "."
    if libraries := unavailable_imports(function, check_from):
        closing += f" It needs {' and '.join(libraries)}, which is not there when your notebook is graded: use NumPy."
    return Report(name, findings, closing, call.printed)


def _sound(item: Property) -> Property:
    """A property that tells in words when it fails itself, be it through our mistake or a value nobody thought of."""

    def fault(ask: Ask, generator: np.random.Generator) -> str:
        try:
            return item.fault(ask, generator)
        except TroubleError:
            raise
        except Exception as error:
            return f"this {OURS} ({_kind(error)}): mend the lines above first, or tell its authors"

    return replace(item, fault=fault)


def _kind(error: Exception) -> str:
    return type(error).__name__


def _no_function(name: str, given: Any) -> str:
    what = "an array" if isinstance(given, np.ndarray) else f"a {type(given).__name__}"
    if given is None or isinstance(given, np.ndarray | tuple | int | float):
        hint = f"hand over the function itself, without parentheses: check({name!r}, {name})"
    else:
        hint = f"define {name} with def, run that cell, and check it again"
    return f"What you handed over is not a function but {'None' if given is None else what}: {hint}."
