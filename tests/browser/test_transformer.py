"""The model that writes in a browser, with the numbers that the chapter has trained: typing, writing on, the tasks."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup
from playwright.sync_api import Locator, Page, expect
from tests.browser.hands import assert_rows, assert_table, button, change, python_side, rest, settled, state

from attnbook.data.book_text import ALPHABET, book_text, encode
from attnbook.nn.writing import TextModel
from attnbook.widgets.packed import unpack
from attnbook.widgets.svg import percent
from attnbook.widgets.transformer import MOST_TEXT, TransformerExplorer
from attnbook.widgets.writer import CONTEXT

BarePage = Callable[..., Page]
TEXT = TransformerExplorer().text


@pytest.fixture(scope="module")
def script(site: Path) -> Path:
    """The file of the site from which the chapter's explorer fetches its model."""
    page = BeautifulSoup((site / "book" / "08_transformer.html").read_text(encoding="utf-8"), "html.parser")
    model = json.loads(page.select_one('[data-explorer="transformer"] + script').string)["model"]
    return site / "_static" / "explorers" / f"{model['file']}.js"


@pytest.fixture(scope="module")
def trained(script: Path) -> dict[str, Any]:
    """The model that the chapter has trained, from its site."""
    return dict(json.loads(script.read_text(encoding="utf-8").partition("] = ")[2].rstrip(";\n")))


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text")


def readout(page: Page) -> str:
    return page.locator(".attn-readout").inner_text()


def line(page: Page) -> Locator:
    return page.locator(".attn-head p")


def note(page: Page) -> Locator:
    return page.locator(".attn-writes .attn-hint")


def press(page: Page, name: str) -> None:
    button(page, name).click()
    settled(page)


def retype(page: Page, text: str) -> None:
    field(page).fill(text)
    settled(page)


def assert_right(page: Page) -> TransformerExplorer:
    """Letters, readout, bars and the table are what Python computes for the page's state."""
    settled(page)
    python = python_side(page, TransformerExplorer)
    letters = page.locator(".attn-letter:visible").all_text_contents()
    assert letters == [*python.known.replace("\n", "¶")]
    pressed = page.locator(".attn-letter").evaluate_all(
        "all => all.findIndex((node) => node.ariaPressed === 'true' && !node.hidden)"
    )
    assert pressed == python.chosen_place
    bars = page.locator(".attn-bars tr:visible").evaluate_all(
        "all => all.map((row) => [...row.cells].map((c) => c.textContent))"
    )
    assert_rows([[readout(page)], *bars], [[python.readout()], *([a, percent(b)] for a, b in python.likely().items())])
    assert_table(page, python)
    return python


def test_it_shows_what_python_computes(bare_page: BarePage, trained: dict[str, Any]) -> None:
    page = bare_page(TransformerExplorer(model=trained))
    press(page, "Skip")
    for news in (
        {},
        {"head": 4, "place": 7},
        {"text": "Every key has (nearly) the same weight.\nWhy?", "temperature": 0.3},
        {"text": book_text().test[:200], "head": 7, "place": 126},
        {"text": "q", "head": 2, "place": 0},
        {"text": ""},
    ):
        change(page, **news)
        assert_right(page)


def test_it_computes_what_torch_does(bare_page: BarePage, trained: dict[str, Any]) -> None:
    """With the same rounded numbers, on pieces of the text that was kept from training: to 1e-4."""
    page = bare_page(TransformerExplorer())
    made = TextModel(len(ALPHABET))
    made.load_state_dict(
        {name: torch.tensor(each).float() for name, each in unpack(trained).items() if name != "heads"}
    )
    rng, text = np.random.default_rng(0), book_text().test
    pieces = [encode(text[rng.integers(len(text) - CONTEXT) :][:n]) for n in (CONTEXT, 50, 17, 1)]
    answers = page.evaluate(
        """([packed, pieces]) => {
          const { unpack, readText, mapsOf, softmax } = Object.assign({}, attnbook["math/packed"],
            attnbook["math/writer"], attnbook["math/softmax"]);
          const p = unpack(packed);
          return pieces.map((tokens) => {
            const run = readText(p, tokens);
            return [run.rows.map(({ scores }) => [...softmax([...scores])]), mapsOf(run).map((map) => [...map])];
          });
        }""",
        [trained, [piece.tolist() for piece in pieces]],
    )
    for piece, (chances, maps) in zip(pieces, answers, strict=True):
        with torch.no_grad():
            scores, seen = made(torch.tensor(piece)[None])
        assert np.abs(scores[0].softmax(dim=-1).numpy() - np.array(chances)).max() < 1e-4
        assert np.abs(torch.cat(seen, dim=1)[0].numpy().reshape(len(maps), -1) - np.array(maps)).max() < 1e-4


