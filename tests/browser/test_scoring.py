"""What the scoring explorer alone does, in a browser on a bare page; what any explorer does is in tests/contract."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from tests.browser.hands import assert_table, python_side, rest, settled, state

from attnbook.core import SCORERS
from attnbook.theme import DIVERGING, DIVERGING_DARK
from attnbook.widgets.scoring import LOOKS, ScoringExplorer
from attnbook.widgets.svg import decimal, percent

BarePage = Callable[..., Page]
in_core = partial(python_side, kind=ScoringExplorer)


@pytest.fixture
def bare_page(bare_page: BarePage) -> BarePage:
    """The page with what is folded away open, and nothing veiled."""

    def open_page(explorer: ScoringExplorer, tasks: bool = False, **options: Any) -> Page:
        explorer.try_first = "" if tasks else "look."
        page = bare_page(explorer, **options)
        page.locator(".attn-more").evaluate_all("all => all.forEach((each) => { each.open = true; })")
        return page

    return open_page


def assert_right(page: Page) -> None:
    """Every number in the table and in the bars is what core computes for the page's state."""
    settled(page)
    python = in_core(page)
    assert_table(page, python)
    bars = page.locator(".attn-bars tbody tr:not([hidden])")
    widths = bars.locator("[data-kind=weight]").evaluate_all("fills => fills.map(f => parseFloat(f.style.width))")
    assert widths == pytest.approx(100 * python.weights, abs=1e-3)
    best = [row.split() for row in bars.all_inner_texts() if "◂" in row]
    alone = np.flatnonzero(python.weights.max() - python.weights < 1e-9)
    assert [row[0] for row in best] == [chr(97 + int(i)) for i in alone if len(alone) == 1]


def handle(page: Page, name: str) -> Any:
    return page.get_by_role("slider", name=name, exact=True)


def scorer_of(page: Page) -> Any:
    return page.get_by_role("combobox", name="Scorer", exact=True)


def centre(page: Page, name: str) -> tuple[float, float]:
    box = handle(page, name).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def unit(page: Page) -> float:
    """How many pixels the plane's 1 is."""
    return page.locator(".attn-plane").bounding_box()["width"] / 6


# --- what it shows --------------------------------------------------------------------------------------------------


def test_every_scorer_shows_what_core_computes_and_its_formula(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(temperature=0.7))
    formula, hint = (page.locator(f".attn-choice-with-words > .attn-{part}") for part in ("formula", "hint"))
    for scorer, look in LOOKS.items():
        scorer_of(page).select_option(scorer)
        assert_right(page)
        assert scorer_of(page).locator("option:checked").inner_text() == SCORERS[scorer].label
        assert formula.text_content() == look.formula.replace("_", "")
        assert hint.text_content() == look.hint
    scorer_of(page).select_option("dot")
    settled(page)
    assert formula.inner_html() == "<i>q</i>ᵀ <i>k</i><sub>i</sub>"


@pytest.mark.parametrize("scorer", ["additive", "cosine", "summed_distance", "location"])
def test_the_background_has_the_colour_of_the_score(bare_page: BarePage, scorer: str) -> None:
    explorer = ScoringExplorer(scorer=scorer)
    page = bare_page(explorer)
    if not SCORERS[scorer].uses_keys:
        assert not page.locator(".attn-plane .attn-picture.attn-light").is_visible()
        expect(page.get_by_text("No field: it does not matter where a key stands.")).to_be_visible()
        return
    limit = float(page.locator(".attn-scale span").last.inner_text())
    for theme, stops in (("light", DIVERGING), ("dark", DIVERGING_DARK)):
        read = "canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
        pixels = page.locator(f".attn-plane .attn-{theme}").evaluate(read)
        strip = page.locator(f".attn-strip .attn-{theme}").evaluate(read)
        assert ["#" + bytes(strip[at : at + 3]).hex() for at in (0, 4 * 255)] == [stops[0], stops[-1]]
        rng = np.random.default_rng(3)
        for column, row in rng.integers(64, size=(40, 2)):
            point = [(column + 0.5) * 6 / 64 - 3, 3 - (row + 0.5) * 6 / 64]
            (score,) = explorer.field(np.array([point]))
            assert abs(score) <= limit
            at = (score / limit + 1) / 2 * (len(stops) - 1)
            rgb = [[int(stop[i : i + 2], 16) for stop in stops] for i in (1, 3, 5)]
            expected = [np.interp(at, range(len(stops)), channel) for channel in rgb]
            first = 4 * (row * 64 + column)
            assert pixels[first : first + 3] == pytest.approx(expected, abs=4)


