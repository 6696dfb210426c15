"""The sentence explorer in a browser, with the model that the chapter has trained: typing, forbidding, pointing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Locator, Page, expect
from tests.browser.hands import button, rest, settled, state

from attnbook import core
from attnbook.theme import SEQUENTIAL
from attnbook.widgets.alignment_sentence import EXAMPLES, SentenceExplorer
from attnbook.widgets.svg import decimal

BarePage = Callable[..., Page]
TRAITS = SentenceExplorer.options()
CAT = "the small red cat near a tree sees the dog"
HARD = "a boy walks but the cat waits because a dog sleeps and the fox dances until the horse sings"


@pytest.fixture(scope="module")
def trained(site: Path) -> dict[str, Any]:
    """The state of the explorer on the page, and in it the model that the chapter has trained."""
    page = BeautifulSoup((site / "book" / "03_alignment.html").read_text(encoding="utf-8"), "html.parser")
    return json.loads(page.select_one('[data-explorer="alignment_sentence"] + script').string)


@pytest.fixture
def explore(bare_page: BarePage, trained: dict[str, Any]) -> Callable[..., Page]:
    """`explore(sentence=…)` opens the explorer with the trained model; with `veiled`, as a reader finds it."""

    def open_page(*, veiled: bool = False, page: dict[str, Any] | None = None, **options: Any) -> Page:
        opened = bare_page(SentenceExplorer(model=trained["model"], **options), **(page or {}))
        if not veiled:
            press(opened, "Skip")
        return opened

    return open_page


def in_python(page: Page) -> SentenceExplorer:
    """The explorer in Python with the state that the page has."""
    return SentenceExplorer(**{name: value for name, value in state(page).items() if name in TRAITS})


def press(page: Page, name: str) -> None:
    button(page, name).click()
    settled(page)


def english(page: Page) -> Locator:
    return page.locator(".attn-sources > button:visible")


def other(page: Page) -> Locator:
    return page.locator(".attn-targets > button:visible")


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Sentence")


def note(page: Page) -> Locator:
    return page.locator(".attn-note")


def readout(page: Page) -> Locator:
    return page.locator(".attn-readout")


def forbid(page: Page, word: str) -> None:
    english(page).filter(has_text=word).first.click()
    settled(page)


def line(page: Page) -> Locator:
    return page.locator(".attn-head p")


def assert_right(page: Page) -> None:
    """Words, shares, colours, frames and the table are what Python computes for the page's state."""
    settled(page)
    python = in_python(page)
    texts = [words.locator(".attn-text").all_inner_texts() for words in (english(page), other(page))]
    assert texts == [python.source, python.target]
    shares = english(page).locator(".attn-share").all_inner_texts()
    assert [float(share.removesuffix(" %")) for share in shares] == pytest.approx(100 * python.weights, abs=0.501)
    expect(readout(page)).to_have_text(f"{python.readout()}; entropy {decimal(python.entropy)} bits")
    pressed = [words.evaluate_all("all => all.map(n => n.ariaPressed)") for words in (english(page), other(page))]
    assert pressed[0] == ["false" if may else "true" for may in python.allowed]
    assert [i for i, each in enumerate(pressed[1]) if each == "true"] == [python.chosen]
    high, wide = python.matrix.shape
    pixels = page.locator(".attn-cells .attn-light").evaluate(
        """(canvas) => {
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
          copy.drawImage(canvas, 0, 0);
          return [...copy.getImageData(0, 0, canvas.width, canvas.height).data];
        }"""
    )
    red = np.array(pixels).reshape(high, wide, 4)[..., 0]
    stops = [int(stop[1:3], 16) for stop in SEQUENTIAL]
    assert red == pytest.approx(np.interp(python.matrix, np.linspace(0, 1, len(stops)), stops), abs=3)
    rules = python.rules
    right = rules is not None and list(rules.target) == python.target
    frames = (page.locator(".attn-cells .attn-outlined").get_attribute("d") or "").count("M")
    assert frames == (len(python.target) if right else 0)
    table = page.locator(".attn-numbers tbody tr").evaluate_all(
        "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    for i, (word, most, origin, weight, bits) in enumerate(table):
        row = python.matrix[i]
        assert (word, most) == (python.target[i], python.source[int(row.argmax())])
        assert origin == (python.source[int(rules.links[i].argmax())] if right else "–")
        assert (weight, bits) == (f"{100 * row.max():.0f} %", decimal(core.entropy(row)))


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_it_shows_what_python_computes(explore: Callable[..., Page]) -> None:
    page = explore()
    assert_right(page)
    for news in (
        {"word": 2},
        {"sentence": CAT, "word": 0, "mask": [True] * 3 + [False] + [True] * 16},
        {"temperature": 4.0, "sentence": HARD, "mask": [True] * 20},
        {"temperature": 0.1, "mask": [False] * 20},
        {"sentence": "dog", "mask": [True] * 20, "temperature": 1},
    ):
        page.evaluate("(news) => Object.entries(news).forEach(([name, value]) => models[0].set(name, value))", news)
        assert_right(page)


def test_lines_go_from_word_to_word(explore: Callable[..., Page]) -> None:
    page = explore()
    other(page).nth(1).click()
    settled(page)
    best = int(in_python(page).weights.argmax())
    link = page.locator(".attn-link").nth(best)
    ends = link.evaluate(
        """(path) => [0, path.getTotalLength()].map((at) => {
          const { x, y } = path.getPointAtLength(at);
          const seen = new DOMPoint(x, y).matrixTransform(path.getScreenCTM());
          return [seen.x, seen.y];
        })"""
    )
    above, below = english(page).nth(best).bounding_box(), other(page).nth(1).bounding_box()
    (x, y), (u, v) = ends
    assert [x, u] == pytest.approx([box["x"] + box["width"] / 2 for box in (above, below)], abs=2)
    assert [y, v] == pytest.approx([above["y"] + above["height"], below["y"]], abs=2)
    expect(link).to_have_css("stroke-width", f"{0.5 + 7 * in_python(page).weights[best]:.2f}px")


def test_on_a_phone_words_are_shaded_by_weight(explore: Callable[..., Page]) -> None:
    page = explore(page={"width": 390})
    expect(page.locator(".attn-links")).to_be_hidden()
    python = in_python(page)
    shades = english(page).evaluate_all(
        "all => all.map((n) => Number(getComputedStyle(n).backgroundColor.match(/[/] ([.0-9]+)|$/)[1] ?? 0))"
    )
    assert np.argsort(shades)[-1] == int(python.weights.argmax())
    assert shades == pytest.approx(0.45 * python.weights, abs=0.01)


def test_a_word_that_is_another_now_is_marked(explore: Callable[..., Page]) -> None:
    page = explore()
    before = in_python(page).target
    forbid(page, "girl")
    now = in_python(page).target
    marked = page.locator(".attn-changed:visible").all_inner_texts()
    assert marked == [word for i, word in enumerate(now) if i >= len(before) or before[i] != word]
    assert marked
    assert_right(page)
    expect(note(page)).to_have_text("By the rules: regna salva sube tendon dum lina plira linon")
    press(page, "Undo")
    assert in_python(page).target == before
    expect(note(page)).to_have_text("✓ The translation is right.")


# --- a sentence of one's own ------------------------------------------------------------------------------------------


def test_a_sentence_is_typed_and_what_is_typed_stays(explore: Callable[..., Page]) -> None:
    page = explore()
    forbid(page, "girl")
    field(page).fill("The cat sees a dog.")
    settled(page)
    assert state(page)["sentence"] == "the cat sees a dog"
    assert all(state(page)["mask"])
    assert_right(page)
    field(page).fill("the cat sees a elephant")
    expect(note(page)).to_have_text("“elephant” is not among the words.")
    assert field(page).get_attribute("aria-invalid") == "true"
    assert state(page)["sentence"] == "the cat sees a dog"
    other(page).nth(1).hover()
    page.locator(".attn-cells").hover()
    other(page).nth(0).click()
    settled(page)
    expect(field(page)).to_have_value("the cat sees a elephant")
    field(page).fill("the sai")
    expect(note(page)).to_have_text("sai … sailor?")
    field(page).fill("the cat")
    settled(page)
    expect(note(page)).to_have_text(
        "No sentence by the rules: after 'the cat' there must be a verb, such as 'calls', but there the sentence ends. "
        "The model translates it all the same."
    )
    assert_right(page)
    field(page).fill("the " * 21)
    expect(note(page)).to_have_text("20 words are the most.")
    field(page).fill("")
    expect(note(page)).to_have_text("Type some words of the list under More.")
    press(page, "Another sentence")
    assert state(page)["sentence"] == EXAMPLES[0]
    expect(field(page)).to_have_value(EXAMPLES[0])
    assert field(page).get_attribute("aria-invalid") is None


def test_another_sentence_comes_with_nothing_forbidden(explore: Callable[..., Page]) -> None:
    page = explore(mask=[False] * 20)
    for sentence in (*EXAMPLES[1:], EXAMPLES[0]):
        press(page, "Another sentence")
        assert (state(page)["sentence"], state(page)["mask"]) == (sentence, [True] * 20)
        expect(field(page)).to_have_value(sentence)


# --- pointing, and keys -----------------------------------------------------------------------------------------------


def test_pointing_shows_and_changes_nothing(explore: Callable[..., Page]) -> None:
    page = explore(sentence=CAT)
    python, before = in_python(page), state(page)
    other(page).nth(2).hover()
    assert readout(page).inner_text().startswith("pimi ← ")
    cells = page.locator(".attn-cells")
    box, (high, wide) = cells.bounding_box(), python.matrix.shape
    for row, column in ((1, 2), (6, 0), (3, 9)):
        cells.hover(position={"x": (column + 0.5) * box["width"] / wide, "y": (row + 0.5) * box["height"] / high})
        told = f"{python.target[row]} ← {python.source[column]} {100 * python.matrix[row, column]:.0f} %"
        expect(readout(page)).to_have_text(told)
        lit = [
            words.all_inner_texts()
            for words in (page.locator(".attn-targets > .attn-lit"), page.locator(".attn-grid .attn-best"))
        ]
        assert lit == [[python.target[row]], [python.source[column], python.target[row]]]
    page.mouse.move(5, 5)
    assert readout(page).inner_text().startswith("vidon ← sees")
    assert state(page) == before
    cells.click(position={"x": 5, "y": 1.5 * box["height"] / high})
    settled(page)
    assert state(page)["word"] == 1


def test_everything_can_be_read_by_keyboard(explore: Callable[..., Page]) -> None:
    page = explore(sentence=CAT)
    python, status = in_python(page), page.get_by_role("status")
    other(page).first.focus()
    page.keyboard.press("ArrowRight")
    expect(other(page).nth(1)).to_be_focused()
    rest(page)
    expect(status).to_have_text("karmi looks at " + python_looked(python, 1))
    page.keyboard.press("Enter")
    settled(page)
    assert state(page)["word"] == 1
    page.keyboard.press("Tab")
    expect(page.get_by_role("slider", name="Temperature")).to_be_focused()
    page.keyboard.press("Tab")
    cells = page.locator(".attn-cells")
    expect(cells).to_be_focused()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
    rest(page)
    share = f"{100 * python.matrix[1, 1]:.0f} %"
    expect(status).to_have_text(f"karmi, small: {share}")
    expect(readout(page)).to_have_text(f"karmi ← small {share}")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    settled(page)
    assert state(page)["word"] == 0
    english(page).nth(3).press("Enter")
    rest(page)
    expect(status).to_contain_text("Without cat, the attention goes to ")
    assert state(page)["mask"][:5] == [True, True, True, False, True]


def python_looked(python: SentenceExplorer, word: int) -> str:
    python.word = word
    return python.readout().partition(" ← ")[2]


# --- the tasks --------------------------------------------------------------------------------------------------------


def test_nothing_tells_before_the_reader_has_decided(explore: Callable[..., Page]) -> None:
    page = explore(veiled=True)
    expect(readout(page)).to_have_text("linon ← ?")
    for hidden in (".attn-link", ".attn-share", ".attn-cells canvas", ".attn-outlined"):
        assert page.locator(hidden).evaluate_all("all => all.every((n) => getComputedStyle(n).visibility === 'hidden')")
    other(page).first.hover()
    expect(readout(page)).to_have_text("regna ← ?")
    page.mouse.move(5, 5)
    forbid(page, "girl")
    assert all(state(page)["mask"]), "it was a guess"
    best = in_python(page).weights.max()
    expect(line(page)).to_contain_text(f"→ Not girl. For linon, the weight of draws is {100 * best:.0f} %.")
    assert_right(page)


def test_its_tasks_answer(explore: Callable[..., Page]) -> None:
    page = explore(veiled=True)
    forbid(page, "draws")
    expect(line(page)).to_contain_text("→ Yes. For linon")
    press(page, "Next")
    forbid(page, "a")
    expect(line(page)).to_contain_text("Then: press an English word")
    forbid(page, "a")
    forbid(page, "girl")
    python = in_python(page)
    told = f"→ Without girl, the attention goes to {python.source[int(python.matrix[5].argmax())]}"
    expect(line(page)).to_contain_text(told)
    expect(line(page)).to_contain_text(f"lina becomes {python.target[5]}.")
    press(page, "Next")
    field(page).fill("the cat sees a dog")
    settled(page)
    expect(line(page)).to_contain_text("Then: type a sentence of your own")
    field(page).fill(HARD)
    settled(page)
    python = in_python(page)
    if list(python.rules.target) == python.target:
        pytest.skip("this training has learned even this sentence")
    wrote, right = " ".join(python.target), " ".join(python.rules.target)
    expect(line(page)).to_have_text(f"→ It wrote “{wrote}”; by the rules it is “{right}”.")


def test_no_link_carries_the_model(explore: Callable[..., Page], trained: dict[str, Any]) -> None:
    page = explore(sentence=CAT)
    forbid(page, "small")
    page.locator(".attn-more summary").click()
    press(page, "Copy link to this state")
    assert len(page.url.partition("#")[2]) < 500
    expect(
        page.get_by_text(f"{sum(np.prod(each['shape']) for each in trained['model'].values()):,} parameters")
    ).to_be_visible()


@pytest.mark.parametrize("width", [320, 600, 768, 1000, 1440])
def test_no_word_is_cut_off_or_meets_another(explore: Callable[..., Page], width: int) -> None:
    long = (
        "the quiet sailor beside the river whistles because a brave horse follows the green pear behind the big house"
    )
    for sentence in (long, "dog", EXAMPLES[0]):
        page = explore(sentence=sentence, page={"width": width})
        boxes = page.locator(".attn-word:visible").evaluate_all(
            """all => all.map((node) => {
              const { left, right } = node.getBoundingClientRect();
              const range = document.createRange();
              range.selectNodeContents(node.querySelector('.attn-text'));
              const text = range.getBoundingClientRect();
              return [left, text.left, text.right, right];
            })"""
        )
        assert [box for box in boxes if not box[0] <= box[1] + 0.5 <= box[2] <= box[3] + 0.5] == []
        labels = page.locator(".attn-rows > span:visible, .attn-columns > span:visible")
        assert labels.evaluate_all("all => all.every((n) => n.scrollWidth <= n.clientWidth + 1)")
