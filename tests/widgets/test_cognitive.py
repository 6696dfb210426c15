"""The cognitive explorer in Python: what it computes, what it refuses, its still picture and its words."""

import re
import xml.etree.ElementTree as ET

import ipywidgets
import numpy as np
import pytest
import traitlets

from attnbook.core import cognitive, pictures
from attnbook.data.scene import COLOURS, SHAPES, Thing, draw, scene
from attnbook.theme import LIGHT, SEQUENTIAL
from attnbook.widgets.cognitive import DEEP, MOST_THINGS, NIGHT, OPENING, PIXELS, RADIUS, CognitiveExplorer
from attnbook.widgets.scenery import thing_at
from attnbook.widgets.svg import SIDE, decimal

SVG = "{http://www.w3.org/2000/svg}"
COMPUTED = ("image", "labels", "bottom_up", "top_down", "priority", "path")
BALL = {"shape": "ball", "colour": "red", "x": 64.0, "y": 40.0, "size": 9.0}


def assert_by_core(explorer: CognitiveExplorer) -> None:
    """Everything computed is what core computes from the options, looked up here."""
    things = [Thing(**each) for each in explorer.objects]
    drawn = draw(things, clutter=explorer.clutter, seed=explorer.seed)
    maps = np.concatenate([pictures.colour_maps(drawn.image), pictures.shape_maps(drawn.image)])
    query = np.zeros(7)
    if explorer.colour != "any":
        query[["red", "green", "blue", "yellow"].index(explorer.colour)] = 1
    if explorer.shape != "any":
        query[4 + ["ball", "square", "triangle"].index(explorer.shape)] = 1
    up, down = cognitive.saliency(drawn.image), cognitive.search(maps, query)
    down = down / (down.max() or 1)
    mixed = cognitive.priority(up, down, mix=explorer.mix if query.any() else 0.0)
    path = cognitive.fixations(mixed, 6, radius=RADIUS)[: explorer.fixations]
    for name, expected in zip(COMPUTED, (drawn.image, drawn.labels, up, down, mixed, path), strict=True):
        np.testing.assert_array_equal(getattr(explorer, name), expected, err_msg=name)


# --- values ---------------------------------------------------------------------------------------------------------


def test_it_opens_with_one_odd_thing_out_which_is_looked_at_first() -> None:
    explorer = CognitiveExplorer()
    assert [Thing(**each) for each in explorer.objects] == list(OPENING)
    assert [(thing.colour, thing.shape) for thing in OPENING].count(("red", "ball")) == 1
    assert {(thing.colour, thing.shape) for thing in OPENING[1:]} == {("green", "square"), ("blue", "triangle")}
    assert explorer.looked_at()[0] == 0
    assert_by_core(explorer)


def test_what_the_page_says_to_try_first_happens() -> None:
    explorer = CognitiveExplorer(colour="blue", shape="triangle")
    firsts = []
    for step in range(21):
        explorer.mix = step / 20
        firsts.append(explorer.looked_at()[0])
    assert firsts[0] == 0
    assert OPENING[firsts[-1]].shape == "triangle"
    assert [first == 0 for first in firsts] == sorted((first == 0 for first in firsts), reverse=True), "it turns once"


def test_no_two_things_of_the_opening_touch_and_none_leaves_the_picture() -> None:
    for i, one in enumerate(OPENING):
        assert one.size <= min(one.x, one.y, PIXELS - 1 - one.x, PIXELS - 1 - one.y)
        for other in OPENING[:i]:
            assert max(abs(one.x - other.x), abs(one.y - other.y)) > one.size + other.size + 5


def test_values_are_computed_by_core_at_every_change() -> None:
    explorer = CognitiveExplorer(fixations=6)
    changes = [
        ("objects", [BALL, {**BALL, "x": 20.5, "colour": "yellow", "shape": "triangle"}]),
        ("clutter", 40),
        ("seed", 7),
        ("mix", 0.3),
        ("colour", "yellow"),
        ("shape", "triangle"),
        ("fixations", 2),
        ("mix", 1),
        ("colour", "any"),
        ("objects", []),
    ]
    for name, value in changes:
        setattr(explorer, name, value)
        assert_by_core(explorer)


def test_only_a_new_picture_is_computed_anew() -> None:
    explorer = CognitiveExplorer()
    before = explorer.bottom_up
    explorer.mix, explorer.colour, explorer.fixations = 0.5, "red", 1
    assert explorer.bottom_up is before
    explorer.clutter = 5
    assert explorer.bottom_up is not before