def test_the_model_is_a_light_file_of_its_own(script: Path, trained: dict[str, Any]) -> None:
    assert len(gzip.compress(script.read_bytes(), mtime=0)) < 150_000
    page = (script.parents[2] / "book" / "08_transformer.html").read_text(encoding="utf-8")
    assert trained["token.weight"]["numbers"] not in page


def test_whatever_is_typed_something_sensible_is_told(bare_page: BarePage) -> None:
    page = bare_page(TransformerExplorer(try_first="look."))
    for text, told in (
        ("", "Type something"),
        ("café — naïve", "It does not know é — ï and leaves them out."),
        ("Ü", "Type something"),
        ("ABC", "3 of at most 128 characters are read."),
        ("ab" * 90, "It reads the last 128 of 180 characters"),
        ("a" * (MOST_TEXT + 20), f"The field is full: {MOST_TEXT} characters."),
    ):
        retype(page, text) if len(text) <= MOST_TEXT else change(page, text=text[:MOST_TEXT])
        if text != "Ü":
            expect(note(page)).to_contain_text(told)
        assert_right(page)
    change(page, text="a line\nand")
    expect(field(page)).to_have_value("a line¶and")
    field(page).press("End")
    page.keyboard.type(" m¶")
    settled(page)
    assert state(page)["text"] == "a line\nand m\n"
    assert_right(page)


