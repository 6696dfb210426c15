"""Checks of the maps of pictures, and faults that they must notice: see machinery.py."""

import math

import numpy as np
from tests.core.machinery import Function, close, quietly


def nearness(places: int, sigma: float) -> np.ndarray:
    """Row i: how much each place counts in a blur at place i."""
    rows = [[math.exp(-((i - m) ** 2) / (2 * sigma**2)) for m in range(places)] for i in range(places)]
    return np.array([[weight / math.fsum(row) for weight in row] for row in rows])


def blurred(maps: np.ndarray, sigma: float) -> np.ndarray:
    rows, columns = nearness(maps.shape[-2], sigma), nearness(maps.shape[-1], sigma)
    return np.einsum("im,jn,...mn->...ij", rows, columns, maps)


def colours_of(r: float, g: float, b: float) -> list[float]:
    kinds = (r - max(g, b), g - max(r, b), b - max(r, g), min(r, g) - b)
    return [max(0.0, kind) for kind in kinds]


def colour_maps_by_loops(image: np.ndarray) -> np.ndarray:
    flat = [colours_of(*pixel) for pixel in image.reshape(-1, 3).tolist()]
    return np.moveaxis(np.array(flat).reshape(*image.shape[:-1], 4), -1, -3)


def shape_maps_by_complex_numbers(image: np.ndarray, fine: float, pool: float) -> np.ndarray:
    """For one picture: an edge is a complex number of twice its angle, of which the powers are taken."""
    rows, columns = image.shape[:2]
    smooth = [blurred(image[..., c], fine) for c in range(3)]
    z = np.zeros((rows, columns), dtype=complex)
    for i in range(rows):
        for j in range(columns):
            for s in smooth:
                across = s[i, min(j + 1, columns - 1)] - s[i, max(j - 1, 0)]
                down = s[min(i + 1, rows - 1), j] - s[max(i - 1, 0), j]
                z[i, j] += complex(across / 2, down / 2) ** 2
    strength, turn = np.abs(z), np.exp(1j * np.angle(z))  # an edge that is not there has strength 0
    edge = blurred(strength, pool)
    line = np.abs(blurred(z.real, pool) + 1j * blurred(z.imag, pool))
    q, t = blurred((strength * turn**2).real, pool), -blurred((strength * turn**3).real, pool)
    kinds = np.stack([edge - line - abs(q) - abs(t), q - line - abs(t), t - line - abs(q)])
    return np.maximum(kinds, 0) / (edge + 0.005)


def pictures() -> list[np.ndarray]:
    """Small pictures with clear shapes, one of noise, and a batch of two that differ in strength."""
    rng = np.random.default_rng(30)
    i, j = np.mgrid[:18, :21]
    square = np.full((18, 21, 3), 0.6)
    square[4:13, 6:15] = (0.8, 0.1, 0.1)
    ball = np.full((18, 21, 3), 0.2)
    ball[np.hypot(i - 8, j - 11) < 6] = (0.1, 0.9, 0.3)
    triangle = np.full((18, 21, 3), 0.6)
    triangle[(i < 14) & (np.abs(j - 9) < (i - 2) / 1.73)] = (1.0, 0.4, 0.6)  # red rises where green falls
    noise = rng.random((11, 13, 3))
    return [square, ball, triangle, noise, np.stack([0.5 + 0.01 * noise, noise])]


def each(one: Function, image: np.ndarray) -> np.ndarray:
    """What `one` makes of each picture of a batch."""
    return one(image) if image.ndim == 3 else np.stack([one(picture) for picture in image])


def check_blur(function: Function) -> None:
    rng = np.random.default_rng(31)
    for shape in [(5, 7), (6, 6), (1, 4), (2, 6, 4), (2, 3, 4, 5)]:
        maps = rng.normal(size=shape)
        for sigma in (0.3, 1.0, 2.5, 40.0):
            smooth = quietly(function, maps, sigma)
            assert smooth.shape == shape
            close(smooth, blurred(maps, sigma), what=f"sigma {sigma}")
    close(quietly(function, np.full((4, 9), 0.7), 3.0), np.full((4, 9), 0.7), what="no rim around an even map")


def check_colour_maps(function: Function) -> None:
    for image in pictures():
        maps = quietly(function, image)
        assert maps.shape == (*image.shape[:-3], 4, *image.shape[-3:-1])
        close(maps, colour_maps_by_loops(image))
    close(quietly(function, np.array([[[1.0, 1.0, 0.2]]])).ravel(), [0, 0, 0, 0.8], what="yellow is not red")


