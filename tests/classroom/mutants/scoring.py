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


@right("scaled_dot")
def dot_by_pairs(queries, keys):
    products = queries[..., :, None, :] * keys[..., None, :, :]
    return products.sum(axis=-1) / math.sqrt(keys.shape[-1])


@right("scaled_dot")
def dot_by_loops(queries, keys):
    ahead = np.broadcast_shapes(queries.shape[:-2], keys.shape[:-2])
    queries = np.broadcast_to(queries, (*ahead, *queries.shape[-2:]))
    keys = np.broadcast_to(keys, (*ahead, *keys.shape[-2:]))
    scores = np.zeros((*ahead, queries.shape[-2], keys.shape[-2]))
    for table in np.ndindex(*ahead):
        for i, q in enumerate(queries[table]):
            for j, k in enumerate(keys[table]):
                scores[(*table, i, j)] = sum(a * b for a, b in zip(q, k, strict=True)) / len(q) ** 0.5
    return scores


@mutant("scaled_dot", says="forgot to divide by √d: your scores are 8 times too large at d = 64", points=0)
def dot_without_root(queries, keys):
    return queries @ np.swapaxes(keys, -1, -2)


@mutant("scaled_dot", says="by d where √d is meant", points=0)
def dot_by_width(queries, keys):
    return queries @ np.swapaxes(keys, -1, -2) / queries.shape[-1]


@mutant("scaled_dot", says="multiply by √d", points=0)
def dot_times_root(queries, keys):
    return queries @ np.swapaxes(keys, -1, -2) * np.sqrt(queries.shape[-1])


@mutant("scaled_dot", says="root of the number of keys", points=0)
def dot_by_root_of_keys(queries, keys):
    return queries @ np.swapaxes(keys, -1, -2) / np.sqrt(keys.shape[-2])


@mutant("scaled_dot", says="root of the number of queries", points=0)
def dot_by_root_of_queries(queries, keys):
    return queries @ keys.T / np.sqrt(len(queries))


@mutant("scaled_dot", says="how many numbers the whole table holds", points=0)
def dot_by_root_of_size(queries, keys):
    return queries @ keys.T / np.sqrt(keys.size)


@mutant("scaled_dot", says="a number that is not √d: take d from the arguments", points=0)
def dot_of_width_four(queries, keys):
    return queries @ np.swapaxes(keys, -1, -2) / 2


@mutant("scaled_dot", says="a number that is not √d: take d from the arguments", points=0)
def dot_of_width_sixty_four(queries, keys):
    return queries @ np.swapaxes(keys, -1, -2) / 8


@mutant("scaled_dot", says="the last two axes are swapped", points=0)
def dot_turned(queries, keys):
    return keys @ np.swapaxes(queries, -1, -2) / np.sqrt(queries.shape[-1])


@mutant("scaled_dot", says="turn the keys first", points=0)
def dot_not_turned(queries, keys):
    return queries @ keys / np.sqrt(queries.shape[-1])


@mutant("scaled_dot", says="divide by lengths, which is the cosine", points=0)
def dot_as_cosine(queries, keys):
    queries = queries / np.linalg.norm(queries, axis=-1, keepdims=True)
    keys = keys / np.linalg.norm(keys, axis=-1, keepdims=True)
    return queries @ np.swapaxes(keys, -1, -2)


@mutant("scaled_dot", says="you return weights, but scores", points=0)
def dot_as_weights(queries, keys):
    scores = queries @ np.swapaxes(keys, -1, -2) / np.sqrt(queries.shape[-1])
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@mutant("scaled_dot", says="None (is there a return?)", points=0)
def dot_without_return(queries, keys):
    queries @ np.swapaxes(keys, -1, -2) / np.sqrt(queries.shape[-1])


@mutant("scaled_dot", says="swap the last two axes only", points=4)
def dot_of_two_axes(queries, keys):
    return queries @ keys.T / np.sqrt(queries.shape[-1])


@mutant("scaled_dot", says="for the first table only", points=4)
def dot_of_first_table(queries, keys):
    while queries.ndim > 2:
        queries = queries[0]
    while keys.ndim > 2:
        keys = keys[0]
    return queries @ keys.T / np.sqrt(queries.shape[-1])


@mutant("scaled_dot", says="as np.dot and np.inner do", points=4)
def dot_by_inner(queries, keys):
    return np.inner(queries, keys) / np.sqrt(queries.shape[-1])


