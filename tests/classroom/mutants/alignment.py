"""Planted functions for Chapter 3: the translator's desk."""

import numpy as np
from tests.classroom.mutants import mutant, right

# -- lamp_mask ---------------------------------------------------------------------------------------------------------


@right("lamp_mask")
def lamp_by_broadcasting(lengths, centres, reach):
    places = np.arange(lengths.max())
    near = np.abs(places - centres[:, :, None]) <= reach
    return near & (places < lengths[:, None])[:, None, :]


@right("lamp_mask")
def lamp_by_loops(lengths, centres, reach):
    sentences, rows = centres.shape
    lit = np.zeros((sentences, rows, max(lengths)), dtype=bool)
    for b in range(sentences):
        for t in range(rows):
            for place in range(lengths[b]):
                lit[b, t, place] = abs(place - centres[b, t]) <= reach
    return lit


@mutant("lamp_mask", says="negative place", points=0)
def lamp_slice_from_the_end(lengths, centres, reach):
    lit = np.zeros((*centres.shape, lengths.max()), dtype=bool)
    for b, t in np.ndindex(centres.shape):
        lit[b, t, int(centres[b, t]) - reach : int(centres[b, t]) + reach + 1] = True
        lit[b, t, lengths[b] :] = False
    return lit


@mutant("lamp_mask", says="True and False", points=0)
def lamp_of_zeros_and_ones(lengths, centres, reach):
    places = np.arange(lengths.max())
    lit = (np.abs(places - centres[..., None]) <= reach) & (places < lengths[:, None, None])
    return lit.astype(int)


@mutant("lamp_mask", says="farther away", points=0)
def lamp_either_or(lengths, centres, reach):
    places = np.arange(lengths.max())
    near, word = np.abs(places - centres[..., None]) <= reach, places < lengths[:, None, None]
    return (near | word) & word


@mutant("lamp_mask", says="in the dark", points=0)
def lamp_without_its_middle(lengths, centres, reach):
    places = np.arange(lengths.max())
    far = np.abs(places - centres[..., None])
    return (far <= reach) & (far > 0) & (places < lengths[:, None, None])


@mutant("lamp_mask", says="the axes (b, t, s)", points=0)
def lamp_lengths_without_axes(lengths, centres, reach):
    places = np.arange(lengths.max())
    return (np.abs(places - centres[..., None]) <= reach) & (places < lengths[:, None])


@mutant("lamp_mask", says="slice indices must be integers", points=2.5)
def lamp_by_slices_of_whole_places(lengths, centres, reach):
    lit = np.zeros((*centres.shape, lengths.max()), dtype=bool)
    for row, column in np.ndindex(centres.shape):
        centre = centres[row, column]
        lit[row, column, max(0, centre - reach) : min(lengths[row], centre + reach + 1)] = True
    return lit


@mutant("lamp_mask", says="argument number 2", points=2.5)
def lamp_moves_the_centres(lengths, centres, reach):
    places = np.arange(lengths.max())
    centres -= reach  # the first place that is lit
    left = places - centres[..., None]
    return (left >= 0) & (left <= 2 * reach) & (places < lengths[:, None, None])


# -- masked_weights ----------------------------------------------------------------------------------------------------


@right("masked_weights")
def weights_by_nan_to_num(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf) / temperature
    with np.errstate(invalid="ignore"):
        powers = np.exp(lowered - np.max(lowered, axis=-1, keepdims=True))
        return np.nan_to_num(powers / np.sum(powers, axis=-1, keepdims=True), nan=0.0)


@right("masked_weights")
def weights_row_by_row(scores, mask, temperature=1.0):
    if not np.issubdtype(scores.dtype, np.floating):
        scores = scores.astype(float)
    mask = np.broadcast_to(mask, scores.shape)
    weights = np.zeros_like(scores)
    for place in np.ndindex(scores.shape[:-1]):
        allowed = mask[place]
        if allowed.any():
            chosen = scores[place][allowed] / temperature
            powers = np.exp(chosen - chosen.max())
            weights[place][allowed] = powers / powers.sum()
    return weights


