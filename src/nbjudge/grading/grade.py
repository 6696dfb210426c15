"""Grades one submission: its functions answer from the sandbox, and are judged here, where no student code ever runs.

What decides about points (specification, reference, inputs, tolerances, hidden properties) stays in this process. From
the sandbox come values, as bytes that are believed to be nothing else. So there is nothing to patch, to read or to
forge; a submission can only return what it returns, and that is compared with what is right.
"""

from __future__ import annotations

import copy
import hashlib
import math
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from nbjudge.course.assignment import Assignment
from nbjudge.grading.job import Graded
from nbjudge.grading.telling import Telling
from nbjudge.judging import hidden
from nbjudge.judging.catalogue import UnknownTaskError
from nbjudge.judging.spec import Ask, Call, Outcome, Property, Task, TroubleError, judge
from nbjudge.repairing import python_text
from nbjudge.repairing.repair import repair
from nbjudge.sandbox.box import Limits, NoSandboxError
from nbjudge.sandbox.session import CodeCell, Session
from nbjudge.subject import Subject

__all__ = ["grade_submission"]

NOT_RUN = {"look", "check", "experiment"}  # cells with these roles, besides the one that installs the package
INSTALL = "install"
SMALL = 16_384  # numbers that any function may return: a forgotten pairing of batches stays below, and is named
GROWTH = 4  # how many times as many as the reference a function may return
ASIDE = 4  # the part of a submission's time that finding words may take besides


class SpecificationError(Exception):
    """A property fails on a right function, too, or nothing can be asked: the fault is ours, and costs no point."""


def grade_submission(
    notebook: bytes,
    assignment: Assignment,
    *,
    student: str,
    seed: str,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    sandbox: bool = True,
) -> Graded:
    """Grade one submission and return plain data; whatever the submission holds, it does not raise.

    Args:
        notebook: The file as it was handed in.
        assignment: The assignment that it answers.
        student: Whose it is.
        seed: The course's private seed, from which, and from the student's id, all random inputs come.
        limits: What the submission may use.
        sandbox: False runs student code as a plain process, for who trusts the students.
    """
    start = time.monotonic()
    result: dict[str, Any] = {
        **{"student": student, "assignment": assignment.name, "state": "not graded", "because": ""},
        **{"repairs": [], "notes": [], "tasks": [], "words": [], "seconds": 0.0},
    }
    repaired = repair(notebook, assignment)
    result["repairs"] = list(repaired.repairs)
    if repaired.notebook is None:
        result["because"] = repaired.unreadable
        return Graded(result)
    # Of each student's own: what one submission finds out of its arguments, by whatever channel, helps no other.
    digest = hashlib.sha256(f"{seed}\n{assignment.name}\n{student}".encode()).hexdigest()
    subject = assignment.subject
    shares = (limits, replace(limits, seconds=limits.seconds / ASIDE))
    about: dict[str, Any] = {"check_from": subject.check_from, "sandbox": sandbox}
    session, public = (Session(_cells(repaired.notebook, subject), share, **about) for share in shares)
    try:
        asked = hidden.properties(assignment.hidden)
        tasks = {task.name: task for task in subject.catalogue.tasks_of(assignment.chapter)}
        if unknown := [name for name in assignment.tasks if name not in tasks]:
            words = f"{subject.tasks}.{assignment.chapter} has no task {unknown[0]!r}"
            raise UnknownTaskError(f"{words}: was the notebook handed out before the specification changed?")
        with session, public, warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # what hostile values make NumPy say is nobody's business
            for name in assignment.tasks:
                result["tasks"].append(_task(tasks[name], session, public, digest, asked.get(name, ())))
        _point_back(result["tasks"], repaired.notebook, subject)
        result["words"] = _words(repaired.notebook, assignment)
        result["state"] = "graded"
        if repaired.left_out and (lost := [one["task"] for one in result["tasks"] if one["points"] < one["of"]]):
            words = f"{repaired.left_out} could not be run, being too long, and {' and '.join(lost)} may need it"
            result |= {"state": "not graded", "because": words, "tasks": [], "words": []}
    except (NoSandboxError, SpecificationError, hidden.HiddenError, UnknownTaskError) as error:
        result |= {"because": str(error), "tasks": []}
    result["notes"] = session.notes
    result["seconds"] = round(time.monotonic() - start, 3)
    return Graded(result, repaired.notebook)


def _cells(notebook: Mapping[str, Any], subject: Subject) -> list[CodeCell]:
    """Return the cells that are run: what was given, the solutions, and what the student added."""
    cells = []
    for number, cell in enumerate(notebook["cells"], start=1):
        about = subject.about(cell["metadata"])
        run = about.get("role") not in NOT_RUN and about.get("task") != INSTALL
        if cell["cell_type"] == "code" and run and cell["source"].strip():
            cells.append(CodeCell(number, cell["source"]))
    return cells


