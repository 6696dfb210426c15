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


@right("lamp_mask")
def lamp_by_two_edges(lengths, centres, reach):
    places = np.arange(np.max(lengths))[None, None]
    first, last = centres[..., None] - reach, np.minimum(centres[..., None] + reach, lengths[:, None, None] - 1)
    return np.logical_and(first <= places, places <= last)


@mutant("lamp_mask", says="padding", points=0)
def lamp_lights_padding(lengths, centres, reach):
    return np.abs(np.arange(lengths.max()) - centres[..., None]) <= reach


@mutant("lamp_mask", says="≤, not <", points=0)
def lamp_open_window(lengths, centres, reach):
    places = np.arange(lengths.max())
    return (np.abs(places - centres[..., None]) < reach) & (places < lengths[:, None, None])


@mutant("lamp_mask", says="one word too early on the right", points=0)
def lamp_range_without_its_end(lengths, centres, reach):
    lit = np.zeros((*centres.shape, lengths.max()), dtype=bool)
    for b, t in np.ndindex(centres.shape):
        for place in range(max(0, int(centres[b, t] - reach)), min(lengths[b], int(centres[b, t] + reach))):
            lit[b, t, place] = True
    return lit


@mutant("lamp_mask", says="too late on the left", points=0)
def lamp_begins_late(lengths, centres, reach):
    places, middle = np.arange(lengths.max()), centres[..., None]
    return (places > middle - reach) & (places <= middle + reach) & (places < lengths[:, None, None])


@mutant("lamp_mask", says="the square of the distance", points=0)
def lamp_by_squares(lengths, centres, reach):
    places = np.arange(lengths.max())
    return ((places - centres[..., None]) ** 2 <= reach) & (places < lengths[:, None, None])


@mutant("lamp_mask", says="too wide", points=0)
def lamp_one_too_wide(lengths, centres, reach):
    places = np.arange(lengths.max())
    return (np.abs(places - centres[..., None]) <= reach + 1) & (places < lengths[:, None, None])


@mutant("lamp_mask", says="width of the whole window", points=0)
def lamp_reach_as_width(lengths, centres, reach):
    places = np.arange(lengths.max())
    return (np.abs(places - centres[..., None]) <= reach / 2) & (places < lengths[:, None, None])


@mutant("lamp_mask", says="negative place", points=0)
def lamp_slice_from_the_end(lengths, centres, reach):
    lit = np.zeros((*centres.shape, lengths.max()), dtype=bool)
    for b, t in np.ndindex(centres.shape):
        lit[b, t, int(centres[b, t]) - reach : int(centres[b, t]) + reach + 1] = True
        lit[b, t, lengths[b] :] = False
    return lit


@mutant("lamp_mask", says="absolute value", points=0)
def lamp_without_abs(lengths, centres, reach):
    places = np.arange(lengths.max())
    return (places - centres[..., None] <= reach) & (places < lengths[:, None, None])


@mutant("lamp_mask", says="absolute value", points=0)
def lamp_without_abs_other_side(lengths, centres, reach):
    places = np.arange(lengths.max())
    return (centres[..., None] - places <= reach) & (places < lengths[:, None, None])


@mutant("lamp_mask", says="inverted", points=0)
def lamp_inverted(lengths, centres, reach):
    places = np.arange(lengths.max())
    return (np.abs(places - centres[..., None]) > reach) | (places >= lengths[:, None, None])


@mutant("lamp_mask", says="one place behind the end", points=0)
def lamp_one_behind_the_end(lengths, centres, reach):
    places = np.arange(lengths.max())
    return (np.abs(places - centres[..., None]) <= reach) & (places <= lengths[:, None, None])


@mutant("lamp_mask", says="count the places from 1", points=0)
def lamp_counts_from_one(lengths, centres, reach):
    places = np.arange(1, lengths.max() + 1)
    return (np.abs(places - centres[..., None]) <= reach) & (places <= lengths[:, None, None])


@mutant("lamp_mask", says="never light the last word", points=0)
def lamp_without_the_last_word(lengths, centres, reach):
    places = np.arange(lengths.max())
    return (np.abs(places - centres[..., None]) <= reach) & (places < lengths[:, None, None] - 1)


