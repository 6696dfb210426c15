"""What the commands do when there is nothing to do, when something is missing, and when something changed."""

import asyncio
import queue
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import read_myst_markdown_notebook
from tests.book.small import HEAD

import browser
import build
import debian
import execute
import lock
import serve

CELL = "```{{code-cell}} ipython3\n{}\n```\n"
FILES = {
    "_toc.yml": "root: book/index\nparts:\n  - caption: One\n    chapters:\n"
    "      - file: book/02_scoring\n      - file: book/03_alignment\n",
    "_config.yml": "title: T\n",
    "book/index.md": "# Index\n",
    "book/02_scoring.md": HEAD + "# Scoring\n" + CELL.format("from attnbook.core import dot"),
    "book/03_alignment.md": HEAD
    + "# Alignment\n"
    + CELL.format("from attnbook import core, data\ncore.softmax(data.ONE)"),
    "book/_site/css/page.css": "",
    "notebooks/02_scoring.ipynb": "{}\n",
    "requirements.lock": "numpy==1\n",
    "src/attnbook/__init__.py": "",
    "src/attnbook/core/__init__.py": "from attnbook.core.alignment import softmax\n"
    "from attnbook.core.scoring import dot\n",
    "src/attnbook/core/_checks.py": "",
    "src/attnbook/core/alignment.py": "from attnbook.core import _checks\ndef softmax(): ...\n",
    "src/attnbook/core/scoring.py": "from attnbook.core import _checks as check\ndef dot(): ...\n",
    "src/attnbook/data/__init__.py": "from attnbook.data.one import ONE\n",
    "src/attnbook/data/one.py": "ONE = 1\n",
    "src/attnbook/data/one.csv": "1\n",
    "src/attnbook/classroom/__init__.py": "",
    "src/attnbook/widgets/js/kit.js": "",
    "tools/build.py": "",
}
INDEX, SCORING, ALIGNMENT = "book/index", "book/02_scoring", "book/03_alignment"


def work_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = folder / "_build"
    places = {"ROOT": folder, "BUILD": out, "HTML": out / "html", "CACHE": out / ".jupyter_cache"}
    for name, path in places.items():
        monkeypatch.setattr(build, name, path)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book of three pages, a package, and a Jupyter Book that writes down which pages it executes."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    work_in(tmp_path, monkeypatch)

    def run() -> int:
        cache, executed = get_cache(build.CACHE), []
        for name in build.pages():
            source = build.ROOT / f"{name}.md"
            notebook = read_myst_markdown_notebook(source.read_text(encoding="utf-8"))
            if any(cell.cell_type == "code" for cell in notebook.cells):
                try:
                    cache.match_cache_notebook(notebook)
                except KeyError:
                    executed.append(name)
                    bundle = CacheBundleIn(notebook, str(source))
                    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        for name in ("index", *build.pages()):
            page = build.HTML / f"{name}.html"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text("<p>page</p>", encoding="utf-8")
        with (build.ROOT / "runs").open("a") as log:
            log.write(f"{' '.join(executed)}\n")
        return 0

    monkeypatch.setattr(execute, "execute", lambda *given: None)
    monkeypatch.setattr(build, "build", run)
    return tmp_path


def runs(project: Path) -> list[list[str]]:
    """The pages that each build executed."""
    return [line.split() for line in (project / "runs").read_text().splitlines()]


def append(project: Path, name: str, text: str) -> None:
    with (project / name).open("a", encoding="utf-8") as file:
        file.write(text)


def test_pages_are_those_of_the_table_of_contents(project: Path) -> None:
    assert build.pages() == [INDEX, SCORING, ALIGNMENT]