@mutant("scaled_dot", says="shape[1], the second size", points=4)
def dot_by_root_of_second_size(queries, keys):
    return queries @ np.swapaxes(keys, -1, -2) / np.sqrt(queries.shape[1])


@mutant("scaled_dot", says="reshape does not turn axes", points=0)
def dot_of_shuffled_keys(queries, keys):
    d = queries.shape[-1]
    return queries @ keys.reshape(*keys.shape[:-2], d, -1) / np.sqrt(d)


@mutant("scaled_dot", says="one for each axis", points=4)
def dot_of_two_sizes(queries, keys):
    _, d = queries.shape
    return queries @ np.swapaxes(keys, -1, -2) / np.sqrt(d)


@mutant("scaled_dot", says="half of the digits are lost", points=4.5)
def dot_in_float32(queries, keys):
    queries, keys = queries.astype("float32"), keys.astype("float32")
    return queries @ np.swapaxes(keys, -1, -2) / np.float32(np.sqrt(queries.shape[-1]))


@mutant("scaled_dot", says="whole numbers: what stands after the decimal point is lost", points=4.5)
def dot_in_the_kind_of_the_queries(queries, keys):
    scores = queries @ np.swapaxes(keys, -1, -2)
    scores[...] = (scores / np.sqrt(queries.shape[-1])).astype(scores.dtype)
    return scores


@mutant("scaled_dot", says="changes its argument number 1", points=4)
def dot_in_place(queries, keys):
    queries /= np.sqrt(queries.shape[-1])
    return queries @ np.swapaxes(keys, -1, -2)


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


@right("softmax_slope")
def slope_by_rows(weights):
    def one(row):
        return np.diag(row) - np.outer(row, row)

    rows = weights.reshape(-1, weights.shape[-1])
    return np.array([one(row) for row in rows]).reshape(*weights.shape, -1)


@mutant("softmax_slope", says="raised score takes weight from the other keys", points=0)
def slope_of_own_weights(weights):
    return weights[..., :, None] * np.eye(weights.shape[-1])


@mutant("softmax_slope", says="forgot −αᵢαⱼ beside the diagonal", points=0)
def slope_of_own_scores(weights):
    return (weights * (1 - weights))[..., None] * np.eye(weights.shape[-1])


@mutant("softmax_slope", says="you forgot δᵢⱼ", points=0)
def slope_without_delta(weights):
    return -weights[..., :, None] * weights[..., None, :]


@mutant("softmax_slope", says="each is to be subtracted", points=0)
def slope_of_products(weights):
    return weights[..., :, None] * weights[..., None, :]


@mutant("softmax_slope", says="you add αᵢαⱼ where you should subtract it", points=0)
def slope_with_plus(weights):
    return weights[..., :, None] * (np.eye(weights.shape[-1]) + weights[..., None, :])


@mutant("softmax_slope", says="signs are the wrong way round", points=0)
def slope_of_other_sign(weights):
    return weights[..., :, None] * (weights[..., None, :] - np.eye(weights.shape[-1]))


@mutant("softmax_slope", says="δᵢⱼ as 1 everywhere", points=0)
def slope_with_one(weights):
    return weights[..., :, None] * (1 - weights[..., None, :])


@mutant("softmax_slope", says="you subtract αᵢ times αᵢ", points=0)
def slope_of_one_index(weights):
    return weights[..., :, None] * (np.eye(weights.shape[-1]) - weights[..., :, None])


@mutant("softmax_slope", says="you subtract αⱼ times αⱼ", points=0)
def slope_of_the_other_index(weights):
    return weights[..., None, :] * (np.eye(weights.shape[-1]) - weights[..., None, :])


@mutant("softmax_slope", says="softmax to the weights once more", points=0)
def slope_of_scores(weights):
    weights = np.exp(weights) / np.exp(weights).sum(axis=-1, keepdims=True)
    return weights[..., :, None] * (np.eye(weights.shape[-1]) - weights[..., None, :])


@mutant("softmax_slope", says="is the diagonal only", points=0)
def slope_as_row(weights):
    return weights * (1 - weights)


@mutant("softmax_slope", says="add up the tables of all rows", points=0)
def slope_of_all_rows(weights):
    return np.diag(weights.sum(axis=0)) - weights.T @ weights


