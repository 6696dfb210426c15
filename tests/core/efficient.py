"""Checks of attention for less, and faults they must notice: see machinery.py."""

import math

import numpy as np
import scipy.special
from tests.core.machinery import SHAPES, Function, close, inner, quietly


def read(query: np.ndarray, keys: np.ndarray, values: np.ndarray, seen: list[int]) -> np.ndarray:
    """What one query reads of the keys that it may see: zeros if there are none."""
    if not seen:
        return np.zeros(values.shape[-1])
    scores = np.array([inner(query, keys[i]) for i in seen]) / math.sqrt(len(query))
    return np.sum([w * values[i] for w, i in zip(scipy.special.softmax(scores), seen, strict=True)], axis=0)


def check_blockwise(function: Function) -> None:
    rng = np.random.default_rng(81)
    for batch, m, n, width, value_width in SHAPES:
        q, k = rng.normal(size=(*batch, m, width)), 3 * rng.normal(size=(*batch, n, width))
        q = 300 * q  # scores of thousands: powers overflow without the highest score
        v = rng.normal(size=(*batch, n, value_width))
        mask = rng.random((*batch, m, n)) < 0.6
        mask[..., 0, :] = False
        for block in (1, 2, 3, 64):
            for allowed in (None, mask, mask[..., -1:, :]):
                output = quietly(function, q, k, v, block=block, mask=allowed)
                assert output.shape == (*batch, m, value_width)
                for place in np.ndindex(*batch, m):
                    b = place[:-1]
                    row = np.ones(n) if allowed is None else np.broadcast_to(allowed, (*batch, m, n))[place]
                    seen = [int(j) for j in np.flatnonzero(row)]
                    close(output[place], read(q[place], k[b], v[b], seen), what=f"blocks of {block}")


def check_windowed(function: Function) -> None:
    rng = np.random.default_rng(82)
    for batch, n, width, value_width in [((), 7, 2, 3), ((2,), 5, 3, 4), ((2, 3), 1, 4, 2), ((), 12, 1, 1)]:
        q, k, v = (rng.normal(size=(*batch, n, size)) for size in (width, width, value_width))
        for window in (1, 2, 3, 5, 20):
            for sinks in (0, 1, 2, 4, 20):
                output = quietly(function, q, k, v, width=window, sinks=sinks)
                assert output.shape == (*batch, n, value_width)
                for place in np.ndindex(*batch, n):
                    *b, t = place
                    seen = [i for i in range(t + 1) if i > t - window or i < sinks]
                    close(output[place], read(q[place], k[tuple(b)], v[tuple(b)], seen), what=f"{window} and {sinks}")


# Right in plain NumPy, with one fault at a time to choose.


def blockwise(
    query: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    *,
    block: int = 256,
    mask: np.ndarray | None = None,
    fault: str = "",
) -> np.ndarray:
    scores = query @ keys.swapaxes(-1, -2) / math.sqrt(query.shape[-1])
    scores = scores if mask is None else np.where(mask, scores, -np.inf)
    highest, total = np.full((*scores.shape[:-1], 1), -np.inf), np.zeros((*scores.shape[:-1], 1))
    output = np.zeros((*scores.shape[:-1], values.shape[-1]))
    for at in range(0, scores.shape[-1], block):
        some = scores[..., at : at + block]
        if fault == "last block left out" and at + block >= scores.shape[-1]:
            break
        new = np.maximum(highest, some.max(axis=-1, keepdims=True))
        new = np.zeros_like(new) if fault == "no highest score" else new
        known = np.where(np.isfinite(new), new, 0)
        powers, shrink = np.exp(some - known), np.exp(highest - known) if at else 0.0
        if fault == "output not rescaled":
            total, output = shrink * total, output
        elif fault == "nothing rescaled":
            pass
        else:
            total, output = shrink * total, shrink * output
        total, output = total + powers.sum(axis=-1, keepdims=True), output + powers @ values[..., at : at + block, :]
        if fault == "each block by itself":
            total = powers.sum(axis=-1, keepdims=True)
        highest = new
    return output / (total if fault == "zero by zero" else np.where(total > 0, total, 1))


def windowed(
    query: np.ndarray, keys: np.ndarray, values: np.ndarray, *, width: int, sinks: int = 0, fault: str = ""
) -> np.ndarray:
    n = keys.shape[-2]
    t, i = np.arange(n)[:, None], np.arange(n)[None, :]
    reach = width + (fault == "one wider") - (fault == "one narrower" and width > 1)
    mask = (i > t - reach) & (i <= t)
    if fault == "to both sides":
        mask = abs(t - i) < width
    if fault != "sinks forgotten":
        mask = mask | ((i < sinks) if fault == "sinks of the future" else (i < sinks) & (i <= t))
    return blockwise(query, keys, values, mask=np.broadcast_to(mask, (*query.shape[:-2], n, n)))


FAULTS: dict[str, tuple[Function, tuple[str, ...]]] = {
    "blockwise": (blockwise, ("last block left out", "no highest score", "output not rescaled", "nothing rescaled",
        "each block by itself", "zero by zero")),
    "windowed": (windowed, ("one wider", "one narrower", "to both sides", "sinks forgotten", "sinks of the future")),
}  # fmt: skip
