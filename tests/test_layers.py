"""The floors of the house: what may import what, read from the source and tried in fresh interpreters."""

import ast
import graphlib
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"

# Every floor names all that it may import besides the standard library; "attnbook.core" covers what lies in it.
MAY_IMPORT = {
    "core": {"array_api_compat", "jaxtyping", "attnbook.core"},
    "core/mechanisms.py": {
        "numpy",
        "attnbook.core",
    },  # which draws an input, for those who ask whether the table is right
    "core/trials.py": {"numpy", "attnbook.core"},
    "data": {"jaxtyping", "numpy", "sklearn", "attnbook.data"},
    "nn": {"jaxtyping", "torch", "attnbook.core", "attnbook.nn", "attnbook.progress"},
    "plots": {
        *("cycler", "jaxtyping", "matplotlib", "matplotlib_inline", "numpy"),
        *("attnbook.core", "attnbook.plots", "attnbook.theme"),
    },
    "widgets": {
        *("anywidget", "ipywidgets", "jaxtyping", "numpy", "traitlets"),
        *("attnbook.core", "attnbook.data", "attnbook.theme", "attnbook.widgets"),
    },
    "classroom": {
        *("numpy", "attnbook.core", "attnbook.display", "attnbook.theme", "attnbook.classroom"),
        *("nbjudge.judging", "nbjudge.subject", "nbjudge.cli"),
    },
    "classroom/grading": {"nbjudge.nbgrader.settings"},  # for old course folders: what nbgrader loads
    "nbjudge/judging": {"numpy", "nbjudge.judging"},
    "nbjudge": {
        *("bleach", "jinja2", "jupytext", "markupsafe", "nbclient", "nbconvert", "nbformat", "nbgrader", "sqlalchemy"),
        *("traitlets", "yaml", "dask", "distributed", "numpy", "nbjudge"),
    },
    # What runs in the sandbox, beside the student's code.
    "nbjudge/sandbox/wire.py": {"numpy"},
    "nbjudge/sandbox/worker.py": {"numpy", "wire"},  # by its short name: there is no package
    "claims.py": {"numpy", "attnbook.display"},
    "display.py": {"IPython"},
    "progress.py": {"IPython"},
    "theme.py": set(),
    "__init__.py": {"attnbook.claims"},
}


def imports(path: Path) -> Iterator[str]:
    """The modules a file imports, wherever in it; of `from attnbook import core` that is `attnbook.core`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively: write the whole name"
            if node.module in {"attnbook", "attnbook.classroom", "nbjudge"}:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield str(node.module)


def files() -> list[Path]:
    found = sorted(path.relative_to(SOURCE) for path in SOURCE.rglob("*.py"))
    return [path.relative_to("attnbook") if path.parts[0] == "attnbook" else path for path in found]


def floor_of(path: Path) -> str:
    """The narrowest floor that a file of the package lies on."""
    names = [path.as_posix(), *(parent.as_posix() for parent in path.parents)]
    return next((name for name in names if name in MAY_IMPORT), path.parts[0])


def allowed(module: str, floor: str) -> bool:
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names:
        return True
    return any(module == name or module.startswith(f"{name}.") for name in MAY_IMPORT[floor])


@pytest.mark.parametrize("path", files(), ids=str)
def test_a_floor_imports_only_what_it_may(path: Path) -> None:
    floor = floor_of(path)
    assert floor in MAY_IMPORT, f"{floor} is a new floor: say in this test what it may import"
    home = SOURCE / path if path.parts[0] == "nbjudge" else SOURCE / "attnbook" / path
    strangers = [module for module in imports(home) if not allowed(module, floor)]
    assert strangers == []


def test_the_test_sees_every_kind_of_import(tmp_path: Path) -> None:
    source = tmp_path / "example.py"
    source.write_text(
        "import torch.nn\nfrom matplotlib import pyplot\nfrom attnbook import plots\ndef f():\n    import numpy\n",
        encoding="utf-8",
    )
    assert list(imports(source)) == ["torch.nn", "matplotlib", "attnbook.plots", "numpy"]
    assert [module for module in imports(source) if allowed(module, "core")] == []
    assert not allowed("attnbook.core_of_another", "core")


def test_each_file_lies_on_its_narrowest_floor() -> None:
    assert floor_of(Path("core/scoring.py")) == "core"
    assert floor_of(Path("classroom/specs/scoring.py")) == "classroom"
    assert floor_of(Path("nbjudge/course/folder.py")) == "nbjudge"
    assert floor_of(Path("attic/old.py")) == "attic"
    assert not allowed("nbgrader.api", "classroom")
    assert not allowed("nbjudge.sandbox.process", "classroom")
    assert allowed("attnbook.classroom.specs", "classroom")


def run(code: str) -> str:
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import attnbook", "torch matplotlib anywidget attnbook.core"),
        ("import attnbook.core", "torch matplotlib anywidget"),
        ("import attnbook.data", "torch matplotlib anywidget sklearn scipy"),
        (
            "import attnbook.classroom",
            "torch matplotlib anywidget nbgrader nbformat nbjudge.sandbox nbjudge.grading nbjudge.recording",
        ),
        ("import attnbook.theme", "torch matplotlib anywidget"),
        ("import attnbook.nn", "matplotlib anywidget"),
        ("import attnbook.plots", "torch anywidget"),
        ("import attnbook.widgets", "torch matplotlib attnbook.plots"),
    ],
)
def test_importing_loads_nothing_heavy_by_the_way(statement: str, absent: str) -> None:
    loaded = run(f"{statement}\nimport sys\nprint([name for name in {absent.split()} if name in sys.modules])")
    assert loaded == "[]\n"


WITHOUT_TORCH = """
import sys

class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, NotInstalled())
import numpy as np
from attnbook import core
query, keys, values = np.ones((1, 2)), np.eye(2), np.eye(2)
output, weights = core.attend(core.scaled_dot(query, keys), values, mask=np.array([True, False]))
assert output.tolist() == [[1.0, 0.0]]
assert all(np.isfinite(s.function(query, keys, **{"W": keys} if s.parameters == ("W",) else {})).all()
           for s in core.SCORERS.values() if s.name != "additive")
try:
    core.dot([[1.0]], keys)
except TypeError as error:
    print(error)
"""


def test_core_works_where_torch_is_not_installed() -> None:
    assert run(WITHOUT_TORCH).startswith("query is a list, not an array")


def test_each_module_offers_what_it_names() -> None:
    for path in (SOURCE / "attnbook").rglob("*.py"):
        module = importlib.import_module(".".join(path.relative_to(SOURCE).with_suffix("").parts))
        assert [name for name in getattr(module, "__all__", []) if not hasattr(module, name)] == [], path


def test_no_module_imports_itself_by_way_of_others() -> None:
    modules = {".".join(path.relative_to(SOURCE).with_suffix("").parts): path for path in SOURCE.rglob("*.py")}
    needs: dict[str, set[str]] = {}
    for name, path in modules.items():
        needs[name] = set()
        for node in ast.parse(
            path.read_text(encoding="utf-8")
        ).body:  # what a function imports waits until it is called
            if isinstance(node, ast.ImportFrom):
                named = {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
                needs[name] |= named & modules.keys()
    graphlib.TopologicalSorter(needs).prepare()  # raises CycleError, which names the modules
