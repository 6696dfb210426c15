"""The figures of the chapter on structures."""

import numpy as np
import pytest

from attnbook.plots import structures


def test_errors_are_dots_on_the_row_of_their_model():
    ax = structures.errors({"one": [0.5, 0.52], "two": [0.01]}, floor=0.5, told="floor", title="t")
    assert [list(line.get_xdata()) for line in ax.lines] == [[0.5, 0.52], [0.01], [0.5, 0.5]]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one", "two"]
    assert ax.figure.get_suptitle() == "t"


def test_a_document_shows_each_word_and_sentences_weights():
    within, between = np.array([[0.9, 0.1], [0.5, 0.5]]), np.array([0.25, 0.75])
    words = [["so", "good"], ["not", "bad"]]
    flat, levels = structures.document({"a": (within, None), "b": (within, between)}, words=words, title="t")
    assert [text.get_text() for text in flat.texts] == ["so", "good", "not", "bad"]
    assert [text.get_text() for text in levels.texts] == ["0.25", "so", "good", "0.75", "not", "bad"]
    assert [bar.get_width() for bar in levels.patches] == pytest.approx([0.25, 0.75])


def test_outlines_are_closed_and_begin_at_the_start():
    points = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 1.0]])
    (ax,) = structures.outlines({"three": (points, [0, 1, 2], [1, 2])}, title="t")
    assert ax.lines[0].get_xydata().tolist() == points[[0, 1, 2, 0]].tolist()
    assert ax.lines[1].get_xydata().tolist() == points[[1, 2, 1]].tolist()
    assert ax.lines[3].get_xydata().tolist() == [[1.0, 0.0]]