@mutant("softmax_slope", says="for the first row only", points=0)
def slope_of_first_row(weights):
    return np.diag(weights[0]) - np.outer(weights[0], weights[0])


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


@mutant("softmax_slope", says="changes its argument number 1", points=4.5)
def slope_in_place(weights):
    slopes = weights[..., :, None] * (np.eye(weights.shape[-1]) - weights[..., None, :])
    weights *= 1 - weights
    return slopes


@mutant("softmax_slope", says="depends on its place, not on its size", points=4.5)
def slope_of_square_tables(weights):
    if weights.ndim == 2 and weights.shape[0] == weights.shape[1]:
        weights = weights.T
    return weights[..., :, None] * (np.eye(weights.shape[-1]) - weights[..., None, :])


# --- cosine: values 2, zeros 1, tables 0.5, lengths 0.5, arguments 0.5, sizes 0.5 (hidden) ---


@right("cosine")
def cosine_of_units(queries, keys):
    def unit(vectors):
        lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
        return vectors / np.where(lengths == 0, 1, lengths)

    return unit(queries) @ np.swapaxes(unit(keys), -1, -2)


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


@mutant("cosine", says="you forgot to divide by the lengths", points=0)
def cosine_as_dot(queries, keys):
    return queries @ np.swapaxes(keys, -1, -2)


@mutant("cosine", says="this is the scaled dot product", points=0)
def cosine_as_scaled_dot(queries, keys):
    return queries @ np.swapaxes(keys, -1, -2) / np.sqrt(keys.shape[-1])


@mutant("cosine", says="the key's length only", points=0)
def cosine_of_unit_keys(queries, keys):
    return queries @ (keys / np.linalg.norm(keys, axis=-1, keepdims=True)).T


@mutant("cosine", says="the query's length only", points=0)
def cosine_of_unit_queries(queries, keys):
    return (queries / np.linalg.norm(queries, axis=-1, keepdims=True)) @ keys.T


@mutant("cosine", says="the squares of the lengths", points=0)
def cosine_by_squares(queries, keys):
    return queries @ keys.T / (queries**2).sum(axis=1)[:, None] / (keys**2).sum(axis=1)


@mutant("cosine", says="the sum of the sizes of the numbers", points=0)
def cosine_by_sums(queries, keys):
    return queries @ keys.T / np.abs(queries).sum(axis=1)[:, None] / np.abs(keys).sum(axis=1)


@mutant("cosine", says="square each one first", points=0)
def cosine_of_summed_numbers(queries, keys):
    of_queries, of_keys = (np.sqrt(table.sum(axis=-1) ** 2) for table in (queries, keys))
    return queries @ np.swapaxes(keys, -1, -2) / (of_queries[..., :, None] * of_keys[..., None, :])


@mutant("cosine", says="one length for the whole table", points=0)
def cosine_by_one_length(queries, keys):
    return queries @ np.swapaxes(keys, -1, -2) / (np.linalg.norm(queries) * np.linalg.norm(keys))


@mutant("cosine", says="the lengths of the columns", points=0)
def cosine_by_columns(queries, keys):
    return (queries / np.linalg.norm(queries, axis=0)) @ (keys / np.linalg.norm(keys, axis=0)).T


@mutant("cosine", says="divide by √d as well", points=0)
def cosine_scaled(queries, keys):
    queries = queries / np.linalg.norm(queries, axis=1, keepdims=True)
    keys = keys / np.linalg.norm(keys, axis=1, keepdims=True)
    return queries @ keys.T / np.sqrt(keys.shape[1])


@mutant("cosine", says="1 − cosine, a distance", points=0)
def cosine_distance(queries, keys):
    queries = queries / np.linalg.norm(queries, axis=1, keepdims=True)
    keys = keys / np.linalg.norm(keys, axis=1, keepdims=True)
    return 1 - queries @ keys.T


@mutant("cosine", says="opposite directions score −1, not 1", points=0)
def cosine_without_sign(queries, keys):
    queries = queries / np.linalg.norm(queries, axis=1, keepdims=True)
    keys = keys / np.linalg.norm(keys, axis=1, keepdims=True)
    return np.abs(queries @ keys.T)


@mutant("cosine", says="add nothing to a length", points=0)
def cosine_with_tenth(queries, keys):
    lengths = np.linalg.norm(queries, axis=-1, keepdims=True) * np.linalg.norm(keys, axis=-1)
    return queries @ keys.T / (lengths + 0.1)