@right("masked_weights")
def weights_by_the_lowest_number(scores, mask, temperature=1.0):
    lowest = np.finfo(scores.dtype if scores.dtype.kind == "f" else float).min
    lowered = np.where(mask, scores, lowest)
    powers = np.exp((lowered - lowered.max(axis=-1, keepdims=True)) / temperature) * mask
    return powers / np.maximum(powers.sum(axis=-1, keepdims=True), np.finfo(powers.dtype).tiny)


@mutant("masked_weights", says="after the softmax", points=0)
def weights_masked_afterwards(scores, mask, temperature=1.0):
    powers = np.exp((scores - scores.max(axis=-1, keepdims=True)) / temperature)
    return np.where(mask, powers / powers.sum(axis=-1, keepdims=True), 0)


@mutant("masked_weights", says="negative", points=0)
def weights_by_shares(scores, mask, temperature=1.0):
    kept = np.where(mask, scores, 0) / temperature
    return kept / kept.sum(axis=-1, keepdims=True)


@mutant("masked_weights", says="rows do not sum to 1", points=0)
def weights_over_columns_and_masked_afterwards(scores, mask, temperature=1.0):
    powers = np.exp(scores / temperature)
    return np.where(mask, powers / powers.sum(axis=0), 0)


@mutant("masked_weights", says="puts it in its place", points=0)
def weights_by_adding_infinity(scores, mask, temperature=1.0):
    with np.errstate(invalid="ignore"):
        lowered = (scores + (1 - mask) * -np.inf) / temperature
        powers = np.exp(lowered - lowered.max(axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)


@mutant("masked_weights", says="each row's highest score first", points=4.5)
def weights_without_subtraction(scores, mask, temperature=1.0):
    powers = np.exp(np.where(mask, scores, -np.inf) / temperature)
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total > 0, total, 1)


@mutant("masked_weights", says="do not cut them off", points=4.5)
def weights_of_cut_scores(scores, mask, temperature=1.0):
    powers = np.exp(np.where(mask, np.clip(scores, -50, 50), -np.inf) / temperature)
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total > 0, total, 1)


@mutant("masked_weights", says="still read", points=4.5)
def weights_divided_again(scores, mask, temperature=1.0):
    powers = np.exp((scores - scores.max(axis=-1, keepdims=True)) / temperature)
    weights = np.where(mask, powers / powers.sum(axis=-1, keepdims=True), 0)
    total = weights.sum(axis=-1, keepdims=True)
    return weights / np.where(total > 0, total, 1)


@mutant("masked_weights", says="finite number", points=3.5)
def weights_with_a_finite_fill(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -1e9) / temperature
    powers = np.exp(lowered - lowered.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@mutant("masked_weights", says="deals out what must not be read", points=3.5)
def weights_with_a_finite_fill_says_the_empty_row(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -1e9) / temperature
    powers = np.exp(lowered - lowered.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@mutant("masked_weights", says="comes out as NaN", points=4.0)
def weights_of_nothing_are_nan(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf) / temperature
    powers = np.exp(lowered - lowered.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@mutant("masked_weights", says="argument number 1", points=4.0)
def weights_written_into_the_scores(scores, mask, temperature=1.0):
    mask = np.broadcast_to(mask, scores.shape)
    scores[~mask] = -np.inf
    highest = scores.max(axis=-1, keepdims=True)
    powers = np.exp((scores - np.where(highest > -np.inf, highest, 0)) / temperature)
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total > 0, total, 1)


@mutant("masked_weights", says="it cancels out", points=4.5)
def weights_cool_the_highest(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf)
    highest = lowered.max(axis=-1, keepdims=True) / temperature
    powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total > 0, total, 1)


@mutant("masked_weights", says="argument number 2", points=4.5)
def weights_open_an_empty_mask(scores, mask, temperature=1.0):
    empty = ~mask.any(axis=-1, keepdims=True)
    mask |= empty
    lowered = np.where(mask, scores, -np.inf)
    powers = np.exp((lowered - lowered.max(axis=-1, keepdims=True)) / temperature)
    return np.where(empty, 0, powers / powers.sum(axis=-1, keepdims=True)).astype(powers.dtype)


@mutant("masked_weights", says="float32", points=4.5)
def weights_always_float64(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores.astype(float), -np.inf)
    highest = lowered.max(axis=-1, keepdims=True)
    powers = np.exp((lowered - np.where(highest > -np.inf, highest, 0)) / temperature)
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total > 0, total, 1)


