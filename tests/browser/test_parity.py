"""The shipped JavaScript computes what core computes, in a real browser. A chapter's cases are in parity/<slug>.py."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.parity.machinery import load, unequal, unseen

from attnbook.theme import DIVERGING, DIVERGING_DARK, SEQUENTIAL, SEQUENTIAL_DARK
from attnbook.widgets.bundle import JS, classic_script, load_order

SLUGS = sorted(path.stem for path in (Path(__file__).parent / "parity").glob("*.py") if path.stem != "machinery")
FRONT_ENDS = sorted(path.stem for path in JS.glob("*.js"))
LOADED = sorted({module for front_end in FRONT_ENDS for module in load_order(front_end)})


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture(params=SLUGS)
def chapter(request: pytest.FixtureRequest) -> ModuleType:
    return importlib.import_module(f"tests.browser.parity.{request.param}")


def test_the_browser_computes_what_core_does(page: Page, chapter: ModuleType) -> None:
    assert not list(unequal(page, chapter.CHECKS))


def test_every_planted_fault_is_seen(page: Page, chapter: ModuleType) -> None:
    assert not list(unseen(page, chapter.CHECKS, chapter.FAULTS))


def test_every_check_has_a_fault_that_it_sees(chapter: ModuleType) -> None:
    assert {fault.check for fault in chapter.FAULTS.values()} == set(chapter.CHECKS)


def test_every_module_of_mathematics_is_compared() -> None:
    chapters = [importlib.import_module(f"tests.browser.parity.{slug}") for slug in SLUGS]
    compared = {module for chapter in chapters for check in chapter.CHECKS.values() for module in check.modules}
    assert {f"math/{path.stem}" for path in (JS / "math").glob("*.js")} == {
        module for name in compared for module in load_order(name) if module.startswith("math/")
    }


def test_the_colours_are_those_of_the_theme(page: Page) -> None:
    load(page, ["facts/theme"])
    light, dark = (list(SEQUENTIAL), list(DIVERGING)), (list(SEQUENTIAL_DARK), list(DIVERGING_DARK))
    for i, name in enumerate(("SEQUENTIAL", "DIVERGING")):
        assert page.evaluate(f"attnbook['facts/theme'].{name}") == {"light": light[i], "dark": dark[i]}


@pytest.mark.parametrize("module", LOADED)
def test_the_site_ships_these_very_files(site: Path, module: str) -> None:
    shipped = site / "_static" / "explorers" / f"{module}.js"
    assert shipped.read_text(encoding="utf-8") == classic_script(module)
