"""The figures of Chapter 9 show the numbers that they are given, each under its name."""

import numpy as np

from attnbook.plots import channel as figures


def test_each_map_is_drawn_before_and_after_its_gate():
    maps, gates = np.arange(24.0).reshape(2, 2, 2, 3), np.array([[0.5, 1.0], [0.0, 0.25]])
    pictures = np.arange(36.0).reshape(2, 2, 3, 3) / 36
    axes = np.reshape(figures.gated(pictures, maps, gates, names=["a", "b"], title="t"), (4, 3))
    for i in range(2):
        np.testing.assert_allclose(axes[2 * i, 0].images[0].get_array(), pictures[i])
        for c in range(2):
            np.testing.assert_allclose(axes[2 * i, 1 + c].images[0].get_array(), maps[i, c] / 23)
            np.testing.assert_allclose(axes[2 * i + 1, 1 + c].images[0].get_array(), gates[i, c] * maps[i, c] / 23)
    assert [ax.get_xlabel() for ax in axes[1::2, 1:].flat] == ["gate 0.50", "gate 1.00", "gate 0.00", "gate 0.25"]
    assert [ax.get_title(loc="left") for ax in axes[0]] == ["picture", "a", "b"]
    assert not axes[1, 0].axison


def test_each_training_is_a_dot_in_the_row_of_its_block():
    tasks = {"one": {"none": np.array([0.2, 0.3]), "SE": np.array([1.0, 0.9])}, "two": {"none": np.array([0.4])}}
    axes = figures.by_block(tasks, chance={"one": 0.25, "two": 0.5}, title="t")
    np.testing.assert_array_equal(axes[0].lines[1].get_data(), [[1.0, 0.9], [1, 1]])
    assert [line.get_xdata()[0] for line in (axes[0].lines[-1], axes[1].lines[-1])] == [0.25, 0.5]
    assert [ax.get_title(loc="left") for ax in axes] == ["one", "two"]
