"""Checks of saliency, search, gaze and memory, and faults that they must notice: see machinery.py."""

import itertools
import math

import numpy as np
import scipy.special
from tests.core.alignment import softmax
from tests.core.machinery import Function, close, inner, quietly
from tests.core.pictures import blur, blurred, colour_maps, colour_maps_by_loops, each, pictures


def saliency_by_loops(image: np.ndarray, centre: float, surround: float) -> np.ndarray:
    """For one picture."""
    maps = [image.sum(axis=-1) / 3, *colour_maps_by_loops(image)]
    total = np.zeros(image.shape[:2])
    for m in maps:
        contrast = blurred(m, centre) - blurred(m, surround)
        common = math.sqrt(math.fsum((contrast**2).ravel()) / contrast.size)
        total += (contrast / (0.05 + common)) ** 2
    return np.sqrt(total / total.max())


def check_saliency(function: Function) -> None:
    for image in pictures():
        for centre, surround in ((1.0, 4.0), (0.5, 9.0)):
            expected = each(lambda one: saliency_by_loops(one, centre, surround), image)  # noqa: B023
            close(quietly(function, image, centre=centre, surround=surround), expected)
    even = np.random.default_rng(32).random((2, 1, 1, 3)) * np.ones((2, 9, 8, 3))
    close(quietly(function, even), np.zeros((2, 9, 8)), what="in a picture of one colour nothing stands out")
    blue_things = np.full((60, 60, 3), 0.6)
    for i, j in ((5, 5), (5, 30), (30, 5), (30, 50), (50, 30), (50, 5)):
        blue_things[i : i + 6, j : j + 6] = (0.1, 0.1, 0.8)
    blue_things[24:30, 24:30] = (1.0, 1.0, 0.3)  # yellow is nearer to the ground's lightness than blue
    peak = np.unravel_index(int(quietly(function, blue_things).argmax()), (60, 60))
    assert all(24 <= place < 30 for place in peak), f"the one yellow thing is at 24…29, the peak is at {peak}"


def check_search(function: Function) -> None:
    rng = np.random.default_rng(33)
    for batch, features, rows, columns in (((), 3, 4, 5), ((), 1, 2, 2), ((2,), 4, 3, 2), ((2, 3), 2, 5, 4)):
        maps, query = rng.normal(size=(*batch, features, rows, columns)), rng.normal(size=(*batch, features))
        scores = quietly(function, maps, query)
        assert scores.shape == (*batch, rows, columns)
        for b in np.ndindex(*batch):
            for i in range(rows):
                for j in range(columns):
                    close(scores[(*b, i, j)], inner(query[b], maps[(*b, slice(None), i, j)]))
        one = rng.normal(size=features)
        again = quietly(function, maps, np.broadcast_to(one, query.shape))
        close(quietly(function, maps, one), again, what="one query for all pictures")


def check_priority(function: Function) -> None:
    rng = np.random.default_rng(34)

    def share(maps: np.ndarray, place: tuple[int, ...]) -> float:
        highest = max(maps[place[:-2]].ravel().tolist())
        return max(0.0, float(maps[place])) / highest if highest > 0 else 0.0

    for shape in [(3, 4), (2, 3, 4)]:
        up, down = rng.random(shape), 40 * rng.normal(size=shape)
        for top_down in (down, 0 * down, -np.abs(down)):
            for mix in (0.0, 0.25, 0.9, 1.0):
                mixed = quietly(function, up, top_down, mix=mix)
                expected = [(1 - mix) * share(up, at) + mix * share(top_down, at) for at in np.ndindex(*shape)]
                close(mixed, np.array(expected).reshape(shape), what=f"mix {mix}")


def check_fixations(function: Function) -> None:
    rng = np.random.default_rng(35)
    for (rows, columns), radius in itertools.product([(6, 9), (9, 6), (1, 5)], [0.7, 2.0, 30.0]):
        left = rng.random((rows, columns))
        path = quietly(function, left, 4, radius=radius)
        assert np.asarray(path).shape == (4, 2)
        assert str(path.dtype) == "int64"
        for y, x in path.tolist():
            assert left[y, x] == left.max(), f"({y}, {x}) is not the best place that is left"
            for i, j in np.ndindex(rows, columns):
                left[i, j] *= 1 - math.exp(-((i - y) ** 2 + (j - x) ** 2) / (2 * radius**2))
    ties = np.zeros((3, 4))
    ties[[0, 2, 1], [3, 0, 1]] = 1.0
    close(quietly(function, ties, 3, radius=0.1), [[0, 3], [1, 1], [2, 0]], what="the first in reading order")
    close(quietly(function, ties, 9, radius=0.1), [[0, 3], [1, 1], [2, 0]], what="nothing is left after three")
    assert quietly(function, np.zeros((2, 2)), 3, radius=1.0).shape == (0, 2)


