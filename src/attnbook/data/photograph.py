"""Two real photographs, which come with scikit-learn and so need no download."""

import difflib

import numpy as np
from jaxtyping import Float64

from attnbook.data._checks import whole_number

__all__ = ["photograph"]

NAMES = ("china", "flower")


def photograph(name: str, *, side: int = 128) -> Float64[np.ndarray, "y x 3"]:
    """Return a photograph with numbers from 0 to 1, made smaller by averaging blocks of pixels.

    Args:
        name: "china", a temple between trees, or "flower", a flower before leaves.
        side: The longer side of the picture is so many pixels, or a little more: the blocks are squares of whole
            pixels, and what is left over at the border is cut off evenly. The photographs are 640 pixels wide
            and 427 high.

    >>> photograph("flower").shape
    (85, 128, 3)
    """
    if name not in NAMES:
        close = difflib.get_close_matches(str(name), NAMES, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(NAMES)}"
        raise ValueError(f"there is no photograph {name!r}: {hint}")
    whole_number("side", side, least=8, most=640)
    from sklearn.datasets import load_sample_image  # here, because it takes a second to load

    pixels = load_sample_image(f"{name}.jpg") / 255.0  # (427, 640, 3)
    block = pixels.shape[1] // side
    rows, columns = pixels.shape[0] // block, pixels.shape[1] // block
    above, left = (pixels.shape[0] - rows * block) // 2, (pixels.shape[1] - columns * block) // 2
    pixels = pixels[above : above + rows * block, left : left + columns * block]
    return np.asarray(pixels.reshape(rows, block, columns, block, 3).mean(axis=(1, 3)))
