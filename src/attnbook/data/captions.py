"""Small scenes of three things, and sentences that name them from left to right."""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, Int64

from attnbook.data._checks import whole_number
from attnbook.data.scene import COLOURS, GROUND, SHAPES, scene

__all__ = ["WORDS", "Captions", "captions"]

WORDS: Final[tuple[str, ...]] = (*COLOURS, *SHAPES)
SIDE, PATCH, THINGS = 64, 8, 3


class Captions(NamedTuple):
    """Pictures cut into patches, what to say of each, and which patches show what is named."""

    images: Float32[np.ndarray, "n 64 64 3"]
    patches: Float32[np.ndarray, "n 64 50"]
    """Row by row, eight to a row: 4 × 4 pixels of the halved picture in three colours, from which the ground's
    lightness is taken away, and in which row and column the patch lies, from −1 to 1."""
    words: Int64[np.ndarray, "n 6"]
    """Colour and shape of the thing on the left, then of that in the middle, then of that on the right."""
    named: Bool[np.ndarray, "n 6 64"]
    """True for the patches that show a part of the thing that a word is about."""


def captions(count: int, *, seed: int) -> Captions:
    """Draw scenes of three things of three different colours, and name the things from left to right.

    Args:
        count: How many scenes.
        seed: Everything follows from it.

    >>> some = captions(2, seed=0)
    >>> [" ".join(WORDS[word] for word in row) for row in some.words]
    ['blue ball red ball green ball', 'blue square red square green triangle']
    >>> some.patches.shape, some.named[0].sum(axis=1).tolist()
    ((2, 64, 50), [4, 4, 6, 6, 4, 4])
    """
    whole_number("count", count, least=1)
    whole_number("seed", seed, least=0)
    rng = np.random.default_rng(seed)
    images, words, named = [], [], []
    for _ in range(count):
        colours = rng.permutation(list(COLOURS))[:THINGS]
        kinds = [(str(colour), str(rng.choice(SHAPES))) for colour in colours]
        one = scene(
            THINGS, target=None, others=kinds, size=(5, 8), side=SIDE, seed=int(rng.integers(2**32, dtype="uint32"))
        )
        images.append(one.image)
        order = sorted(range(THINGS), key=lambda i: one.things[i].x)
        words.append([WORDS.index(word) for i in order for word in (one.things[i].colour, one.things[i].shape)])
        shown = [_blocks(one.labels[..., None] == i + 1).any(axis=-1) for i in order for _ in range(2)]
        named.append(shown)
    pictures = np.array(images, dtype="float32")
    halved = pictures.reshape(count, SIDE // 2, 2, SIDE // 2, 2, 3).mean(axis=(2, 4))
    patches = np.stack([_blocks(3 * (picture - GROUND), PATCH // 2) for picture in halved])
    where = np.stack(np.meshgrid(*2 * [np.linspace(-1, 1, SIDE // PATCH)], indexing="ij"), axis=-1).reshape(1, -1, 2)
    patches = np.concatenate([patches, where.repeat(count, axis=0)], axis=-1).astype("float32")
    return Captions(pictures, patches, np.array(words), np.array(named))


def _blocks(picture: np.ndarray, size: int = PATCH) -> np.ndarray:
    """Cut a picture into square blocks, row by row: ``(y, x, c)`` → ``(blocks, size · size · c)``."""
    rows, columns = picture.shape[0] // size, picture.shape[1] // size
    blocks = picture.reshape(rows, size, columns, size, -1).swapaxes(1, 2)
    return blocks.reshape(rows * columns, -1)
