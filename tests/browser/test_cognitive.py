"""The cognitive explorer in a browser, on a bare page: by mouse, finger, keyboard, and what it shows against core."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from attnbook.data.scene import COLOURS, SHAPES, scene
from attnbook.theme import SEQUENTIAL, SEQUENTIAL_DARK
from attnbook.widgets.cognitive import MOST_THINGS, OPENING, PIXELS, CognitiveExplorer
from attnbook.widgets.svg import decimal

BarePage = Callable[..., Page]
TRAITS = CognitiveExplorer.options()
BALL = {"shape": "ball", "colour": "red", "x": 64.0, "y": 64.0, "size": 9.0}
PIXELS_OF = "canvas => [...canvas.getContext('2d').getImageData(0, 0, 128, 128).data]"


def settled(page: Page) -> None:
    """Wait until what was asked for is painted."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def state(page: Page, model: int = 0) -> dict[str, Any]:
    return page.evaluate(f"models[{model}].state")


def in_core(page: Page, model: int = 0) -> CognitiveExplorer:
    """The explorer in Python with the state that the page has."""
    return CognitiveExplorer(**{name: value for name, value in state(page, model).items() if name in TRAITS})


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def turns(python: CognitiveExplorer, i: int) -> str:
    return ", ".join(str(n + 1) for n, seen in enumerate(python.looked_at()) if seen == i) or "–"


def called(python: CognitiveExplorer, i: int) -> str:
    kinds = [f"{each['colour']} {each['shape']}" for each in python.objects]
    return f"{chr(97 + i)}, {'the' if kinds.count(kinds[i]) == 1 else 'a'} {kinds[i]}"


def assert_right(page: Page, index: int = 0) -> CognitiveExplorer:
    """Every number, every bar and every word is what core computes for the page's state."""
    settled(page)
    python = in_core(page, index)
    host = page.locator(".explorer").nth(index)
    lines = host.locator(".attn-numbers tbody tr:not([hidden])")
    told = lines.evaluate_all("rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent))")
    assert [row[0] for row in told] == [chr(97 + i) for i in range(len(python.objects))]
    maps = [python.at_thing(values) for values in (python.bottom_up, python.top_down, python.priority)]
    for i, (_, kind, x, y, size, *shares, turn) in enumerate(told):
        each = python.objects[i]
        assert kind == f"{each['colour']} {each['shape']}"
        assert [number(x), number(y), number(size)] == pytest.approx([each["x"], each["y"], each["size"]], abs=0.051)
        assert [number(share) for share in shares] == pytest.approx([values[i] for values in maps], abs=0.00511)
        assert turn == turns(python, i)
    bars = host.locator(".attn-things tbody tr:not([hidden])")
    widths = bars.locator("[data-kind=weight]").evaluate_all(
        "fills => fills.map((fill) => parseFloat(fill.style.width))"
    )
    assert widths == pytest.approx(100 * maps[2], abs=0.01)
    rows = bars.evaluate_all("rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent))")
    top = CognitiveExplorer(**{**{name: state(page, index)[name] for name in TRAITS}, "fixations": 1}).looked_at()
    for i, (name, share, turn) in enumerate(rows):
        assert name == f"{chr(97 + i)} {python.objects[i]['colour']} {python.objects[i]['shape']}"
        assert share.endswith("◂") == (top == [i])
        assert turn == turns(python, i)
    seen = python.looked_at()
    words = host.locator(".attn-order").inner_text()
    if not python.priority.any():
        assert words == "The priority is the same everywhere: there is no first look."
    elif seen:
        places = [f"the ground at {x}, {y}" for y, x in python.path.tolist()]
        names = [places[n] if i is None else called(python, i) for n, i in enumerate(seen)]
        assert words == f"Looks: {'; '.join(f'{n + 1} {name}' for n, name in enumerate(names))}."
    return python


def handle(page: Page, letter: str) -> Locator:
    return page.get_by_role("slider", name=re.compile(f"^thing {letter},"))


def choice(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name, exact=True)


