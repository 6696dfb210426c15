"""What only the cognitive explorer does: a picture in the light of a map, a guess, looks, and things to change."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.hands import assert_table, button, rest, settled, state, unfold

from attnbook.data.draws import uniform
from attnbook.data.scene import COLOURS
from attnbook.theme import SEQUENTIAL, SEQUENTIAL_DARK
from attnbook.widgets.cognitive import BEAM, DEEP, MOST_THINGS, OPENING, PIXELS, CognitiveExplorer
from attnbook.widgets.svg import decimal

BarePage = Callable[..., Page]
BALL = {"shape": "ball", "colour": "red", "x": 64.0, "y": 64.0, "size": 9.0}
HAND = "look."  # asks nothing, so nothing is veiled


def handle(page: Page, letter: str) -> Locator:
    return page.get_by_role("slider", name=re.compile(f"^thing {letter},"))


def choice(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name, exact=True)


def look_for(page: Page, name: str, group: str = "") -> None:
    page.get_by_role("group", name=group or re.compile("Look for")).get_by_role("radio", name=name).check()
    settled(page)


def head(page: Page) -> Locator:
    return page.locator(".attn-head p")


def on_screen(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of the picture is in the window."""
    box = page.locator(".attn-plane").evaluate(
        "node => { const b = node.getBoundingClientRect(); return [b.x, b.y, b.width]; }"
    )
    return box[0] + (x + 0.5) * box[2] / PIXELS, box[1] + (y + 0.5) * box[2] / PIXELS


def in_core(page: Page) -> CognitiveExplorer:
    return CognitiveExplorer(**{name: value for name, value in state(page).items() if not name.startswith("_")})


def pixels(page: Page, where: str) -> np.ndarray:
    shown = page.locator(where).evaluate(
        """node => {
          const copy = new OffscreenCanvas(node.width, node.height).getContext('2d');
          copy.drawImage(node, 0, 0);
          let text = '';
          for (const byte of copy.getImageData(0, 0, node.width, node.height).data) text += String.fromCharCode(byte);
          return btoa(text);
        }"""
    )
    values = np.frombuffer(base64.b64decode(shown), dtype=np.uint8).astype(float)
    side = round((len(values) / 4) ** 0.5)
    return values.reshape(side, side, 4)


def colour_at(share: np.ndarray, stops: tuple[str, ...]) -> np.ndarray:
    """The colour of the theme's map for each number."""
    rgb = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops])
    return np.stack([np.interp(share * (len(stops) - 1), range(len(stops)), each) for each in rgb.T], axis=-1)


# --- what it shows --------------------------------------------------------------------------------------------------


def test_light_and_maps_have_the_strength_of_the_number(bare_page: BarePage) -> None:
    explorer = CognitiveExplorer(colour="green", shape="square", mix=0.5, try_first=HAND)
    page = bare_page(explorer)
    settled(page)
    y, x = np.indices((PIXELS, PIXELS))
    far = np.hypot(y - explorer.path[0][0], x - explorer.path[0][1])
    lit = np.maximum(explorer.priority, np.exp(-((far / BEAM) ** 4)))
    assert np.abs(pixels(page, "[data-overlay=light].attn-night")[..., 3] / 255 - DEEP * (1 - lit**2)).max() < 0.02
    page.evaluate("models[0].set('overlay', 'map')")
    settled(page)
    for theme, stops in (("light", SEQUENTIAL), ("dark", SEQUENTIAL_DARK)):
        shown = {"canvas[data-overlay=map]": explorer.priority}
        shown |= {
            ".attn-maps > :first-child canvas": explorer.bottom_up,
            ".attn-maps > :last-child canvas": explorer.top_down,
        }
        for where, values in shown.items():
            assert np.abs(pixels(page, f"{where}.attn-{theme}")[..., :3] - colour_at(values, stops)).max() <= 6
    seen = """all => all.filter((each) => getComputedStyle(each).visibility === 'visible')
      .map((each) => each.dataset.overlay)"""
    for name, kinds in (("map", ["map"]), ("none", []), ("light", ["light"])):
        page.evaluate("(name) => models[0].set('overlay', name)", name)
        settled(page)
        assert page.locator("canvas[data-overlay]:visible").evaluate_all(seen) == kinds


