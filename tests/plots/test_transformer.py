"""The figures of the chapter on the Transformer."""

from attnbook.plots import transformer


def test_blocks_show_both_forms_from_bottom_to_top() -> None:
    first, last = transformer.blocks(title="t")
    order = [[text.get_text() for text in ax.texts if text.get_text() not in ("", "in", "out")] for ax in (first, last)]
    assert order[0] == ["norm", "attention", "+", "norm", "feed-forward", "+"]
    assert order[1] == ["attention", "+", "norm", "feed-forward", "+", "norm"]
    for ax in (first, last):
        heights = [text.get_position()[1] for text in ax.texts if text.get_text() not in ("", "in", "out")]
        assert heights == sorted(heights)


def test_parts_are_dots_and_a_line_at_the_first_mean() -> None:
    ax = transformer.parts({"all": [0.8, 0.9], "less": [0.3]}, told="right", title="t")
    assert [list(line.get_xdata()) for line in ax.lines[1:]] == [[0.8, 0.9], [0.3]]
    assert round(ax.lines[0].get_xdata()[0], 6) == 0.85
    assert [label.get_text() for label in ax.get_yticklabels()] == ["all", "less"]