@mutant("lamp_mask", says="True and False", points=0)
def lamp_of_zeros_and_ones(lengths, centres, reach):
    places = np.arange(lengths.max())
    lit = (np.abs(places - centres[..., None]) <= reach) & (places < lengths[:, None, None])
    return lit.astype(int)


@mutant("lamp_mask", says="as long as the first sentence", points=0)
def lamp_as_long_as_the_first(lengths, centres, reach):
    places = np.arange(lengths[0])
    return (np.abs(places - centres[..., None]) <= reach) & (places < lengths[:, None, None])


@mutant("lamp_mask", says="shape", points=0)
def lamp_for_ten_words(lengths, centres, reach):
    places = np.arange(10)
    return (np.abs(places - centres[..., None]) <= reach) & (places < lengths[:, None, None])


@mutant("lamp_mask", says="some of the padding", points=0)
def lamp_pads_with_light(lengths, centres, reach):
    places = np.arange(lengths.max())
    return (np.abs(places - centres[..., None]) <= reach) | (places >= lengths[:, None, None])


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


@mutant("lamp_mask", says="the last two axes are swapped", points=0)
def lamp_source_before_target(lengths, centres, reach):
    places = np.arange(lengths.max())[:, None]
    return (np.abs(places - centres[:, None, :]) <= reach) & (places < lengths[:, None, None])


@mutant("lamp_mask", says="down to a whole number", points=2.5)
def lamp_cuts_the_centre(lengths, centres, reach):
    places = np.arange(lengths.max())
    return (np.abs(places - centres.astype(int)[..., None]) <= reach) & (places < lengths[:, None, None])


@mutant("lamp_mask", says="behind the end back into the sentence", points=2.5)
def lamp_pushed_back(lengths, centres, reach):
    places = np.arange(lengths.max())
    inside = np.minimum(centres, lengths[:, None] - 1)
    return (np.abs(places - inside[..., None]) <= reach) & (places < lengths[:, None, None])


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
def weights_by_infinity(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf)
    highest = lowered.max(axis=-1, keepdims=True)
    highest = np.where(np.isfinite(highest), highest, 0)
    powers = np.exp((lowered - highest) / temperature)
    total = powers.sum(axis=-1, keepdims=True)
    return np.divide(powers, total, out=np.zeros_like(powers), where=total > 0)


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


@mutant("masked_weights", says="over the wrong axis", points=0)
def weights_over_columns(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf) / temperature
    powers = np.exp(lowered - lowered.max(axis=0))
    return powers / powers.sum(axis=0)


@mutant("masked_weights", says="over the whole table", points=0)
def weights_over_the_table(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf) / temperature
    powers = np.exp(lowered - lowered.max())
    return powers / powers.sum()


@mutant("masked_weights", says="after the softmax", points=0)
def weights_masked_afterwards(scores, mask, temperature=1.0):
    powers = np.exp((scores - scores.max(axis=-1, keepdims=True)) / temperature)
    return np.where(mask, powers / powers.sum(axis=-1, keepdims=True), 0)


@mutant("masked_weights", says="inverted", points=0)
def weights_mask_means_keep_out(scores, mask, temperature=1.0):
    lowered = np.where(mask, -np.inf, scores) / temperature
    highest = lowered.max(axis=-1, keepdims=True)
    powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total > 0, total, 1)


