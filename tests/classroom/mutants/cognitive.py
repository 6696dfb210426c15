"""Planted functions for Chapter 1: contrast, rarity, a glimpse, and where the eye goes."""

import math

import numpy as np
from tests.classroom.mutants import mutant, right

# local_contrast: 4 points


@right("local_contrast")
def contrast_by_slices(values, near, far):
    rows, columns = values.shape
    result = np.zeros((rows, columns))
    for y in range(rows):
        for x in range(columns):
            means = []
            for reach in (near, far):
                window = values[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
                means.append(window.mean())
            result[y, x] = means[0] - means[1]
    return result


@right("local_contrast")
def contrast_by_running_sums(values, near, far):
    def mean(reach):
        sums = np.zeros((values.shape[0] + 1, values.shape[1] + 1))
        sums[1:, 1:] = values.astype(float).cumsum(axis=0).cumsum(axis=1)
        bounds = []
        for size in values.shape:
            i = np.arange(size)
            bounds.append((np.maximum(0, i - reach), np.minimum(size, i + reach + 1)))
        (top, bottom), (left, end) = bounds
        total = sums[bottom][:, end] - sums[top][:, end] - sums[bottom][:, left] + sums[top][:, left]
        return total / np.outer(bottom - top, end - left)

    return mean(near) - mean(far)


@right("local_contrast")
def contrast_padded_with_nan(values, near, far):
    def mean(reach):
        padded = np.pad(values.astype(float), reach, constant_values=np.nan)
        size = 2 * reach + 1
        windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size))
        return np.nanmean(windows, axis=(-2, -1))

    return mean(near) - mean(far)


@mutant("local_contrast", says="a slice leaves out its end", points=0)
def contrast_slice_ends_early(values, near, far):
    result = np.zeros(values.shape)
    for y in range(values.shape[0]):
        for x in range(values.shape[1]):
            one = values[max(0, y - near) : y + near, max(0, x - near) : x + near]
            other = values[max(0, y - far) : y + far, max(0, x - far) : x + far]
            result[y, x] = (one.mean() if one.size else 0) - (other.mean() if other.size else 0)
    return result


