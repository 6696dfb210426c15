"""Task 4: where the eye goes, when it keeps away from its last looks for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from attnbook import core
from attnbook.core import cognitive
from nbjudge.judging.compare import keeps_arguments, right_values, symptoms
from nbjudge.judging.spec import Case, Mistake, Property, Task, TroubleError, mistakes

__all__ = ["SCAN", "as_places", "scan"]

Array = Any  # of NumPy


def _away(places: Array, looked: Array) -> Array:
    """Return how far each place is from each place looked at, as the crow flies: (n, looks)."""
    return -core.negative_distance(places.astype(float), looked.astype(float))


def _steps(places: Array, looked: Array) -> Array:
    """Return how many rows and columns lie between them: (n, looks, 2)."""
    return np.abs(places[:, None] - looked)


def scan(priority: Array, looks: int, reach: float, memory: int, *, away: Any = _away, frees: bool = False) -> Array:
    """Go to the best place that is free, as often as asked for.

    Two things can be wrong: how far `away` a place is, and that forgetting `frees` a window, whoever else inhibits it.
    """
    places = np.indices(priority.shape).reshape(2, -1).T
    seen: Array = np.zeros((0, 2), dtype=int)
    free: Array = np.ones(len(places), dtype=bool)
    for _ in range(looks):
        near = away(places, seen) <= reach + 1e-9 if len(seen) else np.zeros((len(places), 0), dtype=bool)
        held = len(seen) - memory
        if frees:
            free &= ~near[:, -1:].any(axis=1)
            free |= near[:, max(0, held - 1) : max(0, held)].any(axis=1)
        else:
            free = ~near[:, max(0, held) :].any(axis=1)
        found = cognitive.fixations(np.where(free.reshape(priority.shape), priority, 0.0), 1, radius=1.0)
        if not len(found):
            break
        seen = np.concatenate([seen, found])
    return seen


def as_places(value: Any) -> Any:
    """Take a list of pairs for an array of two columns, and anything empty for one without rows."""
    if isinstance(value, tuple | list):
        if not all(isinstance(one, tuple | list | np.ndarray) and len(one) == 2 for one in value):
            raise TroubleError("returned a list that does not hold a pair (row, column) for each look")
        value = np.array(value)
    return np.zeros((0, 2), dtype=int) if isinstance(value, np.ndarray) and value.size == 0 else value


def _inhibits(away: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    return lambda *given: scan(*given, away=away)


def _wrapped(places: Array, looked: Array, reach: float) -> Array:
    """In priority[y - reach : y + reach + 1, …] nothing is left where y - reach is below 0."""
    return np.where((looked < reach).any(axis=1), np.inf, _steps(places, looked).max(axis=2))


def _turned(priority: Array) -> Array:
    return np.array(priority.shape) - 1


STAYS = Mistake(
    "your eye stays where it is: after a look, all places within `reach` of it are out of the question",
    lambda p, looks, reach, memory: scan(p, looks, reach, 0),
)
LOOKS = mistakes(
    STAYS,
    "your window of inhibition is too narrow by its rim: a place exactly `reach` away is inhibited too (≤, not <)",
    lambda p, looks, reach, memory: scan(p, looks, reach - 1e-6, memory),
    "your window of inhibition is too wide: a place that is farther than `reach` away is free",
    lambda p, looks, reach, memory: scan(p, looks, reach + 1, memory),
    "your window of inhibition is too narrow: it ends `reach` places away to each side, these included",
    lambda p, looks, reach, memory: scan(p, looks, reach - 1, memory),
    lambda p, looks, reach, memory: scan(p, looks, reach / 2, memory),
    "you take the highest places as they come: after a look all places within `reach` of it are out of the question, "
    "not only the one looked at",
    lambda p, looks, reach, memory: scan(p, looks, 0, memory),
    "you inhibit a square: a place in its corner is farther away than `reach`, by the root of the sum of squares; and "
    "near the border, a slice that starts at a negative place counts from the end",
    _inhibits(lambda places, looked: _steps(places, looked).max(axis=2)),
    lambda p, looks, reach, memory: scan(p, looks, reach, memory, away=lambda *two: _wrapped(two[0], two[1], reach)),
    "you inhibit a diamond: the distance is the root of the sum of squares, not rows plus columns",
    _inhibits(lambda places, looked: _steps(places, looked).sum(axis=2)),
    "you compare the square of the distance with `reach`: take the root of it, or square `reach` as well",
    lambda p, looks, reach, memory: scan(p, looks, np.sqrt(reach), memory),
    "you press the chapter's soft dent into the map: here places within `reach` are out, and all others untouched",
    lambda p, looks, reach, memory: cognitive.fixations(p, looks, radius=reach),
    "you count rows and columns from 1: the first of each is 0",
    lambda *given: scan(*given) + 1,
    "your rows and columns are swapped: each look is (row, column)",
    lambda *given: scan(*given)[:, ::-1],
    "you turn the place's number into row and column with the number of rows: in reading order, a row has as many "
    "places as there are columns (np.unravel_index knows)",
    lambda p, *rest: np.stack(np.divmod(scan(p, *rest) @ [p.shape[1], 1], p.shape[0]), axis=1),
    "you cut the priorities down to whole numbers: copy the map as it is, or with astype(float)",
    lambda p, *rest: scan(np.floor(p), *rest),
    "your eye goes to the lowest place first: it goes where the priority is highest",
    lambda p, *rest: scan(p.max() + 1 - p, *rest),
    "your eye keeps away from its last look only, and goes back to an earlier one: the last `memory` looks count",
    lambda p, looks, reach, memory: scan(p, looks, reach, 1),
)


def _strays(case: Case, looks: Array) -> bool:
    """Does the first look miss the highest place?"""
    priority = case.arguments[0]
    return bool((looks[0] != np.unravel_index(priority.argmax(), priority.shape)).any())


def _returns(case: Case, looks: Array) -> bool:
    """Is a look within reach of another one?"""
    return bool((_away(looks, looks)[np.triu_indices(len(looks), 1)] <= case.arguments[2]).any())


ASTRAY = symptoms(
    "your first look is wrong already: it goes to the highest place of the whole map",
    _strays,
    "you look at a place within `reach` of an earlier look",
    _returns,
    "you pass over a place that is free: only places within `reach` of a look are out of the question",
)
FORGETTING = symptoms(
    "your eye goes astray once it forgets: write down for a few steps which looks are the last `memory` ones",
)
MEMORY = mistakes(
    STAYS,
    "your eye never forgets: only the last `memory` looks inhibit, and what is around an older one is free again",
    lambda p, looks, reach, memory: scan(p, looks, reach, looks),
    "your eye forgets one look too early: it holds the last `memory` looks",
    lambda p, looks, reach, memory: scan(p, looks, reach, memory - (memory < looks)),
    "your eye forgets one look too late: it holds the last `memory` looks and no more",
    lambda p, looks, reach, memory: scan(p, looks, reach, memory + 1),
    "when your eye forgets a look, it frees places that a later look still inhibits: where two windows overlap, a "
    "place is free only when both are forgotten",
    lambda *given: scan(*given, frees=True),
)
ENDS = mistakes(
    "your eye goes on when nothing above 0 is free, or you fill up with looks that never were: end the scan there, and "
    "return fewer rows",
    lambda p, looks, *rest: np.pad(seen := scan(p, looks, *rest), ((0, looks - len(seen)), (0, 0))),
    lambda p, *rest: scan(p + 1e-9, *rest),
)
TIES = mistakes(
    "of equal places you take the last: the first in reading order is meant, as np.argmax takes it",
    lambda p, *rest: _turned(p) - scan(p[::-1, ::-1], *rest),
    lambda p, *rest: _turned(p) - scan(p.T[::-1, ::-1], *rest)[:, ::-1],
    "of equal places you take the leftmost: reading order goes by rows, the topmost first",
    lambda p, *rest: scan(p.T, *rest)[:, ::-1],
)


def _landscape(draw: np.random.Generator, rows: int, columns: int, reach: int) -> Array:
    """Draw a map with a summit around which stands, at telling distances, what a wrong window would take or leave.

    From a reach of 6 on, half of it, its root, and one less than it are windows that differ.
    """
    low = draw.uniform(0.05, 0.6, (rows, columns))
    y, x = (int(draw.integers(reach + 1, size - reach - 1)) for size in (rows, columns))
    turn = np.diag(draw.choice([-1, 1], 2))[:: draw.choice([-1, 1])]
    inside = ((0, 1), (2, 2), (4, 0), (reach, 0), (-4, 4))
    outside = ((reach, reach), (0, -reach - 1))
    for number, (down, across) in enumerate((inside + outside) @ turn):
        low[y + down, x + across] = 0.98 - 0.02 * number + draw.uniform(0, 0.01)
    low[y, x] = 1.0
    return low


def _plain(draw: np.random.Generator) -> Iterator[Case]:
    """As many looks as the eye remembers, so that it need not forget."""
    for rows, columns, reach, looks in ((17, 25, 6, 5), (21, 18, 6, 4), (19, 27, 7, 6)):
        yield Case((_landscape(draw, rows, columns, reach), looks, reach, looks))


def _forgetting(draw: np.random.Generator) -> Iterator[Case]:
    for rows, columns, reach, looks, memory in ((9, 14, 2, 9, 2), (12, 8, 2, 11, 3), (10, 13, 3, 12, 4)):
        yield Case((draw.uniform(0.05, 1, (rows, columns)), looks, reach, memory))
    while True:  # until it shows when too much is freed
        case = Case((draw.uniform(0.05, 1, (6, 8)), 14, 3, 3))
        if not np.array_equal(scan(*case.arguments), scan(*case.arguments, frees=True)):
            break
    yield case


def _islands(draw: np.random.Generator) -> Iterator[Case]:
    """A few high places in a sea of 0, fewer than there are looks."""
    for rows, columns, reach, looks, memory in ((8, 13, 2, 9, 9), (11, 7, 1, 12, 12), (6, 10, 20, 5, 2)):
        priority = np.zeros((rows, columns))
        priority.flat[1 + draw.permutation(priority.size - 1)[:5]] = draw.uniform(0.2, 1, 5)
        yield Case((priority, looks, reach, memory))
    yield Case((np.zeros((4, 6)), 3, 1, 2))


def _plateaus(draw: np.random.Generator) -> Iterator[Case]:
    """Whole numbers, of which many are equal."""
    for rows, columns, reach, looks in ((8, 13, 2, 6), (12, 7, 1, 8)):
        yield Case((draw.integers(1, 4, (rows, columns)), looks, reach, looks))


def _right(priority: Array, *rest: Any) -> Array:
    return scan(np.asarray(priority, dtype=float), *rest)


SCAN = Task(
    "scan",
    "cognitive",
    "Go from one best place to the next, and keep away from where the last looks were.",
    _right,
    (
        Property(
            "looks",
            "goes to the highest place, and then to the highest that is farther than `reach` from all looks",
            1.5,
            right_values(_right, _plain, LOOKS, symptoms=ASTRAY, part=as_places),
        ),
        Property(
            "memory",
            "is free to go back to what it saw more than `memory` looks ago",
            1,
            right_values(_right, _forgetting, MEMORY, symptoms=FORGETTING, part=as_places),
        ),
        Property(
            "ends",
            "ends the scan when nothing above 0 is free",
            0.5,
            right_values(_right, _islands, ENDS, part=as_places),
        ),
        Property(
            "ties",
            "takes the first in reading order of places that are equally high",
            0.5,
            right_values(_right, _plateaus, TIES, part=as_places),
        ),
        Property("arguments", "leaves the priority map as it was", 0.5, keeps_arguments(_plain)),
    ),
)