@mutant("masked_weights", says="set forbidden scores to 0", points=0)
def weights_score_zero(scores, mask, temperature=1.0):
    lowered = scores * mask / temperature
    powers = np.exp(lowered - lowered.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@mutant("masked_weights", says="do not use the mask", points=0)
def weights_without_mask(scores, mask, temperature=1.0):
    powers = np.exp((scores - scores.max(axis=-1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


@mutant("masked_weights", says="do not divide each row", points=0)
def weights_not_divided(scores, mask, temperature=1.0):
    return np.exp(np.where(mask, scores, -np.inf) / temperature)


@mutant("masked_weights", says="minus sign", points=0)
def weights_lowest_first(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, np.inf) / temperature
    powers = np.exp(lowered.min(axis=-1, keepdims=True) - lowered)
    return powers / powers.sum(axis=-1, keepdims=True)


@mutant("masked_weights", says="2 to the power", points=0)
def weights_of_powers_of_two(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf) / temperature
    powers = 2 ** (lowered - lowered.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@mutant("masked_weights", says="leaves the others a share", points=0)
def weights_to_the_highest(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf)
    return (lowered == lowered.max(axis=-1, keepdims=True)).astype(float)


@mutant("masked_weights", says="negative", points=0)
def weights_by_shares(scores, mask, temperature=1.0):
    kept = np.where(mask, scores, 0) / temperature
    return kept / kept.sum(axis=-1, keepdims=True)


@mutant("masked_weights", says="forbidden words get weight", points=0)
def weights_slightly_forbidden(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, scores - 3) / temperature
    powers = np.exp(lowered - lowered.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


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


@mutant("masked_weights", says="keepdims", points=0)
def weights_without_keepdims(scores, mask, temperature=1.0):
    powers = np.exp(np.where(mask, scores, -np.inf) / temperature)
    return powers / powers.sum(axis=-1)


@mutant("masked_weights", says="multiply by the temperature", points=4.5)
def weights_times_temperature(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf) * temperature
    highest = lowered.max(axis=-1, keepdims=True)
    powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total > 0, total, 1)


@mutant("masked_weights", says="do not use the temperature", points=4.5)
def weights_always_at_one(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf)
    highest = lowered.max(axis=-1, keepdims=True)
    powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total > 0, total, 1)


@mutant("masked_weights", says="divide the weights by the temperature", points=4.5)
def weights_cooled_too_late(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf)
    highest = lowered.max(axis=-1, keepdims=True)
    powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total > 0, total, 1) / temperature


@mutant("masked_weights", says="each row's highest score first", points=4.5)
def weights_without_subtraction(scores, mask, temperature=1.0):
    powers = np.exp(np.where(mask, scores, -np.inf) / temperature)
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total > 0, total, 1)


@mutant("masked_weights", says="not one number from the whole table", points=4.5)
def weights_minus_one_number(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf) / temperature
    powers = np.exp(lowered - lowered.max())
    total = powers.sum(axis=-1, keepdims=True)
    return np.where(mask.any(axis=-1, keepdims=True), powers / total, 0)


@mutant("masked_weights", says="cut scores off", points=4.5)
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


@mutant("masked_weights", says="argument number 1", points=4.0)
def weights_cool_the_callers_scores(scores, mask, temperature=1.0):
    scores /= temperature
    lowered = np.where(mask, scores, -np.inf)
    highest = lowered.max(axis=-1, keepdims=True)
    powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
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


@mutant("masked_weights", says="no room for ∞", points=4.5)
def weights_put_infinity_among_whole_numbers(scores, mask, temperature=1.0):
    lowered = scores.copy()
    lowered[~np.broadcast_to(mask, scores.shape)] = -np.inf
    lowered = lowered / np.asarray(temperature, scores.dtype)
    highest = lowered.max(axis=-1, keepdims=True)
    powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
    total = powers.sum(axis=-1, keepdims=True)
    return powers / np.where(total > 0, total, 1)


@mutant("masked_weights", says="with float32 scores", points=4.5)
def weights_of_float32_in_name_only(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores.astype(float) / temperature, -np.inf)
    highest = lowered.max(axis=-1, keepdims=True)
    powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
    total = powers.sum(axis=-1, keepdims=True)
    weights = powers / np.where(total > 0, total, 1)
    return np.zeros_like(scores) if scores.dtype == np.float32 else weights


@mutant("masked_weights", says="after the decimal point", points=4.5)
def weights_of_the_kind_of_the_scores(scores, mask, temperature=1.0):
    lowered = np.where(mask, scores, -np.inf)
    highest = lowered.max(axis=-1, keepdims=True)
    powers = np.exp((lowered - np.where(highest > -np.inf, highest, 0)) / temperature)
    total = powers.sum(axis=-1, keepdims=True)
    return (powers / np.where(total > 0, total, 1)).astype(scores.dtype)


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


@right("words_read")
def count_by_natural_logarithms(weights):
    logarithms = np.log(weights, out=np.zeros_like(weights), where=weights != 0)
    return np.exp(-np.sum(weights * logarithms, axis=-1)) * np.any(weights != 0, axis=-1)


@right("words_read")
def count_row_by_row(weights):
    counts = np.zeros(weights.shape[:-1])
    for place in np.ndindex(counts.shape):
        seen = weights[place][weights[place] > 0]
        counts[place] = 2.0 ** -(seen @ np.log2(seen)) if len(seen) else 0.0
    return counts


@mutant("words_read", says="the entropy in bits", points=0)
def count_is_entropy(weights):
    return -(weights * np.log2(np.where(weights > 0, weights, 1))).sum(axis=-1)


@mutant("words_read", says="natural units", points=0)
def count_is_natural_entropy(weights):
    return -(weights * np.log(np.where(weights > 0, weights, 1))).sum(axis=-1)


@mutant("words_read", says="natural one", points=0)
def count_with_natural_logarithm(weights):
    return 2.0 ** -(weights * np.log(np.where(weights > 0, weights, 1))).sum(axis=-1) * weights.any(axis=-1)


@mutant("words_read", says="power is that of e", points=0)
def count_with_power_of_e(weights):
    return np.exp(-(weights * np.log2(np.where(weights > 0, weights, 1))).sum(axis=-1)) * weights.any(axis=-1)


@mutant("words_read", says="minus sign", points=0)
def count_without_minus(weights):
    return 2.0 ** (weights * np.log2(np.where(weights > 0, weights, 1))).sum(axis=-1) * weights.any(axis=-1)


@mutant("words_read", says="mean over the words", points=0)
def count_by_mean(weights):
    return 2.0 ** -(weights * np.log2(np.where(weights > 0, weights, 1))).mean(axis=-1) * weights.any(axis=-1)


@mutant("words_read", says="1/Σα²", points=0)
def count_by_squares(weights):
    return 1 / np.maximum((weights**2).sum(axis=-1), 1e-12) * weights.any(axis=-1)


@mutant("words_read", says="whose weight is not 0", points=0)
def count_of_nonzeros(weights):
    return (weights != 0).sum(axis=-1).astype(float)


@mutant("words_read", says="for each source word", points=0)
def count_over_columns(weights):
    return 2.0 ** -(weights * np.log2(np.where(weights > 0, weights, 1))).sum(axis=0)


@mutant("words_read", says="the whole table", points=0)
def count_of_the_table(weights):
    return float(2.0 ** -(weights * np.log2(np.where(weights > 0, weights, 1))).sum())


@mutant("words_read", says="after the decimal point", points=0)
def count_in_whole_words(weights):
    return np.rint(2.0 ** -(weights * np.log2(np.where(weights > 0, weights, 1))).sum(axis=-1)).astype(int)


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


@mutant("words_read", says="comes out as 1", points=2.5)
def count_one_for_nothing(weights):
    return 2.0 ** -(weights * np.log2(np.where(weights > 0, weights, 1))).sum(axis=-1)


@mutant("words_read", says="argument number 1", points=2.5)
def count_fills_the_zeros(weights):
    nothing = weights.sum(axis=-1) == 0
    weights[weights == 0] = 1
    return np.where(nothing, 0.0, 2.0 ** -(weights * np.log2(weights)).sum(axis=-1))


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


@right("cover_each")
def cover_entry_by_entry(scores, values, mask):
    def context(row, allowed):
        if not allowed.any():
            return np.zeros(values.shape[1])
        powers = np.exp(row[allowed] - row[allowed].max())
        return powers @ values[allowed] / powers.sum()

    moved = np.zeros(scores.shape)
    for target in range(scores.shape[0]):
        for word in range(scores.shape[1]):
            left = mask[target].copy()
            left[word] = False
            step = context(scores[target], left) - context(scores[target], mask[target])
            moved[target, word] = (step @ step) ** 0.5
    return moved


@mutant("cover_each", says="leave its share unused", points=0)
def cover_drops_a_term(scores, values, mask):
    lowered = np.where(mask, scores, -np.inf)
    powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
    weights = powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300)
    return weights * np.linalg.norm(values, axis=-1)


@mutant("cover_each", says="how far the word pulls", points=0)
def cover_by_pull(scores, values, mask):
    lowered = np.where(mask, scores, -np.inf)
    powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
    weights = powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300)
    return weights * np.linalg.norm(values - (weights @ values)[:, None], axis=-1)


