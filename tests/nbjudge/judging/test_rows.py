"""A task made of rows asks what its properties would ask if each were written out."""

import numpy as np

from nbjudge.judging.draw import arrays, changed, each
from nbjudge.judging.local_call import LocalCall
from nbjudge.judging.rows import arguments, hidden, kinds, sizes, task, together, values
from nbjudge.judging.spec import judge


def total(table):
    """The sum of each row."""
    return np.asarray(table, dtype=float).sum(axis=-1)


TABLES = arrays("qd")
TOTAL = task(
    "sums",
    total,
    "Add up each row.",
    values(("values", 2, "adds"), TABLES, "you take the mean", lambda x: x.mean(axis=-1), seen=("add by hand",)),
    kinds(0.5, TABLES),
    arguments(0.5, TABLES),
)
SQUARE = "you turn a square table"
HIDDEN = hidden(
    (
        TOTAL,
        together(
            ("sizes", 1, "is right at every size"),
            sizes(
                0, "", each(lambda draw, *shape: (draw.normal(size=shape),), (4, 4)), SQUARE, lambda x: x.sum(axis=0)
            ),
            kinds(0, changed(TABLES, lambda draw, table: (table - 5,)), kinds=("int64",)),
        ),
    )
)


def told(function):
    findings = judge(TOTAL, LocalCall(function, 5), hidden=HIDDEN["total"])
    return {one.property: one.diagnosis for one in findings if one.tried and one.diagnosis}


def test_a_task_has_the_name_of_its_reference_and_the_points_of_its_rows():
    assert (TOTAL.name, TOTAL.chapter, TOTAL.points) == ("total", "sums", 3)
    assert [(one.name, one.points, one.hidden) for one in HIDDEN["total"]] == [("sizes", 1, True)]
    assert [mistake.says for mistake in HIDDEN["total"][0].mistakes] == [SQUARE]


def test_each_row_finds_its_fault():
    def in_place(table):
        table *= 1.0
        value = total(table)
        table[...] = 0
        return value

    assert told(total) == {}
    assert told(lambda x: x.mean(axis=-1)) == {"values": "you take the mean"}
    assert told(lambda x: total(x) + 1) == {"values": "add by hand"}
    assert list(told(lambda x: total(x).astype("float32"))) == ["kinds"]
    assert told(in_place)["arguments"].startswith("your function changes its argument number 1")
    assert told(lambda x: total(x.T) if len(set(x.shape)) == 1 else total(x)) == {"sizes": SQUARE}
    assert list(told(lambda x: total(x) - 1 * (x < -2).all())) == ["sizes"]
