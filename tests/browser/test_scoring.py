"""The scoring explorer in a browser, on a bare page: by mouse, finger and keyboard, and what it shows against core."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from attnbook.core import SCORERS
from attnbook.theme import DARK, DIVERGING, DIVERGING_DARK, LIGHT
from attnbook.widgets.scoring import ScoringExplorer
from attnbook.widgets.svg import decimal

BarePage = Callable[..., Page]
TRAITS = ScoringExplorer.options()


def settled(page: Page) -> None:
    """Wait until what was asked for is painted."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def state(page: Page, model: int = 0) -> dict[str, Any]:
    return page.evaluate(f"models[{model}].state")


def shown(page: Page, host: int = 0) -> dict[str, list[str]]:
    """What the table of numbers says, by key."""
    table = page.locator(".explorer").nth(host).locator(".attn-numbers tbody tr:not([hidden])")
    rows = table.evaluate_all("rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent))")
    return {row[0]: row[1:] for row in rows}


def in_core(page: Page, model: int = 0) -> ScoringExplorer:
    """The explorer in Python with the state that the page has."""
    return ScoringExplorer(**{name: value for name, value in state(page, model).items() if name in TRAITS})


def assert_right(page: Page, index: int = 0) -> None:
    """Every number in the table and in the bars is what core computes for the page's state."""
    settled(page)
    python = in_core(page, index)
    table = shown(page, index)
    assert list(table) == [chr(97 + i) for i in range(len(python.key_vectors))]
    for i, (x, y, score, weight) in enumerate(table.values()):
        assert [x, y] == [decimal(value) for value in python.key_vectors[i]]
        # Printed to two digits: half a unit of the last place, and the 1e-6 that the two may differ by.
        assert float(score.replace("−", "-")) == pytest.approx(python.scores[i], abs=0.00501)
        assert float(weight.removesuffix(" %")) == pytest.approx(100 * python.weights[i], abs=0.501)
    bars = page.locator(".explorer").nth(index).locator(".attn-bars tbody tr:not([hidden])")
    widths = bars.locator("[data-kind=weight]").evaluate_all("fills => fills.map(f => parseFloat(f.style.width))")
    assert widths == pytest.approx(100 * python.weights, abs=1e-3)
    best = [row.split() for row in bars.all_inner_texts() if "◂" in row]
    assert [row[0] for row in best] == [chr(97 + int(np.argmax(python.weights)))]


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


@pytest.mark.parametrize("scorer", SCORERS)
def test_every_scorer_shows_what_core_computes(bare_page: BarePage, scorer: str) -> None:
    page = bare_page(ScoringExplorer(scorer=scorer, temperature=0.7))
    assert_right(page)
    assert scorer_of(page).locator("option:checked").inner_text() == SCORERS[scorer].label


@pytest.mark.parametrize("scorer", SCORERS)
def test_the_background_has_the_colour_of_the_score(bare_page: BarePage, scorer: str) -> None:
    explorer = ScoringExplorer(scorer=scorer)
    page = bare_page(explorer)
    if not SCORERS[scorer].uses_keys:
        assert not page.locator(".attn-plane .attn-picture.attn-light").is_visible()
        expect(page.get_by_text("No field: it does not matter where a key stands.")).to_be_visible()
        return
    limit = float(page.locator(".attn-scale span").last.inner_text())
    for theme, stops in (("light", DIVERGING), ("dark", DIVERGING_DARK)):
        pixels = page.locator(f".attn-plane .attn-{theme}").evaluate(
            "canvas => [...canvas.getContext('2d').getImageData(0, 0, 64, 64).data]"
        )
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


def test_the_field_at_a_key_is_its_score(bare_page: BarePage) -> None:
    for scorer, facts in SCORERS.items():
        explorer = ScoringExplorer(scorer=scorer)
        if facts.uses_keys:
            assert explorer.field(np.array(explorer.key_vectors)) == pytest.approx(explorer.scores)


