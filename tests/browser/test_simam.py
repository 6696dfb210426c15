"""The SimAM painter in a browser: a brush for pointer, finger and keys, a place to choose, the tasks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.hands import assert_table, button, change, numbers_in, python_side, rest, settled, state, unfold

from attnbook.widgets.painted import read
from attnbook.widgets.simam import PICTURES, SIDE, SimamExplorer

BarePage = Callable[..., Page]
FLAT = PICTURES["flat"]


def paper(page: Page) -> Locator:
    return page.get_by_role("application")


def gates(page: Page) -> Locator:
    return page.locator(".attn-map[role=img]")


def line(page: Page) -> Locator:
    return page.locator(".attn-head p")


def at(board: Locator, column: float, row: float) -> tuple[float, float]:
    """Where the middle of a place is on the screen."""
    box = board.bounding_box()
    assert box
    return box["x"] + (column + 0.5) / SIDE * box["width"], box["y"] + (row + 0.5) / SIDE * box["height"]


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()
    settled(page)


def assert_right(page: Page) -> None:
    """The readout, the marks of the line, the colours of both maps and the table are what Python computes."""
    settled(page)
    python = python_side(page, SimamExplorer)
    shown = page.locator(".attn-neurons > :last-child > p").all_inner_texts()
    for text, wanted in zip(shown, python.readout(), strict=True):
        for (a, last), (b, _) in zip(numbers_in(text), numbers_in(wanted), strict=True):
            assert abs(a - b) < 1.01 * last, (text, wanted)
    for n, values in enumerate((python.values, python.gates)):
        # The green of a grey is its number; that of a weight falls as the weight grows.
        green = page.evaluate(
            """(n) => {
              const copy = new OffscreenCanvas(24, 24).getContext('2d', { willReadFrequently: true });
              copy.drawImage(document.querySelectorAll('.attn-plane > canvas.attn-light')[n], 0, 0);
              return [...copy.getImageData(0, 0, 24, 24).data].filter((_, i) => i % 4 === 1);
            }""",
            n,
        )
        order = np.array(green)[np.argsort(values, axis=None, kind="stable")]
        assert (np.diff(order) * (1 if n == 0 else -1) >= 0).all()
        assert n or np.abs(np.array(green) / 255 - values.ravel()).max() < 0.003
    assert_table(page, python)


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_it_shows_what_python_computes(bare_page: BarePage) -> None:
    page = bare_page(SimamExplorer(try_first="look."))
    assert_right(page)
    for name in [*list(PICTURES)[1:], "stripes"]:
        choose(page, name)
        assert state(page)["channel"] == PICTURES[name]
        python = python_side(page, SimamExplorer)
        assert python.gates.flat[python.place] == pytest.approx(python.gates.max(), abs=1e-9)
        assert_right(page)
    for penalty in (10.0, 1e-5):
        change(page, penalty=penalty, place=200)
        assert_right(page)
    choose(page, "importance, 1/e*")
    expect(page.locator(".attn-scale")).to_have_text("02")  # the largest is 1.54
    unfold(page)
    change(page, penalty=1e-4, channel=PICTURES["dot"])
    for name, scale in (("all, as in SimAM", "0150"), ("the others", "01000")):
        choose(page, name)
        expect(page.locator(".attn-scale")).to_have_text(scale)
        assert_right(page)


@pytest.mark.parametrize(("name", "sides"), [("dot", 4), ("flat", 96), ("line", 52), ("stripes", 12)])
def test_the_largest_are_outlined(bare_page: BarePage, name: str, sides: int) -> None:
    page = bare_page(SimamExplorer(try_first="look.", channel=PICTURES[name]))
    settled(page)
    assert page.locator(".attn-largest").get_attribute("d").count("M") == sides


def test_the_line_is_drawn_where_its_numbers_say(bare_page: BarePage) -> None:
    page = bare_page(SimamExplorer(try_first="look.", place=19 * SIDE + 17))
    settled(page)
    panel = page.locator(".attn-fitted").bounding_box()
    tops = [each.bounding_box() for each in page.locator(".attn-fitted > .attn-mean").all()]
    values = read(PICTURES["stripes"])
    t, others = values[19, 17], np.delete(values, 19 * SIDE + 17)
    slope = 2 * (t - others.mean()) / ((t - others.mean()) ** 2 + 2 * others.var() + 2e-4)
    for box, x in zip(tops, (t, others.mean()), strict=True):
        high = slope * (x - (t + others.mean()) / 2)
        middle = (box["x"] + box["width"] / 2 - panel["x"]), (box["y"] + box["height"] / 2 - panel["y"])
        assert middle[0] / panel["width"] == pytest.approx((x + 0.03) / 1.06, abs=0.01)
        assert middle[1] / panel["height"] == pytest.approx((1.6 - high) / 3.9, abs=0.01)


# --- the brush --------------------------------------------------------------------------------------------------------


def test_a_stroke_paints_without_gaps_and_is_one_step(bare_page: BarePage) -> None:
    page = bare_page(SimamExplorer(try_first="look.", channel=FLAT, brush=0.8))
    before = state(page)
    page.mouse.move(*at(paper(page), 3, 4))
    page.mouse.down()
    page.mouse.move(*at(paper(page), 18, 4))
    settled(page)
    expect(page.locator(".attn-neurons > :last-child > p").first).to_have_text("row 5, column 19: t = 0.80")
    page.mouse.move(*at(paper(page), 18, 40))
    page.mouse.up()
    page.mouse.move(*at(paper(page), 9, 9))
    rest(page)
    wanted = read(FLAT)
    wanted[4, 3:19] = wanted[4:, 18] = 0.8
    assert read(state(page)["channel"]).tolist() == wanted.tolist()
    assert state(page)["place"] == 23 * SIDE + 18
    expect(page.get_by_role("status")).to_contain_text("painted 0.8; row 24, column 19: t = 0.80, gate")
    assert_right(page)
    button(page, "Undo").click()
    settled(page)
    assert state(page) == before


def test_a_finger_paints_and_does_not_scroll(bare_page: BarePage) -> None:
    explorer = SimamExplorer(try_first="look.", channel=FLAT, size=3)
    page = bare_page(explorer, touch=True, width=390, height=844, is_mobile=True)
    settled(page)
    finger = page.context.new_cdp_session(page)
    places = [at(paper(page), 12, 4 + n) for n in range(13)]
    for n, (x, y) in enumerate(places):
        kind = "touchMove" if n else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settled(page)
    wanted = read(FLAT)
    wanted[3:18, 11:14] = 0.1
    assert read(state(page)["channel"]).tolist() == wanted.tolist()
    assert page.evaluate("scrollY") == 0
    assert_right(page)


def test_keys_alone_paint(bare_page: BarePage) -> None:
    page = bare_page(SimamExplorer(try_first="look.", channel=FLAT, place=0))
    paper(page).focus()
    twice = ["ArrowDown", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowRight"]
    for key in ("ArrowRight", "Enter", *twice, "ArrowUp", "Space"):
        page.keyboard.press(key)
    rest(page)
    wanted = read(FLAT)
    wanted[[0, 2, 2, 1], [1, 2, 3, 3]] = 0.1
    assert read(state(page)["channel"]).tolist() == wanted.tolist()
    expect(page.get_by_role("status")).to_contain_text("painted 0.1; row 2, column 4: t = 0.10, gate")
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    rest(page)
    assert state(page)["place"] == 3, "the edge stops it"
    expect(page.get_by_role("status")).to_have_text("chosen; row 1, column 4: t = 0.50, gate 0.623")
    assert_right(page)


def test_a_press_on_the_map_chooses_and_paints_nothing(bare_page: BarePage) -> None:
    page = bare_page(SimamExplorer(try_first="look."))
    page.mouse.click(*at(gates(page), 5, 7))
    settled(page)
    assert (state(page)["place"], state(page)["channel"]) == (7 * SIDE + 5, PICTURES["stripes"])
    assert_right(page)


# --- the tasks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "row", "verdict"), [(5, 7, "Not there (0.675)."), (17, 19, "Yes.")], ids=["patch", "dark"]
)
def test_a_guess_paints_nothing_and_is_answered(bare_page: BarePage, column: int, row: int, verdict: str) -> None:
    page = bare_page(SimamExplorer())
    settled(page)
    assert page.locator(".attn-map > :visible").count() == 0
    page.mouse.move(*at(paper(page), column, row))
    page.mouse.down()
    page.mouse.move(*at(paper(page), column + 3, row))
    page.mouse.up()
    settled(page)
    told = (
        f"→ {verdict} The bright patch differs only from its neighbours. The largest gate, 0.823, goes to 0.24, "
        "farthest from the mean 0.55: 9 of 576 places, outlined in the map."
    )
    expect(line(page)).to_have_text(told)
    assert (state(page)["place"], state(page)["channel"]) == (row * SIDE + column, PICTURES["stripes"])
    page.mouse.click(*at(paper(page), 2, 2))
    settled(page)
    dot = "→ The largest gate, 1.000, goes to 0.90, farthest from the mean 0.30: 1 of 576 places, outlined in the map."
    choose(page, "dot")
    expect(line(page)).to_have_text(dot)  # the verdict was on another channel
    assert_right(page)


def test_keys_look_for_a_guess_without_telling(bare_page: BarePage) -> None:
    page = bare_page(SimamExplorer())
    before = state(page)
    paper(page).focus()
    for key in ("ArrowDown", "ArrowLeft", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    rest(page)
    expect(page.get_by_role("status")).to_have_text("row 14, column 11: t = 0.40")
    assert state(page) == before
    page.keyboard.press("Enter")
    settled(page)
    expect(line(page)).to_contain_text("→ Not there (0.678).")
    assert state(page) == before | {"place": 13 * SIDE + 10}


def test_shuffling_changes_no_gate_of_a_number(bare_page: BarePage) -> None:
    page = bare_page(SimamExplorer())
    button(page, "Skip").click()
    before = python_side(page, SimamExplorer)
    button(page, "Shuffle").click()
    settled(page)
    now = python_side(page, SimamExplorer)
    assert now.channel != before.channel
    assert sorted(now.channel) == sorted(before.channel)
    assert now.readout()[1:] == before.readout()[1:], "the chosen number is still chosen"
    expect(line(page)).to_contain_text("→ No number’s gate changes by more than 0.000: each takes it along.")
    assert_right(page)


def test_no_paint_brings_a_gate_below_the_floor(bare_page: BarePage) -> None:
    page = bare_page(SimamExplorer())
    for _ in range(2):
        button(page, "Skip").click()
    settled(page)
    page.mouse.click(*at(paper(page), 2, 2))
    choose(page, "noise")
    expect(line(page)).to_contain_text("Then: try to bring a gate below 0.6")
    page.mouse.click(*at(paper(page), 9, 9))
    settled(page)
    expect(line(page)).to_contain_text("→ In 3 tries the lowest gate was 0.622.")