@mutant("cosine", says="keepdims=True) has shape", points=0)
def cosine_of_flat_lengths(queries, keys):
    return (queries / np.linalg.norm(queries, axis=-1)) @ (keys / np.linalg.norm(keys, axis=-1)).T


@mutant("cosine", says="the last two axes are swapped", points=0)
def cosine_turned(queries, keys):
    queries = queries / np.linalg.norm(queries, axis=-1, keepdims=True)
    keys = keys / np.linalg.norm(keys, axis=-1, keepdims=True)
    return keys @ np.swapaxes(queries, -1, -2)


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


@mutant("cosine", says="for the first table only", points=4.5)
def cosine_of_first_table(queries, keys):
    queries = queries.reshape(-1, *queries.shape[-2:])[0]
    keys = keys.reshape(-1, *keys.shape[-2:])[0]
    lengths = np.linalg.norm(queries, axis=1)[:, None] * np.linalg.norm(keys, axis=1)
    return queries @ keys.T / np.where(lengths == 0, 1, lengths)


@mutant("cosine", says="changes its argument number 1", points=4)
def cosine_in_place(queries, keys):
    for vectors in (queries, keys):
        lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
        vectors /= np.where(lengths == 0, 1, lengths)
    return queries @ np.swapaxes(keys, -1, -2)


# --- projected: values 2, tables 1, kinds 0.5, arguments 0.5, sizes 1 (hidden) ---


@right("projected")
def projected_by_products(queries, keys, W_q, W_k):
    mapped = keys @ W_k.T
    return (queries @ W_q.T) @ np.swapaxes(mapped, -1, -2) / np.sqrt(len(W_q))


@right("projected")
def projected_by_one_matrix(queries, keys, W_q, W_k):
    W = W_q.T @ W_k / math.sqrt(W_q.shape[0])
    return queries @ W @ np.swapaxes(keys, -1, -2)


@right("projected")
def projected_by_einsum(queries, keys, W_q, W_k):
    return np.einsum("...qe,re,...kd,rd->...qk", queries, W_q, keys, W_k) / W_k.shape[0] ** 0.5


@mutant("projected", says="forgot to divide by √r: your scores are 8 times too large at r = 64", points=0)
def projected_without_root(queries, keys, W_q, W_k):
    return (queries @ W_q.T) @ np.swapaxes(keys @ W_k.T, -1, -2)


@mutant("projected", says="root of the query's width", points=0)
def projected_by_query_width(queries, keys, W_q, W_k):
    return (queries @ W_q.T) @ np.swapaxes(keys @ W_k.T, -1, -2) / np.sqrt(queries.shape[-1])


@mutant("projected", says="root of the key's width", points=0)
def projected_by_key_width(queries, keys, W_q, W_k):
    return (queries @ W_q.T) @ np.swapaxes(keys @ W_k.T, -1, -2) / np.sqrt(W_k.shape[1])


@mutant("projected", says="root of the number of keys", points=0)
def projected_by_keys(queries, keys, W_q, W_k):
    return (queries @ W_q.T) @ np.swapaxes(keys @ W_k.T, -1, -2) / np.sqrt(len(keys))


@mutant("projected", says="by r where √r is meant", points=0)
def projected_by_rank(queries, keys, W_q, W_k):
    return (queries @ W_q.T) @ np.swapaxes(keys @ W_k.T, -1, -2) / len(W_q)


@mutant("projected", says="you divide twice", points=0)
def projected_twice(queries, keys, W_q, W_k):
    queries = queries / np.sqrt(queries.shape[-1])
    return (queries @ W_q.T) @ np.swapaxes(keys @ W_k.T, -1, -2) / np.sqrt(len(W_q))


@mutant("projected", says="with tanh", points=0)
def projected_bent(queries, keys, W_q, W_k):
    return np.tanh(queries @ W_q.T) @ np.swapaxes(np.tanh(keys @ W_k.T), -1, -2) / np.sqrt(len(W_q))


@mutant("projected", says="compare directions after the maps", points=0)
def projected_to_directions(queries, keys, W_q, W_k):
    queries, keys = queries @ W_q.T, keys @ W_k.T
    queries = queries / np.linalg.norm(queries, axis=-1, keepdims=True)
    keys = keys / np.linalg.norm(keys, axis=-1, keepdims=True)
    return queries @ np.swapaxes(keys, -1, -2)