def test_a_build_with_nothing_changed_is_no_build(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main() == build.main() == 0
    assert runs(project) == [[SCORING, ALIGNMENT]]
    told = capsys.readouterr().out
    assert "Nothing changed since the last build." in told
    assert f"Open {(project / '_build/html/index.html').as_uri()} in a browser" in told


@pytest.mark.parametrize(
    ("name", "text", "executed"),
    [
        ("book/02_scoring.md", "Another sentence.\n", []),
        ("_config.yml", "author: A\n", []),
        ("notebooks/02_scoring.ipynb", "\n", []),
        ("book/_site/css/page.css", "a { color: red }\n", []),
        ("src/attnbook/widgets/js/kit.js", "// changed\n", []),
        ("src/attnbook/classroom/__init__.py", "one = 1\n", []),
        ("src/attnbook/core/__init__.py", "from attnbook.core.kernel import rbf\n", []),
        ("src/attnbook/core/scoring.py", "one = 1\n", [SCORING]),
        ("src/attnbook/core/alignment.py", "one = 1\n", [ALIGNMENT]),
        ("src/attnbook/core/_checks.py", "one = 1\n", [SCORING, ALIGNMENT]),
        ("src/attnbook/core/__init__.py", "from attnbook.core.alignment import softmax as dot\n", [SCORING]),
        ("src/attnbook/core/__init__.py", "print('on import')\n", [SCORING, ALIGNMENT]),
        ("src/attnbook/data/one.csv", "2\n", [ALIGNMENT]),
        ("requirements.lock", "scipy==1\n", [SCORING, ALIGNMENT]),
        ("book/02_scoring.md", CELL.format("1 + 1"), [SCORING]),
    ],
)
def test_a_change_executes_what_depends_on_it(project: Path, name: str, text: str, executed: list[str]) -> None:
    build.main()
    stale = project / "_build/html/gone.html"
    stale.write_text("", encoding="utf-8")
    append(project, name, text)
    assert build.main() == 0
    assert runs(project)[1:] == [executed]
    assert not stale.exists()


def test_old_cells_come_back_with_new_outputs(project: Path) -> None:
    build.main()
    append(project, "book/02_scoring.md", CELL.format("1 + 1"))
    build.main()
    append(project, "src/attnbook/core/scoring.py", "one = 1\n")
    (project / "book/02_scoring.md").write_text(FILES["book/02_scoring.md"], encoding="utf-8")
    build.main()
    assert runs(project)[1:] == [[SCORING], [SCORING]]


def test_outputs_move_with_the_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build.main()
    moved = shutil.move(project, project.with_name("moved"))
    work_in(Path(moved), monkeypatch)
    append(Path(moved), "_config.yml", "author: A\n")
    build.main()
    assert runs(Path(moved))[1:] == [[]]


def test_a_page_that_was_lost_is_built_again(project: Path) -> None:
    build.main()
    (project / "_build/html/book/02_scoring.html").unlink()
    build.main()
    assert len(runs(project)) == 2


def test_a_failed_build_is_not_taken_for_done(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = build.build
    monkeypatch.setattr(build, "build", lambda: 1)
    assert build.main() == 1
    monkeypatch.setattr(build, "build", lambda: 0)  # as when jupyter-book does nothing and says nothing
    assert build.main() == 1
    monkeypatch.setattr(build, "build", done)
    assert build.main() == 0


def test_the_book_is_built_strictly_and_alike_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], *, env: dict[str, str], **options: object) -> subprocess.CompletedProcess[str]:
        called.append((command, env))
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(build.subprocess, "run", run)
    assert build.build() == 3
    ((command, environment),) = called
    assert {"build", "--warningiserror", "--nitpick"} <= set(command)
    assert environment["PYTHONHASHSEED"] == "0"
    assert environment["SOURCE_DATE_EPOCH"].isdigit()
    assert environment["OMP_NUM_THREADS"] == "1"
    assert environment["PATH"].startswith(str(Path(sys.executable).parent))


