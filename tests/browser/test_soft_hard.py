"""The selection bench in a browser, on a bare page: what it shows against core, its handles, draws, tasks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.hands import button, change, python_side, rest, settled, state, unfold

from attnbook.widgets.soft_hard import MOST_DRAWS, WAYS, SelectionExplorer

BarePage = Callable[..., Page]
in_core = partial(python_side, kind=SelectionExplorer)


def lane(page: Page, way: str) -> Locator:
    return page.locator(f".attn-lane[data-way={way}]")


def score(page: Page, i: int) -> Locator:
    return page.locator(".attn-rails .attn-handle").nth(i)


def line(page: Page) -> Locator:
    return page.locator(".attn-head p")


def assert_right(page: Page) -> None:
    """Every bar, mark and answer is where core's numbers put it."""
    settled(page)
    python = in_core(page)
    count = len(python.scores)
    unit = page.locator(".attn-slot:not(.attn-out)").first.evaluate(
        "n => parseFloat(getComputedStyle(n, '::before').height)"
    )
    for row, way in enumerate(WAYS):
        high = (
            lane(page, way)
            .locator(".attn-column:visible, .attn-slot:not([hidden]) > .attn-column")
            .evaluate_all("all => all.map((each) => each.getBoundingClientRect().height)")
        )
        assert high == pytest.approx(unit * python.weights[row], abs=0.1)
        if way == "sampled" and not python.draws:
            expect(lane(page, way).locator(".attn-mean")).to_be_hidden()
            continue
        mark, scale = (lane(page, way).locator(each).bounding_box() for each in (".attn-mean", ".attn-mood"))
        middle = mark["x"] + mark["width"] / 2 - scale["x"]
        assert middle == pytest.approx(scale["width"] * (1 + python.answers[row]) / 2, abs=0.6)
    assert page.locator(".attn-reading > .attn-number").all_inner_texts() == python.told()
    assert page.locator(".attn-titles > :visible").all_inner_texts() == python.names
    assert page.locator(".attn-values > :visible").count() == count
    inside = np.abs(np.arange(count) - python.place) <= python.reach
    assert lane(page, "local").locator(".attn-slot:not([hidden]):not(.attn-out)").count() == inside.sum()


def test_it_shows_what_core_computes(bare_page: BarePage) -> None:
    page = bare_page(SelectionExplorer(try_first="look."))
    rng = np.random.default_rng(3)
    assert_right(page)
    for draws in (1, 2, 100, MOST_DRAWS):
        change(page, draws=draws, temperature=float(rng.choice([0.05, 0.5, 3, 1000])))
        assert_right(page)
    for count in (1, 2, 10):
        scores, values = rng.uniform(-3, 3, count).round(1).tolist(), rng.uniform(-1, 1, 10).round(1).tolist()
        change(page, scores=scores, values=values, place=count / 2, reach=1.5, sentence="how do you do")
        assert_right(page)


def test_the_answers_are_hidden_until_something_is_done(bare_page: BarePage) -> None:
    page = bare_page(SelectionExplorer())
    expect(page.locator(".attn-mean >> visible=true")).to_have_count(0)
    expect(lane(page, "soft").locator(".attn-reading > .attn-number")).to_be_hidden()
    assert page.locator(".attn-goal").get_attribute("d") == ""
    score(page, 0).press("ArrowUp")
    settled(page)
    expect(page.locator(".attn-mean >> visible=true")).to_have_count(3)
    expect(lane(page, "soft").locator(".attn-reading > .attn-number")).to_be_visible()


def test_the_line_of_means_goes_through_all_to_the_mark(bare_page: BarePage) -> None:
    page = bare_page(SelectionExplorer(try_first="look.", draws=500, seed=8))
    points = page.locator(".attn-trace").evaluate("node => node.getAttribute('d').slice(1).split('L')")
    means = [SelectionExplorer(draws=n, seed=8).answers[1] for n in range(1, 501)]
    for point in points:
        mean, down = map(float, point.split())
        assert mean == pytest.approx(means[round(10**down) - 1], abs=2e-4)
    assert round(10**down) == 500
    goal = page.locator(".attn-goal").get_attribute("d")
    assert float(goal[1:].split()[0]) == pytest.approx(in_core(page).answers[0])


def test_a_score_is_dragged_up_and_down_alone(bare_page: BarePage) -> None:
    page = bare_page(SelectionExplorer())
    box, rail = score(page, 1).bounding_box(), page.locator(".attn-rail").nth(1).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 90, y - rail["height"] / 6, steps=4)
    page.mouse.up()
    assert state(page)["scores"] == [-0.5, pytest.approx(1.3, abs=0.11), *SelectionExplorer().scores[2:]]
    assert_right(page)


def test_keys_go_from_word_to_word_and_each_group_is_one_stop(bare_page: BarePage) -> None:
    page = bare_page(SelectionExplorer())
    score(page, 0).focus()
    for key, wanted in {
        "ArrowUp": -0.4,
        "ArrowRight": -0.3,
        "Shift+ArrowDown": -0.8,
        "ArrowLeft": -0.9,
        "Home": -0.5,
    }.items():
        page.keyboard.press(key)
        settled(page)
        assert state(page)["scores"][0] == pytest.approx(wanted)
    expect(score(page, 0)).to_have_attribute("aria-valuetext", "−0.5; weight 3 %")
    page.keyboard.press("[")
    expect(score(page, 7)).to_be_focused()
    expect(score(page, 7)).to_have_accessible_name("score of lovely, word 8")
    page.keyboard.press("Tab")
    page.keyboard.press("PageUp")
    expect(page.get_by_role("spinbutton", name="value of lovely, word 8")).to_be_focused()
    page.keyboard.press("ArrowDown")
    rest(page)
    expect(page.get_by_role("status")).to_contain_text(
        "value of lovely +0.80; soft +0.14, mean of 0 draws –, hard +0.80"
    )
    assert_right(page)


