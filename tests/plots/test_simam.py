"""The figures of Chapter 10 show the numbers that they are given, each under its name."""

import numpy as np

from attnbook.plots import simam as figures


def test_separating_lines_show_what_each_misses():
    numbers = np.array([4.0, 1.0, 0.0])
    axes = figures.separating_lines(numbers, {0: (0.5, -1.0, 0.25), 2: (-1.0, 1.0, 2.0)}, title="t")
    assert [ax.get_title(loc="left") for ax in axes] == ["neuron 4: energy 0.25", "neuron 0: energy 2.00"]
    for ax, neuron, (w, b) in zip(axes, (0, 2), ((0.5, -1.0), (-1.0, 1.0)), strict=True):
        _, _, line, *rest = ax.lines
        x, y = line.get_data()
        np.testing.assert_allclose(y, w * np.asarray(x) + b)
        for i, (bar, dot) in enumerate(zip(rest[::2], rest[1::2], strict=True)):
            assert list(bar.get_ydata()) == [w * numbers[i] + b, 1 if i == neuron else -1]
            assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (numbers[i], w * numbers[i] + b)
    assert axes[0].figure.get_suptitle() == "t"


def test_curves_have_their_names_and_a_floor():
    lines = {"one": [1.0, 0.8, 0.7], "two": [0.9, 0.7, 0.6]}
    options = {"title": "t", "x_label": "x", "y_label": "y", "least": 0.5, "most": 1.1}
    ax = figures.curves([0.1, 1, 10], lines, at=(1, -2), floor=0.6, **options)
    assert [(text.get_text(), text.xy) for text in ax.texts] == [("one", (1, 0.8)), ("two", (10, 0.6))]
    assert [text.get_ha() for text in ax.texts] == ["left", "right"]
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines[:2]], list(lines.values()))
    assert ax.lines[2].get_ydata()[0] == 0.6
    assert (ax.get_xscale(), ax.get_ylim(), ax.get_title(loc="left")) == ("log", (0.5, 1.1), "t")


def test_answers_have_a_dot_for_each_seed_and_a_mean():
    runs = {"none": np.array([0.9, 1.0]), "put in": np.array([0.5, 0.8])}
    ax = figures.answers(runs, chance=0.1, title="t")
    assert [label.get_text() for label in ax.get_yticklabels()] == list(runs)
    np.testing.assert_array_equal(ax.lines[0].get_data(), [[0.9, 1.0], [0, 0]])
    np.testing.assert_allclose(ax.lines[3].get_xdata(), [0.65, 0.65])
    assert ax.lines[4].get_xdata()[0] == 0.1
    ax = figures.answers(runs, chance=0, title="t", x_label="lost")
    assert ax.get_xlabel() == "lost"
