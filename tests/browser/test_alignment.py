"""The alignment explorer in a browser, on a bare page: what it shows against core, its bars and fields, its tasks."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.hands import button, change, python_side, rest, settled, state, unfold

from attnbook.widgets.alignment import REACH, AlignmentExplorer, naive_in_words
from attnbook.widgets.bundle import classic_script, load_order
from attnbook.widgets.svg import decimal

BarePage = Callable[..., Page]
in_core = partial(python_side, kind=AlignmentExplorer)


def rows(page: Page) -> Locator:
    return page.locator(".attn-key-row[role=group]:visible")


def bar_of(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=f"score of {name}", exact=True)


def field_of(page: Page, name: str) -> Locator:
    return page.get_by_role("spinbutton", name=f"score of {name}, typed")


def line(page: Page) -> Locator:
    return page.locator(".attn-head p")


def press(page: Page, name: str) -> None:
    button(page, name).click()
    settled(page)


def assert_right(page: Page) -> None:
    """Every number and every mark is what core computes for the page's state."""
    settled(page)
    python = in_core(page)
    count = len(python.scores)
    table = page.locator(".attn-numbers tbody tr").evaluate_all(
        "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    assert [row[0] for row in table] == [chr(97 + i) for i in range(count)]
    for i, (_, may, score, weight, x, y) in enumerate(table):
        assert may == ("yes" if python.mask[i] else "no")
        if abs(python.scores[i]) < 1e5:
            assert score == decimal(python.scores[i])
        assert float(weight.removesuffix(" %")) == pytest.approx(100 * python.weights[i], abs=0.501)
        assert [x, y] == [decimal(value) for value in python.values[i]]
    widths = rows(page).locator("[data-kind=weight]").evaluate_all("all => all.map(f => parseFloat(f.style.width))")
    assert widths == pytest.approx(100 * python.weights, abs=1e-3)
    most = np.flatnonzero(python.weights.max() - python.weights < 1e-9)
    marked = [i for i, text in enumerate(rows(page).all_inner_texts()) if "◂" in text]
    assert marked == (most.tolist() if len(most) == 1 else [])
    told = page.locator(".attn-gauge + .attn-hint").inner_text()
    if any(python.allowed):
        assert told.startswith(
            f"{decimal(python.entropy)} bits of at most {decimal(np.log2(sum(python.allowed)))} = log₂"
        )
    x, y = page.locator(".attn-mean").evaluate("({ style }) => [parseFloat(style.left), parseFloat(style.top)]")
    assert [REACH * (x / 50 - 1), REACH * (1 - y / 50)] == pytest.approx(python.context, abs=0.001)
    corners = page.locator(".attn-hull").get_attribute("points").split()
    drawn = np.array([[float(at) / 1000 for at in each.split(",")] for each in corners]).reshape(-1, 2)
    np.testing.assert_allclose(drawn, python.hull(), atol=1e-3)


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_it_shows_what_core_computes(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    rng = np.random.default_rng(2)
    assert_right(page)
    for temperature in (0.01, 0.37, 10, 1e6):
        change(page, temperature=temperature)
        assert_right(page)
    for count in (2, 3, 16):
        scores, values = rng.normal(scale=3, size=count), rng.uniform(-REACH, REACH, (count, 2))
        change(
            page,
            scores=scores.round(2).tolist(),
            values=values.round(2).tolist(),
            mask=(rng.random(count) < 0.7).tolist(),
        )
        assert_right(page)
        assert rows(page).count() == page.locator(".attn-point:visible").count() == count
    change(page, scores=[1e6, -1e6], temperature=1e-6)
    assert_right(page)


def test_values_lines_and_mean_stand_where_they_belong_on_the_screen(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(mask=[True, True, False, True, True, True]))
    python, plane = in_core(page), page.locator(".attn-plane").bounding_box()

    def place(point: Any) -> list[float]:
        unit = plane["width"] / (2 * REACH)
        return [plane["x"] + (point[0] + REACH) * unit, plane["y"] + (REACH - point[1]) * unit]

    def centre(node: Locator) -> list[float]:
        box = node.bounding_box()
        return [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]

    for i, value in enumerate(python.values[:6]):
        assert centre(page.locator(".attn-point").nth(i)) == pytest.approx(place(value), abs=1)
    assert centre(page.locator(".attn-mean")) == pytest.approx(place(python.context), abs=1)
    seen = [i for i, weight in enumerate(python.weights) if weight >= 0.005]
    pulls = page.locator("g:not([visibility]) > .attn-pull").evaluate_all(
        """all => all.map((line) => [
          ...['x1', 'y1', 'x2', 'y2'].map((end) => line[end].baseVal.value / 1000),
          parseFloat(line.style.strokeWidth)])"""
    )
    expected = [[*python.context, *python.values[i], 1 + 6 * python.weights[i]] for i in seen]
    np.testing.assert_allclose(pulls, expected, atol=0.006)
    assert page.locator(".attn-point.attn-off").all_inner_texts() == ["c"]


def test_the_mean_hides_no_value_and_no_value_hides_it(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(temperature=0.01))
    mean, disc = page.locator(".attn-mean"), page.get_by_role("slider", name="value b")
    ring, point = mean.bounding_box(), disc.bounding_box()
    assert ring["width"] > point["width"] + 4
    assert mean.evaluate("node => getComputedStyle(node).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert mean.evaluate("node => Number(getComputedStyle(node).zIndex)") > 2
    change(page, temperature=1)
    assert mean.bounding_box()["width"] < ring["width"] - 5


def test_the_bar_ends_at_the_thumb(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(scores=[3, 1.5, -3, 0], temperature=2))
    for name, score in (("a", 3), ("b", 1.5), ("c", -3), ("d", 0)):
        track = rows(page).filter(has=bar_of(page, name)).locator(".attn-bar-slider .attn-track")
        box, fill = track.bounding_box(), track.locator(".attn-fill").bounding_box()
        middle = box["x"] + box["width"] / 2
        end = fill["x"] + fill["width"] if score > 0 else fill["x"] if score < 0 else middle
        assert end == pytest.approx(middle + score / 6 * box["width"], abs=1.5)
        assert track.locator(".attn-fill").get_attribute("data-kind") == ("below" if score < 0 else "above")
    expect(page.locator(".attn-ends")).to_have_text("−3 to 3")


# --- mouse and keys ---------------------------------------------------------------------------------------------------


def test_a_bar_is_dragged_and_its_scale_waits_until_it_is_let_go(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(scores=[1, 2, 20]))
    unfold(page)  # while it is held, only a table that is open follows
    ends = page.locator(".attn-ends")
    expect(ends).to_have_text("−20 to 20")
    box = bar_of(page, "c").bounding_box()
    y, right = box["y"] + box["height"] / 2, box["x"] + box["width"] - 6
    page.mouse.move(right, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, y, steps=5)
    settled(page)
    assert abs(state(page)["scores"][2]) < 0.5
    assert_right(page)
    expect(ends).to_have_text("−20 to 20")
    page.mouse.up()
    expect(ends).to_have_text("−3 to 3")


def test_a_value_is_dragged(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    box, unit = (
        page.get_by_role("slider", name="value e").bounding_box(),
        page.locator(".attn-plane").bounding_box()["width"] / (2 * REACH),
    )
    x, y = box["x"] + 13, box["y"] + 13
    before = state(page)["values"][4]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - unit / 4, y + unit / 4, steps=4)
    page.mouse.up()
    assert state(page)["values"][4] == pytest.approx([before[0] - 0.25, before[1] - 0.25], abs=0.03)
    assert_right(page)


def test_keys_move_a_bar_and_go_from_one_to_the_next(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(scores=[0, 0, 0]))
    bar_of(page, "a").focus()
    for key, score in {
        "ArrowRight": 0.06, "Shift+ArrowRight": 0.36, "ArrowLeft": 0.3, "Home": -3, "End": 3, "ArrowDown": 2.94,
    }.items():  # fmt: skip
        page.keyboard.press(key)
        settled(page)
        assert state(page)["scores"][0] == pytest.approx(score)
    page.keyboard.press("PageDown")
    expect(bar_of(page, "b")).to_be_focused()
    page.keyboard.press("[")
    page.keyboard.press("PageUp")
    expect(bar_of(page, "c")).to_be_focused()
    page.keyboard.press("Tab")
    expect(field_of(page, "c")).to_be_focused()
    page.keyboard.press("PageDown")
    expect(field_of(page, "a")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(bar_of(page, "a")).to_be_focused()
    assert_right(page)


def test_a_score_is_typed_and_nothing_but_another_number_takes_it_away(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    field = field_of(page, "c")
    for text, score in {"-3": -3, "−1,5": -1.5, "12.25": 12.25}.items():
        field.fill(text)
        settled(page)
        assert state(page)["scores"][2] == score
        page.locator(".attn-plane").hover()
        rows(page).nth(1).hover()
        expect(field).to_have_value(text)
        assert state(page)["scores"][2] == score
    for text in ("many", "1e7", "--3"):
        field.fill(text)
        expect(page.locator(".attn-refused")).to_have_text(
            "score of c, typed: a number from −1000000 to 1000000, please. The last good one stays, 12.25."
        )
        assert field.get_attribute("aria-invalid") == "true"
        assert state(page)["scores"][2] == 12.25
    field.press("Tab")
    expect(field).to_have_value("12.25")
    field.press("ArrowDown")
    settled(page)
    assert state(page)["scores"][2] == pytest.approx(12.15)
    expect(page.locator(".attn-refused")).to_have_text("")
    field.fill("-0.5")
    field.press("Tab")
    expect(field).to_have_value("−0.5")
    assert_right(page)


def test_a_key_is_forbidden_by_keyboard_and_told(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    box = page.get_by_role("checkbox", name="b may be attended to")
    box.press("Space")
    rest(page)
    assert state(page)["mask"][:3] == [True, False, True]
    assert_right(page)
    expect(page.get_by_role("status")).to_have_text(
        f"b may not be attended to; weight 0 %; entropy {decimal(in_core(page).entropy)} bits"
    )
    assert (
        page.get_by_role("slider", name="value b").get_attribute("aria-valuetext").endswith("; may not be attended to")
    )


# --- things to try ----------------------------------------------------------------------------------------------------


def test_the_presets_do_what_they_say(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    page.locator(".attn-more summary").click()
    naive = page.locator(".attn-naive")
    press(page, "Add 100 to all scores")
    assert state(page)["scores"] == pytest.approx([score + 100 for score in AlignmentExplorer().scores])
    assert in_core(page).weights == pytest.approx(AlignmentExplorer().weights)
    assert_right(page)
    press(page, "Equal scores")
    assert set(state(page)["scores"]) == {0}
    assert_right(page)
    expect(naive).to_have_text("")
    press(page, "One huge score")
    assert state(page)["scores"] == [1000, 0, 0, 0, 0, 0]
    expect(naive).to_have_text(in_core(page).naive)
    assert "e¹⁰⁰⁰ is too large" in naive.inner_text()
    assert_right(page)
    press(page, "Mask everything")
    assert_right(page)
    expect(page.get_by_text("No key may be attended to: every weight is 0")).to_be_visible()
    press(page, "Allow everything")
    assert all(state(page)["mask"])
    for _ in range(5):
        press(page, "Undo")
    assert state(page)["scores"] == AlignmentExplorer().scores


def test_its_tasks_answer(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    before = in_core(page).weights
    bar_of(page, "b").focus()
    for _ in range(5):
        page.keyboard.press("Shift+ArrowLeft")
        settled(page)
    expect(line(page)).to_contain_text("Try first: pull the bar of b")
    for _ in range(6):
        page.keyboard.press("Shift+ArrowLeft")
        settled(page)
    now = in_core(page).weights
    told = f"→ All of them: b fell from {100 * before[1]:.0f} % to {100 * now[1]:.0f} %"
    expect(line(page)).to_contain_text(f"{told}, and every other key has more than before, c {100 * now[2]:.0f} %")
    press(page, "Next")
    for temperature, answer in ((10, "Then:"), (0.01, "Then:"), (3, "Then:"), (9, "→ Cold, it went")):
        change(page, temperature=temperature)
        expect(line(page)).to_contain_text(answer)
    press(page, "Reset")
    press(page, "Skip")
    press(page, "Skip")
    change(page, temperature=0.28)
    expect(line(page)).to_contain_text("Then: find a temperature")
    change(page, temperature=0.27)
    expect(line(page)).to_have_text("→ At 0.27, the weights are as undecided as a choice between two equal keys.")


def test_one_bit_can_be_reached_with_the_slider(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(temperature=0.25))
    slider = page.get_by_role("slider", name="Temperature")
    slider.focus()
    read = page.locator(".attn-gauge + .attn-hint")
    for _ in range(12):
        if read.inner_text().startswith("1.00 bits"):
            break
        page.keyboard.press("ArrowRight")
        settled(page)
    expect(read).to_contain_text("1.00 bits")


def test_the_fate_of_the_naive_formula_is_told_as_in_python(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    rng = np.random.default_rng(7)
    cases = [[], [1000.0, 1.0], [709.5, 709.5], [-800.0, -745.9], [709.7, 0.0]]
    cases += [(rng.normal(size=4) * 10 ** rng.uniform(0, 5)).tolist() for _ in range(60)]
    for module in load_order("alignment"):
        page.evaluate("(script) => (0, eval)(script)", classic_script(module))
    told = page.evaluate("cases => cases.map(attnbook.alignment.naiveInWords)", cases)
    assert told == [naive_in_words(np.array(powers)) for powers in cases]
    assert len({re.sub(r"e[⁻⁰¹²³⁴-⁹]+", "e", text) for text in told}) >= 4
