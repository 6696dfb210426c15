"""What width does to softmax, in a browser: what it shows against core, and its tasks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from attnbook.widgets.scoring_width import WidthExplorer


def test_it_shows_what_core_computes_and_its_tasks_answer(bare_page: Callable[..., Page]) -> None:
    page = bare_page(WidthExplorer(seed=3))
    slider, line = page.get_by_role("slider", name="Width d"), page.locator(".attn-head p")
    slider.focus()
    answered = False
    for power in range(10):
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        width = 2**power
        assert page.evaluate("models[0].state.width") == width
        assert slider.get_attribute("aria-valuetext") == str(width)
        saturation = WidthExplorer(width=width, seed=3).saturation()
        for card, row, title in zip(page.locator(".attn-card").all(), saturation, ("qᵀ k", "qᵀ k / √d"), strict=True):
            heights = card.locator(".attn-column").evaluate_all("all => all.map(c => parseFloat(c.style.height))")
            assert heights == pytest.approx(100 * row.weights, abs=1e-3)
            largest, entropy, gradient = card.locator("dd").all_inner_texts()
            assert float(largest.removesuffix(" %")) == pytest.approx(100 * row.largest, abs=0.501)
            assert float(entropy.removesuffix(" bits")) == pytest.approx(row.entropy, abs=0.00501)
            assert float(gradient) == pytest.approx(row.gradient, abs=0.000501)
            told = card.get_by_role("img").get_attribute("aria-label")
            assert told == f"Ten weights by {title} at width {width}; the largest is {largest}"
        answered = answered or (saturation.plain.largest > 0.9 and power > 0)
        assert line.inner_text().startswith("→" if answered else "Try first:")
        page.keyboard.press("ArrowRight")
    assert answered
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="New draw").click()
    plain, scaled = WidthExplorer(width=512, seed=4).saturation()
    expect(line).to_contain_text(f"{100 * plain.largest:.0f} % without √d, and {100 * scaled.largest:.0f} % with it.")


def test_a_width_between_the_powers_of_two_is_shown_as_it_is(bare_page: Callable[..., Page]) -> None:
    page = bare_page(WidthExplorer(width=100))
    assert page.get_by_role("slider", name="Width d").get_attribute("aria-valuetext") == "100"