def test_computed_traits_can_be_observed_and_not_set() -> None:
    explorer = CognitiveExplorer()
    seen: list[dict[str, np.ndarray]] = []
    explorer.observe(lambda change: seen.append({name: getattr(explorer, name) for name in COMPUTED}), "priority")
    explorer.objects = [BALL]
    assert len(seen) == 1
    assert all(value is getattr(explorer, name) for name, value in seen[0].items()), "one is from before"
    for name in COMPUTED:
        with pytest.raises(traitlets.TraitError, match="read-only"):
            setattr(explorer, name, np.ones((2, 2)))
        with pytest.raises(ValueError, match="read-only"):
            getattr(explorer, name)[:] = 0
    assert set(COMPUTED).isdisjoint(explorer.get_state())
    assert set(CognitiveExplorer.options()) < set(explorer.get_state())


def test_a_look_belongs_to_the_thing_it_falls_on_or_just_misses() -> None:
    explorer = CognitiveExplorer(objects=[BALL, {**BALL, "x": 80.0, "shape": "square", "colour": "green"}])
    there = [Thing(**each) for each in explorer.objects], explorer.labels
    assert thing_at(*there, 40, 64) == 0
    assert thing_at(*there, 40, 74) == 1, "the square lies over the ball"
    assert thing_at(*there, 40, 52) == 0, "three pixels beside it"
    assert thing_at(*there, 40, 50) is None
    assert thing_at([], draw([]).labels, 0, 0) is None


def test_a_thing_has_the_highest_number_that_is_to_be_seen_on_it() -> None:
    explorer = CognitiveExplorer(objects=[BALL, {**BALL, "size": 20.0}])
    hidden, whole = explorer.at_thing(explorer.priority)
    assert hidden == 0
    assert whole == explorer.priority[explorer.labels == 2].max() > 0


@pytest.mark.parametrize(("mix", "colour"), [(0.0, "any"), (1.0, "any"), (0.5, "red"), (1.0, "blue")])
def test_where_nothing_stands_out_there_is_no_first_look(mix: float, colour: str) -> None:
    explorer = CognitiveExplorer(objects=[], mix=mix, colour=colour, shape="any", fixations=6)
    assert not explorer.priority.any()
    assert explorer.path.shape == (0, 2)
    assert explorer.at_thing(explorer.priority).shape == (0,)
    assert "It is the same everywhere, so there is no first look." in explorer.alt
    assert "nan" not in explorer.static_svg().lower()


def test_without_a_task_all_is_bottom_up() -> None:
    explorer = CognitiveExplorer(mix=1)
    assert explorer.weight == 0
    np.testing.assert_array_equal(explorer.priority, explorer.bottom_up)
    explorer.shape = "square"
    assert explorer.weight == 1
    np.testing.assert_array_equal(explorer.priority, explorer.top_down)


def test_a_scene_can_be_looked_at_as_it_is() -> None:
    drawn = scene(9, clutter=12, seed=3)
    explorer = CognitiveExplorer(objects=drawn.things, clutter=12, seed=3)
    np.testing.assert_array_equal(explorer.image, drawn.image)
    assert explorer.objects[0] == drawn.things[0]._asdict()


def test_it_composes_with_other_widgets_and_hears_the_browser() -> None:
    explorer, slider = CognitiveExplorer(), ipywidgets.FloatSlider(min=0, max=1, value=0.4)
    traitlets.link((slider, "value"), (explorer, "mix"))
    assert explorer.mix == 0.4
    assert ipywidgets.jslink((slider, "value"), (explorer, "mix")).target == (explorer, "mix")
    explorer.set_state({"objects": [{**BALL, "x": 30}], "mix": 0.9, "colour": "red"})
    assert slider.value == 0.9
    assert_by_core(explorer)


