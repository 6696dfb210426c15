"""The tasks of Chapter 1: four functions of a drone that looks for one parasol on a crowded beach.

If you are a student: you are welcome here. Each task lists what a right function does (its properties, with points) and
the mistakes that people make (the words that you would read, and what is wrong in that way). Maps are arrays `(y, x)`,
rows from the top down; several maps are `(f, y, x)`. Your function is compared with the book's own, which is built on
`attnbook.core`; that is not at hand where it is graded, so write yours from the formula.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from attnbook import core
from attnbook.core import cognitive
from nbjudge.judging.common_mistakes import mean_for_sum, negated
from nbjudge.judging.draw import changed, each, telling
from nbjudge.judging.parts import all_of, first_of, rows_of, well_inside
from nbjudge.judging.rows import arguments, kinds, task, values
from nbjudge.judging.spec import Case
from nbjudge.judging.symptoms import infinite, negative, not_one

__all__ = ["AT_THE_BORDER", "EMPTY", "LOOKS", "NOTHING", "PAIR", "TASKS", "flat_maps", "maps", "scan"]

Array = Any  # of NumPy
Draw = np.random.Generator
Function = Callable[..., Any]

# --- Task 1: how much each place differs from what is around it, with square windows instead of blurs ---


def _mean(v: Array, before: int, after: int | None = None, last: int = 0) -> Array:
    """Return the mean of each place's window, over the places that exist, without the `last` rows and columns."""
    shares = []
    for size in v.shape:
        i, j = np.indices((size, size))  # how much j counts in the window of i
        inside = (i - before <= j) & (j <= i + (before if after is None else after)) & (j < size - last)
        shares.append(inside / inside.sum(axis=1, keepdims=True))
    return shares[0] @ v @ shares[1].T


def local_contrast(values: Array, near: int, far: int) -> Array:
    """The mean near by minus the mean farther around."""
    return _mean(values, near) - _mean(values, far)


def _beyond(mode: Any) -> Function:
    """Go on beyond the border with numbers that do not exist."""
    return lambda v, near, far: local_contrast(np.pad(v, far, mode=mode), near, far)[far:-far, far:-far]


