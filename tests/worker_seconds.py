"""What the tests of each chapter cost: processor seconds of a worker and of all that it starts, the browser included.

A busy machine makes tests wait, but waiting takes no processor time; a slow processor is slow at the reference task as
well, which each worker runs now and then, and by which the seconds are divided. So a chapter over its budget is over it
everywhere. `tests/conftest.py` registers these hooks.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from tests.budgets import CHAPTERS, WORKER_SECONDS, trouble

REFERENCE_SECONDS = 0.065  # what the reference task takes on the two busy cores for which the budget was set
EVERY = 20.0  # seconds from one reference task to the next
THIS = psutil.Process()
# Tests of the site that look at the same one or two pages however many chapters there are.
SAMPLES = re.compile(
    r"tests/browser/(test_place|test_looks|test_search)\.py|test_a_phone_shows_whole|test_a_chapter_opens_with"
)

spent: Counter[str] = Counter()  # by chapter; on the controller, of all workers
references: list[float] = []
_asked = _shared = 0.0


def chapter_of(nodeid: str) -> str | None:
    """Return the chapter that a test belongs to, by the name of its file or by what it is given."""
    path, _, rest = nodeid.partition("::")
    if SAMPLES.search(nodeid):
        return None
    for slug in CHAPTERS:
        name = slug.replace("_", "_?")
        if re.search(rf"(?<![a-z]){name}(explorer)?(?![a-z])", f"{path}[{rest.partition('[')[2]}", re.IGNORECASE):
            return slug
    return None


def processor_seconds(*, running: bool = True) -> float:
    """Return what this process and those that it has started have taken; with `running`, also those not yet ended."""
    total = 0.0
    for process in [THIS, *(THIS.children(recursive=True) if running else [])]:
        try:
            total += sum(process.cpu_times()[:4])  # of its own, and of its children that have ended
        except psutil.NoSuchProcess:
            continue
    return total


def reference_task() -> float:
    """Return the processor seconds of a task that is always the same."""
    start = time.process_time()
    total = 0
    for number in range(600_000):
        total += number * number % 7
    return time.process_time() - start


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Count what a chapter's test takes, with all that is set up for it alone."""
    global _asked, _shared
    slug = chapter_of(item.nodeid)
    if slug is None:
        return (yield)
    if not references or time.monotonic() - _asked > EVERY:
        references.append(reference_task())
        _asked = time.monotonic()
    # Looking for what is running takes a few milliseconds. After the last test a browser that others have used ends.
    running = nextitem is None or "browser" in getattr(item, "fixturenames", ())
    start, _shared = processor_seconds(running=running), 0.0
    result = yield
    spent[slug] += max(0.0, processor_seconds(running=running) - start - _shared)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
    """Leave out what is set up once for all chapters, and happens to be asked for by this one first."""
    global _shared
    if fixturedef.scope != "session":
        return (yield)
    start = processor_seconds()
    result = yield
    _shared += processor_seconds() - start
    return result


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a worker of pytest-xdist has counted."""
    counted = getattr(node, "workeroutput", {}).get("chapters")
    if counted:
        spent.update(counted[0])
        references.extend(counted[1])


def over() -> list[str]:
    """Return a line for each chapter that is over its budget."""
    per_second = REFERENCE_SECONDS / (sum(references) / len(references)) if references else 1
    lines = [trouble(WORKER_SECONDS, slug, seconds * per_second) for slug, seconds in sorted(spent.items())]
    return [line for line in lines if line.endswith("allowed")]  # fewer, if only some tests were run, is no trouble


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run if a chapter is over its budget; a worker tells what it has counted."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["chapters"] = (dict(spent), references)
    elif over() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what each chapter took, and which one too much."""
    if spent:
        per_second = REFERENCE_SECONDS / (sum(references) / len(references))
        told = ", ".join(f"{slug} {seconds * per_second:.0f}" for slug, seconds in sorted(spent.items()))
        terminalreporter.write_line(f"Seconds of a worker, by chapter: {told}")
    for line in over():
        terminalreporter.write_line(f"FAILED budget: {line} (tests/budgets.py)", red=True)