def check_max_pool(function: Function) -> None:
    rng = np.random.default_rng(36)
    for shape, window in [((4, 6), 2), ((6, 6), 3), ((5, 5), 1), ((2, 4, 8), 4), ((2, 3, 6, 4), 2)]:
        maps = rng.normal(size=shape)
        pooled = quietly(function, maps, window)
        assert pooled.shape == (*shape[:-2], shape[-2] // window, shape[-1] // window)
        for place in np.ndindex(*pooled.shape):
            *b, i, j = place
            inside = [float(maps[(*b, window * i + m, window * j + n)]) for m in range(window) for n in range(window)]
            assert pooled[place] == max(inside)


def check_gate(function: Function) -> None:
    rng = np.random.default_rng(37)
    for shape in [(5,), (3, 4), (2, 3, 4)]:
        values, scores = rng.normal(size=shape), 3 * rng.normal(size=shape)
        close(quietly(function, values, scores), values * scipy.special.expit(scores))
        close(quietly(function, values, scores[..., :1]), values * scipy.special.expit(scores[..., :1]))
    far = np.array([-1e5, -800.0, -40.0, 0.0, 40.0, 800.0, 1e5])
    close(quietly(function, np.full(7, 8.0), far), [0, 0, 8 * math.exp(-40), 4, 8, 8, 8], what="far from 0")


def check_fading_memory(function: Function) -> None:
    rng = np.random.default_rng(38)
    for shape in [(1, 3), (6, 2), (4, 4), (2, 5, 3)]:
        items = rng.normal(size=shape)
        for decay in (0.0, 0.3, 0.9, 1.0):
            states = quietly(function, items, decay)
            assert states.shape == shape
            for b in np.ndindex(*shape[:-2]):
                for t in range(shape[-2]):
                    for d in range(shape[-1]):
                        kept = [decay**k * float(items[(*b, t - k, d)]) for k in range(t + 1)]
                        close(states[(*b, t, d)], math.fsum(kept), what=f"decay {decay}, step {t}")


# Right in plain NumPy, with one fault at a time to choose.


def saliency(image: np.ndarray, *, centre: float = 2.0, surround: float = 16.0, fault: str = "") -> np.ndarray:
    maps = np.concatenate([image.mean(-1)[..., None, :, :], colour_maps(image)], axis=-3)
    if fault == "blind to colour":
        maps = maps[..., :1, :, :]
    contrast = blur(maps, centre) - (0 if fault == "no surround" else blur(maps, surround))
    over = None if fault == "common in the whole batch" else (-2, -1)
    common = np.sqrt(np.square(contrast).mean(axis=over, keepdims=True))
    if fault == "spread about the mean":
        common = contrast.std(axis=over, keepdims=True)
    if fault != "as if nothing were common":
        contrast = contrast / (0.05 + common)
    out = np.abs(contrast).sum(-3) if fault == "sum of sizes" else np.sqrt(np.square(contrast).sum(-3))
    highest = out.max(axis=None if fault == "one maximum for the batch" else (-2, -1), keepdims=True)
    if fault == "flat is rounding":
        return out / np.where(highest > 0, highest, 1)
    return out if fault == "no maximum" else np.where(highest > 2e-4, out / np.where(highest > 0, highest, 1), 0)


def search(maps: np.ndarray, query: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "unit query":
        query = query / np.linalg.norm(query, axis=-1, keepdims=True)
    if fault == "features backwards":
        query = query[..., ::-1]
    products = maps * query[..., None, None]
    if fault == "all must answer":
        return products.prod(axis=-3)
    return products.mean(axis=-3) if fault == "mean" else products.sum(axis=-3)


def priority(bottom_up: np.ndarray, top_down: np.ndarray, *, mix: float, fault: str = "") -> np.ndarray:
    def scaled(maps: np.ndarray) -> np.ndarray:
        maps = maps if fault == "negative kept" else np.maximum(maps, 0)
        if fault == "from the least":
            maps = maps - maps.min(axis=(-2, -1), keepdims=True)
        size = (np.sum if fault == "scaled by the sum" else np.max)(maps, axis=(-2, -1), keepdims=True)
        return maps / (size if fault == "0 / 0" else np.where(size > 0, size, 1))

    if fault == "mix the other way round":
        mix = 1 - mix
    if fault == "not scaled":
        return (1 - mix) * bottom_up + mix * np.maximum(top_down, 0)
    if fault == "product":
        return scaled(bottom_up) ** (1 - mix) * scaled(top_down) ** mix
    return (1 - mix) * scaled(bottom_up) + mix * scaled(top_down)


def fixations(priority: np.ndarray, count: int, *, radius: float, fault: str = "") -> np.ndarray:
    y, x = np.indices(priority.shape)
    if fault != "in place":
        priority = priority.copy()
    seen = []
    while len(seen) < count and (priority.max() > 0 or fault == "never ends early"):
        order = priority.ravel()[::-1] if fault == "last of equals" else priority.ravel()
        best = int(order.argmax())
        row, column = divmod(order.size - 1 - best if fault == "last of equals" else best, priority.shape[1])
        seen.append((column, row) if fault == "x before y" else (row, column))
        squared = (y - row) ** 2 + (x - column) ** 2
        if fault == "a disc":
            priority[squared <= radius**2] = 0
        elif fault == "only the place itself":
            priority[row, column] = 0
        else:
            priority *= 1 - np.exp(-squared / (radius**2 if fault == "no 2" else 2 * radius**2))
    return np.array(seen, dtype=np.int64).reshape(-1, 2)


def max_pool(maps: np.ndarray, window: int, *, fault: str = "") -> np.ndarray:
    *batch, rows, columns = maps.shape
    if fault == "strided":
        return maps[..., ::window, ::window]
    if fault == "blocks in the wrong order":
        return maps.reshape(*batch, window, rows // window, window, columns // window).max(axis=(-4, -2))
    windows = maps.reshape(*batch, rows // window, window, columns // window, window)
    if fault == "largest in size":
        return np.abs(windows).max(axis=(-3, -1))
    return windows.mean(axis=(-3, -1)) if fault == "mean" else windows.max(axis=(-3, -1))


def gate(values: np.ndarray, scores: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "a switch":
        return values * (scores > 0)
    if fault == "naive":
        return values * np.exp(scores) / (1 + np.exp(scores))
    if fault == "gates compete":
        return values * softmax(scores)
    if fault == "sign":
        scores = -scores
    return values * (np.tanh(scores if fault == "no half" else scores / 2) + 1) / 2


def fading_memory(items: np.ndarray, decay: float, *, fault: str = "") -> np.ndarray:
    states = np.zeros_like(items)
    h = np.zeros_like(items[..., 0, :])
    for t in range(items.shape[-2]):
        x = items[..., t, :]
        if fault == "backwards":
            x = items[..., -1 - t, :]
        h = decay * (h + x) if fault == "item fades at once" else decay * h + x
        if fault == "mean of old and new":
            h = h - decay * x
        states[..., t, :] = h
        if fault == "nothing kept":
            h = 0 * h
    return states


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "saliency": (saliency, ("blind to colour", "no surround", "common in the whole batch",
        "spread about the mean", "as if nothing were common", "sum of sizes", "one maximum for the batch",
        "flat is rounding", "no maximum")),
    "search": (search, ("unit query", "features backwards", "all must answer", "mean")),
    "priority": (priority, ("mix the other way round", "not scaled", "scaled by the sum", "from the least",
        "negative kept", "0 / 0", "product")),
    "fixations": (fixations, ("x before y", "last of equals", "a disc", "only the place itself", "no 2",
        "never ends early", "in place")),
    "max_pool": (max_pool, ("mean", "strided", "largest in size", "blocks in the wrong order")),
    "gate": (gate, ("a switch", "naive", "gates compete", "sign", "no half")),
    "fading_memory": (fading_memory, ("item fades at once", "mean of old and new", "backwards", "nothing kept")),
}  # fmt: skip