def dial(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def middle(node: Locator) -> tuple[float, float]:
    box = node.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def on_screen(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of the picture stands in the window."""
    box = page.locator(".attn-photograph").bounding_box()
    return box["x"] + (x + 0.5) * box["width"] / PIXELS, box["y"] + (y + 0.5) * box["height"] / PIXELS


# --- what it shows --------------------------------------------------------------------------------------------------


def test_every_query_shows_what_core_computes(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(mix=0.6, fixations=6, clutter=20, seed=4))
    for colour in ("any", *COLOURS):
        choice(page, "Find colour").select_option(colour)
        for shape in ("any", *SHAPES):
            choice(page, "Find shape").select_option(shape)
            python = assert_right(page)
            assert (python.colour, python.shape) == (colour, shape)


@pytest.mark.parametrize("seed", range(6))
def test_random_scenes_show_what_core_computes(bare_page: BarePage, seed: int) -> None:
    things = scene(3 + seed, target=("yellow", "triangle"), clutter=30, seed=seed).things
    page = bare_page(
        CognitiveExplorer(objects=things, clutter=30 * (seed % 3), seed=seed, colour="yellow", mix=seed / 5)
    )
    assert_right(page)


@pytest.mark.parametrize(("shape", "some"), [("triangle", True), ("square", False)])
def test_a_look_that_just_misses_a_thing_is_a_look_at_it(bare_page: BarePage, shape: str, some: bool) -> None:
    page = bare_page(CognitiveExplorer(shape=shape, mix=1, fixations=6))
    python = assert_right(page)
    missed = [seen for (y, x), seen in zip(python.path, python.looked_at(), strict=True) if python.labels[y, x] == 0]
    assert missed
    assert (None not in missed) == some, "one is too far from all things"


def test_the_picture_is_the_one_that_core_sees(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(clutter=60, seed=9))
    shown = np.array(page.locator(".attn-photograph").evaluate(PIXELS_OF)).reshape(PIXELS, PIXELS, 4)
    assert np.abs(shown[..., :3] / 255 - in_core(page).image).max() < 0.003
    assert (shown[..., 3] == 255).all()


def colour_at(share: np.ndarray, stops: tuple[str, ...]) -> np.ndarray:
    """The colour of the theme's map for each number."""
    rgb = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops])
    at = share * (len(stops) - 1)
    return np.stack([np.interp(at, range(len(stops)), channel) for channel in rgb.T], axis=-1)


@pytest.mark.parametrize(("theme", "stops"), [("light", SEQUENTIAL), ("dark", SEQUENTIAL_DARK)])
def test_heat_mask_and_maps_have_the_colour_of_the_number(
    bare_page: BarePage, theme: str, stops: tuple[str, ...]
) -> None:
    page = bare_page(CognitiveExplorer(colour="green", shape="square", mix=0.5), theme=theme)

    def pixels(where: str) -> np.ndarray:
        return np.array(page.locator(f"{where}.attn-{theme}").evaluate(PIXELS_OF)).reshape(PIXELS, PIXELS, 4)

    python = in_core(page)
    heat = pixels("[data-overlay=heat]")
    assert np.abs(heat[..., :3] - colour_at(python.priority, stops)).max() <= 6
    assert np.abs(heat[..., 3] / 255 - (0.4 + 0.4 * python.priority)).max() < 0.01
    for place, values in enumerate((python.bottom_up, python.top_down)):
        shown = pixels(f".attn-maps > div:nth-child({place + 1}) ")
        assert np.abs(shown[..., :3] - colour_at(values, stops)).max() <= 6
    choice(page, "Show").select_option("mask")
    settled(page)
    assert np.abs(pixels("[data-overlay=mask]")[..., 3] / 255 - 0.95 * (1 - python.priority)).max() < 0.01


