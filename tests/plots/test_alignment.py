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


def test_leak_draws_and_names_a_line_for_each_way():
    ax = figures.leak(np.array([0.0, 5.0]), {"late": np.array([0.4, 0.1])}, key="c", title="t")
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[0, 0.4], [5, 0.1]])
    assert [text.get_text() for text in ax.texts] == ["late"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("score of the forbidden key", "weight of c")


PAIR = (["a", "b", "c"], ["x", "y"], np.array([[0.25, 0.0, 0.75], [0.0, 1.0, 0.0]]))


def test_wiring_draws_a_line_for_each_weight():
    two = figures.wiring({"one": PAIR, "other": PAIR}, title="Two ways")
    for name, ax in zip(("one", "other"), two, strict=True):
        drawn = {tuple(line.get_ydata()): line.get_alpha() for line in ax.lines}
        assert drawn == {(0.0, 0.0): 0.25, (1.0, 0.0): 0.75, (0.5, 1.0): 1.0}  # from source to target
        assert all(list(line.get_xdata()) == [0, 1] for line in ax.lines)
        assert ax.yaxis_inverted()  # the first word stands on top
        words = {text.get_text(): (text.get_position(), to_hex(text.get_color())) for text in ax.texts}
        assert words["b"] == ((-0.06, 0.5), LIGHT["key"])
        assert words["y"] == ((1.06, 1.0), LIGHT["query"])
        assert ax.get_title() == name
    assert two[0].figure.get_suptitle() == "Two ways"


def test_words_and_weights_must_agree():
    with pytest.raises(ValueError, match=r"links have shape \(2, 3\), but there are 2 target and 2 source words"):
        figures.wiring({"one": (["a", "b"], ["x", "y"], np.zeros((2, 3)))}, title="t")
    with pytest.raises(ValueError, match=r"weights have shape \(2,\), but there are 3 source words"):
        figures.decoder_step([0.5, 0.5], source=["a", "b", "c"], before="x", after="y", title="t")


def test_decoder_step_gives_the_largest_weight_the_thickest_line():
    ax = figures.decoder_step([0.1, 0.7, 0.2], source=["the", "red", "cat"], before="mirla", after="karmi", title="t")
    read = [line for line in ax.lines if line.get_linestyle() == "-"]
    asked = [line for line in ax.lines if line.get_linestyle() != "-"]
    assert len(read) == len(asked) == 3
    assert np.argsort([line.get_linewidth() for line in read]).tolist() == [0, 2, 1]
    assert len({line.get_xdata()[1] for line in read}) == 1, "all end in the context"
    written = [text.get_text() for text in ax.texts]
    assert {"the", "red", "cat", "$h_{1}$", "0.10", "0.70", "0.20", "mirla", "karmi"} <= set(written)


CURVES = {
    "forgets": np.array([[1.0, 0.6, 0.2], [1.0, 0.4, 0.2]]),
    "does not": np.array([[1.0, 1.0, 0.9], [1.0, 0.9, 0.9]]),
}


def test_accuracy_by_length_draws_mean_band_and_names():
    top, bottom = figures.accuracy_by_length(
        [4, 8, 16], {"right words": CURVES, "whole": {"one": [[1.0, 0.5, 0.0]]}}, trained=(4, 16), title="t"
    )
    forgets, does_not = top.lines
    np.testing.assert_array_equal(forgets.get_xdata(), [4, 8, 16])
    np.testing.assert_allclose(forgets.get_ydata(), [1, 0.5, 0.2])
    np.testing.assert_allclose(does_not.get_ydata(), [1, 0.95, 0.9])
    assert forgets.get_color() != does_not.get_color()
    band = top.collections[0].get_paths()[0].vertices
    assert set(band[band[:, 0] == 8][:, 1]) == {0.4, 0.6}
    assert [text.get_text() for text in top.figure.legends[0].get_texts()] == ["forgets", "does not"]
    np.testing.assert_allclose(bottom.lines[0].get_ydata(), [1, 0.5, 0])
    assert [ax.get_title(loc="left") for ax in (top, bottom)] == ["right words", "whole"]
    assert bottom.get_xlabel() == "words in the sentence"
    assert top.figure.get_suptitle() == "t"
    assert top.get_ylim() == (0, 1.05)
    assert [label.get_text() for label in bottom.get_xticklabels()] == ["4", "8", "16"]
    assert not top.patches, "no length lies outside the training"


def test_accuracy_by_length_shades_untrained_lengths():
    (ax,) = figures.accuracy_by_length([4, 8, 16], {"right words": CURVES}, trained=(6, 12), title="t")
    spans = sorted((patch.get_x(), patch.get_x() + patch.get_width()) for patch in ax.patches)
    assert spans == [(3.5, 5.5), (12.5, 16.5)]
    assert "never\ntrained" in [text.get_text() for text in ax.texts]


def test_alignment_writes_weights_and_outlines_gold():
    weights, gold = np.array([[0.999, 0.001, 0.0], [0.0, 0.25, 0.75]]), np.array([[True, False, False], [False] * 3])
    ax = figures.alignment(weights, gold, source=["the", "red", "cat"], target=["mirla", "karmi"], title="Looks right")
    assert [text.get_text() for text in ax.texts] == ["1.00", "0.25", "0.75"], "empty squares stay empty"
    (outline,) = ax.patches
    assert (outline.get_xy(), outline.get_width(), outline.get_height()) == ((0, 0), 1, 1)
    assert (to_hex(outline.get_edgecolor()), outline.get_fill()) == (LIGHT["query"], False)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["the", "red", "cat"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["mirla", "karmi"]
    assert (ax.xaxis.get_ticks_position(), ax.yaxis_inverted()) == ("top", True)
    assert ax.get_title(loc="left") == "Looks right"


def test_alignment_wants_tables_of_the_same_sentences():
    with pytest.raises(ValueError, match=r"weights has shape \(1, 2\) but gold has shape \(2, 1\): they must agree"):
        figures.alignment(np.ones((1, 2)), np.ones((2, 1), bool), source=["a", "b"], target=["x"], title="t")
    with pytest.raises(ValueError, match="1 rows and 1 columns are named"):
        figures.alignment(np.ones((1, 2)), np.ones((1, 2), bool), source=["a"], target=["x"], title="t")