@mutant("local_contrast", says="width of the whole window", points=0)
def contrast_reach_is_width(values, near, far):
    y, x = np.indices(values.shape)
    result = np.empty(values.shape)
    for row, column in np.ndindex(*values.shape):
        away = np.maximum(np.abs(y - row), np.abs(x - column))
        result[row, column] = values[away <= near // 2].mean() - values[away <= far // 2].mean()
    return result


@mutant("local_contrast", says="are round", points=0)
def contrast_round_windows(values, near, far):
    y, x = np.indices(values.shape)
    result = np.empty(values.shape)
    for row, column in np.ndindex(*values.shape):
        away = np.hypot(y - row, x - column)
        result[row, column] = values[away <= near].mean() - values[away <= far].mean()
    return result


@mutant("local_contrast", says="rounded to 2 decimal places", points=0)
def contrast_rounded(values, near, far):
    height, width = values.shape
    contrast = np.empty((height, width))
    for y in range(height):
        for x in range(width):
            means = [values[max(0, y - r) : y + r + 1, max(0, x - r) : x + r + 1].mean() for r in (near, far)]
            contrast[y, x] = means[0] - means[1]
    return np.round(contrast, 2)


@mutant("local_contrast", says="wrong way round", points=0)
def contrast_far_minus_near(values, near, far):
    y, x = np.indices(values.shape)
    result = np.empty(values.shape)
    for row, column in np.ndindex(*values.shape):
        away = np.maximum(np.abs(y - row), np.abs(x - column))
        result[row, column] = values[away <= far].mean() - values[away <= near].mean()
    return result


@mutant("local_contrast", says="take away the sign", points=0)
def contrast_without_sign(values, near, far):
    y, x = np.indices(values.shape)
    result = np.empty(values.shape)
    for row, column in np.ndindex(*values.shape):
        away = np.maximum(np.abs(y - row), np.abs(x - column))
        result[row, column] = abs(values[away <= near].mean() - values[away <= far].mean())
    return result


@mutant("local_contrast", says="do not divide by how many", points=0)
def contrast_of_sums(values, near, far):
    y, x = np.indices(values.shape)
    result = np.empty(values.shape)
    for row, column in np.ndindex(*values.shape):
        away = np.maximum(np.abs(y - row), np.abs(x - column))
        result[row, column] = values[away <= near].sum() - values[away <= far].sum()
    return result


@mutant("local_contrast", says="leave the centre out of the surround", points=0)
def contrast_with_a_ring(values, near, far):
    y, x = np.indices(values.shape)
    result = np.empty(values.shape)
    for row, column in np.ndindex(*values.shape):
        away = np.maximum(np.abs(y - row), np.abs(x - column))
        ring = values[(away > near) & (away <= far)]
        result[row, column] = values[away <= near].mean() - (ring.mean() if ring.size else 0)
    return result


@mutant("local_contrast", says="chapter's bell", points=0)
def contrast_by_the_chapters_blur(values, near, far):
    def blur(sigma):
        sides = []
        for size in values.shape:
            i = np.arange(size)
            weights = np.exp(-((i[:, None] - i) ** 2) / (2 * max(sigma, 1e-9) ** 2))
            sides.append(weights / weights.sum(axis=1, keepdims=True))
        return sides[0] @ values @ sides[1].T

    return blur(near) - blur(far)


@mutant("local_contrast", says="from the place itself", points=0)
def contrast_of_single_places(values, near, far):
    y, x = np.indices(values.shape)
    result = np.empty(values.shape)
    for row, column in np.ndindex(*values.shape):
        away = np.maximum(np.abs(y - row), np.abs(x - column))
        result[row, column] = values[row, column] - values[away <= far].mean()
    return result


@mutant("local_contrast", says="up and down only", points=0)
def contrast_of_columns(values, near, far):
    result = np.zeros(values.shape)
    for y in range(values.shape[0]):
        inner = values[max(0, y - near) : y + near + 1].mean(axis=0)
        result[y] = inner - values[max(0, y - far) : y + far + 1].mean(axis=0)
    return result


@mutant("local_contrast", says="from which you still read", points=0)
def contrast_written_over(values, near, far):
    rows, columns = values.shape
    for y in range(rows):
        for x in range(columns):
            one = values[max(0, y - near) : y + near + 1, max(0, x - near) : x + near + 1].mean()
            values[y, x] = one - values[max(0, y - far) : y + far + 1, max(0, x - far) : x + far + 1].mean()
    return values


@mutant("local_contrast", says="stand in a loop", points=0)
def contrast_of_the_first_row(values, near, far):
    contrast = np.zeros(values.shape)
    for y in range(values.shape[0]):
        for x in range(values.shape[1]):
            one = values[max(0, y - near) : y + near + 1, max(0, x - near) : x + near + 1].mean()
            contrast[y, x] = one - values[max(0, y - far) : y + far + 1, max(0, x - far) : x + far + 1].mean()
        return contrast


@mutant("local_contrast", says="leave out the last row or column", points=2)
def contrast_ends_at_the_last_place(values, near, far):
    last_row, last_column = values.shape[0] - 1, values.shape[1] - 1
    contrast = np.zeros(values.shape)
    for y in range(last_row + 1):
        for x in range(last_column + 1):
            means = []
            for r in (near, far):
                rows = slice(max(0, y - r), min(last_row, y + r + 1))
                means.append(values[rows, max(0, x - r) : min(last_column, x + r + 1)].mean())
            contrast[y, x] = means[0] - means[1]
    return contrast


@mutant("local_contrast", says="by hand in a corner", points=2)
def contrast_of_windows_pushed_inside(values, near, far):
    rows, columns = values.shape
    contrast = np.zeros((rows, columns))
    for y in range(rows):
        for x in range(columns):
            means = []
            for r in (near, far):
                top = min(max(0, y - r), max(0, rows - 2 * r - 1))
                left = min(max(0, x - r), max(0, columns - 2 * r - 1))
                means.append(values[top : top + 2 * r + 1, left : left + 2 * r + 1].mean())
            contrast[y, x] = means[0] - means[1]
    return contrast


@mutant("local_contrast", says="as zeros", points=2)
def contrast_padded_with_zeros(values, near, far):
    def mean(reach):
        padded = np.pad(values.astype(float), reach)
        size = 2 * reach + 1
        return np.lib.stride_tricks.sliding_window_view(padded, (size, size)).mean(axis=(-2, -1))

    return mean(near) - mean(far)


@mutant("local_contrast", says="last number beyond the edge", points=2)
def contrast_padded_with_the_edge(values, near, far):
    def mean(reach):
        padded = np.pad(values.astype(float), reach, mode="edge")
        size = 2 * reach + 1
        return np.lib.stride_tricks.sliding_window_view(padded, (size, size)).mean(axis=(-2, -1))

    return mean(near) - mean(far)


@mutant("local_contrast", says="other side", points=2)
def contrast_rolled(values, near, far):
    def mean(reach):
        steps = range(-reach, reach + 1)
        return np.mean([np.roll(values, (dy, dx), axis=(0, 1)) for dy in steps for dx in steps], axis=0)

    return mean(near) - mean(far)


@mutant("local_contrast", says="some of your windows are empty", points=2)
def contrast_negative_starts(values, near, far):
    result = np.zeros(values.shape)
    for y in range(values.shape[0]):
        for x in range(values.shape[1]):
            one = values[y - near : y + near + 1, x - near : x + near + 1]
            other = values[y - far : y + far + 1, x - far : x + far + 1]
            result[y, x] = one.mean() - other.mean()
    return result


@mutant("local_contrast", says="you leave 0 wherever", points=2)
def contrast_inside_only(values, near, far):
    result = np.zeros(values.shape)
    for y in range(far, values.shape[0] - far):
        for x in range(far, values.shape[1] - far):
            one = values[y - near : y + near + 1, x - near : x + near + 1]
            other = values[y - far : y + far + 1, x - far : x + far + 1]
            result[y, x] = one.mean() - other.mean()
    return result


@mutant("local_contrast", says="after the decimal point", points=3.5)
def contrast_cut_to_the_kind_of_values(values, near, far):
    result = np.zeros_like(values)
    for y, x in np.ndindex(*values.shape):
        one = values[max(0, y - near) : y + near + 1, max(0, x - near) : x + near + 1]
        other = values[max(0, y - far) : y + far + 1, max(0, x - far) : x + far + 1]
        result[y, x] = one.mean() - other.mean()
    return result


@mutant("local_contrast", says="changes its argument number 1", points=3.5)
def contrast_in_place(values, near, far):
    result = np.zeros(values.shape)
    for y, x in np.ndindex(*values.shape):
        one = values[max(0, y - near) : y + near + 1, max(0, x - near) : x + near + 1]
        other = values[max(0, y - far) : y + far + 1, max(0, x - far) : x + far + 1]
        result[y, x] = one.mean() - other.mean()
    values[:] = result
    return result


# rarity_map: 4 points


@right("rarity_map")
def rarity_by_loops(contrasts):
    total = np.zeros(contrasts.shape[1:])
    for contrast in contrasts:
        positive = np.maximum(contrast, 0)
        top = positive.max()
        if top > 0:
            share = np.mean(positive >= top / 2)
            total = total - np.log(share) * positive / top
    return total


@right("rarity_map")
def rarity_at_once(contrasts):
    positive = np.where(contrasts > 0, contrasts, 0.0)
    top = positive.max(axis=(1, 2), keepdims=True)
    relative = positive / np.where(top > 0, top, 1)
    counts = np.count_nonzero(relative >= 0.5, axis=(1, 2))
    weights = np.log(relative[0].size) - np.log(np.where(counts > 0, counts, 1))
    return np.tensordot(weights, relative, axes=1)


@right("rarity_map")
def rarity_in_plain_python(contrasts):
    f, rows, columns = contrasts.shape
    result = [[0.0] * columns for _ in range(rows)]
    for i in range(f):
        numbers = [float(v) for v in contrasts[i].ravel()]
        top = max(numbers)
        if top <= 0:
            continue
        many = sum(v >= 0.5 * top for v in numbers)
        weight = math.log(len(numbers) / many)
        for place, v in enumerate(numbers):
            result[place // columns][place % columns] += weight * max(0.0, v / top)
    return np.array(result)


@mutant("rarity_map", says="count the same", points=0)
def rarity_without_weights(contrasts):
    positive = np.maximum(contrasts, 0)
    top = positive.max(axis=(1, 2), keepdims=True)
    return (positive / np.where(top > 0, top, 1)).sum(axis=0)


@mutant("rarity_map", says="upside down", points=0)
def rarity_upside_down(contrasts):
    positive = np.maximum(contrasts, 0)
    top = positive.max(axis=(1, 2), keepdims=True)
    relative = positive / np.where(top > 0, top, 1)
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    return np.tensordot(np.log(counts / relative[0].size), relative, axes=1)


@mutant("rarity_map", says="forgot the logarithm", points=0)
def rarity_without_logarithm(contrasts):
    positive = np.maximum(contrasts, 0)
    top = positive.max(axis=(1, 2), keepdims=True)
    relative = positive / np.where(top > 0, top, 1)
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    return np.tensordot(relative[0].size / counts, relative, axes=1)


@mutant("rarity_map", says="base 2", points=0)
def rarity_in_bits(contrasts):
    positive = np.maximum(contrasts, 0)
    top = positive.max(axis=(1, 2), keepdims=True)
    relative = positive / np.where(top > 0, top, 1)
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    return np.tensordot(np.log2(relative[0].size / counts), relative, axes=1)


@mutant("rarity_map", says="your n is the number of maps", points=0)
def rarity_of_so_many_maps(contrasts):
    total = 0
    for one in contrasts:
        scaled = np.maximum(one, 0) / max(one.max(), 1e-300)
        total = total + np.log(len(contrasts) / max((scaled >= 0.5).sum(), 1)) * scaled
    return total


@mutant("rarity_map", says="as if they were one", points=0)
def rarity_without_axes(contrasts):
    scaled = np.maximum(contrasts, 0) / contrasts.max()
    return (np.log(scaled.size / (scaled >= 0.5).sum()) * scaled).sum(axis=0)


@mutant("rarity_map", says="drowns the rest", points=0)
def rarity_unscaled(contrasts):
    positive = np.maximum(contrasts, 0)
    top = positive.max(axis=(1, 2), keepdims=True)
    counts = np.maximum(1, (positive >= top / 2).sum(axis=(1, 2)))
    return np.tensordot(np.log(positive[0].size / counts), positive, axes=1)


@mutant("rarity_map", says="takes it all", points=0)
def rarity_scaled_together(contrasts):
    positive = np.maximum(contrasts, 0)
    top = positive.max(axis=(1, 2), keepdims=True)
    counts = np.maximum(1, (positive >= top / 2).sum(axis=(1, 2)))
    return np.tensordot(np.log(positive[0].size / counts), positive / positive.max(), axes=1)


@mutant("rarity_map", says="takes it all", points=0)
def rarity_with_one_greatest_number(contrasts):
    relative = np.maximum(contrasts, 0) / contrasts.max()
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    return np.tensordot(np.log(relative[0].size / counts), relative, axes=1)


@mutant("rarity_map", says="less than its surround adds nothing", points=0)
def rarity_negative_kept(contrasts):
    relative = contrasts / contrasts.max(axis=(1, 2), keepdims=True)
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    return np.tensordot(np.log(relative[0].size / counts), relative, axes=1)


@mutant("rarity_map", says="take away the sign", points=0)
def rarity_of_absolute_numbers(contrasts):
    size = np.abs(contrasts)
    top = size.max(axis=(1, 2), keepdims=True)
    relative = size / np.where(top > 0, top, 1)
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    return np.tensordot(np.log(relative[0].size / counts), relative, axes=1)


@mutant("rarity_map", says="the places above 0", points=0)
def rarity_counts_above_zero(contrasts):
    positive = np.maximum(contrasts, 0)
    top = positive.max(axis=(1, 2), keepdims=True)
    relative = positive / np.where(top > 0, top, 1)
    counts = np.maximum(1, (relative > 0).sum(axis=(1, 2)))
    return np.tensordot(np.log(relative[0].size / counts), relative, axes=1)


@mutant("rarity_map", says="the number of its rows", points=0)
def rarity_counts_rows(contrasts):
    stands_out = np.zeros(contrasts.shape[1:])
    for contrast in contrasts:
        if contrast.max() <= 0:
            continue
        relative = np.maximum(0, contrast) / contrast.max()
        high = len(relative >= 0.5)
        stands_out += np.log(relative.size / high) * relative
    return stands_out


@mutant("rarity_map", says="is 2 for every map", points=0)
def rarity_counts_axes(contrasts):
    stands_out = np.zeros(contrasts.shape[1:])
    for contrast in contrasts:
        if contrast.max() <= 0:
            continue
        relative = np.maximum(0, contrast) / contrast.max()
        high = len(np.where(relative >= 0.5))
        stands_out += np.log(relative.size / high) * relative
    return stands_out


@mutant("rarity_map", says="is the same for True and False", points=0)
def rarity_counts_all_places(contrasts):
    stands_out = np.zeros(contrasts.shape[1:])
    for contrast in contrasts:
        if contrast.max() <= 0:
            continue
        relative = np.maximum(0, contrast) / contrast.max()
        high = (relative >= 0.5).size
        stands_out += np.log(relative.size / high) * relative
    return stands_out


@mutant("rarity_map", says="n_f says how many there are", points=0)
def rarity_adds_what_is_high(contrasts):
    stands_out = np.zeros(contrasts.shape[1:])
    for contrast in contrasts:
        if contrast.max() <= 0:
            continue
        relative = np.maximum(0, contrast) / contrast.max()
        high = relative[relative >= 0.5].sum()
        stands_out += np.log(relative.size / high) * relative
    return stands_out


@mutant("rarity_map", says="your n counts the places above 0", points=0)
def rarity_of_places_above_zero(contrasts):
    stands_out = np.zeros(contrasts.shape[1:])
    for contrast in contrasts:
        if contrast.max() <= 0:
            continue
        relative = np.maximum(0, contrast) / contrast.max()
        high = (relative >= 0.5).sum()
        stands_out += np.log((relative > 0).sum() / high) * relative
    return stands_out


@mutant("rarity_map", says="a higher place counts for more", points=0)
def rarity_of_yes_and_no(contrasts):
    stands_out = np.zeros(contrasts.shape[1:])
    for contrast in contrasts:
        if contrast.max() <= 0:
            continue
        relative = np.maximum(0, contrast) / contrast.max()
        high = (relative >= 0.5).sum()
        stands_out += np.log(relative.size / high) * (relative >= 0.5)
    return stands_out


@mutant("rarity_map", says="farthest from 0, be it negative", points=0)
def rarity_signs_aside(contrasts):
    stands_out = np.zeros(contrasts.shape[1:])
    for contrast in contrasts:
        relative = np.maximum(0, contrast) / np.abs(contrast).max()
        high = (relative >= 0.5).sum()
        if high:
            stands_out += np.log(relative.size / high) * relative
    return stands_out


@mutant("rarity_map", says="root of the sum of squares", points=0)
def rarity_as_sides_of_a_right_angle(contrasts):
    positive = np.maximum(contrasts, 0)
    top = positive.max(axis=(1, 2), keepdims=True)
    relative = positive / np.where(top > 0, top, 1)
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    weights = np.log(relative[0].size / counts)
    return np.sqrt(((weights[:, None, None] * relative) ** 2).sum(axis=0))


@mutant("rarity_map", says="mean over the maps", points=0)
def rarity_averaged(contrasts):
    positive = np.maximum(contrasts, 0)
    top = positive.max(axis=(1, 2), keepdims=True)
    relative = positive / np.where(top > 0, top, 1)
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    weights = np.log(relative[0].size / counts)
    return (weights[:, None, None] * relative).mean(axis=0)


@mutant("rarity_map", says="one map for each feature", points=0)
def rarity_not_added(contrasts):
    positive = np.maximum(contrasts, 0)
    top = positive.max(axis=(1, 2), keepdims=True)
    relative = positive / np.where(top > 0, top, 1)
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    return np.log(relative[0].size / counts)[:, None, None] * relative


@mutant("rarity_map", says="it reaches half, so it counts", points=3.5)
def rarity_above_half(contrasts):
    positive = np.maximum(contrasts, 0)
    top = positive.max(axis=(1, 2), keepdims=True)
    relative = positive / np.where(top > 0, top, 1)
    counts = np.maximum(1, (relative > 0.5).sum(axis=(1, 2)))
    return np.tensordot(np.log(relative[0].size / counts), relative, axes=1)


@mutant("rarity_map", says="without anything above 0 you divide 0 by 0", points=3.5)
def rarity_zero_by_zero(contrasts):
    positive = np.maximum(contrasts, 0)
    relative = positive / positive.max(axis=(1, 2), keepdims=True)
    counts = (relative >= 0.5).sum(axis=(1, 2))
    return np.tensordot(np.log(relative[0].size / counts), relative, axes=1)


@mutant("rarity_map", says="go on with the next one", points=3.5)
def rarity_gives_up(contrasts):
    total = np.zeros(contrasts.shape[1:])
    for contrast in contrasts:
        positive = np.maximum(contrast, 0)
        top = positive.max()
        if top <= 0:
            break
        total += np.log(positive.size / np.sum(positive >= top / 2)) * positive / top
    return total


@mutant("rarity_map", says="a small number that you add", points=3)
def rarity_with_epsilon(contrasts):
    positive = np.maximum(contrasts, 0)
    relative = positive / (positive.max(axis=(1, 2), keepdims=True) + 1e-8)
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    return np.tensordot(np.log(relative[0].size / counts), relative, axes=1)


@mutant("rarity_map", says="changes its argument number 1", points=3.5)
def rarity_in_place(contrasts):
    contrasts[contrasts < 0] = 0
    top = contrasts.max(axis=(1, 2), keepdims=True)
    relative = contrasts / np.where(top > 0, top, 1)
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    return np.tensordot(np.log(relative[0].size / counts), relative, axes=1)


@mutant("rarity_map", says="whole numbers", points=3.5)
def rarity_divides_in_place(contrasts):
    relative = np.maximum(contrasts, 0)
    for one in relative:
        if one.max() > 0:
            one /= one.max()
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    return np.tensordot(np.log(relative[0].size / counts), relative, axes=1)


@mutant("rarity_map", says="a return inside the loop", points=0)
def rarity_returns_early(contrasts):
    total = np.zeros(contrasts.shape[1:])
    for contrast in contrasts:
        positive = np.maximum(contrast, 0)
        top = positive.max()
        if top > 0:
            total += np.log(positive.size / np.sum(positive >= top / 2)) * positive / top
        return total


@mutant("rarity_map", says="keepdims=True", points=0)
def rarity_without_the_axes(contrasts):
    positive = np.maximum(contrasts, 0)
    relative = positive / positive.max(axis=(1, 2))
    counts = (relative >= 0.5).sum(axis=(1, 2))
    return np.tensordot(np.log(relative[0].size / counts), relative, axes=1)


# glimpse: 5 points


@right("glimpse")
def glimpse_by_loops(maps, wish, image, temperature):
    scores = np.zeros(maps.shape[1:])
    for number, one in zip(wish, maps, strict=True):
        scores = scores + number * one
    scores = (scores - scores.max()) / temperature
    powers = np.exp(scores)
    mask = powers / powers.sum()
    colour = np.zeros(image.shape[2])
    for y in range(image.shape[0]):
        for x in range(image.shape[1]):
            colour += mask[y, x] * image[y, x]
    return mask, colour


@right("glimpse")
def glimpse_as_keys(maps, wish, image, temperature):
    f, rows, columns = maps.shape
    keys = maps.reshape(f, -1).T
    scores = keys @ wish / temperature
    log_sum = np.logaddexp.reduce(scores)
    weights = np.exp(scores - log_sum)
    return weights.reshape(rows, columns), weights @ image.reshape(rows * columns, -1)


@right("glimpse")
def glimpse_by_einsum(maps, wish, image, temperature):
    scores = np.einsum("f,fyx->yx", wish, maps) / temperature
    mask = np.exp(scores - np.max(scores))
    mask = mask / np.sum(mask)
    return [mask, np.einsum("yx,yxv->v", mask, image)]


@mutant("glimpse", says="1 in each row", points=0)
def glimpse_row_by_row(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    mask = powers / powers.sum(axis=1, keepdims=True)
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="1 in each column", points=0)
def glimpse_column_by_column(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max(axis=0))
    mask = powers / powers.sum(axis=0)
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="do not use the temperature", points=0)
def glimpse_at_one_temperature(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1)
    powers = np.exp(scores - scores.max())
    mask = powers / powers.sum()
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="multiply the scores by the temperature", points=0)
def glimpse_hot(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) * temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.sum()
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="coloured veil", points=0)
def glimpse_veil(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.max()
    return mask, np.tensordot(mask, image, axes=2) / mask.sum()


@mutant("glimpse", says="do not divide by the sum", points=0)
def glimpse_undivided(maps, wish, image, temperature):
    mask = np.exp(np.tensordot(wish, maps, axes=1) / temperature)
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="mask is inverted", points=0)
def glimpse_inverted(maps, wish, image, temperature):
    scores = -np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.sum()
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="places are shuffled", points=0)
def glimpse_scrambled(maps, wish, image, temperature):
    scores = (maps.reshape(-1, len(wish)) @ wish).reshape(image.shape[:2]) / temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.sum()
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="feature is not wanted", points=0)
def glimpse_blind_to_dislikes(maps, wish, image, temperature):
    scores = np.tensordot(np.maximum(wish, 0), maps, axes=1) / temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.sum()
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="highest place", points=0)
def glimpse_winner_takes_all(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1)
    mask = np.zeros(scores.shape)
    mask[np.unravel_index(scores.argmax(), scores.shape)] = 1
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="a mask and a colour", points=0)
def glimpse_mask_only(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


@mutant("glimpse", says="the form of a map", points=0)
def glimpse_in_one_row(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1).ravel() / temperature
    powers = np.exp(scores - scores.max())
    weights = powers / powers.sum()
    return weights, weights @ image.reshape(-1, image.shape[2])


@mutant("glimpse", says="the maps are taken as they are", points=0)
def glimpse_of_what_is_above_zero(maps, wish, image, temperature):
    scores = np.tensordot(wish, np.maximum(0, maps), axes=1) / temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.sum()
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="stand in each other's place", points=0)
def glimpse_colour_first(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.sum()
    return np.tensordot(mask, image, axes=2), mask


@mutant("glimpse", says="plain average", points=2.5)
def glimpse_of_everything(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max())
    return powers / powers.sum(), image.mean(axis=(0, 1))


@mutant("glimpse", says="number of places", points=2.5)
def glimpse_averaged_twice(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.sum()
    return mask, (mask[:, :, None] * image).mean(axis=(0, 1))


@mutant("glimpse", says="colour of one place", points=2.5)
def glimpse_of_the_peak(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.sum()
    return mask, image[np.unravel_index(mask.argmax(), mask.shape)]


@mutant("glimpse", says="subtract the highest score", points=4.5)
def glimpse_naive(maps, wish, image, temperature):
    powers = np.exp(np.tensordot(wish, maps, axes=1) / temperature)
    mask = powers / powers.sum()
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="changes its argument number 1", points=4.5)
def glimpse_in_place(maps, wish, image, temperature):
    maps = maps.astype(float, copy=False)
    maps *= wish[:, None, None]
    scores = maps.sum(axis=0) / temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.sum()
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="in the second part", points=4.5)
def glimpse_three_colours_only(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.sum()
    return mask, np.array([(mask * image[:, :, min(i, image.shape[2] - 1)]).sum() for i in range(3)])


@mutant("glimpse", says="no longer compete fairly", points=0)
def glimpse_with_the_highest_of_each_row(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    mask = powers / powers.sum()
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="do not cut the scores off", points=4.5)
def glimpse_cut_off(maps, wish, image, temperature):
    powers = np.exp(np.clip(np.tensordot(wish, maps, axes=1) / temperature, -700, 700))
    mask = powers / powers.sum()
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="two more axes", points=0)
def glimpse_without_axes(maps, wish, image, temperature):
    scores = (wish * maps).sum(axis=0) / temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.sum()
    return mask, (mask[:, :, None] * image).sum(axis=(0, 1))


# scan: 5 points


@right("scan")
def scan_by_loops(priority, looks, reach, memory):
    rows, columns = priority.shape
    seen = []
    while len(seen) < looks:
        recent = seen[len(seen) - memory :] if 0 < memory < len(seen) else seen if memory else []
        best, where = 0, None
        for y in range(rows):
            for x in range(columns):
                if priority[y, x] > best and all((y - v) ** 2 + (x - u) ** 2 > reach**2 for v, u in recent):
                    best, where = priority[y, x], (y, x)
        if where is None:
            break
        seen.append(where)
    return seen


@right("scan")
def scan_by_masks(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    path = np.zeros((0, 2), dtype=int)
    for step in range(looks):
        free = priority.astype(float)
        for row, column in path[max(0, step - memory) : step]:
            free[np.hypot(y - row, x - column) <= reach] = -np.inf
        if free.max() <= 0:
            break
        path = np.vstack([path, np.unravel_index(free.argmax(), free.shape)])
    return path


@right("scan")
def scan_by_clocks(priority, looks, reach, memory):
    until = np.zeros(priority.shape, dtype=int)  # a place is free from this look on
    y, x = np.indices(priority.shape)
    seen = []
    for look in range(looks):
        left = np.where(until <= look, priority, 0)
        if not (left > 0).any():
            break
        row, column = divmod(int(np.argmax(left)), priority.shape[1])
        seen.append([row, column])
        until[(y - row) ** 2 + (x - column) ** 2 <= reach * reach] = look + memory + 1
    return np.array(seen)


@mutant("scan", says="stays where it is", points=0)
def scan_stays(priority, looks, reach, memory):
    return np.array([np.unravel_index(priority.argmax(), priority.shape)] * looks)


@mutant("scan", says="≤, not <", points=0)
def scan_without_the_rim(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory) :]:
            free[np.hypot(y - row, x - column) < reach] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="you inhibit a square", points=0)
