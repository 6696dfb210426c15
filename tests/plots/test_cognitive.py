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


def test_lines_are_mean_and_spread_of_their_runs():
    looks = {
        "slow": np.array([[2.0, 4.0], [4.0, 8.0]]),
        "fast": [1.0, 1.0],
        "as fast": np.ones((2, 2)),
    }
    ax = figures.lines((4, 8), looks, title="Slow and fast", x_label="things", y_label="looks", guessing=5)
    slow, fast, as_fast, guessing = ax.lines
    np.testing.assert_allclose(slow.get_xydata(), [[4, 3], [8, 6]])
    assert (fast.get_linestyle(), as_fast.get_linestyle()) == ("-", "--"), "one would hide the line beneath it"
    assert list(guessing.get_ydata()) == [5, 5]
    band = ax.collections[0].get_paths()[0].vertices
    assert band[:, 1].max() == pytest.approx(6 + np.sqrt(8))
    assert len(ax.collections) == 2, "one run has no band"
    assert list(labels := {text.get_text(): text for text in ax.texts}) == [*looks, "guessing"]
    assert labels["fast"].xy == labels["as fast"].xy == (8, 1.0)
    assert labels["fast"].get_va() != labels["as fast"].get_va(), "their names lie on each other"
    assert [labels[name].get_color() for name in looks] == [line.get_color() for line in ax.lines[:3]]
    assert (ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel()) == ("Slow and fast", "things", "looks")
    assert ax.get_ylim()[0] == 0
    rising, falling = figures.lines((0, 1), {"up": [1, 2], "down": [2, 1]}, title="", x_label="", y_label="").texts
    assert (rising.get_va(), falling.get_va()) == ("bottom", "top"), "the falling line runs through its name"


def test_bars_have_their_numbers_at_their_ends():
    panels = {"difference": {"alone": 0.64, "among red": 0.51}, "divided": {"alone": 6.4632, "among red": 2.68}}
    first, second = figures.bars(panels, title="Two effects", guessing=0.3)
    assert [text.get_text() for text in second.texts] == ["6.46", "2.68"]
    assert [bar.get_width() for bar in first.patches] == [0.64, 0.51]
    assert [label.get_text() for label in first.get_yticklabels()] == ["alone", "among red"]
    assert first.yaxis_inverted(), "the first row is not on top"
    assert list(second.lines[0].get_xdata()) == [0.3, 0.3]
    assert [ax.get_title(loc="left") for ax in (first, second)] == list(panels)
    assert first.figure.get_suptitle() == "Two effects"
    for ax in (first, second):
        assert ax.get_xlim()[1] > max(bar.get_width() for bar in ax.patches)
