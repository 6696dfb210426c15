"""Right and wrong functions for the tasks of Chapter 2."""

import math

import numpy as np
from tests.classroom.mutants import mutant, right

# --- scaled_dot: values 2, tables 1, kinds 0.5, arguments 0.5, sizes 1 (hidden) ---


@right("scaled_dot")
def dot_by_product(queries, keys):
    return queries @ np.swapaxes(keys, -1, -2) / np.sqrt(queries.shape[-1])


@right("scaled_dot")
def dot_by_einsum(queries, keys):
    width = queries.shape[-1]
    return np.einsum("...qd,...kd->...qk", queries, keys) * width**-0.5


@mutant("scaled_dot", says="a number that is not √d: take d from the arguments", points=0)
def dot_of_width_four(queries, keys):
    return queries @ np.swapaxes(keys, -1, -2) / 2


@mutant("scaled_dot", says="turn the keys first", points=0)
def dot_not_turned(queries, keys):
    return queries @ keys / np.sqrt(queries.shape[-1])


@mutant("scaled_dot", says="swap the last two axes only", points=4)
def dot_of_two_axes(queries, keys):
    return queries @ keys.T / np.sqrt(queries.shape[-1])


@mutant("scaled_dot", says="as np.dot does", points=4)
def dot_by_inner(queries, keys):
    return np.inner(queries, keys) / np.sqrt(queries.shape[-1])


@mutant("scaled_dot", says="one for each axis", points=4)
def dot_of_two_sizes(queries, keys):
    _, d = queries.shape
    return queries @ np.swapaxes(keys, -1, -2) / np.sqrt(d)


@mutant("scaled_dot", says="whole numbers: what stands after the decimal point is lost", points=4.5)
def dot_in_the_kind_of_the_queries(queries, keys):
    scores = queries @ np.swapaxes(keys, -1, -2)
    scores[...] = (scores / np.sqrt(queries.shape[-1])).astype(scores.dtype)
    return scores


@mutant("scaled_dot", says="you forgot to turn the table of keys", points=4)
def dot_turned_if_needed(queries, keys):
    if keys.shape[-2] != queries.shape[-1] or keys.ndim > 2:
        keys = np.swapaxes(keys, -1, -2)
    return queries @ keys / np.sqrt(queries.shape[-1])


# --- softmax_slope: values 2, tables 1, decided 1, arguments 0.5, sizes 0.5 (hidden) ---


@right("softmax_slope")
def slope_by_delta(weights):
    delta = np.eye(weights.shape[-1])
    return weights[..., :, None] * (delta - weights[..., None, :])


@right("softmax_slope")
def slope_by_outer(weights):
    k = weights.shape[-1]
    slopes = -np.einsum("...i,...j->...ij", weights, weights)
    slopes[..., np.arange(k), np.arange(k)] += weights
    return slopes


@mutant("softmax_slope", says="take k from weights.shape[-1]", points=0)
def slope_of_as_many_rows(weights):
    return weights[..., :, None] * (np.eye(len(weights)) - weights[..., None, :])


@mutant("softmax_slope", says="one for each axis", points=4)
def slope_of_two_axes(weights):
    rows, k = weights.shape
    return weights.reshape(rows, k, 1) * (np.eye(k) - weights[:, None, :])


@mutant("softmax_slope", says="a weight may be 0", points=4)
def slope_by_division(weights):
    products = weights[..., :, None] * weights[..., None, :]
    return products * (np.eye(weights.shape[-1]) / weights[..., None] - 1)


@mutant("softmax_slope", says="depends on its place, not on its size", points=4.5)
def slope_of_square_tables(weights):
    if weights.ndim == 2 and weights.shape[0] == weights.shape[1]:
        weights = weights.T
    return weights[..., :, None] * (np.eye(weights.shape[-1]) - weights[..., None, :])


# --- cosine: values 2, zeros 1, tables 0.5, lengths 0.5, arguments 0.5, sizes 0.5 (hidden) ---


