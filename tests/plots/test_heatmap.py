"""A heat map shows each number, in a colour that means the same everywhere."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from attnbook import plots
from attnbook.theme import LIGHT


def colors(ax):
    mesh = ax.collections[0]
    return [to_hex(color) for color in mesh.to_rgba(mesh.get_array().ravel())]


def test_every_number_is_written_in_its_square():
    ax = plots.heatmap(np.array([[0.25, 0.75]]), rows=["q"], columns=["a", "b"])
    assert [text.get_text() for text in ax.texts] == ["0.25", "0.75"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b"]


def test_the_first_query_stands_on_top():
    ax = plots.heatmap(np.eye(2), rows=["first", "second"], columns=["a", "b"])
    bottom, top = ax.get_ylim()
    assert bottom > top
    assert {label.get_text(): at for label, at in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)} == {
        "first": 0.5,
        "second": 1.5,
    }


def test_a_heat_map_says_its_point():
    ax = plots.heatmap(np.eye(2), rows=["p", "q"], columns=["a", "b"], title="Each finds itself")
    assert ax.get_title(loc="left") == "Each finds itself"


def test_weights_are_coloured_from_zero_even_where_none_is_small():
    ax = plots.heatmap(np.array([[0.5, 1.0]]), rows=["q"], columns=["a", "b"])
    assert ax.collections[0].get_clim() == (0, 1)


def test_no_weight_is_paper_and_more_weight_is_darker():
    none, some, most = colors(plots.heatmap(np.array([[0.0, 0.5, 1.0]]), rows=["q"], columns=list("abc")))
    assert none == LIGHT["paper"]
    assert sum(bytes.fromhex(some[1:])) > sum(bytes.fromhex(most[1:]))


def test_signed_scores_are_paper_at_zero_and_differ_by_sign():
    below, zero, above = colors(
        plots.heatmap(np.array([[-2.0, 0.0, 2.0]]), rows=["q"], columns=list("abc"), signed=True)
    )
    assert zero == LIGHT["paper"]
    assert below != above


def test_numbers_stay_readable_on_dark_squares():
    ax = plots.heatmap(np.array([[0.0, 1.0]]), rows=["q"], columns=["a", "b"])
    assert [text.get_color() for text in ax.texts] == [LIGHT["ink"], LIGHT["paper"]]
    signed = plots.heatmap(np.array([[-2.0, 0.5, 2.0]]), rows=["q"], columns=list("abc"), signed=True)
    assert [text.get_color() for text in signed.texts] == [LIGHT["paper"], LIGHT["ink"], LIGHT["paper"]]


def test_names_that_do_not_fit_are_an_error_in_words():
    with pytest.raises(ValueError, match="2 rows and 1 columns are named"):
        plots.heatmap(np.ones((1, 2)), rows=["p", "q"], columns=["a"])


def test_small_numbers_can_be_left_out_and_their_squares_stay():
    ax = plots.heatmap(np.array([[-0.3, 0.004, 0.02]]), rows=["q"], columns=list("abc"), signed=True, written_from=0.01)
    assert [text.get_text() for text in ax.texts] == ["-0.30", "0.02"]
    assert len(colors(ax)) == 3
