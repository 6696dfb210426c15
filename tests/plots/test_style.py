"""One look for all figures, and the same bytes each time."""

import io
import subprocess
import sys

import matplotlib as mpl
import numpy as np

from attnbook import plots
from attnbook.theme import DIVERGING, LIGHT, SEQUENTIAL


def test_style_takes_its_colours_from_the_theme():
    with mpl.rc_context():
        plots.use_style()
        assert mpl.rcParams["text.color"] == LIGHT["ink"]
        assert mpl.rcParams["figure.facecolor"] == LIGHT["paper"]


def test_the_maps_are_the_themes():
    for colormap, stops in ((plots.WEIGHTS, SEQUENTIAL), (plots.SCORES, DIVERGING)):
        assert mpl.colors.to_hex(colormap(0.0)) == stops[0]
        assert mpl.colors.to_hex(colormap(1.0)) == stops[-1]
        assert len(np.unique(colormap(np.linspace(0, 1, 64)), axis=0)) == 64


DRAW = """
import matplotlib; matplotlib.use("agg")
import io, hashlib, numpy as np
from attnbook import plots
plots.use_style()
ax = plots.heatmap(np.eye(3), rows=list("abc"), columns=list("abc"), title="t")
out = io.BytesIO()
ax.figure.savefig(out, format="svg", metadata={"Date": None})
print(hashlib.sha256(out.getvalue()).hexdigest())
"""


def test_a_figure_has_the_same_bytes_in_every_process():
    runs = {
        subprocess.run([sys.executable, "-c", DRAW], capture_output=True, text=True, check=True).stdout for _ in "ab"
    }
    assert len(runs) == 1


def test_nothing_is_shown_on_its_own(monkeypatch):
    from matplotlib import pyplot as plt

    monkeypatch.setattr(plt, "show", lambda *_, **__: (_ for _ in ()).throw(AssertionError("show was called")))
    ax = plots.heatmap(np.eye(2), rows=list("ab"), columns=list("ab"))
    ax.figure.savefig(io.BytesIO())
    plt.close("all")
