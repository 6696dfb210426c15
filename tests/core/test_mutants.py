"""The oracles can fail: each planted fault is rejected by one, and other ways of writing it right are accepted.

That they accept the shipped functions is tested in `test_cognitive.py`, `test_scoring.py` and `test_alignment.py`.
"""

import functools
import math
from typing import Any

import numpy as np
import pytest
from tests.core import oracles


def oracle(name: str) -> oracles.Function:
    return getattr(oracles, f"check_{name}")


# A softmax and an attend written in plain NumPy, with one fault at a time to choose.


def softmax(
    scores: np.ndarray,
    *,
    temperature: float = 1.0,
    mask: np.ndarray | None = None,
    fault: str = "",
) -> np.ndarray:
    scores = scores.copy() if fault != "in place" else scores
    axis = -2 if fault == "axis" and scores.ndim > 1 else -1
    if fault == "temperature multiplied":
        temperature = 1 / temperature
    if mask is None:
        mask = np.array(True)
    if fault == "mask sign" and mask.ndim:
        mask = ~mask
    mask = np.broadcast_to(mask, scores.shape)
    if fault not in ("mask after softmax", "mask ignored"):
        scores[~mask] = -1e9 if fault == "mask by a large number" else -np.inf
    if fault != "no maximum":
        over = None if fault == "maximum of the whole array" else axis
        highest = scores.max(axis=over, keepdims=True)
        scores = scores - np.where(np.isfinite(highest), highest, 0)
    powers = np.exp(scores / temperature)
    total = powers.sum(axis=axis, keepdims=True)
    if fault == "an epsilon below":
        total = total + 1e-6
    weights = powers / (total if fault == "0 / 0" else np.where(total == 0, 1, total))
    return weights * mask if fault == "mask after softmax" else weights


def attend(
    scores: np.ndarray,
    values: np.ndarray,
    *,
    mask: np.ndarray | None = None,
    temperature: float = 1.0,
    fault: str = "",
) -> tuple[np.ndarray, np.ndarray]:
    weights = softmax(scores, mask=mask, temperature=1.0 if fault == "temperature dropped" else temperature)
    if fault == "weights not applied":
        return np.broadcast_to(values.mean(axis=-2, keepdims=True), (*weights.shape[:-1], values.shape[-1])), weights
    if fault == "scores applied":
        return scores @ values, weights
    if fault == "values transposed" and values.shape[-1] == values.shape[-2]:
        return weights @ values.swapaxes(-1, -2), weights
    if fault == "mask on the weights alone":
        return softmax(scores, temperature=temperature) @ values, weights
    if fault == "values in place":
        values *= weights.mean(axis=-2)[..., None]
    return weights @ values, weights


def entropy(weights: np.ndarray, *, fault: str = "") -> np.ndarray:
    logarithm = np.log if fault == "nats" else np.log10 if fault == "digits" else np.log2
    axis = 0 if fault == "axis" else -1
    if fault == "an epsilon inside":
        return -(weights * logarithm(weights + 1e-6)).sum(axis=axis)
    if fault == "0 · log 0":
        return 0.0 - (weights * logarithm(weights)).sum(axis=axis)
    terms = weights * logarithm(np.where(weights > 0, weights, 1))
    if fault == "minus zero":
        return -terms.sum(axis=axis)
    if fault == "mean":
        return 0.0 - terms.mean(axis=axis)
    if fault == "over log k" and weights.shape[-1] > 1:
        return 0.0 - terms.sum(axis=axis) / logarithm(weights.shape[-1])
    if fault == "whole array":
        return 0.0 - terms.sum()
    if fault == "sign":
        return terms.sum(axis=axis)
    return 0.0 - terms.sum(axis=axis)


def alignment_error_rate(
    links: np.ndarray, sure: np.ndarray, possible: np.ndarray | None = None, *, fault: str = ""
) -> float:
    if possible is None or fault == "possible ignored":
        possible = sure
    if fault == "sure ignored":
        sure = possible
    if fault == "one sentence after the other":
        rates = [
            1 - ((a & s).sum() + (a & p).sum()) / max((a.sum() + s.sum()), 1)
            for a, s, p in zip(links, sure, possible, strict=True)
        ]
        return float(np.mean(rates))
    hits = (links & sure).sum() + (links & possible).sum()
    both = {
        "over the possible": links.sum() + possible.sum(),
        "precision": 2 * links.sum(),
        "recall": 2 * sure.sum(),
        "squares counted": 2 * links.size,
    }.get(fault, links.sum() + sure.sum())
    return hits / both if fault == "agreement" else 1 - hits / max(both, 1)