@right("cosine")
def cosine_of_products(queries, keys):
    dots = np.einsum("...qd,...kd->...qk", queries, keys)
    lengths = np.sqrt((queries**2).sum(-1))[..., :, None] * np.sqrt((keys**2).sum(-1))[..., None, :]
    return np.divide(dots, lengths, out=np.zeros(dots.shape), where=lengths > 0)


@right("cosine")
def cosine_with_tiny(queries, keys):
    queries = queries / np.maximum(np.linalg.norm(queries, axis=-1, keepdims=True), 1e-12)
    keys = keys / (np.linalg.norm(keys, axis=-1, keepdims=True) + 1e-15)
    return queries @ np.swapaxes(keys, -1, -2)


@right("cosine")
def cosine_without_nan(queries, keys):
    with np.errstate(invalid="ignore"):
        queries = np.nan_to_num(queries / np.linalg.norm(queries, axis=-1)[..., None])
        keys = np.nan_to_num(keys / np.linalg.norm(keys, axis=-1)[..., None])
    return np.matmul(queries, np.moveaxis(keys, -1, -2))


@mutant("cosine", says="add nothing to a length", points=0)
def cosine_with_tenth(queries, keys):
    lengths = np.linalg.norm(queries, axis=-1, keepdims=True) * np.linalg.norm(keys, axis=-1)
    return queries @ keys.T / (lengths + 0.1)


@mutant("cosine", says="an axis for the numbers", points=0)
def cosine_of_flat_lengths(queries, keys):
    return (queries / np.linalg.norm(queries, axis=-1)) @ (keys / np.linalg.norm(keys, axis=-1)).T


@mutant("cosine", says="where a length is 0, divide by 1", points=4)
def cosine_of_nothing(queries, keys):
    queries = queries / np.linalg.norm(queries, axis=-1, keepdims=True)
    keys = keys / np.linalg.norm(keys, axis=-1, keepdims=True)
    return queries @ np.swapaxes(keys, -1, -2)


@mutant("cosine", says="neither like nor unlike", points=4)
def cosine_of_nothing_is_one(queries, keys):
    queries = queries / np.linalg.norm(queries, axis=-1, keepdims=True)
    keys = keys / np.linalg.norm(keys, axis=-1, keepdims=True)
    return np.nan_to_num(queries @ np.swapaxes(keys, -1, -2), nan=1.0)


@mutant("cosine", says="changes the scores of others", points=4)
def cosine_gives_up(queries, keys):
    of_queries, of_keys = (np.linalg.norm(table, axis=-1) for table in (queries, keys))
    if not of_queries.all() or not of_keys.all():
        return np.zeros((*queries.shape[:-1], keys.shape[-2]))
    return queries @ np.swapaxes(keys, -1, -2) / (of_queries[..., :, None] * of_keys[..., None, :])


@mutant("cosine", says="is too much for short vectors", points=4.5)
def cosine_with_small(queries, keys):
    lengths = np.linalg.norm(queries, axis=-1)[..., :, None] * np.linalg.norm(keys, axis=-1)[..., None, :]
    return queries @ np.swapaxes(keys, -1, -2) / (lengths + 1e-8)


@mutant("cosine", says="swap the last two axes only", points=4.5)
def cosine_of_two_axes(queries, keys):
    lengths = np.linalg.norm(queries, axis=-1, keepdims=True), np.linalg.norm(keys, axis=-1, keepdims=True)
    queries, keys = (x / np.where(size == 0, 1, size) for x, size in zip((queries, keys), lengths, strict=True))
    return queries @ keys.T


# --- projected: values 2, tables 1, kinds 0.5, arguments 0.5, sizes 1 (hidden) ---


@right("projected")
def projected_by_products(queries, keys, W_q, W_k):
    mapped = keys @ W_k.T
    return (queries @ W_q.T) @ np.swapaxes(mapped, -1, -2) / np.sqrt(len(W_q))


