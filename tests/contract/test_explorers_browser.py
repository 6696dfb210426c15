"""What every explorer promises in a browser: asked of each with the same few gestures."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from tests.browser.hands import assert_rows, assert_table, button, rest, settled, state, take, unfold
from tests.contract.values import another, changes, linked, outside, some_states
from traitlets import TraitError

from attnbook.theme import DARK, LIGHT
from attnbook.widgets import Explorer
from attnbook.widgets.bundle import CSS
from attnbook.widgets.scoring import ScoringExplorer

BarePage = Callable[..., Page]
WRONG = ("NaN", "Infinity", "undefined", "[object")


def first_handle(page: Page) -> Locator:
    return page.locator(".attn .attn-handle:visible, .attn input[type=range]:visible").first


def opened(page: Page, links: list[str]) -> list[dict[str, Any]]:
    """The states after the page is opened anew by each of these links; none of them is painted."""
    found = page.evaluate(
        """(links) => links.map((link) => {
          history.replaceState(null, '', `#${link}`);
          mount();
          return structuredClone(models[0].state);
        })""",
        links,
    )
    settled(page)
    assert state(page) == found[-1], "nothing is opened later"
    return list(found)


# --- moving, and going back -------------------------------------------------------------------------------------------


def test_by_keys_alone_and_back(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared())
    before = state(page)
    stops = []
    for _ in range(30):
        page.keyboard.press("Tab")
        if not page.evaluate("document.activeElement.closest('.attn')"):
            break
        stops.append(page.evaluate("document.activeElement.getAttribute('role') ?? document.activeElement.type"))
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert len(stops) <= 12
    assert {"slider", "range"} & set(stops)
    first_handle(page).press("ArrowRight")
    settled(page)
    assert state(page) != before
    page.keyboard.press("Control+z")
    settled(page)
    assert state(page) == before
    first_handle(page).press("ArrowRight")
    button(page, "Reset").focus()
    page.keyboard.press("Enter")
    settled(page)
    assert state(page) == before
    button(page, "Undo").press("Enter")
    settled(page)
    assert state(page) != before


def test_one_drag_is_one_step_and_is_announced_once(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared())
    before = state(page)
    page.evaluate(
        """() => {
          window.said = [];
          const status = document.querySelector('[role=status]');
          new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true, subtree: true });
        }"""
    )
    box = first_handle(page).bounding_box()
    x, y = box["x"] + min(12, box["width"] / 2), box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(x + 6 * step, y + step)
    page.mouse.up()
    rest(page)
    assert state(page) != before
    assert len(page.evaluate("said")) == 1
    button(page, "Undo").click()
    settled(page)
    assert state(page) == before
    assert button(page, "Undo").get_attribute("aria-disabled") == "true"


def test_each_gesture_is_a_step(bare_page: BarePage, declared: type[Explorer]) -> None:
    """Keys in a row are one until the hand rests; a pull begins anew, however soon it comes."""
    page = bare_page(declared(try_first="look."))
    states = [state(page)]
    for _ in range(2):
        first_handle(page).press("ArrowRight")
        first_handle(page).press("ArrowRight")
        rest(page)
        states.append(state(page))
    first_handle(page).press("ArrowLeft")
    settled(page)
    states.append(state(page))
    x, y = take(page, first_handle(page))
    page.mouse.move(x + 70, y - 20, steps=3)
    page.mouse.up()
    rest(page)
    assert state(page) != states[-1]
    while states:
        button(page, "Undo").click()
        settled(page)
        assert state(page) == states.pop()


def test_reset_forgets_no_trait(bare_page: BarePage, declared: type[Explorer]) -> None:
    explorer = declared()
    page = bare_page(explorer)
    before = state(page)
    for name in linked(declared):
        page.evaluate("([name, value]) => models[0].set(name, value)", [name, another(explorer, name)])
    settled(page)
    assert page.evaluate("models[0].saves") == 0, "what comes from outside is not sent back"
    button(page, "Reset").click()
    settled(page)
    assert state(page) == before
    expect(page.get_by_role("status")).to_have_text("back at the start")


def test_it_moves_there_within_a_fifth_of_a_second(bare_page: BarePage, declared: type[Explorer]) -> None:
    """With movement allowed, Undo goes through what lies between, and arrives exactly."""
    page = bare_page(declared(), motion="no-preference")
    before = state(page)
    first_handle(page).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    rest(page)
    button(page, "Undo").click()
    page.wait_for_timeout(600)
    assert state(page) == before


def test_while_anything_is_held_no_scale_changes(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared(try_first="look."))
    scales = page.locator(".attn :is(.attn-scale, .attn-ends)")
    bars = "cells => cells.map((cell) => [cell.textContent, parseFloat(cell.querySelector('.attn-fill')?.style.width)])"
    for handle in page.locator(".attn .attn-handle:visible").all()[:2]:
        rest(page)
        before, told = state(page), scales.all_inner_texts()
        long = page.locator(".attn .attn-cell").evaluate_all(bars)
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        for place in ((x, y), (2000, y - 60), (-200, y + 60), (x + 40, -200)):  # on a line only x counts
            page.mouse.move(*place)
            settled(page)
            assert scales.all_inner_texts() == told
            for was, now in zip(long, page.locator(".attn .attn-cell").evaluate_all(bars), strict=True):
                moved = was[0] == now[0] and abs(was[1] - now[1]) > 1  # of a hundred: numbers are rounded
                assert not moved, "a bar whose number stays keeps its length"
        page.mouse.up()
        assert state(page) != before


def test_bars_move_to_what_was_chosen_and_follow_what_is_held(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared(try_first="look."), motion="no-preference")
    fills = page.locator(".attn :is(.attn-fill, .attn-column)")
    how = "all => [...new Set(all.map((node) => getComputedStyle(node).transitionDuration.split(', ')[0]))]"
    if not fills.count():
        return
    assert fills.evaluate_all(how) == ["0.2s"]
    box = first_handle(page).bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + box["height"] / 2)
    settled(page)
    assert fills.evaluate_all(how) == ["0s"]
    page.mouse.up()
    page.emulate_media(reduced_motion="reduce")
    rest(page)
    assert fills.evaluate_all(how) == ["0s"]


def test_keys_that_are_not_its_own_stay_the_pages(bare_page: BarePage, declared: type[Explorer]) -> None:
    """The page searches at a slash, and the browser has its own uses for a key with Alt, Control or Meta."""
    page = bare_page(declared())
    unfold(page)
    for control in page.locator(".attn :is(.attn-handle, input[type=range], button, select):visible").all()[:6]:
        reached = control.evaluate(
            """node => {
              const heard = [];
              const listen = (event) => heard.push([event.key, event.defaultPrevented]);
              document.addEventListener('keydown', listen);
              for (const [key, held] of [['/'], ['ArrowLeft', 'altKey'], ['ArrowUp', 'ctrlKey'], ['k', 'metaKey']]) {
                node.dispatchEvent(new KeyboardEvent('keydown', {
                  key, bubbles: true, cancelable: true, ...(held && { [held]: true }) }));
              }
              document.removeEventListener('keydown', listen);
              return heard;
            }"""
        )
        assert reached == [["/", False], ["ArrowLeft", False], ["ArrowUp", False], ["k", False]]


# --- a finger, a wheel ------------------------------------------------------------------------------------------------


def at_rest(slider: Locator) -> dict[str, float]:
    """Where a slider is once the page that a finger has thrown lies still."""
    return dict(
        slider.evaluate(
            """async (node) => {
              for (let still = 0, top; still < 5; still = node.getBoundingClientRect().top === top ? still + 1 : 0) {
                node.scrollIntoView({ block: 'end' });
                top = node.getBoundingClientRect().top;
                await new Promise(requestAnimationFrame);
              }
              return node.getBoundingClientRect().toJSON();
            }"""
        )
    )


def test_a_swipe_over_the_sliders_changes_nothing(bare_page: BarePage, explorer: type[Explorer]) -> None:
    page = bare_page(explorer(), touch=True, width=390, height=700)
    unfold(page)
    page.evaluate("document.body.style.paddingBottom = '2000px'")
    before = state(page)
    finger = page.context.new_cdp_session(page)
    sliders = page.locator(".attn input[type=range]:visible")
    assert sliders.count()
    for slider in sliders.all()[:3]:
        box = at_rest(slider)
        x, y = box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 12):
            finger.send(
                "Input.dispatchTouchEvent",
                {"type": "touchMove", "touchPoints": [{"x": x + step / 4, "y": y - 12 * step}]},
            )
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        settled(page)
        assert state(page) == before
    assert page.evaluate("models[0].saves") == 0, "nor was anything changed for a moment"
    slider = sliders.first
    box = at_rest(slider)
    x, y = box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 2
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 12):
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + 9 * step, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settled(page)
    now = state(page)
    assert now != before, "sideways it moves the slider"
    box = at_rest(slider)
    x, y = box["x"] + 0.15 * box["width"], box["y"] + box["height"] / 2
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settled(page)
    assert state(page) != now, "so does a tap"


def test_a_finger_drags_a_handle_and_the_right_button_does_not(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared(try_first="look."), touch=True, width=390, height=844, is_mobile=True)
    handles = page.locator(".attn .attn-handle:visible")
    if not handles.count():
        return
    before, box = state(page), handles.first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down(button="right")
    page.mouse.move(x + 40, y + 40)
    page.mouse.up(button="right")
    assert state(page) == before
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 6):
        point = {"x": x - 4 * step, "y": y + 12 * step}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settled(page)
    assert state(page) != before
    assert page.evaluate("scrollY") == 0, "a finger on a handle drags it; it does not scroll the page"


def test_what_is_touched_is_large(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared(), touch=True, width=390, height=844, is_mobile=True)
    unfold(page)
    for target in page.locator(".attn :is(button, select, summary, input):visible").all():
        height = target.evaluate(
            """(node) => {
              const box = node.getBoundingClientRect();
              const after = getComputedStyle(node, '::after');
              const more = after.position === 'absolute' ? Math.max(0, -2 * parseFloat(after.top)) : 0;
              return box.height + more;
            }"""
        )
        assert height >= 43.5, target.evaluate("node => node.outerHTML")


def test_on_a_phone_the_stage_stays_in_sight(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared(), touch=True, width=390, height=640, is_mobile=True)
    unfold(page)
    for control in page.locator(".attn :is(.attn-side, .attn-folded) :is(select, input, button):visible").all():
        control.evaluate("node => node.scrollIntoView({ block: 'end' })")
        stage, box = page.locator(".attn-stage").bounding_box(), control.bounding_box()
        seen = min(640, stage["y"] + stage["height"]) - max(0, stage["y"])
        assert seen > 0.9 * stage["height"], control.evaluate("node => node.outerHTML")
        assert box["y"] + box["height"] <= 641
        covered = control.evaluate(
            """node => {
              node.scrollIntoView({ block: 'start' });
              const box = node.getBoundingClientRect();
              return !node.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
            }"""
        )
        assert not covered, control.evaluate("node => node.outerHTML")


def test_on_a_phone_it_stays_there_however_long_more_is(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared(), touch=True, width=390, height=844, is_mobile=True)
    unfold(page)
    page.evaluate(
        """() => {
          const long = document.createElement('div');
          long.style.height = '2000px';
          document.querySelector('.attn-folded').prepend(long);
        }"""
    )

    def in_sight() -> bool:
        button(page, "Save picture").evaluate("node => node.scrollIntoView({ block: 'end' })")
        settled(page)
        stage = page.locator(".attn-stage").bounding_box()
        return bool(stage["y"] >= -1 and stage["y"] + stage["height"] <= 844)

    assert in_sight()
    page.locator(".attn-stage").evaluate("node => { node.style.position = 'static'; }")
    assert not in_sight(), "a stage that scrolls away is noticed"
    page.locator(".attn-stage").evaluate("node => { node.style.position = ''; }")
    page.locator(".attn-main").evaluate("node => { node.style.display = 'block'; }")
    assert not in_sight(), "so is one that stays only as long as what is beside it"


def test_no_wheel_changes_a_number(bare_page: BarePage, explorer: type[Explorer]) -> None:
    page = bare_page(explorer())
    unfold(page)
    before = state(page)
    for field in page.locator(".attn [role=spinbutton]:visible, .attn input[type=range]:visible").all()[:4]:
        field.focus()
        field.hover()
        page.mouse.wheel(0, -120)
        settled(page)
    assert state(page) == before


# --- what is shown and told -------------------------------------------------------------------------------------------


def test_the_table_is_what_core_computes(bare_page: BarePage, declared: type[Explorer]) -> None:
    explorers = list(some_states(declared, 30))
    page = bare_page(explorers[0])
    shown = page.evaluate(
        """async (states) => {
          const tables = [];
          for (const state of states) {
            Object.assign(models[0].state, state);
            models[0].set('try_first', 'look.');
            await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame);
            const rows = document.querySelector('.attn-numbers tbody').rows;
            tables.push([...rows].map((row) => [...row.cells].map((cell) => cell.textContent)));
          }
          return tables;
        }""",
        [{name: getattr(each, name) for name in declared.options()} for each in explorers],
    )
    for explorer, table in zip(explorers, shown, strict=True):
        assert_rows(table, explorer.rows())


def test_what_is_announced_is_what_is_shown(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared(try_first="look."))
    status = page.get_by_role("status")
    unfold(page)
    for control in page.locator(".attn :is(.attn-handle, input, select):visible").all()[:8]:
        before, told = state(page), status.text_content()
        kind = control.evaluate("node => node.type")
        if kind == "select-one":
            control.select_option(index=control.evaluate("node => (node.selectedIndex + 1) % node.options.length"))
        elif kind == "checkbox":
            control.click()
        else:
            control.press("ArrowUp")
        rest(page)
        if state(page) == before:
            continue  # at the end of its range
        assert status.text_content() not in ("", told)
        shown = page.locator(".attn").evaluate(
            """node => [...node.querySelectorAll('.attn-main, .attn-numbers, [aria-valuetext], option:checked')]
              .map((each) => `${each.ariaValueText ?? ''} ${each.textContent}`).join(' ')"""
        )
        for number in re.findall(r"−?\d+(?:\.\d+)?", status.text_content() or ""):
            assert number in shown, status.text_content()


def test_tasks_are_asked_one_after_the_other_and_stop_nobody(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared())
    head = page.locator(".attn-head p")
    for i, task in enumerate(declared.tasks):
        expect(head).to_have_text(f"{'Try first: ' if i == 0 else 'Then: '}{task.ask}")
        button(page, "Skip").click()
    expect(head).to_contain_text("Now: that was all")
    expect(button(page, "Skip")).to_be_hidden()
    button(page, "Reset").click()
    expect(head).to_have_text(f"Try first: {declared.tasks[0].ask}")


def test_whatever_is_pressed_it_never_shows_nan(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared())
    unfold(page)
    rng = np.random.default_rng(0)
    keys = [
        "Home",
        "End",
        "PageUp",
        "ArrowDown",
        "Shift+ArrowLeft",
        "Backspace",
        "-",
        "e",
        "9",
        "Enter",
        "Control+z",
        "]",
    ]
    controls = page.locator(".attn :is(button, input, select, summary)")
    for _ in range(50):
        control = controls.nth(int(rng.integers(controls.count())))
        if control.is_visible() and "Save" not in control.inner_text():
            control.focus()
            for _ in range(3):
                page.keyboard.press(str(rng.choice(keys)))
    settled(page)
    inside = page.locator(".attn").evaluate("node => node.outerHTML")
    assert [wrong for wrong in WRONG if wrong in inside] == []
    read = page.locator(".attn").evaluate(
        """node => [node.innerText, ...[...node.querySelectorAll('[aria-valuetext], input[type=text], .attn-numbers')]
          .map((each) => each.ariaValueText ?? each.value ?? each.textContent)].join(' ')"""
    )
    assert re.findall(r"(?<!\w)-\d", read) == [], "a minus is a true one"
    now = state(page)
    explorer = declared(**{name: now[name] for name in declared.options()})  # Python refuses nothing of it
    assert_table(page, explorer)


def test_the_tree_that_a_screen_reader_sees(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared())
    unfold(page)
    tree = page.locator(".attn").aria_snapshot()
    assert "- status" in tree
    assert "- table" in tree
    assert "canvas" not in tree
    assert page.locator(".attn :is(h1, h2, h3, h4, h5, h6)").count() == 0, "no heading that might skip a level"


# --- a friend, paper, and elsewhere -----------------------------------------------------------------------------------


def test_a_link_opens_exactly_this_state(bare_page: BarePage, declared: type[Explorer]) -> None:
    explorer = declared()
    page = bare_page(explorer)
    before = state(page)
    for name in linked(declared):
        page.evaluate("([name, value]) => models[0].set(name, value)", [name, another(explorer, name)])
    settled(page)
    wanted = state(page)
    unfold(page)
    button(page, "Copy link to this state").click()
    link = page.url.partition("#")[2]
    identity = page.locator(".attn").get_attribute("id")
    assert link.startswith(f"{identity}=")
    assert opened(page, [link]) == [wanted]
    bad = [f"{identity}={each}" for each in ("", "%7B", "*'zzz':1~", "(1,2)", "null", "*'__proto__':1~")]
    for wrong, now in zip(bad, opened(page, bad), strict=True):
        assert now == before, wrong


def test_a_link_opens_what_python_allows_and_nothing_else(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared())
    before, traits = state(page), declared.class_traits()
    swap = str.maketrans("\"'[](){}*~", "'\"()[]*~{}")

    asked = [({name: value}, before) for name in linked(declared) for value in outside(traits[name])]
    rng = np.random.default_rng(1)
    for _ in range(12):
        news = changes(declared, rng)
        wanted = before
        with suppress(TraitError):
            explorer = declared(**news)
            wanted = before | {name: getattr(explorer, name) for name in news}
        asked.append((news, wanted))
    links = [f"{declared._module}-1={quote(json.dumps(news).translate(swap))}" for news, _ in asked]
    for (news, wanted), now in zip(asked, opened(page, links), strict=True):
        assert now == wanted, news


def test_the_picture_can_be_saved(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared())
    unfold(page)
    with page.expect_download() as download:
        button(page, "Save picture").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename == f"{declared._module}-1.svg"
    shown = page.evaluate(
        """(text) => new Promise((done, fail) => {
          const image = new Image();
          image.onload = () => done([image.width, image.height]);
          image.onerror = () => fail(new Error('no picture'));
          image.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
        })""",
        text,
    )
    assert min(shown) > 100
    assert text.count("<text") > 3


def test_on_paper_there_is_what_the_reader_has_made(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared(), theme="dark")
    first_handle(page).press("ArrowRight")
    page.emulate_media(media="print")
    expect(page.locator(".attn-stage")).to_be_visible()
    expect(page.locator(".explorer-static")).not_to_be_visible()
    assert page.locator(".attn").evaluate("node => getComputedStyle(node).colorScheme") == "light"
    # A handle is part of the picture, and a choice is printed as its words.
    left = page.locator(".attn :is(button, input, select, summary):not(.attn-handle):visible").evaluate_all(
        "all => all.filter((node) => getComputedStyle(node).borderTopWidth !== '0px').map((node) => node.outerHTML)"
    )
    assert left == []


def test_without_script_there_is_the_still(bare_page: BarePage, explorer: type[Explorer]) -> None:
    one = explorer()
    page = bare_page(one, script=False)
    still = page.locator(".explorer-static svg[role=img]")
    expect(still).to_be_visible()
    assert still.locator("desc").text_content() == one.alt


def test_a_model_that_cannot_save_does_not_stop_it(bare_page: BarePage, explorer: type[Explorer]) -> None:
    page = bare_page(explorer())
    page.evaluate(
        """() => {
          models[0].save_changes = () => { throw new Error('no kernel'); };
          models[0].off = () => { throw new Error('not implemented'); };
        }"""
    )
    before = state(page)
    unfold(page)
    first_handle(page).press("ArrowLeft")
    first_handle(page).press("ArrowRight")
    first_handle(page).press("ArrowRight")
    settled(page)
    assert state(page) != before
    page.evaluate("ends[0]()")
    assert page.locator(".attn").count() == 0


def test_two_on_one_page_do_not_meet_and_leave_nothing(bare_page: BarePage, explorer: type[Explorer]) -> None:
    page = bare_page(explorer(), explorer())
    unfold(page)
    before = state(page, 1)
    first_handle(page).press("ArrowRight")
    settled(page)
    assert state(page, 1) == before
    assert page.locator(".attn [id]").count() == 0, "an id would not be unique"
    ids = page.locator(".attn").evaluate_all("all => all.map((each) => each.id).filter(Boolean)")
    assert len(set(ids)) == len(ids)
    left = page.evaluate(
        """async () => {
          const add = EventTarget.prototype.addEventListener;
          const signals = [];
          EventTarget.prototype.addEventListener = function (type, listen, options) {
            if (!(this instanceof AbortSignal)) signals.push(options?.signal ?? null);
            return add.call(this, type, listen, options);
          };
          const el = document.body.appendChild(document.createElement('div'));
          const model = models[0];
          const end = attnbook[model.state._explorer].render({ model, el });
          const up = new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true });
          el.querySelector('.attn-handle, input').dispatchEvent(up);
          end();
          ends[0](); ends[1]();
          EventTarget.prototype.addEventListener = add;
          const reads = model.reads;
          model.set('try_first', 'late');
          await new Promise(requestAnimationFrame); elapse();
          return {
            unsignalled: signals.filter((signal) => !signal?.aborted).length,
            inside: el.childElementCount + document.querySelectorAll('.attn').length,
            listening: Object.values(model.listeners).flat().length,
            late: model.reads - reads,
          };
        }"""
    )
    assert left == {"unsignalled": 0, "inside": 0, "listening": 0, "late": 0}


def test_sixty_changes_are_drawn_once_a_frame(bare_page: BarePage, declared: type[Explorer]) -> None:
    page = bare_page(declared())
    settled(page)  # in its first two frames it may draw again by itself
    reads = page.evaluate(
        """async () => {
          const model = models[0];
          const count = async (times) => {
            const reads = model.reads;
            for (let i = 0; i < times; i++) model.set('try_first', `look ${i}.`);
            await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame);
            return model.reads - reads;
          };
          return [await count(1), await count(60)];
        }"""
    )
    assert reads[0] == reads[1]


# --- looks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "font"), [(320, 16), (390, 32), (768, 16), (1440, 16)])
def test_it_fits(bare_page: BarePage, declared: type[Explorer], width: int, font: int) -> None:
    page = bare_page(declared(), width=width)
    page.evaluate(f"document.documentElement.style.fontSize = '{font}px'")
    settled(page)
    if width == 1440:
        assert page.locator(".attn").bounding_box()["height"] <= 620
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_styles_of_a_chapter_do_not_meet(bare_page: BarePage, declared: type[Explorer]) -> None:
    """A page has the styles of all its explorers: those of the others change nothing in this one."""
    page = bare_page(declared(), fresh=True)
    settled(page)
    boxes = """[...document.querySelectorAll('.attn *')].map((node) => {
      const { x, y, width, height } = node.getBoundingClientRect();
      return [node.className, x, y, width, height];
    })"""
    before = page.evaluate(boxes)
    slug = declared._module.partition("_")[0]
    for path in sorted(CSS.glob(f"{slug}*.css")):
        page.add_style_tag(content=path.read_text(encoding="utf-8"))
    settled(page)
    assert page.evaluate(boxes) == before


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(bare_page: BarePage, declared: type[Explorer], theme: str) -> None:
    page = bare_page(declared(), theme=theme)
    button(page, "Skip").click()
    unfold(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(
    ("attributes", "scheme", "dark"),
    [
        ("", "light", False),
        ("", "dark", True),
        ('data-theme="light"', "dark", False),
        ('data-theme="dark"', "light", True),
        ('data-jp-theme-light="true"', "dark", False),
        ('data-jp-theme-light="false"', "light", True),
        ('data-vscode-theme-kind="vscode-dark"', "light", True),
        ('theme="dark"', "light", True),
    ],
)
def test_the_colours_follow_page_lab_and_system(bare_page: BarePage, attributes: str, scheme: str, dark: bool) -> None:
    page = bare_page(ScoringExplorer(), attributes=attributes, scheme=scheme)
    painted = page.locator(".attn").evaluate(
        """node => {
          const probe = node.appendChild(document.createElement('i'));
          const names = ['ink', 'paper', 'muted', 'grid', 'accent', 'query', 'key'];
          return Object.fromEntries(names.map((name) => {
            probe.style.color = `var(--attn-${name})`;
            return [name, getComputedStyle(probe).color.match(/\\d+/g).slice(0, 3).map(Number)];
          }));
        }"""
    )
    theme = DARK if dark else LIGHT
    assert {name: "#" + bytes(rgb).hex() for name, rgb in painted.items()} == {name: theme[name] for name in painted}
    assert page.locator(".attn-plane canvas.attn-dark").is_visible() == dark


def test_high_contrast(bare_page: BarePage, explorer: type[Explorer]) -> None:
    page = bare_page(explorer(), forced_colors="active")
    ink = page.locator(".attn").evaluate("node => getComputedStyle(node).getPropertyValue('--attn-ink')")
    assert ink == "CanvasText"
    tracks = page.locator(".attn .attn-track:visible").evaluate_all(
        """all => all.map((node) => {
          const [style, fill] = [getComputedStyle(node), getComputedStyle(node.firstElementChild)];
          return [parseFloat(style.outlineWidth) >= 1, fill.backgroundColor !== style.backgroundColor];
        })"""
    )
    assert all(all(seen) for seen in tracks), "gauges keep their track and their bar"


def luminance(pixels: np.ndarray) -> np.ndarray:
    """The relative luminance of WCAG 2 of each pixel."""
    share = pixels[..., :3] / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lines_are_seen_on_any_field(bare_page: BarePage, declared: type[Explorer], theme: str) -> None:
    """Measured in pixels: each arrow and line is three times as light or as dark as what lies beside it."""
    for explorer in some_states(declared, 3):
        page = bare_page(explorer, theme=theme, device_scale_factor=2)
        page.add_style_tag(content=".attn :is(.attn-handle, .attn-mean, .attn-label) { visibility: hidden !important }")
        board = page.locator(".attn-stage")
        lines = board.evaluate(
            """stage => {
              const box = stage.getBoundingClientRect();
              const lines = [...stage.querySelectorAll('svg :is(line, path, polyline)')].filter((each) =>
                !each.matches('.attn-halo, .attn-axes, .attn-shape'));
              return lines.filter((line) => line.checkVisibility({ visibilityProperty: true }) && line.getTotalLength())
                .map((line) => {
                  const [at, long] = [line.getScreenCTM(), line.getTotalLength()];
                  const point = (far) => {
                    const { x, y } = line.getPointAtLength(far).matrixTransform(at);
                    return [x - box.left, y - box.top];
                  };
                  const places = Array.from({ length: 41 }, (_, i) => (0.1 + i * 0.02) * long);
                  const dashed = getComputedStyle(line).strokeDasharray !== 'none';
                  return [dashed ? 0.25 : 0.7, places.map((far) => [point(far), point(far + long / 500)])];
                });
            }"""
        )
        if not lines:
            return
        pixels = luminance(np.asarray(Image.open(io.BytesIO(board.screenshot()))).astype(float))
        for least, line in lines:
            seen = []
            for (x, y), (u, v) in line:
                if np.hypot(u - x, v - y) > 20 or (u, v) == (x, y):
                    continue  # from one piece of a path to the next
                across = np.array([y - v, u - x]) / np.hypot(u - x, v - y)
                places = (np.array([x, y]) + np.linspace(-7, 7, 57)[:, None] * across) * 2  # (57, 2)
                columns, rows = places.round().astype(int).T
                if (rows < 0).any() or (columns < 0).any():
                    continue
                if (rows >= pixels.shape[0]).any() or (columns >= pixels.shape[1]).any():
                    continue
                near = pixels[rows, columns]
                seen.append((near.max() + 0.05) / (near.min() + 0.05))
            share = np.mean(np.array(seen) >= 3) if seen else 1  # lines cross here and there, and some are dashed
            assert share >= least, (explorer.get_state(declared.options()), np.round(seen, 1))
