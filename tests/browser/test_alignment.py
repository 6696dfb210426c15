"""The alignment explorer in a browser, on a bare page: by mouse, finger and keys, and what it shows against core."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from attnbook.theme import DARK, LIGHT, SEQUENTIAL, SEQUENTIAL_DARK
from attnbook.widgets.alignment import AlignmentExplorer, naive_in_words
from attnbook.widgets.svg import decimal

BarePage = Callable[..., Page]
TRAITS = AlignmentExplorer.options()


def sentence(source: str, target: str, links: list[int], seed: int) -> dict[str, Any]:
    """A sentence whose scores are high where target word i comes from source word links[i]."""
    words, translated = source.split(), target.split()
    gold = np.zeros((len(translated), len(words)), dtype=int)
    gold[range(len(translated)), links] = 1
    scores = np.random.default_rng(seed).standard_normal(gold.shape) + 4 * gold
    return {"source": words, "target": translated, "scores": scores.round(3), "gold": gold}


SHORT = sentence("the small red ball rolls", "so bola ruvi miku vanda", [0, 3, 2, 1, 4], 1)
LONG = sentence(
    "a dog chases the old yellow cat in the garden near here",
    "so wumi ba kira jelo fona ni ba hortu pela chita chasu .",
    [0, 1, 3, 6, 5, 4, 7, 8, 9, 10, 11, 2, 11],
    2,
)
BARE = {name: value for name, value in sentence("birds sing", "avi kantu", [0, 1], 3).items() if name != "gold"}


def sentences(**options: Any) -> AlignmentExplorer:
    return AlignmentExplorer(sentences=[SHORT, LONG, BARE], **options)


def settled(page: Page) -> None:
    """Wait until what was asked for is painted."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def state(page: Page, model: int = 0) -> dict[str, Any]:
    return page.evaluate(f"models[{model}].state")


def in_core(page: Page, model: int = 0) -> AlignmentExplorer:
    """The explorer in Python with the state that the page has."""
    return AlignmentExplorer(**{name: value for name, value in state(page, model).items() if name in TRAITS})


def number(text: str) -> float:
    return float(text.replace("−", "-").removesuffix(" %"))


def cells_of(table: Locator) -> list[list[str]]:
    return table.locator("tbody tr:not([hidden])").evaluate_all(
        "rows => rows.map((row) => [...row.cells].filter((cell) => !cell.hidden).map((cell) => cell.textContent))"
    )


def assert_right(page: Page, index: int = 0) -> None:
    """Every number, bar, line and colour is what core computes for the page's state."""
    settled(page)
    python, host = in_core(page, index), page.locator(".explorer").nth(index)
    names, allowed = python.keys_shown, python.allowed.tolist()
    rows = cells_of(host.locator(".attn-numbers table").first)
    assert [row[0] for row in rows] == names
    assert [row[1] for row in rows] == ["yes" if may else "no" for may in allowed]
    # Printed to two digits: half a unit of the last place, and the 1e-6 that the two may differ by.
    assert [number(row[2]) for row in rows] == pytest.approx(python.scores, abs=0.00501, rel=0.006)
    assert [number(row[3]) for row in rows] == pytest.approx(100 * python.weights, abs=0.501)

    bench = host.locator(".attn-bench [role=group]:not([hidden])")
    fields = [number(field.input_value()) for field in bench.get_by_role("spinbutton").all()]
    told = [number(row[2]) for row in rows]
    assert told == pytest.approx(fields, abs=0.00501, rel=1e-5), "the same number is written the same, or being typed"
    place = "word" if python.sentences else "key"
    heard = [f"key {n}" + f", {place} {i + 1}" * (names.count(n) > 1) for i, n in enumerate(names)]
    assert bench.evaluate_all("all => all.map((row) => row.getAttribute('aria-label'))") == heard
    assert [box.is_checked() for box in bench.get_by_role("checkbox").all()] == allowed
    widths = bench.locator("[data-kind=weight]").evaluate_all("fills => fills.map((f) => parseFloat(f.style.width))")
    assert widths == pytest.approx(100 * python.weights, abs=1e-3)
    marked = bench.locator(".attn-mark").all_text_contents()
    best = int(np.argmax(python.weights)) if any(allowed) else None
    assert [i for i, mark in enumerate(marked) if mark] == ([] if best is None else [best])

    levers = bench.locator("input[type=range]")
    places = levers.evaluate_all(
        "all => all.map((input) => [input.valueAsNumber, Number(input.max), Number(input.min)])"
    )
    assert [value for value, _, _ in places] == pytest.approx(python.scores)
    limit = places[0][1]
    assert limit >= max(np.abs(python.scores))
    assert all(ends == [limit, -limit] for _, *ends in places)
    fills = bench.locator(".attn-bar-slider .attn-fill").evaluate_all(
        "fills => fills.map((f) => [parseFloat(f.style.left), parseFloat(f.style.width), f.dataset.kind])"
    )
    for score, (left, width, kind) in zip(python.scores, fills, strict=True):
        assert width == pytest.approx(50 * abs(score) / limit, abs=1e-3)
        assert (left if score >= 0 else left + width) == pytest.approx(50, abs=1e-3)
        assert kind == ("below" if score < 0 else "above")

    told = host.locator(".attn-gauge + .attn-hint").inner_text()
    if any(allowed):
        most = np.log2(sum(allowed))
        assert told == (
            f"{decimal(python.entropy)} bits of at most {decimal(most)} = log₂ {sum(allowed)}: "
            f"as if looking at {decimal(2**python.entropy, 1)} of {sum(allowed)} keys."
        )
        share = host.locator(".attn-gauge .attn-fill").evaluate("fill => parseFloat(fill.style.width)")
        assert share == pytest.approx(100 * python.entropy / most if most else 0, abs=1e-3)
    else:
        assert told.startswith("No key may be attended to: every weight is 0")
    assert host.locator(".attn-naive").inner_text() == python.naive
    (assert_plane if python.matrix is None else assert_sentence)(host, python)


