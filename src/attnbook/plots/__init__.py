"""Figures of the book: arrays in, matplotlib axes out.

Here is what many chapters draw. A chapter's own figures are imported from its module, such as
``from attnbook.plots import scoring as figures``.
"""

from attnbook.plots.heatmap import heatmap
from attnbook.plots.picture import picture
from attnbook.plots.spread import spread
from attnbook.plots.style import SCORES, WEIGHTS, use_style
from attnbook.plots.weights import weights

__all__ = ["SCORES", "WEIGHTS", "heatmap", "picture", "spread", "use_style", "weights"]