def test_the_picture_is_the_one_that_core_sees(bare_page: BarePage) -> None:
    explorer = CognitiveExplorer(clutter=20, seed=9, overlay="none", try_first=HAND, fixations=0)
    page = bare_page(explorer)
    settled(page)
    specks = page.locator("circle.attn-shape").evaluate_all(
        "all => all.map((n) => [n.cx, n.cy, n.r].map((a) => a.baseVal.value))"
    )
    left, above, radius, _ = uniform(9, (20, 4)).T
    np.testing.assert_allclose(
        specks, np.stack([PIXELS * left - 0.5, PIXELS * above - 0.5, 1 + radius], axis=1), atol=1e-4
    )
    for i, thing in enumerate(OPENING):  # the middle of each, a corner of its box, and just outside
        box = (
            page.locator("path.attn-shape")
            .nth(i)
            .evaluate("n => { const b = n.getBBox(); return [b.x, b.y, b.width, b.height]; }")
        )
        rows, columns = np.nonzero(explorer.labels == i + 1)
        assert [columns.min(), columns.max()] == pytest.approx([box[0], box[0] + box[2]], abs=1.01)
        assert [rows.min(), rows.max()] == pytest.approx([box[1], box[1] + box[3]], abs=1.01)
        fill = page.locator("path.attn-shape").nth(i).evaluate("node => getComputedStyle(node).fill")
        assert [int(part) for part in re.findall(r"\d+", fill)] == [round(255 * part) for part in COLOURS[thing.colour]]


@pytest.mark.parametrize("options", [{}, {"shape": "square", "mix": 1}, {"colour": "blue", "shape": "triangle"}])
def test_looks_are_numbered_and_ringed_where_core_looks(bare_page: BarePage, options: dict[str, Any]) -> None:
    page = bare_page(CognitiveExplorer(fixations=6, try_first=HAND, **options))
    for count in (6, 1, 0):
        page.evaluate("(count) => models[0].set('fixations', count)", count)
        settled(page)
        python = in_core(page)
        rings = page.locator("circle.attn-ring:not(.attn-halo)").evaluate_all(
            """all => all.filter((n) => n.getAttribute('visibility') !== 'hidden')
              .map((n) => [n.cx, n.cy, n.r].map((each) => each.baseVal.value))"""
        )
        assert len(rings) == count
        assert page.locator(".attn-badge:not(.attn-you):visible").all_inner_texts() == [
            str(i + 1) for i in range(count)
        ]
        for (x, y, r), (row, column) in zip(rings, python.path, strict=True):
            assert np.hypot(x - column, y - row) < r
        kinds = [f"{each['colour']} {each['shape']}" for each in python.objects]
        told = [
            f"the ground at {x}, {y}"
            if i is None
            else f"the {kinds[i]}"
            if kinds.count(kinds[i]) == 1
            else f"a {kinds[i]} ({chr(97 + i)})"
            for (y, x), i in zip(python.path.tolist(), python.looked_at(), strict=True)
        ]
        said = "; ".join(f"{n + 1} {name}" for n, name in enumerate(told)) or "none is shown"
        assert page.locator(".attn-order").inner_text() == f"Looks: {said}."


def test_the_maps_are_told_in_words_with_their_share(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(mix=0.25, try_first=HAND))
    up, down = page.locator(".attn-map").all()
    shares = page.locator(".attn-maps p")
    assert up.get_attribute("aria-label") == "Map of what stands out, highest on the red ball"
    assert shares.all_inner_texts() == ["1.00 × what stands out", "0.00 × nothing is looked for"]
    look_for(page, "triangle")
    assert re.fullmatch(
        r"Map of what is looked for, highest on a blue triangle \([ghi]\)", down.get_attribute("aria-label") or ""
    )
    assert shares.all_inner_texts() == ["0.75 × what stands out", "0.25 × what is looked for"]


# --- the guess, and the tasks ---------------------------------------------------------------------------------------


