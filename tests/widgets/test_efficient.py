"""The triangle of scores in Python: what each way computes, keeps and changes; the words; the picture."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from attnbook.core.cache import cache_bytes
from attnbook.widgets.efficient import TOKENS, EfficientExplorer


def test_blocks_end_at_the_direct_answer() -> None:
    for query, block in ((19, 4), (23, 7), (0, 1), (11, 24)):
        left, explorer = [], EfficientExplorer(way="blocks", query=query, block=block)
        for steps in range(1, -(-(query + 1) // block) + 1):
            explorer.steps = steps
            assert explorer.seen[query].sum() == min(steps * block, query + 1)
            assert not explorer.seen[query // block * block + block :].any(), "rows of later blocks come later"
            left.append(explorer.left_out)
        assert left == sorted(left, reverse=True)
        assert left[-1] < 1e-12
        assert explorer.moved < 1e-12


def test_a_window_moves_the_answer_by_the_weight_it_drops() -> None:
    explorer = EfficientExplorer(way="window", width=TOKENS)
    assert explorer.moved < 1e-12
    explorer.width = 6
    sink = explorer.direct[explorer.query, 0]
    assert sink > 0.4
    assert explorer.left_out > sink
    assert explorer.moved > 0.5
    explorer.sinks = 1
    assert explorer.left_out < 0.2
    assert explorer.moved < 0.2
    np.testing.assert_array_equal(np.flatnonzero(explorer.in_memory), [0, *range(14, 20)])


def test_groups_of_one_head_change_nothing_and_larger_ones_do() -> None:
    explorer = EfficientExplorer(way="groups", share="1")
    assert explorer.moved < 1e-12
    np.testing.assert_allclose(explorer.weights, explorer.direct)
    for share in ("2", "4"):
        explorer.share = share
        assert explorer.moved > 0.1
        assert explorer.left_out < 1e-12


def test_weights_sum_to_one_where_anything_is_computed() -> None:
    for way in ("all", "blocks", "window", "groups", "linear"):
        explorer = EfficientExplorer(way=way, steps=24, query=23, seed=5)
        np.testing.assert_allclose(explorer.weights.sum(axis=1), 1)
        assert np.triu(explorer.weights, 1).max() == 0


@pytest.mark.parametrize(
    ("options", "scores", "kept", "size"),
    [
        ({"way": "all"}, "300 of 300 scores", "20 of 20 tokens kept", "10.5 MB, + 524,288 B a token"),
        ({"way": "blocks"}, "300 of 300 scores, 16 at a time", "20 of 20 tokens kept", "10.5 MB, + 524,288 B a token"),
        ({"way": "window", "width": 3}, "69 of 300 scores", "3 of 20 tokens kept", "1.6 MB, + 0 B a token"),
        (
            {"way": "window", "width": 3, "sinks": 1, "query": 2},
            "90 of 300 scores",
            "3 of 3 tokens kept",
            "1.6 MB, + 524,288 B a token",
        ),
        (
            {"way": "groups"},
            "300 of 300 scores",
            "20 of 20 tokens kept, 1/4 of each",
            "2.6 MB, + 131,072 B a token",
        ),
        ({"way": "linear"}, "0 of 300 scores", "a matrix for each head", "33.6 MB, + 0 B a token"),
    ],
)
def test_what_is_told(options: dict[str, object], scores: str, kept: str, size: str) -> None:
    explorer = EfficientExplorer(**options)
    assert explorer.told()[:3] == [scores, kept, size]
    assert all(text in explorer.alt for text in explorer.told())


def test_a_matrix_takes_as_much_as_half_the_width_in_tokens() -> None:
    explorer = EfficientExplorer(way="linear")
    assert explorer.bytes_kept() == cache_bytes(64, layers=32, heads=32, width=128)


def test_the_picture_shows_the_triangle_and_the_results() -> None:
    explorer = EfficientExplorer(way="window", width=6)
    root = ET.fromstring(explorer.static_svg())
    texts = [node.text for node in root.findall(".//{*}text")]
    assert texts[:TOKENS] == [str(i + 1) for i in range(TOKENS)]
    assert [text for text in explorer.told() if text not in texts] == []
    assert [row[3] for row in explorer.rows()] == ["–"] * 14 + ["kept"] * 6
