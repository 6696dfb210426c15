"""A small assignment of two tasks, quick to judge, with properties of all common kinds."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbjudge.judging import hidden
from nbjudge.judging.compare import keeps_arguments, right_values
from nbjudge.judging.difference import difference
from nbjudge.judging.spec import Ask, Case, Mistake, Property, Task
from nbjudge.nbgrader import authoring
from nbjudge.subject import Subject

NAME = "91_toys"
SUBJECT = Subject("tests.nbjudge.toys", "a course of toys", tasks="tests.nbjudge", decides=("tests.nbjudge.toys",))
TEXT = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
assignment:
  chapter: toys
  minutes: 60
---

# Toys

```{code-cell} ipython3
---
role: given
---
import numpy as np
from tests.nbjudge.toys import check
```

```{code-cell} ipython3
---
role: look
---
from attnbook import plots
raise RuntimeError("not run when graded")
```

```{code-cell} ipython3
---
role: solution
task: weigh
---
def weigh(scores):
    '''Return weights of the last axis, which sum to 1.'''
    ### BEGIN SOLUTION
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
    ### END SOLUTION
```

```{code-cell} ipython3
---
role: check
task: weigh
---
check("weigh", weigh)
```

```{code-cell} ipython3
---
role: solution
task: blend
---
def blend(scores, values):
    '''Return the values, weighed.'''
    ### BEGIN SOLUTION
    return weigh(scores) @ values
    ### END SOLUTION
```

```{code-cell} ipython3
---
role: check
task: blend
---
check("blend", blend)
```

Why do they sum to 1?

+++ {"role": "words", "task": "why_one", "points": 3}

### BEGIN MARK SCHEME
Because.
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
HIDDEN = """\
from nbjudge.judging.difference import difference
from nbjudge.judging.spec import Property


def _shift(ask, generator):
    scores = generator.normal(size=(3, 5))
    fault = difference(ask(scores + 7.0), ask(scores))
    return f"a shift of all scores changes your weights: {fault}" if fault else ""


HIDDEN = {"weigh": (Property("shift", "ignores a shift of all scores", 1.0, _shift, hidden=True),)}
"""


def weigh(scores: Any) -> Any:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def blend(scores: Any, values: Any) -> Any:
    return weigh(scores) @ values


def _scores(generator: np.random.Generator) -> list[Case]:
    return [Case((generator.normal(size=shape),)) for shape in ((5,), (3, 7), (2, 3, 4))]


def _both(generator: np.random.Generator) -> list[Case]:
    return [Case((generator.normal(size=(3, n)), generator.normal(size=(n, 4)))) for n in (5, 6)]


def _sums(ask: Ask, generator: np.random.Generator) -> str:
    got = ask(generator.normal(size=(4, 6)))
    return difference(got.sum(axis=-1), np.ones(4)) and "your weights do not sum to 1 over the last axis"


OTHER_AXIS = Mistake("your weights sum to 1 over the wrong axis", lambda s: np.exp(s) / np.exp(s).sum(axis=0))
WEIGH = Task(
    "weigh",
    "toys",
    "Return weights.",
    weigh,
    (
        Property("values", "returns the right weights", 2.0, right_values(weigh, _scores, [OTHER_AXIS])),
        Property("sums", "gives weights that sum to 1", 1.0, _sums),
        Property("keeps", "leaves its arguments alone", 1.0, keeps_arguments(_scores)),
    ),
)
BLEND = Task(
    "blend",
    "toys",
    "Return the values, weighed.",
    blend,
    (
        Property("values", "returns the right values", 3.0, right_values(blend, _both)),
        Property("keeps", "leaves its arguments alone", 1.0, keeps_arguments(_both)),
    ),
)
TASKS = (WEIGH, BLEND)
POINTS = {"weigh": 5.0, "blend": 4.0}
SOLUTIONS = {
    "weigh": """\
def weigh(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
""",
    "blend": """\
def blend(scores, values):
    powers = np.exp(scores)
    return powers @ values / powers.sum(axis=-1, keepdims=True)
""",
}


def assignment() -> authoring.Assignment:
    teachers = authoring.teachers(TEXT, NAME, TASKS, SUBJECT, hidden=hidden.properties(HIDDEN))
    release = authoring.written(authoring.release(teachers))
    return authoring.Assignment(NAME, "toys", release, authoring.written(teachers), HIDDEN, ("weigh", "blend"), SUBJECT)