def _task(task: Task, session: Session, public: Session, seed: str, more: Sequence[Property]) -> dict[str, Any]:
    telling = Telling(session, public, _modest)
    told = replace(task, properties=tuple(_told(item, task, telling) for item in task.properties))
    call = _modest(task, session.function(task.name))
    findings = judge(told, call, seed=seed, hidden=[_told(item, task, telling) for item in more])
    return {
        **{"task": task.name, "points": sum(finding.points for finding in findings)},
        **{"of": sum(finding.of for finding in findings), "lines": [asdict(finding) for finding in findings]},
    }


def _point_back(tasks: Sequence[dict[str, Any]], notebook: Mapping[str, Any], subject: Subject) -> None:
    """Say of a wrong function that it calls another wrong one: who mends that may have mended both."""
    reads = {
        about.get("task"): python_text.used(cell["source"])
        for cell in notebook["cells"]
        if (about := subject.about(cell["metadata"])).get("role") == "solution"
    }
    wrong = [task["task"] for task in tasks if task["points"] < task["of"]]
    for task in tasks:
        for other in (name for name in wrong if name != task["task"] and name in reads.get(task["task"], ())):
            for line in task["lines"]:
                if line["tried"] and not line["kept"] and f"calls {other}" not in line["diagnosis"]:
                    line["diagnosis"] += f" (it calls {other}, which is not right either: begin there)"


def _size(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return math.prod(max(length, 1) for length in value.shape)  # a million times nothing sums up to a million zeros
    if isinstance(value, dict):
        return sum(1 + _size(item) for item in value.values())
    return sum(1 + _size(item) for item in value) if isinstance(value, tuple | list) else 1


def _modest(task: Task, call: Call) -> Call:
    """Let only values through that are about as large as the right one: a property may square them."""

    def modest(arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Outcome:
        try:
            outcome = call(arguments, options)
        except NoSandboxError:
            raise
        except Exception as error:
            raise SpecificationError(f"a function could not be called ({type(error).__name__}: {error})") from error
        if (size := _size(outcome.value)) <= SMALL:
            return outcome
        try:
            right = _size(task.reference(*copy.deepcopy(arguments), **options))
        except Exception:  # the property asks how the function refuses
            right = 0
        if size <= max(SMALL, GROWTH * right):
            return outcome
        return Outcome(trouble="returned far more numbers than the task asks for", after=outcome.after)

    return modest


def _told(item: Property, task: Task, telling: Telling) -> Property:
    """Let a property tell no more than may be told of what it finds."""
    guarded = _guarded(item, task)

    def fault(ask: Ask, generator: np.random.Generator) -> str:
        try:
            words = guarded.fault(ask, generator)
        except TroubleError as trouble:
            if trouble.lost:
                raise
            return telling.trouble(guarded, task)
        return telling.words(guarded, task, words)

    return replace(item, fault=fault)


def _guarded(item: Property, task: Task) -> Property:
    """Keep a property from failing at a value that its author did not think of."""

    def fault(ask: Ask, generator: np.random.Generator) -> str:
        again = copy.deepcopy(generator)
        try:
            return item.fault(ask, generator)
        except (TroubleError, NoSandboxError, SpecificationError):
            raise
        except Exception as error:
            if _fails(item, task, again):
                words = f"the property {item.name!r} of {task.name} fails on its own reference"
                raise SpecificationError(f"{words} ({type(error).__name__}: {error})") from error
            return "your function returned something that this cannot be tried on: look at its type and its shape"

    return replace(item, fault=fault)


def _fails(item: Property, task: Task, generator: np.random.Generator) -> bool:
    def right(arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Outcome:
        copies = copy.deepcopy(arguments)
        try:
            return Outcome(task.reference(*copies, **options), after=copies)
        except Exception as error:
            return Outcome(trouble=f"stopped with {type(error).__name__}", after=copies)

    try:
        return item.fault(Ask(right), generator) != ""
    except Exception:
        return True


def _words(notebook: Mapping[str, Any], assignment: Assignment) -> list[dict[str, Any]]:
    """Return what a person has to read, and whether there is anything to read."""
    marked = [(cell, _marked(cell, assignment.subject)) for cell in assignment.cells()]
    stubs = {about["task"]: cell["source"] for cell, about in marked if about}
    return [
        {
            **{"task": about["task"], "of": cell["metadata"]["nbgrader"]["points"]},
            "answered": cell["source"].strip() not in {"", stubs.get(about["task"], "").strip()},
            "kind": about["role"],
        }
        for cell in notebook["cells"]
        if (about := _marked(cell, assignment.subject))
    ]


def _marked(cell: Mapping[str, Any], subject: Subject) -> Mapping[str, Any]:
    """Return what is known of a cell that a person marks; of any other, nothing."""
    about = subject.about(cell["metadata"])
    return about if about.get("role") in {"words", "experiment"} else {}
