"""Figures of the book: arrays in, matplotlib axes out."""

from attnbook.plots.heatmap import heatmap
from attnbook.plots.scoring import learning_curves, saturation, score_fields, weights
from attnbook.plots.style import SCORES, WEIGHTS, use_style

__all__ = [
    "SCORES",
    "WEIGHTS",
    "heatmap",
    "learning_curves",
    "saturation",
    "score_fields",
    "use_style",
    "weights",
]
