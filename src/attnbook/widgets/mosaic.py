"""Small pictures in coloured lights, as explorers have them: as a text, as channels, and as a picture in SVG."""

import base64
import zlib
from typing import Any

import numpy as np
import traitlets
from jaxtyping import Float64

from attnbook.core import _picture_checks as check_picture
from attnbook.widgets.declare import Words

__all__ = ["CHANNELS", "HUES", "SIDE", "Mosaic", "image_of", "shown", "split", "written"]

SIDE = 48
"""The picture is a square of so many pixels."""
CHANNELS = {
    "red": (1, 0, 0),
    "yellow": (1, 1, 0),
    "green": (0, 1, 0),
    "cyan": (0, 1, 1),
    "blue": (0, 0, 1),
    "magenta": (1, 0, 1),
    "grey": (1, 1, 1),
    "white": (1, 1, 1),
}
"""The channels, and how much red, green and blue each gives back to the picture."""
HUES = 6
"""So many of them are colours, in a circle."""

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"  # 0 to 63: how light a pixel is
LEVELS = np.array([max(0, DIGITS.find(chr(code))) for code in range(128)])


class Mosaic(Words):
    """A picture as a text: a letter for the red, the green and the blue of each pixel. An array is made into one."""

    def checked(self, name: str, value: Any) -> str:
        """Return the text; of an array, which may have any size, the square in its middle."""
        if isinstance(value, str) or not hasattr(value, "shape"):
            return super().checked(name, value)
        try:
            return written(np.asarray(value, dtype=np.float64))
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(f"{name} is no picture: {error}") from None


def written(image: Float64[np.ndarray, "y x 3"]) -> str:
    """Return the square in the middle of a picture as a text, made smaller by averaging."""
    check_picture.picture(image)
    if image.ndim != 3:
        raise ValueError(f"image has shape {image.shape}; one picture at a time, please")
    size = min(image.shape[:2])
    above, left = ((each - size) // 2 for each in image.shape[:2])
    square = image[above : above + size, left : left + size]
    ends = np.arange(SIDE + 1) * size // SIDE
    for axis in (0, 1):
        counts = np.maximum(np.diff(ends), 1).reshape((-1, 1, 1) if axis == 0 else (-1, 1))
        square = np.add.reduceat(square, ends[:-1], axis=axis) / counts
    return "".join(DIGITS[level] for level in np.rint(63 * square).astype(int).ravel().tolist())


def image_of(text: str) -> Float64[np.ndarray, "y x 3"]:
    """Return the picture that is written in a text; what is missing is black."""
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")[: 3 * SIDE**2]
    levels = np.zeros(3 * SIDE**2)
    levels[: len(codes)] = LEVELS[np.minimum(codes, 127)]
    return levels.reshape(SIDE, SIDE, 3) / 63


def split(image: Float64[np.ndarray, "y x 3"]) -> Float64[np.ndarray, "8 y x"]:
    """Split a picture into the channels; times their colours, they sum to the picture.

    What all three lights have in common is grey up to one half and white above it; what two have in common beyond that
    is yellow, cyan or magenta; what one has alone is red, green or blue.

    >>> dict(zip(CHANNELS, split(np.array([[[1.0, 0.9, 0.6]]])).ravel().round(2).tolist()))  # a light orange
    {'red': 0.1, 'yellow': 0.3, 'green': 0.0, 'cyan': 0.0, 'blue': 0.0, 'magenta': 0.0, 'grey': 0.5, 'white': 0.1}
    """
    r, g, b = np.moveaxis(image, -1, 0)
    low = np.minimum(np.minimum(r, g), b)
    alone = [r - np.maximum(g, b), g - np.maximum(r, b), b - np.maximum(r, g)]
    shared = [np.minimum(r, g) - b, np.minimum(g, b) - r, np.minimum(r, b) - g]
    hues = [each for pair in zip(alone, shared, strict=True) for each in pair]
    return np.maximum([*hues, np.minimum(low, 0.5), low - 0.5], 0)


def shown(maps: Float64[np.ndarray, "8 y x"], size: int) -> str:
    """Return the picture that the channels sum to, as a PNG in an SVG."""
    pixels = np.rint(255 * np.einsum("cyx,cd->yxd", maps, list(CHANNELS.values())).clip(0, 1)).astype(np.uint8)
    lines = b"".join(b"\0" + line.tobytes() for line in pixels)
    head = SIDE.to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])  # eight bits each of red, green and blue
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    parts = (len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4) for kind, data in chunks)
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()
    return f'<image width="{size}" height="{size}" href="data:image/png;base64,{png}"/>'