def test_every_character_and_place_can_be_asked(bare_page: BarePage, trained: dict[str, Any]) -> None:
    page = bare_page(TransformerExplorer(model=trained, try_first="look."))
    python = assert_right(page)
    page.locator(".attn-letter").nth(6).hover()
    settled(page)
    python.place = 6
    assert_rows([[readout(page)]], [[python.readout()]])
    box = page.locator(".attn-stage .attn-heat").bounding_box()
    n = len(python.known)
    at = {"x": box["width"] * 4.5 / n, "y": box["height"] * 20.5 / n}
    page.locator(".attn-stage .attn-heat").hover(position=at)
    settled(page)
    assert readout(page) == f"In head 1·1, “{TEXT[20]}” (21) gives “{TEXT[4]}” (5) {percent(python.maps[0, 20, 4])}"
    page.locator(".attn-stage .attn-heat").hover(position={"x": at["y"], "y": at["x"]})
    settled(page)
    assert readout(page) == f"“{TEXT[4]}” (5) cannot see “{TEXT[20]}” (21): it comes later"
    page.locator(".attn-stage .attn-heat").click(position=at)
    page.mouse.move(0, 0)
    assert state(page)["place"] == 20
    assert_right(page)
    page.locator(".attn-letter[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator(".attn-more summary").click()
    assert state(page)["place"] == page.locator(".attn-letter").evaluate_all(
        "all => all.findIndex((node) => node.tabIndex === 0)"
    )
    page.get_by_role("slider", name="Place").fill("3")
    settled(page)
    assert state(page)["place"] == 2
    assert_right(page)


def test_it_writes_what_python_writes(bare_page: BarePage, trained: dict[str, Any]) -> None:
    page = bare_page(TransformerExplorer(model=trained, temperature=0.6, seed=3))
    python = python_side(page, TransformerExplorer)
    press(page, "One step")
    assert state(page)["text"] == python.write(1)
    rest(page)
    press(page, "Write on")
    assert state(page)["text"] == python.write(40)
    assert_right(page)
    rest(page)
    press(page, "Undo")
    assert state(page)["text"] == python.text[:-40]
    change(page, text="a" * MOST_TEXT)
    press(page, "One step")
    assert state(page)["text"] == "a" * MOST_TEXT


def test_it_writes_one_after_the_other_until_it_is_stopped(bare_page: BarePage) -> None:
    page = bare_page(TransformerExplorer(), motion="no-preference")
    python = python_side(page, TransformerExplorer)
    page.evaluate("""window.lengths = [];
        models[0].on("change:text", () => {
            lengths.push(models[0].get("text").length);
            if (lengths.length === 10) document.querySelectorAll(".attn button").forEach((one) => {
                if (one.textContent === "Stop") one.click();
            });
        })""")
    press(page, "Write on")
    expect(button(page, "Write on")).to_be_visible()
    settled(page)
    assert page.evaluate("lengths") == list(range(len(TEXT) + 1, len(TEXT) + 11))
    written = state(page)["text"]
    assert len(written) == len(TEXT) + 10
    assert written == python.write(len(written) - len(TEXT))


def test_nothing_tells_before_the_reader_has_decided(bare_page: BarePage, trained: dict[str, Any]) -> None:
    for typed, verdict in (("i", "Yes. "), ("x", "Not “x”. ")):
        page = bare_page(TransformerExplorer(model=trained))
        hidden = page.locator(".attn-bars th, .attn-bars .attn-number")
        assert hidden.evaluate_all("all => all.every((n) => getComputedStyle(n).visibility === 'hidden')")
        python = python_side(page, TransformerExplorer)
        share, best = python.chances[ALPHABET.index(typed)], next(iter(python.likely().items()))
        assert best[0] == "“i”", "so that one can say yes"
        field(page).press("End")
        page.keyboard.type(typed)
        settled(page)
        told = (
            f"→ {verdict}It gave “{typed}” {percent(share)}; its first choice was {best[0]}, with {percent(best[1])}."
        )
        expect(line(page)).to_have_text(told)
        assert_right(page)


def test_it_notices_the_head_and_the_rows(bare_page: BarePage, trained: dict[str, Any]) -> None:
    page = bare_page(TransformerExplorer(model=trained))
    press(page, "Skip")
    python = python_side(page, TransformerExplorer)
    shares = python.before()
    best, other = int(shares.argmax()), int(shares.argmin())
    assert shares[0] < 0.5, "it does not open with the answer"
    assert shares[best] > 0.6, "there is a line to be seen"
    heads = page.get_by_role("radio")
    heads.nth(other).check()
    settled(page)
    expect(line(page)).to_contain_text("Then: each small map is a head.")
    heads.nth(best).check()
    settled(page)
    told = (
        f"→ Head {best // 4 + 1}·{best % 4 + 1} gives the character just before {percent(shares[best])} of its weight"
    )
    expect(line(page)).to_contain_text(told)
    press(page, "Next")
    retype(page, TEXT.replace("turns", "burns"))
    place = TEXT.index("turns")
    now = python_side(page, TransformerExplorer)
    python.head = now.head
    change_of = np.abs(now.maps - python.maps).max(axis=2)  # (heads, rows)
    assert change_of[:, :place].max() == 0
    moved = int((change_of[now.chosen_head] >= 0.01).sum())
    assert moved > 0
    expect(line(page)).to_contain_text(f"→ The {place} rows above place {place + 1} are the same, in all heads")
    expect(line(page)).to_contain_text(f"Of the others, {moved} moved in this head.")
    assert page.locator(".attn-moved").get_attribute("d").count("M") == moved


def test_it_answers_within_a_tenth_of_a_second(bare_page: BarePage, trained: dict[str, Any]) -> None:
    """From the first letter of a whole context, which changes all rows, to the painted maps, if nothing else runs."""
    page = bare_page(TransformerExplorer(model=trained, text=book_text().test[:CONTEXT], try_first="look."))
    times = page.evaluate(
        """async () => {
          const field = document.querySelector('.attn-line');
          const [times, rest] = [[], field.value.slice(1)];
          for (const letter of 'abcdefghijk') {
            const start = performance.now();
            field.value = letter + rest;
            field.dispatchEvent(new Event('input', { bubbles: true }));
            await new Promise(requestAnimationFrame);
            document.body.offsetHeight;
            times.push(performance.now() - start);
          }
          return times;
        }"""
    )
    assert min(times) < 100, times


def test_no_link_carries_the_model(bare_page: BarePage) -> None:
    page = bare_page(TransformerExplorer(try_first="look."))
    press(page, "One step")
    page.locator(".attn-more summary").click()
    press(page, "Copy link to this state")
    assert len(page.url.partition("#")[2]) < 300
