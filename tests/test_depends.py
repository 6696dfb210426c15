"""What a chapter's outputs depend on is found by reading: all of it, and nothing of its neighbours."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.budgets import CHAPTERS

import build
from depends import FRONT_END, Sources

SRC = build.ROOT / "src"
PACKAGE = {
    "__init__": "from pack.claims import Claims\n__all__ = ['Claims']\n",
    "claims": "class Claims: ...\n",
    "core.__init__": '"""Words."""\nfrom pack.core.one import f as first\nfrom pack.core.two import g\nLIMIT = 3\n',
    "core.one": "def f(): ...\n",
    "core.two": "from .one import f\n",
    "core.three": "from . import two\n",
    "busy.__init__": "import sys\nfrom pack.busy.inner import x\n",
    "busy.inner": "x = 1\n",
}
ALL = set(PACKAGE)
CORE = {name for name in PACKAGE if name.startswith("core.")}
CASES = {
    "import numpy": set(),
    "from pack import Claims": {"claims"},
    "from pack.core import first": {"core.one"},
    "from pack.core import g": {"core.one", "core.two"},
    "from pack.core import three": {"core.one", "core.two", "core.three"},
    "from pack.core.two import anything": {"core.one", "core.two"},
    "import pack.core.one as one": {"core.one"},
    "from pack import core\ncore.first()": {"core.one"},
    "import pack.core as c\nc.first()": {"core.one"},
    "def later():\n    from pack.core import first": {"core.one"},
    "from pack.core import LIMIT": {"core.__init__", "core.one", "core.two"},
    "from pack import core\nuse(core)": CORE,
    "from pack import core\ngetattr(core, name)": CORE,
    "from pack import core\ncore.unknown": CORE,
    "from pack.core import *": CORE,
    "import pack.core": ALL,
    "import pack": ALL,
    "from pack.busy import x": {"busy.__init__", "busy.inner"},
    "from pack.busy.inner import x": {"busy.__init__", "busy.inner"},
    "from importlib import import_module\nimport_module('pack.core.one')": {"core.one"},
    "import importlib\nimportlib.import_module('pack.core.' + name)": ALL,
    "from importlib import import_module as load\nload('pack.core.one')": ALL,
    "from importlib import import_module\nmap(import_module, names)": ALL,
    "eval('1')": ALL,
    "model.eval()": set(),
    "def __getattr__(name): ...": ALL,
}


@pytest.mark.parametrize("code", CASES)
def test_imports_are_followed_to_the_end(tmp_path: Path, code: str) -> None:
    for name, text in PACKAGE.items():
        path = tmp_path / "pack" / f"{name.replace('.', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    files = Sources(tmp_path).needs(code).files
    assert {path.relative_to(tmp_path / "pack").as_posix() for path in files} == {
        f"{name.replace('.', '/')}.py" for name in CASES[code]
    }


def test_a_file_with_a_modules_name_is_that_modules_alone(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    for name in ("__init__.py", "one.py", "two.py", "one.csv", "words.txt"):
        (tmp_path / "pack" / name).write_text("LIMIT = 3\n", encoding="utf-8")
    sources = Sources(tmp_path)
    assert {path.name for path in sources.needs("from pack.one import x").files} == {"one.py", "one.csv", "words.txt"}
    assert {path.name for path in sources.needs("from pack.two import x").files} == {"two.py", "words.txt"}


# The slug of each chapter's page, in the order of the book.
SLUGS = {f"book/{path.stem}": slug for slug, path in CHAPTERS.items()}


def needed(page: str) -> set[str]:
    return {path.relative_to(SRC).as_posix() for path in Sources(SRC).needs(build.code_of(page)).files}


@pytest.mark.parametrize("page", [page for page in build.pages() if page in SLUGS])
def test_a_chapter_depends_on_its_own_modules_only(page: str) -> None:
    slug = SLUGS[page]
    files = needed(page)
    own = {path.relative_to(SRC).as_posix() for path in SRC.glob(f"attnbook/*/{slug}.py")}
    assert own <= files, f"{page} imports its own modules, but {own - files} were not found"
    for other in [*SLUGS.values()][[*SLUGS].index(page) + 1 :]:
        # A chapter may look ahead in mathematics, softmax for instance, and try a later chapter's module as well.
        shared = {f"attnbook/core/{other}.py", f"attnbook/nn/{other}.py"}
        assert not {path for path in files if Path(path).stem == other} - shared, f"{page} depends on {other}"


def test_nothing_happens_when_a_module_is_imported() -> None:
    """Or else a chapter would depend on modules that it does not use: importing one runs its whole package."""
    for path in sorted((SRC / "attnbook").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            where = f"{path.relative_to(SRC)}:{node.lineno}"
            assert not (isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)), where
            assert not isinstance(node, ast.For | ast.While | ast.With | ast.Delete | ast.AugAssign), where
            targets = node.targets if isinstance(node, ast.Assign) else []
            assert not [target for target in targets if isinstance(target, ast.Attribute | ast.Subscript)], where


SHOW = """
import importlib, json, pkgutil
from attnbook import widgets
for module in pkgutil.iter_modules(widgets.__path__, "attnbook.widgets."):
    importlib.import_module(module.name)
for explorer in sorted(widgets.Explorer.__subclasses__(), key=lambda each: each.__name__):
    one = explorer()
    print({key: one.get_state(key)[key] for key in one.options()}, one.static_svg(), one.alt)
"""


def test_what_only_the_browser_reads_leaves_outputs_alone(tmp_path: Path) -> None:
    """The reason why a script or a style sheet may change without a chapter being executed again."""
    shown = []
    for changed in (False, True):
        shutil.copytree(SRC / "attnbook", tmp_path / "attnbook", dirs_exist_ok=True)
        front = [path for path in (tmp_path / "attnbook").rglob("*") if path.suffix in FRONT_END]
        assert front
        for path in front if changed else []:
            path.write_text(path.read_text(encoding="utf-8") + "/* changed */\n", encoding="utf-8")
        environment = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONHASHSEED": "0"}
        run = subprocess.run([sys.executable, "-c", SHOW], env=environment, capture_output=True, check=True)
        shown.append(run.stdout)
    assert shown[0] == shown[1]
    assert shown[0]
