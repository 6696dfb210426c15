"""The channel mixer in a browser: rows and pictures against core, scores to pull, pictures of one's own, the tasks."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from tests.browser import hands
from tests.browser.hands import assert_rows, assert_table, button, change, python_side, rest, settled, state, unfold

from attnbook.widgets.channel import ChannelExplorer
from attnbook.widgets.mosaic import CHANNELS, SIDE, image_of

BarePage = Callable[..., Page]
NAMES = list(CHANNELS)
in_core = partial(python_side, kind=ChannelExplorer)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def channel(page: Page, name: str) -> Locator:
    return row(page, name).get_by_role("button")


def score(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=f"score of {name}", exact=True)


def line(page: Page) -> Locator:
    return page.locator(".attn-head p")


def pixels(canvas: Locator) -> np.ndarray:
    """What a canvas shows, from 0 to 1."""
    data = canvas.evaluate("node => node.toDataURL().split(',')[1]")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))[..., :3] / 255


def painted(maps: np.ndarray, shown: list[int]) -> np.ndarray:
    return np.einsum("cyx,cd->yxd", maps[shown], np.array(list(CHANNELS.values()))[shown])


def photo(rgb: np.ndarray) -> dict[str, object]:
    """A picture as a file."""
    file = io.BytesIO()
    Image.fromarray(rgb.astype(np.uint8)).save(file, "PNG")
    return {"name": "mine.png", "mimeType": "image/png", "buffer": file.getvalue()}


def assert_right(page: Page) -> None:
    """Means, scores, gates, all pictures and the table are what Python computes."""
    settled(page)
    python = in_core(page)
    rows = [row(page, name) for name in NAMES]
    shown = page.locator(".attn-line[role=group]").evaluate_all(
        """all => all.map((node) => [...[...node.querySelectorAll('.attn-number')].map((each) => each.textContent),
          node.querySelector('input').getAttribute('aria-valuetext')])"""
    )
    assert_rows(shown, [[mean, gate, f"{told}, gate {gate}"] for _, mean, told, gate, _ in python.rows()])
    for i in (2, 6):
        before, after = (pixels(rows[i].locator("canvas").nth(n)) for n in (0, 1))
        np.testing.assert_allclose(before, painted(python.maps, [i]), atol=0.51 / 255)
        np.testing.assert_allclose(after, painted(python.output, [i]), atol=0.51 / 255)
    seen = list(range(8)) if python.look == "all" else [NAMES.index(python.look)]
    for name, maps in (("before", python.maps), ("after", python.output)):
        canvas = page.locator(".attn-view", has_text=name).locator("canvas")
        np.testing.assert_allclose(pixels(canvas), painted(maps, seen), atol=0.51 / 255)
    mask = page.get_by_role("img", name="The mask, from")
    assert mask.count() == (python.mask != "none")
    if python.mask != "none":
        low, high = (f"{100 * end:.0f} %" for end in (python.places.min(), python.places.max()))
        assert_rows([[mask.get_attribute("aria-label")]], [[f"The mask, from {low} to {high}"]])
    assert_table(page, python)


def test_it_shows_what_core_computes(bare_page: BarePage) -> None:
    page = bare_page(ChannelExplorer(try_first="look."))
    assert_right(page)
    for news in (
        {"picture": "china", "mask": "parallel"},
        {"shuffle": 5, "turn": 2, "kind": "softmax"},
        {"mask": "spatial first", "reduction": 3, "rule": "open"},
        {"picture": "flower", "mask": "channel first", "kind": "sink", "look": "grey"},
        {"picture": "own", "own": "short", "push": [4.0, -4.0] * 4},
    ):
        change(page, **news)
        assert_right(page)


def test_nothing_is_told_before_the_reader_has_decided(bare_page: BarePage) -> None:
    page = bare_page(ChannelExplorer())
    settled(page)
    assert page.locator(".attn-gauge:visible, .attn-view:last-child canvas:visible").count() == 0
    expect(page.locator(".attn-view:first-child canvas")).to_be_visible()
    assert {each.get_attribute("aria-valuetext") for each in map(partial(score, page), NAMES)} == {"not told yet"}
    assert {each.input_value() for each in map(partial(score, page), NAMES)} == {"0"}
    channel(page, "green").click()
    settled(page)
    told = "→ Not green: of the colours, most is left of yellow. Its gate, 93 %, hears blue, with a mean of 0.057;"
    expect(line(page)).to_contain_text(told)
    expect(page.locator(".attn-view:last-child figcaption")).to_have_text("after: Not green: most is left of yellow")
    assert state(page)["look"] == "all"
    assert_right(page)
    button(page, "Reset").click()
    settled(page)
    channel(page, "yellow").press("Enter")
    expect(line(page)).to_contain_text("→ Yes: of the colours, most is left of yellow.")
    change(page, picture="flower")
    expect(line(page)).to_contain_text(
        "→ Yes: of the colours, most is left of yellow."
    )  # what was asked, not what is now


def test_a_channel_is_seen_alone(bare_page: BarePage) -> None:
    page = bare_page(ChannelExplorer(try_first="look."))
    settled(page)
    channel(page, "red").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(channel(page, "green")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter") if state(page)["look"] == "all" else None  # the first press may be the guess
    rest(page)
    assert state(page)["look"] == "green"
    assert channel(page, "green").get_attribute("aria-pressed") == "true"
    assert_right(page)
    channel(page, "green").click()
    rest(page)
    assert state(page)["look"] == "all"
    expect(page.get_by_role("status")).to_contain_text("all channels are shown; widest open: magenta 100 %")


def test_a_score_is_pulled(bare_page: BarePage) -> None:
    page = bare_page(ChannelExplorer(try_first="look."))
    settled(page)
    before = in_core(page).scores
    x, y = hands.take(page, score(page, "grey"))
    page.mouse.move(x + 200, y - 9, steps=4)
    page.mouse.up()
    rest(page)
    assert in_core(page).scores[6] == pytest.approx(8)
    assert np.delete(in_core(page).scores, 6).tolist() == np.delete(before, 6).tolist()
    assert_right(page)
    expect(page.get_by_role("status")).to_contain_text("score of grey 8.00, gate 100 %")
    score(page, "grey").focus()
    page.keyboard.press("]")
    expect(score(page, "white")).to_be_focused()
    page.keyboard.press("Home")
    settled(page)
    assert in_core(page).scores[7] == pytest.approx(-8)
    assert_right(page)
    change(page, mask="spatial first")  # the means are others now, what the hand has added stays
    assert state(page)["push"][6] == pytest.approx(8 - before[6])


def test_scores_beyond_the_scale_stay_on_it(bare_page: BarePage) -> None:
    page = bare_page(ChannelExplorer(try_first="look.", push=[32, -32] * 4))
    settled(page)
    assert score(page, "red").input_value() == "8"
    assert score(page, "yellow").input_value() == "-8"
    assert_right(page)


def test_a_picture_of_ones_own(bare_page: BarePage) -> None:
    page = bare_page(ChannelExplorer(try_first="look."))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator("[data-value=own]")).to_be_hidden()
    rgb = np.zeros((96, 160, 3))
    rgb[:, :80], rgb[:, 80:] = [255, 128, 0], [0, 64, 192]
    page.locator("input[type=file]").set_input_files(photo(rgb))
    expect(page.get_by_role("radio", name="my own")).to_be_checked()
    rest(page)
    expect(page.get_by_role("status")).to_contain_text("your own picture")
    image = image_of(state(page)["own"]) * 255
    np.testing.assert_allclose(image[:, 2 : SIDE // 2 - 2].reshape(-1, 3), np.tile([255, 128, 0], (960, 1)), atol=4)
    np.testing.assert_allclose(image[:, SIDE // 2 + 2 : -2].reshape(-1, 3), np.tile([0, 64, 192], (960, 1)), atol=4)
    assert asked == [], "it never leaves the browser"
    assert_right(page)
    before = state(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    expect(page.locator(".attn-source .attn-refused")).to_contain_text("cannot read that file as a picture")
    assert state(page) == before
    button(page, "Undo").click()
    settled(page)
    assert state(page)["picture"] == "scene"
    expect(page.locator("[data-value=own]")).to_be_hidden()


def test_a_picture_is_pasted(bare_page: BarePage) -> None:
    page = bare_page(ChannelExplorer(try_first="look."))
    settled(page)
    paste = """([data, where]) => {
      const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], 'a.png', { type: 'image/png' }));
      document.querySelector(where).dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    }"""
    data = base64.b64encode(photo(np.full((9, 9, 3), 255))["buffer"]).decode()  # type: ignore[arg-type]
    page.evaluate(paste, [data, "h1"])  # elsewhere on the page
    page.wait_for_timeout(100)
    assert state(page)["picture"] == "scene"
    page.evaluate(paste, [data, ".attn-channel"])
    expect(page.get_by_role("radio", name="my own")).to_be_checked()
    assert in_core(page).means.round(6).tolist() == [0, 0, 0, 0, 0, 0, 0.5, 0.5]


def test_only_two_scores_and_a_softmax_answer(bare_page: BarePage) -> None:
    page = bare_page(ChannelExplorer())
    button(page, "Skip").click()
    score(page, "red").press("End")
    score(page, "blue").press("End")
    settled(page)
    expect(line(page)).to_contain_text("Then: two gates can")
    unfold(page)
    page.get_by_role("combobox", name="Gates").select_option("softmax")
    settled(page)
    gates = in_core(page).gates
    told = (
        f"→ As a softmax, red gets {100 * gates[0]:.0f} % and blue {100 * gates[4]:.0f} %, for all eight share 100 %."
    )
    expect(line(page)).to_contain_text(told)
    expect(line(page)).to_contain_text("100 % and 100 % with the same scores.")
    assert gates[[0, 4]].max() < 0.5 < gates[[0, 4]].sum()


def test_places_and_colours_are_told_apart(bare_page: BarePage) -> None:
    page = bare_page(ChannelExplorer())
    button(page, "Skip").click()
    button(page, "Skip").click()
    button(page, "Shuffle the places").click()
    button(page, "Turn the colours").click()
    settled(page)
    expect(line(page)).to_contain_text("Then: under More, take sigmoids")
    unfold(page)
    page.get_by_role("combobox", name="Mask").select_option("parallel")
    settled(page)
    expect(line(page)).to_contain_text("→ Shuffling the places changes no gate by more than 0.000:")
    expect(line(page)).to_contain_text("Turning the colours changes the mask by 0.000 at most")
    assert [state(page)[name] for name in ("shuffle", "turn")] == [1, 1]
    assert_right(page)
    button(page, "Put the places back").click()
    for _ in range(5):
        button(page, "Turn the colours").click()
    settled(page)
    assert [state(page)[name] for name in ("shuffle", "turn")] == [0, 0]