BORDER = "near the border"
AT_THE_BORDER = (
    f"{BORDER} you count places that do not exist as zeros: divide by how many places are left in the window",
    _beyond("constant"),
    f"{BORDER} you go on beyond the edge, with the last number or in a mirror: only places that exist count",
    *map(_beyond, ("edge", "reflect")),
    f"{BORDER} your windows come in again on the other side, as with np.roll or negative indices: cut them off",
    _beyond("wrap"),
    f"{BORDER} you leave 0 wherever the wide window does not fit: average over the part of it that exists",
    lambda v, near, far: np.pad(local_contrast(v, near, far)[far:-far, far:-far], far),
    f"{BORDER}, below and to the right, you leave out the last row or column: a slice leaves out its end",
    lambda v, near, far: _mean(v, near, last=1) - _mean(v, far, last=1),
)
EMPTY = (
    f"{BORDER} some windows are empty: a slice that starts at a negative place counts from the end; start at 0",
    infinite,
)
INSIDE = well_inside(5)
flat_maps = partial(each, lambda draw, near, far, *shape: (draw.normal(1.5, 1.0, shape), near, far))
WIDE = flat_maps((1, 3, 14, 17), (2, 4, 16, 14), (1, 4, 13, 15))
NARROW = flat_maps((1, 3, 9, 12), (2, 4, 14, 11))
CONTRAST = task(
    local_contrast,
    "Subtract from the mean near each place the mean farther around it.",
    values(
        ("inside", 1, "gives the mean near by minus the mean farther around, well inside the map"),
        WIDE,
        "your windows end one place too early, to the right and below: a slice leaves out its end, so add 1 to it",
        lambda v, near, far: _mean(v, near, near - 1) - _mean(v, far, far - 1),
        "your windows have the wrong width: they end `near` and `far` places away to each side, these included",
        lambda v, near, far: local_contrast(v, near // 2, far // 2),
        "you return the mean of one window: the contrast is the mean near by minus the mean of the wide window",
        lambda v, near, far: _mean(v, near),
        "your difference is the wrong way round: it is near minus far, so that a bright spot has a positive contrast",
        negated(local_contrast),
        "you take away the sign, or make negative contrasts 0: a dark spot on bright ground has a negative contrast",
        *(lambda *given, f=f: f(local_contrast(*given)) for f in (np.abs, lambda x: np.maximum(0, x))),
        "you subtract the surround from the place itself: the centre is a mean too, over the window of `near`",
        lambda v, near, far: v - _mean(v, far),
        "you add up the numbers of each window, but you do not divide by how many there are, (2 · reach + 1)²",
        lambda v, near, far: _mean(v, near) * (2 * near + 1) ** 2 - _mean(v, far) * (2 * far + 1) ** 2,
        seen=(
            "well inside, your map is 0 everywhere: does the return stand in a loop, so that it ends too early?",
            lambda case, got: not got.any(),
            "well inside the map your numbers are wrong: work a small map out by hand. Both windows are whole squares, "
            "each mean is their sum divided by the number of places there, and the result is a new array",
        ),
        part=INSIDE,
    ),
    values(
        ("border", 1, "averages, at the border, over the places that exist"),
        NARROW,
        *AT_THE_BORDER,
        seen=(*EMPTY, f"{BORDER} some of your numbers are wrong: in a corner, the window of reach 1 holds four places"),
    ),
    values(
        ("reaches", 0.5, "takes a centre of one place, and a surround that is wider than the map"),
        flat_maps((0, 2, 7, 10), (0, 1, 6, 4), (1, 8, 5, 12), (2, 30, 8, 6)),
        *AT_THE_BORDER,
        seen=EMPTY,
    ),
    kinds(0.5, WIDE, part=INSIDE),
    arguments(0.5, NARROW),
)

# --- Task 2: a map of what stands out, in which a feature counts the more, the rarer its high places are ---


def _top(c: Array) -> Array:
    return c.max(axis=(1, 2), keepdims=True)


def _scaled(c: Array) -> Array:
    """Make of each map one whose greatest number is 1, with nothing below 0: the chapter's priority does so."""
    return cognitive.priority(c, np.zeros_like(c), mix=0)


def _rarity(c: Array, high: Array | None = None) -> Array:
    """The logarithm of how rare it is that a place is high; where none is, the scaled map is 0 anyway. (f,)."""
    high = c >= 0.5 * _top(c) if high is None else high
    return np.log(c[0].size / np.maximum(1, high.sum(axis=(1, 2))))


def _shared(c: Array, *, all_of_them: bool = True) -> Array:
    """The same, where high is half of the greatest number of all; maps without anything so high may count or not."""
    high = c >= 0.5 * c.max()
    return _rarity(c, high) * (all_of_them | high.any(axis=(1, 2)))


def rarity_map(contrasts: Array, *, weights: Function = _rarity, maps: Function = _scaled) -> Array:
    """A search whose query is not a wish, but how rare each feature is."""
    contrasts = np.asarray(contrasts, dtype=float)
    return cognitive.search(maps(contrasts), weights(contrasts))


def _heavy(draw: Draw, *shape: int) -> tuple[Array]:
    """Maps of both signs in different units, of which some have few high places and some have many."""
    maps = draw.normal(0.1, 1.0, shape)
    for place, power in enumerate(draw.permutation(len(maps))):
        maps[place] = np.sign(maps[place]) * np.abs(maps[place]) ** (0.5 + power) * draw.uniform(0.4, 4.0)
        highest, lowest = draw.permutation(maps[place].size)[:2]
        maps[place].flat[highest] = 1.1 * np.abs(maps[place]).max()
        maps[place].flat[lowest] = -1.5 * maps[place].max()  # farther from 0 than the highest
    other = (_top(maps).argmax() + draw.integers(1, len(maps))) % len(maps)  # the greatest number of all is not alone
    maps[other] *= 0.8 * maps.max() / maps[other].max()
    return (maps,)


def _whole(draw: Draw, most: int, top: int, *shape: int) -> tuple[Array]:
    """Three times these numbers is whole; places with half of the greatest one are many if it is even, none if odd."""
    maps = draw.integers(-most, most + 1, shape) * draw.choice([0.2, 0.5, 1.0], shape) // 1
    maps[:, 2, 3] = top
    return (maps / 3,)


SHARES = (_shared, partial(_shared, all_of_them=False), _rarity)
EACH = "for each map by itself, over its rows and columns, axis=(1, 2)"
NOTHING = (
    "in a map without anything above 0 you divide by 0, which makes NaN or ∞: such a map adds nothing; leave it out",
    infinite,
)
HEAVY = each(_heavy, (3, 7, 9), (4, 11, 6), (2, 5, 13))
RARITY = task(
    rarity_map,
    "Add up maps of contrast, each weighed by how rare its high places are.",
    values(
        ("rare", 1.5, "scales each map, weighs it by how rare its high places are, and adds"),
        HEAVY,
        "all your maps count the same: multiply each one by how rare it is, ln(n / n_f), before you add them up",
        partial(rarity_map, weights=lambda c: np.ones(len(c))),
        "you add the maps up as they are: first scale each one, and multiply it by how rare it is, ln(n / n_f)",
        *(lambda c: c.sum(axis=0), lambda c: np.maximum(0, c).sum(axis=0)),
        "your weights are upside down: the weight is ln(n / n_f), so that what is rare counts most",
        partial(rarity_map, weights=lambda c: -_rarity(c)),
        "you forgot the logarithm, or its base is 2: the weight is ln(n / n_f), with np.log",
        *(partial(rarity_map, weights=lambda c, f=f: f(_rarity(c))) for f in (np.exp, lambda x: x / np.log(2))),
        "your n is not how many places one map has, rows times columns, be they above 0 or not",
        partial(rarity_map, weights=lambda c: _rarity(c) + np.log(len(c))),
        f"you measure all maps by the greatest number of all, so that one in large units takes it all: do it {EACH}",
        *(partial(rarity_map, maps=lambda c: np.maximum(0, c) / c.max(), weights=of) for of in SHARES),
        "your n_f is not how many places of a map reach half of its own greatest number, be that half whole or not",
        *(partial(rarity_map, weights=lambda c, least=least: _rarity(c, c >= least)) for least in (0, 0.5)),
        f"you do not divide each map by its greatest number, so that one in large units drowns the rest: do it {EACH}",
        partial(rarity_map, maps=lambda c: np.maximum(0, c)),
        "you shift each map until its least number is 0: what is below 0 becomes 0, and nothing else is moved",
        lambda c: rarity_map(c - c.min(axis=(1, 2), keepdims=True)),
        "you keep what is below 0, or its size: a place that is less than its surround adds nothing, so make it 0",
        partial(rarity_map, maps=lambda c: c / _top(c)),
        lambda c: rarity_map(np.abs(c)),
        "you use one map only: is there a return inside the loop, or = where you should add to what you have (+=)?",
        *(lambda c: rarity_map(c[:1]), lambda c: rarity_map(c[-1:])),
        "your weighed maps are not simply added up: no mean, no greatest, no root, and no division in the end",
        mean_for_sum(rarity_map, axis=0),
        seen=(
            "in some map no place reaches half, and you divide by 0: compare each map with its own greatest number",
            infinite,
            "your numbers are wrong: work out by hand, for one small map, the scaled map and its weight ln(n / n_f)",
        ),
        shapes="one number for each map, (f,), does not fit to (f, y, x): keep the axes with keepdims=True",
    ),
    values(
        ("half", 0.5, "counts a place that has exactly half of the greatest number"),
        each(_whole, (4, 6, 3, 6, 8), (3, 4, 2, 9, 5)),
        "you do not count a place that reaches exactly half (≥), or a small number that you add makes it fall short",
        partial(rarity_map, weights=lambda c: _rarity(c, c > _top(c) / 2)),
    ),
    values(
        ("silent", 0.5, "adds nothing for a map in which nothing is above 0"),
        changed(
            each(_heavy, (4, 6, 9), (3, 8, 5)),  # one map is nowhere above 0, and one of nothing but 0
            lambda draw, maps: (np.stack([maps[0], -np.abs(maps[1]) - 0.1, 0 * maps[2], *maps[3:]]),),
        ),
        seen=(*NOTHING, "a map without anything above 0 changes the others: leave it out, and go on with the next one"),
    ),
    kinds(0.5, each(_whole, (10, 11, 3, 7, 9), (10, 11, 2, 8, 5))),
    arguments(0.5, HEAVY),
)

# --- Task 3: a mask over all places for a wish, and the colour that is read out through it ---


def _softmax(scores: Array, temperature: float) -> Array:
    return core.softmax(scores.reshape(1, -1), temperature=temperature).reshape(scores.shape)


def _averaged(mask: Array, image: Array) -> Array:
    return core.dot(mask.reshape(1, -1), image.reshape(mask.size, -1).T)[0]


def glimpse(maps: Array, wish: Array, image: Array, temperature: float, **wrong: Function) -> tuple[Array, Array]:
    """Search, then read; wrong may be the scores, the mask that is made of them, and the colour read through it."""
    scores = wrong.get("scores", cognitive.search)(maps, wish)
    mask = wrong.get("mask", _softmax)(scores, temperature)
    return mask, wrong.get("colour", _averaged)(mask, image)


def maps(draw: Draw, f: int, rows: int, columns: int, temperature: float, depth: int = 3) -> tuple[Any, ...]:
    """Draw maps and a wish with both signs, and an image."""
    wish = draw.normal(0.0, 1.0, f)
    wish[draw.permutation(f)[:2]] = draw.uniform(0.5, 1.5), -draw.uniform(0.5, 1.5)
    return draw.uniform(-0.3, 1.2, (f, rows, columns)), wish, draw.uniform(0, 1, (rows, columns, depth)), temperature


def _loud(draw: Draw, level: float, temperature: float) -> tuple[Any, ...]:
    """Scores that are all far above 0, or all far below."""
    given = maps(draw, 4, 5, 7, temperature)
    given[0][0], given[1][0] = 1 + given[0][0] / 900, level
    return given


PAIR = all_of("mask", "colour")
WITH = "with high scores or a low temperature"
VIEWS = each(maps, (4, 5, 7, 0.6), (7, 6, 4, 1.7), (5, 3, 8, 0.4))
GLIMPSE = task(
    glimpse,
    "Find what is wished for and read its colour: a mask over all places, and a weighted average.",
    values(
        ("mask", 1.5, "returns first a mask: the softmax, over all places, of the scores for the wish"),
        VIEWS,
        "your mask sums to 1 in each row: all places of the map compete, so divide by the sum over both axes",
        partial(glimpse, mask=lambda scores, t: core.softmax(scores, temperature=t)),
        "you do not use the temperature, or it cancels out: divide the scores by it before the exponential",
        lambda maps, wish, image, t: glimpse(maps, wish, image, 1.0),
        "you multiply the scores by the temperature: divide by it, so that a low one makes the mask choosy",
        lambda maps, wish, image, t: glimpse(maps, wish, image, 1 / t),
        "you divide by the temperature twice: once is enough",
        lambda maps, wish, image, t: glimpse(maps, wish, image, t * t),
        "you take the exponential, but you do not divide by the sum over all places",
        partial(glimpse, mask=lambda scores, t: np.exp(scores / t)),
        "you divide by the greatest power, not by their sum: a coloured veil looks right, but is no distribution",
        partial(glimpse, mask=lambda scores, t: np.exp((scores - scores.max()) / t)),
        "you return no softmax of the scores: take their exponentials, and divide each by the sum of all",
        partial(glimpse, mask=lambda scores, t: (scores == scores.max()).astype(float)),
        partial(glimpse, mask=lambda scores, t: scores),
        "you make what is below 0 into 0: maps, wish and scores are taken as they are",
        partial(glimpse, scores=lambda maps, wish: np.maximum(0, cognitive.search(maps, wish))),
        partial(glimpse, scores=lambda maps, wish: cognitive.search(np.maximum(0, maps), wish)),
        "mask and colour stand in each other's place: return mask, colour",
        lambda *given: glimpse(*given)[::-1],
        "your mask is one long row: give it back the form of a map with .reshape(rows, columns)",
        partial(glimpse, mask=lambda scores, t: core.softmax(scores.ravel(), temperature=t)),
        "you subtract another number in each row before the exponential: then the rows no longer compete fairly",
        partial(glimpse, scores=lambda maps, wish: (s := cognitive.search(maps, wish)) - s.max(axis=1, keepdims=True)),
        "your places are shuffled: reshape does not turn axes; use maps.reshape(f, -1).T, or sum over the first axis",
        partial(glimpse, scores=lambda maps, wish: (maps.reshape(-1, len(maps)) @ wish).reshape(maps.shape[1:])),
        seen=(
            "your mask has negative numbers in it: divide exponentials, not scores",
            negative,
            "your mask does not sum to 1 over all places: divide by the sum over both axes",
            not_one(),
            "your mask is wrong: each score is the sum of wish times map over all features, divided by the temperature",
        ),
        shapes="give a wish (f,) two more axes before it meets maps (f, y, x), wish[:, None, None], and a mask (y, x) "
        "one more before it meets an image (y, x, v), mask[:, :, None]",
        part=first_of("mask", "colour"),
        called="mask",
    ),
    values(
        ("colour", 1, "returns then the average colour of the image, weighed by the mask"),
        VIEWS,
        "you weigh the places by something else than the mask, which sums to 1, or by nothing",
        partial(glimpse, colour=lambda mask, image: image.mean(axis=(0, 1))),
        lambda *given: (glimpse(*given)[0], _averaged(cognitive.search(*given[:2]), given[2])),
        "you read out the colour of one place, the highest of the mask: average over all places, weighed by the mask",
        partial(glimpse, colour=lambda mask, image: image.reshape(mask.size, -1)[mask.argmax()]),
        "add up over rows and columns, and only over them: one number is left for each colour",
        partial(glimpse, colour=lambda mask, image: float(_averaged(mask, image).sum())),
        partial(glimpse, colour=lambda mask, image: mask[..., None] * image),
        part=PAIR,
    ),
    values(
        ("loud", 0.5, "stands scores of ±900 and very low temperatures"),
        each(_loud, (900.0, 1.0), (-900.0, 1.0), (0.0, 0.001)),
        seen=(
            f"{WITH} your exponentials are too large, or all 0: subtract the highest score of all places",
            infinite,
            f"{WITH} your mask is wrong: do not cut the scores off, subtract the highest of all, not of a row",
        ),
        part=first_of("mask", "colour"),
        called="mask",
    ),
    kinds(0.5, VIEWS, part=PAIR),
    arguments(0.5, VIEWS),
)

# --- Task 4: where the eye goes, when it keeps away from its last looks for a while ---


def _away(places: Array, looked: Array) -> Array:
    """Return how far each place is from each place looked at, as the crow flies: (n, looks)."""
    return -core.negative_distance(places.astype(float), looked.astype(float))


def _apart(places: Array, looked: Array) -> Array:
    """Return how many rows and columns lie between them: (n, looks, 2)."""
    return np.abs(places[:, None] - looked)


def scan(priority: Array, looks: int, reach: float, memory: int, *, away: Any = _away, frees: bool = False) -> Array:
    """Go to the best free place; `away` may be wrong, and so is that forgetting `frees` what others inhibit."""
    places, seen = np.indices(priority.shape).reshape(2, -1).T, np.zeros((0, 2), dtype=int)
    free: Array = np.ones(len(places), dtype=bool)
    for _ in range(looks):
        near = away(places, seen) <= reach + 1e-9 if len(seen) else np.zeros((len(places), 0), dtype=bool)
        held = len(seen) - memory
        if frees:
            free &= ~near[:, -1:].any(axis=1)
            free |= near[:, max(0, held - 1) : max(0, held)].any(axis=1)
        else:
            free = ~near[:, max(0, held) :].any(axis=1)
        ahead = np.where(free.reshape(priority.shape), priority, 0.0).astype(float)
        found = cognitive.fixations(ahead, 1, radius=1.0)
        if not len(found):
            break
        seen = np.concatenate([seen, found])
    return seen


def _strays(case: Case, looks: Array) -> bool:
    """Does the first look miss the highest place?"""
    priority = case.arguments[0]
    return bool((looks[0] != np.unravel_index(priority.argmax(), priority.shape)).any())


def _returns(case: Case, looks: Array) -> bool:
    """Is a look within reach of another one?"""
    return bool((_away(looks, looks)[np.triu_indices(len(looks), 1)] <= case.arguments[2]).any())


def _landscape(draw: Draw, rows: int, columns: int, reach: int, looks: int) -> tuple[Any, ...]:
    """Draw a summit around which stands, at telling distances, what a wrong window would take or leave.

    From a reach of 6 on, half of it is telling. There are as many looks as the eye remembers: it need not forget.
    """
    low = draw.uniform(0.05, 0.6, (rows, columns))
    y, x = (int(draw.integers(reach + 1, size - reach - 1)) for size in (rows, columns))
    turn = np.diag(draw.choice([-1, 1], 2))[:: draw.choice([-1, 1])]
    steps = ((0, 1), (2, 2), (4, 0), (reach, 0), (-4, 4), (reach, reach), (0, -reach - 1))  # the last two are outside
    for number, (down, across) in enumerate(steps @ turn):
        low[y + down, x + across] = 0.98 - 0.02 * number + draw.uniform(0, 0.01)
    low[y, x] = 1.0
    return low, looks, reach, looks


def _random(draw: Draw, rows: int, columns: int, *rest: int) -> tuple[Any, ...]:
    return draw.uniform(0.05, 1, (rows, columns)), *rest


def _islands(draw: Draw, rows: int, columns: int, *rest: int) -> tuple[Any, ...]:
    """A few high places in a sea of 0, fewer than there are looks."""
    priority = np.zeros((rows, columns))
    priority.flat[1 + draw.permutation(priority.size - 1)[:5]] = draw.uniform(0.2, 1, 5)
    return (priority * (rows != 4), *rest)


OVERLAP = telling(_random, (scan, partial(scan, frees=True)), (6, 8, 14, 3, 3))  # shows when too much is freed
LOOKS = rows_of("row", "column")
PLAIN = each(_landscape, (17, 25, 6, 5), (21, 18, 6, 4), (19, 27, 7, 6))
STAYS = (
    "your eye stays where it is: after a look, all places within `reach` of it are out of the question",
    lambda p, looks, reach, memory: scan(p, looks, reach, 0),
)
SCAN = task(
    scan,
    "Go from one best place to the next, and keep away from where the last looks were.",
    values(
        ("looks", 1.5, "goes to the highest place, then to the highest that is farther than `reach` from all looks"),
        PLAIN,
        *STAYS,
        "your window of inhibition is too narrow by its rim: a place exactly `reach` away is inhibited too (≤, not <)",
        lambda p, looks, reach, memory: scan(p, looks, reach - 1e-6, memory),
        "your window of inhibition is too wide or too narrow: it ends `reach` places away to each side, these included",
        *(lambda p, n, r, memory, to=to: scan(p, n, to(r), memory) for to in (lambda r: r + 1, lambda r: r / 2)),
        "you take the highest places as they come: after a look all places within `reach` are out of the question",
        lambda p, looks, reach, memory: scan(p, looks, 0, memory),
        "you inhibit a square: a place in its corner is farther away than `reach`, by the root of the sum of squares",
        partial(scan, away=lambda places, looked: _apart(places, looked).max(axis=2)),
        "you compare the square of the distance with `reach`: take its root",
        partial(scan, away=lambda places, looked: (_apart(places, looked) ** 2).sum(axis=2)),
        "your rows and columns are swapped: each look is (row, column)",
        lambda *given: scan(*given)[:, ::-1],
        "you divide the place's number by the number of rows: in reading order, a row has as many places as columns",
        lambda p, *rest: np.stack(np.divmod(scan(p, *rest) @ [p.shape[1], 1], p.shape[0]), axis=1),
        seen=(
            "your first look is wrong already: it goes to the highest place of the whole map",
            _strays,
            "you look at a place within `reach` of an earlier look",
            _returns,
            "you pass over a place that is free: only places within `reach` of a look are out of the question",
        ),
        part=LOOKS,
    ),
    values(
        ("memory", 1, "is free to go back to what it saw more than `memory` looks ago"),
        lambda draw: [*each(_random, (9, 14, 9, 2, 2), (12, 8, 11, 2, 3), (10, 13, 12, 3, 4))(draw), *OVERLAP(draw)],
        *STAYS,
        "your eye never forgets: only the last `memory` looks inhibit, and what is around an older one is free again",
        lambda p, looks, reach, memory: scan(p, looks, reach, looks),
        "your eye forgets one look too early or too late: it holds the last `memory` looks, no more and no fewer",
        lambda p, looks, reach, memory: scan(p, looks, reach, memory - (memory < looks)),
        lambda p, looks, reach, memory: scan(p, looks, reach, memory + 1),
        "when your eye forgets a look, it frees places that a later look still inhibits: windows may overlap",
        partial(scan, frees=True),
        seen=(
            "your eye goes astray once it forgets: write down for a few steps which looks are the last `memory` ones",
        ),
        part=LOOKS,
    ),
    values(
        ("ends", 0.5, "ends the scan when nothing above 0 is free"),
        each(_islands, (8, 13, 9, 2, 9), (11, 7, 12, 1, 12), (6, 10, 5, 20, 2), (4, 6, 3, 1, 2)),
        "your eye goes on when nothing above 0 is free, or you fill up with looks that never were: end the scan",
        lambda p, looks, *rest: np.pad(seen := scan(p, looks, *rest), ((0, looks - len(seen)), (0, 0))),
        lambda p, *rest: scan(p + 1e-9, *rest),
        part=LOOKS,
    ),
    values(
        ("ties", 0.5, "takes the first in reading order of places that are equally high"),
        each(lambda draw, *size: (draw.integers(1, 4, size[:2]), *size[2:]), (8, 13, 6, 2, 6), (12, 7, 8, 1, 8)),
        "of equal places you take another than the first in reading order, which goes by rows, the topmost first",
        lambda p, *rest: np.array(p.shape) - 1 - scan(p[::-1, ::-1], *rest),
        lambda p, *rest: scan(p.T, *rest)[:, ::-1],
        part=LOOKS,
    ),
    arguments(0.5, PLAIN, "leaves the priority map as it was"),
)

TASKS = (CONTRAST, RARITY, GLIMPSE, SCAN)
