"""The figures of the map of attention."""

import numpy as np

from attnbook.plots import landscape


def test_every_choice_has_its_row_of_bars_at_one_scale() -> None:
    rows = {"softmax": np.array([0.25, 0.75]), "gates": np.array([0.5, 0.9])}
    ax = landscape.rows_of_bars(rows, ["a", "b"], title="t")
    panels = ax.figure.axes
    assert [[bar.get_height() for bar in panel.patches] for panel in panels] == [[0.25, 0.75], [0.5, 0.9]]
    assert [panel.get_title(loc="left") for panel in panels] == ["softmax", "gates"]
    assert panels[0].get_ylim() == panels[1].get_ylim()
    assert [label.get_text() for label in panels[1].get_xticklabels()] == ["a", "b"]


def test_meetings_are_counted_and_the_common_come_first() -> None:
    pairs = [("dot", "gates"), ("cosine", "softmax"), ("dot", "softmax"), ("dot", "softmax")]
    ax = landscape.meetings(pairs, title="t")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["dot", "cosine"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["softmax", "gates"]
    assert {text.xy: text.get_text() for text in ax.texts} == {(1, 0): "1", (0, 1): "1", (0, 0): "2"}


def test_a_timeline_is_in_order_and_gives_the_last_years_room() -> None:
    ax = landscape.timeline([(2017, "d"), (1964, "a"), (2015, "c"), (2015, "b")], now=2025, title="t")
    assert [text.get_text() for text in ax.texts] == ["1964, a", "c, 2015", "b, 2015", "d, 2017"]
    x = [line.get_xdata()[0] for line in ax.lines]
    assert x[0] < x[1] == x[2] < x[3]
    assert (x[3] - x[1]) / 2 > 3 * (x[1] - x[0]) / 51  # a year between 2015 and 2017 has more room than three before
