"""The tasks of Chapter 2: five functions of a librarian's machine that says how well a book answers a question.

If you are a student: you are welcome here. Each task lists what a right function does (its properties, with points) and
the mistakes that people make (the words that you would read, and what is wrong in that way). Queries and keys are rows;
leading axes `…` stand for several tables at once. Your function is compared with the book's own, which is not at hand
where it is graded, so write your own from the formula.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from attnbook import core
from nbjudge.judging.common_mistakes import divided, first_table_only, negated, stacks_crossed
from nbjudge.judging.compare import Cases
from nbjudge.judging.draw import arrays, changed, each, filled, sizes_of, stacks
from nbjudge.judging.rows import Row, arguments, kinds, task, values
from nbjudge.judging.spec import Case, Mistake, Sized, Task
from nbjudge.judging.symptoms import infinite, multiple_of

__all__ = ["ADDITIVE", "COSINE", "NETWORK", "PROJECTED", "SCALED_DOT", "SOFTMAX_SLOPE", "TASKS"]

Array = Any  # of NumPy
Function = Callable[..., Any]
TURNED = "swap the last two axes only, with np.swapaxes(x, -1, -2): where there are more, .T turns all of them round"
KEEPS = "keeps leading axes: (…, q, d) and (…, k, d) give (…, q, k)"


def tables(points: float, promise: str, right: Function, shapes: str, advice: str = TURNED, *more: Any) -> Row:
    """Ask for what a scorer does with leading axes."""
    known = (
        "you answer for the first table only: with leading axes there is one table of scores for each of them",
        first_table_only(right, 0, 1),
        "you use the first table of keys for all tables of queries: each has its own",
        first_table_only(right, 1),
        "you score every table of queries against every table of keys, as np.dot does: they belong together, as with @",
        stacks_crossed(right),
        *more,
    )
    shown = f"with leading axes, a loop over the first one takes tables, not rows; else {advice}"
    return values(("tables", points, promise), stacks(shapes), *known, shapes=shown)


def softmaxed(right: Function) -> Mistake:
    """Weights where scores were asked for."""
    words = "you return weights, but scores were asked for: leave softmax to whoever uses them"
    return Mistake(words, lambda *given: core.softmax(right(*given)))


SCALED_DOT = task(
    core.scaled_dot,
    "Score each key for each query by their dot product, divided by the root of the width.",
    values(
        ("values", 2, "multiplies number by number, adds up and divides by √d"),
        arrays("qd,kd", wide="d"),
        Sized("you forgot to divide by √d: your scores are {root} times too large at d = {width}", 0, -1),
        core.dot,
        Sized("you divide by d where √d is meant: your scores are {root} times too small at d = {width}", 0, -1),
        divided(core.dot, lambda q, k: q.shape[-1]),
        "you multiply by √d where you should divide by it",
        divided(core.dot, lambda q, k: q.shape[-1] ** -0.5),
        "you divide by the root of how many rows or numbers a table has: d is the width, the last axis",
        *(divided(core.dot, by) for by in (lambda q, k: k.shape[0] ** 0.5, lambda q, k: q.size**0.5)),
        "you divide by lengths, which is the cosine: here only √d is divided out",
        core.cosine,
        "your scores have the wrong sign: the higher the score, the better the key answers",
        negated(core.scaled_dot),
        "your keys are shuffled: reshape does not turn axes; swap them with np.swapaxes(keys, -1, -2)",
        lambda q, k: core.scaled_dot(q, k.reshape(k.shape[::-1]).T),
        *map(softmaxed, (core.scaled_dot, core.dot)),
        seen=(
            "you divide the dot product by a number that is not √d: take d from the arguments, queries.shape[-1]",
            multiple_of(core.dot),
        ),
        shapes="turn the keys first, (q, d) @ (d, k) → (q, k), with np.swapaxes(keys, -1, -2)",
    ),
    tables(
        1,
        KEEPS,
        core.scaled_dot,
        "qd,kd",
        TURNED,
        "you divide by the root of shape[1]: with leading axes the width always stands last, shape[-1]",
        divided(core.dot, lambda q, k: q.shape[1] ** 0.5),
    ),
    kinds(0.5, arrays("qd,kd")),
    arguments(0.5, arrays("qd,kd")),
)


def _outer(w: Array) -> Array:
    return core.dot(w[..., :, None], w[..., :, None])


def softmax_slope(weights: Array) -> Array:
    """Another road to αᵢ(δᵢⱼ − αⱼ): the covariance of a die that falls on key i with probability αᵢ."""
    falls = np.eye(weights.shape[-1])  # row i: what is seen when i comes
    return core.dot(falls, falls * weights[..., None, :]) - _outer(weights)


def _diagonal(w: Array) -> Array:
    """The weights on the diagonal, and 0 beside it."""
    return softmax_slope(w) + _outer(w)


def _rows(*shapes: str) -> Cases:
    """Rows of weights, none of them near 0 or 1."""
    return each(lambda draw, shape: (core.softmax(*filled(draw, shape, sizes_of(draw, "abk")).arguments),), *shapes)


def _decided(draw: np.random.Generator, *more: bool) -> tuple[Array]:
    """Rows in which one key has everything, more of them than keys; and rows that may attend to nothing."""
    k = int(draw.integers(3, 8))
    decided = np.eye(k)[draw.integers(k, size=k + 2)]
    return (np.concatenate([decided, np.zeros((1, k)), core.softmax(draw.normal(size=(2, k)))]) if more else decided,)


SOFTMAX_SLOPE = task(
    softmax_slope,
    "Say for each row of weights how weight i answers when score j is nudged: αᵢ(δᵢⱼ − αⱼ).",
    values(
        ("values", 2, "is αᵢ(1 − αᵢ) on the diagonal and −αᵢαⱼ beside it"),
        _rows("bk", "bk", "bk"),
        "you forgot −αᵢαⱼ: a raised score takes weight from the other keys, so their slopes are not 0",
        _diagonal,
        "you forgot δᵢⱼ: on the diagonal there is an αᵢ to add",
        lambda w: -_outer(w),
        "your table is that of the products αᵢαⱼ: each is to be subtracted from αᵢδᵢⱼ",
        _outer,
        "all your signs are the wrong way round: a key whose own score is raised gains weight",
        negated(softmax_slope),
        "you take δᵢⱼ as 1 everywhere: it is 1 on the diagonal, where i = j, and 0 elsewhere",
        lambda w: w[..., :, None] - _outer(w),
        "you subtract a square: it is αᵢ times αⱼ, i along the rows and j along the columns",
        lambda w: _diagonal(w) - w[..., :, None] ** 2,
        "your result is the diagonal only: each row of k weights has a table of k × k slopes",
        lambda w: w * (1 - w),
        "you return one table for all rows: each row of weights has a table of its own",
        lambda w: softmax_slope(w).sum(axis=0),
        shapes="write weights[..., :, None] for i and weights[..., None, :] for j, and take k from weights.shape[-1]",
    ),
    values(
        ("tables", 1, "takes one row (k,), rows (n, k) or more axes, and gives (…, k, k)"),
        _rows("k", "abk", "kkk"),
        "you answer for the first table only: with leading axes there are slopes for each of them",
        lambda w: softmax_slope(w if w.ndim < 3 else w.reshape(-1, *w.shape[-2:])[0]),
        shapes="count the axes from the end (weights[..., None], axis=-1), then one row and many are the same",
        tolerance=1e-6,
    ),
    values(
        ("decided", 1, "is 0 where one key has everything, and where nothing has any weight"),
        each(_decided, (), True),
        "you divide by a weight, and a weight may be 0: αᵢ(δᵢⱼ − αⱼ) does without",
        lambda w: _outer(w) * (np.eye(w.shape[-1]) / w[..., None] - 1),
        tolerance=1e-6,
    ),
    arguments(0.5, _rows("bk"), "leaves its argument as it was"),
)


def _lengths(table: Array, order: float = 2) -> Array:
    return np.linalg.norm(table, order, axis=-1, keepdims=True)


def _stretched(factors: Sequence[float] = (0.2, 0.5, 1, 2, 5)) -> Cases:
    """Vectors of many lengths."""
    return changed(arrays("qd,kd"), lambda draw, *both: (x * draw.choice(factors, (len(x), 1)) for x in both))


def _blank(draw: np.random.Generator, queries: Array, keys: Array) -> tuple[Array, Array]:
    """A query and two keys that are zero, at places that change."""
    queries[draw.integers(len(queries))] = 0
    keys[draw.permutation(len(keys))[:2]] = 0
    return queries, keys


def _blank_as(number: float) -> Function:
    return lambda q, k: np.where((_lengths(q) == 0) | (_lengths(k) == 0).mT, number, core.cosine(q, k))


def _added(case: Case, got: Array) -> bool:
    """Are all cosines too small, and none of another sign?"""
    share = got / core.cosine(*case.arguments)
    return bool(np.isfinite(got).all() and got.any() and (share > -1e-6).all() and (share < 1 + 1e-6).all())


COSINE = task(
    core.cosine,
    "Score each key for each query by the cosine of the angle between them, 0 where one of them is zero.",
    values(
        ("values", 2, "divides the dot product by both lengths, the query's and the key's"),
        _stretched(),
        "you forgot to divide by the lengths: this is the dot product",
        core.dot,
        "you divide by √d, but by no length: this is the scaled dot product",
        core.scaled_dot,
        "you divide by the key's length only: a long query still scores higher than a short one",
        lambda q, k: core.cosine(q, k) * _lengths(q),
        "you divide by the query's length only: long keys still win",
        lambda q, k: core.cosine(q, k) * _lengths(k).mT,
        "your lengths are wrong: square each number of a row, add up the squares, and take the root of the sum",
        lambda q, k: core.cosine(q, k) / _lengths(q) / _lengths(k).mT,
        lambda q, k: core.dot(q / _lengths(q, 1), k / _lengths(k, 1)),
        "you take lengths of whole tables or of columns: each row has its own, from its numbers along axis=-1",
        lambda q, k: core.dot(q / np.linalg.norm(q, axis=0), k / np.linalg.norm(k, axis=0)),
        "you return 1 − cosine: the cosine was asked for, which is the higher, the better a key answers",
        lambda q, k: 1 - core.cosine(q, k),
        "you subtract a mean first, which makes a correlation of it: the cosine takes the numbers as they are",
        lambda q, k: core.cosine(*(x - x.mean(axis=-1, keepdims=True) for x in (q, k))),
        "you lost the sign: opposite directions score −1",
        lambda q, k: np.abs(core.cosine(q, k)),
        softmaxed(core.cosine),
        seen=(
            "all your cosines are pulled towards 0: add nothing to a length, and change it only where it is 0",
            _added,
        ),
        shapes="the lengths need an axis for the numbers that they replace: np.linalg.norm(x, axis=-1, keepdims=True)",
    ),
    values(
        ("zeros", 1, "scores 0 where query or key is a zero vector, and changes nothing else for it"),
        changed(arrays("qd,kd"), _blank),
        "a zero vector has no direction: its score is 0, neither like nor unlike",
        *map(_blank_as, (1, -1)),
        seen=(
            "a zero vector gives NaN or ∞: where a length is 0, divide by 1",
            infinite,
            "one zero vector changes the scores of others: choose number by number, with np.where",
        ),
    ),
    tables(0.5, KEEPS, core.cosine, "qd,kd", f"take lengths along axis=-1, with keepdims=True, and {TURNED}"),
    values(
        ("lengths", 0.5, "gives very short and very long vectors the same cosine as others"),
        _stretched((1e-3, 1e3)),
        seen=(
            "what you add to a length, or the least length you allow, is too much for short vectors: change only a 0",
            _added,
        ),
    ),
    arguments(0.5, _stretched()),
)


def projected(queries: Array, keys: Array, W_q: Array, W_k: Array) -> Array:
    """Low rank, divided by the root of the width between."""
    return core.low_rank_bilinear(queries, keys, W_q, W_k) / math.sqrt(W_q.shape[0])


def _root_of(size: Callable[[Array, Array, int], float]) -> Function:
    return divided(core.low_rank_bilinear, lambda q, k, W_q, W_k: math.sqrt(size(q, k, W_q.shape[0])))


PROJECTED = task(
    projected,
    "Map queries and keys to one space of width r and take the scaled dot product there.",
    values(
        ("values", 2, "maps both to the space where they meet, and divides their dot product by the right root"),
        arrays("qe,kd,re,rd", wide="r"),
        Sized("you forgot to divide by √r: your scores are {root} times too large at r = {width}", 2, 0),
        core.low_rank_bilinear,
        "you divide by the root of the query's or the key's width: after the maps the dot product has r numbers",
        _root_of(lambda q, k, r: q.shape[-1]),
        "you divide by r where √r is meant",
        _root_of(lambda q, k, r: r**2),
        "you divide twice: √r once is enough, and no other width counts",
        _root_of(lambda q, k, r: r * q.shape[-1]),
        "you compare directions after the maps: here the dot product is divided by √r only",
        lambda q, k, W_q, W_k: core.cosine(core.dot(q, W_q), core.dot(k, W_k)),
        softmaxed(projected),
        seen=(
            "you divide by a number that is not √r: take r from the maps, W_q.shape[0]",
            multiple_of(core.low_rank_bilinear),
        ),
        shapes="a map takes each row: (q, dq) @ (dq, r) → (q, r), so W_q, which has shape (r, dq), must be turned, and "
        "W_k likewise",
    ),
    tables(1, "keeps leading axes of queries and keys; the maps are the same for all", projected, "qe,kd,re,rd"),
    kinds(0.5, arrays("qe,kd,re,rd")),
    arguments(0.5, arrays("qe,kd,re,rd")),
)
NETWORK = "qe,kd,re,rd,r,r"


def _parts(bend: Callable[[Array, Array, Array, Array], Array]) -> Function:
    """A wrong way to make a score of the query's part (q, 1, r), the key's (1, k, r), w and the bias."""
    return lambda q, k, W_q, W_k, w, b: bend(core.dot(q, W_q)[..., :, None, :], core.dot(k, W_k)[..., None, :, :], w, b)


BENDS: tuple[Function, ...] = (lambda x: 1 / (1 + np.exp(-x)), lambda x: np.maximum(0, x), np.arctan, np.sin)
ADDITIVE = task(
    core.additive,
    "Score each key for each query with a network of one hidden layer.",
    values(
        ("values", 2, "is vᵀ tanh(W_q q + W_k kᵢ + b) for each query and each key"),
        arrays(NETWORK),
        "you forgot tanh: without it the network is a ramp, and no hill",
        _parts(lambda q, k, w, b: (q + k + b) @ w),
        "you forgot the bias b: it is added before tanh",
        _parts(lambda q, k, w, b: np.tanh(q + k) @ w),
        "you add the bias after tanh: b stands inside the bracket",
        _parts(lambda q, k, w, b: (np.tanh(q + k) + b) @ w),
        "you bend query and key apart: add W_q q and W_k k first, and then take tanh of the sum",
        _parts(lambda q, k, w, b: (np.tanh(q) + np.tanh(k + b)) @ w),
        "w and b stand in each other's place: w comes first, queries, keys, W_q, W_k, w, bias",
        _parts(lambda q, k, w, b: np.tanh(q + k + w) @ b),
        "you use w before tanh: tanh bends each hidden unit, and w weighs what comes out of it",
        _parts(lambda q, k, w, b: np.tanh((q + k + b) @ w)),
        "you forgot w: each hidden unit's opinion counts as much as w says, and then they are added up",
        *map(_parts, (lambda q, k, w, b: np.tanh(q + k + b).sum(axis=-1), lambda q, k, w, b: np.tanh(q + k + b))),
        "you subtract the key's part from the query's: they are added, the name says so",
        _parts(lambda q, k, w, b: np.tanh(q - k + b) @ w),
        "you bend with another function than tanh",
        *(_parts(lambda q, k, w, b, bend=bend: bend(q + k + b) @ w) for bend in BENDS),  # type: ignore[misc]
        "you divide by the number of hidden units: w weighs them, and they are added up",
        _parts(lambda q, k, w, b: np.tanh(q + k + b) @ w / w.size),
        softmaxed(core.additive),
        seen=("your scores are wrong: work one out by hand, first what stands in the bracket, then tanh, then w",),
        shapes={
            "matmul|aligned": "a map takes each row, (q, dq) @ (dq, h): turn W_q, which has shape (h, dq), and W_k",
            "": "in the bracket, make room for every pair: (q, 1, h) + (1, k, h) + (h,) → (q, k, h), with "
            "[..., :, None, :] for the query's part and [..., None, :, :] for the key's",
        },
    ),
    tables(
        1,
        "keeps leading axes of queries and keys; the parameters are the same for all",
        core.additive,
        NETWORK,
        "write [..., :, None, :] and [..., None, :, :]: they count from the end",
    ),
    values(
        ("saturated", 0.5, "stays finite where the hidden units are quite sure, far out on either side"),
        changed(arrays(NETWORK), lambda draw, q, k, *rest: (q * 1e3, k * 1e3, *rest)),
        seen=("what stands in the bracket may be ±1000, too much for an exponential: np.tanh is safe", infinite),
        tolerance=1e-3,  # a rounding error of the arguments is 1000 times as large inside
    ),
    arguments(0.5, arrays(NETWORK)),
)

TASKS: tuple[Task, ...] = (SCALED_DOT, SOFTMAX_SLOPE, COSINE, PROJECTED, ADDITIVE)
