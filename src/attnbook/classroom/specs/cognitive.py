"""The tasks of Chapter 1: four functions of a drone that looks for one parasol on a crowded beach.

If you are a student: you are welcome here. Each task lists what a right function does (its properties, with points) and
the mistakes that people make (the words that you would read, and what is wrong in that way). Maps are arrays `(y, x)`,
rows from the top down; several maps are `(f, y, x)`. Your function is compared with the book's own, which is built on
`attnbook.core`; that is not at hand where it is graded, so write yours from the formula.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from attnbook import core
from attnbook.core import cognitive
from nbjudge.judging.common_mistakes import mean_for_sum, negated
from nbjudge.judging.draw import changed, each
from nbjudge.judging.rows import arguments, kinds, task, values
from nbjudge.judging.spec import Case, TroubleError

__all__ = [
    "AT_THE_BORDER",
    "EMPTY",
    "NOTHING",
    "TASKS",
    "as_places",
    "glimpse",
    "local_contrast",
    "maps",
    "pair",
    "scan",
]

Array = Any  # of NumPy
Draw = np.random.Generator
Function = Callable[..., Any]


def infinite(case: Case, got: Array) -> bool:
    """Look for NaN and ∞."""
    return not np.isfinite(got).all()


# --- Task 1: how much each place differs from what is around it, with square windows instead of blurs ---


def _shares(places: int, before: int, after: int, last: int) -> Array:
    """Return how much each place (column) counts in the window of each (row)."""
    i = np.arange(places)
    inside = (-before <= i - i[:, None]) & (i - i[:, None] <= after) & (i < places - last)
    return inside / inside.sum(axis=1, keepdims=True)


def _mean(v: Array, before: int, after: int | None = None, last: int = 0) -> Array:
    """Return the mean of each place's window, over the places that exist, without the `last` rows and columns."""
    rows, columns = (_shares(places, before, before if after is None else after, last) for places in v.shape)
    return rows @ v @ columns.T


def _count(v: Array, reach: int) -> Array:
    """Return how many places each window has."""
    return np.outer(*(1 / _shares(size, reach, reach, 0).max(axis=1) for size in v.shape))


def local_contrast(values: Array, near: int, far: int) -> Array:
    """The mean near by minus the mean farther around."""
    return _mean(values, near) - _mean(values, far)


def _framed(value: Any) -> Any:
    """Cover the border of a map, as far as windows may reach: what is wrong there is another property's business."""
    if not isinstance(value, np.ndarray) or value.ndim != 2 or value.dtype.kind not in "iuf":
        return value
    return np.pad(value[5:-5, 5:-5], 5)[: len(value), : value.shape[1]]


def _written_over(v: Array, near: int, far: int) -> Array:
    """What is read at one place was written at the places before it."""
    for place in np.ndindex(v.shape):
        v[place] = local_contrast(v, near, far)[place]
    return v


def _beyond(mode: Any) -> Function:
    """Go on beyond the border with numbers that do not exist."""
    return lambda v, near, far: local_contrast(np.pad(v, far, mode=mode), near, far)[far:-far, far:-far]


def _map(draw: Draw, near: int, far: int, *shape: int) -> tuple[Array, int, int]:
    return draw.normal(1.5, 1.0, shape), near, far