@mutant("masked_weights", says="the words stand along the last axis", points=4.5)
def weights_along_the_second_axis(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf)
    axis = 1 if scores.ndim > 1 else 0
    highest = lowered.max(axis=axis, keepdims=True)
    powers = np.exp((lowered - np.where(highest > -np.inf, highest, 0)) / temperature)
    total = powers.sum(axis=axis, keepdims=True)
    return powers / np.where(total > 0, total, 1)


# -- words_read --------------------------------------------------------------------------------------------------------


@right("words_read")
def count_by_bits(weights):
    some = weights > 0
    bits = -(weights * np.log2(np.where(some, weights, 1))).sum(axis=-1)
    return np.where(some.any(axis=-1), 2**bits, 0.0)


@right("words_read")
def count_by_a_product(weights):
    return np.prod(weights**-weights, axis=-1) * (weights.sum(axis=-1) > 0)


@mutant("words_read", says="write ** for it", points=0)
def words_by_hat(weights):
    return 2 ^ (-(weights * np.log2(np.where(weights > 0, weights, 1))).sum(axis=-1))


@mutant("words_read", says="0 · log 0 counts as 0", points=1.5)
def count_nan_at_zero(weights):
    with np.errstate(divide="ignore", invalid="ignore"):
        return 2.0 ** -(weights * np.log2(weights)).sum(axis=-1)


@mutant("words_read", says="what do you put in its place", points=1.5)
def count_with_a_little_everywhere(weights):
    little = weights + 1e-3 * (weights == 0)
    return 2.0 ** -(little * np.log2(little)).sum(axis=-1)


@mutant("words_read", says="shape", points=2.5)
def count_along_the_second_axis(weights):
    axis = 1 if weights.ndim > 1 else 0
    bits = -(weights * np.log2(np.where(weights > 0, weights, 1))).sum(axis=axis)
    return np.where(weights.any(axis=axis), 2**bits, 0.0)


# -- cover_each --------------------------------------------------------------------------------------------------------


@right("cover_each")
def cover_in_a_loop(scores, values, mask):
    def read(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        highest = lowered.max(axis=-1, keepdims=True)
        powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
        total = powers.sum(axis=-1, keepdims=True)
        return powers / np.where(total > 0, total, 1) @ values

    before, moved = read(mask), []
    for word in range(scores.shape[1]):
        left = mask.copy()
        left[:, word] = False
        moved.append(np.sqrt(((read(left) - before) ** 2).sum(axis=1)))
    return np.stack(moved, axis=1)


@right("cover_each")
def cover_all_at_once(scores, values, mask):
    words = scores.shape[-1]
    allowed = np.concatenate([mask[:, None], mask[:, None] & ~np.eye(words, dtype=bool)], axis=1)  # (t, 1 + s, s)
    lowered = np.where(allowed, scores[:, None], -np.inf)
    with np.errstate(invalid="ignore"):
        powers = np.exp(lowered - lowered.max(axis=-1, keepdims=True))
        weights = np.nan_to_num(powers / powers.sum(axis=-1, keepdims=True))
    contexts = weights @ values
    return np.linalg.norm(contexts[:, 1:] - contexts[:, :1], axis=-1)


@mutant("cover_each", says="leave the share of a covered word unused", points=0)
def cover_drops_a_term(scores, values, mask):
    lowered = np.where(mask, scores, -np.inf)
    powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
    weights = powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300)
    return weights * np.linalg.norm(values, axis=-1)