def additive(
    query: np.ndarray,
    keys: np.ndarray,
    W_q: np.ndarray,
    W_k: np.ndarray,
    v: np.ndarray,
    bias: np.ndarray | None = None,
    *,
    fault: str = "",
) -> np.ndarray:
    if fault == "maps swapped" and W_q.shape == W_k.shape:
        W_q, W_k = W_k, W_q
    inside = np.einsum("...qd,hd->...qh", query, W_q)[..., :, None, :]
    inside = inside + np.einsum("...kd,hd->...kh", keys, W_k)[..., None, :, :]
    if bias is not None and fault not in ("bias lost", "bias outside"):
        inside = inside + bias
    hidden = inside if fault == "tanh dropped" else 1 / (1 + np.exp(-inside)) if fault == "sigmoid" else np.tanh(inside)
    if fault == "bias outside" and bias is not None:
        hidden = hidden + bias
    return hidden.sum(axis=-1) if fault == "v dropped" else np.einsum("...h,h->...", hidden, v)


def lengths(x: np.ndarray) -> np.ndarray:
    size = np.where((largest := np.abs(x).max(axis=-1, keepdims=True)) == 0, 1, largest)
    return size * np.sqrt(np.square(x / size).sum(axis=-1, keepdims=True))


def turned(x: np.ndarray) -> np.ndarray:
    return np.swapaxes(x, -1, -2)


def cosine(query: np.ndarray, keys: np.ndarray, *, fault: str = "") -> np.ndarray:
    def unit(x: np.ndarray) -> np.ndarray:
        return x / (size if (size := lengths(x)).all() or fault == "0 / 0" else np.where(size == 0, 1, size))

    if fault == "no norm of the query":
        return query @ turned(unit(keys))
    if fault == "no norm of the keys":
        return unit(query) @ turned(keys)
    if fault == "no norm":
        return query @ turned(keys)
    if fault == "squared norms":
        return (unit(query) / lengths(query)) @ turned(unit(keys) / lengths(keys))
    if fault == "an epsilon in the norm":
        return (query / (lengths(query) + 1e-8)) @ turned(keys / (lengths(keys) + 1e-8))
    if fault == "naive norm":
        norms = [np.sqrt(np.square(x).sum(axis=-1, keepdims=True)) for x in (query, keys)]
        safe = [np.where(norm == 0, 1, norm) for norm in norms]
        return (query / safe[0]) @ turned(keys / safe[1])
    return unit(query) @ turned(unit(keys))


