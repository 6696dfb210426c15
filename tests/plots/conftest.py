"""Figures are drawn without a screen, in the book's style, and closed again."""

import matplotlib
import pytest


@pytest.fixture(autouse=True)
def drawn_in_style():
    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    from attnbook import plots

    with matplotlib.rc_context():
        plots.use_style()
        yield
    plt.close("all")