def test_the_width_panel_shows_what_core_computes(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(width=1, seed=3))
    slider = page.get_by_role("slider", name="Width d")
    slider.focus()
    for power in range(10):
        settled(page)
        assert state(page)["width"] == 2**power
        for card, row in zip(page.locator(".attn-card").all(), in_core(page).saturation(), strict=True):
            heights = card.locator(".attn-column").evaluate_all("all => all.map(c => parseFloat(c.style.height))")
            assert heights == pytest.approx(100 * row.weights, abs=1e-3)
            largest, entropy, gradient = card.locator("dd").all_inner_texts()
            assert float(largest.removesuffix(" %")) == pytest.approx(100 * row.largest, abs=0.501)
            assert float(entropy.removesuffix(" bits")) == pytest.approx(row.entropy, abs=0.00501)
            assert float(gradient) == pytest.approx(row.gradient, abs=0.000501)
            assert largest in card.get_by_role("img").get_attribute("aria-label")
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="New draw").click()
    assert state(page)["seed"] == 4


def test_a_width_between_the_powers_of_two_is_shown_as_it_is(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(width=100))
    assert page.get_by_role("slider", name="Width d").get_attribute("aria-valuetext") == "100"


@pytest.mark.parametrize("count", [1, 2, 12])
def test_any_number_of_keys(bare_page: BarePage, count: int) -> None:
    keys = np.random.default_rng(count).uniform(-3, 3, size=(count, 2))
    page = bare_page(ScoringExplorer(key_vectors=keys, scorer="location", temperature=1e-6))
    assert_right(page)
    assert page.locator(".attn-handle.attn-key:visible").count() == count
    page.evaluate("models[0].set('key_vectors', [[0, 0]])")
    assert_right(page)
    assert page.locator(".attn-handle.attn-key:visible").count() == 1


# --- where things stand ---------------------------------------------------------------------------------------------

FORMULAS = {
    "additive": "vᵀ tanh(Wq q + Wk ki + b)",
    "bilinear": "qᵀ W ki",
    "dot": "qᵀ ki",
    "scaled_dot": "qᵀ ki / √d, here d = 2",
    "cosine": "qᵀ ki / (‖q‖ ‖ki‖)",
    "location": "(W q)i",
    "negative_distance": "−‖q − ki‖",
    "summed_distance": "−Σj ‖ki − kj‖",
}


def ends(page: Page, name: str) -> list[list[float]]:
    """Where the arrows of a kind that are to be seen end, in the plane's units."""
    return page.locator(f".attn-plane line.{name}").evaluate_all(
        """lines => lines.filter((line) => line.getAttribute('visibility') !== 'hidden')
          .map((line) => ['x2', 'y2'].map((end) => Number(line.getAttribute(end)) / 1000))"""
    )


@pytest.mark.parametrize("scorer", ["dot", "cosine", "negative_distance"])
def test_arrows_discs_and_the_mean_stand_where_the_state_says(bare_page: BarePage, scorer: str) -> None:
    page = bare_page(ScoringExplorer(scorer=scorer, query=[-1.5, 0.75]))
    handle(page, "key c").press("Shift+ArrowLeft")
    settled(page)
    python = in_core(page)
    best = int(np.argmax(python.weights))
    assert ends(page, "attn-key") == python.key_vectors
    assert ends(page, "attn-query") == [python.query]
    thick = page.locator("line.attn-key:not([visibility])").evaluate_all("all => all.map(l => l.style.strokeWidth)")
    assert [float(text.removesuffix("px")) for text in thick] == pytest.approx(1 + 4 * python.weights, abs=0.006)
    moved = page.locator(".attn-output").get_attribute("transform").removeprefix("translate(").removesuffix(")")
    assert [float(part) / 1000 for part in moved.split()] == pytest.approx(python.output, abs=0.001)
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

    def on(path: str) -> np.ndarray:
        """The field's score at each point of a path."""
        numbers = re.findall(r"[ML](-?\d+) (-?\d+)", page.locator(path).get_attribute("d"))
        return explorer.field(np.array(numbers, dtype=float) / 1000) if numbers else np.array([])

    shares = on(".attn-contours:not(.attn-zero)") / limit
    levels = [-0.75, -0.5, -0.25] + [0.25, 0.5, 0.75] * (scorer == "dot")
    assert sorted(set((np.round(shares * 4) / 4).tolist())) == levels
    assert np.abs(shares - np.round(shares * 4) / 4).max() < 0.005
    assert (len(on(".attn-zero")) > 0) == (scorer == "dot")
    assert np.abs(on(".attn-zero")).max(initial=0) < 0.005


