"""What is asked of the functions of Chapter 2 besides what students can see: sizes that tempt to a wrong turn."""

from functools import partial

import numpy as np

from attnbook.classroom.specs.scoring import ADDITIVE, COSINE, PROJECTED, SCALED_DOT, SOFTMAX_SLOPE, additive, projected
from nbjudge.judging.common_mistakes import turned_if_square
from nbjudge.judging.compare import GATE, every_size, first_fault, takes_kinds
from nbjudge.judging.draw import any_size, arrays
from nbjudge.judging.spec import Case, Property, mistakes

KEYS = "where there are as many keys as numbers in a key, you forgot to turn the table of keys: a key is always a row"
MAPS = "where a map is square you forgot to turn it: each of its rows makes one number of the result, always"


def rows_and_keys(draw):
    """As many rows as keys, one row, one key."""
    k = int(draw.integers(3, 7))
    for rows, keys in ((k, k), (1, k), (k, 1)):
        yield Case((draw.dirichlet(np.ones(keys), rows),))


def far_from_zero(cases):
    """Vectors of which none is zero, also as whole numbers, and none very short."""
    return lambda draw: (Case(tuple(table + np.sign(table) for table in case.arguments)) for case in cases(draw))


def at_any_size(task, cases, words, *turned):
    """Who turns a table only where it does not fit as it is, and who goes wrong at some sizes in another way."""
    known = mistakes(words, turned_if_square(task.reference, *turned))
    return every_size(task.reference, cases, known, tolerance=GATE)


sizes = partial(Property, "sizes", hidden=True)
turned_keys = at_any_size(COSINE, far_from_zero(any_size("qd,kd")), KEYS, 1)
turned_maps = at_any_size(ADDITIVE, any_size(additive.TABLES), MAPS, 2, 3)
whole_vectors = takes_kinds(COSINE.reference, far_from_zero(arrays("qd,kd")), ("float32", "int64"))
whole_networks = takes_kinds(ADDITIVE.reference, arrays(additive.TABLES))
HIDDEN = {
    "scaled_dot": (
        sizes(
            "is right at every size: one query, one key, one number, or sizes that are equal",
            1,
            at_any_size(SCALED_DOT, any_size("qd,kd"), KEYS, 1),
        ),
    ),
    "softmax_slope": (
        sizes(
            "is right at every size: one key, or as many rows as keys",
            0.5,
            every_size(SOFTMAX_SLOPE.reference, rows_and_keys, tolerance=GATE),
        ),
    ),
    "cosine": (sizes("is right at every size, and for whole numbers", 0.5, first_fault(turned_keys, whole_vectors)),),
    "projected": (
        sizes(
            "is right at every size: one query, one key, maps that are square",
            1,
            at_any_size(PROJECTED, any_size(projected.TABLES), MAPS, 2, 3),
        ),
    ),
    "additive": (sizes("is right at every size, and for whole numbers", 1, first_fault(turned_maps, whole_networks)),),
}