def test_what_is_no_value_is_refused_and_the_last_good_one_stays(bare_page: BarePage) -> None:
    page = bare_page(SelectionExplorer())
    field = page.get_by_role("spinbutton", name="value of cold,, word 4")
    for text in ("good", "2", ""):
        field.fill(text)
        expect(page.locator(".attn-refused")).to_contain_text(
            "a number from −1 to 1, please. The last good one stays, −0.8."
        )
        assert state(page)["values"][3] == -0.8
    field.fill("-0,5")
    settled(page)
    assert state(page)["values"][3] == -0.5
    expect(page.locator(".attn-refused")).to_have_text("")


def test_draws_are_announced_repeat_and_begin_anew(bare_page: BarePage) -> None:
    page = bare_page(SelectionExplorer(try_first="look.", draws=MOST_DRAWS - 1))
    status = page.get_by_role("status")
    button(page, "Draw 1").click()
    rest(page)
    assert [state(page)[name] for name in ("draws", "seed")] == [MOST_DRAWS, 0]
    expect(status).to_contain_text("drawn: ")
    button(page, "Draw 100").click()
    rest(page)
    assert [state(page)[name] for name in ("draws", "seed")] == [100, 1]
    expect(status).to_contain_text("100 drawn, from the start; soft +0.18, mean of 100 draws +0.08")
    assert_right(page)
    button(page, "Undo").click()
    settled(page)
    assert [state(page)[name] for name in ("draws", "seed")] == [MOST_DRAWS, 0]


def test_many_draws_arrive_one_after_the_other(bare_page: BarePage) -> None:
    page = bare_page(SelectionExplorer(try_first="look."), motion="no-preference")
    counts = page.evaluate(
        """async () => {
          [...document.querySelectorAll('.attn-button')].find((each) => each.textContent === 'Draw 100').click();
          const seen = [];
          for (let n = 0; n < 120; n++) {
            await new Promise(requestAnimationFrame);
            seen.push(parseInt(document.querySelector('.attn-count').textContent));
          }
          return seen;
        }"""
    )
    assert counts == sorted(counts)
    assert counts[-1] == 100
    assert len(set(counts)) > 20
    assert state(page)["draws"] == 100


def test_the_window_is_pulled_along_the_words(bare_page: BarePage) -> None:
    page = bare_page(SelectionExplorer())
    thumb = page.get_by_role("slider", name="place p of the window")
    for i in (0, 3, 7):
        change(page, place=i)
        box, slot = thumb.bounding_box(), lane(page, "local").locator(".attn-slot").nth(i).bounding_box()
        at = box["x"] + 6 + (box["width"] - 12) * i / 7
        assert at == pytest.approx(slot["x"] + slot["width"] / 2, abs=0.6), "the thumb is beneath its word"
    page.mouse.move(at, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(at - 2 * slot["width"], box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    rest(page)
    assert state(page)["place"] == pytest.approx(5, abs=0.11)
    expect(page.get_by_role("status")).to_contain_text("window near cake")
    assert_right(page)


def test_words_of_ones_own(bare_page: BarePage) -> None:
    page = bare_page(SelectionExplorer())
    unfold(page)
    field = page.get_by_role("textbox", name="Words of your own")
    field.fill("not bad at all")
    settled(page)
    assert state(page)["scores"] == [-0.5, 0.3, -0.5, 1.8]
    assert state(page)["place"] == 3
    assert_right(page)
    for text in ("", "one two three four five six seven eight nine ten eleven"):
        field.fill(text)
        settled(page)
        assert field.get_attribute("aria-invalid") == "true"
        assert state(page)["sentence"] == "not bad at all"
    field.fill("not bad at all, and cheap too")
    settled(page)
    assert state(page)["scores"] == [-0.5, 0.3, -0.5, 1.8, 0, 0, 0]
    assert_right(page)


def test_its_tasks_answer(bare_page: BarePage) -> None:
    page = bare_page(SelectionExplorer())
    button(page, "Draw 1").click()
    expect(line(page)).to_contain_text("Try first: draw words")
    button(page, "Draw 100").click()
    settled(page)
    expect(line(page)).to_contain_text("→ In between: the mean of 101 draws is +0.12. Soft attention says +0.18")
    button(page, "Next").click()
    settled(page)
    change(page, temperature=0.3)
    expect(line(page)).to_contain_text("Then: find a temperature")
    change(page, temperature=0.1)
    expect(line(page)).to_contain_text("→ At 0.1, “lovely” has 98 % of the weight")
    button(page, "Next").click()
    settled(page)
    change(page, place=1)
    expect(line(page)).to_contain_text("Then: was the tea good?")
    change(page, place=2, temperature=1)
    python = in_core(page)
    told = (
        f"→ It reads 5 of 8 words and says {python.told()[3]}. Its weights sum to {100 * python.weights[3].sum():.0f} %"
    )
    expect(line(page)).to_contain_text(told)