def test_any_number_of_keys(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="location", temperature=1e-6))
    for count in (1, 2, 12):
        keys = np.random.default_rng(count).uniform(-3, 3, size=(count, 2))
        page.evaluate("keys => models[0].set('key_vectors', keys)", keys.tolist())
        assert_right(page)
        assert page.locator(".attn-handle.attn-key:visible").count() == count


# --- where things stand ---------------------------------------------------------------------------------------------


def ends(page: Page, name: str) -> list[list[float]]:
    """Where the arrows of a kind that are to be seen end, in the plane's units."""
    return page.locator(f".attn-plane line.{name}").evaluate_all(
        """lines => lines.filter((line) => line.parentNode.getAttribute('visibility') !== 'hidden')
          .map((line) => ['x2', 'y2'].map((end) => Number(line.getAttribute(end)) / 1000))"""
    )


@pytest.mark.parametrize("scorer", ["dot", "negative_distance"])
def test_arrows_discs_and_the_mean_stand_where_the_state_says(bare_page: BarePage, scorer: str) -> None:
    page = bare_page(ScoringExplorer(scorer=scorer, query=[-1.5, 0.75]))
    handle(page, "key c").press("Shift+ArrowLeft")
    settled(page)
    python = in_core(page)
    best = int(np.argmax(python.weights))
    assert ends(page, "attn-key") == python.key_vectors
    assert ends(page, "attn-query") == [python.query]
    thick = page.locator("g:not([visibility]) > line.attn-key").evaluate_all("all => all.map(l => l.style.strokeWidth)")
    assert [float(text.removesuffix("px")) for text in thick] == pytest.approx(1.5 + 4 * python.weights, abs=0.006)
    moved = page.locator(".attn-mean").last.evaluate("({ style }) => [parseFloat(style.left), parseFloat(style.top)]")
    assert np.array(moved) * [0.06, -0.06] + [-3, 3] == pytest.approx(python.output, abs=0.001)
    discs = page.locator(".attn-handle.attn-best").evaluate_all("all => all.map(n => n.getAttribute('aria-label'))")
    rows = page.locator(".attn-bars tr.attn-best th").all_inner_texts()
    assert (discs, rows) == ([f"key {chr(97 + best)}"], [chr(97 + best)])
    # On the screen every disc sits on the tip of its arrow, up is up, and the plane's numbers stand at their ticks.
    for name, (x, y) in zip(("query", *"abcdef"), [python.query, *python.key_vectors], strict=True):
        box = page.locator(".attn-plane").bounding_box()
        place = [box["x"] + (x + 3) * box["width"] / 6, box["y"] + (3 - y) * box["height"] / 6]
        assert centre(page, name if name == "query" else f"key {name}") == pytest.approx(place, abs=1)
        tip = page.locator(".attn-query[x2], .attn-key[x2]").evaluate_all(
            """(lines, [x, y]) => lines.filter((l) => l.x2.baseVal.value === x && l.y2.baseVal.value === y).map((l) => {
              const point = new DOMPoint(x, y).matrixTransform(l.getScreenCTM());
              return [point.x, point.y];
            })""",
            [round(1000 * x), round(1000 * y)],
        )
        assert tip[0] == pytest.approx(place, abs=1)
    ticks = re.findall(r"M(-?\d+) -60V60M-60 (-?\d+)H60", page.locator(".attn-axes").get_attribute("d"))
    assert ticks == [(str(at), str(at)) for at in (-3000, -2000, -1000, 1000, 2000, 3000)]


