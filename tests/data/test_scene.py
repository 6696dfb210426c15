"""The scene: drawn as its formula says, the same each time, and never two things on one spot."""

import itertools
import math

import numpy as np
import pytest

from attnbook.core import cognitive, pictures
from attnbook.data.draws import uniform
from attnbook.data.scene import COLOURS, GAP, GROUND, SHAPES, Scene, Thing, draw, scene


def lightness(colour: tuple[float, float, float]) -> float:
    """CIE L* of an sRGB colour."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 116 * float(np.dot(linear, [0.2126, 0.7152, 0.0722])) ** (1 / 3) - 16


def box(thing: Thing) -> tuple[float, float, float, float]:
    return thing.x - thing.size, thing.x + thing.size, thing.y - thing.size, thing.y + thing.size


def distance_by_cases(thing: Thing, x: float, y: float) -> float:
    """How far a point is outside a shape, from corners and normals instead of from the formula in the docstring."""
    u, v, s = x - thing.x, y - thing.y, thing.size
    if thing.shape == "ball":
        return math.sqrt(u * u + v * v) - s
    if thing.shape == "square":
        return max(u - s, -u - s, v - s, -v - s)
    height = math.sqrt(3) * s
    corners = [(-s, height / 2), (s, height / 2), (0.0, -height / 2)]  # left, right, top
    outside = []
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        along = (bx - ax) / (2 * s), (by - ay) / (2 * s)
        outside.append(along[0] * (ay - v) - along[1] * (ax - u))  # to the right of the way round is outside
    return -min(outside) if all(o > 0 for o in outside) else max(-o for o in outside)


def test_colours_can_be_told_apart_by_lightness_alone() -> None:
    levels = [lightness(colour) for colour in (*COLOURS.values(), (GROUND,) * 3)]
    assert all(abs(a - b) > 14 for a, b in itertools.combinations(levels, 2)), levels


def test_colours_are_what_they_are_called_and_equally_strong() -> None:
    maps = pictures.colour_maps(np.array([list(COLOURS.values())]))[:, 0]
    np.testing.assert_allclose(maps, 0.68 * np.eye(4), atol=1e-12)
    r, g, b = COLOURS["red"]
    assert r > 0.7
    assert max(g, b) < 0.2


@pytest.mark.parametrize("shape", SHAPES)
def test_a_thing_is_drawn_as_far_as_it_covers_a_pixel(shape: str) -> None:
    thing = Thing(shape, "blue", x=11.3, y=9.8, size=6.4)
    image, labels, _ = draw([thing], side=24)
    for i, j in np.ndindex(24, 24):
        far = distance_by_cases(thing, j, i)
        cover = min(1.0, max(0.0, 0.5 - far))
        expected = [(1 - cover) * GROUND + cover * c for c in COLOURS["blue"]]
        np.testing.assert_allclose(image[i, j], expected, atol=1e-9)
        assert labels[i, j] == (far <= 0)


@pytest.mark.parametrize(("shape", "area"), [("ball", math.pi), ("square", 4), ("triangle", math.sqrt(3))])
def test_areas_are_those_of_the_shapes(shape: str, area: float) -> None:
    image, labels, _ = draw([Thing(shape, "red", 40.3, 40.3, 20)], side=80)
    cover = (image[..., 0] - GROUND) / (COLOURS["red"][0] - GROUND)
    assert cover.sum() == pytest.approx(area * 400, rel=0.01)
    assert labels.sum() == pytest.approx(area * 400, rel=0.05)


def test_the_triangle_points_upwards() -> None:
    labels = draw([Thing("triangle", "red", 20, 20, 10)], side=40).labels
    rows = labels.sum(axis=1)
    assert (np.diff(rows[rows > 0]) >= 0).all()


def test_later_things_lie_on_top() -> None:
    image, labels, things = draw(
        [Thing("square", "green", 10, 10, 6), Thing("ball", "red", 10, 10, 3), Thing("ball", "blue", 10, 10, 1)],
        side=20,
    )
    assert [labels[10, 10], labels[10, 12], labels[5, 5], labels[0, 0]] == [3, 2, 1, 0]
    np.testing.assert_array_equal(image[10, 12], COLOURS["red"])
    assert [thing.colour for thing in things] == ["green", "red", "blue"]


def test_the_kinds_of_arrays() -> None:
    picture = draw([])
    assert isinstance(picture, Scene)
    assert (picture.image.shape, picture.labels.shape) == ((128, 128, 3), (128, 128))
    assert (str(picture.image.dtype), str(picture.labels.dtype)) == ("float64", "int64")
    assert (picture.image == GROUND).all()
    assert picture.things == ()


def test_clutter_is_what_the_uniform_numbers_say() -> None:
    image, labels, _ = draw([], side=32, clutter=3, seed=4)
    expected = np.full((32, 32), GROUND)
    for a, b, c, light in uniform(4, (3, 4)).tolist():
        for i, j in np.ndindex(32, 32):
            far = math.dist((j, i), (32 * a - 0.5, 32 * b - 0.5)) - 1 - c
            cover = min(1.0, max(0.0, 0.5 - far))
            expected[i, j] = (1 - cover) * expected[i, j] + cover * (GROUND + 0.3 * (2 * light - 1))
    np.testing.assert_allclose(image, np.repeat(expected[..., None], 3, axis=-1), atol=1e-12)
    assert not labels.any()


def test_clutter_is_grey_lies_below_and_moves_with_the_seed() -> None:
    things = [Thing("square", "red", 64, 64, 10)]
    bare, some, other = (draw(things, clutter=n, seed=s).image for n, s in ((0, 1), (60, 1), (60, 2)))
    inside = np.abs(np.mgrid[:128, :128] - 64).max(axis=0) < 9
    np.testing.assert_allclose(some[inside], bare[inside])
    specks = np.abs(some - bare).max(axis=-1) > 0.05
    assert 200 < specks.sum() < 1500
    np.testing.assert_allclose(np.ptp(some[~inside & specks & (some[..., 0] == some[..., 1])], axis=-1), 0, atol=1e-12)
    assert np.abs(some - other).max() > 0.1
    assert some.min() >= 0
    assert some.max() <= 1


@pytest.mark.parametrize("seed", range(20))
def test_no_two_things_touch_and_none_leaves_the_picture(seed: int) -> None:
    picture = scene(12, seed=seed)
    for thing in picture.things:
        left, right, top, bottom = box(thing)
        assert min(left, top) >= -0.05  # places are rounded to a tenth
        assert max(right, bottom) <= 127.05
        assert 7 <= thing.size <= 10
    for a, b in itertools.combinations(picture.things, 2):
        apart = max(abs(a.x - b.x), abs(a.y - b.y)) - a.size - b.size
        assert apart >= GAP - 1e-9
    assert set(np.unique(picture.labels)) == set(range(13))


def test_the_target_comes_first_and_the_others_take_turns() -> None:
    others = [("green", "ball"), ("red", "square"), ("yellow", "triangle")]
    things = scene(6, target=("blue", "triangle"), others=others, seed=3).things
    assert [(thing.colour, thing.shape) for thing in things] == [("blue", "triangle"), *others, *others[:2]]
    assert {(thing.colour, thing.shape) for thing in scene(5, target=None, seed=3).things} == {("green", "square")}


def test_labels_number_the_things() -> None:
    picture = scene(9, seed=8)
    for i, thing in enumerate(picture.things):
        assert picture.labels[round(thing.y), round(thing.x)] == i + 1
        np.testing.assert_allclose(picture.image[round(thing.y), round(thing.x)], COLOURS[thing.colour])


def test_a_scene_is_the_drawing_of_its_things() -> None:
    one = scene(7, clutter=9, side=90, seed=11)
    again = draw(one.things, side=90, clutter=9, seed=11)
    np.testing.assert_array_equal(one.image, again.image)
    np.testing.assert_array_equal(one.labels, again.labels)


def test_the_seed_decides() -> None:
    one, same, other = scene(seed=5), scene(seed=5), scene(seed=6)
    assert one.things == same.things
    np.testing.assert_array_equal(one.image, same.image)
    assert one.things != other.things


def test_clutter_moves_nothing() -> None:
    assert scene(seed=5).things == scene(seed=5, clutter=50).things


def test_the_target_may_be_anywhere() -> None:
    places = np.array([scene(3, seed=seed).things[0][2:4] for seed in range(120)])
    assert (places.min(axis=0) < 20).all()
    assert (places.max(axis=0) > 107).all()
    assert (np.abs(places.mean(axis=0) - 63.5) < 9).all()


def test_a_thing_may_be_given_as_its_five_fields() -> None:
    plain = draw([("ball", "red", 5.0, 6.0, 3.0)], side=16)  # type: ignore[list-item]
    assert plain.things == (Thing("ball", "red", 5.0, 6.0, 3.0),)


BALL = Thing("ball", "red", 30, 30, 8)


@pytest.mark.parametrize(
    ("things", "error", "words"),
    [
        ([BALL._replace(colour="rde")], ValueError, r"things\[0\].colour is 'rde': did you mean 'red'\?"),
        ([BALL._replace(colour="mauve")], ValueError, "is 'mauve': there are red, green, blue, yellow"),
        ([BALL, BALL._replace(shape="sqare")], ValueError, r"things\[1\].shape is 'sqare': did you mean 'square'\?"),
        ([BALL._replace(shape="blue")], ValueError, "there are ball, square, triangle"),
        ([BALL._replace(size=0)], ValueError, r"things\[0\].size is 0; it must be above 0"),
        ([BALL._replace(size=-3)], ValueError, "it must be above 0"),
        ([BALL._replace(x=128)], ValueError, r"things\[0\].x is 128; it must lie in the picture, from 0 to 127"),
        ([BALL._replace(y=-0.1)], ValueError, r"things\[0\].y is -0.1"),
        ([BALL._replace(y=math.nan)], ValueError, r"things\[0\].y is nan; it must be a finite number of pixels"),
        ([BALL._replace(x="30")], TypeError, r"things\[0\].x is '30'; it must be a number of pixels"),
        ([BALL._replace(size=True)], TypeError, r"things\[0\].size is True"),
        ([("ball", "red", 3)], ValueError, "must be a Thing: shape, colour, x, y, size"),
    ],
)
def test_things_that_cannot_be_drawn_are_refused(things: list[Thing], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        draw(things)


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"count": 0}, ValueError, "count is 0; it must be at least 1"),
        ({"count": 2.5}, TypeError, "count is 2.5; it must be a whole number"),
        ({"side": 4}, ValueError, "side is 4; it must be at least 8"),
        ({"clutter": -1}, ValueError, "clutter is -1; it must be at least 0"),
        ({"seed": -1}, ValueError, "seed is -1"),
        ({"target": ("grean", "ball")}, ValueError, "the colour of target is 'grean': did you mean 'green'?"),
        ({"target": ("ball", "red")}, ValueError, r"the colour comes first: \('red', 'ball'\)"),
        ({"target": "red"}, ValueError, "target is 'red'; it must be a colour and a shape, such as"),
        ({"others": [("red", "ball"), ("red", "bal")]}, ValueError, r"the shape of others\[1\] is 'bal': did you mean"),
        ({"others": []}, ValueError, "others is empty but there are to be 8 of them"),
        ({"size": 8}, ValueError, "size is 8; it must be two numbers"),
        ({"size": (9, 7)}, ValueError, r"size is \(9, 7\); it must rise from a least size above 0"),
        ({"size": (0, 7)}, ValueError, "above 0"),
        ({"size": (7, "8")}, TypeError, "size is '8'; it must be a number of pixels"),
        ({"size": (7, 70)}, ValueError, r"size is \(7, 70\), but nothing wider than 128 pixels fits"),
        (
            {"count": 60},
            ValueError,
            "60 things of sizes 7 to 10 do not fit into 128 × 128 pixels with 6 between them: ask",
        ),
    ],
)
def test_wrong_requests_are_refused(changed: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        scene(**{"count": 9, "seed": 0, **changed})  # type: ignore[arg-type]


def test_no_others_are_needed_where_there_are_none() -> None:
    assert len(scene(1, others=[], seed=0).things) == 1


# What the chapters rest on: without these, the scene would be the wrong example.


@pytest.mark.parametrize("clutter", [0, 40])
def test_the_odd_colour_is_what_stands_out(clutter: int) -> None:
    found = []
    for seed, (odd, common) in enumerate(itertools.permutations(COLOURS, 2)):
        for again in range(3):
            picture = scene(target=(odd, "ball"), others=[(common, "ball")], clutter=clutter, seed=seed + 100 * again)
            peak = cognitive.fixations(cognitive.saliency(picture.image), 1, radius=10.0)[0]
            found.append(picture.labels[tuple(peak)] == 1)
    assert np.mean(found) >= 0.95


@pytest.mark.parametrize("clutter", [0, 40])
def test_the_search_finds_the_one_thing_with_both_features(clutter: int) -> None:
    found = []
    for seed, (colour, shape) in enumerate(itertools.product(COLOURS, SHAPES)):
        alike = [(colour, s) for s in SHAPES if s != shape] + [(c, shape) for c in COLOURS if c != colour]
        query = np.array([float(c == colour) for c in COLOURS] + [float(s == shape) for s in SHAPES])
        for again in range(3):
            picture = scene(11, target=(colour, shape), others=alike, clutter=clutter, seed=seed + 100 * again)
            maps = np.concatenate([pictures.colour_maps(picture.image), pictures.shape_maps(picture.image)])
            peak = cognitive.fixations(np.maximum(cognitive.search(maps, query), 0), 1, radius=10.0)[0]
            found.append(picture.labels[tuple(peak)] == 1)
    assert np.mean(found) >= 0.95
