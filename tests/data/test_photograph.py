"""The photographs are scikit-learn's, made smaller without changing their light."""

import numpy as np
import pytest
from sklearn.datasets import load_sample_image

from attnbook.data.photograph import photograph


@pytest.mark.parametrize("name", ["china", "flower"])
def test_a_photograph_is_a_picture(name: str) -> None:
    image = photograph(name)
    assert image.shape == (85, 128, 3)
    assert image.dtype == np.float64
    assert 0 <= image.min() < 0.1
    assert 0.9 < image.max() <= 1


def test_each_pixel_is_the_mean_of_a_block() -> None:
    pixels, image = load_sample_image("china.jpg") / 255.0, photograph("china", side=128)
    assert pixels.shape == (427, 640, 3)
    for i, j in [(0, 0), (40, 3), (84, 127)]:  # blocks of 5 × 5; 2 of the 427 rows are left over, one above
        block = pixels[1 + 5 * i : 6 + 5 * i, 5 * j : 5 * j + 5].reshape(-1, 3)
        np.testing.assert_allclose(image[i, j], block.mean(axis=0), atol=1e-12)


@pytest.mark.parametrize(("side", "shape"), [(640, (427, 640)), (320, (213, 320)), (64, (42, 64)), (100, (71, 106))])
def test_the_longer_side_is_at_least_as_long_as_asked_for(side: int, shape: tuple[int, int]) -> None:
    assert photograph("flower", side=side).shape == (*shape, 3)


def test_the_light_stays() -> None:
    pixels = load_sample_image("flower.jpg") / 255.0
    np.testing.assert_allclose(photograph("flower", side=40).mean(axis=(0, 1)), pixels.mean(axis=(0, 1)), atol=0.01)


def test_everyone_gets_a_copy_of_their_own() -> None:
    photograph("china")[:] = 0
    assert photograph("china").any()


@pytest.mark.parametrize(
    ("name", "side", "error", "words"),
    [
        ("chna", 128, ValueError, "there is no photograph 'chna': did you mean 'china'?"),
        ("cat", 128, ValueError, "there is no photograph 'cat': there are china, flower"),
        ("china", 4, ValueError, "side is 4; it must be at least 8"),
        ("china", 1000, ValueError, "side is 1000; it must be at most 640"),
        ("china", 64.0, TypeError, "side is 64.0; it must be a whole number"),
    ],
)
def test_wrong_requests_are_refused(name: str, side: int, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        photograph(name, side=side)
