"""A test that waits for what never comes ends after some minutes, with the place where it stood, and has one more try.

A run of all tests once stood still with two of them left, until its time was over, and nobody could see where. Some
waits have no end: for a frame of a browser, for what a page computes, for a reply of a kernel. So pyproject.toml sets
`faulthandler_timeout`, which ends such a worker and says where it was; another one then tries the same test, once. A
second time it fails. `tests/conftest.py` registers these hooks.
"""

from __future__ import annotations

from typing import Any

import pytest

again: list[str] = []


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem: str, report: Any, sched: Any) -> None:
    """Give the test whose worker has ended to another one, once."""
    if crashitem not in again:
        again.append(crashitem)
        sched.mark_test_pending(crashitem)
        report.outcome = "rerun"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say which tests these were."""
    for nodeid in again:
        terminalreporter.write_line(f"Its worker ended, so it was run once more: {nodeid}", yellow=True)