def scan_square(priority, looks, reach, memory):
    reach = math.floor(reach)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory) :]:
            free[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="you inhibit a square", points=0)
def scan_square_that_wraps(priority, looks, reach, memory):
    reach = math.floor(reach)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory) :]:
            free[row - reach : row + reach + 1, column - reach : column + reach + 1] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="window of inhibition is too wide", points=0)
def scan_too_wide(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory) :]:
            free[np.hypot(y - row, x - column) <= reach + 1] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="square of the distance", points=0)
def scan_squared_distance(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory) :]:
            free[(y - row) ** 2 + (x - column) ** 2 <= reach] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="soft dent", points=0)
def scan_by_the_chapter(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        row, column = np.unravel_index(priority.argmax(), priority.shape)
        seen.append((row, column))
        squared = (y - row) ** 2 + (x - column) ** 2
        priority = priority * (1 - np.exp(-squared / (2 * max(reach, 0.1) ** 2)))
    return np.array(seen)


@mutant("scan", says="rows and columns are swapped", points=0)
def scan_across_first(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory) :]:
            free[np.hypot(y - row, x - column) <= reach] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array([(x, y) for y, x in seen]).reshape(-1, 2)


@mutant("scan", says="as they come", points=0)
def scan_ranked(priority, looks, reach, memory):
    order = np.argsort(-priority.ravel(), kind="stable")[:looks]
    return np.stack(np.unravel_index(order, priority.shape), axis=1)


