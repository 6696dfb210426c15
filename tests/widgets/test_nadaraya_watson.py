"""The kernel bench in Python: what it computes, where nothing is in reach, refusals, the picture."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
import traitlets

from attnbook.core.kernels import KERNELS
from attnbook.widgets.nadaraya_watson import NadarayaWatsonExplorer


def test_at_one_end_it_memorises_at_the_other_it_averages() -> None:
    explorer = NadarayaWatsonExplorer(bandwidth=0.001)
    y = np.array(explorer.points)[:, 1]
    assert explorer.curve == pytest.approx(y)
    assert explorer.errors[0] == pytest.approx(0)
    assert explorer.errors[1] > 0.5
    explorer.bandwidth = 10_000
    assert explorer.curve == pytest.approx(np.full(20, y.mean()))
    assert explorer.left_out == pytest.approx((y.sum() - y) / 19)
    assert explorer.weights == pytest.approx(np.full(20, 1 / 20))


@pytest.mark.parametrize("kernel", [name for name in KERNELS if name != "gaussian"])
def test_where_nothing_is_in_reach_it_says_so(kernel: str) -> None:
    explorer = NadarayaWatsonExplorer(points=[[0, 1], [0.5, 2], [4, 3]], query=2, kernel=kernel)
    assert not explorer.weights.any()
    assert "it is nothing, for no point is within reach" in explorer.alt
    assert [row[-1] == "–" for row in explorer.rows()] == [False, False, True]
    curve = ET.fromstring(explorer.static_svg()).findall(".//{*}path[@fill='none']")
    assert curve[0].get("d", "").count("M") == 2, "the curve has a gap"


def test_an_array_of_two_columns_will_do() -> None:
    explorer = NadarayaWatsonExplorer(points=np.array([[1, 2], [3, 4]]), query=2)
    assert explorer.answer == pytest.approx(3)
    before = explorer.weights
    for bad, why in (
        ([[1, 2]], r"points has shape \(1, 2\); it must be 2 to 50 rows of two numbers, x and y"),
        (np.zeros((51, 2)), "2 to 50 rows"),
        ([[1, 2, 3], [4, 5, 6]], "two numbers"),
        ([[1, 2], [3, np.nan]], "numbers from −10000 to 10000, but has nan"),
    ):
        with pytest.raises(traitlets.TraitError, match=why):
            explorer.points = bad
    with pytest.raises(traitlets.TraitError, match="did you mean 'epanechnikov'"):
        explorer.kernel = "epanechnikof"
    assert explorer.weights is before


def test_points_that_share_an_x_or_a_y_are_drawn() -> None:
    for points in ([[1, 2], [1, 2]], [[1, 2], [1, 5]], [[1, 2], [4, 2]]):
        picture = NadarayaWatsonExplorer(points=points, query=1).static_svg()
        assert ["nan" in picture, ">2.00</text>" in picture] == [False, True], "the least y is named"
        assert len(ET.fromstring(picture).findall(".//{*}circle")) == 2
