"""The key–value explorer in a browser, on a bare page: what it shows against core and dict, its rows, its tasks."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.hands import assert_table, button, change, python_side, rest, settled, state, unfold

from attnbook.widgets.key_value import ANSWER, KEYS, MOST, QUERY, VALUES, KeyValueExplorer, plain
from attnbook.widgets.svg import decimal

BarePage = Callable[..., Page]
in_core = partial(python_side, kind=KeyValueExplorer)


def point(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def line(page: Page) -> Locator:
    return page.locator(".attn-head p")


def says(page: Page, kind: str) -> str:
    return page.locator(f".attn-{kind} strong").inner_text()


def press(page: Page, name: str) -> None:
    button(page, name).click()
    settled(page)


def assert_right(page: Page) -> None:
    """Every number, thread and bar is what core computes for the page's state, and dict's answer is dict's."""
    settled(page)
    python = in_core(page)
    assert_table(page, python)
    answers = {key: value for key, value in zip(python.key_numbers, python.values, strict=True)}
    try:
        right = f"{plain(answers[python.query])}{python.unit}"
    except KeyError as error:
        right = f"KeyError: {plain(error.args[0])}"
    assert says(page, "dict") == right
    assert float(says(page, "soft").split("\u00a0")[0]) == pytest.approx(python.answer, abs=0.0501)
    bars = page.locator(".attn-dict tbody tr:visible [data-kind=weight]")
    widths = bars.evaluate_all("all => all.map((fill) => parseFloat(fill.style.width))")
    assert widths == pytest.approx(100 * python.weights, abs=1e-3)
    threads = page.locator(".attn-thread:not([visibility])").evaluate_all(
        """all => all.map((path) => [
          parseFloat(path.style.strokeWidth), ...path.getAttribute('d').match(/-?[\\d.]+/g).map(Number)])"""
    )
    rows = zip(python.key_numbers, python.values, python.weights.tolist(), strict=True)
    expected = [
        [1.5 + 9.5 * weight, python.query, QUERY + 4, key, KEYS, value, VALUES, python.answer, ANSWER]
        for key, value, weight in rows
        if weight >= 0.005
    ]
    stops = [[thread[i] for i in (0, 1, 2, 7, 8, 13, 14, 19, 20)] for thread in threads]
    np.testing.assert_allclose(stops, expected, atol=0.01)
    mean = page.locator(".attn-mean").evaluate("({ style }) => parseFloat(style.left)")
    assert mean * MOST / 100 == pytest.approx(python.answer, abs=1e-3)
    ringed = page.locator(".attn-handle.attn-best:visible").all_inner_texts()
    assert ringed == ([] if python.found is None else [plain(python.query), plain(python.found)])


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_it_shows_what_core_and_dict_answer(bare_page: BarePage) -> None:
    page = bare_page(KeyValueExplorer(try_first="look."))
    rng = np.random.default_rng(3)
    assert_right(page)
    for query, sharpness in ((12, 0.7), (12, 10), (0, 0.05), (24, 1e6), (10.5, 1e6), (3, 1e-6)):
        change(page, query=query, sharpness=sharpness)
        assert_right(page)
    for count in (1, 2, 8):
        keys, values = rng.uniform(0, MOST, (2, count)).round(1).tolist()
        change(page, key_numbers=keys, values=values, query=keys[-1], sharpness=0.3)
        assert_right(page)
        assert page.locator(".attn-handle.attn-key:visible").count() == count
        assert page.locator(".attn-dict tbody tr:visible").count() == count
    change(page, key_numbers=[9, 9, 20], values=[4, 8, 20], query=9, sharpness=10)
    assert_right(page)
    assert (says(page, "dict"), says(page, "soft")) == ("8\u00a0°C", "6.0\u00a0°C")


def test_query_keys_values_and_answer_stand_where_they_belong_on_the_screen(bare_page: BarePage) -> None:
    page = bare_page(KeyValueExplorer(try_first="look."))
    python, box = in_core(page), page.locator(".attn-lines").bounding_box()
    places = [
        (point(page, "query"), python.query, QUERY),
        (point(page, "key of row 6"), 21, KEYS),
        (point(page, "value of row 4"), 22, VALUES),
        (page.locator(".attn-mean"), python.answer, ANSWER),
    ]
    for node, x, height in places:
        seen = node.bounding_box()
        centre = [seen["x"] + seen["width"] / 2, seen["y"] + seen["height"] / 2]
        assert centre == pytest.approx(
            [box["x"] + x / MOST * box["width"], box["y"] + height / 100 * box["height"]], abs=1.5
        )


