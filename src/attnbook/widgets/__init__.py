"""The book's explorers: the same picture on the page, in a notebook and on paper."""

from attnbook.widgets.base import Explorer
from attnbook.widgets.scoring import ScoringExplorer

__all__ = ["Explorer", "ScoringExplorer"]
