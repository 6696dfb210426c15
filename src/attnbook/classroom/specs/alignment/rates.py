"""The fifth task: how good the links are that the weights draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from attnbook import core
from attnbook.classroom.specs.alignment.shared import Array, Cases, Draw
from attnbook.core.alignment import alignment_error_rate
from nbjudge.judging.compare import keeps_arguments, right_values
from nbjudge.judging.spec import Case, Mistake, Property, Task, mistakes

__all__ = ["MISSED", "RATES", "judged", "link_rates", "telling"]

Rates = tuple[float, float, float]
MARKED = (
    "to mark one place in each row, compare all places, np.arange(s), with the favourite of the row, which needs an "
    "axis more for that"
)


def _links(weights: Array) -> Array:
    """The cold limit: each row that reads anything links its target word to one source word."""
    return core.softmax(weights, temperature=1e-7, mask=weights > 0) > 0.5


def _rates(links: Array, sure: Array, possible: Array) -> Rates:
    possible = sure | possible
    precision, recall = (links & possible).sum() / links.sum(), (links & sure).sum() / sure.sum()
    return float(precision), float(recall), alignment_error_rate(links, sure, possible)


def link_rates(weights: Array, sure: Array, possible: Array) -> Rates:
    """What the chapter measures, with precision and recall."""
    return _rates(_links(weights), sure, possible)


def _of(links: Callable[[Array], Array]) -> Callable[..., Rates]:
    """Other links."""
    return lambda weights, sure, possible: _rates(links(weights), sure, possible)


def _counted(rates: Callable[..., tuple[Any, ...]]) -> Callable[..., Rates]:
    """Other rates, made of four counts: of links drawn, sure ones, links that are sure, links that are possible.

    After them come how many are possible, and the number of rows. A rate that is None is right.
    """

    def wrong(weights: Array, sure: Array, possible: Array) -> Rates:
        a, may = _links(weights), sure | possible
        counts = (a.sum(), sure.sum(), (a & sure).sum(), (a & may).sum(), may.sum(), weights[..., 0].size)
        right = link_rates(weights, sure, possible)
        first, second, third = (float(x if y is None else y) for x, y in zip(right, rates(*counts), strict=True))
        return first, second, third

    return wrong


def _whole_rows(weights: Array) -> Array:
    """What links[weights.argmax(axis=-1)] = True marks in one table."""
    rows = np.isin(np.arange(weights.shape[-2]), weights.argmax(axis=-1))
    return np.broadcast_to(rows[:, None], weights.shape)


WRONG = mistakes(
    "you link each source word to its favourite target word: the other way round, each target word (row) picks the "
    "source word of its largest weight, so the argmax runs over the last axis",
    _of(lambda weights: _links(weights.T).T),
    f"you mark whole rows of the table: {MARKED}",
    _of(_whole_rows),
    "you link each word with a weight above one half, or any weight: a target word picks the source word of its "
    "largest weight only, however small that is",
    _of(lambda weights: weights > 0.5),
    _of(lambda weights: weights > 0),
    "your precision counts the sure links only: a link that is possible is not wrong, so it is |A ∩ P| / |A|",
    _counted(lambda a, s, a_s, a_p, p, rows: (a_s / a, None, None)),
    "your recall counts the possible links: only the sure ones have to be there, so it is |A ∩ S| / |S|",
    _counted(lambda a, s, a_s, a_p, p, rows: (None, a_p / p, None)),
    "precision and recall stand in each other's place: precision is the share of your links that are possible and "
    "comes first",
    _counted(lambda a, s, a_s, a_p, p, rows: (a_s / s, a_p / a, None)),
    "your precision and recall are divided by each other's number: precision by |A|, the links drawn, recall by |S|, "
    "the sure ones",
    _counted(lambda a, s, a_s, a_p, p, rows: (a_p / s, a_s / a, None)),
    "your precision is divided by the number of possible links: it is a share of the links drawn, |A ∩ P| / |A|",
    _counted(lambda a, s, a_s, a_p, p, rows: (a_p / p, None, None)),
    "your recall is divided by the number of links drawn: it is a share of the sure links, |A ∩ S| / |S|",
    _counted(lambda a, s, a_s, a_p, p, rows: (None, a_s / a, None)),
    "you leave the sure links out of the possible ones: every sure link is possible too, S ⊆ P",
    _counted(lambda a, s, a_s, a_p, p, rows: ((a_p - a_s) / a, None, 1 - a_p / (a + s))),
    "your error rate is divided by |A ∪ S|: below the line, a link that is in both counts twice, |A| + |S|",
    _counted(lambda a, s, a_s, a_p, p, rows: (None, None, 1 - (a_s + a_p) / (a + s - a_s))),
    "your error rate counts what is right: subtract it from 1",
    _counted(lambda a, s, a_s, a_p, p, rows: (None, None, (a_s + a_p) / (a + s))),
    "your error rate counts |A ∩ S| twice: one of the two is |A ∩ P|",
    _counted(lambda a, s, a_s, a_p, p, rows: (None, None, 1 - 2 * a_s / (a + s))),
    "your error rate counts |A ∩ P| twice: one of the two is |A ∩ S|",
    _counted(lambda a, s, a_s, a_p, p, rows: (None, None, 1 - 2 * a_p / (a + s))),
    "your error rate is divided by |A| + |P|: below the line stand the links drawn and the sure ones, |A| + |S|",
    _counted(lambda a, s, a_s, a_p, p, rows: (None, None, 1 - (a_s + a_p) / (a + p))),
    "you make the error rate of precision and recall: with possible links it is not 1 − 2pr/(p + r); count |A ∩ S| + "
    "|A ∩ P| and divide by |A| + |S|",
    _counted(lambda a, s, a_s, a_p, p, rows: (None, None, 1 - 2 * a_p * a_s / (a_p * s + a_s * a))),
)
UNREAD = mistakes(
    "a row without any weight draws a link to the first word, because argmax must choose one: it reads nothing and "
    "draws none",
    _of(lambda weights: np.arange(weights.shape[-1]) == weights.argmax(axis=-1)[..., None]),
    "a row without any weight draws a link to every word, because 0 is its largest weight: it reads nothing and draws "
    "none",
    _of(lambda weights: weights == weights.max(axis=-1, keepdims=True)),
    "you divide by the number of rows: |A| counts the links that are drawn, and a row without any weight draws none",
    _counted(lambda a, s, a_s, a_p, p, rows: (a_p / rows, None, 1 - (a_s + a_p) / (rows + s))),
)


def _without_sure(weights: Array, sure: Array, possible: Array) -> Rates:
    a = _links(weights)
    both = (a & sure).sum() + (a & possible).sum()
    precision, recall = (a & possible).sum() / a.sum(), (a & sure).sum() / sure.sum()
    return float(precision), float(recall), float(1 - both / (a.sum() + sure.sum()))


ADDED = mistakes(
    "you forget that a sure link is possible too: the table of possible links may hold only the additional ones",
    _without_sure,
)
MISSED = (UNREAD[0], UNREAD[2], *ADDED)  # what also goes wrong in several sentences at once


def judged(draw: Draw, *sizes: int, empty: int = 0, apart: bool = False) -> Case:
    """Draw weights, sure links and possible ones, which are right often enough to count; or the additional ones."""
    weights = core.softmax(draw.normal(0, 1.6, sizes))
    if empty:
        weights[..., draw.permutation(sizes[-2])[:empty], :] = 0
    rows, links = (*sizes[:-1], 1), _links(weights)
    sure = np.where(draw.random(rows) < 0.5, links, draw.random(sizes) < 1.3 / sizes[-1])
    more = np.where(draw.random(rows) < 0.5, links, draw.random(sizes) < 0.15)
    return Case((weights, sure, more & ~sure if apart else more | sure))


def telling(case: Callable[[], Case], known: Sequence[Mistake]) -> Case:
    """Draw until all ways differ: where so little is counted, a wrong one may be right by chance, or like another."""
    while True:
        drawn = case()
        with np.errstate(all="ignore"):
            ways = np.array([way(*drawn.arguments) for way in (link_rates, *(mistake.does for mistake in known))])
        if (np.abs(ways[:, None] - ways).max(axis=-1) + np.eye(len(ways)) > 0.003).all():
            return drawn


def _texts(draw: Draw) -> Cases:
    """Tables in which sure links stand among the possible ones and every row reads."""
    return (telling(partial(judged, draw, *sizes), WRONG) for sizes in ((6, 9), (9, 7)))


def _unread(draw: Draw) -> Cases:
    yield telling(partial(judged, draw, 8, 6, empty=2), UNREAD)


def _additional(draw: Draw) -> Cases:
    yield telling(partial(judged, draw, 7, 9, apart=True), ADDED)


RATES = Task(
    "link_rates",
    "alignment",
    "Judge the links that the weights draw: precision, recall, alignment error rate.",
    link_rates,
    (
        Property(
            "rates",
            "counts precision, recall and the alignment error rate",
            1.5,
            right_values(link_rates, _texts, WRONG, shapes=MARKED),
        ),
        Property("unread", "draws no link for a row without any weight", 1, right_values(link_rates, _unread, UNREAD)),
        Property(
            "added",
            "counts sure links as possible ones, whichever table they stand in",
            0.5,
            right_values(link_rates, _additional, ADDED),
        ),
        Property("keeps", "leaves weights and tables as they were", 0.5, keeps_arguments(_additional)),
    ),
)