def test_the_legend_runs_from_below_zero_to_above(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    for theme, stops in (("light", DIVERGING), ("dark", DIVERGING_DARK)):
        pixels = page.locator(f".attn-strip .attn-{theme}").evaluate(
            "canvas => [...canvas.getContext('2d').getImageData(0, 0, 256, 1).data]"
        )
        ends = ["#" + bytes(pixels[at : at + 3]).hex() for at in (0, 4 * 255)]
        assert ends == [stops[0], stops[-1]]


def test_formula_and_hint_are_those_of_the_scorer(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="dot"))
    formula, hint = page.locator(".attn-right > .attn-formula"), page.locator(".attn-right > .attn-hint")
    assert formula.inner_html() == "<i>q</i>ᵀ <i>k</i><sub>i</sub>"
    hints = []
    for scorer in SCORERS:
        scorer_of(page).select_option(scorer)
        settled(page)
        written = page.evaluate(f"attnbook.scoring.SCORERS.{scorer}.formula")
        assert formula.text_content() == FORMULAS.get(scorer, written.replace("_", ""))
        hints.append(hint.text_content())
        assert hints[-1] == page.evaluate(f"attnbook.scoring.SCORERS.{scorer}.hint")
    assert len(set(hints)) == len(SCORERS)


def test_the_charts_say_which_scores_and_which_width(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(width=8))
    for power in (3, 9):
        page.get_by_role("slider", name="Width d").fill(str(power))
        settled(page)
        told = [chart.get_attribute("aria-label") for chart in page.locator(".attn-chart").all()]
        for text, title in zip(told, ("qᵀ k", "qᵀ k / √d"), strict=True):
            assert text.startswith(f"Ten weights by {title} at width {2**power};")


def test_keys_of_a_handle_do_not_scroll_and_others_stay_the_browsers(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(query=[1, -2]))
    press = """(node, [key, held]) => node.dispatchEvent(
      new KeyboardEvent('keydown', { key, cancelable: true, bubbles: true, ...(held && { [held]: true }) }))"""
    query = handle(page, "query")
    assert [query.evaluate(press, [key, None]) for key in ("ArrowUp", "ArrowRight", "Home")] == [False] * 3
    settled(page)
    assert state(page)["query"] == [1, -2]  # Home leads back to where it began
    assert query.evaluate(press, ["x", None])
    for held in ("altKey", "ctrlKey", "metaKey"):
        assert query.evaluate(press, ["ArrowLeft", held])
    assert state(page)["query"] == [1, -2]
    assert [query.get_attribute(f"aria-value{name}") for name in ("min", "max", "now")] == ["-3", "3", "1"]


@pytest.mark.parametrize("event", ["pointercancel", "lostpointercapture"])
def test_a_drag_that_is_taken_away_ends(bare_page: BarePage, event: str) -> None:
    page = bare_page(ScoringExplorer())
    x, y = centre(page, "query")
    page.mouse.move(x, y)
    page.mouse.down()
    handle(page, "query").dispatch_event(event)
    page.mouse.move(x - 50, y + 50)
    settled(page)
    assert state(page)["query"] == ScoringExplorer().query


def test_reset_forgets_no_trait_and_says_so(bare_page: BarePage) -> None:
    other = {
        "query": [1, 1],
        "key_vectors": [[1, 2], [2, 1]],
        "scorer": "cosine",
        "temperature": 3,
        "W": [[1, 2], [3, 4]],
        "additive": {"W_q": [[1, 2]], "W_k": [[2, 1]], "v": [1], "bias": [0]},
        "gain": 2,
        "places": [[1, 2]] * 6,
        "width": 2,
        "seed": 9,
        "try_first": "look.",
    }
    assert list(other) == TRAITS
    page = bare_page(ScoringExplorer(scorer="additive"))
    before = state(page)
    for name, value in other.items():
        page.evaluate("([name, value]) => models[0].set(name, value)", [name, value])
    page.get_by_role("button", name="Reset").click()
    assert state(page) == before
    expect(page.get_by_role("status")).to_have_text("back at the start")
    page.get_by_role("button", name="Draw new parameters").click()
    expect(page.get_by_role("status")).to_have_text("new parameters drawn")


