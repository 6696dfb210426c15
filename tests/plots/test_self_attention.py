"""The figures of the chapter on self-attention."""

import numpy as np

from attnbook.plots import self_attention


def test_masks_stand_in_pairs_with_the_words_on_the_left():
    mask = np.tril(np.ones((3, 3), bool))
    axes = self_attention.masks({"causal": mask, "all": mask | True, "none": ~(mask | True)}, words="abc", title="t")
    assert [ax.get_title(loc="left") for ax in axes] == ["causal", "all", "none"]
    assert [label.get_text() for label in axes[0].get_yticklabels()] == ["a", "b", "c"]
    assert axes[0].collections[0].get_array().reshape(3, 3).tolist() == mask.astype(float).tolist()
    assert axes[0].figure.get_suptitle() == "t"


def test_waves_have_a_row_for_each_column_of_the_table():
    table = np.linspace(-1, 1, 15).reshape(5, 3)
    (ax,) = self_attention.waves({"sines": table}, title="t")
    np.testing.assert_allclose(ax.collections[0].get_array().reshape(3, 5), table.T)
    assert ax.get_xlabel() == "position"


def test_growth_names_each_curve_at_its_end():
    ax = self_attention.growth([1, 10, 100], {"a": [1, 10, 100], "b": [1, 100, 1e4]}, xlabel="n", ylabel="y", title="t")
    assert [text.get_text() for text in ax.texts] == ["a", "b"]
    assert [text.xy for text in ax.texts] == [(100, 100), (100, 1e4)]
    assert ax.get_xscale() == ax.get_yscale() == "log"
