"""A real Dask scheduler with two workers, one of which is killed while it works."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from tests.classroom import mutants
from tests.nbjudge import courses

from nbjudge.course.folder import Course, RefusalError
from nbjudge.grading import cluster

NAME = "02_scoring"
STUDENTS = 10
# A worker that cannot import the package, as one on which it was not installed.
WITHOUT_PACKAGE = """
import sys

class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "attnbook":
            raise ModuleNotFoundError("No module named 'attnbook'", name="attnbook")

sys.meta_path.insert(0, NotInstalled())
"""


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RefusalError, match=r"pip install -e '\.\[cluster\]'"):
        cluster.Cluster("tcp://127.0.0.1:8786", courses.SUBJECT, trust=False)


@contextmanager
def dask(log: Path, *arguments: str, path: str = "") -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
    environment = {**os.environ, **({"PATH": path} if path else {}), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    with log.open("wb") as file, subprocess.Popen(command, stdout=file, stderr=file, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def scheduler(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    told = folder / "scheduler.json"
    arguments = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told))
    with dask(folder / "scheduler.log", *arguments) as process:
        address = ""
        end = time.monotonic() + 60
        while not address:
            assert process.poll() is None, (folder / "scheduler.log").read_text()
            assert time.monotonic() < end
            time.sleep(0.05)
            try:
                address = json.loads(told.read_text())["address"]
            except (FileNotFoundError, ValueError):
                continue
        yield address, process


@contextmanager
def worker(folder: Path, address: str, name: str, *more: str, path: str = "") -> Iterator[subprocess.Popen[bytes]]:
    arguments = ("worker", address, "--host", "127.0.0.1", "--no-nanny", "--nthreads", "1", "--name", name, *more)
    arguments += ("--local-directory", str(folder / name))
    with dask(folder / f"{name}.log", *arguments, path=path) as process:
        end = time.monotonic() + 60
        while b"Registered to" not in (folder / f"{name}.log").read_bytes():
            assert process.poll() is None, (folder / f"{name}.log").read_text()
            assert time.monotonic() < end
            time.sleep(0.05)
        yield process


def boxes_of(process: subprocess.Popen[bytes]) -> list[str]:
    """Return what a worker has started just now: the sandboxes in which it judges."""
    boxes: list[str] = []
    for thread in Path(f"/proc/{process.pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
            boxes += thread.read_text().split()
    return boxes


@pytest.fixture(scope="module")
def download(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("download")
    given = courses.assignment(NAME)
    for number in range(STUDENTS):
        functions = courses.solutions(given)
        task = given.tasks[number % len(given.tasks)]
        some = mutants.planted(task)
        functions[task] = some[number % len(some)].source
        courses.hand_in(folder, given, f"student-{number:02}", courses.filled(given, functions, "Because."))
    return folder


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_finds_the_same(download: Path, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    assert courses.typed("new", here).returncode == 0
    shutil.copytree(here, there)
    done = courses.typed("grade", NAME, download, "--course", here)
    assert done.returncode == 0, done.stdout
    with ExitStack() as stack:
        address, _ = stack.enter_context(scheduler(tmp_path))
        victim = stack.enter_context(worker(tmp_path, address, "victim"))
        stack.enter_context(worker(tmp_path, address, "other"))
        command = [*courses.COMMAND, "grade", NAME, str(download), "--course", str(there)]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
        with subprocess.Popen([*command, "--scheduler", address], **options) as process:  # type: ignore[call-overload]
            end = time.monotonic() + 120
            while len(list(Course(there).results(NAME).glob("*.json"))) < 2 or not boxes_of(victim):
                assert time.monotonic() < end
                assert process.poll() is None, process.communicate()[0]
                time.sleep(0.01)
            victim.send_signal(signal.SIGKILL)
            said, _ = process.communicate(timeout=200)
        assert process.returncode == 0, said
    assert courses.contents(there) == courses.contents(here)


@pytest.mark.slow
def test_each_worker_must_have_the_package_and_a_sandbox(tmp_path: Path, download: Path) -> None:
    course = tmp_path / "attention"
    assert courses.typed("new", course).returncode == 0
    (tmp_path / "without.py").write_text(WITHOUT_PACKAGE, encoding="utf-8")
    with scheduler(tmp_path) as (address, _):
        command = ("grade", NAME, download, "--course", course, "--scheduler", address)
        with (
            worker(tmp_path, address, "good"),
            worker(tmp_path, address, "bare", "--preload", str(tmp_path / "without.py")),
            worker(tmp_path, address, "open", path="/nowhere"),
        ):
            done = courses.typed(*command)
        assert done.returncode == 1, done.stdout
        assert "not every worker of the cluster can grade" in done.stderr
        assert re.search(r"lacks a package \(.*'attnbook'.*\): there, in the clone of the book, pip", done.stderr)
        assert done.stderr.count("cannot use a sandbox: there is no sandbox on this machine: install bubblewrap") == 1
        assert "Traceback" not in done.stderr
        assert not any(Course(course).results(NAME).glob("*"))
        with worker(tmp_path, address, "trusted", path="/nowhere"):
            assert courses.typed(*command, "--trust-students").returncode == 0


@pytest.mark.slow
def test_when_the_scheduler_goes_away_what_was_graded_is_kept(tmp_path: Path) -> None:
    course, given = tmp_path / "attention", courses.assignment(NAME)
    for number in range(40):
        courses.hand_in(tmp_path / "many", given, f"student-{number:02}", courses.filled(given, {}))
    assert courses.typed("new", course).returncode == 0
    command = [*courses.COMMAND, "grade", NAME, str(tmp_path / "many"), "--course", str(course)]
    with (
        scheduler(tmp_path) as (address, boss),
        worker(tmp_path, address, "only"),
        subprocess.Popen([*command, "--scheduler", address], stderr=subprocess.PIPE, encoding="utf-8") as process,
    ):
        while not any(Course(course).results(NAME).glob("*.json")):
            assert process.poll() is None
            time.sleep(0.01)
        boss.kill()
        _, said = process.communicate(timeout=120)
    assert process.returncode == 1, said
    assert "the cluster went away. What was graded is kept: give the same command again to go on" in said
    assert "Traceback" not in said
    assert any(Course(course).results(NAME).glob("*.json"))