def check_shape_maps(function: Function) -> None:
    for image in pictures():
        for fine, pool in ((1.0, 3.0), (0.7, 4.0)):
            expected = each(lambda one: shape_maps_by_complex_numbers(one, fine, pool), image)  # noqa: B023
            close(quietly(function, image, fine=fine, pool=pool), expected)
    square, ball, triangle = pictures()[:3]
    for kind, image, (i, j) in ((0, ball, (8, 11)), (1, square, (8, 10)), (2, triangle, (9, 9))):
        answer = quietly(function, image, fine=1.0, pool=4.0)[:, i, j]
        assert answer.argmax() == kind, f"shape {kind} looks like {answer}"
    close(quietly(function, np.full((6, 7, 3), 0.4)), np.zeros((3, 6, 7)), what="no edges, no shapes")


# Right in plain NumPy, with one fault at a time to choose.


def blur(maps: np.ndarray, sigma: float, *, fault: str = "") -> np.ndarray:
    def weights(places: int) -> np.ndarray:
        i = np.arange(places)
        far = np.abs(i[:, None] - i) if fault == "distance not squared" else (i[:, None] - i) ** 2
        width = {"no square of sigma": 2 * sigma, "no 2": sigma**2}.get(fault, 2 * sigma**2)
        near = np.exp(-far / width)
        if fault == "dark rim":
            return near / (math.sqrt(2 * math.pi) * sigma)
        return near / near.sum(axis=0 if fault == "columns sum to one" else 1, keepdims=True)

    if fault == "one axis":
        return maps @ weights(maps.shape[-1]).T
    return weights(maps.shape[-2]) @ maps @ weights(maps.shape[-1]).T


def colour_maps(image: np.ndarray, *, fault: str = "") -> np.ndarray:
    r, g, b = (image[..., i] for i in range(3))
    if fault == "means of the others":
        kinds = [r - (g + b) / 2, g - (r + b) / 2, b - (r + g) / 2, (r + g) / 2 - np.abs(r - g) / 2 - b]
    else:
        yellow = (np.maximum if fault == "yellow by the stronger" else np.minimum)(r, g) - b
        kinds = [r - np.maximum(g, b), g - np.maximum(r, b), b - np.maximum(r, g), yellow]
    if fault == "blue and green swapped":
        kinds[1:3] = kinds[2:0:-1]
    maps = np.stack(kinds, axis=-1 if fault == "features last" else -3)
    return maps if fault == "negative kept" else np.maximum(maps, 0)


def shape_maps(image: np.ndarray, *, fine: float = 1.0, pool: float = 6.0, fault: str = "") -> np.ndarray:
    smooth = np.moveaxis(image, -1, -3) if fault == "not smoothed" else blur(np.moveaxis(image, -1, -3), fine)
    edge = {"mode": "wrap" if fault == "wraps around" else "edge"}
    padded = np.pad(smooth, [(0, 0)] * (smooth.ndim - 2) + [(1, 1), (1, 1)], **edge)  # type: ignore[call-overload]
    across = (padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]) / 2
    down = (padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]) / 2
    slope = down + 1j * across if fault == "x and y swapped" else across + 1j * down
    z = slope.sum(-3) ** 2 if fault == "colours cancel" else (slope**2).sum(-3)
    strength = np.abs(z)
    turn = z / (strength if fault == "0 / 0" else np.where(strength > 0, strength, 1))
    e = blur(strength, pool)
    q, t = blur((strength * turn**2).real, pool), -blur((strength * turn**3).real, pool)
    if fault == "triangles lie on a side":
        t = -t
    line = 0 * e if fault == "lines count" else np.abs(blur(z.real, pool) + 1j * blur(z.imag, pool))
    kinds = [e - line - np.abs(q) - np.abs(t), q - line - np.abs(t), t - line - np.abs(q)]
    maps = np.maximum(np.stack(kinds, axis=-3), 0)
    return maps if fault == "strength kept" else maps / (e + 0.005)[..., None, :, :]


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "blur": (blur, ("dark rim", "columns sum to one", "no square of sigma", "no 2", "distance not squared",
        "one axis")),
    "colour_maps": (colour_maps, ("means of the others", "yellow by the stronger", "blue and green swapped",
        "features last", "negative kept")),
    "shape_maps": (shape_maps, ("not smoothed", "wraps around", "x and y swapped", "colours cancel", "0 / 0",
        "triangles lie on a side", "lines count", "strength kept")),
}  # fmt: skip
