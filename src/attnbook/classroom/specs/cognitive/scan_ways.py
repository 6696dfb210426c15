"""Task 4, the right way and the wrong ones: where the eye goes, when it keeps away from its last looks for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from attnbook import core
from attnbook.core import cognitive
from nbjudge.judging.compare import Symptom
from nbjudge.judging.spec import Case, Mistake, TroubleError

__all__ = [
    "END_MISTAKES",
    "FORGETTING",
    "LOOK_MISTAKES",
    "LOOK_SYMPTOMS",
    "MEMORY_MISTAKES",
    "OVERLAP",
    "TIE_MISTAKES",
    "Array",
    "as_places",
    "freed",
    "scan",
]

Array = Any  # of NumPy
Away = Callable[[Array, Array], Array]


def _away(places: Array, looked: Array) -> Array:
    """Return how far each place is from each place looked at, as the crow flies: (n, looks)."""
    return -core.negative_distance(places.astype(float), looked.astype(float))


def walk(
    priority: Array,
    looks: int,
    reach: float,
    memory: int,
    *,
    away: Away = _away,
    held: Callable[[list[Any], int], list[Any]] = lambda seen, memory: seen[max(0, len(seen) - memory) :],
    ends: bool = True,
) -> Array:
    """Go to the best place that is free, as often as asked for; what is free, and how far it is, can be wrong."""
    places = np.indices(priority.shape).reshape(2, -1).T
    seen: list[Any] = []
    for _ in range(looks):
        free = np.ones(len(places), dtype=bool)
        if last := held(seen, memory):
            free = (away(places, np.array(last)) > reach + 1e-9).all(axis=1)
        rest = np.where(free.reshape(priority.shape), priority, 0.0)
        found = cognitive.fixations(rest, 1, radius=1.0)
        if not len(found):
            if ends:
                break
            found = np.zeros((1, 2), dtype=int)
        seen.append(found[0])
    return np.array(seen, dtype=int).reshape(-1, 2)


def scan(priority: Array, looks: int, reach: float, memory: int) -> Array:
    """Where the eye goes."""
    return walk(priority, looks, reach, memory)


def as_places(value: Any) -> Any:
    """Take a list of pairs for an array of two columns, and anything empty for one without rows."""
    if isinstance(value, tuple | list):
        if not all(isinstance(one, tuple | list | np.ndarray) and len(one) == 2 for one in value):
            raise TroubleError("returned a list that does not hold a pair (row, column) for each look")
        value = np.array(value)
    if isinstance(value, np.ndarray) and value.size == 0:
        return np.zeros((0, 2), dtype=int)
    return value


def _square(places: Array, looked: Array) -> Array:
    return np.abs(places[:, None] - looked).max(axis=2)


def _square_slice(priority: Array, looks: int, reach: float, memory: int) -> Array:
    """A wrong way: priority[y - reach : y + reach + 1, …] is empty where y - reach is below 0."""

    def away(places: Array, looked: Array) -> Array:
        return np.where((looked < reach).any(axis=1), np.inf, _square(places, looked))

    return walk(priority, looks, reach, memory, away=away)


def _in_row(places: Array, looked: Array) -> Array:
    across = np.abs(places[:, None, 1] - looked[:, 1])
    return np.where(places[:, None, 0] == looked[:, 0], across, np.inf)


def _streets(places: Array, looked: Array) -> Array:
    return np.abs(places[:, None] - looked).sum(axis=2)


def _turned(priority: Array, *rest: Any) -> Array:
    return scan(priority, *rest)[:, ::-1]


def _miscounted(priority: Array, *rest: Any) -> Array:
    flat = scan(priority, *rest) @ [priority.shape[1], 1]
    return np.stack(np.divmod(flat, priority.shape[0]), axis=1)


def _backwards(priority: Array, *rest: Any) -> Array:
    """A wrong way: of equal places, the last in reading order."""
    return np.array(priority.shape) - 1 - scan(priority[::-1, ::-1], *rest)


def _by_columns(priority: Array, *rest: Any) -> Array:
    return scan(priority.T, *rest)[:, ::-1]


STAYS = Mistake(
    "your eye stays where it is: after a look, all places within `reach` of it are out of the question",
    lambda priority, looks, reach, memory: scan(priority, looks, reach, 0),
)
LOOK_MISTAKES = (
    STAYS,
    Mistake(
        "your window of inhibition is too narrow by its rim: a place exactly `reach` away is inhibited too (≤, not <)",
        lambda priority, looks, reach, memory: scan(priority, looks, reach - 1e-6, memory),
    ),
    Mistake(
        "your window of inhibition is too wide: a place that is farther than `reach` away is free",
        lambda priority, looks, reach, memory: scan(priority, looks, reach + 1, memory),
    ),
    Mistake(
        "your window of inhibition is one place too narrow: it ends `reach` places away, these included",
        lambda priority, looks, reach, memory: scan(priority, looks, reach - 1, memory),
    ),
    Mistake(
        "you take the highest places as they come: after a look all places within `reach` of it are out of the "
        "question, not only the one looked at",
        lambda priority, looks, reach, memory: scan(priority, looks, 0, memory),
    ),
    Mistake(
        "you inhibit a square: a place in its corner is farther away than `reach`, by the root of the sum of squares",
        lambda priority, looks, reach, memory: walk(priority, looks, reach, memory, away=_square),
    ),
    Mistake(
        "you inhibit a square, and near the border nothing at all: a slice that starts at a negative place counts from "
        "the end; and a place in the corner of a square is farther away than `reach`",
        _square_slice,
    ),
    Mistake(
        "you inhibit a diamond: the distance is the root of the sum of squares, not rows plus columns",
        lambda priority, looks, reach, memory: walk(priority, looks, reach, memory, away=_streets),
    ),
    Mistake(
        "you compare the square of the distance with `reach`: take the root of it, or square `reach` as well",
        lambda priority, looks, reach, memory: scan(priority, looks, np.sqrt(reach), memory),
    ),
    Mistake(
        "you take `reach` for the width of the whole window: it is how far inhibition reaches to each side",
        lambda priority, looks, reach, memory: scan(priority, looks, reach / 2, memory),
    ),
    Mistake(
        "you press the chapter's soft dent into the map: here places within `reach` are out, and all others untouched",
        lambda priority, looks, reach, memory: cognitive.fixations(priority, looks, radius=reach),
    ),
    Mistake("you count rows and columns from 1: the first of each is 0", lambda p, *rest: scan(p, *rest) + 1),
    Mistake(
        "you inhibit only the row of a look: places within `reach` lie above and below it too",
        lambda priority, looks, reach, memory: walk(priority, looks, reach, memory, away=_in_row),
    ),
    Mistake("your rows and columns are swapped: each look is (row, column)", _turned),
    Mistake(
        "you turn the place's number into row and column with the number of rows: in reading order, a row has as many "
        "places as there are columns (np.unravel_index knows)",
        _miscounted,
    ),
    Mistake(
        "you cut the priorities down to whole numbers: copy the map as it is, or with astype(float)",
        lambda priority, *rest: scan(np.floor(priority), *rest),
    ),
    Mistake(
        "your eye goes to the lowest place first: it goes where the priority is highest",
        lambda priority, *rest: scan(priority.max() + 1 - priority, *rest),
    ),
    Mistake(
        "your eye keeps away from its last look only, and goes back to an earlier one: the last `memory` looks count",
        lambda priority, looks, reach, memory: scan(priority, looks, reach, 1),
    ),
)


def _strays(case: Case, looks: Array) -> bool:
    """Does the first look miss the highest place?"""
    priority = case.arguments[0]
    return bool((looks[0] != np.unravel_index(priority.argmax(), priority.shape)).any())


def _returns(case: Case, looks: Array) -> bool:
    """Is a look within reach of another one?"""
    apart = _away(looks, looks)[np.triu_indices(len(looks), 1)]
    return bool((apart <= case.arguments[2]).any())


LOOK_SYMPTOMS = (
    Symptom("your first look is wrong already: it goes to the highest place of the whole map", _strays),
    Symptom("you look at a place within `reach` of an earlier look", _returns),
    Symptom(
        "you pass over a place that is free: only places within `reach` of a look are out of the question",
        lambda case, got: True,
    ),
)
FORGETTING = Symptom(
    "your eye goes astray once it forgets: write down for a few steps which looks are the last `memory` ones",
    lambda case, got: True,
)
MEMORY_MISTAKES = (
    STAYS,
    Mistake(
        "your eye never forgets: only the last `memory` looks inhibit, and what is around an older one is free again",
        lambda priority, looks, reach, memory: scan(priority, looks, reach, looks),
    ),
    Mistake(
        "your eye forgets one look too early: it holds the last `memory` looks",
        lambda priority, looks, reach, memory: scan(priority, looks, reach, memory - 1),
    ),
    Mistake(
        "your eye forgets one look too late: it holds the last `memory` looks and no more",
        lambda priority, looks, reach, memory: scan(priority, looks, reach, memory + 1),
    ),
    Mistake(
        "your eye holds the first looks and never the later ones: it is the last `memory` looks that inhibit",
        lambda priority, looks, reach, memory: walk(
            priority, looks, reach, memory, held=lambda seen, memory: seen[:memory]
        ),
    ),
    Mistake(
        "your eye forgets all looks at once when its memory is full: they are forgotten one by one, the oldest first",
        lambda priority, looks, reach, memory: walk(
            priority, looks, reach, memory, held=lambda seen, memory: seen[len(seen) // memory * memory :]
        ),
    ),
    Mistake(
        "your eye holds one look only: the last `memory` looks inhibit",
        lambda priority, looks, reach, memory: scan(priority, looks, reach, 1),
    ),
)
OVERLAP = Mistake(
    "when your eye forgets a look, it frees places that a later look still inhibits: where two windows overlap, a "
    "place is free only when both are forgotten",
    lambda *arguments: freed(*arguments),
)
END_MISTAKES = (
    Mistake(
        "your eye goes on when nothing above 0 is free, or you fill up with looks that never were: end the scan there, "
        "and return fewer rows",
        lambda priority, looks, reach, memory: walk(priority, looks, reach, memory, ends=False),
    ),
    Mistake(
        "your scan ends one look too early: a place above 0 was still free",
        lambda priority, *rest: scan(priority, *rest)[:-1],
    ),
    Mistake(
        "your eye goes on when nothing above 0 is free: when the highest that is left is 0, end the scan",
        lambda priority, *rest: scan(priority + 1e-9, *rest),
    ),
)
TIE_MISTAKES = (
    Mistake(
        "of equal places you take the last: the first in reading order is meant, as np.argmax takes it", _backwards
    ),
    Mistake("of equal places you take the leftmost: reading order goes by rows, the topmost first", _by_columns),
    Mistake(
        "of equal places you take the last: the first in reading order is meant, as np.argmax takes it",
        lambda priority, *rest: scan(priority.T[::-1, ::-1], *rest)[:, ::-1] * -1 + np.array(priority.shape) - 1,
    ),
)


def freed(priority: Array, looks: int, reach: float, memory: int) -> Array:
    """A wrong way: forgetting puts the whole window back, whoever else inhibits a part of it."""
    places = np.indices(priority.shape).reshape(2, -1).T
    free, seen = np.ones(len(places), dtype=bool), np.zeros((0, 2), dtype=int)
    for _ in range(looks):
        if len(seen) > memory:
            free |= _away(places, seen[-memory - 1 : -memory])[:, 0] <= reach
        found = cognitive.fixations(np.where(free.reshape(priority.shape), priority, 0.0), 1, radius=1.0)
        if not len(found):
            break
        seen = np.concatenate([seen, found])
        free &= _away(places, found)[:, 0] > reach
    return seen