@mutant("projected", says="must be turned", points=0)
def projected_with_maps_not_turned(queries, keys, W_q, W_k):
    return (queries @ W_q) @ np.swapaxes(keys @ W_k, -1, -2) / np.sqrt(len(W_q))


@mutant("projected", says="must be turned", points=0)
def projected_with_each_others_map(queries, keys, W_q, W_k):
    return (queries @ W_k.T) @ np.swapaxes(keys @ W_q.T, -1, -2) / np.sqrt(len(W_q))


@mutant("projected", says="the last two axes are swapped", points=0)
def projected_turned(queries, keys, W_q, W_k):
    return (keys @ W_k.T) @ np.swapaxes(queries @ W_q.T, -1, -2) / np.sqrt(len(W_q))


@mutant("projected", says="a number that is not √r", points=0)
def projected_to_two(queries, keys, W_q, W_k):
    return (queries @ W_q.T) @ np.swapaxes(keys @ W_k.T, -1, -2) / 8


@mutant("projected", says="swap the last two axes only", points=4)
def projected_of_two_axes(queries, keys, W_q, W_k):
    return (queries @ W_q.T) @ (keys @ W_k.T).T / np.sqrt(len(W_q))


@mutant("projected", says="for the first table only", points=4)
def projected_of_first_table(queries, keys, W_q, W_k):
    queries = queries.reshape(-1, *queries.shape[-2:])[0]
    keys = keys.reshape(-1, *keys.shape[-2:])[0]
    return (queries @ W_q.T) @ (keys @ W_k.T).T / np.sqrt(len(W_q))