def distance(query: np.ndarray, keys: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "query ignored":
        query = np.zeros_like(query)
    if fault == "expanded square":
        squares = np.square(query).sum(-1)[..., :, None] + np.square(keys).sum(-1)[..., None, :]
        return -np.sqrt(squares - 2 * query @ turned(keys))
    differences = query[..., :, None, :] - keys[..., None, :, :]
    far = np.abs(differences).sum(axis=-1) if fault == "sum of sizes" else lengths(differences)[..., 0]
    return {"sign": far, "squared": -(far**2), "halved": -far / 2}.get(fault, -far)


def summed(query: np.ndarray, keys: np.ndarray, *, fault: str = "") -> np.ndarray:
    rows = np.ones((*query.shape[:-1], 1))
    far = lengths(keys[..., :, None, :] - keys[..., None, :, :])[..., 0]
    total = far.mean(axis=-1) if fault == "mean" else far.sum(axis=-1)
    return rows * (total if fault == "sign" else -total)[..., None, :]


def location(query: np.ndarray, keys: np.ndarray, W: np.ndarray, *, fault: str = "") -> np.ndarray:
    count = keys.shape[-2]
    rows = W[-count:] if fault == "last rows" else W[:count]
    scores = query @ rows.T
    return scores + keys.sum(axis=-1)[..., None, :] if fault == "keys read" else scores


def dot(query: np.ndarray, keys: np.ndarray, *, fault: str = "") -> np.ndarray:
    scores = query @ turned(keys)
    d = query.shape[-1]
    if fault == "absolute":
        return np.abs(scores)
    return scores * {"times √d": math.sqrt(d), "over d": 1 / d, "over √k": 1 / math.sqrt(keys.shape[-2])}.get(fault, 1)


def dot_in_place(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    query /= math.sqrt(query.shape[-1])
    return query @ turned(keys)


def bilinear(query: np.ndarray, keys: np.ndarray, W: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "W transposed" and W.shape[0] == W.shape[1]:
        W = W.T
    if fault == "W made symmetric" and W.shape[0] == W.shape[1]:
        W = (W + W.T) / 2
    return query @ W @ turned(keys)


def low_rank(query: np.ndarray, keys: np.ndarray, W_q: np.ndarray, W_k: np.ndarray, *, fault: str = "") -> np.ndarray:
    if fault == "maps swapped" and W_q.shape == W_k.shape:
        W_q, W_k = W_k, W_q
    if fault == "maps transposed" and W_q.shape == W_k.shape:
        W_q, W_k = W_q.T, W_k.T
    return (query @ W_q.T) @ turned(keys @ W_k.T)


# Pictures and maps in plain NumPy, with one fault at a time to choose.


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


FAULTS: list[tuple[str, oracles.Function, str]] = [
    *(("softmax", softmax, fault) for fault in (
        "axis", "mask sign", "mask after softmax", "mask ignored", "mask by a large number", "temperature multiplied",
        "no maximum", "maximum of the whole array", "0 / 0", "an epsilon below", "in place",
    )),
    *(("attend", attend, fault) for fault in (
        "weights not applied", "scores applied", "values transposed", "mask on the weights alone",
        "temperature dropped", "values in place",
    )),
    *(("entropy", entropy, fault) for fault in (
        "nats", "digits", "axis", "an epsilon inside", "0 · log 0", "minus zero", "mean", "over log k", "whole array",
        "sign",
    )),
    *(("alignment_error_rate", alignment_error_rate, fault) for fault in (
        "possible ignored", "sure ignored", "one sentence after the other", "over the possible", "precision", "recall",
        "squares counted", "agreement",
    )),
    *(("additive", additive, fault) for fault in (
        "bias lost", "bias outside", "tanh dropped", "sigmoid", "v dropped", "maps swapped",
    )),
    *(("bilinear", bilinear, fault) for fault in ("W transposed", "W made symmetric")),
    *(("low_rank_bilinear", low_rank, fault) for fault in ("maps swapped", "maps transposed")),
    *(("dot", dot, fault) for fault in ("times √d", "over d", "absolute")),
    *(("scaled_dot", dot, fault) for fault in ("√d missing", "times √d", "over d", "over √k")),
    *(("cosine", cosine, fault) for fault in (
        "no norm of the query", "no norm of the keys", "no norm", "squared norms", "0 / 0", "an epsilon in the norm",
        "naive norm",
    )),
    *(("negative_distance", distance, fault) for fault in (
        "squared", "sign", "halved", "sum of sizes", "query ignored", "expanded square",
    )),
    *(("summed_distance", summed, fault) for fault in ("sign", "mean")),
    *(("location", location, fault) for fault in ("keys read", "last rows")),
    *(("blur", blur, fault) for fault in (
        "dark rim", "columns sum to one", "no square of sigma", "no 2", "distance not squared", "one axis",
    )),
    *(("colour_maps", colour_maps, fault) for fault in (
        "means of the others", "yellow by the stronger", "blue and green swapped", "features last", "negative kept",
    )),
    *(("shape_maps", shape_maps, fault) for fault in (
        "not smoothed", "wraps around", "x and y swapped", "colours cancel", "0 / 0", "triangles lie on a side",
        "lines count", "strength kept",
    )),
    *(("saliency", saliency, fault) for fault in (
        "blind to colour", "no surround", "common in the whole batch", "spread about the mean",
        "as if nothing were common", "sum of sizes", "one maximum for the batch", "flat is rounding", "no maximum",
    )),
    *(("search", search, fault) for fault in (
        "unit query", "features backwards", "all must answer", "mean",
    )),
    *(("priority", priority, fault) for fault in (
        "mix the other way round", "not scaled", "scaled by the sum", "from the least", "negative kept", "0 / 0",
        "product",
    )),
    *(("fixations", fixations, fault) for fault in (
        "x before y", "last of equals", "a disc", "only the place itself", "no 2", "never ends early", "in place",
    )),
    *(("max_pool", max_pool, fault) for fault in (
        "mean", "strided", "largest in size", "blocks in the wrong order",
    )),
    *(("gate", gate, fault) for fault in (
        "a switch", "naive", "gates compete", "sign", "no half",
    )),
    *(("fading_memory", fading_memory, fault) for fault in (
        "item fades at once", "mean of old and new", "backwards", "nothing kept",
    )),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "implementation", "fault"), FAULTS, ids=[f"{name}: {fault}" for name, _, fault in FAULTS]
)
def test_planted_fault_is_rejected(name: str, implementation: oracles.Function, fault: str) -> None:
    with pytest.raises(AssertionError):
        oracle(name)(functools.partial(implementation, fault=fault))


def test_fault_that_changes_its_input_is_rejected_for_that() -> None:
    with pytest.raises(AssertionError, match="changed in place"):
        oracles.check_scaled_dot(dot_in_place)


def scaled_by_einsum(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    return np.einsum("...qd,...kd->...qk", query, keys) * query.shape[-1] ** -0.5


def scaled_in_two_halves(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    fourth_root = query.shape[-1] ** 0.25
    return (query / fourth_root) @ np.swapaxes(keys / fourth_root, -1, -2)


def softmax_by_logarithm(scores: np.ndarray, *, temperature: float = 1.0, mask: np.ndarray | None = None) -> np.ndarray:
    allowed = np.broadcast_to(True if mask is None else mask, scores.shape)
    logits = np.where(allowed, scores, -np.inf) / temperature
    weights = np.exp(logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True))
    return np.where(allowed, weights, 0.0)


def entropy_over_what_is_there(weights: np.ndarray) -> np.ndarray:
    rows = weights.reshape(-1, weights.shape[-1])
    bits = [math.fsum(-w * math.log2(w) for w in row if w > 0) + 0.0 for row in rows.tolist()]
    return np.array(bits).reshape(weights.shape[:-1])


def softmax_row_by_row(scores: np.ndarray, *, temperature: float = 1.0, mask: np.ndarray | None = None) -> np.ndarray:
    weights = np.zeros_like(scores)
    allowed = np.broadcast_to(True if mask is None else mask, scores.shape)
    for row in np.ndindex(*scores.shape[:-1]):
        kept = np.flatnonzero(allowed[row])
        if kept.size:
            odds = [
                sum(math.exp(min((scores[row][j] - scores[row][i]) / temperature, 700)) for j in kept) for i in kept
            ]
            weights[row][kept] = 1 / np.array(odds)
    return weights


RIGHT: list[tuple[str, Any]] = [
    ("scaled_dot", scaled_by_einsum),
    ("scaled_dot", scaled_in_two_halves),
    ("softmax", softmax_by_logarithm),
    ("softmax", softmax_row_by_row),
    ("softmax", softmax),
    ("attend", attend),
    ("entropy", entropy),
    ("entropy", entropy_over_what_is_there),
    ("alignment_error_rate", alignment_error_rate),
    ("additive", additive),
    ("bilinear", bilinear),
    ("low_rank_bilinear", low_rank),
    ("dot", dot),
    ("cosine", cosine),
    ("negative_distance", distance),
    ("summed_distance", summed),
    ("location", location),
    ("blur", blur),
    ("colour_maps", colour_maps),
    ("shape_maps", shape_maps),
    ("saliency", saliency),
    ("search", search),
    ("priority", priority),
    ("fixations", fixations),
    ("max_pool", max_pool),
    ("gate", gate),
    ("fading_memory", fading_memory),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "implementation"),
    RIGHT,
    ids=[f"{name}: {function.__module__}.{function.__name__}" for name, function in RIGHT],
)
def test_right_implementation_is_accepted(name: str, implementation: oracles.Function) -> None:
    oracle(name)(implementation)
