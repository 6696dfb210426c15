"""Torch modules with learnable parameters, computed by :mod:`attnbook.core`."""

from attnbook.nn.alignment import Read, Translator
from attnbook.nn.scoring import Additive, Bilinear, Location, LowRankBilinear

__all__ = ["Additive", "Bilinear", "Location", "LowRankBilinear", "Read", "Translator"]
