"""What the teacher's copy asks besides: sizes that are equal or one, other depths, numbers of other kinds."""

from attnbook.classroom.specs.cognitive import AT_THE_BORDER, EMPTY, LOOKS, NOTHING, PAIR, TASKS, flat_maps, maps, scan
from nbjudge.judging.draw import each
from nbjudge.judging.rows import hidden, values


def stack(draw, *shape):
    """Maps, of which one is even, so that nothing in it is rare."""
    drawn = draw.normal(0.2, 1, shape)
    drawn[1:2] = 2.5 if shape == (3, 6, 4) else drawn[1:2]
    return (drawn,)


def view(draw, f, *rest):
    some = maps(draw, max(2, f), *rest)
    return (some[0][:f], some[1][:f], *some[2:])


def walk(draw, rows, columns, looks, reach):
    """Something is always free; with a reach of 2.5, the second highest place lies farther away than 2."""
    priority = draw.uniform(0.05, 1, (rows, columns))
    if reach == 2.5:
        down, right = draw.permutation([1, 2]) * draw.choice([-1, 1], 2)
        priority[4, 4], priority[4 + down, 4 + right] = 3, 2
    return priority, looks, reach, max(looks, 3)


CONTRAST, RARITY, GLIMPSE, SCAN = TASKS
HIDDEN = hidden(
    CONTRAST,
    values(
        ("sizes", 0.5, "works for maps of any size"),
        flat_maps((1, 3, 8, 8), (1, 2, 1, 9), (0, 3, 7, 1), (0, 1, 1, 1)),
        *AT_THE_BORDER,
        seen=EMPTY,
    ),
    RARITY,
    values(
        ("sizes", 0.5, "works for any number of maps of any size, and for one that is the same everywhere"),
        each(stack, (1, 5, 8), (5, 5, 5), (3, 1, 11), (3, 6, 4)),
        seen=NOTHING,
    ),
    GLIMPSE,
    values(
        ("sizes", 0.5, "works for any number of features and places"),
        each(view, (3, 3, 3, 0.7), (2, 1, 6, 0.7), (4, 6, 6, 0.7), (1, 4, 5, 0.3)),
        part=PAIR,
    ),
    values(
        ("depth", 0.5, "reads any number of values at each place, not only three"),
        each(maps, (4, 5, 7, 0.8, 1), (4, 5, 7, 0.8, 5), (4, 5, 7, 0.8, 2)),
        part=PAIR,
    ),
    SCAN,
    values(
        ("sizes", 0.5, "works for maps of any size and for any reach and number of looks"),
        each(walk, (1, 18, 4, 2), (9, 9, 5, 2.5), (6, 8, 5, 0), (7, 5, 1, 2), (5, 7, 0, 2)),
        "you cut `reach` down to a whole number: it may be one like 2.5",
        lambda priority, looks, reach, memory: scan(priority, looks, int(reach), memory),
        part=LOOKS,
    ),
    values(
        ("forgetful", 0.5, "stays at the best place when it remembers nothing"),
        each(lambda draw, *shape: (draw.uniform(0.05, 1, shape), 4, 2, 0), (6, 9), (10, 4)),
        "with a memory of 0 your eye remembers everything: if you write seen[-memory:], then seen[-0:] is the "
        "whole list, so treat 0 apart",
        lambda priority, looks, reach, memory: scan(priority, looks, reach, memory or looks),
        part=LOOKS,
    ),
)
