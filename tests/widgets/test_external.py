"""The maps of external attention in Python: what moves in each way, refusals, the picture."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
import traitlets

from attnbook.widgets.external import MOST_PATCHES, PICTURES, WAYS, ExternalExplorer


def moved(way: str, factor: float = 1.0, turn: float = 0.0) -> tuple[np.ndarray, float]:
    """The changes of all rows but one when its patch is made longer, and turned; and its own."""
    explorer, vectors = ExternalExplorer(way=way), np.array(PICTURES["apples"])
    vectors[2] = factor * (np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ vectors[2])
    explorer.vectors = vectors
    return np.delete(explorer.moved, 2), float(explorer.moved[2])


@pytest.mark.parametrize("way", WAYS)
def test_positions_meet_only_where_a_column_is_summed(way: str) -> None:
    others, own = moved(way, turn=2.0)
    assert own > 0.1
    assert (others > 0.005).all() == (way in ("positions", "double"))
    assert others.any() == (way in ("positions", "double"))


def test_an_outlier_moves_nothing_if_lengths_do_not_count() -> None:
    for way in WAYS:
        others, own = moved(way, factor=10)
        assert (own > 0.1) == (way != "cosine")
        assert (others.max() > 0.3) == (way in ("positions", "double"))
    assert max(moved("cosine", factor=10)[0].max(), moved("cosine", factor=10)[1]) < 1e-12


def test_a_patch_of_self_attention_is_a_key_of_all_others() -> None:
    explorer, vectors = ExternalExplorer(), np.array(PICTURES["apples"])
    vectors[2] *= -1
    explorer.vectors = vectors
    assert (explorer.self_moved > 0.005).all()
    explorer.before = explorer.vectors
    assert not explorer.self_moved.any()


def test_what_sums_to_one() -> None:
    for way in WAYS:
        explorer = ExternalExplorer(way=way, slots=3)
        assert np.allclose(explorer.weights.sum(axis=1), 1) == (way != "positions")
        assert np.allclose(explorer.weights.sum(axis=0), 1) == (way == "positions")


def test_a_picture_brings_patches_and_no_slots() -> None:
    assert all(np.shape(patches) == (MOST_PATCHES, 2) for patches in PICTURES.values())
    found = {name: ExternalExplorer(vectors=patches, before=patches).rows() for name, patches in PICTURES.items()}
    best = {name: [row[2] for row in rows] for name, rows in found.items()}
    assert set(best["apples"]) == {"A", "B"}
    assert set(best["beach"]) == {"C", "D"}


def test_a_list_of_another_length_is_refused() -> None:
    with pytest.raises(traitlets.TraitError, match=r"vectors has shape \(2, 2\); it must be 10 rows of 2 numbers"):
        ExternalExplorer(vectors=[[0, 1], [1, 0]])


def test_the_picture_has_both_maps() -> None:
    root = ET.fromstring(ExternalExplorer(positions=3, slots=2, chosen=9).static_svg())
    texts = [node.text for node in root.findall(".//{*}text")]
    assert [text for text in texts if len(text or "") == 1] == [*"123AB", *"123123"]
    assert texts[-1] == "left: over slots, 6 scores; right: 9"
    assert "; patch 3 reads slots A (55 %), D (36 %)" in ExternalExplorer(positions=3, chosen=9).alt
