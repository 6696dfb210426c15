"""The book's explorers: the same picture on the page, in a notebook and on paper."""

from attnbook.widgets.alignment import AlignmentExplorer
from attnbook.widgets.base import Explorer
from attnbook.widgets.cognitive import CognitiveExplorer
from attnbook.widgets.scoring import ScoringExplorer

__all__ = ["AlignmentExplorer", "CognitiveExplorer", "Explorer", "ScoringExplorer"]