@mutant("cover_each", says="uncover a word for all rows", points=0)
def cover_then_open_for_all(scores, values, mask):
    def read(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    before, moved, left = read(mask), np.zeros(scores.shape), mask.copy()
    for word in range(scores.shape[1]):
        left[:, word] = False
        moved[:, word] = np.linalg.norm(read(left) - before, axis=-1)
        left[:, word] = True
    return moved


@mutant("cover_each", says="both have this shape", points=0)
def cover_subtracts_values_from_contexts(scores, values, mask):
    powers = np.where(mask, np.exp(scores), 0)
    weights = powers / powers.sum(axis=-1, keepdims=True)
    return weights / (1 - weights) * np.linalg.norm(values - weights @ values, axis=-1)


@mutant("cover_each", says="distances are negative", points=0)
def cover_adds_differences(scores, values, mask):
    def read(allowed):
        powers = np.exp(scores) * allowed
        return powers / powers.sum(axis=-1, keepdims=True) @ values

    others = ~np.eye(scores.shape[1], dtype=bool)
    return np.stack([(read(mask & other) - read(mask)).sum(axis=-1) for other in others], axis=-1)


@mutant("cover_each", says="NaN or ∞", points=3.0)
def cover_by_a_short_cut(scores, values, mask):
    lowered = np.where(mask, scores, -np.inf)
    powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
    weights = powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300)
    with np.errstate(divide="ignore", invalid="ignore"):
        return weights / (1 - weights) * np.linalg.norm(values - (weights @ values)[:, None], axis=-1)


@mutant("cover_each", says="never read a forbidden score", points=4.0)
def cover_by_weights_that_read_what_is_forbidden(scores, values, mask):
    def context(allowed):
        powers = np.exp(scores - scores.max(axis=-1, keepdims=True)) * allowed
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    others = ~np.eye(scores.shape[1], dtype=bool)
    moved = [np.linalg.norm(context(mask & other) - context(mask), axis=-1) for other in others]
    return np.stack(moved, axis=-1)


@mutant("cover_each", says="lost to rounding", points=4.0)
def cover_by_dividing_what_is_left(scores, values, mask):
    lowered = np.where(mask, scores, -np.inf)
    powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
    weights = powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300)
    left = weights[:, None] * ~np.eye(scores.shape[1], dtype=bool)
    total = left.sum(axis=-1, keepdims=True)
    after = left / np.where(total > 0, total, 1) @ values
    return np.linalg.norm(after - (weights @ values)[:, None], axis=-1)


# -- link_rates --------------------------------------------------------------------------------------------------------


@right("link_rates")
def rates_by_means(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    allowed = np.logical_or(sure, possible)
    precision, recall = allowed[links].mean(), links[sure].mean()
    drawn, wanted = np.count_nonzero(links), np.count_nonzero(sure)
    return float(precision), float(recall), float(1 - (precision * drawn + recall * wanted) / (drawn + wanted))


@right("link_rates")
def rates_in_loops(weights, sure, possible):
    words = weights.shape[-1]
    drawn = right = allowed = 0
    for row, must, may in zip(
        weights.reshape(-1, words), sure.reshape(-1, words), possible.reshape(-1, words), strict=True
    ):
        if row.any():
            best = int(row.argmax())
            drawn += 1
            right += int(must[best])
            allowed += int(must[best] or may[best])
    wanted = int(sure.sum())
    return [allowed / drawn, right / wanted, 1 - (right + allowed) / (drawn + wanted)]


@mutant("link_rates", says="a tuple of 3 was expected", points=0)
def rates_error_alone(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return 1 - (right + allowed) / (links.sum() + sure.sum())


@right("link_rates")
def rates_as_an_array(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return np.array([allowed / links.sum(), right / sure.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())])


@mutant("link_rates", says="a sure link is possible too", points=3.0)
def rates_possible_alone(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & possible).sum()
    return allowed / links.sum(), right / sure.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())