@right("projected")
def projected_by_one_matrix(queries, keys, W_q, W_k):
    W = W_q.T @ W_k / math.sqrt(W_q.shape[0])
    return queries @ W @ np.swapaxes(keys, -1, -2)


@mutant("projected", says="must be turned", points=0)
def projected_with_maps_not_turned(queries, keys, W_q, W_k):
    return (queries @ W_q) @ np.swapaxes(keys @ W_k, -1, -2) / np.sqrt(len(W_q))


@mutant("projected", says="a number that is not √r", points=0)
def projected_to_two(queries, keys, W_q, W_k):
    return (queries @ W_q.T) @ np.swapaxes(keys @ W_k.T, -1, -2) / 8


@mutant("projected", says="swap the last two axes only", points=4)
def projected_of_two_axes(queries, keys, W_q, W_k):
    return (queries @ W_q.T) @ (keys @ W_k.T).T / np.sqrt(len(W_q))


@mutant("projected", says="changes its argument number 3", points=4)
def projected_in_place(queries, keys, W_q, W_k):
    W_q /= np.sqrt(len(W_q))
    return (queries @ W_q.T) @ np.swapaxes(keys @ W_k.T, -1, -2)


@mutant("projected", says="where a map is square you forgot to turn it", points=4)
def projected_turned_if_needed(queries, keys, W_q, W_k):
    W_q = W_q if W_q.shape[0] == queries.shape[-1] else W_q.T
    W_k = W_k if W_k.shape[0] == keys.shape[-1] else W_k.T
    return (queries @ W_q) @ np.swapaxes(keys @ W_k, -1, -2) / np.sqrt(W_q.shape[-1])


# --- additive: values 2, tables 1, saturated 0.5, arguments 0.5, sizes 1 (hidden) ---


@right("additive")
def additive_by_broadcasting(queries, keys, W_q, W_k, w, bias):
    inside = (queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias
    return np.tanh(inside) @ w


@right("additive")
def additive_by_keys(queries, keys, W_q, W_k, w, bias):
    asked, offered = queries @ W_q.T + bias, keys @ W_k.T
    columns = [np.tanh(asked + offered[..., [i], :]) @ w for i in range(keys.shape[-2])]
    return np.stack(columns, axis=-1)


@mutant("additive", says="w and b stand in each other's place", points=0)
def additive_bias_before_w(queries, keys, W_q, W_k, bias, w):
    pairs = (queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :]
    return np.tanh(pairs + bias) @ w


@mutant("additive", says="bend query and key apart", points=0)
def additive_bent_apart(queries, keys, W_q, W_k, w, bias):
    asked, offered = np.tanh(queries @ W_q.T), np.tanh(keys @ W_k.T + bias)
    return (asked[..., :, None, :] + offered[..., None, :, :]) @ w


@mutant("additive", says="make room for every pair", points=0)
def additive_without_room(queries, keys, W_q, W_k, w, bias):
    return np.tanh(queries @ W_q.T + keys @ W_k.T + bias) @ w


@mutant("additive", says="turn W_q, which has shape", points=0)
def additive_from_the_left(queries, keys, W_q, W_k, w, bias):
    return np.tanh((W_q @ queries)[:, None] + (W_k @ keys)[None] + bias) @ w


@mutant("additive", says="they count from the end", points=4)
def additive_of_two_axes(queries, keys, W_q, W_k, w, bias):
    return np.tanh((queries @ W_q.T)[:, None, :] + (keys @ W_k.T)[None, :, :] + bias) @ w


@mutant("additive", says="np.tanh is safe", points=4.5)
def additive_by_exponentials(queries, keys, W_q, W_k, w, bias):
    inside = (queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias
    return ((np.exp(inside) - np.exp(-inside)) / (np.exp(inside) + np.exp(-inside))) @ w


@mutant("additive", says="changes its argument number 2", points=4.5)
def additive_in_place(queries, keys, W_q, W_k, w, bias):
    inside = (queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias
    keys -= keys
    return np.tanh(inside) @ w