@mutant("scan", says="as they come", points=0)
def scan_points(priority, looks, reach, memory):
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for place in seen[max(0, len(seen) - memory) :]:
            free[place] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="its last look only", points=0)
def scan_away_from_the_last_look(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[-1:]:
            free[np.hypot(y - row, x - column) <= reach] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="you pass over a place that is free", points=0)
def scan_by_a_wider_square(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory) :]:
            free[np.maximum(abs(y - row), abs(x - column)) <= reach + 1] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="goes astray once it forgets", points=4)
def scan_forgets_every_other_look(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory) :][:: 1 if len(seen) <= memory else 2]:
            free[np.hypot(y - row, x - column) <= reach] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="your first look is wrong already", points=0)
def scan_begins_in_the_corner(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = [(0, 0)]
    while len(seen) < looks:
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory) :]:
            free[np.hypot(y - row, x - column) <= reach] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen[:looks]).reshape(-1, 2)


@mutant("scan", says="the priorities down to whole numbers", points=0)
def scan_of_whole_priorities(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(int)
        for row, column in seen[max(0, len(seen) - memory) :]:
            free[np.hypot(y - row, x - column) <= reach] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="it may be one like 2.5", points=4.5)
def scan_of_whole_reach(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory) :]:
            free[np.hypot(y - row, x - column) <= int(reach)] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="never forgets", points=3.5)