# --- mouse and finger -----------------------------------------------------------------------------------------------


def test_drag_a_key_with_the_mouse(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    x, y = centre(page, "key b")
    saves = page.evaluate("models[0].saves")
    page.mouse.move(x + 3, y - 2)  # not by its very middle: it must not jump
    page.mouse.down()
    page.mouse.move(x + 3 - 0.5 * unit(page), y - 2 + 2 * unit(page), steps=7)
    page.mouse.up()
    page.mouse.move(x, y)  # let go of: it must stay
    assert_right(page)
    assert state(page)["key_vectors"][1] == pytest.approx([0.1, 0.0], abs=0.02)
    assert page.evaluate("models[0].saves") > saves


def test_a_drag_ends_at_the_edge_of_the_plane(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    page.mouse.move(*centre(page, "query"))
    page.mouse.down()
    page.mouse.move(2000, -500, steps=3)
    page.mouse.up()
    assert_right(page)
    assert state(page)["query"] == [3, 3]


def test_the_right_button_does_not_drag(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    page.mouse.move(*centre(page, "query"))
    page.mouse.down(button="right")
    page.mouse.move(400, 400)
    page.mouse.up(button="right")
    settled(page)
    assert state(page)["query"] == ScoringExplorer().query


def test_drag_the_query_with_a_finger(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(), touch=True, width=390, height=800)
    touch = page.context.new_cdp_session(page)
    (x, y), step = centre(page, "query"), unit(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in range(1, 6):
        finger = {"x": x - part * step * 0.4, "y": y + part * step * 0.3}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [finger]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert_right(page)
    assert state(page)["query"] == pytest.approx([-0.8, -1.0], abs=0.05)
    assert page.evaluate("scrollY") == 0, "a finger on a handle drags it; it does not scroll the page"
    assert handle(page, "query").evaluate("node => getComputedStyle(node).touchAction") == "none"
    assert page.locator(".attn-plane").evaluate("node => getComputedStyle(node).touchAction") == "auto"


# --- keyboard -------------------------------------------------------------------------------------------------------


def focused(page: Page) -> str:
    return page.evaluate(
        """() => {
          const node = document.activeElement;
          return node.getAttribute('aria-label') ?? node.labels?.[0]?.firstChild.textContent ?? node.textContent;
        }"""
    )


def test_everything_is_reached_by_tab_in_the_order_of_reading(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="bilinear"))
    order = []
    for _ in range(19):
        page.keyboard.press("Tab")
        order.append(focused(page))
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert order == [
        *("Reset", "query", "key a", "key b", "key c", "key d", "key e", "key f", "Scorer", "Turn", "Stretch"),
        *("W, row 1, column 1", "W, row 1, column 2", "W, row 2, column 1", "W, row 2, column 2", "Temperature"),
        *("The numbers as a table", "Width d", "New draw"),
    ]


def test_arrow_keys_move_a_handle(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    handle(page, "key b").focus()
    for key, place in [
        ("ArrowRight", [0.7, 2.0]),
        ("ArrowDown", [0.7, 1.9]),
        ("Shift+ArrowLeft", [0.2, 1.9]),
        ("Shift+ArrowDown", [0.2, 1.4]),
        ("ArrowUp", [0.2, 1.5]),
        ("Home", [0.6, 2.0]),
        ("Shift+ArrowUp", [0.6, 2.5]),
        ("Shift+ArrowUp", [0.6, 3.0]),
        ("ArrowUp", [0.6, 3.0]),
    ]:
        page.keyboard.press(key)
        assert_right(page)
        assert state(page)["key_vectors"][1] == place
        assert handle(page, "key b").get_attribute("aria-valuetext") == ", ".join(decimal(value) for value in place)
    page.keyboard.press("Control+ArrowUp")
    page.keyboard.press("x")
    assert state(page)["key_vectors"][1] == [0.6, 3.0]


def test_the_scorer_is_chosen_by_keyboard(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="additive"))
    scorer_of(page).focus()
    for name in list(SCORERS)[1:]:
        page.keyboard.press("ArrowDown")
        assert state(page)["scorer"] == name
        assert_right(page)


def test_only_the_parameters_of_the_scorer_are_shown(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    own = {
        "additive": ["Gain", "Draw new parameters"],
        "bilinear": ["Turn", "Stretch"],
        "location": ["Draw new parameters"],
    }
    for name in SCORERS:
        scorer_of(page).select_option(name)
        settled(page)
        labels = page.locator(".attn-parameters:visible").locator("label > span:first-child, button").all_inner_texts()
        assert labels == own.get(name, [])


def test_sliders_by_keyboard(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="bilinear"))
    page.get_by_role("slider", name="Temperature").focus()
    page.keyboard.press("Home")
    assert state(page)["temperature"] == 0.01
    assert_right(page)
    page.keyboard.press("End")
    assert state(page)["temperature"] == 10
    page.get_by_role("slider", name="Turn").focus()
    page.keyboard.press("ArrowRight")
    settled(page)
    assert page.get_by_role("slider", name="Turn").get_attribute("aria-valuetext") == "95°"
    assert_right(page)
    page.get_by_role("slider", name="Stretch").focus()
    page.keyboard.press("ArrowRight")
    assert np.abs(np.linalg.det(state(page)["W"])) == pytest.approx(1.21)
    assert_right(page)


@pytest.mark.parametrize("degrees", [-170, -90, 0, 35, 180])
def test_turning_w_turns_the_field(bare_page: BarePage, degrees: int) -> None:
    page = bare_page(ScoringExplorer(scorer="bilinear"))
    page.get_by_role("slider", name="Turn").fill(str(degrees))
    a, b = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turned = np.array(state(page)["W"]).T
    assert list(turned @ [1, 0]) == pytest.approx([a, b])
    assert list(turned @ [0, 1]) == pytest.approx([-b, a])
    assert_right(page)


def test_a_turn_keeps_what_was_typed_into_w(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="bilinear", W=[[1, 0], [0, -1]]))
    for degrees in ("30", "60", "0"):
        page.get_by_role("slider", name="Turn").fill(degrees)
        settled(page)
        assert page.get_by_role("slider", name="Turn").get_attribute("aria-valuetext") == f"{degrees}°"
    assert np.array(state(page)["W"]) == pytest.approx(np.array([[1, 0], [0, -1]]))
    page.evaluate("models[0].set('W', [[0, 0], [0, 0]])")
    assert_right(page)
    page.get_by_role("slider", name="Stretch").fill("2")
    assert np.array(state(page)["W"]) == pytest.approx(2 * np.eye(2))


def test_an_entry_of_w_is_typed_and_nonsense_is_refused(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="bilinear"))
    entry = page.get_by_label("W, row 2, column 1")
    assert entry.input_value() == "-1"
    entry.fill("0.25")
    assert state(page)["W"] == [[0, 1], [0.25, 0]]
    assert_right(page)
    for nonsense in ("", "1e9", "-11"):
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
        page.get_by_role("button", name="Reset").click()
        assert json.dumps(state(page)[trait]) == seen[0]
        page.get_by_role("button", name="Draw new parameters").click()
        assert json.dumps(state(page)[trait]) == seen[1]


def test_gain(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="additive"))
    for gain in ("0", "4", "0.3"):
        page.get_by_role("slider", name="Gain").fill(gain)
        assert state(page)["gain"] == float(gain)
        assert_right(page)