def assert_plane(host: Locator, python: AlignmentExplorer) -> None:
    rows = cells_of(host.locator(".attn-numbers table").first)
    count = len(python.scores)
    assert [[number(cell) for cell in row[4:]] for row in rows] == [
        pytest.approx(value, abs=0.00501) for value in python.values[:count]
    ]
    assert host.locator(".attn-point:visible").count() == count
    x, y = re.findall(r"-?\d+", host.locator(".attn-output").get_attribute("transform"))
    assert [int(x) / 1000, int(y) / 1000] == pytest.approx(python.context, abs=0.001)
    corners = re.findall(r"(-?\d+),(-?\d+)", host.locator(".attn-hull").get_attribute("points"))
    np.testing.assert_allclose(np.array(corners, dtype=float).reshape(-1, 2) / 1000, python.hull(), atol=0.001)
    pulls = host.locator("line.attn-pull:not([visibility])").evaluate_all(
        """all => all.map((line) => [
          ...['x1', 'y1', 'x2', 'y2'].map((name) => line[name].baseVal.value / 1000),
          parseFloat(line.style.strokeWidth),
        ])"""
    )
    seen = [i for i in range(count) if python.weights[i] >= 0.005]
    for i, pull in zip(seen, pulls, strict=True):
        expected = [*python.values[i], *python.context, 1 + 6 * python.weights[i]]
        assert pull == pytest.approx(expected, abs=0.006)
    place = ", ".join(decimal(part) for part in python.context)
    expect(host.locator(".attn-under").get_by_text(f"context ({place}): ")).to_be_visible()


