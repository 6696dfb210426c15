"""Small data sets that are the same on every machine."""

from attnbook.data.draws import gaussian
from attnbook.data.hidden_rotation import HiddenRotation, hidden_rotation
from attnbook.data.six_vectors import SixVectors, six_vectors

__all__ = ["HiddenRotation", "SixVectors", "gaussian", "hidden_rotation", "six_vectors"]