def test_reset_brings_everything_back(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="dot", temperature=2, width=16))
    before = {name: state(page)[name] for name in TRAITS}
    handle(page, "key c").press("Shift+ArrowUp")
    handle(page, "query").press("ArrowUp")
    scorer_of(page).select_option("cosine")
    page.get_by_role("slider", name="Temperature").fill("0.5")
    page.get_by_role("slider", name="Width d").fill("9")
    page.get_by_role("button", name="New draw").click()
    page.get_by_role("button", name="Reset").click()
    assert {name: state(page)[name] for name in TRAITS} == before
    assert_right(page)
    handle(page, "key c").press("ArrowUp")  # what was restored must not have become the new start
    page.get_by_role("button", name="Reset").click()
    assert {name: state(page)[name] for name in TRAITS} == before


def test_the_table_opens_on_request(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    table = page.get_by_role("table", name="Where each key stands, its score and its weight")
    expect(table).not_to_be_visible()
    page.get_by_text("The numbers as a table").focus()
    page.keyboard.press("Enter")
    expect(table).to_be_visible()
    assert table.get_by_role("columnheader").all_inner_texts() == ["key", "x", "y", "score", "weight"]
    expect(page.get_by_text("Their mean, by weight: 0.58, 0.76.")).to_be_visible()


# --- for those who listen -------------------------------------------------------------------------------------------


def test_values_are_announced_when_the_hand_rests(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="cosine"), width=320)
    status = page.get_by_role("status")
    assert status.get_attribute("role") == "status"  # a polite live region
    assert status.inner_text() == ""
    handle(page, "key d").press("ArrowUp")
    python = in_core(page)
    said = f"key d at 1.00, −1.00; score {decimal(python.scores[3])}; weight {100 * python.weights[3]:.0f} %"
    expect(status).to_have_text(said)
    handle(page, "query").press("Shift+ArrowLeft")
    python = in_core(page)
    best = int(np.argmax(python.weights))
    expect(status).to_have_text(
        f"query at 0.70, 0.50; largest weight: key {chr(97 + best)}, {100 * python.weights[best]:.0f} %"
    )
    scorer_of(page).select_option("location")
    expect(status).to_contain_text("location-based: No field")
    assert page.evaluate("document.documentElement.scrollWidth") == 320, "what is said takes no room"