def test_dashed_arrows_show_what_the_parameters_make_of_the_query(bare_page: BarePage) -> None:
    explorer = ScoringExplorer(scorer="bilinear", W=[[0.5, 1], [-1, 1.5]], query=[1, 0.5])
    page = bare_page(explorer)
    labels = page.locator(".attn-label:visible")
    assert ends(page, "attn-ghost") == pytest.approx(np.array([np.array(explorer.W).T @ explorer.query]))
    assert labels.all_inner_texts() == ["Wᵀq"]
    (x, y), box = ends(page, "attn-ghost")[0], labels.first.bounding_box()
    plane = page.locator(".attn-plane").bounding_box()
    right = (box["x"] + box["width"] / 2 - plane["x"]) / unit(page) - 3 - x
    up = 3 - (box["y"] + box["height"] / 2 - plane["y"]) / unit(page) - y
    assert right * x + up * y > 0, "the name stands beyond the tip"
    assert np.hypot(right, up) < 0.6
    scorer_of(page).select_option("location")
    settled(page)
    assert ends(page, "attn-ghost") == pytest.approx(np.array(explorer.places[:6]))
    assert labels.all_inner_texts() == ["W₁", "W₂", "W₃", "W₄", "W₅", "W₆"]
    scorer_of(page).select_option("dot")
    settled(page)
    assert (ends(page, "attn-ghost"), labels.count()) == ([], 0)


def test_bars_of_scores_go_right_above_zero_and_left_below(bare_page: BarePage) -> None:
    for scorer in ("dot", "negative_distance"):
        page = bare_page(ScoringExplorer(scorer=scorer))
        scores = in_core(page).scores
        fills = page.locator(".attn-bars .attn-signed .attn-fill:visible")
        styles = fills.evaluate_all("f => f.map((x) => [parseFloat(x.style.left), parseFloat(x.style.width)])")
        lefts, widths = np.array(styles).T
        assert 25 < widths.max() <= 50
        assert widths / widths.max() == pytest.approx(np.abs(scores) / np.abs(scores).max(), abs=1e-3)
        assert np.where(scores < 0, lefts + widths, lefts) == pytest.approx(50 + 0 * scores, abs=1e-3)
        kinds = fills.evaluate_all("fills => fills.map((fill) => fill.dataset.kind)")
        assert kinds == ["below" if score < 0 else "above" for score in scores]


@pytest.mark.parametrize("scorer", ["dot", "negative_distance"])
def test_contours_run_where_the_field_has_their_score(bare_page: BarePage, scorer: str) -> None:
    explorer = ScoringExplorer(scorer=scorer)
    page = bare_page(explorer)
    low, high = (page.locator(".attn-scale > span").nth(at).inner_text() for at in (0, -1))
    assert (low[0], high[0], low[1:]) == ("−", "+", high[1:])
    limit = float(high)

    def on(paths: str) -> np.ndarray:
        """The field's score at each point of some paths."""
        drawn = page.locator(paths).evaluate_all("paths => paths.map((path) => path.getAttribute('d')).join('')")
        numbers = re.findall(r"[ML](-?\d+) (-?\d+)", drawn)
        return explorer.field(np.array(numbers, dtype=float) / 1000) if numbers else np.array([])

    shares = on(".attn-contours:not(.attn-zero)") / limit
    levels = [-0.75, -0.5, -0.25] + [0.25, 0.5, 0.75] * (scorer == "dot")
    assert sorted(set((np.round(shares * 4) / 4).tolist())) == levels
    assert np.abs(shares - np.round(shares * 4) / 4).max() < 0.005
    assert (len(on(".attn-zero")) > 0) == (scorer == "dot")
    assert np.abs(on(".attn-zero")).max(initial=0) < 0.005


# --- by hand --------------------------------------------------------------------------------------------------------