@mutant("projected", says="half of the digits are lost", points=4.5)
def projected_in_float32(queries, keys, W_q, W_k):
    queries, keys, W_q, W_k = (x.astype("float32") for x in (queries, keys, W_q, W_k))
    return (queries @ W_q.T) @ np.swapaxes(keys @ W_k.T, -1, -2) / np.float32(np.sqrt(len(W_q)))


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
def additive_by_broadcasting(queries, keys, W_q, W_k, v, bias):
    inside = (queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias
    return np.tanh(inside) @ v


@right("additive")
def additive_by_keys(queries, keys, W_q, W_k, v, bias):
    asked, offered = queries @ W_q.T + bias, keys @ W_k.T
    columns = [np.tanh(asked + offered[..., [i], :]) @ v for i in range(keys.shape[-2])]
    return np.stack(columns, axis=-1)


@right("additive")
def additive_by_loops(queries, keys, W_q, W_k, v, bias):
    if queries.ndim > 2 or keys.ndim > 2:
        ahead = np.broadcast_shapes(queries.shape[:-2], keys.shape[:-2])
        queries = np.broadcast_to(queries, (*ahead, *queries.shape[-2:]))
        keys = np.broadcast_to(keys, (*ahead, *keys.shape[-2:]))
    scores = np.zeros((*queries.shape[:-1], keys.shape[-2]))
    for table in np.ndindex(*queries.shape[:-2]):
        for i, q in enumerate(queries[table]):
            for j, k in enumerate(keys[table]):
                scores[(*table, i, j)] = sum(v[u] * math.tanh(W_q[u] @ q + W_k[u] @ k + bias[u]) for u in range(len(v)))
    return scores


@mutant("additive", says="you forgot tanh", points=0)
def additive_without_tanh(queries, keys, W_q, W_k, v, bias):
    return ((queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias) @ v


@mutant("additive", says="v and b stand in each other's place", points=0)
def additive_bias_before_v(queries, keys, W_q, W_k, bias, v):
    pairs = (queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :]
    return np.tanh(pairs + bias) @ v


@mutant("additive", says="you forgot the bias", points=0)
def additive_without_bias(queries, keys, W_q, W_k, v, bias):
    return np.tanh((queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :]) @ v


@mutant("additive", says="the bias after tanh", points=0)
def additive_with_bias_outside(queries, keys, W_q, W_k, v, bias):
    return (np.tanh((queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :]) + bias) @ v


@mutant("additive", says="the bias twice", points=0)
def additive_with_bias_twice(queries, keys, W_q, W_k, v, bias):
    return np.tanh((queries @ W_q.T + bias)[..., :, None, :] + (keys @ W_k.T + bias)[..., None, :, :]) @ v


@mutant("additive", says="bend query and key apart", points=0)
def additive_bent_apart(queries, keys, W_q, W_k, v, bias):
    asked, offered = np.tanh(queries @ W_q.T), np.tanh(keys @ W_k.T + bias)
    return (asked[..., :, None, :] + offered[..., None, :, :]) @ v


@mutant("additive", says="you take tanh of the score", points=0)
def additive_bent_late(queries, keys, W_q, W_k, v, bias):
    return np.tanh(((queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias) @ v)


@mutant("additive", says="by v before tanh", points=0)
def additive_weighs_before(queries, keys, W_q, W_k, v, bias):
    inside = (queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias
    return np.tanh(inside * v).sum(axis=-1)


@mutant("additive", says="you forgot v", points=0)
def additive_without_v(queries, keys, W_q, W_k, v, bias):
    return np.tanh((queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias).sum(axis=-1)


@mutant("additive", says="you return what the hidden units say", points=0)
def additive_of_units(queries, keys, W_q, W_k, v, bias):
    return np.tanh((queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias)


@mutant("additive", says="you subtract the key's part", points=0)
def additive_with_minus(queries, keys, W_q, W_k, v, bias):
    return np.tanh((queries @ W_q.T)[..., :, None, :] - (keys @ W_k.T)[..., None, :, :] + bias) @ v


@mutant("additive", says="you multiply the query's part with the key's", points=0)
def additive_by_times(queries, keys, W_q, W_k, v, bias):
    return np.tanh((queries @ W_q.T)[..., :, None, :] * (keys @ W_k.T)[..., None, :, :] + bias) @ v


@mutant("additive", says="the logistic one", points=0)
def additive_logistic(queries, keys, W_q, W_k, v, bias):
    inside = (queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias
    return (1 / (1 + np.exp(-inside))) @ v


@mutant("additive", says="max(0, x)", points=0)
def additive_relu(queries, keys, W_q, W_k, v, bias):
    inside = (queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias
    return np.maximum(0, inside) @ v


@mutant("additive", says="only the dot product is scaled", points=0)
def additive_scaled(queries, keys, W_q, W_k, v, bias):
    inside = (queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias
    return np.tanh(inside) @ v / np.sqrt(len(v))


@mutant("additive", says="the last two axes are swapped", points=0)
def additive_turned(queries, keys, W_q, W_k, v, bias):
    inside = (queries @ W_q.T)[..., None, :, :] + (keys @ W_k.T)[..., :, None, :] + bias
    return np.tanh(inside) @ v


@mutant("additive", says="make room for every pair", points=0)
def additive_without_room(queries, keys, W_q, W_k, v, bias):
    return np.tanh(queries @ W_q.T + keys @ W_k.T + bias) @ v


@mutant("additive", says="they count from the end", points=4)
def additive_of_two_axes(queries, keys, W_q, W_k, v, bias):
    return np.tanh((queries @ W_q.T)[:, None, :] + (keys @ W_k.T)[None, :, :] + bias) @ v


@mutant("additive", says="np.tanh is safe", points=4.5)
def additive_by_exponentials(queries, keys, W_q, W_k, v, bias):
    inside = (queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias
    return ((np.exp(inside) - np.exp(-inside)) / (np.exp(inside) + np.exp(-inside))) @ v


@mutant("additive", says="changes its argument number 2", points=4.5)
def additive_in_place(queries, keys, W_q, W_k, v, bias):
    inside = (queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias
    keys -= keys
    return np.tanh(inside) @ v


@mutant("additive", says="half of the digits are lost", points=4)
def additive_in_float32(queries, keys, W_q, W_k, v, bias):
    queries, keys, W_q, W_k, v, bias = (x.astype("float32") for x in (queries, keys, W_q, W_k, v, bias))
    return np.tanh((queries @ W_q.T)[..., :, None, :] + (keys @ W_k.T)[..., None, :, :] + bias) @ v


@mutant("additive", says="where a map is square you forgot to turn it", points=4)
def additive_turned_if_needed(queries, keys, W_q, W_k, v, bias):
    W_q = W_q if W_q.shape[0] == queries.shape[-1] else W_q.T
    W_k = W_k if W_k.shape[0] == keys.shape[-1] else W_k.T
    return np.tanh((queries @ W_q)[..., :, None, :] + (keys @ W_k)[..., None, :, :] + bias) @ v
