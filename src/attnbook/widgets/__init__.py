"""The book's explorers: the same picture on the page, in a notebook and on paper; each in its chapter's module."""

from attnbook.widgets.base import Explorer

__all__ = ["Explorer"]