def test_drag_with_the_mouse(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    x, y = centre(page, "key b")
    page.mouse.move(x + 3, y - 2)  # not by its very middle: it must not jump
    page.mouse.down()
    page.mouse.move(x + 3 - 0.5 * unit(page), y - 2 + 2 * unit(page), steps=7)
    page.mouse.up()
    page.mouse.move(x, y)  # let go of: it must stay
    assert_right(page)
    assert state(page)["key_vectors"][1] == pytest.approx([0.1, 0.0], abs=0.02)
    page.mouse.move(*centre(page, "query"))
    page.mouse.down()
    page.mouse.move(2000, -500, steps=3)
    page.mouse.up()
    assert_right(page)
    assert state(page)["query"] == [3, 3], "a drag ends at the edge of the plane"


def test_arrow_keys_move_a_handle(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    handle(page, "key b").focus()
    for key, place in [
        ("ArrowRight", [0.7, 2.0]),
        ("Shift+ArrowLeft", [0.2, 2.0]),
        ("Shift+ArrowDown", [0.2, 1.5]),
        ("ArrowUp", [0.2, 1.6]),
        ("Home", [0.6, 2.0]),
        ("Shift+ArrowUp", [0.6, 2.5]),
        ("Shift+ArrowUp", [0.6, 3.0]),
        ("Control+ArrowDown", [0.6, 3.0]),
        ("x", [0.6, 3.0]),
    ]:
        page.keyboard.press(key)
        settled(page)
        assert state(page)["key_vectors"][1] == place
        told = handle(page, "key b").get_attribute("aria-valuetext")
        assert told.startswith(", ".join(decimal(value) for value in place))


def test_only_the_parameters_of_the_scorer_are_shown(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    own = {
        "additive": ["Gain", "Draw new parameters"],
        "bilinear": ["Turn"],
        "location": ["Draw new parameters"],
    }
    for name in SCORERS:
        scorer_of(page).select_option(name)
        settled(page)
        labels = (
            page.locator(".attn-folded").locator("label > span:first-child:visible, button:visible").all_inner_texts()
        )
        assert labels == ["Temperature", *own.get(name, []), "Copy link to this state", "Save picture"]


def test_sliders_by_keyboard(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="additive"))
    for name, key, trait, value in [
        ("Temperature", "Home", "temperature", 0.01),
        ("Temperature", "End", "temperature", 10),
        ("Gain", "Home", "gain", 0),
        ("Gain", "End", "gain", 4),
    ]:
        page.get_by_role("slider", name=name).press(key)
        assert state(page)[trait] == value
        assert_right(page)


def test_turning_w_turns_the_field_and_keeps_what_was_typed(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="bilinear"))
    turn = page.get_by_role("slider", name="Turn")
    for degrees in (-170, -90, 0, 35, 180):
        turn.fill(str(degrees))
        a, b = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        assert pytest.approx(np.array([[a, -b], [b, a]])) == np.array(state(page)["W"]).T
        assert_right(page)
        assert turn.get_attribute("aria-valuetext") == f"{degrees}°".replace("-", "−")
    page.evaluate("models[0].set('W', [[1, 0], [0, -1]])")
    for degrees in ("30", "60", "0"):
        turn.fill(degrees)
    assert np.array(state(page)["W"]) == pytest.approx(np.array([[1, 0], [0, -1]]))


def test_an_entry_of_w_is_typed_and_nonsense_is_refused(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="bilinear"))
    entry = page.get_by_label("W, row 2, column 1")
    assert entry.input_value() == "−1"
    entry.fill("0.25")
    assert state(page)["W"] == [[0, 1], [0.25, 0]]
    assert_right(page)
    for nonsense in ("", "1e9", "-11", "one"):
        entry.fill(nonsense)
        settled(page)
        assert entry.get_attribute("aria-invalid") == "true"
        assert state(page)["W"] == [[0, 1], [0.25, 0]]
    expect(page.get_by_role("status")).to_have_text(
        "W, row 2, column 1: a number from −10 to 10, please. The last good one stays, 0.25."
    )
    entry.blur()
    assert entry.input_value() == "0.25"
    assert entry.get_attribute("aria-invalid") is None
    assert_right(page)


def test_new_parameters_are_drawn(bare_page: BarePage) -> None:
    for scorer, trait in (("additive", "additive"), ("location", "places")):
        page = bare_page(ScoringExplorer(scorer=scorer))
        seen = [json.dumps(state(page)[trait])]
        for _ in range(3):
            page.get_by_role("button", name="Draw new parameters").click()
            assert_right(page)
            seen.append(json.dumps(state(page)[trait]))
        assert len(set(seen)) == 4
        page.get_by_role("button", name="Undo").click()
        assert json.dumps(state(page)[trait]) == seen[-2]
        page.get_by_role("button", name="Reset").click()
        assert json.dumps(state(page)[trait]) == seen[0]


def test_values_are_announced_when_the_hand_rests(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="cosine"))
    handle(page, "key d").press("ArrowUp")
    rest(page)
    python = in_core(page)
    best = int(np.argmax(python.weights))
    expect(page.get_by_role("status")).to_have_text(
        f"key d at 1.00, −1.00; score {decimal(python.scores[3])}; weight {percent(python.weights[3])}; "
        f"largest weight: key {chr(97 + best)}, {percent(python.weights[best])}"
    )


