"""The figures of Chapter 5 show the numbers that they are given, each under its name."""

import numpy as np

from attnbook.plots import key_value as figures


def test_read_outs_are_curves_through_the_rows():
    times, flat = np.linspace(0.0, 4.0, 9), np.full(9, 2.0)
    ax = figures.read_outs(
        times, {0.5: flat, 2.0: flat + 1}, keys=np.array([1.0, 3.0]), values=np.array([2.0, 3.0]), title="t"
    )
    assert [line.get_label() for line in ax.lines[:2]] == ["sharpness 0.5", "sharpness 2"]
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), flat + 1)
    np.testing.assert_array_equal(np.stack(ax.lines[2].get_data(), axis=1), [[1, 2], [3, 3]])
    assert ax.get_title(loc="left") == "t"


def test_capacities_are_dots_on_lines():
    widths = np.array([4.0, 9.0, 16.0])
    ax = figures.capacities(widths, {"one": (widths + 1, widths), "two": (widths + 3, widths + 2)}, title="t")
    assert [text.get_text() for text in ax.texts] == ["one", "two"]
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], [widths + i for i in (0, 1, 2, 3)])
    assert [line.get_marker() for line in ax.lines] == ["None", "o"] * 2
    assert ax.get_yscale() == "log"


def test_learning_has_a_line_for_each_seed_and_one_name_for_all():
    runs = np.array([[0.3, 0.5, 1.0], [0.3, 0.4, 0.9]])
    ax = figures.learning({"first": runs, "second": runs / 2}, every=25, chance=1 / 3, title="t")
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["first", "second"]
    np.testing.assert_array_equal(ax.lines[1].get_data(), [[0, 25, 50], runs[1]])
    np.testing.assert_array_equal(ax.lines[2].get_ydata(), runs[0] / 2)
    assert ax.lines[0].get_color() == ax.lines[1].get_color() != ax.lines[2].get_color()
    assert ax.lines[-1].get_ydata()[0] == 1 / 3


def test_stories_have_a_dot_for_each_training_and_a_line():
    shares = {"in training": np.ones((3, 2)), "new": np.array([[0.3, 0.4], [0.6, 0.8], [0.9, 1.0]])}
    ax = figures.right_by_stories(np.array([50, 200, 8000]), shares, chance=0.25, title="t")
    np.testing.assert_allclose(ax.lines[3].get_ydata(), [0.35, 0.7, 0.95])
    np.testing.assert_allclose(ax.lines[5].get_ydata(), [0.4, 0.8, 1.0])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["50", "200", "8,000"]
    assert [text.get_text() for text in ax.texts] == ["in training", "new"]