# --- options --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("colour", "gren", "colour is 'gren': did you mean 'green'?"),
        ("shape", "square ", "shape is 'square ': did you mean 'square'?"),
        ("objects", [BALL] * 13, "objects has 13 entries; it may have 0 to 12"),
        ("objects", [BALL, 5], "objects[1] has 5; it must have shape, colour, x, y, size"),
        ("objects", [{}], "objects[0] has nothing; it must have shape, colour, x, y, size"),
        ("objects", [{**BALL, "color": "red"}], "objects[0] has shape, colour, x, y, size, color; it must have"),
        ("objects", [{**BALL, "shape": "bal"}], "objects[0]['shape'] is 'bal': did you mean 'ball'?"),
        ("objects", [{**BALL, "colour": "pink"}], "objects[0]['colour'] is 'pink': it must be one of red, green,"),
        ("objects", [{**BALL, "x": 128}], "objects[0]['x'] is 128; it must be a number from 0 to 127"),
        ("objects", [{**BALL, "y": float("nan")}], "objects[0]['y'] is nan; it must be a number from 0 to 127"),
        ("objects", [{**BALL, "y": "4"}], "objects[0]['y'] is '4'; it must be a number from 0 to 127"),
        ("objects", [{**BALL, "x": True}], "objects[0]['x'] is True; it must be a number from 0 to 127"),
        ("objects", [{**BALL, "size": 3.9}], "objects[0]['size'] is 3.9; it must be a number from 4 to 24"),
    ],
)
def test_bad_values_are_refused_in_words_and_the_last_good_ones_stay(option: str, value: object, message: str) -> None:
    with pytest.raises(traitlets.TraitError) as caught:
        CognitiveExplorer(**{option: value})
    assert message in str(caught.value)
    explorer = CognitiveExplorer()
    before, priority = getattr(explorer, option), explorer.priority
    with pytest.raises(traitlets.TraitError):
        setattr(explorer, option, value)
    assert getattr(explorer, option) == before
    assert explorer.priority is priority


def test_whole_numbers_and_numbers_of_numpy_are_taken() -> None:
    explorer = CognitiveExplorer(objects=[{**BALL, "x": np.int64(3), "y": np.float32(4.5), "size": 4}])
    assert explorer.objects == [{**BALL, "x": 3.0, "y": 4.5, "size": 4.0}]
    assert [type(explorer.objects[0][part]) for part in ("x", "y", "size")] == [float] * 3


# --- where nothing moves --------------------------------------------------------------------------------------------

