"""A trial for each mechanism: what four choices make of a random input, and what its own chapter's function does."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from attnbook.core import (
    alignment,
    associative,
    channel,
    cognitive,
    efficient,
    estimators,
    external,
    fast_weights,
    heads,
    key_value,
    landscape,
    local,
    nadaraya_watson,
    pointing,
    scoring,
    self_attention,
    shared_heads,
    simam,
    soft_hard,
    spatial,
    structures,
)
from attnbook.core.landscape import assemble

__all__ = ["TRIALS"]

Draw = Callable[..., np.ndarray]
"""Numbers of a given shape, such as a generator's ``standard_normal``."""
Trial = Callable[[Draw], tuple[Any, Any]]
"""Draws an input and returns the output that was put together, and the one of the chapter's own function."""


def _three(draw: Draw, width: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three queries, five keys, and a value of two numbers for each key."""
    return draw((3, width)), draw((5, width)), draw((5, 2))


def _between_0_and_1(numbers: np.ndarray) -> np.ndarray:
    return np.asarray((1 + np.tanh(numbers)) / 2)


def _nothing(query: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """The same score for every key."""
    return np.zeros((query.shape[-2], keys.shape[-2]))


# --- before attention had its name --------------------------------------------------------------------------------


def _average(draw: Draw) -> tuple[Any, Any]:
    q, k, v = _three(draw)
    return assemble(q, k, v, score=_nothing)[0], np.broadcast_to(v.mean(axis=0), (3, 2))


def _nadaraya_watson(draw: Draw) -> tuple[Any, Any]:
    q, k, v = _three(draw, 1)
    made = assemble(q, k, v, score=lambda q, k: -((q - k.T) ** 2) * 2.0**2 / 2)[0]
    return made, nadaraya_watson.nadaraya_watson(q, k, v, bandwidth=0.5)[0]


def _kernel(draw: Draw) -> tuple[Any, Any]:
    q, k, v = _three(draw, 1)
    made = assemble(q, k, v, score=lambda q, k: np.maximum(0, 1 - ((q - k.T) / 3) ** 2), normalise=landscape.divide)[0]
    return made, nadaraya_watson.nadaraya_watson(q, k, v, kernel="epanechnikov", bandwidth=3.0)[0]


def _memory(draw: Draw) -> tuple[Any, Any]:
    q, k, v = _three(draw)
    made = assemble(q, k, v, score=scoring.dot, normalise=landscape.as_it_is)[0]
    return made, associative.recall(q, associative.store(k, v))


def _search(draw: Draw) -> tuple[Any, Any]:
    maps, query = draw((6, 3, 4)), draw((1, 6))
    places = maps.reshape(6, 12).T  # (y·x, f)
    own = alignment.softmax(cognitive.search(maps, query[0]).reshape(1, 12))
    return assemble(query, places, places, score=scoring.dot, read=landscape.the_weights)[0], own


def _fading(draw: Draw) -> tuple[Any, Any]:
    items, decay = draw((5, 2)), 0.7
    steps = np.arange(5.0)[:, None]
    past = landscape.allowed(self_attention.causal_mask(5, 5))
    made = assemble(
        steps, steps, items, score=lambda q, k: (q - k.T) * math.log(decay), select=past, normalise=landscape.powers
    )[0]
    return made, cognitive.fading_memory(items, decay)


def _gate(draw: Draw) -> tuple[Any, Any]:
    scores, values = draw((1, 5)), draw((5, 1))
    made = assemble(
        scores, scores, values, score=lambda q, k: k, normalise=landscape.gates, read=landscape.each_by_itself
    )
    return made[0], cognitive.gate(values, scores.T)


def _pooling(draw: Draw) -> tuple[Any, Any]:
    maps = draw((4, 6))
    windows = maps.reshape(2, 2, 3, 2).swapaxes(1, 2).reshape(6, 4, 1)
    made = assemble(windows[:, :1], windows, windows, score=lambda q, k: k.swapaxes(1, 2), select=landscape.best)[0]
    return made.reshape(2, 3), cognitive.max_pool(maps, 2)


# --- one query at a time ------------------------------------------------------------------------------------------


def _scored(function: Any, *parameters: tuple[int, ...]) -> Trial:
    """Average what a scorer of chapter 2 gives, with parameters of these shapes."""

    def trial(draw: Draw) -> tuple[Any, Any]:
        q, k, v = _three(draw)
        learned = [draw(shape) for shape in parameters]
        made = assemble(q, k, v, score=lambda q, k: function(q, k, *learned))[0]
        return made, alignment.attend(function(q, k, *learned), v)[0]

    return trial


def _dictionary(draw: Draw) -> tuple[Any, Any]:
    q, k, v = _three(draw)
    made = assemble(q, k, v, score=lambda q, k: 3.0 * scoring.negative_distance(q, k))[0]
    return made, key_value.look_up(q, k, v, sharpness=3.0)[0]


def _hard(draw: Draw) -> tuple[Any, Any]:
    q, k, v = _three(draw)
    return assemble(q, k, v, score=scoring.dot, select=landscape.best)[0], soft_hard.hardmax(scoring.dot(q, k)) @ v


def _sampled(draw: Draw) -> tuple[Any, Any]:
    q, k, v = _three(draw)
    uniform = _between_0_and_1(draw((3,)))
    own = soft_hard.sample(alignment.softmax(scoring.dot(q, k)), uniform) @ v
    return assemble(q, k, v, score=scoring.dot, select=landscape.drawn(uniform))[0], own


def _gumbel(draw: Draw) -> tuple[Any, Any]:
    q, k, v = _three(draw)
    noise = estimators.gumbel(_between_0_and_1(draw((3, 5))))
    own = estimators.gumbel_softmax(scoring.dot(q, k), noise, temperature=0.5) @ v
    return assemble(q, k, v, score=lambda q, k: (scoring.dot(q, k) + noise) / 0.5)[0], own


def _local_m(draw: Draw) -> tuple[Any, Any]:
    q, k, v = _three(draw)
    place = np.array([0.0, 2.5, 4.0])
    near = landscape.allowed(np.abs(np.arange(5.0) - place[:, None]) <= 1.5)
    return assemble(q, k, v, score=scoring.dot, select=near)[0], local.local_m(scoring.dot(q, k), place, reach=1.5) @ v


def _local_p(draw: Draw) -> tuple[Any, Any]:
    q, k, v = _three(draw)
    away = np.arange(5.0) - np.array([0.0, 2.5, 4.0])[:, None]
    made = assemble(
        q,
        k,
        v,
        score=scoring.dot,
        select=landscape.allowed(np.abs(away) <= 1.5),
        normalise=lambda s, chosen: landscape.share(s, chosen) * np.exp(-(away**2) / (2 * 0.75**2)),
    )[0]
    return made, local.local_p(scoring.dot(q, k), np.array([0.0, 2.5, 4.0]), reach=1.5) @ v


def _hop(draw: Draw) -> tuple[Any, Any]:
    q, k, _ = _three(draw)
    v = draw((5, 4))
    return assemble(q, k, v, score=scoring.dot, read=lambda w, v: q + w @ v)[0], key_value.hop(q, k, v)[0]


def _pointer(draw: Draw) -> tuple[Any, Any]:
    q, k, v = _three(draw)
    used, (w_q, w_k, w) = np.array([True, False, False, True, False]), (draw((6, 4)), draw((6, 4)), draw((6,)))
    score, free = partial(scoring.additive, W_q=w_q, W_k=w_k, w=w), landscape.allowed(~used)
    made = assemble(q, k, v, score=score, select=free, read=landscape.the_weights)[0]
    return made, pointing.point(score(q, k), used=used)


def _levels(draw: Draw) -> tuple[Any, Any]:
    words, (w_q, w_k, w), query = draw((3, 4, 2)), (draw((6, 2)), draw((6, 2)), draw((6,))), draw((1, 2))
    score = partial(scoring.additive, W_q=w_q, W_k=w_k, w=w)
    sentences = assemble(query, words, words, score=score)[0][:, 0]  # (s, v)
    made = assemble(query, sentences, sentences, score=score)[0][0]
    scores = scoring.additive(query, words, w_q, w_k, w)[:, 0]
    own = structures.two_levels(scores, words, lambda read: scoring.additive(query, read, w_q, w_k, w)[0])
    return made, own.output


# --- sequences that ask themselves --------------------------------------------------------------------------------


def _self(draw: Draw) -> tuple[Any, Any]:
    x, (w_q, w_k, w_v) = draw((5, 4)), (draw((4, 3)), draw((4, 3)), draw((4, 2)))
    made = assemble(x @ w_q, x @ w_k, x @ w_v, score=scoring.scaled_dot)[0]
    return made, self_attention.self_attention(x, w_q, w_k, w_v)[0]


def _causal(draw: Draw) -> tuple[Any, Any]:
    x, maps, mask = draw((5, 4)), [draw((4, 3)) for _ in range(3)], self_attention.causal_mask(5, 5)
    q, k, v = (x @ w for w in maps)
    own = self_attention.self_attention(x, *maps, mask=mask)[0]
    return assemble(q, k, v, score=scoring.scaled_dot, select=landscape.allowed(mask))[0], own


def _heads(draw: Draw) -> tuple[Any, Any]:
    q, k, v = draw((3, 4)), draw((5, 4)), draw((5, 6))
    sides = zip(np.split(q, 2, axis=1), np.split(k, 2, axis=1), np.split(v, 2, axis=1), strict=True)
    made = np.concatenate([assemble(*side, score=scoring.scaled_dot)[0] for side in sides], axis=1)
    return made, heads.multi_head(q, k, v, heads=2)[0]


def _grouped(draw: Draw) -> tuple[Any, Any]:
    q, k, v = draw((3, 8)), draw((5, 4)), draw((5, 4))
    made = [assemble(q[:, 2 * h : 2 * h + 2], k[:, g], v[:, g], score=scoring.scaled_dot)[0] for h, g in _shared(4, 2)]
    return np.concatenate(made, axis=1), shared_heads.grouped(q, k, v, heads=4, groups=2)[0]


def _shared(count: int, groups: int) -> list[tuple[int, slice]]:
    return [(h, slice(2 * (h * groups // count), 2 * (h * groups // count) + 2)) for h in range(count)]


def _latent(draw: Draw) -> tuple[Any, Any]:
    q, cache, up_keys, up_values = draw((3, 4)), draw((5, 3)), draw((3, 4)), draw((3, 4))
    sides = [slice(0, 2), slice(2, 4)]
    made = [
        assemble(q[:, s], cache @ up_keys[:, s], cache @ up_values[:, s], score=scoring.scaled_dot)[0] for s in sides
    ]
    return np.concatenate(made, axis=1), shared_heads.latent(q, cache, up_keys, up_values, heads=2)[0]


def _window(draw: Draw) -> tuple[Any, Any]:
    q, k, v = draw((6, 4)), draw((6, 4)), draw((6, 2))
    t, i = np.arange(6)[:, None], np.arange(6)
    near = landscape.allowed((i <= t) & ((t - i < 2) | (i < 1)))
    return assemble(q, k, v, score=scoring.scaled_dot, select=near)[0], efficient.windowed(q, k, v, width=2, sinks=1)


def _blocks(draw: Draw) -> tuple[Any, Any]:
    q, k, v = _three(draw)
    return assemble(q, k, v, score=scoring.scaled_dot)[0], efficient.blockwise(q, k, v, block=2)


def _linear(draw: Draw) -> tuple[Any, Any]:
    q, k, v = draw((5, 4)), draw((5, 4)), draw((5, 2))

    def score(q: np.ndarray, k: np.ndarray) -> Any:
        return scoring.dot(fast_weights.feature(q), fast_weights.feature(k))

    past = landscape.allowed(self_attention.causal_mask(5, 5))
    return assemble(q, k, v, score=score, select=past, normalise=landscape.divide)[0], fast_weights.linear_attend(
        q, k, v
    )[0]


def _delta(draw: Draw) -> tuple[Any, Any]:
    q, k, v, rates = draw((5, 4)), draw((5, 4)) / 4, draw((5, 2)), _between_0_and_1(draw((5,)))
    known = np.linalg.solve(np.eye(5) + rates[:, None] * np.tril(k @ k.T, -1), np.diag(rates))  # (k, k)
    past = landscape.allowed(self_attention.causal_mask(5, 5))
    made = assemble(q, k, v, score=scoring.dot, select=past, normalise=lambda s, c: landscape.as_it_is(s, c) @ known)[0]
    return made, fast_weights.delta_rule(q, k, v, rates)[0]


# --- pictures -----------------------------------------------------------------------------------------------------


def _gated(scores: np.ndarray, values: np.ndarray, normalise: Any = landscape.gates) -> Any:
    """Keys whose scores came from elsewhere, and a gate on each of their values: (1, k) and (k, v)."""
    made = assemble(scores, scores, values, score=lambda q, k: k, normalise=normalise, read=landscape.each_by_itself)
    return made[0]


def _se(draw: Draw) -> tuple[Any, Any]:
    maps, w_1, w_2 = draw((6, 3, 4)), draw((2, 6)), draw((6, 2))
    scores = w_2 @ np.maximum(0, w_1 @ maps.mean(axis=(1, 2)))
    own = channel.scale(maps, channel.excite(channel.squeeze(maps), w_1, w_2))
    return _gated(scores[None], maps.reshape(6, 12)).reshape(maps.shape), own


def _eca(draw: Draw) -> tuple[Any, Any]:
    maps, kernel = draw((6, 3, 4)), draw((3,))
    row = np.pad(maps.mean(axis=(1, 2)), 1)
    scores = np.array([kernel @ row[c : c + 3] for c in range(6)])
    own = channel.scale(maps, channel.eca(channel.squeeze(maps), kernel))
    return _gated(scores[None], maps.reshape(6, 12)).reshape(maps.shape), own


def _cbam(draw: Draw) -> tuple[Any, Any]:
    maps, w_1, w_2, kernel = draw((6, 3, 4)), draw((2, 6)), draw((6, 2)), draw((2, 3, 3))
    flat = maps.reshape(6, 12)
    scores = sum(w_2 @ np.maximum(0, w_1 @ seen) for seen in (flat.mean(axis=1), flat.max(axis=1)))
    half = _gated(np.asarray(scores)[None], flat)  # (c, y·x)
    seen = np.pad(np.stack([half.mean(axis=0), half.max(axis=0)]).reshape(2, 3, 4), [(0, 0), (1, 1), (1, 1)])
    places = np.array([(kernel * seen[:, y : y + 3, x : x + 3]).sum() for y in range(3) for x in range(4)])
    own = spatial.cbam(maps, w_1, w_2, kernel)[0]
    return _gated(places[None], half.T).T.reshape(maps.shape), own


def _sink(draw: Draw) -> tuple[Any, Any]:
    maps, scores = draw((6, 3, 4)), draw((6,))
    own = channel.scale(maps, channel.softmax_gates(scores, sink=0.0))
    return _gated(scores[None], maps.reshape(6, 12), landscape.with_sink(0.0)).reshape(maps.shape), own


def _simam(draw: Draw) -> tuple[Any, Any]:
    maps = draw((1, 3, 4))
    d = (maps - maps.mean()) ** 2
    scores = d / (4 * (d.sum() / 11 + 1e-4)) + 0.5
    return _gated(scores.reshape(1, 12), maps.reshape(12, 1)).reshape(maps.shape), simam.simam(maps)[0]


def _external(draw: Draw) -> tuple[Any, Any]:
    q, k, v = _three(draw)
    made = assemble(q, k, v, score=scoring.dot, normalise=lambda s, _: external.double_normalise(s))[0]
    return made, external.external_attention(q, k, v)[0]


TRIALS: dict[str, Trial] = {
    "plain average": _average,
    "Nadaraya–Watson": _nadaraya_watson,
    "kernel regression": _kernel,
    "linear associative memory": _memory,
    "guided search": _search,
    "fading memory": _fading,
    "gate": _gate,
    "max pooling": _pooling,
    "dot product": _scored(scoring.dot),
    "scaled dot product": _scored(scoring.scaled_dot),
    "cosine": _scored(scoring.cosine),
    "general": _scored(scoring.bilinear, (4, 4)),
    "additive": _scored(scoring.additive, (6, 4), (6, 4), (6,)),
    "location": _scored(scoring.location, (5, 4)),
    "soft dictionary": _dictionary,
    "hard attention": _hard,
    "sampled attention": _sampled,
    "Gumbel softmax": _gumbel,
    "local-m": _local_m,
    "local-p": _local_p,
    "memory hop": _hop,
    "pointer": _pointer,
    "levels": _levels,
    "self-attention": _self,
    "causal self-attention": _causal,
    "several heads": _heads,
    "grouped heads": _grouped,
    "latent heads": _latent,
    "window with sinks": _window,
    "block by block": _blocks,
    "linear attention": _linear,
    "delta rule": _delta,
    "squeeze-and-excitation": _se,
    "ECA": _eca,
    "CBAM": _cbam,
    "softmax gates with a sink": _sink,
    "SimAM": _simam,
    "external attention": _external,
}
