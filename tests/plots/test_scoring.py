"""The figures of Chapter 2 show the numbers they are given, and say their point in words."""

import numpy as np
import pytest

from attnbook import core, plots
from attnbook.data.six_vectors import six_vectors
from attnbook.plots import scoring as figures

query, keys, _, names = six_vectors()


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_bars_have_the_heights_of_the_weights():
    rules = {"dot": core.softmax(core.dot(query, keys)), "cosine": core.softmax(core.cosine(query, keys))}
    axes = plots.weights(rules, names=names, title="Two rules")
    for ax, (rule, row) in zip(axes, rules.items(), strict=True):
        np.testing.assert_allclose([bar.get_height() for bar in ax.patches], row[0])
        assert ax.get_title(loc="left") == rule
    assert axes[0].figure.get_suptitle() == "Two rules"
    assert axes[0].get_ylabel() == "weight"
    assert texts(axes[0]) == ["0.40"]
    assert texts(axes[1]) == ["0.29"]
    filled = [bar.get_facecolor() for bar in axes[0].patches]
    assert filled.count(filled[1]) == 1, "the favourite alone is filled"


def test_score_fields_share_one_scale():
    asked = []

    def rule(query, points):
        asked.append(points)
        return core.dot(query, points)

    axes = figures.score_fields(query, keys, {"one": rule, "two": core.cosine}, title="t", reach=2.0, columns=2)
    (points,) = asked
    assert points.min() == -2
    assert points.max() == 2
    assert len(np.unique(points, axis=0)) == len(points) == 41 * 41
    scales = {ax.collections[0].get_clim() for ax in axes}
    assert scales == {(-3.0, 3.0)}
    assert [ax.get_title(loc="left") for ax in axes] == ["one", "two"]
    assert axes[0].figure.get_suptitle() == "t"
    for ax in axes:
        (arrow,) = ax.texts
        np.testing.assert_array_equal([arrow.xyann, arrow.xy], [(0, 0), query[0]])
        np.testing.assert_array_equal(np.stack(ax.lines[0].get_data(), axis=1), keys)


def test_zero_line_of_the_dot_product_is_across_the_query():
    (ax,) = figures.score_fields(query, keys, {"dot": core.dot}, title="t", columns=1)
    (zero,) = (path for path in ax.collections[-1].get_paths() if len(path.vertices))
    np.testing.assert_allclose(zero.vertices @ query[0], 0, atol=1e-12)


def test_empty_panels_are_hidden():
    axes = figures.score_fields(query, keys, dict.fromkeys("abc", core.dot), title="t")
    assert len(axes) == 3
    hidden = [ax for ax in axes[0].figure.axes if not ax.get_visible()]
    assert len(hidden) == 1


def test_learning_curves_name_the_fastest_on_the_left():
    fast, slow = np.array([[0.1, 0.9, 1.0], [0.1, 0.7, 1.0]]), np.array([[0.1, 0.2, 0.5], [0.1, 0.2, 0.7]])
    curves = {"one": {"a": fast, "b": slow}, "two": {"a": slow, "b": fast}}
    axes = figures.learning_curves(curves, every=10, chance=0.1, title="t")
    for ax, setting, first in zip(axes, ("one", "two"), "ab", strict=True):
        assert ax.get_title(loc="left") == setting
        named = {text.get_text(): text for text in ax.texts}
        assert [name for name, text in named.items() if text.get_ha() == "right"] == [first]
        for line, name in zip(ax.lines, "ab", strict=False):
            np.testing.assert_array_equal(line.get_xdata(), [0, 10, 20])
            assert line.get_color() == named[name].get_color()
            x, y = named[name].xy
            assert y == pytest.approx(np.interp(x, line.get_xdata(), line.get_ydata()))
        assert list(ax.lines[-1].get_ydata()) == [0.1, 0.1]
    np.testing.assert_allclose(axes[0].lines[0].get_ydata(), [0.1, 0.8, 1.0])
    band = axes[0].collections[0].get_paths()[0].vertices
    assert np.isclose(band[:, 1], 0.8 + np.std([0.9, 0.7], ddof=1)).any()
    assert axes[0].get_ylabel() == "right answers"
    assert axes[-1].get_xlabel().startswith("training step")
    assert axes[0].figure.get_suptitle() == "t"


def test_curves_without_room_are_named_at_their_ends():
    steep, low = [0.1, 0.9, *[0.95] * 8], np.linspace(0.1, 0.3, 10)
    curves = {"steep": [steep] * 2, "steady": [np.linspace(0.1, 1, 10)] * 2, "low": [low] * 2}
    curves = {name: np.array(runs) for name, runs in curves.items()}
    (ax,) = figures.learning_curves({"": curves}, every=10, chance=0.1, title="t")
    named = {text.get_text(): text for text in ax.texts}
    assert named["steep"].xy == (90, pytest.approx(0.95))
    assert named["low"].xy == (90, pytest.approx(0.3))
    assert named["steady"].xy[0] < 90
    ax.figure.canvas.draw()
    left = ax.get_window_extent().x0
    assert all(text.get_window_extent().x0 > left for text in ax.texts)


def test_what_stays_near_chance_is_grey_and_shares_one_name():
    curves = {"learns": np.array([[0.2, 0.9], [0.2, 0.7]]), "flat": np.full((2, 2), 0.2), "too": np.full((2, 2), 0.3)}
    (ax,) = figures.learning_curves({"": curves}, every=10, chance=0.2, title="t")
    assert set(texts(ax)) == {"learns", "all others"}
    learns, flat, too = (line.get_color() for line in ax.lines[:3])
    assert flat == too != learns


def test_saturation_names_each_line_at_its_end():
    widths = [1, 4, 16]
    left, right = figures.saturation(
        widths, {"without": [0.3, 0.5, 0.9], "with": [0.3, 0.3, 0.3]}, {"without": [1, 0.1, 0.01], "with": [1, 1, 1]},
        title="t",
    )  # fmt: skip
    np.testing.assert_array_equal(left.lines[0].get_ydata(), [0.3, 0.5, 0.9])
    np.testing.assert_array_equal(right.lines[0].get_ydata(), [1, 0.1, 0.01])
    assert right.get_yscale() == "log"
    labels = {text.get_text(): text.xy for text in left.texts}
    assert labels == {"without": (16, 0.9), "with": (16, 0.3)}
    assert [ax.get_title(loc="left") for ax in (left, right)] == ["largest weight", "size of the softmax derivative"]
    assert right.get_xlabel() == "width d"
    assert left.get_shared_x_axes().joined(left, right)
    assert left.figure.get_suptitle() == "t"
    for ax, above in ((left, "without"), (right, "with")):  # names keep out of each other's way
        assert {text.get_text(): text.get_va() for text in ax.texts}[above] == "bottom"
        assert sorted(text.get_va() for text in ax.texts) == ["bottom", "top"]