# --- what one wants next --------------------------------------------------------------------------------------------


def test_a_place_is_read_and_pressed(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="cosine"))
    box = page.locator(".attn-plane").bounding_box()
    page.mouse.move(*(place := (box["x"] + box["width"] / 6, box["y"] + box["height"] / 3)))  # at −2, 1
    (score,) = in_core(page).field(np.array([[-2.0, 1.0]]))
    told = page.locator(".attn-here").inner_text().removeprefix("here a key scores ").replace("−", "-")
    assert float(told) == pytest.approx(score, abs=0.02)
    page.mouse.click(*place)
    assert_right(page)
    assert state(page)["query"] == pytest.approx([-2, 1], abs=0.02)
    handle(page, "key c").focus()
    page.mouse.click(place[0], place[1] - unit(page))
    assert_right(page)
    assert state(page)["key_vectors"][2] == pytest.approx([-2, 2], abs=0.02)


def test_the_field_is_read_by_keys_and_by_a_finger_too(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="dot", try_first="look."), touch=True, width=390, is_mobile=True)
    handle(page, "query").press("Home")
    expect(page.locator(".attn-here")).to_have_text("at q a key scores 1.69")
    page.locator(".attn-plane").tap(position={"x": 60, "y": 60})
    expect(page.get_by_text("here a key scores ")).to_be_visible()


def test_keys_are_added_and_removed(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    add, remove = (page.get_by_role("button", name=name) for name in ("Add a key", "Remove"))
    for count in (7, 8, 9, 10, 11, 12, 12):
        add.click()
        assert len(state(page)["key_vectors"]) == count
    assert_right(page)
    expect(page.get_by_role("status")).to_have_text("12 keys are the most")
    handle(page, "key b").focus()
    expect(remove).to_have_text("Remove b")
    third = state(page)["key_vectors"][2]
    remove.click()
    assert state(page)["key_vectors"][1] == third
    for _ in range(12):
        remove.click()
    assert_right(page)
    assert len(state(page)["key_vectors"]) == 1
    assert page.evaluate("document.activeElement !== document.body")
    page.get_by_role("button", name="Undo").click()
    assert len(state(page)["key_vectors"]) == 2


def test_two_scorers_are_compared(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="dot"))
    for scorer in SCORERS:
        page.get_by_role("combobox", name="Compare with").select_option(scorer)
        settled(page)
        python = in_core(page)
        fills = page.locator(".attn-bars [data-kind=other]:visible")
        widths = fills.evaluate_all("fills => fills.map((fill) => parseFloat(fill.style.width))")
        assert widths == pytest.approx(100 * python.other_weights(), abs=1e-3)
        mean = page.locator(".attn-mean.attn-other").evaluate(
            "({ style }) => [parseFloat(style.left), parseFloat(style.top)]"
        )
        expected = python.other_weights() @ np.array(python.key_vectors)
        assert np.array(mean) * [0.06, -0.06] + [-3, 3] == pytest.approx(expected, abs=0.001)


def test_the_tasks_answer(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="dot"), tasks=True)
    line, weights = page.locator(".attn-head p"), page.locator(".attn-bars [data-kind=weight]").first
    expect(weights).to_be_hidden()
    expect(page.locator(".attn-mean").last).to_be_hidden()
    handle(page, "key c").press("Enter")
    expect(line).to_have_text("→ Not c. Key b has the largest weight, 40 %.")
    expect(weights).to_be_visible()
    page.get_by_role("button", name="Next").click()
    handle(page, "key a").press("ArrowLeft")
    expect(line).to_contain_text("Then: choose the dot product")
    for key in ("ArrowRight", "Shift+ArrowRight", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    expect(line).to_contain_text("→ a’s score rose from 0.70 to 1.40:")
    page.get_by_role("button", name="Next").click()
    scorer_of(page).select_option("cosine")
    settled(page)
    score = in_core(page).rows()[0][3]
    handle(page, "key a").press("Shift+ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(line).to_have_text(f"→ Its score stayed at {score}: the cosine reads directions, not lengths.")
    page.get_by_role("button", name="Reset").click()
    expect(weights).to_be_hidden()
    x, y = centre(page, "key b")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=3)
    page.mouse.up()
    expect(line).to_have_text(f"Try first: {ScoringExplorer.tasks[0].ask}")
