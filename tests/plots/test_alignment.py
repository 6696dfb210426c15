"""The figures of Chapter 3 show the numbers they are given, and say their point in words."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from attnbook import core
from attnbook.data.six_vectors import six_vectors
from attnbook.plots import alignment as figures
from attnbook.theme import LIGHT

_, _, values, names = six_vectors()


def test_hull_has_all_corners_and_a_dot_for_each_context():
    points = np.vstack([values, [[0.1, 0.2]]])  # six corners and one inside
    contexts, _ = core.attend(np.random.default_rng(0).normal(size=(5, 7)), points)
    ax = figures.hull(points, contexts, names=[*names, "g"], title="Inside")
    corners = ax.patches[0].get_xy()[:-1]  # a polygon ends where it begins
    assert sorted(map(tuple, corners)) == sorted(map(tuple, values))
    around = np.roll(corners, -1, axis=0) - corners
    after = np.roll(around, -1, axis=0)
    assert (around[:, 0] * after[:, 1] - around[:, 1] * after[:, 0] > 0).all(), "always to the left"
    cloud, dots = ax.lines
    np.testing.assert_array_equal(cloud.get_xydata(), contexts)
    np.testing.assert_array_equal(dots.get_xydata(), points)
    assert [text.get_text() for text in ax.texts] == [*names, "g"]
    assert ax.get_title(loc="left") == "Inside"
    assert ax.get_xlabel()
    assert ax.get_ylabel()


@pytest.mark.parametrize(
    ("points", "corners"),
    [
        ([[0, 0], [1, 0], [2, 0], [0, 1], [0, 0], [2, 0]], 3),  # one on an edge, two twice
        ([[0, 0], [1, 1], [2, 2]], 2),  # in a line
        ([[1, 1], [1, 1]], 1),
    ],
)
def test_hull_of_values_that_are_no_proper_polygon(points, corners):
    points = np.array(points, dtype=float)
    ax = figures.hull(points, points, names=["v"] * len(points), title="t")
    assert len(np.unique(ax.patches[0].get_xy(), axis=0)) == corners


def test_hull_wants_a_name_for_each_value():
    with pytest.raises(ValueError, match="there are 6 values but 2 names"):
        figures.hull(values, values, names="ab", title="t")


def test_wiring_draws_weights_and_one_vector():
    weights = np.array([[0.25, 0.0, 0.75], [0.0, 1.0, 0.0]])
    fixed, looking = figures.wiring(weights, source=["a", "b", "c"], target=["x", "y"], title="Two ways")
    drawn = {(line.get_xdata()[0], line.get_xdata()[1]): line.get_alpha() for line in looking.lines}
    assert drawn == {(0.0, 0.0): 0.25, (1.0, 0.0): 0.75, (0.5, 1.0): 1.0}  # from the source word to the target word
    assert len(fixed.lines) == 5  # three words in, two out
    assert all(0.5 in line.get_xdata() for line in fixed.lines)
    for ax in (fixed, looking):
        assert ax.yaxis_inverted()  # the source, at −0.1, stands above its translation
        words = {text.get_text(): (text.get_position(), to_hex(text.get_color())) for text in ax.texts}
        assert words["c"][0][1] < 0 or ax is fixed
        assert words["x"] == ((0.0, 1.1), LIGHT["query"])
        assert words["a"] == ((0.0, -0.1), LIGHT["key"])
    assert fixed.figure.get_suptitle() == "Two ways"


def test_wiring_wants_one_word_for_each_row_and_column():
    with pytest.raises(ValueError, match=r"links have shape \(2, 3\), but there are 2 target and 2 source words"):
        figures.wiring(np.zeros((2, 3)), source=["a", "b"], target=["x", "y"], title="t")


CURVES = {
    "forgets": np.array([[1.0, 0.6, 0.2], [1.0, 0.4, 0.2]]),
    "does not": np.array([[1.0, 1.0, 0.9], [1.0, 0.9, 0.9]]),
}


def test_accuracy_by_length_draws_mean_spread_and_names():
    ax = figures.accuracy_by_length([4, 8, 16], CURVES, trained=(4, 16), title="t")
    forgets, does_not = ax.lines
    np.testing.assert_array_equal(forgets.get_xdata(), [4, 8, 16])
    np.testing.assert_allclose(forgets.get_ydata(), [1, 0.5, 0.2])
    np.testing.assert_allclose(does_not.get_ydata(), [1, 0.95, 0.9])
    assert forgets.get_color() != does_not.get_color()
    band = ax.collections[0].get_paths()[0].vertices
    assert band[band[:, 0] == 8][:, 1].max() == pytest.approx(0.5 + np.std([0.6, 0.4], ddof=1))
    labels = {text.get_text(): (text.xy, text.get_va(), text.get_color()) for text in ax.texts}
    assert labels == {
        "forgets": ((16, pytest.approx(0.2)), "top", forgets.get_color()),
        "does not": ((16, pytest.approx(0.9)), "bottom", does_not.get_color()),
    }
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("words in the sentence", "right words")
    assert ax.get_title(loc="left") == "t"
    assert ax.get_ylim() == (0, 1.05)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["4", "8", "16"]
    assert not ax.patches, "no length lies outside the training"


def test_accuracy_by_length_shades_untrained_lengths():
    ax = figures.accuracy_by_length([4, 8, 16], CURVES, trained=(6, 12), title="t", ylabel="whole sentences")
    spans = sorted((patch.get_x(), patch.get_x() + patch.get_width()) for patch in ax.patches)
    assert spans == [(3.5, 5.5), (12.5, 16.5)]
    assert "never trained" in [text.get_text() for text in ax.texts]
    assert ax.get_ylabel() == "whole sentences"


def test_accuracy_of_a_single_run_has_no_spread():
    ax = figures.accuracy_by_length([4, 8], {"one": np.array([[1.0, 0.5]])}, trained=(4, 8), title="t")
    band = ax.collections[0].get_paths()[0].vertices
    assert set(band[:, 1].tolist()) == {1.0, 0.5}


def test_alignment_writes_weights_and_outlines_gold():
    weights, gold = np.array([[0.999, 0.001, 0.0], [0.0, 0.25, 0.75]]), np.array([[True, False, False], [False] * 3])
    ax = figures.alignment(weights, gold, source=["the", "red", "cat"], target=["mirla", "karmi"], title="Looks right")
    assert [text.get_text() for text in ax.texts] == ["1.00", "0.25", "0.75"], "empty squares stay empty"
    (outline,) = ax.patches
    assert (outline.get_xy(), outline.get_width(), outline.get_height()) == ((0, 0), 1, 1)
    assert to_hex(outline.get_edgecolor()) == LIGHT["query"]
    assert not outline.get_fill()
    assert [label.get_text() for label in ax.get_xticklabels()] == ["the", "red", "cat"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["mirla", "karmi"]
    assert ax.xaxis.get_ticks_position() == "top"
    assert ax.yaxis_inverted()
    assert ax.get_title(loc="left") == "Looks right"


def test_alignment_wants_tables_of_the_same_sentences():
    with pytest.raises(ValueError, match=r"weights has shape \(1, 2\) but gold has shape \(2, 1\): they must agree"):
        figures.alignment(np.ones((1, 2)), np.ones((2, 1), bool), source=["a", "b"], target=["x"], title="t")
    with pytest.raises(ValueError, match="1 rows and 1 columns are named"):
        figures.alignment(np.ones((1, 2)), np.ones((1, 2), bool), source=["a"], target=["x"], title="t")
