"""The kernel bench in a browser: points and a query that are moved, curve, weights, data of one's own, tasks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.hands import assert_table, button, change, python_side, rest, settled, state, take, unfold

from attnbook.core.nadaraya_watson import nadaraya_watson
from attnbook.widgets.nadaraya_watson import NadarayaWatsonExplorer

BarePage = Callable[..., Page]


def point(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def bandwidth(page: Page, value: float) -> None:
    """Move the slider there."""
    page.locator(".attn input[type=range]").evaluate(
        "(node, at) => { node.value = at; node.dispatchEvent(new Event('input')); }", np.log10(value)
    )
    settled(page)


def line(page: Page) -> Locator:
    return page.locator(".attn-head p")


def readout(page: Page) -> Locator:
    return page.locator(".attn-readout")


def pull(page: Page, handle: Locator, x: float, y: float) -> None:
    at = take(page, handle)
    page.mouse.move(at[0] + x, at[1] + y, steps=6)
    page.mouse.up()
    rest(page)


def pieces(page: Page, name: str) -> list[list[list[float]]]:
    """The pieces of a path, each a list of points."""
    path = page.locator(f"path.{name}").get_attribute("d") or ""
    return [[list(map(float, at.split())) for at in piece.split("L")] for piece in path.split("M")[1:]]


def ends(page: Page) -> list[list[float]]:
    """The least and the largest number of both axes, x first."""
    y, x = page.locator(".attn-ticks").evaluate_all(
        "all => all.map((each) => [...each.children].map((n) => Number(n.textContent.replace('−', '-'))))"
    )
    return [[x[0], x[-1]], [y[0], y[-1]]]


def assert_right(page: Page) -> None:
    """Curve, weights, readout, errors and table are what Python computes."""
    settled(page)
    python = python_side(page, NadarayaWatsonExplorer)
    (left, right), (low, high) = ends(page)
    x, y = np.hsplit(np.array(python.points), 2)
    given = {"kernel": python.kernel, "bandwidth": python.bandwidth}
    for piece in pieces(page, "attn-curve"):
        across, down = np.array(piece).T
        output, weights = nadaraya_watson((left + across * (right - left))[:, None], x, y, **given)
        apart = np.abs(output[:, 0] - (high - down * (high - low)))
        assert np.mean(apart < 0.02 * (high - low)) > 0.9, "it may jump between two pixels"
        assert weights.any(axis=1).mean() > 0.9, "where nothing is in reach there is a gap"
    limit = float(page.locator(".attn-beneath > .attn-ends").text_content().split()[0]) / 100
    bars = pieces(page, "attn-bars")
    wanted = [weight / limit for weight in python.weights if weight > 0]
    assert [1 - top[1] for _, top in bars] == pytest.approx(wanted, abs=0.02)
    told = readout(page).text_content()
    if python.weights.any():
        assert told.startswith(f"f({python.query:.2f}) = {python.answer:.2f}".replace("-", "−"))
    else:
        assert told.endswith("no point in reach, so nothing to average")
    errors = re.findall(r"error (?:at the points )?([\d.]+)", page.locator(".attn-error ~ p").text_content())
    assert [float(each) for each in errors] == pytest.approx(python.errors[::-1], abs=0.006)
    assert_table(page, python)


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_it_shows_what_python_computes(bare_page: BarePage) -> None:
    page = bare_page(NadarayaWatsonExplorer(try_first="look."))
    assert_right(page)
    steps: tuple[dict[str, Any], ...] = (
        {"bandwidth": 0.2},
        {"kernel": "boxcar", "query": 4.4},
        {"kernel": "triangular", "query": 4.8},
        {"kernel": "epanechnikov", "bandwidth": 0.9},
        {"points": [[-20, 3], [-10, -4.5], [30, 0]], "query": 25, "bandwidth": 12},
        {"kernel": "gaussian", "query": -9000, "bandwidth": 0.01},
        {"points": [[1, 2], [1, 2]], "query": 1},
    )
    for news in steps:
        change(page, **news)
        assert_right(page)


def test_gaps_are_told_in_words(bare_page: BarePage) -> None:
    page = bare_page(
        NadarayaWatsonExplorer(points=[[0, 1], [1, 2], [4, 3]], query=2.5, kernel="boxcar", try_first="look.")
    )
    gap = page.locator(".attn-charts .attn-row .attn-hint")
    settled(page)
    expect(gap).to_have_text("No point in reach from 2.00 to 3.00")
    assert_right(page)
    change(page, bandwidth=0.3)
    expect(gap).to_have_text("No point in reach from 1.30 to 3.70 (the widest of 2 gaps)")
    expect(page.locator(".attn-error ~ p")).to_contain_text("points with no other in reach, predicted as 0: 3")
    change(page, kernel="gaussian")
    expect(gap).to_have_text("")


def test_points_and_query_are_pulled(bare_page: BarePage) -> None:
    page = bare_page(NadarayaWatsonExplorer(try_first="look."))
    before, axes = state(page), ends(page)
    pull(page, point(page, "point 5"), 60, -40)
    now = state(page)
    by = np.array(now["points"]) - before["points"]
    assert (by[4] > 0.2).all()
    assert not np.delete(by, 4, axis=0).any()
    assert_right(page)
    pull(page, point(page, "query"), 200, -150)
    assert state(page)["query"] > before["query"] + 1
    assert state(page)["points"] == now["points"]
    assert_right(page)
    assert ends(page) == axes, "a point that is moved moves no axis"
    for _ in range(2):
        button(page, "Undo").click()
        settled(page)
    assert state(page) == before
    box = page.locator(".attn-chart-plane").first.bounding_box()
    page.mouse.click(box["x"] + 0.95 * box["width"], box["y"] + 0.3 * box["height"])
    settled(page)
    assert state(page)["query"] == pytest.approx(4.75, abs=0.02)
    assert_right(page)


def test_by_keys(bare_page: BarePage) -> None:
    page = bare_page(NadarayaWatsonExplorer(try_first="look."))
    point(page, "query").focus()
    page.keyboard.press("Shift+ArrowRight")
    settled(page)
    assert state(page)["query"] == 2.5
    assert point(page, "query").get_attribute("aria-valuetext").startswith("2.50; f(2.50) = ")
    page.keyboard.press("]")
    x, y = state(page)["points"][0]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    rest(page)
    assert state(page)["points"][0] == pytest.approx([x - 0.1, y + 0.1])
    expect(page.get_by_role("status")).to_contain_text("point 1 at 0.33, 1.45; f(2.50) = ")
    page.locator(".attn-cells").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    rest(page)
    expect(readout(page)).to_contain_text("takes")
    page.keyboard.press("Enter")
    page.locator(".attn-cells").blur()
    settled(page)
    assert state(page)["query"] < 1.5
    assert_right(page)


def test_a_finger_lifts_a_point(bare_page: BarePage) -> None:
    page = bare_page(NadarayaWatsonExplorer(try_first="look."), touch=True, width=390, height=844, is_mobile=True)
    settled(page)
    box, before = point(page, "point 20").bounding_box(), state(page)["points"]
    x, y = box["x"] + box["width"] / 2 + 9, box["y"] + box["height"] / 2  # beside what is seen of it
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - 8 * step}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settled(page)
    assert state(page)["points"][19][1] > before[19][1] + 1
    assert state(page)["points"][19][0] == pytest.approx(before[19][0], abs=0.02)
    assert page.evaluate("scrollY") == 0
    assert_right(page)


def test_what_the_slider_tells_does_not_move_it(bare_page: BarePage) -> None:
    for width in (390, 1280):
        page = bare_page(NadarayaWatsonExplorer(kernel="triangular", try_first="look."), width=width)
        tops = set()
        for value in (0.005, 0.05, 0.158, 0.3, 1, 10, 50):
            bandwidth(page, value)
            tops.add(page.locator(".attn input[type=range]").bounding_box()["y"])
        assert len(tops) == 1


def test_each_bandwidth_that_was_tried_leaves_its_error(bare_page: BarePage) -> None:
    page = bare_page(NadarayaWatsonExplorer(try_first="look."))
    for value in (0.3, 3.0):
        bandwidth(page, value)
    tried = page.locator("path.attn-tried")
    assert tried.get_attribute("d").count("M") == 3
    height = [float(each.split()[1].removesuffix("h0")) for each in tried.get_attribute("d").split("M")[1:]]
    errors = [NadarayaWatsonExplorer(bandwidth=each).errors[1] for each in (1, 0.3, 3)]
    limit = float(page.locator(".attn-error > .attn-ends").text_content())
    assert [limit * (1 - each) for each in height] == pytest.approx(errors, abs=0.01)
    change(page, kernel="boxcar")
    assert tried.get_attribute("d").count("M") == 1, "another kernel, another curve of errors"


# --- data of one's own ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1 2\n3 4.5", [[1, 2], [3, 4.5]]),
        ("x;y\n1,5;2\n−3;4\n", [[1.5, 2], [-3, 4]]),
        ("year, t\n1990, 14.1\n\n1991,\t14.3,\n", [[1990, 14.1], [1991, 14.3]]),
        ("1,2\r\n3,4", [[1, 2], [3, 4]]),
        ("[[0.5, 1.0],\n [2.0, 3e1]]", [[0.5, 1], [2, 30]]),
        ("[[0, 1], [2, 3]]", [[0, 1], [2, 3]]),
    ],
)
def test_data_of_ones_own_are_pasted(bare_page: BarePage, text: str, points: list[list[float]]) -> None:
    page = bare_page(NadarayaWatsonExplorer(try_first="look."))
    unfold(page)
    page.get_by_role("textbox", name="Data of your own").fill(text)
    settled(page)
    assert state(page)["points"] == points
    x = [each[0] for each in points]
    assert min(x) <= state(page)["query"] <= max(x)
    assert page.locator(".attn-refused").inner_text() == ""
    assert_right(page)
    button(page, "Reset").click()
    settled(page)
    assert page.get_by_role("textbox", name="Data of your own").input_value().startswith("0.43 1.35\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "2 points are the least: a point a line, x and then y."),
        ("1 2\n3 four", "Line 2, “3 four”: two numbers, please, x and y, such as “1.5 2.25”."),
        ("x y z\n1 2 3", "Line 2, “1 2 3”: two numbers, please"),
        ("1 2\n3 1e9", "Line 2, “3 1e9”: numbers from −10000 to 10000, please."),
        ("\n".join(f"{i} {i}" for i in range(60)), "There are 60 points; 50 are the most. Paste some of them."),
    ],
)
def test_what_is_no_data_is_refused_in_words(bare_page: BarePage, text: str, said: str) -> None:
    page = bare_page(NadarayaWatsonExplorer(try_first="look."))
    unfold(page)
    before = state(page)
    field = page.get_by_role("textbox", name="Data of your own")
    field.fill(text)
    settled(page)
    expect(page.locator(".attn-refused")).to_contain_text(said)
    assert field.get_attribute("aria-invalid") == "true"
    assert state(page) == before
    field.fill("1 2\n3 4")
    settled(page)
    expect(page.locator(".attn-refused")).to_be_hidden()
    field.press("Control+z")
    assert field.input_value() == text, "what is typed has an Undo of its own"


# --- the tasks --------------------------------------------------------------------------------------------------------


def test_nothing_tells_before_the_reader_has_guessed(bare_page: BarePage) -> None:
    page = bare_page(NadarayaWatsonExplorer())
    settled(page)
    expect(readout(page)).to_have_text("f(2.00) = ?")
    assert (
        page.locator(":is(.attn-curve, .attn-bars, .attn-mean, .attn-cells canvas, .attn-error):visible").count() == 0
    )
    assert "f(" not in point(page, "query").get_attribute("aria-valuetext")
    pull(page, point(page, "your guess of y at the query"), 20, -30)
    assert line(page).inner_text().startswith("Try first:")
    guess = point(page, "your guess of y at the query").get_attribute("aria-valuetext")
    button(page, "Show the curve").press("Enter")
    settled(page)
    expect(line(page)).to_have_text(
        f"→ You say {guess}; the curve says 3.03, an average of all 20 values, in which 7 of the points have 57 % of "
        f"the weight. The path was at {2 * np.sin(2) + 2**0.8:.2f}; at bandwidth 0.32, where leave-one-out is least, "
        f"the curve says {NadarayaWatsonExplorer(bandwidth=0.316).answer:.2f}. The bandwidth says what counts as near."
    )
    expect(button(page, "Show the curve")).to_be_hidden()
    assert page.evaluate("document.activeElement.ariaLabel") == "query"
    assert_right(page)
    button(page, "Next").click()
    expect(point(page, "your guess of y at the query")).to_be_hidden()


def test_the_tab_key_comes_to_the_guess_and_then_to_the_query(bare_page: BarePage) -> None:
    page = bare_page(NadarayaWatsonExplorer())
    settled(page)
    guess = point(page, "your guess of y at the query")
    expect(guess).to_have_attribute("tabindex", "0")
    guess.press("ArrowUp")
    expect(readout(page)).to_have_text("f(2.00) = ?")
    button(page, "Skip").click()
    expect(point(page, "query")).to_have_attribute("tabindex", "0")
    point(page, "point 20").focus()
    change(page, points=[[0, 1], [1, 2]])
    expect(point(page, "query")).to_have_attribute("tabindex", "0")
    button(page, "Reset").click()
    change(page, points=[[0, 1], [1, 2]])  # of which nobody knows a path
    button(page, "Show the curve").click()
    expect(line(page)).to_have_text(re.compile(r"You made no guess; the curve says [^.]+\.[^.]+weight\. The bandw"))


def test_both_ends_of_the_bandwidth(bare_page: BarePage) -> None:
    page = bare_page(NadarayaWatsonExplorer())
    button(page, "Skip").click()
    slider = page.locator(".attn input[type=range]")
    slider.press("Home")
    settled(page)
    assert line(page).inner_text().startswith("Then: one end")
    slider.press("End")
    settled(page)
    narrow, wide = (NadarayaWatsonExplorer(bandwidth=each).errors[1] for each in (0.005, 50))
    least = min(NadarayaWatsonExplorer(bandwidth=each).errors[1] for each in np.geomspace(0.005, 50, 81))
    expect(line(page)).to_contain_text(
        f"→ At 0.005 the curve knows the points by heart, at 50 it hardly looks where the query is. Leave-one-out "
        f"errors: {narrow:.2f} and {wide:.2f}. Least on the slider: {least:.2f}, at 0.32."
    )


def test_a_lifted_point_takes_the_curve_along_where_it_is_near(bare_page: BarePage) -> None:
    page = bare_page(NadarayaWatsonExplorer(bandwidth=0.2))
    for _ in range(2):
        button(page, "Skip").click()
    lifted = point(page, "point 8")
    lifted.press("ArrowUp")
    rest(page)
    assert line(page).inner_text().startswith("Then: choose")
    for _ in range(2):
        lifted.press("Shift+ArrowUp")
    settled(page)
    x = np.array(state(page)["points"])[:, 0]
    places = np.linspace(x.min(), x.max(), 241)
    weight = nadaraya_watson(places[:, None], x[:, None], x[:, None], bandwidth=0.2)[1][:, 7]
    near = places[weight >= weight.max() / 10]
    expect(line(page)).to_contain_text(
        f"→ The point went up by 1.10, the curve by {1.1 * weight.max():.2f} at most, at x = "
        f"{places[weight.argmax()]:.2f}. From x = {near[0]:.2f} to {near[-1]:.2f} it moved"
    )
