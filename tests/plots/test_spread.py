"""The figure of how often each size occurs."""

import numpy as np
import pytest

from attnbook import plots


def test_spread_counts_every_draw_and_marks_median_and_mean():
    sizes = {"wide": np.array([0.0, 1e-9, 0.1, 10.0], "float32"), "narrow": np.array([0.2, 0.2, 0.2, 0.2])}
    axes = plots.spread(sizes, title="t", quantity="size")
    for ax, (case, size) in zip(axes, sizes.items(), strict=True):
        assert ax.patches[0].get_data().values.sum() == pytest.approx(1), "no draw is lost at the ends"
        assert [line.get_xdata()[0] for line in ax.lines] == pytest.approx([np.median(size), size.mean()])
        assert ax.get_title(loc="left") == case
        assert ax.get_xscale() == "log"
    assert axes[0].patches[0].get_data().values[0] == 0.5, "what is too small is counted at the left end"
    assert axes[1].get_xlabel().startswith("size")
    assert axes[0].figure.get_suptitle() == "t"
