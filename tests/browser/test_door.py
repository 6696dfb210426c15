"""What is too large for a page is fetched when the reader opens the explorer: over http, from a file, or once more."""

from __future__ import annotations

import gzip
import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.hands import settled

from attnbook.widgets import bundle
from attnbook.widgets.transformer import TransformerExplorer

ROOT = Path(__file__).resolve().parents[2]
NAME = "08_some-explorer-1"
FILE = f"explorers/{NAME}-model.js"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site with one page: the loader of the book, an explorer, and its model in a file of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "book" / "_ext")
        explorers = importlib.import_module("explorers")
    site = tmp_path_factory.mktemp("site")
    explorer = TransformerExplorer(trained="never")
    state = explorer.get_state()
    small, files = explorers.parted(explorers.page_state(state), state["_fetched"], NAME)
    scripts = {f"explorers/{name}.js": bundle.classic_script(name) for name in bundle.load_order("transformer")}
    scripts["loader.js"] = (ROOT / "book/_site/static/loader.js").read_text(encoding="utf-8")
    for name, text in {**scripts, **files, "style.css": bundle.style_sheet("transformer")}.items():
        (site / "_static" / name).parent.mkdir(parents=True, exist_ok=True)
        (site / "_static" / name).write_text(text, encoding="utf-8")
    page = f"""<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8"><title>Door</title>
        <link rel="icon" href="data:,"><link rel="stylesheet" href="../_static/style.css">
        <div class="explorer" data-explorer="transformer" data-model="{NAME}">
        <div class="explorer-static">{explorer.static_svg()}</div></div>
        <script type="application/json" id="{NAME}">{json.dumps(small)}</script>"""
    page += "".join(f'<script src="../_static/{name}" defer></script>' for name in scripts)
    (site / "book").mkdir()
    (site / "book" / "page.html").write_text(page, encoding="utf-8")
    return site


@pytest.fixture(params=["http", "file"])
def address(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "file":
        return (folder / "book" / "page.html").as_uri()
    return f"{request.getfixturevalue('serve')(folder)}/book/page.html"


def door(page: Page) -> Any:
    return page.get_by_role("button", name="Open it")


def assert_open(page: Page) -> None:
    expect(page.get_by_role("textbox", name="Text")).to_have_value(TransformerExplorer().text)
    assert page.locator(".attn-door").count() == 0
    expect(page.locator(".explorer-static")).to_be_hidden()
    settled(page)
    numbers = page.locator(".attn-bars .attn-number").all_text_contents()
    assert numbers == [f"{100 * chance:.0f} %" for chance in TransformerExplorer().likely().values()]


def test_a_page_has_a_name_in_place_of_the_model(folder: Path) -> None:
    state = json.loads(
        (folder / "book" / "page.html")
        .read_text(encoding="utf-8")
        .partition(f'id="{NAME}">')[2][:-9]
        .partition("</script>")[0]
    )
    script = (folder / "_static" / FILE).read_bytes()
    assert state["model"] == {
        "file": f"{NAME}-model",
        "version": state["model"]["version"],
        "size": len(script),
        "sent": len(gzip.compress(script, mtime=0)),
    }
    assert set(state) == set(TransformerExplorer.options())
    assert json.loads(script.partition(b"] = ")[2].rstrip(b";\n")) == TransformerExplorer().model


def test_nothing_is_fetched_until_it_is_opened(address: str, new_page: Any) -> None:
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    expect(page.locator(".attn-door")).to_contain_text("(never)")
    expect(page.locator(".explorer-static svg")).to_be_visible()
    hidden = page.locator(".explorer-static [data-answer] text")
    assert hidden.evaluate_all("all => all.every((node) => getComputedStyle(node).visibility === 'hidden')")
    page.wait_for_timeout(300)
    assert not [url for url in asked if FILE in url]
    door(page).focus()
    page.keyboard.press("Enter")
    assert_open(page)
    assert len([url for url in asked if FILE in url]) == 1
    expect(page.get_by_role("textbox", name="Text")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("i")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Reset").click()
    assert_open(page)


def test_it_tells_how_far_it_is(folder: Path, serve: Callable[[Path], str], new_page: Any) -> None:
    page = new_page(f"{serve(folder)}/book/page.html")
    page.evaluate(
        """() => {
          window.seen = [];
          const bar = document.querySelector('progress');
          new MutationObserver(() => seen.push(bar.value)).observe(bar, { attributeFilter: ['value'] });
        }"""
    )
    door(page).click()
    assert_open(page)
    seen = page.evaluate("seen")
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_what_fails_is_told_and_can_be_tried_again(folder: Path, serve: Callable[[Path], str], new_page: Any) -> None:
    page = new_page(f"{serve(folder)}/book/page.html", quiet=False)
    answers: list[Callable[[Route], None]] = [
        lambda route: route.abort(),
        lambda route: route.fulfill(status=503, body="busy"),
        lambda route: route.fulfill(body="half of it = {", content_type="text/javascript"),
        lambda route: route.continue_(),
    ]
    page.route(f"**/{FILE}*", lambda route: answers.pop(0)(route))
    for told in ("It did not arrive", "the site answered 503", "It did not arrive"):
        door(page).click()
        status = page.locator(".attn-door [role=status]")
        expect(status).to_contain_text(told)
        expect(status).to_contain_text("try again")
        expect(page.locator("progress")).to_be_hidden()
        status.evaluate("node => { node.textContent = ''; }")
    door(page).click()
    assert_open(page)


def test_a_file_that_is_missing_is_told_as_well(folder: Path, new_page: Any) -> None:
    page = new_page((folder / "book" / "page.html").as_uri(), quiet=False)
    script = folder / "_static" / FILE
    text = script.read_text(encoding="utf-8")
    script.unlink()
    door(page).click()
    expect(page.locator(".attn-door [role=status]")).to_contain_text("the file is not there")
    script.write_text(text, encoding="utf-8")
    door(page).click()
    assert_open(page)


def test_a_link_opens_its_state_behind_the_door(address: str, new_page: Any) -> None:
    page = new_page(f"{address}#transformer-1=*'text':'mirror'~")
    door(page).click()
    expect(page.get_by_role("textbox", name="Text")).to_have_value("mirror")


def test_on_paper_the_answer_is_there(folder: Path, new_page: Any) -> None:
    page = new_page((folder / "book" / "page.html").as_uri())
    page.emulate_media(media="print")
    expect(door(page)).to_be_hidden()
    expect(page.locator(".explorer-static [data-answer] text").first).to_be_visible()


def test_taken_away_it_fetches_no_more(folder: Path, serve: Callable[[Path], str], new_page: Any) -> None:
    page = new_page(f"{serve(folder)}/book/page.html")
    left = page.evaluate(
        """async () => {
          const el = document.body.appendChild(document.createElement('div'));
          let stopped = false;
          const state = { model: { file: 'x', sent: 1 } };
          const model = {
            get: (name) => state[name],
            fetch: (name, told, signal) => new Promise((_, fail) => {
              signal.addEventListener('abort', () => { stopped = true; fail(new Error('gone')); });
            }),
          };
          const end = attnbook.transformer.render({ model, el });
          el.querySelector('button').click();
          end();
          await new Promise(requestAnimationFrame);
          return [stopped, el.childElementCount];
        }"""
    )
    assert left == [True, 0]
