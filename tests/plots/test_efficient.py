"""The figures of the page on saving."""

import numpy as np
import pytest

from attnbook.plots import efficient


def test_each_way_has_a_line_and_the_limit_is_dashed() -> None:
    ways = {"all": [10.0, 100.0], "window": [10.0, 10.0]}
    ax = efficient.memory_by_length([1, 10], ways, limit=50.0, told="full", title="t")
    assert [list(line.get_ydata()) for line in ax.lines] == [[10, 100], [10, 10], [50, 50]]
    assert [text.get_text() for text in ax.texts] == ["all", "window", "full"]
    assert (ax.get_xscale(), ax.get_yscale(), ax.lines[2].get_linestyle()) == ("log", "log", "--")
    assert ax.figure.get_suptitle() == "t"


def test_errors_are_means_with_their_names_where_they_end() -> None:
    runs = {"grows": np.array([[0.0, 1.0, 5.0], [0.2, 1.2, 7.0]]), "stays": np.zeros((2, 3))}
    ax = efficient.errors_by_load([1, 2, 4], runs, floor=[0.0, 0.5, 0.75], title="t")
    assert ax.lines[0].get_ydata() == pytest.approx([0.1, 1.1, 6.0])
    assert [text.xy[0] for text in ax.texts] == [2, 4, 4]  # the first leaves the picture after 2 pairs
    assert list(ax.lines[2].get_ydata()) == [0.0, 0.5, 0.75]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2", "4"]