def test_before_the_guess_nothing_tells(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    settled(page)
    told = ".attn-ring, .attn-way, .attn-badge, .attn-order, .attn-map canvas, .attn-maps p, .attn-thing > span, canvas"
    for each in page.locator(told).all():
        expect(each).to_be_hidden()
    assert handle(page, "a").get_attribute("aria-valuetext") == "86, 46"
    handle(page, "d").press("Enter")
    settled(page)
    expect(head(page)).to_contain_text("The model’s goes elsewhere.")
    for where in (".attn-order", ".attn-you", "circle.attn-first", "[data-overlay=light].attn-night"):
        expect(page.locator(where).last).to_be_visible()
    assert (handle(page, "a").get_attribute("aria-valuetext") or "").endswith("; priority 1.00; look 1")


@pytest.mark.parametrize(
    ("place", "verdict"), [((88, 50), "So does the model’s."), ((60, 90), "The model’s goes elsewhere.")]
)
def test_the_tasks_as_a_reader_does_them(bare_page: BarePage, place: tuple[int, int], verdict: str) -> None:
    page = bare_page(CognitiveExplorer())
    page.mouse.click(*on_screen(page, *place))
    told = CognitiveExplorer.tasks[0].told.format(verdict=verdict, first="the red ball")
    expect(head(page)).to_have_text(f"→ {told}")
    you = page.locator(".attn-you").evaluate("node => [node.style.left, node.style.top].map(parseFloat)")
    assert you == pytest.approx([100 * (at + 0.5) / PIXELS for at in place], abs=1)
    button(page, "Next").click()
    expect(page.locator(".attn-you")).to_be_hidden()
    look_for(page, "red")
    expect(head(page)).to_contain_text(CognitiveExplorer.tasks[1].ask)  # the odd one out has to lose
    look_for(page, "blue")
    told = CognitiveExplorer.tasks[1].told.format(first="a blue triangle", odd="the red ball")
    expect(head(page)).to_have_text(f"→ {told}")
    button(page, "Next").click()
    settled(page)
    look_for(page, "any", "Look for colour")
    expect(head(page)).to_contain_text(CognitiveExplorer.tasks[2].ask)
    unfold(page)
    handle(page, "b").focus()
    choice(page, "Its colour").select_option("red")  # the ball is what it was, and loses
    settled(page)
    assert in_core(page).looked_at()[0] != 0
    expect(head(page)).to_have_text(f"→ {CognitiveExplorer.tasks[2].told.format(first='a blue triangle')}")


def test_a_thing_that_is_pulled_is_no_guess(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer())
    page.mouse.move(*on_screen(page, 86, 46))
    page.mouse.down()
    page.mouse.move(*on_screen(page, 70, 46), steps=4)
    page.mouse.up()
    rest(page)
    expect(head(page)).to_contain_text(CognitiveExplorer.tasks[0].ask)
    expect(page.locator(".attn-you")).to_be_hidden()


# --- by hand and by keys --------------------------------------------------------------------------------------------


def test_while_it_is_pulled_a_thing_is_seen_roughly_and_then_exactly(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(try_first=HAND, shape="ball"))
    settled(page)
    page.mouse.move(*on_screen(page, 84, 48))  # not by its very middle: it must not jump
    page.mouse.down()
    for step in range(5):
        page.mouse.move(*on_screen(page, 84 - 8 * step, 48 + 2 * step))
        settled(page)
    rough = pixels(page, "[data-overlay=light].attn-night")
    assert len(rough) == PIXELS / 2
    page.mouse.up()
    rest(page)
    fine = pixels(page, "[data-overlay=light].attn-night")
    assert len(fine) == PIXELS
    blocks = fine.reshape(PIXELS // 2, 2, PIXELS // 2, 2, 4).mean(axis=(1, 3))
    assert np.abs(blocks - rough)[..., 3].mean() < 6, "of 255"
    assert [state(page)["objects"][0][part] for part in "xy"] == pytest.approx([54, 54], abs=1)
    assert_table(page, in_core(page))
    page.mouse.move(*on_screen(page, 54, 54))
    page.mouse.down()
    page.mouse.move(2000, -500, steps=3)
    page.mouse.up()
    assert [state(page)["objects"][0][part] for part in "xy"] == [119, 8], "it stays inside"


def test_arrow_keys_move_a_thing_and_say_where_it_is(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(objects=[BALL], try_first=HAND))
    for key, place in [
        ("ArrowRight", [65, 64]),
        ("Shift+ArrowUp", [65, 56]),
        ("Home", [64, 64]),
        ("ArrowDown", [64, 65]),
    ]:
        handle(page, "a").press(key)
        assert [state(page)["objects"][0][part] for part in "xy"] == place
    rest(page)
    assert handle(page, "a").get_attribute("aria-valuetext") == "64, 65; priority 1.00; look 1, 2, 3"
    expect(page.get_by_role("status")).to_have_text("red ball a at 64, 65; first look: the red ball")


def test_what_is_looked_for_is_one_stop_and_is_announced(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(try_first=HAND))
    page.get_by_role("radio", name="any").first.focus()
    for colour in COLOURS:
        page.keyboard.press("ArrowRight")
        settled(page)
        assert state(page)["colour"] == colour
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    rest(page)
    assert state(page)["shape"] == "triangle"
    expect(page.get_by_role("status")).to_have_text(re.compile("Look for shape triangle; first look: a blue triangle"))
    unfold(page)
    expect(page.get_by_role("slider", name="Mix")).to_be_visible()
    look_for(page, "any", "Look for shape")
    look_for(page, "any", "Look for colour")
    expect(page.get_by_role("slider", name="Mix")).to_be_hidden()  # nothing to mix


def test_the_chosen_thing_is_changed(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(try_first=HAND))
    unfold(page)
    handle(page, "c").focus()
    choice(page, "Its colour").select_option("yellow")
    choice(page, "Its shape").select_option("triangle")
    page.get_by_role("slider", name="Its size").fill("20")
    rest(page)
    changed = {"shape": "triangle", "colour": "yellow", "x": 62.0, "y": 20.0, "size": 20.0}
    assert state(page)["objects"][2] == changed, "it is kept inside the picture"
    assert handle(page, "c").get_attribute("aria-label") == "thing c, yellow triangle"
    expect(page.get_by_role("status")).to_have_text(re.compile("^thing c has size 20; first look: "))
    expect(page.get_by_text("The chosen thing: c, yellow triangle.")).to_be_visible()
    assert_table(page, in_core(page))


def test_things_are_added_and_removed(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(objects=OPENING[:3], try_first=HAND))
    unfold(page)
    handle(page, "b").focus()
    for count in range(4, MOST_THINGS + 1):
        button(page, "Add a thing").click()
        settled(page)
        *others, new = state(page)["objects"]
        assert len(others) == count - 1
        assert (new["colour"], new["shape"]) == ("green", "square")
        for other in others:
            assert np.hypot(new["x"] - other["x"], new["y"] - other["y"]) > other["size"] + 2, "on free ground"
    assert button(page, "Add a thing").get_attribute("aria-disabled") == "true"
    button(page, "Add a thing").click(force=True)
    rest(page)
    expect(page.get_by_role("status")).to_have_text("12 things are the most")
    assert_table(page, in_core(page))
    for left in range(MOST_THINGS - 1, -1, -1):
        button(page, "Remove it").click()
        settled(page)
        assert len(state(page)["objects"]) == left
    expect(page.locator(".attn-order")).to_have_text("Nothing stands out: there is no first look.")
    for gone in ("Its colour", "Its shape", "Its size", "Remove it"):
        expect(page.get_by_text(gone)).not_to_be_visible()
    button(page, "Add a thing").click()
    settled(page)
    assert [state(page)["objects"][0][part] for part in ("shape", "colour", "x", "y")] == ["ball", "red", 64, 64]


def test_a_thing_pressed_in_the_moment_of_its_removal_is_gone_all_the_same(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(objects=[BALL], try_first=HAND))
    page.evaluate(
        """() => {
          [...document.querySelectorAll('button')].find((each) => each.textContent === 'Remove it').click();
          const key = new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true });
          document.querySelector('.attn-thing').dispatchEvent(key);
        }"""
    )
    settled(page)
    assert state(page)["objects"] == []


def test_a_handle_is_as_large_as_its_thing_and_nothing_is_in_its_way(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(objects=[BALL, {**BALL, "x": 20.0, "y": 30.0, "size": 4.0}], try_first=HAND))
    unit = on_screen(page, 1, 0)[0] - on_screen(page, 0, 0)[0]
    for letter, thing in zip("ab", state(page)["objects"], strict=True):
        box = handle(page, letter).bounding_box()
        assert box is not None
        assert box["width"] == pytest.approx(max(26, 2 * thing["size"] * unit), abs=1)
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        assert middle == pytest.approx(on_screen(page, thing["x"], thing["y"]), abs=1)
        hit = page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('button')?.ariaLabel", middle)
        assert hit == f"thing {letter}, red ball"


def test_in_high_contrast_numbers_are_read(bare_page: BarePage) -> None:
    page = bare_page(CognitiveExplorer(try_first=HAND), forced_colors="active")
    ink, paper = page.locator(".attn-badge").first.evaluate(
        "node => [getComputedStyle(node).color, getComputedStyle(node).backgroundColor]"
    )
    assert ink != paper
    chip = page.locator(".attn-chips input:checked + span").first
    assert chip.evaluate("node => getComputedStyle(node).forcedColorAdjust") == "none", "its words are not covered"
    assert decimal(1.0) in page.locator(".attn-maps p").first.inner_text()
