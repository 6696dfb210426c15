"""A task made of rows asks what its properties would ask if each were written out."""

import numpy as np

from nbjudge.judging.draw import arrays, changed, each, partial_mask
from nbjudge.judging.local_call import LocalCall
from nbjudge.judging.rows import arguments, hidden, kinds, sizes, task, together, told_apart, values
from nbjudge.judging.spec import judge


def total(table):
    """The sum of each row."""
    return np.asarray(table, dtype=float).sum(axis=-1)


TABLES = arrays("qd")
TOTAL = task(
    total,
    "Add up each row.",
    values(("values", 2, "adds"), TABLES, "you take the mean", lambda x: x.mean(axis=-1), seen=("add by hand",)),
    kinds(0.5, TABLES),
    arguments(0.5, TABLES),
)
SQUARE = "you turn a square table"
HIDDEN = hidden(
    TOTAL,
    together(
        ("sizes", 1, "is right at every size"),
        sizes(0, "", each(lambda draw, *shape: (draw.normal(size=shape),), (4, 4)), SQUARE, lambda x: x.sum(axis=0)),
        kinds(0, changed(TABLES, lambda draw, table: (table - 5,)), kinds=("int64",)),
    ),
)


def told(function):
    findings = judge(TOTAL, LocalCall(function, 5), hidden=HIDDEN["total"])
    return {one.property: one.diagnosis for one in findings if one.tried and one.diagnosis}


def test_a_task_has_the_name_of_its_reference():
    assert (TOTAL.name, TOTAL.chapter, TOTAL.points) == ("total", "test_rows", 3)
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


def test_cases_are_drawn_until_no_mistake_is_right_by_chance():
    drawn = []

    def one_number(draw, size):
        drawn.append(draw.integers(0, 2, (1, size)).astype(float))
        return (drawn[-1],)

    words = "you count what is not 0", lambda x: (x[:, :1] > 0).sum(axis=1).astype(float)
    asked = task(total, "Add up.", told_apart(("values", 1, "adds"), one_number, [2, (2,)], *words, tolerance=1e-6))
    for seed in range(20):
        (finding,) = judge(asked, LocalCall(words[1], 5), seed=seed)
        assert finding.diagnosis == words[0]
    assert any(total(x) == words[1](x) for x in drawn)  # so that luck would have decided


def test_a_mask_leaves_each_row_and_each_place_something():
    for seed in range(50):
        mask = partial_mask(np.random.default_rng(seed), 3, 4)
        assert 2 <= mask.sum(axis=1).min() <= mask.sum(axis=1).max() < 4
        assert mask.any(axis=0).all()