def scan_unforgetting(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    free, seen = priority.astype(float), []
    for _ in range(looks):
        if free.max() <= 0:
            break
        row, column = np.unravel_index(free.argmax(), free.shape)
        seen.append((row, column))
        free[np.hypot(y - row, x - column) <= reach] = 0
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="one look too early", points=4)
def scan_forgets_early(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory + 1) :]:
            free[np.hypot(y - row, x - column) <= reach] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="one look too late", points=3.5)
def scan_forgets_late(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory - 1) :]:
            free[np.hypot(y - row, x - column) <= reach] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="frees places that a later look still inhibits", points=4)
def scan_frees_too_much(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    free, seen = priority.astype(float), []
    for look in range(looks):
        if look > memory:
            row, column = seen[look - memory - 1]
            window = np.hypot(y - row, x - column) <= reach
            free[window] = priority[window]
        if free.max() <= 0:
            break
        row, column = np.unravel_index(free.argmax(), free.shape)
        seen.append((row, column))
        if memory:
            free[np.hypot(y - row, x - column) <= reach] = 0
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="seen[-0:]", points=4.5)
def scan_minus_nothing(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[-memory:]:
            free[np.hypot(y - row, x - column) <= reach] = 0
        if free.max() <= 0:
            break
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="goes on when nothing above 0 is free", points=4.5)
def scan_without_end(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory) :]:
            free[np.hypot(y - row, x - column) <= reach] = 0
        seen.append(np.unravel_index(free.argmax(), free.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="of equal places you take the last", points=4.5)
def scan_last_of_equals(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory) :]:
            free[np.hypot(y - row, x - column) <= reach] = 0
        if free.max() <= 0:
            break
        seen.append(np.argwhere(free == free.max())[-1])
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="changes its argument number 1", points=4.5)
def scan_in_place(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    before = priority.copy()
    seen = []
    for _ in range(looks):
        priority[:] = before
        for row, column in seen[max(0, len(seen) - memory) :]:
            priority[(y - row) ** 2 + (x - column) ** 2 <= reach**2] = 0
        if priority.max() <= 0:
            break
        seen.append(np.unravel_index(priority.argmax(), priority.shape))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="count rows and columns from 1", points=0)
def scan_from_one(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = []
    for _ in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, len(seen) - memory) :]:
            free[np.hypot(y + 1 - row, x + 1 - column) <= reach] = 0
        if free.max() <= 0:
            break
        row, column = np.unravel_index(free.argmax(), free.shape)
        seen.append((row + 1, column + 1))
    return np.array(seen).reshape(-1, 2)


@mutant("scan", says="return fewer rows", points=4.5)
def scan_filled_up(priority, looks, reach, memory):
    y, x = np.indices(priority.shape)
    seen = np.zeros((looks, 2), dtype=int)
    for look in range(looks):
        free = priority.astype(float)
        for row, column in seen[max(0, look - memory) : look]:
            free[np.hypot(y - row, x - column) <= reach] = 0
        if free.max() <= 0:
            break
        seen[look] = np.unravel_index(free.argmax(), free.shape)
    return seen
