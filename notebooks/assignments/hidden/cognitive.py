"""What the teacher's copy asks besides: sizes that are equal or one, other depths, numbers of other kinds."""

from functools import partial

import numpy as np

from attnbook.classroom.specs.cognitive.contrast import AT_THE_BORDER, EMPTY, local_contrast
from attnbook.classroom.specs.cognitive.glimpse import glimpse, pair, view_of
from attnbook.classroom.specs.cognitive.rarity import NOTHING, rarity_map
from attnbook.classroom.specs.cognitive.scan import as_places, scan
from nbjudge.judging.compare import GATE, right_values
from nbjudge.judging.spec import Case, Property, mistakes


def maps_of_any_size(draw):
    """As many rows as columns, one row, one column, one place."""
    for shape, near, far in (((8, 8), 1, 3), ((1, 9), 1, 2), ((7, 1), 0, 3), ((1, 1), 0, 1)):
        yield Case((draw.normal(1, 1, shape), near, far))


def stacks_of_any_size(draw):
    """One map, as many maps as rows and columns, maps of one row; and a map that is even, in which nothing is rare."""
    for shape in ((1, 5, 8), (5, 5, 5), (3, 1, 11), (3, 6, 4)):
        maps = draw.normal(0.2, 1, shape)
        maps[1:2] = 2.5 if shape == (3, 6, 4) else maps[1:2]
        yield Case((maps,))


def views_of_any_size(draw):
    """As many features as rows and columns, and colours; one row; one feature."""
    for f, rows, columns in ((3, 3, 3), (2, 1, 6), (4, 6, 6)):
        yield Case((*view_of(draw, f, rows, columns), 0.7))
    yield Case((draw.uniform(0, 1, (1, 4, 5)), np.array([-1.5]), draw.uniform(0, 1, (4, 5, 3)), 0.3))


def views_of_any_depth(draw):
    """A grey picture of one number a place, and one of five."""
    return (Case((*view_of(draw, 4, 5, 7, depth), 0.8)) for depth in (1, 5, 2))


def walks_of_any_kind(draw):
    """One row, a square, a reach of 0, one that is no whole number, one look, none; something is always free."""
    for shape, looks, reach in (((1, 18), 4, 2), ((9, 9), 5, 2.5), ((6, 8), 5, 0), ((7, 5), 1, 2), ((5, 7), 0, 2)):
        priority = draw.uniform(0.05, 1, shape)
        if reach == 2.5:  # the second highest place lies farther from the highest than 2, and not than 2.5
            down, right = draw.permutation([1, 2]) * draw.choice([-1, 1], 2)
            priority[4, 4], priority[4 + down, 4 + right] = 3, 2
        yield Case((priority, looks, reach, max(looks, 3)))


def eyes_without_memory(draw):
    """Who remembers nothing stays where it is best."""
    return (Case((draw.uniform(0.05, 1, shape), 4, 2, 0)) for shape in ((6, 9), (10, 4)))


REACH = mistakes(
    "you cut `reach` down to a whole number: it may be one like 2.5",
    lambda priority, looks, reach, memory: scan(priority, looks, int(reach), memory),
)
NO_MEMORY = mistakes(
    "with a memory of 0 your eye remembers everything: if you write seen[-memory:], then seen[-0:] is the whole list, "
    "so treat 0 apart",
    lambda priority, looks, reach, memory: scan(priority, looks, reach, memory or looks),
    "with a memory of 0 your eye remembers its last look all the same",
    lambda priority, looks, reach, memory: scan(priority, looks, reach, memory or 1),
)
asks = partial(Property, hidden=True)
near = partial(right_values, tolerance=GATE)
HIDDEN = {
    "local_contrast": (
        asks(
            "sizes",
            "works for maps of any size",
            0.5,
            near(local_contrast, maps_of_any_size, AT_THE_BORDER, symptoms=EMPTY),
        ),
    ),
    "rarity_map": (
        asks(
            "sizes",
            "works for any number of maps of any size, and for one that is the same everywhere",
            0.5,
            near(rarity_map, stacks_of_any_size, symptoms=NOTHING[:1]),
        ),
    ),
    "glimpse": (
        asks("sizes", "works for any number of features and places", 0.5, near(glimpse, views_of_any_size, part=pair)),
        asks(
            "depth",
            "reads any number of values at each place, not only three",
            0.5,
            near(glimpse, views_of_any_depth, part=pair),
        ),
    ),
    "scan": (
        asks(
            "sizes",
            "works for maps of any size and for any reach and number of looks",
            0.5,
            right_values(scan, walks_of_any_kind, REACH, part=as_places),
        ),
        asks(
            "forgetful",
            "stays at the best place when it remembers nothing",
            0.5,
            right_values(scan, eyes_without_memory, NO_MEMORY, part=as_places),
        ),
    ),
}