def test_one_overlay_is_seen_at_a_time(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    for name in ("mask", "none", "heat"):
        choice(page, "Show").select_option(name)
        settled(page)
        assert state(page)["overlay"] == name
        seen = page.locator(".attn-plane .attn-picture:visible").evaluate_all(
            "all => all.map((n) => n.dataset.overlay)"
        )
        assert seen == ([] if name == "none" else [name])
        assert page.locator(".attn-scale").is_visible() == (name == "heat")


def test_looks_are_numbered_where_core_looks_and_the_highest_is_ringed(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(fixations=6))
    for count in (6, 2, 1, 0):
        dial(page, "Looks").fill(str(count))
        settled(page)
        path = CognitiveExplorer(fixations=6).path
        marks = page.locator(".attn-look:visible")
        assert marks.all_inner_texts() == [str(i + 1) for i in range(count)]
        for mark, (y, x) in zip(marks.all(), path, strict=False):
            assert middle(mark) == pytest.approx(on_screen(page, x, y), abs=1)
        line = page.locator(".attn-trail").get_attribute("d")
        ends = [[float(end) for end in found] for found in re.findall(r"[ML](\d+) (\d+)", line)]
        assert ends == path[:count, ::-1].tolist()
        x, top = re.match(r"M(\d+) (\d+)a6 6", page.locator(".attn-ring").get_attribute("d")).groups()
        assert [int(top) + 6, int(x)] == path[0].tolist(), "even without a look"
        expect(page.locator(".attn-ring")).to_be_visible()
        expect(page.locator(".attn-order")).to_contain_text("the red ball")


def test_the_picture_alone_is_not_marked_with_an_answer(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(overlay="none", fixations=0))
    for mark in (".attn-look", ".attn-ring", ".attn-trail", ".attn-key-to", ".attn-scale"):
        for found in page.locator(mark).all():
            expect(found).to_be_hidden()
    frames = [handle(page, name).evaluate("node => getComputedStyle(node).boxShadow") for name in "ab"]
    assert frames[0] == frames[1], "the chosen thing has no frame"
    choice(page, "Show").select_option("heat")
    expect(page.locator(".attn-ring")).to_be_visible()
    expect(page.locator(".attn-key-to")).to_be_visible()


def test_the_maps_are_told_in_words_with_their_share(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(mix=0.25))
    up, down = page.locator(".attn-map").all()
    assert up.get_attribute("aria-label") == "The bottom-up map, highest on a, the red ball"
    assert down.get_attribute("aria-label") == "The top-down map, zero on every thing"
    texts = page.locator(".attn-maps p")
    assert texts.all_inner_texts() == [
        "0.75 × bottom-up: what stands out", "0.25 × top-down: nothing is asked for, or to be found"
    ]  # fmt: skip
    choice(page, "Find shape").select_option("square")
    settled(page)
    assert re.match("The top-down map, highest on [bcdef], a green square", down.get_attribute("aria-label"))
    assert texts.last.inner_text() == "0.25 × top-down: what is asked for"


def test_what_is_said_to_try_first_happens(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    expect(page.locator(".attn-order")).to_contain_text("Looks: 1 a, the red ball;")
    choice(page, "Find colour").select_option("blue")
    choice(page, "Find shape").select_option("triangle")
    dial(page, "Mix").focus()
    firsts = []
    for _ in range(21):
        settled(page)
        firsts.append("1 a, the red ball" in page.locator(".attn-order").inner_text())
        page.keyboard.press("ArrowRight")
    assert state(page)["mix"] == 1
    assert firsts[0]
    assert not firsts[-1]
    assert_right(page)


# --- mouse and finger -----------------------------------------------------------------------------------------------


def test_drag_a_thing_with_the_mouse(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    before = state(page)["objects"]
    x, y = middle(handle(page, "d"))
    page.mouse.move(x + 4, y - 3)  # not by its very middle: it must not jump
    page.mouse.down()
    dx, dy = (b - a for a, b in zip(on_screen(page, 0, 0), on_screen(page, -20, 30), strict=True))
    page.mouse.move(x + 4 + dx, y - 3 + dy, steps=7)
    page.mouse.up()
    page.mouse.move(x, y)  # let go of: it must stay
    assert_right(page)
    after = state(page)["objects"]
    assert (after[3]["x"], after[3]["y"]) == pytest.approx((before[3]["x"] - 20, before[3]["y"] + 30), abs=1)
    assert after[:3] + after[4:] == before[:3] + before[4:]
    assert choice(page, "Thing").locator("option:checked").inner_text() == "d, green square"
    assert page.evaluate("models[0].saves") > 0


def test_a_drag_ends_where_the_thing_would_leave_the_picture(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    for to, place in (((2000, -500), [119, 8]), ((-500, 3000), [8, 119])):
        page.mouse.move(*middle(handle(page, "a")))
        page.mouse.down()
        page.mouse.move(*to, steps=3)
        page.mouse.up()
        settled(page)
        assert [state(page)["objects"][0][part] for part in "xy"] == place
    assert_right(page)


def test_drag_a_thing_with_a_finger(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(), touch=True, width=390, height=800)
    touch = page.context.new_cdp_session(page)
    x, y = middle(handle(page, "a"))
    dx, dy = (b - a for a, b in zip(on_screen(page, 0, 0), on_screen(page, -30, 20), strict=True))
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in range(1, 6):
        finger = {"x": x + part * dx / 5, "y": y + part * dy / 5}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [finger]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert_right(page)
    thing = state(page)["objects"][0]
    assert (thing["x"], thing["y"]) == pytest.approx((OPENING[0].x - 30, OPENING[0].y + 20), abs=1)
    assert page.evaluate("scrollY") == 0, "a finger on a thing drags it; it does not scroll the page"
    assert page.locator(".attn-plane").evaluate("node => getComputedStyle(node).touchAction") == "auto"


def test_a_look_does_not_stand_in_the_way_of_the_hand(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    x, y = middle(page.locator(".attn-look").first)
    hit = page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('button').ariaLabel", [x, y])
    assert hit == "thing a, red ball"


def test_every_thing_has_a_handle_as_large_as_itself(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(objects=[BALL, {**BALL, "x": 20.0, "y": 30.0, "size": 4.0}]))
    box = page.locator(".attn-photograph").bounding_box()
    for letter, thing in zip("ab", state(page)["objects"], strict=True):
        wide = handle(page, letter).bounding_box()["width"]
        assert wide == pytest.approx(max(26, 2 * thing["size"] * box["width"] / PIXELS), abs=1)
        assert middle(handle(page, letter)) == pytest.approx(on_screen(page, thing["x"], thing["y"]), abs=1)


# --- keyboard -------------------------------------------------------------------------------------------------------


def focused(page: Page) -> str:
    return page.evaluate(
        """() => {
          const node = document.activeElement;
          return node.getAttribute('aria-label') ?? node.labels?.[0]?.firstChild.textContent ?? node.textContent;
        }"""
    )


def test_everything_is_reached_by_tab_in_the_order_of_reading(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(objects=OPENING[:2]))
    order = []
    for _ in range(16):
        page.keyboard.press("Tab")
        order.append(focused(page))
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert order == [
        *("Reset", "thing a, red ball", "thing b, green square", "Find colour", "Find shape", "Mix"),
        *("The numbers as a table", "Looks", "Show", "Clutter"),
        *("Thing", "Its colour", "Its shape", "Its size", "Add a thing", "Remove it"),
    ]


def test_arrow_keys_move_a_thing(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(objects=[BALL]))
    handle(page, "a").focus()
    for key, place in [
        ("ArrowRight", [65, 64]),
        ("ArrowDown", [65, 65]),
        ("Shift+ArrowLeft", [57, 65]),
        ("Shift+ArrowUp", [57, 57]),
        ("Home", [64, 64]),
        *[("Shift+ArrowDown", [64, min(118, 64 + 8 * n)]) for n in range(1, 9)],
    ]:
        page.keyboard.press(key)
        assert [state(page)["objects"][0][part] for part in "xy"] == place
    python = assert_right(page)
    told = handle(page, "a").get_attribute("aria-valuetext")
    assert told == f"64, 118; priority {decimal(python.at_thing(python.priority)[0])}; look {turns(python, 0)}"
    ends = [handle(page, "a").get_attribute(f"aria-value{end}") for end in ("min", "max", "now")]
    assert ends == ["0", "127", "64"]
    page.keyboard.press("Control+ArrowUp")
    assert state(page)["objects"][0]["y"] == 118


def test_a_thing_is_chosen_by_hand_and_stays_chosen_on_the_way_to_its_fields(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())

    def chosen() -> str:
        settled(page)
        (letter,) = page.locator(".attn-thing.attn-best").all_inner_texts()
        assert choice(page, "Thing").locator("option:checked").inner_text().startswith(f"{letter}, ")
        return letter

    handle(page, "a").focus()
    for letter, key in zip("bcde", ("Enter", "Space", "ArrowLeft", "Shift+ArrowUp"), strict=True):
        page.keyboard.press("Tab")
        page.keyboard.press(key)
        assert chosen() == letter
    while focused(page) != "Its colour":
        page.keyboard.press("Tab")
    assert chosen() == "e"
    page.mouse.click(*middle(handle(page, "i")))
    assert chosen() == "i"
    choice(page, "Thing").focus()
    page.keyboard.press("ArrowUp")
    assert chosen() == "h"
    assert choice(page, "Thing").locator("option:not([hidden])").count() == len(OPENING)


def test_the_chosen_thing_is_changed(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    choice(page, "Thing").select_option(label="c, green square")
    settled(page)
    choice(page, "Its colour").select_option("yellow")
    choice(page, "Its shape").select_option("triangle")
    dial(page, "Its size").fill("20")
    assert_right(page)
    changed = {"shape": "triangle", "colour": "yellow", "x": 62.0, "y": 20.0, "size": 20.0}
    assert state(page)["objects"][2] == changed, "it is kept inside the picture"
    assert handle(page, "c").get_attribute("aria-label") == "thing c, yellow triangle"


def test_things_are_added_and_removed(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(objects=OPENING[:3], mix=0.5, colour="green"))
    choice(page, "Thing").select_option(label="b, green square")
    for count in range(4, MOST_THINGS + 1):
        press(page, "Add a thing")
        python = assert_right(page)
        assert len(python.objects) == count
        new = python.objects[-1]
        assert (new["colour"], new["shape"]) == ("green", "square")
        for other in python.objects[:-1]:
            assert np.hypot(new["x"] - other["x"], new["y"] - other["y"]) > other["size"] + 2, "on free ground"
        assert choice(page, "Thing").locator("option:checked").inner_text() == f"{chr(96 + count)}, green square"
    add = page.get_by_role("button", name="Add a thing")
    assert add.get_attribute("aria-disabled") == "true"
    add.click(force=True)
    expect(page.get_by_role("status")).to_have_text("12 things are the most; remove one first")
    assert len(state(page)["objects"]) == MOST_THINGS
    choice(page, "Thing").select_option(label="a, red ball")
    press(page, "Remove it")
    expect(page.get_by_role("status")).to_contain_text("removed a, the red ball; first look: ")
    assert_right(page)
    for left in range(MOST_THINGS - 2, -1, -1):
        press(page, "Remove it")
        assert len(assert_right(page).objects) == left
    for gone in ("Its colour", "Its shape", "Its size", "Remove it"):
        expect(page.get_by_text(gone)).not_to_be_visible()
    press(page, "Add a thing")
    assert [state(page)["objects"][0][part] for part in ("shape", "colour", "x", "y")] == ["ball", "red", 64, 64]
    assert_right(page)


def test_a_thing_pressed_in_the_moment_of_its_removal_is_gone_all_the_same(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(objects=[BALL]))
    grip = handle(page, "a").element_handle()
    button = page.get_by_role("button", name="Remove it").element_handle()
    page.evaluate(
        """([grip, button]) => {
          button.click();
          grip.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }));
        }""",
        [grip, button],
    )
    assert assert_right(page).objects == []


def test_sliders_and_lists_by_keyboard(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    for name, trait, key, value, text in (
        ("Mix", "mix", "End", 1, "1.00, from bottom-up 0 to top-down 1"),
        ("Mix", "mix", "ArrowLeft", 0.95, "0.95, from bottom-up 0 to top-down 1"),
        ("Looks", "fixations", "End", 6, "6"),
        ("Clutter", "clutter", "ArrowRight", 10, "10"),
        ("Clutter", "clutter", "End", 200, "200"),
    ):
        dial(page, name).press(key)
        settled(page)
        assert state(page)[trait] == value
        assert dial(page, name).get_attribute("aria-valuetext") == text
        assert_right(page)
    choice(page, "Find colour").focus()
    for colour in COLOURS:
        page.keyboard.press("ArrowDown")
        assert state(page)["colour"] == colour
        assert_right(page)


def test_reset_brings_everything_back(bare_page: BarePage) -> None:
    start = {"objects": [BALL], "clutter": 30, "seed": 2, "mix": 0.4, "colour": "red", "shape": "ball", "fixations": 2,
             "overlay": "mask", "try_first": "look."}  # fmt: skip
    assert list(start) == TRAITS
    page = bare_page(CognitiveExplorer(**start))
    before = state(page)
    for name, value in {**{name: CognitiveExplorer().get_state()[name] for name in TRAITS}, "seed": 5}.items():
        page.evaluate("([name, value]) => models[0].set(name, value)", [name, value])
    assert_right(page)
    press(page, "Reset")
    assert state(page) == before
    expect(page.get_by_role("status")).to_have_text("back at the start")
    handle(page, "a").press("ArrowUp")  # what was restored must not have become the new start
    press(page, "Reset")
    assert state(page) == before
    assert_right(page)


def test_the_table_opens_on_request(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    table = page.get_by_role("table", name="Each thing, what it gets from both maps, and when it is looked at")
    expect(table).not_to_be_visible()
    page.get_by_text("The numbers as a table").press("Enter")
    expect(table).to_be_visible()
    assert table.get_by_role("columnheader").all_inner_texts() == [
        "thing", "kind", "x", "y", "size", "bottom-up", "top-down", "priority", "look"
    ]  # fmt: skip


# --- for those who listen -------------------------------------------------------------------------------------------


def test_what_changed_and_the_first_look_are_announced(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(), width=320)
    status = page.get_by_role("status")
    assert status.inner_text() == ""
    handle(page, "b").press("ArrowRight")
    expect(status).to_have_text("green square b at 23, 20; first look: a, the red ball")
    choice(page, "Find colour").select_option("blue")
    expect(status).to_have_text("asked for blue things; first look: a, the red ball")
    choice(page, "Find shape").select_option("triangle")
    expect(status).to_have_text("asked for blue triangles; first look: a, the red ball")
    dial(page, "Mix").fill("1")
    expect(status).to_have_text(f"mix 1.00; first look: {called(in_core(page), in_core(page).looked_at()[0])}")
    choice(page, "Find colour").select_option("any")
    choice(page, "Find shape").select_option("any")
    expect(status).to_have_text("asked for nothing in particular; the priority is the same everywhere")
    assert page.evaluate("document.documentElement.scrollWidth") == 320, "what is said takes no room"


def test_a_long_drag_is_announced_once(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    page.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(() => said.push(document.querySelector('[role=status]').textContent))
            .observe(document.querySelector('[role=status]'), { childList: true, characterData: true, subtree: true });
        }"""
    )
    page.mouse.move(*middle(handle(page, "a")))
    page.mouse.down()
    for step in range(20):
        page.mouse.move(300 + 5 * step, 400)
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("red ball a at")
    assert len(page.evaluate("said")) == 1


def test_the_tree_that_a_screen_reader_sees(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    tree = page.locator(".attn").aria_snapshot()
    for line in (
        'group "Picture with things in it"',
        'slider "thing a, red ball"',
        'combobox "Find colour"',
        'slider "Mix"',
        'table "Priority of each thing"',
        'row "a red ball 1.00 1"',
        'group "The chosen thing"',
        'img "The bottom-up map, highest on a, the red ball"',
        "status",
    ):
        assert line in tree, tree
    assert "canvas" not in tree
    assert page.locator(".attn :is(h1, h2, h3, h4, h5, h6)").count() == 0, "no heading that might skip a level"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("things", [0, 9])
def test_axe_finds_nothing(bare_page: BarePage, theme: str, things: int) -> None:
    page = bare_page(CognitiveExplorer(objects=OPENING[:things]), theme=theme)
    page.get_by_text("The numbers as a table").click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_targets_are_large_enough_and_those_of_the_opening_apart(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(), width=320, height=800)
    for target in page.locator(".attn :is(button, input, select, summary):visible").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 24, target
    places = [middle(handle(page, chr(97 + i))) for i in range(len(OPENING))]
    for i, (x, y) in enumerate(places):
        assert all(max(abs(x - u), abs(y - v)) >= 24 for u, v in places[:i])


# --- looks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 412, 768, 1440])
def test_it_fits(bare_page: BarePage, width: int) -> None:
    page = bare_page(CognitiveExplorer(fixations=6), width=width)
    page.get_by_text("The numbers as a table").click()
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    parts = page.locator(".attn :not(.attn-unseen, .attn-look, .attn-handle, .attn-handle *, svg *, .attn-wide *)")
    cut = parts.evaluate_all(
        """nodes => nodes.filter((node) => {
          const [box, all] = [node, document.querySelector('.attn')].map((each) => each.getBoundingClientRect());
          return box.width && (box.left < all.left - 1 || box.right > all.right + 1);
        }).map((node) => node.outerHTML)"""
    )
    assert cut == []
    columns = page.locator(".attn-main").evaluate("node => getComputedStyle(node).gridTemplateColumns")
    assert len(columns.split()) == (1 if width < 700 else 2)


def test_high_contrast(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(), forced_colors="active")
    for part in (".attn-look", ".attn-thing > span"):
        ink, paper = page.locator(part).first.evaluate(
            "node => [getComputedStyle(node).color, getComputedStyle(node).backgroundColor]"
        )
        assert ink != paper
    bar = page.locator(".attn-things [data-kind=weight]").first
    assert bar.evaluate("node => getComputedStyle(node).backgroundColor") != page.evaluate(
        "getComputedStyle(document.body).backgroundColor"
    )


def test_nothing_moves_by_itself(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(), motion="no-preference")
    handle(page, "a").press("ArrowUp")
    dial(page, "Mix").fill("0.5")
    assert page.evaluate("document.getAnimations().length") == 0


def test_without_script_and_on_paper_there_is_the_still(bare_page: BarePage) -> None:
    explorer = CognitiveExplorer(colour="blue")
    still = bare_page(explorer, script=False).get_by_role("img", name="Where a model of attention looks first")
    expect(still).to_be_visible()
    assert still.locator("desc").text_content() == explorer.alt
    page = bare_page(explorer)
    still = page.get_by_role("img", name="Where a model of attention looks first", include_hidden=True)
    expect(still).not_to_be_visible()
    page.emulate_media(media="print")
    expect(still).to_be_visible()
    expect(page.locator(".attn")).not_to_be_visible()


# --- a good citizen -------------------------------------------------------------------------------------------------


def test_two_explorers_on_one_page_do_not_meet(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(), CognitiveExplorer(mix=1, colour="green", clutter=10))
    page.get_by_role("slider", name="thing a, red ball").nth(1).press("Shift+ArrowUp")
    choice(page, "Find colour").nth(0).select_option("yellow")
    assert_right(page, 0)
    assert_right(page, 1)
    assert state(page, 0)["objects"] == CognitiveExplorer().objects
    assert state(page, 1)["colour"] == "green"
    assert page.locator(".attn [id]").count() == 0, "an id would not be unique"


def test_only_what_changed_is_painted_again(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(colour="green"), fresh=True)
    page.evaluate(
        """() => {
          window.painted = [];
          const put = CanvasRenderingContext2D.prototype.putImageData;
          CanvasRenderingContext2D.prototype.putImageData = function (...given) {
            const map = this.canvas.closest('.attn-map')?.ariaLabel.split(' ')[1];
            painted.push(map ?? this.canvas.dataset.overlay ?? 'photo');
            return put.apply(this, given);
          };
        }"""
    )

    def painted() -> set[str]:
        settled(page)
        return set(page.evaluate("painted.splice(0)"))

    dial(page, "Mix").fill("0.5")
    assert painted() == {"heat"}
    choice(page, "Find colour").select_option("red")
    assert painted() == {"heat", "top-down"}
    dial(page, "Looks").fill("1")
    assert painted() == set()
    handle(page, "a").press("ArrowUp")
    assert painted() == {"photo", "heat", "bottom-up", "top-down"}


def test_many_changes_in_one_frame_are_drawn_and_saved_once(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    reads, saves = page.evaluate(
        """async () => {
          const [model, handle] = [models[0], document.querySelector('.attn-handle.attn-thing')];
          const frame = () => new Promise(requestAnimationFrame);
          await frame();
          const count = async (times) => {
            const [reads, saves] = [model.reads, model.saves];
            for (let i = 0; i < times; i++) model.set('mix', i / 100);
            handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp' }));
            await frame(); await frame();
            return [model.reads - reads, model.saves - saves];
          };
          const [one, many] = [await count(1), await count(60)];
          return [many[0] - one[0], many[1]];
        }"""
    )
    assert reads == 0
    assert saves == 1


def test_changes_from_outside_are_drawn_and_not_sent_back(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    things = [{**BALL, "x": 30.5, "size": 7.3}, {**BALL, "colour": "yellow", "y": 100.25}]
    for name, value in (("objects", things), ("mix", 0.123), ("shape", "ball"), ("clutter", 55), ("seed", 3)):
        page.evaluate("([name, value]) => models[0].set(name, value)", [name, value])
    assert_right(page)
    assert dial(page, "Clutter").get_attribute("aria-valuetext") == "55"
    assert page.evaluate("models[0].saves") == 0


def test_cleaning_up_leaves_nothing(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(), CognitiveExplorer(), fresh=True)
    before = page.evaluate("document.querySelectorAll('*').length")
    counts = page.evaluate(
        """async () => {
          const add = EventTarget.prototype.addEventListener;
          const signals = [];
          EventTarget.prototype.addEventListener = function (type, listen, options) {
            if (!(this instanceof AbortSignal)) signals.push(options?.signal ?? null);
            return add.call(this, type, listen, options);
          };
          const model = models[0];
          const el = document.createElement('div');
          document.body.append(el);
          const end = attnbook.cognitive.render({ model, el });
          el.querySelector('.attn-handle').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp' }));
          end();  // with a frame and an announcement still to come
          const reads = model.reads, saves = model.saves;
          ends[0]();
          model.set('mix', 1);
          await new Promise((done) => setTimeout(done, 700));
          const answer = {
            unsignalled: signals.filter((signal) => !signal?.aborted).length,
            listened: signals.length,
            inside: el.childElementCount,
            listening: Object.values(model.listeners).flat().length,
            late: [model.reads - reads, model.saves - saves],
          };
          el.remove();
          return answer;
        }"""
    )
    assert counts.pop("listened") > 50
    assert counts == {"unsignalled": 0, "inside": 0, "listening": 0, "late": [0, 0]}
    page.evaluate("ends[1]()")
    assert page.locator(".attn").count() == 0
    assert page.evaluate("document.querySelectorAll('*').length") < before


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_typed_and_pressed_it_never_shows_nan(bare_page: BarePage, seed: int) -> None:
    page = bare_page(CognitiveExplorer())
    rng = random.Random(seed)
    keys = ["Home", "End", "PageUp", "PageDown", "Delete", "-", "9", "Shift+ArrowLeft", "Shift+ArrowDown", "ArrowUp",
            "ArrowDown", "Enter", "Tab"]  # fmt: skip
    controls = page.locator(".attn :is(button, input, select)")
    for _ in range(50):
        if rng.random() < 0.3:
            name = rng.choice(["Add a thing", "Remove it"]) if state(page)["objects"] else "Add a thing"
            page.get_by_role("button", name=name).click(force=True)  # also the one that says that it does nothing
        control = controls.nth(rng.randrange(controls.count()))
        if control.is_visible():
            control.focus()
        for _ in range(rng.randrange(1, 5)):
            page.keyboard.press(rng.choice(keys))
    assert_right(page)
    page.evaluate("models[0].set('objects', [])")
    settled(page)
    for colour, mix in (("any", 0), ("red", 1), ("any", 0.5)):
        page.evaluate(
            "([colour, mix]) => { models[0].set('colour', colour); models[0].set('mix', mix); }", [colour, mix]
        )
        assert_right(page)
        inside = page.locator(".attn").evaluate("node => node.outerHTML")
        for wrong in ("NaN", "Infinity", "undefined", "null", "[object"):
            assert wrong not in inside