CROWD = [
    Thing(SHAPES[i % 3], list(COLOURS)[i % 4], 10.0 + 30 * (i % 4), 20.0 + 40 * (i // 4), 8.0)
    for i in range(MOST_THINGS)
]


@pytest.mark.parametrize("overlay", ["light", "map", "none"])
def test_the_still_is_small_and_the_same_every_time(overlay: str) -> None:
    options = {"objects": CROWD, "clutter": 60, "overlay": overlay, "mix": 0.5, "colour": "red", "fixations": 6}
    explorer = CognitiveExplorer(**options)
    still = explorer.static_svg()
    assert still == CognitiveExplorer(**options).static_svg()
    assert len(still.encode()) <= 40_000
    root = ET.fromstring(still)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "Where a model of attention looks first"
    assert root.find(f"{SVG}desc").text == explorer.alt
    assert " id=" not in still, "many stills may share a page"


def test_the_still_of_the_opening_is_light() -> None:
    assert len(CognitiveExplorer().static_svg().encode()) <= 25_000


def picture_of(explorer: CognitiveExplorer) -> ET.Element:
    return ET.fromstring(explorer.static_svg()).find(f"{SVG}g")


def test_everything_in_the_still_stands_where_it_belongs() -> None:
    things = [
        Thing("ball", "red", 30, 40, 9),
        Thing("square", "green", 90, 40, 7.5),
        Thing("triangle", "blue", 64, 100, 10),
    ]
    explorer = CognitiveExplorer(objects=things, fixations=2, colour="blue", mix=1)
    drawing = picture_of(explorer).find(f"{SVG}svg")
    assert drawing.get("viewBox") == f"-.5-.5 {PIXELS} {PIXELS}"
    ball, square, triangle = drawing.findall(f"{SVG}circle") + drawing.findall(f"{SVG}path")[1:]
    assert [ball.get(name) for name in ("fill", "cx", "cy", "r")] == ["#cc1f1f", "30", "40", "9"]
    assert [square.get(name) for name in ("fill", "d")] == ["#38e638", "M82.5 32.5h15v15h-15z"]
    assert [triangle.get(name) for name in ("fill", "d")] == ["#1a1ac7", "M64 91.34L74 108.66H54z"]
    discs = [node for node in picture_of(explorer).findall(f"{SVG}circle") if node.get("fill") == LIGHT["ink"]]
    places = [[float(node.get("cx")), float(node.get("cy"))] for node in discs]
    np.testing.assert_allclose(places, (explorer.path[:, ::-1] + 0.5) * SIDE / PIXELS, atol=0.06)
    assert explorer.looked_at()[0] == 2
    letters = {node.text: node for node in picture_of(explorer).findall(f"{SVG}text")}
    assert set(letters) == {*"abc", "1", "2"}


def test_the_shapes_of_the_still_are_those_of_the_picture() -> None:
    """Along each row the outline of the still covers as many pixels as the labels say."""
    explorer = CognitiveExplorer(objects=[Thing("triangle", "blue", 64, 60, 20)])
    path = picture_of(explorer).find(f"{SVG}svg").findall(f"{SVG}path")[1].get("d")
    x, top, right, bottom, left = (float(number) for number in re.findall(r"[\d.]+", path))
    rows = np.flatnonzero((explorer.labels == 1).any(axis=1))
    assert (rows[0], rows[-1]) == (np.ceil(top), np.floor(bottom))
    for row in rows:
        half = (row - top) / (bottom - top) * (right - x)
        assert (explorer.labels[row] == 1).sum() == pytest.approx(2 * half, abs=1.2)
    assert x - left == right - x


def test_the_still_is_bright_where_the_eye_looks() -> None:
    thing = Thing("ball", "red", 96, 32, 12)
    explorer = CognitiveExplorer(objects=[thing], fixations=1)
    veil = picture_of(explorer).find(f"{SVG}g")
    assert {node.get("fill") for node in veil} == {NIGHT}
    dark = {(y, x): float(node.get("fill-opacity")) for node in veil for y, x in cells(node)}
    assert dark[60, 4] == pytest.approx(DEEP, abs=0.05)
    assert dark.get((16, 48), 0) < 0.1, "where the ball is"
    alone = picture_of(CognitiveExplorer(objects=[thing], overlay="map")).find(f"{SVG}g")
    (deepest,) = [node for node in alone if node.get("fill") == SEQUENTIAL[-1]]
    assert all(explorer.priority[2 * y, 2 * x] > 0.8 for y, x in cells(deepest))
    assert picture_of(CognitiveExplorer(overlay="none")).find(f"{SVG}g") is None


def cells(node: ET.Element) -> list[tuple[int, int]]:
    """The rows and columns that a path of runs covers."""
    runs = re.findall(r"M(\d+) (\d+)h(\d+)", node.get("d"))
    return [(int(y), int(x) + i) for x, y, long in runs for i in range(int(long))]


def test_the_still_shows_the_numbers_of_core() -> None:
    explorer = CognitiveExplorer(colour="green", mix=0.4, fixations=3)
    rows = ET.fromstring(explorer.static_svg()).findall(f"{SVG}g")[1]
    texts = [node.text for node in rows.iter(f"{SVG}text")]
    assert texts[:2] == ["Looking for green things", "priority = 0.60 bottom-up + 0.40 top-down"]
    looks = explorer.looked_at()
    for i, (thing, value) in enumerate(zip(OPENING, explorer.at_thing(explorer.priority), strict=True)):
        at = texts.index(f"{chr(97 + i)}  {thing.colour} {thing.shape}")
        turn = ", ".join(str(n + 1) for n, seen in enumerate(looks) if seen == i) or "–"
        assert texts[at + 1 : at + 3] == [decimal(value), turn]
    bold = [node.text for node in rows.iter(f"{SVG}text") if node.get("font-weight")]
    assert bold[1].startswith(chr(97 + looks[0]))


def test_the_words_tell_the_state() -> None:
    explorer = CognitiveExplorer(clutter=30, fixations=2)
    assert explorer.alt.startswith(
        "A grey picture with one red ball, five green squares, three blue triangles, on a ground with 30 grey specks. "
        "The eye looks for nothing in particular. "
        "The priority is 1.00 of what stands out, 0.00 of what is sought. "
        "The first look falls on a, the red ball. The second look falls on "
    )
    for options, asked in (
        ({"colour": "blue"}, "blue things"),
        ({"shape": "square"}, "squares"),
        ({"colour": "red", "shape": "ball"}, "red balls"),
    ):
        assert f"The eye looks for {asked}." in CognitiveExplorer(**options).alt
    assert "No look is shown." in CognitiveExplorer(fixations=0).alt
    assert "A grey picture with nothing. " in CognitiveExplorer(objects=[]).alt
    speckled = CognitiveExplorer(objects=[], clutter=1, fixations=1)
    y, x = speckled.path[0]
    assert f"The first look falls on the ground at ({x}, {y})." in speckled.alt
