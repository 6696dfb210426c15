"""Torch modules with learned parameters, computed by :mod:`attnbook.core`; each in its chapter's module."""
