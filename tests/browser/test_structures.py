"""The pointer stepper in a browser, with the network that the chapter has trained: walking, dragging, the tasks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Locator, Page, expect
from tests.browser.hands import assert_table, button, rest, settled, state

from attnbook.widgets.structures import EIGHT, MOST_POINTS, PointerExplorer
from attnbook.widgets.svg import percent

BarePage = Callable[..., Page]
TRAITS = PointerExplorer.options()
LINE = [[-0.8, 0.0], [0.8, 0.0], [0.0, 0.0], [0.4, 0.0]]


@pytest.fixture(scope="module")
def trained(site: Path) -> dict[str, Any]:
    """The network that the chapter has trained, from its page."""
    page = BeautifulSoup((site / "book" / "06_structures.html").read_text(encoding="utf-8"), "html.parser")
    return dict(json.loads(page.select_one('[data-explorer="structures"] + script').string)["model"])


def in_python(page: Page) -> PointerExplorer:
    """The explorer in Python with the state that the page has."""
    return PointerExplorer(**{name: value for name, value in state(page).items() if name in TRAITS})


def press(page: Page, name: str) -> None:
    button(page, name).click()
    settled(page)


def point(page: Page, letter: str) -> Locator:
    return page.get_by_role("slider", name=f"point {letter}", exact=True)


def slide(page: Page, name: str, value: int) -> None:
    page.get_by_role("slider", name=name, exact=True).fill(str(value))
    settled(page)


def readout(page: Page) -> Locator:
    return page.locator(".attn-readout")


def line(page: Page) -> Locator:
    return page.locator(".attn-head p")


def numbers(text: str | None) -> list[float]:
    return [float(number) / 1000 for number in re.findall(r"-?\d+", text or "")]


def assert_right(page: Page) -> None:
    """Readout, bars, hull, outline, rays and the table are what Python computes for the page's state."""
    settled(page)
    python = in_python(page)
    assert readout(page).inner_text().strip("✓✗ .") == python.told()
    shown = page.locator(".attn-bars tr:visible").evaluate_all(
        "all => all.map((row) => [...row.cells].map((c) => c.innerText))"
    )
    assert [name for name, _ in shown] == list(python.bars())
    for (_, told), weight in zip(shown, python.bars().values(), strict=True):
        assert abs(float(told.removesuffix(" %")) - 100 * weight) <= 0.501
    places = np.array(python.points)
    assert numbers(page.locator("polygon.attn-hull").get_attribute("points")) == pytest.approx(
        places[python.corners].ravel(), abs=6e-4
    )
    route = places[python.gone].ravel() if python.at else []
    assert numbers(page.locator("path.attn-outline").get_attribute("d")) == pytest.approx(route, abs=6e-4)
    rays = page.locator(".attn-ray").evaluate_all(
        "all => all.map((ray) => ray.parentNode.getAttribute('visibility') !== 'hidden')"
    )
    row = np.zeros(len(places)) if python.row is None else python.row
    assert rays[: len(row)] == (row >= 0.01).tolist()
    assert not any(rays[len(row) :])
    standing = page.locator(".attn-handle.attn-query:visible").all_inner_texts()
    assert standing == [chr(97 + python.gone[-1])]
    assert_table(page, python)


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_it_shows_what_python_computes(bare_page: BarePage, trained: dict[str, Any]) -> None:
    page = bare_page(PointerExplorer(model=trained))
    press(page, "Skip")
    rng = np.random.default_rng(0)
    for count, steps in ((8, 0), (8, 3), (3, 1), (3, 3), (15, 26), (26, 5), (26, 0), (26, 1), (26, 2), (26, 26)):
        points = EIGHT if count == 8 else rng.uniform(-1, 1, (count, 2)).round(2).tolist()
        page.evaluate(
            "([points, steps]) => { models[0].set('points', points); models[0].set('steps', steps); }", [points, steps]
        )
        assert_right(page)
    page.evaluate("(points) => models[0].set('points', points)", LINE)
    settled(page)
    expect(readout(page)).to_have_text("✗ The outline goes back and forth: all points lie on one line.")


def test_it_steps_round_and_begins_again(bare_page: BarePage) -> None:
    page = bare_page(PointerExplorer())
    size = len(PointerExplorer().outline)
    for step in range(1, size + 1):
        press(page, "Step")
        assert in_python(page).at == step
        assert_right(page)
    assert state(page)["steps"] == MOST_POINTS, "it stays closed, however many points there are"
    press(page, "Start again")
    assert state(page)["steps"] == 0
    slide(page, "Steps taken", 2)
    assert_right(page)
    press(page, "Go round")
    assert_right(page)
    press(page, "Undo")
    assert state(page)["steps"] == 2


