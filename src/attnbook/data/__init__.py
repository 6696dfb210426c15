"""Small data sets that are the same on every machine."""

from attnbook.data.draws import gaussian, uniform
from attnbook.data.hidden_rotation import HiddenRotation, hidden_rotation
from attnbook.data.photograph import photograph
from attnbook.data.phrase import (
    END,
    PAD,
    SOURCE_WORDS,
    START,
    TARGET_WORDS,
    Phrases,
    Translation,
    batches,
    decode,
    encode,
    phrases,
    translate,
)
from attnbook.data.scene import COLOURS, GROUND, SHAPES, Scene, Thing, draw, scene
from attnbook.data.six_vectors import SixVectors, six_vectors

__all__ = [
    "COLOURS",
    "END",
    "GROUND",
    "PAD",
    "SHAPES",
    "SOURCE_WORDS",
    "START",
    "TARGET_WORDS",
    "HiddenRotation",
    "Phrases",
    "Scene",
    "SixVectors",
    "Thing",
    "Translation",
    "batches",
    "decode",
    "draw",
    "encode",
    "gaussian",
    "hidden_rotation",
    "photograph",
    "phrases",
    "scene",
    "six_vectors",
    "translate",
    "uniform",
]