@pytest.mark.parametrize("answer", [2, 12, 24])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_answer_is_read_beside_its_diamond(bare_page: BarePage, width: int, answer: float) -> None:
    page = bare_page(KeyValueExplorer(values=[answer] * 6, try_first="look."), width=width)
    words, mean = page.locator(".attn-result").bounding_box(), page.locator(".attn-mean").bounding_box()
    assert words["x"] >= 0
    assert words["x"] + words["width"] <= width
    assert words["x"] > mean["x"] + mean["width"] or words["x"] + words["width"] < mean["x"]
    expect(page.locator(".attn-result")).to_have_text(f"{decimal(answer, 1)}\u00a0°C")


def test_until_it_is_looked_up_nothing_tells(bare_page: BarePage) -> None:
    page = bare_page(KeyValueExplorer())
    hidden = page.locator(
        ".attn :is(.attn-thread, .attn-exact, .attn-mean, .attn-result, .attn-nothing, .attn-says strong)"
    )
    assert not any(node.is_visible() for node in hidden.all())
    assert "17.3" not in page.locator(".attn-main").inner_text()
    press(page, "Look it up")
    assert page.locator(".attn-thread:visible").count() == 5
    assert_right(page)


def test_the_button_that_goes_away_leaves_the_focus_on_the_query(bare_page: BarePage) -> None:
    page = bare_page(KeyValueExplorer())
    button(page, "Look it up").focus()
    page.keyboard.press("Enter")
    settled(page)
    expect(button(page, "Look it up")).to_be_hidden()
    expect(point(page, "query")).to_be_focused()


# --- mouse and keys ---------------------------------------------------------------------------------------------------


def test_the_query_is_dragged_stepped_and_sent(bare_page: BarePage) -> None:
    page = bare_page(KeyValueExplorer(try_first="look."))
    query, rails = point(page, "query"), page.locator(".attn-lines").bounding_box()
    unit, box = rails["width"] / MOST, query.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3.2 * unit, y + 90, steps=5)
    assert state(page)["query"] == pytest.approx(16.2, abs=0.1)
    page.mouse.move(x + 5.2 * unit, y + 90, steps=5)
    page.mouse.up()
    assert state(page)["query"] == 18, "so near to a key it is caught"
    assert_right(page)
    rest(page)
    query.focus()
    for key, place in {
        "ArrowRight": 18.5, "ArrowUp": 19, "ArrowLeft": 18.5, "ArrowDown": 18, "Shift+ArrowRight": 21, "Home": 13,
    }.items():  # fmt: skip
        page.keyboard.press(key)
        settled(page)
        assert state(page)["query"] == place
        assert query.get_attribute("aria-valuetext") == decimal(place, 1)
    page.mouse.click(rails["x"] + 6 * unit, rails["y"] + 0.2 * rails["height"])
    settled(page)
    assert state(page)["query"] == 6
    page.keyboard.press("PageDown")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") != "query"


def test_a_value_moves_the_answer_and_a_key_the_weights(bare_page: BarePage) -> None:
    page = bare_page(KeyValueExplorer(try_first="look."))
    shares = page.locator(".attn-dict tbody .attn-number")
    before, answer = shares.all_inner_texts(), says(page, "soft")
    point(page, "value of row 3").press("Shift+ArrowLeft")
    rest(page)
    assert state(page)["values"][2] == 13
    assert shares.all_inner_texts() == before
    assert says(page, "soft") != answer
    told = page.get_by_role("status").text_content() or ""
    assert told == f"value of row 3 at 13; weight 59 %; dict: KeyError: 13; soft: {says(page, 'soft')}"
    point(page, "key of row 3").press("ArrowRight")
    settled(page)
    assert shares.all_inner_texts() != before
    assert_right(page)


