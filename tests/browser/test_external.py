"""External attention in a browser: patches by hand, keys and finger, both maps, what moves, the curves, the tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser import hands
from tests.browser.hands import assert_rows, assert_table, button, change, python_side, rest, settled, state, unfold

from attnbook.widgets.external import PICTURES, SLOTS, WAYS, ExternalExplorer

BarePage = Callable[..., Page]
LABELS = {name: option.label for name, option in ExternalExplorer.way.options.items()}


def line(page: Page) -> Locator:
    return page.locator(".attn-head p")


def patch(page: Page, number: int) -> Locator:
    return page.get_by_role("slider", name=f"patch {number}", exact=True)


def choose(page: Page, way: str) -> None:
    page.get_by_role("radio", name=LABELS[way], exact=True).check(force=True)
    settled(page)


def slide(page: Page, name: str, value: float) -> None:
    page.get_by_role("slider", name=name, exact=True).fill(str(value))
    settled(page)


def pull(page: Page, number: int, x: float, y: float) -> None:
    """Pull a patch by so many pixels."""
    at = hands.take(page, patch(page, number))
    page.mouse.move(at[0] + x, at[1] + y, steps=5)
    page.mouse.up()
    page.mouse.move(2, 2)
    rest(page)


def shades(page: Page, which: int) -> np.ndarray:
    """How dark each cell of a map is, from 0 to 255: the place of its colour in the scale."""
    pixels, scale = (
        page.locator(selector)
        .nth(which if selector == ".attn-cells" else 0)
        .locator("canvas:visible")
        .evaluate(
            """(node) => {
              const copy = new OffscreenCanvas(node.width, node.height).getContext('2d', { willReadFrequently: true });
              copy.drawImage(node, 0, 0);
              return [node.height, [...copy.getImageData(0, 0, node.width, node.height).data]];
            }"""
        )
        for selector in (".attn-cells", ".attn-strip")
    )
    colours = np.array(scale[1]).reshape(-1, 4)
    found = [np.abs(colours - cell).sum(axis=1).argmin() for cell in np.array(pixels[1]).reshape(-1, 4)]
    return np.array(found).reshape(pixels[0], -1)


def assert_right(page: Page) -> None:
    """Both maps, what is read and moved, the sizes, the lines and the table are what Python computes."""
    settled(page)
    python = python_side(page, ExternalExplorer)
    expect(page.locator(".attn-stage")).to_contain_text(python.readout().partition(" and patches")[0])
    for which, (weights, moved) in enumerate(
        ((python.weights, python.moved), (python.self_weights, python.self_moved))
    ):
        np.testing.assert_allclose(shades(page, which), 255 * weights, atol=2.5)
        grid = page.locator(".attn-grid").nth(which)
        cells = grid.locator(".attn-moved > :not(.attn-over):visible")
        still = python.vectors == python.before
        assert_rows([cells.all_inner_texts()], [["?" if still else f"{by:.2f}" for by in moved]])
        marked = cells.evaluate_all("all => all.map((n) => n.matches('.attn-best'))")
        assert marked == (moved >= 0.005).tolist()
        assert grid.locator(".attn-columns > :visible").count() == weights.shape[1]
    sizes = page.locator(".attn-maps b ~ .attn-hint").all_inner_texts()
    assert [int(text.split("=")[1].split()[0]) for text in sizes] == [python.weights.size, python.self_weights.size]
    seen = page.locator(".attn-plane g[visibility=hidden]").count()
    assert len(SLOTS) - seen == (python.weights[python.patch] >= 0.005).sum()
    assert page.locator(".attn-patch:visible").count() == python.positions
    assert page.locator(".attn-slot:visible").count() == python.slots
    assert_table(page, python)


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_it_shows_what_python_computes(bare_page: BarePage) -> None:
    page = bare_page(ExternalExplorer(try_first="look."))
    assert_right(page)
    far = np.array(PICTURES["flowers"])
    far[4] *= 12
    steps: tuple[dict[str, Any], ...] = (
        {"positions": 10, "slots": 6, "way": "double"},
        {"vectors": far.tolist(), "chosen": 4},
        {"way": "positions", "positions": 5},
        {"way": "cosine", "slots": 1},
        {"positions": 1, "way": "double", "slots": 5},
    )
    for news in steps:
        change(page, **news)
        assert_right(page)
    slide(page, "Patches N", 6)
    slide(page, "Slots S", 3)
    for way in WAYS:
        choose(page, way)
        assert_right(page)
    assert [state(page)[name] for name in ("positions", "slots", "way")] == [6, 3, "cosine"]


def test_a_patch_is_pulled_and_what_moved_is_counted_from_there(bare_page: BarePage) -> None:
    page = bare_page(ExternalExplorer(try_first="look."))
    start = state(page)["vectors"]
    pull(page, 3, -120, -40)
    assert state(page)["before"] == start
    once = state(page)["vectors"]
    assert [i for i in range(10) if once[i] != start[i]] == [2]
    assert_right(page)
    pull(page, 5, 30, 90)
    assert state(page)["before"] == once, "the last gesture is what counts"
    assert state(page)["chosen"] == 4
    assert_right(page)
    button(page, "Undo").click()
    settled(page)
    assert (state(page)["vectors"], state(page)["before"]) == (once, start)
    patch(page, 1).click()
    settled(page)
    assert (state(page)["chosen"], state(page)["vectors"]) == (0, once)
    button(page, "Another picture").click()
    settled(page)
    assert state(page)["vectors"] == state(page)["before"] == PICTURES["beach"]
    assert_right(page)


def test_by_keys(bare_page: BarePage) -> None:
    page = bare_page(ExternalExplorer(try_first="look."))
    expect(patch(page, 3)).to_have_attribute("tabindex", "0")  # the chosen one
    patch(page, 1).focus()
    for key in ("PageDown", "Shift+ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    rest(page)
    assert state(page)["vectors"][1] == pytest.approx(np.array(PICTURES["apples"][1]) - [0.5, 0.1])
    assert state(page)["before"] == PICTURES["apples"]
    expect(page.get_by_role("status")).to_contain_text("patch 2 at −1.65, 0.70; patch 2 reads slots")
    cells = page.locator(".attn-cells")
    cells.first.focus()
    for key in ("Tab", "Shift+Tab", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    settled(page)
    share = f"{100 * python_side(page, ExternalExplorer).weights[1, 1]:.0f} %"
    expect(page.locator(".attn-see > :last-child p").first).to_have_text(f"patch 2 reads slot B: {share}")
    rest(page)
    expect(page.get_by_role("status")).to_have_text(f"patch 2, B: {share}")
    page.keyboard.press("PageDown")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Self-attention")
    page.keyboard.press("Enter")
    settled(page)
    assert state(page)["chosen"] == 0


def test_a_finger_pulls_a_patch(bare_page: BarePage) -> None:
    page = bare_page(ExternalExplorer(try_first="look."), touch=True, width=390, height=844, is_mobile=True)
    settled(page)
    box = patch(page, 3).bounding_box()
    finger = page.context.new_cdp_session(page)
    for kind, share in (("touchStart", 0.0), *(("touchMove", step / 6) for step in range(1, 7)), ("touchEnd", 1.0)):
        point = {"x": box["x"] + 13 - 150 * share, "y": box["y"] + 13 + 60 * share}
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point] * (kind != "touchEnd")})
    rest(page)
    assert state(page)["vectors"][2][0] < 0
    grids = [page.locator(".attn-grid").nth(which).bounding_box() for which in (0, 1)]
    assert grids[0]["y"] == pytest.approx(grids[1]["y"]), "both maps side by side"
    assert grids[1]["y"] < 844 - 100, "and in sight"
    assert_right(page)


def test_a_length_out_of_the_plane(bare_page: BarePage) -> None:
    page = bare_page(ExternalExplorer(try_first="look."))
    slide(page, "Length", round(np.log10(20), 3))
    assert np.hypot(*state(page)["vectors"][2]) == pytest.approx(20, rel=0.01)
    expect(patch(page, 3)).to_have_text("3»")
    plane, box = page.locator(".attn-plane").bounding_box(), patch(page, 3).bounding_box()
    assert box["x"] + box["width"] / 2 == pytest.approx(plane["x"] + plane["width"], abs=2)
    assert_right(page)
    pull(page, 3, -100, 0)
    expect(patch(page, 3)).to_have_text("3")
    change(page, vectors=[[0, 0]] * 10)
    slide(page, "Length", 0)
    assert state(page)["vectors"][2] == [1, 0], "without a direction it goes to the right"


def test_the_curves_cross_where_both_cost_the_same(bare_page: BarePage) -> None:
    page = bare_page(ExternalExplorer(try_first="look."))
    unfold(page)
    told, mark = page.locator(".attn-costs p"), page.locator(".attn-costs circle")
    expect(told).to_contain_text("self-attention 17.2 billion, external 268 million, a ratio of 64. Both")
    expect(told).to_contain_text("at N = 64.")
    for ink in ("query", "key"):  # the place of 2 to the 6th on both curves
        points = page.locator(f'.attn-costs path[style*="{ink}"]').get_attribute("d").lstrip("M").split("L")
        assert points[6].split() == [mark.get_attribute(name) for name in ("cx", "cy")]
    page.get_by_role("radio", name="with", exact=True).check(force=True)
    settled(page)
    expect(told).to_contain_text("a ratio of 15.2. External costs less at every N.")
    expect(mark).to_be_hidden()
    slide(page, "S in a model", 10)
    expect(told).to_contain_text("Both cost the same at N = 512.")


# --- the tasks --------------------------------------------------------------------------------------------------------


def test_over_slots_no_other_row_moves(bare_page: BarePage) -> None:
    page = bare_page(ExternalExplorer())
    settled(page)
    assert set(page.locator(".attn-moved > :not(.attn-over):visible").all_inner_texts()) == {"?"}
    assert page.locator(".attn-cells canvas:visible").count() == 2, "the maps are part of the question"
    pull(page, 3, -150, -60)
    python = python_side(page, ExternalExplorer)
    others = (python.self_moved >= 0.005).sum() - 1
    expect(line(page)).to_contain_text(
        f"→ With external attention no row but 3 moved, by up to {python.moved[2]:.2f}: over slots, a patch meets "
        f"stored colours and no other patch. With self-attention {others} other rows moved"
    )
    assert_right(page)


def test_an_outlier_moves_all_with_double_and_nobody_with_cosine(bare_page: BarePage) -> None:
    page = bare_page(ExternalExplorer())
    button(page, "Skip").click()
    choose(page, "cosine")
    slide(page, "Length", round(np.log10(15), 3))
    expect(line(page)).to_contain_text("Then: make patch 3 an outlier")
    choose(page, "double")
    by = [explorer.moved for explorer in (python_side(page, ExternalExplorer),)]
    choose(page, "positions")
    by.append(python_side(page, ExternalExplorer).moved)
    choose(page, "cosine")
    double, positions = (np.delete(moved, 2).max() for moved in by)
    expect(line(page)).to_contain_text(
        f"→ It moves other rows by up to 0.00 over slots, {positions:.2f} over positions and {double:.2f} with double. "
        "With cosine it moves them by 0.00, and its own by 0.00"
    )


def test_four_times_as_many_scores(bare_page: BarePage) -> None:
    page = bare_page(ExternalExplorer())
    for _ in range(2):
        button(page, "Skip").click()
    slide(page, "Slots S", 2)
    expect(line(page)).to_contain_text("→ N · N = 64 scores against N · S = 16: a ratio of N / S.")
