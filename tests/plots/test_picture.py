"""A picture keeps its colours, a map has the book's, and a picture fades where its map is low."""

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from attnbook import plots
from attnbook.plots.picture import mark_peak
from attnbook.theme import LIGHT, SEQUENTIAL

IMAGE = np.random.default_rng(0).random((4, 5, 3))
HEAT = np.array([[0.0, 0.5, 2.0], [0.0, -1.0, 0.1]])


def shown(ax):
    (drawn,) = ax.images
    return drawn


def test_a_picture_is_drawn_as_it_is():
    ax = plots.picture(IMAGE, title="As it is")
    np.testing.assert_array_equal(shown(ax).get_array(), IMAGE)
    assert shown(ax).get_interpolation() == "none"
    assert ax.get_title(loc="left") == "As it is"
    assert list(ax.get_xticks()) == list(ax.get_yticks()) == []
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "the first row stands on top"


def test_a_map_has_the_colours_of_weights_from_zero():
    drawn = shown(plots.picture(heat=HEAT))
    np.testing.assert_allclose(drawn.get_array(), [[0, 0.25, 1], [0, 0, 0.05]])
    colors = drawn.to_rgba(drawn.get_array())
    assert to_hex(colors[0, 0]) == to_hex(colors[1, 1]) == SEQUENTIAL[0]
    assert to_hex(colors[0, 2]) == SEQUENTIAL[-1]


def test_the_highest_may_be_that_of_another_map():
    np.testing.assert_allclose(
        shown(plots.picture(heat=HEAT, highest=4.0)).get_array(), [[0, 0.125, 0.5], [0, 0, 0.025]]
    )


def test_a_map_of_nothing_is_paper():
    drawn = shown(plots.picture(heat=np.zeros((2, 2))))
    assert {to_hex(color) for color in drawn.to_rgba(drawn.get_array()).reshape(-1, 4)} == {LIGHT["paper"]}


def test_a_picture_fades_to_paper_where_the_map_is_low():
    heat = np.zeros((4, 5))
    heat[1, 2], heat[3, 4] = 0.5, 2.0
    faded = shown(plots.picture(IMAGE, heat=heat)).get_array()
    paper = np.array(to_rgb(LIGHT["paper"]))
    np.testing.assert_allclose(faded[3, 4], IMAGE[3, 4])
    np.testing.assert_allclose(faded[1, 2], 0.25 * IMAGE[1, 2] + 0.75 * paper)
    np.testing.assert_allclose(faded[0, 0], paper)


def test_neither_map_nor_picture_is_changed():
    image, heat = IMAGE.copy(), np.ones((4, 5)) * 3
    plots.picture(image, heat=heat)
    np.testing.assert_array_equal(image, IMAGE)
    assert (heat == 3).all()


def test_a_ring_stands_where_the_map_is_highest():
    ax = plots.picture(heat=HEAT)
    mark_peak(ax, HEAT)
    (ring,) = ax.lines
    assert ring.get_xydata().tolist() == [[2, 0]]
    assert ring.get_markerfacecolor() == "none"


def test_a_map_without_a_peak_gets_no_ring():
    ax = plots.picture(heat=np.zeros((2, 2)))
    mark_peak(ax, np.zeros((2, 2)))
    assert not ax.lines


def test_what_cannot_be_drawn_is_an_error_in_words():
    with pytest.raises(ValueError, match="there is nothing to draw: give an image, a heat map, or both"):
        plots.picture()
    with pytest.raises(ValueError, match=r"heat has shape \(2, 3\) but the image has \(4, 5\) places"):
        plots.picture(IMAGE, heat=HEAT)


def test_a_picture_can_be_found_in_its_file_but_not_a_map():
    ax = plots.picture(IMAGE)
    assert shown(ax).get_gid() == "picture_0"
    assert shown(plots.picture(heat=HEAT)).get_gid() is None
