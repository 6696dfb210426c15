"""The figures of Chapter 12 show the numbers that they are given, each under its name."""

import numpy as np

from attnbook.plots import nadaraya_watson as figures


def test_curves_are_lines_over_points() -> None:
    hours = np.linspace(0.0, 4.0, 9)
    keys, values = np.array([1.0, 3.0]), np.array([2.0, 3.0])
    outputs = {"one": hours + 0.1, "two": np.where(hours > 2, np.nan, hours)}
    ax = figures.curves(hours, outputs, keys=keys, values=values, truth=hours, title="t")
    np.testing.assert_array_equal(np.stack(ax.lines[0].get_data(), axis=1), [[1, 2], [3, 3]])
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), hours)
    assert ax.lines[1].get_linestyle() == "--"
    for line, (name, output) in zip(ax.lines[2:], outputs.items(), strict=True):
        assert line.get_label() == name
        np.testing.assert_array_equal(line.get_ydata(), output)
    assert [text.get_text() for text in ax.texts] == ["path", "one", "two"]
    np.testing.assert_allclose([text.xy[0] for text in ax.texts], [1, 1, 0.5], err_msg="at the end of its line")
    assert np.diff(sorted(text.xy[1] for text in ax.texts)).min() > 0.07, "names do not touch"
    assert ax.get_title(loc="left") == "t"


def test_a_map_has_a_row_for_each_query_from_the_top() -> None:
    weights = np.arange(6.0).reshape(2, 3) / 15
    ax = figures.weight_map(weights, queries="asked", keys="found", title="t")
    np.testing.assert_array_equal(ax.collections[0].get_array(), weights)
    assert ax.yaxis_inverted()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("found", "asked")


def test_errors_are_drawn_on_logarithmic_scales() -> None:
    sizes = np.array([50.0, 100.0, 3_200.0])
    found = {"one": np.array([0.5, 0.4, 0.2]), "two": np.array([0.3, 0.02, 0.001])}
    ax = figures.errors(sizes, found, quantity="points", ticks=sizes, title="t")
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_xlabel()) == ("log", "log", "points")
    assert [label.get_text() for label in ax.get_xticklabels()] == ["50", "100", "3,200"]
    for line, (name, some) in zip(ax.lines, found.items(), strict=True):
        assert (line.get_label(), line.get_marker()) == (name, "o")
        np.testing.assert_array_equal(line.get_ydata(), some)
    many = figures.errors(np.arange(20.0), {"one": np.linspace(1, 2, 20)}, quantity="step", title="t", straight=True)
    assert (many.get_xscale(), many.get_yscale()) == ("linear", "log")
    assert many.lines[0].get_marker() in ("", "None")
