"""Every explorer of the package, found and not listed, and the bare page of the browser tests."""

from __future__ import annotations

import pytest
from tests.browser.conftest import bare_page, open_pages  # noqa: F401  (fixtures are found by their names)

import facts

EXPLORERS = facts.explorers()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "explorer" in metafunc.fixturenames:
        metafunc.parametrize("explorer", EXPLORERS, ids=lambda each: each.__name__)
    if "declared" in metafunc.fixturenames:
        metafunc.parametrize("declared", EXPLORERS, ids=lambda each: each.__name__)