def in_a_thread(call: Callable[..., Any], *given: Any) -> Any:
    """Call where no browser of earlier tests has its loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call, *given).result()


def test_pages_are_executed_at_the_same_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wait = "import pathlib, time\nfor _ in range(300):\n    time.sleep(0.1)\n    if pathlib.Path({!r}).exists(): break"
    met = {name: str(tmp_path / name) for name in "ab"}
    cells = [
        f"open({met['a']!r}, 'w').close()\n{wait.format(met['b'])}\nprint(pathlib.Path({met['b']!r}).exists())",
        f"open({met['b']!r}, 'a').write('x')\n{wait.format(met['a'])}\nraise SystemError('planted')",
    ]
    for page, cell in zip([SCORING, ALIGNMENT], cells, strict=True):
        (tmp_path / page).parent.mkdir(exist_ok=True)
        (tmp_path / f"{page}.md").write_text(HEAD + "# Title\n" + CELL.format(cell), encoding="utf-8")
    (tmp_path / "book/index.md").write_text("# Index\n", encoding="utf-8")
    sources = [tmp_path / f"{page}.md" for page in (INDEX, SCORING, ALIGNMENT)]
    cache = get_cache(tmp_path / "cache")
    monkeypatch.setattr(execute.os, "cpu_count", lambda: 2)
    in_a_thread(execute.execute, sources, tmp_path / "cache", build.environment())
    _, kept = cache.merge_match_into_notebook(read_myst_markdown_notebook(sources[1].read_text(encoding="utf-8")))
    assert [cell.outputs[0].text for cell in kept.cells if cell.cell_type == "code"] == ["True\n"]
    assert len(cache.list_cache_records()) == 1
    first = Path(met["a"]).stat().st_mtime_ns
    in_a_thread(execute.execute, sources, tmp_path / "cache", build.environment())  # only the failed one runs again
    assert (Path(met["a"]).stat().st_mtime_ns, Path(met["b"]).read_text()) == (first, "xx")


def test_a_cell_has_the_time_that_the_books_settings_give() -> None:
    settings = yaml.safe_load((Path(__file__).parents[1] / "_config.yml").read_text(encoding="utf-8"))
    assert settings["execute"]["timeout"] == execute.TIMEOUT


def test_a_reply_that_wakes_nobody_is_found() -> None:
    class Channel:
        asked = 0

        async def get_msg(self, timeout: float) -> str:
            self.asked += 1
            await asyncio.sleep(timeout)
            if self.asked == 1:
                raise queue.Empty
            return "a reply"

    client = SimpleNamespace(kc=SimpleNamespace(shell_channel=Channel()))
    execute.patient(client)(notebook=None)
    assert in_a_thread(asyncio.run, client.kc.shell_channel.get_msg(timeout=5)) == "a reply"
    with pytest.raises(queue.Empty):
        in_a_thread(asyncio.run, Channel().get_msg(timeout=0.1))
    client.kc.shell_channel = Channel()
    execute.patient(client)()
    with pytest.raises(queue.Empty):
        in_a_thread(asyncio.run, client.kc.shell_channel.get_msg(timeout=0.1))


@pytest.mark.parametrize(
    ("root", "system", "first"),
    [
        (True, "debian", "apt-get update"),
        (True, "ubuntu", "-m playwright install chromium"),
        (False, "debian", "-m playwright install chromium"),
    ],
)
def test_a_missing_browser_is_installed_where_it_can_be(
    root: bool, system: str, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[str] = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        commands.append(" ".join(command))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(debian.os, "geteuid", lambda: 0 if root else 1000, raising=False)
    monkeypatch.setattr(debian.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(debian.platform, "freedesktop_os_release", lambda: {"ID": system})
    monkeypatch.setattr(debian.subprocess, "run", run)
    browser.install()
    assert first in commands[0]


@pytest.mark.parametrize(("system", "tried"), [("debian", True), ("ubuntu", True), ("fedora", False)])
def test_a_missing_sandbox_is_installed_where_it_can_be(
    system: str, tried: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 100)

    monkeypatch.setattr(debian.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(debian.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(debian.platform, "freedesktop_os_release", lambda: {"ID": system})
    monkeypatch.setattr(debian.subprocess, "run", run)
    assert not debian.install("bubblewrap", systems=("debian", "ubuntu"))
    assert [command[-1] for command in commands[1:]] == (["bubblewrap"] if tried else [])


def test_a_missing_browser_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(browser, "find", lambda: None)
    monkeypatch.setattr(browser, "install", lambda: None)
    assert browser.main() == 0
    told = capsys.readouterr().err
    assert told == browser.MISSING + "\n"
    assert "apt-get install chromium" in told
    assert "playwright install chromium" in told


def test_the_named_browser_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "my-chromium"
    named.write_text("#!/bin/sh\n", encoding="utf-8")
    named.chmod(0o755)
    monkeypatch.setenv("ATTNBOOK_CHROMIUM", str(named))
    assert browser.find() == str(named)


def test_short_lists_follow_the_lock() -> None:
    locked = lock.pins("numpy==2.0\ntorch==3.1 ; sys_platform == 'linux'\nscipy==1 ; a\nscipy==2 ; b\n")
    assert locked == {"numpy": "2.0", "torch": "3.1", "scipy": "1"}
    assert lock.follow("# words\ntorch==1.0\nnumpy==1.9\n", locked) == "# words\ntorch==3.1\nnumpy==2.0\n"


def test_the_site_is_served_to_this_machine_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, int]] = []

    class Server:
        server_port = 4321

        def __init__(self, address: tuple[str, int], handler: object) -> None:
            asked.append(address)

        def __enter__(self) -> "Server":
            return self

        def __exit__(self, *error: object) -> None:
            pass

        def serve_forever(self) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(serve.http.server, "ThreadingHTTPServer", Server)
    monkeypatch.setattr(serve, "HTML", tmp_path)
    monkeypatch.setattr(serve.sys, "argv", ["serve.py"])
    assert serve.main() == 1
    assert "run `make book` first" in capsys.readouterr().err
    (tmp_path / "index.html").write_text("", encoding="utf-8")
    assert serve.main() == 0
    monkeypatch.setattr(serve.sys, "argv", ["serve.py", "8000"])
    assert serve.main() == 0
    assert asked == [("127.0.0.1", 0), ("127.0.0.1", 8000)]
    assert "http://127.0.0.1:4321/" in capsys.readouterr().out