BORDER = "near the border"
AT_THE_BORDER = (
    f"{BORDER} you count places that do not exist as zeros, which makes its means too small: divide by how many places "
    "there are in what is left of the window",
    _beyond("constant"),
    f"{BORDER} you go on beyond the edge, with the last number or in a mirror: only places that exist count",
    *map(_beyond, ("edge", "reflect", "symmetric")),
    f"{BORDER} your windows come in again on the other side, as with np.roll or negative indices: cut them off",
    _beyond("wrap"),
    f"{BORDER} you leave 0 wherever the wide window does not fit: average over the part of it that exists",
    lambda v, near, far: np.pad(local_contrast(v, near, far)[far:-far, far:-far], far),
    f"{BORDER}, below and to the right, your windows leave out the last row or column: a slice leaves out its end, so "
    "it may end at the number of rows or columns, and even behind it",
    lambda v, near, far: _mean(v, near, last=1) - _mean(v, far, last=1),
)
EMPTY = (
    f"{BORDER} some of your windows are empty, and the mean of nothing is NaN: a slice that starts at a negative place "
    "counts from the end, so let it start at 0 there",
    infinite,
)
WIDE = each(_map, (1, 3, 14, 17), (2, 4, 16, 14), (1, 4, 13, 15))
NARROW = each(_map, (1, 3, 9, 12), (2, 4, 14, 11))
REACHES = each(_map, (0, 2, 7, 10), (0, 1, 6, 4), (1, 8, 5, 12), (2, 30, 8, 6))  # one place; wider than the map
CONTRAST = task(
    "cognitive",
    local_contrast,
    "Subtract from the mean near each place the mean farther around it.",
    values(
        ("inside", 1, "gives the mean near by minus the mean farther around, well inside the map"),
        WIDE,
        "your windows end one place too early, to the right and below: a slice leaves out its end, so it has to end at "
        "reach + 1",
        lambda v, near, far: _mean(v, near, near - 1) - _mean(v, far, far - 1),
        "your windows have the wrong width: they end `near` and `far` places away to each side, these included",
        lambda v, near, far: local_contrast(v, near - 1, far - 1),
        lambda v, near, far: local_contrast(v, near + 1, far + 1),
        lambda v, near, far: local_contrast(v, near // 2, far // 2),
        "your windows reach along one axis only, up and down or left and right: they are squares",
        lambda v, near, far: np.hstack([local_contrast(v[:, [x]], near, far) for x in range(v.shape[1])]),
        lambda v, near, far: np.vstack([local_contrast(v[[y]], near, far) for y in range(v.shape[0])]),
        "you return the mean of one window: the contrast is the mean near by minus the mean of the wide window",
        lambda v, near, far: _mean(v, near),
        lambda v, near, far: _mean(v, far),
        "your difference is the wrong way round: it is near minus far, so that a bright spot has a positive contrast",
        negated(local_contrast),
        "you take away the sign, or make negative contrasts 0: a dark spot on bright ground has a negative contrast",
        lambda v, near, far: np.abs(local_contrast(v, near, far)),
        lambda v, near, far: np.maximum(0, local_contrast(v, near, far)),
        "you subtract the surround from the place itself: the centre is a mean too, over the window of `near`",
        lambda v, near, far: v - _mean(v, far),
        "you add up the numbers of each window, but you do not divide by how many there are, the square of "
        "2 · reach + 1",
        lambda v, near, far: _mean(v, near) * _count(v, near) - _mean(v, far) * _count(v, far),
        "you write the contrasts into the map from which you still read: write them into a new array",
        _written_over,
        seen=(
            "well inside, your map is 0 everywhere: does the return stand in a loop, so that it ends too early?",
            lambda case, got: not got.any(),
            "well inside the map your numbers are wrong: work a small map out by hand, and look whether both windows "
            "are whole squares, and whether each mean is their sum divided by how many places there are",
        ),
        part=_framed,
    ),
    values(
        ("border", 1, "averages, at the border, over the places that exist"),
        NARROW,
        *AT_THE_BORDER,
        seen=(
            *EMPTY,
            f"{BORDER} some of your numbers are wrong: work one out by hand in a corner, where the window of reach 1 "
            "holds four places",
        ),
    ),
    values(
        ("reaches", 0.5, "takes a centre of one place, and a surround that is wider than the map"),
        REACHES,
        *AT_THE_BORDER,
        seen=EMPTY,
    ),
    kinds(0.5, WIDE, part=_framed),
    arguments(0.5, NARROW),
)

# --- Task 2: a map of what stands out, in which a feature counts the more, the rarer its high places are ---


def _top(c: Array) -> Array:
    return c.max(axis=(1, 2), keepdims=True)


def _scaled(c: Array) -> Array:
    """Make of each map one whose greatest number is 1, with nothing below 0: the chapter's priority does so."""
    return cognitive.priority(c, np.zeros_like(c), mix=0)


def _news(n: float | Array, high: Array) -> Array:
    """The logarithm of how rare it is that a place is high; where none is, the scaled map is 0 anyway. (f,)."""
    return np.log(n / np.maximum(1, high.sum(axis=(1, 2))))


def _rarity(c: Array) -> Array:
    return _news(c[0].size, c >= 0.5 * _top(c))


def rarity_map(contrasts: Array) -> Array:
    """A search whose query is not a wish, but how rare each feature is."""
    contrasts = np.asarray(contrasts, dtype=float)
    return cognitive.search(_scaled(contrasts), _rarity(contrasts))


def _weighed(weights: Function) -> Function:
    return lambda c: cognitive.search(_scaled(c), weights(c))


def _counted(high: Function) -> Function:
    return _weighed(lambda c: _news(c[0].size, high(c)))


def _of(maps: Function, *, counted: bool = False) -> Function:
    """Other maps; counted are the places that reach half of the greatest number, or ½ in these."""
    return lambda c: cognitive.search(maps(c), _news(c[0].size, maps(c) >= 0.5) if counted else _rarity(c))


def _together(c: Array) -> Array:
    return np.maximum(0, c) / c.max()


def _parts(c: Array) -> Array:
    return _scaled(c) * _rarity(c)[:, None, None]


def _heavy(draw: Draw, *shape: int) -> tuple[Array]:
    """Maps of both signs in different units, of which some have few high places and some have many."""
    maps = draw.normal(0.1, 1.0, shape)
    for place, power in enumerate(draw.permutation(len(maps))):
        maps[place] = np.sign(maps[place]) * np.abs(maps[place]) ** (0.5 + power) * draw.uniform(0.4, 4.0)
        highest, lowest = draw.permutation(maps[place].size)[:2]
        maps[place].flat[highest] = 1.1 * np.abs(maps[place]).max()
        maps[place].flat[lowest] = -1.5 * maps[place].max()  # farther from 0 than the highest
    return (maps,)


def _silent(draw: Draw, maps: Array) -> tuple[Array]:
    """A map that is nowhere above 0, and one of nothing but 0, among others."""
    maps[1], maps[2] = -np.abs(maps[1]) - 0.1, 0
    return (maps,)


def _steps(draw: Draw, shape: tuple[int, ...], tops: tuple[float, ...]) -> tuple[Array]:
    """Maps of few different numbers, of which many places have exactly half of the greatest."""
    maps = draw.integers(-2, 2, shape).astype(float)
    for one, top in zip(maps, tops, strict=True):
        chosen = draw.permutation(one.size)
        one.flat[chosen[:3]], one.flat[chosen[3:9]] = top, top / 2
    return (maps,)


def _thirds(draw: Draw, *shape: int) -> tuple[Array]:
    """Three times these numbers is whole, and half of the greatest is not, so that no place has exactly half."""
    maps = draw.integers(-10, 11, shape) * draw.choice([0.2, 0.5, 1.0], shape) // 1
    maps[:, 2, 3] = 11
    return (maps / 3,)


EACH = "for each map by itself, over its rows and columns, axis=(1, 2)"
NOTHING = (
    "in a map without anything above 0 you divide by 0, which makes NaN or ∞: such a map adds nothing; leave it out",
    infinite,
)
HEAVY = each(_heavy, (3, 7, 9), (4, 11, 6), (2, 5, 13))
RARITY = task(
    "cognitive",
    rarity_map,
    "Add up maps of contrast, each weighed by how rare its high places are.",
    values(
        ("rare", 1.5, "scales each map, weighs it by how rare its high places are, and adds"),
        HEAVY,
        "all your maps count the same: multiply each one by how rare it is, ln(n / n_f), before you add them up",
        _weighed(lambda c: np.ones(len(c))),
        "your weights are upside down: the weight is ln(n / n_f), so that what is rare counts most",
        _weighed(lambda c: -_rarity(c)),
        _weighed(lambda c: np.exp(-_rarity(c))),
        "you forgot the logarithm, or its base is 2 or 10: the weight is ln(n / n_f), with np.log",
        *(_weighed(lambda c, f=f: f(_rarity(c))) for f in (np.exp, lambda x: x / np.log(2), lambda x: x / np.log(10))),
        _weighed(lambda c: np.exp(_rarity(c)) / c[0].size),
        "your n is not how many places one map has, rows times columns, be they above 0 or not",
        *(_weighed(lambda c, i=i: _news(c.shape[i], c >= 0.5 * _top(c))) for i in (0, 1)),
        _weighed(lambda c: _news(c.size, c >= 0.5 * _top(c))),
        _weighed(lambda c: _news((c > 0).sum(axis=(1, 2)), c >= 0.5 * _top(c))),
        f"you measure all maps by the greatest number of all, so that one in large units takes it all: do it {EACH}",
        _of(_together),
        _of(_together, counted=True),
        _counted(lambda c: _together(c) >= 0.5),
        lambda c: _together(c).sum(axis=0) * np.log(c.size / (_together(c) >= 0.5).sum()),
        "your n_f counts something else than True: .sum() counts it, len(…) is the number of rows (or of axes), and "
        ".size is the same for True and False",
        *(
            _weighed(lambda c, n=n: np.log(np.full(len(c), n(c[0]))))
            for n in (lambda m: len(m.T), lambda m: m.size / 2)
        ),
        _weighed(lambda c: np.zeros(len(c))),
        "your n_f is not how many places of a map reach half of its own greatest number, be that half whole or not",
        *map(_counted, (lambda c: c > 0, lambda c: c >= 0.5, lambda c: c >= _top(c) // 2)),
        _counted(lambda c: _scaled(c) * (_scaled(c) >= 0.5)),
        f"you do not divide each map by its greatest number, so that one in large units drowns the rest: do it {EACH}",
        _of(lambda c: np.maximum(0, c)),
        _of(lambda c: np.maximum(0, c) / c.max(axis=2, keepdims=True)),
        _of(lambda c: np.maximum(0, c) / _top(np.abs(c)), counted=True),
        "you keep what is below 0, or its size: a place that is less than its surround adds nothing, so make it 0",
        _of(lambda c: c / _top(c)),
        _of(lambda c: (c + _top(-c)) / (_top(c) + _top(-c))),
        lambda c: rarity_map(np.abs(c)),
        "you add the news itself wherever a map reaches half: it is multiplied by the scaled map, so that a higher "
        "place counts for more",
        _of(lambda c: (_scaled(c) >= 0.5).astype(float)),
        "you use one map only: is there a return inside the loop, or = where you should add to what you have (+=)?",
        lambda c: rarity_map(c[:1]),
        lambda c: rarity_map(c[-1:]),
        "your weighed maps are not simply added up: no mean, no greatest, no root, and no division in the end",
        mean_for_sum(rarity_map, axis=0),
        lambda c: _parts(c).max(axis=0),
        lambda c: np.sqrt((_parts(c) ** 2).sum(axis=0)),
        lambda c: rarity_map(c) / rarity_map(c).max(),
        seen=(
            "in some map you find no place that reaches half, and divide by 0: compare each map with its own greatest "
            "number",
            infinite,
            "your numbers are wrong: work out by hand, for one small map, the scaled map and its weight ln(n / n_f), "
            "to which nothing is added",
        ),
        shapes="one number for each map, (f,), does not fit to (f, y, x): keep the axes with keepdims=True, or take "
        "one map after the other",
    ),
    values(
        ("half", 0.5, "counts a place that has exactly half of the greatest number"),
        each(_steps, ((3, 6, 8), (2.0, 5.0, 4.0)), ((2, 9, 5), (6.0, 3.0))),
        "you do not count a place that has exactly half of the greatest number: it reaches half, so it counts (≥); if "
        "that is what you say, then a small number that you add somewhere makes it fall short",
        _counted(lambda c: c > _top(c) / 2),
    ),
    values(
        ("silent", 0.5, "adds nothing for a map in which nothing is above 0"),
        changed(each(_heavy, (4, 6, 9), (3, 8, 5)), _silent),
        seen=(
            *NOTHING,
            "a map without anything above 0 changes what comes of the others: leave it out, and go on with the next "
            "one",
        ),
    ),
    kinds(0.5, each(_thirds, (3, 7, 9), (2, 8, 5))),
    arguments(0.5, HEAVY),
)

# --- Task 3: a mask over all places for a wish, and the colour that is read out through it ---


def _read(scores: Array, image: Array, temperature: float) -> tuple[Array, Array]:
    """Write the places in one row, attend, and give the mask the form of a map again."""
    colour, mask = core.attend(scores.reshape(1, -1), image.reshape(-1, image.shape[-1]), temperature=temperature)
    return mask.reshape(image.shape[:2]), colour[0]


def glimpse(maps: Array, wish: Array, image: Array, temperature: float) -> tuple[Array, Array]:
    """Search, then read."""
    return _read(cognitive.search(maps, wish), image, temperature)


def pair(value: Any) -> tuple[Any, Any]:
    """Take a tuple or a list of two."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        what = f"{len(value)} values" if isinstance(value, tuple | list) else "one value"
        what = "None (is there a return?)" if value is None else what
        raise TroubleError(f"returned {what}, but a mask and a colour were expected: return mask, colour")
    return value[0], value[1]


def _scored(scores: Callable[[Array, Array], Array]) -> Function:
    """Other scores."""
    return lambda maps, wish, image, t: _read(scores(maps, wish), image, t)


def _masked(mask: Callable[[Array, float], Array]) -> Function:
    """Another mask of the same scores."""
    return lambda maps, wish, image, t: (mask(cognitive.search(maps, wish), t), glimpse(maps, wish, image, t)[1])


def _coloured(colour: Callable[[Array, Array], Any]) -> Function:
    """Another colour through the same mask."""
    return lambda *given: ((mask := glimpse(*given)[0]), colour(mask, given[2]))


def _averaged(mask: Array, image: Array) -> Array:
    return np.tensordot(mask, image, axes=2)


def maps(draw: Draw, f: int, rows: int, columns: int, temperature: float, depth: int = 3) -> tuple[Any, ...]:
    """Draw maps and a wish with both signs, and an image."""
    wish = draw.normal(0.0, 1.0, f)
    wish[draw.permutation(f)[:2]] = draw.uniform(0.5, 1.5), -draw.uniform(0.5, 1.5)
    return draw.uniform(-0.3, 1.2, (f, rows, columns)), wish, draw.uniform(0, 1, (rows, columns, depth)), temperature


def _loud(draw: Draw, level: float, temperature: float) -> tuple[Any, ...]:
    """Scores far above 0, far below, and far from each other; always two places are the best, and alike."""
    given = maps(draw, 4, 5, 7, temperature)
    if level:
        given[0][0], given[1][0] = 1 + given[0][0] / 900, level
    best = int(cognitive.search(*given[:2]).argmax())
    flat = given[0].reshape(4, -1)
    flat[:, (best + draw.integers(8, 27)) % 35] = flat[:, best]
    return given


WITH = "with high scores or a low temperature"
VIEWS = each(maps, (4, 5, 7, 0.6), (7, 6, 4, 1.7), (5, 3, 8, 0.4))
GLIMPSE = task(
    "cognitive",
    glimpse,
    "Find what is wished for and read its colour: a mask over all places, and a weighted average.",
    values(
        ("mask", 1.5, "returns first a mask: the softmax, over all places, of the scores for the wish"),
        VIEWS,
        "your mask sums to 1 in each row: all places of the map compete, so divide by the sum over both axes",
        _masked(lambda scores, t: core.softmax(scores, temperature=t)),
        "your mask sums to 1 in each column: all places of the map compete, so divide by the sum over both axes",
        _masked(lambda scores, t: core.softmax(scores.T, temperature=t).T),
        "you do not use the temperature, or it cancels out: divide the scores by it before the exponential",
        lambda maps, wish, image, t: glimpse(maps, wish, image, 1.0),
        _masked(lambda scores, t: np.exp(scores) / np.exp(scores).sum() / t),
        "you multiply the scores by the temperature: divide by it, so that a low one makes the mask choosy",
        lambda maps, wish, image, t: glimpse(maps, wish, image, 1 / t),
        "you take the exponential, but you do not divide by the sum over all places",
        _masked(lambda scores, t: np.exp(scores / t)),
        "you divide by the greatest power and not by their sum: a coloured veil looks right this way, but it is no "
        "distribution",
        _masked(lambda scores, t: np.exp((scores - scores.max()) / t)),
        "you return no softmax of the scores: take their exponentials, and divide each by the sum of all",
        _masked(lambda scores, t: np.maximum(0, scores) / np.maximum(0, scores).sum()),
        _masked(lambda scores, t: (scores == scores.max()).astype(float)),
        _masked(lambda scores, t: scores),
        "your mask is inverted: the best place gets the least, so there is a minus sign too many",
        _scored(lambda maps, wish: -cognitive.search(maps, wish)),
        "you make what is below 0 into 0, or take its sign away: maps, wish and scores are taken as they are",
        _scored(lambda maps, wish: np.maximum(0, cognitive.search(maps, wish))),
        _scored(lambda maps, wish: cognitive.search(maps, np.abs(wish))),
        _scored(lambda maps, wish: cognitive.search(maps, np.maximum(0, wish))),
        _scored(lambda maps, wish: cognitive.search(np.maximum(0, maps), wish)),
        "mask and colour stand in each other's place: return mask, colour",
        lambda *given: glimpse(*given)[::-1],
        "your mask is one long row: give it back the form of a map with .reshape(rows, columns)",
        _masked(lambda scores, t: core.softmax(scores.ravel(), temperature=t)),
        "your scores are not the sum of wish times map over all features",
        _scored(lambda maps, wish: maps.sum(axis=0)),
        _scored(lambda maps, wish: cognitive.search(maps, wish) / len(wish)),
        "you subtract another number in each row before the exponential: then the rows no longer compete fairly",
        _scored(lambda maps, wish: (s := cognitive.search(maps, wish)) - s.max(axis=1, keepdims=True)),
        "your places are shuffled: reshape does not turn axes; use maps.reshape(f, -1).T, or sum over the first axis",
        _scored(lambda maps, wish: (maps.reshape(-1, len(maps)) @ wish).reshape(maps.shape[1:])),
        seen=(
            "your mask has negative numbers in it: divide exponentials, not scores",
            lambda case, got: bool((got < 0).any()),
            "your mask does not sum to 1 over all places: divide by the sum over both axes",
            lambda case, got: not np.isclose(got.sum(), 1, atol=1e-4),
        ),
        shapes="give a wish (f,) two more axes before it meets maps (f, y, x), wish[:, None, None], and a mask (y, x) "
        "one more before it meets an image (y, x, v), mask[:, :, None]",
        part=lambda value: pair(value)[0],
        called="mask",
    ),
    values(
        ("colour", 1, "returns then the average colour of the image, weighed by the mask"),
        VIEWS,
        "you weigh the places by something else than the mask, which sums to 1, or by nothing",
        _coloured(lambda mask, image: image.mean(axis=(0, 1))),
        lambda *given: (glimpse(*given)[0], _averaged(cognitive.search(*given[:2]), given[2])),
        "you divide the weighted sum by the number of places: the mask sums to 1 already, so a sum is the average",
        _coloured(lambda mask, image: _averaged(mask, image) / mask.size),
        "you read out the colour of one place, the highest of the mask: average over all places, weighed by the mask",
        _coloured(lambda mask, image: image.reshape(mask.size, -1)[mask.argmax()]),
        "add up over rows and columns, and only over them: one number is left for each colour",
        _coloured(lambda mask, image: float(_averaged(mask, image).sum())),
        _coloured(lambda mask, image: mask[..., None] * image),
        "your colour is read from shuffled places: the mask and the image must be unrolled in the same order",
        _coloured(lambda mask, image: _averaged(mask.T.reshape(mask.shape), image)),
        part=pair,
    ),
    values(
        ("loud", 0.5, "stands scores of ±900 and very low temperatures"),
        each(_loud, (900.0, 1.0), (-900.0, 1.0), (0.0, 0.001)),
        seen=(
            f"{WITH} your exponentials are more than a computer can hold, and ∞/∞ is NaN: subtract the highest "
            "score of all places from all scores first, which changes nothing else",
            infinite,
            f"{WITH} a part of your mask is lost: subtract the highest score of all places, not of a row or a fixed "
            "number",
            lambda case, got: not np.isclose(got.sum(), 1, atol=1e-4),
            f"{WITH} your mask is wrong: do not cut the scores off, subtract the highest of all",
        ),
        part=lambda value: pair(value)[0],
        called="mask",
    ),
    kinds(0.5, VIEWS, part=pair),
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
    """Go to the best place that is free, as often as asked for.

    Two things can be wrong: how far `away` a place is, and that forgetting `frees` a window, whoever else inhibits it.
    """
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


def as_places(value: Any) -> Any:
    """Take a list of pairs for an array of two columns, and anything empty for one without rows."""
    if isinstance(value, tuple | list):
        if not all(isinstance(one, tuple | list | np.ndarray) and len(one) == 2 for one in value):
            raise TroubleError("returned a list that does not hold a pair (row, column) for each look")
        value = np.array(value)
    return np.zeros((0, 2), dtype=int) if isinstance(value, np.ndarray) and value.size == 0 else value


def _by(away: Callable[[Array, Array], Array]) -> Function:
    return lambda *given: scan(*given, away=away)


def _wrapped(p: Array, looks: int, reach: float, memory: int) -> Array:
    """In priority[y - reach : y + reach + 1, …] nothing is left where y - reach is below 0."""

    def away(places: Array, looked: Array) -> Array:
        return np.where((looked < reach).any(axis=1), np.inf, _apart(places, looked).max(axis=2))

    return scan(p, looks, reach, memory, away=away)


def _strays(case: Case, looks: Array) -> bool:
    """Does the first look miss the highest place?"""
    priority = case.arguments[0]
    return bool((looks[0] != np.unravel_index(priority.argmax(), priority.shape)).any())


def _returns(case: Case, looks: Array) -> bool:
    """Is a look within reach of another one?"""
    return bool((_away(looks, looks)[np.triu_indices(len(looks), 1)] <= case.arguments[2]).any())


def _landscape(draw: Draw, rows: int, columns: int, reach: int, looks: int) -> tuple[Any, ...]:
    """Draw a map with a summit around which stands, at telling distances, what a wrong window would take or leave.

    From a reach of 6 on, half of it, its root, and one less than it are windows that differ. There are as many looks
    as the eye remembers, so that it need not forget.
    """
    low = draw.uniform(0.05, 0.6, (rows, columns))
    y, x = (int(draw.integers(reach + 1, size - reach - 1)) for size in (rows, columns))
    turn = np.diag(draw.choice([-1, 1], 2))[:: draw.choice([-1, 1])]
    telling = ((0, 1), (2, 2), (4, 0), (reach, 0), (-4, 4), (reach, reach), (0, -reach - 1))  # the last two are outside
    for number, (down, across) in enumerate(telling @ turn):
        low[y + down, x + across] = 0.98 - 0.02 * number + draw.uniform(0, 0.01)
    low[y, x] = 1.0
    return low, looks, reach, looks


def _forgetting(draw: Draw, rows: int, columns: int, *rest: int) -> tuple[Any, ...]:
    while True:  # until it shows, in a small map, when too much is freed
        given: tuple[Any, ...] = (draw.uniform(0.05, 1, (rows, columns)), *rest)
        if columns != 8 or rows != 6 or not np.array_equal(scan(*given), scan(*given, frees=True)):
            return given


def _islands(draw: Draw, rows: int, columns: int, *rest: int) -> tuple[Any, ...]:
    """A few high places in a sea of 0, fewer than there are looks."""
    priority = np.zeros((rows, columns))
    priority.flat[1 + draw.permutation(priority.size - 1)[:5]] = draw.uniform(0.2, 1, 5)
    return (priority * (rows != 4), *rest)


PLAIN = each(_landscape, (17, 25, 6, 5), (21, 18, 6, 4), (19, 27, 7, 6))
STAYS = (
    "your eye stays where it is: after a look, all places within `reach` of it are out of the question",
    lambda p, looks, reach, memory: scan(p, looks, reach, 0),
)
SCAN = task(
    "cognitive",
    scan,
    "Go from one best place to the next, and keep away from where the last looks were.",
    values(
        (
            "looks",
            1.5,
            "goes to the highest place, and then to the highest that is farther than `reach` from all looks",
        ),
        PLAIN,
        *STAYS,
        "your window of inhibition is too narrow by its rim: a place exactly `reach` away is inhibited too (≤, not <)",
        lambda p, looks, reach, memory: scan(p, looks, reach - 1e-6, memory),
        "your window of inhibition is too wide or too narrow: it ends `reach` places away to each side, these included",
        lambda p, looks, reach, memory: scan(p, looks, reach + 1, memory),
        lambda p, looks, reach, memory: scan(p, looks, reach - 1, memory),
        lambda p, looks, reach, memory: scan(p, looks, reach / 2, memory),
        "you take the highest places as they come: after a look all places within `reach` of it are out of the "
        "question, not only the one looked at",
        lambda p, looks, reach, memory: scan(p, looks, 0, memory),
        "you inhibit a square: a place in its corner is farther away than `reach`, by the root of the sum of squares; "
        "and near the border, a slice that starts at a negative place counts from the end",
        _by(lambda places, looked: _apart(places, looked).max(axis=2)),
        _wrapped,
        "you measure another distance: it is the root of the sum of squares, neither rows plus columns nor a square",
        _by(lambda places, looked: _apart(places, looked).sum(axis=2)),
        _by(lambda places, looked: (_apart(places, looked) ** 2).sum(axis=2)),
        "you press the chapter's soft dent into the map: here places within `reach` are out, and all others untouched",
        lambda p, looks, reach, memory: cognitive.fixations(p, looks, radius=reach),
        "you count rows and columns from 1: the first of each is 0",
        lambda *given: scan(*given) + 1,
        "your rows and columns are swapped: each look is (row, column)",
        lambda *given: scan(*given)[:, ::-1],
        "you turn the place's number into row and column with the number of rows: in reading order, a row has as many "
        "places as there are columns (np.unravel_index knows)",
        lambda p, *rest: np.stack(np.divmod(scan(p, *rest) @ [p.shape[1], 1], p.shape[0]), axis=1),
        "your eye goes to the lowest place first: it goes where the priority is highest",
        lambda p, *rest: scan(p.max() + 1 - p, *rest),
        "your eye keeps away from its last look only, and goes back to an earlier one: the last `memory` looks count",
        lambda p, looks, reach, memory: scan(p, looks, reach, 1),
        seen=(
            "your first look is wrong already: it goes to the highest place of the whole map",
            _strays,
            "you look at a place within `reach` of an earlier look",
            _returns,
            "you pass over a place that is free: only places within `reach` of a look are out of the question",
        ),
        part=as_places,
    ),
    values(
        ("memory", 1, "is free to go back to what it saw more than `memory` looks ago"),
        each(_forgetting, (9, 14, 9, 2, 2), (12, 8, 11, 2, 3), (10, 13, 12, 3, 4), (6, 8, 14, 3, 3)),
        *STAYS,
        "your eye never forgets: only the last `memory` looks inhibit, and what is around an older one is free again",
        lambda p, looks, reach, memory: scan(p, looks, reach, looks),
        "your eye forgets one look too early or too late: it holds the last `memory` looks, no more and no fewer",
        lambda p, looks, reach, memory: scan(p, looks, reach, memory - (memory < looks)),
        lambda p, looks, reach, memory: scan(p, looks, reach, memory + 1),
        "when your eye forgets a look, it frees places that a later look still inhibits: where two windows overlap, a "
        "place is free only when both are forgotten",
        lambda *given: scan(*given, frees=True),
        seen=(
            "your eye goes astray once it forgets: write down for a few steps which looks are the last `memory` ones",
        ),
        part=as_places,
    ),
    values(
        ("ends", 0.5, "ends the scan when nothing above 0 is free"),
        each(_islands, (8, 13, 9, 2, 9), (11, 7, 12, 1, 12), (6, 10, 5, 20, 2), (4, 6, 3, 1, 2)),
        "your eye goes on when nothing above 0 is free, or you fill up with looks that never were: end the scan there, "
        "and return fewer rows",
        lambda p, looks, *rest: np.pad(seen := scan(p, looks, *rest), ((0, looks - len(seen)), (0, 0))),
        lambda p, *rest: scan(p + 1e-9, *rest),
        part=as_places,
    ),
    values(
        ("ties", 0.5, "takes the first in reading order of places that are equally high"),
        each(lambda draw, *size: (draw.integers(1, 4, size[:2]), *size[2:]), (8, 13, 6, 2, 6), (12, 7, 8, 1, 8)),
        "of equal places you take another than the first in reading order, which goes by rows, the topmost first",
        lambda p, *rest: np.array(p.shape) - 1 - scan(p[::-1, ::-1], *rest),
        lambda p, *rest: np.array(p.shape) - 1 - scan(p.T[::-1, ::-1], *rest)[:, ::-1],
        lambda p, *rest: scan(p.T, *rest)[:, ::-1],
        part=as_places,
    ),
    arguments(0.5, PLAIN, "leaves the priority map as it was"),
)

TASKS = (CONTRAST, RARITY, GLIMPSE, SCAN)
