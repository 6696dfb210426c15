"""What is looked at of a result: students write the same thing as a tuple, a list or an array."""

import numpy as np
import pytest

from nbjudge.judging.parts import all_of, first_of, rows_of, well_inside
from nbjudge.judging.spec import TroubleError


def test_values_with_names_come_as_a_tuple_or_a_list():
    assert all_of("mask", "colour")([1, 2]) == (1, 2)
    assert first_of("mask", "colour")((1, 2)) == 1


@pytest.mark.parametrize(("value", "what"), [(None, "None"), (5, "one value"), ((1, 2, 3), "3 values")])
def test_other_numbers_of_values_are_named(value, what):
    with pytest.raises(TroubleError, match=f"returned {what}.*a mask and a colour were expected: return mask, colour"):
        all_of("mask", "colour")(value)


def test_rows_come_as_a_list_of_tuples_and_may_be_none():
    part = rows_of("row", "column")
    assert part([(1, 2), np.array([3, 4])]).tolist() == [[1, 2], [3, 4]]
    for empty in ([], np.array([]), np.zeros((2, 0))):
        assert part(empty).shape == (0, 2)
    with pytest.raises(TroubleError, match=r"not every item of it is \(row, column\)"):
        part([(1, 2), 3])


def test_a_rim_is_covered_and_anything_but_a_table_left_alone():
    table = well_inside(2)(np.ones((6, 7)))
    assert table.shape == (6, 7)
    assert table.sum() == 2 * 3
    assert well_inside(2)(np.ones((3, 4))).shape == (3, 4)
    assert well_inside(2)("text") == "text"
