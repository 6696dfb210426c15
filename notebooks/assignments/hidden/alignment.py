"""What the teacher's copy asks besides: other numbers of axes, sizes that are equal or one, whole numbers."""

from functools import partial

import numpy as np

from attnbook import core
from attnbook.classroom.specs.alignment.count import words_read
from attnbook.classroom.specs.alignment.cover import cover_each
from attnbook.classroom.specs.alignment.lamp import lamp_mask
from attnbook.classroom.specs.alignment.rates import MISSED, judged, link_rates, telling
from attnbook.classroom.specs.alignment.shared import desks, some_mask
from attnbook.classroom.specs.alignment.weights import masked_weights
from nbjudge.judging.compare import right_values, symptoms
from nbjudge.judging.spec import Case, Property, mistakes


def lamps_of_any_size(draw):
    """One sentence, one target word, as many words as sentences; a light for one word, a light for all."""
    for lengths, rows, reach in (((6,), 1, 1), ((1,), 3, 2), ((4, 2, 4, 3), 4, 0), ((5, 3, 5), 5, 40)):
        sizes = np.array(lengths)
        yield Case((sizes, draw.integers(0, sizes[:, None], (len(sizes), rows)), reach))


def batches_of_scores(draw):
    """A batch with one mask for each sentence, a mask for all rows alike, and one row alone."""
    scores = draw.normal(0.4, 1.2, (2, 4, 6))
    yield Case((scores, np.stack([some_mask(draw, 4, 6)[1:2], some_mask(draw, 4, 6)[:1]])))
    yield Case((scores[1], some_mask(draw, 4, 6)[2]))
    yield Case((scores[0, 0], some_mask(draw, 4, 6)[3]))
    yield Case((draw.normal(0, 1, (5, 5)), some_mask(draw, 5, 5)))


def batches_of_weights(draw):
    """A batch, one row alone, and a table with as many rows as columns."""
    for shape in ((2, 3, 5), (7,), (4, 4)):
        mask = draw.random(shape) < 0.7
        mask[..., 0] = True
        yield Case((core.softmax(draw.normal(0, 1.1, shape), mask=mask),))


def desks_of_any_size(draw):
    """Sizes that are all equal, and sizes of one."""
    for t, s, d in ((4, 4, 4), (1, 5, 3), (6, 3, 1)):
        mask = draw.random((t, s)) < 0.7
        mask[:, :2] = True
        yield Case((draw.normal(0, 1.2, (t, s)), draw.normal(0.5, 1, (s, d)), mask))


def whole_desks(draw):
    """Whole numbers as scores and values."""
    for case in desks(draw):
        scores, values, mask = case.arguments
        yield Case((np.rint(scores).astype(int), np.rint(3 * values).astype(int), mask))


def mean_of_rates(weights, sure, possible):
    """Each sentence counts as much as any other, however many links it has."""
    given = ([x] if weights.ndim == 2 else x for x in (weights, sure, possible))
    return tuple(np.mean([link_rates(*tables) for tables in zip(*given, strict=True)], axis=0).tolist())


POOLED = mistakes(
    "you take the mean over the sentences: all tables are counted together, as one text, so add up before you divide",
    mean_of_rates,
)


def collections(draw):
    """Several sentences at once, some with more links than others."""

    def drawn():
        case = judged(draw, 3, 6, 7, empty=1, apart=True)
        sure = case.arguments[1]
        sure[0, 2:], sure[:, 0, 0] = False, True
        return case

    yield telling(drawn, [*POOLED, *MISSED])


FEWER = symptoms(
    "with more axes, or fewer, your rows do not sum to 1: the words stand along the last axis, −1",
    lambda case, got: not np.allclose(got.sum(axis=-1), 1),
)
asks = partial(Property, hidden=True)
HIDDEN = {
    "lamp_mask": (
        asks(
            "sizes",
            "works for any number of sentences and words, and for any reach",
            0.5,
            right_values(lamp_mask, lamps_of_any_size),
        ),
    ),
    "masked_weights": (
        asks(
            "axes",
            "works for batches, for one row alone, and for masks that are broadcast",
            0.5,
            right_values(masked_weights, batches_of_scores, symptoms=FEWER),
        ),
    ),
    "words_read": (
        asks("axes", "works for batches and for one row alone", 0.5, right_values(words_read, batches_of_weights)),
    ),
    "cover_each": (
        asks(
            "sizes",
            "works when all sizes are equal and when one of them is 1",
            0.5,
            right_values(cover_each, desks_of_any_size),
        ),
        asks("whole", "takes whole numbers as scores and values", 0.5, right_values(cover_each, whole_desks)),
    ),
    "link_rates": (
        asks(
            "together",
            "counts all sentences of a batch together",
            0.5,
            right_values(link_rates, collections, [*POOLED, *MISSED]),
        ),
    ),
}
