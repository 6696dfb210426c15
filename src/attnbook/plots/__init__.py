"""Figures of the book: arrays in, matplotlib axes out."""

from attnbook.plots.alignment import accuracy_by_length, alignment, hull, wiring
from attnbook.plots.cognitive import beside, fixation_path, looks_needed, recall
from attnbook.plots.heatmap import heatmap
from attnbook.plots.picture import picture
from attnbook.plots.scoring import learning_curves, saturation, score_fields, weights
from attnbook.plots.style import SCORES, WEIGHTS, use_style

__all__ = [
    "SCORES",
    "WEIGHTS",
    "accuracy_by_length",
    "alignment",
    "beside",
    "fixation_path",
    "heatmap",
    "hull",
    "learning_curves",
    "looks_needed",
    "picture",
    "recall",
    "saturation",
    "score_fields",
    "use_style",
    "weights",
    "wiring",
]