def assert_sentence(host: Locator, python: AlignmentExplorer) -> None:
    shown = python.sentences[python.sentence]
    source, target = shown["source"], shown["target"]
    assert host.locator(".attn-readout").inner_text() == python.readout()
    assert host.locator(".attn-sources .attn-text").all_text_contents() == source
    shares = host.locator(".attn-sources .attn-share").all_text_contents()
    assert [number(share) for share in shares] == pytest.approx(100 * python.weights, abs=0.501)
    buttons = host.get_by_role("toolbar", name="Target words").get_by_role("button")
    assert buttons.all_text_contents() == target
    for name, chosen, other in (("aria-pressed", "true", "false"), ("tabindex", "0", "-1")):
        values = buttons.evaluate_all(f"all => all.map((node) => node.getAttribute('{name}'))")
        assert values == [chosen if i == python.word else other for i in range(len(target))]
    for kind in ("beside", "across"):
        links = host.locator(f".attn-{kind} .attn-link")
        thick = links.evaluate_all("all => all.map((line) => parseFloat(line.style.strokeWidth))")
        assert thick == pytest.approx(0.5 + 7 * python.weights, abs=0.006)
        ends = np.array([re.findall(r"[\d.]+", path.get_attribute("d")) for path in links.all()], dtype=float)
        assert ends[:, 1:].tolist() == [[0, ends[0, 2], 1]] * len(source), "all lead from above to one word below"
        assert (np.diff(ends[:, 0]) > 0).all()
        if kind == "beside":
            np.testing.assert_allclose(ends[:, 0], (np.arange(len(source)) + 0.5) / len(source), atol=1e-4)
            assert ends[0, 2] == pytest.approx((python.word + 0.5) / len(target), abs=1e-4)
        faint = [path.get_attribute("d").count("M") for path in host.locator(f".attn-{kind} .attn-faint").all()]
        strong = (python.matrix >= 0.2).sum(axis=1)
        assert faint == [0 if i == python.word else strong[i] for i in range(len(target))]

    rows = cells_of(host.locator(".attn-wide table").nth(1))
    assert [row[0] for row in rows] == target
    np.testing.assert_allclose([[number(cell) for cell in row[1:]] for row in rows], 100 * python.matrix, atol=0.501)
    for theme, stops in (("light", SEQUENTIAL), ("dark", SEQUENTIAL_DARK)):
        pixels = host.locator(f".attn-cells .attn-{theme}").evaluate(
            """canvas => { // a copy may be read as often as one likes
              const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
              copy.drawImage(canvas, 0, 0);
              return [...copy.getImageData(0, 0, canvas.width, canvas.height).data];
            }"""
        )
        painted = np.array(pixels).reshape(len(target), len(source), 4)[..., :3]
        rgb = [[int(stop[i : i + 2], 16) for stop in stops] for i in (1, 3, 5)]
        at = python.matrix * (len(stops) - 1)
        expected = np.stack([np.interp(at, range(len(stops)), channel) for channel in rgb], axis=-1)
        assert np.abs(painted - expected).max() <= 4
    told = python.readout().replace("←", "looks at")
    right = [
        word for word, link in zip(source, shown.get("gold", [[]] * len(target))[python.word], strict=False) if link
    ]
    told += f"; gold: {', '.join(right)}" * bool(right)
    described = host.locator(".attn-cells").get_attribute("aria-label")
    assert described == f"Weights of {len(target)} target words over {len(source)} source words. {told}."
    gold = host.locator(".attn-gold").get_attribute("d")
    linked = np.argwhere(shown["gold"]).tolist() if "gold" in shown else []
    assert [[int(y), int(x)] for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", gold)] == linked
    assert host.get_by_text("gold alignment", exact=True).is_visible() == ("gold" in shown)


def score(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=f"score of {name}", exact=True)


def typed(page: Page, name: str) -> Locator:
    return page.get_by_role("spinbutton", name=f"{name}, typed", exact=True)


def target(page: Page, word: str) -> Locator:
    return page.get_by_role("toolbar").get_by_role("button", name=word, exact=True)


# --- what it shows --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("temperature", [0.01, 0.37, 1, 10, 1e6])
def test_the_bench_shows_what_core_computes(bare_page: BarePage, temperature: float) -> None:
    assert_right(bare_page(AlignmentExplorer(temperature=temperature)))


@pytest.mark.parametrize("count", [2, 3, 16])
def test_any_number_of_keys(bare_page: BarePage, count: int) -> None:
    rng = np.random.default_rng(count)
    explorer = AlignmentExplorer(
        scores=5 * rng.standard_normal(count), values=rng.uniform(-3, 3, (count, 2)), mask=rng.random(count) < 0.7
    )
    page = bare_page(explorer)
    assert_right(page)
    page.evaluate("models[0].set('scores', [0.5, 1])")
    assert_right(page)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_sentence_shows_what_core_computes(bare_page: BarePage, index: int) -> None:
    page = bare_page(sentences(sentence=index, temperature=0.7))
    for word in page.get_by_role("toolbar").get_by_role("button").all():
        word.click()
        assert_right(page)


def test_values_links_and_squares_stand_where_they_belong_on_the_screen(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    box = page.locator(".attn-plane").bounding_box()
    for name, (x, y) in zip("abcdef", AlignmentExplorer().values, strict=False):
        disc = page.get_by_role("slider", name=f"value {name}").bounding_box()
        place = [box["x"] + (x + 3) * box["width"] / 6, box["y"] + (3 - y) * box["height"] / 6]
        assert [disc["x"] + disc["width"] / 2, disc["y"] + disc["height"] / 2] == pytest.approx(place, abs=1)
    for width, across in ((1000, True), (320, False)):
        page = bare_page(sentences(word=1), width=width)
        ends = (
            page.locator(".attn-links:visible .attn-link")
            .nth(3)
            .evaluate(
                """path => [0, path.getTotalLength()].map((at) => {
              const { x, y } = path.getPointAtLength(at).matrixTransform(path.getScreenCTM());
              return [x, y];
            })"""
            )
        )
        ball = page.locator(".attn-sources .attn-word").nth(3).bounding_box()
        bola = target(page, "bola").bounding_box()
        if across:  # from below the middle of the source word to above the middle of the target word
            places = [
                [ball["x"] + ball["width"] / 2, ball["y"] + ball["height"]],
                [bola["x"] + bola["width"] / 2, bola["y"]],
            ]
        else:  # from the right of the source word to the left of the target word
            places = [
                [ball["x"] + ball["width"], ball["y"] + ball["height"] / 2],
                [bola["x"], bola["y"] + bola["height"] / 2],
            ]
        assert np.array(ends) == pytest.approx(np.array(places), abs=1.5)
        cells = page.locator(".attn-cells").bounding_box()
        columns, rows = (page.locator(f".attn-{side} span").all() for side in ("columns", "rows"))
        for j, label in enumerate(columns):
            box = label.bounding_box()
            assert box["x"] + box["width"] / 2 == pytest.approx(cells["x"] + (j + 0.5) * cells["width"] / 5, abs=2)
        for i, label in enumerate(rows):
            box = label.bounding_box()
            assert box["y"] + box["height"] / 2 == pytest.approx(cells["y"] + (i + 0.5) * cells["height"] / 5, abs=2)


def test_the_thumb_is_the_end_of_the_bar(bare_page: BarePage) -> None:
    """A click in the track gives the score whose bar ends under the pointer."""
    page = bare_page(AlignmentExplorer(scores=[0.5, 1, 0]))
    box = page.locator(".attn-bar-slider").first.bounding_box()
    for share in (0.2, 0.5, 0.9):
        x = box["x"] + share * box["width"]
        page.mouse.click(x, box["y"] + box["height"] / 2)
        assert_right(page)
        track = page.locator(".attn-bar-slider .attn-track").first.bounding_box()
        end = track["x"] + track["width"] * (0.5 + state(page)["scores"][0] / 6)
        assert end == pytest.approx(x, abs=1.5)


def test_the_bars_fit_the_largest_score(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(scores=[0.2, -0.1]))
    for value, limit in ((2.9, 3), (3.2, 4), (-41, 50), (1000, 1000), (123456, 150000)):
        page.evaluate(f"models[0].set('scores', [0.5, {value}])")
        settled(page)
        assert score(page, "a").get_attribute("max") == str(limit)


# --- mouse and finger -----------------------------------------------------------------------------------------------


def thumb(page: Page, name: str) -> tuple[float, float]:
    box = score(page, name).bounding_box()
    share = 0.5 + float(score(page, name).input_value()) / float(score(page, name).get_attribute("max")) / 2
    return box["x"] + 6 + share * (box["width"] - 12), box["y"] + box["height"] / 2


def test_drag_a_score_with_the_mouse(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(scores=[4.9, 1, 0.5]))
    x, y = thumb(page, "a")
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(x - 20 * step, y)
        settled(page)
        assert score(page, "a").get_attribute("max") == "5", "the scale may not change under the hand"
    page.mouse.up()
    assert_right(page)
    assert state(page)["scores"][0] < 1
    assert state(page)["scores"][1:] == [1, 0.5]
    assert page.evaluate("models[0].saves") > 0


def test_the_scale_follows_when_the_bar_is_let_go(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(scores=[50, 1]))
    x, y = thumb(page, "a")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=4)
    settled(page)
    assert score(page, "a").get_attribute("max") == "50"
    page.mouse.move(x - 60, y + 300)  # let go of elsewhere
    page.mouse.up()
    settled(page)
    assert float(score(page, "a").get_attribute("max")) < 50
    assert_right(page)


def test_drag_a_score_with_a_finger(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(), touch=True, width=390, height=800)
    score(page, "b").scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    touch = page.context.new_cdp_session(page)
    x, y = thumb(page, "b")
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in range(1, 6):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x - part * 12, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert_right(page)
    assert state(page)["scores"][1] < 0
    assert page.evaluate("scrollY") == scrolled
    assert score(page, "b").evaluate("node => getComputedStyle(node).touchAction") == "pan-y"


def test_drag_a_value(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    box, unit = page.get_by_role("slider", name="value e").bounding_box(), page.locator(".attn-plane").bounding_box()
    x, y, unit = box["x"] + 13, box["y"] + 13, unit["width"] / 6
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - unit, y + unit, steps=5)
    page.mouse.up()
    assert_right(page)
    assert state(page)["values"][4] == pytest.approx([-2.5, -1.5], abs=0.02)
    page.get_by_role("slider", name="value e").press("Home")
    assert state(page)["values"][4] == [-1.5, -0.5]


def test_the_mouse_chooses_words_by_passing_over_them(bare_page: BarePage) -> None:
    page = bare_page(sentences())
    for i, word in enumerate(SHORT["target"]):
        target(page, word).hover()
        assert_right(page)
        assert state(page)["word"] == i
        assert state(page)["scores"] == SHORT["scores"][i].tolist()
    page.mouse.move(5, 5)
    settled(page)
    assert state(page)["word"] == 4, "it stays chosen"
    target(page, "so").focus()
    target(page, "bola").hover()
    page.keyboard.press("ArrowLeft")  # goes on from where the mouse is, to the word that has the focus already
    assert_right(page)
    assert state(page)["word"] == 0


def test_a_finger_chooses_a_word(bare_page: BarePage) -> None:
    page = bare_page(sentences(), touch=True, width=390, height=800)
    target(page, "miku").tap()
    assert_right(page)
    assert state(page)["word"] == 3


def test_a_row_of_the_matrix_can_be_clicked(bare_page: BarePage) -> None:
    page = bare_page(sentences())
    box = page.locator(".attn-cells").bounding_box()
    page.mouse.click(box["x"] + 4, box["y"] + 0.55 * box["height"])
    assert_right(page)
    assert state(page)["word"] == 2


# --- keyboard -------------------------------------------------------------------------------------------------------


def focused(page: Page) -> str:
    return page.evaluate(
        """() => {
          const node = document.activeElement;
          return node.getAttribute('aria-label') ?? node.labels?.[0]?.firstChild.textContent ?? node.textContent;
        }"""
    )


def tab_order(page: Page, count: int) -> list[str]:
    order = []
    for _ in range(count):
        page.keyboard.press("Tab")
        order.append(focused(page))
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    return order


def test_everything_is_reached_by_tab_in_the_order_of_reading(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(scores=[1, 2]))
    presets = ["Equal scores", "One huge score", "Add 100 to all scores", "Mask everything", "The numbers as a table"]
    of = [[f"{key} may be attended to", f"score of {key}", f"score of {key}, typed"] for key in "ab"]
    bench = ["Temperature", "Temperature, typed", *of[0], *of[1], *presets]
    assert tab_order(page, 16) == ["Reset", "value a", "value b", *bench]
    page = bare_page(AlignmentExplorer(sentences=[BARE], word=1))
    of = [[f"{key} may be attended to", f"score of {key}", f"score of {key}, typed"] for key in ("birds", "sing")]
    bench = ["Temperature", "Temperature, typed", *of[0], *of[1], *presets]
    assert tab_order(page, 16) == ["Reset", "Sentence", "kantu", *bench]


def test_two_words_that_are_alike_can_be_told_apart_by_ear(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(sentences=[sentence("the dog sees the cat", "dova mirla vidon", [1, 4, 2], 4)]))
    names = [bar.get_attribute("aria-label") for bar in page.get_by_role("slider", name="score of").all()]
    words = ["the, word 1", "dog", "sees", "the, word 4", "cat"]
    assert names == [f"score of {word}" for word in words]
    score(page, "the, word 4").press("End")
    expect(page.get_by_role("status")).to_contain_text("score of the, word 4 ")
    page.get_by_role("checkbox", name="the, word 1 may be attended to").uncheck()
    expect(page.get_by_role("status")).to_contain_text("the, word 1 may not be attended to")


def test_the_heads_of_the_bench_stay_whole_where_the_page_breaks_words(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(), width=412)
    page.add_style_tag(content="body { overflow-wrap: anywhere; font-size: 1.125rem }")
    for head in page.locator(".attn-key-row.attn-hint > span").all():
        heights = head.evaluate("node => [node.getClientRects().length, node.offsetHeight]")
        assert heights[1] < 30, head.inner_text()


def test_keys_move_a_score(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(scores=[1, 2, 0.5]))
    score(page, "b").focus()
    for key, value in [
        ("ArrowRight", 2.07),
        ("ArrowUp", 2.13),
        ("Shift+ArrowRight", 2.43),
        ("ArrowLeft", 2.37),
        ("ArrowDown", 2.31),
        ("Shift+ArrowLeft", 2.01),
        ("PageUp", 2.31),
        ("PageDown", 2.01),
        ("End", 3),
        ("ArrowRight", 3),
        ("Home", -3),
    ]:
        page.keyboard.press(key)
        assert_right(page)
        assert state(page)["scores"] == [1, pytest.approx(value, abs=0.011), 0.5]
        assert score(page, "b").get_attribute("aria-valuetext") == decimal(state(page)["scores"][1])
    page.keyboard.press("x")
    assert state(page)["scores"][1] == -3
    press = """(node, held) => node.dispatchEvent(new KeyboardEvent(
      'keydown', { key: 'ArrowUp', cancelable: true, bubbles: true, ...(held && { [held]: true }) }))"""
    assert not score(page, "b").evaluate(press, None)
    for held in ("altKey", "ctrlKey", "metaKey"):
        assert score(page, "b").evaluate(press, held), "the browser's own"


def test_a_score_is_typed_and_nonsense_is_refused_in_words(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    field = typed(page, "score of a")
    assert field.input_value() == "0.7"
    for text, value in (("-2.25", -2.25), ("1000", 1000), ("1e3", 1000), ("1000000", 1e6), ("0.125", 0.125)):
        field.fill(text)
        assert_right(page)
        assert state(page)["scores"][0] == value
    for nonsense in ("", "1e400", "1000001", "-1e9"):
        field.fill(nonsense)
        settled(page)
        assert field.get_attribute("aria-invalid") == "true"
        assert state(page)["scores"][0] == 0.125
        expect(page.locator(".attn-refused")).to_have_text(
            "score of a, typed: a number from −1000000 to 1000000, please. The last good one stays, 0.13."
        )
    expect(page.get_by_role("status")).to_contain_text("a number from −1000000 to 1000000, please")
    field.blur()
    assert field.input_value() == "0.13"
    field.fill("2")
    expect(page.locator(".attn-refused")).to_be_hidden()
    assert_right(page)


def test_a_temperature_is_typed_and_what_is_not_above_zero_is_refused(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    field = typed(page, "Temperature")
    for text in ("0.5", "0.001", "0.000001", "1000000", "3"):
        field.fill(text)
        assert_right(page)
        assert state(page)["temperature"] == float(text)
    for nonsense in ("0", "-1", "", "1e400", "1000001"):
        field.fill(nonsense)
        settled(page)
        assert state(page)["temperature"] == 3
        assert_right(page)
    expect(page.locator(".attn-refused")).to_have_text(
        "Temperature, typed: a number from 0.000001 to 1000000, please. The last good one stays, 3."
    )


def test_the_temperature_by_keyboard(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    slider = page.get_by_role("slider", name="Temperature")
    slider.focus()
    for key, value in (("Home", 0.01), ("End", 10), ("ArrowLeft", 8.91)):
        page.keyboard.press(key)
        assert state(page)["temperature"] == value
        assert_right(page)
        assert slider.get_attribute("aria-valuetext") == str(value)


def test_a_mask_is_a_checkbox(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(scores=[1, 2, 3]))
    box = page.get_by_role("checkbox", name="c may be attended to")
    box.focus()
    page.keyboard.press("Space")
    assert_right(page)
    assert state(page)["mask"][:3] == [True, True, False]
    value = page.get_by_role("slider", name="value c")
    assert "attn-off" in value.get_attribute("class")
    assert value.get_attribute("aria-valuetext").endswith("; may not be attended to")
    assert page.get_by_role("slider", name="value b").get_attribute("aria-valuetext").endswith("; weight 73 %")
    expect(page.get_by_role("status")).to_have_text(
        "c may not be attended to; weight 0 %. 0.84 bits of at most 1.00 = log₂ 2: as if looking at 1.8 of 2 keys."
    )
    box.check()
    assert_right(page)
    assert state(page)["mask"][:3] == [True, True, True]


def test_arrow_keys_go_through_the_target_words(bare_page: BarePage) -> None:
    page = bare_page(sentences())
    target(page, "so").focus()
    for key, word in [
        ("ArrowRight", 1),
        ("ArrowDown", 2),
        ("ArrowLeft", 1),
        ("ArrowUp", 0),
        ("ArrowLeft", 0),
        ("End", 4),
        ("ArrowRight", 4),
        ("Home", 0),
    ]:
        page.keyboard.press(key)
        assert_right(page)
        assert state(page)["word"] == word
        assert focused(page) == SHORT["target"][word]
    press = """(node, held) => node.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'ArrowRight', cancelable: true, bubbles: true, [held]: true }))"""
    for held in ("altKey", "ctrlKey", "metaKey"):
        assert target(page, "so").evaluate(press, held), "the browser's own"
    assert state(page)["word"] == 0


def test_another_sentence_is_chosen_by_keyboard(bare_page: BarePage) -> None:
    page = bare_page(sentences(word=3))
    page.get_by_role("checkbox", name="red may be attended to").uncheck()
    choice = page.get_by_role("combobox", name="Sentence")
    assert choice.locator("option").all_text_contents() == [" ".join(s["source"]) for s in (SHORT, LONG, BARE)]
    choice.focus()
    page.keyboard.press("ArrowDown")
    assert_right(page)
    assert (state(page)["sentence"], state(page)["word"]) == (1, 0)
    assert all(state(page)["mask"])
    assert state(page)["scores"] == LONG["scores"][0].tolist()
    choice.select_option("2")
    assert_right(page)


# --- what can be tried ----------------------------------------------------------------------------------------------


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    assert_right(page)


def test_equal_scores(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    press(page, "Equal scores")
    assert in_core(page).weights == pytest.approx(1 / 6)
    assert page.locator(".attn-gauge .attn-fill").evaluate("fill => fill.style.width") == "100%"
    expect(page.get_by_role("status")).to_contain_text("as if looking at 6.0 of 6 keys.")


def test_one_huge_score_breaks_the_naive_formula_and_not_the_explorer(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    press(page, "One huge score")
    assert state(page)["scores"][1] == 1000, "the best key's"
    expect(page.locator(".attn-naive")).to_contain_text("fails: e¹⁰⁰⁰ is too large for the computer")
    assert in_core(page).weights.tolist() == [0, 1, 0, 0, 0, 0]
    page.get_by_role("checkbox", name="b may be attended to").uncheck()
    assert_right(page)
    expect(page.locator(".attn-naive")).to_contain_text("gives the same.")


def test_the_same_number_added_to_all_scores_changes_no_weight(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    before = in_core(page).weights
    for _ in range(8):
        press(page, "Add 100 to all scores")
        assert in_core(page).weights == pytest.approx(before, rel=1e-9)
    assert state(page)["scores"][0] == 800.7
    expect(page.locator(".attn-naive")).to_contain_text("fails: e⁸⁰² is too large")
    page.evaluate("models[0].set('scores', [999950, 0])")
    press(page, "Add 100 to all scores")
    assert state(page)["scores"] == [999950, 0]
    expect(page.locator(".attn-refused")).to_have_text("Scores end at 1000000, so they stay as they are.")


def test_everything_masked_gives_zeros_and_says_why(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    press(page, "Mask everything")
    assert not any(state(page)["mask"])
    assert in_core(page).context.tolist() == [0, 0]
    expect(page.get_by_text("context (0.00, 0.00): zeros, because there is nothing to average")).to_be_visible()
    assert "attn-off" in page.locator(".attn-output").get_attribute("class")
    press(page, "One huge score")
    press(page, "Allow everything")
    assert all(state(page)["mask"])
    press(page, "Mask everything")


def test_each_preset_has_a_reason(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    presets = page.get_by_role("group", name="Things to try").locator(".attn-preset")
    reasons = presets.locator("p").all_inner_texts()
    assert len(set(reasons)) == presets.count() == 4
    assert all(len(reason) > 40 for reason in reasons)


def test_reset_forgets_no_trait_and_says_so(bare_page: BarePage) -> None:
    other = {
        "scores": [1, 2, 3],
        "names": ["x", "y", "z"],
        "values": [[1, 2], [2, 1], [0, 0]],
        "mask": [True, False, True],
        "temperature": 3,
        "sentences": [AlignmentExplorer(sentences=[BARE]).sentences[0]],
        "sentence": 0,
        "word": 1,
        "try_first": "look.",
    }
    assert list(other) == TRAITS
    for explorer in (AlignmentExplorer(), sentences(sentence=1, word=4)):
        page = bare_page(explorer)
        before = state(page)
        for name, value in other.items():
            page.evaluate("([name, value]) => models[0].set(name, value)", [name, value])
        page.get_by_role("button", name="Reset").click()
        assert state(page) == before
        assert_right(page)
        expect(page.get_by_role("status")).to_have_text("back at the start")
        score(page, explorer.keys_shown[0]).press("ArrowRight")  # what was restored must not have become the new start
        page.get_by_role("button", name="Reset").click()
        assert state(page) == before


def test_scores_of_a_word_can_be_changed_and_come_back(bare_page: BarePage) -> None:
    page = bare_page(sentences(word=1))
    expect(page.get_by_text("The scores are the model’s.")).to_be_visible()
    score(page, "the").press("End")
    assert_right(page)  # the matrix, too, shows what was changed
    expect(page.get_by_text("You changed the scores. Choose bola again")).to_be_visible()
    target(page, "bola").click()
    assert_right(page)
    assert state(page)["scores"] == SHORT["scores"][1].tolist()
    expect(page.get_by_text("The scores are the model’s.")).to_be_visible()


def test_mask_and_temperature_hold_for_the_whole_sentence(bare_page: BarePage) -> None:
    page = bare_page(sentences())
    page.get_by_role("checkbox", name="ball may be attended to").uncheck()
    page.get_by_role("slider", name="Temperature").fill("-1")
    assert_right(page)
    assert (in_core(page).matrix[:, 3] == 0).all()
    for words in (".attn-sources .attn-word", ".attn-columns span"):
        off = page.locator(words).evaluate_all("all => all.map((word) => word.classList.contains('attn-off'))")
        assert off == [False, False, False, True, False]
    target(page, "bola").click()
    assert_right(page)
    press(page, "Mask everything")
    assert page.locator(".attn-readout").inner_text() == "bola ← nothing"


# --- for those who listen -------------------------------------------------------------------------------------------


def test_values_are_announced_when_the_hand_rests(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(), width=320)
    status = page.get_by_role("status")
    assert status.inner_text() == ""
    score(page, "d").press("End")
    python = in_core(page)
    expect(status).to_have_text(f"score of d 3.00; weight {100 * python.weights[3]:.0f} %")
    page.get_by_role("slider", name="value a").press("ArrowUp")
    place = ", ".join(decimal(part) for part in in_core(page).context)
    expect(status).to_have_text(f"value a at 1.00, 0.10; context ({place}): the mean of the values, by weight")
    page.get_by_role("slider", name="Temperature").press("Home")
    expect(status).to_contain_text("temperature 0.01; 0.00 bits of at most 2.58")
    assert page.evaluate("document.documentElement.scrollWidth") == 320, "what is said takes no room"


def test_a_word_is_read_out_with_its_sources(bare_page: BarePage) -> None:
    page = bare_page(sentences())
    target(page, "bola").focus()
    page.keyboard.press("ArrowRight")
    readout = in_core(page).readout()
    assert readout.startswith("ruvi ← red ")
    expect(page.get_by_role("status")).to_have_text(readout.replace("←", "looks at"))
    assert (
        page.get_by_role("img", name="Weights of 5 target words over 5 source words")
        .get_attribute("aria-label")
        .endswith(f"{readout.replace('←', 'looks at')}; gold: red.")
    )


def test_the_tree_that_a_screen_reader_sees(bare_page: BarePage) -> None:
    tree = bare_page(AlignmentExplorer()).locator(".attn").aria_snapshot()
    for line in (
        'group "Plane with the values"',
        'slider "value a"',
        'slider "Temperature"',
        'spinbutton "Temperature, typed"',
        'group "key b"',
        'checkbox "b may be attended to" [checked]',
        'slider "score of b"',
        'spinbutton "score of b, typed": "1.72"',
        'group "Things to try"',
        'button "Equal scores"',
        "status",
    ):
        assert line in tree, tree
    page = bare_page(sentences())
    tree = page.locator(".attn").aria_snapshot()
    for line in (
        'combobox "Sentence"',
        'list "Source words"',
        'toolbar "Target words"',
        'button "so" [pressed]',
        'button "bola"',
        'img "Weights of 5 target words over 5 source words.',
        'slider "score of ball"',
    ):
        assert line in tree, tree
    assert "value a" not in tree
    assert page.locator(".attn :is(h1, h2, h3, h4, h5, h6)").count() == 0, "no heading that might skip a level"


def test_the_tables_open_on_request(bare_page: BarePage) -> None:
    page = bare_page(sentences(), width=320)
    target(page, "bola").click()
    settled(page)
    table = page.get_by_role("table", name="Each key: whether it may be attended to, its score, its weight")
    expect(table).not_to_be_visible()
    page.get_by_text("The numbers as a table").focus()
    page.keyboard.press("Enter")
    expect(table).to_be_visible()
    assert table.get_by_role("columnheader").all_inner_texts() == ["key", "may", "score", "weight"]
    weights = page.get_by_role("table", name="All weights: a row for each target word")
    assert weights.get_by_role("columnheader").all_inner_texts() == SHORT["source"]
    assert weights.get_by_role("rowheader").all_inner_texts() == SHORT["target"]
    page = bare_page(AlignmentExplorer())
    page.get_by_text("The numbers as a table").click()
    head = page.get_by_role("columnheader").all_inner_texts()
    assert head == ["key", "may", "score", "weight", "x", "y"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("make", [AlignmentExplorer, sentences])
def test_axe_finds_nothing(bare_page: BarePage, theme: str, make: Any) -> None:
    page = bare_page(make(), theme=theme)
    page.get_by_text("The numbers as a table").click()
    page.get_by_role("checkbox").nth(1).uncheck()
    typed(page, "Temperature").fill("0")
    settled(page)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("make", [AlignmentExplorer, sentences])
def test_targets_are_large_enough(bare_page: BarePage, make: Any) -> None:
    page = bare_page(make(), width=320, height=800)
    for target in page.locator(".attn :is(button, input, select, summary):visible").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 24, target


# --- looks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 412, 768, 1440])
@pytest.mark.parametrize("index", [None, 0, 1])
def test_it_fits(bare_page: BarePage, width: int, index: int | None) -> None:
    page = bare_page(AlignmentExplorer() if index is None else sentences(sentence=index), width=width)
    page.get_by_text("The numbers as a table").click()
    for name in (None, "One huge score", "Mask everything"):
        if name:
            press(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        parts = page.locator(".attn :not(.attn-unseen, .attn-handle, .attn-handle *, svg *, .attn-wide *)")
        cut = parts.evaluate_all(
            """nodes => nodes.filter((node) => {
              const [box, all] = [node, document.querySelector('.attn')].map((each) => each.getBoundingClientRect());
              return box.width && (box.left < all.left - 1 || box.right > all.right + 1);
            }).map((node) => node.outerHTML)"""
        )
        assert cut == []
    columns = page.locator(".attn-main").evaluate("node => getComputedStyle(node).gridTemplateColumns")
    assert len(columns.split()) == (1 if width < 700 else 2)


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_no_word_is_cut_off(bare_page: BarePage, width: int) -> None:
    page = bare_page(sentences(sentence=1), width=width)
    press(page, "One huge score")
    heights = page.locator(".attn-key-row[role=group]:visible").evaluate_all(
        "rows => rows.map((row) => row.clientHeight)"
    )
    assert len(set(heights)) == 1, "100 % takes one line"
    words = page.locator(".attn-text, .attn-targets .attn-word, .attn-name:visible")
    cut = words.evaluate_all(
        "all => all.filter((n) => n.scrollWidth > n.clientWidth + 1 && n.clientWidth).map((n) => n.outerHTML)"
    )
    assert cut == []
    boxes = [box.bounding_box() for box in page.locator(".attn-text, .attn-targets .attn-word").all()]
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            apart = (
                one["x"] + one["width"] <= other["x"] + 1
                or other["x"] + other["width"] <= one["x"] + 1
                or one["y"] + one["height"] <= other["y"] + 1
                or other["y"] + other["height"] <= one["y"] + 1
            )
            assert apart, (one, other)


def test_the_words_light_up_by_thickness(bare_page: BarePage) -> None:
    page = bare_page(sentences(word=1))
    lit = page.locator(".attn-sources .attn-lit .attn-text").all_inner_texts()
    python = in_core(page)
    assert lit == [name for name, weight in zip(python.keys_shown, python.weights, strict=True) if weight >= 0.1]
    shadow = page.locator(".attn-sources .attn-word").nth(3).evaluate("node => getComputedStyle(node).boxShadow")
    thick = max(abs(float(part)) for part in re.findall(r"(-?[\d.]+)px", shadow))
    assert thick == pytest.approx(7 * python.weights[3], abs=0.01)


@pytest.mark.parametrize("dark", [False, True])
def test_the_colours_are_those_of_the_theme(bare_page: BarePage, dark: bool) -> None:
    page = bare_page(AlignmentExplorer(), theme="dark" if dark else "light")
    painted = page.locator(".attn-point").first.evaluate("node => getComputedStyle(node).backgroundColor")
    red, green, blue = (int(part) for part in re.findall(r"\d+", painted)[:3])
    assert f"#{bytes([red, green, blue]).hex()}" == (DARK if dark else LIGHT)["value"]


def test_high_contrast(bare_page: BarePage) -> None:
    page = bare_page(sentences(), forced_colors="active")
    chosen = target(page, "so").evaluate(
        "node => [getComputedStyle(node).color, getComputedStyle(node).backgroundColor]"
    )
    assert chosen[0] != chosen[1]
    other = target(page, "bola").evaluate("node => getComputedStyle(node).backgroundColor")
    assert chosen[1] != other, "what is chosen can be told from what is not"
    bar = page.locator(".attn-bench [data-kind=weight]").first
    assert bar.evaluate("node => getComputedStyle(node).backgroundColor") != page.evaluate(
        "getComputedStyle(document.body).backgroundColor"
    )


def test_nothing_moves_by_itself(bare_page: BarePage) -> None:
    page = bare_page(sentences(), motion="no-preference")
    target(page, "ruvi").click()
    assert page.evaluate("document.getAnimations().length") == 0


# --- where nothing can move -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [AlignmentExplorer, sentences])
def test_without_script_and_on_paper_there_is_the_still(bare_page: BarePage, make: Any) -> None:
    explorer = make()
    title = "What “so” looks at" if explorer.sentences else "Scores, weights and context"
    still = bare_page(explorer, script=False).get_by_role("img", name=title)
    expect(still).to_be_visible()
    assert still.locator("desc").text_content() == explorer.alt
    page = bare_page(explorer)
    still = page.locator(".explorer-static svg")
    expect(still).not_to_be_visible()
    page.emulate_media(media="print")
    expect(still).to_be_visible()
    expect(page.locator(".attn")).not_to_be_visible()


# --- a good citizen -------------------------------------------------------------------------------------------------


def test_two_explorers_on_one_page_do_not_meet(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer(), sentences(word=2))
    score(page, "a").press("End")
    target(page, "bola").click()
    assert_right(page, 0)
    assert_right(page, 1)
    assert state(page, 1)["word"] == 1
    assert page.locator(".attn [id]").count() == 0, "an id would not be unique"


def test_cleaning_up_leaves_nothing(bare_page: BarePage) -> None:
    page = bare_page(sentences(), AlignmentExplorer(), fresh=True)
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
          const end = attnbook.alignment.render({ model, el });
          el.querySelector('.attn-bar-slider input').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp' }));
          end();  // with a frame and an announcement still to come
          const reads = model.reads, saves = model.saves;
          ends[0]();
          model.set('temperature', 2);
          dispatchEvent(new PointerEvent('pointerup'));
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


def test_many_changes_in_one_frame_are_drawn_and_saved_once(bare_page: BarePage) -> None:
    page = bare_page(sentences())
    reads, saves = page.evaluate(
        """async () => {
          const model = models[0];
          const frame = () => new Promise(requestAnimationFrame);
          await frame();
          const count = async (times) => {
            const [reads, saves] = [model.reads, model.saves];
            for (let i = 0; i < times; i++) model.set('temperature', 1 + i / 100);
            const slider = document.querySelector('.attn-bar-slider input');
            slider.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp' }));
            await frame(); await frame();
            return [model.reads - reads, model.saves - saves];
          };
          const [one, many] = [await count(1), await count(60)];
          return [many[0] - one[0], many[1]];
        }"""
    )
    assert (reads, saves) == (0, 1)


def test_the_keys_that_controls_need_go_no_further(bare_page: BarePage) -> None:
    """JupyterLab listens to the whole document and would take them."""
    page = bare_page(sentences())
    heard = page.evaluate(
        """() => {
          const heard = [];
          document.addEventListener('keydown', (event) => heard.push(event.key));
          const input = document.querySelector('.attn input[type=range]');
          for (const key of ['ArrowUp', 'ArrowLeft', 'Home', 'PageDown', 'Enter', ' ', '/', 'Escape', 'Tab']) {
            input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
          }
          input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }));
          return heard;
        }"""
    )
    assert heard == ["/", "Escape", "Tab", "Enter"]


def test_changes_from_outside_are_drawn_and_not_sent_back(bare_page: BarePage) -> None:
    page = bare_page(sentences())
    python = sentences(sentence=1, word=2, temperature=0.3, mask=[True, False] * 6)
    for name in ("sentence", "word", "temperature", "mask"):
        page.evaluate("([name, value]) => models[0].set(name, value)", [name, getattr(python, name)])
        settled(page)  # whatever part of a change has arrived, it can be shown
    page.evaluate("value => models[0].set('scores', value)", python.scores)
    assert_right(page)
    for name, value in (("sentences", []), ("sentence", 0), ("word", 0)):
        page.evaluate("([name, value]) => models[0].set(name, value)", [name, value])
        settled(page)
    assert_right(page)
    assert page.evaluate("models[0].saves") == 0


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_typed_and_dragged_it_never_shows_nan(bare_page: BarePage, seed: int) -> None:
    page = bare_page(sentences() if seed else AlignmentExplorer())
    rng = random.Random(seed)
    keys = ["Home", "End", "PageUp", "PageDown", "Delete", "Backspace", "-", ".", "e", "9", "0", "Shift+ArrowLeft",
            "Space", "ArrowUp", "Tab", "Tab"]  # fmt: skip
    controls = page.locator(".attn :is(button, input, select)")
    for _ in range(60):
        control = controls.nth(rng.randrange(controls.count()))
        if control.is_visible():
            control.focus()
        for _ in range(rng.randrange(1, 6)):
            page.keyboard.press(rng.choice(keys))
    assert_right(page)
    inside = page.locator(".attn").evaluate("node => node.outerHTML")
    for wrong in ("NaN", "Infinity", "undefined", "null", "[object"):
        assert wrong not in inside


# --- the words about the naive formula ------------------------------------------------------------------------------


def test_the_fate_of_the_naive_formula_is_told_as_in_python(bare_page: BarePage) -> None:
    page = bare_page(AlignmentExplorer())
    rng = np.random.default_rng(11)
    cases = [(size * rng.standard_normal(rng.integers(1, 9))).tolist() for size in (1, 300, 800, 1e5, 1e12) * 20]
    cases += [[], [709.5, 709.5], [709.78, -5], [709.79], [-745.13], [-745.14, -800], [1e12], [0.5], [-0.5]]
    told = page.evaluate("cases => cases.map(attnbook.alignment.naiveInWords)", cases)
    assert told == [naive_in_words(np.array(case)) for case in cases]
    assert len({re.sub(r"e[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+ is", "", text) for text in told}) == 5