def test_a_long_drag_is_announced_once(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    page.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(() => said.push(document.querySelector('[role=status]').textContent))
            .observe(document.querySelector('[role=status]'), { childList: true, characterData: true, subtree: true });
        }"""
    )
    page.mouse.move(*centre(page, "key a"))
    page.mouse.down()
    for step in range(20):
        page.mouse.move(300 + 5 * step, 400)
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("key a at")
    assert len(page.evaluate("said")) == 1


def test_the_tree_that_a_screen_reader_sees(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    tree = page.locator(".attn").aria_snapshot()
    for line in (
        'group "Plane with the query and the keys"',
        'slider "query"',
        'slider "key a"',
        'combobox "Scorer"',
        'table "Scores and weights"',
        'row "b 1.22 34 %"',
        'slider "Temperature"',
        'group "What width does to softmax"',
        'slider "Width d"',
        'button "New draw"',
        "status",
    ):
        assert line in tree, tree
    assert "canvas" not in tree
    assert page.locator(".attn :is(h1, h2, h3, h4, h5, h6)").count() == 0, "no heading that might skip a level"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scorer", ["additive", "bilinear", "scaled_dot", "location"])
def test_axe_finds_nothing(bare_page: BarePage, theme: str, scorer: str) -> None:
    page = bare_page(ScoringExplorer(scorer=scorer), theme=theme, http=True)
    page.get_by_text("The numbers as a table").click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_targets_are_large_enough(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(scorer="bilinear"), width=320, height=800)
    for target in page.locator(".attn :is(button, input, select, summary):visible").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 24, target


# --- looks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_it_fits(bare_page: BarePage, width: int) -> None:
    page = bare_page(ScoringExplorer(), width=width)
    page.get_by_text("The numbers as a table").click()
    for scorer in SCORERS:
        scorer_of(page).select_option(scorer)
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        parts = page.locator(".attn :not(.attn-unseen, .attn-label, .attn-handle, .attn-handle *, svg *)")
        cut = parts.evaluate_all(
            """nodes => nodes.filter((node) => {
              const [box, all] = [node, document.querySelector('.attn')].map((each) => each.getBoundingClientRect());
              return box.width && (box.left < all.left - 1 || box.right > all.right + 1);
            }).map((node) => node.outerHTML)"""
        )
        assert cut == []
    columns = page.locator(".attn-main").evaluate("node => getComputedStyle(node).gridTemplateColumns")
    assert len(columns.split()) == (1 if width == 320 else 2)


def colours(page: Page) -> dict[str, str]:
    """The colours as they are painted, each as #rrggbb."""
    painted = page.locator(".attn").evaluate(
        """node => {
          const probe = node.appendChild(document.createElement('i'));
          const names = ['ink', 'paper', 'muted', 'grid', 'accent', 'query', 'key', 'above', 'below'];
          const found = names.map((name) => {
            probe.style.color = `var(--attn-${name})`;
            return [name, getComputedStyle(probe).color.match(/\\d+/g).slice(0, 3).map(Number)];
          });
          probe.remove();
          return Object.fromEntries(found);
        }"""
    )
    return {name: "#" + bytes(channels).hex() for name, channels in painted.items()}


