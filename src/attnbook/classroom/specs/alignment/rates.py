"""The fifth task: how good the links are that the weights draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from attnbook import core
from attnbook.classroom.specs.alignment.drawing import Array, Cases, Generator
from attnbook.core.alignment import alignment_error_rate
from nbjudge.judging.compare import keeps_arguments, right_values
from nbjudge.judging.spec import Case, Mistake, Property, Task

__all__ = ["RATES", "link_rates"]


def favourites(weights: Array) -> Array:
    """The cold limit: each row that reads anything links its target word to one source word."""
    return core.softmax(weights, temperature=1e-7, mask=weights > 0) > 0.5


def rates(links: Array, sure: Array, possible: Array) -> tuple[float, float, float]:
    """Precision, recall and error rate of links."""
    precision = (links & possible).sum() / links.sum()
    recall = (links & sure).sum() / sure.sum()
    return float(precision), float(recall), alignment_error_rate(links, sure, sure | possible)


def link_rates(weights: Array, sure: Array, possible: Array) -> tuple[float, float, float]:
    """What the chapter measures, with precision and recall."""
    return rates(favourites(weights), sure, sure | possible)


MARKED = (
    "to mark one place in each row, compare all places, np.arange(s), with the favourite of the row, which needs an "
    "axis more for that"
)
Rates = Callable[[float, float, float, Array, Array, Array], tuple[float, float, float]]


def _instead(change: Rates) -> Callable[..., tuple[float, float, float]]:
    """Return a wrong way that changes the three numbers."""

    def does(weights: Array, sure: Array, possible: Array) -> tuple[float, float, float]:
        links, allowed = favourites(weights), sure | possible
        return change(*rates(links, sure, allowed), links, sure, allowed)

    return does


def _of(links: Callable[[Array], Array]) -> Callable[..., tuple[float, float, float]]:
    """Return a wrong way that draws other links."""
    return lambda weights, sure, possible: rates(links(weights), sure, sure | possible)


def _first_without(weights: Array) -> Array:
    links = favourites(weights)
    links[..., 0] |= ~links.any(axis=-1)
    return links


def _whole_rows(weights: Array) -> Array:
    """What links[weights.argmax(axis=-1)] = True marks in one table."""
    rows = np.isin(np.arange(weights.shape[-2]), weights.argmax(axis=-1))
    return np.broadcast_to(rows[:, None], weights.shape)


RATE_MISTAKES = (
    Mistake(
        "you link each source word to its favourite target word: the other way round, each target word (row) picks the "
        "source word of its largest weight, so the argmax runs over the last axis",
        _of(lambda weights: favourites(weights.T).T),
    ),
    Mistake(f"you mark whole rows of the table: {MARKED}", _of(_whole_rows)),
    Mistake(
        "you link each word with a weight above one half: a target word picks the source word of its largest weight, "
        "however small that is",
        _of(lambda weights: weights > 0.5),
    ),
    Mistake(
        "you link every word that has any weight: a target word picks the source word of its largest weight only",
        _of(lambda weights: weights > 0),
    ),
    Mistake(
        "you link each target word to the word with the smallest weight",
        _of(lambda weights: weights == weights.min(axis=-1, keepdims=True)),
    ),
    Mistake(
        "your precision counts the sure links only: a link that is possible is not wrong, so it is |A ∩ P| / |A|",
        _instead(lambda p, r, e, a, s, m: ((a & s).sum() / a.sum(), r, e)),
    ),
    Mistake(
        "your recall counts the possible links: only the sure ones have to be there, so it is |A ∩ S| / |S|",
        _instead(lambda p, r, e, a, s, m: (p, (a & m).sum() / m.sum(), e)),
    ),
    Mistake(
        "precision and recall stand in each other's place: precision is the share of your links that are possible and "
        "comes first",
        _instead(lambda p, r, e, a, s, m: (r, p, e)),
    ),
    Mistake(
        "your precision and recall are divided by each other's number: precision by |A|, the links drawn, recall by "
        "|S|, the sure ones",
        _instead(lambda p, r, e, a, s, m: ((a & m).sum() / s.sum(), (a & s).sum() / a.sum(), e)),
    ),
    Mistake(
        "your precision is divided by the number of possible links: it is a share of the links drawn, |A ∩ P| / |A|",
        _instead(lambda p, r, e, a, s, m: ((a & m).sum() / m.sum(), r, e)),
    ),
    Mistake(
        "your recall is divided by the number of links drawn: it is a share of the sure links, |A ∩ S| / |S|",
        _instead(lambda p, r, e, a, s, m: (p, (a & s).sum() / a.sum(), e)),
    ),
    Mistake(
        "you leave the sure links out of the possible ones: every sure link is possible too, S ⊆ P",
        _instead(
            lambda p, r, e, a, s, m: (
                (a & m & ~s).sum() / a.sum(),
                r,
                1 - ((a & s).sum() + (a & m & ~s).sum()) / (a.sum() + s.sum()),
            )
        ),
    ),
    Mistake(
        "your error rate is divided by |A ∪ S|: below the line, a link that is in both counts twice, |A| + |S|",
        _instead(lambda p, r, e, a, s, m: (p, r, 1 - ((a & s).sum() + (a & m).sum()) / (a | s).sum())),
    ),
    Mistake(
        "your error rate counts what is right: subtract it from 1",
        _instead(lambda p, r, e, a, s, m: (p, r, 1 - e)),
    ),
    Mistake(
        "your error rate counts |A ∩ S| twice: one of the two is |A ∩ P|",
        _instead(lambda p, r, e, a, s, m: (p, r, alignment_error_rate(a, s))),
    ),
    Mistake(
        "your error rate counts |A ∩ P| twice: one of the two is |A ∩ S|",
        _instead(lambda p, r, e, a, s, m: (p, r, 1 - 2 * (a & m).sum() / (a.sum() + s.sum()))),
    ),
    Mistake(
        "your error rate is divided by |A| + |P|: below the line stand the links drawn and the sure ones, |A| + |S|",
        _instead(lambda p, r, e, a, s, m: (p, r, 1 - ((a & s).sum() + (a & m).sum()) / (a.sum() + m.sum()))),
    ),
    Mistake(
        "you make the error rate of precision and recall: with possible links it is not 1 − 2pr/(p + r); count "
        "|A ∩ S| + |A ∩ P| and divide by |A| + |S|",
        _instead(lambda p, r, e, a, s, m: (p, r, 1 - 2 * p * r / (p + r))),
    ),
)
UNDRAWN = Mistake(
    "a row without any weight draws a link to the first word, because argmax must choose one: it reads nothing and "
    "draws none",
    _of(_first_without),
)
ALL_DRAWN = Mistake(
    "a row without any weight draws a link to every word, because 0 is its largest weight: it reads nothing and draws "
    "none",
    _of(lambda weights: weights == weights.max(axis=-1, keepdims=True)),
)
ALL_ROWS = Mistake(
    "you divide by the number of rows: |A| counts the links that are drawn, and a row without any weight draws none",
    _instead(
        lambda p, r, e, a, s, m: (
            (a & m).sum() / a[..., 0].size,
            r,
            1 - ((a & s).sum() + (a & m).sum()) / (a[..., 0].size + s.sum()),
        )
    ),
)
ADDED = Mistake(
    "you forget that a sure link is possible too: the table of possible links may hold only the additional ones",
    lambda weights, sure, possible: (
        float((favourites(weights) & possible).sum() / favourites(weights).sum()),
        rates(favourites(weights), sure, sure | possible)[1],
        1
        - float((favourites(weights) & sure).sum() + (favourites(weights) & possible).sum())
        / float(favourites(weights).sum() + sure.sum()),
    ),
)


UNREAD = (UNDRAWN, ALL_DRAWN, ALL_ROWS)


def judged(generator: Generator, *sizes: int, empty: int = 0) -> tuple[Array, Array, Array]:
    """Draw weights, sure links and additional ones, which are right often enough to count."""
    weights = core.softmax(generator.normal(0, 1.6, sizes))
    if empty:
        weights[..., generator.permutation(sizes[-2])[:empty], :] = 0
    links = favourites(weights)
    sure = np.where(generator.random((*sizes[:-1], 1)) < 0.5, links, generator.random(sizes) < 1.3 / sizes[-1])
    possible = np.where(generator.random((*sizes[:-1], 1)) < 0.5, links, generator.random(sizes) < 0.15) & ~sure
    return weights, sure, possible


def telling(draw: Callable[[], Case], mistakes: Sequence[Mistake]) -> Case:
    """Draw until all ways differ: where so little is counted, a wrong one may be right by chance, or like another."""
    while True:
        case = draw()
        with np.errstate(all="ignore"):
            ways = np.array([way(*case.arguments) for way in (link_rates, *(mistake.does for mistake in mistakes))])
        apart = np.abs(ways[:, None] - ways).max(axis=-1) > 0.003
        if (apart | np.eye(len(ways), dtype=bool)).all():
            return case


def texts(generator: Generator) -> Cases:
    """Tables in which sure links stand among the possible ones and every row reads."""
    for t, s in ((6, 9), (9, 7)):

        def draw(t: int = t, s: int = s) -> Case:
            weights, sure, more = judged(generator, t, s)
            return Case((weights, sure, sure | more))

        yield telling(draw, RATE_MISTAKES)


def _unread(generator: Generator) -> Cases:
    def draw() -> Case:
        weights, sure, more = judged(generator, 8, 6, empty=2)
        return Case((weights, sure, sure | more))

    yield telling(draw, UNREAD)


def _additional(generator: Generator) -> Cases:
    yield telling(lambda: Case(judged(generator, 7, 9)), [ADDED])


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
            right_values(link_rates, texts, RATE_MISTAKES, shapes=MARKED),
        ),
        Property("unread", "draws no link for a row without any weight", 1, right_values(link_rates, _unread, UNREAD)),
        Property(
            "added",
            "counts sure links as possible ones, whichever table they stand in",
            0.5,
            right_values(link_rates, _additional, [ADDED]),
        ),
        Property("keeps", "leaves weights and tables as they were", 0.5, keeps_arguments(_additional)),
    ),
)
