"""The figures of Chapter 9 show the numbers that they are given, each under its name."""

import numpy as np

from attnbook.plots import channel as figures


def test_each_map_is_drawn_as_its_gate_leaves_it():
    maps, gates = np.arange(12.0).reshape(2, 2, 3), np.array([0.5, 1.0])
    axes = figures.gated({"first": (maps, gates), "second": (maps, 0 * gates)}, names=["a", "b"], title="t")
    np.testing.assert_allclose(axes[0].images[0].get_array(), maps[0] * 0.5 / 11)
    np.testing.assert_allclose(axes[3].images[0].get_array(), 0 * maps[1])
    assert [ax.get_xlabel() for ax in axes] == ["gate 0.50", "gate 1.00", "gate 0.00", "gate 0.00"]
    assert [axes[i].get_ylabel() for i in (0, 2)] == ["first", "second"]
    assert [ax.get_title(loc="left") for ax in axes[:2]] == ["a", "b"]


def test_each_training_is_a_dot_in_the_row_of_its_block():
    tasks = {"one": {"none": np.array([0.2, 0.3]), "SE": np.array([1.0, 0.9])}, "two": {"none": np.array([0.4])}}
    axes = figures.by_block(tasks, chance={"one": 0.25, "two": 0.5}, title="t")
    np.testing.assert_array_equal(axes[0].lines[1].get_data(), [[1.0, 0.9], [1, 1]])
    assert [line.get_xdata()[0] for line in (axes[0].lines[-1], axes[1].lines[-1])] == [0.25, 0.5]
    assert [ax.get_title(loc="left") for ax in axes] == ["one", "two"]