def test_steps_are_taken_one_after_the_other(bare_page: BarePage) -> None:
    page = bare_page(PointerExplorer(), motion="no-preference")
    press(page, "Go round")
    ends = len(PointerExplorer().outline) + 1
    long = []
    for _ in range(200):
        long.append(len(numbers(page.locator("path.attn-outline").get_attribute("d"))) // 2)
        if "The outline" in readout(page).inner_text():
            break
        page.wait_for_timeout(50)
    assert long[0] < 3
    assert long == sorted(long)
    assert len(set(long)) > 3
    assert len(numbers(page.locator("path.attn-outline").get_attribute("d"))) // 2 == ends


# --- points of one's own ----------------------------------------------------------------------------------------------


def test_points_are_added_and_removed(bare_page: BarePage) -> None:
    page = bare_page(PointerExplorer(try_first="look."))
    status = page.get_by_role("status")
    box = page.locator(".attn-plane").bounding_box()
    page.locator(".attn-plane").click(position={"x": 0.5 * box["width"], "y": 0.25 * box["height"]})
    settled(page)
    assert state(page)["points"] == [*EIGHT, pytest.approx([0, 0.5], abs=0.02)]
    assert_right(page)
    point(page, "b").press("Delete")
    settled(page)
    assert state(page)["points"][:2] == [EIGHT[0], EIGHT[2]]
    press(page, "Remove b")
    assert state(page)["points"][:2] == [EIGHT[0], EIGHT[3]]
    slide(page, "Points", 3)
    press(page, "Remove b")
    rest(page)
    expect(status).to_have_text("3 points have to stay")
    slide(page, "Points", MOST_POINTS)
    assert_right(page)
    page.locator(".attn-plane").click(position={"x": 2, "y": 2})
    rest(page)
    expect(status).to_have_text("26 points are the most")
    assert len(state(page)["points"]) == MOST_POINTS
    slide(page, "Points", 7)
    assert state(page)["points"][:3] == [EIGHT[0], EIGHT[3], EIGHT[4]]
    press(page, "Other points")
    assert len(state(page)["points"]) == 7
    assert_right(page)


def test_points_that_are_drawn_keep_their_distance(bare_page: BarePage) -> None:
    page = bare_page(PointerExplorer())
    for seed in range(5):
        points = np.array(page.evaluate(f"attnbook.structures.grown([], {MOST_POINTS}, {seed})"))
        apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) + 9 * np.eye(MOST_POINTS)
        assert apart.min() > 0.13
        assert np.abs(points).max() <= 0.92


def test_no_point_comes_to_lie_on_another(bare_page: BarePage) -> None:
    page = bare_page(PointerExplorer(points=[[-0.5, 0], [0, 0], [0.02, 0], [0.5, 0.5]], try_first="look."))
    before = state(page)["points"]
    point(page, "b").press("ArrowRight")
    settled(page)
    assert state(page)["points"] == before
    point(page, "b").press("Shift+ArrowRight")
    settled(page)
    assert state(page)["points"][1] == [0.1, 0]
    assert_right(page)


# --- the tasks --------------------------------------------------------------------------------------------------------


def test_nothing_tells_before_the_reader_has_decided(bare_page: BarePage, trained: dict[str, Any]) -> None:
    page = bare_page(PointerExplorer(model=trained))
    expect(readout(page)).to_have_text("a → ?")
    hidden = page.locator(".attn-ray, .attn-hull:not(span), .attn-bars th, .attn-bars .attn-number")
    assert hidden.evaluate_all("all => all.every((n) => getComputedStyle(n).visibility === 'hidden')")
    texts = page.locator(".attn-handle:visible").evaluate_all("all => all.map((n) => n.ariaValueText)")
    assert not any("%" in text for text in texts)
    ring = page.locator(".attn-handle.attn-best").evaluate("n => getComputedStyle(n).boxShadow")
    assert ring == "none"
    python = in_python(page)
    best = chr(97 + int(python.row.argmax()))
    point(page, "g").press("Enter")
    settled(page)
    told = f"From a it points at {best}, with {percent(python.row.max())} of the weight."
    expect(line(page)).to_contain_text(f"→ Not g. {told}")
    assert_right(page)
    press(page, "Reset")
    expect(readout(page)).to_have_text("a → ?")
    point(page, best).click()
    settled(page)
    expect(line(page)).to_contain_text(f"→ Yes. {told}")


def test_it_notices_a_network_that_hesitates_and_one_that_fails(bare_page: BarePage, trained: dict[str, Any]) -> None:
    page = bare_page(PointerExplorer(model=trained))
    press(page, "Skip")
    press(page, "Go round")
    expect(line(page)).to_contain_text("Then: press Go round.")
    point(page, "c").focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
        settled(page)
    expect(line(page)).to_contain_text("It still has to point at one")
    press(page, "Next")
    for count in range(9, MOST_POINTS + 1):
        expect(line(page)).to_contain_text("Then: training had 5 to 10 points.")
        slide(page, "Points", count)
        python = in_python(page)
        if count > 10 and "is right" not in python.told():
            break
    wrong = python.told().removeprefix("The outline ")
    expect(line(page)).to_contain_text(f"→ With {count} points it {wrong}. A pointer answers for any number")


def test_no_link_carries_the_network(bare_page: BarePage) -> None:
    page = bare_page(PointerExplorer(try_first="look."))
    press(page, "Go round")
    page.locator(".attn-more summary").click()
    press(page, "Copy link to this state")
    assert len(page.url.partition("#")[2]) < 300
