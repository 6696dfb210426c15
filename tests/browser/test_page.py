"""A chapter's page in a browser, apart from its explorer: it reads, folds and prints, on any screen."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect
from tests import budgets
from tests.budgets import PAGE_BYTES, PAGE_REQUESTS, SCRIPT_BYTES, within

import build

CHAPTERS = [f"book/{path.stem}.html" for path in budgets.CHAPTERS.values()]
PAGES = [*(f"{name}.html" for name in build.pages()), "search.html?q=softmax"]
CHAPTER = "book/02_scoring.html"  # for what is the same in all of them
WIDTHS = [320, 768, 1440]
NewPage = Callable[..., Page]

# Everything that sticks out of the window to the right, unless a box around it scrolls or hides it.
STICKS_OUT = """() => [...document.querySelectorAll("body *")].filter((node) => {
  const box = node.getBoundingClientRect();
  if (!box.width || box.right <= innerWidth + 1) return false;
  for (let above = node.parentElement; above; above = above.parentElement)
    if (getComputedStyle(above).overflowX !== "visible") return false;
  return true;
}).map((node) => node.outerHTML.slice(0, 100))"""
# What is far below is laid out only when it is near: go through the page once, as a reader would.
READ_THROUGH = """async () => {
  document.documentElement.classList.add("whole");
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
    scrollTo({ top: y, behavior: "instant" });
    await new Promise(requestAnimationFrame);
  }
  scrollTo({ top: 0, behavior: "instant" });
}"""


def theme(page: Page) -> str:
    return str(page.evaluate("document.documentElement.dataset.theme"))


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()")
    )


def axe(page: Page, *, apart_from: str = "", contrast: bool = True) -> None:
    """Run axe; telling what is right takes it as long again as finding what is wrong."""
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    found = Axe().run(page, context={"exclude": [[part] for part in apart_from.split()]}, options=options)
    assert found.violations_count == 0, found.generate_report()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((box) => (box.open = true))")
    page.evaluate(READ_THROUGH)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_fits_every_screen_and_axe_finds_nothing(new_page: NewPage, http_site: str, address: str) -> None:
    page = new_page(f"{http_site}/{address}", width=WIDTHS[0])
    unfold(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(STICKS_OUT) == [], f"at {width} pixels"
        if width == WIDTHS[0]:
            # Formulas and code are most of a page, and alike in all: in one chapter they are looked at too, below.
            # Of entries in a row on the page of the package, which are alike as well, the first is.
            axe(page, apart_from=".katex .highlight .py~.py")
    # A wide screen shows more of the frame, in the same colours: tests/book/test_style.py and tests/test_theme.py
    # measure these in both themes.
    axe(page, apart_from="article", contrast=False)


def test_axe_finds_nothing_in_the_dark_with_formulas_and_code(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}", width=320, scheme="dark")
    unfold(page)
    axe(page)


def test_what_scrolls_sideways_can_be_reached_by_keyboard(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}", width=320)
    unfold(page)
    page.wait_for_timeout(200)
    code = page.locator(".cell_output pre[tabindex='0']").first
    code.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    boxes = ".highlight pre, .scrolls, .output.text_html"
    unreachable = page.eval_on_selector_all(
        boxes, "(all) => all.filter((box) => box.scrollWidth > box.clientWidth + 1 && box.tabIndex !== 0).length"
    )
    assert unreachable == 0


def test_wide_screens_show_contents_and_narrow_ones_buttons(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}", width=1440)
    expect(page.locator("#contents")).to_be_visible()
    expect(page.locator("#sections")).to_be_visible()
    expect(page.locator(".menu-button")).to_be_hidden()
    page.set_viewport_size({"width": 320, "height": 800})
    expect(page.locator("#contents")).to_be_hidden()
    expect(page.locator("#sections")).to_be_hidden()
    expect(page.locator(".menu-button")).to_be_visible()


@pytest.mark.parametrize(("button", "menu"), [(".menu-button", "#contents"), (".sections-button", "#sections")])
def test_the_menus_of_a_phone_hold_the_focus_and_give_it_back(
    new_page: NewPage, http_site: str, button: str, menu: str
) -> None:
    page = new_page(f"{http_site}/{CHAPTER}", width=320)
    page.locator(button).focus()
    page.keyboard.press("Enter")
    expect(page.locator(menu)).to_be_visible()
    for _ in range(page.locator(f"{menu} a").count() + 2):
        inside = page.evaluate(
            "(menu) => document.activeElement === document.body || document.activeElement.closest(menu) !== null",
            menu,
        )
        assert inside
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(menu)).to_be_hidden()
    expect(page.locator(button)).to_be_focused()
    assert not page.evaluate("document.querySelector('main').inert")


def test_a_section_chosen_in_the_menu_is_shown(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}", width=320)
    page.locator(".sections-button").click()
    last = page.locator("#sections a").last
    target = str(last.get_attribute("href"))
    last.click()
    expect(page.locator("#sections")).to_be_hidden()
    page.wait_for_function(
        "(id) => Math.abs(document.querySelector(id).getBoundingClientRect().top) < innerHeight", arg=target
    )


def test_the_contents_of_the_page_follow_the_reader(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}", width=1440)
    links = page.locator("#sections a")
    for place in (2, links.count() - 3):
        target = str(links.nth(place).get_attribute("href"))
        page.evaluate("(id) => document.querySelector(id).scrollIntoView({ behavior: 'instant' })", target)
        expect(page.locator("#sections [aria-current]")).to_have_attribute("href", target)


def test_the_first_tab_leads_to_the_skip_link_and_it_to_the_text(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the text"
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_theme_follows_the_system_until_the_reader_chooses(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}", scheme="dark")
    assert theme(page) == "dark"
    page.emulate_media(color_scheme="light")
    page.wait_for_function("document.documentElement.dataset.theme === 'light'")
    button = page.get_by_role("button", name="Colours")
    button.click()
    expect(button).to_have_accessible_name("Colours: dark")
    assert theme(page) == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.goto(f"{http_site}/book/index.html")
    assert theme(page) == "dark"
    button.click()
    expect(button).to_have_accessible_name("Colours: light")
    button.click()
    expect(button).to_have_accessible_name("Colours: as the system")
    assert theme(page) == "light"


@pytest.mark.parametrize(("scheme", "other"), [("light", "dark"), ("dark", "light")])
def test_the_first_press_changes_the_colours_in_all_tabs(
    new_page: NewPage, http_site: str, scheme: str, other: str
) -> None:
    page = new_page(f"{http_site}/{CHAPTER}", scheme=scheme)
    beside = page.context.new_page()
    beside.goto(f"{http_site}/book/notation.html")
    page.get_by_role("button", name="Colours").click()
    for tab in (page, beside):
        tab.wait_for_function(f"document.documentElement.dataset.theme === '{other}'")
        expect(tab.get_by_role("button", name="Colours")).to_have_accessible_name(f"Colours: {other}")


def test_the_theme_is_known_before_anything_is_painted(new_page: NewPage, http_site: str) -> None:
    page = new_page()
    page.add_init_script("localStorage.setItem('theme', 'dark')")
    page.route("**/*.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{http_site}/{CHAPTER}")
    assert theme(page) == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 25, 31)"


def test_plots_turn_over_in_the_dark(new_page: NewPage, http_site: str) -> None:
    for scheme, turned in (("light", "none"), ("dark", "invert(1) hue-rotate(180deg)")):
        page = new_page(f"{http_site}/{CHAPTER}", scheme=scheme)
        assert page.evaluate("getComputedStyle(document.querySelector('figure img')).filter") == turned


def test_a_scene_keeps_its_colours_in_the_dark(new_page: NewPage, http_site: str) -> None:
    shots = []
    for scheme in ("light", "dark"):
        figure = new_page(f"{http_site}/book/01_cognitive.html", scheme=scheme).locator("figure .picture").first
        figure.scroll_into_view_if_needed()
        figure.evaluate("(box) => box.querySelector('img').decode()")
        shots.append(np.asarray(Image.open(io.BytesIO(figure.screenshot())).convert("RGB"), dtype=int))
    high = min(map(len, shots))  # where it begins between two pixels, a picture may have one more
    same = (np.abs(shots[0][:high] - shots[1][:high]) < 8).all(-1)  # (y, x)
    scene, maps = same[:, : same.shape[1] // 3], same[:, same.shape[1] // 3 :]
    assert 0.6 < scene.mean() < 0.8, "the title above and the margin turn over"
    assert scene[len(scene) // 2 : -20, 20:-20].all(), "the scene turned over too"
    assert maps.mean() < 0.1, "maps and paper did not turn over"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_figure_is_seen_whole_on_a_phone(new_page: NewPage, http_site: str, chapter: str) -> None:
    page = new_page(f"{http_site}/{chapter}", width=390, height=844)
    unfold(page)
    boxes = page.evaluate(
        """[...document.querySelectorAll("article img")].map((image) => {
        const { left, right } = image.getBoundingClientRect();
        return [image.alt, Math.round(left), Math.round(right), image.checkVisibility()]; })"""
    )
    assert len(boxes) >= 3
    assert [words for words, left, right, seen in boxes if not (seen and 0 <= left < right <= 390)] == []


def test_solutions_open_by_mouse_and_by_keyboard(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}")
    solutions = page.locator("details.solution")
    first, second = solutions.nth(0), solutions.nth(1)
    expect(first.locator("> :not(summary)").first).to_be_hidden()
    first.locator("> summary").click()
    expect(first.locator("> :not(summary)").first).to_be_visible()
    second.locator("> summary").focus()
    page.keyboard.press("Enter")
    expect(second.locator("> :not(summary)").first).to_be_visible()


def test_a_link_into_something_folded_opens_it(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}")
    inside = page.evaluate("""() => {
      const cell = document.querySelector("details.solution > :last-child");
      cell.id = "inside";
      location.hash = "#inside";
      return cell.id;
    }""")
    expect(page.locator(f"#{inside}")).to_be_visible()
    identity = page.locator("details.solution").nth(2).get_attribute("id")
    arrived = new_page(f"{http_site}/{CHAPTER}#{identity}")
    expect(arrived.locator(f"details[id='{identity}'][open]")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (412, 915)], ids=["laptop", "phone"])
def test_the_front_page_can_be_tried_without_scrolling(
    new_page: NewPage, http_site: str, width: int, height: int
) -> None:
    page = new_page(f"{http_site}/book/index.html", width=width, height=height)
    for name in ("query", "key e"):
        box = page.locator(".explorer").get_by_role("slider", name=name, exact=True).bounding_box()
        assert box["y"] > 0
        assert box["y"] + box["height"] <= height


@pytest.mark.parametrize("chapter", ["book/02_scoring.html"])
def test_a_chapter_opens_with_its_question_and_something_to_move(
    new_page: NewPage, http_site: str, chapter: str
) -> None:
    """On a laptop; the imports are one line that opens, and nothing else of the set-up is seen."""
    page = new_page(f"{http_site}/{chapter}", width=1440, height=900)
    setup = page.locator(".cell details.hide").first
    assert setup.locator("summary").inner_text().strip() == "Set-up"
    expect(setup.locator("pre")).to_be_hidden()
    explorer = page.locator(".explorer").first.bounding_box()
    assert explorer
    assert explorer["y"] < 500
    setup.locator("summary").click()
    expect(setup.locator("pre")).to_be_visible()


def test_the_picture_of_the_whole_is_read_at_any_width(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/book/index.html", width=320)
    page.evaluate(READ_THROUGH)
    words = page.locator(".recipe :is(p, text)")
    sizes = words.evaluate_all("(all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize))")
    scale = page.locator(".recipe svg").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().width)")
    assert min(sizes) >= 11
    assert set(scale) == {132}  # as large as they are drawn, so that 11 stays 11
    tops = page.locator(".recipe > li").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().top)")
    assert tops == sorted(set(tops))
    page.set_viewport_size({"width": 1280, "height": 800})
    tops = page.locator(".recipe-step").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().top)")
    assert len(set(tops)) == 1


def test_a_term_leads_to_its_entry_in_the_glossary(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}")
    term = page.locator("article a:has(> .std-term)", has_text="query").first
    assert "dotted" in term.evaluate("(link) => getComputedStyle(link).textDecorationStyle")
    term.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary.html#term-query")
    expect(page.locator("dt[id='term-query']")).to_be_in_viewport()


def test_a_chinese_term_leads_to_its_entry(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/book/glossary.html")
    page.get_by_role("link", name="查询", exact=True).click()
    entry = page.locator("dt[id='term-查询']")
    expect(entry).to_be_in_viewport()
    assert entry.evaluate("(term) => term.matches(':target')")
    assert "SC" in entry.evaluate("(term) => getComputedStyle(term).fontFamily")


def test_code_is_copied_as_it_is_written(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}", permissions=["clipboard-read", "clipboard-write"])
    block = page.locator(".cell_input .highlight").nth(1)  # the first is folded into Set-up
    button = block.get_by_role("button", name="Copy this code")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == block.locator("pre").text_content().rstrip()
    expect(button).to_have_text("Copy")


def test_code_that_may_not_be_copied_is_selected(new_page: NewPage, http_site: str) -> None:
    page = new_page()
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden'))")
    page.goto(f"{http_site}/{CHAPTER}")
    block = page.locator(".cell_input .highlight").nth(1)  # the first is folded into Set-up
    block.get_by_role("button", name="Copy this code").click()
    expect(block.locator(".copy")).to_have_text("Selected")
    assert page.evaluate("getSelection().toString()").strip() == block.locator("pre").inner_text().strip()


def test_the_notebook_is_downloaded(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Notebook", exact=True).click()
    assert download.value.suggested_filename == "02_scoring.ipynb"


def test_paper_gets_the_text_unfolded_and_without_the_frame(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}", scheme="dark")
    page.emulate_media(media="print")
    for gone in (".bar", "#contents", "#sections", ".page-links", ".neighbours", ".explorer-static", ".copy"):
        expect(page.locator(gone).first).to_be_hidden()
    for kept in ("h1", "figure img", ".equation", ".explorer-live .attn-stage"):
        expect(page.locator(kept).first).to_be_visible()
    solution = page.locator("details.solution > :last-child").first
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(solution).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.solution[open]").count() == 0
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert len(page.pdf()) > 100_000


@pytest.mark.parametrize(("chapter", "scheme"), [*((one, "light") for one in CHAPTERS), (CHAPTER, "dark")])
def test_without_script_everything_is_there_to_read(
    new_page: NewPage, http_site: str, chapter: str, scheme: str
) -> None:
    page = new_page(f"{http_site}/{chapter}", script=False, scheme=scheme, width=320)
    for kept in ("h1", "figure img", ".equation .katex-html", ".explorer-static svg", "table.claims"):
        expect(page.locator(kept).first).to_be_visible()
    page.locator("details.solution > summary").first.click()
    expect(page.locator("details.solution > :last-child").first).to_be_visible()
    expect(page.locator(".theme-button")).to_be_hidden()
    page.locator(".menu-button").click()
    page.locator("#contents a", has_text="About this book").click()
    expect(page.locator("h1")).to_contain_text("Attention You Can Run")
    page.wait_for_load_state()
    paper = page.locator("html").evaluate("(root) => getComputedStyle(root).backgroundColor")
    assert paper == ("rgb(20, 25, 31)" if scheme == "dark" else "rgb(255, 255, 255)")


@pytest.mark.parametrize(
    "address", ["book/02_scoring.html", "book/13_landscape.html", "book/notation.html", "book/teaching.html"]
)
def test_a_phone_shows_whole_tables_and_whole_lines_of_code(new_page: NewPage, http_site: str, address: str) -> None:
    page = new_page(f"{http_site}/{address}", width=390)
    unfold(page)
    cut = (
        "(all) => all.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent.slice(0, 60))"
    )
    assert page.eval_on_selector_all(".table-box:has(.cards), .cell_input pre", cut) == []
    cell = page.locator(".cards tbody tr").first.locator("td").nth(1)
    expect(cell.locator(".column")).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(cell.locator(".column")).to_be_hidden()


def test_left_and_right_turn_the_page(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}")
    hint = "getComputedStyle(document.querySelector('.neighbours .after span'), '::after').content"
    assert "→" in page.evaluate(hint)
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/03_alignment.html")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/02_scoring.html")
    slider = page.locator(".explorer-live [role=slider], .explorer-live input").first
    for held in (slider, page.locator(".bar input[type=search]")):
        held.focus()
        page.keyboard.press("ArrowRight")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_timeout(100)
    assert page.url.endswith("02_scoring.html")


@pytest.mark.parametrize("prefix", ["/attention-you-can-run", ""])
def test_a_missing_address_leads_back_from_any_depth(
    new_page: NewPage, site: Path, http_site: str, prefix: str
) -> None:
    page = new_page()
    lost = f"{http_site}{prefix}/some/where/deep"
    page.route(lost, lambda route: route.fulfill(body=(site / "404.html").read_bytes(), content_type="text/html"))
    page.route(
        f"{http_site}/attention-you-can-run/**",
        lambda route: route.continue_(url=route.request.url.replace("/attention-you-can-run", "")),
    )
    if prefix:
        page.route(lost, lambda route: route.fulfill(body=(site / "404.html").read_bytes(), content_type="text/html"))
    page.goto(lost)
    expect(page.locator("h1")).to_have_text("Page not found")
    assert page.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "sticky"  # its style came
    page.get_by_role("link", name="Search the book").last.click()
    expect(page.locator("h1")).to_have_text("Search")
    assert page.url.startswith(f"{http_site}{prefix}/search.html")


def test_high_contrast_keeps_everything_visible(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}", forced_colors="active")
    expect(page.locator(".theme-button svg").first).to_be_visible()
    page.locator("details.solution > summary").first.click()
    expect(page.locator("details.solution > :last-child").first).to_be_visible()


def test_landmarks_have_names(new_page: NewPage, http_site: str) -> None:
    page = new_page(f"{http_site}/{CHAPTER}", width=1440)
    for role, name in [
        ("navigation", "Contents of the book"),
        ("navigation", "On this page"),
        ("navigation", "Previous and next page"),
    ]:
        expect(page.get_by_role(role, name=name)).to_be_visible()  # type: ignore[arg-type]
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("search")).to_have_count(1)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_read_to_its_end_stays_light_and_nothing_jumps(
    new_page: NewPage, http_site: str, chapter: str
) -> None:
    page: Any = new_page()
    requests: list[Any] = []
    page.on("requestfinished", lambda request: requests.append(request))
    page.add_init_script("""globalThis.shift = 0; new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });""")
    page.goto(f"{http_site}/{chapter}", wait_until="networkidle")
    assert page.evaluate("shift") < 0.1
    unfold(page)
    page.wait_for_load_state("networkidle")
    sizes = {request.url: request.sizes()["responseBodySize"] for request in requests}
    assert all(url.startswith(http_site) for url in sizes)
    within(PAGE_BYTES, chapter, sum(sizes.values()))
    within(SCRIPT_BYTES, chapter, sum(size for url, size in sizes.items() if ".js" in url))
    within(PAGE_REQUESTS, chapter, len(sizes))
