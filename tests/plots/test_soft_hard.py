"""The figures of Chapter 4 show the numbers they are given."""

import numpy as np

from attnbook.plots import soft_hard as figures


def test_estimators_lie_at_their_bias_and_spread():
    found = {"REINFORCE": {"none": (0.0, 3.0)}, "Gumbel": {"T = 1": (0.4, 0.8), "T = 2": (0.6, 0.3)}}
    ax = figures.estimators(found, unseen=0.05, title="t")
    assert [line.get_xydata().tolist() for line in ax.lines] == [[[0, 3]], [[0.4, 0.8], [0.6, 0.3]]]
    assert [text.get_text() for text in ax.texts] == ["none", "T = 1", "T = 2"]
    assert [line.get_linestyle() for line in ax.lines] == ["None", "-"]
    assert ax.get_yscale() == "log"


def test_accuracies_have_a_dot_for_each_seed_and_the_mean():
    ax = figures.accuracies({"one": [0.4, 0.6], "two": [0.9]}, chance=0.1, title="t")
    assert [list(line.get_xdata()) for line in ax.lines[:2]] == [[0.4, 0.6], [0.9]]
    assert [text.get_text() for text in ax.texts] == ["50%", "90%"]


def test_glimpses_are_framed_where_they_were():
    axes = figures.glimpses(np.zeros((2, 16, 16)), np.array([[0, 5], [15, 3]]), across=4, labels=["a", "b"], title="t")
    corners = [[patch.get_xy() for patch in ax.patches] for ax in axes]
    assert corners == [[(-0.5, -0.5), (3.5, 3.5)], [(11.5, 11.5), (11.5, -0.5)]]
    assert [text.get_text() for text in axes[0].texts] == ["1", "2"]


def test_a_word_fades_what_it_does_not_look_at():
    image, weights = np.zeros((16, 16, 3)), np.eye(4)[[0, 3]]
    axes = figures.words(image, weights, words=["red", "ball"], title="t")
    shown = {ax.get_title(loc="center"): ax.images[0].get_array() for ax in axes if ax.images}
    assert set(shown) == {"", "red", "ball"}
    assert (shown["red"][:8, :8] == 0).all()
    assert (shown["red"][8:] > 0.9).all()
    assert (shown["ball"][8:, 8:] == 0).all()
