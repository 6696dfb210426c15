"""A small assignment for tests of the machinery: two functions, one answer in words, one experiment."""

from __future__ import annotations

import json
from typing import Any

from nbjudge.grading.job import Job, Options
from nbjudge.intake.submission import Submission
from nbjudge.judging.compare import right_values
from nbjudge.judging.spec import Case, Property, Task
from nbjudge.nbgrader import authoring
from nbjudge.recording.records import specs_version
from nbjudge.sandbox.box import Limits
from nbjudge.subject import Subject

NAME = "90_small"
SUBJECT = Subject("tests.nbjudge.small", "a small course", tasks="tests.nbjudge", decides=("tests.nbjudge.small",))
TEXT = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
assignment:
  chapter: small
  minutes: 60
---

# Twice and half

```{code-cell} ipython3
import numpy as np
from tests.nbjudge.small import check
```

```{code-cell} ipython3
---
role: solution
task: twice
---
def twice(x):
    '''Return 2 x.'''
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
```

```{code-cell} ipython3
---
role: check
task: twice
---
check("twice", twice)
```

```{code-cell} ipython3
---
role: solution
task: half
---
def half(x):
    '''Return x / 2.'''
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION
```

```{code-cell} ipython3
---
role: check
task: half
---
check("half", half)
```

Why is half of twice what it was?

+++ {"role": "words", "task": "why_half", "points": 3}

### BEGIN MARK SCHEME
Because 2 / 2 is 1.
### END MARK SCHEME
*Write your answer here.*

+++

Try something.

```{code-cell} ipython3
---
role: experiment
task: try_it
points: 2
---
# Your experiment:
```
"""


def _cases(generator: Any) -> list[Case]:
    return [Case((generator.normal(size=shape),)) for shape in ((2,), (3, 4))]


def _task(name: str, function: Any, points: float) -> Task:
    values = Property("values", "returns the right numbers", points, right_values(function, _cases))
    ints = Property("whole", "takes whole numbers, too", 1.0, lambda ask, generator: "" if ask(2) else "say so <b>&")
    return Task(name, "small", f"Return {name} x.", function, (values, ints))


TASKS = (_task("twice", lambda x: 2 * x, 2.0), _task("half", lambda x: x / 2, 3.0))


def assignment(text: str = TEXT) -> authoring.Assignment:
    teachers = authoring.teachers(text, NAME, TASKS, SUBJECT)
    release = authoring.written(authoring.release(teachers))
    return authoring.Assignment(NAME, "small", release, authoring.written(teachers), "", ("twice", "half"), SUBJECT)


def notebook(given: authoring.Assignment, **sources: str) -> dict[str, Any]:
    """A repaired notebook in which some cells, told by their grade_id (with _ for -), hold what a student wrote."""
    book: dict[str, Any] = json.loads(given.release)
    by_name = {name.replace("_solution", "-solution"): source for name, source in sources.items()}
    for cell in book["cells"]:
        name = cell["metadata"]["nbgrader"]["grade_id"]
        cell["source"] = by_name.pop(name, cell["source"])
    assert not by_name, f"no such cells: {by_name}"
    return book


def result(student: str, twice: float = 3.0, half: float = 4.0, **more: Any) -> dict[str, Any]:
    """A result as `grade_submission` would return it."""

    def task(name: str, points: float, of: float) -> dict[str, Any]:
        line = {"property": "values", "promise": "returns the right numbers", "kept": points > 0, "tried": True}
        hint = "" if points else "your result is <script>alert(1)</script> & more"
        values = {**line, "points": min(points, of - 1), "of": of - 1, "diagnosis": hint, "hidden": False}
        rest = {**line, "property": "whole", "promise": "takes whole numbers, too", "tried": points > 0}
        whole = {**rest, "points": points - values["points"], "of": 1.0, "kept": points == of, "hidden": True}
        return {"task": name, "points": points, "of": of, "lines": [values, {**whole, "diagnosis": ""}]}

    found = {
        **{"student": student, "assignment": NAME, "state": "graded", "because": "", "repairs": [], "notes": []},
        "tasks": [task("twice", twice, 3.0), task("half", half, 4.0)],
        "words": [
            {"task": "why_half", "of": 3.0, "answered": True, "kind": "words"},
            {"task": "try_it", "of": 2.0, "answered": True, "kind": "experiment"},
        ],
        "seconds": 0.1,
    }
    return {**found, **more}


OPTIONS = Options("a seed", Limits(), True)


def submission(student: str, notebook: bytes | None = b"{}", **more: Any) -> Submission:
    return Submission(student, student.title(), notebook, **more)


def job(student: str, seed: str = "a seed", version: str = "") -> Job:
    options = Options(seed, Limits(), True)
    return Job(submission(student), assignment(), options, f"key of {student}", version or specs_version(SUBJECT))