def test_rows_are_typed_added_and_removed(bare_page: BarePage) -> None:
    page = bare_page(KeyValueExplorer(try_first="look."))
    key, value = (page.get_by_role("spinbutton", name=f"{name} of row 2, typed") for name in ("key", "value"))
    key.fill("13")
    value.fill("4,5")
    settled(page)
    assert (state(page)["key_numbers"][1], state(page)["values"][1]) == (13, 4.5)
    assert says(page, "dict") == "4.5\u00a0°C"
    for text in ("25", "-1", "noon", ""):
        key.fill(text)
        expect(page.locator(".attn-refused")).to_have_text(
            "key of row 2, typed: a number from 0 to 24, please. The last good one stays, 13."
        )
        assert state(page)["key_numbers"][1] == 13
    key.press("Tab")
    expect(key).to_have_value("13")
    value.fill("5")
    expect(page.locator(".attn-refused")).to_have_text("")
    press(page, "Add a row")
    assert (state(page)["key_numbers"][6], state(page)["values"][6]) == (3, 12)
    press(page, "Add a row")
    press(page, "Add a row")
    assert len(state(page)["values"]) == 8
    assert_right(page)
    for _ in range(8):
        press(page, "remove row 1")
    rest(page)
    assert len(state(page)["values"]) == len(state(page)["key_numbers"]) == 1
    expect(page.get_by_role("status")).to_have_text("one row has to stay")
    assert_right(page)
    press(page, "Undo")
    assert len(state(page)["values"]) == 2
    assert_right(page)


def test_the_rows_are_one_stop_for_each_kind_of_control(bare_page: BarePage) -> None:
    page = bare_page(KeyValueExplorer(try_first="look."))
    page.get_by_role("spinbutton", name="key of row 1, typed").focus()
    page.keyboard.press("PageDown")
    expect(page.get_by_role("spinbutton", name="value of row 1, typed")).to_be_focused()
    page.keyboard.press("Tab")
    expect(button(page, "remove row 1")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(button(page, "remove row 2")).to_be_focused()
    page.keyboard.press("Enter")
    settled(page)
    assert state(page)["key_numbers"] == [6, 12, 15, 18, 21]
    page.keyboard.press("Tab")
    expect(button(page, "Add a row")).to_be_focused()


# --- things to try ----------------------------------------------------------------------------------------------------


def test_the_presets_do_what_they_say(bare_page: BarePage) -> None:
    page = bare_page(KeyValueExplorer(try_first="look."))
    unfold(page)
    press(page, "K = V")
    assert state(page)["values"] == state(page)["key_numbers"]
    assert says(page, "soft").endswith("\u00a0h")
    assert_right(page)
    press(page, "Undo")
    press(page, "One key twice")
    assert state(page)["key_numbers"][:2] == [6, 6]
    assert says(page, "dict") == "10\u00a0°C"
    assert_right(page)


def test_its_tasks_answer(bare_page: BarePage) -> None:
    page = bare_page(KeyValueExplorer())
    guess = point(page, "your guess of the soft answer")
    for _ in range(3):
        guess.press("Shift+ArrowRight")
    expect(line(page)).to_contain_text("Try first: nobody read the thermometer")
    assert page.locator(".attn").get_attribute("data-answer") == "hidden", "a guess is no answer"
    press(page, "Look it up")
    expect(line(page)).to_contain_text("→ dict has no key 13 and raises a KeyError. The soft one reads all rows")
    expect(line(page)).to_contain_text("59 % of 16 + 29 % of 22 + 7 % of 10 + … = 17.3\u00a0°C. You said 21.")
    press(page, "Next")
    expect(guess).to_be_hidden()
    change(page, query=15)
    expect(line(page)).to_contain_text("Then: put the query on a key")
    change(page, sharpness=3)
    expect(line(page)).to_contain_text("→ On a key, and sharp, the soft dictionary is the dict. Key 15 has 100 %")
    expect(line(page)).to_contain_text(f"its value, {says(page, 'dict')}.")
    press(page, "Next")
    change(page, sharpness=0.5, query=13)
    was = in_core(page).weights
    point(page, "value of row 4").press("Shift+ArrowLeft")
    expect(line(page)).to_contain_text("Then: make it soft again")
    point(page, "key of row 3").press("Shift+ArrowLeft")
    settled(page)
    now = in_core(page).weights
    expect(line(page)).to_contain_text(f"its own from {100 * was[2]:.0f} % to {100 * now[2]:.0f} %.")
    press(page, "Reset")
    change(page, query=12)
    press(page, "Look it up")
    expect(line(page)).to_contain_text("→ dict has that key and says 16\u00a0°C.")


def test_sharp_and_on_a_key_both_answer_the_same(bare_page: BarePage) -> None:
    page = bare_page(KeyValueExplorer(query=15, try_first="look."))
    expect(page.locator(".attn-sign")).to_have_text("≠")
    page.get_by_role("slider", name="Sharpness").press("End")
    settled(page)
    expect(page.locator(".attn-sign")).to_have_text("=")
    assert re.fullmatch(r"22(\.0)?\u00a0°C", says(page, "soft"))
    assert page.locator(".attn-thread:not([visibility])").count() == 1