def themed(dark: bool) -> dict[str, str]:
    theme, stops = (DARK, DIVERGING_DARK) if dark else (LIGHT, DIVERGING)
    names = ("ink", "paper", "muted", "grid", "accent", "query", "key")
    return {name: theme[name] for name in names} | {"above": stops[-3], "below": stops[2]}


@pytest.mark.parametrize(
    ("attributes", "scheme", "dark"),
    [
        ("", "light", False),
        ("", "dark", True),
        ('data-theme="light"', "dark", False),
        ('data-theme="dark"', "light", True),
        ('data-jp-theme-light="true"', "dark", False),
        ('data-jp-theme-light="false"', "light", True),
        ('data-vscode-theme-kind="vscode-light"', "dark", False),
        ('data-vscode-theme-kind="vscode-dark"', "light", True),
        ('theme="light"', "dark", False),
        ('theme="dark"', "light", True),
    ],
)
def test_the_colours_follow_page_lab_and_system(bare_page: BarePage, attributes: str, scheme: str, dark: bool) -> None:
    page = bare_page(ScoringExplorer(), attributes=attributes, scheme=scheme)
    assert colours(page) == themed(dark)
    assert page.locator(".attn-plane canvas.attn-dark").is_visible() == dark
    assert page.locator(".attn-plane canvas.attn-light").is_visible() != dark


def test_high_contrast(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(), forced_colors="active")
    assert (
        page.locator(".attn").evaluate("node => getComputedStyle(node).getPropertyValue('--attn-ink')") == "CanvasText"
    )
    painted = page.locator(".attn-handle").first.evaluate(
        "node => [getComputedStyle(node).color, getComputedStyle(node).backgroundColor]"
    )
    assert painted[0] != painted[1]
    bar = page.locator(".attn-bars [data-kind=weight]").first
    assert bar.evaluate("node => getComputedStyle(node).backgroundColor") != page.evaluate(
        "getComputedStyle(document.body).backgroundColor"
    )


def test_nothing_moves_by_itself(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(), motion="no-preference")
    handle(page, "key a").press("ArrowUp")
    scorer_of(page).select_option("dot")
    assert page.evaluate("document.getAnimations().length") == 0


# --- where nothing can move -----------------------------------------------------------------------------------------


def test_without_script_there_is_the_still(bare_page: BarePage) -> None:
    explorer = ScoringExplorer(scorer="cosine")
    page = bare_page(explorer, script=False)
    still = page.get_by_role("img", name="Attention by the cosine scorer")
    expect(still).to_be_visible()
    assert still.locator("desc").text_content() == explorer.alt


