"""The figures of Chapter 1 show the maps and the ways they are given, and say their point in words."""

import numpy as np
import pytest

from attnbook.core import cognitive, pictures
from attnbook.data.scene import scene
from attnbook.plots import cognitive as figures
from attnbook.theme import LIGHT

picture = scene(4, others=[("green", "square")], side=64, seed=2)
saliency = cognitive.saliency(picture.image)
colours = pictures.colour_maps(picture.image)


def drawn(ax):
    (image,) = ax.images
    return np.asarray(image.get_array())


def test_maps_stand_beside_their_picture_under_their_names():
    axes = figures.beside(picture.image, {"saliency": saliency, "red": colours[0]}, title="The odd one", name="a scene")
    np.testing.assert_array_equal(drawn(axes[0]), picture.image)
    np.testing.assert_allclose(drawn(axes[1]), saliency)
    np.testing.assert_allclose(drawn(axes[2]), colours[0] / colours[0].max())
    assert [ax.get_title(loc="left") for ax in axes] == ["a scene", "saliency", "red"]
    assert axes[0].figure.get_suptitle() == "The odd one"


def test_each_map_has_a_ring_around_its_peak():
    maps = {"saliency": saliency, "yellow": colours[3]}
    scene_ax, salient, yellow = figures.beside(picture.image, maps, title="t")
    (ring,) = salient.lines
    x, y = ring.get_xydata()[0]
    assert saliency[int(y), int(x)] == saliency.max()
    assert picture.labels[int(y), int(x)] == 1
    assert not scene_ax.lines
    assert not yellow.lines, "nothing is yellow"
    assert not any(ax.lines for ax in figures.beside(picture.image, maps, title="t", peaks=False))


def test_maps_may_share_one_scale():
    weak = {"strong": colours[0], "weak": colours[0] / 4}
    alone = figures.beside(picture.image, weak, title="t")
    shared = figures.beside(picture.image, weak, title="t", shared=True)
    np.testing.assert_allclose(drawn(alone[1]), drawn(alone[2]))
    np.testing.assert_allclose(drawn(shared[1]), 4 * drawn(shared[2]))


def test_a_map_may_have_fewer_places_than_the_picture():
    _, pooled = figures.beside(picture.image, {"pooled": cognitive.max_pool(saliency, 8)}, title="t")
    assert drawn(pooled).shape == (8, 8)


@pytest.mark.parametrize(
    ("count", "columns", "rows", "hidden"), [(1, 4, 1, 0), (3, 4, 1, 0), (4, 4, 2, 3), (7, 4, 2, 0)]
)
def test_panels_go_on_in_the_next_row(count, columns, rows, hidden):
    axes = figures.beside(picture.image, {str(i): saliency for i in range(count)}, title="t", columns=columns)
    assert len(axes) == count + 1
    assert axes[0].get_subplotspec().get_gridspec().nrows == rows
    assert sum(not ax.get_visible() for ax in axes[0].figure.axes) == hidden


PATHS = {"bottom-up": np.array([[3, 40], [50, 8], [20, 20]]), "top-down": np.array([[1, 2]])}


def test_the_path_of_the_eye_is_numbered_in_order():
    both, one = figures.fixation_path(picture.image, PATHS, title="Where the eye goes")
    assert [text.get_text() for text in both.texts] == ["1", "2", "3"]
    assert [text.get_position() for text in both.texts] == [(40, 3), (8, 50), (20, 20)]
    assert both.lines[0].get_xydata().tolist() == [[40, 3], [8, 50], [20, 20]]
    assert [text.get_position() for text in one.texts] == [(2, 1)]
    assert [ax.get_title(loc="left") for ax in (both, one)] == ["bottom-up", "top-down"]
    assert both.figure.get_suptitle() == "Where the eye goes"
    np.testing.assert_array_equal(drawn(both), picture.image)


def test_numbers_read_on_any_picture():
    (ax,) = figures.fixation_path(picture.image, {"a": PATHS["bottom-up"]}, title="t")
    for text in ax.texts:
        assert text.get_color() == LIGHT["ink"]
        assert text.get_bbox_patch().get_facecolor()[:3] == (1, 1, 1)


def test_a_path_may_fade_the_picture_with_its_map():
    heats = {"bottom-up": saliency, "top-down": colours[0]}
    axes = figures.fixation_path(picture.image, PATHS, title="t", heats=heats)
    for ax, heat in zip(axes, heats.values(), strict=True):
        expected = 1 + (heat / heat.max())[..., None] * (picture.image - 1)
        np.testing.assert_allclose(drawn(ax), expected)


def test_nothing_looked_at_is_a_picture_without_numbers():
    (ax,) = figures.fixation_path(picture.image, {"no look": np.zeros((0, 2), dtype=int)}, title="t")
    assert not ax.texts


def test_recall_is_a_straight_line_where_it_shrinks_by_a_factor():
    steps = list(range(8))
    curves = {"fading": [0.5**k for k in steps], "attention": [0.9] * 8}
    ax = figures.recall(steps, curves, title="Memory fades, attention does not")
    assert ax.get_yscale() == "log"
    for line, (name, values), text in zip(ax.lines, curves.items(), ax.texts, strict=True):
        np.testing.assert_array_equal(line.get_xydata(), np.stack([steps, values], axis=1))
        assert (text.get_text(), text.get_color()) == (name, line.get_color())
        assert text.xy == (7, values[-1])
    assert ax.lines[0].get_color() != ax.lines[1].get_color()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("steps since the item came", "share of it that is read back")
    assert ax.get_title(loc="left") == "Memory fades, attention does not"
    assert ax.yaxis.get_major_formatter()(0.001, 0) == "0.1 %"
    assert all(float(tick).is_integer() for tick in ax.get_xticks())


def test_looks_are_drawn_as_mean_and_spread():
    looks = {
        "slow": np.array([[2.0, 4.0], [4.0, 8.0]]),
        "fast": np.ones((2, 2)),
        "as fast": np.ones((2, 2)),
    }
    ax = figures.looks_needed((4, 8), looks, title="Slow and fast")
    slow, fast, as_fast = ax.lines
    np.testing.assert_allclose(slow.get_xydata(), [[4, 3], [8, 6]])
    assert fast.get_linestyle() == "-"
    assert as_fast.get_linestyle() == "--", "it would hide the line beneath it"
    band = ax.collections[0].get_paths()[0].vertices
    assert band[:, 1].max() == pytest.approx(6 + np.sqrt(8))
    labels = {text.get_text(): text for text in ax.texts}
    assert set(labels) == set(looks)
    assert labels["fast"].xy == labels["as fast"].xy == (8, 1.0)
    assert labels["fast"].xyann[1] - labels["as fast"].xyann[1] >= 10, "their names lie on each other"
    assert [labels[name].get_color() for name in looks] == [line.get_color() for line in ax.lines]
    assert ax.get_ylim()[0] == 0
    assert ax.get_title(loc="left") == "Slow and fast"
