"""What is asked of the functions of Chapter 2 besides what students can see: sizes that tempt to a wrong turn."""

import numpy as np

from attnbook import core
from attnbook.classroom.specs import scoring
from nbjudge.judging.common_mistakes import turned_if_square
from nbjudge.judging.draw import any_size, arrays, changed, each
from nbjudge.judging.rows import hidden, kinds, sizes, together

KEYS = "where there are as many keys as numbers in a key, you forgot to turn the table of keys: a key is always a row"
MAPS = "where a map is square you forgot to turn it: each of its rows makes one number of the result, always"
BOTH = "is right at every size, and for whole numbers"


def far_from_zero(cases):
    """Vectors of which none is zero, also as whole numbers, and none very short."""
    return changed(cases, lambda draw, *both: (table + np.sign(table) for table in both))


any_rows = each(lambda draw, rows, keys: (draw.dirichlet(np.ones(keys), rows),), (5, 5), (1, 4), (4, 1))
any_keys = KEYS, turned_if_square(core.scaled_dot, 1)
any_maps = MAPS, turned_if_square(scoring.projected, 2, 3)
HIDDEN = hidden(
    scoring.SCALED_DOT,
    sizes(
        1,
        "is right at every size: one query, one key, one number, or sizes that are equal",
        any_size("qd,kd"),
        *any_keys,
    ),
    scoring.SOFTMAX_SLOPE,
    sizes(0.5, "is right at every size: one key, or as many rows as keys", any_rows),
    scoring.COSINE,
    together(
        ("sizes", 0.5, BOTH),
        sizes(0, "", far_from_zero(any_size("qd,kd")), KEYS, turned_if_square(core.cosine, 1)),
        kinds(0, far_from_zero(arrays("qd,kd")), kinds=("float32", "int64")),
    ),
    scoring.PROJECTED,
    sizes(1, "is right at every size: one query, one key, maps that are square", any_size("qe,kd,re,rd"), *any_maps),
    scoring.ADDITIVE,
    together(
        ("sizes", 1, BOTH),
        sizes(0, "", any_size(scoring.NETWORK), MAPS, turned_if_square(core.additive, 2, 3)),
        kinds(0, arrays(scoring.NETWORK)),
    ),
)
