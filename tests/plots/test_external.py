"""The figures of Chapter 11 show the numbers that they are given, each under its name."""

import numpy as np

from attnbook.plots import external as figures

RNG = np.random.default_rng(0)


def test_each_picture_has_a_map_for_each_slot():
    pictures, maps = [RNG.random((4, 6, 3)), RNG.random((3, 3, 3))], [RNG.random((2, 4, 6)), RNG.random((2, 3, 3))]
    axes = figures.who_reads(pictures, maps, slots=["warm", "cold"], title="t")
    assert [ax.get_title(loc="left") for ax in axes] == ["", "warm", "cold", "", "", ""]
    np.testing.assert_allclose(axes[0].images[0].get_array(), pictures[0])
    np.testing.assert_allclose(axes[5].images[0].get_array(), maps[1][1])
    assert {ax.images[0].get_clim() for ax in (axes[1], axes[5])} == {(0, 1)}


def test_the_same_scores_are_shown_in_each_table():
    tables = {"one": np.array([[0.25, 0.75]]), "two": np.array([[1.0, 0.0]])}
    axes = figures.normalised(tables, rows=["place"], columns=["a", "b"], title="t")
    assert [ax.get_title(loc="left") for ax in axes] == ["one", "two"]
    assert [[text.get_text() for text in ax.texts] for ax in axes] == [["0.25", "0.75"], ["1.00", "0.00"]]
    assert [[label.get_text() for label in ax.get_yticklabels()] for ax in axes] == [["place"], [""]]


def test_costs_are_lines_on_logarithmic_scales():
    n = np.array([1.0, 2.0, 4.0])
    ax = figures.costs(n, {"external": 2 * n, "self": n**2}, quantity="products", title="t")
    assert [text.get_text().strip() for text in ax.texts] == ["external", "self"]
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], [2 * n, n**2])
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_ylabel()) == ("log", "log", "products")


def test_right_answers_are_dots_beside_a_bound():
    ax = figures.right_answers({"slots": np.array([0.4, 0.3]), "double": np.array([1.0, 0.9])}, bound=0.5, title="t")
    np.testing.assert_array_equal([line.get_xdata() for line in ax.lines], [[0.4, 0.3], [1.0, 0.9], [0.5, 0.5]])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["slots", "double"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "the first is on top"
