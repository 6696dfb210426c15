"""Captions name what is in the picture, from left to right, and say where it is."""

import numpy as np
import pytest

from attnbook.data.captions import WORDS, captions
from attnbook.data.scene import COLOURS, GROUND


def test_words_and_patches_are_those_of_the_picture() -> None:
    some = captions(12, seed=3)
    for image, words, named in zip(some.images, some.words, some.named, strict=True):
        assert len(set(words[::2])) == 3
        middles = []
        for word, where in zip(words[::2], named[::2], strict=True):
            colour = np.abs(image - COLOURS[WORDS[word]]).max(axis=-1) < 0.01  # (y, x)
            blocks = colour.reshape(8, 8, 8, 8).any(axis=(1, 3)).ravel()
            assert (where[blocks]).all()
            assert where.sum() <= blocks.sum() + 6  # the rim of a thing is of no pure colour
            middles.append(np.argwhere(colour)[:, 1].mean())
        assert middles == sorted(middles)
    np.testing.assert_array_equal(some.named[:, ::2], some.named[:, 1::2])


def test_a_patch_has_its_pixels_and_its_place() -> None:
    some = captions(2, seed=4)
    empty = some.patches[:, ~some.named.any(axis=(0, 1))]
    np.testing.assert_allclose(empty[..., :48], 0, atol=1e-6)  # the ground
    np.testing.assert_allclose(some.patches[0, [0, 7, 63], 48:], [[-1, -1], [-1, 1], [1, 1]])
    block = some.images[1, 16:24, 40:48].reshape(4, 2, 4, 2, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(some.patches[1, 2 * 8 + 5, :48], 3 * (block - GROUND).ravel(), atol=1e-6)


def test_a_seed_decides_everything() -> None:
    first, again, other = captions(3, seed=0), captions(3, seed=0), captions(3, seed=1)
    np.testing.assert_array_equal(first.images, again.images)
    assert not np.array_equal(first.images, other.images)
    with pytest.raises(ValueError, match="count is 0; it must be at least 1"):
        captions(0, seed=0)