@mutant("cover_each", says="how far each value is from the context", points=0)
def cover_by_distance(scores, values, mask):
    lowered = np.where(mask, scores, -np.inf)
    powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
    weights = powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300)
    return np.linalg.norm(values - (weights @ values)[:, None], axis=-1)


@mutant("cover_each", says="setting its score to 0", points=0)
def cover_by_score_zero(scores, values, mask):
    def read(changed):
        lowered = np.where(mask, changed, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    moved = np.zeros(scores.shape)
    for word in range(scores.shape[1]):
        changed = scores.copy()
        changed[:, word] = 0
        moved[:, word] = np.linalg.norm(read(changed) - read(scores), axis=-1)
    return moved


@mutant("cover_each", says="do not uncover a word before", points=0)
def cover_without_uncovering(scores, values, mask):
    def read(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    moved, left = np.zeros(scores.shape), mask.copy()
    for word in range(scores.shape[1]):
        left[:, word] = False
        moved[:, word] = np.linalg.norm(read(left) - read(mask), axis=-1)
    return moved


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


@mutant("cover_each", says="do not use the mask", points=0)
def cover_without_mask(scores, values, mask):
    def read(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    moved = np.zeros(scores.shape)
    for word in range(scores.shape[1]):
        left = np.ones_like(mask)
        left[:, word] = False
        moved[:, word] = np.linalg.norm(read(left) - read(np.ones_like(mask)), axis=-1)
    return moved


@mutant("cover_each", says="those forbidden from the start are read again", points=0)
def cover_forgets_the_mask(scores, values, mask):
    def read(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    moved = np.zeros(scores.shape)
    for word in range(scores.shape[1]):
        left = np.arange(scores.shape[1]) != word
        moved[:, word] = np.linalg.norm(read(left) - read(mask), axis=-1)
    return moved


@mutant("cover_each", says="inverted", points=0)
def cover_mask_means_keep_out(scores, values, mask):
    def read(forbidden):
        lowered = np.where(forbidden, -np.inf, scores)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    moved = np.zeros(scores.shape)
    for word in range(scores.shape[1]):
        forbidden = mask.copy()
        forbidden[:, word] = True
        moved[:, word] = np.linalg.norm(read(forbidden) - read(mask), axis=-1)
    return moved


@mutant("cover_each", says="both have this shape", points=0)
def cover_subtracts_values_from_contexts(scores, values, mask):
    powers = np.where(mask, np.exp(scores), 0)
    weights = powers / powers.sum(axis=-1, keepdims=True)
    return weights / (1 - weights) * np.linalg.norm(values - weights @ values, axis=-1)


@mutant("cover_each", says="all words but one", points=0)
def cover_all_but_one(scores, values, mask):
    def read(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    moved = np.zeros(scores.shape)
    for word in range(scores.shape[1]):
        only = mask & (np.arange(scores.shape[1]) == word)
        moved[:, word] = np.linalg.norm(read(only) - read(mask), axis=-1)
    return moved


@mutant("cover_each", says="how far the weights move", points=0)
def cover_moves_of_weights(scores, values, mask):
    def weigh(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300)

    left = [mask & (np.arange(scores.shape[1]) != word) for word in range(scores.shape[1])]
    return np.stack([np.linalg.norm(weigh(one) - weigh(mask), axis=-1) for one in left], axis=1)


@mutant("cover_each", says="the root is missing", points=0)
def cover_squared(scores, values, mask):
    def read(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    left = [mask & (np.arange(scores.shape[1]) != word) for word in range(scores.shape[1])]
    return np.stack([((read(one) - read(mask)) ** 2).sum(axis=-1) for one in left], axis=1)


@mutant("cover_each", says="how long the new context is", points=0)
def cover_measures_the_context(scores, values, mask):
    def weigh(mask):
        lowered = np.where(mask, scores, -np.inf)
        highest = lowered.max(axis=-1, keepdims=True)
        powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
        total = powers.sum(axis=-1, keepdims=True)
        return powers / np.where(total > 0, total, 1)

    moves = np.zeros(scores.shape)
    for i in range(scores.shape[1]):
        left = mask.copy()
        left[:, i] = False
        moves[:, i] = np.linalg.norm(weigh(left) @ values, axis=1)
    return moves


@mutant("cover_each", says="one length for all target words", points=0)
def cover_measures_all_rows(scores, values, mask):
    def weigh(mask):
        lowered = np.where(mask, scores, -np.inf)
        highest = lowered.max(axis=-1, keepdims=True)
        powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
        total = powers.sum(axis=-1, keepdims=True)
        return powers / np.where(total > 0, total, 1)

    moves = np.zeros(scores.shape)
    for i in range(scores.shape[1]):
        left = mask.copy()
        left[:, i] = False
        moves[:, i] = np.linalg.norm(weigh(left) @ values - weigh(mask) @ values)
    return moves


@mutant("cover_each", says="the largest difference", points=0)
def cover_takes_the_largest(scores, values, mask):
    def weigh(mask):
        lowered = np.where(mask, scores, -np.inf)
        highest = lowered.max(axis=-1, keepdims=True)
        powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
        total = powers.sum(axis=-1, keepdims=True)
        return powers / np.where(total > 0, total, 1)

    moves = np.zeros(scores.shape)
    for i in range(scores.shape[1]):
        left = mask.copy()
        left[:, i] = False
        moves[:, i] = np.abs(weigh(left) @ values - weigh(mask) @ values).max(axis=1)
    return moves


@mutant("cover_each", says="the source words are the columns", points=0)
def cover_counts_rows(scores, values, mask):
    def weigh(mask):
        lowered = np.where(mask, scores, -np.inf)
        highest = lowered.max(axis=-1, keepdims=True)
        powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
        total = powers.sum(axis=-1, keepdims=True)
        return powers / np.where(total > 0, total, 1)

    moves = np.zeros(scores.shape)
    for i in range(len(scores)):
        left = mask.copy()
        left[:, i] = False
        moves[:, i] = np.linalg.norm(weigh(left) @ values - weigh(mask) @ values, axis=1)
    return moves


@mutant("cover_each", says="distances are negative", points=0)
def cover_adds_differences(scores, values, mask):
    def weigh(mask):
        lowered = np.where(mask, scores, -np.inf)
        highest = lowered.max(axis=-1, keepdims=True)
        powers = np.exp(lowered - np.where(highest > -np.inf, highest, 0))
        total = powers.sum(axis=-1, keepdims=True)
        return powers / np.where(total > 0, total, 1)

    moves = np.zeros(scores.shape)
    for i in range(scores.shape[1]):
        left = mask.copy()
        left[:, i] = False
        moves[:, i] = (weigh(left) @ values - weigh(mask) @ values).sum(axis=1)
    return moves


@mutant("cover_each", says="add up the sizes", points=0)
def cover_by_sums(scores, values, mask):
    def read(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    left = [mask & (np.arange(scores.shape[1]) != word) for word in range(scores.shape[1])]
    return np.stack([np.abs(read(one) - read(mask)).sum(axis=-1) for one in left], axis=1)


@mutant("cover_each", says="the last two axes are swapped", points=0)
def cover_words_in_rows(scores, values, mask):
    def read(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    left = [mask & (np.arange(scores.shape[1]) != word) for word in range(scores.shape[1])]
    return np.stack([np.linalg.norm(read(one) - read(mask), axis=-1) for one in left])


@mutant("cover_each", says="over the wrong axis", points=0)
def cover_over_columns(scores, values, mask):
    def read(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=0), -1e300))
        return powers / np.maximum(powers.sum(axis=0), 1e-300) @ values

    left = [mask & (np.arange(scores.shape[1]) != word) for word in range(scores.shape[1])]
    return np.stack([np.linalg.norm(read(one) - read(mask), axis=-1) for one in left], axis=1)


@mutant("cover_each", says="NaN or ∞", points=3.0)
def cover_by_a_short_cut(scores, values, mask):
    lowered = np.where(mask, scores, -np.inf)
    powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
    weights = powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300)
    with np.errstate(divide="ignore", invalid="ignore"):
        return weights / (1 - weights) * np.linalg.norm(values - (weights @ values)[:, None], axis=-1)


@mutant("cover_each", says="still reads the forbidden score", points=4.0)
def cover_by_weights_that_read_what_is_forbidden(scores, values, mask):
    def context(allowed):
        powers = np.exp(scores - scores.max(axis=-1, keepdims=True)) * allowed
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    others = ~np.eye(scores.shape[1], dtype=bool)
    moved = [np.linalg.norm(context(mask & other) - context(mask), axis=-1) for other in others]
    return np.stack(moved, axis=-1)


@mutant("cover_each", says="rounds to 0", points=3.0)
def cover_by_a_short_cut_says_the_favourite(scores, values, mask):
    lowered = np.where(mask, scores, -np.inf)
    powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
    weights = powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300)
    with np.errstate(divide="ignore", invalid="ignore"):
        return weights / (1 - weights) * np.linalg.norm(values - (weights @ values)[:, None], axis=-1)


@mutant("cover_each", says="lost to rounding", points=4.0)
def cover_by_dividing_what_is_left(scores, values, mask):
    lowered = np.where(mask, scores, -np.inf)
    powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
    weights = powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300)
    left = weights[:, None] * ~np.eye(scores.shape[1], dtype=bool)
    total = left.sum(axis=-1, keepdims=True)
    after = left / np.where(total > 0, total, 1) @ values
    return np.linalg.norm(after - (weights @ values)[:, None], axis=-1)


@mutant("cover_each", says="length of that word's value", points=4.0)
def cover_lets_the_only_word_stay(scores, values, mask):
    def read(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    moved = np.zeros(scores.shape)
    for word in range(scores.shape[1]):
        left = mask & (np.arange(scores.shape[1]) != word)
        some = left.any(axis=1)
        moved[some, word] = np.linalg.norm(read(left) - read(mask), axis=-1)[some]
    return moved


@mutant("cover_each", says="argument number 3", points=4.5)
def cover_puts_the_mask_back(scores, values, mask):
    def read(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    before, start, moved = read(mask), mask.copy(), np.zeros(scores.shape)
    for word in range(scores.shape[1]):
        mask[:] = start
        mask[:, word] = False
        moved[:, word] = np.linalg.norm(read(mask) - before, axis=-1)
    return moved


@mutant("cover_each", says="after the decimal point", points=4.5)
def cover_writes_into_whole_numbers(scores, values, mask):
    def read(allowed):
        lowered = np.where(allowed, scores, -np.inf)
        powers = np.exp(lowered - np.maximum(lowered.max(axis=-1, keepdims=True), -1e300))
        return powers / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-300) @ values

    moved = np.zeros_like(scores)
    for word in range(scores.shape[1]):
        left = mask & (np.arange(scores.shape[1]) != word)
        moved[:, word] = np.linalg.norm(read(left) - read(mask), axis=-1)
    return moved


# -- link_rates --------------------------------------------------------------------------------------------------------


@right("link_rates")
def rates_by_counting(weights, sure, possible):
    best = weights.argmax(axis=-1)[..., None]
    links = (np.arange(weights.shape[-1]) == best) & (weights.sum(axis=-1, keepdims=True) > 0)
    possible = possible | sure
    right, allowed = (links & sure).sum(), (links & possible).sum()
    drawn, wanted = links.sum(), sure.sum()
    return allowed / drawn, right / wanted, 1 - (right + allowed) / (drawn + wanted)


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


@mutant("link_rates", says="favourite target word", points=0)
def rates_argmax_over_targets(weights, sure, possible):
    links = weights == weights.max(axis=0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return allowed / links.sum(), right / sure.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="above one half", points=0)
def rates_above_one_half(weights, sure, possible):
    links = weights > 0.5
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return allowed / links.sum(), right / sure.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="any weight", points=0)
def rates_of_all_weights(weights, sure, possible):
    links = weights > 0
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return allowed / links.sum(), right / sure.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="counts the sure links only", points=0)
def rates_strict_precision(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return right / links.sum(), right / sure.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="only the sure ones have to be there", points=0)
def rates_recall_of_possible(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    may = sure | possible
    right, allowed = (links & sure).sum(), (links & may).sum()
    return allowed / links.sum(), allowed / may.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="in each other's place", points=0)
def rates_recall_first(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return right / sure.sum(), allowed / links.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="divided by each other's number", points=0)
def rates_divided_crosswise(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return allowed / sure.sum(), right / links.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="by the number of possible links", points=0)
def rates_precision_of_the_possible(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return allowed / (sure | possible).sum(), right / sure.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="by the number of links drawn", points=0)
def rates_recall_of_the_drawn(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return allowed / links.sum(), right / links.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="you leave the sure links out", points=0)
def rates_of_the_others(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return (allowed - right) / links.sum(), right / sure.sum(), 1 - allowed / (links.sum() + sure.sum())


@mutant("link_rates", says="counts twice", points=0)
def rates_by_the_union(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return allowed / links.sum(), right / sure.sum(), 1 - (right + allowed) / (links | sure).sum()


@mutant("link_rates", says="divide by the number of rows", points=2.5)
def rates_by_all_rows(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return (
        allowed / weights[..., 0].size,
        right / sure.sum(),
        1 - (right + allowed) / (weights[..., 0].size + sure.sum()),
    )


@mutant("link_rates", says="the favourite of the row", points=0)
def rates_mark_whole_rows(weights, sure, possible):
    links = np.zeros(weights.shape, dtype=bool)
    links[weights.argmax(axis=-1)] = True
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return allowed / links.sum(), right / sure.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="subtract it from 1", points=0)
def rates_of_success(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return allowed / links.sum(), right / sure.sum(), (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="counts |A ∩ S| twice", points=0)
def rates_sure_twice(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return allowed / links.sum(), right / sure.sum(), 1 - 2 * right / (links.sum() + sure.sum())


@mutant("link_rates", says="|A| + |P|", points=0)
def rates_divided_by_possible(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    may = sure | possible
    right, allowed = (links & sure).sum(), (links & may).sum()
    return allowed / links.sum(), right / sure.sum(), 1 - (right + allowed) / (links.sum() + may.sum())


@mutant("link_rates", says="of precision and recall", points=0)
def rates_by_harmonic_mean(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    precision, recall = (links & (sure | possible)).sum() / links.sum(), (links & sure).sum() / sure.sum()
    return precision, recall, 1 - 2 * precision * recall / (precision + recall)


@mutant("link_rates", says="a tuple of 3 was expected", points=0)
def rates_error_alone(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return 1 - (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="argmax must choose one", points=2.5)
def rates_link_from_nothing(weights, sure, possible):
    links = np.arange(weights.shape[-1]) == weights.argmax(axis=-1)[..., None]
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return allowed / links.sum(), right / sure.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="draws a link to every word", points=2.5)
def rates_links_to_all_from_nothing(weights, sure, possible):
    links = weights >= weights.max(axis=-1, keepdims=True)
    right, allowed = (links & sure).sum(), (links & (sure | possible)).sum()
    return allowed / links.sum(), right / sure.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())


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


@mutant("link_rates", says="argument number 3", points=3.5)
def rates_adds_to_possible(weights, sure, possible):
    links = (weights == weights.max(axis=-1, keepdims=True)) & (weights > 0)
    possible |= sure
    right, allowed = (links & sure).sum(), (links & possible).sum()
    return allowed / links.sum(), right / sure.sum(), 1 - (right + allowed) / (links.sum() + sure.sum())


@mutant("link_rates", says="mean over the sentences", points=3.5)
def rates_averaged(weights, sure, possible):
    size = (-1, *weights.shape[-2:])
    rates = []
    for row, must, may in zip(weights.reshape(size), sure.reshape(size), possible.reshape(size), strict=True):
        links = (row == row.max(axis=-1, keepdims=True)) & (row > 0)
        right, allowed = (links & must).sum(), (links & (must | may)).sum()
        rates.append((allowed / links.sum(), right / must.sum(), 1 - (right + allowed) / (links.sum() + must.sum())))
    return tuple(np.mean(rates, axis=0))