def test_on_paper_there_is_the_still(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    still = page.get_by_role("img", name="Attention by the scaled dot product scorer", include_hidden=True)
    expect(still).not_to_be_visible()
    expect(page.locator(".attn")).to_be_visible()
    page.emulate_media(media="print")
    expect(still).to_be_visible()
    expect(page.locator(".attn")).not_to_be_visible()


# --- a good citizen -------------------------------------------------------------------------------------------------


def test_two_explorers_on_one_page_do_not_meet(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(), ScoringExplorer(scorer="cosine", width=8))
    page.get_by_role("slider", name="key a").nth(1).press("Shift+ArrowUp")
    scorer_of(page).nth(0).select_option("additive")
    assert_right(page, 0)
    assert_right(page, 1)
    assert state(page, 0)["key_vectors"] == ScoringExplorer().key_vectors
    assert state(page, 1)["scorer"] == "cosine"
    assert page.locator(".attn [id]").count() == 0, "an id would not be unique"


def test_cleaning_up_leaves_nothing(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer(), ScoringExplorer())
    before = page.evaluate("document.querySelectorAll('*').length")
    counts = page.evaluate(
        """async () => {
          const add = EventTarget.prototype.addEventListener;
          const signals = [];
          EventTarget.prototype.addEventListener = function (type, listen, options) {
            if (!(this instanceof AbortSignal)) signals.push(options?.signal ?? null);
            return add.call(this, type, listen, options);
          };
          const observers = ['ResizeObserver', 'MutationObserver', 'IntersectionObserver'].map((name) => {
            const Original = window[name];
            let made = 0;
            window[name] = class extends Original { constructor(f) { super(f); made += 1; } };
            return () => made;
          });
          const { model } = { model: models[0] };
          const el = document.createElement('div');
          document.body.append(el);
          const end = attnbook.scoring.render({ model, el });
          el.querySelector('.attn-handle').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp' }));
          end();  // with a frame and an announcement still to come
          const reads = model.reads, saves = model.saves;
          ends[0]();
          model.set('query', [1, 1]);
          await new Promise((done) => setTimeout(done, 700));
          const answer = {
            unsignalled: signals.filter((signal) => !signal?.aborted).length,
            listened: signals.length,
            observers: observers.map((count) => count()),
            inside: el.childElementCount,
            listening: Object.values(model.listeners).flat().length,
            late: [model.reads - reads, model.saves - saves],
          };
          el.remove();
          return answer;
        }"""
    )
    assert counts.pop("listened") > 50
    assert counts == {"unsignalled": 0, "observers": [0, 0, 0], "inside": 0, "listening": 0, "late": [0, 0]}
    page.evaluate("ends[1]()")
    assert page.locator(".attn").count() == 0
    assert page.evaluate("document.querySelectorAll('*').length") < before


def test_many_changes_in_one_frame_are_drawn_and_saved_once(bare_page: BarePage) -> None:
    page = bare_page(ScoringExplorer())
    reads, saves = page.evaluate(
        """async () => {
          const [model, handle] = [models[0], document.querySelector('.attn-handle.attn-query')];
          const frame = () => new Promise(requestAnimationFrame);
          await frame();
          const count = async (times) => {
            const [reads, saves] = [model.reads, model.saves];
            for (let i = 0; i < times; i++) model.set('temperature', 1 + i / 100);
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
    page = bare_page(ScoringExplorer())
    page.evaluate("models[0].set('key_vectors', [[1, 1], [2, -2]])")
    page.evaluate("models[0].set('scorer', 'negative_distance')")
    page.evaluate("models[0].set('temperature', 0.123)")
    page.evaluate("models[0].set('width', 512)")
    assert_right(page)
    assert page.get_by_role("slider", name="Temperature").get_attribute("aria-valuetext") == "0.123"
    assert page.locator(".attn-card dd").first.inner_text() == f"{100 * in_core(page).saturation().plain.largest:.0f} %"
    assert page.evaluate("models[0].saves") == 0


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_typed_and_dragged_it_never_shows_nan(bare_page: BarePage, seed: int) -> None:
    page = bare_page(ScoringExplorer(scorer="bilinear"))
    rng = random.Random(seed)
    keys = ["Home", "End", "PageUp", "PageDown", "Delete", "Backspace", "-", ".", "e", "9", "0", "Shift+ArrowLeft",
            "Shift+ArrowDown", "ArrowUp", "Tab", "Tab"]  # fmt: skip
    controls = page.locator(".attn :is(button, input, select)")
    for _ in range(60):
        if rng.random() < 0.2:
            scorer_of(page).select_option(rng.choice(list(SCORERS)))
        control = controls.nth(rng.randrange(controls.count()))
        if control.is_visible():
            control.focus()
        for _ in range(rng.randrange(1, 6)):
            page.keyboard.press(rng.choice(keys))
    page.evaluate("models[0].set('query', [0, 0]); models[0].set('key_vectors', [[0, 0], [0, 0]])")
    settled(page)
    inside = page.locator(".attn").evaluate("node => node.outerHTML")
    for wrong in ("NaN", "Infinity", "undefined", "null", "[object"):
        assert wrong not in inside
    assert_right(page)
