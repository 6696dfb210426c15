"""What the teacher's copy asks besides: other numbers of axes, sizes that are equal or one, whole numbers."""

import numpy as np

from attnbook import core
from attnbook.classroom.specs.alignment import ADDED, DESKS, NO_LINK, TASKS, exact, judged, link_rates
from nbjudge.judging.draw import each, partial_mask
from nbjudge.judging.rows import hidden, kinds, told_apart
from nbjudge.judging.spec import Case


def lamps(draw, lengths, rows, reach):
    sizes = np.array(lengths)
    return sizes, draw.integers(0, sizes[:, None], (len(sizes), rows)), reach


def batches_of_scores(draw):
    """A batch with one mask for each sentence, a mask for all rows alike, and one row alone."""
    scores, mask = draw.normal(0.4, 1.2, (2, 4, 6)), partial_mask(draw, 4, 6)
    yield Case((scores, mask[:2, None]))
    yield Case((scores[1], mask[2]))
    yield Case((scores[0, 0], mask[3]))
    yield Case((draw.normal(0, 1, (5, 5)), partial_mask(draw, 5, 5)))


def some(draw, *shape):
    mask = draw.random(shape) < 0.7
    mask[..., :2] = True
    return mask


def weights(draw, *shape):
    return (core.softmax(draw.normal(0, 1.1, shape), mask=some(draw, *shape)),)


def desk(draw, t, s, d):
    return draw.normal(0, 1.2, (t, s)), draw.normal(0.5, 1, (s, d)), some(draw, t, s)


def mean_of_rates(weights, sure, possible):
    """Each sentence counts as much as any other, however many links it has."""
    given = ([x] if weights.ndim == 2 else x for x in (weights, sure, possible))
    return tuple(np.mean([link_rates(*tables) for tables in zip(*given, strict=True)], axis=0).tolist())


def collection(draw, *sizes):
    """Several sentences at once, some with more links than others."""
    case = judged(draw, *sizes, empty=1, apart=True)
    case.arguments[1][0, 2:], case.arguments[1][:, 0, 0] = False, True
    return case


AXES = (
    "with more axes, or fewer, your rows do not sum to 1: the words stand along the last axis, −1",
    lambda case, got: not np.allclose(got.sum(axis=-1), 1),
)
LAMP, WEIGHTS, COUNT, COVER, RATES = TASKS
HIDDEN = hidden(
    LAMP,
    exact(
        ("sizes", 0.5, "works for any number of sentences and words, and for any reach"),
        each(lamps, ((6,), 1, 1), ((1,), 3, 2), ((4, 2, 4, 3), 4, 0), ((5, 3, 5), 5, 40)),
    ),
    WEIGHTS,
    exact(
        ("axes", 0.5, "works for batches, for one row alone, and for masks that are broadcast"),
        batches_of_scores,
        seen=AXES,
    ),
    COUNT,
    exact(("axes", 0.5, "works for batches and for one row alone"), each(weights, (2, 3, 5), (7,), (4, 4))),
    COVER,
    exact(
        ("sizes", 0.5, "works when all sizes are equal and when one of them is 1"),
        each(desk, (4, 4, 4), (1, 5, 3), (6, 3, 1)),
    ),
    kinds(0.5, DESKS, "takes whole numbers as scores and values", kinds=("int64",)),
    RATES,
    told_apart(
        ("together", 0.5, "counts all sentences of a batch together"),
        collection,
        [(3, 6, 7)],
        "you take the mean over the sentences: all tables are counted together, so add up before you divide",
        mean_of_rates,
        *NO_LINK,
        *ADDED,
    ),
)
