"""Planted functions for Chapter 1: contrast, rarity, a glimpse, and where the eye goes."""

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


@mutant("local_contrast", says="the result is a new array", points=0)
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


@mutant("local_contrast", says="in a corner", points=2)
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


@mutant("local_contrast", says="some windows are empty", points=2)
def contrast_negative_starts(values, near, far):
    result = np.zeros(values.shape)
    for y in range(values.shape[0]):
        for x in range(values.shape[1]):
            one = values[y - near : y + near + 1, x - near : x + near + 1]
            other = values[y - far : y + far + 1, x - far : x + far + 1]
            result[y, x] = one.mean() - other.mean()
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


@mutant("rarity_map", says="takes it all", points=0)
def rarity_with_one_greatest_number(contrasts):
    relative = np.maximum(contrasts, 0) / contrasts.max()
    counts = np.maximum(1, (relative >= 0.5).sum(axis=(1, 2)))
    return np.tensordot(np.log(relative[0].size / counts), relative, axes=1)


@mutant("rarity_map", says="you divide by 0, which makes NaN or ∞", points=3.5)
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


@mutant("glimpse", says="coloured veil", points=0)
def glimpse_veil(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.max()
    return mask, np.tensordot(mask, image, axes=2) / mask.sum()


@mutant("glimpse", says="a mask and a colour", points=0)
def glimpse_mask_only(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


@mutant("glimpse", says="subtract the highest score", points=4.5)
def glimpse_naive(maps, wish, image, temperature):
    powers = np.exp(np.tensordot(wish, maps, axes=1) / temperature)
    mask = powers / powers.sum()
    return mask, np.tensordot(mask, image, axes=2)


@mutant("glimpse", says="in the second part", points=4.5)
def glimpse_three_colours_only(maps, wish, image, temperature):
    scores = np.tensordot(wish, maps, axes=1) / temperature
    powers = np.exp(scores - scores.max())
    mask = powers / powers.sum()
    return mask, np.array([(mask * image[:, :, min(i, image.shape[2] - 1)]).sum() for i in range(3)])


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
